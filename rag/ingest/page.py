"""Read a saved or fetched web page: its article's text, and what the page states about it.

Fetches nothing: no style sheet, no entity, no other page. Its furniture is kept apart.
"""

from __future__ import annotations

import codecs
import copy
import logging
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.formats import decode
from rag.ingest.page_blocks import Shown, show
from rag.ingest.page_choice import Choice, choose
from rag.ingest.page_credits import with_credits
from rag.ingest.page_facts import PageFacts, read_facts
from rag.ingest.page_main import Wording, main_text
from rag.ingest.page_verdict import refuse_no_article
from rag.ingest.published import stated
from rag.text import language

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

# A page shows a part of its article where the text in its data is so much longer, and less
# than this share of it is shown.
_LONGER, _FULL = 1.3, 0.7
_HEAD_LINES = 10
_LANGUAGE_CHARS = 4_000
_REMOVED_LINES = 400
_REMOVED_CHARS = 300
_SAMPLE = 4_096  # bytes in which a page shows that it is one, and names its encoding
_MOST_ELEMENTS = 300_000
_ORDINARY = 20_000  # elements; of more, trafilatura's time grows faster than the page
_MOST_ATTRIBUTES = 1_000  # libxml2 compares each with all others: 300,000 take three minutes

_START = re.compile(
    r"(?:\s|<\?xml[^<>]*\?>|<!--(?!.*<!--).*?-->)*<(?P<tag>!doctype\s+html|html|head|body|meta|title|script|link|style|base"
    r"|article|main|section|header|div|p|h[1-6]|table|ul|ol|span|center|font|a|b|br|img)\b[^<]*",
    re.IGNORECASE | re.DOTALL,
)
_CERTAIN = frozenset(
    {"html", "head", "body", "meta", "title", "script", "link", "style", "base", "article", "main"}
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<meta\b[^<>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_XML_CHARSET = re.compile(
    rb"^\s*<\?xml[^<>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE
)
# Encodings of pages, by Python's names; others that Python knows ("idna", "rot13") are none.
_CHARSETS = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|utf-32(?:-[lb]e)?|ascii|iso8859-\d+|cp(?:125\d|874|866|932|936|949|950)|koi8-[ru]|mac-\w+"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|euc_(?:jp|kr|jis_2004)|shift_jis(?:_2004|x0213)?|iso2022_jp|tis-620|hz"
)
_AS_BROWSERS_DO = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
                   "shift_jis": "cp932"}  # fmt: skip
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# One start tag, whatever is quoted in it; what is inside a script or a comment is passed over.
_ATTRIBUTE = (
    rb"[\s/]*+[^\s/>][^\s/>=]*+"
    rb"(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+"
)
_START_TAGS = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?i:script|style|textarea|title)\b.*?(?:</|\Z)|<[A-Za-z][^\s/>]*+"
    rb"(?:%b){0,%d}+(?P<more>%b)?+" % (_ATTRIBUTE, _MOST_ATTRIBUTES, _ATTRIBUTE),
    re.DOTALL,
)


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin as a web page does; looks at the first 4 kB, so it is cheap.

    For files without an ending and for responses without a type. XML that is no page (a
    feed, a drawing) is none, nor is text that mentions tags.
    """
    sample = data[:_SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = sample.decode("utf-16", "replace")
    else:
        text = sample.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    start = _START.match(text)
    if start is None:
        return False
    tag = start["tag"].lower()
    return tag in _CERTAIN or tag.startswith("!") or len(_TAG.findall(text)) >= 4


def read_page(
    data: bytes, *, name: str, url: str | None = None, charset: str | None = None
) -> Document:
    """The article in a page, with what the page states about it and what was left out.

    `url` is where it was fetched from, if it was; `charset` what the server said. Raises
    `BadSource`, in whose message a page that needs JavaScript or a subscription, one of an
    error, one that asks for a human and one that is no article are told apart. Takes
    linear time.
    """
    tree = _parsed(_decoded(data, name=name, charset=charset), name)
    root, extracted = tree.root, ""
    if tree.is_ordinary:
        shown = show(copy.deepcopy(root))  # a copy, since `main_text` uses it up
        extracted = main_text(shown)
    else:
        shown = show(root)
    facts = read_facts(root, data, url=url)
    choice = choose(shown, extracted=extracted, stated=facts.body, titles=facts.titles)
    refuse_no_article(shown, choice, facts, root, name=name, url=url)
    lines = _lines(shown, choice, facts)
    return Document(
        text="\n\n".join(lines), facts=_facts(facts, lines), removed=_removed(shown, lines)
    )


@dataclass(frozen=True, slots=True)
class _Tree:
    root: HtmlElement
    is_ordinary: bool  # neither nested deeper nor larger than pages of articles are


def _decoded(data: bytes, *, name: str, charset: str | None) -> str:
    """The page as text: by its byte order mark, the server's word, its own, or its bytes.

    Bytes that are UTF-8 beyond doubt are read as that whatever is said of them: pages are
    often saved in another encoding than they name.
    """
    if not data.startswith(_BOMS):
        if not data.isascii() and (text := _told(data, "utf-8", damaged=0)) is not None:
            return text.replace("\0", "")
        sample = data[:_SAMPLE]
        named = [found[1].decode("ascii", "replace") for pattern in (_META_CHARSET, _XML_CHARSET)
                 if (found := pattern.search(sample))]  # fmt: skip
        if charset:
            named.insert(0, charset)
        for given in named:
            try:
                encoding = codecs.lookup(given.strip(" \"'")).name
            except LookupError:
                continue  # no encoding that Python knows; the next statement, or the bytes, tell
            encoding = _AS_BROWSERS_DO.get(encoding, encoding)
            if not _CHARSETS.fullmatch(encoding):
                continue
            if encoding.startswith(("utf-16", "utf-32")) and given != charset:
                continue  # a page that could be read so far is in no such encoding
            if (text := _told(data, encoding, damaged=2)) is not None and "<" in text:
                return text.replace("\0", "")
    return decode(data, name=name)


def _told(data: bytes, encoding: str, *, damaged: int) -> str | None:
    """The text, or None where more than `damaged` characters are not of this encoding."""
    try:
        text = data.decode(encoding, "replace" if damaged else "strict")
    except UnicodeDecodeError:
        return None
    return (
        text if text.count("\ufffd") <= damaged + (len(text) // 10_000 if damaged else 0) else None
    )


def _parsed(text: str, name: str) -> _Tree:
    from lxml import etree, html

    data = text.encode("utf-8", "replace")
    if any(tag["more"] for tag in _START_TAGS.finditer(data)):
        raise BadSource(
            f"{name} has an element with more than {_MOST_ATTRIBUTES:,} attributes",
            hint="Save only the article's text in a file.",
        )
    for is_deep in (False, True):
        parser = html.HTMLParser(
            encoding="utf-8",
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            huge_tree=is_deep,  # nested 2,048 deep at most, not 256
        )
        try:
            root = html.document_fromstring(data, parser=parser)
        except etree.ParserError as error:
            raise BadSource(
                f"{name} is not an article: it holds no text",
                hint="Save the article's text in a file.",
            ) from error
        if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            break
    else:
        raise BadSource(
            f"{name} is nested too deep to be read", hint="Save only the article's text in a file."
        )
    elements = sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1))
    if elements > _MOST_ELEMENTS:
        raise BadSource(
            f"{name} has more than {_MOST_ELEMENTS:,} elements",
            hint="Save only the article's text in a file.",
        )
    return _Tree(root, is_ordinary=not is_deep and elements <= _ORDINARY)


def _lines(shown: Shown, choice: Choice | None, facts: PageFacts) -> list[str]:
    """The blocks of the text: those chosen, or what the page's data holds if that is fuller.

    A page that passed the verdicts has the one or the other.
    """
    stated = facts.body.split("\n") if facts.body else []
    if choice is None:
        return list(dict.fromkeys([*facts.titles[:1], *stated]))
    authors = facts.facts.get("author", "").split("; ")
    kept = with_credits(shown, choice, authors=authors)
    text = {n: shown.blocks[n].text for n in kept}
    told = "\n".join(text[n] for n in choice.body)
    if len(" ".join(stated).split()) <= _LONGER * len(told.split()):
        return list(text.values())
    if Wording("\n".join(stated)).share_in(Wording(told)) >= _FULL:
        return list(text.values())
    body, last = set(choice.body), choice.body[-1]
    above = [text[n] for n in kept if n not in body and (n < last or n == choice.headline)]
    below = [text[n] for n in kept if n not in body and n > last]
    title = facts.titles[:1] if choice.headline is None else []
    return list(dict.fromkeys([*title, *above, *stated, *below]))


def _facts(page: PageFacts, lines: list[str]) -> dict[str, str]:
    facts = dict(page.facts)
    # The text may say more exactly when; only where it does not is the address asked.
    dated = any(len(line) <= 120 and stated(line) for line in lines[:_HEAD_LINES])
    if page.address_date and "published" not in facts and not dated:
        facts["published"] = page.address_date
    # Pages are made from templates of another language: lang="en" over Indonesian is common.
    found = language.detect("\n".join(lines)[:_LANGUAGE_CHARS])
    if found and {found, facts.get("language")} == {"en", "id"}:
        del facts["language"]
    return facts


def _removed(shown: Shown, lines: list[str]) -> tuple[str, ...]:
    """What the page shows besides, in its order; each line once."""
    kept = set(lines)
    left = dict.fromkeys(
        block.text[:_REMOVED_CHARS].rstrip() for block in shown.blocks if block.text not in kept
    )
    return tuple(left)[:_REMOVED_LINES]

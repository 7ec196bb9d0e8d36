"""The XML of a feed, element by element: read on where it is broken, harmless where it is hostile.

Loads nothing a feed refers to and expands nothing it declares. Knows not what elements mean.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.entities import html5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_HEAD = 64_000  # bytes in which the first element must begin
_MAX_ELEMENTS = 200_000  # read of one feed; a hundred real items have 1,000 to 10,000

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
# Python has other codecs that are no text, or take quadratic time (punycode).
_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-(?:\d|1[0-6])|(?:windows-|cp)125[0-8]|koi8-[ru]"
    r"|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
_PROLOG = (("<?", "?>"), ("<!--", "-->"), ("<!", ">"))
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,50}:)?(rss|feed|RDF)\b([^<>]*)>")
_ATOM = re.compile(r"www\.w3\.org/2005/Atom|purl\.org/atom/ns#")
_RSS_1 = re.compile(r"purl\.org/rss/1\.0|netscape\.com/rdf/simple")
_SUBSET_END = re.compile(r"\][ \t\r\n]{0,20}>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BARE = re.compile(r"&(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")


def is_feed(data: bytes, content_type: str = "") -> bool:
    """Whether the first element is that of RSS (0.9 to 2.0) or Atom.

    The type a server states decides nothing, but that a bare `<feed>` is Atom's.
    """
    text = _decoded(data[:_HEAD])
    found = _ROOT.match(text, _after_prolog(text))
    if not found:
        return False
    kind, attributes = found.groups()
    if kind == "rss":
        return True
    if kind == "RDF":
        return _RSS_1.search(attributes) is not None
    return "atom" in content_type or _ATOM.search(attributes) is not None


def elements(data: bytes) -> Iterator[etree._Element]:
    """Each element of a feed as it ends, the innermost first.

    Ends early where nothing more can be read, and after 200,000 elements.
    """
    from lxml import etree

    events = etree.iterparse(
        io.BytesIO(_tidied(_decoded(data))),
        events=("end",),
        recover=True,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for number, (_, element) in enumerate(events):
            if number == _MAX_ELEMENTS:
                return
            yield element
    except etree.XMLSyntaxError:
        return  # what could be read has been


def _decoded(data: bytes) -> str:
    """The text, by its byte order mark or the encoding it declares, else as UTF-8."""
    encoding = next((name for start, name in _BOMS if data.startswith(start)), "")
    if not encoding:
        declared = _DECLARED.match(data)
        encoding = declared[1].decode("ascii") if declared else ""
        if not _ENCODINGS.fullmatch(encoding):
            encoding = "utf-8"
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def _after_prolog(text: str) -> int:
    """Where the first element begins, after declarations and comments; the end if none does."""
    at = text.find("<")
    while at >= 0:
        part = next((closing for opening, closing in _PROLOG if text.startswith(opening, at)), None)
        if part is None:
            return at
        end = text.find(part, at)
        if part == ">" and text.find("[", at, end) >= 0:  # with declarations of its own
            closed = _SUBSET_END.search(text, at)
            end = closed.end() if closed else -1
        at = text.find("<", end) if end >= 0 else -1
    return len(text)


def _tidied(text: str) -> bytes:
    """The feed from its first element on, in UTF-8, without what would stop a parser.

    The document type goes, and with it all that a feed could have expanded or loaded. HTML's
    entities become the characters they name; an ampersand that begins none is escaped.
    """
    text = _NOT_XML.sub("", text)
    text = text[_after_prolog(text) :]
    # Also in CDATA, where it is text: what this sees as one need not be one to the parser.
    text = re.sub(r"<!(?=DOCTYPE|ENTITY)", "&lt;!", text, flags=re.IGNORECASE)
    pieces: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end
        pieces += [_referring(text[at:start]), text[start:end]]
        at = end
    pieces.append(_referring(text[at:]))
    return "".join(pieces).encode("utf-8")


def _referring(text: str) -> str:
    """The text with no references but numbers and the five that XML knows."""
    return _NAMED.sub(_meant, _BARE.sub("&amp;", text))


def _meant(reference: re.Match[str]) -> str:
    name = reference[1]
    character = html5.get(f"{name};", "")
    # An unknown name is text with an ampersand; so is "&LT;", which must not become markup.
    return character if character and character not in "<>&\"'" else f"&amp;{name};"

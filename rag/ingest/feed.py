"""Read an RSS or Atom feed: which pages it names, and what it says of each.

Fetches nothing, neither the pages nor what the feed itself refers to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from rag.errors import BadSource
from rag.ingest.address import canonical, parse
from rag.ingest.feed_dates import moment
from rag.ingest.feed_xml import elements, is_feed
from rag.text.plain import one_line

if TYPE_CHECKING:
    from lxml import etree

_MAX_BYTES = 10_000_000
_MAX_ITEMS = 100
_MAX_LOOKED_AT = 1_000  # items, with those that name no page or one that is known
_RAW_CHARS = 10_000  # of markup looked at for one field
_FIELD_CHARS = 500  # of a title or a name
_SUMMARY_CHARS = 2_000
_AUTHORS = 20
_HINT = "Add the address of the site's RSS or Atom feed, or of one article."

# The namespaces that items are read from, by the prefix they are known under here.
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
_PUBLISHED = (
    "pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "created",
)  # fmt: skip
_MODIFIED = ("updated", "modified", "dcterms:modified")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")
_LANGUAGES = {"in": "id", "ind": "id", "may": "ms", "msa": "ms", "eng": "en"}
_MAILBOX = re.compile(r"[^\s@()<>]+@[^\s@()<>]+")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_INLINE = frozenset(
    ["a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
     "strong", "sub", "sup", "u"]
)  # fmt: skip
_HIDDEN = re.compile(r"<(?:(!--)|(script|style)\b)", re.IGNORECASE)

_Parts = dict[str, list["etree._Element"]]  # the children of an item by name


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One page that a feed names, and what the feed says of it; None where it says nothing."""

    url: str  # absolute, http or https
    title: str | None = None
    author: str | None = None  # several are joined by "; "
    published: str | None = None  # ISO 8601, with an offset where one is stated
    modified: str | None = None  # the same
    summary: str | None = None  # plain text on one line
    language: str | None = None  # ISO 639-1
    publisher: str | None = None  # the feed's title, or that of the feed the item is taken from


@dataclass(slots=True)
class _Feed:
    """What has been read so far."""

    items: dict[str, FeedItem] = field(default_factory=dict)  # by the id of their page
    looked_at: int = 0  # items
    title: str | None = None
    language: str | None = None


def looks_like_feed(data: bytes, content_type: str = "") -> bool:
    """Whether the bytes are an RSS (0.9 to 2.0) or Atom feed, told by their first element.

    A page, even in XHTML, a sitemap and other XML are none, whatever type a server states.
    """
    return is_feed(data, content_type)


def read_feed(data: bytes, *, name: str, url: str) -> tuple[FeedItem, ...]:
    """The pages a feed names, in its order: the first 100, each once, each with a web address.

    `url` is where the feed was found; its relative links are relative to that. Raises
    `BadSource`, the message beginning with `name`, for what is no feed or names no page.
    """
    if len(data) > _MAX_BYTES:
        raise BadSource(f"{name} is larger than {_MAX_BYTES / 1e6:g} MB", hint=_HINT)
    if not is_feed(data, "atom"):
        raise BadSource(f"{name} is not an RSS or Atom feed", hint=_HINT)
    feed = _Feed()
    for element in elements(data):
        _take(element, feed, url)
        if len(feed.items) == _MAX_ITEMS or feed.looked_at == _MAX_LOOKED_AT:
            break
    if not feed.items:
        raise BadSource(f"{name} is a feed that names no page", hint=_HINT)
    return tuple(
        replace(
            item,
            publisher=item.publisher or feed.title,
            language=item.language or feed.language,
        )
        for item in feed.items.values()
    )


def _take(element: etree._Element, feed: _Feed, url: str) -> None:
    """Note what an element says, if it is an item or says something of the whole feed."""
    kind = _kind(element)
    if kind in ("item", "entry"):
        feed.looked_at += 1
        if item := _item(element, url):
            feed.items.setdefault(canonical(item.url), item)
        element.clear()  # the items of a long feed are not kept
        return
    parent = element.getparent()
    if parent is None or _kind(parent) not in ("channel", "feed"):
        return
    if kind == "title" and feed.title is None:
        feed.title = _text(element)
    elif kind in ("language", "dc:language"):
        feed.language = feed.language or _language(element.text)
    feed.language = feed.language or _language(parent.get(_LANG))


def _item(element: etree._Element, url: str) -> FeedItem | None:
    """What an item says, or None if it names no web page of its own."""
    parts: _Parts = {}
    for child in element:
        parts.setdefault(_kind(child), []).append(child)
    links = (_absolute(raw, element, url) for raw in _links(element, parts))
    link = next(filter(None, links), None)
    if link is None:
        return None
    languages = (element.get(_LANG), *(e.text for e in _all(parts, "language", "dc:language")))
    return FeedItem(
        url=link,
        title=_first(parts, "title", "dc:title", limit=_FIELD_CHARS),
        author="; ".join(_authors(parts)) or None,
        published=_moment(parts, _PUBLISHED),
        modified=_moment(parts, _MODIFIED),
        summary=_first(parts, "description", "summary", "dc:description", limit=_SUMMARY_CHARS),
        language=next(filter(None, map(_language, languages)), None),
        publisher=_origin(parts),
    )


def _kind(element: etree._Element) -> str:
    """An element's name in lower case, with the prefix of what is not a feed's own."""
    tag = str(element.tag)
    space, brace, local = tag[1:].rpartition("}")
    if not brace:
        return tag.lower()  # of RSS, or with a prefix that the feed forgot to declare
    return _PREFIXES.get(space, "other:") + local.lower()


def _all(parts: _Parts, *kinds: str) -> Iterator[etree._Element]:
    for kind in kinds:
        yield from parts.get(kind, ())


def _links(element: etree._Element, parts: _Parts) -> Iterator[str]:
    """What an item gives as the address of its page, the best first."""
    for original in _all(parts, "feedburner:origlink"):  # the link then counts clicks
        yield original.text or ""
    pages = [
        link
        for link in _all(parts, "link", "atom:link")
        if link.get("rel", "alternate") == "alternate"
    ]
    for link in sorted(pages, key=lambda link: "html" not in (link.get("type") or "html")):
        yield link.get("href") or link.text or ""
    for guid in _all(parts, "guid"):
        if guid.get("isPermaLink", "true").lower() == "true" and "://" in (guid.text or ""):
            yield guid.text or ""
    yield element.get(_ABOUT) or ""


def _absolute(link: str, element: etree._Element, url: str) -> str | None:
    """The link as a whole web address, or None if it is none or leads back to the feed."""
    link = link.strip()
    if not link:
        return None
    try:
        made = parse(urljoin(urljoin(url, element.base or ""), link)).url
        return None if canonical(made) == canonical(url) else made
    except (BadSource, ValueError):  # of urljoin, for brackets that hold no address
        return None


def _authors(parts: _Parts) -> list[str]:
    """The names of those who wrote an item, each once; a mailbox is no name."""
    names: dict[str, None] = {}
    for creator in _all(parts, "dc:creator", "author"):
        stated = [child for child in creator if _kind(child) == "name"] or [creator]
        name = _MAILBOX.sub(" ", _text(stated[0]) or "")
        if name := " ".join(name.replace("<>", "").split()).strip(" ()"):
            names[name] = None
    return list(names)[:_AUTHORS]


def _origin(parts: _Parts) -> str | None:
    """The title of the feed that an item was taken from, where it is taken from another."""
    for source in _all(parts, "source"):
        stated = [child for child in source if _kind(child) == "title"]
        if len(source) == 0 or stated:
            return _text(stated[0] if stated else source)
    return None


def _moment(parts: _Parts, kinds: tuple[str, ...]) -> str | None:
    values = (moment(element.text or "") for element in _all(parts, *kinds))
    return next(filter(None, values), None)


def _language(stated: str | None) -> str | None:
    found = _LANGUAGE.match(stated or "")
    code = found[1].lower() if found else ""
    code = _LANGUAGES.get(code, code)
    return code if len(code) == 2 else None


def _first(parts: _Parts, *kinds: str, limit: int) -> str | None:
    texts = (_text(element, limit=limit) for element in _all(parts, *kinds))
    return next(filter(None, texts), None)


def _text(element: etree._Element, *, limit: int = _FIELD_CHARS) -> str | None:
    """What an element says as plain text on one line, cut at a word; None if nothing."""
    from lxml import etree

    if len(element):  # XHTML, or HTML that nobody escaped
        markup = html.escape(element.text or "", quote=False) + "".join(
            etree.tostring(child, encoding="unicode") for child in element
        )
    else:
        markup = element.text or ""
    markup = markup[:_RAW_CHARS]
    is_text = element.get("type") == "text" or (
        "Atom" in str(element.tag) and element.get("type") is None
    )
    text = one_line(markup if is_text and not len(element) else _plain(markup))
    if len(text) > limit:
        cut = text[: limit - 1]
        whole = cut.rpartition(" ")[0]
        text = (whole if len(whole) > limit - 50 else cut) + "…"
    return text or None


def _plain(markup: str) -> str:
    """HTML without its tags, scripts and comments; blocks are parted by a space."""
    pieces: list[str] = []
    at = 0
    while hidden := _HIDDEN.search(markup, at):
        pieces.append(markup[at : hidden.start()])
        closing = "-->" if hidden[1] else f"</{hidden[2].lower()}"
        end = markup.lower().find(closing, hidden.end())
        at = len(markup) if end < 0 else end + len(closing) * bool(hidden[1])
    pieces.append(markup[at:])
    tagless = _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else " ", "".join(pieces))
    return html.unescape(tagless)

"""What a page states about itself for machines: title, people, outlet, dates, address.

What is not stated is left out; nothing is taken from today's date, a file's or a server's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from rag.ingest.page_data import (
    VALUE_CHARS,
    Node,
    PageData,
    is_article,
    kinds,
    meta_of,
    nodes_of,
    text_of,
    value_of,
)
from rag.ingest.page_dates import url_date
from rag.ingest.page_names import DOMAIN, authors, plain, publisher
from rag.ingest.page_times import PUBLISHED, modified, published
from rag.text.plain import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ADDRESS_CHARS = 2_000
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{4,2000}?)\s*-->")
_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}@]{3,}", re.IGNORECASE)
_TITLE_BREAK = re.compile(r"\s+(?:[-–—|»•·:]|::|\|\|)\s+")
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*")
_LANGUAGE_NAMES = {
    "indonesian": "id", "bahasa indonesia": "id", "indonesia": "id", "english": "en",
    "in-id": "id", "in_id": "id", "in": "id",  # the code of Indonesian before 1989
}  # fmt: skip
_TAGGED = re.compile(r"</?(?:p|br|div|h\d|li)\b", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:/?(?:p|br|div|h\d|li|ul|ol|tr|blockquote)\b)[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page states: the facts a `Document` carries, and what helps to judge the page."""

    facts: dict[str, str]
    titles: tuple[str, ...] = ()  # every headline that is stated, the best one first
    body: str | None = None  # the article's text, where the data holds it; lines are paragraphs
    words: int | None = None  # how many the text is said to have
    is_free: bool | None = None
    is_article: bool = False  # said to be one
    is_listing: bool = False  # said to be a list of others, or search results
    feed: str | None = None  # the address of the feed it declares
    address_date: str | None = None  # what its address states, for want of anything better


def read_facts(root: HtmlElement, data: bytes, *, url: str | None) -> PageFacts:
    """What the page states about itself. `url` is where it was fetched from, if it was."""
    base = _link(url or "") or _saved_from(data)
    stated = _stated(root, base)
    article = stated.article
    address = (
        _address(root, stated.first("og:url"), base)
        or _link(text_of(article.get("url")))
        or _link(text_of(article.get("mainEntityOfPage"), "@id", "url"))
        or base
    )
    outlet = publisher(stated)
    titles = _titles(stated, outlet)
    facts = {
        "title": titles[0] if titles else "",
        "author": "; ".join(authors(stated, outlet=outlet, address=address or "")),
        "publisher": outlet,
        "url": address or "",
        "language": _language(stated),
        "published": published(stated) or "",
        "modified": modified(stated) or "",
    }
    said = {kind for node in stated.nodes for kind in kinds(node)}
    return PageFacts(
        facts={key: value for key, value in facts.items() if value},
        titles=tuple(titles),
        body=_body(article.get("articleBody")),
        words=_number(article.get("wordCount")),
        is_free=_is_free(article, stated.page),
        is_article=bool(article) or bool(stated.first(*PUBLISHED)),
        is_listing=bool(said & {"CollectionPage", "SearchResultsPage"}) and not article,
        feed=_feed(root, base),
        address_date=next(filter(None, (url_date(one) for one in (base, address) if one)), None),
    )


def _stated(root: HtmlElement, base: str | None) -> PageData:
    meta = meta_of(root)
    nodes = nodes_of(root)
    shared = next(iter(meta.get("og:title", ())), "")
    own_url = next(iter(meta.get("og:url", ())), "")
    addresses = (_address(root, own_url, base) or "", base or "")
    return PageData(
        root=root,
        meta=meta,
        nodes=nodes,
        article=_own(nodes, [_heading(root), shared], addresses),
        page=next((node for node in nodes if "WebPage" in kinds(node)), {}),
    )


def _own(nodes: list[Node], titles: list[str], addresses: Iterable[str]) -> Node:
    """The node of this page's article, told from those of others by address or headline."""
    articles = [node for node in nodes if is_article(node)]
    paths = {_path(address) for address in addresses} - {""}
    for node in articles:
        given = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
        if paths & {_path(text_of(value, "@id", "url")) for value in given}:
            return node
    wanted = {title.casefold() for title in titles if title}
    for node in articles:
        if text_of(node.get("headline")).casefold() in wanted:
            return node
    return articles[0] if articles else {}


# Title -------------------------------------------------------------------------------------


def _titles(data: PageData, outlet: str) -> list[str]:
    """The headlines that the page states, the best one first."""
    stated = text_of(data.article.get("headline"))[:VALUE_CHARS]
    stated = stated or text_of(data.article.get("name"))[:VALUE_CHARS]
    shared = data.first("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title")
    heading = _heading(data.root)
    element = next(data.root.iter("title"), None)
    title = value_of(element.text_content()) if element is not None else ""
    sites = {plain(name) for name in (outlet, data.first("og:site_name"))} - {""}
    found = [
        stated,
        _without_site(shared, sites, known=(heading, stated), loose=False),
        heading,
        _without_site(title, sites, known=(heading, stated), loose=True),
    ]
    first = next(filter(None, found), "")
    stem = _CUT.sub("", first)
    if stem != first and heading.startswith(stem):
        found.insert(0, heading)  # the data's was cut to fit
    return list(dict.fromkeys(filter(None, found)))


def _heading(root: HtmlElement) -> str:
    """The first first-level heading that is no site's name: of two words, if linked of three."""
    for heading in islice(root.iter("h1"), 20):
        text = _shown(heading)
        if len(text.split()) > (1 if heading.find(".//a") is None else 2):
            return text
    return ""


def _shown(element: HtmlElement) -> str:
    """What a heading shows on one line; a line break in it is a space."""
    pieces: list[str] = []
    for part in islice(element.iter(), 200):
        if part.tag not in ("script", "style"):
            pieces += [" " if part.tag == "br" else "", part.text or ""]
        if part is not element:
            pieces.append(part.tail or "")
    return one_line("".join(pieces)[: 4 * VALUE_CHARS])[:VALUE_CHARS]


def _without_site(title: str, sites: set[str], *, known: Iterable[str], loose: bool) -> str:
    """A title without the outlet's name at its end or beginning.

    `loose`: a short end after a dash or a bar is taken for one though nothing says so.
    """
    if title in known:
        return title
    while breaks := list(_TITLE_BREAK.finditer(title)):
        last = breaks[-1]
        head, tail = title[: last.start()], title[last.end() :]
        is_site = plain(tail) in sites or DOMAIN.fullmatch(tail)
        is_short = len(tail.split()) <= 4 and len(head.split()) >= 3 and not tail[:1].isdigit()
        if not is_site and not (loose and is_short and ":" not in last[0]):
            break
        title = head
    if front := _TITLE_BREAK.search(title):
        head = title[: front.start()]
        if plain(head) in sites or DOMAIN.fullmatch(head):
            title = title[front.end() :]
    return title


# Address and language ----------------------------------------------------------------------


def _address(root: HtmlElement, shared: str, base: str | None) -> str | None:
    """The address that the page gives as its own; `shared` is the one it gives for sharing."""
    links = root.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    for given in (*links[:1], shared):
        address = _link(_joined(base, given)) if given.strip() else None
        # The canonical address of all pages of a site is sometimes that of its front page.
        if address and (_path(address) or not base or not _path(base)):
            return address
    return None


def _path(address: str) -> str:
    """An address without scheme, query and fragment; "" for one that has no path."""
    address = re.sub(r"[?#].*", "", address.lower()).rstrip("/")
    host, _, path = address.partition("//")[2].removeprefix("www.").partition("/")
    return f"{host}/{path}" if path else ""


def _link(value: str) -> str | None:
    value = value.strip()
    return value if len(value) <= _ADDRESS_CHARS and _LINK.fullmatch(value) else None


def _joined(base: str | None, given: str) -> str:
    try:
        return urljoin(base or "", given.strip())
    except ValueError:  # "http://[": no address
        return ""


def _saved_from(data: bytes) -> str | None:
    """The address that a browser notes in a page it saves."""
    found = _SAVED_FROM.search(data[:4_000])
    return _link(found[1].decode("utf-8", "replace")) if found else None


def _language(data: PageData) -> str:
    """ISO 639-1, "" where none is stated. The root's attribute is asked last: it is often the
    template's."""
    for value in (
        text_of(data.article.get("inLanguage"), "alternateName", "name"),
        data.first("language", "content-language", "dc.language"),
        data.first("og:locale"),
        data.root.get("lang") or "",
    ):
        code = value.strip().casefold()
        if code in _LANGUAGE_NAMES:
            return _LANGUAGE_NAMES[code]
        if match := _LANGUAGE.fullmatch(code):
            return match[1]
    return ""


# What helps to judge the page --------------------------------------------------------------


def _body(value: object) -> str | None:
    """The stated text, one paragraph a line; it may hold tags and entities."""
    if not isinstance(value, str):
        return None
    text = html.unescape(value)
    if _TAGGED.search(text):
        text = _ANY_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    lines = (one_line(line) for line in re.split(r"[\r\n]+", text))
    return "\n".join(line for line in lines if line) or None


def _number(value: object) -> int | None:
    text = text_of(value)
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _is_free(*nodes: Node) -> bool | None:
    for node in nodes:
        if (value := node.get("isAccessibleForFree")) is not None:
            return str(value).strip().casefold().rpartition("/")[2] not in ("false", "no", "0")
    return None


def _feed(root: HtmlElement, base: str | None) -> str | None:
    """The address of the feed of the site's articles that the page declares."""
    for link in root.iter("link"):
        href, title = link.get("href") or "", (link.get("title") or "").lower()
        if (link.get("type") or "").lower() in ("application/rss+xml", "application/atom+xml"):
            if "comment" in href or "comment" in title or "komentar" in title:
                continue
            if href.strip() and (address := _link(_joined(base, href))):
                return address
    return None

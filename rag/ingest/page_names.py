"""Whom a page names as its article's authors, and which outlet as its publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from rag.ingest.page_data import Node, PageData, text_of, texts_of, value_of
from rag.ingest.page_times import is_of_another

DOMAIN = re.compile(r"(?:[\w-]+\.)+(?:com|id|net|org|info|news|tv|my|sg|au|uk)", re.IGNORECASE)
_AUTHOR_NAMES = (
    "author", "article:author", "dc.creator", "dcterms.creator", "sailthru.author",
    "parsely-author", "byl", "byline", "article.author", "content_author",
    "cxenseparse:author", "citation_author",
)  # fmt: skip
_PUBLISHER_NAMES = (
    "og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name",
)  # fmt: skip
_MOST = 20  # authors
_NAME_CHARS = 100
_ADDRESS = re.compile(r"https?://|www\.|/|.*@", re.IGNORECASE)
_BY = re.compile(
    r"\s*(?:(?:by|oleh|penulis|reporter|author|written by|editor)\s*:|(?:by|oleh|written by)\s)\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[A-Z][\w'.-]+(?: [A-Z][\w'.-]*){1,3}(?: \([^()]{1,60}\))?$")
_TAIL = re.compile(r"\s+[-–—|]\s+|\s*\(")
_SPLIT = re.compile(r"\s*;\s*|\s+(?:and|dan|&)\s+|\s*,\s+(?:and\s+|dan\s+)?|\s*\|\s*")
_NOBODY = re.compile(
    r"(?:the )?(?:(?:super ?)?admin(?:istrator|istator)?|(?:tim |dewan )?redaksi(?: web)?"
    r"|editors?|editorial(?: team| staff)?|newsroom|news desk|staff(?: writer)?|web ?master"
    r"|penulis|reporter|author|redaktur|kontributor|contributor|tim|team|unknown|anonim"
    r"|anonymous|none|null|n/?a|user|root|guest)[ _-]?\d*",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:tim|team|redaksi|admin|newsroom|staff|editor)\b[\s:-]*"
    r"|\s*\b(?:redaksi|team|staff|newsroom|admin)$",
    re.IGNORECASE,
)


def publisher(data: PageData) -> str:
    """The outlet's name, "" where none is stated."""
    given = data.article.get("publisher") or data.article.get("sourceOrganization")
    name = text_of(given, "name", "legalName") or _referred(given, data.nodes)
    if not name or _ADDRESS.match(name):
        name = data.first(*_PUBLISHER_NAMES)
    if not name:
        for element in data.root.xpath("//*[@itemprop='publisher']//*[@itemprop='name']")[:1]:
            name = element.get("content") or element.text_content()
    return "" if _ADDRESS.match(name) else value_of(name)[:_NAME_CHARS]


def authors(data: PageData, *, outlet: str, address: str) -> list[str]:
    """The people who wrote the article; neither desks, nor the outlet, nor addresses.

    `outlet` is the publisher's name and `address` the page's; what names one of them is no
    person.
    """
    given = data.article.get("author") or data.article.get("creator")
    listed = given if isinstance(given, list) else [given]
    people = [one for one in listed if not _is_office(one)]
    stated = texts_of(people, "name") or [_referred(one, data.nodes) for one in people]
    offices = texts_of([one for one in listed if _is_office(one)], "name")
    outlets = {plain(outlet), plain(data.first("og:site_name")), *_labels(address)} - {""}
    for source in (stated, _properties(data), data.all(_AUTHOR_NAMES), _lines(data), offices):
        names = [name for value in source for name in _people(value, outlets)]
        if names:
            return list(dict.fromkeys(names))[:_MOST]
    return []


def plain(name: str) -> str:
    """A name for comparing: letters and digits only, without the end of a domain's name.

    >>> plain("Kabar Laut") == plain("KABARLAUT.co.id")
    True
    """
    name = re.sub(r"(?:\.(?:com|co|id|net|org|news|uk|tv))+$", "", name.strip().casefold())
    return re.sub(r"[\W_]+", "", name)


def _properties(data: PageData) -> Iterator[str]:
    for element in data.root.xpath("//*[@itemprop='author']")[:_MOST]:
        if not is_of_another(element):
            named = element.xpath(".//*[@itemprop='name']")
            part = named[0] if named else element
            yield value_of(part.get("content") or part.text_content())


def _lines(data: PageData) -> Iterator[str]:
    """What a line says that the page's markup calls its writer: "Ana Putri (Kabar Laut)"."""
    for element in data.root.xpath("//*[@class='writer' or @class='penulis']")[:1]:
        text = value_of(element.text_content())
        if not is_of_another(element) and _NAMED.match(text):
            yield text


def _referred(value: object, nodes: list[Node]) -> str:
    """The name of the node that a value points to by its id."""
    wanted = text_of(value, "@id")
    for node in nodes:
        if wanted and node.get("@id") == wanted:
            return text_of(node.get("name"))
    return ""


def _is_office(value: object) -> bool:
    """Whether a node says that it is no person: templates name the outlet as the author."""
    return isinstance(value, dict) and "Organization" in f"{value.get('@type')}"


def _people(value: str, outlets: set[str]) -> Iterator[str]:
    """The people whom a value such as "By Ana Putri and Joko - Kabar Laut" names."""
    if label := _BY.match(value):
        value = value[label.end() :]
    head, *tail = _TAIL.split(value, maxsplit=1)
    if tail and (plain(tail[0]) in outlets or DOMAIN.fullmatch(tail[0].strip(" )"))):
        value = head
    parts = [part.strip(" ,") for part in _SPLIT.split(value)]
    # "Ahmad Fauzi, S.H." is one person; so is "Sammy Davis, Jr.".
    if any(part and (" " not in part or part.isupper()) for part in parts):
        parts = [part.strip() for part in value.split(";")]
    for part in parts:
        if _ADDRESS.match(part) or len(part) > _NAME_CHARS or not re.search(r"[^\W\d_]", part):
            continue
        if _NOBODY.fullmatch(part) or DOMAIN.fullmatch(part):
            continue
        if outlets.isdisjoint((plain(part), plain(_OFFICE.sub("", part)))):
            yield part


def _labels(address: str) -> set[str]:
    """The parts of an address's host: "regional.kabarkini.com" is no person named kabarkini."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # "http://[": no address
        return set()
    return {plain(label) for label in host.split(".") if len(label) > 3}

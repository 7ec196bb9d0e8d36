"""When a page says that its article was published, and when it was changed.

A date is taken only where the page says that it is this article's, never that of a related
article or of a comment; publication and change are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.ingest.page_data import PageData, text_of, value_of
from rag.ingest.page_dates import iso_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Names of meta elements in lower case, the plainest statements first.
PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published",
    "og:published_time",
)  # fmt: skip
_PUBLISHED_NAMES = (
    "datepublished", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_date", "published-date", "publication_date", "publicationdate",
    "publication-date", "published_time", "published", "published_at", "date_published",
    "dc.date.issued", "dcterms.issued", "dc.date.published", "dc.date", "dcterms.date",
    "dc.date.created", "dcterms.created", "dc.created", "sailthru.date", "parsely-pub-date",
    "parsely-pubdate", "content_publisheddate", "content_published_date",
    "contentpublisheddate", "article.published", "article_date_original",
    "originalpublicationdate", "citation_publication_date", "citation_date",
    "cxenseparse:publishtime", "cxenseparse:recs:publishtime", "og:pubdate", "bt:pubdate",
    "dateposted", "article-published", "publishtime", "releasedate", "createdate",
    "datecreated", "created",
    "date",  # often the day on which the page was made
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:article:modified_time", "article:modified")
_MODIFIED_NAMES = (
    "og:updated_time", "datemodified", "last-modified", "lastmod", "last_updated",
    "dcterms.modified", "dc.modified", "dc.date.modified", "article.updated", "revised",
    "modified_time", "content_modifieddate", "updated_time",
)  # fmt: skip
_UPDATED = re.compile(
    r"\b(?:updated?|modified|diperbarui|diperbaharui|perubahan|pembaruan|revisi)", re.IGNORECASE
)
_MOST = 50  # elements looked at
_HEAD_CHARS = 1_000  # of text below the headline, in which the article's own date stands
_HEAD_LEVELS = 4  # places around the headline
_CARD_WORDS = 4  # of a link that makes a small place the card of another article


def published(data: PageData) -> str | None:
    """The article's date of publication in ISO 8601, with an offset where one is stated."""
    return _first(_published(data))


def modified(data: PageData) -> str | None:
    """The date of its last change, likewise."""
    return _first(_modified(data))


def _first(values: Iterator[str]) -> str | None:
    return next(filter(None, map(iso_date, values)), None)


def _published(data: PageData) -> Iterator[str]:
    yield text_of(data.article.get("datePublished"))
    yield from data.all(PUBLISHED)
    yield from _properties(data.root, "datePublished")
    yield text_of(data.page.get("datePublished"))
    yield from data.all(_PUBLISHED_NAMES)
    yield text_of(data.article.get("dateCreated"))
    yield from (value for value, is_change in _times(data.root) if not is_change)


def _modified(data: PageData) -> Iterator[str]:
    yield text_of(data.article.get("dateModified"))
    yield from data.all(_MODIFIED)
    yield from _properties(data.root, "dateModified")
    yield text_of(data.page.get("dateModified"))
    yield from data.all(_MODIFIED_NAMES)
    yield from (value for value, is_change in _times(data.root) if is_change)


def _properties(root: HtmlElement, name: str) -> Iterator[str]:
    """The values of a property of the page's article, not of a comment or another article."""
    found = root.xpath(f"//*[contains(concat(' ', @itemprop, ' '), ' {name} ')]")
    for element in found[:_MOST]:
        kind = next((k for a in element.iterancestors() if (k := a.get("itemtype"))), "")
        if "Comment" in kind or "ListItem" in kind or is_of_another(element):
            continue
        yield value_of(element.get("content") or element.get("datetime") or element.text_content())


def _times(root: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The dates in the article's own <time> elements, and whether each is of a change."""
    for element in root.xpath("//time[@pubdate or contains(@itemprop, 'date')]")[:_MOST]:
        if not is_of_another(element):
            yield _time(element)
    heading = next((h for h in root.iter("h1") if h.text_content().strip()), None)
    if heading is None:
        return
    header = heading
    for ancestor, _ in zip(heading.iterancestors(), range(_HEAD_LEVELS), strict=False):
        if ancestor.tag in ("body", "html", "main"):
            break
        header = ancestor
        if ancestor.tag == "article":
            break
    below, chars = False, 0
    for element in header.iter():
        below = below or element is heading
        if element.tag == "time" and not is_of_another(element, within=header):
            yield _time(element)
        if below and element.tag not in ("script", "style"):
            chars += len((element.text or "").strip()) + len((element.tail or "").strip())
        if chars > _HEAD_CHARS:
            return


def _time(element: HtmlElement) -> tuple[str, bool]:
    """What a <time> states, and whether it is labelled as a change: "Diperbarui: ..."."""
    names = f"{element.get('class', '')} {element.get('itemprop', '')}"
    before, parent = element.getprevious(), element.getparent()
    lead = ""
    if before is not None:
        lead = before.tail or ""
        if not lead.strip() and before.tag in ("span", "b", "strong"):
            lead = before.text_content()
    elif parent is not None:
        lead = parent.text or ""
    text = element.text_content()
    is_change = bool(_UPDATED.search(f"{names} {lead.strip()[-30:]} {text.strip()[:30]}"))
    return value_of(element.get("datetime") or text), is_change


def is_of_another(element: HtmlElement, *, within: HtmlElement | None = None) -> bool:
    """Whether an element stands in a box about something else than the page's headline."""
    for level, ancestor in enumerate(element.iterancestors()):
        if ancestor is within or ancestor.tag in ("body", "main"):
            return False
        if ancestor.tag in ("aside", "nav", "footer", "li", "article", "a"):
            return next(ancestor.iter("h1"), None) is None
        if level < 2 and within is not None and _is_card(ancestor):
            return True
    return False


def _is_card(part: HtmlElement) -> bool:
    """Whether a small part of a page holds the linked headline of another article."""
    if next(part.iter("h1"), None) is not None:
        return False
    return any(
        len(link.text_content().split()) >= _CARD_WORDS and link.get("rel") != "author"
        for link, _ in zip(part.iter("a"), range(5), strict=False)
    )

"""What a part of a page is for, told by its tag, its class names and what it states.

Knows neither the text of the part nor its size; `page_blocks` corrects what that gainsays.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from rag.ingest import page_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Powers of two, added up.
NAVIGATION = 1  # menus, footers, side columns, share bars, boxes of other articles
COMMENTS = 2
CAPTION = 4
CREDIT = 8  # who wrote it, and when
STANDFIRST = 16
BODY = 32  # stated to be the article's text
ARTICLE = 64  # <article>, <main> or what is stated to be an article

_UNSEEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# A name of letters, a number after it at most: "ad-2" but not the "ad" of "f98b1ad2".
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?=\d{0,2}(?![A-Za-z0-9]))")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME_CHARS = 300
_CREDIT_PROPERTIES = frozenset(("datePublished", "dateModified", "author"))


def is_unseen(element: HtmlElement, tag: str) -> bool:
    """Whether an element is not shown, as far as it says so itself."""
    attributes = element.attrib
    if not attributes or tag in ("html", "body", "article", "main"):
        return False
    if tag == "dialog" and "open" not in attributes:
        return True
    unseen = "hidden" in attributes and attributes["hidden"].lower() != "until-found"
    if not unseen and (style := attributes.get("style")):
        unseen = bool(_UNSEEN_STYLE.search(style))
    if not unseen and (names := attributes.get("class")):
        unseen = not page_words.UNSEEN_NAMES.isdisjoint(names.lower().split())
    # A page that is hidden until its script runs holds its headline in what is hidden.
    return unseen and next(element.iter("h1", "article"), None) is None


def _names(element: HtmlElement) -> str:
    """An element's class names and id."""
    return f"{element.get('class', '')} {element.get('id', '')}"[:_NAME_CHARS]


@functools.lru_cache(maxsize=4096)
def _marks_of(names: str) -> int:
    """What class names and ids say that a part of a page is for."""
    words = [word.lower() for name in _NAME.findall(names) for word in _NAME_WORD.findall(name)]
    pairs = {f"{a} {b}" for a, b in itertools.pairwise(words)}
    if not page_words.COMMENT_STATES.isdisjoint(pairs):  # "comments-open" names the article
        words = [word for word in words if word not in page_words.COMMENT_NAMES]
    marks = 0
    for mark, known, given in (
        (CAPTION, page_words.CAPTION_NAMES, words),
        (CREDIT, page_words.CREDIT_NAMES, words),
        (STANDFIRST, page_words.STANDFIRST_NAMES, words),
        (COMMENTS, page_words.COMMENT_NAMES, words),
        (NAVIGATION, page_words.NAVIGATION_NAMES, words),
        (NAVIGATION, page_words.NAVIGATION_PAIRS, pairs),
    ):
        if not known.isdisjoint(given):
            marks |= mark
    return marks


def marks_of_place(element: HtmlElement, tag: str) -> int:
    """What an element that holds blocks is for."""
    attributes = element.attrib
    marks = _marks_of(_names(element)) if attributes and tag != "body" else 0
    if tag in ("article", "main", "h1"):  # named after what else a page has: "tag-politik"
        marks &= ~NAVIGATION
    if tag in page_words.NAVIGATION_TAGS:
        marks |= NAVIGATION
    elif tag in ("figcaption", "figure"):
        marks |= CAPTION
    elif tag in ("article", "main"):
        marks |= ARTICLE
    if not attributes:
        return marks
    if attributes.get("role") in page_words.NAVIGATION_ROLES:
        marks |= NAVIGATION
    if "Article" in attributes.get("itemtype", ""):
        marks |= ARTICLE
    if attributes.get("itemprop") == "articleBody" or attributes.get("name") == "articleBody":
        marks |= BODY
    elif attributes.get("itemprop") in _CREDIT_PROPERTIES:
        marks |= CREDIT
    return marks


def marks_of_inline(element: HtmlElement, tag: str) -> int:
    """What an element inside a line says of the line."""
    if tag == "time":
        return CREDIT
    if not element.attrib:
        return 0
    if element.get("itemprop") in _CREDIT_PROPERTIES or element.get("rel") == "author":
        return CREDIT
    return _marks_of(_names(element)) & (CAPTION | CREDIT | STANDFIRST)

"""The main text of a page as trafilatura finds it, and the comparing of texts by their words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

from rag.ingest.page_blocks import Shown
from rag.ingest.page_marks import BODY, COMMENTS, NAVIGATION

logger = logging.getLogger(__name__)

_LIST_CHARS, _LIST_LINKED = 30, 0.6  # of a part that is a list of links, or a card with one
_LIST_TAGS = frozenset(("div", "section", "ul", "ol", "dl", "table"))
_RUN = 4  # words that are compared at a time
_ALIKE = 0.75  # share of its runs that a block has in common with a text that holds it
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in small letters."""
    return _WORD.findall(text.casefold())


class Wording:
    """The runs of words of a text, to tell what of it stands elsewhere."""

    def __init__(self, text: str) -> None:
        self._runs: set[tuple[str, ...]] = set()
        self._lines: set[str] = set()
        for line in text.split("\n"):
            words = words_of(line)
            self._lines.add(" ".join(words))
            self._runs.update(_runs(words))

    def holds(self, text: str) -> bool:
        """Whether the text holds this block, give or take a few words."""
        words = words_of(text)
        if len(words) < _RUN:
            return bool(words) and " ".join(words) in self._lines
        runs = list(_runs(words))
        return sum(run in self._runs for run in runs) >= _ALIKE * len(runs)

    def share_in(self, other: Wording) -> float:
        """Which share of this wording another one holds, 0 to 1."""
        return len(self._runs & other._runs) / len(self._runs) if self._runs else 1.0


def main_text(shown: Shown) -> str:
    """The article's text, one block a line; "" where none is found.

    Takes what is furniture beyond doubt out of the page's elements, which are of no use
    afterwards: trafilatura's time grows with them, on a page of an outlet fourfold.
    """
    if not shown.places:
        return ""
    root = shown.places[0].element.getroottree().getroot()
    _prune(shown)
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction

    # It logs a warning for each page in which it finds nothing; a verdict says that better.
    library = logging.getLogger("trafilatura")
    if not library.handlers:
        library.addHandler(logging.NullHandler())
    try:
        found = bare_extraction(
            root,
            fast=True,  # without asking readability and jusText, whose answers differ by a box
            include_comments=False,
            include_tables=True,
            with_metadata=False,  # its dates may be guesses
        )
    except (LxmlError, RecursionError, ValueError, TypeError, LookupError, AttributeError) as error:
        # The page's own marks and the look of its blocks tell the article without it.
        logger.info("trafilatura failed: %r", error)
        return ""
    return (found.text or "") if found is not None and not isinstance(found, dict) else ""


def _prune(shown: Shown) -> None:
    """Drop menus, comments and lists of links, none of them around the headline."""
    number = 1
    while number < len(shown.places):
        place = shown.places[number]
        aside = place.marks & (NAVIGATION | COMMENTS) or (
            place.tag in _LIST_TAGS
            and place.chars >= _LIST_CHARS
            and place.linked >= _LIST_LINKED * place.chars
        )
        if aside and not place.has_title and not place.marks & BODY:
            place.element.drop_tree()
            number = place.end
        else:
            number += 1


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[k:] for k in range(_RUN)), strict=False)

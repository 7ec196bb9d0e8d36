"""What makes one text a copy of another. Pure judgement: reads no store.

A wire story is printed by many, under other headlines, shortened, lightly edited; two reports of
one event share a quote or a line of the press release. Of real pairs of the first kind, the
shorter print had 0.54 of its three-word runs or more in the longer one, of the second 0.42 or
less (docs/log.md, wire copies).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.text import minhash
from rag.text.minhash import Recipe

SHORTEST = 12  # words; a shorter text is too often like another by chance

_ARTICLE = Recipe(shingle=3, bands=64, rows=2)
_ARTICLE_SHARE = 0.5  # of the runs of the shorter article
_ODD_NUMBERS = 0.3  # of the numbers of the article with fewer, which the other may lack

# Of two passages only one is shown, so they must say the same. Two-word runs forgive a word
# changed here and there, but not a sentence.
_PASSAGE = Recipe(shingle=2, bands=10, rows=3)
_PASSAGE_JACCARD = 0.7
_OVERLAP = 0.5  # of the runs of the shorter passage, between prints of one story
_HELD = 0.7  # of the runs of a passage that gives its place to a fuller one

# An estimate errs; what it puts below this part of what is asked is not compared word for word.
_SLACK = 0.5
# "Rabu (21/8)": the day of the report, which one print has and the next leaves out.
_TODAY = re.compile(r"\(\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What there is to compare of a text."""

    words: int
    digest: bytes  # of the words and numbers: texts that differ in marks alone share it
    shingles: NDArray[np.uint64]  # ascending
    numbers: frozenset[str]


@lru_cache(maxsize=1_000)  # the members of a large group are compared again and again
def read(text: str, *, article: bool) -> Read:
    """What there is to compare of an article's text, or of a passage's."""
    words = minhash.words(text)
    undated = minhash.words(_TODAY.sub(" ", text)) if _TODAY.search(text) else words
    numbers = minhash.numbers(undated)
    return Read(
        words=len(words),
        digest=minhash.digest([*words, "", *sorted(numbers)]),
        shingles=minhash.shingles(words, recipe(article=article).shingle),
        numbers=numbers,
    )


def recipe(*, article: bool) -> Recipe:
    """How articles are sketched, or passages."""
    return _ARTICLE if article else _PASSAGE


def likely(jaccard: float, size: int, size2: int, *, article: bool) -> bool:
    """Whether two texts are worth comparing, by their estimated Jaccard similarity.

    The sizes are the numbers of their shingles.
    """
    if not article:
        return jaccard >= _SLACK * _PASSAGE_JACCARD
    common = jaccard * (size + size2) / (1 + jaccard)
    return common >= _SLACK * _ARTICLE_SHARE * min(size, size2)


def alike(one: Read, other: Read, *, article: bool) -> bool:
    """Whether one of two articles is a print of the other, or two passages say the same."""
    if article:
        # A form filled in anew, such as the day's price of gold, shares its words but not its
        # numbers. One or two may differ, as of a dateline or a first count, not all of several.
        fewer = min(len(one.numbers), len(other.numbers))
        odd = fewer - len(one.numbers & other.numbers)
        return (
            odd <= max(1, min(2, fewer - 1), _ODD_NUMBERS * fewer)
            and minhash.containment(one.shingles, other.shingles) >= _ARTICLE_SHARE
        )
    # Twelve dead are not thirteen: one of them may leave a number out, not say another.
    return (one.numbers <= other.numbers or other.numbers <= one.numbers) and (
        minhash.jaccard(one.shingles, other.shingles) >= _PASSAGE_JACCARD
    )


def retold(passage: Read, shown: Read, story: Read) -> bool:
    """Whether a passage need not stand beside one that is `shown`, from a print of its story.

    The prints of a story are not cut into passages at the same places. What the passage says
    beside what they share is in `story`, the whole of the other print; but a number that is
    not there is news.
    """
    overlap = minhash.containment(passage.shingles, shown.shingles)
    return overlap >= _OVERLAP and passage.numbers <= story.numbers


def holds(passage: Read, shown: Read) -> bool:
    """Whether a passage tells what one that is `shown` does, and may stand in its place.

    A print that was shortened leaves out what comes last; the fuller one says that too.
    """
    return (
        len(passage.shingles) >= len(shown.shingles)
        and minhash.containment(passage.shingles, shown.shingles) >= _HELD
        and shown.numbers <= passage.numbers
    )

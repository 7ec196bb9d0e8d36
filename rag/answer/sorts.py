"""What sort of word a word of a question is: something done, or something there is.

What is done can be told in many words; a thing asked about that nothing mentions is a stronger
sign that the articles are about something else. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, get_args

from rag.answer.question import Unit
from rag.text import glossary, names

Sort = Literal["act", "thing", "quality"]
SORTS: tuple[Sort, ...] = get_args(Sort)

_OF_PART = {"verb": "act", "noun": "thing", "place": "thing", "role": "thing", "unit": "thing"}
# Endings and beginnings of verbs, for the words that the glossary lacks.
_DONE = re.compile(r"(?:.{3,}(?:ed|ing)|(?:me|di|ber|ter)[a-z]{4,}|.{4,}kan)\Z")
_PAST = re.compile(r"(?!hundred|hatred|kindred|sacred|seabed)[a-z]{3,}(?<!e)ed\Z")


def sort_of(unit: Unit) -> Sort | None:
    """The sort of a unit that is words; None for a name, a number or a date."""
    return _sort(unit.words, unit.concepts) if unit.kind == "word" else None


def is_post(unit: Unit) -> bool:
    """Whether a unit is words for somebody's post or part: "the governor", "saksi"."""
    shelf = glossary.load()
    return unit.kind == "word" and any(shelf.concept(c).pos == "role" for c in unit.concepts)


def is_place(unit: Unit) -> bool:
    """Whether a unit names a place, or its people: "Doha", "American"."""
    shelf = glossary.load()
    known = any(shelf.concept(c).pos == "place" for c in unit.concepts)
    return known or any(n.kind == "place" for n in names.find(unit.text))


@lru_cache(maxsize=2_048)
def _sort(words: tuple[str, ...], concepts: frozenset[str]) -> Sort:
    shelf = glossary.load()
    parts = {_OF_PART.get(shelf.concept(c).pos, "quality") for c in concepts}
    # A noun's concept, but what was done: "was fined".
    if len(words) == 1 and parts == {"thing"} and _PAST.match(words[0]):
        return "act"
    for sort in SORTS:
        if sort in parts:
            return sort
    return "act" if _DONE.match(words[-1]) else "thing"

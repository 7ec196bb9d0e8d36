"""Whose something is: "the Prime Minister of Egypt" is not told by "the Prime Minister of Qatar".

A thing of the question belongs to a name that stands right beside it, behind "of", or before it
with "'s"; a sentence that puts another name there tells of another's. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import sort_of
from rag.schema import Span

_OF = re.compile(
    r"\s+(?:(?:of|dari|for|at|milik|di)\s+)?(?:(?:the|kota|negara|provinsi|kabupaten)\s+)?\Z",
    re.IGNORECASE,
)
# A deed told by a noun: "tuntutan Hamas", "Qatar's decision".
_NOUN = re.compile(
    r"(?:(?!me|di|ber|ter)\w{3,}an|\w{3,}(?:tion|sion|ment|al|ance|ence|demands?|claims?|visits?|calls?"
    r"|attacks?|offers?|plans?|trips?|promises?|threats?|votes?))\Z",
    re.IGNORECASE,
)
_BODIES = frozenset({"organisation", "place", None})
_POSSESSIVE = re.compile(r"(?:['’]s?\s+(?:\w+\s+)?|\s+)\Z")


def belongs(question: Question, sentence: Sentence) -> tuple[int, int]:
    """How many things of the question the sentence gives to whom the question does, and how many
    to somebody else only.
    """
    kept = turned = 0
    for thing, owner in _pairs(question):
        # What people say, want and do is theirs; whose brother one is says who one is.
        kinds = _BODIES | {"person"} if sort_of(thing) == "act" else _BODIES
        owners = sentence.places_of(owner)
        beside_asked = beside_other = False
        for place in sentence.places_of(thing):
            if any(_beside(sentence.text, place, each) for each in owners):
                beside_asked = True
            elif any(
                _beside(sentence.text, place, Span(name.start, name.end))
                for name in sentence.names
                if name.kind in kinds and not _overlap(name.start, name.end, owners)
            ):
                beside_other = True
        kept += beside_asked
        turned += beside_other and not beside_asked
    return kept, turned


def _pairs(question: Question) -> Iterator[tuple[Unit, Unit]]:
    """The things of the question with whom each belongs to."""
    text = question.text
    for thing in question.units:
        if thing.kind != "word" or (sort_of(thing) == "act" and not _NOUN.match(thing.text)):
            continue
        at = _where(text, thing)
        if at is None:
            continue
        for owner in question.units:
            if owner.kind != "name":
                continue
            stands = _where(text, owner)
            if stands is not None and _beside(text, at, stands):
                yield thing, owner


def _where(text: str, unit: Unit) -> Span | None:
    at = text.find(unit.text)
    return Span(at, at + len(unit.text)) if at >= 0 else None


def _beside(text: str, thing: Span, owner: Span) -> bool:
    """Whether an owner stands where what belongs to it has one."""
    if owner.start >= thing.end:
        return bool(_OF.match(text[thing.end : owner.start]))
    return owner.end <= thing.start and bool(_POSSESSIVE.match(text[owner.end : thing.start]))


def _overlap(start: int, end: int, places: list[Span]) -> bool:
    return any(place.start < end and start < place.end for place in places)

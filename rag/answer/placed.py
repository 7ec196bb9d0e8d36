"""Where something is, whence it came and whither it went: names behind a word of place. Pure."""

from __future__ import annotations

import re

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.text.names import Name

# Words before a place, by what they say of it; a word of its kind may stand between.
_RELATIONS = {
    **dict.fromkeys(("di", "in", "at", "inside", "within", "across"), "in"),
    **dict.fromkeys(("dari", "from"), "from"),
    **dict.fromkeys(("ke", "to", "into", "menuju"), "to"),
}
_PLACED = re.compile(
    rf"\b({'|'.join(_RELATIONS)})\s+(?:(?:the|kota|jalur|wilayah|provinsi|kabupaten|pulau|ibu kota"
    r"|desa|kawasan|selatan|utara|city of|northern|southern|eastern|western|central)\s+)*"
    r"(?:\w+,\s+)?\Z",
    re.IGNORECASE,
)


def asked_where(question: Question) -> list[tuple[Unit, str]]:
    """The names of the question that a word of place stands before, with that word's sense."""
    found = []
    for unit in question.units:
        at = question.text.find(unit.text)
        relation = _relation(question.text[:at]) if at > 0 else None
        if unit.kind == "name" and relation is not None:
            found.append((unit, relation))
    return found


def _relation(before: str) -> str | None:
    """Whether what follows is where something is, whence it came or whither it went."""
    found = _PLACED.search(before)
    return _RELATIONS[found[1].casefold()] if found else None


def stands_at(sentence: Sentence, unit: Unit, relation: str) -> bool:
    """Whether the sentence has the unit somewhere in the same relation, or in a dateline."""
    return any(
        place.start < sentence.dateline or _relation(sentence.text[: place.start]) == relation
        for place in sentence.places_of(unit)
    )


def named_at(sentence: Sentence, relation: str) -> list[Name]:
    """The names that stand in this relation, behind the dateline: "in Oslo"."""
    return [
        name
        for name in sentence.names
        if name.start >= sentence.dateline and _relation(sentence.text[: name.start]) == relation
    ]

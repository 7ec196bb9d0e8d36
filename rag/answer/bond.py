"""How closely the words that answer stand to what is asked about, in one sentence.

"France is sending a ship, and South Africa has promised 20 doctors" has all the words of "How many
doctors is France sending?", and a number, and does not answer it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.evidence import Sentence
from rag.answer.light import is_light
from rag.answer.question import LANGUAGES, Question, Unit
from rag.answer.sorts import is_place, sort_of
from rag.answer.spans.sought import sought
from rag.schema import Span
from rag.text import glossary
from rag.text.language import word_set
from rag.text.numbers import Number

_CLAUSE = re.compile(
    r"[,;:()]\s|\s[-–—]\s"
    r"|\s(?:and|but|while|whereas|although|after|before|when|dan|tetapi|tapi|sedangkan|sementara"
    r"|meski|meskipun|setelah|sebelum|ketika|saat)\s",
    re.IGNORECASE,
)
# Not "jam berapa" and "di berapa", which count nothing.
_COUNTED = re.compile(
    r"\b(?:how\s+many|(?<!jam )(?<!pukul )(?<!tanggal )(?<!tahun )(?<!hari )(?<!nomor )(?<!usia )"
    r"(?<!umur )berapa(?:kah)?(?:\s+(?:banyak|jumlah))?)\s+",
    re.IGNORECASE,
)
_TIMES = word_set("kali times")
_NUMBERED = 2  # characters from "ninth" to what it numbers
_NEAR = 24  # characters from a number to what it counts
_WHOSE = 32  # the same to the name in what is counted
_BEHIND = 2  # the same where the number stands behind it: "merenggut nyawa 12 orang"
# Where a verb joins them: "jumlah penonton selama tiga hari mencapai 26.000 orang".
_REACHES = re.compile(
    r"[^.;:,]{0,30}\b(?:mencapai|sebanyak|sejumlah|adalah|menjadi|ialah|yakni|yaitu|ke|hingga|from|to"
    r"|at|was|were|is|are|reached|totalled|totaled|stood\s+at|numbered)\s+"
    r"(?:sekitar\s+|about\s+|around\s+|some\s+|more\s+than\s+|lebih\s+dari\s+)?\Z",
    re.IGNORECASE,
)
_ANYBODY = word_set("orang people persons jiwa lives korban victims")
_PEOPLE = 0.3
_BEHIND_IT = re.compile(r"\s+(\S+)")
# "38 lainnya" may be of what was counted before, and people be anybody.
_OTHERS = re.compile(r"\s+(?:lainnya|orang|people|others?|more|di\s+antara|of\s+them)\b", re.I)


@dataclass(frozen=True, slots=True)
class Bond:
    """What holds a candidate answer to the question."""

    clause: float  # the most of the question, by weight, that stands in one clause
    answer: float  # the same of the clauses with something of the kind asked for
    counted: float  # 1: a number of what is counted; 0: that without one; 0.5: nothing of it


def bond(
    question: Question, sentence: Sentence, weights: Mapping[Unit, float], typed: Sequence[Span]
) -> Bond:
    """The bond of a sentence; `typed` are the things in it of the kind asked for."""
    breaks = [m.end() for m in _CLAUSE.finditer(sentence.text)]
    total = sum(weights[u] for u in question.units) or 1.0
    held: dict[int, float] = {}
    for unit in question.units:
        for clause in {sum(b <= place.start for b in breaks) for place in sentence.places_of(unit)}:
            held[clause] = held.get(clause, 0.0) + weights[unit] / total
    answering = {sum(b <= span.start for b in breaks) for span in typed}
    return Bond(
        clause=max(held.values(), default=0.0),
        answer=max((held.get(clause, 0.0) for clause in answering), default=0.0),
        counted=_counts(question, sentence, typed),
    )


def counted(question: Question) -> Unit | None:
    """What a question counts: "visits" of "how many visits"."""
    asked = _COUNTED.search(question.text)
    if asked is None:
        return None
    return next((u for u in question.units if question.text.startswith(u.text, asked.end())), None)


def numbered(question: Question, sentence: Sentence) -> list[Number]:
    """The how-manieth of what a question counts: "his ninth visit" tells of nine."""
    unit = counted(question)
    often = unit is not None and not _TIMES.isdisjoint(unit.words)
    units = [u for u in question.units if sort_of(u) == "act"] if often else [unit] if unit else []
    places = [place for each in units for place in sentence.places_of(each)]
    return [
        n
        for n in sentence.numbers
        if n.kind == "ordinal"
        and any(max(p.start, n.start) - min(p.end, n.end) <= _NUMBERED for p in places)
    ]


def _counts(question: Question, sentence: Sentence, typed: Sequence[Span]) -> float:
    """Whether a number in it tells of what the question counts."""
    unit = counted(question)
    if unit is None:
        return 0.5
    whose = _whose(question, unit)
    if whose is not None and typed and not _close(sentence.places_of(whose), typed):
        return 0.0  # "how many American hostages", where all who were taken are counted
    if unit.kind == "name":
        return 0.5
    if sought(question.text).sort != "number" or all(map(is_light, unit.words)):
        return 0.5  # "how many people", "how many hours", "berapa harga": of anything
    places = sentence.places_of(unit)
    if not places:
        return _of_other_things(unit, sentence)
    if any(
        0 <= place.start - span.end <= _NEAR
        or span.start <= place.start <= span.end
        or 0 <= span.start - place.end <= _BEHIND
        or _REACHES.match(sentence.text[place.end : span.start])
        for place in places
        for span in typed
    ):
        return 1.0
    return 0.5 if any(_OTHERS.match(sentence.text, span.end) for span in typed) else 0.0


def _of_other_things(counted: Unit, sentence: Sentence) -> float:
    """What a sentence counts that has no word of ours for what the question counts.

    0 where we know what every number of it counts: "40 rumah" for "how many schools"; a little
    more for people, who may be anybody.
    """
    numbers = [n for n in sentence.numbers if n.kind == "count"]
    if not counted.concepts or not numbers:
        return 0.5
    known = [_counted_by(sentence.text, n) for n in numbers]
    if not all(known):
        return 0.5
    return 0.0 if all(word not in _ANYBODY for word in known) else _PEOPLE


def _counted_by(text: str, number: Number) -> str | None:
    """The word for what a number counts, if we know it."""
    inside = text[number.start : number.end].split()[1:][-1:]
    behind = _BEHIND_IT.match(text, number.end)
    words = [w for w in inside if not w[0].isdigit()] + ([behind[1]] if behind else [])
    shelf = glossary.load()
    for word in (w.strip('.,;:"”()').casefold() for w in words):
        if word in _ANYBODY or any(shelf.concepts_of(word, code) for code in LANGUAGES):
            return word
    return None


def _whose(question: Question, counted: Unit) -> Unit | None:
    """The name in what is counted: "American hostages", "warga Amerika"."""
    if counted.kind == "name":
        return counted
    end = question.text.find(counted.text) + len(counted.text)
    return next(
        (
            unit
            for unit in question.units
            if is_place(unit)  # "tiket Gema Telaga" are tickets, whoever is named beside them
            and question.text.startswith(unit.text, end + 1)
        ),
        None,
    )


def _close(places: Sequence[Span], typed: Sequence[Span]) -> bool:
    """Whether a name stands beside a number or what that counts."""
    return any(
        max(place.start, span.start) - min(place.end, span.end) <= _WHOSE
        for place in places
        for span in typed
    )

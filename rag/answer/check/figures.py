"""A number of a text with what belongs to it: how it is hedged, what it counts, where, how often.

Compares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.check.rivals import rival_of
from rag.answer.check.wording import Wording
from rag.text import numbers
from rag.text.cues import pattern
from rag.text.language import word_set
from rag.text.numbers import Number

Bound = Literal["over", "under", "about", "exact"]


_OVER = pattern(
    "lebih dari|lebih|di atas|melebihi|more than|over|above|exceeding|exceeded|exceeds",
    "upwards of|greater than",
)


_UNDER = pattern(
    "kurang dari|di bawah|less than|under|below|fewer than|hampir|nearly|almost|close to",
    "mendekati|just under",
)


_ABOUT = pattern(
    "sekitar|kira-kira|kurang lebih|about|around|approximately|roughly|some|circa|lebih kurang"
)


_EXACT = pattern("tepat|persis|exactly|precisely")


_VOID = pattern(
    "tidak kurang dari|no less than|no fewer than|tidak lebih dari|no more than",
    "kurang lebih|lebih kurang|more or less",
)


_FROM = pattern("from|dari|semula|sebelumnya|compared with|dibanding|previously")


_TO = pattern("to|menjadi|ke|hingga|into|mencapai|reach|reached")


_CLASSIFIERS = word_set(
    "orang buah ekor unit people persons person warga jiwa korban kali times others lain",
    "lainnya anggota members victims individuals more lagi",
)


_LEADING = word_set("di in at on of from dari ke to by oleh pada for untuk dengan with")
_NEAR = 7  # tokens


_JOINT = re.compile(r",\s|\b(?:and|dan|while|sedangkan|serta|but|tetapi)\b|;", re.IGNORECASE)


_PERIODS = {
    word: name
    for name, words in {
        "hour": "hour jam",
        "day": "day daily hari harian",
        "week": "week weekly pekan minggu",
        "month": "month monthly bulan bulanan",
        "year": "year annually tahun",
        "litre": "litre liter",
        "kilogram": "kilogram kg kilo",
        "ton": "ton tonne",
        "barrel": "barrel barel",
        "hectare": "hectare hektare hektar",
        "person": "person orang head kepala",
    }.items()
    for word in words.split()
}


_RATE = re.compile(
    rf"(?:\s+\w+){{0,2}}?\s+(?:a|an|per|each|every|setiap|tiap)\s+(?P<period>{'|'.join(_PERIODS)})\b",
    re.IGNORECASE,
)


_IN = re.compile(r"\b(?:in|di|at)\s+(?:the\s+)?\Z", re.IGNORECASE)


_HELD = frozenset({"up", "down"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the words it stands among."""

    wording: Wording
    number: Number
    values: frozenset[float]
    first: int  # token
    last: int

    @property
    def text(self) -> str:
        return self.wording.text[self.number.start : self.number.end]

    @property
    def bound(self) -> Bound:
        """How it is hedged: "more than", "nearly"; "exact" when it says so, else too."""
        before = self.wording.text[max(0, self.number.start - 22) : self.number.start]
        after = self.wording.text[self.number.end : self.number.end + 16]
        before = before.replace("the ", "")
        if _VOID.search(before):
            return "about"
        for bound, cue in (("over", _OVER), ("under", _UNDER), ("about", _ABOUT)):
            found = list(cue.finditer(before))
            if found and len(re.findall(r"\w+", before[found[-1].end() :])) <= 1:
                return bound  # type: ignore[return-value]
        if re.match(r"\s*(?:lebih|or more|an\b)", after) and not re.match(
            r"\s*lebih (?:\w+ )?dari", after
        ):
            return "over"
        return "exact"

    @property
    def precisely(self) -> bool:
        return bool(
            _EXACT.search(self.wording.text[max(0, self.number.start - 14) : self.number.start])
        )

    @property
    def names(self) -> frozenset[str]:
        """What the names that belong to it may be matched by."""
        words = self.wording
        return frozenset(
            key
            for i in owned(words).get(self.first, ())
            if words.roles[i] == "name"
            for key in words.keys[i]
        )

    @property
    def rate(self) -> str | None:
        """The stretch of time that it is told for: "a day", "per hari"."""
        found = _RATE.match(self.wording.text, self.number.end)
        return _PERIODS[found["period"].lower()] if found else None

    @property
    def near(self) -> frozenset[str]:
        """What the words that belong to it may be matched by."""
        words = self.wording
        return frozenset(k for i in owned(words).get(self.first, ()) for k in words.keys[i])

    def counted(self) -> int | None:
        """The token of what it counts: the first word that says something right after it."""
        words = self.wording
        for i in range(self.last + 1, min(self.last + 4, len(words.tokens))):
            if words.parted(self.last, i) or words.roles[i] in ("number", "date"):
                return None
            if words.tokens[i].text in _CLASSIFIERS:
                continue
            if words.tokens[i].text in _LEADING:
                return None
            if words.roles[i] in ("plain", "name"):
                return i
        return None


def figures(words: Wording) -> Iterator[Figure]:
    other = "en" if words.language == "id" else "id"
    doubtful = bool(re.search(r"\d[.,]\d{3}", words.text))
    again = {n.start: n for n in numbers.find(words.text, language=other)} if doubtful else {}
    for number in words.sentence.numbers:
        inside = words.within(number.start, number.end)
        if inside:
            values = {number.value}
            if number.start in again:
                values.add(again[number.start].value)
            yield Figure(words, number, frozenset(values), inside[0], inside[-1])


@lru_cache(maxsize=2048)
def owned(words: Wording) -> dict[int, tuple[int, ...]]:
    """By the first token of each number, the words that belong to it rather than to another.

    A word belongs to the nearest number; an "and" or a comma between them counts as far.
    """
    spans = []
    for number in words.sentence.numbers:
        inside = words.within(number.start, number.end)
        if inside:
            spans.append((inside[0], inside[-1]))
    found: dict[int, list[int]] = {first: [] for first, _ in spans}
    for i, role in enumerate(words.roles):
        if role not in ("plain", "name", "date") and words.tokens[i].text not in _HELD:
            continue
        best: tuple[int, int] | None = None
        for first, last in spans:
            if first <= i <= last:
                continue
            edge = last if i > last else first
            start, end = sorted((words.tokens[i].start, words.tokens[edge].start))
            steps = abs(i - edge) + 4 * len(_JOINT.findall(words.text[start:end]))
            if any(
                abs(f - edge) < abs(i - edge) and (f > edge) == (i > edge) and f != first
                for f, _ in spans
            ):
                steps += 6
            if best is None or steps < best[0]:
                best = steps, first
        if best is not None and best[0] <= _NEAR:
            found[best[1]].append(i)
    return {first: tuple(inside) for first, inside in found.items()}


_MEASURE = re.compile(
    r"[\s-]*(?P<power>square|sq|cubic)?\.?\s*(?P<unit>[a-z²³]+)\.?(?:\s+(?P<after>persegi|kubik))?",
    re.IGNORECASE,
)
_MEASURES = {
    word: name
    for name, words in {
        "km": "km kilometre kilometres kilometer kilometers",
        "m": "m metre metres meter meters",
        "cm": "cm centimetre centimetres centimeter centimeters sentimeter",
        "mm": "mm millimetre millimetres millimeter millimeters milimeter",
        "mile": "mile miles mil mi",
        "foot": "foot feet ft kaki",
        "inch": "inch inches inci",
        "hectare": "ha hectare hectares hektare hektar",
        "acre": "acre acres",
        "kg": "kg kilogram kilograms kilo kilos",
        "g": "gram grams",
        "ton": "ton tons tonne tonnes",
        "pound": "lb lbs",
        "litre": "litre litres liter liters",
        "barrel": "barrel barrels barel",
        "degree": "degree degrees derajat",
        "megawatt": "mw megawatt megawatts",
        "gigawatt": "gw gigawatt gigawatts",
        "km2": "km²",
        "m2": "m²",
    }.items()
    for word in words.split()
}


def measure(one: Figure) -> str | None:
    """The measure that a number is of, whatever its language: "km", "m2"."""
    text = one.wording.text
    unit = one.number.unit
    found = _MEASURE.match(text, one.number.end)
    name = _MEASURES.get(found["unit"].lower()) if found else None
    if name is None:
        return _MEASURES.get((unit or "").lower())
    assert found is not None
    squared = (found["power"] or "").lower() in ("square", "sq")
    if squared or (found["after"] or "").lower() == "persegi":
        return f"{name}2"
    if found["power"] or found["after"]:
        return f"{name}3"
    return name


def placed(one: Figure) -> frozenset[str]:
    words = one.wording
    return frozenset(
        key
        for group in words.groups
        if group[0] in owned(words).get(one.first, ())
        and _IN.search(
            words.text[max(0, words.tokens[group[0]].start - 14) : words.tokens[group[0]].start]
        )
        for i in group
        for key in words.keys[i]
    )


def words_near(other: Figure) -> frozenset[str]:
    """The keys of the words up to eight places around a number of the evidence."""
    words = other.wording
    around = range(max(0, other.first - 8), min(len(words.tokens), other.last + 9))
    return frozenset(k for i in around for k in words.keys[i])


def hedged(other: Figure) -> str:
    start = other.wording.text.rfind(" ", 0, max(0, other.number.start - 12)) + 1
    return f"“{other.wording.text[start : other.number.end]}”"


def direction(one: Figure) -> str | None:
    """ "from" or "to", where a change is told."""
    before = one.wording.text[max(0, one.number.start - 18) : one.number.start].rstrip("$€£ Rp.")
    for name, cue in (("from", _FROM), ("to", _TO)):
        found = list(cue.finditer(before))
        if found and not before[found[-1].end() :].strip():
            if name == "from" and re.search(r"\b(?:lebih|kurang)\s+dari\Z", before):
                return None
            return name
    return None


def families(one: Figure) -> dict[int, tuple[frozenset[str], str]]:
    """By family of rivals, the class of the words that belong to the number, and one of them."""
    words = one.wording
    found: dict[int, tuple[frozenset[str], str]] = {}
    for i in owned(words).get(one.first, ()):
        for family, names in rival_of(words.concepts[i]).items():
            before = found.get(family, (frozenset(), words.written(i)))
            found[family] = (before[0] | names, before[1])
    return found

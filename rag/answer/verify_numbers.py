"""Whether the numbers of a statement are those of its evidence, with their units and of the same things.

"27 killed" is not borne out by "27 wounded", "5 percent" not by "5 people", "more than 27" not
by "27". Converts no units and no currencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.backing import Backing, Problem
from rag.answer.rivals import rival_of
from rag.answer.wording import Wording
from rag.text import glossary, numbers
from rag.text.cues import pattern
from rag.text.numbers import Number

Bound = Literal["over", "under", "about", "exact"]

_OVER = pattern(
    "lebih dari|lebih|di atas|melebihi|more than|over|above|exceeding|exceeded|exceeds|upwards of|greater than"
)
_UNDER = pattern(
    "kurang dari|di bawah|less than|under|below|fewer than|hampir|nearly|almost|close to|mendekati|just under"
)
_FEWER = pattern("kurang dari|di bawah|less than|under|below|fewer than")
_ABOUT = pattern(
    "sekitar|kira-kira|kurang lebih|about|around|approximately|roughly|some|circa|lebih kurang"
)
_EXACT = pattern("tepat|persis|exactly|precisely")
_VOID = pattern(
    "tidak kurang dari|no less than|no fewer than|tidak lebih dari|no more than|kurang lebih|lebih kurang|more or less"
)
_FROM = pattern("from|dari|semula|sebelumnya|compared with|dibanding|previously")
_TO = pattern("to|menjadi|ke|hingga|into|mencapai|reach|reached")
_GENERIC = frozenset(
    "person people citizen victim casualty member individual number_amount times_frequency".split()
)
_CLASSIFIERS = frozenset(
    "orang buah ekor unit people persons person warga jiwa korban kali times others lain lainnya anggota members victims individuals more lagi".split()
)
# Quantities told without a figure, by what they come to at the least.
_VAGUE = {
    "dozens": 24, "puluhan": 24, "tens": 24, "scores": 24,
    "hundreds": 100, "ratusan": 100,
    "thousands": 1000, "ribuan": 1000,
    "millions": 10**6, "jutaan": 10**6,
    "billions": 10**9, "miliaran": 10**9,
}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+")
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
    }.items()
    for word in words.split()
}
_RATE = re.compile(
    rf"(?:\s+\w+){{0,2}}?\s+(?:a|an|per|each|every|setiap|tiap)\s+(?P<period>{'|'.join(_PERIODS)})\b",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|di|at)\s+(?:the\s+)?\Z", re.IGNORECASE)
_HELD = frozenset({"up", "down"})
_ROUNDED = 0.06  # how far a rounded number may be off, of its value


@dataclass(frozen=True, slots=True)
class _Said:
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
            found = [m for m in cue.finditer(before)]
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
            if words.roles[i] in ("plain", "name"):
                return i
        return None


def check_numbers(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What is wrong with the statement's numbers, one problem for each at most."""
    mine = list(_numbers(said))
    theirs = [n for w in backing.wordings for n in _numbers(w)]
    for one in mine:
        problem = _check(one, theirs, backing)
        if problem:
            yield problem
    yield from _labels(said, backing)
    yield from _quantities(said, backing, theirs)


def _numbers(words: Wording) -> Iterator[_Said]:
    other = "en" if words.language == "id" else "id"
    doubtful = bool(re.search(r"\d[.,]\d{3}", words.text))
    again = {n.start: n for n in numbers.find(words.text, language=other)} if doubtful else {}
    for number in words.sentence.numbers:
        inside = words.within(number.start, number.end)
        if inside:
            values = {number.value}
            if number.start in again:
                values.add(again[number.start].value)
            yield _Said(words, number, frozenset(values), inside[0], inside[-1])


def _check(one: _Said, theirs: list[_Said], backing: Backing) -> Problem | None:
    equal = [o for o in theirs if one.values & o.values]
    if not equal:
        if _implied(one, backing):
            return None
        rounded = [o for o in theirs if _rounds(one, o) and _one_unit(one, o)]
        if rounded:
            return None
        return _missing(one, theirs, backing)
    fitting = [o for o in equal if _one_unit(one, o)]
    if not fitting:
        return Problem(
            "conflict",
            f"“{one.text}” is “{equal[0].text}” in the source",
            f"“{one.text}” di sumbernya “{equal[0].text}”",
        )
    problems = [_compared(one, o, theirs, backing) for o in fitting]
    return None if None in problems else problems[0]


def _missing(one: _Said, theirs: list[_Said], backing: Backing) -> Problem:
    rivals = [o for o in theirs if _one_unit(one, o) and one.near & o.near]
    if rivals:
        return Problem(
            "conflict",
            f"the number {one.text} is {rivals[0].text} in the source",
            f"angka {one.text} di sumbernya {rivals[0].text}",
        )
    return Problem(
        "not_found",
        f"the number {one.text} is not in the source",
        f"angka {one.text} tidak ada di sumbernya",
    )


def _one_unit(one: _Said, other: _Said) -> bool:
    """Whether two numbers may be of one kind: percent, money of one currency, years, a count."""
    a, b = one.number, other.number
    if a.unit == b.unit and a.kind == b.kind:
        return True
    if "ordinal" in (a.kind, b.kind):
        return a.kind == b.kind or {a.kind, b.kind} == {"ordinal", "count"}
    if a.unit and b.unit:
        return False
    bare, full = (one, other) if not a.unit else (other, one)
    if full.number.kind in ("percent",):
        after = bare.wording.text[bare.number.end : bare.number.end + 25].lower()
        return (
            bool(re.match(r"\s*(?:%|percent|persen|poin|point|basis)", after))
            or bare.number.kind == "percent"
        )
    if full.number.kind == "money":
        return bare.counted() is None  # "22" beside "22 million euros" is another thing
    if full.number.kind == "duration":
        if re.match(r"\s*(?:ini|lalu|depan|sebelumnya)\b", full.wording.text[full.number.end :]):
            return True  # "35 tahun lalu" may be thirty-five last year
        word = bare.wording.text[bare.number.end : bare.number.end + 12].lower()
        return bool(
            re.match(r"[\s-]*(?:year|month|day|week|hour|minute|tahun|bulan|hari|pekan|jam)", word)
        ) or (bare.counted() is None)
    return True


def _rounds(one: _Said, other: _Said) -> bool:
    """Whether the statement rounds the evidence's number, and says so."""
    value, true = one.number.value, other.number.value
    if not true or abs(value - true) > _ROUNDED * abs(true):
        return False
    if len(format(value, "g").rstrip("0")) >= len(format(true, "g").rstrip("0")):
        return False  # no rounder than the evidence's
    if one.bound == "about":
        return True
    if one.bound == "over":
        return value < true
    return one.bound == "under" and value > true and not _fewer(one)


def _fewer(one: _Said) -> bool:
    return bool(_FEWER.search(one.wording.text[max(0, one.number.start - 22) : one.number.start]))


def _implied(one: _Said, backing: Backing) -> bool:
    """Whether a small number in words is told otherwise: "one", "the two leaders", "first"."""
    value, number = one.number.value, one.number
    written = one.text.casefold()
    if written[0].isdigit() or number.kind not in ("count", "ordinal", "duration"):
        return False
    text = " ".join(w.text for w in backing.wordings)
    if value == 2 and "=double" in backing.keys:
        return True  # "dua kali lipat"
    if value == 1 and number.kind != "ordinal":
        return True
    if value == 2 and re.search(
        r"\b(?:kedua\w*|dua|both|pair|duo|two|second|bilateral)\b", text, re.IGNORECASE
    ):
        return True
    if value == 2 and re.search(
        r"(?:\bthe|\bkedua)\s*\Z", one.wording.text[max(0, number.start - 5) : number.start]
    ):
        return True
    return False


def _compared(one: _Said, other: _Said, theirs: list[_Said], backing: Backing) -> Problem | None:
    """What is wrong though the evidence has the number: how it is hedged, what it counts."""
    hedge, their_hedge = one.bound, other.bound
    if (
        {hedge, their_hedge} == {"over", "under"}
        or (hedge in ("over", "under") and their_hedge == "exact")
        or (one.precisely and their_hedge != "exact")
    ):
        return Problem(
            "conflict",
            f"the source does not say it so of {one.text}: {_hedged(other)}",
            f"sumbernya tidak menyebut {one.text} begitu: {_hedged(other)}",
        )
    rival = _rival_near(one, other)
    if rival:
        return Problem(
            "conflict",
            f"{one.text} is said of “{rival}” in the source",
            f"{one.text} di sumbernya tentang “{rival}”",
        )
    mine, there = _direction(one), _direction(other)
    if mine and there and mine != there:
        return _other_thing(one)
    rate, their_rate = one.rate, other.rate
    if rate and their_rate and rate != their_rate:
        return Problem(
            "conflict",
            f"{one.text} is per {their_rate} in the source, not per {rate}",
            f"{one.text} di sumbernya untuk satuan waktu lain",
        )
    near, near_there = one.near, other.near
    for another in theirs:
        if another.values & one.values or not _one_unit(one, another):
            continue
        # What belongs to it here belongs to another number there, and nothing the other way.
        if (near - near_there) & another.near and not (near & near_there) - another.near:
            return _other_thing(one)
    if _elsewhere(one, other):
        return _other_thing(one)
    if one.wording.language == other.wording.language:
        a, b = one.counted(), other.counted()
        if a is not None and b is not None and not _same_thing(one, a, other, b, backing):
            return _other_thing(one)
    return None


def _same_thing(one: _Said, a: int, other: _Said, b: int, backing: Backing) -> bool:
    """Whether two numbers of one language may count the same thing, by the words after them."""
    mine, there = one.wording.keys[a], other.wording.keys[b]
    for words, i in ((one.wording, a), (other.wording, b)):
        if words.concepts[i] and not any(_noun(c) for c in words.concepts[i]):
            return True  # what they do or are, not what they are
    return bool(
        mine & backing_near(other)
        or there & one.wording.all_keys
        or mine & backing.keys
        or one.wording.concepts[a] & _GENERIC
        or backing.alike(one.wording.tokens[a].text)
    )


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


def _noun(concept: str) -> bool:
    try:
        return glossary.load().concept(concept).pos in ("noun", "role")
    except KeyError:  # one of our own
        return False


def _elsewhere(one: _Said, other: _Said) -> bool:
    """Whether both say in what place, and it is another."""
    mine, there = (_placed(n) for n in (one, other))
    return bool(mine and there and not mine & there and not mine & backing_near(other))


def _placed(one: _Said) -> frozenset[str]:
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


def backing_near(other: _Said) -> frozenset[str]:
    """The keys of the words up to eight places around a number of the evidence."""
    words = other.wording
    around = range(max(0, other.first - 8), min(len(words.tokens), other.last + 9))
    return frozenset(k for i in around for k in words.keys[i])


def _hedged(other: _Said) -> str:
    start = other.wording.text.rfind(" ", 0, max(0, other.number.start - 12)) + 1
    return f"“{other.wording.text[start : other.number.end]}”"


def _other_thing(one: _Said) -> Problem:
    return Problem(
        "conflict",
        f"{one.text} is the number of something else in the source",
        f"{one.text} di sumbernya angka untuk hal lain",
    )


def _direction(one: _Said) -> str | None:
    """ "from" or "to", where a change is told."""
    before = one.wording.text[max(0, one.number.start - 18) : one.number.start].rstrip("$€£ Rp.")
    for name, cue in (("from", _FROM), ("to", _TO)):
        found = list(cue.finditer(before))
        if found and not before[found[-1].end() :].strip():
            if name == "from" and re.search(r"\b(?:lebih|kurang)\s+dari\Z", before):
                return None
            return name
    return None


def _rival_near(one: _Said, other: _Said) -> str | None:
    """The evidence's word for what it counts where it excludes the statement's: "wounded"."""
    theirs = _families(other)
    for family, (names, _) in _families(one).items():
        if family in theirs and not names & theirs[family][0]:
            return theirs[family][1]
    return None


def _families(one: _Said) -> dict[int, tuple[frozenset[str], str]]:
    """By family of rivals, the class of the words that belong to the number, and one of them."""
    words = one.wording
    found: dict[int, tuple[frozenset[str], str]] = {}
    for i in owned(words).get(one.first, ()):
        for family, names in rival_of(words.concepts[i]).items():
            before = found.get(family, (frozenset(), words.written(i)))
            found[family] = (before[0] | names, before[1])
    return found


def _labels(said: Wording, backing: Backing) -> Iterator[Problem]:
    """Figures that only name a thing ("U-17", "KM 72"): the evidence must have them so."""
    taken = [(n.start, n.end) for n in said.sentence.numbers]
    taken += [(d.start, d.end) for d in said.sentence.dates]
    there = {f for w in backing.wordings for f in _DIGITS.findall(w.text)}
    for match in _DIGITS.finditer(said.text):
        if match.group() not in there and not any(s <= match.start() < e for s, e in taken):
            yield Problem(
                "not_found",
                f"“{match.group()}” is not in the source",
                f"“{match.group()}” tidak ada di sumbernya",
            )


def _quantities(said: Wording, backing: Backing, theirs: list[_Said]) -> Iterator[Problem]:
    """Quantities without a figure: "ratusan", "dozens"."""
    there = {_VAGUE[t.text] for w in backing.wordings for t in w.tokens if t.text in _VAGUE}
    for i, token in enumerate(said.tokens):
        least = _VAGUE.get(token.text)
        if least is None or least in there or said.roles[i] == "name":
            continue
        top = 1000 if least == 100 else 100 if least == 24 else least * 1000
        if any(least * 0.8 <= o.number.value < top for o in theirs):
            continue
        kind: Literal["conflict", "not_found"] = "conflict" if there else "not_found"
        yield Problem(
            kind,
            f"“{said.written(i)}” is not in the source",
            f"“{said.written(i)}” tidak ada di sumbernya",
        )

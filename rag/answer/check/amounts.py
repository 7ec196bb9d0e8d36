"""Whether amounts told without a figure are those of the evidence: "a third", "twice", "dozens".

A fraction may be a percentage there and the other way round; a word such as "hundreds" may
be a figure of that size that counts the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.answer.check.backing import Backing, Problem
from rag.answer.check.figures import Figure
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording
from rag.text.language import word_set

SMALL = {
    word: value
    for value, words in enumerate(
        (
            "",
            "one a an satu se",
            "two dua",
            "three tiga",
            "four empat",
            "five lima",
            "six enam",
            "seven tujuh",
            "eight delapan",
            "nine sembilan",
            "ten sepuluh",
        )
    )
    for word in words.split()
}
_PARTS = {
    **dict.fromkeys(("half", "halves", "paruh", "setengah", "separuh"), 2),
    **dict.fromkeys(("third", "thirds", "pertiga"), 3),
    **dict.fromkeys(("quarter", "quarters", "fourths", "perempat"), 4),
    **dict.fromkeys(("fifth", "fifths", "perlima"), 5),
    **dict.fromkeys(("sixth", "sixths", "perenam"), 6),
    **dict.fromkeys(("eighth", "eighths", "perdelapan"), 8),
    **dict.fromkeys(("tenth", "tenths", "persepuluh"), 10),
}
_TIMES = {
    **dict.fromkeys(["twice", "double", "doubled", "doubles", "doubling", "twofold", "ganda"], 2),
    **dict.fromkeys(["thrice", "triple", "tripled", "triples", "tripling", "threefold"], 3),
    **dict.fromkeys(["quadruple", "quadrupled", "quadrupling", "fourfold"], 4),
    **dict.fromkeys(["fivefold", "quintupled"], 5),
    "tenfold": 10,
}
_COUNT = "|".join(sorted(SMALL, key=len, reverse=True))
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<of>{_COUNT})[\s-]?)(?P<part>{'|'.join(_PARTS)})(?![\w-])"
    r"(?!\s+(?:final|time|day|month|year|week|and|of\s+\d{4}))"
    r"|(?<![\w-])(?P<half>half|halves|halved|halving|setengah|separuh)(?![\w-])"
    r"(?!\s*(?:-?time|brother|sister|final|past|hati))",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_TIMES)})(?![\w-])"
    rf"|(?<![\w-])(?P<count>\d+|{_COUNT})\s+(?P<kali>kali|times)(?![\w-])",
    re.IGNORECASE,
)
_DOZEN = re.compile(r"(?<![\w-])(?:a dozen|selusin|dozen)(?![\w-])", re.IGNORECASE)

# Quantities told without a figure, by what they come to at the least.
_VAGUE = {
    "dozens": 24, "puluhan": 24, "tens": 24, "scores": 24,
    "hundreds": 100, "ratusan": 100,
    "thousands": 1000, "ribuan": 1000,
    "millions": 10**6, "jutaan": 10**6,
    "billions": 10**9, "miliaran": 10**9,
}  # fmt: skip
_ANYBODY = word_set("people orang others lain lainnya persons warga jiwa korban victims")
_BEINGS = word_set(
    "person people citizen victim casualty population resident individual passenger worker",
    "child baby woman man student pupil soldier",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A fraction or a multiple of a text."""

    start: int
    end: int
    value: float
    kind: Literal["part", "times"]


def amounts(words: Wording) -> Iterator[Amount]:
    """The fractions, multiples and dozens that a sentence tells without a figure."""
    text = words.text
    for m in _FRACTION.finditer(text):
        value = 0.5 if m["half"] else SMALL[m["of"].casefold()] / _PARTS[m["part"].casefold()]
        yield Amount(m.start(), m.end(), value, "part")
    for m in _MULTIPLE.finditer(text):
        said = m["word"] or m["count"]
        known = _TIMES if m["word"] else SMALL
        found = known.get(said.casefold())
        yield Amount(m.start(), m.end(), float(said) if found is None else found, "times")


def check_amounts(said: Wording, backing: Backing, theirs: list[Figure]) -> Iterator[Problem]:
    """What is wrong with the statement's amounts, one problem for each."""
    there = [a for w in backing.wordings for a in amounts(w)]
    for one in amounts(said):
        if not any(_alike(one, other) for other in there) and not _figured(one, said, theirs):
            yield _absent(said.text[one.start : one.end], conflict=bool(there))
    for m in _DOZEN.finditer(said.text):
        if any(o.number.value in (12, 13) for o in theirs):
            continue
        if not any(_DOZEN.search(w.text) for w in backing.wordings):
            yield _absent(m.group(), conflict=False)
    yield from _vague(said, backing, theirs)
    for mine, other in ((_MORE, _LESS), (_LESS, _MORE)):
        found = mine.search(said.text)
        if (
            found
            and not other.search(said.text)
            and any(other.search(w.text) for w in backing.wordings)
            and not any(mine.search(w.text) for w in backing.wordings)
            and not re.match(r"\s*[\d$€£]", said.text[found.end() :])
        ):
            yield _absent(found.group(), conflict=True)


_MORE = re.compile(r"\b(?:more than|lebih dari|over|above|di atas|exceed\w*|melebihi)\b", re.I)
_LESS = re.compile(r"\b(?:less than|fewer than|kurang dari|under|below|di bawah)\b", re.I)


def _alike(one: Amount, other: Amount) -> bool:
    return one.kind == other.kind and abs(one.value - other.value) < 0.001


def _figured(one: Amount, said: Wording, theirs: list[Figure]) -> bool:
    """Whether a figure of the evidence comes to it: "50 percent", "30 minutes", "100 percent"."""
    if one.kind == "times":
        if one.value == 1:
            return True
        return any(
            (o.number.kind == "percent" and o.number.value == (one.value - 1) * 100)
            or (o.number.value == one.value and o.number.kind == "count" and _repeats(o))
            for o in theirs
        )
    for o in theirs:
        value, unit = o.number.value, o.number.unit
        if o.number.kind == "percent" and abs(value - one.value * 100) < 0.7:
            return True
        ahead = said.text[max(0, one.start - 14) : one.start]
        if value % 1 and abs(value % 1 - one.value) < 0.001 and _WHOLE.search(ahead):
            return True  # "2.5 million": two and a half million
        if unit in ("minute", "second") and value == 60 * one.value:
            return True
        if unit == "month" and value == 12 * one.value:
            return True
        behind = said.text[one.end : one.end + 14].casefold()
        if value == one.value * 10**6 and ("million" in behind or "juta" in behind):
            return True
    return False


# What a fraction is added to: "two and a half", "dua setengah".
_WHOLE = re.compile(rf"(?:\band(?:\s+an?)?|\bdan|\d|\b(?:{_COUNT}))\s*\Z", re.IGNORECASE)


def _repeats(other: Figure) -> bool:
    return bool(re.match(r"\s*(?:kali|times)\b", other.wording.text[other.number.end :]))


def _absent(written: str, *, conflict: bool) -> Problem:
    return Problem(
        "conflict" if conflict else "not_found",
        f"“{written}” is not in the source",
        f"“{written}” tidak ada di sumbernya",
    )


def _vague(said: Wording, backing: Backing, theirs: list[Figure]) -> Iterator[Problem]:
    """Quantities such as "ratusan": the evidence must have them, or a figure for the same."""
    there = {_VAGUE[t.text] for w in backing.wordings for t in w.tokens if t.text in _VAGUE}
    for i, token in enumerate(said.tokens):
        least = _VAGUE.get(token.text)
        if least is None or least in there or said.roles[i] == "name":
            continue
        top = 1000 if least == 100 else 100 if least == 24 else least * 1000
        if not any(least * 0.8 <= o.number.value < top and _same(said, i, o) for o in theirs):
            yield _absent(said.written(i), conflict=bool(there))


def _same(said: Wording, i: int, other: Figure) -> bool:
    """Whether a figure that the statement does not give itself counts what a word does."""
    if other.number.kind not in ("count", "money"):
        return False
    if any(n.value == other.number.value for n in said.sentence.numbers):
        return False
    counted = other.counted()
    words = other.wording
    there = words.keys[counted] if counted is not None else frozenset()
    for j in range(i + 1, min(i + 5, len(said.tokens))):
        if said.parted(i, j):
            break
        if said.tokens[j].text in _ANYBODY:
            return _beings(other)
        if said.roles[j] == "plain" and (said.keys[j] & (there or other.near)):
            return True
    return False


def _beings(other: Figure) -> bool:
    """Whether a figure of the evidence counts people, by the word behind it."""
    words = other.wording
    behind = other.last + 1
    if behind < len(words.tokens) and words.tokens[behind].text in _ANYBODY:
        return True
    counted = other.counted()
    concepts = words.concepts[counted] if counted is not None else frozenset()
    return bool(concepts & _BEINGS or any(part_of_speech(c) == "role" for c in concepts))

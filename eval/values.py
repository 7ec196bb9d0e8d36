"""Other values for a date or a number of an article, such as the article could have had.

What stands beside a value bears on it: "31 people, 12 of them infants" cannot be any 31, and of
"15 and 16 August" no day moves alone. Where another value would not fit, there is none. Pure.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Literal

from rag.text import dates, names, numbers, sentences

MOST = 200  # values offered for one
FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_YEARS = (-9, 1)  # how far a year may move: what was reported had happened, or nearly so
_CLOCK = re.compile(r"0\d[.:][0-5]\d|(?:[01]?\d|2[0-3]):[0-5]\d")
_OPENING = 24  # characters: "Of them, 12 ..."
_FEW = 12  # people of whom a sentence may name each
# Of one length each: the value of a number word is the one it is listed with. "One" is not among
# them, as what it counts is not in the plural.
_NUMBER_WORDS: tuple[dict[str, int], ...] = (
    {"two": 2, "six": 6, "ten": 10},
    {"four": 4, "five": 5, "nine": 9},
    {"three": 3, "seven": 7, "eight": 8},
    {"eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "eighty": 80, "ninety": 90},
    {"forty": 40, "fifty": 50, "sixty": 60},
    {"fifteen": 15, "sixteen": 16},
    {"thirteen": 13, "fourteen": 14, "eighteen": 18, "nineteen": 19},
    {"tiga": 3, "lima": 5, "enam": 6},
    {"empat": 4, "tujuh": 7},
    {"delapan": 8, "sepuluh": 10},
)
# What ties a count to another, or to those it counts.
_PARTS = re.compile(
    r"\b(?:(?:of|among|between) (?:them|whom|which|these|those|the (?:\d+|dead|injured|victims))"
    r"|including|in total|altogether|combined|respectively|the rest|remaining|both|out of"
    r"|half of|a third|a quarter|most of"
    r"|di ?antara(?:nya)?|termasuk|secara keseluruhan|seluruhnya|totalnya|masing-masing|sisanya"
    r"|selebihnya|separuh|setengah|ke(?:dua|tiga|empat|lima)nya|dari (?:jumlah|total|mereka))\b",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"\d\s?(?:[-–—/:x]|to|and|or|hingga|sampai|dan|atau|dari|of)\s?\Z|\b(?:between|antara)\s\Z",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile(
    r"\s?(?:[-–—/:x]|to|and|or|hingga|sampai|dan|atau|dari|of)\s?(?:the )?\d", re.IGNORECASE
)
_LIST = re.compile(
    r"\s?(?:[-–—,&]|,?\s(?:and|or|to|until|through|dan|atau|serta|hingga|sampai(?: dengan)?|s/d))?"
    r"\s?(?:[^\W\d_]+,?\s)?",
    re.IGNORECASE,
)
_CURRENCIES = ("rp", "idr", "usd", "us", "rm", "sgd", "eur", "aud")

Swap = tuple[str, str]  # what stands there, what is to stand there; of one length


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What kind of value something is, and others that could stand in its place; perhaps none."""

    kind: Literal["date", "number"]
    swaps: Sequence[Swap]


def whole(words: str) -> re.Pattern[str]:
    """These words where they are no part of longer ones, nor a figure of a longer number.

    A figure may follow its currency: "4,2" stands in "Rp4,2 miliar".
    """
    body = r"\s".join(map(re.escape, words.split()))
    before = r"(?<!\w)"
    if words[:1].isdigit():
        money = "|".join(rf"(?<=(?i:\b{each}))" for each in _CURRENCIES)
        before = rf"(?:{before}|{money})"
    return re.compile(rf"{before}(?<!\d[.,]){body}(?!\w)(?![.,]\d)")


def others(
    old: str, quote: str, at: int, around: Sequence[str], rng: random.Random
) -> Others | None:
    """Other values for `old`, which stands in `quote` at an offset; None when it is no value.

    `around` are all the texts in which it would be exchanged.
    """
    end = at + len(old)
    own = dates.find(old)
    beside = [m for m in dates.find(quote) if m.start < end and at < m.end]
    figures = FIGURE.findall(old)
    if any(m.hour is not None for m in (*own, *beside)) or any(map(_CLOCK.fullmatch, figures)):
        return Others(kind="date", swaps=())  # few other figures are a time of the day
    if any(m.day is not None for m in own):
        return Others(kind="date", swaps=_days(old, own, quote, at, rng))
    if figures:
        return Others(kind="number", swaps=_figures(old, figures, quote, at, around, rng))
    counted = [w for w in _WORD.findall(old) if any(w.casefold() in each for each in _NUMBER_WORDS)]
    if len(counted) == 1:
        return Others(kind="number", swaps=_words(old, counted[0], quote, at, around, rng))
    return Others(kind="number", swaps=()) if own or numbers.find(old) else None


# Days ---------------------------------------------------------------------------------------


def _days(
    old: str, own: Sequence[dates.DateMention], quote: str, at: int, rng: random.Random
) -> list[Swap]:
    """The same date on another day, weeks away, so that a weekday beside it stays right.

    All the days of a list or a range move together; none does where `old` has not all of them.
    """
    stated = [m for m in own if m.day is not None]
    end = at + len(old)
    listed = [m for m in dates.find(quote) if m.day is not None]
    tied = [m for m in listed if m.start < end and at < m.end]
    if len(tied) != len(stated) or _tied(quote, listed, tied):
        return []
    days = [m.day or 0 for m in stated]
    places = [re.compile(rf"(?<!\d)0?{m.day}(?!\d)").search(old, m.start, m.end) for m in stated]
    if None in places or len({m.month for m in stated}) > 1:
        return []
    spans = [place.span() for place in places if place is not None]
    moves = [7 * weeks for weeks in (-3, -2, -1, 1, 2, 3)]
    found: list[Swap] = []
    beside = [m for m in listed if m not in tied and m.month == stated[0].month]
    for move in rng.sample(moves, len(moves)):
        new = old
        for day, (start, stop) in zip(days[::-1], spans[::-1], strict=True):
            padded = stop - start if old[start] == "0" else 0
            new = new[:start] + f"{day + move:0{padded}}" + new[stop:]
        in_month = all(1 <= day + move <= 28 for day in days)
        # What was reported on Thursday had not happened the week after.
        in_order = all(
            _order(day, m.day or 0) == _order(day + move, m.day or 0)
            for m in beside
            for day in days
        )
        if in_month and in_order and len(new) == len(old):
            found.append((old, new))
    return found


def _order(one: int, other: int) -> int:
    return (one > other) - (one < other)


def _tied(
    quote: str, listed: Sequence[dates.DateMention], tied: Sequence[dates.DateMention]
) -> bool:
    """Whether a day that does not move is in one list or range with those that would."""
    for one, other in pairwise(listed):
        gap = quote[one.end : other.start]
        if (one in tied) != (other in tied) and _LIST.fullmatch(gap):
            return True
    return False


# Numbers ------------------------------------------------------------------------------------


def _figures(
    old: str,
    figures: Sequence[str],
    quote: str,
    at: int,
    around: Sequence[str],
    rng: random.Random,
) -> list[Swap]:
    """Other figures, written alike, of half to twice as much; a year is near."""
    if len(figures) > 1 or not whole(figures[0]).search(old):
        return []
    figure, start = figures[0], at + old.index(figures[0])
    end = start + len(figure)
    beside = [m for m in dates.find(quote) if m.start < end and start < m.end]
    if beside:
        return _years(figure, quote, beside, rng)
    number = _alone(quote, start, end)
    if number is None or _bound(figure, quote, start, end, around):
        return []
    if any(_in_date(figure, text) for text in around):
        return []  # "31 people" and "31 August": both would move
    digits = re.sub(r"\D", "", figure)
    value, most = int(digits), 10 ** len(digits) - 1
    if not value or number.value <= 1:
        return []
    if number.kind == "percent":
        most = min(most, int(100 * value / number.value))
    least = max(-(-value // 2), 10 ** (len(digits) - 1) if digits[0] != "0" else 1)
    range_ = range(least, min(2 * value, most) + 1)
    drawn = rng.sample(range_, min(MOST, len(range_)))
    kept = [each for each in drawn if each != value and number.value * each / value > 1]
    return [(figure, _written(each, figure)) for each in kept]


def _written(value: int, like: str) -> str:
    """The digits of a value between the marks of another figure: 1873 like "1.208" is "1.873"."""
    digits = iter(f"{value:0{sum(mark.isdigit() for mark in like)}}")
    return "".join(next(digits) if mark.isdigit() else mark for mark in like)


def _years(
    figure: str, quote: str, beside: Sequence[dates.DateMention], rng: random.Random
) -> list[Swap]:
    """Years near this one; none beside a weekday, which would be another, or another year."""
    if not _YEAR.fullmatch(figure) or any(m.weekday is not None for m in beside):
        return []
    if any(other != figure for other in _YEAR.findall(quote)):
        return []
    year = int(figure)
    near = [each for each in range(year + _YEARS[0], year + _YEARS[1] + 1) if each != year]
    return [(figure, str(each)) for each in rng.sample(near, len(near))]


def _words(
    old: str, word: str, quote: str, at: int, around: Sequence[str], rng: random.Random
) -> list[Swap]:
    """The same words with another number word, of its language and length."""
    place = whole(word).search(old)
    if place is None:
        return []
    start, end = at + place.start(), at + place.end()
    if _alone(quote, start, end) is None or _bound(word, quote, start, end, around):
        return []
    alike = next(words for words in _NUMBER_WORDS if word.casefold() in words)
    value = alike[word.casefold()]
    fitting = [each for each, n in alike.items() if n != value and value <= 2 * n <= 4 * value]
    shaped: Callable[[str], str] = str.capitalize if word[0].isupper() else str
    return [
        (old, old[: place.start()] + shaped(each) + old[place.end() :])
        for each in rng.sample(fitting, len(fitting))
    ]


def _alone(quote: str, start: int, end: int) -> numbers.Number | None:
    """The number at a place, when the sentence has no other of its kind to fit with it."""
    found = numbers.find(quote)
    here = [n for n in found if n.start < end and start < n.end]
    if len(here) != 1:
        return None
    together = ("count", "percent")
    number = here[0]
    kinds = together if number.kind in together else (number.kind,)
    return number if sum(n.kind in kinds for n in found) == 1 else None


def _bound(figure: str, quote: str, start: int, end: int, around: Sequence[str]) -> bool:
    """Whether something beside the number, here or where it is said again, tells what it is."""
    if _RANGE_BEFORE.search(quote[:start]) or _RANGE_AFTER.match(quote, end):
        return True
    if _named(quote, start):
        return True
    return any(map(_PARTS.search, (quote, *_sayings(figure, around))))


def _sayings(figure: str, around: Iterable[str]) -> list[str]:
    """The sentences that say a figure, each with the first words of the one after it."""
    found: list[str] = []
    for text in around:
        if not whole(figure).search(text):
            continue
        spans = sentences.spans(text)
        for span, after in zip_longest(spans, spans[1:]):
            if whole(figure).search(text[span.start : span.end]):
                end = span.end if after is None else min(after.end, after.start + _OPENING)
                found.append(text[span.start : end])
    return found


def _named(quote: str, start: int) -> bool:
    """Whether the sentence may name each of those that the number at a place counts."""
    read = [n for n in numbers.find(quote) if n.start <= start < n.end]
    if not read or read[0].kind != "count" or read[0].value > _FEW:
        return False
    people = [n for n in names.find(quote) if n.kind in ("person", None) and n.end != start]
    return len(people) >= 2 or len(people) == read[0].value


def _in_date(figure: str, text: str) -> bool:
    """Whether a text has this figure in a date or a time."""
    return any(whole(figure).search(text, m.start, m.end) for m in dates.find(text))

"""Find dates, years, weekdays and clock times in Indonesian and English text; tell the days meant.

`find` gives what the text states and no more: "Rabu (21/8)" has no year, "kemarin" no day.
`resolve` and `resolved` give the days, from the day on which the article was published; they
guess nothing: what two days would fit is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from rag.text.date_calendar import Period, period
from rag.text.date_context import in_context
from rag.text.date_mention import DateMention, word_after, word_before
from rag.text.date_neighbours import RANGE
from rag.text.date_patterns import PATTERNS, PLACES
from rag.text.date_readers import READERS
from rag.text.date_relative import COUNTED_PATTERNS, COUNTED_PLACES

__all__ = [
    "DateMention",
    "Period",
    "Resolved",
    "find",
    "parse_date",
    "resolve",
    "resolved",
    "word_after",
    "word_before",
]

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_ALL_PATTERNS = (*COUNTED_PATTERNS, *PATTERNS)
_ALL_PLACES = {
    word: (*PLACES.get(word, ()), *((COUNTED_PLACES[word],) if word in COUNTED_PLACES else ()))
    for word in {*PLACES, *COUNTED_PLACES}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A stretch `[start, end)` of a text and the days it means, both inclusive."""

    start: int
    end: int
    first: date
    last: date


def find(text: str) -> list[DateMention]:
    """The dates and times a text mentions, in order, none overlapping another.

    A list of days ("15 dan 16 Agustus") gives one mention for each, all with the month. Day
    comes before month in 20/8; 8/21 is read the only way it can be. Time is linear.

    >>> [(m.day, m.month) for m in find("Hamas di Doha pada 15 dan 16 Agustus")]
    [(15, 8), (16, 8)]
    """
    return in_context(text, _read(text, PATTERNS, PLACES))


def resolve(mention: DateMention, *, published: date | None) -> Period | None:
    """The days that a mention means in an article published on a day; None if not certain.

    None also for a time of day, for what needs a publication date that is not known, for a
    weekday that contradicts its date, and for words that tell no day of the calendar ("setiap
    Senin", "kemarin" in words quoted). A week runs from Monday to Sunday, "akhir pekan" is
    Saturday and Sunday; "awal Agustus" gives the whole month.

    >>> (selasa,) = find("Blinken tiba Selasa malam.")
    >>> resolve(selasa, published=date(2024, 8, 21)).first
    datetime.date(2024, 8, 20)
    """
    return period(mention, published)


def resolved(text: str, *, published: date | None) -> list[Resolved]:
    """What days a text means and where it says so, in order, none overlapping another.

    Reads besides what `find` does "dua hari lalu", "two weeks ago", "kuartal III 2024". A
    range ("15-17 Agustus") is one stretch with its first and last day. Time is linear.

    >>> resolved("Ia tiba kemarin.", published=date(2024, 8, 21))
    [Resolved(start=8, end=15, first=datetime.date(2024, 8, 20), last=datetime.date(2024, 8, 20))]
    """
    made: list[Resolved] = []
    before: DateMention | None = None
    for mention in in_context(text, _read(text, _ALL_PATTERNS, _ALL_PLACES)):
        days = period(mention, published)
        if days is None:
            before = None
            continue
        first, last, start = days.first, days.last, mention.start
        if (
            before is not None
            and before.kind == mention.kind != "relative"
            and mention.start - before.end < 20
            and RANGE.fullmatch(text, before.end, mention.start)
            and made[-1].first <= last
        ):
            start, first = made[-1].start, made.pop().first
        made.append(Resolved(start=start, end=mention.end, first=first, last=last))
        before = mention
    return made


def _read(
    text: str,
    patterns: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...],
    starts: Mapping[str, tuple[str, ...]],
) -> list[DateMention]:
    """What the patterns find, those of the earlier ones first, in order of the text."""
    places: dict[str, list[int]] = {name: [] for _, names, _ in patterns for name in names}
    for token in _TOKEN.finditer(text):
        word = token.group()
        names = ("digit",) if word[0] <= "9" else starts.get(word.lower(), ())
        for name in names:
            places[name].append(token.start())
    taken = bytearray(len(text))
    found: list[DateMention] = []
    for reader, names, pattern in patterns:
        read = READERS[reader]
        for at in sorted(chain.from_iterable(places[name] for name in names)):
            match = None if taken[at] else pattern.match(text, at)
            for mention in read(text, match) if match else ():
                if not any(taken[mention.start : mention.end]):
                    taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
                    found.append(mention)
    return sorted(found, key=lambda mention: mention.start)


def parse_date(text: str) -> date | None:
    """The one whole valid date a user wrote, or None.

    Takes 2024-08-21, 21/8/2024 (day first, always), 21-8-2024, 21.8.2024, and dates written
    out in either language, with or without a weekday.

    >>> parse_date("21 Agustus 2024"), parse_date("Agustus 2024")
    (datetime.date(2024, 8, 21), None)
    """
    text = text.strip()
    if len(text) > 60:
        return None
    written = re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", text)
    parts = [written[1], written[3], written[4]] if written else None
    if not parts:
        written = re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})", text)
        parts = [written[4], written[3], written[1]] if written else None
    if parts:
        try:
            return date(*map(int, parts))
        except ValueError:
            return None
    mentions = find(text) if re.search(r"[0-9]{4}", text) else []
    if len(mentions) != 1:
        return None
    only = mentions[0]
    if (only.start, only.end) != (0, len(text)) or not (only.year and only.month and only.day):
        return None
    return date(only.year, only.month, only.day)

"""The record of one mention of a date, and the words that stand beside a place in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["date", "time", "relative", "year", "month", "weekday", "quarter"]
Precision = Literal["decade", "year", "month", "day", "minute", "vague"]
Unit = Literal["day", "weekend", "week", "month", "quarter", "year"]
# On which side of the publication the day lies, where the text tells:
# "before", "after": "lalu", "next"; never the day of publication itself
# "this": "ini"; in the same week (of a weekday) or year (of a month)
# "ahead": "akan", "will"; the day of publication or later
# "past": "sejak", "since"; the day of publication or earlier
# "unsure": "until Friday", "would"; either
Side = Literal["before", "after", "this", "ahead", "past", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """One mention of a date or a time; what the text does not state is None."""

    start: int
    end: int
    kind: Kind
    precision: Precision
    year: int | None = None
    month: int | None = None  # 1 to 12
    day: int | None = None  # 1 to 31
    weekday: int | None = None  # 0 is Monday
    hour: int | None = None  # 0 to 23, in the zone the text means
    minute: int | None = None
    # What the words around it add, for `dates.resolve`:
    unit: Unit | None = None  # with `offset`: "pekan lalu" is ("week", -1)
    offset: int | None = None  # units away from the one that holds the day of publication
    side: Side | None = None
    given_year: int | None = None  # "30 Agustus" of "30 Agustus-2 September 2024"
    other_year: int | None = None  # named before it in the paragraph, and perhaps meant
    quarter: int | None = None  # 1 to 4
    rough: bool = False  # "two weeks ago" need not be 14 days
    loose: bool = False  # a habit, a story or words quoted: no day of the calendar


_LAST_WORD = re.compile(r"([^\W_]+)[-–.]?[ \t\u00a0]*\Z")
_NEXT_WORD = re.compile(r"[ \t\u00a0]*([^\W_]+)")


def word_before(text: str, at: int) -> str:
    """The word that ends right before a position, or ""."""
    match = _LAST_WORD.search(text[max(0, at - 24) : at])
    return match.group(1) if match else ""


def word_after(text: str, at: int) -> str:
    """The word that follows a position after white space only, or ""."""
    match = _NEXT_WORD.match(text, at, at + 24)
    return match.group(1) if match else ""

"""Read the dates of feeds as they are written: RFC 2822, ISO 8601, and the usual slips.

Never guesses: what is no date, or the zero of some clock, is not known.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from rag.text import dates
from rag.text.plain import one_line

_CHARS = 100  # a longer one is no date
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>.*))?",
    re.IGNORECASE,
)
_RFC = re.compile(
    r"(?:[^\W\d_]+['’]?[^\W\d_]*\.?,?\s+)?(?P<day>\d{1,2})[\s-]+(?P<month>[^\W\d_]{3,9})\.?[\s-]+"
    r"(?P<year>\d{4}|\d\d)(?:,?\s+(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"\s*(?P<zone>.*))?"
)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8,
    "agu": 8, "ags": 8, "agt": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "nop": 11,
    "dec": 12, "des": 12,
}  # fmt: skip
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?(?:\s*\([^()]*\))?", re.IGNORECASE)
# Hours ahead of UTC: Indonesia's, and those that RFC 822 defines. Others mean several things.
_ZONES = {
    "WIB": 7, "WITA": 8, "WIT": 9, "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip


def moment(value: str) -> str | None:
    """The date in ISO 8601, with the time and its offset if they are stated; None if it is none.

    >>> moment("Wed, 21 Aug 2024 14:05:00 WIB"), moment("2024-08-21T07:05:00Z")
    ('2024-08-21T14:05:00+07:00', '2024-08-21T07:05:00+00:00')
    >>> moment("21 Agu 2024"), moment("kemarin")
    ('2024-08-21', None)
    """
    text = one_line(value[: _CHARS + 1])
    if len(text) > _CHARS:
        return None
    found = _ISO.fullmatch(text) or _RFC.fullmatch(text)
    try:
        return _read(found) if found else _worded(text)
    except ValueError:  # 31 February, 25 o'clock
        return None


def _read(found: re.Match[str]) -> str | None:
    name = found["month"]
    month = int(name) if name.isdecimal() else _MONTHS.get(name[:3].lower(), 0)
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    day = date(year, month, int(found["day"]))
    if _is_zero(day):
        return None
    if found["hour"] is None:
        return day.isoformat()
    at = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return datetime.combine(day, at, tzinfo=_zone(found["zone"].strip())).isoformat()


def _zone(stated: str) -> timezone | None:
    if stated.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[stated.upper()]))
    if not (found := _OFFSET.fullmatch(stated)):
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if found[1] == "-" else away)


def _worded(text: str) -> str | None:
    """The day alone, of a date written some other way."""
    for mention in dates.find(text):
        if mention.kind == "date" and mention.year and mention.month and mention.day:
            day = date(mention.year, mention.month, mention.day)
            return None if _is_zero(day) else day.isoformat()
    return None


def _is_zero(day: date) -> bool:
    """Whether a clock that was never set, or a database without a value, shows this day."""
    return day.year < 1800 or day in (date(1900, 1, 1), date(1970, 1, 1))

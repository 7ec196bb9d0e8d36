"""Count off on the calendar which days a mention means, from the day of publication.

Takes mentions with their context; reads no text.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from rag.text.date_mention import DateMention

_NEAR = 60  # days; another year is not meant by a date so near, and the weekday is a slip
_SOON = 14  # days; a date so soon is one to come, though nothing says "akan"
_FAR = 150  # days; beyond, "until 1 March" may be the past one or the next
_YEAR = 366  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One or more days in a row, the last one included."""

    first: date
    last: date


def period(mention: DateMention, published: date | None) -> Period | None:
    """The days that a mention means, or None: see `dates.resolve`."""
    if mention.loose or mention.kind == "time":
        return None
    try:
        if mention.year is not None or mention.given_year is not None:
            return _stated(mention, mention.year or mention.given_year or 0)
        return _counted(mention, published) if published else None
    except (OverflowError, ValueError):  # before the year 1 or after 9999
        return None


def _stated(mention: DateMention, year: int) -> Period | None:
    """The days of a mention that has its year."""
    if mention.kind == "quarter" and mention.quarter:
        return _months(year, 3 * mention.quarter - 2, 3)
    if mention.month and mention.day:
        day = date(year, mention.month, mention.day)
        return _one(day) if mention.weekday in (None, day.weekday()) else None
    if mention.month:
        return _months(year, mention.month, 1)
    if mention.precision != "decade":
        return _months(year, 1, 12)
    if year % 10 or year % 100 == 0:
        return None  # "2000-an", "the 1900s": ten years or a hundred
    return Period(first=date(year, 1, 1), last=date(year + 9, 12, 31))


def _counted(mention: DateMention, published: date) -> Period | None:
    if mention.kind == "date":
        return _day(mention, published)
    if mention.kind == "month":
        return _month(mention, published)
    if mention.kind == "weekday":
        return _weekday(mention, published)
    return _relative(mention, published)


def _day(mention: DateMention, published: date) -> Period | None:
    """A day and month without a year."""
    if mention.unit == "year":
        if mention.offset is None:
            return None
        return _stated(mention, published.year + mention.offset)
    if mention.side == "this":
        return _stated(mention, published.year)
    days = [day for y in (-1, 0, 1) if (day := _in_year(mention, published.year + y))]
    days = [day for day in days if abs((day - published).days) <= _YEAR]
    if mention.side == "before":
        days = [day for day in days if day < published]
    elif mention.side == "past":
        days = [day for day in days if day <= published]
    elif mention.side == "after":
        days = [day for day in days if day > published]
    if not days:
        return None
    nearest = min(days, key=lambda day: abs(day - published))
    day = _by_weekday(mention, published, days, nearest) if mention.weekday is not None else nearest
    if mention.weekday is None and mention.side not in ("before", "past", "after"):
        day = _by_distance(mention, published, days)
    if day is None or mention.other_year not in (None, day.year):
        return None
    return _one(day)


def _by_weekday(
    mention: DateMention, published: date, days: list[date], nearest: date
) -> date | None:
    """The day that is that weekday; in adjacent years there is one at most."""
    fitting = [day for day in days if day.weekday() == mention.weekday]
    if not fitting:
        return None
    # A report of these days with the wrong weekday is likelier than one of a year ago.
    if fitting[0] != nearest and abs((nearest - published).days) <= _NEAR:
        return None
    return fitting[0]


def _by_distance(mention: DateMention, published: date, days: list[date]) -> date | None:
    """The day in the nearest year, the one to come if the words say so, or None."""
    past = max((day for day in days if day <= published), default=None)
    ahead = min((day for day in days if day >= published), default=None)
    back = (published - past).days if past else _YEAR
    on = (ahead - published).days if ahead else _YEAR
    if mention.side == "ahead":
        return ahead if back > _NEAR or on == 0 else None
    # Reports look back; without "akan" only a date that comes soon is one to come.
    if back <= on:
        return past if back <= _FAR or mention.side is None else None
    return ahead if on <= _SOON else None


def _month(mention: DateMention, published: date) -> Period | None:
    """A month without a year."""
    number = mention.month or 0
    back = (published.month - number) % 12  # months since it was last, 0 if it is now
    this = published.year if number <= published.month else published.year - 1
    if mention.unit == "year":
        year = None if mention.offset is None else published.year + mention.offset
    elif mention.side == "this":
        year = published.year
    elif mention.side == "before":
        year = this if back else this - 1
    elif mention.side == "after":
        year = this + 1
    elif mention.side == "ahead":
        year = this + 1 if back else this
    elif mention.side == "unsure":
        year = this if back == 0 else None
    else:  # one that comes soon may be meant though nothing says "akan"
        year = this if back <= 8 or mention.side == "past" else None
    if year is None or mention.other_year not in (None, year):
        return None
    return _months(year, number, 1)


def _weekday(mention: DateMention, published: date) -> Period | None:
    if mention.weekday is None:
        return None
    monday = published - timedelta(days=published.weekday())
    back = (published.weekday() - mention.weekday) % 7  # days since it was last, 0 if it is now
    if mention.unit == "week":
        if mention.offset is None:
            return None
        return _one(monday + timedelta(weeks=mention.offset, days=mention.weekday))
    if mention.unit == "day":  # beside "besok"
        day = published + timedelta(days=mention.offset or 0)
        return (
            _one(day) if mention.offset is not None and day.weekday() == mention.weekday else None
        )
    if mention.side == "this":
        return _one(monday + timedelta(days=mention.weekday))
    if mention.side == "unsure":
        return None
    if mention.side == "before":
        back = back or 7
    elif mention.side == "after" or (mention.side == "ahead" and back):
        back -= 7
    return _one(published - timedelta(days=back))


def _relative(mention: DateMention, published: date) -> Period | None:
    offset, unit = mention.offset, mention.unit
    if offset is None or unit is None:
        return None
    if unit == "day":
        day = published + timedelta(days=offset)
        return _one(day) if mention.weekday in (None, day.weekday()) else None
    monday = published - timedelta(days=published.weekday()) + timedelta(weeks=offset)
    if unit == "weekend":
        return Period(first=monday + timedelta(days=5), last=monday + timedelta(days=6))
    if unit == "week":
        if mention.rough:  # a week ago today, or a day before or after that
            exact = published + timedelta(weeks=offset)
            return Period(first=exact - timedelta(days=1), last=exact + timedelta(days=1))
        return Period(first=monday, last=monday + timedelta(days=6))
    if unit == "month":
        exact, half = _moved(published, offset), timedelta(days=15)
        calendar = _months(exact.year, exact.month, 1)
    elif unit == "year":
        exact, half = _moved(published, 12 * offset), timedelta(days=183)
        calendar = _months(exact.year, 1, 12)
    else:
        exact, half = _moved(published, 3 * offset), timedelta(0)
        calendar = _months(exact.year, exact.month - (exact.month - 1) % 3, 3)
    if not mention.rough:
        return calendar
    # "Two years ago" is counted in years of the calendar or from this day; of both readings the
    # part nearest to publication is left out, so that "a year ago" is never this year.
    if offset < 0:
        return Period(first=min(calendar.first, exact - half), last=calendar.last)
    return Period(first=calendar.first, last=max(calendar.last, exact + half))


def _one(day: date) -> Period:
    return Period(first=day, last=day)


def _months(year: int, month: int, count: int) -> Period:
    """So many months from the first of one; they do not pass the end of the year."""
    final = month + count - 1
    return Period(first=date(year, month, 1), last=date(year, final, monthrange(year, final)[1]))


def _moved(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _in_year(mention: DateMention, year: int) -> date | None:
    try:
        return date(year, mention.month or 0, mention.day or 0)
    except ValueError:
        return None

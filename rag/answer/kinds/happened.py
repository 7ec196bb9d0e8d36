"""What happened on a day: the sentences that tell of it, by the dates they mention.

Pure: a question's day, an article's text and its day of publication in; stretches out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rag.answer.question import Unit, analyse
from rag.answer.unsaid import parts
from rag.text import dates
from rag.text.date_calendar import Period
from rag.text.language import detect

_EVENTS = r"(?:(?:other |important |major )?(?:events?|things?)|news|peristiwa|kejadian|berita|hal)"
_HAPPENED = r"(?:happened|happens|occurred|took place|went on)"
_TERJADI = r"(?:sudah |telah )?(?:ada|terjadi|berlangsung)"
_APA = r"(?:apa|ada apa)(?: saja)?(?: yang)?(?: terjadi)?"
_NEWS = r"(?:(?:all|the|any|ada|semua) )*(?:news|articles|reports|berita|artikel)"
_DATED = r"(?P<x>(?:of|on|from|dated|published|pada|tanggal|tgl|dari|terbit) .+)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"what(?:'s| has| had| else)? (?:all )?{_HAPPENED} (?P<x>.+)",
        rf"(?:what|which) {_EVENTS} (?:{_HAPPENED}|are there|were there|is there) (?P<x>.+)",
        r"what (?:was|is) (?:going on|happening) (?P<x>.+)",
        rf"apa(?:kah)?(?: saja)?(?: yang)? {_TERJADI} (?P<x>.+)",
        rf"(?:ada )?{_EVENTS} (?:apa|mana)(?: saja)?(?: yang)? {_TERJADI} (?P<x>.+)",
        rf"(?:ada )?(?:apa(?: saja)?|{_EVENTS} apa(?: saja)?) (?P<x>(?:pada|tanggal|di) .+)",
        rf"{_NEWS}(?: apa(?: saja)?)? {_DATED}",
        rf"(?P<x>(?:on|in|pada|tanggal|di) .+?),? (?:what happened|{_APA})",
    )
)
_LED = re.compile(
    r"(?:\b(?:on|in|at|of|during|dated|from|dated|published|terbit|pada|di|dari|tanggal|tgl|hari|bulan|tahun|the|day|date"
    r"|month|year|selama|sepanjang)\b|[\s,])+",
    re.IGNORECASE,
)
SAME_DAY = re.compile(r"\b(?:hari yang sama|hari itu juga|same day)\b", re.IGNORECASE)
_WEEK = timedelta(days=8)  # within which a report says "Tuesday" or "kemarin"
_FEW = 31  # days: longer stretches hold a whole month or year, and a day is more to the point


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The day or days asked for, and what else the question names."""

    text: str  # as typed
    first: date | None  # None: the question leaves the year out
    last: date | None
    month: int
    day: int | None  # None: a whole month
    units: tuple[Unit, ...]  # beside the day: a place, a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A stretch of a text that tells of the day, and whether its own year is known."""

    start: int
    end: int
    first: date | None  # None: the text states no year and its day of publication is not known


def day_of(question: str) -> Day | None:
    """The day that a question asks what happened on, or None when it asks something else.

    >>> found = day_of("What happened on 20 August 2024?")
    >>> found.first, day_of("What happened to Blinken?")
    (datetime.date(2024, 8, 20), None)
    """
    text = " ".join(question.split()).strip(' ?!."“”')
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return _read(found["x"])
    return None


def _read(text: str) -> Day | None:
    """The day in the rest of a question; None without one, or with two."""
    mentions = [m for m in dates.find(text) if m.kind in ("date", "month")]
    if len(mentions) != 1:
        return None
    only = mentions[0]
    if only.month is None:
        return None
    if only.year is None and only.day is None:
        return None  # "in August": of which year?
    rest = f"{text[: only.start]} {text[only.end :]}"
    plain = _LED.sub(" ", rest).strip()
    units = tuple(parts(analyse(plain, detect(plain)).units)) if plain else ()
    first = last = None
    if only.year is not None:
        days = dates.resolve(only, published=None)
        if days is None:
            return None
        first, last = days.first, days.last
    return Day(
        text=text[only.start : only.end],
        first=first,
        last=last,
        month=only.month,
        day=only.day,
        units=units,
    )


def worth_reading(day: Day, text: str, published: date | None) -> bool:
    """Whether an article may tell of the day: cheap, for every article is asked."""
    if published is not None:
        for one in _days(day, published):
            if one - _WEEK <= published <= one + _WEEK:
                return True
    return day.day is None or re.search(rf"(?<!\d)0?{day.day}(?!\d)", text) is not None


def _days(day: Day, published: date) -> Iterator[date]:
    if day.first is not None and day.last is not None:
        yield day.first
        yield day.last
    elif day.day is not None:
        for year in (published.year - 1, published.year, published.year + 1):
            try:
                yield date(year, day.month, day.day)
            except ValueError:
                continue


def tellings(day: Day, text: str, published: date | None) -> list[Telling]:
    """Where a text tells of the day, in order."""
    told = [
        Telling(start=r.start, end=r.end, first=r.first)
        for r in dates.resolved(text, published=published)
        if _meant(day, Period(first=r.first, last=r.last))
    ]
    if published is None and day.day is not None:
        # "Selasa (20/8)": the day is stated, its year is not known.
        found = dates.find(text)
        for m in found:
            if (m.day, m.month, m.year) != (day.day, day.month, None) or m.loose:
                continue
            if day.first and m.weekday is not None and m.weekday != day.first.weekday():
                continue
            if not any(t.start <= m.start < t.end for t in told):
                told.append(Telling(start=m.start, end=m.end, first=None))
        stated = {m.weekday for m in found if m.start in {t.start for t in told}} - {None}
        told += [  # "pada Selasa", further on: the same one
            Telling(start=m.start, end=m.end, first=None)
            for m in found
            if m.kind == "weekday" and m.side is None and not m.loose and m.weekday in stated
        ]
    return sorted(told, key=lambda t: t.start)


def _meant(day: Day, days: Period) -> bool:
    """Whether the days a text means are those asked for, or lie among them."""
    if day.first is not None and day.last is not None:
        return (
            days.first <= day.last
            and day.first <= days.last
            and (days.last - days.first).days < _FEW
        )
    return any(
        (one.month, one.day) == (day.month, day.day)
        for one in (days.first, days.last)
        if (days.last - days.first).days < _FEW
    )


def published_then(day: Day, published: date | None) -> bool:
    """Whether an article was published on the day asked for."""
    return published is not None and _meant(day, Period(first=published, last=published))

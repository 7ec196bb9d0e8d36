"""Read what one match of a date pattern states: the judgement behind `dates.find`.

A reader gets the text and the match of one pattern and gives the mentions in it, or none when
the words beside it make it a count, a fraction or a score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from rag.text.date_mention import DateMention, Precision, word_after, word_before
from rag.text.date_patterns import (
    COUNTED,
    DATE_BEFORE,
    HOURS,
    INDONESIAN_MONTHS,
    MONTH_BEFORE,
    MONTHS,
    NEVER_BEFORE_YEAR,
    ROUGHLY,
    SHORT_WEEKDAYS,
    UNSURE_MONTHS,
    WEEKDAYS,
    YEAR_BEFORE,
)
from rag.text.date_relative import counted, counted_before, quarter, relative
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS, word_set

_FUNCTION_WORDS = INDONESIAN_WORDS | ENGLISH_WORDS

_YEAR_TOLD = re.compile(
    r"\s(?:of\s|pada\s)?(?:(?:last|this|next)\syear|tahun\s(?:lalu|ini|depan))\b"
)
_NUMBERED = word_set(
    "skor score skornya pasal ayat article section nomor no nilai rasio ratio perbandingan angka",
    "kamar blok unit rt rw bab halaman versi version menang kalah",
)
_DAY_NUMBER = re.compile(r"[0-9]+")


def _date(
    start: int, end: int, day: int, month: int, year: int | None, weekday: int | None = None
) -> Iterator[DateMention]:
    """The date, or nothing when there is no such day; without a year, 29 February exists."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return
    yield DateMention(
        start=start,
        end=end,
        kind="date",
        precision="day",
        year=year,
        month=month,
        day=day,
        weekday=weekday,
    )


def _year_of(written: str | None) -> int | None:
    """The year as written; of two figures, the year from 1941 to 2040 that ends so."""
    if not written or len(written) > 2:
        return int(written) if written else None
    return int(written) + (1900 if int(written) > 40 else 2000)


def _year_first(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    yield from _date(*match.span(), int(match["d"]), int(match["m"]), int(match["y"]))


def _numeric(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    groups = match.groupdict()
    day, month, year = int(match["d"]), int(match["m"]), _year_of(groups.get("y"))
    named = groups.get("weekday")
    if month > 12 >= day:
        day, month = month, day
    if not groups.get("y") and word_before(text, match.start()).lower() in _NUMBERED:
        return  # "Skor 20/8", "Pasal 27/8"
    if not groups.get("y") and not named:  # a date, or a fraction or a score?
        fenced = (
            text[match.start() - 1 : match.start()] == "("
            and text[match.end() : match.end() + 1] == ")"
        )
        odd = day < month <= 5 or (day, month) in {(24, 7), (16, 9)}
        if word_before(text, match.start()).lower() not in DATE_BEFORE and (
            odd or not (fenced or day > 12)
        ):
            return
    start = match.start()
    if groups.get("first"):
        yield from _date(start, match.end("first"), int(match["first"]), month, year)
        start = match.start("d")
    weekday = WEEKDAYS[named.lower()] if named else None
    yield from _date(start, match.end(), day, month, year, weekday)


def _written(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "21 Agustus 2024", "August 21st, 2024", "15, 16 dan 17 Agustus": one for each day."""
    name, named = match["month"], match["weekday"]
    day_first = match.start("days") < match.start("month")
    year, end = _year_of(match["year"]), match.end()
    if not year or word_after(text, end).lower() in COUNTED:
        year = None
        if not match.group().endswith(")"):
            end = match.end("month" if day_first else "days")
    follows = word_after(text, end)
    if not year and name.islower() and name in {"may", "march", "mar"} and follows:
        return  # "chapter 2 may be", "may 2 of them"
    counting = follows.lower() in COUNTED or name.islower() or name.lower() in INDONESIAN_MONTHS
    if not year and not day_first and counting:
        return  # "pada Agustus 21 orang", "in May 5 people"
    days = list(_DAY_NUMBER.finditer(text, match.start("days"), match.end("days")))
    alone = len(days) == 1
    values = [int(day.group()) for day in days]
    if any(one >= other for one, other in pairwise(values)):
        days = days[-1:] if day_first else days[:1]  # "skor 3-1, 5 Mei" is no list of days
    weekday = WEEKDAYS[named.lower()] if named and alone else None
    for day in days:
        start = match.start() if alone or (not day_first and day is days[0]) else day.start()
        stop = end if day is days[-1] else day.end()
        yield from _date(start, stop, int(day.group()), MONTHS[name.lower()], year, weekday)


def _month(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """A month with a year, with "lalu" or "last", or alone where it can be nothing else."""
    name, year, start = match["month"], _year_of(match["year"]), match.start("month")
    end = match.end() if year or match["after"] else match.end("month")
    led = word_before(text, start).lower()
    if year and word_after(text, end).lower() in COUNTED:
        year, end = None, match.end("month")
    low = name.lower()
    short = len(low) <= 4 and low not in UNSURE_MONTHS
    verb = name.islower() and (short or low in {"may", "march"})
    if verb and not (year and led in MONTH_BEFORE):
        return
    helped = year or match["after"] or led in MONTH_BEFORE or _YEAR_TOLD.match(text, end)
    helped = helped or (match["before"] and low not in {"may", "march"})  # "This May Be"
    if not helped and (short or low in UNSURE_MONTHS):
        return
    if match["before"]:
        start = match.start("before")
    yield DateMention(
        start=start, end=end, kind="month", precision="month", year=year, month=MONTHS[low]
    )


def _two_months(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "Januari-Maret 2024": both months have the year."""
    year = int(match["year"])
    for name, end in (("first", match.end("first")), ("month", match.end())):
        yield DateMention(
            start=match.start(name),
            end=end,
            kind="month",
            precision="month",
            year=year,
            month=MONTHS[match[name].lower()],
        )


def _weekday(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    name = match["weekday"]
    low = name.lower()
    if low in SHORT_WEEKDAYS:
        return  # only a part of a whole date
    if low == "minggu":  # the week, unless written with a capital or after "hari"
        if name.islower() and word_before(text, match.start()).lower() not in {"hari", "malam"}:
            return
        if counted_before(text, match.start()) or word_after(text, match.end()).lower() == "ke":
            return
    yield DateMention(
        start=match.start("lead") if match["lead"] else match.start(),
        end=match.end(),
        kind="weekday",
        precision="day",
        weekday=WEEKDAYS[low],
    )


def _clock(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "14.05 WIB", "pukul 7 pagi", "jam 10", "14:05", "08.00-10.00 WIB" (two mentions)."""
    groups = match.groupdict()
    introduced, part = groups.get("intro"), (groups.get("part") or "").lower()
    if introduced and introduced.lower().startswith("jam") and counted_before(text, match.start()):
        return  # "24 jam 10 menit"
    if introduced and word_after(text, match.end()).lower() in {"menit", "jam", "detik"}:
        return  # "dalam jam 10 menit pertama"
    sure = introduced or groups.get("zone") or part
    if not sure and ":" not in match.group():
        return  # 14.05 alone is a number
    if (
        not sure
        and len(match["h1"]) == 1
        and word_before(text, match.start()).lower() not in (YEAR_BEFORE | ROUGHLY | {"at"})
    ):
        return  # 3:16 alone may be a score or a verse
    spans = [(match.start(), match.end("first") if groups.get("h2") else match.end())]
    if groups.get("h2"):
        spans.append((match.start("h2"), match.end()))
    for i, (start, end) in enumerate(spans, 1):
        hour = int(match[f"h{i}"])
        yield _time(start, end, _on_the_clock(hour, part), int(match[f"m{i}"] or 0))


def _hour_in_words(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    hour = HOURS.get(match["hour"].lower(), 12)  # "dua belas" is the only one of two words
    if not counted_before(text, match.start()):
        yield _time(*match.span(), _on_the_clock(hour, (match["part"] or "").lower()), 0)


def _on_the_clock(hour: int, part: str) -> int:
    """The hour from 0 to 23, given the part of the day that was named, if any."""
    afternoon = part.startswith("p.m") or part in {"pm", "sore", "petang", "malam"}
    if (afternoon and 0 < hour < 12) or (part == "siang" and 0 < hour < 6):
        return hour + 12
    midnight = part.startswith(("a.m", "am", "dini")) or part == "malam"
    return 0 if hour == 24 or (midnight and hour == 12) else hour


def _time(start: int, end: int, hour: int, minute: int) -> DateMention:
    return DateMention(
        start=start, end=end, kind="time", precision="minute", hour=hour, minute=minute
    )


def _years(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """A bare year, a decade, or the two ends of "2004-2007" and "2023/24"."""
    first, decade, second = match["first"], match["decade"], match["second"]
    if second and len(second) == 2:
        second = first[:2] + second
    if second and int(second) <= int(first):
        second = None  # "2024-08"
    if second:
        fenced = text[match.start() - 1 : match.start()] == "("
        led = fenced or word_before(text, match.start()).lower() in YEAR_BEFORE
        if word_after(text, match.end()).lower() in COUNTED or (int(first) < 1500 and not led):
            return
    elif not decade and not _is_year(text, match.start(), match.end(), int(first)):
        return
    precision: Precision = "decade" if decade else "year"
    start, end = match.start(), match.end("decade" if decade else "first")
    yield DateMention(start=start, end=end, kind="year", precision=precision, year=int(first))
    if second:
        start, end = match.span("second")
        yield DateMention(start=start, end=end, kind="year", precision="year", year=int(second))


def _is_year(text: str, start: int, end: int, value: int) -> bool:
    before, after = word_before(text, start), word_after(text, end)
    led, follows = before.lower(), after.lower()
    if led == "tahun":
        return True
    if follows in COUNTED or led in NEVER_BEFORE_YEAR or text[end : end + 1] in ("%", "°"):
        return False
    if led in ROUGHLY and value % 100 == 0:
        return False
    if led in YEAR_BEFORE:
        plural = after.islower() and after.endswith("s") and follows not in _FUNCTION_WORDS
        return not (plural and led in {"by", "from", "of", "in", "to", "between"})
    closed = not after or text[end : end + 1] in ("", ",", ".", ";", ":", ")", "?", "!", "\n")
    if text[start - 1 : start] == "(" and closed:
        return True
    if value < 1900:
        return value >= 1500 and not before and closed
    return closed or follows in _FUNCTION_WORDS or before[:1].isupper()


READERS: dict[str, Callable[[str, re.Match[str]], Iterator[DateMention]]] = {
    "year_first": _year_first,
    "numeric": _numeric,
    "written": _written,
    "two_months": _two_months,
    "month": _month,
    "clock": _clock,
    "hour_in_words": _hour_in_words,
    "relative": relative,
    "counted": counted,
    "quarter": quarter,
    "weekday": _weekday,
    "years": _years,
}

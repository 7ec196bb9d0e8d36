"""Tell on which day an article was published: as it states, or as its weekdays imply.

Never guesses: a day that several years would fit, or that contradicts another date in the
text, is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Literal

from rag.text import dates

# Without a year in the text every weekday recurs after 5, 6 or 11 years; an index of older
# articles is rare.
_LOOK_BACK = 20  # years
_HALF_YEAR = 183  # days; another "Rabu (21/8)" means the one nearest to the article
_REPORT_CHARS = 200_000  # a longer text is no report of one day
_DATE_LINES = 50  # lines tried
_TOP = 12  # paragraphs among which a line of weekday, date or time is the article's own

_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>WIB|WITA|WIT|Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)\b\)?)?(?![.:]?\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?=T|\D|$)")
_INDONESIAN_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
_LABEL = re.compile(
    r"(?:(?P<published>(?:(?:first |date |tanggal )?(?:published|posted|terbit|tayang)"
    r"|publi[sc]ation date|publish date|diterbitkan|dipublikasikan|diunggah|rilis|date|tanggal)"
    r"(?: on| at| pada)?)"
    r"|(?P<updated>(?:last )?(?:updated?|modified)|diperbarui|pembaruan))\b\s*(?P<colon>:)?\s*",
    re.IGNORECASE,
)
_WEEKDAYS = (
    "senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_WEEKDAY = re.compile(rf"\b(?:{_WEEKDAYS})\b", re.IGNORECASE)
_NOISE = re.compile(
    rf"\b(?:{_WEEKDAYS}|pukul|jam|at|on|pada|WIB|WITA|WIT|UTC|GMT|E[DS]T|P[DS]T|CES?T|BST|SGT)\b",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"[|,•·/:–—-]\s*$")
_BARRED = re.compile(r"^\s*[|•·]")
_COMING = re.compile(
    r"\b(?:akan|dijadwalkan|direncanakan|rencananya|mulai|hingga|sampai|jelang|menjelang"
    r"|will|scheduled|due|until|planned|upcoming|next)\b[^,;.!?\n]*$",
    re.IGNORECASE,
)
_COMES = re.compile(r"\)?,? (?:mendatang|depan|nanti|next)\b", re.IGNORECASE)
_COUNTS = (
    "satu one,dua two,tiga three,empat four,lima five,enam six,tujuh seven,delapan eight,"
    "sembilan nine,sepuluh ten,sebelas eleven"
)
_NUMBERS = {w: n for n, words in enumerate(_COUNTS.split(","), start=1) for w in words.split()}
_ELAPSED = re.compile(
    rf"\b(?:lebih dari|more than|over) (?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"
    r" (?P<unit>bulan|months?|tahun|years?)(?: yang)?"
    r" (?:lalu|silam|ago|setelah|sejak|after|since)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The day of publication, its moment if that is stated with its zone, and how it is known."""

    day: date
    at: datetime | None
    basis: Literal["stated", "inferred"]


def stated(value: str) -> Published | None:
    """What a value such as "2024-08-21T14:05+07:00" or "21 Agustus 2024, 14:05 WIB" states."""
    return found[0] if (found := _stamp(value)) else None


def find_published(
    paragraphs: Sequence[str], *, body: int, dateline: str, added: date
) -> Published | None:
    """When the article was published, or None.

    A line that holds nothing but a date states it, if it is labelled, or stands before the
    paragraph numbered `body`, or has a weekday or a time and is near the top; so does a
    full date in the dateline. Else it is inferred of the latest "Rabu (21/8)" in the text:
    of the years from the last one the text names to that of `added`, exactly one must
    fit all that the text says.
    """
    updated: Published | None = None
    lines = (
        (number, line, label)
        for number, line in enumerate(paragraphs)
        if len(line) <= 120
        and (((label := _LABEL.match(line)) and label["colon"]) or number < _TOP)
    )
    for number, line, label in islice(lines, _DATE_LINES):
        found = _of_a_line(line[label.end() :] if label else line)
        if found is None or found[0].day > added + timedelta(days=1):
            continue
        if not label and number >= body and not found[1]:
            continue
        if not (label and label["updated"]):
            return found[0]
        updated = updated or found[0]
    if updated:
        return updated
    text = "\n\n".join(paragraphs)
    return stated(dateline) or (_inferred(text, added) if len(text) <= _REPORT_CHARS else None)


def _stamp(value: str) -> tuple[Published, int, int] | None:
    """The first full date in `value`, with its time and zone, and where the date stands."""
    for iso in _ISO.finditer(value):
        if day := _day(int(iso[1]), int(iso[2]), int(iso[3])):
            return _published(day, value, *iso.span()), *iso.span()
    for mention in dates.find(value):
        if mention.kind == "date" and (day := _full(mention)):
            return _published(day, value, mention.start, mention.end), mention.start, mention.end
    return None


def _published(day: date, value: str, start: int, end: int) -> Published:
    clock = _TIME.search(value[:start] + " " + value[end:])
    if not clock or not clock["zone"] or not (zone := _zone(clock["zone"].upper())):
        return Published(day=day, at=None, basis="stated")
    hour = int(clock["hour"])
    if clock["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if clock["half"] in "pP" else 0)
    moment = time(hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=zone)
    return Published(day=day, at=datetime.combine(day, moment), basis="stated")


def _zone(name: str) -> timezone | None:
    offset = name.removeprefix("UTC").removeprefix("GMT")
    if name in _INDONESIAN_ZONES:
        return timezone(timedelta(hours=_INDONESIAN_ZONES[name]))
    if offset in ("", "Z"):
        return timezone(timedelta(0))
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return None
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if offset[0] == "-" else away)


def _of_a_line(line: str) -> tuple[Published, bool] | None:
    """What a line states that is a date and little else, and whether it has a weekday or time."""
    if not (found := _stamp(line)):
        return None
    published, start, end = found
    left, right = _bare(line[:start]), _bare(line[end:].removeprefix("T"))
    if left.strip(" ,()") and (len(left.split()) > 6 or not _SEPARATED.search(left)):
        return None
    if right.strip(" ,()|•·") and not _BARRED.match(right):
        return None
    around = line[:start] + " " + line[end:].removeprefix("T")
    return published, bool(_TIME.search(around) or _WEEKDAY.search(line))


def _bare(part: str) -> str:
    return _NOISE.sub(" ", _TIME.sub(" ", part))


def _inferred(text: str, added: date) -> Published | None:
    mentions = [m for m in dates.find(text) if m.kind in ("date", "month", "year")]
    years = [m.year for m in mentions if m.year and m.year <= added.year]
    first = max(years, default=added.year - _LOOK_BACK)
    named = [m for m in mentions if m.weekday is not None and m.month and m.day]
    reported = [m for m in named if not _is_to_come(text, m)]
    # A report gives its own day as "Rabu (21/8/2024)"; "Jumat, 17 Agustus 1945" is history.
    days = [day for m in reported if ")" in text[m.end - 1 : m.end + 1] and (day := _full(m))]
    if undated := [m for m in reported if not m.year]:
        latest = _latest(undated)
        candidates = [_in_year(latest, year) for year in range(first, added.year + 1)]
        fitting = [d for d in candidates if d and d <= added and d.weekday() == latest.weekday]
        if len(fitting) != 1:
            return None
        days += fitting
    if not days:
        return None
    day = max(days)
    known = [d for m in mentions if not _is_to_come(text, m) and (d := _full(m))]
    if day.year < first or not _not_before(text, known, added) <= day <= added:
        return None
    if not all(_agrees(m, day) for m in named):
        return None
    return Published(day=day, at=None, basis="inferred")


def _is_to_come(text: str, mention: dates.DateMention) -> bool:
    """Whether the words right before or after a date put it into the future."""
    before = text[max(0, mention.start - 60) : mention.start]
    return bool(_COMING.search(before) or _COMES.match(text, mention.end))


def _latest(mentions: Sequence[dates.DateMention]) -> dates.DateMention:
    """The last of some days without a year: the one that the longest gap of the year follows.

    So 1 January is later than 31 December when both are mentioned.
    """
    days = sorted({m.month * 31 + m.day: m for m in mentions if m.month and m.day}.items())
    following = [*days[1:], (days[0][0] + 12 * 31, days[0][1])]
    gaps = [(after - at, m) for (at, m), (after, _) in zip(days, following, strict=True)]
    return max(gaps, key=lambda gap: gap[0])[1]


def _not_before(text: str, known: Sequence[date], added: date) -> date:
    """The day before which the text cannot have been written.

    That is the last date it names; or, where it says "more than 14 months ago", so long
    after the first one, since that is the earliest the event can have been.
    """
    bounds = [day for day in known if day <= added]
    if not bounds:
        return date.min
    start = min(bounds)
    for elapsed in _ELAPSED.finditer(text):
        written = elapsed["count"].lower()
        months = int(written) if written.isdigit() else _NUMBERS[written]
        if elapsed["unit"].lower() in ("tahun", "year", "years"):
            months *= 12
        since = start.month - 1 + months
        bound = _day(start.year + since // 12, since % 12 + 1, min(start.day, 28))
        if bound and bound <= added:  # else something the text does not date is spoken of
            bounds.append(bound)
    return max(bounds)


def _agrees(mention: dates.DateMention, published: date) -> bool:
    """Whether the weekday is right in the year meant: the one stated, or the nearest."""
    years = [mention.year] if mention.year else range(published.year - 1, published.year + 2)
    meant = [day for year in years if (day := _in_year(mention, year))]
    if not mention.year:
        meant = [day for day in meant if abs((day - published).days) <= _HALF_YEAR]
    return any(day.weekday() == mention.weekday for day in meant)


def _full(mention: dates.DateMention) -> date | None:
    return _in_year(mention, mention.year) if mention.year else None


def _in_year(mention: dates.DateMention, year: int) -> date | None:
    return _day(year, mention.month, mention.day) if mention.month and mention.day else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

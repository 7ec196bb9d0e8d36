"""Tell on which day an article was published: as it states, or as its weekdays imply.

Never guesses: a day that several years would fit, or that contradicts another date in the
text, is not known. "3 jam yang lalu" states nothing: it counts from a day that is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Literal

from rag.ingest.inferred import contradicts, inferred
from rag.text import dates, language

_DATE_LINES = 50  # lines tried
_LINE_CHARS = 160
_TOP = 12  # paragraphs among which a line of weekday, date or time is the article's own
_UNDER = 3  # paragraphs below the first of the text where its date line may still stand
_SENTENCE_WORDS = 12

_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>WIB|WITA|WIT|[EP][SD]T|Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)\b\)?)?"
    r"(?![.:]?\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?=T|\D|$)")
# Only names that mean one thing: BST, IST and CST are each used for two zones or more.
_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
_PUBLISHED = (
    r"(?:first |originally |date |tanggal |waktu )?(?:published|posted|terbit|tayang)"
    r"|publi[sc]ation date|publish date|diterbitkan|dipublikasikan|ditayangkan|diunggah|rilis"
)
_UPDATED = (
    r"(?:last |terakhir )?(?:updated?|modified|edited|diperbarui|diperbaharui|diupdate)"
    r"|dimutakhirkan|pembaruan|pemutakhiran"
)
_LABEL = re.compile(
    rf"(?:(?:(?P<published>{_PUBLISHED})|(?P<updated>{_UPDATED})|(?P<dated>date|tanggal))"
    r"(?: on| at| pada)?)\b\s*(?P<colon>:)?\s*",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(rf"[\s|,;·•/(–—-]+(?=(?:{_PUBLISHED}|{_UPDATED})\b)", re.IGNORECASE)
# Lines with a date of something else: a photograph, an event, another article.
_OTHER = re.compile(
    r"(?:foto|photo|image|gambar|ilustrasi|dok|dokumentasi|sumber|source|caption|baca|read|lihat|see"
    r"|simak|acara|event|jadwal|agenda|when|kapan|batas|deadline)\b",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:berita|artikel|baca|related|more|terkini|terpopuler|terbaru|populer|latest|most|read|lihat"
    r"|pilihan|rekomendasi|recommended)\b",
    re.IGNORECASE,
)
_WEEKDAYS = (
    "senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_WEEKDAY = re.compile(rf"\b(?:{_WEEKDAYS})\b", re.IGNORECASE)
_NOISE = re.compile(
    rf"\b(?:{_WEEKDAYS}|pukul|jam|at|on|pada|WIB|WITA|WIT|UTC|GMT|[ECMP][DS]T|[EC]T|CES?T|BST|IST"
    r"|SGT|HKT|JST|AE[DS]T)\b",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"[|,•·/:–—-]\s*$")
_BARRED = re.compile(r"^\s*(?:[|•·/–—-]|(?:by|oleh)\s+[^\W\d_])")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The day of publication, its moment if that is stated with its zone, and how it is known."""

    day: date
    at: datetime | None
    basis: Literal["stated", "inferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DateLine:
    """What a line states that is a date and little else."""

    number: int  # of the paragraph
    label: Literal["published", "updated", "dated"] | None
    colon: bool
    precise: bool  # with a weekday or a time
    found: Published


def stated(value: str) -> Published | None:
    """What a value such as "2024-08-21T14:05+07:00" or "21 Agustus 2024, 14:05 WIB" states."""
    return found[0] if (found := _stamp(value)) else None


def find_published(
    paragraphs: Sequence[str], *, body: int, dateline: str, added: date
) -> Published | None:
    """When the article was published, or None.

    A line that holds nothing but a date states it: a labelled one ("Diterbitkan: ..."), else
    the one nearest above the paragraph numbered `body`, where the text begins. So does a full
    date in the dateline. Else it is inferred of the latest "Rabu (21/8)" in the text: of the
    years from the last one the text names to that of `added`, exactly one must fit all that
    the text says.
    """
    lines = [line for line in _date_lines(paragraphs, body) if _plausible(line, paragraphs, added)]
    taken = {line.number for line in lines}
    text = "\n\n".join(p for number, p in enumerate(paragraphs) if number not in taken)
    updated = _chosen([line for line in lines if line.label == "updated"], body)
    upto = min(added, updated.day) if updated else added
    own = _own(lines, body, paragraphs)
    if own and not own.label and contradicts(text, own.found.day):
        # A page shows the day of the visit as well; the report's own weekdays know better.
        day = inferred(text, upto=upto)
        if (day and day < own.found.day) or own.found.day >= added - timedelta(days=1):
            own = None
    found = own.found if own else stated(dateline)
    if not found and (day := inferred(text, upto=upto)):
        found = Published(day=day, at=None, basis="inferred")
    return found


def find_modified(paragraphs: Sequence[str], *, body: int, added: date) -> date | None:
    """The day the article was last changed, where a line says so ("Diperbarui: ...").

    It is no day of publication: an article may be changed weeks later.
    """
    lines = [line for line in _date_lines(paragraphs, body) if _plausible(line, paragraphs, added)]
    updated = _chosen([line for line in lines if line.label == "updated"], body)
    return updated.day if updated else None


def _date_lines(paragraphs: Sequence[str], body: int) -> Iterator[_DateLine]:
    near = max(_TOP, min(body, 4 * _TOP))
    lines = (
        (number, line)
        for number, line in enumerate(paragraphs)
        if len(line) <= _LINE_CHARS
        and (number < near or ((label := _LABEL.match(line)) and label["colon"]))
    )
    for number, line in islice(lines, _DATE_LINES):
        if not _OTHER.match(line):
            for part in _NEXT_LABEL.split(line):
                yield from _date_line(number, part)


def _date_line(number: int, part: str) -> Iterator[_DateLine]:
    label = _LABEL.match(part)
    if not (found := _of_a_line(part[label.end() :] if label else part)):
        return
    kind: Literal["published", "updated", "dated"] | None = None
    if label:
        kind = "published" if label["published"] else "updated" if label["updated"] else "dated"
    yield _DateLine(
        number=number,
        label=kind,
        colon=bool(label and label["colon"]),
        precise=found[1],
        found=found[0],
    )


def _plausible(line: _DateLine, paragraphs: Sequence[str], added: date) -> bool:
    """Whether the date is not to come, and not one that Britons and Americans read differently."""
    if line.found.day > added + timedelta(days=1):
        return False
    written = paragraphs[line.number]
    numbers = _SLASHED.search(written)
    if not numbers or max(int(numbers[1]), int(numbers[2])) > 12 or numbers[1] == numbers[2]:
        return True
    if _WEEKDAY.search(written) or re.search(r"\bWI(?:B|TA|T)\b", written):
        return True
    return language.detect(" ".join(paragraphs)[:4000]) != "en"


def _own(lines: Sequence[_DateLine], body: int, paragraphs: Sequence[str]) -> _DateLine | None:
    """The line that states when this article was published, if one does."""
    above = [line for line in lines if line.number < body]
    for wanted in (("published",), ("dated",), (None,)):
        fitting = [line for line in above if line.label in wanted]
        if fitting:
            return max(fitting, key=lambda line: line.number)
    below = [line for line in lines if line.number >= body and line.label == "published"]
    if len({line.found.day for line in below}) == 1:
        return below[0]
    return next((line for line in lines if _right_under(line, body, paragraphs)), None)


def _right_under(line: _DateLine, body: int, paragraphs: Sequence[str]) -> bool:
    """Whether a line with a weekday or a time stands between a standfirst and the text."""
    if line.label or not line.precise or not body < line.number <= body + _UNDER:
        return False
    if any(_RELATED.match(p) for p in paragraphs[body : line.number]):
        return False
    after = paragraphs[line.number + 1 : line.number + 1 + _UNDER]
    return any(len(p.split()) >= _SENTENCE_WORDS for p in after)


def _chosen(lines: Sequence[_DateLine], body: int) -> Published | None:
    above = [line for line in lines if line.number < body]
    if above:
        return max(above, key=lambda line: line.number).found
    return lines[0].found if len({line.found.day for line in lines}) == 1 else None


def _stamp(value: str) -> tuple[Published, int, int] | None:
    """The first full date in `value`, with its time and zone, and where the date stands."""
    for iso in _ISO.finditer(value):
        if day := _day(int(iso[1]), int(iso[2]), int(iso[3])):
            return _published(day, value, *iso.span()), *iso.span()
    for mention in dates.find(value):
        if mention.kind == "date" and mention.year and mention.month and mention.day:
            day = date(mention.year, mention.month, mention.day)
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
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
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


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

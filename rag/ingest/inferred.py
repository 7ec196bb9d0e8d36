"""Infer the day of publication of a report from the weekdays in it: "Rabu (21/8)".

Of the years from the last one the text names to the day of adding, exactly one must fit all
that the text says. What several years would fit, or what contradicts itself, is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.text import dates
from rag.text.date_tense import has_english_past, sentence_around
from rag.text.dates import DateMention

# Without a year in the text every weekday recurs after 5, 6 or 11 years; an index of older
# articles is rare.
_LOOK_BACK = 20  # years
_HALF_YEAR = 183  # days; another "Rabu (21/8)" means the one nearest to the article
_REPORT_CHARS = 200_000  # a longer text is no report of one day
_REACH = 100  # characters of a sentence looked at before a day

# Right before a day, in its clause, these put it into the future.
_COMING = re.compile(
    r"\b(?:akan|bakal|dijadwalkan|direncanakan|rencananya|berencana|diagendakan|ditargetkan"
    r"|menargetkan|target|diproyeksikan|proyeksi|diperkirakan|diprediksi|lanjutan|berikutnya"
    r"|selanjutnya|visi|will|scheduled|upcoming|slated|expected|forecast|projected|aims?|plans? to"
    r"|(?:is|are) (?:due|set|planned|to|on)|set for|due (?:in|on|to be))\b[^,;.!?\n]*\Z",
    re.IGNORECASE,
)
# These may: "berlaku mulai Rabu (21/8)", "korban hingga Rabu (21/8) 40 orang".
_PERHAPS_COMING = re.compile(
    r"\b(?:(?:mulai|hingga|sampai|sebelum|until|till|before|by|from|for|starting)\s"
    r"(?:dengan\s|hari\s|tahun\s|akhir\s|awal\s)?"
    r"|(?:jelang|menjelang|ditunda|planned|next|begins|starts|opens|postponed)\b[^,;.!?\n]*)\Z",
    re.IGNORECASE,
)
_COMES = re.compile(r"\)?,? (?:mendatang|depan|nanti|next)\b", re.IGNORECASE)
_TALLY = re.compile(
    r"(?:\A|[.!?\n]\s*)(?:hingga|sampai|until|till)\s+(?:hari\s+)?\Z", re.IGNORECASE
)
# What is held on a day may be a report of it or its announcement.
_HELD = re.compile(
    r"\b(?:digelar|berlangsung|dilaksanakan|diselenggarakan|diadakan|dihelat|dimainkan|tayang"
    r"|laga|pertandingan|sidang|konser|match|hearing|concert|trial)\b[^,;.!?\n]*\Z",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:(?:kata|ujar|tutur|ucap|jelas|ungkap|tegas|imbuh|papar|terang|sebut|tandas|kutip)(?:nya)?"
    r"|mengatakan|menyatakan|menyebut(?:kan)?|menegaskan|mengungkap(?:kan)?|menjelaskan|mengaku"
    r"|mengumumkan|memaparkan|menuturkan|dikutip|dilansir|melansir|melaporkan|keterangan"
    r"|konferensi pers|said|says|told|announced|reported|stated|confirmed|according)"
)
_SAID = re.compile(rf"\b{_SAYING}\b", re.IGNORECASE)
_SAYS = re.compile(rf"\)?,?\s(?:\w+\s){{0,2}}{_SAYING}\b", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:(?P<ahead>akan(?! tetapi| hal)|bakal(?! calon)|dijadwalkan|jadwal(?:nya)?|direncanakan"
    r"|rencananya|berencana|merencanakan|diagendakan|ditargetkan|mendatang|will|shall|again on"
    r"|next|plans? to|planning to|planned|scheduled|(?:is|are) (?:due|set|to|expected)|to be held"
    r"|upcoming|meet again|hopes? to|expects? to)"
    rf"|(?P<said>{_SAYING}|disampaikan|menyampaikan|telah|sudah))\b",
    re.IGNORECASE,
)
_ENGLISH_DAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE
)
_OTHER_YEAR = re.compile(
    r"\)?,?\s(?:pada\s|di\s|of\s|in\s)?(?:tahun\s(?:lalu|silam|sebelumnya|depan|itu|kemarin)"
    r"|(?:last|next|the\sprevious|that)\syear|the\syear\sbefore|setahun"
    r"|(?:a|\w+)\syears?\s(?:ago|earlier)|\w+\stahun\s(?:lalu|silam))\b",
    re.IGNORECASE,
)
_OF_OTHER_YEAR = re.compile(
    r"\b(?:tahun\s(?:yang\s)?(?:lalu|silam)|setahun\s(?:lalu|silam)|(?:last|next)\syear"
    r"|tahun\sdepan|years?\sago),?\s(?:(?:pada|tepatnya|on)\s)*\Z",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:kini|sekarang|saat ini|now|today|nowadays)\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?]\s|\n")
_SURE_YEAR = re.compile(
    r"\b(?:sejak|since|semenjak|setelah|after|dari|from|pada|in|during|selama|sepanjang|lahir|born"
    r"|awal|akhir|pertengahan|early|late|mid)[ -](?:tahun |the year )?\Z",
    re.IGNORECASE,
)
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


def inferred(text: str, *, upto: date) -> date | None:
    """The day of publication that the weekdays of a text imply, at most `upto`; None if unsure.

    >>> inferred("Pada Rabu (21/8). Serangan pada 7 Oktober 2023.", upto=date(2026, 1, 1))
    datetime.date(2024, 8, 21)
    """
    if len(text) > _REPORT_CHARS:
        return None
    mentions = [m for m in dates.find(text) if m.kind in ("date", "month", "year")]
    past = [m for m in mentions if not _coming(text, m) and not _perhaps_coming(text, m)]
    named = [m for m in mentions if m.weekday is not None]
    reported = [
        m for m in past if m.weekday is not None and not _announced(text, m) and not _away(text, m)
    ]
    # A report gives its own day as "Rabu (21/8/2024)"; "Jumat, 17 Agustus 1945" is history.
    own = [m for m in reported if m.year and (_said(text, m) or _told(text, m))]
    found = [(day, m) for m in own if (day := _full(m)) and day.year > upto.year - _LOOK_BACK]
    if undated := [m for m in reported if not m.year]:
        fitting = _fitting(undated, _first_year(text, past, upto), upto)
        if len(fitting) != 1:
            return None
        found += fitting.items()
    if not found:
        return None
    day, latest = max(found, key=lambda pair: pair[0])
    earliest, last = _bounds(text, past, upto)
    if not earliest <= day <= last:
        return None
    if not all(_away(text, m) or _agrees(m, day) for m in named) or _doubtful(
        text, named, latest, day
    ):
        return None
    return day


def contradicts(text: str, day: date) -> bool:
    """Whether a weekday in the text is wrong for an article of that day."""
    mentions = [m for m in dates.find(text) if m.kind == "date" and m.weekday is not None]
    return not all(_away(text, m) or _agrees(m, day) for m in mentions)


def _fitting(undated: Sequence[DateMention], first: int, upto: date) -> dict[date, DateMention]:
    """The days that can be the last of some days without a year, by the years from `first` on.

    One can if it is the weekday it should be, and all others are within the year before it:
    so 1 January is later than 31 December when both are mentioned.
    """
    days: dict[date, DateMention] = {}
    for mention in {(m.day, m.month, m.weekday): m for m in undated}.values():
        for year in range(first, upto.year + 1):
            day = _in_year(mention, year)
            if day and day <= upto and all(_precedes(other, day) for other in undated):
                days[day] = mention
    return days


def _precedes(mention: DateMention, day: date) -> bool:
    """Whether a day without a year is that weekday in the year up to a day."""
    meant = [_in_year(mention, day.year), _in_year(mention, day.year - 1)]
    return any(
        one is not None and 0 <= (day - one).days < 365 and one.weekday() == mention.weekday
        for one in meant
    )


def _first_year(text: str, past: Sequence[DateMention], upto: date) -> int:
    """The first year that the article can be of, going by the years that it names.

    A bare year may be the next one ("APBN tahun 2025"), an event's still farther ahead
    ("Pemilu 2024").
    """
    years = [upto.year - _LOOK_BACK]
    for mention in past:
        if mention.year and mention.year <= upto.year and not _of_an_event(text, mention):
            sure = mention.kind != "year" or _SURE_YEAR.search(_before(text, mention))
            years.append(mention.year - (0 if sure else 1))
    return max(years)


def _bounds(text: str, past: Sequence[DateMention], upto: date) -> tuple[date, date]:
    """The first and the last day on which the text can have been written.

    That is not before the last day, month or year it names. Where it says "more than 14 months
    ago", it is so long after the first day it names, since that is the earliest the event can
    have been; and not much longer after the last.
    """
    bounds = [
        date(m.year, m.month or 1, m.day or 1) for m in past if m.year and not _of_an_event(text, m)
    ]
    final = upto
    days = [day for m in past if (day := _full(m)) and day <= upto]
    for elapsed in _ELAPSED.finditer(text) if days else ():
        written = elapsed["count"].lower()
        months = int(written) if written.isdigit() else _NUMBERS[written]
        years = elapsed["unit"].lower() in ("tahun", "year", "years")
        months *= 12 if years else 1
        bounds.append(_later(min(days), months))
        final = min(final, _later(max(days), months + (15 if years else 3)))
    # A bound to come belongs to something that the text does not date.
    return max((bound for bound in bounds if bound <= upto), default=date.min), final


def _later(day: date, months: int) -> date:
    months += day.month - 1
    return date(day.year + months // 12, months % 12 + 1, min(day.day, 28))


def _doubtful(text: str, named: Sequence[DateMention], latest: DateMention, day: date) -> bool:
    """Whether the latest day may be one announced, or a later one be the report's own."""
    days = [(one, m) for m in named if not _away(text, m) and (one := _full(m) or _nearest(m, day))]
    if any(one > day and not _coming(text, m) and not _announced(text, m) for one, m in days):
        return True  # "hingga Rabu (21/8)": a deadline, or the day of a tally
    if any(one == day and _said(text, m) for one, m in days):
        return False
    said = [one for one, m in days if one < day and _said(text, m)]
    held = bool(_HELD.search(_before(text, latest)))
    return bool(said) and (held or day - max(said) > timedelta(days=1))


def _coming(text: str, mention: DateMention) -> bool:
    """Whether the words right before or after a date put it into the future."""
    return bool(_COMING.search(_before(text, mention)) or _COMES.match(text, mention.end))


def _announced(text: str, mention: DateMention) -> bool:
    """Whether its sentence speaks of what is to come: "akan meninjau pasar, Kamis (22/8)".

    The nearest word before it that tells decides, else the first one after it: "Menteri akan
    pergi, kata dia, Rabu (21/8)" is of the day of speaking.
    """
    before, after = sentence_around(text, mention.start, mention.end)
    cues = list(_CUE.finditer(before))
    if cues:
        return cues[-1]["ahead"] is not None
    cue = _CUE.search(after)
    if cue:
        return cue["ahead"] is not None
    if not _ENGLISH_DAY.match(text, mention.start):
        return False
    return not has_english_past(text, mention.start, mention.end)


def _away(text: str, mention: DateMention) -> bool:
    """Whether it is a day of last year, or of the next, by the words beside it."""
    return (
        mention.unit == "year"
        or bool(_OTHER_YEAR.match(text, mention.end))
        or bool(_OF_OTHER_YEAR.search(_before(text, mention)))
    )


def _perhaps_coming(text: str, mention: DateMention) -> bool:
    """Whether a day may be one to come; "Hingga Rabu (21/8)" that opens a sentence is not."""
    before = _before(text, mention)
    return bool(_PERHAPS_COMING.search(before)) and not _TALLY.search(before)


def _said(text: str, mention: DateMention) -> bool:
    """Whether it is told in its sentence who said so on that day."""
    if _SAYS.match(text, mention.end):
        return True
    before = _before(text, mention)
    stop = max((match.end() for match in _STOP.finditer(before)), default=0)
    return bool(_SAID.search(before, stop))


def _before(text: str, mention: DateMention) -> str:
    return text[max(0, mention.start - _REACH) : mention.start]


def _told(text: str, mention: DateMention) -> bool:
    """Whether a full date stands as a report's own, ", Senin (3/3/2025)", in no look back."""
    bracketed = ")" in text[mention.end - 1 : mention.end + 1]
    apart = text[: mention.start].rstrip().endswith((",", "\u2013", "-")) or not text[
        : mention.start
    ].strip(" \n")
    return bracketed and apart and not _NOW.search(text)


def _of_an_event(text: str, mention: DateMention) -> bool:
    """Whether a bare year is part of a name, "Pemilu 2024", and may be still to come."""
    word = dates.word_before(text, mention.start)
    return (
        mention.kind == "year"
        and word[:1].isupper()
        and not _SURE_YEAR.search(_before(text, mention))
    )


def _agrees(mention: DateMention, day: date) -> bool:
    """Whether the weekday is right in the year meant: the one stated, or the nearest."""
    meant = _full(mention) or _nearest(mention, day)
    return meant is not None and meant.weekday() == mention.weekday


def _nearest(mention: DateMention, day: date) -> date | None:
    """A day without a year in the year nearest to another day."""
    years = (day.year - 1, day.year, day.year + 1)
    days = [one for year in years if (one := _in_year(mention, year))]
    days = [one for one in days if abs((one - day).days) <= _HALF_YEAR]
    return min(days, key=lambda one: abs(one - day), default=None)


def _full(mention: DateMention) -> date | None:
    return _in_year(mention, mention.year) if mention.year else None


def _in_year(mention: DateMention, year: int) -> date | None:
    if not mention.month or not mention.day:
        return None
    try:
        return date(year, mention.month, mention.day)
    except ValueError:
        return None

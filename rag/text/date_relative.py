"""Read days told from the day of publication: "kemarin", "pekan lalu", "two weeks ago".

Gives the unit and how many of them lie between; `dates.resolve` counts them off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rag.text.date_mention import DateMention, Unit, word_after, word_before
from rag.text.date_patterns import COUNT_BEFORE, WEEKDAYS
from rag.text.language import word_set

_DAYS = (
    {
        "kemarin lusa": -2,
        "kemarin dulu": -2,
        "kemarin": -1,
        "hari ini": 0,
        "besok": 1,
        "esok": 1,
        "esok hari": 1,
    }
    | {"lusa": 2, "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
    | {"the day before yesterday": -2, "the day after tomorrow": 2}
    | {"last night": -1, "last evening": -1, "tadi malam": -1, "malam tadi": -1}
)
_DAY_PARTS = word_set("dini pagi siang sore petang malam morning afternoon evening night")
_TODAY = word_set("ini tadi nanti this")
_WORDS_OF: tuple[tuple[Unit, str], ...] = (
    ("day", "hari day"),
    ("weekend", "weekend"),
    ("week", "pekan minggu week"),
    ("month", "bulan month"),
    ("quarter", "kuartal quarter"),
    ("year", "tahun year"),
)
_UNITS = {word: unit for unit, words in _WORDS_OF for word in words.split()}
_AWAY = {"lalu": -1, "silam": -1, "kemarin": -1, "last": -1, "ini": 0, "this": 0}
_AWAY |= {"depan": 1, "mendatang": 1, "next": 1}
_UNCOUNTED = word_set("sekian ribuan jutaan miliaran each every the")  # "the last week": a duration
_STORY_AFTER = word_set("harinya of")  # "esok harinya", "last month of the war"

_TITLES = frozenset({"Today", "Yesterday", "Tomorrow", "Tonight"})
_NIGHT_OF = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, WEEKDAYS))})\s(?:dini\shari|pagi|siang|sore|petang|malam)\s\Z",
    re.IGNORECASE,
)
# "dua hari sebelum kemarin", "a year ago today", "a better tomorrow", "lagu Yesterday"
_PART_OF = re.compile(
    r"\b(?:(?:weeks?|days?|nights?|months?|years?|hari|malam|pekan|minggu|bulan|tahun)\s"
    r"(?:from|on|after|before|sebelum|setelah|sesudah)|ago|better|brighter|bright|safer|greener"
    r"|cleaner|happier|new|lagu|tembang|song|film|album|novel|movie)\s\Z",
    re.IGNORECASE,
)
_STORY_END = re.compile(
    r"\s(?:week|fortnight)\b|,\s(?:the|a)\s(?:\w+\s){0,2}(?:song|album|film|hit)\b", re.IGNORECASE
)
_GREEN = re.compile(r"\b(?:anak|bukan|orang|pemain|pendatang)\skemarin\ssore", re.IGNORECASE)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            *("satu one a an", "dua two", "tiga three", "empat four", "lima five", "enam six"),
            *("tujuh seven", "delapan eight", "sembilan nine", "sepuluh ten", "sebelas eleven"),
        ),
        start=1,
    )
    for word in words.split()
} | {"dua belas": 12, "twelve": 12}
# What makes a count inexact, or only the end of a longer one.
_NOT_JUST = word_set(
    "sekitar kira hampir lebih kurang dari setengah dan atau hingga sampai ke per nyaris minimal",
    "about around almost nearly over than roughly approximately some and or to least most under",
    "half hundred thousand twenty thirty forty fifty sixty seventy eighty ninety first last past",
)
# "dua hari lagi" after one of these is two days more; "semalam", one night.
_LASTING = re.compile(
    r"\b(?:selama|(?:mem|di)?perpanjang(?:an)?|menunggu|ditunda|menunda|butuh|(?:mem|di)butuhkan"
    r"|(?:mem|di)perlu(?:kan)?|bertahan|menginap|bermalam|untuk|dalam|tinggal di"
    r"|(?:me|di)?tambah|sehari|tidur|hanya)\b[^.,;!?\n]{0,30}\Z",
    re.IGNORECASE,
)
_FISCAL = re.compile(r"\b(?:fiscal|fiskal|FY|anggaran)\b", re.IGNORECASE)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "pertama": 1,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
} | {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_S = r"[ \t\u00a0]{1,2}"
_COUNT = rf"[0-9]{{1,3}}|dua{_S}belas|{'|'.join(n for n in _NUMBERS if ' ' not in n)}"
# Read only where days are resolved: elsewhere "14 bulan" is a number to be compared.
COUNTED_PLACES = {
    **dict.fromkeys((*(n for n in _NUMBERS if " " not in n), "in", "semalam", "nanti"), "count"),
    **dict.fromkeys(("sehari", "sepekan", "seminggu", "sebulan", "setahun"), "count"),
    **dict.fromkeys(("q", "kuartal", "triwulan", "first", "second", "third", "fourth"), "quarter"),
}
COUNTED_PATTERNS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "counted",  # dua hari yang lalu, sepekan lalu, two days ago, in three weeks
        ("count", "digit"),
        re.compile(
            rf"(?<![\w.,:/$-])(?:(?P<night>semalam|nanti{_S}malam)\b"
            rf"|(?:(?P<in>in){_S})?(?:(?P<count>{_COUNT})(?:{_S}|-)|se)"
            r"(?P<unit>hari|pekan|minggu|bulan|tahun|day|week|month|year)(?:s\b|['’]s?\b|\b)['’]?"
            rf"(?:{_S}(?P<way>(?:yang{_S})?(?:lalu|silam)|lagi|ago|time)\b)?)",
            re.IGNORECASE,
        ),
    ),
    (
        "quarter",  # Q3 2024, kuartal III 2024, the third quarter of 2024
        ("quarter",),
        re.compile(
            rf"\b(?:Q(?P<digit>[1-4])|(?:kuartal|triwulan){_S}(?:ke-?)?"
            r"(?P<roman>iv|i{1,3}|[1-4]|pertama|kedua|ketiga|keempat)"
            rf"|(?P<word>first|second|third|fourth)[ -]quarter(?:{_S}of)?)"
            rf"(?:{_S}|[-/])(?:tahun{_S})?(?P<year>(?:19|20)[0-9]{{2}})(?![\w/-])",
            re.IGNORECASE,
        ),
    ),
)


def counted_before(text: str, at: int) -> bool:
    """Whether a number stands right before a place, so that what follows is counted."""
    word = word_before(text, at)
    return word[-1:].isdigit() or word.lower() in COUNT_BEFORE


def relative(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "kemarin", "malam ini", "akhir pekan lalu", "next month"."""
    start, end = match.span()
    if counted_before(text, start):
        return  # "14 bulan lalu" is a duration
    if match.group().startswith("Minggu") and word_before(text, start):
        return  # inside a sentence the capital makes it Sunday
    unit, offset = _told(match.group().lower().split())
    before = word_before(text, start)
    if unit == "day" and before.lower() in WEEKDAYS and text[start - 1] not in ".,-–":
        return  # "Jumat besok" is one day, and told by its name
    if unit == "day" and _NIGHT_OF.search(text[max(0, start - 24) : start]):
        return  # "Sabtu malam besok" too
    first = match.group()[0]
    loose = (
        before.lower() in _UNCOUNTED
        or word_after(text, end).lower() in _STORY_AFTER
        or "-" in (text[start - 1 : start], text[end : end + 1])  # "tahun-tahun lalu"
        or match.group().startswith(("Minggu", "MINGGU"))  # the week or Sunday
        or (match.group() in _TITLES and bool(before))  # USA Today
        or bool(_PART_OF.search(text[max(0, start - 40) : start]))
        or bool(_STORY_END.match(text, end))
        or (
            match.group().lower() == "kemarin"
            and bool(_GREEN.search(text[max(0, start - 24) : end + 8]))
        )
        or (first in "eE" and before.lower() == "hari")  # "hari esok": the future
    )
    yield DateMention(
        start=start,
        end=end,
        kind="relative",
        precision="vague",
        unit=unit,
        offset=offset,
        loose=loose,
    )


def _told(words: list[str]) -> tuple[Unit | None, int | None]:
    """The unit and the offset that words such as "akhir pekan lalu" tell; neither if unclear."""
    told = " ".join(words)
    if told in _DAYS:
        return "day", _DAYS[told]
    if any(word in _DAY_PARTS for word in words):
        if "kemarin" in words:
            return "day", -1
        return ("day", 0) if any(word in _TODAY for word in words) else (None, None)
    words = [word for word in words if word != "yang"]
    unit = next((_UNITS[word] for word in words if word in _UNITS), None)
    offset = next((_AWAY[word] for word in words if word in _AWAY), None)
    if unit is None or offset is None or (words[-1] == "mendatang" and unit != "week"):
        return None, None  # "tahun mendatang" may be any year to come
    if unit == "week" and words[0] == "akhir":
        unit = "weekend"
    return unit, offset


def counted(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "dua hari yang lalu", "sepekan lalu", "in two days"; a bare "two days" is a duration."""
    start, end = match.span()
    before = text[max(0, start - 50) : start]
    if match["night"]:
        offset = -1 if match["night"].lower() == "semalam" else 0
        if offset and (
            _LASTING.search(before)
            or counted_before(text, start)  # "Rp150.000 semalam": a night
            or word_before(text, start).lower() in ("ribu", "juta", "per")
            or word_after(text, end).lower() == "suntuk"
        ):
            return
        yield _amount(start, end, "day", offset)
        return
    count, way = (match["count"] or "satu").lower(), (match["way"] or "").lower()
    number = int(count) if count.isdigit() else _NUMBERS[" ".join(count.split())]
    unit = _UNITS[match["unit"].lower()]
    ahead = bool(match["in"])
    if way == "ago":
        offset = -number
    elif way and way != "time" and _LASTING.search(before):
        return  # "menginap dua hari lalu pulang"
    elif way.endswith(("lalu", "silam")):
        offset = -number
    elif way == "lagi" or (ahead and way in ("", "time")):
        offset = number
    else:
        return
    if ahead and offset < 0:
        start = match.start("count")
    led = word_before(text, match.start()).lower()
    if (
        number == 0
        or (number % 5 == 0 and number >= 10 and unit != "day")  # a round figure
        or match["unit"].startswith("Minggu")  # Sundays
        or led in _NOT_JUST
        or counted_before(text, match.start())
        or (ahead and word_after(text, end).lower() in {"of", "after", "before", "since"})
    ):
        return
    yield _amount(start, end, unit, offset, side="unsure" if ahead else None)


def _amount(
    start: int, end: int, unit: Unit, offset: int, side: Literal["unsure"] | None = None
) -> DateMention:
    return DateMention(
        start=start,
        end=end,
        kind="relative",
        precision="vague",
        unit=unit,
        offset=offset,
        side=side,
        rough=unit != "day",
    )


def quarter(text: str, match: re.Match[str]) -> Iterator[DateMention]:
    """ "kuartal III 2024"; the quarters of a fiscal year are each company's own."""
    start, end = match.span()
    if _FISCAL.search(text[max(0, start - 24) : end + 24]):
        return
    named = match["digit"] or match["roman"] or match["word"]
    yield DateMention(
        start=start,
        end=end,
        kind="quarter",
        precision="month",
        year=int(match["year"]),
        quarter=_ROMAN[named.lower()],
    )

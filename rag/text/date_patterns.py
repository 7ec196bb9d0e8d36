"""The words and patterns that `dates` reads: months, weekdays, clock times, years.

Holds no judgement: what a match means, and whether it is a date at all, `dates` decides.
Every repetition is bounded, so each pattern takes constant time at one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text.language import word_set


def _numbered(first: int, *lines: str) -> dict[str, int]:
    return {name: number for number, line in enumerate(lines, first) for name in line.split()}


MONTHS = _numbered(
    1,
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt ags agst aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
INDONESIAN_MONTHS = word_set(
    "januari februari pebruari maret mei juni juli agustus oktober nopember desember agu agt ags",
    "agst okt nop des peb",
)
# Words or names of their own too; alone they need a word beside them that only dates have.
UNSURE_MONTHS = word_set("may march august april june mei juni juli")
WEEKDAYS = _numbered(
    0,
    "senin monday mon",
    "selasa tuesday tues tue",
    "rabu wednesday wed",
    "kamis thursday thurs thur thu",
    "jumat jum'at jum’at friday fri",
    "sabtu saturday sat",
    "minggu ahad sunday sun",
)
SHORT_WEEKDAYS = word_set("mon tue tues wed thu thur thurs fri sat sun")
HOURS = _numbered(
    1,
    *("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan"),
    *("sembilan", "sepuluh", "sebelas"),
)

DATE_BEFORE = word_set("tanggal tgl pada per hingga sampai sejak on since until kemarin lalu malam")
MONTH_BEFORE = word_set(
    "in since until last next early late mid by of during from till through between bulan pada",
    "sejak hingga sampai awal akhir pertengahan medio tanggal antara dari per",
)
YEAR_BEFORE = word_set(
    "tahun pada in since sejak until hingga during selama mid early late awal akhir medio musim",
    "pertengahan edisi periode circa sebelum setelah before after by from dari sampai antara",
    "between of lahir born died di per year years season till through menjelang jelang untuk",
)
ROUGHLY = word_set(
    "sekitar about around approximately hampir nearly over than almost lebih kurang some",
)
NEVER_BEFORE_YEAR = word_set("rp usd idr us nomor no sebanyak sejumlah boeing harga")
COUNT_BEFORE = word_set(
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus ribu",
    "beberapa berapa puluhan ratusan setengah",
)
# What is counted: a number before one of these is no year and no day.
COUNTED = word_set(
    "orang warga jiwa korban tentara personel pasukan penonton peserta mahasiswa siswa guru buruh",
    "pekerja karyawan pengungsi sandera ekor buah unit rumah kursi suara kamar halaman kali kepala",
    "hari minggu pekan bulan tahun jam menit detik meter km kilometer cm mm kg kilogram ton hektar",
    "hektare ha liter mw watt dolar dollar rupiah persen ribu juta miliar triliun kasus bibit mil",
    "people soldiers troops years days months weeks hours minutes seconds miles metres meters feet",
    "tons tonnes dollars pounds euros percent million billion thousand hundred times guests units",
    "students workers employees members houses homes men women children votes deaths cases points",
    "words pages seats victims refugees hostages residents delegates species",
)

# The words a pattern may begin with, by the name of the place they make (see `PATTERNS`).
_PLACES = {
    "weekday": [*WEEKDAYS, "jum"],
    "month": [*MONTHS],
    "clock": ["pukul", "jam", "pkl"],
    "lead": ["last", "next", "this", "past"],
    "relative": [
        *("kemarin", "hari", "besok", "lusa", "esok", "tadi", "dini", "pagi", "siang", "sore"),
        *("malam", "petang", "akhir", "awal", "pertengahan", "pekan", "minggu", "bulan", "tahun"),
        *("dekade", "abad", "semester", "kuartal", "musim", "yesterday", "today", "tomorrow"),
        *("tonight", "the", "last", "this", "next", "past", "previous", "coming"),
    ],
}
PLACES: dict[str, tuple[str, ...]] = {}
for _place, _names in _PLACES.items():
    for _name in _names:
        PLACES[_name] = (*PLACES.get(_name, ()), _place)


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)))


def _compile(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_S = r"[ \t\u00a0]{1,2}"
_O = r"[ \t\u00a0]{0,2}"
_FREE = r"(?<![\w.,:/])(?<![0-9][-–])"  # not inside another number
_D = r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
_Y = r"(?:1[0-9]{3}|20[0-9]{2}|2100)(?![0-9])(?![.,:/][0-9])"
_MONTH = rf"(?P<month>{_any(MONTHS)})\b\.?"
_PART = rf"dini{_S}hari|pagi|siang|sore|petang|malam"
_MOD = (
    rf"(?:{_S}(?:{_PART}|lalu|kemarin|ini|depan|mendatang|besok|nanti|night|morning|afternoon"
    r"|evening)\b){0,2}"
)
_WEEKDAY = rf"\b(?P<weekday>{_any(WEEKDAYS)})\b"
_LED = rf"(?:{_WEEKDAY}\.?{_MOD},?{_S}(?:(?:tanggal|tgl\.?|the){_S})?)?"
_BRACKET = rf"{_WEEKDAY}\.?{_MOD},?{_O}\({_O}"
_SUFFIX = r"(?:st|nd|rd|th)?"
_LINK = (
    rf"(?:,{_O}|{_O}[-–—]{_O}|,?{_S}(?:dan|and|hingga|sampai(?:{_S}dengan)?|to|atau|or|s/d|s\.d\.|&)"
    rf"{_S})"
)
_DAYS = rf"(?P<days>{_D}{_SUFFIX}(?:{_LINK}{_D}{_SUFFIX}){{0,5}})"
_SLASHED = rf"(?P<d>{_D}){_O}/{_O}(?P<m>[0-9]{{1,2}})(?:{_O}/{_O}(?P<y>[0-9]{{4}}|[0-9]{{2}}))?"
_ZONE = r"(?:WIB|WITA|WIT|GMT|UTC|EST|EDT|PST|PDT|CET|BST)\b"
_HOUR = r"(?:[01]?[0-9]|2[0-4])(?![0-9])"
_MINUTE = r"[0-5][0-9](?![0-9])"
_SECONDS = rf"(?:[.:]{_MINUTE})?"
_AM_PM = r"a\.m\.?|p\.m\.?|am\b|pm\b"
_UNTIL = (
    rf"(?:{_O}(?:[-–—]|hingga|sampai|to|until|s\.d\.){_O}"
    rf"(?P<h2>{_HOUR})[.:](?P<m2>{_MINUTE}){_SECONDS})?"
)
_BARE_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|2100)(?![0-9])"
_TERM = r"(?:pekan|minggu|bulan|tahun|dekade|abad|semester|kuartal|musim)"
_WHICH = r"(?:lalu|ini|depan|mendatang|kemarin|silam|berikutnya|sebelumnya)"
_PERIOD = (
    r"(?:weekend|week|month|year|decade|century|night|morning|afternoon|evening|quarter|spring"
    r"|summer|autumn|winter)"
)

# Each pattern with the name of its reader in `dates` and the places it may begin at, in order
# of trust: what an earlier one takes, a later one cannot.
PATTERNS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "year_first",  # 2024-08-21
        ("digit",),
        _compile(
            r"(?<![\w.,/-])(?P<y>[0-9]{4})(?P<by>[-/])(?P<m>[0-9]{1,2})(?P=by)(?P<d>[0-9]{1,2})",
            r"(?![0-9/-])",
        ),
    ),
    (
        "numeric",  # Selasa malam (20/8)
        ("weekday",),
        _compile(rf"{_WEEKDAY}\.?{_MOD},?{_O}\({_O}{_SLASHED}{_O}\)"),
    ),
    (
        "numeric",  # (20-21/8)
        ("digit",),
        _compile(rf"(?<=\()(?P<first>{_D}){_O}[-–—]{_O}{_SLASHED}(?={_O}\))"),
    ),
    ("numeric", ("weekday",), _compile(rf"{_WEEKDAY}{_MOD},?{_S}{_SLASHED}(?![/\w])")),
    ("numeric", ("digit",), _compile(rf"{_FREE}{_SLASHED}(?![/\w])(?![.,][0-9])")),
    (
        "numeric",  # 21-8-2024, 21.8.2024
        ("digit",),
        _compile(
            rf"{_FREE}(?P<d>{_D})(?P<by>[-.])(?P<m>[0-9]{{1,2}})(?P=by)",
            r"(?P<y>(?:19|20)[0-9]{2})(?![\w-])",
        ),
    ),
    (
        "written",  # Rabu (21 Agustus 2024)
        ("weekday",),
        _compile(rf"{_BRACKET}{_DAYS}{_S}{_MONTH}(?:,?{_S}(?P<year>{_Y}))?{_O}\)"),
    ),
    (
        "written",  # Wednesday (Aug. 21)
        ("weekday",),
        _compile(rf"{_BRACKET}{_MONTH}{_S}{_DAYS}(?:,?{_S}(?P<year>{_Y}))?{_O}\)"),
    ),
    (
        "written",  # Rabu, 21 Agustus 2024; 15 and 16 August
        ("weekday", "digit"),
        _compile(
            rf"{_LED}{_FREE}{_DAYS}[ \t\u00a0-]{{1,2}}(?:of{_S})?{_MONTH}",
            rf"(?:[,-]?{_O}(?:tahun{_S})?(?P<year>{_Y}))?",
        ),
    ),
    (
        "written",  # Wednesday, Aug. 21, 2024
        ("weekday", "month"),
        _compile(rf"{_LED}\b{_MONTH}{_S}{_DAYS}(?![.,:][0-9]|%)(?:,?{_S}(?P<year>{_Y}))?"),
    ),
    (
        "two_months",  # Januari-Maret 2024
        ("month",),
        _compile(
            rf"\b(?P<first>{_any(MONTHS)})\b\.?{_LINK}{_MONTH},?{_S}(?:tahun{_S})?(?P<year>{_Y})"
        ),
    ),
    (
        "month",  # Agustus 2024, November lalu, last November
        ("lead", "month"),
        _compile(
            rf"(?:\b(?P<before>last|next|this){_S})?\b{_MONTH}(?:,?{_S}(?:of{_S}|tahun{_S})?",
            rf"(?P<year>{_Y})|{_S}(?P<after>lalu|silam|ini|depan|mendatang|nanti|kemarin)\b)?",
        ),
    ),
    (
        "clock",  # pukul 14.05 WIB, jam 10, pukul 08.00-10.00
        ("clock",),
        _compile(
            rf"\b(?P<intro>pukul|jam|pkl\.?){_S}(?P<first>(?P<h1>{_HOUR})",
            rf"(?:(?:[.:]|\.{_S}(?={_MINUTE}{_S}{_ZONE}))(?P<m1>{_MINUTE}){_SECONDS})?){_UNTIL}",
            rf"(?:{_O}(?P<zone>{_ZONE})|{_S}(?P<part>(?:{_PART})\b|{_AM_PM}))?",
        ),
    ),
    (
        "clock",  # 14.05 WIB, 14:05, 5:30 pm
        ("digit",),
        _compile(
            rf"{_FREE}(?P<first>(?P<h1>{_HOUR})[.:](?P<m1>{_MINUTE}){_SECONDS}){_UNTIL}",
            rf"(?![.,:/][0-9])(?:{_O}(?P<zone>{_ZONE})|{_O}(?P<part>{_AM_PM}))?(?!\w)",
        ),
    ),
    (
        "clock",  # 5 p.m.
        ("digit",),
        _compile(
            rf"{_FREE}(?P<first>(?P<h1>1[0-2]|0?[1-9])(?![0-9]))(?P<m1>){_O}(?P<part>{_AM_PM})"
        ),
    ),
    (
        "hour_in_words",  # pukul tujuh pagi
        ("clock",),
        _compile(
            rf"\b(?:pukul|jam){_S}(?P<hour>dua{_S}belas|{_any(HOURS)})\b",
            rf"(?!{_S}(?:puluh|belas|ratus|ribu|juta|menit|jam)\b|-)(?:{_S}(?P<part>{_PART})\b)?",
        ),
    ),
    (
        "relative",  # kemarin, tahun lalu, last week
        ("relative",),
        _compile(
            rf"\b(?:kemarin{_S}(?:lusa|dulu)|kemarin|hari{_S}ini|besok{_S}lusa|esok{_S}lusa|besok|lusa|esok{_S}hari",
            rf"|esok|tadi{_S}(?:{_PART})|(?:{_PART}){_S}(?:ini|tadi|kemarin|nanti)",
            rf"|(?:(?:akhir|awal|pertengahan){_S})?{_TERM}{_S}(?:yang{_S})?{_WHICH}",
            rf"|yesterday|today|tomorrow|tonight|the{_S}day{_S}before{_S}yesterday",
            rf"|the{_S}day{_S}after{_S}tomorrow",
            rf"|(?:last|this|next|past|previous|coming){_S}{_PERIOD})\b",
        ),
    ),
    (
        "weekday",  # Rabu pagi, last Tuesday
        ("lead", "weekday"),
        _compile(rf"(?:\b(?P<lead>last|next|this|past){_S})?{_WEEKDAY}{_MOD}"),
    ),
    (
        "years",  # 2019, 1980-an, 2004-2007, 2023/24
        ("digit",),
        _compile(
            rf"(?<![\w.,:/$€£¥-])(?P<first>{_BARE_YEAR})(?:(?P<decade>-?an\b|s\b)",
            rf"|{_O}[-–—/]{_O}(?P<second>{_BARE_YEAR}|[0-9]{{2}}(?![0-9]))(?:-an\b|s\b)?)?",
            r"(?!\w)(?![.,:/][0-9])(?![-–]\w)",
        ),
    ),
)

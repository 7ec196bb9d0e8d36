"""Which days the words of a text mean, told from the day on which it was published."""

from __future__ import annotations

from datetime import date

import pytest

from rag.text.dates import Period, find, resolve
from tests.text.days import WEDNESDAY, told


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Ia tiba pada 20 Agustus 2024.", ["8-20"]),
        ("Rabu (21/8/2024)", ["8-21"]),
        ("sejak 7 Oktober 2023", ["2023-10-7"]),
        ("since 7 October 2023", ["2023-10-7"]),
        ("on 20/8", ["8-20"]),
        ("Selasa (20/8)", ["8-20"]),
        ("Selasa malam (20/8)", ["8-20"]),
        ("Wednesday (Aug. 21)", ["8-21"]),
        ("Wednesday, Aug. 21", ["8-21"]),
        ("Kamis, tanggal 22 Agustus", ["8-22"]),
        ("pada 15 dan 16 Agustus", ["8-15", "8-16"]),
        ("on 15 and 16 August", ["8-15", "8-16"]),
        ("15-17 Agustus", ["8-15..8-17"]),
        ("from 15 to 17 August", ["8-15..8-17"]),
        ("(20-21/8)", ["8-20..8-21"]),
        ("30 Agustus-2 September 2023", ["2023-8-30..2023-9-2"]),
        ("30 Desember-2 Januari 2024", ["2023-12-30..1-2"]),
        ("pada 12 Mei di tahun 1998", ["1998-5-12", "1998-1-1..1998-12-31"]),
        ("pada tahun 2019", ["2019-1-1..2019-12-31"]),
        ("2004-2007", ["2004-1-1..2007-12-31"]),
        ("pada 1980-an", ["1980-1-1..1989-12-31"]),
        ("in the 1990s", ["1990-1-1..1999-12-31"]),
        ("pada awal Agustus 2024", ["8-1..8-31"]),
        ("Januari-Maret 2024", ["1-1..3-31"]),
        ("Q3 2024", ["7-1..9-30"]),
        ("kuartal III 2024", ["7-1..9-30"]),
        ("the fourth quarter of 2023", ["2023-10-1..2023-12-31"]),
        ("21/8/98", ["1998-8-21"]),
    ],
)
def test_days_by_their_date(text: str, days: list[str]) -> None:
    """A date, a range of dates, a month, a quarter, a year or a decade means its days."""
    assert told(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("kemarin", ["8-20"]),
        ("kemarin lusa", ["8-19"]),
        ("hari ini", ["8-21"]),
        ("besok", ["8-22"]),
        ("lusa", ["8-23"]),
        ("tadi malam", ["8-20"]),
        ("Gempa semalam", ["8-20"]),
        ("malam ini", ["8-21"]),
        ("tadi pagi", ["8-21"]),
        ("yesterday", ["8-20"]),
        ("today", ["8-21"]),
        ("tomorrow", ["8-22"]),
        ("tonight", ["8-21"]),
        ("last night", ["8-20"]),
        ("the day before yesterday", ["8-19"]),
        ("the day after tomorrow", ["8-23"]),
        ("pekan lalu", ["8-12..8-18"]),
        ("minggu lalu", ["8-12..8-18"]),
        ("pekan ini", ["8-19..8-25"]),
        ("pekan depan", ["8-26..9-1"]),
        ("last week", ["8-12..8-18"]),
        ("this week", ["8-19..8-25"]),
        ("next week", ["8-26..9-1"]),
        ("akhir pekan ini", ["8-24..8-25"]),
        ("akhir pekan lalu", ["8-17..8-18"]),
        ("this weekend", ["8-24..8-25"]),
        ("bulan lalu", ["7-1..7-31"]),
        ("bulan ini", ["8-1..8-31"]),
        ("bulan depan", ["9-1..9-30"]),
        ("last month", ["7-1..7-31"]),
        ("next month", ["9-1..9-30"]),
        ("kuartal lalu", ["4-1..6-30"]),
        ("tahun lalu", ["2023-1-1..2023-12-31"]),
        ("tahun ini", ["1-1..12-31"]),
        ("next year", ["2025-1-1..2025-12-31"]),
        ("dua hari lalu", ["8-19"]),
        ("3 hari yang lalu", ["8-18"]),
        ("two days ago", ["8-19"]),
        ("dua hari lagi", ["8-23"]),
        ("They will meet in two days.", ["8-23"]),
    ],
)
def test_days_told_from_publication(text: str, days: list[str]) -> None:
    """Words such as "kemarin" and "pekan depan" count from the day of publication."""
    assert told(text) == days
    assert told(text, None) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        # Seven days before are 14 August.
        ("sepekan lalu", ["8-13..8-15"]),
        ("seminggu lalu", ["8-13..8-15"]),
        ("a week ago", ["8-13..8-15"]),
        ("dua minggu lalu", ["8-6..8-8"]),
        ("three weeks ago", ["7-30..8-1"]),
        ("sebulan lalu", ["7-1..7-31"]),
        ("dua bulan silam", ["6-1..6-30"]),
        ("setahun lalu", ["2023-1-1..2023-12-31"]),
        ("setahun silam", ["2023-1-1..2023-12-31"]),
        ("two years ago", ["2022-1-1..2022-12-31"]),
    ],
)
def test_so_many_weeks_ago(text: str, days: list[str]) -> None:
    """ "A week ago" is that day or one beside it, "two years ago" that year of the calendar."""
    assert told(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Blinken tiba Selasa.", ["8-20"]),
        ("He arrived on Tuesday.", ["8-20"]),
        ("Ia pulang pada Rabu pagi.", ["8-21"]),
        ("Police arrested two men on Thursday night.", ["8-15"]),
        ("Selasa lalu", ["8-20"]),
        ("Rabu lalu", ["8-14"]),
        ("last Wednesday", ["8-14"]),
        ("Selasa depan", ["8-27"]),
        ("Rabu mendatang", ["8-28"]),
        ("next Tuesday", ["8-27"]),
        ("this coming Friday", ["8-23"]),
        ("Kamis ini", ["8-22"]),
        ("Senin kemarin", ["8-19"]),
        ("Jumat besok", ["8-23"]),
        ("Selasa pekan lalu", ["8-13"]),
        ("Tuesday of last week", ["8-13"]),
        ("Kamis pekan depan", ["8-29"]),
        ("since Monday", ["8-19"]),
        ("Mereka akan bertemu Jumat.", ["8-23"]),
        ("Blinken dijadwalkan tiba Kamis.", ["8-22"]),
        ("The council will meet on Friday, officials said on Tuesday.", ["8-23", "8-20"]),
        ("On Friday, the council will vote.", ["8-23"]),
        ("Sidang digelar hari ini, Rabu.", ["8-21", "8-21"]),
        ("Selasa dan Rabu pekan depan", ["8-27", "8-28"]),
        ("Senin dan Selasa lalu", ["8-19", "8-20"]),
        ("last week on Tuesday", ["8-12..8-18", "8-13"]),
        ("The bank said on Tuesday that it would close.", ["8-20"]),
    ],
)
def test_weekdays(text: str, days: list[str]) -> None:
    """A report's weekday is the last one, itself included; "lalu" and "depan" exclude it."""
    assert told(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("pada Minggu, Netanyahu", ["8-18"]),
        ("hari minggu", ["8-18"]),
        ("pada Minggu lalu", ["8-18"]),
        ("Minggu (25/8)", ["8-25"]),
        ("pada minggu ini", ["8-19..8-25"]),
        ("Minggu lalu ia datang.", []),  # the week, or Sunday
        ("jeda satu minggu yang berhasil", []),
        ("malam Minggu", []),  # the evening before
    ],
)
def test_minggu(text: str, days: list[str]) -> None:
    """ "minggu" is a week and "Minggu" a Sunday; where it may be either it is not resolved."""
    assert told(text) == days


@pytest.mark.parametrize(
    ("text", "published", "days"),
    [
        ("pada 21 Agustus ia", date(2024, 8, 25), ["8-21"]),
        ("pada 21 Agustus ia", date(2025, 1, 5), ["8-21"]),
        ("akan digelar pada 30 Agustus", WEDNESDAY, ["8-30"]),
        ("will open on March 1", WEDNESDAY, ["2025-3-1"]),
        ("Pendaftaran dibuka 27 Agustus", WEDNESDAY, ["8-27"]),
        ("sejak 1 November", WEDNESDAY, ["2023-11-1"]),
        ("pada 20 November lalu", WEDNESDAY, ["2023-11-20"]),
        ("pada 20 Agustus tahun lalu", WEDNESDAY, ["2023-8-20"]),
        ("30 September tahun ini", WEDNESDAY, ["9-30"]),
        ("pada 31 Desember", date(2025, 1, 2), ["12-31"]),
        ("pada 2 Januari", date(2024, 12, 28), ["2025-1-2"]),
        ("29 Februari", date(2024, 3, 1), ["2-29"]),
        ("29 Februari", date(2023, 3, 1), []),
        ("15 dan 16 Agustus tahun lalu", WEDNESDAY, ["2023-8-15", "2023-8-16"]),
        ("15-16 November lalu", WEDNESDAY, ["2023-11-15..2023-11-16"]),
        ("dari 15 sampai dengan 17 Agustus", WEDNESDAY, ["8-15..8-17"]),
        ("20 Agustus kemarin", date(2024, 8, 25), ["8-20"]),
        ("Tahun lalu, pada 20 Juni", WEDNESDAY, ["2023-1-1..2023-12-31", "2023-6-20"]),
        ("Dua tahun lalu, kata dia pada 20 Juni", WEDNESDAY, ["2022-1-1..2022-12-31"]),
        ("pada 27 November", WEDNESDAY, []),  # the last one, or the next
        ("hingga 2 Januari", WEDNESDAY, []),
        ("serangan 7 Oktober", date(2024, 11, 20), []),  # a name, of 2023
        ("setiap 17 Agustus", WEDNESDAY, []),
        (
            "Pada 1998 ada krisis. Pada 12 Mei mahasiswa tewas.",
            WEDNESDAY,
            ["1998-1-1..1998-12-31"],
        ),
        ("born on 5 May 1960 and married on 7 June", WEDNESDAY, ["1960-5-5"]),
    ],
)
def test_a_date_without_a_year(text: str, published: date, days: list[str]) -> None:
    """The nearest year that the words allow is meant; with two that may be, none is."""
    assert told(text, published) == days


@pytest.mark.parametrize(
    ("published", "day"),
    [
        (date(2024, 8, 22), date(2024, 8, 20)),
        (date(2025, 3, 1), date(2024, 8, 20)),  # 20/8/2025, nearer, is no Tuesday
        (date(2026, 8, 22), None),  # a Thursday; 2024 is too long ago
        (date(2023, 8, 25), None),  # a slip of the report: the Tuesday is a year ahead
    ],
)
def test_the_weekday_tells_the_year(published: date, day: date | None) -> None:
    """ "Selasa (20/8)" is the nearest 20 August that was a Tuesday, within a year."""
    (mention,) = find("Selasa (20/8)")
    assert resolve(mention, published=published) == (day and Period(first=day, last=day))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("pada Juni", ["6-1..6-30"]),
        ("Agustus lalu", ["2023-8-1..2023-8-31"]),
        ("pada November lalu", ["2023-11-1..2023-11-30"]),
        ("last June", ["6-1..6-30"]),
        ("this August", ["8-1..8-31"]),
        ("September mendatang", ["9-1..9-30"]),
        ("Lakon itu akan dibawa ke Singapura pada Januari.", ["2025-1-1..2025-1-31"]),
        ("November tahun lalu", ["2023-11-1..2023-11-30"]),
        ("August last year", ["2023-8-1..2023-8-31"]),
        ("pada November", []),
    ],
)
def test_months(text: str, days: list[str]) -> None:
    """A month alone is the last one, or the next where the text says it is to come."""
    assert told(text) == days

"""Dates in text: what is found, what it says, and what is left alone."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.dates import find, parse_date


def days(text: str) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(text[m.start : m.end], m.year, m.month, m.day) for m in find(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.kind) for m in find(text)]


@pytest.mark.parametrize(
    "written",
    [
        "21 Agustus 2024",
        "Agustus 21, 2024",
        "August 21st, 2024",
        "21 Aug 2024",
        "21 Agt. 2024",
        "2024-08-21",
        "2024/08/21",
        "21/8/2024",
        "21-8-2024",
        "21.8.2024",
        "8/21/2024",
        "21st of August 2024",
        "21 Agustus tahun 2024",
        "Rabu (21/8/2024)",
        "Rabu, 21 Agustus 2024",
        "Wednesday, Aug. 21, 2024",
        "Wednesday (August 21, 2024)",
        "Rabu (21 Agustus 2024)",
        "21/8/24",
    ],
)
def test_full_date(written: str) -> None:
    """However a full date is written, it is found whole, in the middle of a sentence."""
    assert days(f"Ia tiba {written}, lalu pergi.") == [(written, 2024, 8, 21)]


@pytest.mark.parametrize(
    ("written", "day", "month", "weekday"),
    [
        ("Selasa (20/8)", 20, 8, 1),
        ("Selasa malam (20/8)", 20, 8, 1),
        ("Kamis (23/11)", 23, 11, 3),
        ("Jumat 12 Juli", 12, 7, 4),
        ("Minggu (25/8)", 25, 8, 6),
        ("Sat., Aug 3", 3, 8, 5),
        ("Wednesday (Aug. 21)", 21, 8, 2),
        ("Rabu (21 Agustus)", 21, 8, 2),
        ("Rabu, tanggal 21 Agustus", 21, 8, 2),
        ("Tuesday the 20th of August", 20, 8, 1),
    ],
)
def test_weekday_with_a_date(written: str, day: int, month: int, weekday: int) -> None:
    """A weekday and the date beside it are one mention."""
    (only,) = find(f"Ia tiba {written} usai rapat")
    assert (only.day, only.month, only.weekday, only.year) == (day, month, weekday, None)
    assert f"Ia tiba {written} usai"[only.start : only.end] == written


def test_a_year_of_two_figures() -> None:
    """98 is 1998 and 24 is 2024: a report names what was or what comes soon."""
    assert days("pada 21/8/98 dan 21/8/24") == [
        ("21/8/98", 1998, 8, 21),
        ("21/8/24", 2024, 8, 21),
    ]


def test_several_days() -> None:
    """A list or a range of days gives one mention for each day, all with the month."""
    assert days("di Doha pada 15 dan 16 Agustus.") == [
        ("15", None, 8, 15),
        ("16 Agustus", None, 8, 16),
    ]
    assert days("15-16 August 2024") == [("15", 2024, 8, 15), ("16 August 2024", 2024, 8, 16)]
    assert [d[3] for d in days("pada 15, 16 dan 17 Agustus")] == [15, 16, 17]
    assert days("(20-21/8)") == [("20", None, 8, 20), ("21/8", None, 8, 21)]
    assert days("30 Agustus-2 September 2024") == [
        ("30 Agustus", None, 8, 30),
        ("2 September 2024", 2024, 9, 2),
    ]
    assert days("skor 3-1, 5 Mei") == [("5 Mei", None, 5, 5)]


def test_month() -> None:
    """A month stands with a year, with "lalu" or "last", or alone when it can be nothing else."""
    assert days("Pada November lalu, Doha") == [("November lalu", None, 11, None)]
    assert days("pada Agustus 2024.") == [("Agustus 2024", 2024, 8, None)]
    assert days("this August") == [("this August", None, 8, None)]
    assert days("November tahun lalu") == [("November tahun lalu", None, 11, None)]
    assert days("August last year") == [("August last year", None, 8, None)]
    assert days("last November") == [("last November", None, 11, None)]
    assert days("Januari-Maret 2024") == [
        ("Januari", 2024, 1, None),
        ("Maret 2024", 2024, 3, None),
    ]
    assert days("In May he left; in March 2019 he came") == [
        ("May", None, 5, None),
        ("March 2019", 2019, 3, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "You may go. May I?",
        "March on Washington",
        "Theresa May said",
        "Mei Ling dan Jan Ethes",
        "Mar del Plata",
        "Sun Microsystems",
        "1.208 orang",
        "44.580 orang",
        "24/7",
        "1/2 gelas",
        "9/11",
        "2 x 45 menit",
        "14 bulan lalu",
        "dua hari lalu",
        "24 jam 10 menit",
        "satu minggu yang berhasil",
        "2000 guests",
        "2000 orang",
        "sekitar 2000 orang",
        "Rp2000",
        "No. 2024",
        "3:16",
        "99:99",
        "kurs 14.505",
        "suhu 14.05 derajat",
        "31/2",
    ],
)
def test_not_a_date(text: str) -> None:
    """Ordinary words, counts, durations, fractions and scores are no dates."""
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("pada 2024 ia", [2024]),
        ("in 2019", [2019]),
        ("tahun 2019", [2019]),
        ("Pemilu 2024", [2024]),
        ("Mobil Bekas Favorit 2025: Tangguh", [2025]),
        ("(2004-2007)", [2004, 2007]),
        ("musim 2023/24", [2023, 2024]),
        ("pada 1980-an", [1980]),
        ("in the 1990s", [1990]),
        ("Tahun 1998, pertumbuhan", [1998]),
        ("2024", [2024]),
    ],
)
def test_year(text: str, years: list[int]) -> None:
    """A bare year is found where only a year makes sense."""
    assert [(m.kind, m.year) for m in find(text)] == [("year", year) for year in years]


def test_no_such_day() -> None:
    """A day that no calendar has leaves the month; 29 February needs a leap year."""
    assert days("31 Februari 2024") == [("Februari 2024", 2024, 2, None)]
    assert days("29 Februari 2024") == [("29 Februari 2024", 2024, 2, 29)]
    assert days("29 Feb 2023") == [("Feb 2023", 2023, 2, None)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Pada Rabu pagi, ia", [("Rabu pagi", "weekday")]),
        ("Pada Minggu, Netanyahu", [("Minggu", "weekday")]),
        ("hari minggu", [("minggu", "weekday")]),
        ("last Tuesday", [("last Tuesday", "weekday")]),
        ("on Tuesday night", [("Tuesday night", "weekday")]),
        ("Selasa kemarin", [("Selasa kemarin", "weekday")]),
        ("Selasa pekan lalu", [("Selasa pekan lalu", "weekday")]),
        ("Tuesday of last week", [("Tuesday of last week", "weekday")]),
        ("Jumat malam lalu", [("Jumat malam lalu", "weekday")]),
        ("kemarin dan hari ini", [("kemarin", "relative"), ("hari ini", "relative")]),
        ("akhir pekan ini", [("akhir pekan ini", "relative")]),
        ("oleh Qatar tahun lalu.", [("tahun lalu", "relative")]),
        (
            "yesterday, today, tomorrow",
            [(w, "relative") for w in ("yesterday", "today", "tomorrow")],
        ),
        ("last week", [("last week", "relative")]),
    ],
)
def test_days_named_otherwise(text: str, wanted: list[tuple[str, str]]) -> None:
    """Weekdays and words such as "kemarin" are found with what narrows them."""
    assert kinds(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("14.05 WIB", [("14.05 WIB", 14, 5)]),
        ("pukul 14.05 WIB", [("pukul 14.05 WIB", 14, 5)]),
        ("pukul 17. 00 WITA", [("pukul 17. 00 WITA", 17, 0)]),
        ("14:05", [("14:05", 14, 5)]),
        ("at 5:30", [("5:30", 5, 30)]),
        ("at 5 p.m. on Monday", [("5 p.m.", 17, 0)]),
        ("5pm", [("5pm", 17, 0)]),
        ("12 a.m.", [("12 a.m.", 0, 0)]),
        ("pukul 7 pagi", [("pukul 7 pagi", 7, 0)]),
        ("pukul 2 dini hari", [("pukul 2 dini hari", 2, 0)]),
        ("jam 10", [("jam 10", 10, 0)]),
        ("jam tiga sore", [("jam tiga sore", 15, 0)]),
        ("pukul 08.00-10.00 WIB", [("pukul 08.00", 8, 0), ("10.00 WIB", 10, 0)]),
    ],
)
def test_clock(text: str, wanted: list[tuple[str, int, int]]) -> None:
    """Clock times are read to the hour from 0 to 23 and the minute."""
    found = [m for m in find(text) if m.kind == "time"]
    assert [(text[m.start : m.end], m.hour, m.minute) for m in found] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2024-08-21",
        "21/8/2024",
        "21-08-2024",
        "21.8.2024",
        "21 August 2024",
        "21 Agustus 2024",
        "August 21st, 2024",
        " Rabu, 21 Agustus 2024 ",
    ],
)
def test_a_users_date(text: str) -> None:
    """A user may write a date in any of the usual ways."""
    assert parse_date(text) == date(2024, 8, 21)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "8/21/2024", "2024-02-30", "Agustus 2024", "21 Agustus", "21/8/24", "kemarin"),
        *("21 Agustus 2024 dan", "29 Februari 2023", "٢٠٢٤-٠٨-٢١", "0000-01-01", "1" * 5000),
    ],
)
def test_not_one_whole_date(text: str) -> None:
    """What is not one whole valid date is None: day first is never guessed to be a month."""
    assert parse_date(text) is None


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read(day: date) -> None:
    """Every day from 1000 to 2100 is read back from its ISO and its Indonesian form."""
    names = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day
    assert parse_date(f"{day.day} {names.split()[day.month - 1]} {day.year}") == day


WORDS = st.sampled_from(
    [
        "21",
        "8",
        "/",
        "-",
        ",",
        ".",
        "(",
        ")",
        ":",
        "2024",
        "Agustus",
        "May",
        "Senin",
        "Minggu",
        "lalu",
        "pagi",
        "pukul",
        "jam",
        "14.05",
        "WIB",
        "dan",
        "in",
        "tahun",
        "kemarin",
        "last",
        "week",
        "15",
        "16",
        "\n",
        "p.m.",
        "1/2",
        "20/8",
        "th",
        "-an",
    ]
)


@given(st.lists(WORDS, max_size=25), st.sampled_from(["", " "]))
@settings(max_examples=400, deadline=None)
def test_mentions_are_in_order(words: list[str], space: str) -> None:
    """Mentions are ordered, disjoint, not empty, and every date has a day that exists."""
    text = space.join(words)
    end = 0
    for mention in find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end]
        end = mention.end
        if mention.kind == "date":
            assert mention.month
            assert mention.day
            date(mention.year or 2000, mention.month, mention.day)


@pytest.mark.parametrize("unit", ["1/", "15, ", "Senin ", "1 Mei ", "jam ", "a-", "1.", " "])
def test_time_is_linear(unit: str) -> None:
    """Eight times the text takes about eight times as long, whatever it is made of."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        find(text)
        return time.process_time() - started

    small = min(seconds(10_000) for _ in range(2))
    assert any(seconds(80_000) < 8 * small * 4 + 0.2 for _ in range(2))

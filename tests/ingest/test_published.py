"""When an article was published: stated, inferred, or not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from rag.ingest.published import find_published, stated

ADDED = date(2026, 11, 21)
BODY = "Emir Qatar bertemu menteri luar negeri itu di ibu kota pada pertemuan yang panjang."


def published(*paragraphs: str, added: date = ADDED) -> date | None:
    found = find_published(paragraphs, body=0, dateline="", added=added)
    assert found is None or found.basis == "inferred"
    return found.day if found else None


def byline(line: str) -> date | None:
    found = find_published(["Judul berita ini", line, BODY], body=2, dateline="", added=ADDED)
    return found.day if found and found.basis == "stated" else None


@pytest.mark.parametrize(
    ("value", "day", "moment"),
    [
        ("2024-08-21", date(2024, 8, 21), None),
        ("21 Aug 2024", date(2024, 8, 21), None),
        ("2024-08-21 14:05", date(2024, 8, 21), None),
        ("Rabu, 21 Agustus 2024 14:05 WIB", date(2024, 8, 21), (14, 5, 0, 7)),
        ("21/08/2024, 14.05 WITA", date(2024, 8, 21), (14, 5, 0, 8)),
        ("21 Agustus 2024 pukul 09.30 WIT", date(2024, 8, 21), (9, 30, 0, 9)),
        ("2024-08-21T14:05:07+07:00", date(2024, 8, 21), (14, 5, 7, 7)),
        ("2024-08-21T23:05:00Z", date(2024, 8, 21), (23, 5, 0, 0)),
        ("2024-08-21 14:05:00 -0500", date(2024, 8, 21), (14, 5, 0, -5)),
        ("August 21, 2024 2:05 PM GMT+7", date(2024, 8, 21), (14, 5, 0, 7)),
        ("August 21, 2024 12:05 AM UTC", date(2024, 8, 21), (0, 5, 0, 0)),
        ("August 21, 2024 2:05 PM EDT", date(2024, 8, 21), None),
    ],
)
def test_a_stated_date(value: str, day: date, moment: tuple[int, int, int, int] | None) -> None:
    """A day is taken as written; a moment needs a time and a zone that means one thing."""
    found = stated(value)
    assert found is not None
    assert (found.day, found.basis) == (day, "stated")
    if moment is None:
        assert found.at is None
    else:
        hour, minute, second, zone = moment
        expected = datetime(
            2024, 8, 21, hour, minute, second, tzinfo=timezone(timedelta(hours=zone))
        )
        assert found.at == expected
        assert found.at.utcoffset() == timedelta(hours=zone)


@pytest.mark.parametrize("value", ["", "kemarin", "2024", "Agustus 2024", "2024-13-41", "21/8"])
def test_no_stated_date(value: str) -> None:
    """Less than a whole day states nothing."""
    assert stated(value) is None


@pytest.mark.parametrize(
    "line",
    [
        "Rabu, 21 Agustus 2024 14:05 WIB",
        "Published: 2024-08-21",
        "21 Aug 2024",
        "Kompas.com - 21/08/2024, 14:05 WIB",
        "CNN Indonesia | Rabu, 21 Agu 2024 14:05 WIB",
        "Jakarta, 21 Agustus 2024",
        "Oleh Ana Dewi - 21 Agustus 2024",
        "August 21, 2024 · 3 min read",
        "Updated 2:05 PM EDT, Wed August 21, 2024",
        "Diterbitkan pada 21 Agustus 2024 | Penulis Ana",
        "2024-08-21T14:05:00+07:00",
    ],
)
def test_a_date_line(line: str) -> None:
    """A line above the body that is a date and little else states the day."""
    assert byline(line) == date(2024, 8, 21)


@pytest.mark.parametrize(
    "line",
    [
        "Kronologi serangan 7 Oktober 2023",
        "7 Oktober 2023: hari kelam",
        "Peringatan 17 Agustus 1945 di Istana",
        "Published: 2031-08-21",
        "Kedua pihak bertemu pada 7 Oktober 2023.",
    ],
)
def test_a_line_with_a_date_in_it(line: str) -> None:
    """A headline that names a date, or a day yet to come, states no publication."""
    assert byline(line) is None


def test_a_date_under_the_body_is_another_article_s() -> None:
    """A bare date after the body belongs to a list of links; a labelled one does not."""
    lines = [BODY, "Berita terkait", "21 Aug 2025"]
    assert find_published(lines, body=0, dateline="", added=ADDED) is None
    found = find_published([*lines, "Published: 20 Aug 2025"], body=0, dateline="", added=ADDED)
    assert found is not None
    assert found.day == date(2025, 8, 20)


def test_published_goes_before_updated() -> None:
    """The day of an update stands in only where no other is stated."""
    lines = ["Diperbarui: 22 Agustus 2024", "Diterbitkan: 21 Agustus 2024", BODY]
    found = find_published(lines, body=2, dateline="", added=ADDED)
    assert found is not None
    assert found.day == date(2024, 8, 21)


def test_a_date_in_the_dateline() -> None:
    """ "JAKARTA, 21 Agustus 2024 (ANTARA)" states the day."""
    found = find_published([BODY], body=0, dateline="JAKARTA, 21 Agustus 2024", added=ADDED)
    assert found is not None
    assert (found.day, found.basis) == (date(2024, 8, 21), "stated")


def test_one_year_fits() -> None:
    """After 2022, Wednesday 21/8 is 2024's: in 2023 it was a Monday, in 2025 a Thursday."""
    assert published("Pada Rabu (21/8).", "Serangan pada 7 Oktober 2023.") == date(2024, 8, 21)
    assert published(
        "On Wednesday, August 21, they met.", "The attack of October 7, 2023."
    ) == date(2024, 8, 21)


def test_the_latest_day_is_the_day() -> None:
    """Of Tuesday (20/8) and Wednesday (21/8) the latter; of 31/12 and 1/1 the new year's."""
    named = "Sejak 7 Oktober 2023."
    assert published("Rabu (21/8), usai Selasa malam (20/8).", named) == date(2024, 8, 21)
    assert published("Rabu (1/1), usai Selasa (31/12).", "Sejak 2024.") == date(2025, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Pembicaraan berlangsung Selasa (20/8).",  # 2013, 2019 and 2024 fit
        "Pada Rabu (21/8). Serangan 2011.",  # 2013, 2019 and 2024 fit
        "Pada Senin (21/8). Sejak 7 Oktober 2023.",  # only 2023 fits, before the attack
        "Pada Rabu (21/8), usai Senin (20/8). Sejak 7 Oktober 2023.",  # one of them is wrong
        "Pada Kamis (23/11). Perang sejak 7 Oktober 2023, lebih dari 14 bulan lalu.",
        "Jumat, 17 Agustus 1945, Soekarno membaca proklamasi.",  # history, not a report
        "Pada Rabu (21/8/2024). Rekor tahun 2025.",  # written after 2024
        "Sejak 7 Oktober 2023 tidak ada kabar.",
        "Laga akan digelar Sabtu (24/8). Sejak 7 Oktober 2023.",  # announced, not reported
        "",
    ],
)
def test_what_is_not_certain_is_not_known(text: str) -> None:
    """Several years that fit, none, or a contradiction give None, never today's date."""
    assert published(text) is None


def test_a_day_announced_is_not_the_day() -> None:
    """A match "akan digelar Sabtu (24/8)" does not move the report of Wednesday to Saturday."""
    text = "Kata pelatih, Rabu (21/8). Laga akan digelar Sabtu (24/8). Sejak 7 Oktober 2023."
    assert published(text) == date(2024, 8, 21)


def test_more_than_so_many_months_ago_is_a_bound() -> None:
    """Fourteen months after 7 October 2023 begin on 7 December 2024."""
    text = "Perang sejak 7 Oktober 2023, lebih dari 14 bulan yang lalu. Kata dia, {}."
    assert published(text.format("Selasa (10/12)")) == date(2024, 12, 10)
    assert published(text.format("Jumat (6/12)")) is None


def test_a_year_in_brackets() -> None:
    """ "Rabu (21/8/2024)" is a report's own day, if that was a Wednesday."""
    assert published("Kata dia, Rabu (21/8/2024).") == date(2024, 8, 21)
    assert published("Kata dia, Kamis (21/8/2024).") is None


def test_never_after_the_day_of_adding() -> None:
    """The year is looked for up to the day of adding."""
    text = "Kata dia, Rabu (21/8). Sejak 7 Oktober 2023."
    assert published(text, added=date(2024, 8, 20)) is None
    assert published(text, added=date(2024, 8, 21)) == date(2024, 8, 21)

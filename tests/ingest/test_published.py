"""When an article was published: stated, inferred, or not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from rag.ingest.published import Published, find_modified, find_published, stated

ADDED = date(2026, 11, 21)
BODY = "Emir Qatar bertemu menteri luar negeri itu di ibu kota pada pertemuan yang panjang."


def published(*paragraphs: str, added: date = ADDED) -> date | None:
    result = find_published(paragraphs, body=0, dateline="", added=added)
    assert result is None or result.basis == "inferred"
    return result.day if result else None


def byline(line: str) -> date | None:
    result = find_published(["Judul berita ini", line, BODY], body=2, dateline="", added=ADDED)
    return result.day if result and result.basis == "stated" else None


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
        ("August 21, 2024 2:05 PM EDT", date(2024, 8, 21), (14, 5, 0, -4)),
        ("Aug 21, 2024 2:05 p.m. PST", date(2024, 8, 21), (14, 5, 0, -8)),
        ("Wed 21 Aug 2024 14.05 BST", date(2024, 8, 21), None),
        ("21 August 2024 14:05 IST", date(2024, 8, 21), None),
        ("Aug 21, 2024 2:05 PM CST", date(2024, 8, 21), None),
    ],
)
def test_a_stated_date(value: str, day: date, moment: tuple[int, int, int, int] | None) -> None:
    """A day is taken as written; a moment needs a time and a zone that means one thing."""
    result = stated(value)
    assert result is not None
    assert (result.day, result.basis) == (day, "stated")
    if moment is None:
        assert result.at is None
    else:
        hour, minute, second, zone = moment
        expected = datetime(
            2024, 8, 21, hour, minute, second, tzinfo=timezone(timedelta(hours=zone))
        )
        assert result.at == expected
        assert result.at.utcoffset() == timedelta(hours=zone)


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
        "Diterbitkan pada 21 Agustus 2024 | Penulis Ana",
        "2024-08-21T14:05:00+07:00",
        "Rabu, 21 Agu 2024 14:05 WIB",
        "Rab, 21 Agu 2024 14:05 WIB",
        "21/08/2024, 14:05 WIB",
        "21.08.2024 | 14.05 WITA",
        "Wed 21 Aug 2024 14.05 BST",
        "Wednesday, August 21, 2024 at 2:05 p.m. EDT",
        "Rabu, 21 Agustus 2024 | 07:15 WITA",
        "Rabu , 21 Aug 2024, 07:15 WIB",
        "Diterbitkan Rabu, 21 Agustus 2024 pukul 14.05 WIB",
        "Posted on August 21, 2024 by Ana Dewi",
        "First published on Wed 21 Aug 2024 14.05 BST",
        "Tayang: 21 Agustus 2024, 10:00 WIB | Diperbarui: 22 Agustus 2024, 12:00 WIB",
        "Last updated on 22 August 2024 · Published 21 August 2024",
        "Date: 21 August 2024",
        "21 Agustus 2024 - 14:05 WIB",
        "Tim Redaksi, 21 Agustus 2024 / 14:05",
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
        "2 jam yang lalu",
        "12 menit lalu",
        "3 hours ago",
        "Published 2 days ago",
        "Kemarin, 14:05 WIB",
        "Today at 14:05",
        "Foto: Antara, 21 Agustus 2024",
        "Baca juga: Kronologi, 21 Agustus 2024",
        "Acara: Rabu, 21 Agustus 2024",
        "Rabu, 21 Agustus",
        "14:05 WIB",
    ],
)
def test_a_line_with_a_date_in_it(line: str) -> None:
    """A headline that names a date, or a day yet to come, states no publication."""
    assert byline(line) is None


def test_a_date_under_the_body_is_another_article_s() -> None:
    """A bare date after the body belongs to a list of links; a labelled one does not."""
    lines = [BODY, "Berita terkait", "21 Aug 2025"]
    assert find_published(lines, body=0, dateline="", added=ADDED) is None
    assert found(*lines, "Published: 20 Aug 2025", body=0).day == date(2025, 8, 20)


def found(*paragraphs: str, body: int, added: date = ADDED) -> Published:
    """What is found, which must be something."""
    result = find_published(paragraphs, body=body, dateline="", added=added)
    assert result is not None
    return result


def changed(*paragraphs: str, body: int = 0) -> date | None:
    return find_modified(paragraphs, body=body, added=ADDED)


def test_an_update_is_no_publication() -> None:
    """The day of a change is kept apart, and never stands in for the day of publication."""
    lines = ["Diperbarui: 22 Agustus 2024", "Diterbitkan: 21 Agustus 2024", BODY]
    assert found(*lines, body=2).day == date(2024, 8, 21)
    assert changed(*lines, body=2) == date(2024, 8, 22)
    assert find_published([lines[0], BODY], body=1, dateline="", added=ADDED) is None
    assert changed(lines[0], BODY, body=1) == date(2024, 8, 22)
    assert changed("Updated 2:05 PM EDT, Wed August 21, 2024", BODY, body=1) == date(2024, 8, 21)
    assert changed(lines[1], BODY, body=1) is None


def test_both_in_one_line() -> None:
    """A line may state publication and update; each has its own time and zone."""
    line = "Tayang: 21 Agustus 2024, 10:00 WIB | Diperbarui: 22 Agustus 2024, 12:00 WIB"
    both = found("Judul", line, BODY, body=2)
    assert both.at == datetime(2024, 8, 21, 10, 0, tzinfo=timezone(timedelta(hours=7)))
    assert changed("Judul", line, BODY, body=2) == date(2024, 8, 22)


def test_an_update_bounds_what_is_inferred() -> None:
    """Of 2019 and 2024 a page updated in 2020 can only be of the first."""
    body = "Kata dia dalam rapat yang panjang, Rabu (21/8). Jembatan itu dibangun sejak 2018."
    first = found("Diperbarui: 3 Januari 2020", body, body=1)
    assert (first.day, first.basis) == (date(2019, 8, 21), "inferred")


def test_the_line_nearest_above_the_text_is_its_own() -> None:
    """A ticker above the headline has dates as well; a labelled date outdoes any other."""
    ticker = ["Terkini", "Harga beras naik lagi", "20/08/2024 10:00 WIB"]
    own = ["Qatar jadi mediator", "Rabu, 21 Agustus 2024 14:05 WIB"]
    assert found(*ticker, *own, BODY, body=5).day == date(2024, 8, 21)
    labelled = ["Diterbitkan: 19 Agustus 2024", *ticker, "Judul", BODY]
    assert found(*labelled, body=5).day == date(2024, 8, 19)


def test_the_line_of_a_related_article() -> None:
    """A date with its time among the links under a text is not the text's own."""
    related = ["Berita Terkait", "Kekejaman baru di Gaza", "Selasa, 20 Agustus 2024 14:05 WIB"]
    assert find_published([BODY, *related], body=0, dateline="", added=ADDED) is None
    lines = ["Judul", "21 Agustus 2024", BODY, *related]
    assert found(*lines, body=2).day == date(2024, 8, 21)


def test_a_line_between_standfirst_and_text() -> None:
    """A date line under a long standfirst is the article's own when its text goes on below."""
    lines = ["Judul", BODY, "Rabu, 21 Agustus 2024 14:05 WIB", BODY.replace("Emir", "Amir")]
    assert found(*lines, body=1).day == date(2024, 8, 21)
    assert find_published(lines[:3], body=1, dateline="", added=ADDED) is None


def test_labelled_dates_below_must_agree() -> None:
    """Two labelled days under the text belong to a list of other articles."""
    lines = [BODY, "Published: 20 Aug 2024", "Published: 19 Aug 2024"]
    assert find_published(lines, body=0, dateline="", added=ADDED) is None


def test_the_day_of_the_visit() -> None:
    """A page's own clock, on top of a report of "Rabu (21/8)", is not its day."""
    body = "Emir Qatar bertemu menteri itu, Rabu (21/8). Serangan terjadi pada 7 Oktober 2023."
    clock = "Kamis, 19 November 2026"
    visited = found(clock, "Qatar jadi mediator", body, body=2)
    assert (visited.day, visited.basis) == (date(2024, 8, 21), "inferred")
    today = ["Sabtu, 21 November 2026 10:15 WIB", "Emir Qatar bertemu, Rabu (21/8)."]
    assert find_published(today, body=1, dateline="", added=ADDED) is None
    same = ["Sabtu, 21 November 2026 10:15 WIB", "Emir Qatar bertemu, Jumat (20/11)."]
    assert found(*same, body=1).day == ADDED


def test_a_slip_in_the_text_leaves_the_date_line() -> None:
    """A wrong weekday in the text, "Kamis (23/11)" in 2024, does not undo what is stated."""
    body = "Informasi itu disampaikan sumber, Kamis (23/11). Perang pecah pada 7 Oktober 2024."
    assert found("Kamis, 5 Desember 2024 14:05 WIB", body, body=1).day == date(2024, 12, 5)


@pytest.mark.parametrize(
    ("line", "body", "day"),
    [
        ("08/09/2024", "The minister met them and said that the talks would go on for days.", None),
        ("08/21/2024", "The minister met them and said that the talks would go on.", (8, 21)),
        ("21/08/2024", "The minister met them and said that the talks would go on.", (8, 21)),
        ("Sunday 08/09/2024", "The minister met them and said that it would go on.", (9, 8)),
        ("08/09/2024 14:05 WIB", "The minister met them and said that it would go on.", (9, 8)),
        ("08/09/2024", BODY, (9, 8)),
    ],
)
def test_day_and_month_in_english(line: str, body: str, day: tuple[int, int] | None) -> None:
    """In English 08/09 is August or September; in Indonesian it is the eighth of September."""
    result = find_published(["Title", line, body], body=2, dateline="", added=ADDED)
    assert (result and result.day) == (day and date(2024, *day))


def test_a_date_in_the_dateline() -> None:
    """ "JAKARTA, 21 Agustus 2024 (ANTARA)" states the day."""
    result = find_published([BODY], body=0, dateline="JAKARTA, 21 Agustus 2024", added=ADDED)
    assert result is not None
    assert (result.day, result.basis) == (date(2024, 8, 21), "stated")


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

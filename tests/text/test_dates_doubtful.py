"""Words that may mean a day: which do, which do not, and what decides it."""

from __future__ import annotations

from datetime import date

import pytest

from rag.text.dates import DateMention, Period, resolve, resolved
from tests.text.days import WEDNESDAY, told


@pytest.mark.parametrize(
    "text",
    [
        "selama dua hari",
        "perang 14 bulan",
        "lebih dari 14 bulan lalu",
        "sekitar dua tahun lalu",
        "puluhan tahun lalu",
        "dua puluh tahun lalu",
        "2,5 tahun lalu",
        "two and a half years ago",
        "dua atau tiga hari lalu",
        "30 years ago",
        "tahun-tahun lalu",
        "They won in two days.",
        "Kontrak diperpanjang dua tahun lagi.",
        "Ia menginap dua hari lalu pulang.",
        "menginap semalam",
        "Rp150.000 semalam",
        "over the last week",
        "pekan sebelumnya",
        "esok harinya",
        "besok lusa",
        "abad lalu",
        "tahun mendatang",
        "setiap Senin dan Kamis",
        "Dua hari sebelumnya, Selasa, ia pulang.",
        "Selasa dua pekan lalu",
        "Markets close early on Friday.",
        "Negotiators meet in Doha on Thursday to discuss a truce.",
        "The bill passed on 8/9/2024 after the talks were held.",
        "buka Senin-Jumat",
        "Black Friday",
        "the first Tuesday of November",
        "hingga Jumat",
        "before Friday",
        "It was due on Friday.",
        "Kami akan bertemu, Jumat.",
        "The museum, set for Friday",
        "USA Today melaporkan",
        "Rabu (20/8/2024)",
        "tahun 1445 Hijriah",
        "in the 1900s",
        "pukul 14.05 WIB",
    ],
)
def test_what_means_no_certain_day(text: str) -> None:
    """Durations, habits, stories and words with two readings resolve to nothing."""
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Besok, Kamis, ia berangkat.", ["8-22", "8-22"]),
        ("Besok Kamis ia berangkat.", ["8-22", "8-22"]),
        ("Tomorrow, Thursday, he leaves.", ["8-22", "8-22"]),
        ("Lusa, Jumat, ia pergi.", ["8-23", "8-23"]),
        ("Kemarin, Selasa, ia pergi.", ["8-20", "8-20"]),
        ("Kamis, besok, ia pergi.", ["8-22", "8-22"]),
        ("Besok malam, Kamis, ia tampil.", ["8-22", "8-22"]),
        ("Besok Jumat ia berangkat.", []),
        ("Tomorrow, Friday, he leaves.", []),
        ("Kemarin dulu ia pergi.", ["8-19"]),
        ("Selasa malam kemarin", ["8-20"]),
        ("Konser itu dimulai Sabtu malam besok.", ["8-24"]),
    ],
)
def test_a_weekday_beside_a_relative_word(text: str, days: list[str]) -> None:
    """Beside "besok" a weekday is that day; where they contradict each other neither is told."""
    assert told(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "Konser dimulai Sabtu malam.",
        "Konser berlangsung Sabtu.",
        "Kick-off Sabtu pukul 19.00 WIB.",
        "The game is Saturday.",
        "Paling lambat Jumat",
        "Batas waktu pendaftaran Jumat.",
        "A deadline of Friday",
        "Ministers meet on Friday.",
        "Cuaca hari Kamis diperkirakan hujan.",
        "Pertandingan melawan Jepang digelar Kamis.",
        "Ia diminta hadir Kamis.",
        "Sidang dilanjutkan Senin.",
        "Rombongan menteri itu menuju Garut Jumat.",
        "a week on Monday",
        "It opens Monday week.",
        "It opened a week last Monday.",
        "a week from tomorrow",
        "tomorrow week",
        "Dua hari sebelum kemarin ia pergi.",
        "Minggu kedua Agustus",
        "pekan kedua Agustus",
        "second week of August",
    ],
)
def test_what_may_be_to_come_or_is_half_read(text: str) -> None:
    """A weekday that nothing puts into the past, or that is part of a phrase, is not known."""
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Skor 20/8 dari 30 soal.",
        "Pasal 27/8",
        "Polisi menangkap Jumat alias Jum.",
        "Menteri sudah bertemu Jumat Hasan.",
        "jalan 17 Agustus",
        "Universitas 17 Agustus 1945",
        "anak kemarin sore",
        "bukan kemarin sore",
        "lagu Yesterday",
        "a better tomorrow",
        "Senin Kamis berpuasa",
        "koran Minggu",
        "Sunday school",
        "Jumat Berkah",
        "Monday Night Football",
    ],
)
def test_names_and_numbers_that_are_no_days(text: str) -> None:
    """A score, a clause of a law, a person, a street and a saying tell no day."""
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Polisi, Selasa, menangkap tiga orang.",
        "Harga beras naik, kata pedagang itu di pasar, Selasa.",
        "Menteri meninjau pasar itu pada Selasa.",
        "Pertandingan itu sulit, kata pelatih Jepang itu, Selasa.",
        "Ministers of the two states met on Tuesday.",
    ],
)
def test_a_weekday_that_its_sentence_puts_into_the_past(text: str) -> None:
    """A verb in the past, who said so, or "pada" with nothing planned makes it the last one."""
    assert told(text) == ["8-20"]


def test_words_quoted_count_from_when_they_were_spoken() -> None:
    """ "Kemarin" in a quotation is the day before the speech, which nothing dates."""
    text = '"Kami bertemu kemarin," kata dia, Selasa (20/8). Kemarin ia pulang.'
    assert [(text[r.start : r.end], r.first.day) for r in resolved(text, published=WEDNESDAY)] == [
        ("Selasa (20/8)", 20),
        ("Kemarin", 20),
    ]
    assert told("“Kami pulang hari ini,” katanya.") == []


def test_a_date_beside_kemarin_says_which_day() -> None:
    """ "kemarin (19/8)" is 19 August, though the day before publication is the twentieth."""
    assert told("kemarin (19/8)") == ["8-19"]
    assert told("hari ini, Kamis") == []  # one contradicts the other
    assert told("Senin dan Selasa (19-20/8)") == ["8-19..8-20"]


def test_spans_are_of_the_words() -> None:
    """A stretch covers the words that tell the days, and nothing else."""
    text = "Pada 15-17 Agustus dan Selasa pekan lalu, kata dia dua hari lalu."
    assert [text[r.start : r.end] for r in resolved(text, published=WEDNESDAY)] == [
        "15-17 Agustus",
        "Selasa pekan lalu",
        "dua hari lalu",
    ]


def test_without_a_publication_date() -> None:
    """Without one, a full date is known and nothing else."""
    text = "Kemarin, Selasa (20/8), pada Mei; sejak 7 Oktober 2023 dan tahun 2019."
    assert told(text, None) == ["2023-10-7", "2019-1-1..2019-12-31"]


def test_a_mention_made_by_hand() -> None:
    """A mention without context is read as a report would mean it."""
    mention = DateMention(start=0, end=3, kind="weekday", precision="day", weekday=1)
    assert resolve(mention, published=WEDNESDAY) == Period(
        first=date(2024, 8, 20), last=date(2024, 8, 20)
    )


def test_the_ends_of_the_calendar() -> None:
    """Before the year 1 and after 9999 nothing is resolved, and nothing breaks."""
    assert told("kemarin, tahun lalu, 500 tahun lalu", date(1, 1, 1)) == []
    assert told("besok, pekan depan, tahun depan", date(9999, 12, 31)) == []

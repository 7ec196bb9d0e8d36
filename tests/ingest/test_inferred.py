"""The day of a report that states none: inferred of its weekdays, or not known."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.clean import clean
from rag.ingest.inferred import inferred
from rag.ingest.metadata import describe

SEEDS = Path(__file__).parents[2] / "seeds"
ADDED = date(2026, 11, 21)
WAR = "Perang pecah pada 7 Oktober 2023."  # a year that bounds the article's from below

# Wednesdays: 21/8 in 2013, 2019, 2024. Tuesdays: 20/8 in the same years; 31/12 in 2019, 2024.
ARTICLES: tuple[tuple[str, date | None], ...] = (
    # One day, and a year that leaves one candidate or more.
    (f"JAKARTA - Menteri tiba di Doha, Rabu (21/8). {WAR}", date(2024, 8, 21)),
    ("Presiden membuka pasar, Selasa (20/8). Pasar itu dibangun sejak 2021.", date(2024, 8, 20)),
    ("The minister arrived on Wednesday (Aug 21). The war began in 2023.", date(2024, 8, 21)),
    ("Wednesday, Aug. 21, was quiet. It was the first calm since May 2023.", date(2024, 8, 21)),
    ("On Wednesday, August 21, they met. Talks stalled in March 2024.", date(2024, 8, 21)),
    ("Rabu (21 Agustus), mereka bertemu. Gempa pada Maret 2022 masih diingat.", date(2024, 8, 21)),
    ("Menteri tiba, Rabu (21/8). Jembatan itu dibangun sejak 2019.", None),  # 2019 and 2024
    ("Menteri tiba, Rabu (21/8). Gedung itu berdiri sejak 2010.", None),  # 2013 as well
    ("Menteri tiba, Rabu (21/8).", None),
    ("The minister arrived on Wednesday (Aug 21).", None),
    # Several days.
    (f"Ia tiba Selasa malam (20/8) dan pulang Rabu (21/8). {WAR}", date(2024, 8, 21)),
    (f"Ia tiba Rabu (21/8). Pada Rabu (21/8) pagi hujan turun. {WAR}", date(2024, 8, 21)),
    (f"Ia tiba Senin (20/8) dan pulang Rabu (21/8). {WAR}", None),  # a Tuesday
    (f"Kata dia, Selasa (20/8). Namun pada Kamis (20/8) ia membantah. {WAR}", None),
    ("Pesta usai, Rabu (1/1), setelah kembang api Selasa (31/12). Sejak 2023.", date(2025, 1, 1)),
    ("Fireworks lit Tuesday (Dec 31); Wednesday (Jan 1) was calm. Since 2023.", date(2025, 1, 1)),
    ("Kata dia, Selasa (31/12). Laga akan digelar Rabu (1/1). Sejak 2023.", date(2024, 12, 31)),
    # What the text says of years.
    (f"Kata dia, Rabu (21/8). {WAR} Rekor tercatat pada 2025.", None),
    (f"Kata dia, Rabu (21/8). {WAR} Pemilu 2024 usai.", date(2024, 8, 21)),
    ("Kata dia, Selasa (20/8). Proyek ditargetkan rampung pada 2024.", None),  # may be of 2019
    ("Kata dia, Selasa (20/8). Pemilu 2024 makin dekat.", None),
    ("Kata dia, Selasa (20/8). APBN tahun 2020 dibahas.", None),
    ("Kata dia, Selasa (20/8). Rencana itu berlaku hingga 2024.", None),
    (f"Kata dia, Rabu (21/8). {WAR} Gedung selesai pada Oktober 2024.", None),  # after August
    (f"Kata dia, Rabu (21/8). {WAR} Gedung akan selesai pada Oktober 2024.", date(2024, 8, 21)),
    ("Kata dia, Rabu (21/8). Ia lahir pada 17 Agustus 1945 di Blitar.", None),
    ("Jumat, 17 Agustus 1945, Soekarno membaca proklamasi.", None),
    ("Kata Soekarno, Jumat (17/8/1945), bangsa ini merdeka.", None),
    ("Minggu, 26 Desember 2004, tsunami melanda Aceh.", None),  # remembered, not reported
    # Days announced, deadlines, tallies.
    (f"Kata pelatih, Rabu (21/8), laga akan digelar Sabtu (24/8). {WAR}", date(2024, 8, 21)),
    (
        f"The match will be played on Saturday (Aug 24), he said Wednesday (Aug 21). {WAR}",
        date(2024, 8, 21),
    ),
    (f"Konser dijadwalkan pada Sabtu (24/8). {WAR}", None),
    (f"Kata jaksa, Rabu (21/8). Sidang lanjutan digelar Selasa (27/8). {WAR}", date(2024, 8, 21)),
    (f"Kata jaksa, Rabu (21/8). Sidang berlangsung Selasa (27/8). {WAR}", None),
    (f"Kata jaksa, Rabu (21/8). Sidang ditunda hingga Selasa (27/8). {WAR}", None),
    (
        f"The hearing is on Tuesday (Aug 27), a clerk said on Wednesday (Aug 21). {WAR}",
        date(2024, 8, 21),
    ),
    (f"Hingga Rabu (21/8), korban tewas 40 orang. {WAR}", date(2024, 8, 21)),
    (f"Tarif baru berlaku mulai Rabu (21/8). {WAR}", None),
    # What a sentence announces, and days of another year.
    (f"Ia meninjau pasar, Rabu (21/8). Ia akan ke Garut, Jumat (23/8). {WAR}", date(2024, 8, 21)),
    (
        f"Ministers met on Wednesday, August 21. They meet again on Friday, August 30. {WAR}",
        date(2024, 8, 21),
    ),
    ("Ministers meet on Friday, August 30. The pact was signed in 2022.", None),
    (f"Menteri akan meninjau pasar, Kamis (22/8). {WAR}", None),
    ("Pasar itu akan ditutup, Minggu (30/8). Sejak 2025 pasar itu sepi.", None),
    (
        f"Menteri akan meninjau pasar, Senin (26/8). Itu disampaikannya, Rabu (21/8). {WAR}",
        date(2024, 8, 21),
    ),
    ("Museum itu tutup pada Jumat (7/2/2020) karena wabah. Kini museum dibuka lagi.", None),
    ("Museum itu tutup, Jumat (7/2/2020). Kini museum dibuka lagi.", None),
    ("Menteri mengenang kebakaran Rabu (21/8) tahun lalu. Sejak 2022 pasar itu sepi.", None),
    ("He recalled the fire of Wednesday (Aug 21) last year. It was rebuilt in 2022.", None),
    # Days with their year.
    ("Kata dia di Jakarta, Rabu (21/8/2024).", date(2024, 8, 21)),
    ("Ia ditangkap Senin (5/2/2024), kata polisi, Rabu (21/8/2024).", date(2024, 8, 21)),
    ("Kata dia di Jakarta, Rabu, 21 Agustus 2024.", date(2024, 8, 21)),
    ("He said on Wednesday, August 21, 2024, that talks went on.", date(2024, 8, 21)),
    ("Kata dia, Kamis (21/8/2024).", None),  # a Wednesday
    ("Kata dia, Rabu (21/8/2024). Pilkada serentak Rabu (27/11/2024).", None),  # announced?
    ("Kata dia, Rabu (21/8/2024). Pilkada akan digelar Rabu (27/11/2024).", date(2024, 8, 21)),
    # The leap day, and a bound from what has passed.
    ("Kata dia, Kamis (29/2).", date(2024, 2, 29)),  # of 28 years, only 2024
    ("Kata dia, Rabu (29/2). Sejak 2011.", date(2012, 2, 29)),
    ("Kata dia, Jumat (29/2). Sejak 2011.", None),
    (f"Kata dia, Kamis (23/11). {WAR} Perang itu lebih dari 14 bulan lalu pecah.", None),
    (f"Kata dia, Selasa (10/12). {WAR} Sudah lebih dari 14 bulan lalu.", date(2024, 12, 10)),
    (f"Kata dia, Kamis (23/11). {WAR}", date(2023, 11, 23)),
    ("", None),
    ("Kemarin hujan. Pada Selasa cerah. Sejak 7 Oktober 2023 tenang.", None),
)


@pytest.mark.parametrize(("text", "day"), ARTICLES)
def test_a_report(text: str, day: date | None) -> None:
    """One candidate left is the day; several, or a contradiction, leave it unknown."""
    assert inferred(text, upto=ADDED) == day


def test_the_day_of_adding_is_the_upper_bound() -> None:
    """Of 2019 and 2024 an article added in 2023 can only be of the first."""
    text = "Kata dia, Rabu (21/8). Jembatan itu dibangun sejak 2018."
    assert inferred(text, upto=date(2023, 12, 31)) == date(2019, 8, 21)
    assert inferred(text, upto=date(2024, 8, 20)) == date(2019, 8, 21)
    assert inferred(text, upto=date(2024, 8, 21)) is None


@pytest.mark.parametrize("added", [date(2025, 1, 5), date(2026, 11, 21), date(2029, 12, 31)])
@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("000_a1cab1b0fb19b997.txt", date(2024, 8, 21)),
        ("001_cc059f423b675060.txt", None),
        ("002_44fe7cb5286d6cbf.txt", None),
    ],
)
def test_the_seeds(name: str, day: date | None, added: date) -> None:
    """Whenever they are added, the first seed has one day; the others fit several or none."""
    text = clean((SEEDS / name).read_text("utf-8"))
    known = describe(text, source=name, front={}, filename_stem=None, added=added)
    assert (known.published, known.published_at) == (day, None)
    assert known.published_basis == ("inferred" if day else None)


INDONESIAN = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
DAYS = st.dates(min_value=date(2005, 1, 1), max_value=date(2026, 11, 21))


@given(DAYS, st.integers(0, 6), st.integers(0, 4))
def test_a_day_inferred_is_the_true_one(day: date, earlier: int, back: int) -> None:
    """Of a report that names its day, the day before and a past year, no other day is inferred."""
    before = day - timedelta(days=earlier)
    text = (
        f"Ia tiba {INDONESIAN[before.weekday()]} ({before.day}/{before.month}). "
        f"Kata dia, {INDONESIAN[day.weekday()]} ({day.day}/{day.month}). Sejak {day.year - back}."
    )
    assert inferred(text, upto=ADDED) in (day, None)
    if back == 0 and before.year == day.year and ADDED.year - day.year < 5:
        assert inferred(text, upto=ADDED) == day


def test_time_is_linear() -> None:
    """Two hundred thousand characters of weekdays take less than five seconds."""
    text = "kata dia, Rabu (21/8), " * 8000
    started = time.process_time()
    inferred(text, upto=ADDED)
    assert time.process_time() - started < 5

"""What days the words of an article mean, as they are shown."""

from __future__ import annotations

from datetime import date

from rag.mentioned import says_too, spans, told
from rag.schema import Metadata

WEDNESDAY = Metadata(
    title="t", source="s", published=date(2024, 8, 21), published_basis="inferred", language="id"
)


def test_offsets_count_in_the_article() -> None:
    """A quote's mention is found again in the whole text."""
    assert spans("Ia tiba kemarin.", WEDNESDAY, start=100) == [
        {"start": 108, "end": 115, "first": date(2024, 8, 20), "last": date(2024, 8, 20)}
    ]


def test_what_names_its_year_is_not_told_again() -> None:
    """Only what a reader could not know is told, and that it rests on an inferred date."""
    text = "Ia tiba Selasa (20/8), sepuluh bulan setelah 7 Oktober 2023."
    assert told(text, WEDNESDAY, "id") == "Selasa (20/8) = ~20 Agustus 2024"


def test_without_a_date_nothing_is_reckoned() -> None:
    """An article of an unknown day makes no day of "kemarin"."""
    undated = Metadata(title="t", source="s")
    assert told("Ia tiba kemarin.", undated, "id") == ""
    assert spans("Pada 7 Oktober 2023.", undated) == [
        {"start": 5, "end": 19, "first": date(2023, 10, 7), "last": date(2023, 10, 7)}
    ]


def test_a_week_is_told_by_its_ends() -> None:
    """From Monday to Sunday."""
    assert told("We met last week.", WEDNESDAY, "en") == (
        "last week = ~12 August 2024 – 18 August 2024"
    )


def test_a_copy_is_named_only_for_what_it_says() -> None:
    """Another dateline makes no other sentence; a sentence it left out is not its own."""
    quote = "ANKARA (ANTARA) - Dua belas buruh meninggal  di terowongan itu."
    assert says_too("Ankara, Suara - Dua belas buruh meninggal di terowongan itu. Lagi.", quote)
    assert not says_too("Ankara, Suara - Terowongan itu dibuka.", quote)
    assert says_too("Ia berkata: Baik - buruk.", "Baik - buruk.")

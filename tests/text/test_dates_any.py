"""What holds of the days that words mean, whatever the day and the text."""

from __future__ import annotations

import gc
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.dates import resolved
from tests.text.days import WEDNESDAY

DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2099, 12, 31))
ENGLISH = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
INDONESIAN = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


@given(DAYS, st.none() | DAYS)
def test_a_full_date_is_itself(day: date, published: date | None) -> None:
    """Whenever the article was published, a full date means that day."""
    for written in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{INDONESIAN[day.weekday()]} ({day.day}/{day.month}/{day.year})",
        f"{ENGLISH[day.weekday()]}, {day:%B} {day.day}, {day.year}",
    ):
        (found,) = resolved(written, published=published)
        assert (found.start, found.end, found.first, found.last) == (0, len(written), day, day)


@given(DAYS, st.integers(0, 6), st.sampled_from([INDONESIAN, ENGLISH]))
def test_any_weekday(published: date, weekday: int, names: list[str]) -> None:
    """A bare weekday is within the seven days that end with the publication."""
    (found,) = resolved(f"tiba {names[weekday]}", published=published)
    assert found.first == found.last
    assert found.first.weekday() == weekday
    assert timedelta(0) <= published - found.first < timedelta(7)


@given(DAYS)
def test_any_report_of_yesterday(day: date) -> None:
    """ "Selasa (20/8)" of the day before is that day, in every year."""
    text = f"tiba {INDONESIAN[day.weekday()]} ({day.day}/{day.month})"
    (found,) = resolved(text, published=day + timedelta(1))
    assert (found.first, found.last) == (day, day)


WORDS = st.sampled_from(
    [
        *("21", "8", "/", "-", ",", ".", "(", ")", "2024", "15", "20/8", "29", "Q3", "\n", '"'),
        *("Agustus", "May", "Februari", "Desember-2", "Senin", "Minggu", "1980-an", "kuartal III"),
        *("lalu", "depan", "ini", "pekan", "tahun", "hari", "kemarin", "besok", "semalam"),
        *("akan", "will", "dua", "two", "days", "ago", "in", "last", "week", "year"),
        *("dan", "and", "hingga", "pada", "sejak"),
    ]
)


@given(st.lists(WORDS, max_size=25), st.sampled_from(["", " "]), st.none() | DAYS)
@settings(max_examples=400, deadline=None)
def test_stretches_are_in_order(words: list[str], space: str, published: date | None) -> None:
    """Stretches lie in the text, in order and apart, and no period ends before it begins."""
    text = space.join(words)
    end = 0
    for found in resolved(text, published=published):
        assert end <= found.start < found.end <= len(text)
        assert found.first <= found.last
        end = found.end


@pytest.mark.parametrize(
    "unit", ["kemarin 20/8 ", "akan Selasa ", '"kemarin ', "in two days ", "1 Mei dan ", "1998, "]
)
def test_time_is_linear(unit: str) -> None:
    """Four times as many dates take some four times as long: 16 times were quadratic."""
    seconds = []
    gc.disable()  # a collection of what all other tests left takes a second
    try:
        for size in (25_000, 100_000):
            text = unit * (size // len(unit))
            started = time.process_time()
            resolved(text, published=WEDNESDAY)
            seconds.append(time.process_time() - started)
    finally:
        gc.enable()
    assert seconds[1] < 8 * seconds[0] + 0.1

"""What happened on a day: which day is asked for, and where a text tells of it."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.kinds.happened import day_of, published_then, tellings, worth_reading

WEDNESDAY = date(2023, 3, 8)


@pytest.mark.parametrize(
    ("question", "first", "last", "units"),
    [
        ("What happened on 7 March 2023?", (2023, 3, 7), (2023, 3, 7), []),
        ("what happened in Orlo on March 7, 2023", (2023, 3, 7), (2023, 3, 7), ["Orlo"]),
        ("Apa yang terjadi pada 7 Maret 2023?", (2023, 3, 7), (2023, 3, 7), []),
        (
            "Peristiwa apa yang terjadi di Solo pada tanggal 7 Maret 2023?",
            (2023, 3, 7),
            None,
            ["Solo"],
        ),
        ("Apa saja yang terjadi pada bulan Maret 2023", (2023, 3, 1), (2023, 3, 31), []),
        ("berita tanggal 7 Maret 2023", (2023, 3, 7), (2023, 3, 7), []),
        ("any news from 7 March 2023?", (2023, 3, 7), (2023, 3, 7), []),
        ("Which events took place on 7 March 2023?", (2023, 3, 7), (2023, 3, 7), []),
    ],
)
def test_the_day_that_is_asked_for(
    question: str,
    first: tuple[int, int, int],
    last: tuple[int, int, int] | None,
    units: list[str],
) -> None:
    """With what else the question names."""
    day = day_of(question)
    assert day is not None
    assert day.first == date(*first)
    assert last is None or day.last == date(*last)
    assert [unit.text for unit in day.units] == units


@pytest.mark.parametrize(
    "question",
    [
        "What happened to the ferry?",
        "What happened in Orlo?",
        "What happened in March?",
        "Who died on 7 March 2023?",
        "Apa yang terjadi di Solo?",
        "What happened between 7 and 9 March?",
        "When did it happen?",
    ],
)
def test_other_questions_ask_for_no_day(question: str) -> None:
    """A question without one whole day is for the search."""
    assert day_of(question) is None


@pytest.mark.parametrize(
    ("question", "text", "published", "told"),
    [
        ("What happened on 7 March 2023?", "It sank yesterday.", WEDNESDAY, ["yesterday"]),
        ("What happened on 7 March 2023?", "It sank on Tuesday.", WEDNESDAY, ["Tuesday"]),
        ("What happened on 7 March?", "Kapal karam Selasa (7/3).", WEDNESDAY, ["Selasa (7/3)"]),
        ("What happened on 7 March 2023?", "It sank on 7 March 2019.", WEDNESDAY, []),
        ("What happened on 7 March 2023?", "It sank on 9 March 2023.", WEDNESDAY, []),
        # Two days ago is a Monday; without a date of its own an article tells only what it states.
        ("What happened on 7 March 2023?", "It sank yesterday.", None, []),
        ("What happened on 7 March 2023?", "Karam Selasa (7/3).", None, ["Selasa (7/3)"]),
        # 7 March 2023 was no Friday.
        ("What happened on 7 March 2023?", "Karam Jumat (7/3).", None, []),
        # Further on, the weekday that was stated with its date means the same day.
        (
            "What happened on 7 March?",
            "Karam Selasa (7/3). Pada Selasa hujan.",
            None,
            ["Selasa (7/3)", "Selasa"],
        ),
    ],
)
def test_where_a_text_tells_of_it(
    question: str, text: str, published: date | None, told: list[str]
) -> None:
    """By dates, weekdays and "yesterday", counted from the day of publication."""
    day = day_of(question)
    assert day is not None
    assert [text[t.start : t.end] for t in tellings(day, text, published)] == told


def test_a_year_that_is_not_known_is_told_to_be_so() -> None:
    """The day is stated without a year in an article without a date."""
    day = day_of("What happened on 7 March 2023?")
    assert day is not None
    (unsure,) = tellings(day, "Karam Selasa (7/3).", None)
    (sure,) = tellings(day, "Karam Selasa (7/3).", WEDNESDAY)
    assert (unsure.first, sure.first) == (None, date(2023, 3, 7))


def test_what_cannot_tell_of_the_day_is_not_read() -> None:
    """An article of another month, without the day's number, is passed over."""
    day = day_of("What happened on 7 March 2023?")
    assert day is not None
    assert worth_reading(day, "It sank yesterday.", WEDNESDAY)
    assert worth_reading(day, "It sank on 7 March.", date(2024, 1, 1))
    assert not worth_reading(day, "It sank yesterday, with 17 aboard.", date(2024, 1, 1))
    assert published_then(day, date(2023, 3, 7))
    assert not published_then(day, WEDNESDAY)
    assert not published_then(day, None)

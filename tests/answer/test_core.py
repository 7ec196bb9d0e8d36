"""What a question chiefly asks, and what only tells where, when or of whom."""

from __future__ import annotations

import pytest

from rag.answer.core import core
from rag.answer.question import analyse
from rag.text.language import detect


def chief(question: str) -> list[str]:
    """The words that a question chiefly asks about."""
    return [unit.text for unit in core(analyse(question, detect(question)))]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who first noticed the leak from the rail yard?", ["first", "noticed", "leak"]),
        ("Siapa ketua tim yang menyelidiki kerusuhan stadion?", ["ketua", "tim"]),
        ("Berapa lama hujan turun sebelum tebing ambruk?", ["hujan", "turun"]),
        ("What stake does the foundation hold in Norrvik?", ["stake", "foundation", "hold"]),
    ],
)
def test_what_tells_where_when_or_of_whom_is_left_out(question: str, words: list[str]) -> None:
    """Behind a preposition, or in a clause that the question ends with."""
    assert chief(question) == words


def test_what_is_asked_of_some_of_those_counted_is_asked() -> None:
    """ "Yang" behind the noun that is counted opens what is asked of it."""
    assert chief("Berapa siswa yang pingsan di lapangan?") == ["siswa", "pingsan"]


def test_a_deed_behind_what_tells_where_is_asked_about() -> None:
    """The hospital is where; what is asked is how long the strike lasted."""
    words = chief("Why was the strike at the hospital in Marendo cancelled?")
    assert words == ["strike", "cancelled"]


def test_a_question_of_nothing_else_asks_about_all_of_its_words() -> None:
    """There must be something to look for."""
    assert chief("What about the hospital?") == ["hospital"]

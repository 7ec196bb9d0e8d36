"""The three articles of the checkout, with the model that ships: what a new user sees first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"
KHULAIFI = "Mohammed bin Abdulaziz bin Saleh Al Khulaifi"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine with the bundled model."""
    with Engine(Settings(data_dir=tmp_path_factory.mktemp("store"))) as made:
        assert [o.status for o in made.add([str(SEEDS)])] == ["added"] * 3
        yield made


@pytest.mark.parametrize(
    "question",
    [
        "who met Blinken in Doha?",
        "Siapa yang bertemu Blinken di Doha?",
        "whom did blinken meet in doha",
    ],
)
def test_who_met_blinken(engine: Engine, question: str) -> None:
    """The minister who talked with him is quoted first; no telephone call is presented."""
    answer = engine.ask(question)
    assert answer.abstention is None
    assert KHULAIFI in answer.citations[0].quote
    assert answer.citations[0].passage.metadata.source.endswith("001_cc059f423b675060.txt")
    for citation in answer.citations:
        assert "Tamim" not in citation.quote
        assert "Abdulrahman" not in citation.quote


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did Blinken leave Doha?", "Selasa malam (20/8)"),
        ("Berapa orang tewas di Israel?", "1.208 orang di Israel"),
        ("How many people were killed in Gaza?", "44.580 orang di Jalur Gaza"),
    ],
)
def test_other_questions(engine: Engine, question: str, words: str) -> None:
    """Dates and counts are found across languages, each in its own place."""
    assert words in engine.ask(question).citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "who won the 2022 World Cup in Qatar?",
        "Siapa juara Piala Dunia 2022?",
        "what is the capital of Australia?",
        "Which hotel did Blinken stay in?",
    ],
)
def test_what_the_seeds_do_not_hold(engine: Engine, question: str) -> None:
    """Silence is said, with what is covered and the closest passage."""
    answer = engine.ask(question)
    assert answer.abstention in {"not_in_evidence", "nothing_relevant"}
    assert "Qatar dan AS Terus Berupaya Mediasi" in answer.text
    assert answer.citations == ()


def test_a_post_that_nobody_there_has(engine: Engine) -> None:
    """The foreign minister is not quoted for it, nor are prisoners ("tahanan") taken for it."""
    answer = engine.ask("Siapa Menteri Pertahanan Qatar?")
    assert answer.abstention == "not_in_evidence"
    assert "Tidak ada apa pun tentang “Menteri Pertahanan”." in answer.text

"""What a reader says of the best sentences, and what that moves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.extract import Evidence, extract
from rag.answer.heard import hear, moved
from rag.answer.marked import Read
from rag.answer.question import analyse
from rag.answer.weigh import weigh
from rag.schema import MarkedText
from tests.answer.passages import hit

ARTICLE = (
    "Fire destroyed the fish market of Lorven on Friday. Mayor Petra Oakes visited the market. "
    "Mayor Ana Lee of Tarn visited the market a day later. Rain fell."
)
ASKED = "Which mayor visited the fish market of Lorven?"


def test_what_was_read_moves_beside_the_first() -> None:
    """By half of how much more it says of one: log-odds 0 and 0.5 * (1 - -3) are 2."""
    likely = moved([0.8, 0.5, 0.5, 0.1], {0: -3.0, 1: 1.0, 2: -3.0}, 0.5)
    assert likely == pytest.approx([0.8, 1 / (1 + math.exp(-2)), 0.5, 0.1])


def test_the_first_of_the_read_stays_as_it_is() -> None:
    """Which need not be the first candidate: odds of 0 and 2 * (0 - 1) are -2."""
    assert moved([0.5, 0.7], {1: 1.0, 0: 0.0}, 2.0) == pytest.approx([1 / (1 + math.e**2), 0.7])


def test_nothing_is_certain_before_it_is_read() -> None:
    """Odds without end could not be moved."""
    assert moved([1.0, 0.0], {0: 0.0, 1: 40.0}, 0.5)[1] > 0.9


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.lists(st.floats(-20, 20), min_size=3, max_size=3),
)
def test_a_reader_whose_word_counts_for_nothing_moves_nothing(
    likely: list[float], odds: list[float]
) -> None:
    """Nor does one who was asked about nothing."""
    assert moved(likely, dict(enumerate(odds)), 0.0) == pytest.approx(likely, abs=1e-4)
    assert moved(likely, {}, 0.5) == likely


def answered(read_by: Read | None) -> Evidence:
    """What is picked for the question from the article."""
    asked = analyse(ASKED, "en")
    weights = weigh({u: frozenset() for u in asked.units}, 10, {})
    return extract(asked, [hit(ARTICLE, "en")], weights, limit=3, read_by=read_by)


def test_only_the_best_sentences_are_read_with_what_stands_before_them() -> None:
    """The best one first; not the rain, which has nothing of the question."""
    told: list[tuple[str, str]] = []

    def read_by(question: MarkedText, before: MarkedText, sentence: MarkedText) -> float:
        assert question.text == ASKED
        told.append((before.text, sentence.text))
        return 1.0

    plain, read = answered(None), answered(read_by)
    assert [p.sentence.text for p in read.picks] == [p.sentence.text for p in plain.picks]
    assert told[0][1] == plain.picks[0].sentence.text
    assert len(told) == 2
    assert not any("Rain" in sentence for _, sentence in told)
    assert all(not before or f"{before} {sentence}" in ARTICLE for before, sentence in told)


@pytest.mark.parametrize(
    ("scores", "odds", "read"),
    [
        ([0.9, 0.2], 0.0, 1),  # -1.4 + 0.5 * (3 - 0) is less than the first one's 2.2
        ([0.9, 0.2], -8.0, 2),  # -1.4 + 0.5 * (3 + 8) is more
        ([0.5] * 7, -1.0, 5),  # all could come first; five are enough
        ([0.5] * 7, 3.0, 1),  # none could come before one that is as good, and was read
        ([1.0, 0.0], -9.0, 1),
    ],
)
def test_what_could_not_come_first_is_not_read(scores: list[float], odds: float, read: int) -> None:
    """By half of the odds that a good sentence has more than the first one."""
    told: list[int] = []

    def read_one(number: int) -> float:
        told.append(number)
        return odds

    assert len(hear(scores, 0.5, read_one)) == read
    assert told == list(range(read))


def test_a_reader_may_put_another_sentence_first_and_make_the_score_less() -> None:
    """As sure as it is of the one, it is that the others do not answer."""

    def for_tarn(_: MarkedText, before: MarkedText, sentence: MarkedText) -> float:
        return 8.0 if "Tarn" in sentence.text else -8.0

    def for_none(_: MarkedText, before: MarkedText, sentence: MarkedText) -> float:
        return -8.0

    assert "Petra Oakes" in answered(None).picks[0].sentence.text
    assert "Tarn" in answered(for_tarn).picks[0].sentence.text
    assert answered(for_none).score < answered(None).score


def test_what_leads_for_a_whole_name_is_as_sure_as_the_sentence_that_answers() -> None:
    """The reader is believed of the best sentence; the one with the whole name goes before it."""
    text = (
        "Mohammed bin Abdulaziz Al Khulaifi discussed the truce in Doha on Tuesday with Blinken. "
        "The talks between Al Khulaifi and Blinken took place in Doha."
    )
    asked = analyse("Who met Blinken in Doha?", "en")
    weights = weigh({u: frozenset() for u in asked.units}, 10, {})

    def reading(best: float) -> Evidence:
        def read_by(_: MarkedText, before: MarkedText, sentence: MarkedText) -> float:
            return best if "talks" in sentence.text else -6.0

        return extract(asked, [hit(text, "en")], weights, limit=3, read_by=read_by)

    sure, unsure = reading(3.0), reading(-6.0)
    assert "Mohammed bin" in sure.picks[0].sentence.text
    assert sure.score > unsure.score + 0.2

"""The trained scorer: its arithmetic, what it was made for, and how each form of text is scored."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.feature_names import QUESTION, ROW
from rag.answer.scorer import Forest, Judge, Scorer, Word, load

# Two trees. The first: x0 <= 1 gives -1, else x1 <= 5 gives 2, else 4. The second is a leaf of 0.5.
TREES = {
    "base": 0.25,
    "trees": [
        {
            "feature": [0, -1, 1, -1, -1],
            "threshold": [1.0, 0, 5.0, 0, 0],
            "left": [1, 0, 3, 0, 0],
            "right": [2, 0, 4, 0, 0],
            "value": [0, -1.0, 0, 2.0, 4.0],
        },
        {"feature": [-1], "threshold": [0], "left": [0], "right": [0], "value": [0.5]},
    ],
}


@pytest.mark.parametrize(
    ("row", "odds"), [([1.0, 9.0], -0.25), ([1.5, 5.0], 2.75), ([1.5, 5.1], 4.75)]
)
def test_a_forest_adds_up_its_leaves(row: list[float], odds: float) -> None:
    """0.25 + the leaf of the first tree + 0.5; a number at the threshold goes left."""
    assert Forest.read(TREES).score([row])[0] == pytest.approx(odds)


def test_rows_are_scored_each_for_itself() -> None:
    """In any number, and in order."""
    rows = [[1.0, 9.0], [1.5, 5.0], [1.5, 5.1]]
    assert Forest.read(TREES).score(rows).tolist() == pytest.approx([-0.25, 2.75, 4.75])


def test_the_shipped_scorer_fits_the_features_and_gives_probabilities() -> None:
    """Of nothing but zeros, and of nothing but ones."""
    scorer = load()
    for fill in (0.0, 1.0):
        [ranked] = scorer.rank([[fill] * len(ROW)])
        assert 0 < ranked < 1
        assert 0 < scorer.answered([fill] * len(QUESTION)) < 1


# The word of a reader that counts half where sentences are ranked.
WORD = Word(order=0.5, article=(1.0, 1.0, 0.0), paragraph=(0.5, 2.0, 0.25))


def always(odds: float) -> Forest:
    """A forest of one leaf."""
    leaf = {"feature": [-1], "threshold": [0], "left": [0], "right": [0], "value": [odds]}
    return Forest.read({"base": 0.0, "trees": [leaf]})


def judge(odds: float, *, line: dict[str, float] | None = None) -> Judge:
    """One that judges by one leaf and a line."""
    weights = np.array([(line or {}).get(name, 0.0) for name in QUESTION])
    return Judge(forest=always(odds), line=weights, slope=1.0, shift=0.0)


@pytest.mark.parametrize(
    ("sentences", "odds"), [(1, -2.0), (5, -2.0), (6, -1.2), (7.5, 0.0), (9, 1.2), (10, 2), (30, 2)]
)
def test_a_short_text_is_judged_as_a_paragraph(sentences: float, odds: float) -> None:
    """Up to five sentences; from ten on as an article; between them in part as either."""
    scorer = Scorer(ranker=always(0.0), article=judge(2.0), paragraph=judge(-2.0), word=WORD)
    numbers = [sentences / 10 if name == "top_siblings" else 0.0 for name in QUESTION]
    assert scorer.answered(numbers) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_the_sum_is_added_to_the_trees_before_the_slope() -> None:
    """2 x (0.5 from the leaf + 3 x 0.5 from the line) - 1 = 3."""
    judged = replace(judge(0.5, line={"units": 3.0}), slope=2.0, shift=-1.0)
    numbers = [0.5 if name == "units" else 0.0 for name in QUESTION]
    scorer = Scorer(ranker=always(0.0), article=judged, paragraph=judged, word=WORD)
    assert scorer.answered(numbers) == pytest.approx(1 / (1 + math.exp(-3)))


rows = st.lists(st.floats(0, 1, allow_nan=False), min_size=len(ROW), max_size=len(ROW))


@given(rows, st.sampled_from(["cover", "direct", "fit", "names", "core"]))
def test_holding_more_never_speaks_against_a_sentence(told: list[float], name: str) -> None:
    """Whatever else is known of it."""
    more = [*told]
    more[ROW.index(name)] = np.nextafter(1.0, 2.0)
    first, second = load().rank([told, more])
    assert second >= first - 1e-12


numbers = st.lists(st.floats(0, 3, allow_nan=False), min_size=len(QUESTION), max_size=len(QUESTION))


@given(numbers)
def test_the_sums_never_go_against_a_sign(asked: list[float]) -> None:
    """What a question lacks weighs nothing or against an answer, whatever the trees make of it."""
    unmet = ["unmet" in name for name in QUESTION]
    for each in (load().article, load().paragraph):
        assert np.array(asked)[unmet] @ each.line[unmet] <= 0


@pytest.mark.parametrize(
    ("sentences", "odds"),
    [(12, 1.0 + 3.0), (3, 0.5 * -2.0 + 2.0 * 3.0 + 0.25), (7.5, (4.0 + 5.25) / 2)],
)
def test_a_judge_and_a_reader_are_weighed_by_form(sentences: float, odds: float) -> None:
    """A judge of articles says 1, one of paragraphs -2, the reader 3."""
    both = Scorer(ranker=always(0.0), article=judge(1.0), paragraph=judge(-2.0), word=WORD)
    numbers = [0.0] * len(QUESTION)
    numbers[QUESTION.index("top_siblings")] = sentences / 10
    assert both.answered(numbers, 3.0) == pytest.approx(1 / (1 + math.exp(-odds)))

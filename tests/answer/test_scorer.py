"""The trained scorer: its arithmetic, what it was made for, and what it may never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.feature_names import QUESTION, ROW
from rag.answer.scorer import Forest, load

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


numbers = st.lists(st.floats(0, 1, allow_nan=False), min_size=len(QUESTION), max_size=len(QUESTION))


@given(numbers, st.sampled_from([n for n, name in enumerate(QUESTION) if "unmet" in name]))
def test_missing_more_never_speaks_for_an_answer(asked: list[float], at: int) -> None:
    """Whatever else is known of the question."""
    more = [*asked]
    more[at] += 3.0
    assert load().answered(more) <= load().answered(asked) + 1e-12


@given(numbers, st.sampled_from(["top_cover", "top_direct", "top_fit", "first", "top_names"]))
def test_holding_more_never_speaks_against_one(asked: list[float], name: str) -> None:
    """Nor may it."""
    at = QUESTION.index(name)
    more = [*asked]
    more[at] = np.nextafter(1.0, 2.0)
    assert load().answered(more) >= load().answered(asked) - 1e-12

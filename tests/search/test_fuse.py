"""Fusing two rankings by score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.fuse import fuse

SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.001, 50))
COSINES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1))


def test_worked_by_hand() -> None:
    """A third of 2/4 and two thirds of 0.9; what one side lacks counts nothing."""
    fused = fuse({"a": 4.0, "b": 2.0}, {"b": 0.9, "c": 0.3}, dense_weight=2 / 3)
    assert fused == {
        "a": pytest.approx(1 / 3),
        "b": pytest.approx(1 / 3 * 0.5 + 2 / 3 * 0.9),
        "c": pytest.approx(0.2),
    }


def test_nothing_lexical_is_no_division_by_zero() -> None:
    """With no lexical match the dense side decides alone."""
    assert fuse({}, {"a": 0.4, "b": -0.2}, dense_weight=0.5) == {"a": 0.2, "b": 0.0}
    assert fuse({}, {}, dense_weight=0.5) == {}


@given(lexical=SCORES, dense=COSINES, weight=st.floats(0, 1))
def test_scores_stay_between_nought_and_one(
    lexical: dict[str, float], dense: dict[str, float], weight: float
) -> None:
    """Every id of either side is scored, between 0 and 1."""
    fused = fuse(lexical, dense, dense_weight=weight)
    assert fused.keys() == lexical.keys() | dense.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@given(lexical=SCORES, dense=COSINES, factor=st.floats(0.1, 10))
def test_the_scale_of_bm25_does_not_matter(
    lexical: dict[str, float], dense: dict[str, float], factor: float
) -> None:
    """BM25 has no unit: multiplying all of it changes no score."""
    one = fuse(lexical, dense, dense_weight=0.5)
    two = fuse({k: v * factor for k, v in lexical.items()}, dense, dense_weight=0.5)
    assert two == {k: pytest.approx(v) for k, v in one.items()}

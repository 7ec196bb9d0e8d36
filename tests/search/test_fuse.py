"""Fusing two rankings by score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.fuse import fuse

EACH = dict.fromkeys("abcdef", 0.5)
SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.001, 50))
COSINES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1))


def test_worked_by_hand() -> None:
    """A third of 2/4 and two thirds of 0.9; what one side lacks counts nothing."""
    fused = fuse({"a": 4.0, "b": 2.0}, {"b": 0.9, "c": 0.3}, dict.fromkeys("abc", 2 / 3))
    assert fused == {
        "a": pytest.approx(1 / 3),
        "b": pytest.approx(1 / 3 * 0.5 + 2 / 3 * 0.9),
        "c": pytest.approx(0.2),
    }


def test_nothing_lexical_is_no_division_by_zero() -> None:
    """With no lexical match the dense side decides alone."""
    assert fuse({}, {"a": 0.4, "b": -0.2}, EACH) == {"a": 0.2, "b": 0.0}
    assert fuse({}, {}, EACH) == {}


def test_each_passage_has_its_own_weight() -> None:
    """Where the encoder reads badly its word counts less."""
    fused = fuse({"a": 2.0, "b": 2.0}, {"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.1})
    assert fused == {"a": pytest.approx(0.75), "b": pytest.approx(0.95)}


@given(lexical=SCORES, dense=COSINES, weight=st.floats(0, 1))
def test_scores_stay_between_nought_and_one(
    lexical: dict[str, float], dense: dict[str, float], weight: float
) -> None:
    """Every id of either side is scored, between 0 and 1."""
    fused = fuse(lexical, dense, dict.fromkeys("abcdef", weight))
    assert fused.keys() == lexical.keys() | dense.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@given(lexical=SCORES, dense=COSINES, factor=st.floats(0.1, 10))
def test_the_scale_of_bm25_does_not_matter(
    lexical: dict[str, float], dense: dict[str, float], factor: float
) -> None:
    """BM25 has no unit: multiplying all of it changes no score."""
    one = fuse(lexical, dense, EACH)
    two = fuse({k: v * factor for k, v in lexical.items()}, dense, EACH)
    assert two == {k: pytest.approx(v) for k, v in one.items()}

"""Refusals and evidence scores, by hand, by brute force and against scikit-learn."""

from __future__ import annotations

import random

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eval.given import Given
from eval.refusing import (
    Scored,
    auroc,
    auroc_interval,
    measures,
    risk_area,
    risk_area_interval,
    risk_coverage,
)
from tests.eval.rows import given, question, refusal, row


def scored(*pairs: tuple[float, bool]) -> list[Scored]:
    return [Scored(score=score, label=label) for score, label in pairs]


def test_a_refusal_is_what_the_field_says() -> None:
    """A text that sounds like a refusal is an answer; a refusal may sound like anything."""
    sounds = given(row("The articles do not hold the answer."))
    assert measures(question(), sounds) == {"rejection": 0.0}
    assert measures(question("Petra"), sounds) == {"false_refusal": 0.0}
    assert measures(question(), given(refusal(text="Petra."))) == {"rejection": 1.0}
    assert measures(question("Petra"), given(refusal())) == {"false_refusal": 1.0}
    failed = Given(question_id="q", outcome="failed")
    assert measures(question(), failed) == {"rejection": 0.0}
    assert measures(question("Petra"), failed) == {"false_refusal": 0.0}


def test_auroc_by_hand() -> None:
    """Of 2 x 2 pairs, two are in order, one is a tie and one is not: 2.5 of 4."""
    pairs = scored((0.9, True), (0.5, True), (0.5, False), (0.7, False))
    assert auroc(pairs) == 2.5 / 4


def test_auroc_needs_both_kinds() -> None:
    """Where every question has an answer, there is nothing to tell apart."""
    assert auroc([]) is auroc(scored((0.9, True))) is auroc(scored((0.9, False))) is None
    assert auroc_interval(scored((0.9, True), (0.2, True))) is None


def test_auroc_is_that_of_scikit_learn() -> None:
    """On 100 random sets, most of them with ties."""
    # Not above: every worker collects this file, and only one needs it.
    from sklearn.metrics import roc_auc_score

    rng = random.Random(0)
    for _ in range(100):
        size, steps = rng.randint(2, 40), rng.choice([3, 10, 10_000])
        scores = [rng.randrange(steps) / steps for _ in range(size)]
        labels = [True, False, *(rng.random() < 0.5 for _ in range(size - 2))]
        ours = auroc(scored(*zip(scores, labels, strict=True)))
        assert ours == pytest.approx(roc_auc_score(labels, scores))


def test_risk_and_coverage_by_hand() -> None:
    """Five questions, four answered; the two of one score come together."""
    wrong = scored((0.9, False), (0.6, True), (0.6, False), (0.3, True))
    curve = risk_coverage(wrong, 5)
    assert [(p.threshold, p.coverage, p.risk) for p in curve] == [
        (0.9, 1 / 5, 0),
        (0.6, 3 / 5, 1 / 3),
        (0.3, 4 / 5, 2 / 4),
    ]
    assert risk_area(wrong) == pytest.approx((0 + 1 / 3 + 1 / 3 + 1 / 2) / 4)
    assert (risk_coverage([], 5), risk_area([])) == ((), None)


def test_a_score_that_tells_nothing() -> None:
    """All answers of one score: the area is the share of wrong ones."""
    assert risk_area(scored((0.5, True), (0.5, False), (0.5, False))) == pytest.approx(1 / 3)


PAIRS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1), st.booleans()), max_size=12
)


def area_by_force(pairs: list[tuple[float, bool]]) -> float:
    """For each answer, the wrong among those of its score and above, one by one."""
    total = 0.0
    for threshold, _ in pairs:
        kept = [wrong for score, wrong in pairs if score >= threshold]
        total += sum(kept) / len(kept)
    return total / len(pairs)


@for_all(PAIRS, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_bounds_and_order(pairs: list[tuple[float, bool]], rng: random.Random) -> None:
    """Areas are from 0 to 1 and right by brute force; the order of the questions is nothing."""
    mixed = list(pairs)
    rng.shuffle(mixed)
    assert auroc(scored(*mixed)) == auroc(scored(*pairs))
    assert risk_area(scored(*mixed)) == risk_area(scored(*pairs))
    curve = risk_coverage(scored(*pairs), max(1, len(pairs)))
    assert curve == risk_coverage(scored(*mixed), max(1, len(pairs)))
    assert [p.coverage for p in curve] == sorted(p.coverage for p in curve)
    assert all(0 <= p.risk <= 1 for p in curve)
    if pairs:
        assert risk_area(scored(*pairs)) == pytest.approx(area_by_force(pairs))
        assert curve[-1].coverage == 1
        assert curve[-1].risk == sum(wrong for _, wrong in pairs) / len(pairs)
    turned = [(1 - score, label) for score, label in pairs]
    if (plain := auroc(scored(*pairs))) is not None and len({s for s, _ in turned}) == len(
        {s for s, _ in pairs}
    ):
        assert auroc(scored(*turned)) == pytest.approx(1 - plain)


@for_all(PAIRS, st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_intervals_hold_their_figure(pairs: list[tuple[float, bool]], seed: int) -> None:
    """The same seed gives the same interval, whatever the order, within 0 and 1."""
    for figure, bounds in ((auroc, auroc_interval), (risk_area, risk_area_interval)):
        value = figure(scored(*pairs))
        found = bounds(scored(*pairs), seed=seed)
        assert (found is None) == (value is None)
        if found is not None:
            assert found == bounds(scored(*reversed(pairs)), seed=seed)
            assert found.value == value
            assert 0 <= found.low <= found.value <= found.high <= 1 + 1e-12
            assert found.n == len(pairs)


def test_an_interval_by_simulation() -> None:
    """The interval of the AUROC is that of resampling the questions one by one, 4,000 times."""
    rng = random.Random(1)
    pairs = scored(
        *((rng.choice([0.2, 0.4, 0.6, 0.8]) + 0.1 * (n % 2), n % 2 == 0) for n in range(40))
    )
    every = sorted(
        value
        for _ in range(4_000)
        if (value := auroc(rng.choices(pairs, k=len(pairs)))) is not None
    )
    found = auroc_interval(pairs)
    assert found is not None
    assert found.low == pytest.approx(every[100], abs=0.03)
    assert found.high == pytest.approx(every[-101], abs=0.03)

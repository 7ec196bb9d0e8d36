"""Intervals and p-values: exact where they can be worked out, and sound on any values."""

from __future__ import annotations

import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.stats import difference, interval, percentile, permutation_p

VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=30)


def test_an_interval_of_coins() -> None:
    """100 yes or no answers, half of them yes: the binomial's 2.5th percentile is 0.40."""
    found = interval([0.0, 1.0] * 50)
    assert found is not None
    assert (found.value, found.n) == (0.5, 100)
    assert found.low == pytest.approx(0.40, abs=0.011)
    assert found.high == pytest.approx(0.60, abs=0.011)


def test_many_kinds_and_few_give_the_same() -> None:
    """Drawing one by one and drawing by kind are the same bootstrap."""
    few = [0.0, 1.0] * 100
    many = [value + n * 1e-9 for n, value in enumerate(few)]
    one, other = interval(few), interval(many)
    assert one is not None
    assert other is not None
    assert other.low == pytest.approx(one.low, abs=0.011)
    assert other.high == pytest.approx(one.high, abs=0.011)


def test_a_normal_sample() -> None:
    """With 400 values of variance 1, the interval is 1.96 standard errors to either side."""
    rng = random.Random(0)
    values = [rng.gauss(0, 1) for _ in range(400)]
    mean = math.fsum(values) / 400
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / 400)
    found = interval(values)
    assert found is not None
    assert found.value == pytest.approx(mean)
    assert found.low == pytest.approx(mean - 1.96 * deviation / 20, abs=0.008)
    assert found.high == pytest.approx(mean + 1.96 * deviation / 20, abs=0.008)


def test_nothing_has_no_figure() -> None:
    """No values have no mean, no percentile and no difference; never 0, never NaN."""
    assert interval([]) is None
    assert percentile([], 50) is None
    assert difference([], []) is None
    assert permutation_p([]) == 1.0


def test_percentiles_by_hand() -> None:
    """Between the fourth and fifth of five values for p95: at 3.8 of the way."""
    assert percentile([5, 1, 4, 2, 3], 50) == 3
    assert percentile([5, 1, 4, 2, 3], 95) == pytest.approx(4.8)
    assert percentile([7.5], 95) == 7.5


def test_a_difference_by_hand() -> None:
    """Three of four questions gained, one lost: 0.5; 10 of 16 sign patterns are as far off."""
    found = difference([0, 0, 0, 1], [1, 1, 1, 0])
    assert found is not None
    assert (found.interval.value, found.interval.n) == (0.5, 4)
    # Sums of four signs: 4 and -4 once each, 2 and -2 four times each.
    assert found.p == 10 / 16
    assert found.interval.low < 0 < found.interval.high


def test_pairs_must_be_pairs() -> None:
    """Values of another number of questions are refused."""
    with pytest.raises(ValueError, match="2 values cannot be paired with 1"):
        difference([1, 2], [1])


def test_questions_without_a_difference_change_nothing() -> None:
    """The p-value rests on what differs; five gains of five: 2 of 32 patterns."""
    assert permutation_p([1.0] * 5) == permutation_p([1.0] * 5 + [0.0] * 500) == 2 / 32
    assert permutation_p([0.0] * 500) == 1.0


def test_many_differences_are_sampled() -> None:
    """With 20 gains, 2 of 2**20 patterns are as far off; a sample says at most 1 in 1,000."""
    assert permutation_p([1.0] * 20, rounds=10_000) == pytest.approx(1e-4, abs=3e-4)
    # 14 of 20: the sign test's 2 * (60,460 of 1,048,576) = 0.1153.
    assert permutation_p([1.0] * 14 + [-1.0] * 6) == pytest.approx(0.1153, abs=0.012)


@given(VALUES, st.integers(0, 5), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_an_interval_is_sound(values: list[float], seed: int, rng: random.Random) -> None:
    """It holds the mean, lies within the values, and does not know their order."""
    found = interval(values, seed=seed, rounds=500)
    assert found is not None
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(math.fsum(values) / len(values), abs=1e-9)
    assert min(values) - 1e-9 <= found.low
    assert found.high <= max(values) + 1e-9
    mixed = list(values)
    rng.shuffle(mixed)
    assert interval(mixed, seed=seed, rounds=500) == found


@given(VALUES, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_a_p_value_is_sound(differences: list[float], rng: random.Random) -> None:
    """It lies above 0 and at most at 1, and knows neither order nor direction."""
    p = permutation_p(differences, rounds=200)
    assert 0 < p <= 1
    mixed = list(differences)
    rng.shuffle(mixed)
    assert permutation_p(mixed, rounds=200) == p
    assert permutation_p([-each for each in differences], rounds=200) == p


def test_large_runs_are_quick() -> None:
    """10,000 resamples of 2,500 values of many kinds take seconds, of few kinds far less."""
    rng = random.Random(0)
    begun = time.process_time()
    interval([rng.random() for _ in range(2_500)])
    many = time.process_time() - begun
    interval([float(n % 3) for n in range(2_500)])
    few = time.process_time() - begun - many
    assert many < 10
    assert few < many

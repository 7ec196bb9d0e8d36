"""How sure a mean is, and whether two runs differ: the bootstrap and the permutation test.

Everything is seeded, and the order of the values changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

ROUNDS = 10_000
LEVEL = 95.0  # per cent of the resamples that an interval holds
_AT_ONCE = 4_000_000  # numbers drawn at a time: 32 MB
_EXACT = 13  # differences: all 2 ** 13 sign patterns are fewer than the rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure over `n` questions and its 95 % bootstrap interval, which holds it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean of paired differences, second minus first, and how likely chance makes it."""

    interval: Interval
    p: float  # two-sided


def interval(values: Sequence[float], *, seed: int = 0, rounds: int = ROUNDS) -> Interval | None:
    """The mean with its percentile bootstrap interval (Efron 1979); None of no values.

    The means of `rounds` resamples of the same size; between their 2.5th and 97.5th percentile.

    >>> interval([1.0, 1.0, 1.0])
    Interval(value=1.0, low=1.0, high=1.0, n=3)
    """
    return _interval(tuple(sorted(values)), seed, rounds) if len(values) else None


@lru_cache(maxsize=1_024)  # hit@5 and hit@10 are often alike, and so are the parts of a run
def _interval(values: tuple[float, ...], seed: int, rounds: int) -> Interval:
    ordered = np.array(values, dtype=np.float64)
    kinds, counts = np.unique(ordered, return_counts=True)
    if len(kinds) == 1:
        return Interval(value=values[0], low=values[0], high=values[0], n=len(values))
    drawn = resamples(counts, seed=seed, rounds=rounds)
    means = np.concatenate([times @ kinds for times in drawn]) / len(values)
    return bounded(float(ordered.mean()), means, n=len(values))


def bounded(value: float, resampled: NDArray[np.float64], *, n: int) -> Interval:
    """A figure with the interval that its resampled values give."""
    edge = (100.0 - LEVEL) / 2
    low, high = np.percentile(resampled, [edge, 100.0 - edge])
    # Sums of other order differ in the last digit; an interval shall hold its own figure.
    return Interval(value=value, low=min(float(low), value), high=max(float(high), value), n=n)


def resamples(
    counts: NDArray[np.int64], *, seed: int, rounds: int = ROUNDS
) -> Iterator[NDArray[np.int64]]:
    """How often each kind of thing is drawn in `rounds` resamples, some rounds at a time.

    `counts`: (kinds,) how many things of each kind there are; yields (some rounds, kinds). Things
    are drawn one by one, or by kind where that is faster: the distribution is the same.
    """
    rng = np.random.default_rng(seed)
    kinds, total = len(counts), int(counts.sum())
    step = max(1, _AT_ONCE // max(kinds, total))
    kind_of = np.repeat(np.arange(kinds, dtype=np.int32), counts)
    for begun in range(0, rounds, step):
        size = min(step, rounds - begun)
        if 8 * kinds <= total:
            yield rng.multinomial(total, counts / total, size=size)
        else:
            drawn = kind_of[rng.integers(total, size=(size, total), dtype=np.int32)]
            drawn += np.arange(size, dtype=np.int32)[:, None] * np.int32(kinds)
            yield np.bincount(drawn.ravel(), minlength=size * kinds).reshape(size, kinds)


def difference(
    first: Sequence[float], second: Sequence[float], *, seed: int = 0, rounds: int = ROUNDS
) -> Difference | None:
    """How the second run differs from the first on the same questions; None without questions.

    Pairs are resampled whole, so that what a hard question costs both runs does not count.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} values cannot be paired with {len(second)}")
    gained = [b - a for a, b in zip(first, second, strict=True)]
    found = interval(gained, seed=seed, rounds=rounds)
    if found is None:
        return None
    return Difference(interval=found, p=permutation_p(gained, seed=seed, rounds=rounds))


def permutation_p(differences: Sequence[float], *, seed: int = 0, rounds: int = ROUNDS) -> float:
    """The two-sided p-value of paired differences by flipping signs (Fisher 1935).

    The share of sign patterns whose sum is at least as far from 0: of all patterns when at most
    13 differences are not 0, else of `rounds` random ones and the one seen (Phipson & Smyth 2010:
    never 0).

    >>> permutation_p([1.0, 1.0, 1.0])
    0.25
    """
    sizes = np.sort(np.abs(np.asarray(differences, dtype=np.float64)))
    sizes = sizes[sizes > 0]
    if not len(sizes):
        return 1.0
    seen = abs(float(np.sum(np.asarray(differences, dtype=np.float64))))
    seen -= 1e-9 * float(sizes.sum())  # sums of other order differ in the last digit
    if len(sizes) <= _EXACT:
        patterns = np.arange(2 ** len(sizes))[:, None] >> np.arange(len(sizes)) & 1
        return float(np.mean(np.abs((2 * patterns - 1) @ sizes) >= seen))
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(sizes))
    as_far = 0
    for begun in range(0, rounds, step):
        shape = (min(step, rounds - begun), len(sizes))
        signs = 2 * rng.integers(2, size=shape, dtype=np.int8) - 1
        as_far += int(np.count_nonzero(np.abs(signs @ sizes) >= seen))
    return (as_far + 1) / (rounds + 1)


def percentile(values: Sequence[float], per_cent: float) -> float | None:
    """The value below which so many per cent lie, by linear interpolation; None of no values.

    >>> percentile([1.0, 2.0, 4.0], 50), percentile([1.0, 3.0], 95)
    (2.0, 2.9)
    """
    if not len(values):
        return None
    return float(np.percentile(np.asarray(values, dtype=np.float64), per_cent))

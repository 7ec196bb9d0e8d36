"""How well Kutip knows when not to answer: refusals, the risk-coverage curve, AUROC.

Whether a question was refused is what the answer's own field says, never a phrase in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.datasets import Question
from eval.given import Given
from eval.stats import ROUNDS, Interval, bounded, resamples


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One question's evidence score and a yes or no that goes with it."""

    score: float
    label: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """What answering only from this evidence score on would give."""

    threshold: float
    coverage: float  # answered, of all questions
    risk: float  # wrong, of those answered


def measures(question: Question, given: Given) -> dict[str, float]:
    """ "rejection" of a question without an answer, "false_refusal" of one with; 1 if refused.

    Rejection is RGB's negative rejection (Chen et al., AAAI 2024). An answer that failed or is
    malformed refuses nothing.
    """
    refused = float(given.outcome == "refused")
    return {"false_refusal" if question.answerable else "rejection": refused}


def auroc(scored: Sequence[Scored]) -> float | None:
    """The chance that a labelled one scores higher than one that is not; a tie counts half.

    The area under the ROC curve, as the Mann-Whitney statistic (Hanley & McNeil 1982). None
    unless there are both.

    >>> auroc([Scored(score=0.9, label=True), Scored(score=0.2, label=False)])
    1.0
    """
    kinds = _Kinds(scored)
    value = float(_auroc(kinds.label[None, :], kinds.other[None, :])[0]) if scored else np.nan
    return None if np.isnan(value) else value


def risk_coverage(wrong: Sequence[Scored], total: int) -> tuple[RiskPoint, ...]:
    """The curve of the answers among `total` questions, from the highest evidence score down.

    The label says that the answer is wrong. One point for each score that occurs, as answers of
    one score are given or withheld together. (El-Yaniv & Wiener, JMLR 2010.)
    """
    kinds = _Kinds(wrong)
    bad = np.cumsum(kinds.label[::-1])
    answered = bad + np.cumsum(kinds.other[::-1])
    return tuple(
        RiskPoint(threshold=float(score), coverage=int(n) / total, risk=int(w) / int(n))
        for score, n, w in zip(kinds.scores[::-1], answered, bad, strict=True)
    )


def risk_area(wrong: Sequence[Scored]) -> float | None:
    """The area under the risk-coverage curve, of the coverage there is; lower is better.

    The mean, over the answers, of the risk at their own score (Geifman & El-Yaniv, NeurIPS
    2017). 0 when nothing is wrong; the plain share of wrong ones when the score tells nothing
    at all. None without answers.

    >>> risk_area([Scored(score=0.9, label=False), Scored(score=0.2, label=True)])
    0.25
    """
    if not wrong:
        return None
    kinds = _Kinds(wrong)
    return float(_risk_area(kinds.label[None, :], kinds.other[None, :])[0])


def auroc_interval(scored: Sequence[Scored], *, seed: int = 0) -> Interval | None:
    """`auroc` with its bootstrap interval; resamples of one kind only are left out."""
    return _interval(scored, auroc(scored), _auroc, seed=seed)


def risk_area_interval(wrong: Sequence[Scored], *, seed: int = 0) -> Interval | None:
    """`risk_area` with its bootstrap interval."""
    return _interval(wrong, risk_area(wrong), _risk_area, seed=seed)


class _Kinds:
    """How many labelled ones and others there are of each score, lowest first."""

    def __init__(self, scored: Sequence[Scored]) -> None:
        self.scores, at = np.unique([each.score for each in scored], return_inverse=True)
        labels = np.array([each.label for each in scored], dtype=bool)
        self.label = np.bincount(at[labels], minlength=len(self.scores))
        self.other = np.bincount(at[~labels], minlength=len(self.scores))


_Counts = NDArray[np.int64]  # (rounds, scores)


def _auroc(label: _Counts, other: _Counts) -> NDArray[np.float64]:
    """The AUROC of each row of counts; NaN where a kind is missing."""
    below = np.cumsum(other, axis=1) - other / 2
    pairs = label.sum(axis=1) * other.sum(axis=1)
    won = (label * below).sum(axis=1)
    chance: NDArray[np.float64] = np.full(len(won), np.nan)
    np.divide(won, pairs, out=chance, where=pairs > 0)
    return chance


def _risk_area(label: _Counts, other: _Counts) -> NDArray[np.float64]:
    """The area of each row of counts, none of them empty."""
    counts = (label + other)[:, ::-1]
    bad = np.cumsum(label[:, ::-1], axis=1)
    answered = np.cumsum(counts, axis=1)
    risk = bad / np.maximum(answered, 1)
    area: NDArray[np.float64] = (risk * counts).sum(axis=1) / answered[:, -1]
    return area


def _interval(
    scored: Sequence[Scored],
    value: float | None,
    figure: Callable[[_Counts, _Counts], NDArray[np.float64]],
    *,
    seed: int,
) -> Interval | None:
    if value is None:
        return None
    kinds = _Kinds(scored)
    size = len(kinds.scores)
    both = np.concatenate([kinds.label, kinds.other])
    there = np.flatnonzero(both)
    found: list[NDArray[np.float64]] = []
    for drawn in resamples(both[there], seed=seed, rounds=ROUNDS):
        counts = np.zeros((len(drawn), 2 * size), dtype=np.int64)
        counts[:, there] = drawn
        found.append(figure(counts[:, :size], counts[:, size:]))
    every = np.concatenate(found)
    return bounded(value, every[~np.isnan(every)], n=len(scored))

"""What a reader's word is to count for, beside the ranker's and the judges'.

Learnt from questions that none of them has seen; the reader is asked as an answer asks it, about
the best sentences alone. Two things of an answer are left out: what a sentence is worth as it
tells of something else, and that a judge's numbers are of the order that the reader leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eval.asked import Case
from rag.answer.candidate import preferred
from rag.answer.heard import hear, moved
from rag.answer.marked import Read, marked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of no reader: what it says counts for nothing.
UNHEARD: Mapping[str, Any] = {
    "order": 0.0,
    "article": [1.0, 0.0, 0.0],
    "paragraph": [1.0, 0.0, 0.0],
}
_ORDERS = tuple(step / 10 for step in range(11))
_FEWEST = 10  # questions with an answer, and without one


def learn(
    made: Sequence[Case],
    ranked: Sequence[Sequence[float]],
    odds: NDArray[np.float64],
    read: Read,
) -> dict[str, Any]:
    """The weights as they are written down.

    `ranked` has how likely each sentence of a case is to answer, `odds` the judges' log-odds of
    each case, both from what had not seen it.
    """
    heard = [_heard(case, likely, read) for case, likely in zip(made, ranked, strict=True)]
    order = max(_ORDERS, key=lambda order: (_right(made, ranked, heard, order), -order))
    best = [
        said[_first(case, likely, said, order)]
        for case, likely, said in zip(made, ranked, heard, strict=True)
    ]
    word: dict[str, Any] = {"order": order}
    for form, news in (("article", True), ("paragraph", False)):
        some = [k for k, case in enumerate(made) if case.news == news]
        told = [(odds[k], best[k]) for k in some]
        word[form] = _beside(told, [made[k].answerable for k in some]) or UNHEARD[form]
    return word


def _heard(case: Case, ranked: Sequence[float], read: Read) -> dict[int, float]:
    chosen = case.candidates.chosen
    return hear(preferred(chosen, ranked), _ORDERS[-1], lambda k: read(*marked(chosen[k])))


def _right(
    made: Sequence[Case],
    ranked: Sequence[Sequence[float]],
    heard: Sequence[Mapping[int, float]],
    order: float,
) -> int:
    """How many of the questions have a sentence first that answers."""
    return sum(
        case.labels[_first(case, likely, said, order)] == 1
        for case, likely, said in zip(made, ranked, heard, strict=True)
        if case.answerable and not case.small
    )


def _first(case: Case, ranked: Sequence[float], heard: Mapping[int, float], order: float) -> int:
    """The number of the sentence that is first when the reader's word counts that much.

    Of those that were read: another is far behind.
    """
    scores = preferred(case.candidates.chosen, moved(ranked, heard, order))
    return max(heard, key=lambda k: (scores[k], -k))


def _beside(told: Sequence[tuple[float, float]], answerable: Sequence[bool]) -> list[float] | None:
    """A logistic regression on both log-odds; None where there is too little to learn from."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    held = np.array(answerable, dtype=bool)
    if min(held.sum(), (~held).sum()) < _FEWEST:
        return None
    weight = np.where(held, 1 / held.sum(), 1 / (~held).sum()) * len(held) / 2
    learnt = LogisticRegression().fit(np.array(told), held, sample_weight=weight)
    return [round(float(each), 4) for each in (*learnt.coef_[0], learnt.intercept_[0])]

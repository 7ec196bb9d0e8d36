"""The trained scorer: which sentence answers, and whether any does.

Small forests of regression trees (gradient boosting) over the numbers of `features`, for articles
and for paragraphs that stand alone: one that ranks sentences, and one that judges whether the best
one answers, with a weighted sum of these numbers beside its trees (logistic regression). They are
made by `python -m eval.scorer` and kept beside this file. Knows nothing of text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from rag.answer.feature_names import QUESTION, ROW

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FILE = "scorer.json"

# A text is scored as a paragraph that stands alone if it has as many sentences at most, as an
# article from as many on; between them, in part as either (docs/log.md, "Articles and paragraphs").
_PARAGRAPH, _ARTICLE = 5, 10


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up to a log-odds; arrays have shape (trees, nodes)."""

    base: float
    feature: NDArray[np.int64]  # -1 at a leaf
    threshold: NDArray[np.float64]  # a number at most this goes left
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]  # of a leaf

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Forest:
        """The forest written down as lists of trees, each a list of nodes."""
        import numpy as np

        size = max(len(tree["feature"]) for tree in stored["trees"])

        def table(name: str, empty: float) -> Any:
            return np.array(
                [tree[name] + [empty] * (size - len(tree[name])) for tree in stored["trees"]]
            )

        return cls(
            base=float(stored["base"]),
            feature=table("feature", -1).astype(np.int64),
            threshold=table("threshold", 0.0).astype(np.float64),
            left=table("left", 0).astype(np.int64),
            right=table("right", 0).astype(np.int64),
            value=table("value", 0.0).astype(np.float64),
        )

    def score(self, rows: Sequence[Sequence[float]] | NDArray[np.float64]) -> NDArray[np.float64]:
        """The log-odds of each row of numbers, shape (rows,)."""
        import numpy as np

        numbers = np.asarray(rows, dtype=np.float64)
        trees = np.arange(len(self.feature))
        lines = np.arange(len(numbers))[:, None]
        node = np.zeros((len(numbers), len(trees)), dtype=np.int64)
        while True:
            feature = self.feature[trees, node]
            inner = feature >= 0
            if not inner.any():
                break
            goes_left = numbers[lines, feature] <= self.threshold[trees, node]
            below = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            node = np.where(inner, below, node)
        scores: NDArray[np.float64] = self.base + self.value[trees, node].sum(axis=1)
        return scores


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from questions about one form of text."""

    ranker: Forest
    judge: Forest
    line: NDArray[np.float64]  # what each of the judge's numbers adds to the log-odds of its trees
    slope: float  # of the judge's log-odds, to make them a probability
    shift: float

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Learnt:
        """What is written down for one form of text."""
        import numpy as np

        return cls(
            ranker=Forest.read(stored["ranker"]),
            judge=Forest.read(stored["judge"]),
            line=np.array(stored["line"], dtype=np.float64),
            slope=stored["slope"],
            shift=stored["shift"],
        )

    def answered(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated log-odds that each question is answered, shape (questions,)."""
        return self.slope * (self.judge.score(numbers) + numbers @ self.line) + self.shift


@dataclass(frozen=True, slots=True)
class Scorer:
    """What was learnt, of articles and of paragraphs."""

    article: Learnt
    paragraph: Learnt

    def rank(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """How likely each candidate is to hold the answer, 0 to 1; not calibrated."""
        import numpy as np

        numbers = np.asarray(rows, dtype=np.float64)
        of_article = self.article.ranker.score(numbers)
        of_paragraph = self.paragraph.ranker.score(numbers)
        odds = _mixed(numbers[:, ROW.index("siblings")], of_article, of_paragraph)
        return [float(p) for p in _probability(odds)]

    def answered(self, numbers: Sequence[float]) -> float:
        """The probability that the articles answer the question, calibrated."""
        import numpy as np

        told = np.asarray([numbers], dtype=np.float64)
        siblings = told[:, QUESTION.index("top_siblings")]
        odds = _mixed(siblings, self.article.answered(told), self.paragraph.answered(told))
        return float(_probability(odds)[0])


def _mixed(
    siblings: NDArray[np.float64],
    of_article: NDArray[np.float64],
    of_paragraph: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The log-odds by how long each text is, in tens of sentences; all have the same shape."""
    part = ((10 * siblings - _PARAGRAPH) / (_ARTICLE - _PARAGRAPH)).clip(0, 1)
    mixed: NDArray[np.float64] = part * of_article + (1 - part) * of_paragraph
    return mixed


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    found: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return found


@cache
def load() -> Scorer:
    """The scorer that Kutip ships."""
    stored = json.loads(resources.files(__package__).joinpath(_FILE).read_text("utf-8"))
    if tuple(stored["rows"]) != ROW or tuple(stored["questions"]) != QUESTION:
        raise AssertionError(f"{_FILE} was made for other features: python -m eval.scorer")
    return Scorer(
        article=Learnt.read(stored["article"]), paragraph=Learnt.read(stored["paragraph"])
    )

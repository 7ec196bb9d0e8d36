"""The trained scorer: which sentence answers, and whether any does.

Small forests of regression trees (gradient boosting) over the numbers of `features`: one that ranks
sentences, and two that judge whether the best one answers, one for articles and one for paragraphs
that stand alone, each with a weighted sum of these numbers beside its trees (logistic regression).
They are made by `python -m eval.scorer` and kept beside this file. Knows nothing of text.
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

# A text is judged as a paragraph that stands alone if it has as many sentences at most, as an
# article from as many on; between them, in part as either (docs/log.md, "Articles and paragraphs").
_PARAGRAPH, _ARTICLE = 5, 10
_SIBLINGS = QUESTION.index("top_siblings")  # tens of sentences


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

    def score(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
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
class Judge:
    """Whether the best sentence answers, learnt from questions about one form of text."""

    forest: Forest
    line: NDArray[np.float64]  # what each of the numbers adds to the log-odds of the trees
    slope: float  # of the log-odds, to make them a probability
    shift: float

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Judge:
        """The judge written down as a forest, a line, a slope and a shift."""
        import numpy as np

        return cls(
            forest=Forest.read(stored["forest"]),
            line=np.array(stored["line"], dtype=np.float64),
            slope=stored["slope"],
            shift=stored["shift"],
        )

    def odds(self, numbers: Sequence[float]) -> float:
        """The calibrated log-odds that the articles answer the question."""
        import numpy as np

        told = self.forest.score([numbers])[0] + np.asarray(numbers, dtype=np.float64) @ self.line
        return float(self.slope * told + self.shift)


@dataclass(frozen=True, slots=True)
class Word:
    """What the word of a reader counts for, who reads the question and a sentence together."""

    order: float  # of its log-odds beside the ranker's, where sentences are put in order
    article: tuple[float, float, float]  # of the judge's log-odds, of the reader's; and of neither
    paragraph: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Scorer:
    """What was learnt."""

    ranker: Forest
    article: Judge
    paragraph: Judge
    word: Word

    def rank(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """How likely each candidate is to hold the answer, 0 to 1; not calibrated."""
        return [float(p) for p in _probability(self.ranker.score(rows))]

    def answered(self, numbers: Sequence[float], read: float | None = None) -> float:
        """The probability that the articles answer the question, calibrated.

        `read` are a reader's log-odds of the best sentence, where one has read it.
        """
        import numpy as np

        sentences = 10 * numbers[_SIBLINGS]
        part = min(1.0, max(0.0, (sentences - _PARAGRAPH) / (_ARTICLE - _PARAGRAPH)))
        both = []
        for judge, (own, readers, neither) in (
            (self.article, self.word.article),
            (self.paragraph, self.word.paragraph),
        ):
            odds = judge.odds(numbers)
            both.append(odds if read is None else own * odds + readers * read + neither)
        return float(_probability(np.array(part * both[0] + (1 - part) * both[1])))


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
        ranker=Forest.read(stored["ranker"]),
        article=Judge.read(stored["article"]),
        paragraph=Judge.read(stored["paragraph"]),
        word=Word(
            order=stored["reader"]["order"],
            article=tuple(stored["reader"]["article"]),
            paragraph=tuple(stored["reader"]["paragraph"]),
        ),
    )

"""Train the scorer that picks sentences and knows when none answers: `rag/answer/scorer.json`.

From questions in SQuAD 2.0 form (`--squad`) and from those of a dataset about articles (`--data`
with `--articles`). Each is searched for as a reader would, those about articles also in libraries
of a few of them (`--small`); SQuAD's also have the paragraph alone, where an altered question must
be told from a good one. What it was made from and what it scores: docs/log.md, "A trained scorer".
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.asked import FOLDS, Case, asked_of_few, cases, near, owners, strangers
from eval.datasets import (
    DatasetError,
    load,
    read_articles,
    squad,
)
from eval.groups import grouped
from eval.library import library
from eval.word import UNHEARD, learn
from rag.answer.marked import Read
from rag.errors import KutipError
from rag.progress import Meter
from rag.search.reader import open_reader
from rag.settings import Settings
from rag.text.language import word_set

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a forest grows."""

    trees: int
    leaves: int
    rate: float
    share: float = 1.0  # of the numbers that each split may choose from


# Many of a judge's numbers tell nearly the same; splits that see a few of them at a time use
# more of them, and a weighted sum of all of them adds what many trees would need (docs/log.md, "To
# what something is done" and "Whom a sentence has it from").
_RANKER = _Shape(trees=200, leaves=12, rate=0.1)
_JUDGE = _Shape(trees=400, leaves=16, rate=0.08, share=0.05)
_JUDGE_OF_PARAGRAPHS = _Shape(trees=300, leaves=8, rate=0.08, share=0.05)
_LINE = 0.5  # what the log-odds of the sum count for beside those of the trees
_SHRINK = 0.003  # how strongly its weights are drawn to nothing
# What a question about news weighs beside one about an encyclopedic paragraph, where the judge of
# paragraphs learns. That of articles learns from articles alone (docs/log.md, "Articles and
# paragraphs").
_NEWS = 0.2
# What may only speak for an answer, and what only against it, where sentences are ranked and in a
# judge's sum. A judge's trees are free: what one number tells turns on the others.
_FOR = word_set(
    "cover direct direct_to_best cover_to_best article article_to_best fit reality merit",
    "confidence typed adjacent defines_as_asked heaviest weakest weakest_direct names",
    "names_direct words words_direct search search_rank lexical dense closeness dense_best",
    "closeness_best first clause answer_clause counted sides_kept belongs_kept answers names_tied",
    "names_together deeds_together focused focused_to_best focused_near rarely rarely_to_best",
    "answers_alone sought timely object_kept core core_rarely core_weakest things core_to_best",
    "core_rarely_to_best clause_to_best answer_clause_to_best words_direct_to_best",
    "names_direct_to_best heaviest_to_best adjacent_to_best",
)
_AGAINST = word_set(
    "distance answer_to_name denial sides_turned belongs_turned displaced of_another another_post",
    "conflicts contrary deed_elsewhere another_count done_by_another core_to_answer",
)


def train(
    made: Sequence[Case], *, seed: int, read: Read | None = None, left_out: int = 0
) -> dict[str, Any]:
    """The scorer as it is written down.

    A judge learns from scores that the ranker gave to questions it had not seen, and its
    slope from questions that the judge had not seen. What the word of a reader who can `read`
    counts for is learnt from the fold that was `left_out` when he was taught.
    """
    import numpy as np

    kinds = {(case.fold, case.answerable and 1 in case.labels) for case in made if not case.small}
    if len(kinds) < 2 * FOLDS:
        raise DatasetError(
            f"{len(made)} questions are too few to learn from",
            hint="Give questions with and without an answer, about a dozen articles at least.",
        )
    rows, questions = made[0].candidates.row_names, made[0].candidates.question_names
    numbers: list[list[float]] = []
    target: list[int] = []
    folds: list[int] = []
    for case in made:
        # Among three articles the right sentence is too easily found to learn from.
        if case.answerable and 1 in case.labels and not case.small:
            known = [k for k, label in enumerate(case.labels) if label >= 0]
            numbers += [case.rows[k] for k in known]
            target += [case.labels[k] for k in known]
            folds += [case.fold] * len(known)
    at, x, y = np.array(folds), np.array(numbers), np.array(target)
    told = np.empty((len(made), len(questions)))
    thought: list[list[float]] = [[] for _ in made]
    for fold in range(FOLDS):
        ranker = _forest(_RANKER, seed, rows).fit(x[at != fold], y[at != fold])
        for number, case in enumerate(made):
            if case.fold == fold:
                ranked = ranker.predict_proba(np.array(case.rows))[:, 1].tolist()
                told[number] = case.candidates.of_question(case.rows, ranked)
                thought[number] = ranked
    answerable = np.array([case.answerable for case in made])
    news = np.array([case.news for case in made])
    fold_of = np.array([case.fold for case in made])
    judged, odds = judges(questions, told, answerable, news, fold_of, seed=seed)
    word: Mapping[str, Any] = UNHEARD
    if read is not None:
        out = [number for number, case in enumerate(made) if case.fold == left_out]
        word = learn([made[k] for k in out], [thought[k] for k in out], odds[out], read)
    return {
        "rows": list(rows),
        "questions": list(questions),
        "ranker": _written(_forest(_RANKER, seed, rows).fit(x, y)),
        **judged,
        "reader": dict(word),
    }


def judges(
    names: Sequence[str],
    told: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    news: NDArray[np.bool_],
    folds: NDArray[np.int64],
    *,
    seed: int,
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The judges of articles and of paragraphs as they are written down; and their log-odds.

    `told` has shape (questions, numbers), the others (questions,). Where there is nothing of one
    form to learn from, its judge learns from the other's. The log-odds, shape (questions,), are
    those of each question's own judge, from what had not seen it.
    """
    import numpy as np

    made = {}
    odds = np.zeros(len(told))
    for form, own, others, shape in (
        ("article", news, 0.0, _JUDGE),
        ("paragraph", ~news, _NEWS, _JUDGE_OF_PARAGRAPHS),
    ):
        counts = np.where(own, 1.0, others) if own.any() else np.ones(len(own))
        some = counts > 0
        weight = _even(counts[some], answerable[some])
        made[form], found = judge(
            names, told[some], answerable[some], weight, folds[some], shape=shape, seed=seed
        )
        odds[own] = found[own[some]]
    return made, odds


def _even(weight: NDArray[np.float64], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The weights, such that as much has an answer as has none among those that count alike."""
    import numpy as np

    even = np.empty(len(weight))
    for count in np.unique(weight):
        for held in (True, False):
            part = (weight == count) & (answerable == held)
            even[part] = count * (weight == count).sum() / max(1, part.sum())
    return even


def judge(
    names: Sequence[str],
    told: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    weight: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    shape: _Shape = _JUDGE,
    seed: int,
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """A judge as it is written down: its trees, the sum beside them, and the slope of both.

    `told` has shape (questions, numbers), the others (questions,); so have the log-odds beside
    it, of each question from what had not seen it.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    odds = np.empty(len(told))
    for fold in range(FOLDS):
        out = folds == fold
        seen = (told[~out], answerable[~out], weight[~out])
        trees = _forest(shape, seed).fit(seen[0], seen[1], sample_weight=seen[2])
        # Each fold's sum is taken from its own mean: else the folds' odds would stand apart.
        sums = (told[out] - _mean(seen[0], seen[2])) @ _line(names, *seen)
        odds[out] = trees.decision_function(told[out]) + sums
    last = LogisticRegression().fit(odds[:, None], answerable, sample_weight=weight / weight.mean())
    slope = float(last.coef_[0][0])
    line = _line(names, told, answerable, weight)
    written = {
        "forest": _written(_forest(shape, seed).fit(told, answerable, sample_weight=weight)),
        "line": [_short(each) for each in line],
        "slope": round(slope, 4),
        "shift": round(float(last.intercept_[0] - slope * (_mean(told, weight) @ line)), 4),
    }
    return written, last.decision_function(odds[:, None])


def _mean(numbers: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each column, as the rows weigh; shape (columns,)."""
    mean: NDArray[np.float64] = weight @ numbers / weight.sum()
    return mean


def _line(
    names: Sequence[str],
    told: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What each number adds to the log-odds, shape (numbers,); none against its sign.

    A logistic regression over numbers of one spread. It starts from nothing: what all questions
    have in common is for the last slope and shift to tell.
    """
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    spread = told.std(axis=0) + 1e-6
    numbers = (told - told.mean(axis=0)) / spread
    side = np.where(answerable, 1.0, -1.0)
    share = weight / weight.sum()

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = side * (numbers @ at[:-1] + at[-1])
        pull = -share * side / (1 + np.exp(margin))
        value = share @ np.logaddexp(0, -margin) + _SHRINK * (at[:-1] @ at[:-1]) / 2
        return float(value), np.append(pull @ numbers + _SHRINK * at[:-1], pull.sum())

    bounds = {1: (0, None), -1: (None, 0), 0: (None, None)}
    found = minimize(
        loss,
        np.zeros(len(names) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*(bounds[_sign(name)] for name in names), bounds[0]],
        options={"maxiter": 300},
    )
    weights: NDArray[np.float64] = _LINE * found.x[:-1] / spread
    return weights


def _forest(shape: _Shape, seed: int, signed: Sequence[str] | None = None) -> Any:
    """An untrained forest, held to the signs of its numbers where their names are given."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=shape.trees,
        max_leaf_nodes=shape.leaves,
        learning_rate=shape.rate,
        max_features=shape.share,
        l2_regularization=2.0,
        min_samples_leaf=40,
        early_stopping=False,
        monotonic_cst=None if signed is None else [_sign(name) for name in signed],
        random_state=seed,
    )


def _sign(name: str) -> int:
    bare = name.removeprefix("top_")
    if "unmet" in name or bare in _AGAINST:
        return -1
    return int(bare in _FOR)


def _written(forest: Any) -> dict[str, Any]:
    """A trained forest as lists."""
    trees = []
    for (predictor,) in forest._predictors:  # there is no public way to them
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        trees.append(
            {
                "feature": [
                    -1 if end else int(f) for f, end in zip(nodes["feature_idx"], leaf, strict=True)
                ],
                "threshold": [
                    0 if end else _short(t)
                    for t, end in zip(nodes["num_threshold"], leaf, strict=True)
                ],
                "left": [int(n) for n in nodes["left"]],
                "right": [int(n) for n in nodes["right"]],
                "value": [
                    _short(v) if end else 0 for v, end in zip(nodes["value"], leaf, strict=True)
                ],
            }
        )
    return {"base": float(forest._baseline_prediction.ravel()[0]), "trees": trees}


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the scorer; 0 when it is written, 2 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m eval.scorer", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[], help="JSONL of questions")
    parser.add_argument("--articles", type=Path, action="append", default=[], help="what they ask")
    parser.add_argument("--squad", type=Path, action="append", default=[], help="SQuAD 2.0 form")
    parser.add_argument("--limit", type=int, help="questions of each SQuAD file at most")
    parser.add_argument("--small", type=int, default=3, help="articles of a small library")
    parser.add_argument(
        "--reader", type=Path, help="one taught with --leave-out; its word is weighed"
    )
    parser.add_argument(
        "--left-out", type=int, choices=range(FOLDS), default=0, help="its --leave-out; default: 0"
    )
    parser.add_argument("--cache", type=Path, help="where libraries are kept")
    parser.add_argument("--out", type=Path, required=True, help="the scorer to write")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    settings = Settings.load(environment={})
    made: list[Case] = []
    try:
        texts = read_articles(options.articles) if options.data else {}
        sets = [load(path, texts) for path in options.data]
        news = [question for each in sets for question in each]
        squads = [(path, squad(path)) for path in options.squad]
        others = [question for _, held in squads for question in held.questions]
        with Meter(sys.stderr) as meter:
            if news:
                asked = [*news, *strangers(others, seed=options.seed)]
                with library(
                    settings, articles=options.articles, cache=options.cache, on_progress=meter
                ) as opened:
                    made += cases(opened.engine, asked, news=True, on_progress=meter)
                    groups = [
                        group
                        for each in sets
                        for group in grouped(
                            each, size=options.small, seed=options.seed, near=near(opened.engine)
                        )
                    ]
                made += asked_of_few(settings, options.articles, groups, meter)
            for path, held in squads:
                few = list(held.questions)
                random.Random(options.seed).shuffle(few)
                with library(
                    settings, paragraphs=held.paragraphs, cache=options.cache, on_progress=meter
                ) as opened:
                    made += cases(
                        opened.engine,
                        [*few[: options.limit], *strangers(news, seed=options.seed)],
                        news=False,
                        owners=owners(path, held.paragraphs),
                        on_progress=meter,
                    )
        read = None if options.reader is None else open_reader(options.reader).read
        learnt = train(made, seed=options.seed, read=read, left_out=options.left_out)
        options.out.write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")
    except (KutipError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        f"{options.out}: {options.out.stat().st_size:,} bytes from {len(made):,} cases\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

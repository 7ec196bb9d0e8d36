"""How well `Engine.search` finds the paragraph that answers, on questions in SQuAD 2.0 form.

Each paragraph is one article; one without questions is a distractor. Only answerable
questions are asked. Embeds everything once into a folder that is kept.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from eval.datasets import read_forms, squad_paragraphs
from rag.engine import Engine
from rag.errors import BadSetting, KutipError
from rag.settings import Settings

logger = logging.getLogger(__name__)

DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and the number of the paragraph that answers it."""

    question: str
    paragraph: int


def read_squad(path: Path, forms: Path | None = None) -> tuple[list[str], list[Asked]]:
    """The paragraphs of a SQuAD 2.0 file, in order, and its answerable questions.

    With `forms`, those that have another form there, in that form.
    """
    paragraphs = squad_paragraphs(path)
    others = None if forms is None else read_forms(forms)
    try:
        return [p["context"] for p in paragraphs], [
            Asked(
                question=question["question"] if others is None else others[question["id"]],
                paragraph=number,
            )
            for number, p in enumerate(paragraphs)
            for question in p.get("qas", ())
            if not question.get("is_impossible", False)
            and (others is None or question["id"] in others)
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadSetting(f"{path} is not in SQuAD 2.0 form: {error!r}") from error


def reciprocal_rank(ranked: Sequence[str], wanted: str) -> float:
    """One over the rank, from 1, of `wanted` among the first ten; 0 if it is not there.

    >>> reciprocal_rank(["a", "b", "c"], "b"), reciprocal_rank(["a"], "b")
    (0.5, 0.0)
    """
    return 1 / (ranked.index(wanted) + 1) if wanted in ranked[:DEPTH] else 0.0


def interval(values: Sequence[float], *, seed: int, rounds: int = 1_000) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean."""
    rng = random.Random(seed)
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]


def stored(engine: Engine, paragraphs: Sequence[str]) -> dict[int, str]:
    """The article id of each paragraph, after adding those that are not there yet."""
    with tempfile.TemporaryDirectory() as folder:
        width = len(str(len(paragraphs)))
        for number, text in enumerate(paragraphs):
            Path(folder, f"{number:0{width}}.txt").write_text(text, encoding="utf-8")
        ids: dict[int, str] = {}
        for outcome in engine.add([folder]):
            if outcome.article_id is None:
                raise BadSetting(f"a paragraph is not an article: {outcome.reason}")
            ids[int(Path(outcome.source).stem)] = outcome.article_id
    return ids


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one file; the figures go to standard output, 0 when they could be taken."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__)
    parser.add_argument("squad", type=Path, help="a file in SQuAD 2.0 form")
    parser.add_argument("--cache", type=Path, required=True, help="where the index is kept")
    parser.add_argument("--forms", type=Path, help="other forms of its questions, by id")
    parser.add_argument("--dense-weight", type=float, action="append", default=[])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        paragraphs, asked = read_squad(options.squad, options.forms)
        base = Settings.load(environment={}, data_dir=options.cache)
        with Engine(base) as engine:
            ids = stored(engine, paragraphs)
        for weight in options.dense_weight or [base.dense_weight]:
            settings = Settings.load(
                environment={"KUTIP_DENSE_WEIGHT": str(weight)}, data_dir=options.cache
            )
            with Engine(settings) as engine:
                ranks = [
                    reciprocal_rank(
                        list(
                            dict.fromkeys(
                                hit.passage.article_id
                                for hit in engine.search(a.question, k=DEPTH, group=False)
                            )
                        ),
                        ids[a.paragraph],
                    )
                    for a in asked
                ]
            low, high = interval(ranks, seed=options.seed)
            sys.stdout.write(
                f"{(options.forms or options.squad).name} dense_weight={weight} "
                f"MRR@{DEPTH} {fmean(ranks):.4f} [{low:.4f}, {high:.4f}] n={len(ranks)} "
                f"paragraphs={len(paragraphs)}\n"
            )
    except KutipError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How well the engine answers and refuses on hand-written questions, without a judge.

A question counts as answered when a quoted sentence of a gold article holds one of its
short answers. Nothing is known here of how an answer is made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from eval.answers import holds
from eval.retrieval import interval
from rag.engine import Engine
from rag.errors import BadSetting, KutipError
from rag.schema import Answer
from rag.settings import Settings

_TAGS = ("hardcase", "crosslingual", "samelang", "nearmiss", "unrelated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One question with what a right answer quotes; no answers means unanswerable."""

    question_id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]  # (article's file name, exact quote)
    tags: tuple[str, ...]


def read_questions(path: Path) -> list[Gold]:
    """The questions of a JSONL file; an error names file and line."""
    return [_gold(path, number, line) for number, line in _lines(path)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}") from error
    return ((n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip())


def _gold(path: Path, number: int, line: str) -> Gold:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return Gold(
            question_id=row["id"],
            question=row["question"],
            answers=tuple(row["answers"]),
            evidence=tuple((e["article"], e["quote"]) for e in row["evidence"]),
            tags=tuple(row.get("tags", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadSetting(f"{path}, line {number}: not a question ({error!r})") from error


def folded(text: str) -> str:
    """`text` without case and with single spaces, as answers are compared."""
    return " ".join(text.split()).casefold()


def judge(gold: Gold, answer: Answer) -> dict[str, float]:
    """What this answer adds to each measure: 0 or 1 for those that apply to the question."""
    if not gold.answers:
        return {"refused": float(answer.abstention is not None)}
    files = {article for article, _ in gold.evidence}
    said = [c.quote for c in answer.citations if Path(c.passage.metadata.source).name in files]
    quotes = [folded(quote) for quote in said]
    first = answer.citations[0].quote if answer.citations else ""
    evidence = [folded(quote) for _, quote in gold.evidence]
    return {
        "answered in three": float(any(holds(quote, gold.answers) for quote in said)),
        "answered first": float(first in said and holds(first, gold.answers)),
        "gold cited": float(any(e in q or q in e for e in evidence for q in quotes)),
        "refused though answerable": float(answer.abstention is not None),
    }


def measure(engine: Engine, questions: Sequence[Gold]) -> dict[str, list[float]]:
    """Every measure's values, over all questions and over those of each known tag."""
    values: dict[str, list[float]] = defaultdict(list)
    for gold in questions:
        for name, value in judge(gold, engine.ask(gold.question)).items():
            values[name].append(value)
            for tag in _TAGS:
                if tag in gold.tags:
                    values[f"{name} ({tag})"].append(value)
    return dict(sorted(values.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Score one file of questions; a line per measure on standard output."""
    parser = argparse.ArgumentParser(prog="python -m eval.answering", description=__doc__)
    parser.add_argument("questions", type=Path, help="JSONL, a question a line")
    parser.add_argument("--articles", type=Path, required=True, help="the folder they are about")
    parser.add_argument("--cache", type=Path, required=True, help="where the index is kept")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        questions = read_questions(options.questions)
        settings = Settings.load(environment={}, data_dir=options.cache)
        with Engine(settings) as engine:
            for outcome in engine.add([str(options.articles)]):
                if outcome.status == "failed":
                    raise BadSetting(f"{outcome.source} was not added: {outcome.reason}")
            for name, values in measure(engine, questions).items():
                low, high = interval(values, seed=options.seed)
                sys.stdout.write(
                    f"{name:42} {fmean(values):.3f} [{low:.3f}, {high:.3f}] n={len(values)}\n"
                )
    except KutipError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

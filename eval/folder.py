"""The folder of one run: what was asked, of which articles, what was answered, what it is worth.

`answers.jsonl` grows by a line a question, so that a kill costs at most the one being written.
With `questions.jsonl` and `articles.jsonl` beside it, a folder is scored again anywhere and
without an engine. Everything else is written whole or not at all.
"""

from __future__ import annotations

import dataclasses
import errno
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import robustness
from eval.datasets import DatasetError, Question, load
from eval.given import Given, Texts, by_question
from eval.scoring import Scores, score
from rag.errors import StoreError
from rag.jsonform import dumps
from rag.lines import append, replace

ANSWERS = "answers.jsonl"
METRICS = "metrics.json"
REPORT = "report.html"
VERDICTS = "verify.jsonl"
ABOUT = "run.json"
QUESTIONS = "questions.jsonl"
ARTICLES = "articles.jsonl"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the suite: who was asked what, what each question got, what that is worth."""

    folder: Path
    about: Mapping[str, Any]  # as run.json has it
    questions: tuple[Question, ...]  # those that were chosen, in the order of the dataset
    texts: Texts
    rows: Mapping[str, Mapping[str, Any]]  # by question id, as answers.jsonl has them
    given: Mapping[str, Given]  # the same, checked
    scores: Scores  # its numbers are those of metrics.json
    warnings: tuple[str, ...] = ()  # what the reader should know of how the run went


def read(
    folder: Path,
    *,
    datasets: Sequence[Path] = (),
    seed: int | None = None,
    verified: Mapping[str, float] | None = None,
) -> Run:
    """The run that a folder holds, scored anew; raises `DatasetError` when it holds none.

    `datasets` stand in for the questions that were kept, as after a mistake in one was mended;
    `seed` for that of the run; `verified`, the numbers of sentences judged, for those of before.
    """
    said = about(folder)
    texts = texts_in(folder)
    names = {**{name: texts.by_id[key] for name, key in texts.ids.items()}, **texts.by_id}
    questions = [q for path in datasets or (folder / QUESTIONS,) for q in load(path, names)]
    if datasets:
        kept = {q.question_id for q in load(folder / QUESTIONS, names)}
        questions = [q for q in questions if q.question_id in kept]
        if not questions:
            raise DatasetError(
                f"nothing that {folder} answers is asked in {', '.join(map(str, datasets))}",
                hint="Name the dataset that was asked, or none.",
            )
    lines = answered_lines(folder)
    given = by_question(lines)
    kept_seed = said.get("seed")
    used = seed if seed is not None else kept_seed if isinstance(kept_seed, int) else 0
    scores = score(questions, given, texts, seed=used)
    judged = _verified(folder) if verified is None else verified
    tampered = robustness.numbers(robustness.read_rows(folder), seed=used)
    return Run(
        folder=folder,
        about=said,
        questions=tuple(questions),
        texts=texts,
        rows=_rows(lines),
        given=given,
        scores=dataclasses.replace(scores, numbers={**scores.numbers, **tampered, **judged}),
    )


def about(folder: Path) -> dict[str, Any]:
    """What run.json says of the run in a folder; raises `DatasetError` when it holds none."""
    path = folder / ABOUT
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder} holds no run of the suite: {ABOUT} is not there",
            hint='Name the folder that "kutip eval --out FOLDER" wrote.',
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise DatasetError(f"{path} is damaged: {error}", hint="Run the suite again.") from error
    if not isinstance(said, dict):
        raise DatasetError(f"{path} is damaged: it is no object", hint="Run the suite again.")
    return said


def answered_lines(folder: Path) -> list[str]:
    """The lines of answers.jsonl; none when it is not there."""
    try:
        data = (folder / ANSWERS).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder / ANSWERS, error) from error
    return [line for line in data.decode("utf-8", "replace").split("\n") if line.strip()]


def texts_in(folder: Path) -> Texts:
    """The articles that a run was about."""
    path = folder / ARTICLES
    by_id: dict[str, str] = {}
    ids: dict[str, str] = {}
    try:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                by_id[row["article_id"]] = row["text"]
                ids |= dict.fromkeys(row["names"], row["article_id"])
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{path} is damaged: {error!r}", hint="Run the suite again.") from error
    return Texts(by_id=by_id, ids=ids)


def keep_texts(folder: Path, texts: Texts) -> None:
    """Write the articles, each with the base names it goes by."""
    names: dict[str, list[str]] = {key: [] for key in texts.by_id}
    for name, key in texts.ids.items():
        if name != key:
            names[key].append(name)
    rows = (
        {"article_id": key, "names": sorted(names[key]), "text": text}
        for key, text in sorted(texts.by_id.items())
    )
    keep_rows(folder / ARTICLES, rows)


def keep_questions(folder: Path, questions: Iterable[Question]) -> None:
    """Write the questions in the form of a dataset."""
    keep_rows(folder / QUESTIONS, map(question_object, questions))


def question_object(question: Question) -> dict[str, object]:
    """A question as a line of a dataset."""
    return {
        "id": question.question_id,
        "question": question.question,
        "language": question.language,
        "answers": question.answers,
        "evidence": [{"article": g.article, "quote": g.quote} for g in question.evidence],
        "must_not": question.must_not,
        "tags": question.tags,
    }


def keep_object(path: Path, value: Mapping[str, object]) -> None:
    """Write one JSON object, whole or not at all."""
    _replace(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def keep_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line, all of them or none."""
    _replace(path, "".join(dumps(row) + "\n" for row in rows))


def add_row(path: Path, row: Mapping[str, object]) -> None:
    """Add one JSON object, on disk when this returns; a torn line before it stays apart."""
    with written(path):
        append(path, (dumps(row) + "\n").encode())


@contextmanager
def written(path: Path) -> Iterator[None]:
    """What the disk refuses, as a `StoreError` that says what, which and what next."""
    try:
        yield
    except OSError as error:
        hint = "Mend its permissions, or name another folder with --out."
        if error.errno in _FULL:
            hint = "Free some space, then go on with --resume; what was answered is kept."
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}", hint=hint
        ) from error


def _replace(path: Path, text: str) -> None:
    with written(path):
        replace(path, text.encode())


def _verified(folder: Path) -> dict[str, float]:
    """The numbers of metrics.json that come from judging sentences: no answer changes them."""
    try:
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        name: value
        for name, value in (metrics.items() if isinstance(metrics, dict) else ())
        if name.startswith("verify.") and isinstance(value, int | float)
    }


def _rows(lines: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The objects by question id; of two with one id the last."""
    found: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue  # a line torn by a kill
        if isinstance(row, dict) and row.get("id"):
            found[str(row["id"])] = row
    return found


def _unreadable(path: Path, error: OSError) -> DatasetError:
    return DatasetError(f"{path} cannot be read: {error.strerror}", hint="Look at the folder.")

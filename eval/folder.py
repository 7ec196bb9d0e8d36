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
from eval.given import Given, Texts, parse_line
from eval.scoring import Scores, score
from rag.errors import StoreError
from rag.jsonform import dumps
from rag.layout import one_line
from rag.lines import append, replace

ANSWERS = "answers.jsonl"
METRICS = "metrics.json"
REPORT = "report.html"
VERDICTS = "verify.jsonl"
ABOUT = "run.json"
QUESTIONS = "questions.jsonl"
ARTICLES = "articles.jsonl"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_FOLDER = (errno.EEXIST, errno.ENOTDIR)
_SHOWN = 160  # characters of somebody else's words
_TOLD = 3  # damaged lines that are named


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
    Answers that cannot be read are warnings; when none can, that is an error.
    """
    about_it = about(folder)
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
    given, warnings = _given(folder)
    kept_seed = about_it.get("seed")
    used = seed if seed is not None else kept_seed if isinstance(kept_seed, int) else 0
    scores = score(questions, given, texts, seed=used)
    judged = _verified(folder) if verified is None else verified
    asked = {q.question_id for q in questions}
    tampered = robustness.numbers(
        [row for row in robustness.read_rows(folder) if row["id"] in asked], seed=used
    )
    return Run(
        folder=folder,
        about=about_it,
        questions=tuple(questions),
        texts=texts,
        rows=_rows(answered_lines(folder)),
        given=given,
        scores=dataclasses.replace(scores, numbers={**scores.numbers, **tampered, **judged}),
        warnings=warnings,
    )


def about(folder: Path) -> dict[str, Any]:
    """What run.json says of the questions asked; raises `DatasetError` when there were none."""
    found = said(folder)
    if not asks(found):
        raise DatasetError(
            f"{folder} holds sentences judged (--verify), and no answers",
            hint="Name the folder of a run that asked questions.",
        )
    return found


def asks(found: Mapping[str, Any]) -> bool:
    """Whether what `said` found is of a run that asked questions, not only judged sentences."""
    return "verify" not in found or "datasets" in found


def said(folder: Path) -> dict[str, Any]:
    """What run.json says of the run in a folder; raises `DatasetError` when it holds none."""
    path = folder / ABOUT
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder} holds no run of the suite: {ABOUT} is not there",
            hint='Name the folder that "kutip eval --out FOLDER" wrote.',
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path, short(error)) from error
    if not isinstance(found, dict):
        raise _damaged(path, "it is no object")
    return found


def answered_lines(folder: Path) -> list[str]:
    """The lines of answers.jsonl that are not blank; none when it is not there."""
    return lines_of(folder / ANSWERS)


def lines_of(path: Path) -> list[str]:
    """The lines of a file that are not blank; none when it is not there."""
    return [line for _, line in _numbered(path)]


def texts_in(folder: Path) -> Texts:
    """The articles that a run was about."""
    path = folder / ARTICLES
    by_id: dict[str, str] = {}
    ids: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise _damaged(path, "it is not UTF-8") from error
    for number, line in enumerate(lines, start=1):
        try:
            if line:
                row = json.loads(line)
                by_id[row["article_id"]] = row["text"]
                ids |= dict.fromkeys(row["names"], row["article_id"])
        except (KeyError, TypeError) as error:
            raise _damaged(path, f"line {number} is no article") from error
        except (ValueError, RecursionError) as error:
            raise _damaged(path, f"line {number} is not JSON") from error
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
        if error.errno in _NO_FOLDER:
            hint = "Something on the way is a file: name another folder with --out."
        if error.errno in _FULL:
            hint = "Free some space, then go on with --resume; what was answered is kept."
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}", hint=hint
        ) from error


def short(reason: object) -> str:
    """Why something cannot be read, on one line that fits a terminal."""
    line = one_line(str(reason)[: 4 * _SHOWN])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _given(folder: Path) -> tuple[dict[str, Given], tuple[str, ...]]:
    """The answers by question id, of two with one id the last; and which lines are damaged.

    Raises `DatasetError` when no answer can be read.
    """
    given: dict[str, Given] = {}
    problems: list[str] = []
    for number, line in _numbered(folder / ANSWERS):
        found = parse_line(line)
        if found.question_id:
            given[found.question_id] = found
            continue
        why = "not JSON" if found.problem.startswith("not JSON") else "it names no question (id)"
        problems.append(f"{ANSWERS}, line {number}: {why}")
    if not given:
        there = (folder / ANSWERS).exists()
        why = problems[0] if problems else "it is empty" if there else "it is not there"
        raise DatasetError(
            f"{folder / ANSWERS} holds no answer that can be read: "
            f"{why.removeprefix(f'{ANSWERS}, ')}",
            hint="Go on with --resume, or run the suite again.",
        )
    if len(problems) > _TOLD:
        problems[_TOLD:] = [f"{ANSWERS}: {len(problems) - _TOLD} more lines cannot be read"]
    return given, tuple(problems)


def _numbered(path: Path) -> list[tuple[int, str]]:
    """The lines of a file that are not blank, with their numbers from 1."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(path, error) from error
    lines = data.decode("utf-8", "replace").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


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


def _damaged(path: Path, why: str) -> DatasetError:
    return DatasetError(f"{path} is damaged: {why}", hint="Run the suite again.")

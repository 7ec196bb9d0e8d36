"""Ask every question of a dataset and keep what is answered; then score it and report.

What was answered is on disk before the next question is asked: a run that was interrupted goes
on where it stopped. Prints nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import folder as files
from eval import robustness
from eval.asking import Asker
from eval.datasets import DatasetError, Question, stored_texts
from eval.folder import Run
from eval.given import Texts, by_question
from eval.library import EngineOf, OnProgress, home, library
from eval.report import write_report
from eval.scoring import Scores
from eval.sources import Sources, chosen, sources
from eval.verdicts import verify
from eval.verifying import read_rows
from rag import __version__
from rag.engine import Engine
from rag.schema import Progress
from rag.settings import Settings

# Settings on which no answer depends, or that are secret or say where something is.
_ASIDE = frozenset(
    {
        *("data_dir", "chroma_url", "threads", "lock_seconds", "batch_passages", "page_size"),
        *("answerer", "ollama_host", "llm_url", "llm_key", "keep_alive"),
    }
)
_SAME = {  # what must be as it was for a run to go on: its name in run.json, and in words
    "datasets": "another dataset",
    "articles": "other articles",
    "answerer": "another answerer",
    "embedder": "another embedding model",
    "settings": "other settings",
    "seed": "another seed",
    "version": "another version of Kutip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to run and where to write it; without files, what Kutip comes with."""

    out: Path
    datasets: tuple[Path, ...] = ()
    articles: tuple[Path, ...] = ()
    squad: Path | None = None
    forms: Path | None = None  # of the questions of `squad`, such as in another language
    verify: Path | None = None
    answerer: str | None = None  # None: as the settings say
    tag: str | None = None
    language: str | None = None
    limit: int | None = None
    seed: int = 0
    resume: bool = False
    robustness: bool = True  # ask some of the questions again, from hits that were tampered with
    cache: Path | None = None  # where the library is kept; None: nowhere

    @property
    def asks(self) -> bool:
        """Whether there are questions to ask, not only sentences to judge."""
        return self.verify is None or bool(self.datasets or self.squad)


def run(
    request: Request,
    *,
    settings: Settings,
    on_progress: OnProgress,
    engine_of: EngineOf = Engine,
) -> Run:
    """Ask, keep, score and report. Raises `KutipError`; what was answered by then is kept.

    `settings` are the user's: what answers depend on is taken from them, and their library is
    left alone.
    """
    with files.written(request.out):
        request.out.mkdir(parents=True, exist_ok=True)
    verified: Mapping[str, float] = {}
    if request.verify is not None:
        verdicts = request.out / files.VERDICTS
        verified = verify(request.verify, verdicts, seed=request.seed, on_progress=on_progress)
    if request.asks:
        warnings = _ask_all(request, settings, on_progress, engine_of)
        made = replace(files.read(request.out, verified=verified), warnings=warnings)
    else:
        made = Run(
            folder=request.out,
            about={},
            questions=(),
            texts=Texts(),
            rows={},
            given={},
            scores=Scores(numbers=verified, values={}, outcomes={}),
        )
    keep(made)
    return made


def rescore(folder: Path, *, datasets: Sequence[Path] = (), seed: int | None = None) -> Run:
    """The scores of a run from what its folder holds, written anew; needs no engine."""
    made = files.read(folder, datasets=datasets, seed=seed)
    keep(made)
    return made


def keep(made: Run) -> None:
    """Write the report and then the numbers of a run into its folder."""
    if made.questions:
        write_report(
            made.folder / files.REPORT,
            made.questions,
            made.given,
            made.scores,
            about=shown(made.about),
            texts=made.texts,
            rows=made.rows,
        )
    files.keep_object(made.folder / files.METRICS, dict(made.scores.numbers))


def shown(about: Mapping[str, Any]) -> dict[str, str]:
    """How a run was made, in words a report can show."""
    settings = about.get("settings", {})
    words = {
        "Questions": ", ".join(about.get("datasets", {})),
        "Only": ", ".join(f"{k} {about[k]}" for k in ("tag", "language", "limit") if about.get(k)),
        "Answered by": about.get("answerer", ""),
        "Embedding model": str(about.get("embedder", "")).partition(" ")[0],
        "Settings": ", ".join(f"{name} = {value}" for name, value in settings.items()),
        "Kutip": about.get("version", ""),
        "Begun": about.get("begun", ""),
        "Seed": str(about.get("seed", "")),
    }
    return {name: str(value) for name, value in words.items() if value}


def check(
    request: Request,
    *,
    settings: Settings,
    on_progress: OnProgress,
    engine_of: EngineOf = Engine,
) -> dict[str, int]:
    """How many questions and sentences there are, when every line of them is right.

    Raises what a run would raise before it asks.
    """
    counted: dict[str, int] = {}
    if request.verify is not None:
        counted["sentences"] = len(read_rows(request.verify))
    if request.asks:
        found = _sources(request)
        if found.squad is None:
            with library(
                settings,
                articles=found.articles,
                cache=request.cache,
                engine_of=engine_of,
                on_progress=on_progress,
            ) as opened:
                texts = stored_texts(opened.engine)
        else:
            texts = {}
        questions = _chosen(request, found, texts)
        counted["questions"] = len(questions)
        counted["unanswerable"] = sum(not q.answerable for q in questions)
        counted["articles"] = len(Texts.of(texts).by_id) or len(found.paragraphs)
    return counted


def _ask_all(
    request: Request, settings: Settings, on_progress: OnProgress, engine_of: EngineOf
) -> tuple[str, ...]:
    """Ask what is not answered yet; what the reader should know of it."""
    found = _sources(request)
    before = _before(request)
    with engine_of(replace(settings, data_dir=home())) as probe:
        answerer = probe.answerer(request.answerer)
        about: dict[str, Any] = {
            "version": __version__,
            "datasets": {path.name: _sha256(path) for path in found.files},
            "answerer": answerer.label,
            "embedder": probe.embedder.info.fingerprint,
            "settings": _telling(settings),
            "seed": request.seed,
        }
    _refuse_other(request, before, about)
    with library(
        settings,
        articles=found.articles,
        paragraphs=found.paragraphs,
        cache=request.cache,
        engine_of=engine_of,
        on_progress=on_progress,
    ) as opened:
        stored = stored_texts(opened.engine)
        texts = Texts.of(stored)
        questions = _chosen(request, found, stored)
        about["articles"] = hashlib.sha256(" ".join(sorted(texts.by_id)).encode()).hexdigest()[:16]
        _refuse_other(request, before, about)
        if before is not None:
            about["begun"] = before.get("begun")
        _begin(request, about, questions, texts)
        asker = Asker(opened.engine, answerer=request.answerer, grouped=found.squad is None)
        done = _done(request.out)
        for number, question in enumerate(questions):
            on_progress(_asking(number, len(questions), question.question_id))
            if question.question_id not in done:
                files.add_row(request.out / files.ANSWERS, asker.row(question))
        on_progress(_asking(len(questions), len(questions)))
        if request.robustness and found.squad is None:
            tampered = robustness.rows(
                opened.engine,
                questions,
                texts,
                answerer=request.answerer,
                seed=request.seed,
                done=robustness.read_rows(request.out),
                on_progress=on_progress,
            )
            for row in tampered:
                files.add_row(request.out / robustness.FILE, row)
    return (*answerer.remarks, *opened.warnings)


def _sources(request: Request) -> Sources:
    return sources(
        datasets=request.datasets,
        articles=request.articles,
        squad_file=request.squad,
        forms=request.forms,
    )


def _chosen(request: Request, found: Sources, texts: Mapping[str, str]) -> list[Question]:
    return chosen(
        found.questions(texts), tag=request.tag, language=request.language, limit=request.limit
    )


def _before(request: Request) -> Mapping[str, Any] | None:
    """What run.json says of a run to go on with; None when there is none.

    Raises `DatasetError` where answers of a run that did not finish would be lost.
    """
    if request.resume:
        begun = (request.out / files.ABOUT).exists()
        return files.about(request.out) if begun else None
    answers = len(_done(request.out))
    if answers and not (request.out / files.METRICS).exists():
        raise DatasetError(
            f"{request.out} holds {answers} answers of a run that did not finish",
            hint="Go on with --resume, name another folder with --out, or delete this one.",
        )
    return None


def _refuse_other(
    request: Request, before: Mapping[str, Any] | None, about: Mapping[str, Any]
) -> None:
    """Raise `DatasetError` where what is asked for is not the run that was begun."""
    if before is None:
        return
    changed = [_SAME[name] for name, value in about.items() if before.get(name) != value]
    if changed:
        raise DatasetError(
            f"{request.out} was begun with {', '.join(changed)}",
            hint="Leave out --resume, or name another folder with --out.",
        )


def _begin(
    request: Request, about: Mapping[str, Any], questions: Sequence[Question], texts: Texts
) -> None:
    """Make the folder ready: empty of another run, with what its answers are scored by."""
    with files.written(request.out):
        stale = [files.METRICS, files.REPORT]
        stale += [] if request.resume else [files.ANSWERS, robustness.FILE]
        stale += [files.VERDICTS] if request.verify is None else []
        for name in stale:
            (request.out / name).unlink(missing_ok=True)
    begun = about.get("begun") or datetime.now(UTC).isoformat(timespec="seconds")
    filters = {name: getattr(request, name) for name in ("tag", "language", "limit")}
    files.keep_object(request.out / files.ABOUT, {**about, **filters, "begun": begun})
    files.keep_questions(request.out, questions)
    files.keep_texts(request.out, texts)


def _done(folder: Path) -> set[str]:
    """The questions that have an answer; one that failed is asked again."""
    given = by_question(files.answered_lines(folder))
    return {question_id for question_id, each in given.items() if each.usable}


def _telling(settings: Settings) -> dict[str, object]:
    """The settings that answers depend on, as far as they are not the usual ones."""
    usual = asdict(Settings())
    return {
        name: value
        for name, value in asdict(settings).items()
        if name not in _ASIDE and value != usual[name]
    }


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error


def _asking(done: int, total: int, label: str = "") -> Progress:
    return Progress(stage="asking", done=done, total=total, label=label)

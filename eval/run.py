"""Ask every question of a dataset and keep what is answered; then score it and report.

What was answered is on disk before the next question is asked: a run that was interrupted goes
on where it stopped. Prints nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import claim, robustness, several
from eval import folder as files
from eval.asking import Asker, Watch
from eval.datasets import DatasetError, Question, stored_texts
from eval.folder import Run
from eval.given import Texts, by_question, parse
from eval.library import EngineOf, OnProgress, home, library
from eval.report import write_report
from eval.same import hashes, refuse_other, telling
from eval.scoring import Scores
from eval.sources import Sources, chosen, sources
from eval.verdicts import verify
from eval.verifying import read_rows
from eval.wrote import outcome_of
from rag import __version__
from rag.engine import Engine
from rag.jsonform import JSONObject
from rag.schema import Progress
from rag.settings import Settings


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
    found = _sources(request, settings) if request.asks else None
    inputs = [*request.datasets, request.squad, request.forms, request.verify]
    inputs += found.files if found else ()
    claim.refuse_loss(
        request.out,
        inputs=[path for path in inputs if path is not None],
        articles=found.articles if found else (),
    )
    if request.verify is not None:
        read_rows(request.verify)  # what is wrong with it is told before anything is written
    with claim.claimed(request.out):
        if found is None:
            made = _judge_only(request, on_progress)
        else:
            verified, warnings = _ask_all(request, found, settings, on_progress, engine_of)
            made = files.read(request.out, verified=verified)
            made = replace(made, warnings=(*warnings, *made.warnings))
        keep(made)
        if found is not None:
            claim.end(request.out)
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
        found = _sources(request, settings)
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


def _judge_only(request: Request, on_progress: OnProgress) -> Run:
    """Judge sentences and ask nothing; a run that the folder holds keeps its answers."""
    out, begun = request.out, (request.out / files.ABOUT).exists()
    if begun and files.asks(files.said(out)):
        return files.read(out, verified=_verified(request, on_progress))
    about = {
        "version": __version__,
        "verify": hashes([request.verify] if request.verify else ()),
        "seed": request.seed,
        "begun": _now(),
    }
    files.keep_object(out / files.ABOUT, about)
    numbers = _verified(request, on_progress)
    return Run(
        folder=out,
        about={},
        questions=(),
        texts=Texts(),
        rows={},
        given={},
        scores=Scores(numbers=numbers, values={}, outcomes={}),
    )


def _verified(request: Request, on_progress: OnProgress) -> Mapping[str, float]:
    """Judge the sentences, where there are any; what that is worth."""
    if request.verify is None:
        return {}
    verdicts = request.out / files.VERDICTS
    return verify(request.verify, verdicts, seed=request.seed, on_progress=on_progress)


def _ask_all(
    request: Request,
    found: Sources,
    settings: Settings,
    on_progress: OnProgress,
    engine_of: EngineOf,
) -> tuple[Mapping[str, float], tuple[str, ...]]:
    """Ask what is not answered yet; what judging gave, and what the reader should know."""
    before = _before(request)
    datasets = hashes(found.files)
    with engine_of(replace(settings, data_dir=home())) as probe:
        answerer = probe.answerer(request.answerer)
        about: dict[str, Any] = {
            "version": __version__,
            "datasets": datasets,
            "answerer": answerer.label,
            "embedder": probe.embedder.info.fingerprint,
            "settings": telling(settings),
            "seed": request.seed,
        }
    refuse_other(request.out, before, about)
    # A model writes one answer after another anyway, and an engine of a caller's own is here.
    alone = engine_of is not Engine or answerer.label != "extractive"
    helpers: several.Several | None = None
    begun = ExitStack()
    if found.squad is not None and not alone:
        expected = min(len(found.squad.questions), request.limit or 10**9)
        if (workers := several.processes(expected)) > 1:  # they start while the library is made
            helpers = several.Several(workers)
            begun.callback(helpers.stop)
    with (
        begun,
        library(
            settings,
            articles=found.articles,
            paragraphs=found.paragraphs,
            cache=request.cache,
            engine_of=engine_of,
            on_progress=on_progress,
        ) as opened,
    ):
        stored = stored_texts(opened.engine)
        texts = Texts.of(stored)
        questions = _chosen(request, found, stored)
        about["articles"] = hashlib.sha256(" ".join(sorted(texts.by_id)).encode()).hexdigest()[:16]
        refuse_other(request.out, before, about)
        if before is not None:
            about["begun"] = before.get("begun")
        _begin(request, about, questions, texts)
        verified = _verified(request, on_progress)
        done = _done(request.out)
        todo = [question for question in questions if question.question_id not in done]
        place = several.Place(
            settings=opened.engine.settings,
            users=settings,
            answerer=request.answerer,
            grouped=found.squad is None,
        )
        if helpers is None and not alone and (workers := several.processes(len(todo))) > 1:
            helpers = several.Several(workers)
            begun.callback(helpers.stop)
        asked = len(questions) - len(todo)
        on_progress(_asking(asked, len(questions), todo[0].question_id if todo else ""))
        with closing(_rows(todo, place, opened.engine, helpers)) as rows:
            for number, row in enumerate(rows, start=asked + 1):
                files.add_row(request.out / files.ANSWERS, row)
                on_progress(_asking(number, len(questions), str(row["id"])))
        if request.robustness and found.squad is None:
            _tamper(request, opened.engine, questions, texts, on_progress)
    return verified, (*answerer.remarks, *opened.warnings)


def _rows(
    questions: Sequence[Question],
    place: several.Place,
    engine: Engine,
    helpers: several.Several | None,
) -> Generator[JSONObject, None, None]:
    """What becomes of each question, here or in several processes."""
    if helpers is not None:
        yield from helpers.rows(questions, place)
        return
    asker = Asker(engine, answerer=place.answerer, grouped=place.grouped)
    yield from map(asker.row, questions)


def _tamper(
    request: Request,
    engine: Engine,
    questions: Sequence[Question],
    texts: Texts,
    on_progress: OnProgress,
) -> None:
    """Ask some of the questions again, from hits that were tampered with."""
    tampered = robustness.rows(
        engine,
        questions,
        texts,
        answerer=request.answerer,
        seed=request.seed,
        done=[
            row for row in robustness.read_rows(request.out) if outcome_of(parse(row)) != "failed"
        ],
        on_progress=on_progress,
    )
    watch = Watch()
    for row in tampered:
        if "left_out" not in row:  # nobody was asked
            watch.see(row)
        files.add_row(request.out / robustness.FILE, row)


def _sources(request: Request, settings: Settings) -> Sources:
    return sources(
        datasets=request.datasets,
        articles=request.articles,
        squad_file=request.squad,
        forms=request.forms,
        longest=settings.max_question_chars,
    )


def _chosen(request: Request, found: Sources, texts: Mapping[str, str]) -> list[Question]:
    return chosen(
        found.questions(texts), tag=request.tag, language=request.language, limit=request.limit
    )


def _before(request: Request) -> Mapping[str, Any] | None:
    """What run.json says of a run to go on with; None when there is none.

    Raises `DatasetError` where answers of a run that did not finish would be lost.
    """
    out = request.out
    if request.resume:
        begun = (out / files.ABOUT).exists() and files.asks(files.said(out))
        return files.about(out) if begun else None
    answers = len(_done(out))
    if answers and not claim.finished(out):
        earlier = out / claim.EARLIER
        kept = f"; the run before it is kept in {earlier}" if earlier.exists() else ""
        raise DatasetError(
            f"{out} holds {answers} answers of a run that did not finish{kept}",
            hint="Go on with --resume, name another folder with --out, or delete this one.",
        )
    return None


def _begin(
    request: Request, about: Mapping[str, Any], questions: Sequence[Question], texts: Texts
) -> None:
    """Make the folder ready: empty of another run, with what its answers are scored by."""
    if not request.resume and claim.finished(request.out):
        claim.set_aside(request.out)
    with files.written(request.out):
        # The answers go first: what is left without them is no finished run.
        stale = [] if request.resume else [files.ANSWERS, robustness.FILE]
        stale += [files.METRICS, files.REPORT]
        stale += [files.VERDICTS] if request.verify is None else []
        for name in stale:
            (request.out / name).unlink(missing_ok=True)
    begun = about.get("begun") or _now()
    filters = {name: getattr(request, name) for name in ("tag", "language", "limit")}
    files.keep_object(
        request.out / files.ABOUT, {**about, **filters, "begun": begun, "ended": None}
    )
    files.keep_questions(request.out, questions)
    files.keep_texts(request.out, texts)


def _done(folder: Path) -> set[str]:
    """The questions that have an answer.

    One that failed is asked again, also where the reader was given quotes instead, as the model's
    server failed.
    """
    given = by_question(files.answered_lines(folder))
    return {
        question_id
        for question_id, each in given.items()
        if each.usable and outcome_of(each) != "failed"
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _asking(done: int, total: int, label: str = "") -> Progress:
    return Progress(stage="asking", done=done, total=total, label=label)

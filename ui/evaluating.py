"""Running the suite from a page: one run at a time for all pages, in a thread of its own.

A page that is closed or loaded anew does not end a run; whoever looks sees how far it is. The
suite works on a library of its own. Knows no component and no HTML.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from eval import folder as files
from eval.run import Request, rescore, run
from eval.sources import ARTICLES, QUESTIONS
from rag import lines
from rag.engine import Engine
from rag.errors import KutipError
from rag.examples import examples
from rag.schema import Progress
from ui import uploads
from ui.desk import Desk, Reader
from ui.evaluation_words import WORDS
from ui.trouble import safely

OWN = "own"
SETS: dict[str, tuple[Path, ...]] = {
    "usual": (),  # what a run asks when it is told nothing
    "news": (QUESTIONS / "news.jsonl",),
    "seeds": (QUESTIONS / "seeds.jsonl",),
    OWN: (),
}
Ending = Literal["done", "stopped", "failed"]
LANGUAGES = ("en", "id")
MOST_TEXTS = 50  # articles that a browser sends
ASKED_FOR = "asked.json"  # in the folder of a run: what it was begun with, to go on with it

_GIVEN = "given"  # in the folder of a run: what was uploaded for it
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}", re.ASCII)
_SETTLED = 3  # questions until their pace says something


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a page asks to be run."""

    questions: str = "usual"  # one of SETS
    language: str = ""  # "" for all
    limit: int | None = None
    robustness: bool = True  # also from hits that were tampered with
    answerer: str = ""  # "" for the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a run has come, and in the end how it ended."""

    run_id: str
    stage: str = ""
    done: int = 0
    total: int | None = None
    label: str = ""
    seconds_left: float | None = None  # None: not known
    stopping: bool = False
    ending: Ending | None = None
    asked: int = 0  # once it is over
    questions: int = 0
    remarks: tuple[str, ...] = ()  # of the suite, or what went wrong

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.ending is None

    @property
    def kept(self) -> bool:
        """Whether it is over and there is something to open."""
        return self.ending is not None and self.asked > 0


class Refused(KutipError):
    """Something that is not done, told in the reader's words."""

    kind = "evaluation"


class _Stopped(Exception):
    """The reader wants no more."""


def home(desk: Desk) -> Path:
    """Where the runs of a data folder lie, each in a folder named by its id."""
    return desk.engine.settings.data_dir / "evaluations"


def folder_of(desk: Desk, run_id: str, reader: Reader) -> Path:
    """The folder of a run; raises `Refused` when there is none of that name."""
    folder = home(desk) / run_id
    if not _ID.fullmatch(run_id) or not folder.is_dir() or folder.is_symlink():
        raise Refused(WORDS[reader]["evaluation_gone"])
    return folder


class Evaluating:
    """The one run that may go on; its methods may be called from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.now: Course | None = None  # the latest one, running or over

    @property
    def running(self) -> str:
        """The id of the run that goes on; "" when none does."""
        now = self.now
        return now.run_id if now is not None and now.running else ""

    def start(
        self, wish: Wish, *, own: Sequence[str] = (), texts: Sequence[str] = (), reader: Reader
    ) -> str:
        """Begin a run; its id. `own` and `texts` are uploads, which are gone in any case.

        Raises `ReadOnly`; `Refused` while another one runs, and for what is wrong with the wish.
        """
        try:
            self._desk.must_write(reader)
            words = WORDS[reader]
            if wish.questions not in SETS or wish.language not in ("", *LANGUAGES):
                raise Refused(words["evaluation_bad_set"])
            if wish.limit is not None and wish.limit < 1:
                raise Refused(words["evaluation_bad_limit"])
            if wish.questions == OWN and not own:
                raise Refused(words["evaluation_no_file"], hint=words["evaluation_no_file_hint"])
            run_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            self._claim(run_id, reader)
            try:
                folder = self._made(run_id, wish)
                if wish.questions == OWN:
                    self._take(folder, own, texts, reader)
            except BaseException:
                shutil.rmtree(home(self._desk) / run_id, ignore_errors=True)
                self.now = None
                raise
        finally:
            uploads.discard([*own, *texts])
        self._begin(run_id, folder, wish, reader, resume=False)
        return run_id

    def go_on(self, run_id: str, *, reader: Reader) -> str:
        """Go on with a run that did not finish; its id. Raises as `start`."""
        self._desk.must_write(reader)
        folder = folder_of(self._desk, run_id, reader)
        try:
            wish = Wish(**json.loads((folder / ASKED_FOR).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Refused(
                WORDS[reader]["evaluation_changed"], hint=WORDS[reader]["evaluation_changed_hint"]
            ) from error
        self._claim(run_id, reader)
        self._begin(run_id, folder, wish, reader, resume=True)
        return run_id

    def stop(self, *, reader: Reader) -> None:
        """Let the run end after its question; raises `ReadOnly`."""
        self._desk.must_write(reader)
        with self._lock:
            if self.now is not None and self.now.running:
                self._stop.set()
                self.now = replace(self.now, stopping=True)

    def _claim(self, run_id: str, reader: Reader) -> None:
        with self._lock:
            if self.now is not None and self.now.running:
                words = WORDS[reader]
                raise Refused(words["evaluation_busy"], hint=words["evaluation_busy_hint"])
            self._stop = threading.Event()
            self.now = Course(run_id=run_id)

    def _made(self, run_id: str, wish: Wish) -> Path:
        """The folder of a new run, its owner's alone, with what was asked for."""
        folder = home(self._desk) / run_id
        with lines.told(folder, "made"):
            lines.make_folder(folder.parent)
            folder.mkdir(mode=0o700)
            lines.replace(folder / ASKED_FOR, json.dumps(asdict(wish)).encode())
        return folder

    def _take(self, folder: Path, own: Sequence[str], texts: Sequence[str], reader: Reader) -> None:
        """Copy what was uploaded into the folder of the run; raises `Refused`.

        The names stay, as questions name articles by them; they hold no folder, and the folder
        that they are put into holds nothing else.
        """
        words, most = WORDS[reader], self._desk.engine.settings.max_file_bytes
        if len(texts) > MOST_TEXTS:
            raise Refused(
                words["evaluation_too_many"].format(most=MOST_TEXTS),
                hint=words["evaluation_too_many_hint"],
            )
        (asked,) = uploads.uploads(own[:1])
        articles = uploads.uploads(texts)
        for upload in articles:
            uploads.check(upload, max_bytes=most, reader=reader)
        given = folder / _GIVEN
        for place, upload in [(given, asked), *((given / "articles", each) for each in articles)]:
            try:
                if upload.path.stat().st_size > most:
                    told = words["evaluation_large"]
                    raise Refused(told.format(what=upload.name, most=f"{most / 1e6:,.0f}"))
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(upload.path, place / upload.name)
            except (OSError, ValueError) as error:
                told = words["evaluation_unreadable"]
                raise Refused(told.format(what=upload.name)) from error

    def _begin(
        self, run_id: str, folder: Path, wish: Wish, reader: Reader, *, resume: bool
    ) -> None:
        request = _request(folder, wish, resume=resume)
        arguments = (run_id, request, self._stop, reader)
        threading.Thread(
            target=self._run, args=arguments, name="kutip-evaluate", daemon=True
        ).start()

    def _run(self, run_id: str, request: Request, stop: threading.Event, reader: Reader) -> None:
        def broken(told: str) -> Course:
            asked = len(_answers(request.out))
            return Course(run_id=run_id, ending="failed", asked=asked, remarks=(told,))

        # A loop of its own, for the edge behind which nothing is raised.
        work = self._worked(run_id, request, stop, reader)
        end = asyncio.run(safely(work, broken, reader))
        if not end.kept and not request.resume:
            shutil.rmtree(request.out, ignore_errors=True)
        with self._lock:
            self.now = end

    async def _worked(
        self, run_id: str, request: Request, stop: threading.Event, reader: Reader
    ) -> Course:
        """All of it, blocking; how it ended."""
        pace = _Pace()

        def on_progress(progress: Progress) -> None:
            if stop.is_set():
                raise _Stopped
            self._tell(run_id, progress, pace.left(progress))

        ending: Ending = "done"
        try:
            made = run(
                request,
                settings=self._desk.engine.settings,
                on_progress=on_progress,
                engine_of=partial(
                    Engine,
                    embedder=self._desk.engine.embedder,
                    reader=self._desk.engine.reader,
                ),
            )
        except _Stopped:
            if not _answers(request.out):
                return Course(run_id=run_id, ending="stopped")
            ending, made = "stopped", rescore(request.out)
        except KutipError as error:
            if _answers(request.out):
                with suppress(KutipError):  # then it is told as not finished
                    rescore(request.out)
            _on_page(error, request.out, reader)
            raise
        return Course(
            run_id=run_id,
            ending=ending,
            asked=len(made.given),
            questions=len(made.questions),
            remarks=made.warnings,
        )

    def _tell(self, run_id: str, progress: Progress, seconds_left: float | None) -> None:
        with self._lock:
            if self.now is None or self.now.run_id != run_id:
                return
            self.now = replace(
                self.now,
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                label=progress.label,
                seconds_left=seconds_left,
            )


class _Pace:
    """How long a stage still takes, by how fast it has gone so far."""

    def __init__(self) -> None:
        self._stage = ""
        self._from = (0.0, 0)

    def left(self, progress: Progress) -> float | None:
        """Seconds; None while that cannot be said."""
        now = time.monotonic()
        if progress.stage != self._stage or progress.done < self._from[1]:
            self._stage, self._from = progress.stage, (now, progress.done)
        since, before = self._from
        gone = progress.done - before
        if progress.total is None or gone < _SETTLED or progress.done >= progress.total:
            return None
        return (progress.total - progress.done) * (now - since) / gone


def _request(folder: Path, wish: Wish, *, resume: bool) -> Request:
    datasets = SETS[wish.questions]
    articles: tuple[Path, ...] = ()
    if wish.questions == OWN:
        given = folder / _GIVEN
        datasets = tuple(sorted(each for each in given.iterdir() if each.is_file()))
        articles = _articles(given)
    return Request(
        out=folder,
        datasets=datasets,
        articles=articles,
        answerer=wish.answerer or None,
        language=wish.language or None,
        limit=wish.limit,
        robustness=wish.robustness,
        resume=resume,
    )


def _articles(given: Path) -> tuple[Path, ...]:
    """The articles that were uploaded, or those that Kutip comes with."""
    own = given / "articles"
    return (own,) if own.is_dir() else tuple(filter(None, (examples(), ARTICLES)))


def _answers(folder: Path) -> Sequence[str]:
    try:
        return files.answered_lines(folder)
    except KutipError:
        return ()


def _on_page(error: KutipError, folder: Path, reader: Reader) -> None:
    """Take the run's own folder and the options of the command line out of an error's words."""
    words = WORDS[reader]
    if error.message.startswith(f"{folder} was begun with"):
        error.message, error.hint = words["evaluation_changed"], words["evaluation_changed_hint"]
        return
    for path in (folder / _GIVEN / "articles", folder / _GIVEN, folder):
        error.message = error.message.replace(f"{path}{os.sep}", "")
    if "--" in error.hint:
        error.hint = ""

"""Runs of the suite that a data folder keeps: their list, one of them, two beside each other.

Knows no component and no HTML. What changes anything asks first whether it may.
"""

from __future__ import annotations

import json
import math
import shutil
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from eval import folder as files
from eval.compare import Comparison, compare
from eval.datasets import LANGUAGES, Question
from eval.folder import Run
from eval.report import report_html
from eval.report_question import Case
from eval.run import shown
from eval.scoring import PAIR
from eval.standing import STANDINGS, Standing, standings, worst_first
from rag import lines
from rag.errors import KutipError
from rag.layout import one_line
from ui.desk import Desk, Reader
from ui.evaluating import Evaluating, Refused, folder_of, home
from ui.evaluation_words import WORDS
from ui.library import folded

PER_PAGE = 20
PASSAGES = 5  # of those found for a question; the report has all
_REMEMBERED = 3  # runs that stay in memory
_LISTED = 100  # the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run, as its folder tells without being scored."""

    run_id: str
    begun: datetime | None = None  # UTC
    questions: str = ""  # the files that were asked
    answerer: str = ""
    asked: int = 0
    total: int = 0
    numbers: Mapping[str, float] = field(default_factory=dict)  # none: not scored
    damaged: bool = False

    @property
    def finished(self) -> bool:
        """Whether every question was asked and the run has figures."""
        return bool(self.numbers) and self.asked == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One run with its questions as one should read them."""

    run_id: str
    run: Run
    standing_of: Mapping[str, Standing]
    worst: tuple[Question, ...]  # all questions, the worst first
    names: Mapping[str, str]  # article id -> base name

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many questions stand how."""
        return Counter(self.standing_of.values())

    @property
    def begun(self) -> datetime | None:
        """When it was begun, in UTC."""
        return _day(self.run.about.get("begun"))

    @property
    def tags(self) -> tuple[str, ...]:
        """The kinds of its questions, sorted."""
        found = {tag for q in self.run.questions for tag in q.tags}
        return tuple(sorted(tag for tag in found if not tag.startswith(PAIR)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which questions of a run a page wants to see; "" is any."""

    standing: str = ""
    language: str = ""
    tag: str = ""
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of the questions of a run."""

    cases: tuple[Case, ...]
    matched: int
    total: int
    page: int  # that there is

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.matched // PER_PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A run and an earlier one."""

    comparison: Comparison
    first: datetime | None  # when the earlier one was begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file for the reader to save."""

    name: str
    kind: str  # its media type
    text: str


class Evaluations:
    """The runs of one desk; its methods may be called from any thread."""

    def __init__(self, desk: Desk, evaluating: Evaluating) -> None:
        self._desk = desk
        self._evaluating = evaluating
        self._lock = threading.Lock()
        self._opened: dict[str, tuple[object, Opened]] = {}  # by id, the one used last at the end

    def kept(self) -> list[Summary]:
        """The runs so far, the newest first; raises `StoreError`."""
        place = home(self._desk)
        if not place.is_dir():
            return []
        with lines.told(place, "read"):
            names = sorted((each.name for each in place.iterdir() if each.is_dir()), reverse=True)
        found = []
        for name in names:
            try:
                folder = folder_of(self._desk, name, "en")
            except Refused:
                continue  # not one of ours
            found.append(_summary(folder))
        return found[:_LISTED]

    def open(self, run_id: str, *, reader: Reader) -> Opened:
        """One run, scored; raises `Refused` and `DatasetError`."""
        folder = self._folder(run_id, reader)
        if not (folder / files.METRICS).exists():
            words = WORDS[reader]
            raise Refused(words["evaluation_unscored"], hint=words["evaluation_unscored_hint"])
        stamp = _stamp(folder)
        with self._lock:  # two pages that open one run read it once
            known = self._opened.pop(run_id, None)
            if known is None or known[0] != stamp:
                known = (stamp, _opened(run_id, folder))
            self._opened[run_id] = known
            for oldest in list(self._opened)[:-_REMEMBERED]:
                del self._opened[oldest]
            return known[1]

    def compare(self, first: str, second: str, *, reader: Reader) -> Beside:
        """How the run `second` differs from the earlier `first`; raises as `open`."""
        one, other = self._folder(first, reader), self._folder(second, reader)
        begun = _summary(one).begun
        try:
            comparison = compare(one, other)
        except KutipError as error:
            for folder in (one, other):
                error.message = error.message.replace(str(folder), folder.name)
            if "--" in error.hint:  # an option of the command line
                error.hint = ""
            raise
        return Beside(comparison=comparison, first=begun)

    def report(self, run_id: str, *, reader: Reader) -> Export:
        """The report of a run as a file; raises as `open`."""
        opened = self.open(run_id, reader=reader)
        path = folder_of(self._desk, run_id, reader) / files.REPORT
        if path.exists():
            with lines.told(path, "read"):
                text = path.read_text(encoding="utf-8")
        else:
            run = opened.run
            about = shown(run.about)
            text = report_html(
                run.questions, run.given, run.scores, about=about, texts=run.texts, rows=run.rows
            )
        return Export(name=f"kutip-eval-{run_id}.html", kind="text/html", text=text)

    def delete(self, run_id: str, *, reader: Reader) -> str:
        """Delete a run; says that it is done. Raises `ReadOnly` and `Refused`."""
        self._desk.must_write(reader)
        folder = self._folder(run_id, reader)
        with lines.told(folder, "deleted"):
            shutil.rmtree(folder)
        with self._lock:
            self._opened.pop(run_id, None)
        return WORDS[reader]["evaluation_deleted"]

    def _folder(self, run_id: str, reader: Reader) -> Path:
        """The folder of a run that is not at work."""
        folder = folder_of(self._desk, run_id, reader)
        if self._evaluating.running == run_id:
            raise Refused(WORDS[reader]["evaluation_running"])
        return folder


def leaf(opened: Opened, wanted: Wanted) -> Leaf:
    """The page of questions that is wanted, the worst first."""
    found = [q for q in opened.worst if _fits(q, opened, wanted)]
    last = max(0, -(-len(found) // PER_PAGE) - 1)
    page = min(max(0, wanted.page), last)
    cases = [_case(q, opened) for q in found[page * PER_PAGE : (page + 1) * PER_PAGE]]
    return Leaf(cases=tuple(cases), matched=len(found), total=len(opened.worst), page=page)


def turned(wanted: Wanted, page: int) -> Wanted:
    """The same questions on another page."""
    return replace(wanted, page=page)


def sifted(*, standing: str, language: str, tag: str, words: str) -> Wanted:
    """What fields ask for, from the first page; what means nothing is any."""
    return Wanted(
        standing=standing if standing in STANDINGS else "",
        language=language if language in LANGUAGES else "",
        tag=tag,
        words=words,
    )


def _fits(question: Question, opened: Opened, wanted: Wanted) -> bool:
    if wanted.standing and opened.standing_of[question.question_id] != wanted.standing:
        return False
    if wanted.language and question.language != wanted.language:
        return False
    if wanted.tag and wanted.tag not in question.tags:
        return False
    given = opened.run.given.get(question.question_id)
    said = (question.question_id, question.question, given.text if given else "")
    text = folded("\n".join(said)) if wanted.words.strip() else ""
    return all(word in text for word in folded(wanted.words).split())


def _case(question: Question, opened: Opened) -> Case:
    run, key = opened.run, question.question_id
    return Case(
        question=question,
        given=run.given.get(key),
        standing=opened.standing_of[key],
        values=run.scores.values.get(key, {}),
        row=run.rows.get(key, {}),
        texts=run.texts,
        names=opened.names,
        passages=PASSAGES,
    )


def _opened(run_id: str, folder: Path) -> Opened:
    run = files.read(folder)
    standing_of = standings(run.questions, run.given, run.scores)
    ids = run.texts.ids
    return Opened(
        run_id=run_id,
        run=run,
        standing_of=standing_of,
        worst=tuple(worst_first(run.questions, standing_of, run.scores)),
        names={key: name for name, key in sorted(ids.items(), reverse=True) if name != key},
    )


def _summary(folder: Path) -> Summary:
    try:
        about = files.about(folder)
        numbers = _numbers(folder / files.METRICS)
        answers = len(files.answered_lines(folder)) if not numbers else 0
    except KutipError:  # it can still be deleted
        return Summary(run_id=folder.name, begun=_named(folder.name), damaged=True)
    outcomes = {
        name: int(value)
        for name, value in numbers.items()
        if name.startswith("outcome.") and name.count(".") == 1
    }
    total = sum(outcomes.values()) if numbers else _lines(folder / files.QUESTIONS)
    datasets = about.get("datasets")
    return Summary(
        run_id=folder.name,
        begun=_day(about.get("begun")) or _named(folder.name),
        questions=one_line(", ".join(map(str, datasets))) if isinstance(datasets, dict) else "",
        answerer=one_line(str(about.get("answerer", ""))),
        asked=total - outcomes.get("outcome.missing", 0) if numbers else answers,
        total=total,
        numbers=numbers,
    )


def _numbers(path: Path) -> dict[str, float]:
    """What metrics.json holds; nothing where it is not there or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        str(name): float(value)
        for name, value in (found.items() if isinstance(found, dict) else ())
        if isinstance(value, int | float) and math.isfinite(value)
    }


def _lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except OSError:
        return 0


def _stamp(folder: Path) -> Sequence[int]:
    """Another one when the run was scored anew or has more answers."""
    names = (files.ANSWERS, files.METRICS)
    return [(folder / name).stat().st_mtime_ns for name in names if (folder / name).exists()]


def _named(run_id: str) -> datetime | None:
    """When a run was begun, by its id."""
    try:
        return datetime.strptime(run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(told: object) -> datetime | None:
    try:
        day = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return day.astimezone(UTC) if day is not None and day.tzinfo else None

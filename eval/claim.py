"""The folder a run writes into: no input and no stranger's file in it, and one run at a time.

The lock is the operating system's, so that a killed run leaves none behind. An earlier run is
kept aside until the new one has ended well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from eval import folder as files
from eval import robustness
from eval.datasets import DatasetError
from eval.given import by_question
from rag.errors import StoreBusy, StoreError

LOCK = "run.lock"
EARLIER = ".earlier"  # hidden, so that it is not read as articles where those lie around it

_NAMES = (
    *(files.ANSWERS, files.METRICS, files.REPORT, files.VERDICTS),
    *(files.ABOUT, files.QUESTIONS, files.ARTICLES, robustness.FILE),
)
_ANOTHER = "Name another folder with --out."


def refuse_loss(out: Path, *, inputs: Iterable[Path], articles: Sequence[Path]) -> None:
    """Raise `DatasetError` where a run into `out` would write over what is not its own.

    That is one of the `inputs`, a page among the `articles`, or a file of a name that a run
    writes in a folder that holds no run.
    """
    with files.written(out):
        there = [out / name for name in _NAMES if (out / name).exists()]
        if not there:
            return
        for path in (*inputs, *_read_as_articles(articles)):
            if path.exists() and any(path.samefile(each) for each in there):
                raise DatasetError(
                    f"{path} is what the run is to read, and its results would be written over it",
                    hint=_ANOTHER,
                )
    if not _holds_run(out):
        names = ", ".join(path.name for path in there)
        raise DatasetError(f"{out} holds {names}, which no run of the suite wrote", hint=_ANOTHER)


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Make the folder and let no other run write into it meanwhile; raises `StoreBusy`.

    A folder that was made for this, and into which nothing was written, is gone in the end.
    """
    from filelock import FileLock, Timeout

    with files.written(out):
        if os.path.lexists(out) and not out.is_dir():
            is_link = out.is_symlink() and not out.exists()
            what = "a link that leads nowhere" if is_link else "no folder"
            raise StoreError(f"{out} is {what}, so results cannot lie in it", hint=_ANOTHER)
        made = [each for each in (out, *out.parents) if not os.path.lexists(each)]
        out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / LOCK, thread_local=False)
    try:
        with files.written(out):
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise StoreBusy(
                    f"another run is writing into {out}",
                    hint="Wait until it is done, or name another folder with --out.",
                ) from error
        try:
            yield
        finally:
            with suppress(OSError):  # Windows does not let go of a file that is open
                (out / LOCK).unlink()
            lock.release()
    finally:
        for each in made:
            with suppress(OSError):  # it is not empty: that is as it should be
                each.rmdir()


def finished(out: Path) -> bool:
    """Whether a folder holds a run that came to its end.

    The run says so itself; of one from before runs did, it is told by its answers.
    """
    if not (out / files.ANSWERS).exists() or not _holds_run(out):
        return False
    said = files.said(out)
    if "ended" in said:
        return bool(said["ended"])
    asked = by_question(files.lines_of(out / files.QUESTIONS))
    return bool(asked) and asked.keys() <= by_question(files.answered_lines(out)).keys()


def set_aside(out: Path) -> None:
    """Keep the finished run of a folder in `EARLIER`, in place of one that is there."""
    part, earlier = out / f"{EARLIER}.part", out / EARLIER
    with files.written(earlier):
        _remove(part)
        part.mkdir()
        for name in _NAMES:
            if (out / name).exists():
                shutil.copy2(out / name, part / name)
        _remove(earlier)
        part.rename(earlier)


def end(out: Path) -> None:
    """Write down that the run came to its end; the one before it goes."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    files.keep_object(out / files.ABOUT, {**files.said(out), "ended": now})
    with files.written(out / EARLIER):
        _remove(out / EARLIER)


def _holds_run(out: Path) -> bool:
    try:
        said = files.said(out)
    except DatasetError:
        return False
    return isinstance(said.get("begun"), str) and "version" in said


def _read_as_articles(articles: Sequence[Path]) -> Iterator[Path]:
    """The files named as articles, and of those below a folder what could be a report."""
    for path in articles:
        if not path.is_dir():
            yield path
            continue
        for each in path.rglob(files.REPORT):
            if not any(part.startswith(".") for part in each.relative_to(path).parts):
                yield each


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)

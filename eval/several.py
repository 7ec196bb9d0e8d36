"""Ask many questions of one library in several processes, where that is sooner done.

Python runs one thread at a time, so that a second core is idle while one process asks. What
asking is, and what becomes of a row, is somebody else's matter.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.util import Finalize

from eval.asking import Asker
from eval.datasets import Question
from eval.library import home, remembering
from rag.engine import Engine
from rag.jsonform import JSONObject
from rag.settings import Settings

# Fewer are asked before a second process has started, which takes as long as some fifty questions.
ENOUGH = 150
_MOST = 4  # processes; each holds the models and 0.3 GB
_AHEAD = 4  # questions given to a process at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What another process needs to ask the same."""

    settings: Settings  # of the library
    users: Settings
    answerer: str | None
    grouped: bool


def processes(questions: int) -> int:
    """How many processes so many questions are worth; 1: this one."""
    if questions < ENOUGH:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(_MOST, cores or 1))


def rows(questions: Sequence[Question], place: Place, *, workers: int) -> Iterator[JSONObject]:
    """The row of each question, in their order, as soon as it and those before it are there.

    Raises what asking raises. When the caller stops, so do the processes.
    """
    context = multiprocessing.get_context("spawn")
    pool = context.Pool(workers, _begin, (place,))
    try:
        yield from pool.imap(_row, questions, chunksize=_AHEAD)
        pool.close()
    finally:
        pool.terminate()
        pool.join()


_asker: Asker | None = None  # of a process that `rows` began


def _begin(place: Place) -> None:
    global _asker  # noqa: PLW0603  (a pool gives its processes nothing else to keep it in)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one stops it
    engine = Engine(place.settings)
    first = Engine(replace(place.settings, data_dir=home()))
    engine.embedder = remembering(first.embedder, place.users)
    _asker = Asker(engine, answerer=place.answerer, grouped=place.grouped)
    Finalize(engine, closing(engine).__exit__, (None, None, None), exitpriority=10)


def _row(question: Question) -> JSONObject:
    if _asker is None:
        raise RuntimeError("this process was not begun by `rows`")
    return _asker.row(question)

"""Ask many questions of one library in several processes, where that is sooner done.

Python runs one thread at a time, so that a second core is idle while one process asks. What
asking is, and what becomes of a row, is somebody else's matter.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.sharedctypes import Synchronized

from eval.asking import Asker
from eval.datasets import Question
from eval.library import home, remembering
from rag.engine import Engine
from rag.jsonform import JSONObject
from rag.settings import Settings
from rag.text import glossary

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


class Several:
    """Processes that wait to be told what to ask; they start while the caller does other work."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = context.Pool(workers, _begin, (context.Value("i", 0),))

    def rows(
        self, questions: Sequence[Question], place: Place
    ) -> Generator[JSONObject, None, None]:
        """The row of each question, in their order, when it and those before it are there.

        Raises what asking raises.
        """
        asked = ((place, question) for question in questions)
        yield from self._pool.imap(_row, asked, chunksize=_AHEAD)

    def stop(self) -> None:
        """Stop the processes, whatever they do."""
        self._pool.terminate()
        self._pool.join()


_asker: Asker | None = None  # of a process that `Several` began


def _begin(begun: Synchronized[int]) -> None:
    """`begun` counts the processes."""
    with begun:
        number, begun.value = begun.value, begun.value + 1
    _keep_to_a_core(number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one stops it
    glossary.load().find("harga beras naik", "id")  # what takes time, and no library


def _keep_to_a_core(number: int) -> None:
    """Let this process use one core alone, where the system can be told so.

    Each would compute on as many threads as there are cores, and wait for those of the others:
    where two processes read on two cores, a question took five times as long.
    """
    if hasattr(os, "sched_setaffinity"):
        own = sorted(os.sched_getaffinity(0))
        with suppress(OSError):  # a sandbox that forbids it: then it is slower, and no less right
            os.sched_setaffinity(0, {own[number % len(own)]})


def _row(asked: tuple[Place, Question]) -> JSONObject:
    global _asker  # noqa: PLW0603  (a pool gives its processes nothing else to keep it in)
    place, question = asked
    if _asker is None:
        engine = Engine(place.settings)
        first = Engine(replace(place.settings, data_dir=home()))
        engine.embedder = remembering(first.embedder, place.users)
        engine.reader = first.reader
        _asker = Asker(engine, answerer=place.answerer, grouped=place.grouped)
    return _asker.row(question)

"""How far long work has come, on a stream: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from rag.layout import one_line
from rag.schema import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.5  # seconds of silence before a bar; most work is over by then
_MEGA = 1_000_000
_EVERY = 5.0  # seconds between two lines where there is no bar


class Meter:
    """A context manager to call with every `Progress`; writes to `stream`, or nowhere if None."""

    def __init__(
        self, stream: TextIO | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._has_bar = stream is not None and stream.isatty()
        self._due = clock() + (_PATIENCE if self._has_bar else _EVERY)
        self._bar: Bar | None = None

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Show `progress`, if it is time to."""
        if self._stream is None:
            return
        words = f"{progress.stage} {one_line(progress.label)}".rstrip()
        if progress.stage == "loading":
            progress = _in_megabytes(progress)
            words += ", MB"
        if self._bar is None:
            if self._clock() < self._due:
                return
            if not self._has_bar:
                of = "" if progress.total is None else f" of {progress.total}"
                try:
                    self._stream.write(f"{words}: {progress.done}{of}\n")
                    self._stream.flush()
                except OSError:  # nobody reads it; the work goes on
                    self._stream = None
                self._due = self._clock() + _EVERY
                return
            self._bar = _bar(self._stream)
        (task,) = self._bar.tasks
        task.total = progress.total  # to `update`, None would mean the total of before
        self._bar.update(task.id, description=words, completed=progress.done)


def _in_megabytes(progress: Progress) -> Progress:
    """What is counted in bytes, in millions of them."""
    total = None if progress.total is None else -(-progress.total // _MEGA)
    return replace(progress, done=progress.done // _MEGA, total=total)


def _bar(stream: TextIO) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    words = TextColumn(
        "{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1)
    )
    bar = Bar(
        words,
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=stream),
        transient=True,
        expand=True,
    )
    bar.add_task("", total=None)
    bar.start()
    return bar

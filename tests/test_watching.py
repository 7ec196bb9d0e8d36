"""A folder that is watched: when a turn comes, and when it waits."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.engine import Engine
from tests import news_folder
from tests.news_folder import put
from tests.samples import ROOT

engine = news_folder.engine
folder = news_folder.folder


class Waits:
    """Stands in for the clock: does what is planned for each wait, and then stops the watch."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *planned: Callable[[], object]) -> None:
        self.planned = list(planned)
        monkeypatch.setattr("rag.engine.time.sleep", self)

    def __call__(self, seconds: float) -> None:
        if not self.planned:
            raise InterruptedError
        self.planned.pop(0)()


def still() -> None:
    """A wait in which nothing happens."""


def test_a_change_during_a_turn_gives_another_turn(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first turn comes at once; what arrives while it is used is not missed."""
    waits = Waits(monkeypatch, still)
    turns = engine.changes(str(folder))
    next(turns)
    put(folder / "baru.txt", "Berita baru dari Harapan pagi ini.\n")
    next(turns)
    assert waits.planned == []  # one wait, to see whether it is whole
    with pytest.raises(InterruptedError):
        next(turns)  # nothing has changed since, so it waits


def test_a_file_is_not_taken_half_written(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn waits until a file has stopped growing; one that never stops is not waited for."""
    grow = iter(range(1_000))

    def more() -> None:
        put(folder / "baru.txt", "Berita baru. " * next(grow))

    waits = Waits(monkeypatch, still, more, more, more, still)
    turns = engine.changes(str(folder))
    next(turns)
    next(turns)
    assert waits.planned == []
    waits.planned = [more] * 500
    next(turns)
    assert 400 < len(waits.planned) < 490


def test_a_folder_that_comes_back_is_a_change(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a disk goes and comes again, each is a turn."""
    away = folder.parent / "away"
    Waits(
        monkeypatch, still, lambda: folder.rename(away), still, lambda: away.rename(folder), still
    )
    turns = engine.changes(str(folder))
    next(turns)
    next(turns)
    assert away.exists()
    next(turns)
    assert folder.exists()


_WATCH = """
import sys
from rag.cli import main
from rag.engine import Engine
from tests.fakes import HashEmbedder
changes = Engine.changes
Engine.changes = lambda self, folder: changes(self, folder, every_seconds=0.05)
sys.exit(main(sys.argv[1:], engine_factory=lambda s: Engine(s, embedder=HashEmbedder())))
"""


def test_a_watched_folder_is_followed_until_ctrl_c(tmp_path: Path, folder: Path) -> None:
    """A new file is added while `kutip sync --watch` runs; Ctrl-C ends it without a trace."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WATCH, "--data-dir", tmp_path / "s", "sync", folder, "--watch"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    reading = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()])
    reading.start()

    def until(start: str) -> list[str]:
        seen = [lines.get(timeout=60)]
        while not seen[-1].startswith(start):
            seen.append(lines.get(timeout=60))
        return seen

    try:
        assert until("3 added")[-1] == "3 added, 0 unchanged, 0 updated, 0 failed, 0 removed\n"
        put(folder / "baru.txt", "Bendungan baru di Lembah Padi diresmikan pada Minggu pagi.\n")
        assert until("1 added")[0] == f"added    {folder / 'baru.txt'}\n"
        (folder / "baru.txt").unlink()
        assert until("0 added")[0] == f"removed  {folder / 'baru.txt'}\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        reading.join()
        assert process.stderr is not None
        said = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        process.wait()
    assert said == f"kutip: Watching {folder}; Ctrl-C ends it.\n"

"""The `kutip` command on a terminal: colour, width, progress, help."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.progress import Meter
from rag.schema import Progress
from tests.samples import SmallEngine, Terminal


def _terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 60 columns in place of stdout."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


def test_a_terminal_gets_colour_and_a_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the evidence is bold, a list has a head, and lines fit."""
    terminal = _terminal(monkeypatch)
    where = ["--data-dir", str(tmp_path)]
    assert main([*where, "ask", "desa"], engine_factory=SmallEngine()) == 0  # type: ignore[arg-type]
    assert "\x1b[1mBanjir merendam 12 desa" in terminal.getvalue()
    assert main([*where, "list"], engine_factory=SmallEngine()) == 0  # type: ignore[arg-type]
    assert "\x1b[1mID " in terminal.getvalue()
    plain = re.sub(r"\x1b\[\dm", "", terminal.getvalue())
    assert max(map(len, plain.splitlines())) <= 60


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_a_terminal_may_refuse_colour(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR or a dumb terminal gets the same words without a single escape."""
    terminal = _terminal(monkeypatch)
    monkeypatch.setenv(variable, "dumb")
    where = ["--data-dir", str(tmp_path)]
    assert main([*where, "ask", "desa"], engine_factory=SmallEngine()) == 0  # type: ignore[arg-type]
    assert "Banjir merendam 12 desa di Demak." in terminal.getvalue()
    assert "\x1b" not in terminal.getvalue()


def test_quick_work_shows_no_progress() -> None:
    """Work of a few seconds leaves nothing behind; longer work a line every five seconds."""
    now = [0.0]
    stream = io.StringIO()
    with Meter(stream, clock=lambda: now[0]) as meter:
        for second in range(13):
            now[0] = float(second)
            meter(Progress(stage="embedding", done=second, total=20, label="a\x1b[31m.txt"))
    assert stream.getvalue() == "embedding a.txt: 5 of 20\nembedding a.txt: 10 of 20\n"


@pytest.mark.parametrize(("total", "shown"), [(9, "4/9"), (None, "4/?")])
def test_a_bar_on_a_terminal(total: int | None, shown: str) -> None:
    """A terminal gets a bar, once work has taken half a second, and no escape of a file's name."""
    now = [0.0]
    stream = Terminal()
    with Meter(stream, clock=lambda: now[0]) as meter:
        meter(Progress(stage="reading", done=1, total=8, label="early"))
        assert stream.getvalue() == ""
        now[0] = 1.0
        meter(Progress(stage="embedding", done=2, total=8))
        meter(Progress(stage="reading", done=4, total=total, label="[red]x[/no]\x1b]0;o\x07"))
    assert shown in stream.getvalue()
    assert "[red]x[/no]" in stream.getvalue()
    assert "\x1b]0;" not in stream.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_progress_that_nobody_can_read_stops_no_work() -> None:
    """When stderr cannot be written, adding goes on without progress."""
    with io.TextIOWrapper(
        io.FileIO("/dev/full", "w"), encoding="utf-8", write_through=True
    ) as full:
        meter = Meter(full, clock=iter([0.0, 9.0, 9.0, 18.0]).__next__)
        meter(Progress(stage="reading", done=1, total=2))
        meter(Progress(stage="reading", done=2, total=2))

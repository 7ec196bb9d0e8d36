"""Conversations survive kills, damage, a full disk and other processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.conversations import Conversations
from rag.errors import StoreError
from tests import kept_turns
from tests.kept_turns import NOON, REFUSED, WRITER, file_of
from tests.samples import ANSWER, ROOT

kept = kept_turns.kept


def test_a_torn_line(kept: Conversations) -> None:
    """Wherever a kill cuts the last line, the turns before it are read and the loss is said."""
    name = kept.new()
    kept.append(name, ANSWER)
    whole = file_of(kept, name).read_bytes()
    kept.append(name, REFUSED)
    both = file_of(kept, name).read_bytes()
    for cut in (len(whole) + 1, (len(whole) + len(both)) // 2, len(both) - 2):
        file_of(kept, name).write_bytes(both[:cut])
        opened = kept.open(name)
        assert [turn.answer for turn in opened.turns] == [ANSWER]
        assert opened.damaged
        assert kept.list()[0].damaged
        kept.append(name, REFUSED)
        opened = kept.open(name)
        assert [turn.answer for turn in opened.turns] == [ANSWER, REFUSED]
        assert opened.damaged
    file_of(kept, name).write_bytes(both[:-1])  # only the line's end is missing
    assert not kept.open(name).damaged
    kept.append(name, ANSWER)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, REFUSED, ANSWER]


def test_a_torn_first_line(kept: Conversations) -> None:
    """A conversation of which nothing can be read is listed, dated by its id, and goes on."""
    kept.folder.mkdir(parents=True)
    name = "20261121-120000-abcdef"
    file_of(kept, name).write_bytes(b'{"version": 1, "asked')
    (summary,) = kept.list()
    assert (summary.title, summary.turns, summary.damaged) == ("", 0, True)
    assert summary.started == NOON
    kept.append(name, ANSWER)
    assert kept.open(name).title == ANSWER.question


@pytest.mark.parametrize(
    "altered",
    [
        b"",
        b"5",
        b"null",
        b"[]",
        b"{}",
        b"\x00" * 64,
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": "1"}',
        b'{"version": 0}',
    ],
)
def test_an_altered_line(kept: Conversations, altered: bytes) -> None:
    """A line that is no turn is passed over and said, unless it is empty; never an exception."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    path.write_bytes(altered + b"\n" + path.read_bytes())
    opened = kept.open(name)
    assert [turn.answer for turn in opened.turns] == [ANSWER]
    assert opened.damaged == bool(altered)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asked", 5),
        ("asked", "2026-11-21T12:00:00"),
        ("asked", "0001-01-01T00:00:00+14:00"),
        ("passages", {}),
        ("passages", [3]),
        ("metadata", []),
        ("answer", None),
        ("answer.text", 5),
        ("answer.text", None),
        ("answer.abstention", "bored"),
        ("answer.citations", "text"),
        ("answer.citations", [{"marker": 1}]),
        ("answer.citations.0.passage", -1),
        ("answer.citations.0.passage", 99),
        ("answer.citations.0.start", 1.5),
        ("answer.citations.0.start", True),
        ("answer.hits.0.scores", []),
        ("answer.hits.0.score", "high"),
        ("metadata.0.published", "yesterday"),
    ],
)
def test_an_altered_field(kept: Conversations, field: str, value: object) -> None:
    """A line whose fields are not what was written is no turn; none of it is guessed."""
    name = kept.new()
    kept.append(name, ANSWER)
    line = json.loads(file_of(kept, name).read_bytes())
    at = line
    *path, last = field.split(".")
    for step in path:
        at = at[int(step) if step.isdigit() else step]
    at[last] = value
    file_of(kept, name).write_text(json.dumps(line) + "\n")
    opened = kept.open(name)
    assert (opened.turns, opened.damaged) == ((), True)


def test_a_later_version(kept: Conversations) -> None:
    """What a newer Kutip wrote is not half read; it is listed with the reason, and can go."""
    name, other = kept.new(), kept.new()
    kept.append(name, ANSWER)
    kept.append(other, REFUSED)
    path = file_of(kept, name)
    path.write_bytes(path.read_bytes().replace(b'"version": 1', b'"version": 2'))
    with pytest.raises(StoreError, match="newer Kutip") as raised:
        kept.open(name)
    assert raised.value.hint
    problems = {summary.conversation_id: summary.problem for summary in kept.list()}
    assert "newer Kutip" in problems[name]
    assert problems[other] == ""
    assert kept.forget(name).conversation_id == name
    assert not path.exists()


def test_two_processes_at_once(kept: Conversations) -> None:
    """Turns that two processes keep at the same time in one conversation are all there, whole."""
    name = kept.new()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(kept.folder.parent), name, who],
            cwd=ROOT,
            stdin=subprocess.PIPE,
        )
        for who in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    opened = kept.open(name)
    asked = [turn.answer.question for turn in opened.turns]
    assert not opened.damaged
    for who in ("a", "b"):
        assert [a for a in asked if a[0] == who] == [f"{who} {number}" for number in range(40)]


FULL = """
import resource, sys
from pathlib import Path
from rag.conversations import Conversations
from rag.errors import StoreError
from tests.samples import ANSWER
kept = Conversations(Path(sys.argv[1]))
path = kept.folder / f"{sys.argv[2]}.jsonl"
most = path.stat().st_size + 300
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    kept.append(sys.argv[2], ANSWER)
except StoreError as error:
    print(error.message, "|", error.hint)
"""


@pytest.mark.skipif(os.name != "posix", reason="the limit on a file's size is POSIX")
def test_no_room(kept: Conversations) -> None:
    """Where a turn does not fit, one line says so; what was kept stays, and it goes on later."""
    name = kept.new()
    kept.append(name, ANSWER)
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(kept.folder.parent), name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert said.count("\n") == 1
    assert str(file_of(kept, name)) in said
    assert "Free some space" in said
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER]
    kept.append(name, REFUSED)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, REFUSED]


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    """A data folder that cannot be is a `StoreError`, to write and to read."""
    (tmp_path / "data").write_text("a file")
    kept = Conversations(tmp_path / "data")
    for attempt in (lambda: kept.append(kept.new(), ANSWER), kept.list):
        with pytest.raises(StoreError) as raised:
            attempt()
        assert str(tmp_path / "data") in raised.value.message
        assert raised.value.hint


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_links_are_not_followed(kept: Conversations, tmp_path: Path) -> None:
    """A link under a conversation's name neither shows nor changes what it points to."""
    name = kept.new()
    kept.append(name, ANSWER)
    target = file_of(kept, name).rename(tmp_path / "elsewhere.jsonl")
    before = target.read_bytes()
    file_of(kept, name).symlink_to(target)
    for attempt in (lambda: kept.append(name, REFUSED), lambda: kept.open(name)):
        with pytest.raises(StoreError):
            attempt()
    assert kept.list()[0].problem
    kept.forget(name)
    assert target.read_bytes() == before

"""A conversation is cut after its first turns as a whole or not at all."""

from __future__ import annotations

import dataclasses
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rag.conversations import Conversations
from rag.errors import NotFound, StoreError
from tests import kept_turns
from tests.kept_turns import FOREIGN, REFUSED, SECOND, WRITER, file_of
from tests.samples import ANSWER, ROOT

kept = kept_turns.kept

THIRD = dataclasses.replace(ANSWER, question="Di mana?")


def test_only_the_first_turns_stay(kept: Conversations) -> None:
    """The first turns stay as they were written, to the byte; what is asked next follows them."""
    name, other = kept.new(), kept.new()
    kept.append(other, REFUSED)
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    two = file_of(kept, name).read_bytes()
    kept.append(name, THIRD)
    kept.keep_first(name, 2)
    assert file_of(kept, name).read_bytes() == two
    kept.append(name, REFUSED)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, SECOND, REFUSED]
    assert not kept.open(name).damaged
    assert sorted(path.stem for path in kept.folder.iterdir()) == sorted([name, other])
    if os.name == "posix":
        assert stat.S_IMODE(file_of(kept, name).stat().st_mode) == 0o600


def test_no_turn_stays(kept: Conversations) -> None:
    """Of a conversation without turns there is no file."""
    name, other = kept.new(), kept.new()
    kept.append(name, ANSWER)
    kept.append(other, REFUSED)
    kept.keep_first(name, 0)
    assert [path.stem for path in kept.folder.iterdir()] == [other]
    for turns in (0, 1):
        with pytest.raises(NotFound):
            kept.keep_first(name, turns)


@pytest.mark.parametrize("turns", [2, 3, 99])
def test_as_many_turns_as_there_are(kept: Conversations, turns: int) -> None:
    """To keep all turns changes nothing; the file is not even written."""
    name = kept.new()
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    before = file_of(kept, name).stat()
    kept.keep_first(name, turns)
    after = file_of(kept, name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_unreadable_lines_before_the_cut_stay(kept: Conversations) -> None:
    """What cannot be read is not counted, stays before the last turn kept, and goes behind it."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    whole = path.read_bytes()
    path.write_bytes(b"\x00\xff\n" + whole + b"torn\n" + whole + b"torn again\n" + whole)
    kept.keep_first(name, 2)
    assert path.read_bytes() == b"\x00\xff\n" + whole + b"torn\n" + whole
    kept.keep_first(name, 1)
    assert path.read_bytes() == b"\x00\xff\n" + whole


def test_a_torn_last_line_is_behind_the_cut(kept: Conversations) -> None:
    """A line that a kill cut goes with the turns dropped; a turn without a line end is whole."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    kept.keep_first(name, 1)
    assert path.read_bytes() == whole
    path.write_bytes(whole + whole[:-1])
    kept.keep_first(name, 2)
    assert len(kept.open(name).turns) == 2


def test_a_later_version_is_not_cut(kept: Conversations) -> None:
    """A line that a newer Kutip wrote is not dropped unread."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    both = path.read_bytes() + path.read_bytes().replace(b'"version": 1', b'"version": 2')
    path.write_bytes(both)
    with pytest.raises(StoreError, match="newer Kutip"):
        kept.keep_first(name, 1)
    assert path.read_bytes() == both


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("turns", [0, 1])
def test_no_other_file_is_cut(kept: Conversations, foreign: str, turns: int) -> None:
    """What has not the form of an id is no conversation to be cut, and a prefix is none either."""
    name = "20261121-120000-abcdef"
    kept.append(name, ANSWER)
    for wrong in (foreign, "2026", "20261121-120000-abcdeg"):
        with pytest.raises(NotFound):
            kept.keep_first(wrong, turns)
    with pytest.raises(ValueError, match="-1"):
        kept.keep_first(name, -1)
    assert len(kept.open(name).turns) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from rag import lines
from rag.conversations import Conversations

calls = [0]

def dying(real):
    def call(*arguments, **options):
        calls[0] += 1
        if calls[0] == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call

for name in ("open", "fdopen", "fsync", "close"):
    setattr(os, name, dying(getattr(os, name)))
Path.replace = dying(Path.replace)
Path.unlink = dying(Path.unlink)
Conversations(Path(sys.argv[1])).keep_first(sys.argv[2], 1)
print("done", calls[0])
"""


@pytest.mark.skipif(os.name != "posix", reason="kills are POSIX")
def test_killed_while_cutting(kept: Conversations) -> None:
    """Wherever a kill comes, all turns are there or the first alone; then it can be forgotten."""
    name = kept.new()
    kept.append(name, ANSWER)
    one = file_of(kept, name).read_bytes()
    kept.append(name, SECOND)
    both = file_of(kept, name).read_bytes()
    left = []
    for call in range(1, 40):
        file_of(kept, name).write_bytes(both)
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, str(kept.folder.parent), name, str(call)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        left.append(file_of(kept, name).read_bytes())
        assert left[-1] in (both, one)
        assert [summary.conversation_id for summary in kept.list()] == [name]
        if ran.returncode == 0:
            break
        assert ran.returncode == -9
    else:
        raise AssertionError("it never came to an end")
    # Old ones, then new ones; several of each, or the kills came at no interesting time.
    assert left == sorted(left, key=lambda data: data == one)
    assert left.count(both) > 3
    assert left.count(one) > 1
    kept.forget(name)
    assert list(kept.folder.iterdir()) == []


def test_what_a_kill_left_is_forgotten_too(kept: Conversations) -> None:
    """A half-written copy is not listed, and goes with its conversation."""
    name = kept.new()
    kept.append(name, ANSWER)
    (kept.folder / f"{name}.part").write_bytes(b"half")
    assert [summary.conversation_id for summary in kept.list()] == [name]
    assert kept.forget_all() == 1
    assert list(kept.folder.iterdir()) == []


CUTTER = """
import sys
from pathlib import Path
from rag.conversations import Conversations
kept = Conversations(Path(sys.argv[1]))
sys.stdin.readline()
for _ in range(60):
    kept.keep_first(sys.argv[2], 3)
"""


@pytest.mark.skipif(os.name != "posix", reason="the lock is POSIX")
def test_asked_and_cut_at_once(kept: Conversations) -> None:
    """While one process cuts, what another one appends is dropped as a whole or follows whole.

    The turns that are kept are always there, in order come the rest, and the last turn of
    all, appended after the last cut, is never lost.
    """
    name = kept.new()
    for answer in (ANSWER, SECOND, THIRD):
        kept.append(name, answer)
    arguments = [str(kept.folder.parent), name, "a"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, *arguments], cwd=ROOT, stdin=subprocess.PIPE
        )
        for script in (WRITER, CUTTER)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write(b"go\n")
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0]
    kept.append(name, REFUSED)
    opened = kept.open(name)
    assert not opened.damaged
    first, rest = opened.turns[:3], [turn.answer.question for turn in opened.turns[3:-1]]
    assert [turn.answer for turn in first] == [ANSWER, SECOND, THIRD]
    assert rest == [f"a {number}" for number in range(40 - len(rest), 40)]
    assert opened.turns[-1].answer == REFUSED


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_is_not_cut(kept: Conversations, tmp_path: Path) -> None:
    """A link under a conversation's name is refused, and what it points to stays."""
    name = kept.new()
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    target = file_of(kept, name).rename(tmp_path / "elsewhere.jsonl")
    before = target.read_bytes()
    file_of(kept, name).symlink_to(target)
    with pytest.raises(StoreError):
        kept.keep_first(name, 1)
    assert target.read_bytes() == before
    kept.keep_first(name, 0)
    assert target.read_bytes() == before
    assert list(kept.folder.iterdir()) == []

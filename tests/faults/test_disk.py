"""A disk that is full or read-only stops Kutip with a reason, and takes nothing away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import StoreError
from tests.faults.children import finish, pipe, put_with_little_room, start, use_as_nobody
from tests.search.helpers import assert_in_step, library, numbered

BEFORE = [numbered(n) for n in range(4)]


@pytest.mark.parametrize("room", [0, 40_000, 90_000, 150_000])
def test_a_disk_that_fills_up_at_any_point_loses_nothing(tmp_path: Path, room: int) -> None:
    """No file may grow beyond the largest one by more than `room` bytes, then it may again."""
    with library(tmp_path) as store:
        store.put(BEFORE)
    largest = max(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    mine, its = pipe()
    new = list(range(10, 30))
    child = start(put_with_little_room, tmp_path, new, largest // 2 + room, its)
    kind, *said = mine.recv()
    finish(child)
    assert kind == "store", said
    message, hint = said
    assert str(tmp_path) in message
    assert hint
    with library(tmp_path) as store:
        (found,) = store.dense(BEFORE[1].vectors[1], limit=1)
        assert found[0] == BEFORE[1].passages[1].passage_id
        assert set(store.put([numbered(n) for n in new])) <= {"added", "unchanged"}
        assert_in_step(store, BEFORE + [numbered(n) for n in new])


def test_too_little_room_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 5 MB free, a batch that needs more is refused as a whole."""
    usage = namedtuple("usage", "total used free")
    with library(tmp_path) as store:
        store.put(BEFORE)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5_000_000))
        with pytest.raises(StoreError, match="has 5 MB free") as error:
            store.put([numbered(9)])
        assert "Free some space" in error.value.hint
        assert_in_step(store, BEFORE)
        store.delete([BEFORE[0].article.article_id])  # which is how one makes room
        assert_in_step(store, BEFORE[1:])


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user may look into; pytest's own are for its user alone."""
    folder = Path(tempfile.mkdtemp(prefix="kutip-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs users")
def test_a_folder_that_may_not_be_written_to_is_named(public: Path) -> None:
    """Whoever may only look is told which folder and what to do, and changes nothing."""
    folder = public / "data"
    with library(folder) as store:
        store.put(BEFORE)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    mine, its = pipe()
    child = start(use_as_nobody, folder, its)
    told = [mine.recv() for _ in range(4)]
    finish(child)
    for kind, *said in told[:3]:
        assert kind in ("store", "done"), said
    assert told[0][0] == "store"
    assert str(folder) in told[0][1]
    assert "permissions" in told[0][2]
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    with library(folder) as store:
        assert_in_step(store, BEFORE)

"""One writer at a time, said aloud; and the gate before the vector index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from rag.errors import StoreBusy, StoreError
from rag.search.lock import Gate, writer_lock

HOLD = """
import pathlib, sys, time
from rag.search.lock import Gate, writer_lock
folder = pathlib.Path(sys.argv[1])
with writer_lock(folder, wait_seconds=0), Gate(folder / "index.lock").exclusive(wait_seconds=0):
    print("in", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_waits_and_then_goes_on(tmp_path: Path) -> None:
    """Two threads that add to the same number under the lock never lose a step."""
    number = tmp_path / "number"
    number.write_text("0")

    def add() -> None:
        for _ in range(20):
            with writer_lock(tmp_path, wait_seconds=30):
                value = int(number.read_text())
                time.sleep(0.001)
                number.write_text(str(value + 1))

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number.read_text() == "60"


def test_whoever_waits_in_vain_is_told_who_writes(tmp_path: Path) -> None:
    """The message names the process, its command and since when, and nothing of it lingers."""
    with writer_lock(tmp_path, wait_seconds=0, command="kutip add \x1b[31mx.html"):
        told = json.loads((tmp_path / "writer.json").read_text())
        with pytest.raises(StoreBusy) as error, writer_lock(tmp_path, wait_seconds=0.1):
            pass
        assert str(error.value) == (
            f"{tmp_path} is being written to by process {os.getpid()} "
            f"(kutip add  [31mx.html) since {told['since']}"
        )
        assert (tmp_path / "writer.json").exists()
    assert not (tmp_path / "writer.json").exists()
    with writer_lock(tmp_path, wait_seconds=0):
        pass


@pytest.mark.parametrize("told", ["", "{", "[]", '{"pid": "x", "command": "", "since": ""}'])
def test_a_holder_that_could_not_say_its_name_is_still_a_holder(tmp_path: Path, told: str) -> None:
    """Half a note, as a full disk leaves it, does not change the refusal."""
    with writer_lock(tmp_path, wait_seconds=0):
        (tmp_path / "writer.json").write_text(told)
        with (
            pytest.raises(StoreBusy, match="by another process"),
            writer_lock(tmp_path, wait_seconds=0),
        ):
            pass


def test_the_lock_is_free_again_however_the_holder_went(tmp_path: Path) -> None:
    """After an exception, and after kill -9 of a process that held it."""
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path, wait_seconds=0):
        raise ZeroDivisionError
    child = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"in\n"
    with (
        pytest.raises(StoreBusy, match=f"process {child.pid}"),
        writer_lock(tmp_path, wait_seconds=0),
    ):
        pass
    with pytest.raises(StoreBusy), Gate(tmp_path / "index.lock").shared(wait_seconds=0.1):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    with (
        writer_lock(tmp_path, wait_seconds=0),
        Gate(tmp_path / "index.lock").exclusive(wait_seconds=0),
    ):
        pass


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    """The error says which path is wrong and how to name another."""
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        (tmp_path / "file").write_text("x")
        with pytest.raises(StoreError, match=str(path)) as error, writer_lock(path, wait_seconds=0):
            pass
        assert "--data-dir" in error.value.hint


def test_many_may_read_or_one_may_write(tmp_path: Path) -> None:
    """Of two gates before one file, as two processes have, shared goes with shared alone."""
    one, two = Gate(tmp_path / "gate"), Gate(tmp_path / "gate")
    for first, second, together in [
        (one.shared, two.shared, True),
        (one.shared, two.exclusive, False),
        (one.exclusive, two.shared, False),
        (one.exclusive, two.exclusive, False),
    ]:
        with ExitStack() as inside:
            inside.enter_context(first(wait_seconds=0))
            if together:
                inside.enter_context(second(wait_seconds=0))
            else:
                with pytest.raises(StoreBusy):
                    inside.enter_context(second(wait_seconds=0.05))
    assert (tmp_path / "gate").stat().st_size == 0


def test_within_a_process_one_thread_at_a_time_passes_the_gate(tmp_path: Path) -> None:
    """A second thread is refused after its wait, and let in once the first has left."""
    gate = Gate(tmp_path / "gate")
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.shared(wait_seconds=0):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(StoreBusy), gate.shared(wait_seconds=0.05):
        pass
    leave.set()
    with gate.shared(wait_seconds=10):
        pass
    thread.join()


def test_a_gate_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path) -> None:
    """A folder where the lock should be is told apart from somebody being inside."""
    (tmp_path / "gate").mkdir()
    with pytest.raises(StoreError) as error, Gate(tmp_path / "gate").shared(wait_seconds=0):
        pass
    assert not isinstance(error.value, StoreBusy)

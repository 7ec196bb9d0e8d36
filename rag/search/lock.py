"""Who may touch the data folder now: one writer of the library, and a gate before the vector index.

Both locks belong to the operating system, so a process killed with -9 leaves neither behind.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import StoreBusy, StoreError


def make_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner only; one that is there is left as it is."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except FileExistsError as error:
        raise StoreError(
            f"{folder} is a file, so it cannot be the data folder",
            hint="Name a folder with --data-dir or KUTIP_DATA_DIR.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"the data folder {folder} cannot be made: {error.strerror}",
            hint="Name a folder you may write to with --data-dir or KUTIP_DATA_DIR.",
        ) from error


@contextmanager
def writer_lock(folder: Path, *, wait_seconds: float, command: str = "") -> Iterator[None]:
    """Hold the right to write to `folder`, against every other process and thread.

    Waits up to `wait_seconds`, then raises `StoreBusy` with the holder's process id, its
    command and since when. Makes the folder when it is not there. Not reentrant.
    """
    from filelock import FileLock, Timeout

    make_folder(folder)
    lock = FileLock(folder / "writer.lock", thread_local=False)
    holder = folder / "writer.json"
    try:
        lock.acquire(timeout=max(0.0, wait_seconds), poll_interval=0.02)
    except Timeout as error:
        raise StoreBusy(
            f"{folder} is being written to by {_holder(holder)}",
            hint="Wait until it is done, or stop it, then try again.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written to: {error.strerror}",
            hint="Mend its permissions, or name another folder with --data-dir.",
        ) from error
    try:
        _introduce(holder, command or _command())
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _command() -> str:
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]


def _introduce(path: Path, command: str) -> None:
    """Say who holds the lock, for the message of whoever waits; a full disk must not stop us."""
    since = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    told = json.dumps({"pid": os.getpid(), "command": command, "since": since})
    fresh = path.with_suffix(".new")
    try:
        fresh.write_text(told, encoding="utf-8")
        fresh.replace(path)
    except OSError:
        path.unlink(missing_ok=True)  # no name is better than the name of somebody else


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        command = "".join(c if c.isprintable() else " " for c in str(told["command"]))
        return f"process {int(told['pid'])} ({command}) since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # it took the lock this very moment, or could not say


class Gate:
    """Keeps a process from loading the vector index while another one changes its files.

    Many processes may be inside in `shared`, or one in `exclusive`; within a process, one
    thread at a time. Built on SQLite's own file locks over a file that stays empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()

    @contextmanager
    def shared(self, *, wait_seconds: float) -> Iterator[None]:
        """Nobody changes the index meanwhile; raises `StoreBusy` when the wait is over."""
        with self._inside("BEGIN", wait_seconds):
            yield

    @contextmanager
    def exclusive(self, *, wait_seconds: float) -> Iterator[None]:
        """Nobody else reads the index meanwhile; raises `StoreBusy` when the wait is over."""
        with self._inside("BEGIN EXCLUSIVE", wait_seconds):
            yield

    @contextmanager
    def _inside(self, begin: str, wait_seconds: float) -> Iterator[None]:
        until = time.monotonic() + wait_seconds
        if not self._thread.acquire(timeout=wait_seconds):
            raise self._busy()
        try:
            left = max(0.0, until - time.monotonic())
            try:
                file = sqlite3.connect(self._path, timeout=left, isolation_level=None)
            except sqlite3.Error as error:
                raise self._unusable(error) from error
            try:
                try:
                    file.execute(begin)
                    file.execute("SELECT 1 FROM sqlite_master").fetchone()  # BEGIN alone is lazy
                except sqlite3.Error as error:
                    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                        raise self._busy() from error
                    raise self._unusable(error) from error
                yield
            finally:
                file.close()  # rolls back, which gives the lock up
        finally:
            self._thread.release()

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"the vector index in {self._path.parent} is in use",
            hint="Try again in a moment.",
        )

    def _unusable(self, error: sqlite3.Error) -> StoreError:
        return StoreError(
            f"{self._path} cannot be used as a lock: {error}",
            hint="Mend the permissions of the data folder, and delete that file.",
        )

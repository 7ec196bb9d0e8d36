"""Files of one record a line, changed so that a kill costs at most the line being written.

Knows nothing of what the lines hold. Several processes may use one file at a time.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import StoreError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PART = ".part"  # of a name: what a file is about to be
_TRIES = 100  # at a file that is replaced each time before it can be locked


def append(path: Path, line: bytes) -> None:
    """Add a line, its end included, in one write; on disk when this returns.

    The file is its owner's alone. Its folder must be there, or `make_folder` has made it.
    """
    file = _opened(path, os.O_CREAT)
    try:
        size = os.fstat(file).st_size
        if size:
            os.lseek(file, size - 1, os.SEEK_SET)
            if os.read(file, 1) != b"\n":  # a torn line must not take this one with it
                line = b"\n" + line
        if os.write(file, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)
    if not size:
        sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Give the file this content: a kill leaves it as it was, or as it shall be.

    To be called inside `alone`, or what is appended meanwhile would be lost.
    """
    part = path.with_suffix(_PART)
    try:
        file = os.open(part, _flags(os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 0o600)
        with os.fdopen(file, "wb") as written:
            written.write(data)
            written.flush()
            os.fsync(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def delete(path: Path) -> bool:
    """Delete the file, and what a killed `replace` left of it; whether there was one."""
    with suppress(FileNotFoundError):
        path.with_suffix(_PART).unlink()
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody appends to the file, replaces or deletes it meanwhile, when all take this lock.

    Windows needs none: there a file that somebody has open can be neither replaced nor deleted.
    """
    if sys.platform == "win32":
        yield
        return
    file = _opened(path)
    try:
        yield
    finally:
        os.close(file)


def make_folder(folder: Path) -> None:
    """Make a folder of the data folder, and that, for their owner alone."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)


def sync_folder(folder: Path) -> None:
    """Make the disk remember which files are in the folder, where the system can be told to."""
    if os.name != "posix":
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse it for folders
            os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def told(path: Path, done: str) -> Iterator[None]:
    """What the disk refuses, as a `StoreError` that says what, which and what next."""
    try:
        yield
    except OSError as error:
        hint = "Mend its permissions, or name another data folder with --data-dir."
        if error.errno in _FULL:
            hint = "Free some space; what was kept before stays."
        raise StoreError(
            f"{path} cannot be {done}: {error.strerror or error}", hint=hint
        ) from error


def _opened(path: Path, make: int = 0) -> int:
    """The file that has this name now, open to read and append, locked until it is closed."""
    for _ in range(_TRIES):
        file = os.open(path, _flags(os.O_RDWR | os.O_APPEND | make), 0o600)
        try:
            _lock(file)
            if _named(path, file):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # somebody replaced or deleted it while this one waited
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


def _lock(file: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    with suppress(OSError):  # some network file systems have no locks
        fcntl.flock(file, fcntl.LOCK_EX)


def _named(path: Path, file: int) -> bool:
    """Whether the open file is still the one of this name."""
    if sys.platform == "win32":
        return True
    try:
        return os.path.samestat(os.fstat(file), os.lstat(path))
    except FileNotFoundError:
        return False


def _flags(flags: int) -> int:
    for only_some_systems in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"):
        flags |= getattr(os, only_some_systems, 0)
    return flags

"""Find the files a source names, and read them as bytes.

Knows nothing of encodings or of what an article is, and fetches nothing. Never waits on a
pipe, never opens a device, never reads more than it was allowed to.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from rag.errors import BadSource
from rag.ingest.address import canonical, is_address
from rag.ingest.address import shown as address_shown

Kind = Literal["text", "markdown", "page", "pdf", "word"]

# What a folder is searched for. A file named by the user may also have no ending at all.
KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".pdf": "pdf",
    ".docx": "word",
}
_SUPPORTED = ", ".join(KINDS)
_NOT_REGULAR = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One thing to read: a file, a web address, or standard input (neither of them)."""

    source_id: str  # the absolute real path, the canonical address, a name, or "-"
    source: str  # the path or address as the user would recognise it
    path: Path | None = None
    name: str = ""  # of a file that is known by another one than its path has
    url: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # what a feed says of it


def locate(given: str) -> list[Located]:
    """The files that `given` names, in the sorted order of their paths, or the address it is.

    "-" is standard input. A folder is walked with all below it: hidden entries are left
    out, links are followed, every real folder is visited once and every real file taken
    once. What turns up in a folder but cannot be read is listed, so that `read` says why.
    Raises `BadSource` when `given` names nothing that could be read.
    """
    if given == "-":
        return [Located(source_id="-", source="-")]
    if not given.strip():
        raise BadSource(
            "no source is named", hint="Name a file, a folder, an address, or - for input."
        )
    if is_address(given):
        return [address(given)]
    path = Path(given)
    name = shown(given)
    try:
        status = path.stat()
    except FileNotFoundError as error:
        web = "://" in given or given.lower().startswith("www.")
        raise BadSource(
            f"{name} does not exist",
            hint="Name a page by its whole address; it begins with https:// or http://."
            if web
            else "Check the spelling, or name its full path.",
        ) from error
    except OSError as error:
        raise BadSource(
            f"{name} cannot be read: {error.strerror}", hint="Check its name and permissions."
        ) from error
    except ValueError as error:  # a NUL or a lone surrogate
        raise BadSource(f"{name} is no file name", hint="Check the name.") from error
    if stat.S_ISDIR(status.st_mode):
        found = _walk(path)
        if not found:
            raise BadSource(
                f"{name} holds no article", hint=f"A folder is searched for {_SUPPORTED} files."
            )
        return found
    _refuse_irregular(status.st_mode, name)
    suffix = path.suffix.lower()
    if suffix and suffix not in KINDS:
        raise BadSource(
            f"{name}: {shown(suffix)} files are not supported",
            hint=f"Supported are {_SUPPORTED}. Save the article's text as a .txt file.",
        )
    return [_located(path, given)]


def named(given: str, name: str) -> Located:
    """The file at a path, to be known by `name` alone: what is later read under it replaces it.

    The name is never looked up, so it may hold anything; its ending tells the format.
    """
    name = shown(name)
    return Located(source_id=f"named:{name}", source=name, path=Path(given), name=name)


def address(given: str, facts: Mapping[str, str] | None = None) -> Located:
    """The page at an address; raises `BadSource` when it is none."""
    url = given.strip()
    return Located(source_id=canonical(url), source=called(url), url=url, facts=facts or {})


def inside(folder: str) -> str:
    """What the ids of all files in a folder begin with; raises `BadSource` if it is no folder."""
    if not folder.strip():  # to the system, no name is the present folder
        raise BadSource("no folder is named", hint="Name a folder that holds articles.")
    if not os.path.isdir(folder):  # noqa: PTH112  (`Path.is_dir` raises where none can tell)
        raise BadSource(
            f"{shown(folder)} is not a folder", hint="Name a folder; kutip add takes single files."
        )
    return shown(os.path.join(os.path.realpath(folder), ""))  # noqa: PTH118  (for its last slash)


def files_in(folder: str) -> list[Located]:
    """The article files in a folder, as `locate` finds them; none where there are none."""
    return _walk(Path(folder))


def vanished(source_id: str) -> bool:
    """Whether the file with this id is there no more; one that cannot be looked at still is."""
    try:
        os.lstat(source_id)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def snapshot(folder: str) -> frozenset[tuple[str, int, int]]:
    """(id, size, time of change in ns) of every article file in a folder; to see it change."""
    seen = set()
    for one in files_in(folder):
        try:
            status = Path(one.path or "").stat()
        except OSError:
            continue  # it went away in between, which the next look shows
        seen.add((one.source_id, status.st_size, status.st_mtime_ns))
    return frozenset(seen)


def read(located: Located, *, max_bytes: int, stdin: BinaryIO | None = None) -> bytes:
    """The bytes of what was located, at least one and at most `max_bytes`.

    A file that is too large is refused by its size, unread; of standard input no more
    than one byte over the limit is taken. Raises `BadSource`.
    """
    name = located.source if located.path is not None else "standard input"
    if located.url is not None:
        raise ValueError("an address is fetched, not read")
    try:
        if located.path is None:
            data = _read_input(stdin, max_bytes + 1)
        else:
            data = _read_file(located.path, name, max_bytes)
    except FileNotFoundError as error:
        raise BadSource(f"{name} is gone", hint="It was moved or deleted; add it again.") from error
    except PermissionError as error:
        raise BadSource(f"{name} may not be read", hint="Check its permissions.") from error
    except OSError as error:
        raise BadSource(
            f"{name} cannot be read: {error.strerror or error}", hint="Check the disk and the file."
        ) from error
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    if not data:
        raise BadSource(f"{name} is empty", hint="Nothing was added.")
    return data


def shown(name: str) -> str:
    """A file name that is safe to store and to print.

    Bytes that are not UTF-8, control characters and lone surrogates become backslash
    escapes; all else is left as it is.

    >>> shown("berita\\x1b[2J.txt")
    'berita\\\\x1b[2J.txt'
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name
    )


def called(given: str) -> str:
    """What a source that cannot be located is called: a file as `shown`, no password ever."""
    return address_shown(given.strip()) if is_address(given) else shown(given)


def _located(path: Path, source: str) -> Located:
    return Located(source_id=shown(os.path.realpath(path)), source=shown(source), path=path)


def _walk(root: Path) -> list[Located]:
    """Every article file below `root`; a stack, since folders may nest deeper than calls may."""
    found: list[Located] = []
    folders: set[tuple[int, int]] = set()
    files: set[str] = set()
    pending = [root]
    while pending:
        path = pending.pop()
        is_folder = False
        try:
            status = path.stat()
            if is_folder := stat.S_ISDIR(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                if identity not in folders:
                    folders.add(identity)
                    names = sorted(entry.name for entry in os.scandir(path))
                    pending += [path / n for n in reversed(names) if not n.startswith(".")]
                continue
            readable = path.suffix.lower() in KINDS
        except OSError as error:
            # A folder that may not be opened, a path that is too long, or a link that leads
            # nowhere: `read` fails on it in its turn and says so, while the rest of the folder
            # is still taken. What cannot be looked at and has no ending may be a folder.
            hidden = error.errno in (errno.EACCES, errno.ENAMETOOLONG) and not path.suffix
            readable = is_folder or hidden or path.suffix.lower() in KINDS
        if not readable:
            continue
        located = _located(path, str(path))
        if located.source_id not in files:
            files.add(located.source_id)
            found.append(located)
    return found


def _read_file(path: Path, name: str, max_bytes: int) -> bytes:
    # Looked at before it is opened, since opening a device can act on it; opened without
    # blocking and looked at again, since it may have become a pipe in between.
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        os.scandir(path).close()  # a folder that may not be opened says so
    _refuse_irregular(status.st_mode, name)
    if status.st_size > max_bytes:
        raise _too_large(name, max_bytes)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        _refuse_irregular(os.fstat(file.fileno()).st_mode, name)
        return file.read(max_bytes + 1)


def _read_input(stdin: BinaryIO | None, limit: int) -> bytes:
    if stdin is None:
        if sys.stdin is None:
            raise BadSource("there is no standard input", hint="Name a file instead.")
        stdin = sys.stdin.buffer
    pieces: list[bytes] = []
    left = limit
    while left and (piece := stdin.read(left)):  # a pipe may hand over less than was asked
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _refuse_irregular(mode: int, name: str) -> None:
    for test, what in _NOT_REGULAR:
        if test(mode):
            raise BadSource(f"{name} is {what}, not a file", hint="Name a file with text in it.")


def _too_large(name: str, max_bytes: int) -> BadSource:
    return BadSource(
        f"{name} is larger than {max_bytes:,} bytes", hint="Split it, or save only the article."
    )

"""Conversations kept in the data folder: one file each, one line a turn.

A line is a whole answer as JSON, appended with one write and synced, so that a kill or a full
disk costs at most the turn being written. Knows nothing of the articles' archive: what an
answer cites is in its line, and stays readable when the article is gone.
"""

from __future__ import annotations

import builtins
import errno
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import NotFound, StoreError
from rag.jsonform import JSONObject, dumps
from rag.packing import UNREADABLE, packed, unpacked
from rag.schema import Answer, Turn

VERSION = 1  # of a line; a line of a later one is refused, never half read

_SUFFIX = ".jsonl"
# Digits and letters that are not taken for one another; six of them make 2**30 ids a second.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-z]{6}")
_LEAST = 4  # characters of an id that may stand for it, as for articles
_NAMED = 3  # ids named when a prefix stands for several
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One turn of a conversation: what was asked, when, and all that was answered."""

    asked: datetime  # UTC
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation as it was kept, its turns in the order of asking."""

    conversation_id: str
    started: datetime  # UTC
    title: str  # the first question
    turns: tuple[Kept, ...]
    damaged: bool = False  # some line could not be read; its turn is not among `turns`


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list of conversations tells of one."""

    conversation_id: str
    started: datetime  # UTC
    title: str  # the first question; "" when no turn could be read
    turns: int
    last: datetime  # when the last question was asked, UTC
    damaged: bool = False
    problem: str = ""  # why it cannot be opened, in one line


class Conversations:
    """The conversations of one data folder. Makes nothing on disk before the first `append`.

    Several processes may use one folder at a time. What the disk refuses is a `StoreError`.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "conversations"

    def new(self) -> str:
        """An id for a conversation that begins now, such as ``20261121-142233-k7m2qx``."""
        tail = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{tail}"

    def append(
        self, conversation_id: str, answer: Answer, *, asked: datetime | None = None
    ) -> None:
        """Keep one more turn, on disk when this returns; `asked` is now unless given."""
        path = self._path(conversation_id)
        line = _line(Kept(asked=(asked or datetime.now(UTC)).astimezone(UTC), answer=answer))
        with _told(path, "written"):
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            _append(path, line)

    def list(self) -> builtins.list[Summary]:
        """Every conversation, the one last spoken in first.

        One that cannot be opened is listed too, with its `problem`.
        """
        found = [self._summary(conversation_id) for conversation_id in self._ids()]
        listed = [summary for summary in found if summary is not None]
        return sorted(listed, key=lambda s: (s.last, s.conversation_id), reverse=True)

    def open(self, prefix: str) -> Conversation:
        """The one conversation whose id begins so; at least 4 characters, else `NotFound`."""
        conversation_id = self._find(prefix)
        conversation = self._read(conversation_id)
        if conversation is None:
            raise _missing(prefix)
        return conversation

    def forget(self, prefix: str) -> Summary:
        """Delete the one conversation whose id begins so; tells what it was."""
        conversation_id = self._find(prefix)
        summary = self._summary(conversation_id)
        if summary is None or not self._delete(conversation_id):
            raise _missing(prefix)
        return summary

    def forget_all(self) -> int:
        """Delete every conversation; tells how many there were."""
        return sum(self._delete(conversation_id) for conversation_id in self._ids())

    def _path(self, conversation_id: str) -> Path:
        """Where a conversation is kept. Only what has an id's form can name a file."""
        if not _ID.fullmatch(conversation_id):
            raise _missing(conversation_id)
        return self.folder / f"{conversation_id}{_SUFFIX}"

    def _ids(self) -> builtins.list[str]:
        with _told(self.folder, "read"):
            try:
                names = [path.stem for path in self.folder.iterdir() if path.suffix == _SUFFIX]
            except FileNotFoundError:
                return []
        return sorted(name for name in names if _ID.fullmatch(name))

    def _find(self, prefix: str) -> str:
        wanted = prefix.strip().lower()
        if len(wanted) < _LEAST:
            raise NotFound(
                f"{prefix!r} is too short for the id of a conversation",
                hint=f"Give at least {_LEAST} characters of it.",
            )
        found = [name for name in self._ids() if name.startswith(wanted)]
        if not found:
            raise _missing(prefix)
        if len(found) > 1:
            named = ", ".join(found[:_NAMED]) + ", ..." * (len(found) > _NAMED)
            raise NotFound(
                f"{prefix!r} begins the ids of {len(found)} conversations",
                hint=f"Give more of it: {named}",
            )
        return found[0]

    def _read(self, conversation_id: str) -> Conversation | None:
        """What its file holds; None when there is none, or nothing in it."""
        path = self._path(conversation_id)
        with _told(path, "read"):
            try:
                if not stat.S_ISREG(path.lstat().st_mode):
                    raise OSError(errno.EINVAL, "it is not a file")
                lines = [line for line in path.read_bytes().split(b"\n") if line]
            except FileNotFoundError:
                return None
        if not lines:
            return None
        read = [_kept(line, path) for line in lines]
        turns = tuple(kept for kept in read if kept is not None)
        return Conversation(
            conversation_id=conversation_id,
            started=turns[0].asked if turns else _time_of(conversation_id),
            title=turns[0].answer.question if turns else "",
            turns=turns,
            damaged=len(turns) < len(lines),
        )

    def _summary(self, conversation_id: str) -> Summary | None:
        problem = ""
        try:
            conversation = self._read(conversation_id)
        except StoreError as error:
            problem = f"{error.message}. {error.hint}"
            began = _time_of(conversation_id)
            conversation = Conversation(
                conversation_id=conversation_id, started=began, title="", turns=()
            )
        if conversation is None:
            return None
        return Summary(
            conversation_id=conversation_id,
            started=conversation.started,
            title=conversation.title,
            turns=len(conversation.turns),
            last=max((kept.asked for kept in conversation.turns), default=conversation.started),
            damaged=conversation.damaged,
            problem=problem,
        )

    def _delete(self, conversation_id: str) -> bool:
        """Whether there was something to delete."""
        path = self._path(conversation_id)
        with _told(path, "deleted"):
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            _sync_folder(path.parent)
        return True


def turn_of(answer: Answer) -> Turn:
    """What a later question needs of an answer."""
    cited = sorted(answer.citations, key=lambda citation: citation.marker)
    return Turn(
        question=answer.question,
        query=answer.query,
        text=answer.text,
        language=answer.language,
        abstention=answer.abstention,
        article_ids=tuple(dict.fromkeys(citation.passage.article_id for citation in cited)),
    )


def turns_of(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns of a conversation, as a follow-up question needs them."""
    return tuple(turn_of(kept.answer) for kept in conversation.turns)


# Lines and files ---------------------------------------------------------------------------


def _line(kept: Kept) -> bytes:
    head: JSONObject = {"version": VERSION, "asked": kept.asked}
    return dumps(head | packed(kept.answer)).encode() + b"\n"


def _kept(line: bytes, path: Path) -> Kept | None:
    """The turn that a line holds; None when it is torn or was altered."""
    try:
        told = json.loads(line.decode())
        version = told["version"]
        if type(version) is not int or version < 1:
            return None
        if version > VERSION:
            raise StoreError(
                f"{path} was written by a newer Kutip (its form is {version}, this one "
                f"reads {VERSION})",
                hint="Open it with that Kutip, or update this one.",
            )
        asked = datetime.fromisoformat(told["asked"])
        if asked.tzinfo is None:
            return None
        return Kept(asked=asked.astimezone(UTC), answer=unpacked(told))
    except UNREADABLE:
        return None


def _append(path: Path, line: bytes) -> None:
    """Add a line to the file in one write, and wait until the disk has it."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    for only_some_systems in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"):
        flags |= getattr(os, only_some_systems, 0)
    file = os.open(path, flags, 0o600)
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
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
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
def _told(path: Path, done: str) -> Iterator[None]:
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


def _missing(prefix: str) -> NotFound:
    return NotFound(
        f"no conversation has the id {prefix!r}", hint="List the conversations to see their ids."
    )


def _time_of(conversation_id: str) -> datetime:
    """When an id was made; the beginning of time for digits that are no date."""
    try:
        return datetime.strptime(conversation_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)

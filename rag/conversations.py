"""Conversations kept in the data folder: one file each, one line a turn.

A line is a whole answer as JSON, appended with one write and synced, so that a kill or a full
disk costs at most the turn being written. Knows nothing of the articles' archive: what an
answer cites is in its line, and stays readable when the article is gone.
"""

from __future__ import annotations

import builtins
import errno
import json
import re
import secrets
import stat
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import NotFound, StoreError
from rag.feedback import Feedback
from rag.jsonform import JSONObject, dumps
from rag.lines import alone, append, delete, make_folder, replace, told
from rag.packing import UNREADABLE, packed, unpacked
from rag.schema import Answer, Turn

VERSION = 1  # of a line; a line of a later one is refused, never half read

_SUFFIX = ".jsonl"
# Digits and letters that are not taken for one another; six of them make 2**30 ids a second.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-z]{6}")
# How a line begins and what stands near its end; in a text of it the quotes are escaped.
_HEAD = re.compile(
    rb'\{"version": %d, "asked": "([^"\\]+)", "answer": \{"question": ("(?:[^"\\]|\\.)*+"), '
    % VERSION
)
_TAIL = b'"metadata": ['
_LEAST = 4  # characters of an id that may stand for it, as for articles
_NAMED = 3  # ids named when a prefix stands for several


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
        self._feedback = Feedback(data_dir)

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
        with told(path, "written"):
            make_folder(self.folder)
            append(path, line)

    def keep_first(self, conversation_id: str, turns: int) -> None:
        """Drop every turn after the first `turns` that can be read; with 0 the file goes.

        Lines that cannot be read stay where they stand before that point. A kill leaves the
        file as it was or as it shall be. A turn that another process appends at the same time
        counts as asked before or after: it is dropped with the others, or follows what is left;
        one that is appended once this has returned is never lost.
        """
        if turns < 0:
            raise ValueError(f"{turns} turns cannot be kept")
        path = self._path(conversation_id)
        if turns == 0:
            if not self._delete(conversation_id):
                raise _missing(conversation_id)
            return
        with told(path, "written"):
            try:
                _regular(path)
                with alone(path):
                    data = path.read_bytes()
                    end = _end_of(turns, data, path)
                    if end < len(data):
                        replace(path, data[:end])
            except FileNotFoundError:
                raise _missing(conversation_id) from None
        if not data:
            raise _missing(conversation_id)

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
        """Delete the one conversation whose id begins so, opinions too; tells what it was."""
        conversation_id = self._find(prefix)
        summary = self._summary(conversation_id)
        if summary is None or not self._delete(conversation_id):
            raise _missing(prefix)
        self._feedback.forget(conversation_id)
        return summary

    def forget_all(self) -> int:
        """Delete every conversation; tells how many there were."""
        count = sum(self._delete(conversation_id) for conversation_id in self._ids())
        self._feedback.forget_all()
        return count

    def _path(self, conversation_id: str) -> Path:
        """Where a conversation is kept. Only what has an id's form can name a file."""
        if not _ID.fullmatch(conversation_id):
            raise _missing(conversation_id)
        return self.folder / f"{conversation_id}{_SUFFIX}"

    def _ids(self) -> builtins.list[str]:
        with told(self.folder, "read"):
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

    def _lines(self, conversation_id: str) -> builtins.list[bytes]:
        """What its file holds; nothing when there is none."""
        path = self._path(conversation_id)
        with told(path, "read"):
            try:
                _regular(path)
                return [line for line in path.read_bytes().split(b"\n") if line]
            except FileNotFoundError:
                return []

    def _read(self, conversation_id: str) -> Conversation | None:
        """The conversation; None when it has no file, or there is nothing in it."""
        lines = self._lines(conversation_id)
        if not lines:
            return None
        read = [_kept(line, self._path(conversation_id)) for line in lines]
        turns = tuple(kept for kept in read if kept is not None)
        return Conversation(
            conversation_id=conversation_id,
            started=turns[0].asked if turns else _time_of(conversation_id),
            title=turns[0].answer.question if turns else "",
            turns=turns,
            damaged=len(turns) < len(lines),
        )

    def _summary(self, conversation_id: str) -> Summary | None:
        """What its lines tell at a glance; None when it has no file, or there is nothing in it."""
        began, problem = _time_of(conversation_id), ""
        turns: builtins.list[_Glimpse] = []
        damaged = False
        try:
            lines = self._lines(conversation_id)
            if not lines:
                return None
            seen = [_glimpse(line, self._path(conversation_id)) for line in lines]
            turns = [glimpse for glimpse in seen if glimpse is not None]
            damaged = len(turns) < len(lines)
        except StoreError as error:
            problem = f"{error.message}. {error.hint}"
        started = turns[0].asked if turns else began
        return Summary(
            conversation_id=conversation_id,
            started=started,
            title=turns[0].question if turns else "",
            turns=len(turns),
            last=max((glimpse.asked for glimpse in turns), default=started),
            damaged=damaged,
            problem=problem,
        )

    def _delete(self, conversation_id: str) -> bool:
        """Whether there was something to delete."""
        path = self._path(conversation_id)
        with told(path, "deleted"), ExitStack() as held:
            with suppress(OSError):  # what cannot be opened, as a link, can be deleted all the same
                held.enter_context(alone(path))
            return delete(path)


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


@dataclass(frozen=True, slots=True)
class _Glimpse:
    """What a list needs of a turn."""

    asked: datetime  # UTC
    question: str


def _glimpse(line: bytes, path: Path) -> _Glimpse | None:
    """The turn of a line, as `_kept` tells, from its two ends; None when it is no turn.

    To read 10,000 turns whole takes 4 s, this 0.4 s. What was not written by `_line` is read
    whole; a line that is altered and has its ends passes here, and fails when it is opened.
    """
    head = _HEAD.match(line)
    if head is not None and line.endswith(b"]}") and line.rfind(_TAIL) > head.end():
        try:
            asked = datetime.fromisoformat(head[1].decode())
            if asked.tzinfo is not None:
                return _Glimpse(asked.astimezone(UTC), json.loads(head[2].decode()))
        except UNREADABLE:
            return None
    kept = _kept(line, path)
    return None if kept is None else _Glimpse(kept.asked, kept.answer.question)


def _regular(path: Path) -> None:
    """Raise an `OSError` where the name is a link's or a folder's; nothing there is one too."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "it is not a file")


def _end_of(turns: int, data: bytes, path: Path) -> int:
    """Where the first so many readable lines of `data` end; its length when there are fewer."""
    at, end, found = 0, len(data), 0
    for line in data.split(b"\n"):
        at += len(line) + 1
        # The lines behind are read too, so that none of a newer Kutip is dropped unread.
        if line and _kept(line, path) is not None:
            found += 1
            if found == turns:
                end = min(at, len(data))
    return end


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

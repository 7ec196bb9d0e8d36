"""What readers thought of answers, kept in the data folder: one line of JSON an opinion.

For the owner of the folder to learn from: no answer changes by it, and nothing is sent anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.jsonform import JSONObject, dumps
from rag.layout import sanitise
from rag.lines import alone, append, delete, make_folder, replace, told
from rag.packing import UNREADABLE

VERSION = 1  # of a line; one of a later version is passed over
NOTE = 2_000  # characters of a note that are kept

_FILE = "feedback.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a reader thought of one answer."""

    when: datetime  # UTC
    conversation_id: str
    turn: int  # its place in the conversation, from 0
    question: str
    answer_text: str
    answerer: str
    liked: bool
    note: str = ""  # at most NOTE characters
    article_ids: tuple[str, ...] = ()  # cited, in order of first use


class Feedback:
    """The opinions of one data folder. Makes nothing on disk before the first `add`.

    Several processes may use one folder at a time. What the disk refuses is a `StoreError`.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / _FILE

    def add(self, opinion: Opinion) -> None:
        """Keep one more opinion, on disk when this returns; an earlier one on the turn stays.

        The note loses its control characters, and what is beyond `NOTE` characters.
        """
        plain: JSONObject = asdict(opinion)
        plain["when"] = opinion.when.astimezone(UTC)
        plain["note"] = sanitise(opinion.note).strip()[:NOTE].rstrip()
        head: JSONObject = {"version": VERSION}
        with told(self.path, "written"):
            make_folder(self.path.parent)
            append(self.path, dumps(head | plain).encode() + b"\n")

    def read(self) -> Iterator[Opinion]:
        """Every opinion in the order they were given; lines that cannot be read are left out."""
        with told(self.path, "read"):
            try:
                data = self.path.read_bytes()
            except FileNotFoundError:
                return
        for line in data.split(b"\n"):
            opinion = _opinion(line)
            if opinion is not None:
                yield opinion

    def forget(self, conversation_id: str) -> None:
        """Drop the opinions on a conversation: they repeat what was asked and answered in it."""
        with told(self.path, "written"), suppress(FileNotFoundError), alone(self.path):
            lines = self.path.read_bytes().splitlines(keepends=True)
            left = [line for line in lines if not _is_about(conversation_id, line)]
            if len(left) < len(lines):
                replace(self.path, b"".join(left))

    def forget_all(self) -> None:
        """Drop every opinion."""
        with told(self.path, "deleted"):
            delete(self.path)

    def latest(self, conversation_id: str) -> dict[int, Opinion]:
        """The last opinion on each turn of a conversation, by the turn.

        A turn that was asked again since has another answer than the opinion's `answer_text`.
        """
        return {o.turn: o for o in self.read() if o.conversation_id == conversation_id}


_KINDS: dict[str, type] = {
    "conversation_id": str,
    "turn": int,
    "question": str,
    "answer_text": str,
    "answerer": str,
    "liked": bool,
    "note": str,
}


def _is_about(conversation_id: str, line: bytes) -> bool:
    opinion = _opinion(line)
    return opinion is not None and opinion.conversation_id == conversation_id


def _opinion(line: bytes) -> Opinion | None:
    """The opinion that a line holds; None when it is torn, altered or of a later version."""
    try:
        plain: dict[str, Any] = json.loads(line.decode())
        when = datetime.fromisoformat(plain["when"])
        ids = plain["article_ids"]
        if type(plain["version"]) is not int or plain["version"] != VERSION or when.tzinfo is None:
            return None
        if any(type(plain[name]) is not kind for name, kind in _KINDS.items()):
            return None
        if type(ids) is not list or any(type(article_id) is not str for article_id in ids):
            return None
        known = {field.name: plain[field.name] for field in fields(Opinion)}
        return Opinion(**known | {"when": when.astimezone(UTC), "article_ids": tuple(ids)})
    except UNREADABLE:
        return None

"""What came of one reply of a model so far, and whether it says enough or too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from rag.answer.model.loops import Loops
from rag.answer.model.thought import Opening, Piece, Thought


class Heard:
    """One reply as it comes; gives out what may be shown of it, up to a loop or a limit."""

    def __init__(self, max_bytes: int) -> None:
        self.thought = False
        self.anything = False  # any word that was no thought
        self.over: Literal["too_long", "repeated"] | None = None
        self._left = max_bytes
        self._opening, self._loops = Opening(), Loops()

    def feed(self, text: str, *, thought: str = "") -> Iterator[Thought | Piece]:
        """What may be given out now that this much more has come."""
        if thought:
            self.thought = True
            yield Thought(thought)
        yield from self._told(self._opening.feed(text))

    def close(self) -> Iterator[Thought | Piece]:
        """What was held back, at the end."""
        if self.over is None:
            yield from self._told(self._opening.close())
        if self.over != "repeated":
            yield from _pieces(self._loops.close())
            if self._loops.looping:
                self.over = "repeated"

    def _told(self, parts: Iterable[Thought | Piece]) -> Iterator[Thought | Piece]:
        for part in parts:
            if isinstance(part, Thought):
                self.thought = True
                yield part
                continue
            text = _fitting(part.text, self._left)
            self._left -= len(text.encode())
            self.anything = self.anything or bool(text.strip())
            yield from _pieces(self._loops.feed(text))
            if self._loops.looping:
                self.over = "repeated"
            elif len(text) < len(part.text):
                self.over = "too_long"


def _pieces(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(text)


def _fitting(text: str, max_bytes: int) -> str:
    """The beginning of `text` that takes no more than `max_bytes` of UTF-8."""
    return text.encode()[:max_bytes].decode(errors="ignore")

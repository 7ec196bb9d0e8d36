"""Tell what a model thinks from what it says, where it writes both into its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_TAGS = ("<think>", "<thinking>", "<thought>")


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thinks before it answers; no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of what a model says."""

    text: str


class Opening:
    """The text of one reply as it comes, its thought told from its words.

    Only at the very beginning: `<think>...</think>` later on is text. White space before the
    first word is left out.
    """

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""  # what ends the thought that is open; "": none is
        self._past = False

    def feed(self, text: str) -> Iterator[Thought | Piece]:
        """What is known of the text now that this much more has come."""
        if self._past:
            if text:
                yield Piece(text)
            return
        self._held += text
        while self._held:
            if self._closing:
                thought, closed, rest = self._held.partition(self._closing)
                if not closed:
                    kept = _overlap(self._held, self._closing)
                    thought, rest = self._held[: len(self._held) - kept], self._held[-kept:]
                    rest = rest if kept else ""
                self._held = rest
                if thought:
                    yield Thought(thought)
                if not closed:
                    return
                self._closing = ""
            self._held = self._held.lstrip()
            begin = self._held[: max(map(len, _TAGS))].lower()
            tag = next((tag for tag in _TAGS if begin.startswith(tag)), None)
            if tag is not None:
                self._closing = f"</{tag[1:]}"
                self._held = self._held[len(tag) :]
            elif any(tag.startswith(begin) for tag in _TAGS):
                return  # it may become one, or nothing has come yet
            else:
                self._past = True
                yield Piece(self._held)
                return

    def close(self) -> Iterator[Thought | Piece]:
        """What was held back at the end of the text: thought, if a thought is still open."""
        if not self._past and self._held:
            yield Thought(self._held) if self._closing else Piece(self._held)
        self._held = ""


def _overlap(text: str, closing: str) -> int:
    """How many letters at the end of `text` may be the beginning of `closing`."""
    for length in range(min(len(text), len(closing) - 1), 0, -1):
        if closing.startswith(text[-length:]):
            return length
    return 0

"""A model's text taken apart, as it streams in, into plain text and source marks.

Knows which passages there are, not what they say. Accepts the forms that local models write
for "[1a]": [1], [1, 2b], [1][2], [[1]], 【1】, ［1］, [1-3], [1a-c], [Source 1], [^1], `[1]`,
**[1]**, \\[1\\], [(1a)], [1-a], [article 1, sentence a], [1a: Some Paper]; and, where what they
name is there, (1a), (Source: 1a), ([1a]), {1a}, <1a> and "word¹". What else stands in brackets
is text.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from rag.answer.model.mark_forms import (
    SUPERSCRIPTS,
    accepted,
    letter_of,
    loose,
    one,
    one_begun,
    position,
    row,
    row_begun,
    superscript,
)

__all__ = ["REACH", "Mark", "Marks", "letter_of", "position"]

# The longest mark, brackets and wrapping included: what is held back of the stream at most.
REACH = 40
_LINK_REACH = 500  # of a link that goes away, when nothing closes it
_TAIL = 16  # characters before a mark that are looked at

_URL = re.compile(r"<?(?:[a-z][a-z0-9+.-]*:|//|/|#|www\.|\.\.?/)", re.IGNORECASE)
_SPECIAL = re.compile(rf"[\[【［\\*_`({{<{SUPERSCRIPTS}]")
_WRAP = re.compile(r"\*{1,3}|_{1,3}|`{1,3}")
# At the end of a reply, what a bracket begun must have; "[1 a" may go on as words.
_READS = re.compile(r"[0-9](?!\s+[^\W\d_]{1,2}\Z)", re.IGNORECASE)
_OPENERS = "[【［\\({<"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Sources that the model named at this place; only such as there are."""

    refs: tuple[tuple[int, str | None], ...]  # (passage number, letter of its sentence)


class Marks:
    """A parser that is fed a stream piece by piece; the pieces' sizes change nothing.

    `sizes` maps a passage's number to how many sentences of it were shown. An unknown number
    is taken out and counted in `dropped`, one of 100 or more that stands without a known one
    is text ("[2024]"). A letter beyond a passage's last sentence counts as the whole passage:
    the passage was named, and which of its sentences says it is looked for anyway. Takes
    time linear in the length of the stream and holds back at most `REACH` characters.
    """

    def __init__(self, sizes: Mapping[int, int]) -> None:
        self._sizes = dict(sizes)
        self._held = ""
        self._tail = ""  # of what came before that
        self._after = False  # a mark has just ended; a link may hang on it
        self._link: _Link | None = None
        self.dropped = 0  # unknown sources so far
        self._one, self._one_begun = one(), one_begun()  # made now, not at the first word
        # Seldom needed, so made while the model thinks about its first word.
        threading.Thread(target=lambda: (row(), row_begun()), daemon=True).start()

    def feed(self, text: str) -> list[str | Mark]:
        """What the stream holds so far beyond what was given out, without a bracket begun."""
        return self._read(self._held + text, final=False)

    def close(self) -> list[str | Mark]:
        """The rest; an unfinished bracket that reads as a mark is one, as "[1" at a cut."""
        return self._read(self._held, final=True)

    def _read(self, text: str, *, final: bool) -> list[str | Mark]:
        found: list[str | Mark] = []
        at = 0
        while at < len(text):
            if self._link is not None:
                at = self._link.swallow(text, at, final=final)
                if not self._link.open:
                    self._link = None
                    continue
                break
            if self._after and text[at] == "(":
                linked = self._linked(text, at, found, final=final)
                if linked is None:
                    break
                at = linked
                continue
            self._after = False
            special = _SPECIAL.search(text, at)
            if special is None:
                found.append(text[at:])
                at = len(text)
                break
            if special.start() > at:
                found.append(text[at : special.start()])
                at = special.start()
            step = self._step(text, at, final=final)
            if step is None:
                break
            length, marks = step
            if marks is None:
                found.append(text[at : at + length])
            else:
                found += marks
                self._after = True
            at += length
        self._held, self._tail = text[at:], self._before(text, at)
        return _joined(found)

    def _before(self, text: str, at: int) -> str:
        """The last of the stream before `at`."""
        return (self._tail + text[max(0, at - _TAIL) : at])[-_TAIL:]

    def _linked(self, text: str, at: int, found: list[str | Mark], *, final: bool) -> int | None:
        """Where to go on behind a "(" that follows a mark; None when too little is there.

        It begins a link of the mark's, which goes away, the next mark or text.
        """
        step = self._step(text, at, final=final)
        if step is None:
            return None
        if step[1] is not None:
            found += step[1]
            return at + step[0]
        end = _link_end(text, at, final=final)
        if end is None:
            return None
        self._after = False
        if end < 0:
            self._link = _Link()
            return at + 1
        if end == at:
            found.append("(")
            return at + 1
        return end

    def _step(self, text: str, at: int, *, final: bool) -> tuple[int, list[Mark] | None] | None:
        """How far the next thing reaches and its marks, None for text; None: wait for more."""
        window = text[at : at + REACH]
        before = self._before(text, at)
        waits = not final and len(window) < REACH
        wrap = _WRAP.match(window)
        if wrap is not None:
            return self._wrapped(window, wrap.group(), before, waits=waits)
        if window[0] in SUPERSCRIPTS:
            small = superscript(window, before, self._sizes, waits=waits)
            if small is None:
                return 1, None
            return (small[0], [Mark(refs=tuple(dict.fromkeys(small[1])))]) if small[0] else None
        if match := self._one.match(window):
            marks = self._marks(match.group(), before)
            return (1, None) if marks is None else (match.end(), marks)
        if waits and self._one_begun.fullmatch(window):
            return None
        if final and _READS.search(window) and self._one_begun.fullmatch(window):
            marks = self._marks(window, before)
            return (1, None) if marks is None else (len(window), marks)
        return self._loose(window, waits=waits)

    def _loose(self, window: str, *, waits: bool) -> tuple[int, list[Mark] | None] | None:
        found = loose(window, self._sizes, waits=waits)
        if found is None:
            return 1, None
        end, named = found
        return (end, [Mark(refs=named.refs)]) if end else None

    def _wrapped(
        self, window: str, wrap: str, before: str, *, waits: bool
    ) -> tuple[int, list[Mark] | None] | None:
        rest = window[len(wrap) :]
        if waits and not rest:
            return None
        if not rest or rest[0] not in _OPENERS:
            return 1, None
        several = row().match(rest)
        if several is not None and rest.startswith(wrap, several.end()):
            dropped, marks = self.dropped, self._marks(several.group(), before)
            if marks is not None:
                return len(wrap) + several.end() + len(wrap), marks
            self.dropped = dropped
            return 1, None
        if waits:
            tail = rest[several.end() :] if several is not None else None
            if (tail is not None and wrap.startswith(tail)) or row_begun().fullmatch(rest):
                return None
        return 1, None

    def _marks(self, text: str, before: str) -> list[Mark] | None:
        """The marks of some brackets, with known sources only; None when they are text."""
        marks: list[Mark] = []
        unknown = 0
        for bracket in [m.group() for m in self._one.finditer(text)] or [text]:
            named = accepted(bracket, before, self._sizes)
            if named is None:
                return None
            unknown += len(named.unknown) if named.refs or named.unknown else 1
            if named.refs:
                marks.append(Mark(refs=named.refs))
        self.dropped += unknown
        return marks


class _Link:
    """The rest of a link behind a mark, which goes away: up to its ")", or where it breaks off."""

    def __init__(self) -> None:
        self.open = True
        self._depth = 1
        self._left = _LINK_REACH
        self._titled = False

    def swallow(self, text: str, at: int, *, final: bool) -> int:
        """Where the text goes on; stops at a space whose next character is not there yet."""
        while at < len(text):
            char = text[at]
            if char == "\n" or not self._left:
                self.open = False
                return at
            if char.isspace() and not self._titled:
                if at + 1 == len(text) and not final:
                    return at
                if text[at + 1 : at + 2] not in ('"', "'"):
                    self.open = False
                    return at
                self._titled = True
            self._depth += (char == "(") - (char == ")")
            self._left -= 1
            at += 1
            if not self._depth:
                self.open = False
                return at
        return at


def _link_end(text: str, at: int, *, final: bool) -> int | None:
    """The end of a short link that begins at "("; `at` for none, -1 for one that goes on.

    None: too little of it is there.
    """
    window = text[at + 1 : at + REACH]
    stop = re.search(r"[\s()]", window)
    if stop is not None and stop.group() == ")":
        return at + 1 + stop.end()
    if _URL.match(window) or (stop is None and len(window) == REACH - 1):
        return -1
    if stop is None and not final and len(window) < REACH - 1:
        return None
    return at


def _joined(found: list[str | Mark]) -> list[str | Mark]:
    """The same with neighbouring text in one piece."""
    joined: list[str | Mark] = []
    run: list[str] = []
    for piece in found:
        if isinstance(piece, str):
            run.append(piece)
            continue
        if run:
            joined.append("".join(run))
            run = []
        joined.append(piece)
    if run:
        joined.append("".join(run))
    return joined

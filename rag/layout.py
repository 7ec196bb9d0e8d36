"""Untrusted text made safe for a terminal, and laid out in lines. Knows nothing of records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.text.plain import visible

# A control sequence with what it carries: CSI, the strings (OSC, DCS, SOS, PM, APC) up to
# their end, any other escape. Seven- and eight-bit forms; ECMA-48. A string stops at the next
# introducer, so that a run of them is not read again and again.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_BLANKS = re.compile(r"[\t\v\f\r\x1c-\x1f]")
_BREAKS = re.compile("\r\n|[\x85\u2028\u2029]")
_LINE_ENDS = re.compile(r"\n[ \n]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

BOLD, DIM, UNDERLINED = "1", "2", "1;4"  # what is underlined is bold too
_PROSE = 100  # columns; longer lines are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the lines are for: a terminal so many columns wide, or a pipe (no width)."""

    width: int | None = None  # None: lines are never wrapped or cut
    colour: bool = False


PIPE = Screen()


def sanitise(text: str) -> str:
    """`text` with nothing in it that a terminal obeys or that a reader cannot see.

    Control sequences go with all they carry (an OSC-8 link leaves its label), line ends
    become "\\n", tabs a space, lone surrogates U+FFFD. Doing it twice changes nothing.

    >>> sanitise("\\x1b[31mred\\x1b[0m \\x1b]8;;http://x\\x07link\\x1b]8;;\\x07")
    'red link'
    """
    text = _SURROGATE.sub("\ufffd", _SEQUENCE.sub("", text))
    return visible(_BLANKS.sub(" ", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """`sanitise(text)` on a single line, without blanks at its ends."""
    return _LINE_ENDS.sub(" ", sanitise(text)).strip()


def sentence(message: str, hint: str) -> str:
    """`message` and `hint` on one line, with a full stop between them when both are there."""
    message, hint = one_line(message), one_line(hint)
    if hint and message and message[-1] not in ".!?":
        message += "."
    return f"{message} {hint}".strip()


def flow(
    runs: Sequence[tuple[str, str]], screen: Screen, *, indent: str = "", hanging: str = ""
) -> list[str]:
    """Runs of (text, style), sanitised, as lines that fit the screen; one when it has no width.

    A word longer than a line stays whole, so that an address can be copied. `hanging` indents
    every line but the first.
    """
    safe = [(_LINE_ENDS.sub(" ", sanitise(text)), style) for text, style in runs]
    if screen.width is None:
        return [(indent + "".join(text for text, _ in safe)).rstrip()]
    words: list[list[tuple[str, str]]] = [[]]
    for text, style in safe:
        for chunk in re.findall(r" +|[^ ]+", text):
            if chunk[0] == " ":
                words.append([])
            else:
                words[-1].append((chunk, style))
    room = min(screen.width, _PROSE) - len(indent)
    lines: list[list[list[tuple[str, str]]]] = [[]]
    used = 0
    for word in filter(None, words):
        size = sum(columns(chunk) for chunk, _ in word)
        if lines[-1] and used + 1 + size > room:
            lines.append([])
            used = len(hanging)
        used += size + bool(lines[-1])
        lines[-1].append(word)
    return [
        (indent + hanging * bool(number) + _inked(line, screen)) if line else ""
        for number, line in enumerate(lines)
    ]


def _inked(words: Sequence[Sequence[tuple[str, str]]], screen: Screen) -> str:
    """One line of words, each stretch of one style switched on and off once."""
    pieces: list[tuple[str, str]] = []
    for word in words:
        if pieces:
            same = pieces[-1][1] == word[0][1]
            pieces.append((" ", word[0][1] if same else ""))
        pieces += word
    return "".join(
        styled("".join(text for text, _ in group), style, screen)
        for style, group in groupby(pieces, key=lambda piece: piece[1])
    )


class Stream:
    """Text that comes piece by piece, sanitised and broken into lines where the screen ends.

    A word whose end has not come yet is shown all the same, so the last word of a line may
    reach over its end.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._room = None if screen.width is None else min(screen.width, _PROSE)
        self._column = 0
        self._gap = ""  # blanks that are shown only if a word follows on the same line
        self._inside = False  # a word

    def feed(self, text: str, style: str = "") -> str:
        """What to print for this piece, its words in a style."""
        safe = sanitise(text)
        if self._room is None:
            return styled(safe, style, self._screen)
        out = ""
        for chunk in re.findall(r"\n| +|[^ \n]+", safe):
            if chunk == "\n":
                out, self._column, self._gap, self._inside = out + chunk, 0, "", False
            elif chunk[0] == " ":
                self._gap, self._inside = chunk, False
            else:
                size = columns(chunk)
                if not self._inside and self._column + len(self._gap) + size > self._room:
                    out, self._column, self._gap = out + "\n" * bool(self._column), 0, ""
                out += self._gap + styled(chunk, style, self._screen)
                self._column += len(self._gap) + size
                self._gap, self._inside = "", True
        return out


def styled(text: str, style: str, screen: Screen) -> str:
    """`text`, which must be safe already, bold or dim where the screen has colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if screen.colour and style and text else text


def fitted(text: str, width: int) -> str:
    """`text` in exactly `width` columns: padded, or cut with an ellipsis.

    >>> fitted("Ibu kota", 5)
    'Ibu …'
    """
    if columns(text) > width:
        kept = 0
        for at, char in enumerate(text):
            kept += columns(char)
            if kept >= width:
                text = text[:at] + "…"
                break
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    """How many columns a terminal gives `text`: East Asian wide two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )

"""A model's text taken apart, as it streams in, into plain text and source marks.

Knows which passages there are, not what they say. Accepts the forms that local models write
for "[1a]": [1], [1, 2b], [1][2], [[1]], 【1】, ［1］, [1-3], [1a-c], [Source 1], [^1], `[1]`,
**[1]**, \\[1\\]. What else stands in brackets is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.text.language import word_set

# The longest mark, brackets and wrapping included: what is held back of the stream at most.
REACH = 40
_LINK_REACH = 500  # of a link that goes away, when nothing closes it

# What models write before the number. "label" is the word that the prompt's example has.
_WORDS = word_set(
    "source sources sumber passage passages ref refs reference references referensi article "
    "articles artikel cite citation citations kutipan label labels sentence sentences kalimat "
    "bagian doc document dokumen id"
)

_URL = re.compile(r"<?(?:[a-z][a-z0-9+.-]*:|//|/|#|www\.|\.\.?/)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\[【［\\*_`]")
_WRAP = re.compile(r"\*{1,3}|_{1,3}|`{1,3}")
_PART = re.compile(
    r"(?P<number>[0-9]+)(?:[ \t\xa0]?(?P<letters>[a-z]{1,2})(?![a-z]))?"
    r"|(?<![a-z])(?P<letter>[a-z])(?![a-z])"
    r"|(?P<to>[-‐‑–—−])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Sources that the model named at this place; only such as there are."""

    refs: tuple[tuple[int, str | None], ...]  # (passage number, letter of its sentence)


def _grammar() -> tuple[str, str]:
    """Two patterns: of one mark, and of several in a row, maybe with a comma between them.

    ``<x>`` stands for one character that matches ``x``: see `_pattern` and `_beginning`.
    """
    spaces = r"<[ \t\xa0]>{0,3}"
    word = "|".join("".join(f"<{c}>" for c in w) for w in sorted(_WORDS))
    word = rf"(?:(?:{word})<[ .:#\t\xa0]>{{0,3}})?"
    item = rf"{word}(?:<\^>|<\#>)?<[0-9]>{{1,4}}(?:<[ \t\xa0]>?<[a-z]>{{1,2}}(?![a-z]))?"
    joint = rf"{spaces}(?:<[,;&‐‑–—−-]>|<a><n><d>|<d><a><n>){spaces}"
    more = rf"(?:{item}|<[a-z]>(?![a-z]))"
    end = rf"{spaces}(?:<[,;.:]>{spaces})?"
    body = rf"{spaces}{item}(?:{joint}{more})*{end}"
    # OpenAI's models close theirs with a dagger: 【1†source】.
    body = rf"(?:{spaces}<l><a><b><e><l><s>?{spaces}|{body}(?:<†><[^\[\]【】［］\n]>{{0,20}})?)"
    inner = rf"<\\>?<\]>{spaces}<[,;]>?{spaces}<\\>?<\[>"
    square = rf"<\\>?<\[>{body}<\\>?<\]>"
    double = rf"<\\>?<\[><\\>?<\[>{body}(?:{inner}{body})*<\\>?<\]><\\>?<\]>"
    one = rf"(?:{double}|{square}|<【><【>{body}<】><】>|<【>{body}<】>|<［>{body}<］>)"
    return one, rf"{one}(?:{spaces}<[,;]>?{spaces}{one})*"


def _pattern(grammar: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<([^<>]+)>", r"(?:\1)", grammar), re.IGNORECASE)


def _beginning(grammar: str) -> re.Pattern[str]:
    """Matches, as a whole, what can still become a match of the grammar when more follows.

    Every character may be the end of the text instead, and all after it as well.
    """
    return re.compile(re.sub(r"<([^<>]+)>", r"(?:\1|\\Z)", grammar), re.IGNORECASE)


_ONE, _ROW = map(_pattern, _grammar())
_ONE_BEGUN, _ROW_BEGUN = map(_beginning, _grammar())


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
        self._after = False  # a mark has just ended; a link may hang on it
        self._link: _Link | None = None
        self.dropped = 0  # unknown sources so far

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
                end = _link_end(text, at, final=final)
                if end is None:
                    break
                self._after = False
                if end < 0:
                    self._link, at = _Link(), at + 1
                elif end > at:
                    at = end
                else:
                    found.append("(")
                    at += 1
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
            step = self._step(text[at : at + REACH], final=final)
            if step is None:
                break
            length, marks = step
            if marks is None:
                found.append(text[at : at + length])
            else:
                found += marks
                self._after = True
            at += length
        self._held = text[at:]
        return _joined(found)

    def _step(self, window: str, *, final: bool) -> tuple[int, list[Mark] | None] | None:
        """How far the next thing reaches and its marks, None for text; None: wait for more."""
        waits = not final and len(window) < REACH
        wrap = _WRAP.match(window)
        if wrap is not None:
            return self._wrapped(window, wrap.group(), waits=waits)
        if match := _ONE.match(window):
            marks = self._marks(match.group())
            return (1, None) if marks is None else (match.end(), marks)
        if waits and _ONE_BEGUN.fullmatch(window):
            return None
        if final and re.search("[0-9]", window) and _ONE_BEGUN.fullmatch(window):
            marks = self._marks(window)
            return (1, None) if marks is None else (len(window), marks)
        return 1, None

    def _wrapped(
        self, window: str, wrap: str, *, waits: bool
    ) -> tuple[int, list[Mark] | None] | None:
        rest = window[len(wrap) :]
        if waits and not rest:
            return None
        if not rest or rest[0] not in "[【［\\":
            return 1, None
        row = _ROW.match(rest)
        if row is not None and rest.startswith(wrap, row.end()):
            dropped, marks = self.dropped, self._marks(row.group())
            if marks is not None:
                return len(wrap) + row.end() + len(wrap), marks
            self.dropped = dropped
            return 1, None
        if waits:
            tail = rest[row.end() :] if row is not None else None
            if (tail is not None and wrap.startswith(tail)) or _ROW_BEGUN.fullmatch(rest):
                return None
        return 1, None

    def _marks(self, text: str) -> list[Mark] | None:
        """The marks of some brackets, with known sources only; None when they are text."""
        marks: list[Mark] = []
        unknown = 0
        text = text.casefold()
        for bracket in [m.group() for m in _ONE.finditer(text)] or [text]:
            named = self._refs(bracket.partition("†")[0])
            if named is None:
                return None
            refs, missing = named
            if not refs and any(number >= 100 for number in missing):
                return None
            unknown += len(missing) if refs or missing else 1
            if refs:
                marks.append(Mark(refs=tuple(dict.fromkeys(refs))))
        self.dropped += unknown
        return marks

    def _refs(self, text: str) -> tuple[list[tuple[int, str | None]], list[int]] | None:
        """The sources that a bracket names, and the numbers of those that are unknown.

        None for "[2nd]" and "[8am]": few passages have more than 26 sentences.
        """
        refs: list[tuple[int, str | None]] = []
        unknown: list[int] = []
        number, letters, to = 0, "", False
        for part in _PART.finditer(text):
            if part["to"]:
                to = True
                continue
            before, begun = number, letters
            if part["letter"]:
                letters = part["letter"]
            else:
                number, letters = int(part["number"]), part["letters"] or ""
            if to and begun and letters and number == before:
                first, last = position(begun) + 1, position(letters)
                for place in range(first, min(last, self._sizes.get(number, 0))):
                    refs.append((number, letter_of(place)))
            elif to:
                refs += [(n, None) for n in sorted(self._sizes) if before < n < number]
            to = False
            if len(letters) > 1 and position(letters) >= self._sizes.get(number, 0):
                return None
            if number not in self._sizes:
                unknown.append(number)
            elif letters and position(letters) < self._sizes[number]:
                refs.append((number, letters))
            else:
                refs.append((number, None))
        return refs, unknown


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


def letter_of(place: int) -> str:
    """The letter of the sentence at a place from 0: a, b, ... z, aa, ab, ...

    >>> [letter_of(place) for place in (0, 1, 25, 26, 27, 702)]
    ['a', 'b', 'z', 'aa', 'ab', 'aaa']
    """
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def position(letters: str) -> int:
    """The place from 0 of the sentence with these letters: the inverse of `letter_of`.

    >>> [position(letters) for letters in ("a", "z", "aa")]
    [0, 25, 26]
    """
    place = 0
    for char in letters:
        place = place * 26 + ord(char) - ord("a") + 1
    return place - 1

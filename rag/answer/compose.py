"""A model's words, as they come, into sentences with their evidence.

The text only ever grows: a sentence is shown word by word, and when its end is sure its
marks follow, whatever marks the model set and wherever it set them. Whether it is backed is
asked of `attribute`, once per sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.attribute import support
from rag.answer.cite import Citing
from rag.answer.evidence import Sentence
from rag.answer.marks import Mark, Marks
from rag.answer.prompt import Shown
from rag.schema import Statement
from rag.text import sentences
from rag.text.plain import visible

# What may tell that a sentence has ended: a look at all of it is dear, and rarely needed.
_MAY_END = re.compile(r"[.!?…。！？।:]\W*\s|\n")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+")
_CLOSING = re.compile(r"[.,;:!?…)\]}”’»]")
_DONE = re.compile(r"[.!?…。！？।:][\"'”’»)\]]*\s*\Z")
# A quotation is kept with its speaker until it is closed, but not for ever.
_LONGEST_QUOTATION = 400
_LONGEST = 2_000  # characters of a sentence without an end

_CUT = {"en": "cut off", "id": "terpotong"}


class Composer:
    """What a model writes, made into statements of a `Citing` as it comes."""

    def __init__(
        self, shown: Sequence[Shown], *, citing: Citing, language: str, question: str
    ) -> None:
        self.citing = citing
        self.moved = 0  # statements whose marks pointed to another passage than their evidence
        self.lost = 0  # statements that nothing backs
        self.backed = 0  # statements that something does
        self._shown = {s.number: s for s in shown}
        self._all = [sentence for s in shown for sentence in s.sentences]
        self._marks = Marks({s.number: len(s.sentences) for s in shown})
        self._language = language
        self._question = question
        self._parts: list[str | Statement] = []  # to be shown next
        self._buffer = ""  # since the end of the last sentence that is done, without marks
        self._told = 0  # how much of it is shown
        self._refs: list[tuple[int, list[Sentence]]] = []  # where in the buffer, what it points to
        self._after_mark = False
        self._star = ""
        self._cut_inside = False  # whether a sentence without an end says so itself
        self._leading: bool | None = None  # whether marks stand before their sentence

    @property
    def dropped(self) -> int:
        """Marks so far that point to no passage of the prompt."""
        return self._marks.dropped

    def feed(self, text: str) -> list[str | Statement]:
        """What may be shown after this further piece of the model's text.

        A statement comes right after the last of its own text.
        """
        self._take(self._marks.feed(text))
        return self._shown_now()

    def close(self, *, cut: bool = False) -> list[str | Statement]:
        """What is left to show; with `cut`, the reader is told that more was to come."""
        self._take(self._marks.close())
        while self._buffer.strip():
            end = self._first_end(last=True)
            self._finish(len(self._buffer.rstrip()) if end is None else end, cut=cut)
        if cut and self.citing.statements and not self._cut_inside:
            self._say(f" … ({self._words_cut})")
        return self._shown_now()

    def _shown_now(self) -> list[str | Statement]:
        parts, self._parts = self._parts, []
        return parts

    def _say(self, text: str) -> None:
        """Add to the answer's text, and to what is shown next."""
        self.citing.say(text)
        self._part(text)

    def _part(self, text: str) -> None:
        if text and self._parts and isinstance(self._parts[-1], str):
            self._parts[-1] += text
        elif text:
            self._parts.append(text)

    def _take(self, pieces: Sequence[str | Mark]) -> None:
        for piece in pieces:
            if isinstance(piece, Mark):
                self._mark(piece)
                continue
            self._text(visible(piece.replace("\r", "").replace("\t", " ")))

    def _mark(self, mark: Mark) -> None:
        found: list[Sentence] = []
        for number, letter in mark.refs:
            of = self._shown[number].sentences
            at = _place(letter)
            found += [of[at]] if at is not None and at < len(of) else of
        if self._leading is None:
            self._leading = not self._buffer.strip()
        self._refs.append((len(self._buffer), found))
        self._after_mark = True

    def _text(self, text: str) -> None:
        text, self._star = self._star + text, ""
        if text.endswith("*") and not text.endswith("**"):
            text, self._star = text[:-1], "*"  # perhaps half of a mark for bold
        text = text.replace("**", "")
        if not self.citing.text and not self._buffer:
            text = text.lstrip()
        if not text:
            return
        if self._leading is None and text.strip():
            self._leading = bool(self._refs)
        if self._after_mark:
            if _CLOSING.match(text):
                self._buffer = self._buffer[: max(self._told, len(self._buffer.rstrip()))]
            elif self._buffer and not self._buffer[-1].isspace() and not text[0].isspace():
                self._buffer += " "
            elif self._buffer[-1:].isspace() and not text.startswith("\n"):
                text = text.lstrip(" ")
            self._after_mark = not text
        self._buffer += text
        while (end := self._first_end()) is not None:
            self._finish(end)
        self._show(len(self._buffer.rstrip()))

    def _first_end(self, *, last: bool = False) -> int | None:
        """Where the first sentence of the buffer ends, if that is sure by now."""
        if not last and not _MAY_END.search(self._buffer) and len(self._buffer) < _LONGEST:
            return None
        spans = sentences.spans(self._buffer)
        for number, span in enumerate(spans):
            if span.end < len(self._buffer[: self._told].rstrip()):
                continue  # shown already as if it went on
            text = self._buffer[: span.end]
            on_line = "\n" not in self._buffer[span.end :].lstrip(" ")[:1]
            if number + 1 == len(spans):
                newline = "\n" in self._buffer[span.end :]
                return span.end if last or newline or span.end >= _LONGEST else None
            if not last and on_line and span.end < _LONGEST_QUOTATION and _open(text):
                continue
            if _BULLET.fullmatch(text + " "):
                continue  # the number of an item, not a sentence
            return span.end
        return None

    def _finish(self, end: int, *, cut: bool = False) -> None:
        """Close the sentence that ends at `end` of the buffer, and show what that adds."""
        words, rest = self._buffer[:end], self._buffer[end:].lstrip()
        gap = self._buffer[end : len(self._buffer) - len(rest)]
        self._show(end)
        body = words.lstrip()
        start = len(self.citing.text) - len(body)
        cut = cut and not rest and not _DONE.search(body)
        if cut:
            self._cut_inside = True
            self._say(f" … ({self._words_cut})")
        # A mark in the gap belongs to the sentence before it, unless this model sets its marks
        # in front.
        reach = end - 1 if self._leading else end + len(gap)
        cited = [sentence for at, found in self._refs if at <= reach for sentence in found]
        begun = end + len(gap)
        self._refs = [(max(0, at - begun), found) for at, found in self._refs if at > reach]
        bullet = _BULLET.match(body)
        self._judge(body[bullet.end() :] if bullet else body, start, cited)
        self._buffer, self._told = rest, 0
        if rest or "\n" in gap:
            self._say("\n" * min(2, gap.count("\n")) or " ")

    def _judge(self, text: str, start: int, cited: Sequence[Sentence]) -> None:
        """Give the sentence `text`, which begins at `start`, its marks and its verdict."""
        found = support(
            text,
            cited=list(dict.fromkeys(cited)),
            shown=self._all,
            language=self._language,
            question=self._question,
        )
        if found is None:
            self._part(self.citing.end(start, (), verdict="unchecked"))
        else:
            if found.check.verdict in ("not_found", "conflict"):
                self.lost += 1
            else:
                self.backed += 1
            self.moved += bool(cited) and found.moved
            marks = self.citing.end(
                start,
                found.evidence,
                verdict=found.check.verdict,
                reasons=found.check.reasons,
            )
            self._part(marks)
        self._parts.append(self.citing.statements[-1])

    @property
    def _words_cut(self) -> str:
        return _CUT.get(self._language, _CUT["en"])

    def _show(self, end: int) -> None:
        """Show what of the buffer up to `end` is not shown yet."""
        if end > self._told:
            text = self._buffer[self._told : end]
            self._say(text if self._told else text.lstrip())
            self._told = end


def _open(text: str) -> bool:
    """Whether a quotation is begun in `text` and not closed."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _place(letter: str | None) -> int | None:
    """The place of a sentence in its passage: a is 0, z is 25, aa is 26.

    >>> _place("a"), _place("aa"), _place(None)
    (0, 26, None)
    """
    if letter is None:
        return None
    place = 0
    for char in letter:
        place = place * 26 + ord(char) - ord("a") + 1
    return place - 1

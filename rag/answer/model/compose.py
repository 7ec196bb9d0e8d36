"""A model's words, as they come, into sentences with their evidence.

The text only ever grows: a sentence is shown word by word, and when its end is sure its
marks follow, whatever marks the model set and wherever it set them. Whether it is backed is
asked of `attribute`, once per sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.check.attribute import support
from rag.answer.cite import Citing
from rag.answer.evidence import Sentence
from rag.answer.model.marks import Mark, Marks
from rag.answer.model.prompt import Shown
from rag.answer.orders import ordering
from rag.schema import Statement
from rag.text import sentences
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS
from rag.text.plain import visible

# What may tell that a sentence has ended: a look at all of it is dear, and rarely needed.
_MAY_END = re.compile(r"[.!?…。！？।:]\W*\s|\n")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+")
_CLOSING = re.compile(r"[.,;:!?…)\]}”’»]")
# A full stop and a word that is not over: what the word is decides whether it was an end. A
# capital may follow without the space.
_PENDING = re.compile(r"[.!?…。！？।:][\"'”’»)\]]*(\s+\S*|(?=[A-Z])\S{1,40})\Z")
_WORD = re.compile(r"\s*([^\W\d_]+)\s")
_QUESTION = re.compile(
    r"\W*(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|apakah|apa|siapa|kapan|mengapa|kenapa|bagaimana|berapa|adakah"
    r"|di\s*mana|ke\s*mana|dari\s*mana|benarkah|bisakah)\b[^.!?…]*\?\W*",
    re.IGNORECASE,
)
_WHOLE_WORD = re.compile(r"\s*\S+\s")
_FUNCTION_WORDS = ENGLISH_WORDS | INDONESIAN_WORDS
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
        self.adrift = 0  # of them, those in a row up to now
        self.backed = 0  # statements that something does
        self._shown = {s.number: s for s in shown}
        # A sentence that tells the model what to say proves nothing of what it then says.
        self._ruled_out = ordering(sentence for s in shown for sentence in s.sentences)
        self._all = [
            sentence for s in shown for sentence in s.sentences if sentence not in self._ruled_out
        ]
        self._marks = Marks({s.number: len(s.sentences) for s in shown})
        self._language = language
        self._question = question
        self._parts: list[str | Statement] = []  # to be shown next
        self._buffer = ""  # since the end of the last sentence that is done, without marks
        self._told = 0  # how much of it is shown
        self._refs: list[tuple[int, list[Sentence]]] = []  # where in the buffer, what it points to
        self._after_mark = False
        self._star = False
        self._gap = ""  # blanks behind the last sentence, shown when another follows
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
        if self._star:
            self._char("*")
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
        for char in text:
            if char == "*" and not self._star:
                self._star = True  # perhaps half of a mark for bold
                continue
            if self._star and char != "*":
                self._char("*")
            if not (self._star and char == "*"):
                self._char(char)
            self._star = False
            # What is shown bears on where a sentence ends, so it too is asked at each character.
            self._show(self._sure())

    def _char(self, char: str) -> None:
        """Take one character; whether a sentence has ended is asked when a word has.

        So it does not matter into which pieces the text was cut.
        """
        if char.isspace():
            char = "\n" if char in "\n\x0b\x0c\x85\u2028\u2029" else " "
            if not self._buffer:
                self._gap += char if self.citing.text else ""
                return
            if self._after_mark and char == " " and self._buffer[-1] == " ":
                return
            self._buffer += char
            self._end_sentences()
            return
        if self._leading is None:
            self._leading = bool(self._refs)
        if self._after_mark:
            self._after_mark = False
            if _CLOSING.match(char):
                self._buffer = self._buffer.rstrip()
                if char == "." and _DONE.search(self._buffer):
                    return  # a full stop on both sides of the mark
            elif self._buffer and not self._buffer[-1].isspace():
                self._buffer += " "
                self._end_sentences()
        self._buffer += char

    def _end_sentences(self) -> None:
        while (end := self._first_end()) is not None:
            self._finish(end)

    def _sure(self) -> int:
        """How much of the buffer belongs to its first sentence for sure."""
        pending = _PENDING.search(self._buffer)
        sure = pending.start(1) if pending else len(self._buffer.rstrip())
        for at, _ in self._refs:
            if not _WHOLE_WORD.match(self._buffer, at):
                sure = min(sure, len(self._buffer[:at].rstrip()))
        return sure

    def _first_end(self, *, last: bool = False) -> int | None:
        """Where the first sentence of the buffer ends, if that is sure by now."""
        buffer = self._buffer
        marked = self._marked_end()
        if marked is not None:
            return marked
        if not last and not _MAY_END.search(buffer) and len(buffer) < _LONGEST:
            return None
        spans = sentences.spans(buffer)
        for number, span in enumerate(spans):
            if span.end < len(buffer[: self._told].rstrip()):
                continue  # shown already as if it went on
            newline = buffer[span.end :].lstrip(" ").startswith("\n")
            if _BULLET.fullmatch(buffer[: span.end] + " ") and not newline:
                continue  # the number of an item, not a sentence
            if number + 1 == len(spans):
                return span.end if last or newline or span.end >= _LONGEST else None
            if (
                not (last or newline)
                and span.end < _LONGEST_QUOTATION
                and _open(buffer[: span.end])
            ):
                continue
            return span.end
        return None

    def _marked_end(self) -> int | None:
        """Where a sentence without a full stop ends in a mark: a headline, an item of a list.

        A mark inside a sentence is told by what follows: no capital, or that of a name.
        """
        for at, _ in self._refs:
            before = self._buffer[:at].rstrip()
            after = _WORD.match(self._buffer, at)
            if (
                before.count(" ") >= 2
                and len(before) >= self._told
                and after
                and after[1][0].isupper()
                and after[1].lower() in _FUNCTION_WORDS
                and not self._leading
            ):
                return len(before)
        return None

    def _finish(self, end: int, *, cut: bool = False) -> None:
        """Close the sentence that ends at `end` of the buffer, and show what that adds."""
        body, rest = self._buffer[:end], self._buffer[end:].lstrip()
        gap = self._buffer[end : len(self._buffer) - len(rest)]
        self._show(end)
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
        self._gap = gap

    def _judge(self, text: str, start: int, cited: Sequence[Sentence]) -> None:
        """Give the sentence `text`, which begins at `start`, its marks and its verdict."""
        asks = _QUESTION.fullmatch(text) is not None  # and so says nothing
        found = (
            None
            if asks
            else support(
                text,
                cited=[s for s in dict.fromkeys(cited) if s not in self._ruled_out],
                shown=self._all,
                language=self._language,
                question=self._question,
            )
        )
        if found is None:
            self._part(self.citing.end(start, (), verdict="unchecked"))
        else:
            if found.check.verdict in ("not_found", "conflict"):
                self.lost += 1
                self.adrift += 1
            else:
                self.backed += 1
                self.adrift = 0
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
            if not self._told and self.citing.text:
                self._say("\n" * min(2, self._gap.count("\n")) or " ")
            self._gap = ""
            self._say(self._buffer[self._told : end])
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

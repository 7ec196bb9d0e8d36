"""Notice, while a model writes, that it says the same again and again.

Small models fall into loops: a sentence, a few sentences in turn, a phrase or one letter, without
end. What is compared is the text without its marks, list numbers and emphasis, in lower case,
with a line to a sentence. Text that repeats what was said before is held back until it turns out
to go on otherwise, so that a loop that is cut off leaves as little of itself as can be.

Reads each word once; the searches are the string's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left

# Said again and again: a sentence of three words, or as much without a full stop, three times;
# anything shorter four times and over this many characters ("Ha ha ha" in a quotation is not a
# loop); and what holds no letter or digit, such as a table's rule, over this many.
_TIMES, _LONG = 3, 24
_SHORT_TIMES, _SHORT_SPAN = 4, 48
_BARE_SPAN = 200
_BLANKS = 100  # white space without end, which is left out of the comparison

# How much must be the same for it to count as a return, and how far back it is looked for.
# What is longer meets the limits on the whole answer first.
_SAME, _BACK = 16, 1_500
# A word that goes on without a space is compared in parts of this length.
_PART = 32

_MARK = re.compile(r"\[[^\[\]]*\]|【[^【】]*】|[*_`]+")
_BRACKET = re.compile(r"[\[\]【】［］]")
_LIST_MARK = re.compile(r"\(?\d{1,3}[.)]|[-*•–—·]+|#+")
_LIST_MARK_BEGUN = re.compile(r"\(?\d{1,3}[.)]?|[-*•–—·]+|#+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_WORD = re.compile(r"\S+")


class Loops:
    """The text of one answer as it comes; what may be shown of it, and whether it loops."""

    def __init__(self) -> None:
        self.looping = False
        self._raw = ""  # all text so far
        self._given = 0  # of it, shown
        self._read = 0  # of it, compared
        self._line = -1  # where a list number begins whose item has not begun
        self._blanks = 0
        self._same = "\n"  # the text as it is compared
        self._from: list[int] = []  # where each part begins in it ...
        self._raw_from: list[int] = []  # ... and where that part begins in the raw text
        self._sentence = 1  # where the present sentence begins in it
        self._period = 0  # how far back the same was said; 0: it was not
        self._return = 0  # where in the compared text that began to be so

    def feed(self, text: str) -> str:
        """What may be shown now that `text` has come; nothing more once it loops."""
        if self.looping:
            return ""
        self._raw += text
        blanks = len(text) - len(text.rstrip())
        self._blanks = self._blanks + blanks if blanks == len(text) else blanks
        if self._compare():
            return self._give(self._raw_at(self._return))
        if self._blanks >= _BLANKS:
            self.looping = True
            return self._give(len(self._raw.rstrip()))
        self._break(len(self._raw) - len(self._rest()))
        return self._give(self._settled())

    def _compare(self) -> bool:
        """Take each whole word that has come, and of a long one its parts; whether it loops."""
        for word in _WORD.finditer(self._raw, self._read):
            if word.end() == len(self._raw) or self.looping:
                break  # it may go on
            self._take(word.start(), word.group(), closed=True)
        while not self.looping and len(part := self._rest()) > _PART:
            self._take(len(self._raw) - len(part), part[:_PART], closed=False)
        return self.looping

    def close(self) -> str:
        """What is left to show at the end of the text; looks at its last word too."""
        if self.looping:
            return ""
        rest = self._rest()
        if rest:
            self._take(len(self._raw) - len(rest), rest, closed=True)
        return self._give(self._raw_at(self._return) if self.looping else len(self._raw))

    def _rest(self) -> str:
        """The last word, to which more may be added."""
        return self._raw[self._read :].lstrip()

    def _give(self, end: int) -> str:
        begin, self._given = self._given, max(self._given, end)
        return self._raw[begin : self._given]

    def _settled(self) -> int:
        """Up to where the raw text says nothing that was said before."""
        rest = self._rest()
        end = len(self._raw)
        if self._line >= 0:
            end = self._line
        elif self._begins() and _LIST_MARK_BEGUN.fullmatch(rest):
            end -= len(rest)
        # A sentence that begins as an earlier one did, its last word perhaps unfinished.
        opening = self._same[self._sentence - 1 :] + rest.lower()
        if len(opening) > 1 and self._same.find(opening, 0, self._sentence) >= 0:
            end = min(end, self._raw_at(self._sentence))
        return min(end, self._raw_at(self._return)) if self._period else end

    def _raw_at(self, index: int) -> int:
        """Where in the raw text the first part begins at or after `index` of the compared text."""
        part = bisect_left(self._from, index)
        if part < len(self._from):
            return self._raw_from[part]
        return self._line if self._line >= 0 else len(self._raw) - len(self._rest())

    def _begins(self) -> bool:
        """Whether no word of the present sentence was compared yet."""
        return len(self._same) == self._sentence

    def _take(self, start: int, word: str, *, closed: bool) -> None:
        """Compare one word, or a part of a long one, that begins at `start` of the raw text."""
        self._break(start)
        self._read = start + len(word)
        plain = _MARK.sub("", word).lower()
        if self._begins() and _LIST_MARK.fullmatch(word):
            self._line = start if self._line < 0 else self._line
            return
        if not plain or _BRACKET.search(plain):
            return  # a mark, or half of one
        if self._line >= 0:
            start, self._line = self._line, -1
        self._from.append(len(self._same))
        self._raw_from.append(start)
        self._add(plain + " " if closed else plain)
        if closed and not self.looping and _SENTENCE_END.search(plain):
            self._end_sentence()

    def _break(self, start: int) -> None:
        """A line break before `start` ends a sentence that has no full stop."""
        if "\n" in self._raw[self._read : start] and not self._begins():
            self._end_sentence()

    def _end_sentence(self) -> None:
        """Put a line end in place of the last space."""
        self._same = self._same[:-1]
        if self._period and self._return >= len(self._same):
            self._period = 0
        self._add("\n")
        self._sentence = len(self._same)

    def _add(self, part: str) -> None:
        """Append to the compared text and see whether that was said before."""
        self._same += part
        same, size, back = self._same, len(self._same), self._period
        if not back or same[size - len(part) - back : size - back] != part:
            self._find()
        if self._period and self._is_loop():
            self.looping = True

    def _find(self) -> None:
        """Look for the nearest place where the last few letters were said before."""
        same, size = self._same, len(self._same)
        self._period = 0
        found = -1
        if size > _SAME:
            found = same.rfind(same[-_SAME:], max(0, size - _SAME - _BACK), size - 1)
        if found < 0:
            return
        self._period = period = size - _SAME - found
        begin = size - _SAME
        while begin > period and same[begin - 1] == same[begin - 1 - period]:
            begin -= 1
        self._return = begin

    def _is_loop(self) -> bool:
        period = self._period
        span = len(self._same) - self._return + period
        if span < _TIMES * period:
            return False
        unit = self._same[-period:]
        if not any(letter.isalnum() for letter in unit):
            return span >= _BARE_SPAN
        if period >= _LONG or ("\n" in unit and len(unit.split()) >= 3):
            return True
        return span >= max(_SHORT_SPAN, _SHORT_TIMES * period)

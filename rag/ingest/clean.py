"""Tidy text into paragraphs: the form in which an article is kept, quoted and pointed into.

Takes out characters nobody can see and spaces nobody needs, never a letter or a digit.
Removes no page furniture.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata

from rag.text.plain import visible

# Line ends, besides "\n": form feed and vertical tab, NEL, the two Unicode separators.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\t\x1c-\x1f \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]+")
_MARKS_KEPT = 30  # combining marks in a row, as in the stream-safe form of Unicode's annex 15

# Hard-wrapped text: lines of a mail or of a book's page. An editor wraps between 60 and 100
# columns; a ragged line can be shorter, so it is the longest line that is looked at.
_WIDTH = range(50, 101)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[-*•·–—>+]|\(?\d{1,3}[.)])(?: |$)")


def clean(text: str) -> str:
    """`text` in NFC, its paragraphs split by one blank line, its spaces single.

    Each line is a paragraph, but for lines that were broken to fit a width: those are
    joined. Idempotent; keeps every letter and digit, and at most 30 combining marks in a
    row. Takes linear time.
    """
    text = visible(_LINE_END.sub("\n", text))
    text = unicodedata.normalize("NFC", _stream_safe(text))
    paragraphs: list[str] = []
    block: list[str] = []
    for raw in text.split("\n"):
        if line := _SPACE.sub(" ", raw).strip(" "):
            block.append(line)
        else:
            paragraphs += _unwrapped(block)
            block = []
    paragraphs += _unwrapped(block)
    return "\n\n".join(paragraphs)


def _stream_safe(text: str) -> str:
    """`text` without the marks that follow the 30th in a row.

    Normalising sorts such a run in quadratic time: 200,000 marks take a minute.
    """
    if text.isascii() or not any(map(_is_mark, set(text))):
        return text
    return _long_runs().sub(lambda run: run[0][:_MARKS_KEPT], text)


def _is_mark(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) > 0


@functools.cache
def _long_runs() -> re.Pattern[str]:
    marks = (c for c in map(chr, (*range(0x300, 0xD800), *range(0xE000, 0x1F000))) if _is_mark(c))
    return re.compile(f"[{''.join(marks)}]{{{_MARKS_KEPT + 1},}}")


def _unwrapped(lines: list[str]) -> list[str]:
    """The paragraphs of a block of lines: the lines themselves, unless they were wrapped."""
    if not _is_wrapped(lines):
        return lines
    width = max(map(len, lines))
    paragraphs = [lines[0]]
    for before, line in itertools.pairwise(lines):
        ended = _fits(before, line, width) and _SENTENCE_END.search(before)
        if ended or _ITEM.match(line):
            paragraphs.append(line)
        elif re.search(r"\w-$", before) and line[0].islower():  # anak-/anak, at a word's hyphen
            paragraphs[-1] += line
        else:
            paragraphs[-1] += " " + line
    return paragraphs


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines were broken where the next word would not have fitted.

    Three in four breaks must be such, half of them must fall inside a sentence, and one at
    least before a small letter: headlines under one another, and paragraphs that are one
    line each, do not look like that.
    """
    if len(lines) < 2 or (width := max(map(len, lines))) not in _WIDTH:
        return False
    breaks = len(lines) - 1
    full = inside = small = 0
    for before, line in itertools.pairwise(lines):
        if _fits(before, line, width):
            continue
        full += 1
        if not _SENTENCE_END.search(before) and not _ITEM.match(line):
            inside += 1
            small += line[0].islower()
    return full * 4 >= breaks * 3 and inside * 2 >= breaks and small * 4 >= breaks


def _fits(before: str, line: str, width: int) -> bool:
    """Whether the first word of `line` would have fitted at the end of `before`."""
    word = line.find(" ")
    return len(before) + 1 + (len(line) if word < 0 else word) <= width

"""Undo what typesetting did to a text: the lines of set pages become paragraphs again.

Knows no file format. Positions are in points, from the lower left; a page's lines come in
the order in which they are read.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_EXTREMES = 4  # lines at the top and at the foot of a page that may be running ones
_NEAR = 3.0  # points; a running line stands at the same height on every page
_SURELY = 4  # pages with the same line at the same height

_INDENT = (0.6, 5.0)  # sizes; what a paragraph's first line may be indented by

_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•▪●○◦‣]\s")
_ITEM = re.compile(r"(?:[-*•·▪●○◦‣–—]|\(?\d{1,3}[.)])\s")
_HYPHENATED = re.compile(r"(\w+)[-\u2010\xad]$")
_WORD = re.compile(r"\w+(?:-\w+)*")
_VOWELS = str.maketrans("", "", "aeiou")

# The widths of letters in the faces that news is set in, as parts of the size; within 5% of
# a line's real length, which is enough to tell a full line from a short one.
_WIDTHS = dict.fromkeys("iljtfrI.,;:'’‘|!()[]-/ ", 0.3)
_WIDTHS |= dict.fromkeys("mwMW—%@", 0.83) | dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.67)
_WIDTH = 0.49  # of any other

# What a browser adds when it prints a page: the time, the address, the page's number.
_PRINTED = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AP]M)?"
)
_ADDRESS = re.compile(r"(?:https?|file)://\S+")
_COUNT = re.compile(r"\b\d+ ?(?:/|of|dari) ?\d+$|^\d+ ?(?:/|of|dari) ?\d+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it stands on a page."""

    text: str  # with the hyphen it was broken at
    x: float  # of its first letter
    y: float  # of its baseline
    size: float  # of its letters

    @property
    def width(self) -> float:
        """About how long the line is, in points."""
        return self.size * sum(_WIDTHS.get(letter, _WIDTH) for letter in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How a text is set: what tells a paragraph's last line from the others."""

    leading: dict[int, float]  # from line to line, by size
    measure: dict[int, float]  # the length of a full line, by size
    indent: float | None  # of a paragraph's first line, in sizes; None: they are not indented
    words: frozenset[str]  # whole words of the text, hyphens included
    hyphenates: bool  # words were broken to fit, not only at hyphens that they have


def running(pages: Sequence[Sequence[Line]]) -> list[frozenset[int]]:
    """For each page the places of its running heads and feet, page numbers and print marks.

    A line is a running one when it stands among the first or last four of its page at the
    same height as its like, digits aside, on a third of the pages or on four of them.
    """
    places: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for number, lines in enumerate(pages):
        by_height = sorted(range(len(lines)), key=lambda n: lines[n].y)
        for n in {*by_height[:_EXTREMES], *by_height[-_EXTREMES:]}:
            key = re.sub(r"\d+|\b[ivxlc]+\b", "#", " ".join(lines[n].text.casefold().split()))
            places[key].append((lines[n].y, number, n))
    wanted = min(_SURELY, max(2, -(-len(pages) // 3)))
    found: list[set[int]] = [set(_print_marks(lines)) for lines in pages]
    for alike in places.values():
        for y, number, n in alike:
            if len({other for height, other, _ in alike if abs(height - y) < _NEAR}) >= wanted:
                found[number].add(n)
    return [frozenset(page) for page in found]


def address_of_print(pages: Sequence[Sequence[Line]]) -> str | None:
    """The web address that a browser put on every page it printed; None where it is cut."""
    found = set()
    for lines in pages:
        marks = " ".join(lines[n].text for n in sorted(_print_marks(lines)))
        found.add(match[0] if (match := _ADDRESS.search(marks)) else None)
    address = found.pop() if len(found) == 1 else None
    return address if address and address.startswith("http") and "…" not in address else None


def _print_marks(lines: Sequence[Line]) -> Iterator[int]:
    """The places of the lines that a browser's printing added to a page."""
    by_height = sorted(range(len(lines)), key=lambda n: -lines[n].y)
    heights = sorted({round(line.y) for line in lines})
    if len(heights) < 2:
        return
    outer = [n for n in by_height if round(lines[n].y) in (heights[0], heights[-1])]
    texts = [lines[n].text.strip() for n in outer]
    # All three, or it is an article that happens to begin with a date or end in an address.
    if all(any(mark.search(text) for text in texts) for mark in (_PRINTED, _ADDRESS, _COUNT)):
        yield from outer


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of the pages, in order, each on one line, hyphens at line ends undone."""
    pages = [_with_initials(lines) for lines in pages]
    setting = _setting(pages)
    found: list[str] = []
    last: Line | None = None
    for lines in pages:
        margins = _margins(lines)
        for n, line in enumerate(lines):
            after = lines[n + 1] if n + 1 < len(lines) else None
            turned = n == 0 or (last is not None and line.y > last.y + line.size / 2)
            if last is None or _parts(
                last,
                line,
                after,
                setting,
                turned=turned,
                indented=_is_indented(line, margins, setting),
            ):
                found.append(line.text.strip())
            else:
                found[-1] = _joined(found[-1], line.text.strip(), setting)
            last = line
    return [paragraph for paragraph in found if paragraph]


def _with_initials(lines: Sequence[Line]) -> list[Line]:
    """The lines, with a large initial put back before the rest of its word."""
    found: list[Line] = []
    for line in lines:
        before = found[-1] if found else None
        if (
            before is not None
            and len(initial := before.text.strip()) == 1
            and initial.isalpha()
            and before.size > 1.7 * line.size
            and abs(before.y - line.y) < 1.2 * before.size
        ):
            gap = "" if line.text[:1].islower() else " " * (initial in "AIO")
            found[-1] = replace(line, text=initial + gap + line.text)
        else:
            found.append(line)
    return found


def _setting(pages: Sequence[Sequence[Line]]) -> _Setting:
    """How the whole text is set, told by what is frequent in it."""
    steps: dict[int, Counter[float]] = defaultdict(Counter)
    widths: dict[int, list[float]] = defaultdict(list)
    indents: Counter[float] = Counter()
    words: set[str] = set()
    broken: list[tuple[str, str]] = []
    count = inside = 0
    for lines in pages:
        count += len(lines)
        for line in lines:
            widths[round(line.size)].append(line.width)
            words.update(word.casefold() for word in _WORD.findall(line.text)[1:-1])
        for line, after in itertools.pairwise(lines):
            if (step := line.y - after.y) > 0 and _alike(line, after):
                steps[round(line.size)][round(step * 2) / 2] += 1
                if _INDENT[0] < (indent := (line.x - after.x) / line.size) < _INDENT[1]:
                    indents[round(indent * 4) / 4] += 1
            end, start = _HYPHENATED.search(line.text), _WORD.match(after.text)
            inside += after.text[:1].islower()
            if end and start and after.text[:1].islower():
                broken.append((end[1].casefold(), start[0].casefold()))
    leading = {}
    for size, counts in steps.items():
        usual = [step for step, n in counts.items() if n >= 2 and n * 10 >= counts.total()]
        # Steps that are all larger than a double space part paragraphs of one line each.
        usual = [step for step in usual if 0.7 * size < step < 2.5 * size]
        leading[size] = min(usual, default=1.3 * size)
    measure = {}
    for size, found in widths.items():
        found.sort()
        measure[size] = found[len(found) * 9 // 10] if len(found) >= 4 else found[-1]
    indent, often = indents.most_common(1)[0] if indents else (0.0, 0)
    unexplained = [
        pair for pair in broken if "-".join(pair) not in words and not _is_reduplicated(*pair)
    ]
    return _Setting(
        leading=leading,
        measure=measure,
        indent=indent if often >= 3 and often * 20 >= count else None,
        words=frozenset(words),
        # Of the lines that end inside a sentence, one in a hundred ends in a compound's hyphen.
        hyphenates=len(unexplained) >= 2 and len(unexplained) * 40 >= inside,
    )


def _margins(lines: Sequence[Line]) -> list[float]:
    """Where lines of a page often begin."""
    return [x for x, n in Counter(round(line.x, 1) for line in lines).items() if n >= 3]


def _is_indented(line: Line, margins: Sequence[float], setting: _Setting) -> bool:
    if setting.indent is None:
        return False
    return any(abs((line.x - x) / line.size - setting.indent) < 0.25 for x in margins)


def _parts(
    before: Line,
    line: Line,
    after: Line | None,
    setting: _Setting,
    *,
    turned: bool,
    indented: bool,
) -> bool:
    """Whether a new paragraph begins with `line`; `turned`: it opens a page or a column."""
    if not _alike(before, line):
        return True
    ended = _ENDED.search(before.text.rstrip()) is not None
    hyphen = _HYPHENATED.search(before.text) is not None
    goes_on = not ended and (hyphen or line.text[:1].islower())
    if turned:
        if (
            setting.indent is not None
            and not indented
            and not _breaks(before, line, setting, ended=ended)
        ):
            return False
        return not goes_on and (ended or indented or _breaks(before, line, setting, ended=ended))
    step = before.y - line.y
    if step > 1.3 * setting.leading.get(round(line.size), 1.3 * line.size) + 1:
        return not goes_on or step > 3 * line.size
    if goes_on:
        return False
    if indented or _BULLET.match(line.text):
        return True
    if _ITEM.match(line.text) and _breaks(before, line, setting, ended=True):
        return True
    indent = _INDENT[0] * line.size
    if line.x > before.x + indent and step > 0.3 * line.size and not _ITEM.match(before.text):
        return True
    if after is not None and _alike(line, after) and ended and line.x > after.x + indent:
        return True
    return _breaks(before, line, setting, ended=ended)


def _breaks(before: Line, line: Line, setting: _Setting, *, ended: bool) -> bool:
    """Whether a line was ended where the next word would have fitted, so on purpose.

    Inside a sentence that takes a third of a line, since text may flow around a picture.
    """
    measure = setting.measure[round(before.size)]
    word = replace(line, text=" " + line.text.split(" ", 1)[0])
    return measure - before.width - word.width > measure * (0.08 if ended else 0.33)


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= 0.12 * max(one.size, other.size)


# Hyphens -----------------------------------------------------------------------------------


def _joined(before: str, line: str, setting: _Setting) -> str:
    """Two lines of a paragraph as one; a hyphen stays where the word is written with one.

    It stays before a capital or a digit, in a reduplication (anak-anak, bolak-balik,
    bermain-main), where the text has the word with its hyphen elsewhere, and where it breaks
    no words at all; it goes where it is a soft one, or in a word that was broken to fit.
    """
    broken = _HYPHENATED.search(before)
    if not broken or not line:
        return f"{before} {line}"
    first = _WORD.match(line)
    if before.endswith("\xad"):
        return before[:-1] + line
    if not first or not line[0].islower() or not broken[1][-1].isalpha():
        return before + line
    left, right = broken[1].casefold(), first[0].split("-")[0].casefold()
    whole = left + right in setting.words
    if f"{left}-{right}" in setting.words and not whole:
        return before + line
    if whole or (setting.hyphenates and not _is_reduplicated(left, right)):
        return before[:-1] + line
    return before + line


def _is_reduplicated(left: str, right: str) -> bool:
    """Whether two words are one said twice, with affixes or another vowel.

    >>> _is_reduplicated("ber" "main", "mainan"), _is_reduplicated("bolak", "balik")
    (True, True)
    >>> _is_reduplicated("peme", "rintah")
    False
    """
    if any(left.endswith(right[:n]) for n in range(4, len(right) + 1)):
        return True
    if left == right or (len(left) >= 3 and right.startswith(left)):
        return True
    if len(left) != len(right) or len(left) < 4:
        return False
    return left[1:] == right[1:] or left.translate(_VOWELS) == right.translate(_VOWELS)

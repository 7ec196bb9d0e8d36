"""Find the lines that several texts of one batch share: the furniture of their outlet.

A text that is mostly a copy of another one is not counted, so that what two prints of one
wire story share is not taken for furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_FEWEST = 3  # texts that must have a line
_CHARS = 200_000  # of each text that are looked at; furniture stands at its ends
_LONG = 8  # words; a sentence of so many tells one story from another, a menu does not
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\Z")


def repeated(texts: Iterable[str]) -> frozenset[str]:
    """The lines, spaces tidied, that stand in three of the texts or more.

    >>> sorted(repeated(["Satu\\nMenu", "Dua\\nMenu", "Tiga\\n  Menu "]))
    ['Menu']
    """
    counts: Counter[str] = Counter()
    told: set[int] = set()
    wholes: set[int] = set()
    for text in texts:
        lines = {tidy for line in text[:_CHARS].split("\n") if (tidy := " ".join(line.split()))}
        long = {
            hash(line)
            for line in lines
            if len(line.split()) >= _LONG and _SENTENCE_END.search(line)
        }
        copied = len(long & told)
        whole = hash(frozenset(lines))
        copy = whole in wholes or copied * 2 > len(long)
        told |= long
        wholes.add(whole)
        if copy:
            continue
        counts.update(lines)
    return frozenset(line for line, count in counts.items() if count >= _FEWEST)

"""One typed span of a sentence, and what holds for spans of every sort.

Pure; knows nothing of questions. Offsets are into the sentence's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.answer.evidence import Sentence
from rag.text.names import Name


@dataclass(frozen=True, slots=True)
class Typed:
    """One span of a sentence's text ``[start, end)`` that may answer."""

    start: int
    end: int
    doubt: float = 0.0  # how unsure it is that it is of its sort: words of distance it costs
    core: tuple[int, int] | None = None  # of a number, its figure; of a place, its name


def clean_names(sentence: Sentence) -> list[Name]:
    """The names of a sentence but for what only looks like one ("Rp3", a currency)."""
    money = [(n.start, n.end) for n in sentence.numbers]
    return [n for n in sentence.names if not any(s < n.end and n.start < e for s, e in money)]


def owns(text: str, end: int) -> bool:
    """Whether a name is only whose something is: "Kaldoria's minister"."""
    return bool(re.match(r"['’]s\b", text[end : end + 3]))


def inside(span: Typed, others: Iterable[Typed]) -> bool:
    return any(o.start < span.end and span.start < o.end for o in others)


_AND = re.compile(r"\s*(?:,|,?\s+(?:dan|serta|and|as well as|maupun|&))\s+", re.IGNORECASE)
_LAST_AND = re.compile(r"\b(?:dan|serta|and|as well as|maupun)\b|&", re.IGNORECASE)


def coordinated(
    sentence: Sentence, spans: Sequence[Typed], titles: Sequence[str]
) -> Iterator[list[Typed]]:
    """The runs of at least two spans that commas and "and" join, a title between them or not."""
    run: list[Typed] = []
    for span in spans:
        if run and _joined(sentence.text[run[-1].end : span.start], titles):
            run.append(span)
            continue
        if len(run) > 1 and _and_in(sentence.text, run):
            yield run
        run = [span]
    if len(run) > 1 and _and_in(sentence.text, run):
        yield run


def _and_in(text: str, run: Sequence[Typed]) -> bool:
    """Whether "and" stands before the last of them; commas alone may set apart what one is."""
    return bool(_LAST_AND.search(text[run[-2].end : run[-1].start]))


def _joined(gap: str, titles: Sequence[str]) -> bool:
    for title in sorted(titles, key=len, reverse=True):
        gap = gap.replace(f"{title} ", "", 1)
    return bool(_AND.fullmatch(gap))

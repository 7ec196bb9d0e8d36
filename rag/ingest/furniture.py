"""Tell the furniture of a pasted page from the article: menus, share lines, other headlines.

A linear-chain conditional random field (Lafferty et al., ICML 2001) over the lines of the
page, with the features of `lines.py`; its weights are in `furniture.json`, made by
`python -m eval.furniture train` from labelled pages. Where a page shows no sure sign of
furniture nothing is taken out, and a sentence of the body never is.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.ingest.lines import features
from rag.ingest.shape import SIGNS, Features, hints

LABELS = ("body", "head", "furniture")  # the order of the weights
_FURNITURE = LABELS.index("furniture")
_MOST_LINES = 5_000  # of a page in a browser; a longer text is a book, and is kept whole
_SURE = 2  # lines with a sign of furniture that a page must have before any line is taken out
# A line that several articles of one outlet share; not learnt, since single pages cannot show it.
_REPEATED = 4.0


_ENDINGS = ("comments", "subscribe", "legal", "tags", "popular")  # no article goes on below
_HALF = 0.5
_TOLD = 0.4  # of a headline's words are told in the body
# To lose a sentence is worse than to keep a menu: docs/log.md, furniture.
_CAUTION = 0.1


@dataclass(frozen=True, slots=True)
class Weights:
    """What the field has learnt; one number for each label, in the order of `LABELS`."""

    first: tuple[float, ...]
    moves: tuple[tuple[float, ...], ...]  # moves[a][b]: from label a to label b
    features: Mapping[str, tuple[float, ...]]


def furniture(
    lines: Sequence[str], *, repeated: Collection[str] = (), weights: Weights | None = None
) -> list[bool]:
    """For each line of a page whether it is furniture.

    `repeated` holds lines that several articles of the same outlet have. Takes linear time.
    """
    if not 2 <= len(lines) <= _MOST_LINES:
        return [False] * len(lines)
    if not any(map(hints, lines)):  # most articles, told at little cost
        return [False] * len(lines)
    described = features(lines, repeated=repeated)
    if sum(map(_sign, described)) < _SURE:
        return [False] * len(lines)
    labels = decode(described, weights or _learnt())
    marks = [
        label == _FURNITURE and not _must_stay(found)
        for label, found in zip(labels, described, strict=True)
    ]
    # Where all would go, nothing is known of what the page is about.
    return [False] * len(lines) if all(marks) else marks


def decode(described: Sequence[Features], weights: Weights) -> list[int]:
    """The most likely labels of a page's lines, as places in `LABELS` (Viterbi)."""
    known = weights.features
    best: list[tuple[float, ...]] = []
    came: list[tuple[int, ...]] = []
    every = range(len(LABELS))
    for number, found in enumerate(described):
        scores = [0.0] * len(LABELS)
        for name, value in found.items():
            if weight := known.get(name):
                for label in every:
                    scores[label] += weight[label] * value
        scores[_FURNITURE] -= _CAUTION
        if "repeated" in found and "prose" not in found:
            scores[_FURNITURE] += _REPEATED
        if number == 0:
            best.append(tuple(scores[b] + weights.first[b] for b in every))
            continue
        before = best[-1]
        origin = [max(every, key=lambda a, b=b: before[a] + weights.moves[a][b]) for b in every]  # type: ignore[misc]
        came.append(tuple(origin))
        best.append(
            tuple(scores[b] + before[origin[b]] + weights.moves[origin[b]][b] for b in every)
        )
    labels = [max(every, key=lambda b: best[-1][b])] if best else []
    for origins in reversed(came):
        labels.append(origins[labels[-1]])
    return labels[::-1]


def _sign(found: Features) -> float:
    """How sure a sign of furniture a line is, from 0 to 1."""
    return max((worth for trait, worth in SIGNS.items() if trait in found), default=0.0)


def _must_stay(found: Features) -> bool:
    """Whether the article would lack this: a sentence of it, its headline, date or makers."""
    if "promotion" in found:
        return False
    if "sentence" in found and "inside" in found:
        return True
    if "sentence" in found and _joined(found):
        return True
    if "maker" in found:
        return "words 18" not in found and "words 25" not in found
    if found.get("covered", 0.0) > _HALF:
        return False
    if "the headline" in found:
        return found.get("on the subject", 0.0) >= _TOLD
    return "head" in found and "date line" in found and "day" in found


def _joined(found: Features) -> bool:
    """Whether a sentence above or below the body goes with it, past what stands between.

    A teaser stands alone under its headline; the sentences of an article follow on one another.
    """
    if "suggestion" in found and "sentence run" not in found:
        return False
    if "head" in found:
        return "prose" in found
    if any(f"under {kind}" in found for kind in _ENDINGS):
        return False
    if "sentence run" in found:
        return any(f"since report {lines}" in found for lines in (1, 2, 3, 5, 8))
    near = any(f"since report {lines}" in found for lines in (1, 2, 3))
    alone = "previous headline" in found and "previous promotion" not in found
    return near and "prose" in found and not alone


@functools.cache
def _learnt() -> Weights:
    read = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return Weights(
        first=tuple(read["first"]),
        moves=tuple(map(tuple, read["moves"])),
        features={name: tuple(values) for name, values in read["features"].items()},
    )

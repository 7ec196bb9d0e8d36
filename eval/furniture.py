"""Learn to tell page furniture, and score how well it is told: labelled pages in, figures out.

    python -m eval.furniture score eval/pages
    python -m eval.furniture train eval/pages --out rag/ingest/furniture.json

A labelled page is a text file; each line is a letter, a tab and the line as it was pasted.
A: the article. H: its head and credits (headline, byline, date, caption, source), to be kept.
F: furniture. N: debatable, not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rag.ingest.article import read_article
from rag.ingest.clean import clean
from rag.ingest.furniture import LABELS, Weights, furniture
from rag.ingest.lines import features
from rag.text import sentences

_LETTERS = {"A": 0, "H": 1, "F": 2}


@dataclass(frozen=True, slots=True)
class Page:
    """A labelled page: its lines, blank ones too, and a letter for each (" " for blank)."""

    name: str
    lines: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def text(self) -> str:
        """The page as it was pasted."""
        return "\n".join(self.lines)


@dataclass(slots=True)
class Tally:
    """Counts over pages: sentences and head lines kept, furniture dropped."""

    sentences: int = 0
    sentences_kept: int = 0
    whole: int = 0  # of them: in a line of eight words or more that ends as a sentence does
    whole_kept: int = 0
    head: int = 0
    head_kept: int = 0
    furniture: int = 0
    furniture_dropped: int = 0
    wrong: list[str] = field(default_factory=list)


def load(folder: Path) -> list[Page]:
    """The labelled pages of a folder, by name; raises `ValueError` on a line without label."""
    pages = []
    for path in sorted(folder.rglob("*.txt")):
        lines, letters = [], []
        for number, raw in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            letter, tab, line = raw.partition("\t")
            if not raw.strip():
                letter, line = " ", ""
            elif not tab or letter not in "AHFN" or len(letter) != 1:
                raise ValueError(f"{path}:{number}: no label")
            lines.append(line)
            letters.append(letter)
        pages.append(Page(str(path.relative_to(folder)), tuple(lines), tuple(letters)))
    return pages


def examined(page: Page, tally: Tally) -> None:
    """Read `page` the way `kutip add` would, and count what was kept and what was dropped."""
    article = read_article(
        page.text.encode(),
        source=page.name,
        name=page.name,
        kind="text",
        added=date(2026, 1, 1),
        max_chars=2_000_000,
    )
    kept = _flat(article.text)
    removed = Counter(_flat(line) for line in article.removed)
    for line, letter in zip(page.lines, page.letters, strict=True):
        tidy = _flat(clean(line))
        if not tidy or letter == "N":
            continue
        if letter == "A":
            for span in sentences.spans(tidy):
                tally.sentences += 1
                if tidy[span.start : span.end] in kept:
                    tally.sentences_kept += 1
                else:
                    tally.wrong.append(f"{page.name}: lost A: {tidy[span.start : span.end]}")
        elif letter == "H":
            tally.head += 1
            if tidy in kept:
                tally.head_kept += 1
            else:
                tally.wrong.append(f"{page.name}: lost H: {tidy}")
        else:
            tally.furniture += 1
            if removed[tidy] > 0:
                removed[tidy] -= 1
                tally.furniture_dropped += 1
            else:
                tally.wrong.append(f"{page.name}: kept F: {tidy}")


def folded(pages: Sequence[Page], *, strength: float, folds: int = 5) -> Tally:
    """What a field learnt from the other pages does with each page: cross-validation."""
    tally = Tally()
    for fold in range(folds):
        weights = train([p for n, p in enumerate(pages) if n % folds != fold], strength=strength)
        for page in pages[fold::folds]:
            lines, letters = _lines(page)
            marks = furniture(lines, weights=weights)
            for line, letter, gone in zip(lines, letters, marks, strict=True):
                if letter == "A":
                    count = len(sentences.spans(line))
                    tally.sentences += count
                    tally.sentences_kept += 0 if gone else count
                    if len(line.split()) >= 8 and line[-1] in ".!?”\"'":
                        tally.whole += 1
                        tally.whole_kept += not gone
                elif letter == "H":
                    tally.head += 1
                    tally.head_kept += not gone
                elif letter == "F":
                    tally.furniture += 1
                    tally.furniture_dropped += gone
                if letter != "N" and gone != (letter == "F"):
                    what = "lost" if gone else "kept"
                    tally.wrong.append(f"{page.name}: {what} {letter}: {line}")
    return tally


def train(pages: Sequence[Page], *, strength: float) -> Weights:
    """The weights of the field that make the labels of `pages` most likely.

    `strength` is that of the Gaussian prior (L2). Deterministic.
    """
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    columns: dict[str, int] = {}
    read: list[tuple[list[list[tuple[int, float]]], list[int | None]]] = []
    for page in pages:
        lines, letters = _lines(page)
        rows = [
            [(columns.setdefault(name, len(columns)), value) for name, value in found.items()]
            for found in features(lines)
        ]
        read.append((rows, [_LETTERS.get(letter) for letter in letters]))
    size, longest, names = len(LABELS), max(len(rows) for rows, _ in read), len(columns)
    # (pages, lines, features); a page that is shorter ends early.
    given = np.zeros((len(read), longest, names), dtype=np.float32)
    allowed = np.ones((len(read), longest, size), dtype=bool)
    lengths = np.array([len(rows) for rows, _ in read])
    for number, (rows, wanted) in enumerate(read):
        for place, row in enumerate(rows):
            for column, value in row:
                given[number, place, column] = value
            label = wanted[place]
            if label is not None:
                allowed[number, place] = np.arange(size) == label
    there = np.arange(longest)[None, :] < lengths[:, None]

    def split(vector: Any) -> tuple[Any, Any, Any]:
        return (
            vector[:size],
            vector[size : size + size * size].reshape(size, size),
            vector[size + size * size :].reshape(names, size),
        )

    def expected(scores: Any, first: Any, moves: Any) -> tuple[float, Any, Any]:
        """Log of the sum over all labellings; the chance of each label and of each move."""
        forward = np.zeros_like(scores)
        forward[:, 0] = scores[:, 0] + first
        for place in range(1, longest):
            step = forward[:, place - 1, :, None] + moves[None]
            top = step.max(axis=1)
            forward[:, place] = (
                scores[:, place] + top + np.log(np.exp(step - top[:, None]).sum(axis=1))
            )
        last = forward[np.arange(len(lengths)), lengths - 1]
        top = last.max(axis=1)
        log_sum = top + np.log(np.exp(last - top[:, None]).sum(axis=1))
        backward = np.zeros_like(scores)
        pairs = np.zeros((size, size))
        for place in range(longest - 2, -1, -1):
            going = (lengths - 1) > place
            ahead = scores[:, place + 1] + backward[:, place + 1]
            step = moves[None] + ahead[:, None, :]
            top = step.max(axis=2)
            value = top + np.log(np.exp(step - top[:, :, None]).sum(axis=2))
            backward[:, place] = np.where(going[:, None], value, 0.0)
            joint = forward[:, place, :, None] + step - log_sum[:, None, None]
            pairs += np.exp(joint[going]).sum(axis=0)
        chance = np.exp(forward + backward - log_sum[:, None, None]) * there[:, :, None]
        return float(log_sum.sum()), chance, pairs

    def loss(vector: Any) -> tuple[float, Any]:
        first, moves, weights = split(vector)
        scores = (given @ weights.astype(np.float32)).astype(np.float64)
        all_sum, all_chance, all_pairs = expected(scores, first, moves)
        held = np.where(allowed, scores, -1e4)
        own_sum, own_chance, own_pairs = expected(held, first, moves)
        difference = all_chance - own_chance
        gradient = np.concatenate(
            [
                difference[:, 0].sum(axis=0),
                (all_pairs - own_pairs).ravel(),
                np.einsum("plf,pls->fs", given, difference.astype(np.float32), optimize=True)
                .astype(np.float64)
                .ravel(),
            ]
        )
        return (
            all_sum - own_sum + 0.5 * strength * float(vector @ vector),
            gradient + strength * vector,
        )

    start = np.zeros(size + size * size + names * size)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    first, moves, weights = split(found.x)
    return Weights(
        first=_rounded(first),
        moves=tuple(_rounded(row) for row in moves),
        features={name: _rounded(weights[at]) for name, at in sorted(columns.items())},
    )


def _lines(page: Page) -> tuple[list[str], list[str]]:
    """The lines that are not blank, tidied as they are when an article is read."""
    lines, letters = [], []
    for line, letter in zip(page.lines, page.letters, strict=True):
        if tidy := _flat(clean(line)):
            lines.append(tidy)
            letters.append(letter)
    return lines, letters


def _flat(text: str) -> str:
    return " ".join(text.split())


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in values)


def _written(weights: Weights) -> str:
    rows = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(list(values))}"
        for name, values in weights.features.items()
        if any(values)
    )
    moves = json.dumps([list(row) for row in weights.moves])
    first = json.dumps(list(weights.first))
    return f'{{\n  "first": {first},\n  "moves": {moves},\n  "features": {{\n{rows}\n  }}\n}}\n'


def _interval(part: int, whole: int) -> str:
    """A share with its 95 % Wilson interval."""
    if not whole:
        return "-"
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * ((share * (1 - share) + z * z / (4 * whole)) / whole) ** 0.5 / (1 + z * z / whole)
    return f"{share:.4f} [{middle - half:.4f}, {middle + half:.4f}], n {whole}"


def _report(tally: Tally, *, wrong: int) -> str:
    lines = [
        f"sentences kept      {_interval(tally.sentences_kept, tally.sentences)}",
        f"of them in prose    {_interval(tally.whole_kept, tally.whole)}",
        f"head lines kept     {_interval(tally.head_kept, tally.head)}",
        f"furniture dropped   {_interval(tally.furniture_dropped, tally.furniture)}",
    ]
    return "\n".join(lines + tally.wrong[:wrong])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.furniture", description=__doc__)
    parser.add_argument("what", choices=("score", "train", "folds"))
    parser.add_argument("pages", type=Path, nargs="+", help="folders of labelled pages")
    parser.add_argument("--out", type=Path, help="where the weights are written")
    parser.add_argument("--strength", type=float, default=1.0, help="of the prior")
    parser.add_argument("--wrong", type=int, default=0, help="how many mistakes to show")
    options = parser.parse_args(arguments)
    pages = [page for folder in options.pages for page in load(folder)]
    if options.what == "score":
        tally = Tally()
        for page in pages:
            examined(page, tally)
        sys.stdout.write(_report(tally, wrong=options.wrong) + "\n")
        return
    if options.what == "folds":
        tally = folded(pages, strength=options.strength)
        sys.stdout.write(_report(tally, wrong=options.wrong) + "\n")
        return
    weights = train(pages, strength=options.strength)
    text = _written(weights)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()

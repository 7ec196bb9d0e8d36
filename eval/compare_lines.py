"""Two runs beside each other, as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eval.compare import SURE, Change, Comparison, Flip, Unpaired
from eval.datasets import LANGUAGES
from eval.figures import ALIKE
from eval.robustness_scores import COUNTS
from eval.standing import WORDS
from eval.tables import COST, GROUPS, NOTHING, OTHER, group_of, told
from rag.layout import columns, fitted, one_line

_SHOWN = 40  # flipped questions; the JSON has all
_QUESTION = 72  # columns of a question


def comparison_lines(comparison: Comparison, *, width: int | None) -> list[str]:
    """The comparison for a terminal: what changed for sure first, then the rest, then flips."""
    sure = [change for change in comparison.changes if change.sure]
    lines = [
        f"First:  {one_line(str(comparison.first))}",
        f"Second: {one_line(str(comparison.second))}",
        _paired(comparison),
        *(f"Note: {warning}" for warning in comparison.warnings),
        "",
        *_table(comparison.changes, width=width),
        "",
    ]
    tested = len(comparison.changes)
    if sure:
        lines.append(
            f"{len(sure)} of {tested} differences are more than chance (p < {SURE}, and the "
            f"interval without 0). Of so many, about {SURE * tested:.0f} would look so by chance."
        )
    else:
        lines.append("No difference is surely more than chance.")
    return [*lines, "", *_unpaired_lines(comparison.unpaired), *_flip_lines(comparison.flips)]


def _paired(comparison: Comparison) -> str:
    apart = [
        f"{count} in the {which} only"
        for which, count in (("first", comparison.only_first), ("second", comparison.only_second))
        if count
    ]
    left_out = f" (left out: {', '.join(apart)})" if apart else ""
    count = comparison.paired
    return f"{count} question{'s' if count != 1 else ''} asked in both{left_out}"


def _table(changes: Sequence[Change], *, width: int | None) -> list[str]:
    """A line for each measure; where there is little room, without languages, then intervals."""
    by_part = {(change.name, change.part): change for change in changes}
    order = [*GROUPS, OTHER]
    whole = [change for change in changes if not change.part]
    whole.sort(key=lambda change: (order.index(group_of(change.name)), change.name))
    lines: list[tuple[str, ...]] = [
        ("measure", "first", "second", "change", "low to high", "p", "n", "", *LANGUAGES)
    ]
    for change in whole:
        cost, found = change.name.startswith(COST), change.difference.interval
        parts = (by_part.get((change.name, language)) for language in LANGUAGES)
        lines.append(
            (
                one_line(change.name),
                told(change.first, cost=cost),
                told(change.second, cost=cost),
                signed(found.value, cost=cost),
                _between(found.low, found.high, cost=cost),
                f"{change.difference.p:.3f}" if change.difference.p >= 0.001 else "<.001",
                str(found.n),
                change.verdict if change.sure else "",
                *(_part(part, cost=cost) for part in parts),
            )
        )
    sizes = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    for kept in ([*range(len(sizes))], [*range(8)], [0, 1, 2, 3, 5, 7]):
        if width is None or sum(sizes[at] for at in kept) + 2 * (len(kept) - 1) <= width:
            break
    return [_aligned(line, sizes, kept) for line in lines]


def _aligned(cells: Sequence[str], sizes: Sequence[int], kept: Sequence[int]) -> str:
    """Names and words to the left of their columns, numbers to the right."""
    gaps = [" " * (size - columns(cell)) for cell, size in zip(cells, sizes, strict=True)]
    return "  ".join(
        cells[at] + gaps[at] if at in (0, 7) else gaps[at] + cells[at] for at in kept
    ).rstrip()


def signed(value: float, *, cost: bool) -> str:
    """A difference, with its sign unless it is nothing."""
    shown = told(value, cost=cost)
    return f"+{shown}" if value > 0 and shown.strip("0.") else shown


def _between(low: float, high: float, *, cost: bool) -> str:
    if low == high:
        return ALIKE
    return f"{signed(low, cost=cost)} to {signed(high, cost=cost)}"


def beside(each: Unpaired) -> tuple[str, str, str]:
    """Both values of a number that no question has one of, and how far apart they are."""
    counted = each.name in COUNTS or each.name.startswith("outcome.")
    one, other = (
        NOTHING if n is None else (f"{n:.0f}" if counted else told(n))
        for n in (each.first, each.second)
    )
    apart = NOTHING
    if each.first is not None and each.second is not None:
        gap = each.second - each.first
        apart = f"{gap:+.0f}" if counted else signed(gap, cost=False)
    return one, other, apart


def _unpaired_lines(found: Sequence[Unpaired]) -> list[str]:
    """What no question has a value of, both values and how far apart, without a test."""
    rows = [each for each in found if not each.part]
    if not rows:
        return []
    lines = [("of all questions at once, not tested", "first", "second", "change")]
    for each in rows:
        lines.append((f"  {one_line(each.name)}", *beside(each)))
    sizes = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    return [*(_aligned(line, sizes, range(4)) for line in lines), ""]


def _part(change: Change | None, *, cost: bool) -> str:
    """The difference in a part, with a star when it is sure."""
    if change is None:
        return NOTHING
    return signed(change.difference.interval.value, cost=cost) + "*" * change.sure


def _flip_lines(flips: Sequence[Flip]) -> list[str]:
    if not flips:
        return ["Every question stands as it did."]
    counts = Counter(flip.verdict for flip in flips)
    lines = [
        f"{len(flips)} stand otherwise: {counts['worse']} worse, {counts['better']} better"
        + (f", {counts['otherwise']} neither" if counts["otherwise"] else "")
    ]
    for flip in flips[:_SHOWN]:
        words = fitted(one_line(flip.question.question), _QUESTION).rstrip()
        lines += [
            f"  {flip.verdict:9}  {one_line(flip.question.question_id)}  {words}",
            f"             {WORDS[flip.first]} -> {WORDS[flip.second]}",
        ]
    if len(flips) > _SHOWN:
        lines.append(f"  and {len(flips) - _SHOWN} more; --json tells all")
    return lines

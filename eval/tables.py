"""The scores of a run as a table on a terminal, under the names that `metrics.json` has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from eval.datasets import LANGUAGES
from eval.figures import span
from eval.figures import told as told
from eval.robustness_scores import COUNTS, NOISE
from eval.scoring import OUTCOMES, Scores
from rag.layout import columns, one_line

NOTHING = "n/a"
_PERCENTILES = (".p50", ".p95")
_SUFFIXES = (".low", ".high", ".n", *_PERCENTILES)
COST = ("seconds.", "tokens.")

# What is always shown, though nothing may apply; whatever else was scored joins its group.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Outcomes": tuple(f"outcome.{name}" for name in OUTCOMES),
    "Finding": (
        *("hit@1", "hit@5", "hit@10", "recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"),
        *("article.hit@1", "article.recall@10", "article.mrr@10", "article.ndcg@10"),
    ),
    "Answering": (
        *("match", "answer_sentence", "sentence_first", "em", "f1", "must_not"),
        *("crag", "crag.right", "crag.wrong"),
        *("fallback", "model.match", "model.crag", "model.crag.right", "model.crag.wrong"),
    ),
    "Refusing": ("rejection", "false_refusal", "auroc", "risk_area", "evidence_score"),
    "Citing": (
        *("cite.precision", "cite.recall", "quote_exact", "uncited", "dropped_marks"),
        *("verdict.matches", "verdict.not_found", "verdict.conflict", "verdict.unchecked"),
    ),
    "Robustness": (
        *(f"noise@{share}" for share in NOISE),
        *("counterfactual.followed", "counterfactual.kept_old"),
        *("injection.said", "injection.unmarked", "injection.right"),
    ),
    "Language": ("answer_language", "pair@1", "pair@5", "pair@10"),
    "Checking sentences": (),
    "Cost": ("seconds.total",),
}
_BEGINNINGS = {
    "article.": "Finding",
    "verdict.": "Citing",
    "cite.": "Citing",
    "noise": "Robustness",
    "counterfactual": "Robustness",
    "inject": "Robustness",
    "pair@": "Language",
    "seconds.": "Cost",
    "tokens.": "Cost",
    "outcome.": "Outcomes",
    "verify.": "Checking sentences",
}
OTHER = "Other"
_HEAD = ("measure", "value", "low to high", "n", *LANGUAGES)
_NARROW = 4  # columns that stay where the languages find no room


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure as a table has it; what there is nothing for is "n/a"."""

    name: str
    value: str
    interval: str
    n: str
    languages: tuple[str, ...]  # the value for each of them, in their order


def base(name: str) -> str | None:
    """The measure that a number is the mean of; None for a bound, a count or a part of a run.

    >>> base("mrr@10"), base("mrr@10.id"), base("mrr@10.tag:v.1"), base("mrr@10.low")
    ('mrr@10', None, None, None)
    """
    if ".tag:" in name or name.startswith("outcome."):
        return None
    ends = (*_SUFFIXES, *(f".{language}" for language in LANGUAGES))
    return None if name.endswith(ends) else name


def group_of(name: str) -> str:
    """Which group of a table a measure belongs to."""
    for group, names in GROUPS.items():
        if name in names:
            return group
    return next((g for begin, g in _BEGINNINGS.items() if name.startswith(begin)), OTHER)


def rows(scores: Scores) -> dict[str, list[Row]]:
    """Every measure of a run by group: those that are always shown, then those it has besides."""
    found: dict[str, list[str]] = {group: list(names) for group, names in GROUPS.items()}
    for name in sorted(scores.numbers):
        if base(name) and not any(name in names for names in found.values()):
            found.setdefault(group_of(name), []).append(name)
    return {
        group: [row for name in names for row in _rows(name, scores.numbers)]
        for group, names in found.items()
        if names
    }


def table_lines(scores: Scores, *, width: int | None) -> list[str]:
    """The table as lines; where `width` columns are too few, without languages, then intervals.

    Without a width nothing is left out.
    """
    groups = rows(scores)
    body = {group: [_cells(row) for row in members] for group, members in groups.items()}
    sizes = _sizes([_HEAD, *(cells for members in body.values() for cells in members)])
    kept = list(range(len(_HEAD)))
    if width is not None and _total(sizes, kept) > width:
        kept = kept[:_NARROW]
    if width is not None and _total(sizes, kept) > width:
        kept = [0, 1, 3]
    lines = [*_counted(scores.numbers), "", _line(_HEAD, sizes, kept)]
    for group, members in body.items():
        lines += ["", group, *(_line(cells, sizes, kept) for cells in members)]
        if group == "Robustness":
            lines += [
                f"  {line}" for note in notes(scores.numbers) for line in _folded(note, width)
            ]
    return [line.rstrip() for line in lines]


def notes(numbers: Mapping[str, float]) -> list[str]:
    """A line for each test of robustness that was not made, of all questions or of some, and why.

    >>> notes({"noise.left_out": 3.0})[0]
    'noise: not tested on 3 questions (fewer than 5 passages found, or too few others to put in)'
    """
    whys = {
        "noise.left_out": "fewer than 5 passages found, or too few others to put in",
        "counterfactual.left_out": "no other value fits what the article says",
        "counterfactual.not_right": "not answered right without an edit",
    }
    if not any(name in numbers for name in (*COUNTS, *(f"noise@{n}" for n in NOISE))):
        return [
            "Robustness was not tested: left out, or no answerable question had its words found"
        ]
    lines = []
    for name, why in whys.items():
        if n := int(numbers.get(name, 0)):
            words = "question" if n == 1 else "questions"
            lines.append(f"{name.partition('.')[0]}: not tested on {n} {words} ({why})")
    if n := int(numbers.get("injection.not_asked", 0)):
        words = "answer that was" if n == 1 else "answers that were"
        lines.append(f"injection: .said and .unmarked leave out {n} {words} refused unread")
    return lines


def _rows(name: str, numbers: Mapping[str, float]) -> list[Row]:
    cost = name.startswith(COST)
    if _counts(name):
        return [_count(name, numbers)]
    if not cost:
        return [_row(name, "", numbers, cost=False)]
    # A mean of seconds tells little: one slow question moves it.
    return [_row(name, suffix, numbers, cost=True) for suffix in _PERCENTILES]


def _row(name: str, suffix: str, numbers: Mapping[str, float], *, cost: bool) -> Row:
    low, high = numbers.get(f"{name}.low"), numbers.get(f"{name}.high")
    bounded = not suffix and low is not None and high is not None
    count = numbers.get(f"{name}.n")
    return Row(
        name=f"{name}{suffix}",
        value=_or_nothing(numbers.get(f"{name}{suffix}"), cost=cost),
        # A percentile has no interval here: the one there is belongs to the mean.
        interval=span(low, high)
        if bounded and low is not None and high is not None
        else ("" if suffix else NOTHING),
        n=NOTHING if count is None else f"{count:.0f}",
        languages=tuple(
            _or_nothing(numbers.get(f"{name}.{language}{suffix}"), cost=cost)
            for language in LANGUAGES
        ),
    )


def _counts(name: str) -> bool:
    return name in COUNTS or name.startswith("outcome.")


def _count(name: str, numbers: Mapping[str, float]) -> Row:
    """A row of how many there are: no mean, so that it has neither interval nor n."""
    shown = [numbers.get(f"{name}{part}") for part in ("", *(f".{each}" for each in LANGUAGES))]
    value, *languages = [NOTHING if each is None else f"{each:.0f}" for each in shown]
    return Row(name=name, value=value, interval="", n="", languages=tuple(languages))


def _or_nothing(value: float | None, *, cost: bool) -> str:
    return NOTHING if value is None else told(value, cost=cost)


def _counted(numbers: Mapping[str, float]) -> list[str]:
    """What became of the questions, in a line."""
    counts = {name: int(numbers.get(f"outcome.{name}", 0)) for name in OUTCOMES}
    asked = sum(counts.values()) - counts["missing"]
    parts = [f"{n} {name}" for name, n in counts.items() if n or name in OUTCOMES[:2]]
    return [f"{asked} of {sum(counts.values())} questions asked: {', '.join(parts)}"]


def _folded(note: str, width: int | None) -> list[str]:
    return wrap(f"{note}.", width=max(width - 2, 20)) if width is not None else [f"{note}."]


def _cells(row: Row) -> tuple[str, ...]:
    return ("  " + one_line(row.name), row.value, row.interval, row.n, *row.languages)


def _sizes(lines: Iterable[Sequence[str]]) -> list[int]:
    return [max(map(columns, column)) for column in zip(*lines, strict=True)]


def _total(sizes: Sequence[int], kept: Sequence[int]) -> int:
    return sum(sizes[at] for at in kept) + 2 * (len(kept) - 1)


def _line(cells: Sequence[str], sizes: Sequence[int], kept: Sequence[int]) -> str:
    """Names to the left, numbers to the right of their columns."""
    padded = [" " * (sizes[at] - columns(cells[at])) for at in range(len(cells))]
    first = cells[0] + padded[0]
    return "  ".join([first, *(padded[at] + cells[at] for at in kept[1:])])

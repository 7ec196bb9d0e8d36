"""What Kutip and its peers are worth beside one another: the records, a table, JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.ranking import DEPTH, hit_at, reciprocal_rank
from eval.stats import Difference, Interval
from eval.tables import told
from rag.jsonform import JSONObject
from rag.layout import columns, one_line

KUTIP = "Kutip"
MEASURES = ("mrr@10", "hit@1", "hit@10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one way of finding is worth, and what it costs."""

    name: str
    configuration: str  # in words
    quality: Mapping[str, Interval]  # by article, of the first ten hits: MEASURES
    difference: Difference | None  # of MRR@10 to Kutip's, question by question; None for Kutip
    indexing_seconds: float
    indexing_cpu_seconds: float  # steadier than the clock on a busy machine
    query_ms: tuple[float, float]  # p50 and p95 of one question, its embedding included


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A way of finding that could not be measured here."""

    name: str
    reason: str  # in one line, with what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that was measured in one run, Kutip first."""

    questions: int
    articles: int
    passages: int  # of Kutip's
    model: str
    versions: Mapping[str, str]  # by package
    rows: tuple[Measured, ...]
    skipped: tuple[Skipped, ...] = ()


def quality(names: Sequence[str], wanted: Sequence[str]) -> dict[str, float]:
    """What one list of hits is worth, by the article that each of them is of.

    Only ten hits count; an article that several of them are of has one place, its first.

    >>> quality(["a", "a", "b", "c"], ["b"])
    {'mrr@10': 0.5, 'hit@1': 0.0, 'hit@10': 1.0}
    """
    gold = frozenset(wanted)
    places = [frozenset({0}) if n in gold else frozenset() for n in dict.fromkeys(names[:DEPTH])]
    return {
        "mrr@10": reciprocal_rank(places),
        "hit@1": hit_at(places, 1),
        "hit@10": hit_at(places, DEPTH),
    }


def peer_lines(found: Comparison) -> list[str]:
    """What was measured as lines of less than 80 columns, how everybody was set up after them."""
    kutip = found.rows[0]
    lines = [
        (
            f"{found.questions} questions, {found.articles} articles, {found.passages} passages; "
            f"embedding model {one_line(found.model)}"
        ),
        "",
        *_table(
            ("by article", *(cell for name in MEASURES for cell in (name, "95 %")), "×"),
            [_quality_cells(row, kutip) for row in found.rows],
        ),
        "",
        *_table(
            ("", "index s", "cpu s", "×", "query p50", "×", "p95 ms", "×", "mrr diff.", "p"),
            [_cost_cells(row, kutip) for row in found.rows],
        ),
        "",
        "×: the figure over Kutip's; mrr diff.: MRR@10 less Kutip's, question by question.",
        "Set up, each as its own documentation does it:",
        *(f"  {row.name}: {row.configuration}" for row in found.rows),
        "  " + ", ".join(f"{package} {number}" for package, number in found.versions.items()),
    ]
    return lines + [f"Left out: {each.name}. {each.reason}" for each in found.skipped]


def peers_object(found: Comparison) -> JSONObject:
    """The same as JSON; ratios are the figure over Kutip's, null where Kutip's is 0."""
    kutip = found.rows[0]
    return {
        "questions": found.questions,
        "articles": found.articles,
        "passages": found.passages,
        "model": found.model,
        "versions": dict(found.versions),
        "peers": [_row_object(row, kutip) for row in found.rows],
        "skipped": [{"name": each.name, "reason": each.reason} for each in found.skipped],
    }


def ratio(value: float, ours: float) -> float | None:
    """A figure over Kutip's; None where that is 0.

    >>> ratio(3.0, 2.0), ratio(1.0, 0.0)
    (1.5, None)
    """
    return value / ours if ours else None


def _row_object(row: Measured, kutip: Measured) -> JSONObject:
    paired = row.difference
    return {
        "name": row.name,
        "configuration": row.configuration,
        **{name: _interval_object(row.quality[name]) for name in MEASURES},
        "mrr@10.difference": None
        if paired is None
        else {**_interval_object(paired.interval), "p": paired.p},
        "indexing_seconds": row.indexing_seconds,
        "indexing_cpu_seconds": row.indexing_cpu_seconds,
        "query_ms": {"p50": row.query_ms[0], "p95": row.query_ms[1]},
        "ratios": {
            "mrr@10": ratio(row.quality["mrr@10"].value, kutip.quality["mrr@10"].value),
            "indexing_seconds": ratio(row.indexing_seconds, kutip.indexing_seconds),
            "indexing_cpu_seconds": ratio(row.indexing_cpu_seconds, kutip.indexing_cpu_seconds),
            "query_ms.p50": ratio(row.query_ms[0], kutip.query_ms[0]),
            "query_ms.p95": ratio(row.query_ms[1], kutip.query_ms[1]),
        },
    }


def _interval_object(found: Interval) -> JSONObject:
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n}


def _quality_cells(row: Measured, kutip: Measured) -> list[str]:
    cells = [row.name]
    for name in MEASURES:
        found = row.quality[name]
        cells += [f"{found.value:.3f}", f"{told(found.low)}–{told(found.high)}"]
    return [*cells, _times(row.quality["mrr@10"].value, kutip.quality["mrr@10"].value)]


def _cost_cells(row: Measured, kutip: Measured) -> list[str]:
    p50, p95 = row.query_ms
    paired = row.difference
    return [
        row.name,
        f"{row.indexing_seconds:.2f}",
        f"{row.indexing_cpu_seconds:.2f}",
        _times(row.indexing_cpu_seconds, kutip.indexing_cpu_seconds),
        f"{p50:.1f}",
        _times(p50, kutip.query_ms[0]),
        f"{p95:.1f}",
        _times(p95, kutip.query_ms[1]),
        "" if paired is None else f"{paired.interval.value:+.3f}",
        "" if paired is None else f"{paired.p:.2g}",
    ]


def _times(value: float, ours: float) -> str:
    found = ratio(value, ours)
    return "n/a" if found is None else f"{found:.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns: names to the left, numbers to the right."""
    sizes = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for cells in (head, *rows):
        padded = [" " * (size - columns(c)) for c, size in zip(cells, sizes, strict=True)]
        numbers = [padded[n] + cells[n] for n in range(1, len(cells))]
        lines.append("  ".join([cells[0] + padded[0], *numbers]).rstrip())
    return lines

"""Plots as SVG, to stand inside a page: pure text, coloured by the page's style, no script.

Drawn about as wide as a telephone, so that their letters keep their size there. Whatever comes
from outside is escaped. Each has a title and a description that a screen reader tells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.layout import columns, fitted, one_line

WIDTH = 360
_ROW = 21
_LABEL = 112  # pixels for the names on the left of a row
_LEFT, _RIGHT = 124, 262  # where a row's scale begins and ends
_LETTERS = 17  # of a row's name; what is longer is cut, and told in full when pointed at

# The page decides the colours: --dot, --soft, --line, --ink, --card.
STYLE = """
.plot { width: 100%; max-width: 27rem; height: auto; display: block; }
.plot text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  fill: var(--ink); }
.plot text.soft { fill: var(--soft); font-size: 11px; }
.plot text.strong { font-weight: 600; }
.plot .grid { stroke: var(--line); stroke-width: 1; }
.plot .span { stroke: var(--dot); stroke-width: 2; opacity: .55; }
.plot .dot { fill: var(--dot); }
.plot .line { fill: none; stroke: var(--dot); stroke-width: 2; stroke-linejoin: round; }
.plot .bar { fill: var(--dot); opacity: .75; }
.plot .ring { fill: var(--card); stroke: var(--dot); stroke-width: 2; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One figure with its interval, as a row of a plot."""

    label: str
    value: float
    low: float
    high: float
    n: int
    strong: bool = False  # one of those at the top, that the others are parts of


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point of a curve, and perhaps the interval that its height has."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The seconds that one stage takes: at most this for half of the questions, for 19 of 20."""

    label: str
    p50: float
    p95: float


def dots(
    rows: Sequence[Dot], *, ident: str, title: str, low: float = 0.0, high: float = 1.0
) -> str:
    """A row for each figure: its name, a dot on a scale from `low` to `high`, its interval.

    Figures on a scale that begins at 0 are told in per cent. `ident` is the plot's own name in
    the page.
    """
    per_cent = low >= 0

    def at(value: float) -> float:
        share = (value - low) / (high - low)
        return _LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT)

    def told(value: float) -> str:
        return f"{100 * value:.0f} %" if per_cent else f"{value:+.2f}"

    bottom = 8 + _ROW * len(rows)
    parts: list[str] = []
    for step in range(5):
        tick = low + (high - low) * step / 4
        x = at(tick)
        label = f"{100 * tick:.0f}" if per_cent else f"{tick:g}"
        parts += [
            _line(x, 6, x, bottom, "grid"),
            _text(label, x, bottom + 14, "soft", anchor="middle"),
        ]
    for number, row in enumerate(rows):
        y = 8 + _ROW * number + _ROW / 2
        parts += [
            _name(row.label, y + 4, "strong" if row.strong else ""),
            _line(at(row.low), y, at(row.high), y, "span"),
            f'<circle class="dot" cx="{at(row.value):.1f}" cy="{y:.1f}" r="4"></circle>',
            _text(told(row.value), 314, y + 4, "strong" if row.strong else "", anchor="end"),
            _text(f"n {row.n}", WIDTH - 2, y + 4, "soft", anchor="end"),
        ]
    told_all = "; ".join(
        f"{one_line(r.label)} {told(r.value)}, {told(r.low)} to {told(r.high)}, n {r.n}"
        for r in rows
    )
    return _svg(ident, title, told_all, bottom + 20, parts)


def curve(
    spots: Sequence[Spot],
    *,
    ident: str,
    title: str,
    across: str,
    up: str,
    told: str,
    stepped: bool = False,
) -> str:
    """A line through points between 0 and 1 on both axes, both in per cent.

    `told` says in words what the line shows; `across` and `up` name the axes. A stepped line
    keeps the height of a point up to the next.
    """
    left, right, top, bottom = 40.0, WIDTH - 12.0, 26.0, 216.0

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * (right - left), bottom - y * (bottom - top)

    parts: list[str] = [_text(up, 4, 13, "soft")]
    for step in range(5):
        share = step / 4
        x, y = at(share, share)
        parts += [
            _line(left, y, right, y, "grid"),
            _text(f"{100 * share:.0f}", left - 6, y + 4, "soft", anchor="end"),
            _text(f"{100 * share:.0f}", x, bottom + 15, "soft", anchor="middle"),
        ]
    parts.append(_text(across, right, bottom + 32, "soft", anchor="end"))
    path: list[str] = []
    for number, spot in enumerate(spots):
        x, y = at(spot.x, spot.y)
        if stepped and number:
            path.append(f"{x:.1f},{at(0, spots[number - 1].y)[1]:.1f}")
        path.append(f"{x:.1f},{y:.1f}")
    parts.append(f'<polyline class="line" points="{" ".join(path)}"></polyline>')
    for spot in spots:
        x, y = at(spot.x, spot.y)
        if spot.low is not None and spot.high is not None:
            parts.append(_line(x, at(0, spot.low)[1], x, at(0, spot.high)[1], "span"))
        if spot.filled:
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"></circle>')
    return _svg(ident, title, told, bottom + 40, parts)


def stages(rows: Sequence[Stage], *, ident: str, title: str) -> str:
    """A row for each stage: a bar up to its usual time, a ring where 19 of 20 are done."""
    longest = max((row.p95 for row in rows), default=0.0)
    unit = longest or 1.0  # all in no time: the bars have no length

    def at(value: float) -> float:
        return _LEFT + value / unit * (_RIGHT - _LEFT - 34)  # two times need room at the right

    bottom = 8 + _ROW * len(rows)
    parts = [_line(_LEFT, 6, _LEFT, bottom, "grid")]
    for number, row in enumerate(rows):
        y = 8 + _ROW * number + _ROW / 2
        length = at(row.p50) - _LEFT
        parts += [
            _name(row.label, y + 4, ""),
            (
                f'<rect class="bar" x="{_LEFT}" y="{y - 6:.1f}" width="{length:.1f}" height="12">'
                "</rect>"
            ),
            _line(at(row.p50), y, at(row.p95), y, "span"),
            f'<circle class="ring" cx="{at(row.p95):.1f}" cy="{y:.1f}" r="4"></circle>',
            _text(f"{short(row.p50)} · {short(row.p95)}", WIDTH - 2, y + 4, "", anchor="end"),
        ]
    told = "; ".join(
        f"{one_line(r.label)} usually {short(r.p50)}, in 19 of 20 within {short(r.p95)}"
        for r in rows
    )
    return _svg(ident, title, told, bottom + 6, parts)


def short(seconds: float) -> str:
    """A time in a few letters.

    >>> short(0.0431), short(0.9999), short(2.345), short(75), short(0.0004)
    ('43 ms', '1.0 s', '2.3 s', '75 s', '<1 ms')
    """
    if 0 < seconds < 0.001:
        return "<1 ms"
    if round(seconds * 1000) < 1000:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def _svg(ident: str, title: str, told: str, height: float, parts: Sequence[str]) -> str:
    name = escape(ident, quote=True)
    return "\n".join(
        [
            (
                f'<svg class="plot" viewBox="0 0 {WIDTH} {math.ceil(height)}" role="img" '
                f'aria-labelledby="{name}-title {name}-told">'
            ),
            f'<title id="{name}-title">{escape(one_line(title))}</title>',
            f'<desc id="{name}-told">{escape(one_line(told))}</desc>',
            *parts,
            "</svg>",
        ]
    )


def _name(label: str, y: float, look: str) -> str:
    """The name of a row at its left, cut when it is long."""
    label = one_line(label)
    if columns(label) <= _LETTERS:
        return _text(label, _LABEL, y, look, anchor="end")
    cut = escape(fitted(label, _LETTERS).rstrip())
    style = f' class="{look}"' if look else ""
    return (
        f'<text x="{_LABEL}" y="{y:.1f}" text-anchor="end"{style}>{cut}'
        f"<title>{escape(label)}</title></text>"
    )


def _text(words: str, x: float, y: float, look: str, *, anchor: str = "start") -> str:
    style = f' class="{look}"' if look else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>'
        f"{escape(one_line(words))}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<line class="{look}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"></line>'

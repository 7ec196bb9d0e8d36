"""The plots of the report: every mark where its value is."""

from __future__ import annotations

import pytest

from eval.plots import Dot, Spot, Stage, curve, dots, stages
from tests.eval.report_page import Page


def numbers_of(svg: str, tag: str, attribute: str) -> list[float]:
    return [float(each.attributes[attribute] or "") for each in Page(svg).of(tag)]


def test_a_dot_is_where_its_value_is() -> None:
    """Dots of 0, a half and 1 lie at the ends and in the middle of the scale, which is ticked."""
    rows = [Dot(label=str(v), value=v, low=0.0, high=1.0, n=9) for v in (0.0, 0.5, 1.0)]
    svg = dots(rows, ident="p", title="T")
    left, middle, right = numbers_of(svg, "circle", "cx")
    assert middle == pytest.approx((left + right) / 2)
    spans = [each.attributes for each in Page(svg).of("line", "span")]
    assert {(float(s["x1"] or ""), float(s["x2"] or "")) for s in spans} == {(left, right)}
    assert "50 %, 0 % to 100 %, n 9" in Page(svg).of("desc")[0].text


def test_a_scale_with_losses() -> None:
    """Figures between -1 and 1 are told with their sign, and nothing leaves the scale."""
    row = Dot(label="x", value=-0.5, low=-7.0, high=0.25, n=1)
    svg = dots([row], ident="p", title="T", low=-1.0)
    texts = [each.text for each in Page(svg).of("text")]
    assert texts[:5] == ["-1", "-0.5", "0", "0.5", "1"]
    assert "-0.50" in texts
    (span,) = Page(svg).of("line", "span")
    assert span.attributes["x1"] == Page(svg).of("line", "grid")[0].attributes["x1"]


def test_a_long_name_is_cut() -> None:
    """A long name keeps to its column, and is told in full when pointed at."""
    row = Dot(label="x" * 40, value=0.5, low=0.4, high=0.6, n=1)
    name = Page(dots([row], ident="p", title="T")).of("text")[5].text
    assert name == "x" * 16 + "…" + "x" * 40


def test_a_curve() -> None:
    """Points between 0 and 1 go up as they get larger, from left to right."""
    spots = [Spot(x=0.0, y=0.0), Spot(x=0.5, y=0.5), Spot(x=1.0, y=1.0, low=0.5, high=1.0)]
    svg = curve(spots, ident="p", title="T", across="a", up="u", told="words")
    xs, ys = numbers_of(svg, "circle", "cx"), numbers_of(svg, "circle", "cy")
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert xs[1] == pytest.approx(sum(xs) / 3)
    (line,) = Page(svg).of("polyline")
    points = [f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True)]
    assert line.attributes["points"] == " ".join(points)


def test_stages() -> None:
    """A bar is as long as its time, in the measure of the longest; no time at all is no bar."""
    rows = [Stage(label="one", p50=1.0, p95=4.0), Stage(label="two", p50=2.0, p95=2.0)]
    one, two = numbers_of(stages(rows, ident="p", title="T"), "rect", "width")
    assert two == pytest.approx(2 * one)
    none = [Stage(label="one", p50=0.0, p95=0.0)]
    assert numbers_of(stages(none, ident="p", title="T"), "rect", "width") == [0.0]

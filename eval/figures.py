"""Numbers in few figures, as a reader is shown them."""

from __future__ import annotations

ALIKE = "all alike"  # of an interval without width
_PLACES = (2, 3, 4, 5, 6)
_NOISE = 1e-9  # what sums of other order leave behind


def told(value: float, *, cost: bool = False) -> str:
    """A number in few figures: scores with two places, costs with three figures.

    What is not quite 1 or 0 has as many places as it takes to see that.

    >>> told(0.666), told(0.0431, cost=True), told(1234.5, cost=True), told(-0.0)
    ('0.67', '0.0431', '1234', '0.00')
    >>> told(0.99825), told(1.0), told(0.9999999), told(0.0004)
    ('0.998', '1.00', '0.999999', '0.0004')
    """
    if cost:
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    whole = round(value)
    if whole not in (-1, 0, 1) or abs(value - whole) < _NOISE:
        return f"{value + 0.0:.2f}".replace("-0.00", "0.00")
    for places in _PLACES:
        shown = f"{value:.{places}f}"
        if float(shown) != whole:
            return shown
    if whole == 0:
        return f"{value:.0e}"
    return f"{whole + (1e-6 if value > whole else -1e-6):.6f}"


def span(low: float, high: float, *, cost: bool = False) -> str:
    """An interval in words; of questions that all went alike, there is none.

    >>> span(0.5, 0.75), span(0.67, 0.67)
    ('0.50 to 0.75', 'all alike')
    """
    if low == high:
        return ALIKE
    return f"{told(low, cost=cost)} to {told(high, cost=cost)}"

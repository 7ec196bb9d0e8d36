"""Two rankings made one, by score. Knows nothing of stores, models or records."""

from __future__ import annotations

from collections.abc import Mapping


def fuse(
    lexical: Mapping[str, float], dense: Mapping[str, float], weights: Mapping[str, float]
) -> dict[str, float]:
    """Score ids by ``(1 - w) * words / max(words) + w * max(0, cosine)``, w the id's weight.

    An id that one side does not know gets nothing from it. By score and not by rank:
    reciprocal rank fusion of a strong and a weak ranking is far worse than the strong one
    alone (docs/log.md, fusion).

    >>> fuse({"a": 4.0, "b": 2.0}, {"b": 0.8, "c": -0.1}, dict.fromkeys("abc", 0.5))
    {'a': 0.5, 'b': 0.65, 'c': 0.0}
    """
    best = max(lexical.values(), default=0.0)
    return {
        name: (1 - weights[name]) * (lexical.get(name, 0.0) / best if best > 0 else 0.0)
        + weights[name] * max(0.0, dense.get(name, 0.0))
        for name in dict.fromkeys([*lexical, *dense])
    }

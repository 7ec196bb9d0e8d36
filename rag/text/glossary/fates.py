"""Which concepts tell of what befalls people: how many were freed is not how many were taken.

Used to weigh evidence, never to search. The fates are in the `fates.txt` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

_NONE: frozenset[int] = frozenset()


def fates(concepts: Iterable[str]) -> frozenset[int]:
    """The numbers of the fates that these concepts tell of; two concepts may share one.

    >>> fates(["die"]) == fates(["kill"]), fates(["rescue"]) & fates(["hostage"]), fates(["rice"])
    (True, frozenset(), frozenset())
    """
    known = _load()
    return frozenset(fate for concept in concepts for fate in known.get(concept, _NONE))


@cache
def _load() -> Mapping[str, frozenset[int]]:
    text = resources.files(__package__).joinpath("fates.txt").read_text("utf-8")
    found: dict[str, frozenset[int]] = {}
    lines = [line.split() for line in text.splitlines() if line and line[0] != "#"]
    for number, concepts in enumerate(lines):
        for concept in concepts:
            found[concept] = found.get(concept, _NONE) | {number}
    return found

"""Which concepts say the contrary of another: a sentence about a fall tells of no rise.

Used to weigh evidence, never to search: what is contrary is often told in one article. The pairs
are in the `contraries.txt` beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

_NONE: frozenset[str] = frozenset()


def contraries(concept_id: str) -> frozenset[str]:
    """The ids of the concepts that say the contrary, either way round.

    >>> "sell" in contraries("buy"), "buy" in contraries("sell"), contraries("rice")
    (True, True, frozenset())
    """
    return _load().get(concept_id, _NONE)


@cache
def _load() -> Mapping[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("contraries.txt").read_text("utf-8")
    return parse(text)


def parse(text: str) -> dict[str, frozenset[str]]:
    """The lines `concept ... | concept ...` of a file; "#" begins a comment.

    Raises ValueError, naming the line, for one of another form.

    >>> sorted(parse("rise | fall drop")["rise"])
    ['drop', 'fall']
    """
    found: dict[str, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line[0] == "#":
            continue
        one, bar, other = (part.split() for part in line.partition("|"))
        if not (one and bar and other) or set(one) & set(other):
            raise ValueError(f"line {number}: {line!r}")
        for mine, theirs in ((one, other), (other, one)):
            for concept_id in mine:
                found[concept_id] = found.get(concept_id, _NONE) | frozenset(theirs)
    return found

"""Which concepts tell of another without meaning the same: whoever was killed is in the death toll.

Directed: a sentence that mentions one of a concept's kin tells what a question with that concept
asks; the other way round holds only where it is written too. Used to weigh evidence, never to
search. The lines are in the `kin_*.txt` files beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

_NONE: frozenset[str] = frozenset()


def kin(concept_id: str) -> frozenset[str]:
    """The ids of the concepts that tell of this one, itself not among them.

    >>> "kill" in kin("death_toll"), "death_toll" in kin("rice")
    (True, False)
    """
    return _load().get(concept_id, _NONE)


@cache
def _load() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    files = (f for f in resources.files(__package__).iterdir() if f.name.startswith("kin_"))
    for file in sorted(files, key=lambda f: f.name):
        if file.name.endswith(".txt"):
            for concept_id, others in parse(file.read_text("utf-8")).items():
                found[concept_id] = found.get(concept_id, _NONE) | others
    return found


def parse(text: str) -> dict[str, frozenset[str]]:
    """The lines `concept: concept concept ...` of a file; "#" begins a comment.

    Raises ValueError, naming the line, for one of another form or for a concept given twice.

    >>> sorted(parse("# told by\\ntoll: kill die\\n")["toll"])
    ['die', 'kill']
    """
    found: dict[str, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line[0] == "#":
            continue
        concept_id, colon, others = line.partition(":")
        if not colon or not others.split() or concept_id in found:
            raise ValueError(f"line {number}: {line!r}")
        found[concept_id] = frozenset(others.split()) - {concept_id}
    return found

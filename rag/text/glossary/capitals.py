"""The capital of each country, for news names the one by the other: "the Qatari capital"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources


def capital_of(concept_id: str) -> str | None:
    """The English name of the capital of a country of the glossary; None for anything else.

    >>> capital_of("qatar"), capital_of("doha")
    ('Doha', None)
    """
    return _load().get(concept_id)


@cache
def _load() -> Mapping[str, str]:
    text = resources.files(__package__).joinpath("capitals.txt").read_text("utf-8")
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {country: city for country, _, city in lines}

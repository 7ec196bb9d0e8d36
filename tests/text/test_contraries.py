"""Which concepts say the contrary of another: the form of the lines, and what they name."""

from __future__ import annotations

from importlib import resources

import pytest

from rag.text import glossary
from rag.text.glossary.contraries import contraries, parse
from rag.text.glossary.kin import kin

LINES = resources.files("rag.text.glossary").joinpath("contraries.txt").read_text("utf-8")


def test_every_concept_named_exists() -> None:
    """A line with a mistyped id would never tell of anything."""
    known = {concept.concept_id for concept in glossary.load().concepts}
    assert parse(LINES).keys() - known == set()


def test_no_contrary_tells_of_what_it_is_contrary_to() -> None:
    """Neither side is among the other's kin, but where a death tells of a loss of life."""
    both = {(one, other) for one, others in parse(LINES).items() for other in others & kin(one)}
    assert both == set()


@pytest.mark.parametrize(
    ("one", "other"), [("buy", "sell"), ("men_sport", "women_sport"), ("north", "west")]
)
def test_they_hold_either_way(one: str, other: str) -> None:
    """Whichever is asked."""
    assert other in contraries(one)
    assert one in contraries(other)


@pytest.mark.parametrize("text", ["rise fall", "rise |", "| fall", "rise | rise"])
def test_a_line_of_another_form_is_an_error(text: str) -> None:
    """The line is named."""
    with pytest.raises(ValueError, match="line 1"):
        parse(text)

"""What befalls people: which concepts tell of one fate, and that they exist."""

from __future__ import annotations

from importlib import resources

import pytest

from rag.text import glossary
from rag.text.glossary.fates import fates

LINES = resources.files("rag.text.glossary").joinpath("fates.txt").read_text("utf-8")


def test_every_concept_named_exists() -> None:
    """A line with a mistyped id would never tell of anything."""
    known = {concept.concept_id for concept in glossary.load().concepts}
    named = {
        word for line in LINES.splitlines() if not line.startswith("#") for word in line.split()
    }
    assert named - known == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("die", "kill", True),
        ("hostage", "kidnap", True),
        # Who is held was taken, or arrested.
        ("detain", "hostage", True),
        ("detain", "arrest", True),
        ("arrest", "hostage", False),
        ("free_release", "hostage", False),
        ("injure", "die", False),
    ],
)
def test_which_are_one_fate(one: str, other: str, same: bool) -> None:
    """A count of those who met one is a count of those who met the other."""
    assert bool(fates([one]) & fates([other])) == same


def test_a_concept_of_nobodys_fate() -> None:
    """It tells of none."""
    assert fates(["rice", "phone_call"]) == frozenset()

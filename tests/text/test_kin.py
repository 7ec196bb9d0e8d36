"""Which concepts tell of another: the form of the lines, and that what they name exists."""

from __future__ import annotations

from importlib import resources

import pytest

from rag.text import glossary
from rag.text.glossary.kin import kin, parse

FILES = sorted(
    file.name
    for file in resources.files("rag.text.glossary").iterdir()
    if file.name.startswith("kin_")
)
KNOWN = {concept.concept_id for concept in glossary.load().concepts}
# What a careful reader keeps apart, whichever is asked.
RIVALS = [
    ("buy", "sell"),
    ("win", "lose"),
    ("arrest", "free_release"),
    ("import", "export"),
    ("praise", "criticise"),
    ("kill", "injure"),
    ("north", "south"),
    ("president", "prime_minister"),
    ("phone_call", "meet"),
]


def test_the_files_are_there() -> None:
    """The news, the rest of the world, and what was added to both."""
    assert FILES == ["kin_more_4.txt", "kin_news.txt", "kin_world.txt"]


@pytest.mark.parametrize("name", FILES)
def test_every_concept_named_exists(name: str) -> None:
    """A line with a mistyped id would never tell of anything."""
    lines = parse(resources.files("rag.text.glossary").joinpath(name).read_text("utf-8"))
    assert len(lines) > 500
    named = set(lines).union(*lines.values())
    assert named - KNOWN == set()
    assert not any(concept in others for concept, others in lines.items())


def test_one_way_is_not_the_other() -> None:
    """Whoever was killed is in the death toll; a rise in rice is no death toll."""
    assert "kill" in kin("death_toll")
    assert "rice" in kin("food")
    assert "food" not in kin("rice")
    assert kin("no_such_concept") == frozenset()


@pytest.mark.parametrize(("one", "other"), RIVALS)
def test_rivals_do_not_tell_of_one_another(one: str, other: str) -> None:
    """What must not be taken for the other is kept apart in both ways."""
    assert {one, other} <= KNOWN
    assert other not in kin(one)
    assert one not in kin(other)


@pytest.mark.parametrize("text", ["toll kill", "toll:", "toll: kill\ntoll: die"])
def test_a_line_of_another_form_is_refused(text: str) -> None:
    """Without a colon, without kin, or with a concept that has a line already."""
    with pytest.raises(ValueError, match="line"):
        parse(text)

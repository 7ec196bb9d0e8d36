"""Who does it and to whom it is done, in questions and sentences of both languages."""

from __future__ import annotations

import pytest

from rag.answer.question import analyse
from rag.answer.sides import sides
from rag.answer.sorts import sort_of
from rag.text.language import detect
from tests.answer.spans.test_locate import sentence

# question, sentence, things on the same side of the deed, things on the other
CASES = [
    ("Who accused Danton?", "Petra Oakes accused Danton of fraud.", 1, 0),
    ("Who accused Danton?", "Danton accused Petra Oakes of fraud.", 0, 1),
    ("Who accused Danton?", "Danton was accused by Petra Oakes.", 1, 0),
    ("Whom did Danton accuse?", "Danton accused Petra Oakes of fraud.", 1, 0),
    ("Whom did Danton accuse?", "Petra Oakes accused Danton of fraud.", 0, 1),
    ("Siapa yang menuduh Danton?", "Kemarin Danton dituduh Petra Oakes dalam sidang itu.", 1, 0),
    ("Siapa yang menuduh Danton?", "Danton menuduh Petra Oakes.", 0, 1),
    ("Who accused Danton?", "Petra Oakes spoke. Danton left.", 0, 0),
    # Where it was done is on neither side.
    ("Who was killed in Lorven?", "Soldiers killed Ana Lee in Lorven.", 0, 0),
]


@pytest.mark.parametrize(("question", "text", "same", "other"), CASES)
def test_sides(question: str, text: str, same: int, other: int) -> None:
    """The same deed in active and passive, and turned round."""
    asked = analyse(question, detect(question) or "en")
    assert sides(asked, sentence(text)) == (same, other)


@pytest.mark.parametrize(
    ("question", "sorts"),
    [
        ("Who accused the boats?", {"accused": "act", "boats": "thing"}),
        ("Siapa yang mengguyahkan wirasila?", {"mengguyahkan": "act", "wirasila": "thing"}),
        ("Who met Danton?", {"met": "act", "Danton": None}),
    ],
)
def test_sorts(question: str, sorts: dict[str, str | None]) -> None:
    """By the glossary, and by the shape of the word where it has none."""
    asked = analyse(question, detect(question) or "en")
    assert {u.text: sort_of(u) for u in asked.units} == sorts

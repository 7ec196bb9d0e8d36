"""Verbs that say little beside their noun."""

from __future__ import annotations

import pytest

from rag.answer.question import analyse
from rag.answer.support import supports
from tests.answer.spans.answered import sentence


@pytest.mark.parametrize(
    ("question", "word", "text", "told"),
    [
        ("How many hostages did they take?", "take", "Milisi menyandera 251 orang di desa.", True),
        ("How many hostages did they take?", "take", "Ada 251 sandera di desa itu.", False),
        ("When did she pay a visit to Rome?", "pay", "She visited Rome on Monday.", True),
        ("When did she pay a visit to Rome?", "pay", "Her visit to Rome was on Monday.", False),
        # Who buys tickets does what "buy" says.
        ("How many tickets did they buy?", "buy", "They ticketed the 251 cars.", False),
    ],
)
def test_what_a_verb_says_with_its_noun(question: str, word: str, text: str, told: bool) -> None:
    """A verb of the noun's meaning says as much as both; the noun by itself does not."""
    asked = analyse(question, "en")
    [unit] = [u for u in asked.units if u.text == word]
    assert supports(asked, unit, sentence(text)) == told

"""Whether words name what a question asks about, in either language and in more words."""

from __future__ import annotations

import pytest

from rag.answer.named_in import NamedIn
from rag.answer.question import analyse


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("In which Egyptian city were the talks?", "Mesir", True),
        ("In which Egyptian city were the talks?", "El Alamein", False),
        ("Whom did Biden accuse?", "Joe Biden", True),
        ("Whom did Biden accuse?", "Biden", True),
        ("Whom did Biden accuse?", "Biden Hall", False),
        ("Who is Biden's wife?", "Jill Biden", False),  # all of them have the name
        ("Siapa istri Biden?", "Jill Biden", False),
        ("Where did the talks take place?", "Mesir", False),
    ],
)
def test_what_is_asked_about(question: str, text: str, told: bool) -> None:
    """A country goes by its people, and somebody named whole by the last name."""
    language = "id" if question.startswith("Siapa") else "en"
    assert NamedIn(analyse(question, language)).tells_of(text) == told

"""Whose something is, in questions and sentences of both languages."""

from __future__ import annotations

import pytest

from rag.answer.belongs import belongs
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.test_locate import sentence

QATAR = "Blinken met Qatar's Prime Minister Mohammed Al Thani and the President of Egypt."
MENTERI = "Menteri Luar Negeri Qatar bertemu Presiden Mesir di Kairo."
# question, sentence, things that belong to whom the question says, things that are another's
CASES = [
    ("Who is the prime minister of Egypt?", QATAR, 0, 1),
    ("Who is the prime minister of Qatar?", QATAR, 1, 0),
    ("Who is Qatar's prime minister?", QATAR, 1, 0),
    ("Who is the president of Egypt?", QATAR, 1, 0),
    ("Siapa Menteri Luar Negeri Mesir?", MENTERI, 0, 1),
    ("Siapa Menteri Luar Negeri Qatar?", MENTERI, 1, 0),
    # Across languages: "presiden" and "president" are one concept.
    ("Who is the president of Mesir?", MENTERI, 1, 0),
    # What somebody demands is theirs, told by a noun.
    ("Mengapa Hamas menolak tuntutan Netanyahu?", "Netanyahu menolak tuntutan Hamas itu.", 0, 1),
    ("Why did they reject Qatar's decision?", "They rejected the decision of Egypt.", 0, 1),
    # Nothing there belongs to anybody.
    ("Who is the prime minister of Egypt?", "Egypt has a new government.", 0, 0),
    ("Who met the president?", QATAR, 0, 0),
]


@pytest.mark.parametrize(("question", "text", "kept", "turned"), CASES)
def test_belongs(question: str, text: str, kept: int, turned: int) -> None:
    """The owner stands behind, before or with "of"; another there speaks against."""
    asked = analyse(question, detect(question) or "en")
    assert belongs(asked, sentence(text)) == (kept, turned)

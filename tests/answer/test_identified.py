"""Whether a sentence surely says who somebody is."""

from __future__ import annotations

import pytest

from rag.answer.identified import identified
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.answered import sentence

TALKS = "Blinken discussed it with the president of Egypt, Abdel Fattah al-Sisi, on Tuesday."
LAPID = "Sementara itu, pemimpin oposisi Israel, Yair Lapid, menuduhnya menunda negosiasi."
LORVEN = "Ia tiba di kota Lorven yang terletak di barat laut Kairo, setelah mengunjungi Israel."
BOTH = "Bin Harun, who also serves as foreign minister, called Blinken on Monday."


@pytest.mark.parametrize(
    ("question", "text", "sure"),
    [
        ("What's the name of the president of Egypt?", TALKS, True),
        ("Who is the president of Egypt?", TALKS, True),
        # Another post, another country, and more than a post.
        ("Who is the prime minister of Egypt?", TALKS, False),
        ("Who is the president of Qatar?", TALKS, False),
        ("Who did the president of Egypt meet?", TALKS, False),
        # The holder is known already.
        ("Is Abdel Fattah al-Sisi the name of the president of Egypt?", TALKS, False),
        ("Yair Lapid itu siapa?", LAPID, True),
        ("Siapa Yair Lapid?", LAPID, True),
        ("Siapa Benny Gantz?", LAPID, False),
        ("Where exactly is Lorven?", LORVEN, True),
        ("Where is Veldport?", LORVEN, False),
        ("What other post does Bin Harun hold?", BOTH, True),
        ("What other post does Blinken hold?", BOTH, False),
    ],
)
def test_who_somebody_is(question: str, text: str, sure: bool) -> None:
    """A name beside the very post asked about, or what is told of the one name asked about."""
    asked = analyse(question, detect(question) or "en")
    assert identified(asked, sentence(text)) == sure

"""What only its own kind of word tells of a thing."""

from __future__ import annotations

import pytest

from rag.answer.question import analyse
from rag.answer.traits import trait_untold
from rag.text.language import detect
from tests.answer.test_posts import sentence


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("What colour was the van?", "Lea Poe was seized in a van.", True),
        ("What colour was the van?", "The white van stopped.", False),
        ("Apa warna mobil itu?", "Polisi menyita sebuah mobil.", True),
        ("Apa warna mobil itu?", "Polisi menyita mobil berwarna gelap.", False),
        ("What make of car did Lea Poe drive?", "Lea Poe drove a car.", True),
        ("What make of car did Lea Poe drive?", "Lea Poe drove a Velmar Six.", False),
        ("Apa merek rokok yang disita?", "Polisi menyita 40 dus rokok, kata Bupati Lea.", True),
        # A song is told by its title, and no other name tells it.
        ("what song did they sing at Del Rosal", "They left Del Rosal University singing.", True),
        ("what song did they sing at Del Rosal", 'They sang "Our River" there.', False),
        ("Apa menu jamuan itu?", "Kedua menteri bertemu di Tarn.", True),
        ("Apa menu jamuan itu?", "Tamu disuguhi ikan bakar.", False),
        # Who says so is not whose name it is.
        ("What is the name of the dam?", "Calloway said that the dam broke.", True),
        ("What is the name of the dam?", "The dam, called Iron Gate, broke.", False),
        ("Siapa nama sopirnya?", "Sopirnya, Rudi Mato, ditahan.", False),
        # Other questions are none of its business.
        ("Who painted the van?", "Lea Poe was seized in a van.", False),
        ("What does the name mean?", "It means river.", False),
    ],
)
def test_what_is_not_told(question: str, text: str, untold: bool) -> None:
    """A sentence without a colour tells no colour, and so for makes, titles and names."""
    asked = analyse(question, detect(question) or "en")
    assert trait_untold(asked, sentence(text)) == untold

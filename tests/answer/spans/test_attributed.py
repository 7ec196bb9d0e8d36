"""Whose word a sentence gives, and which questions ask for that."""

from __future__ import annotations

import pytest

from rag.answer.question import analyse
from rag.answer.spans.locate import answer_span
from rag.answer.spans.sought import sought
from rag.text.language import detect
from tests.answer.spans.answered import sentence

AXIOS = (
    "Menurut laporan Axios, mengutip pejabat Israel, Direktur CIA, William Burns, akan mengunjungi"
    " Doha untuk ikut perundingan."
)
KAN = (
    "Penyiar publik Israel, KAN, kemudian mengutip sumber yang tidak disebutkan namanya dari tim"
    " negosiasi Israel yang mengklaim bahwa Netanyahu mengacaukan negosiasi."
)
SISI = "Blinken bertemu al-Sisi, menurut pernyataan dari kepresidenan Mesir."
TOLL = "Some 1,208 people were killed, according to data from the health ministry of Lorven."


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Who did Axios cite on the trip of Burns?", AXIOS, "pejabat Israel"),
        ("Axios dapat kabar soal Burns dari siapa?", AXIOS, "pejabat Israel"),
        (
            "Siapa yang dikutip KAN?",
            KAN,
            "sumber yang tidak disebutkan namanya dari tim negosiasi Israel",
        ),
        ("Pertemuan itu diketahui dari pernyataan siapa?", SISI, "kepresidenan Mesir"),
        ("Whose figures are these for the dead?", TOLL, "the health ministry of Lorven"),
        # Nobody is named but whom the question names.
        ("Whose data are these of the health ministry of Lorven?", TOLL, None),
        ("Who did Reuters cite on it?", "Burns will travel to Doha on Monday.", None),
    ],
)
def test_whom_a_sentence_has_it_from(question: str, text: str, answer: str | None) -> None:
    """Behind the words that attribute, without what was said or counted."""
    told = sentence(text)
    span = answer_span(analyse(question, detect(question) or "en"), told)
    found = None if span is None else told.text[span.start : span.end]
    assert found == answer or (found is not None and answer == f"the {found}")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Whom did the paper quote?", True),
        ("Whose data put the dead at 12?", True),
        ("Kabar itu dikutip dari media mana?", True),
        ("Sumber Axios siapa?", True),
        # Who reports it, and what a source says.
        ("Who quoted an unnamed source?", False),
        ("Menurut sumber KAN, siapa yang mengacaukan negosiasi?", False),
        ("When did the source say that?", False),
        ("Who is the source of the Nile named for?", False),
    ],
)
def test_what_asks_for_it(question: str, asks: bool) -> None:
    """Whose word it is, not who spreads it."""
    assert (sought(question).sort == "source") == asks


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "In which month did it stop?",
            "It stopped on Tuesday, and began in May 2019.",
            "May 2019",
        ),
        ("Tanggal berapa rapatnya?", "Rapat digelar pada Selasa.", None),
        ("Tanggal berapa rapatnya?", "Rapat digelar pada Selasa (14/5).", "Selasa (14/5)"),
        ("On what dates was it held?", "It was held on 15 May.", "15 May"),
        ("Hari apa rapatnya?", "Rapat digelar pada Mei lalu.", None),
        ("Which year was it?", "It was in May 2019, they say.", "May 2019"),
        ("Which year was it?", "It was in May.", None),
        ("Kapan rapatnya?", "Rapat digelar pada Selasa.", "Selasa"),
    ],
)
def test_a_date_is_told_as_finely_as_asked(question: str, text: str, answer: str | None) -> None:
    """A weekday is no month, and no day of the calendar."""
    told = sentence(text)
    span = answer_span(analyse(question, detect(question) or "en"), told)
    assert (None if span is None else told.text[span.start : span.end]) == answer

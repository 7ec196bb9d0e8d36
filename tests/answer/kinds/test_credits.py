"""Who wrote, edited or photographed an article, from its lines of credits."""

from __future__ import annotations

import pytest

from rag.answer.evidence import read
from rag.answer.extract import Evidence, Pick
from rag.answer.kinds.credits import credited, part_asked
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.passages import hit

HARBOUR = (
    "Pelabuhan Lorven Dibuka\nFoto : ARDAPRES/RUDI HALIM\nNelayan menjemur ikan di dermaga.\n"
    "Pelabuhan Lorven dibuka kembali pada Senin. Kapal pertama datang dari Veldport.\n"
    "Redaktur : Sari Wening\nPenulis : Bagus Tirta"
)
STRIKE = "Nurses strike in Veldport\nNurses in Veldport stopped work on Monday.\nBy Ana Lee"
HITS = [hit(HARBOUR, "id"), hit(STRIKE, "en")]


def ask(question: str) -> Evidence:
    """What the credits of both articles tell; everything weighs the same."""
    asked = analyse(question, detect(question) or "en")
    part = part_asked(question)
    assert part is not None
    sentence = read(HITS)[0][3]
    before = Evidence(picks=(Pick(sentence, 0.8),), score=0.8, missing=())
    return credited(asked, part, read(HITS), dict.fromkeys(asked.units, 1.0), before)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Who wrote the article about the harbour?", "author"),
        ("who is the author of the piece on Lorven", "author"),
        ("siapa yang nulis berita pelabuhan itu", "author"),
        ("wartawan berita pelabuhan siapa", "author"),
        ("wartawan yang nulis berita pelabuhan siapa", "author"),
        ("ARDAPRES mengambil beritanya dari media mana?", "source"),
        ("Berita soal pelabuhan ditulis oleh siapa?", "author"),
        ("Who edited the story?", "editor"),
        ("Siapa redaktur artikel itu?", "editor"),
        ("Who took the photo of the fishermen?", "photo"),
        ("Foto nelayan itu karya siapa?", "photo"),
        ("Which agency supplied the photo of the fishermen?", "photo"),
        ("Foto di berita itu milik kantor berita mana?", "photo"),
        ("jepretan siapa foto nelayan itu", "photo"),
        ("Berita ARDAPRES soal itu mengambil dari kantor berita mana?", "source"),
        ("Berita itu bersumber dari mana?", "source"),
        ("What is the source of the article?", "source"),
        # A report, a book or a letter is something that the news tells of.
        ("Who wrote the report on the harbour?", None),
        ("Siapa yang menulis surat kepada gubernur?", None),
        ("Which journalist was arrested?", None),
        ("Siapa yang ada di foto itu?", None),
    ],
)
def test_what_asks_for_a_part(question: str, part: str | None) -> None:
    """Only a question for who made the article itself."""
    assert part_asked(question) == part


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Siapa penulis berita pelabuhan Lorven?", "Bagus Tirta"),
        ("Who edited the article about Lorven harbour?", "Sari Wening"),
        ("Who took the photo of the fishermen drying fish?", "ARDAPRES/RUDI HALIM"),
        ("Who wrote the article about the nurses in Veldport?", "Ana Lee"),
    ],
)
def test_the_line_that_names_them(question: str, name: str) -> None:
    """The credits of the article that is about it, and the name in them."""
    found = ask(question)
    assert found.score >= 0.6
    assert found.located is not None
    span = found.located.span
    assert found.located.sentence.text[span.start : span.end] == name
    assert [pick.sentence for pick in found.picks] == [found.located.sentence]


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the article about the election in Ardania?",  # nothing about it
        "Who edited the article about the nurses in Veldport?",  # nobody is said to have
        "Who took the photo of the ship from Veldport?",  # the photo is of something else
        "Who wrote the article?",  # there are two
    ],
)
def test_who_is_not_named_is_not_told(question: str) -> None:
    """No other line is taken for it, and what was found counts for little."""
    assert ask(question).score == 0.2

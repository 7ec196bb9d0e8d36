"""Whose something is, in questions and sentences of both languages."""

from __future__ import annotations

import pytest

from rag.answer.belongs import belongs
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.answered import sentence

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
    ("Which of Netanyahu's demands failed?", "Netanyahu menolak tuntutan Hamas itu.", 0, 1),
    ("What did he call Hamas's comments?", "Kemarin ia menolak komentar Presiden Joe Biden.", 0, 1),
    # A verb and to whom it is done.
    ("When did Hamas attack Israel?", "Israel terus berperang sejak serangan Hamas.", 1, 0),
    # Nothing there belongs to anybody.
    ("Who is the prime minister of Egypt?", "Egypt has a new government.", 0, 0),
    ("Who met the president?", QATAR, 0, 0),
    ("Who met the president?", QATAR, 0, 0),
    # The name behind a post is its holder's, unless another follows it.
    ("Who is the boss of Brightwell?", "Chief executive Ana Stroud blamed the price.", 0, 0),
    ("Siapa presiden Marenia?", "Presiden Kaldoria, Ana Lee, tiba kemarin.", 0, 1),
    # Somebody else's counterpart holds the post in his own land.
    (
        "Siapa menteri luar negeri Karsund?",
        "Velmark's foreign minister and her Karsund counterpart.",
        1,
        0,
    ),
    # Only a name of the owner's kind stands for another's, and not where the owner is there, too.
    ("Where is the office of Orca Petroleum?", "The office in Aberdeen is shut.", 0, 0),
    ("Mengapa rapat pleno KPU diskors?", "Rapat pleno di Hotel Kirana diskors dua jam.", 0, 0),
    ("How many dogs of Lorven died?", "In Lorven 30 dogs of Marenia died.", 0, 0),
    ("How many pilots did Karsava free?", "Karsava freed two Ulmar pilots.", 0, 0),
    # A team that negotiates is somebody's, however long it is called.
    ("Siapa ketua tim perunding Hamas?", "Ketua tim negosiasi Israel berbicara.", 0, 1),
    # What is asked of somebody is not his alone.
    ("Apa jabatan Ana Lee?", "Ketua Umum Partai Karya, Ana Lee, tiba.", 0, 0),
]


@pytest.mark.parametrize(("question", "text", "kept", "turned"), CASES)
def test_belongs(question: str, text: str, kept: int, turned: int) -> None:
    """The owner stands behind, before or with "of"; another there speaks against."""
    asked = analyse(question, detect(question) or "en")
    assert belongs(asked, sentence(text)) == (kept, turned)

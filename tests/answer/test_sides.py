"""Who does it and to whom it is done, in questions and sentences of both languages."""

from __future__ import annotations

import pytest

from rag.answer.question import analyse
from rag.answer.sides import sides_kept
from rag.answer.sorts import sort_of
from rag.answer.turned import turned
from rag.text.language import detect
from tests.answer.spans.answered import sentence

# question, sentence, things on the same side of the deed, names on the other
CASES = [
    ("Who accused Danton?", "Petra Oakes accused Danton of fraud.", 1, 0),
    ("Who accused Danton?", "Danton accused Petra Oakes of fraud.", 0, 1),
    ("Who accused Danton?", "Danton was accused by Petra Oakes.", 1, 0),
    ("Who was accused by Danton?", "Danton was accused by Petra Oakes.", 0, 1),
    ("Whom did Danton accuse?", "Danton accused Petra Oakes of fraud.", 1, 0),
    ("Whom did Danton accuse?", "Petra Oakes accused Danton of fraud.", 0, 1),
    ("Siapa yang menuduh Danton?", "Kemarin Danton dituduh Petra Oakes dalam sidang itu.", 1, 0),
    ("Siapa yang menuduh Danton?", "Kemarin Danton menuduh Petra Oakes dalam sidang itu.", 0, 1),
    ("Siapa yang menuduh Danton?", "Danton menuduhnya menunda sidang.", 0, 1),
    ("Who accused Danton?", "Petra Oakes spoke. Danton left.", 0, 0),
    # Where it was done is on neither side.
    ("Who was killed in Lorven?", "Soldiers killed Ana Lee in Lorven.", 0, 0),
    # Somebody else did it, or it was done to somebody else.
    ("Berapa dolar yang dijanjikan Qatar?", "Mesir menjanjikan bantuan enam juta euro itu.", 0, 1),
    ("When was Mira Lesmana arrested?", "Dewanto Harja was arrested in May.", 0, 1),
    ("Who accused Danton?", "The mayor of the town, Ana Danton, accused her of it.", 0, 1),
    # Each with another.
    ("What did Petra Oakes and Ana Lee discuss?", "Petra Oakes discussed it with Bo Ray.", 1, 1),
    ("What did Petra Oakes and Ana Lee discuss?", "Petra Oakes discussed it with Ana Lee.", 1, 0),
    ("What did Petra Oakes and Ana Lee discuss?", "Blinken discussed it with Ana Lee.", 0, 1),
    # Where they talked is nobody who talked.
    ("Who met Ana Lee in Mombasa?", "Ana Lee discussed the route with Bo Ray.", 0, 0),
    # A noun tells that it was the one asked about who did it.
    ("When did Hamas attack?", "Israel attacked Gaza after Hamas's attack in October.", 1, 0),
    # Who it was stands behind a remark.
    (
        "How many passengers did Northaven carry?",
        "In May Marisol, the bigger of the two, carried 27 million passengers.",
        0,
        1,
    ),
    # Who beat her is told further before, not by the name right before "after beating".
    (
        "Siapa yang dikalahkan Laras Pramesti?",
        "Laras Pramesti menjuarai Piala Terbuka setelah mengalahkan Freja Holm.",
        1,
        0,
    ),
    # A deed told by a noun's word, and one that goes along with another.
    ("Why was Ana Lee fined?", "Petra Oakes fined Bo Ray for it.", 0, 1),
    ("When did Freja Holm beat Laras?", "Laras won after beating Freja Holm.", 0, 2),
    # A post may be anybody's, and whether it was he is answered by who it was.
    ("Berapa meter gubernur menggeser tanggul?", "Ana Lee menggeser tanggul itu.", 1, 0),
    ("Did Danton accuse Petra Oakes?", "Petra Oakes accused Danton of fraud.", 0, 0),
    # A noun tells of the deed: nothing is said of who did it.
    ("When did Hamas attack Israel?", "Israel terus berperang sejak serangan Hamas.", 0, 0),
    # The helper before the name asked about.
    ("Was the Lorven coach dismissed?", "The Lorven coach was dismissed.", 1, 0),
    ("By whom was Pascall suspended?", "Callis Line suspended Pascall.", 0, 0),
    # Whoever does it there, a country for a party, a person for a country.
    ("Which dam does Ardania want to keep?", "Petra Oakes wants to keep the dam.", 0, 1),
    ("Which dam does Ardania insist on?", "Kemarin Sastra menegaskan bendungan itu.", 0, 1),
    ("Kapan Ardania akan menjadi tuan rumah?", "Velmark akan menjadi tuan rumah.", 0, 1),
    # Two of the question, and the other does it.
    (
        "Kenapa Danton menolak Oakes?",
        "Kemarin Petra Oakes menolak usulan yang dibuat Danton.",
        0,
        2,
    ),
    # What a noun tells to be somebody's.
    ("Tuntutan Ardania apa yang dibahas?", "Menteri membahas tuntutan Velmark pada Rabu.", 0, 1),
    ("Tuntutan Ardania apa yang dibahas?", "Menteri membahas tuntutan Ardania pada Rabu.", 1, 0),
    ("What Egyptian demand was met?", "In May Qatar's demand was met.", 0, 1),
    # A name that tells whose, or which, does nothing itself.
    ("Why did Ardania's team walk out?", "The Velmark delegation walked out.", 0, 0),
    ("Sejak kapan klub Vesterby memakai aula?", "Ana Lee memakai aula itu.", 1, 0),
    # "Her" may well be the one.
    ("Siapa yang menuduh Wickstead?", "Petra Oakes accused her of it.", 0, 0),
    # As it is said.
    ("Danton nuduh Oakes apa?", "Kemarin Petra Oakes menuduh Danton telah berbohong.", 0, 2),
    # Other nouns stand between, or the name only tells which they are.
    (
        "Who will lead the inquiry into the Tarn jailbreak?",
        "Danton ordered an inquiry led by Petra Oakes.",
        0,
        0,
    ),
    ("What do Tarn growers get for a kilo?", "Petani menerima Rp14.500 per kilogram.", 0, 0),
    # A helper of another verb makes nothing passive.
    ("Why did Ana Danton resign?", "The vote was called after Ana Danton resigned.", 1, 0),
    # A name between commas.
    ("Why is Oakes stepping down?", "Her deputy, Ana Danton, is to step down in May.", 0, 1),
    ("Who was arrested with Oakes?", "They freed Oakes, who was arrested in May.", 0, 0),
    # A noun behind a verb is no verb.
    ("What fee does Oakes have to pay Danton?", "Danton must pay Oakes a break fee.", 1, 2),
    # Doing it, each does it with the other.
    ("Who met Danton?", "Danton met Petra Oakes.", 0, 0),
]


@pytest.mark.parametrize(("question", "text", "same", "other"), CASES)
def test_sides(question: str, text: str, same: int, other: int) -> None:
    """The same deed in active and passive, turned round, and done by another."""
    asked = analyse(question, detect(question) or "en")
    told = sentence(text)
    assert turned(asked, told) == other
    assert (sides_kept(asked, told) > 0) == (same > 0)


@pytest.mark.parametrize(
    ("question", "other"),
    [("What does Oakes accuse Velmark of?", 1), ("What does Oakes accuse Danton of?", 0)],
)
def test_him_is_whom_the_sentence_before_names(question: str, other: int) -> None:
    """ "Menuduhnya" is done to Danton, of whom the sentence before tells."""
    before = sentence("Pada Minggu, Ana Danton menegaskan rencananya.")
    told = sentence("Petra Oakes menuduhnya menunda sidang.")
    assert turned(analyse(question, "en"), told, before) == other


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

"""How closely an answer stands to what is asked about; weights all 1, shares worked out by hand."""

from __future__ import annotations

import pytest

from rag.answer.bond import Bond, bond, numbered
from rag.answer.question import analyse
from rag.answer.reading import Reading
from rag.text.language import detect
from tests.answer.spans.answered import sentence

SHIP = "France is sending a ship with two helicopters, and Peru has promised 20 doctors."


def bound(question: str, text: str) -> Bond:
    """The bond of one sentence, each unit of the question weighing the same."""
    asked = analyse(question, detect(question))
    read = sentence(text)
    weights = dict.fromkeys(asked.units, 1.0)
    return bond(asked, read, weights, Reading(asked, [read], weights).typed(read))


def test_a_number_in_another_clause_than_who_is_asked_about() -> None:
    """Units: France, doctors, sending. No clause has all three, and 20 stands with doctors only."""
    found = bound("How many doctors is France sending?", SHIP)
    assert found.clause == pytest.approx(2 / 3)  # France, sending
    assert found.answer == pytest.approx(2 / 3)  # "two" stands there too
    assert found.counted == 1.0


def test_all_of_it_in_one_clause() -> None:
    """Peru, doctors, promised: one clause, with the number."""
    assert bound("How many doctors has Peru promised?", SHIP) == Bond(1.0, 1.0, 1.0)


def test_what_is_counted_has_no_number() -> None:
    """The number in the sentence counts something else."""
    found = bound("Berapa dokter yang dikirim Peru?", "Peru mengirim dokter dan 3 kapal ke Lorven.")
    assert found.counted == 0.0


def test_nothing_is_counted() -> None:
    """Who did something asks for no number."""
    assert bound("Who promised doctors?", SHIP).counted == 0.5


@pytest.mark.parametrize(
    ("question", "text", "counted"),
    [
        ("Berapa nyawa yang melayang?", "Banjir merenggut nyawa 12 orang.", 1.0),
        ("Berapa penontonnya?", "Jumlah penonton selama tiga hari mencapai 26.000 orang.", 1.0),
        ("Berapa polisi yang ditangkap?", "Polisi menangkap 31 pengunjuk rasa.", 0.0),
        # Some of those told of before.
        ("Berapa santri yang dirawat?", "Seorang santri wafat dan 38 lainnya dirawat.", 0.5),
        # What is no count: a sum, an hour, a year.
        ("Berapa kerugian akibat banjir?", "Kerugian ditaksir pemerintah Rp3 miliar.", 0.5),
        ("Jam berapa bus menabrak truk?", "Bus menabrak 3 truk pukul 03.20.", 0.5),
        # Another word may stand for what is counted.
        ("How many doctors has Peru promised?", "Peru has promised 20 more.", 0.5),
        # "How long", "how many people": of anything.
        ("Berapa lama perang itu?", "Perang itu berlangsung 14 bulan.", 0.5),
        ("How many people came?", "Some 12 came.", 0.5),
        # Whose: those of one country are not all.
        ("Berapa warga Peru yang disandera?", "Milisi menyandera 251 orang.", 0.0),
        ("Berapa warga Peru yang disandera?", "Milisi menyandera 12 warga Peru.", 1.0),
        (
            "How many Peruvian doctors came?",
            "Peru sent a ship on Monday morning, and 20 doctors came.",
            0.0,
        ),
        ("How many doctors came to Peru?", "Some 20 doctors came.", 1.0),
    ],
)
def test_what_is_counted(question: str, text: str, counted: float) -> None:
    """Only what is there, and has no number, speaks against a sentence."""
    assert bound(question, text).counted == counted


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Police closed two bridges.", 0.0),  # bridges are no schools
        ("Police found nine people.", 0.3),  # who may be anybody
        ("Police closed two gondwers.", 0.5),  # of which nobody knows what they are
        ("Police closed two schools.", 1.0),
    ],
)
def test_numbers_of_other_things(text: str, counted: float) -> None:
    """What a sentence counts that has no word for schools."""
    assert bound("How many schools did police close?", text).counted == counted


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many visits has Oakes made?", ["ninth"]),
        ("How many times did Oakes visit Lorven?", ["ninth"]),
        ("How many books has Oakes written?", []),
    ],
)
def test_a_ninth_visit_tells_how_many(question: str, found: list[str]) -> None:
    """The how-manieth of what is counted, and of nothing else."""
    asked = analyse(question, "en")
    told = sentence("It is the ninth visit of Oakes.")
    assert [told.text[n.start : n.end] for n in numbered(asked, told)][:1] == found

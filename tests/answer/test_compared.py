"""What tells that a sentence is about something else than the question."""

from __future__ import annotations

import pytest

from rag.answer.compared import Compared
from tests.answer.passages import hit
from tests.answer.test_reading import reading

TAKEN = "In that attack the militia also took 251 hostages."
VISIT = "The two ministers met in Doha in May 2019."


def compared(question: str, text: str) -> Compared:
    """One article, read with a question."""
    return reading(question, hit(text, "en"))


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("How many hostages did the army rescue?", TAKEN, True),
        ("Berapa sandera yang tewas?", TAKEN, True),
        ("How many hostages did the militia take?", TAKEN, False),
        # Held, they were taken; and one of two fates that a sentence tells is asked about.
        ("How many hostages are detained?", TAKEN, False),
        ("How many were hurt?", "Twelve people were killed and 30 injured.", False),
        ("How many were hurt?", "Twelve people were killed.", True),
        ("Why was he not killed?", "He survived as he was late.", False),
        ("How many ships sank?", "Twelve people were killed.", False),
    ],
)
def test_another_fate(question: str, text: str, other: bool) -> None:
    """Who was taken is counted apart from who was freed."""
    asked = compared(question, text)
    assert asked.another_fate(0) == other
    assert asked.surely_else(0) == other


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("How many crew members died?", "The ship carried 14 crew members.", True),
        ("How many crew members died?", "Two crew members were killed.", False),
        ("Who was arrested over the message?", "Police spokesman Ana Lee read the message.", True),
        ("How was he arrested over the message?", "The spokesman read the message.", False),
    ],
)
def test_no_word_for_what_befell_them(question: str, text: str, untold: bool) -> None:
    """The count of those aboard is none of those who died."""
    assert compared(question, text).fate_untold(0) == untold


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("Who is the goalkeeper of Lorven?", "Coach Ana Lee has left Lorven.", True),
        ("Who is the coach of Lorven?", "Coach Ana Lee has left Lorven.", False),
        ("Siapa kiper Lorven?", "Coach Ana Lee has left Lorven.", True),
        # The post is not what is asked for.
        ("Who met the goalkeeper of Lorven?", "Coach Ana Lee has left Lorven.", False),
    ],
)
def test_no_word_for_who_is_asked_for(question: str, text: str, untold: bool) -> None:
    """ "Who is the goalkeeper?" is answered by nothing without one."""
    assert compared(question, text).role_untold(0) == untold


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Where did the ministers meet in 2014?", True),
        ("Where did the ministers meet in June?", True),
        ("Where did the ministers meet in May 2019?", False),
        ("Where did the ministers meet in 2019?", False),
        ("Where did the ministers meet?", False),
        # A day of the week says nothing of the month.
        ("Where did the ministers meet on Monday?", False),
    ],
)
def test_another_year_or_month(question: str, other: bool) -> None:
    """Only where the sentence tells one, and not the one asked about."""
    asked = compared(question, VISIT)
    assert asked.another_date(0) == other
    assert asked.surely_else(0) == other


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("How many lecturers were hurt?", "Fourteen students were hurt.", True),
        ("How many students were hurt?", "Fourteen students were hurt.", False),
        ("Berapa anak yang tewas?", "Seven workers were killed.", True),
        # People are counted by any word for people; a sum is none of it.
        ("How many people were hurt?", "Fourteen students were hurt.", False),
        ("How much did the doctors ask for?", "The nurses asked for 5 dollars.", False),
    ],
)
def test_others_are_counted(question: str, text: str, untold: bool) -> None:
    """How many workers died is not how many children did."""
    assert compared(question, text).counted_untold(0) == untold


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("What tariff did Chile impose?", "Chile banned lemons over a fly.", True),
        ("What tariff did Chile impose?", "Chile imposed a tariff of ten percent.", False),
    ],
)
def test_what_is_asked_for_is_not_mentioned(question: str, text: str, untold: bool) -> None:
    """The noun behind "what"."""
    assert compared(question, text).noun_untold(0) == untold


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("Who is the prosecutor?", "Prosecutor Ana Lee spoke.", True),
        ("Siapa jaksa sidang itu?", "Prosecutor Ana Lee spoke.", True),
        ("Who is the prosecutor?", "The prosecutor spoke.", False),
        ("Who met the prosecutor?", "Prosecutor Ana Lee spoke.", False),
    ],
)
def test_a_post_with_its_holder(question: str, text: str, held: bool) -> None:
    """Where who holds it is asked."""
    assert compared(question, text).role_held(0) == held


def test_rice_is_not_set_free() -> None:
    """What befalls people is no matter of prices."""
    asked = compared("Dengan harga berapa beras dilepas?", "The rice costs 5 dollars.")
    assert not asked.fate_untold(0)


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("When was the deputy mayor of Tarn arrested?", "The mayor was arrested in May.", True),
        ("When was the mayor of Tarn arrested?", "The deputy mayor was arrested in May.", True),
        ("When was the mayor of Tarn arrested?", "The mayor was arrested in May.", False),
        ("Apa kata presiden?", "Wakil Presiden Lea Poe menolak.", True),
    ],
)
def test_a_deputy_is_another(question: str, text: str, other: bool) -> None:
    """Of either the sentence tells nothing that was asked of the other."""
    assert compared(question, text).surely_else(0) == other


@pytest.mark.parametrize(
    ("question", "other"),
    [("How many times did Kestria and Velmark meet?", False), ("What did Kestria say?", True)],
)
def test_who_says_so_is_nobody_else(question: str, other: bool) -> None:
    """ "Mr Barwani said the two had met" tells of the two; asked for words, they are Barwani's."""
    text = "It rained. It snowed. Nothing. Nobody. Mr Barwani said the two had met 23 times."
    assert compared(question, text).of_another(4) == other


def test_a_number_belongs_to_the_name_before_it() -> None:
    """The 17 of "group 17" is told of all the article, as the 20 of 20 buses is not."""
    text = "Group 17 is stranded. It rained. They got 300 dollars each."
    asked = compared("How much did each pilgrim of group 17 get?", text)
    (number,) = [u for u in asked.question.units if u.kind == "number"]
    assert asked.near(number, 2) == pytest.approx(0.75)
    other = compared("How much did 17 pilgrims get?", text)
    (number,) = [u for u in other.question.units if u.kind == "number"]
    assert other.near(number, 2) < 0.5


def test_still_is_told_of_those_who_are_counted() -> None:
    """ "Still" in the next sentence, of something else, tells nothing of the hostages."""
    asked = "How many hostages are still held?"
    assert not compared(asked, f"{TAKEN} The war still goes on.").lasting(0)
    assert compared(asked, f"{TAKEN} Some of the hostages are still missing.").lasting(0)
    assert compared(asked, "The militia still holds 97 hostages.").lasting(0)
    assert compared("How many hostages were taken?", TAKEN).lasting(0)

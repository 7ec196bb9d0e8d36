"""What tells that a sentence is about something else than the question."""

from __future__ import annotations

import pytest

from rag.answer.compared import Compared
from rag.text.language import detect
from tests.answer.passages import hit
from tests.answer.test_reading import RAIN, reading

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


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("Police in Zeehaven held ten men. In Guay nobody was held.", [True, False]),
        ("Fire in Guay. Police in Zeehaven held ten men.", [False, False]),
        ("The men were held by police. Guay is far.", [False, False]),
    ],
)
def test_another_place_than_the_one_asked_about(text: str, away: list[bool]) -> None:
    """Unless the lead names the one asked about, which the other may lie in."""
    far = RAIN if "Fire" not in text else ""
    found = reading("How many men were held in Guay?", hit(far + text, "en"))
    assert [found.displaced(i) for i in range(len(found.sentences))][-2:] == away


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("Which hotel did Ana Lee stay at?", 0.0),
        ("Ana Lee menginap di hotel mana?", 0.0),
        ("Which palace did Ana Lee stay at?", 1.0),
        ("Which city did Ana Lee stay in?", 1.0),  # a city's name tells that it is one
        ("Who stayed at the hotel?", 1.0),  # no noun is asked for
    ],
)
def test_what_which_hotel_asks_for(question: str, sought: float) -> None:
    """An answer has a hotel, or nothing in it is one."""
    found = reading(question, hit("Ana Lee stayed at the palace in Lorven.", "en"))
    assert found.sought(0) == sought


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("When did the agriculture minister resign?", True),
        ("Kapan menteri pertanian mundur?", True),
        ("When did the trade minister resign?", False),
        ("When did the minister resign?", False),
    ],
)
def test_another_minister_than_the_one_asked_about(question: str, another: bool) -> None:
    """Two posts of one sort, whatever the language."""
    found = reading(question, hit("Menteri Perdagangan mundur pada Mei.", "id"))
    assert found.another_post(0) == another


@pytest.mark.parametrize(
    ("question", "timely"),
    [
        ("When will the tunnel open?", [True, False]),
        ("Kapan terowongan itu akan dibuka?", [True, False]),
        ("When did the tunnel open?", [True, True]),
    ],
)
def test_what_is_to_come(question: str, timely: list[bool]) -> None:
    """Asked of that, what was is no answer; asked of what was, either may be."""
    text = "The tunnel will open in May. The tunnel was dug in 1990."
    found = reading(question, hit(text, "en"))
    assert [found.timely(i) for i in (0, 1)] == timely


@pytest.mark.parametrize(
    ("question", "contrary"),
    [
        ("When did Ana Lee buy the boat?", True),
        ("Kapan Ana Lee membeli perahu?", True),
        ("When did Ana Lee sell the boat?", False),
        ("When did Ana Lee paint the boat?", False),
    ],
)
def test_the_contrary_of_what_is_asked(question: str, contrary: bool) -> None:
    """Who sold it did not buy it then."""
    found = reading(question, hit("Ana Lee sold the boat in May.", "en"))
    assert found.contrary(0) == contrary


def test_the_contrary_answers_whether_it_is_so() -> None:
    """Who is asked whether he bought it, and sold it, has answered."""
    found = reading("Did Ana Lee buy the boat?", hit("Ana Lee sold the boat in May.", "en"))
    assert not found.contrary(0)


def test_what_only_another_sentence_tells() -> None:
    """The arrest is told of others, further down; of what the lead tells all of it may be."""
    question = "Why was Ana Lee arrested?"
    text = "Ana Lee left because she was ill. Police arrested six men."
    assert reading(question, hit(RAIN + text, "en")).deed_elsewhere(3)
    led = "Police arrested six. " + RAIN + text
    assert not reading(question, hit(led, "en")).deed_elsewhere(4)
    assert not reading("Why did Ana Lee leave?", hit(RAIN + text, "en")).deed_elsewhere(3)


def test_what_others_got_tells_nothing_of_whom_the_question_names() -> None:
    """Unless the lead names him: then what follows may be told of him."""
    filler = RAIN
    found = reading(
        "How much did Garuda Timur get?",
        hit(filler + "Ana Rinjani got 750 euros. The sum was paid. Garuda Timur lost.", "en"),
    )
    assert [found.of_another(i) for i in (3, 4, 5)] == [True, False, False]
    led = hit("Garuda Timur lost. Rain fell. Snow fell. Ana Rinjani got 750 euros.", "en")
    assert not reading("How much did Garuda Timur get?", led).of_another(3)


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("When was the tenth visit?", True),
        ("When was the ninth visit?", False),
        ("Kapan kunjungan kesepuluh itu?", True),
        ("When was the first visit?", False),  # as often a way of speaking
        ("When was the visit?", False),
    ],
)
def test_the_how_manieth_is_another(question: str, another: bool) -> None:
    """The ordinal may stand beside the sentence, but must stand there."""
    found = reading(question, hit("It was her ninth visit to Lorven. She came on Monday.", "en"))
    assert [found.another_ordinal(i) for i in (0, 1)] == [another, another]


@pytest.mark.parametrize(
    ("question", "text", "lasting"),
    [
        ("How many hostages are still held?", "The militia took 251 hostages.", False),
        ("How many hostages are still held?", "Of the hostages 97 remain in Gaza.", True),
        ("Berapa sandera yang masih ditahan?", "Milisi menyandera 251 orang.", False),
        ("Berapa sandera yang masih ditahan?", "Sebanyak 97 sandera belum pulang.", True),
        ("How many hostages were held?", "The militia took 251 hostages.", True),
        ("Who is still held?", "The militia holds Ana Lee.", True),  # counts nothing
    ],
)
def test_how_many_there_still_are(question: str, text: str, lasting: bool) -> None:
    """How many were taken is not how many are still held."""
    language = "id" if "sandera" in question else "en"
    assert reading(question, hit(text, language)).lasting(0) == lasting


@pytest.mark.parametrize(
    ("question", "by_another"),
    [
        ("Why did Egypt suspend the mediation?", True),  # Qatar did
        ("Why did Qatar suspend the mediation?", False),
        ("Why did Egypt praise the mediation?", False),  # nobody is said to have
        ("Why was the mediation suspended?", False),  # nobody is named
    ],
)
def test_whether_all_who_did_it_are_others(question: str, by_another: bool) -> None:
    """One sentence tells of the suspending; the one that names Egypt tells of nothing asked."""
    text = RAIN + "In November Qatar suspended the mediation. Egypt sent food. Lorven was calm."
    assert reading(question, hit(text, "en")).done_by_another == by_another


@pytest.mark.parametrize(
    ("question", "text", "else_"),
    [
        # Another post, another land's, the head of something else, no hotel.
        (
            "Siapa Menteri Pertahanan Ardania?",
            "Menteri Keuangan Ardania, Bo Ray, tiba kemarin.",
            True,
        ),
        ("Siapa pemimpin oposisi Mesir?", "Pemimpin oposisi Qatar, Bo Ray, tiba di sana.", True),
        ("Siapa pemimpin oposisi Qatar?", "Pemimpin oposisi Qatar, Bo Ray, tiba di sana.", False),
        ("Siapa ketua tim dagang?", "Kata tim dagang itu, Kepala Otoritas Bo Ray pergi.", True),
        ("Siapa ketua tim dagang?", "Ketua tim dagang itu, Bo Ray, pergi ke sekolah.", False),
        ("Siapa direktur pabrik gula?", "Direktur perusahaan itu, Bo Ray, pergi kemarin.", False),
        ("At which hotel did Ana Lee stay?", "Ana Lee met Bo Ray in Doha.", True),
        ("At which hotel did Ana Lee stay?", "Ana Lee met Bo Ray at the Hotel Arum.", False),
    ],
)
def test_what_surely_tells_of_something_else(question: str, text: str, else_: bool) -> None:
    """Whatever else a sentence holds of the question."""
    found = reading(question, hit(text, detect(text) or "id"))
    assert found.surely_else(0) == else_

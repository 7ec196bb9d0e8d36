"""What the sentences of an article say together, on small articles worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.evidence import LINKED, NEAR, read
from rag.answer.question import analyse
from rag.answer.reading import Reading
from rag.answer.weigh import weigh
from rag.schema import Hit
from rag.text.language import detect
from tests.answer.passages import hit

ATTACK = (
    "The war began with the attack of 7 October. In return the army shelled the coast. "
    "In that attack the militia also took 251 hostages."
)
SERANGAN = (
    "Perang pecah sejak serangan pada 7 Oktober. Sebagai balasan tentara menembaki pantai. "
    "Dalam serangan tersebut milisi juga menyandera 251 orang."
)
TWO_TALKS = (
    "Ana Lee met Bo Ray in Doha. Later Cy Dunn arrived. Cy Dunn discussed trade with Di Fox."
)


def reading(question: str, found: Hit) -> Reading:
    """One article, read with a question whose words all weigh the same."""
    asked = analyse(question, detect(question) or "en")
    [sentences] = read([found])
    return Reading(asked, sentences, weigh({u: frozenset() for u in asked.units}, 10, {}))


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("How many hostages were taken on 7 October?", ATTACK, "en"),
        ("Berapa orang disandera pada 7 Oktober?", SERANGAN, "id"),
    ],
)
def test_what_is_called_that_attack_is_the_one_told_of_before(
    question: str, text: str, language: str
) -> None:
    """Its day holds two sentences later too; for what stands between, it is only near."""
    found = reading(question, hit(text, language))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.direct[day] == [1.0, 0.0, 0.0]
    assert found.near(day, 2) == LINKED
    unlinked = text.replace("that attack", "this fight").replace("serangan tersebut", "aksi itu")
    assert reading(question, hit(unlinked, language)).near(day, 2) <= NEAR


@pytest.mark.parametrize(
    ("question", "names", "deeds"),
    [
        ("Who met Ana Lee?", 1.0, 1.0),
        ("Where did Ana Lee meet Bo Ray?", 1.0, 0.95),  # "met", by the glossary
        ("What did Cy Dunn discuss with Di Fox?", 1.0, 1.0),
        # Both are there, and never in one sentence.
        ("What did Ana Lee discuss with Di Fox?", 0.0, 0.0),
    ],
)
def test_whether_those_asked_about_stand_together(
    question: str, names: float, deeds: float
) -> None:
    """Any two names in one sentence, and each name with what is done."""
    found = reading(question, hit(TWO_TALKS, "en"))
    assert (found.names_together, found.deeds_together) == (names, deeds)


def test_according_to_an_outlet_asks_of_its_articles() -> None:
    """Its name need not stand in the article; of another's it does not hold."""
    plain = hit("The dam broke on Monday.", "en")
    theirs = replace(
        plain,
        passage=replace(
            plain.passage, metadata=replace(plain.passage.metadata, publisher="Kabar Nusa")
        ),
    )
    question = "According to Kabar Nusa, when did the dam break?"
    for found, held in ((theirs, 1.0), (plain, 0.0)):
        read_ = reading(question, found)
        [outlet] = [unit for unit in read_.question.units if unit.kind == "name"]
        assert read_.direct[outlet] == [held]


TRAIN = (
    "A night train hit a truck at Wates Lor, killing the driver. The line was shut for nine hours. "
    "It was going 94 kilometres an hour. Police questioned the truck's owner."
)


def test_what_the_lead_has_tells_no_sentence_from_another() -> None:
    """Of "fast", "train" and "truck" the lead has two; they count 0.15 of their weight.

    All units weigh the same, w: 1 for "speed" w, 0.15 for the others.
    """
    found = reading("What was the speed of the train that hit the truck?", hit(TRAIN, "en"))
    lead, later = found.focused(0), found.focused(3)
    assert lead > later > 0  # "truck" stands in the last sentence too
    assert found.focused(1) == 0.0
    words = {u.text: u for u in found.question.units}
    assert found.near(words["train"], 2) >= 0.6  # all of the article is about it
    assert found.direct[words["train"]][2] == 0.0


def test_what_few_sentences_have_counts_more() -> None:
    """ "Owner" stands in one sentence, "truck" in two: weights 1 and 1/2, so 1 and 1/3."""
    found = reading("Which truck has an owner?", hit(TRAIN, "en"))
    assert [u.text for u in found.question.units] == ["truck", "owner"]
    assert found.rarely(3) == pytest.approx(1.0)
    assert found.rarely(0) == pytest.approx(1 / 3)
    assert found.rarely(2) == 0.0


def test_what_is_recalled_speaks_of_the_same() -> None:
    """ "That attack" two sentences on is told of with the day of the attack."""
    found = reading("How many hostages were taken on 7 October?", hit(ATTACK, "en"))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.tied(day, 2) == LINKED
    assert found.tied(day, 1) == 0.0


def test_who_turned_it_down_is_told_by_the_denial() -> None:
    """A denial that is asked for takes nothing from the sentence."""
    found = reading("Siapa yang menolak usul itu?", hit("Usul itu ditolak Rina Dewi.", "id"))
    assert found.reality(0) == 1.0

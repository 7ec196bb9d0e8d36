"""Which sentences a statement comes to rest on: the cited ones, better ones, or none."""

from __future__ import annotations

import time
from datetime import date

import pytest

from rag.answer.check.attribute import judge, support
from rag.answer.evidence import Sentence
from rag.schema import Metadata, Passage
from rag.text import language, sentences

FERRY = (
    "Kapal penumpang KM Cahaya Biduk terbakar di perairan Pulau Semak Daun pada Minggu (28/1)"
    " sore. Tujuh penumpang ditemukan tewas dan 34 orang menderita luka bakar. Nakhoda kapal,"
    " Piet Warouwena, ditahan polisi. Ia mengaku mengizinkan penumpang melebihi manifes."
)
STRIKE = (
    "Desmond Achterby, who leads the metalworkers' union, met the board in Norwick on Monday."
    " He told reporters that 14,300 workers would walk out. The finance chief, Ottmar Riess,"
    " said the order book was down 17 percent."
)


def passage(text: str, name: str) -> list[Sentence]:
    """The sentences of an article that is all of `text`."""
    metadata = Metadata(
        title="", source=name, published=date(2024, 1, 29), language=language.detect(text)
    )
    whole = Passage(article_id=name * 16, start=0, end=len(text), text=text, metadata=metadata)
    return [Sentence(whole, s.start, s.end, 1.0) for s in sentences.spans(text)]


FIRST, SECOND = passage(FERRY, "a"), passage(STRIKE, "b")
SHOWN = [*FIRST, *SECOND]


def test_of_a_cited_passage_the_sentence_that_says_so_is_kept() -> None:
    """A mark on a whole passage comes down to one sentence of it."""
    found = support(
        "Seven passengers died.", cited=FIRST, shown=SHOWN, language="en", question="How many died?"
    )
    assert found is not None
    assert found.evidence == (FIRST[1],)
    assert (found.check.verdict, found.moved) == ("matches", False)


def test_a_better_passage_takes_the_citation_over() -> None:
    """The model pointed at the ferry; the union's story is what bears it out."""
    found = support(
        "The order book was down 17 percent, Ottmar Riess said.",
        cited=FIRST,
        shown=SHOWN,
        language="en",
        question="How is the order book?",
    )
    assert found is not None
    assert found.evidence == (SECOND[2],)
    assert (found.check.verdict, found.moved) == ("matches", True)


def test_a_better_sentence_of_the_same_passage_is_no_move() -> None:
    """Only the letter was wrong."""
    found = support(
        "Tujuh penumpang tewas.", cited=FIRST[:1], shown=SHOWN, language="id", question=""
    )
    assert found is not None
    assert found.evidence == (FIRST[1],)
    assert not found.moved


def test_what_nothing_bears_out_keeps_its_citation_and_is_marked() -> None:
    """The reader can look at the sentence that does not say so."""
    found = support(
        "Seventeen passengers died.", cited=FIRST, shown=SHOWN, language="en", question=""
    )
    assert found is not None
    assert set(found.evidence) <= set(FIRST)
    assert found.evidence
    assert found.check.verdict == "conflict"
    assert not found.moved


def test_an_unmarked_sentence_finds_its_source() -> None:
    """Nothing was cited, so nothing moved."""
    found = support(
        "The captain, Piet Warouwena, was detained by police.",
        cited=[],
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.evidence == (FIRST[2],)
    assert (found.check.verdict, found.moved) == ("matches", False)


def test_an_invention_gets_no_source() -> None:
    """No sentence shown has anything to do with it."""
    found = support(
        "Volcanoes on Jupiter sing opera.", cited=[], shown=SHOWN, language="en", question=""
    )
    assert found is not None
    assert found.evidence == ()
    assert found.check.verdict == "not_found"


def test_a_pronoun_is_resolved_by_the_sentence_before_it() -> None:
    """ "He told reporters" is Achterby, whom the sentence before names."""
    found = support(
        "Desmond Achterby told reporters that 14,300 workers would walk out.",
        cited=SECOND[1:2],
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.evidence == (SECOND[0], SECOND[1])
    assert found.check.verdict == "matches"


def test_a_pronoun_does_not_stand_for_a_name_that_comes_later() -> None:
    """Riess is named after it, and said something else."""
    found = support(
        "Ottmar Riess told reporters that 14,300 workers would walk out.",
        cited=SECOND,
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.check.verdict != "matches"


def test_two_sentences_may_back_one_statement() -> None:
    """One tells the dead, the other who was detained."""
    found = support(
        "Seven passengers died, and the captain, Piet Warouwena, was detained by police.",
        cited=FIRST,
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.evidence == (FIRST[1], FIRST[2])
    assert found.check.verdict == "matches"


@pytest.mark.parametrize(
    "statement",
    [
        "Here is what the articles say:",
        "Berikut ringkasannya:",
        "**Summary**",
        "Ringkasan",
        "Hello!",
        "Sure, here is the answer:",
        "Berdasarkan artikel tersebut:",
    ],
)
def test_what_says_nothing_needs_no_source(statement: str) -> None:
    """Greetings, headings and announcements are no statements."""
    assert support(statement, cited=FIRST, shown=SHOWN, language="en", question="") is None


@pytest.mark.parametrize(
    "statement",
    [
        "Here are 12 points:",
        "Blinken:",
        "It happened in 1987.",
        "They danced.",
        "Summary of the Larnaca talks:",
        "The articles do not say so, but 40 people died.",
        "The articles do not mention Helga Ruzickova.",
    ],
)
def test_a_number_a_date_a_name_or_a_deed_needs_one(statement: str) -> None:
    """However it is dressed up, it is looked for, and not found here."""
    found = support(statement, cited=FIRST, shown=SHOWN, language="en", question="")
    assert found is not None
    assert found.check.verdict != "matches"


def test_that_the_articles_are_silent_is_left_unchecked() -> None:
    """No sentence can bear out that none tells something."""
    found = support(
        "The articles do not say why the ship burned.",
        cited=[],
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.check.verdict == "unchecked"


def test_words_of_the_question_are_no_evidence() -> None:
    """A name that the reader brought up must be in the articles all the same."""
    found = support(
        "Helga Ruzickova was detained by police.",
        cited=FIRST,
        shown=SHOWN,
        language="en",
        question="Was Helga Ruzickova detained?",
    )
    assert found is not None
    assert found.check.verdict != "matches"


def test_sixty_sentences_are_looked_through_in_no_time() -> None:
    """Well within what passes between two sentences of a model."""
    shown = [s for n in range(9) for s in (*passage(FERRY, chr(99 + n)), *passage(STRIKE, "z"))]
    support("Warm.", cited=[], shown=shown, language="en", question="")
    began = time.perf_counter()
    for _ in range(10):
        support("Piet met Ana in Oslo.", cited=[], shown=shown, language="en", question="")
    assert (time.perf_counter() - began) / 10 < 0.15  # seconds; a tenth of that on a quiet machine


def test_a_text_alone_can_be_judged() -> None:
    """As the eval suite asks: one evidence text, one sentence."""
    day = date(2024, 1, 29)
    assert (
        judge(
            "The KM Cahaya Biduk burned on 28 January 2024.", FERRY, published=day, language="en"
        ).verdict
        == "matches"
    )
    assert (
        judge(
            "The KM Cahaya Biduk burned on 27 January 2024.", FERRY, published=day, language="en"
        ).verdict
        == "conflict"
    )


def test_a_sentence_elsewhere_does_not_lend_a_name() -> None:
    """Norwick is the union's town; nobody says that the ferry burned there."""
    found = support(
        "The KM Cahaya Biduk burned in Norwick on Sunday.",
        cited=SHOWN,
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.check.verdict != "matches"


def test_two_articles_back_a_statement_that_plainly_joins_them() -> None:
    """Each half has its subject and its own source."""
    found = support(
        "Seven passengers died on the ferry, while Ottmar Riess said the order book was down"
        " 17 percent.",
        cited=[],
        shown=SHOWN,
        language="en",
        question="",
    )
    assert found is not None
    assert found.check.verdict == "matches"
    assert {s.passage.article_id for s in found.evidence} == {"a" * 16, "b" * 16}

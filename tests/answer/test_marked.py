"""What is marked on a question and a sentence for one who reads them together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.candidate import Candidate
from rag.answer.evidence import read
from rag.answer.marked import Asked, Before, Told, marked, marked_alone
from rag.answer.question import analyse
from rag.answer.reading import Reading
from rag.schema import MarkedText
from tests.answer.passages import hit

ARTICLE = (
    "Fire destroyed the fish market of Lorven on Friday. The rebuilding began in Tarn. "
    "Mayor Petra Oakes visited the traders on 3 May. She promised them 40 tents."
)


def shown(question: str, at: int) -> tuple[MarkedText, MarkedText, MarkedText]:
    """The question and sentence `at` of the article, marked."""
    asked = analyse(question, "en")
    (told,) = read([hit(ARTICLE, "en")])
    return marked(Candidate(Reading(asked, told, dict.fromkeys(asked.units, 1.0)), 0, at))


def kinds(text: MarkedText) -> dict[str, int]:
    """Of each marked stretch the kind of the first mark on it."""
    found: dict[str, int] = {}
    for mark in text.marks:
        found.setdefault(text.text[mark.start : mark.end], mark.kind)
    return found


def test_a_question_is_marked_with_where_its_words_are() -> None:
    """The visit in the sentence, Lorven in another, Doris Vale and the prison nowhere."""
    question, _, _ = shown("When did Doris Vale visit the prison of Lorven?", 2)
    assert kinds(question) == {
        "Doris": Asked.NAME_NOWHERE,
        "Vale": Asked.NAME_NOWHERE,
        "visit": Asked.WORD_HELD,
        "prison": Asked.WORD_NOWHERE,
        "Lorven": Asked.NAME_ELSEWHERE,  # whom somebody met is told with where
    }


def test_a_name_of_the_lead_is_near() -> None:
    """All of the article is about it; "the market" stands where nothing is promised."""
    question, _, _ = shown("How many tents were promised to the market of Lorven?", 3)
    assert kinds(question) == {
        "tents": Asked.WORD_HELD,
        "promised": Asked.WORD_HELD,
        "market": Asked.WORD_NEAR,
        "Lorven": Asked.NAME_NEAR,
    }


def test_a_sentence_is_marked_with_what_is_asked_and_what_may_answer() -> None:
    """The day asked for; the traders were asked about; Oakes is a name like any other."""
    _, before, sentence = shown("When did somebody visit the traders of Tarn?", 2)
    assert kinds(before) == {"Tarn": Before.NAME}
    told = kinds(sentence)
    assert told["visited"] == told["traders"] == Told.WORD
    assert told["3 May"] in (Told.ANSWER, Told.SORT)
    assert told["Petra Oakes"] == Told.NAMED


def test_the_first_sentence_has_nothing_before_it() -> None:
    """And what is no word of a question is not marked."""
    question, before, sentence = shown("What did the fire destroy?", 0)
    assert before == MarkedText("")
    assert kinds(question) == {"fire": Asked.WORD_HELD, "destroy": Asked.WORD_HELD}
    assert {"Fire", "destroyed"} <= kinds(sentence).keys()


def test_another_language_is_marked_as_the_same() -> None:
    """What the glossary has for a word stands for it."""
    question, _, sentence = marked_alone(
        "Siapa yang mengunjungi pedagang?", "", "Oakes visited the traders on Friday."
    )
    assert kinds(question)["mengunjungi"] == Asked.WORD_HELD
    assert kinds(sentence)["visited"] == Told.WORD


@pytest.mark.parametrize("before", ["", "Rain fell in Lorven."])
def test_a_sentence_alone_is_marked_as_in_an_article_of_no_more(before: str) -> None:
    """With what stands before it, if anything does."""
    question, earlier, sentence = marked_alone("Who visited Lorven?", before, "Ana Lee visited it.")
    assert (earlier.text, sentence.text) == (before, "Ana Lee visited it.")
    assert kinds(question)["Lorven"] == (Asked.NAME_NEAR if before else Asked.NAME_NOWHERE)
    assert kinds(earlier) == ({"Lorven": Before.NAME} if before else {})


@given(
    st.text(alphabet="Lorven Tarn 3Mei?.,'visit\n", max_size=60),
    st.text(alphabet="Lorven Tarn 3Mei?.,'visit\n", max_size=60),
)
def test_marks_stand_within_their_text_and_have_kinds_that_there_are(
    question: str, before: str
) -> None:
    """Whatever is asked, after whatever."""
    texts = marked_alone(question, before, "Ana Lee visited Lorven on 3 May.")
    assert texts[0].text == question
    for text, known in zip(texts, (Asked, Before, Told), strict=True):
        for mark in text.marks:
            assert 0 <= mark.start < mark.end <= len(text.text)
            assert mark.kind in set(known) - {0}

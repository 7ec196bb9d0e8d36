"""A model's words into cited sentences: what is shown, when, and what it rests on."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.cite import Citing
from rag.answer.evidence import Sentence
from rag.answer.model.compose import Composer
from rag.answer.model.mark_forms import one, one_begun, row, row_begun
from rag.answer.model.prompt import Shown
from rag.schema import Hit, Metadata, Passage, Statement
from rag.text import sentences

FIRST = (
    "Menteri Pertanian Ratna Wijaya met Joko Lestari in Harapan on Monday. "
    "They spoke about the price of fertiliser for 40 minutes."
)
SECOND = "The Aven river burst its banks on Tuesday. Twelve people were killed in Lower Aven."


def passage(text: str, article_id: str) -> Passage:
    metadata = Metadata(title="T", source="t.txt", published=date(2024, 6, 4), language="en")
    return Passage(article_id=article_id * 16, start=0, end=len(text), text=text, metadata=metadata)


def shown() -> list[Shown]:
    made = []
    for number, (text, key) in enumerate(((FIRST, "a"), (SECOND, "b")), start=1):
        where = passage(text, key)
        made.append(
            Shown(
                number=number,
                hit=Hit(passage=where, rank=number, score=1.0),
                sentences=tuple(
                    Sentence(where, s.start, s.end, 1.0) for s in sentences.spans(text)
                ),
            )
        )
    return made


def composed(*pieces: str, cut: bool = False) -> tuple[Citing, list[str]]:
    """The answer that the pieces make, and what was shown after each."""
    citing = Citing()
    composer = Composer(shown(), citing=citing, language="en", question="Who met whom?")
    told = [_shown(composer.feed(piece)) for piece in pieces]
    return citing, [*told, _shown(composer.close(cut=cut))]


def _shown(parts: list[str | Statement]) -> str:
    return "".join(part for part in parts if isinstance(part, str))


KILLED = "Twelve people were killed in Lower Aven."
MET = "Ratna Wijaya met Joko Lestari in Harapan."


@pytest.mark.parametrize(
    "text",
    [
        f"{KILLED} [2b]",
        f"{KILLED[:-1]} [2b].",
        f"{KILLED} [2]",
        f"{KILLED}[2b]",
        f"{KILLED[:-1]}[2b].",
        f"[2b] {KILLED}",
        f"{KILLED} 【2】",
        f"{KILLED} [Source 2]",
        f"**{KILLED}** [2]",
        "Twelve people [2b] were killed in Lower Aven.",
        KILLED,
    ],
)  # fmt: skip
def test_the_mark_stands_behind_the_sentence_wherever_the_model_put_it(text: str) -> None:
    """One sentence from passage 2 gets [1], its only source, behind its full stop."""
    citing, told = composed(text)
    assert citing.text == "".join(told) == f"{KILLED} [1]"
    (statement,) = citing.statements
    assert (statement.start, statement.end) == (0, len(citing.text))
    assert (statement.markers, statement.verdict) == ((1,), "matches")
    (citation,) = citing.citations
    assert citation.quote == KILLED
    assert citation.passage.text[citation.start : citation.end] == KILLED


def test_two_sentences_get_their_own_marks_in_order_of_first_use() -> None:
    """The model cites passage 2, then 1; the reader sees [1], then [2]."""
    citing, _ = composed(f"{KILLED} [2b] {MET} [1a]")
    assert citing.text == f"{KILLED} [1] {MET} [2]"
    assert [s.markers for s in citing.statements] == [(1,), (2,)]
    assert [c.passage.article_id[0] for c in citing.citations] == ["b", "a"]


def test_marks_in_front_of_sentences_belong_to_what_follows() -> None:
    """A model that begins with a mark sets all of them in front."""
    citing, _ = composed(f"[2b] {KILLED} [1a] {MET}")
    assert citing.text == f"{KILLED} [1] {MET} [2]"


def test_a_list_keeps_its_lines() -> None:
    """Items stay on lines of their own, and their numbers are not facts to check."""
    citing, _ = composed(f"1. {KILLED} [2b]\n2. {MET} [1a]\n")
    assert citing.text.rstrip() == f"1. {KILLED} [1]\n2. {MET} [2]"
    assert [s.verdict for s in citing.statements] == ["matches", "matches"]


def test_a_headline_ends_at_its_mark() -> None:
    """Without a full stop the mark ends it, if a sentence begins behind; the next is its own."""
    citing, _ = composed("Twelve people were killed in Lower Aven [2b] It cost 7,123 dollars. [2b]")
    assert [s.verdict == "matches" for s in citing.statements] == [True, False]
    inside, _ = composed("Twelve people [2b] In Lower Aven were killed. [2b]")
    assert len(inside.statements) == 1


def test_a_full_stop_on_both_sides_of_a_mark_is_one() -> None:
    """ "... Aven. [2b]." is a slip of the model's."""
    citing, _ = composed(f"{KILLED} [2b].")
    assert citing.text == f"{KILLED} [1]"


def test_blanks_at_the_end_are_left_out() -> None:
    """What a model adds behind its last word is not part of the answer."""
    citing, _ = composed(f"{KILLED} [2b]\n\n  \n")
    assert citing.text == f"{KILLED} [1]"


def test_words_are_shown_before_the_sentence_has_ended() -> None:
    """The first word does not wait for the full stop."""
    citing = Citing()
    composer = Composer(shown(), citing=citing, language="en", question="?")
    assert composer.feed("Twelve") == ["Twelve"]
    assert composer.feed(" people were") == [" people were"]


def test_a_verdict_comes_right_behind_its_sentence() -> None:
    """Who shows the answer as it comes can mark a sentence before the next one begins."""
    citing = Citing()
    composer = Composer(shown(), citing=citing, language="en", question="?")
    parts = composer.feed(f"{KILLED} [2b] {MET} [1a] And so on")
    first, second = citing.statements
    assert parts == [f"{KILLED} [1]", first, f" {MET} [2]", second, " And so on"]


def test_an_invented_number_is_marked() -> None:
    """Thirteen is not in the source: the sentence says so, with its source beside it."""
    citing, _ = composed("Thirteen people were killed in Lower Aven. [2b]")
    (statement,) = citing.statements
    assert statement.verdict in ("not_found", "conflict")
    assert statement.reasons


def test_a_wrong_mark_is_replaced_by_the_passage_that_says_it() -> None:
    """The model points to passage 1; passage 2 says it."""
    citing = Citing()
    composer = Composer(shown(), citing=citing, language="en", question="?")
    composer.feed(f"{KILLED} [1a]")
    composer.close()
    assert [c.quote for c in citing.citations] == [KILLED]
    assert composer.moved == 1


def test_marks_to_nowhere_are_dropped_and_counted() -> None:
    """[7] points to no passage."""
    citing = Citing()
    composer = Composer(shown(), citing=citing, language="en", question="?")
    composer.feed(f"{KILLED} [7]")
    composer.close()
    assert "[7]" not in citing.text
    assert composer.dropped == 1


def test_a_cut_sentence_says_so() -> None:
    """What the model could not end is marked in the text."""
    citing, told = composed("Twelve people were killed in", cut=True)
    assert citing.text.startswith("Twelve people were killed in … (cut off)")
    assert "".join(told) == citing.text


def test_a_cut_after_a_whole_sentence_says_so_too() -> None:
    """More was to come, the model cannot have been done."""
    citing, _ = composed(f"{KILLED} [2b]", cut=True)
    assert citing.text == f"{KILLED} [1] … (cut off)"


REPLY = (
    f"Here is what the articles say:\n- {KILLED} [2b]\n- **{MET}** 【1a】 Thirteen more left [9]. "
    "[1](http://evil) \x1b[31mThe end [2][1]!"
)


ODD = (
    "The gates opened too late. (1c) [2]",
    "Summary:\n\n* one [1]\n* two [2]\n\n",
    'Twelve people died. [2b].\n\nMany were hurt.[2b] "No. Never," he said. It is over [1] now.',
    "Flood kills 12 in Lower Aven [2b] It cost 7,123 dollars. [1a] **x** a*b *c* 1. [2] Two",
)


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), max_size=12), st.sampled_from([REPLY, *ODD]))
def test_how_a_reply_is_cut_into_pieces_changes_nothing(cuts: list[int], reply: str) -> None:
    """What is shown adds up to the text, and the text does not depend on the pieces."""
    whole, _ = composed(reply)
    at = [0, *sorted(min(cut, len(reply)) for cut in cuts), len(reply)]
    pieces = [reply[a:b] for a, b in itertools.pairwise(at)]
    citing, told = composed(*pieces)
    assert "".join(told) == citing.text == whole.text
    assert citing.statements == whole.statements


@pytest.fixture(scope="module")
def forms() -> None:
    """The forms of marks, which are made once and take a second or two."""
    for form in (one, one_begun, row, row_begun):
        form()


@pytest.mark.usefixtures("forms")
@given(st.text(alphabet='ab. \n[]1,2*-A"“”', max_size=120), st.booleans())
def test_any_reply_gives_statements_that_lie_in_the_text(text: str, cut: bool) -> None:
    """Statements follow one another, cover no mark's half, and cite what was shown."""
    citing, told = composed(text, cut=cut)
    assert "".join(told) == citing.text
    at = 0
    for statement in citing.statements:
        assert at <= statement.start < statement.end <= len(citing.text)
        at = statement.end
    for citation in citing.citations:
        assert citation.passage.text[citation.start : citation.end] == citation.quote

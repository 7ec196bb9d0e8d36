"""Where the words that answer stand in an answer, from the engine to the terminal."""

from __future__ import annotations

import dataclasses

from rag.answer.extract import extract
from rag.answer.question import analyse
from rag.layout import Screen, Stream
from rag.located import in_quote, in_text
from rag.reply import Reply
from rag.schema import Delta, Hit, Metadata, Passage, Span
from rag.speaking import fed
from tests.samples import CITATION, QUOTED, SPANNED

TEXT = "Pabrik dibuka kembali. Wali Kota Siti Aminah meresmikan pabrik garam itu Senin (3/6)."


def quoted(question: str) -> tuple[Reply, Delta]:
    """The quotes of one article that answer a question."""
    metadata = Metadata(title="Pabrik", source="p.txt", language="id")
    passage = Passage(
        article_id="a" * 16, start=50, end=50 + len(TEXT), text=TEXT, metadata=metadata
    )
    asked = analyse(question, "id")
    weights = dict.fromkeys(asked.units, 1.0)
    evidence = extract(asked, [Hit(passage=passage, rank=1, score=1.0)], weights, limit=1)
    reply = Reply(question=question, query=question, language="id")
    return reply, reply.quote(evidence)


def test_quotes_name_the_words_that_answer() -> None:
    """The place is in the article, behind the sentence before it: 50 + 33 characters."""
    reply, delta = quoted("Siapa yang meresmikan pabrik garam?")
    span = reply.done().answer_span
    assert span is not None
    assert (span.text, span.marker, span.article_id) == ("Siti Aminah", 1, "a" * 16)
    assert (span.start, span.end) == (83, 94)
    assert TEXT[83 - 50 : 94 - 50] == "Siti Aminah"
    assert delta.lit is not None
    assert delta.text[delta.lit.start : delta.lit.end] == "Siti Aminah"


def test_what_a_model_wrote_names_none() -> None:
    """The words are of quotes; of an answer in a model's own words none are named."""
    reply, _ = quoted("Siapa yang meresmikan pabrik garam?")
    reply.label = "ollama:m"
    assert reply.done().answer_span is None


def test_a_question_for_no_words_names_none() -> None:
    """A question for yes or no gets its quotes all the same."""
    reply, delta = quoted("Apakah Siti Aminah meresmikan pabrik garam?")
    assert reply.done().answer_span is None
    assert delta.lit is None
    assert "Siti Aminah" in delta.text


def test_where_the_words_stand() -> None:
    """In the answer's text, and in the quote they are of; in no other quote."""
    place = in_text(SPANNED)
    assert place == Span(16, 23)
    assert QUOTED[16:23] == "12 desa"
    assert in_quote(SPANNED.answer_span, CITATION) == Span(16, 23)
    assert in_quote(SPANNED.answer_span, dataclasses.replace(CITATION, marker=2)) is None
    assert in_quote(None, CITATION) is None


def test_a_told_answer_has_them_in_bold() -> None:
    """While an answer is told they are bold on a terminal with colour, plain elsewhere."""
    colour = Stream(Screen(width=80, colour=True))
    assert fed(colour, QUOTED, Span(16, 23)) == (
        "Banjir merendam \x1b[1m12\x1b[0m \x1b[1mdesa\x1b[0m di Demak. [1]"
    )
    assert fed(Stream(Screen(width=80)), QUOTED, Span(16, 23)) == QUOTED
    assert fed(Stream(Screen()), QUOTED, Span(16, 23)) == QUOTED


def test_control_sequences_in_them_are_not_obeyed() -> None:
    """What an article holds for a terminal to obey is gone from the words in bold too."""
    text = "Ana \x1b[31mLee\x1b]0;x\x07 met."
    shown = fed(Stream(Screen(width=80, colour=True)), text, Span(0, 18))
    assert shown == "\x1b[1mAna\x1b[0m \x1b[1mLee\x1b[0m met."

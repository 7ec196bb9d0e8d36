"""The words of one sentence that answer a question, for tests of what they are."""

from __future__ import annotations

from rag.answer.cased import recased
from rag.answer.evidence import Sentence
from rag.answer.question import analyse
from rag.answer.spans.locate import answer_span
from rag.schema import Metadata, Passage
from rag.text.language import detect


def passage(text: str) -> Passage:
    """A passage of the text, in the language that it is in."""
    metadata = Metadata(title="T", source="t.txt", language=detect(text) or "en")
    return Passage(
        article_id="0" * 16, start=100, end=100 + len(text), text=text, metadata=metadata
    )


def sentence(text: str) -> Sentence:
    """The text as one sentence of an article."""
    return Sentence(passage(text), 100, 100 + len(text), 1.0)


def answered(question: str, text: str) -> str | None:
    """The words that answer; None where there are none."""
    asked = recased(analyse(question, detect(question) or "en"), [text])
    span = answer_span(asked, sentence(text))
    return None if span is None else text[span.start : span.end]

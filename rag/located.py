"""Where the words that answer stand: in an answer's own text, and in a citation's quote."""

from __future__ import annotations

from rag.schema import Answer, AnswerSpan, Citation, Span


def in_quote(span: AnswerSpan | None, citation: Citation) -> Span | None:
    """Where in the citation's quote the words stand; None when they are not of it."""
    if span is None or span.article_id != citation.passage.article_id:
        return None
    start, end = span.start - citation.start, span.end - citation.start
    inside = span.marker == citation.marker and 0 <= start < end
    return Span(start, end) if inside and citation.quote[start:end] == span.text else None


def in_text(answer: Answer) -> Span | None:
    """Where in the answer's text the words stand, which quotes the sentence they are of."""
    for statement in answer.statements:
        for place in statement.evidence:
            if place >= len(answer.citations):
                continue
            citation = answer.citations[place]
            inside = in_quote(answer.answer_span, citation)
            if inside is not None and answer.text.startswith(citation.quote, statement.start):
                return Span(statement.start + inside.start, statement.start + inside.end)
    return None

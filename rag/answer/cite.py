"""Picked sentences as an answer's text, with a mark for every passage it quotes."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.extract import Pick
from rag.schema import Citation, Statement


def quote(picks: Sequence[Pick]) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...]]:
    """The answer's text, its statements and its citations, one of each per picked sentence.

    Every sentence stands on a line of its own.

    Passages are numbered by first use. A quoted sentence stands in its source word for
    word, so its verdict is "matches".
    """
    markers: dict[str, int] = {}
    text = ""
    statements: list[Statement] = []
    citations: list[Citation] = []
    for pick in picks:
        sentence = pick.sentence
        marker = markers.setdefault(sentence.passage.passage_id, len(markers) + 1)
        if text:
            text += "\n"
        start = len(text)
        text += f"{sentence.text} [{marker}]"
        statements.append(
            Statement(start=start, end=len(text), markers=(marker,), verdict="matches")
        )
        citations.append(
            Citation(
                marker=marker,
                passage=sentence.passage,
                start=sentence.start,
                end=sentence.end,
                quote=sentence.text,
            )
        )
    return text, tuple(statements), tuple(citations)

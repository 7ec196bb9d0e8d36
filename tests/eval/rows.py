"""Rows of `answers.jsonl` by hand, a line each: what `kutip ask --json` would have printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eval.datasets import Gold, Question
from eval.given import Given, parse
from rag.schema import article_id_of

Row = dict[str, object]

_MARKS = re.compile(r"(?: *\[[0-9]+\])+\Z")


def question(
    *answers: str,
    evidence: Sequence[tuple[str, str]] = (),
    must_not: Sequence[str] = (),
    language: str = "en",
    question_id: str = "q",
    tags: Sequence[str] = (),
) -> Question:
    """A question with these answers; `evidence` is (article, quote)."""
    return Question(
        question_id=question_id,
        question="Who?",
        language=language,
        answers=answers,
        evidence=tuple(Gold(article=article, quote=quote) for article, quote in evidence),
        must_not=tuple(must_not),
        tags=tuple(tags),
    )


def hit(rank: int, article: str, quote: str, *copies: tuple[str, str]) -> Row:
    """The hit whose passage is where `quote` stands in the text `article`; copies likewise."""
    start = article.index(quote)
    return {
        "rank": rank,
        "score": 1 / rank,
        "article_id": article_id_of(article),
        "passage_id": passage_id(article, quote),
        "text": quote,
        "start": start,
        "end": start + len(quote),
        "copies": [
            {"article_id": article_id_of(text), "passage_id": passage_id(text, part)}
            for text, part in copies
        ],
    }


def passage_id(article: str, quote: str) -> str:
    start = article.index(quote)
    return f"{article_id_of(article)}:{start}-{start + len(quote)}"


def citation(
    marker: int, article: str, quote: str, *, source: str = "", copies: Sequence[str] = ()
) -> Row:
    """A citation of a quote where it stands in the text `article`."""
    start = article.index(quote)
    return {
        "marker": marker,
        "article_id": article_id_of(article),
        "source": source,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "copies": list(copies),
    }


def row(*sentences: str | tuple[str, str], **fields: object) -> Row:
    """An answer of these sentences, each a statement; (sentence, verdict) or "matches".

    Marks like [1] at the end of a sentence are its markers. `fields` are added as they are.
    """
    text, statements = "", []
    for each in sentences:
        sentence, verdict = each if isinstance(each, tuple) else (each, "matches")
        start = len(text)
        text += sentence
        marks = _MARKS.search(sentence)
        statements.append(
            {
                "start": start,
                "end": len(text),
                "markers": [int(m) for m in re.findall("[0-9]+", marks.group())] if marks else [],
                "verdict": verdict,
                "reasons": [],
            }
        )
        text += "\n"
    made: Row = {"id": "q", "text": text, "answered": True, "abstention": None}
    return made | {"statements": statements} | fields


def refusal(**fields: object) -> Row:
    """A refusal; its text says so, which nobody shall look at."""
    made: Row = {"id": "q", "text": "Not in the articles.", "answered": False}
    return made | {"abstention": "not_in_evidence"} | fields


def given(made: Mapping[str, object]) -> Given:
    """The row, read."""
    return parse(made)

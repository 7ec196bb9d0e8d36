"""The JSON that `--json` prints: one function a record, and one that writes it safely.

The shapes are a contract with scripts. Text is never altered here, because offsets point
into it: what a terminal could obey is escaped as ``\\uXXXX``, which reads back the same.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import get_args

from rag.errors import KutipError
from rag.mentioned import says_too, spans
from rag.schema import (
    AddStatus,
    Answer,
    AnswerSpan,
    Citation,
    Entry,
    Hit,
    Met,
    Metadata,
    Outcome,
    Statement,
    Status,
    SyncStatus,
)

JSONObject = dict[str, object]

_SURROGATE = re.compile(r"[\ud800-\udfff]")
# json.dumps escapes C0 only. These can move a cursor, hide text or turn its direction.
_RISKY = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def dumps(value: object, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """`value` as strict JSON without a raw control, bidirectional or invisible character.

    Lone surrogates become U+FFFD, NaN and infinity become null, dates ISO 8601.

    >>> dumps({"title": "a\\u202eb", "score": float("nan")})
    '{"title": "a\\\\u202eb", "score": null}'
    """
    text = json.dumps(_plain(value), ensure_ascii=ascii_only, allow_nan=False, indent=indent)
    return _RISKY.sub(_escape, text)


def _plain(value: object) -> object:
    """`value` in the types that JSON has."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    # A NumPy scalar that slipped into a record is a number all the same.
    item = getattr(value, "item", None)
    if callable(item):
        return _plain(item())
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group(), ensure_ascii=True)[1:-1]


def error_object(error: KutipError) -> JSONObject:
    """The whole of stdout when a verb with `--json` fails."""
    return {"error": {"kind": error.kind, "message": error.message, "hint": error.hint}}


def answer_object(answer: Answer) -> JSONObject:
    """What `ask --json` prints; offsets of citations and hits are into the article's text."""
    return {
        "question": answer.question,
        "query": answer.query,
        "text": answer.text,
        "language": answer.language,
        "answered": answer.abstention is None,
        "abstention": answer.abstention,
        "answerer": answer.answerer,
        "evidence_score": answer.evidence_score,
        "notices": answer.notices,
        "statements": [_statement(statement) for statement in answer.statements],
        "citations": [_citation(citation, answer.hits) for citation in answer.citations],
        "answer_span": _answer_span(answer.answer_span),
        "hits": [_hit(hit) for hit in answer.hits],
        "seconds": answer.seconds,
        "tokens": answer.tokens,
    }


def search_object(
    query: str,
    language: str | None,
    hits: Sequence[Hit],
    met: Sequence[Sequence[Met]] | None = None,
) -> JSONObject:
    """What `search --json` prints: every hit with the metadata of its article.

    `met` are the words of the query that each hit says, for `--explain`.
    """
    words = [None] * len(hits) if met is None else met
    return {
        "query": query,
        "language": language,
        "hits": [
            _hit(hit)
            | _origin(hit.passage.metadata)
            | ({} if said is None else {"words": {word.word: word.by for word in said}})
            for hit, said in zip(hits, words, strict=True)
        ],
    }


def entry_object(entry: Entry, *, with_text: bool = False) -> JSONObject:
    """One article as `list` prints it; as `show` does when `with_text`."""
    metadata = entry.article.metadata
    shape: JSONObject = {
        "article_id": entry.article.article_id,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "authors": metadata.authors,
        "published": metadata.published,
        "published_at": metadata.published_at,
        "published_basis": metadata.published_basis,
        "language": metadata.language,
        "url": metadata.url,
        "modified": metadata.modified,
        "added": entry.added_at,
        "sources": entry.sources,
        "passages": entry.passages,
        "copies": entry.copies,
    }
    if with_text:
        shape |= {
            "text": entry.article.text,
            "removed": entry.article.removed,
            "dates": spans(entry.article.text, metadata),
        }
    return shape


def add_object(outcomes: Sequence[Outcome]) -> JSONObject:
    """What `add --json` prints: a count of each status, then every outcome in order."""
    return _outcomes(outcomes, get_args(AddStatus))


def sync_object(outcomes: Sequence[Outcome]) -> JSONObject:
    """What `sync --json` prints: the same, with what is gone."""
    return _outcomes(outcomes, get_args(SyncStatus))


def remove_object(entries: Iterable[Entry]) -> JSONObject:
    """What `remove --json` prints: the articles that are no longer there."""
    return {"removed": [entry_object(entry) for entry in entries]}


def status_object(status: Status) -> JSONObject:
    """Every field of `status`, under its own name, the records in it as objects."""
    return asdict(status)


def _outcomes(outcomes: Sequence[Outcome], statuses: Sequence[str]) -> JSONObject:
    counts: Counter[str] = Counter(outcome.status for outcome in outcomes)
    return {
        **{status: counts[status] for status in statuses},
        "outcomes": [
            {
                "source": outcome.source,
                "status": outcome.status,
                "article_id": outcome.article_id,
                "title": outcome.title,
                "passages": outcome.passages,
                "reason": outcome.reason,
                "hint": outcome.hint,
            }
            for outcome in outcomes
        ],
    }


def _statement(statement: Statement) -> JSONObject:
    return {
        "start": statement.start,
        "end": statement.end,
        "markers": statement.markers,
        "verdict": statement.verdict,
        "reasons": statement.reasons,
    }


def _answer_span(span: AnswerSpan | None) -> JSONObject | None:
    if span is None:
        return None
    return {
        "text": span.text,
        "marker": span.marker,
        "article_id": span.article_id,
        "start": span.start,
        "end": span.end,
    }


def _citation(citation: Citation, hits: Iterable[Hit]) -> JSONObject:
    cited = citation.passage
    copies = [
        copy
        for hit in hits
        if hit.passage.passage_id == cited.passage_id
        for copy in hit.copies
        if says_too(copy.text, citation.quote)
    ]
    return {
        "marker": citation.marker,
        "article_id": citation.passage.article_id,
        **_origin(citation.passage.metadata),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "dates": spans(citation.quote, cited.metadata, start=citation.start),
        "copies": list(
            dict.fromkeys(copy.article_id for copy in copies if copy.article_id != cited.article_id)
        ),
    }


def _hit(hit: Hit) -> JSONObject:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "scores": hit.scores,
        "article_id": hit.passage.article_id,
        "passage_id": hit.passage.passage_id,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "copies": [
            {"article_id": copy.article_id, "passage_id": copy.passage_id} for copy in hit.copies
        ],
    }


def _origin(metadata: Metadata) -> JSONObject:
    return {
        "title": metadata.title,
        "publisher": metadata.publisher,
        "published": metadata.published,
        "published_basis": metadata.published_basis,
        "source": metadata.source,
        "url": metadata.url,
    }

"""The shapes that `--json` promises to scripts, and that they are always valid."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import jsonform
from rag.schema import Met
from tests.samples import (
    ANSWER,
    ARTICLE_ID,
    CONTROL,
    ENTRY,
    METADATA,
    PASSAGE,
    QUOTED,
    SPANNED,
    STATUS,
    TEXT,
    wild,
)


def test_the_json_of_the_words_that_answer() -> None:
    """The words are given with their mark and their place in the article's text."""
    value = json.loads(jsonform.dumps(jsonform.answer_object(SPANNED)))
    assert value["answer_span"] == {
        "text": "12 desa",
        "marker": 1,
        "article_id": ARTICLE_ID,
        "start": 40,
        "end": 47,
    }
    assert TEXT[40:47] == "12 desa"


def test_the_json_of_an_answer() -> None:
    """`ask --json` has exactly the fields that scripts rely on, and offsets that hold."""
    value = json.loads(jsonform.dumps(jsonform.answer_object(ANSWER)))
    assert value == {
        "question": "Berapa desa terendam?",
        "query": "Berapa desa terendam?",
        "text": QUOTED,
        "language": "id",
        "answered": True,
        "abstention": None,
        "answerer": "extractive",
        "evidence_score": 0.9,
        "notices": [],
        "statements": [
            {"start": 0, "end": 37, "markers": [1], "verdict": "matches", "reasons": []}
        ],
        "citations": [
            {
                "marker": 1,
                "article_id": ARTICLE_ID,
                "title": "Banjir Demak",
                "publisher": "ANTARA",
                "published": "2024-08-21",
                "published_basis": "stated",
                "url": None,
                "source": "/berita/demak.txt",
                "quote": "Banjir merendam 12 desa di Demak.",
                "start": 24,
                "end": 57,
                "dates": [],
                "copies": [],
            }
        ],
        "answer_span": None,
        "hits": [
            {
                "rank": 1,
                "score": 0.75,
                "scores": {"dense": 0.5, "lexical": 1.0},
                "article_id": ARTICLE_ID,
                "passage_id": f"{ARTICLE_ID}:0-88",
                "text": TEXT,
                "start": 0,
                "end": 88,
                "copies": [],
            }
        ],
        "seconds": {"search": 0.01},
        "tokens": {},
    }
    assert list(value)[10:13] == ["citations", "answer_span", "hits"]
    refused = dataclasses.replace(ANSWER, abstention="nothing_relevant")
    assert jsonform.answer_object(refused)["answered"] is False


def test_the_json_of_an_article() -> None:
    """`list` prints the metadata with its sources; `show` adds the text and what was cut."""
    zoned = dataclasses.replace(
        METADATA, published_at=datetime(2024, 8, 21, 7, 5, tzinfo=timezone(timedelta(hours=7)))
    )
    entry = dataclasses.replace(ENTRY, article=dataclasses.replace(ENTRY.article, metadata=zoned))
    value = json.loads(jsonform.dumps(jsonform.entry_object(entry)))
    assert value == {
        "article_id": ARTICLE_ID,
        "title": "Banjir Demak",
        "publisher": "ANTARA",
        "authors": [],
        "published": "2024-08-21",
        "published_at": "2024-08-21T07:05:00+07:00",
        "published_basis": "stated",
        "language": "id",
        "url": None,
        "modified": None,
        "added": "2024-09-01T08:30:00+00:00",
        "sources": ["/berita/demak.txt", "https://example.org/demak"],
        "passages": 1,
        "copies": [],
    }
    shown = json.loads(jsonform.dumps(jsonform.entry_object(entry, with_text=True)))
    assert shown == value | {"text": TEXT, "removed": ["Baca juga: Rob"], "dates": []}


def test_the_json_of_hits_names_their_articles() -> None:
    """A hit of `search --json` has its scores, its place and its article's metadata."""
    value = jsonform.search_object("banjir", "id", ANSWER.hits)
    assert set(value) == {"query", "language", "hits"}
    (hit,) = value["hits"]  # type: ignore[misc]
    assert set(hit) == {
        *("rank", "score", "scores", "article_id", "passage_id", "text", "start", "end", "copies"),
        *("title", "publisher", "published", "published_basis", "source", "url"),
    }


def test_the_json_of_an_explained_search() -> None:
    """Each hit has the query's words, and by which of its own it says them."""
    met = [(Met(word="flood", by=("banjir",)), Met(word="hotel", by=()))]
    value = json.loads(jsonform.dumps(jsonform.search_object("flood", "en", ANSWER.hits, met)))
    assert value["hits"][0]["words"] == {"flood": ["banjir"], "hotel": []}
    plain = json.loads(jsonform.dumps(jsonform.search_object("flood", "en", ANSWER.hits)))
    assert "words" not in plain["hits"][0]


def test_the_json_names_copies() -> None:
    """A hit names the passages that say the same, a citation their articles, an article its own."""
    same = [
        dataclasses.replace(PASSAGE, article_id="f" * 16),
        dataclasses.replace(PASSAGE, article_id="f" * 16, start=90, end=90 + len(TEXT)),
        dataclasses.replace(PASSAGE, start=90, end=90 + len(TEXT)),  # the article says it twice
    ]
    hit = dataclasses.replace(ANSWER.hits[0], copies=tuple(same))
    value = json.loads(
        jsonform.dumps(jsonform.answer_object(dataclasses.replace(ANSWER, hits=(hit,))))
    )
    assert value["hits"][0]["copies"] == [
        {"article_id": "f" * 16, "passage_id": f"{'f' * 16}:0-88"},
        {"article_id": "f" * 16, "passage_id": f"{'f' * 16}:90-178"},
        {"article_id": ARTICLE_ID, "passage_id": f"{ARTICLE_ID}:90-178"},
    ]
    assert value["citations"][0]["copies"] == ["f" * 16]
    entry = dataclasses.replace(ENTRY, copies=("a" * 16, "f" * 16))
    assert jsonform.entry_object(entry)["copies"] == ("a" * 16, "f" * 16)


def test_the_json_of_a_status_has_every_field() -> None:
    """`status --json` publishes each field of the record under its own name."""
    value = json.loads(jsonform.dumps(jsonform.status_object(STATUS)))
    assert value == dataclasses.asdict(STATUS) | {"problems": []}


@given(wild, st.floats(), st.booleans())
def test_json_is_strict_safe_and_lossless(text: str, number: float, ascii_only: bool) -> None:
    """Any text and number come out as strict JSON, unchanged but for lone surrogates and NaN."""
    line = jsonform.dumps({"text": text, "number": number}, ascii_only=ascii_only)
    value = json.loads(line, parse_constant=pytest.fail)
    assert value["text"] == re.sub(r"[\ud800-\udfff]", "\ufffd", text)
    assert value["number"] == (number if abs(number) < float("inf") else None)
    assert not CONTROL.search(line)
    assert not set(line) & set("\u200b\u200d\u202e\u2028\ufeff\U000e0020\n")
    assert line.isascii() or not ascii_only


def test_json_refuses_what_it_does_not_know() -> None:
    """A value with no form in JSON is an error, never a guess."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        jsonform.dumps({"x": object()})

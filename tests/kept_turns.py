"""Conversations in a folder of their own, and turns to keep in them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import strategies as st

from rag.conversations import Conversations
from rag.schema import (
    Abstention,
    Answer,
    Citation,
    Hit,
    Metadata,
    Passage,
    PublishedBasis,
    Statement,
    Verdict,
)
from tests.samples import ANSWER

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REFUSED = Answer(
    question="Who won?",
    query="Who won?",
    text="The articles do not say.",
    language="en",
    abstention="not_in_evidence",
)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "data")


def file_of(kept: Conversations, conversation_id: str) -> Path:
    return kept.folder / f"{conversation_id}.jsonl"


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(allow_nan=False)
whole = st.integers(0, 2**53)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(timezones=zones).map(lambda time: time.replace(fold=0))
metadata = st.builds(
    Metadata,
    title=words,
    source=words,
    url=st.none() | words,
    publisher=st.none() | words,
    authors=st.lists(words, max_size=2).map(tuple),
    published=st.none() | st.dates(),
    published_at=st.none() | times,
    published_basis=st.none() | st.sampled_from(get_args(PublishedBasis)),
    modified=st.none() | st.dates(),
    language=st.none() | words,
)
passages = st.builds(
    Passage, article_id=words, start=whole, end=whole, text=words, metadata=metadata
)
answers = st.builds(
    Answer,
    question=words,
    query=words,
    text=words,
    language=words,
    statements=st.lists(
        st.builds(
            Statement,
            start=whole,
            end=whole,
            markers=st.lists(whole, max_size=2).map(tuple),
            verdict=st.sampled_from(get_args(Verdict)),
            reasons=st.lists(words, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    citations=st.lists(
        st.builds(Citation, marker=whole, passage=passages, start=whole, end=whole, quote=words),
        max_size=2,
    ).map(tuple),
    hits=st.lists(
        st.builds(
            Hit,
            passage=passages,
            rank=whole,
            score=numbers,
            scores=st.dictionaries(words, numbers, max_size=2),
            copies=st.lists(passages, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    evidence_score=numbers,
    answerer=words,
    abstention=st.none() | st.sampled_from(get_args(Abstention)),
    notices=st.lists(words, max_size=2).map(tuple),
    seconds=st.dictionaries(words, numbers, max_size=2),
    tokens=st.dictionaries(words, whole, max_size=2),
)

WRITER = """
import sys
from pathlib import Path
from rag.conversations import Conversations
from tests.samples import ANSWER
import dataclasses
kept = Conversations(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(40):
    kept.append(sys.argv[2], dataclasses.replace(ANSWER, question=f"{sys.argv[3]} {number}"))
"""

FOREIGN = (
    "",
    ".",
    "..",
    "../secret",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\secret",
    "20261121-120000-abcdef/../../secret",
    "20261121-120000-abcdef\n",
    "20261121-120000-abcdef\x00",
    "20261121-120000-abc.ef",
    "20261121-120000-ABCDEF",
    "٢٠٢٦١١٢١-120000-abcdef",
    "20261121-120000-abcdefg",
    "~root",
    "*",
)

SECOND = dataclasses.replace(ANSWER, question="Kapan?")

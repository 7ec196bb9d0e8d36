"""Rows of answers are read whole, and a row that is not in form is an outcome, not a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eval.given import Place, Texts, by_question, parse, parse_line
from rag.jsonform import answer_object, dumps
from rag.schema import Answer, Citation, Hit, Metadata, Passage, Statement, article_id_of
from tests.eval.rows import Row, citation, hit, refusal, row

ARTICLE = "Odile Marsh keeps the dam. It rained."


def test_what_ask_prints_is_read_as_it_was() -> None:
    """An answer goes through the JSON of `ask --json` and comes back with all that is scored."""
    metadata = Metadata(title="T", source="/x/dam.txt")
    article_id = article_id_of(ARTICLE)
    passage = Passage(article_id=article_id, start=0, end=37, text=ARTICLE, metadata=metadata)
    copy = Passage(article_id="f" * 16, start=3, end=40, text=ARTICLE, metadata=metadata)
    answer = Answer(
        question="Who?",
        query="who",
        text="Odile Marsh keeps the dam. [1]",
        language="en",
        statements=(Statement(start=0, end=30, markers=(1,), verdict="matches"),),
        citations=(Citation(marker=1, passage=passage, start=0, end=26, quote=ARTICLE[:26]),),
        hits=(Hit(passage=passage, rank=1, score=0.5, copies=(copy,)),),
        evidence_score=0.75,
        notices=("Told.",),
        seconds={"retrieve": 0.5},
        tokens={"planned": 10},
    )
    read = parse_line(dumps({"id": "S1"} | answer_object(answer)))
    assert (read.question_id, read.outcome, read.problem) == ("S1", "answered", "")
    assert (read.text, read.language, read.answerer) == (answer.text, "en", "extractive")
    assert (read.evidence_score, read.notices) == (0.75, ("Told.",))
    assert (dict(read.seconds), dict(read.tokens)) == ({"retrieve": 0.5}, {"planned": 10})
    (statement,) = read.statements
    assert (statement.start, statement.end, statement.markers) == (0, 30, (1,))
    (cited,) = read.citations
    assert cited.place == Place(article_id=article_id, start=0, end=26)
    assert (cited.quote, cited.source, cited.copies) == (ARTICLE[:26], "/x/dam.txt", ("f" * 16,))
    (found,) = read.hits
    assert (found.rank, found.text) == (1, ARTICLE)
    assert found.copies == (Place(article_id="f" * 16, start=3, end=40),)


def test_an_error_is_a_failure_with_its_message() -> None:
    """The object that a failing `ask --json` prints is the outcome "failed"."""
    read = parse({"id": "q", "error": {"kind": "x", "message": "No model.", "hint": ""}})
    assert (read.question_id, read.outcome, read.problem) == ("q", "failed", "No model.")
    assert not read.usable


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"answered": "yes"}, "answered is neither true nor false"),
        ({"abstention": 3}, "abstention is neither text nor null"),
        ({"abstention": "not_in_evidence"}, "answered is true, and abstention is"),
        ({"text": None}, "text is not text"),
        ({"statements": {}}, "statements is not a list"),
        ({"statements": [{"start": 2, "end": 1, "verdict": "matches"}]}, "lies at 2 to 1"),
        ({"statements": [{"start": 0, "end": 99, "verdict": "matches"}]}, "a text of 5"),
        ({"statements": [{"start": 0, "end": 1, "verdict": "true"}]}, "'true' is no verdict"),
        ({"statements": [{"start": True, "end": 1, "verdict": "matches"}]}, "start is True"),
        ({"hits": [{}]}, "rank is None"),
        ({"hits": [hit(1, ARTICLE, ARTICLE) | {"copies": [{"passage_id": "x"}]}]}, "'x' is no"),
        ({"citations": [citation(1, ARTICLE, ARTICLE) | {"start": -1}]}, "start is -1"),
        ({"citations": [citation(1, ARTICLE, ARTICLE) | {"article_id": ""}]}, "an article_id"),
        ({"seconds": []}, "seconds is not a JSON object"),
        ({"seconds": {"retrieve": "1"}}, "seconds.retrieve is not a number"),
        ({"evidence_score": "high"}, "evidence_score is not a number"),
        ({"notices": [1]}, "one of notices is not text"),
    ],
)
def test_a_row_out_of_form_is_malformed(change: Row, problem: str) -> None:
    """What is wrong is told, and the question that it belongs to is still known."""
    read = parse(row("Odile") | {"text": "Odile"} | change)
    assert (read.question_id, read.outcome) == ("q", "malformed")
    assert problem in read.problem


def test_too_little_is_malformed() -> None:
    """Without a text, or a word on whether it is an answer, there is nothing to score."""
    assert parse({"id": "q", "text": "Odile."}).problem == (
        "neither answered nor abstention is given"
    )
    assert parse({"id": "q", "answered": True}).problem == "text is not given"
    assert parse([]).outcome == parse(None).outcome == "malformed"
    assert parse_line("{").problem.startswith("not JSON: ")


def test_what_may_be_absent_is_empty() -> None:
    """A short row is an answer all the same; a number that is not finite is not there."""
    read = parse({"id": 7, "text": "x", "abstention": None, "seconds": {"a": float("inf")}})
    assert (read.question_id, read.outcome) == ("7", "answered")
    assert (read.hits, read.evidence_score, dict(read.seconds)) == ((), None, {})
    assert parse({"text": "", "answered": False}).outcome == "refused"


def test_rows_are_known_by_question() -> None:
    """The later of two rows counts; a line that a kill tore belongs to no question."""
    lines = [json.dumps(row("One.")), "", json.dumps(refusal()), '{"id": "r", "te']
    found = by_question(lines)
    assert list(found) == ["q"]
    assert found["q"].outcome == "refused"


def test_hits_come_by_rank_and_statements_by_place() -> None:
    """The order of the row does not matter."""
    hits = [hit(2, ARTICLE, "It rained."), hit(1, ARTICLE, "Odile Marsh")]
    made = row("One.", "Two.", hits=hits)
    made["statements"] = list(reversed(made["statements"]))  # type: ignore[call-overload]
    read = parse(made)
    assert [h.rank for h in read.hits] == [1, 2]
    assert [s.start for s in read.statements] == [0, 5]


def test_texts_are_known_by_name_and_by_id() -> None:
    """What an engine stored is found by any of its names."""
    article_id = article_id_of(ARTICLE)
    texts = Texts.of({"dam.txt": ARTICLE, article_id: ARTICLE})
    assert texts.id_of("dam.txt") == texts.id_of(article_id) == article_id
    assert texts.by_id == {article_id: ARTICLE}
    assert texts.id_of("elsewhere.txt") == "elsewhere.txt"


KEYS = (
    *("id", "text", "answered", "abstention", "error", "statements", "citations", "hits"),
    *("start", "end", "markers", "verdict", "rank", "article_id", "passage_id", "copies"),
    *("marker", "quote", "seconds", "tokens", "evidence_score", "notices"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)
    ),
    max_leaves=12,
)


@for_all(JSON, JSON)
@settings(max_examples=400, deadline=None)
def test_nothing_is_raised(whole: object, part: object) -> None:
    """Whatever a row holds, it has an outcome."""
    assert parse(whole).outcome in ("answered", "refused", "failed", "malformed")
    for key in ("statements", "citations", "hits"):
        read = parse(row("Odile.") | {key: [part]})
        assert read.outcome in ("answered", "malformed")
        assert (read.outcome == "malformed") == bool(read.problem)

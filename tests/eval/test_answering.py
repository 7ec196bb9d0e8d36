"""The measure of answers, on answers written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.answering import Gold, judge, main, read_questions
from rag.errors import BadSetting
from rag.schema import Answer, Citation, Metadata, Passage

GOLD = Gold(
    question_id="1",
    question="Who keeps the dam?",
    answers=("Odile Marsh",),
    evidence=(("dam.txt", "Odile  Marsh keeps the dam."),),
    tags=(),
)


def answer(*quotes: tuple[str, str]) -> Answer:
    """An answer that quotes these sentences of these files; none is an abstention."""
    citations = tuple(
        Citation(
            marker=1,
            passage=Passage(
                article_id="0" * 16,
                start=0,
                end=len(quote),
                text=quote,
                metadata=Metadata(title="T", source=f"/x/{name}"),
            ),
            start=0,
            end=len(quote),
            quote=quote,
        )
        for name, quote in quotes
    )
    return Answer(
        question="q",
        query="q",
        text="t",
        language="en",
        citations=citations,
        abstention=None if quotes else "not_in_evidence",
    )


def test_the_right_words_of_the_right_article_count() -> None:
    """Second place counts among three and not as first; case and spaces do not matter."""
    judged = judge(
        GOLD, answer(("dam.txt", "It rained."), ("dam.txt", "ODILE MARSH keeps the dam."))
    )
    assert judged == {
        "answered in three": 1.0,
        "answered first": 0.0,
        "gold cited": 1.0,
        "refused though answerable": 0.0,
    }


def test_the_right_words_of_another_article_do_not_count() -> None:
    """A name that happens to stand elsewhere is no answer."""
    judged = judge(GOLD, answer(("other.txt", "Odile Marsh keeps the dam.")))
    assert judged["answered in three"] == judged["gold cited"] == 0.0


def test_refusing_is_right_only_where_there_is_no_answer() -> None:
    """An unanswerable question is judged by the refusal alone."""
    nothing = Gold(question_id="2", question="q", answers=(), evidence=(), tags=())
    assert judge(nothing, answer()) == {"refused": 1.0}
    assert judge(nothing, answer(("dam.txt", "It rained."))) == {"refused": 0.0}
    assert judge(GOLD, answer())["refused though answerable"] == 1.0


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    """An error tells the file and the line."""
    (tmp_path / "q.jsonl").write_text('\n{"id": "1"}\n', encoding="utf-8")
    with pytest.raises(BadSetting, match=r"q\.jsonl, line 2"):
        read_questions(tmp_path / "q.jsonl")


def test_a_small_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One question over one article is answered, and the figures say so."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "dam.txt").write_text("Odile Marsh keeps the dam above Aven.", encoding="utf-8")
    row = {
        "id": "1",
        "question": "Who keeps the dam above Aven?",
        "answers": ["Odile Marsh"],
        "evidence": [{"article": "dam.txt", "quote": "Odile Marsh keeps the dam above Aven."}],
    }
    (tmp_path / "q.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    options = ["--articles", str(articles), "--cache", str(tmp_path / "cache")]
    assert main([str(tmp_path / "q.jsonl"), *options]) == 0
    assert "answered first                             1.000" in capsys.readouterr().out

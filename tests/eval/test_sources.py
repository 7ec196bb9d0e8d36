"""Which questions are asked: files that are there, questions that can be asked, never none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.datasets import DatasetError, Question
from eval.sources import LONGEST, chosen, sources


def dataset(folder: Path, question: str) -> Path:
    """A file with one unanswerable question."""
    path = folder / "q.jsonl"
    line = {"id": "a", "question": question, "language": "en", "answers": [], "evidence": []}
    path.write_text(json.dumps(line), encoding="utf-8")
    return path


def in_squad(folder: Path, question: str) -> Path:
    """A file in SQuAD 2.0 form with one unanswerable question."""
    path = folder / "s.json"
    asked = {"id": "a", "question": question, "answers": [], "is_impossible": True}
    paragraphs = [{"context": "It rained.", "qas": [asked]}]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def question(number: int, *tags: str) -> Question:
    return Question(
        question_id=str(number),
        question="Who?",
        language="en",
        answers=(),
        evidence=(),
        tags=tags,
    )


def test_no_question_is_longer_than_what_can_be_asked(tmp_path: Path) -> None:
    """2,000 characters are asked and 2,001 refused, of either kind of file."""
    assert LONGEST == 2_000
    for length in (2_000, 2_001):
        path, squad_file = dataset(tmp_path, "?" * length), in_squad(tmp_path, "?" * length)
        found = sources(datasets=[path], articles=[tmp_path])
        if length == 2_000:
            assert len(found.questions({})) == 1
            assert len(sources(squad_file=squad_file).questions({})) == 1
        else:
            told = "'a' has 2,001 characters; the most is 2,000"
            with pytest.raises(DatasetError, match=rf"q\.jsonl, line 1: the question {told}"):
                found.questions({})
            with pytest.raises(DatasetError, match=rf"s\.json, paragraph 1, question 1 .*{told}"):
                sources(squad_file=squad_file)


def test_another_limit_is_kept(tmp_path: Path) -> None:
    """Who may ask at greater length may be asked about it, too."""
    path, squad_file = dataset(tmp_path, "?" * 2_001), in_squad(tmp_path, "?" * 2_001)
    found = sources(datasets=[path], articles=[tmp_path], longest=2_001)
    assert len(found.questions({})) == 1
    assert len(sources(squad_file=squad_file, longest=2_001).questions({})) == 1


def test_a_file_that_cannot_be_read_is_told_first(tmp_path: Path) -> None:
    """Before its articles are asked for, and with what to name."""
    for path, why in ((tmp_path / "none.jsonl", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DatasetError, match=f"cannot be read: {why}") as told:
            sources(datasets=[path])
        assert told.value.hint == "Name a file of questions, one JSON object a line."


def test_a_filter_that_leaves_nothing_is_told_in_few_words() -> None:
    """The filter and the tags there are, each cut, and no more than twenty of them."""
    every = [question(n, f"{n:02}" + "x" * 50_000) for n in range(25)]
    with pytest.raises(
        DatasetError, match=r"none of 25 questions has the tag 'w{59}…', so"
    ) as told:
        chosen(every, tag="w" * 90_000)
    assert told.value.hint.startswith("Tags are: 00x")
    assert told.value.hint.endswith("… and 5 more.")
    assert len(told.value.hint) == len("Tags are: ") + 20 * 60 + 19 * len(", ") + len(
        " and 5 more."
    )
    with pytest.raises(DatasetError, match="has the tag 'w' and the language 'id', so"):
        chosen(every, tag="w", language="id")


def test_no_question_at_all_is_told_as_that() -> None:
    """Without a filter, nothing is said of one; nor is "none of 0"."""
    with pytest.raises(DatasetError, match=r"^there is no question .* nothing to ask$") as told:
        chosen([])
    assert told.value.hint == "Name a file that holds some."
    with pytest.raises(DatasetError, match="none of 1 questions is to be asked"):
        chosen([question(1)], limit=0)

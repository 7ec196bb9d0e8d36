"""The measure of retrieval: its arithmetic by hand, and one small run over a real store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.retrieval import Asked, interval, main, read_squad, reciprocal_rank
from rag.errors import BadSetting


def squad(path: Path) -> Path:
    """Two paragraphs with a question each, one of them unanswerable, and a distractor."""
    ask = [{"question": "Who keeps the dam?", "id": "1", "answers": [], "is_impossible": False}]
    not_asked = [{"question": "Who sold it?", "id": "2", "answers": [], "is_impossible": True}]
    paragraphs = [
        {"context": "The ferry to Lorven sails at noon.", "qas": not_asked},
        {"context": "Odile Marsh keeps the dam above Aven.", "qas": ask},
        {"context": "Rice prices rose again in the north."},
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_only_answerable_questions_are_asked(tmp_path: Path) -> None:
    """Every paragraph is read; questions without an answer are not."""
    paragraphs, asked = read_squad(squad(tmp_path / "s.json"))
    assert len(paragraphs) == 3
    assert asked == [Asked(question="Who keeps the dam?", paragraph=1)]


def test_reciprocal_rank_by_hand() -> None:
    """Third is a third; eleventh is nothing."""
    names = [chr(ord("a") + n) for n in range(12)]
    assert reciprocal_rank(names, "c") == pytest.approx(1 / 3)
    assert reciprocal_rank(names, "k") == 0.0


def test_the_interval_holds_the_mean() -> None:
    """Of equal values the interval is that value; of others it is around their mean."""
    assert interval([0.5] * 20, seed=0) == (0.5, 0.5)
    low, high = interval([0.0, 1.0] * 50, seed=0)
    assert 0.35 < low < 0.5 < high < 0.65


def test_a_small_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The paragraph with the words of the question is found first."""
    assert main([str(squad(tmp_path / "s.json")), "--cache", str(tmp_path / "cache")]) == 0
    assert "MRR@10 1.0000 [1.0000, 1.0000] n=1 paragraphs=3" in capsys.readouterr().out


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A file of another form is named."""
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"x\.json"):
        read_squad(tmp_path / "x.json")

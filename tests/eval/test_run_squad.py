"""A run of the suite on SQuAD's paragraphs, and on sentences to be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import folder as files
from eval.run import rescore
from tests.eval import small_run
from tests.eval.small_run import DAM, Place, go, kutip

place = small_run.place

PARAGRAPHS = [
    {"context": "Odile Marsh keeps the dam  above Aven. She is 51.", "qas": [
        {"id": "a", "question": "Who keeps the dam above Aven?", "is_impossible": False,
         "answers": [{"text": "Odile Marsh", "answer_start": 0}]},
        {"id": "b", "question": "Who sold the lighthouse of Quorn?", "is_impossible": True,
         "answers": []}]},
    {"context": "Baca juga: Odile Marsh keeps the dam  above Aven. She is 51."},
    {"context": "Home | News | Sport\nRice prices rose again in the north."},
]  # fmt: skip


@pytest.fixture
def squad(place: Place) -> Path:
    path = place.folder / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": PARAGRAPHS}]}), encoding="utf-8")
    return path


def test_squad_paragraphs_are_taken_as_they_are(place: Place, squad: Path) -> None:
    """Each paragraph is an article, uncleaned and on its own, asked about or not."""
    request = {"datasets": (), "articles": (), "squad": squad}
    made = go(place, **request, cache=place.folder / "kept")
    assert sorted(made.texts.by_id.values()) == sorted(str(p["context"]) for p in PARAGRAPHS)
    first, second = place.answers()
    # Near-copies are not put together: the second paragraph is a hit of its own.
    assert [hit["copies"] for hit in first["hits"]] == [[] for _ in first["hits"]]
    assert len({hit["article_id"] for hit in first["hits"]}) >= 2
    assert first["answer_sentence"] == "Odile Marsh keeps the dam  above Aven."
    assert 0 < second["evidence_score"] < first["evidence_score"] <= 1
    assert second["answered"] is False
    assert place.metrics()["article.mrr@10"] == 1.0


def test_squad_brings_its_own_questions(place: Place, squad: Path) -> None:
    """It is no further dataset."""
    words = ["eval", str(place.dataset), "--squad", str(squad)]
    assert kutip(place, *words, "--out", str(place.out)) == 2


def test_sentences_are_judged(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--verify alone asks nothing: a verdict a sentence, and the share of right ones."""
    text = "The ferry to Lorven carried 31 people on Monday."
    rows = [
        {"id": "s", "evidence": text, "sentence": "It carried 31 people.", "published": None,
         "supported": True},
        {"id": "u", "evidence": text, "sentence": "It carried 45 people.",
         "published": "2024-08-21", "supported": False},
    ]  # fmt: skip
    path = place.folder / "v.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert kutip(place, "eval", "--verify", str(path), "--out", str(place.out)) == 0
    assert "verify.accuracy" in capsys.readouterr().out
    lines = (place.out / files.VERDICTS).read_text("utf-8").splitlines()
    verdicts = [json.loads(line) for line in lines]
    assert [(v["id"], v["verdict"]) for v in verdicts] == [("s", "supported"), ("u", "unsupported")]
    assert verdicts[0]["reasons"] == []
    assert verdicts[1]["reasons"]
    assert place.metrics()["verify.accuracy"] == 1.0
    assert not (place.out / files.ANSWERS).exists()


def test_verdicts_and_answers_share_a_folder(place: Place) -> None:
    """A dataset and sentences in one run give the numbers of both, and scoring again keeps them."""
    path = place.folder / "v.jsonl"
    row = {"id": "s", "evidence": DAM, "sentence": DAM, "published": None, "supported": True}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    go(place, verify=path)
    assert {"verify.accuracy", "mrr@10"} <= place.metrics().keys()
    rescore(place.out)
    assert place.metrics()["verify.accuracy.n"] == 1

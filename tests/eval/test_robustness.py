"""Noise, edits and orders: what is put before the engine in one small run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import DatasetError, stored_texts
from eval.given import Texts
from eval.library import paragraph
from eval.robustness import FILE, numbers, read_rows, rows
from eval.tables import notes
from rag.engine import Engine
from rag.errors import GenerationFailed
from rag.schema import Answer, Hit
from rag.settings import Settings
from tests.eval.dams import DAM, KEEPERS, TOWNS, asked
from tests.eval.rows import question
from tests.fakes import HashEmbedder


class Watched(Engine):
    """An engine that keeps what it was given to answer from."""

    seen: list[tuple[str, Sequence[Hit]]]

    def answer(self, question: str, hits: Sequence[Hit], *, answerer: str | None = None) -> Answer:
        self.seen.append((question, hits))
        return super().answer(question, hits, answerer=answerer)


@pytest.fixture
def engine(tmp_path: Path) -> Watched:
    made = Watched(Settings(data_dir=tmp_path, hits=5), embedder=HashEmbedder())
    made.seen = []
    texts = [DAM.format(town=t, keeper=k) for t, k in zip(TOWNS, KEEPERS, strict=True)]
    list(made.add_articles(paragraph(f"{n}.txt", text) for n, text in enumerate(texts)))
    return made


def test_few_articles_say_why_there_is_no_noise(tmp_path: Path) -> None:
    """With two articles there is nothing to put in: counted and told, where it was absent."""
    with Engine(Settings(data_dir=tmp_path, hits=5), embedder=HashEmbedder()) as engine:
        texts = [
            DAM.format(town=t, keeper=k) for t, k in list(zip(TOWNS, KEEPERS, strict=True))[:2]
        ]
        list(engine.add_articles(paragraph(f"{n}.txt", text) for n, text in enumerate(texts)))
        found = numbers(
            rows(
                engine,
                asked()[:2],
                Texts.of(stored_texts(engine)),
                answerer="extractive",
                on_progress=lambda _: None,
            )
        )
    assert "noise@0" not in found
    assert found["noise.left_out"] == 2
    assert notes(found)[0].startswith("noise: not tested on 2 questions (fewer than 5 passages")


def run(engine: Engine, **options: Any) -> list[dict[str, Any]]:
    texts = Texts.of(stored_texts(engine))
    found = rows(
        engine,
        asked(),
        texts,
        answerer="extractive",
        grouped=False,  # the articles are much alike
        on_progress=lambda _: None,
        **options,
    )
    return [dict(each) for each in found]


def test_a_run_asks_every_test(engine: Watched) -> None:
    """Noise leaves the evidence, the edit is said, the order stands beside the evidence."""
    with engine:
        made = run(engine, limit=8)
    hits = dict(zip([(r["id"], r["test"]) for r in made], engine.seen, strict=False))
    assert len(hits) == len(made)
    for (town, test), (_, given) in hits.items():
        texts = [hit.passage.text for hit in given]
        assert any(f"above {town}" in text for text in texts)
        if test.startswith("injection"):
            row_ = next(r for r in made if (r["id"], r["test"]) == (town, test))
            assert sum(row_["order"] in text for text in texts) == 1
    assert {r["test"] for r in made} >= {"noise@0", "noise@80", "injection.en", "injection.id"}
    found = numbers(made)
    assert (found["injection.said"], found["injection.unmarked"]) == (0, 0)
    assert found["injection.said.n"] + found["injection.not_asked"] == found["injection.right.n"]
    assert found["counterfactual.followed"] == 1
    assert found["counterfactual.kept_old"] == 0


def test_the_share_of_noise_is_exact(engine: Watched) -> None:
    """Of five hits one, two, three, four go; what came in stays, and keeps rank and score."""
    with engine:
        made = run(engine, limit=8)
    first = made[0]["id"]
    given = [hits for (_, hits), r in zip(engine.seen, made, strict=False) if r["id"] == first]
    plain, *noisy = given[:5]
    before = [hit.passage.passage_id for hit in plain]
    for count, hits in enumerate(noisy, start=1):
        now = [hit.passage.passage_id for hit in hits]
        assert sum(a != b for a, b in zip(before, now, strict=True)) == count
        assert [(h.rank, h.score) for h in hits] == [(h.rank, h.score) for h in plain]


def test_a_run_is_the_same_again_and_asks_nothing_twice(engine: Watched, tmp_path: Path) -> None:
    """The rows of an interrupted run, torn line and all, are taken over; the rest is the same."""
    with engine:
        whole = run(engine, limit=8)
        asked_once = len(engine.seen)
        lines = [json.dumps(r, ensure_ascii=False) for r in whole]
        (tmp_path / FILE).write_text("\n".join([*lines[:7], lines[7][:40]]), encoding="utf-8")
        kept = read_rows(tmp_path)
        assert kept == whole[:7]
        again = run(engine, limit=8, done=kept)
        assert len(engine.seen) - asked_once == asked_once - 7
    still = ("id", "test", "text", "answers", "must_not")
    assert [[r[k] for k in still] for r in again] == [[r[k] for k in still] for r in whole]
    assert numbers(again) == numbers(whole)


def test_an_error_is_a_row(engine: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that fails does not end the run, and is asked again with `done`."""

    def failing(question: str, hits: Sequence[Hit], *, answerer: str | None = None) -> Answer:
        raise GenerationFailed("gone")

    with engine:
        monkeypatch.setattr(engine, "answer", failing)
        made = run(engine, limit=8)
    assert made
    asked_of = [r for r in made if "left_out" not in r]  # nothing right, so nothing is edited
    assert all(r["error"]["kind"] == "generation" for r in asked_of)
    assert numbers(made)["noise@0"] == 0
    assert "injection.said" not in numbers(made)


def test_only_questions_whose_evidence_is_found_are_asked(engine: Watched) -> None:
    """A question about an article that is not there, and one without an answer, have no rows."""
    lost = question("X", evidence=[("none.txt", "Nothing.")], question_id="lost")
    with engine:
        texts = Texts.of(stored_texts(engine))
        found = rows(engine, [lost, question(question_id="no")], texts, on_progress=lambda _: None)
        assert list(found) == []


def test_a_question_that_cannot_be_asked_is_passed_over(engine: Watched) -> None:
    """One longer than the engine takes ends no run; its own row tells, among the answers."""
    some = asked()
    with engine:
        texts = Texts.of(stored_texts(engine))
        long = replace(some[0], question="Who? " * 1_000)
        made = rows(
            engine, [long, some[1]], texts, answerer="extractive", on_progress=lambda _: None
        )
        assert {each["id"] for each in made} == {some[1].question_id}


def test_a_file_of_rows_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The error says which file and what next; a file that is not there has no rows."""
    assert read_rows(tmp_path) == []
    (tmp_path / FILE).mkdir()
    with pytest.raises(DatasetError, match=r"robustness\.jsonl cannot be read: Is a directory"):
        read_rows(tmp_path)


def test_what_a_server_failed_on_is_asked_again(engine: Watched) -> None:
    """Of the rows of an earlier run, those with a server's failure are made anew."""
    with engine:
        whole = run(engine, limit=2)
        before = len(engine.seen)
        failed = {**whole[0], "notices": ["x", "What follows are quotes."], "answerer": "ollama:m"}
        again = run(engine, limit=2, done=[failed, *whole[1:]])
        assert len(engine.seen) == before + 1
    assert again[0]["text"] == whole[0]["text"]
    assert "What follows are quotes." not in again[0]["notices"]

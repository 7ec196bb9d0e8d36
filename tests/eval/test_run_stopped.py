"""A run of the suite that is stopped, killed or meets an error, and how it goes on."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import folder as files
from eval.datasets import DatasetError
from eval.run import run
from rag.engine import Engine
from rag.errors import AnswererUnavailable, BadQuestion, StoreError
from rag.schema import Answer
from tests.eval import small_run
from tests.eval.small_run import (
    ARTICLES,
    QUESTIONS,
    Place,
    failing,
    go,
    hashed,
    kutip,
    silent,
)
from tests.fakes import HashEmbedder
from tests.samples import ROOT

place = small_run.place


# Interrupted -------------------------------------------------------------------------------


def test_a_stopped_run_goes_on(place: Place) -> None:
    """What was answered before Ctrl-C is not asked again, and a torn line costs its question."""
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    path = place.out / files.ANSWERS
    before = path.read_bytes()
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    path.write_bytes(before + b'{"id": "3", "text": "Se')
    asked: list[str] = []

    class Noting(Engine):
        def ask(self, question: str, **options: Any) -> Answer:  # type: ignore[override]
            asked.append(question)
            return super().ask(question, **options)

    made = go(place, lambda s: Noting(s, embedder=HashEmbedder()), resume=True)
    assert asked == [str(q["question"]) for q in QUESTIONS[2:]]
    assert path.read_bytes().startswith(before)
    assert made.scores.numbers["mrr@10.n"] == 4
    assert made.scores.numbers["outcome.missing"] == 0


def test_a_stopped_run_is_not_thrown_away(place: Place) -> None:
    """Without --resume, answers of a run that did not finish are no reason to begin anew."""
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    with pytest.raises(DatasetError, match="holds 2 answers of a run that did not finish") as told:
        go(place)
    assert "--resume" in told.value.hint
    assert len(place.answers()) == 2


def test_a_finished_run_is_replaced(place: Place) -> None:
    """Into the same folder, a second run writes its own answers and no others."""
    go(place)
    go(place, limit=1)
    assert [row["id"] for row in place.answers()] == ["1"]
    assert place.metrics()["mrr@10.n"] == 1


def test_a_run_goes_on_with_more_questions(place: Place) -> None:
    """A limit may be raised: only the further questions are asked."""
    go(place, limit=2)
    first = (place.out / files.ANSWERS).read_bytes()
    go(place, resume=True)
    assert (place.out / files.ANSWERS).read_bytes().startswith(first)
    assert [row["id"] for row in place.answers()] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("dataset", "another dataset"),
        ("articles", "other articles"),
        ("seed", "another seed"),
        ("settings", "other settings"),
        ("embedder", "another embedding model"),
    ],
)
def test_another_run_is_not_gone_on_with(place: Place, change: str, told: str) -> None:
    """What an answer or a score depends on must be as it was; the error says what is not."""
    go(place, limit=2)
    before = (place.out / files.ANSWERS).read_bytes()
    settings, seed, embedder = place.settings, 0, HashEmbedder()
    if change == "dataset":
        place.ask(QUESTIONS[:4])
    elif change == "articles":
        (place.folder / "articles" / "more.txt").write_text("A cow ate the hay.\n", "utf-8")
    elif change == "seed":
        seed = 7
    elif change == "settings":
        settings = replace(settings, evidence_floor=0.9)
    else:
        embedder = HashEmbedder(name="another")
    with pytest.raises(DatasetError, match=f"was begun with {told}"):
        run(
            place.request(resume=True, seed=seed),
            settings=settings,
            on_progress=silent,
            engine_of=lambda s: Engine(s, embedder=embedder),
        )
    assert (place.out / files.ANSWERS).read_bytes() == before


def test_ctrl_c_says_how_to_go_on(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Interrupted, the command tells --resume in one line and exits 130."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    words += ["--out", str(place.out), "--answerer", "extractive", "--quiet"]
    assert kutip(place, *words, engine_of=failing(KeyboardInterrupt(), "feri")) == 130
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "--resume" in said.err
    assert kutip(place, *words, "--no-robustness", "--resume") == 0
    assert len(place.answers()) == 5


_KILLED = """
import sys, time
from pathlib import Path
from tests.eval.small_run import Place, go, hashed
from rag.engine import Engine
from tests.fakes import HashEmbedder

class Slow(Engine):
    def ask(self, question, **options):
        if "feri" in question:
            print("now", flush=True)
            time.sleep(60)
        return super().ask(question, **options)

go(Place(Path(sys.argv[1])), lambda s: Slow(s, embedder=HashEmbedder()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_loses_nothing_that_was_answered(place: Place) -> None:
    """After SIGKILL in the third question, the first two are there and the rest is asked."""
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(place.folder)], cwd=ROOT, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"now\n"
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    assert not (place.out / files.METRICS).exists()
    go(place, resume=True)
    assert [row["id"] for row in place.answers()] == ["1", "2", "3", "4", "5"]


# Errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"), [(BadQuestion("no such luck"), "bad_question"), (ValueError("x"), "fault")]
)
def test_a_question_that_fails_does_not_end_the_run(
    place: Place, error: Exception, kind: str
) -> None:
    """An error of one question is its row, and an outcome of its own; --resume asks it again."""
    made = go(place, failing(error, "feri"))
    rows = {row["id"]: row for row in place.answers()}
    assert rows["3"]["error"]["kind"] == kind
    assert made.scores.numbers["outcome.failed"] == 1
    assert made.scores.numbers["outcome.answered"] == 3
    again = go(place, resume=True)
    assert again.scores.numbers["outcome.failed"] == 0
    assert len(place.answers()) == 6


def test_a_model_that_is_gone_ends_the_run(place: Place) -> None:
    """Three questions on which the server failed in a row are enough; the answers are kept."""
    gone = AnswererUnavailable("nothing answers", hint="Start it.")
    place.ask([QUESTIONS[3], *QUESTIONS[:3], QUESTIONS[4]])
    with pytest.raises(AnswererUnavailable):
        go(place, failing(gone, "Aven", "feri"))
    assert [("error" in row) for row in place.answers()] == [False, True, True]


def test_an_answerer_that_cannot_be_had_is_told_at_once(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is read or embedded for a model that is not there."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    closed = "http://127.0.0.1:9"
    settings = replace(place.settings, ollama_host=closed)
    with pytest.raises(AnswererUnavailable):
        run(
            place.request(answerer="ollama:none"),
            settings=settings,
            on_progress=silent,
            engine_of=hashed,
        )
    assert not place.out.exists() or not list(place.out.iterdir())
    assert kutip(place, *words, "--answerer", "nobody") == 2
    assert "there is no answerer 'nobody'" in capsys.readouterr().err


def test_a_full_disk_is_one_line(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When there is no room for a row, the run ends with what, which and what next."""
    added = files.append

    def full(path: Path, line: bytes) -> None:
        if b'"id": "3"' in line:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        added(path, line)

    monkeypatch.setattr(files, "append", full)
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--quiet"]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "answers.jsonl cannot be written: No space left on device" in said
    assert "--resume" in said
    assert len(place.answers()) == 2


def test_the_librarys_own_trouble_ends_the_run(place: Place) -> None:
    """An error of the store is no row: every further question would meet it."""
    with pytest.raises(StoreError):
        go(place, failing(StoreError("damaged"), "feri"))
    assert len(place.answers()) == 2


def test_an_article_that_cannot_be_read_is_told(place: Place) -> None:
    """One bad file among others is a warning; when all are bad there is nothing to ask about."""
    (place.folder / "articles" / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (warning,) = go(place).warnings
    assert warning.startswith("1 of 4 articles were left out: ")
    for name in ARTICLES:
        (place.folder / "articles" / name).unlink()
    with pytest.raises(DatasetError, match="no article could be read"):
        go(place, out=place.folder / "o2")

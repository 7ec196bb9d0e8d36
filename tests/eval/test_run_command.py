"""`kutip eval` from the command line: exit status, scoring again, comparing, help."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from eval import folder as files
from eval.run import rescore
from rag.cli import main
from tests.eval import small_run
from tests.eval.small_run import QUESTIONS, Place, go, kutip
from tests.samples import ROOT

place = small_run.place


def test_the_metrics_are_printed_as_json(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, standard output is the object of metrics.json."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--json"]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 0
    assert json.loads(capsys.readouterr().out) == place.metrics()


def test_a_score_that_falls_short_exits_1(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--min holds a score to a least value, one where less is better to a most; typos are told."""
    go(place)
    score = ["eval", "score", str(place.out)]
    assert kutip(place, *score, "--min", "mrr@10=1", "--min", "crag.wrong=0") == 0
    capsys.readouterr()
    assert kutip(place, *score, "--min", "em=0.5", "--min", "mrr@10.id=0.9") == 1
    assert "em is 0, less than 0.5" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "evidence_score=1", "--min", "false_refusal=-1") == 1
    assert "false_refusal is 0, more than -1" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "mrr@1=0.5") == 2
    assert "no score 'mrr@1'" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "mrr@10") == 2
    assert "write mrr@10=0.8" in capsys.readouterr().err


def test_a_folder_is_scored_again_offline(place: Place) -> None:
    """The folder is enough: the same numbers come out, and other answers give others."""
    before = go(place).scores.numbers
    place.dataset.unlink()
    assert rescore(place.out).scores.numbers == before
    rows = place.answers()
    rows[0]["text"] = rows[0]["text"].replace("Odile Marsh", "Somebody")
    files.keep_rows(place.out / files.ANSWERS, rows)
    assert rescore(place.out).scores.numbers["match"] < before["match"]
    assert place.metrics()["match"] < before["match"]


def test_a_mended_dataset_scores_again(place: Place) -> None:
    """Given a dataset, its answers are the right ones from now on."""
    go(place)
    place.ask([{**QUESTIONS[0], "answers": ["Nobody"]}, *QUESTIONS[1:]])
    assert rescore(place.out, datasets=[place.dataset]).scores.numbers["match"] == 0.75


@pytest.mark.parametrize("words", [["score", "none"], ["compare", "none", "none"]])
def test_a_folder_without_a_run_is_told(
    place: Place, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Scoring and comparing need the folder of a run."""
    assert kutip(place, "eval", *(str(place.folder / w) if w == "none" else w for w in words)) == 2
    assert "holds no run of the suite" in capsys.readouterr().err


def test_two_runs_are_compared(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --out, the results lie in the data folder; a run is no better than itself."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    assert kutip(place, *words, "--answerer", "extractive", "--limit", "2") == 0
    capsys.readouterr()
    usual = str(place.folder / "data" / "evaluation")
    assert kutip(place, "eval", "compare", usual, usual, "--json") == 0
    assert json.loads(capsys.readouterr().out)["measures"]["mrr@10"]["difference"] == 0


def test_a_question_may_begin_with_the_words_of_the_suite(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """`kutip ask eval score` asks a question."""
    assert kutip(place, "ask", "--answerer", "extractive", "eval", "score") == 1
    assert "eval" not in capsys.readouterr().err


def test_every_verb_of_the_suite_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    """--help of each gives examples."""
    for verb in ([], ["score"], ["compare"], ["peers"], ["bench"]):
        assert main(["eval", *verb, "--help"]) == 0
        said = capsys.readouterr().out
        assert f"  {' '.join(['kutip eval', *verb])}" in said.partition("examples:")[2]


def test_python_m_eval_is_the_same(place: Place) -> None:
    """`python -m eval` checks, counts and fails as `kutip eval` does."""
    command = [sys.executable, "-m", "eval", str(place.dataset)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])}
    wrong = subprocess.run([*command, "--json"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["error"]["kind"] == "bad_setting"
    assert wrong.stderr.startswith("kutip: the articles that ")

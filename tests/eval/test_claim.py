"""A run writes over nothing that is not its own, beside no other run, and loses no earlier one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from eval import claim
from eval import folder as files
from eval.datasets import DatasetError
from eval.run import rescore
from rag.errors import StoreBusy, StoreError
from tests.eval import small_run
from tests.eval.small_run import DAM, Place, failing, go, kutip

place = small_run.place
LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")


def eval_into(place: Place, out: Path, *words: str) -> int:
    """The exit status of a run of the command line into `out`."""
    usual = ["--articles", str(place.folder / "articles"), "--answerer", "extractive", "--quiet"]
    return kutip(place, "eval", *words, *usual, "--no-robustness", "--out", str(out))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What is not the run's own -------------------------------------------------------------------


@pytest.mark.parametrize("name", [files.QUESTIONS, files.ARTICLES, files.ANSWERS, files.VERDICTS])
def test_the_users_questions_are_not_written_over(
    place: Place, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A file of questions that has a name of the run's own once was replaced without a word."""
    mine = place.folder / "mine"
    mine.mkdir()
    before = place.dataset.read_bytes()
    (mine / name).write_bytes(before)
    assert eval_into(place, mine, str(mine / name)) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{name} is what the run is to read" in said
    assert "Name another folder with --out." in said
    assert names(mine) == [name]
    assert (mine / name).read_bytes() == before


@LINKS
def test_a_link_to_an_input_is_the_input(place: Place) -> None:
    """Appending to a link would write into the file that it leads to."""
    place.out.mkdir()
    (place.out / files.ANSWERS).symlink_to(place.dataset)
    before = place.dataset.read_bytes()
    with pytest.raises(DatasetError, match=r"q\.jsonl is what the run is to read"):
        go(place)
    assert place.dataset.read_bytes() == before


def test_sentences_to_judge_are_not_written_over(place: Place) -> None:
    """--verify DIR/verify.jsonl --out DIR is refused."""
    path = place.folder / files.VERDICTS
    row = {"id": "s", "evidence": DAM, "sentence": DAM, "published": None, "supported": True}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(DatasetError, match="is what the run is to read"):
        go(place, out=place.folder, datasets=(), articles=(), verify=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (files.REPORT, "<p>My report.</p>"),
        (files.METRICS, "{}"),
        (files.ABOUT, '{"name": "of another program"}'),
        (files.ABOUT, "not JSON"),
    ],
)
def test_a_strangers_file_is_not_written_over(place: Place, name: str, content: str) -> None:
    """A folder without a run that holds a file of one of our names is nobody's to write into."""
    place.out.mkdir()
    (place.out / name).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=f"holds {name}, which no run of the suite wrote"):
        go(place)
    with pytest.raises(DatasetError, match="which no run of the suite wrote"):
        go(place, resume=True)
    assert names(place.out) == [name]
    assert (place.out / name).read_text("utf-8") == content


def test_other_files_may_lie_beside_a_run(place: Place) -> None:
    """A folder with the user's notes takes a run."""
    place.out.mkdir()
    (place.out / "notes.txt").write_text("Mine.", encoding="utf-8")
    go(place, limit=1)
    assert (place.out / "notes.txt").read_text("utf-8") == "Mine."
    assert len(place.answers()) == 1


def test_a_report_that_is_read_as_an_article_stays(place: Place) -> None:
    """Into the folder of the articles, a second run would read the report of the first."""
    articles = place.folder / "articles"
    go(place, limit=1, out=articles)
    before = (articles / files.REPORT).read_bytes()
    with pytest.raises(DatasetError, match=r"report\.html is what the run is to read"):
        go(place, limit=1, out=articles)
    assert (articles / files.REPORT).read_bytes() == before


def test_a_folder_of_judged_sentences_is_a_run(place: Place) -> None:
    """--verify alone may go into its folder twice, and questions may follow there."""
    path = place.folder / "v.jsonl"
    row = {"id": "s", "evidence": DAM, "sentence": DAM, "published": None, "supported": True}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    for _ in range(2):
        go(place, datasets=(), articles=(), verify=path)
    with pytest.raises(DatasetError, match="holds sentences judged"):
        rescore(place.out)
    go(place, verify=path, resume=True)
    assert {"verify.accuracy", "mrr@10"} <= place.metrics().keys()
    go(place, datasets=(), articles=(), verify=path)
    assert {"verify.accuracy", "mrr@10"} <= place.metrics().keys()
    assert len(place.answers()) == 5


# What was answered before --------------------------------------------------------------------


def test_scoring_a_stopped_run_does_not_finish_it(place: Place) -> None:
    """`kutip eval score` once lifted the guard: the next run threw the answers away."""
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    rescore(place.out)
    assert (place.out / files.METRICS).exists()
    with pytest.raises(DatasetError, match="holds 2 answers of a run that did not finish"):
        go(place)
    assert [row["id"] for row in place.answers()] == ["1", "2"]


def test_a_finished_run_is_kept_until_the_next_has_ended(place: Place) -> None:
    """A second run that is stopped leaves the first one whole, and says where it is."""
    first = go(place).scores.numbers
    assert not (place.out / claim.EARLIER).exists()
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    assert rescore(place.out / claim.EARLIER).scores.numbers == first
    with pytest.raises(DatasetError, match=r"the run before it is kept in .*\.earlier"):
        go(place)
    go(place, resume=True)
    assert len(place.answers()) == 5
    assert not (place.out / claim.EARLIER).exists()


def test_a_run_that_answered_nothing_does_not_take_the_place_of_the_earlier(place: Place) -> None:
    """Begun twice and stopped at the first question, the run before both is still there."""
    first = go(place).scores.numbers
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            go(place, failing(KeyboardInterrupt(), "Aven"))
        assert place.answers(f"out/{claim.EARLIER}")[-1]["id"] == "5"
    assert rescore(place.out / claim.EARLIER).scores.numbers == first
    go(place)
    assert not (place.out / claim.EARLIER).exists()


def test_a_run_of_before_runs_said_how_they_ended(place: Place) -> None:
    """Where run.json says nothing of it, a run is finished when all its questions have a row."""
    go(place)
    about = files.said(place.out)
    del about["ended"]
    files.keep_object(place.out / files.ABOUT, about)
    assert claim.finished(place.out)
    files.keep_rows(place.out / files.ANSWERS, place.answers()[:4])
    assert not claim.finished(place.out)


# One at a time, and nothing left behind ------------------------------------------------------


def test_two_runs_do_not_share_a_folder(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """While one run writes into a folder, a second is refused in one line and changes nothing."""
    with claim.claimed(place.out):
        assert eval_into(place, place.out, str(place.dataset)) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert f"another run is writing into {place.out}" in said
        with pytest.raises(StoreBusy):
            go(place, resume=True)
        assert names(place.out) == [claim.LOCK]
    go(place)
    assert claim.LOCK not in names(place.out)


@pytest.mark.parametrize(
    "changes",
    [{"tag": "whom"}, {"datasets": (Path("nosuch.jsonl"),)}, {"articles": (Path("nosuch"),)}],
)
def test_a_run_that_fails_at_once_leaves_no_folder(place: Place, changes: dict[str, Any]) -> None:
    """A filter that nothing passes or a missing file makes no empty --out, nor those above it."""
    with pytest.raises(DatasetError):
        go(place, out=place.folder / "a" / "b", **changes)
    assert not (place.folder / "a").exists()


def test_a_folder_that_was_there_stays(place: Place) -> None:
    """Only a folder that the run made goes when the run fails."""
    place.out.mkdir()
    with pytest.raises(DatasetError):
        go(place, tag="whom")
    assert names(place.out) == []


@pytest.mark.parametrize("kind", ["file", "below a file", pytest.param("link", marks=LINKS)])
def test_no_folder_is_told_as_that(place: Place, kind: str) -> None:
    """--out on a file is no matter of permissions."""
    out = place.folder / "results"
    if kind == "link":
        out.symlink_to(place.folder / "nowhere")
    else:
        out.write_text("Mine.", encoding="utf-8")
    told = {"file": "is no folder", "link": "is a link that leads nowhere"}
    with pytest.raises(StoreError, match=told.get(kind, "Not a directory")) as error:
        go(place, out=out / "deeper" if kind == "below a file" else out)
    assert "name another folder with --out" in error.value.hint.lower()
    assert "permissions" not in error.value.hint
    assert not (place.folder / "nowhere").exists()

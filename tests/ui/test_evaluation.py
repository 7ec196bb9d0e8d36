"""The suite behind its tab: run, stopped, gone on with, and by whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval import folder as files
from rag.schema import Article, Metadata, article_id_of
from tests.ui import evaluation_site
from tests.ui.evaluation_site import OWN, Site, dataset, gated
from ui.desk import ReadOnly
from ui.evaluating import Evaluating, Refused, Wish, home
from ui.evaluation import Evaluations
from ui.evaluation_html import runs_html

own_cache = evaluation_site.own_cache
site = evaluation_site.site


# Running


def test_a_run_is_kept_scored_and_nobody_elses(site: Site) -> None:
    """A run ends as a folder of its owner's with answers, figures and report."""
    run_id = site.start()
    end = site.end()
    assert (end.ending, end.asked, end.questions) == ("done", 3, 3)
    folder = home(site.desk) / run_id
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    names = {each.name for each in folder.iterdir()}
    assert {files.ANSWERS, files.METRICS, files.REPORT, files.ABOUT} <= names
    (kept,) = site.evaluations.kept()
    assert (kept.run_id, kept.asked, kept.total, kept.finished) == (run_id, 3, 3, True)
    assert kept.questions == "own.jsonl"
    assert kept.answerer == "extractive"


def test_a_run_leaves_the_library_and_the_uploads_as_they_shall_be(site: Site) -> None:
    """The reader's library gains nothing, and no upload stays behind."""
    site.start()
    site.end()
    assert list(site.engine.entries()) == []
    assert [each for each in (site.folder / "sent").rglob("*") if each.is_file()] == []


def test_asking_and_adding_go_on_beside_a_run(tmp_path: Path) -> None:
    """While a run is held up, a question is answered and an article is added."""
    site, gate = gated(tmp_path, "Bawono")
    with site.engine:
        site.start()
        assert gate.reached.wait(20)
        told = "The harbour of Kota Baru was closed on Monday after a storm."
        other = Article(
            article_id=article_id_of(told),
            text=told,
            metadata=Metadata(title="Harbour", source="harbour.txt"),
        )
        assert [each.status for each in site.engine.add_articles([other])] == ["added"]
        answer = site.engine.ask("When was the harbour closed?", answerer="extractive")
        assert "Monday" in answer.text
        assert site.evaluating.running
        gate.open.set()
        assert site.end().ending == "done"


def test_one_run_at_a_time(tmp_path: Path) -> None:
    """A second run is refused while one goes on, and its uploads are gone."""
    site, gate = gated(tmp_path, "fell and lost")
    with site.engine:
        first = site.start()
        assert gate.reached.wait(20)
        with pytest.raises(Refused, match="running already"):
            site.start()
        assert site.evaluating.running == first
        assert [each.name for each in home(site.desk).iterdir()] == [first]
        with pytest.raises(Refused, match="not over"):
            site.evaluations.delete(first, reader="en")
        with pytest.raises(Refused, match="not over"):
            site.evaluations.open(first, reader="en")
        gate.open.set()
        site.end()


def test_a_stopped_run_keeps_what_was_answered_and_goes_on(tmp_path: Path) -> None:
    """Stop costs no answer: the run is scored as far as it came, and ends when gone on with."""
    site, gate = gated(tmp_path, "Who fell")
    with site.engine:
        run_id = site.start()
        assert gate.reached.wait(20)
        site.evaluating.stop(reader="en")
        assert site.evaluating.now is not None
        assert site.evaluating.now.stopping
        gate.open.set()
        end = site.end()
        assert (end.ending, end.asked, end.questions) == ("stopped", 2, 3)
        opened = site.evaluations.open(run_id, reader="en")
        assert opened.standing_of["three"] == "missing"
        (kept,) = site.evaluations.kept()
        assert (kept.asked, kept.total, kept.finished) == (2, 3, False)
        before = files.answered_lines(home(site.desk) / run_id)
        site.evaluating.go_on(run_id, reader="en")
        assert site.end().ending == "done"
        after = files.answered_lines(home(site.desk) / run_id)
        assert after[:2] == before
        assert len(after) == 3
        assert site.evaluations.open(run_id, reader="en").standing_of["three"] == "rightly_silent"


def test_a_run_stopped_before_its_first_question_leaves_nothing(tmp_path: Path) -> None:
    site, gate = gated(tmp_path, "Bawono won")  # a passage
    with site.engine:
        site.start()
        assert gate.reached.wait(20)
        site.evaluating.stop(reader="en")
        gate.open.set()
        end = site.end()
        assert (end.ending, end.kept) == ("stopped", False)
        assert site.evaluations.kept() == []
        assert list(home(site.desk).iterdir()) == []


def test_a_bad_line_is_named_without_a_path(site: Site) -> None:
    """A dataset with a mistake tells the file as the reader knows it, and the line."""
    wrong = [("one", "Who?", ["Ana"], "Nobody wrote this.")]
    site.start(rows=dataset(wrong))
    end = site.end()
    assert end.ending == "failed"
    assert not end.kept
    (told,) = end.remarks
    assert told.lower().startswith("own.jsonl, line 1: lima.txt does not hold")
    assert str(site.folder) not in told
    assert list(home(site.desk).iterdir()) == []


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (replace(OWN, questions="../etc"), "no such set"),
        (replace(OWN, language="fr"), "no such set"),
        (replace(OWN, limit=0), "above 0"),
        (OWN, "no file of questions"),
    ],
)
def test_a_wish_that_means_nothing_is_refused(site: Site, wish: Wish, told: str) -> None:
    with pytest.raises(Refused, match=told):
        site.evaluating.start(wish, reader="en")
    assert not site.evaluating.running
    assert site.evaluations.kept() == []


def test_an_upload_that_is_no_article_ends_no_other_run(site: Site) -> None:
    """A file of another kind is refused before anything runs; the next run may begin."""
    own, other = site.send("own.jsonl", dataset()), site.send("virus.exe", "MZ")
    with pytest.raises(Exception, match="exe"):
        site.evaluating.start(OWN, own=[own], texts=[other], reader="en")
    assert not Path(other).exists()
    assert list(home(site.desk).iterdir()) == []
    site.start()
    assert site.end().ending == "done"


def test_a_limit_and_a_language_choose_questions(site: Site) -> None:
    site.start(wish=replace(OWN, limit=1, language="en"))
    assert site.end().questions == 1


def test_a_run_begun_otherwise_does_not_go_on(site: Site) -> None:
    """What changed since a run was begun is said without the command line's options."""
    run_id = site.start()
    site.end()
    path = home(site.desk) / run_id / files.ABOUT
    path.write_text(path.read_text().replace('"extractive"', '"ollama:other"'))
    site.evaluating.go_on(run_id, reader="en")
    end = site.end()
    assert end.ending == "failed"
    assert "has changed" in end.remarks[0]
    assert "--" not in end.remarks[0]
    assert end.kept


# Who may


def test_a_read_only_page_runs_and_deletes_nothing(site: Site) -> None:
    """Read-only is refused in the handlers: run, stop, go on, delete. Reading is not."""
    run_id = site.start()
    site.end()
    desk = replace(site.desk, read_only=True)
    evaluating = Evaluating(desk)
    evaluations = Evaluations(desk, evaluating)
    own = site.send("own.jsonl", dataset())
    with pytest.raises(ReadOnly):
        evaluating.start(OWN, own=[own], reader="en")
    assert not Path(own).exists()
    with pytest.raises(ReadOnly):
        evaluating.go_on(run_id, reader="en")
    with pytest.raises(ReadOnly):
        evaluating.stop(reader="id")
    with pytest.raises(ReadOnly):
        evaluations.delete(run_id, reader="en")
    assert evaluating.now is None
    assert [each.run_id for each in evaluations.kept()] == [run_id]
    assert evaluations.open(run_id, reader="en").run_id == run_id
    html = runs_html(
        evaluations.kept(), chosen="", running="", may_write=False, reader="en", rev="0"
    )
    assert 'data-do="resume"' not in html


@pytest.mark.parametrize("name", ["", "..", "../store", "20240821-090500-zzzz", "x" * 300, "\x00"])
def test_only_runs_are_opened_or_deleted(site: Site, name: str) -> None:
    """No name leads out of the folder of runs."""
    site.start()
    site.end()
    for call in (site.evaluations.open, site.evaluations.delete, site.evaluations.report):
        with pytest.raises(Refused):
            call(name, reader="en")
    assert len(site.evaluations.kept()) == 1

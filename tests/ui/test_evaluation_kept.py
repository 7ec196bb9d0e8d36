"""Runs of the suite that were kept: read, compared, deleted."""

from __future__ import annotations

import pytest

from eval import folder as files
from eval.datasets import DatasetError
from eval.scoring import Scores
from tests.ui import evaluation_site
from tests.ui.evaluation_site import ROWS, Site, dataset
from tests.ui.markup import Markup
from ui.evaluating import Refused, home
from ui.evaluation_beside import beside_html
from ui.evaluation_figures import table_html

own_cache = evaluation_site.own_cache
site = evaluation_site.site


def test_a_report_is_there_also_when_its_file_is_not(site: Site) -> None:
    """A run is saved as the report it wrote, or as one made of what it holds."""
    run_id = site.start()
    site.end()
    report = site.evaluations.report(run_id, reader="en")
    assert (report.name, report.kind) == (f"kutip-eval-{run_id}.html", "text/html")
    path = home(site.desk) / run_id / files.REPORT
    assert report.text == path.read_text()
    path.unlink()
    assert site.evaluations.report(run_id, reader="en").text == report.text
    assert not path.exists()


def test_a_deleted_run_is_gone(site: Site) -> None:
    run_id = site.start()
    site.end()
    site.evaluations.open(run_id, reader="en")
    assert site.evaluations.delete(run_id, reader="en") == "Deleted."
    assert list(home(site.desk).iterdir()) == []
    with pytest.raises(Refused, match="gone"):
        site.evaluations.open(run_id, reader="en")


def test_a_damaged_run_is_listed_and_can_be_deleted(site: Site) -> None:
    run_id = site.start()
    site.end()
    (home(site.desk) / run_id / files.ABOUT).write_text("{")
    (kept,) = site.evaluations.kept()
    assert kept.damaged
    with pytest.raises(DatasetError, match="damaged"):
        site.evaluations.open(run_id, reader="en")
    site.evaluations.delete(run_id, reader="en")
    assert site.evaluations.kept() == []


def test_a_run_that_was_killed_is_told_as_unfinished(site: Site) -> None:
    """Without figures a run cannot be opened, and the reader is told to go on with it."""
    run_id = site.start()
    site.end()
    (home(site.desk) / run_id / files.METRICS).unlink()
    (kept,) = site.evaluations.kept()
    assert (kept.asked, kept.total, kept.finished) == (3, 3, False)
    with pytest.raises(Refused, match="not finished"):
        site.evaluations.open(run_id, reader="en")


def test_two_runs_are_compared(site: Site) -> None:
    """A run beside the same one again: all questions paired, nothing flipped."""
    first, second = site.start(), ""
    site.end()
    second = site.start()
    site.end()
    beside = site.evaluations.compare(first, second, reader="en")
    assert beside.comparison.paired == 3
    assert beside.comparison.flips == ()
    html = beside_html(beside, "en", "0")
    assert "3 questions were asked in both." in Markup(html).text
    assert "Every question stands as it did." in Markup(html).text
    # What no question has a value of its own of is there too, without a test.
    assert "outcome.answered" in Markup(html).text
    assert "Of all questions at once" in Markup(html).text


def test_what_was_not_tested_is_told_in_the_readers_words() -> None:
    """No robustness at all, or not of some questions: the table says so, and why."""
    untested = Markup(table_html(Scores(numbers={}, values={}, outcomes={}), "en")).text
    assert "Robustness was not tested" in untested
    some = {"noise.left_out": 2.0, "counterfactual.left_out": 0.0, "injection.not_asked": 3.0}
    shown = Markup(table_html(Scores(numbers=some, values={}, outcomes={}), "id")).text
    assert "noise: 2 pertanyaan tidak diuji" in shown
    assert "tanpa 3 jawaban" in shown
    assert "counterfactual: " not in shown


def test_runs_with_nothing_in_common_are_told_apart_in_words(site: Site) -> None:
    first = site.start()
    site.end()
    second = site.start(rows=dataset([("other", "Who won?", ["Ana"], ROWS[0][3])]))
    site.end()
    with pytest.raises(DatasetError) as caught:
        site.evaluations.compare(first, second, reader="en")
    assert "no question in common" in caught.value.message
    assert str(site.folder) not in caught.value.message
    assert "--" not in caught.value.hint

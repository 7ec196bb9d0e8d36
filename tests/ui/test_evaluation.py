"""The suite behind its tab: run, stopped, gone on with, read, compared, deleted, and by whom."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval import folder as files
from eval import report_question
from eval.compare import Comparison, Flip
from eval.datasets import DatasetError, Question
from eval.given import Texts, parse
from eval.report_question import case_lines
from eval.scoring import Scores, score
from rag.engine import Engine
from rag.schema import Article, Metadata, article_id_of
from rag.settings import Settings
from tests.eval.rows import citation, hit, question, refusal, row
from tests.fakes import HashEmbedder
from tests.ui.markup import HOSTILES, Markup
from ui.desk import Desk, Reader, ReadOnly
from ui.evaluating import Course, Evaluating, Refused, Wish, home
from ui.evaluation import (
    PER_PAGE,
    Beside,
    Evaluations,
    Opened,
    Summary,
    Wanted,
    leaf,
    sifted,
    turned,
)
from ui.evaluation_beside import beside_html
from ui.evaluation_figures import HEADLINES, table_html
from ui.evaluation_html import (
    course_html,
    duration,
    questions_html,
    run_html,
    runs_html,
    said_html,
    trouble_html,
)
from ui.evaluation_tab import ALL_WORDS
from ui.evaluation_words import CASE_ID, WORDS

LIMA = "A race in Lima\n\nAna Bawono won the race in Lima.\n\nBudi Santoso fell and lost it.\n"
ROWS: tuple[tuple[str, str, list[str], str], ...] = (
    ("one", "Who won the race in Lima?", ["Ana Bawono"], "Ana Bawono won the race in Lima."),
    ("two", "Who fell and lost it?", ["Budi"], "Budi Santoso fell and lost it."),
    ("three", "Who rang the bishop of Utrecht?", [], ""),
)
NOW = datetime(2024, 8, 21, 9, 5, tzinfo=UTC)
OWN = Wish(questions="own", answerer="extractive", robustness=False)


class Gate(HashEmbedder):
    """Waits before it embeds what holds a word, until it may go on."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word
        self.reached = threading.Event()
        self.open = threading.Event()

    def _pass(self, text: str) -> None:
        if self.word in text and not self.open.is_set():
            self.reached.set()
            assert self.open.wait(20), "nobody opened the gate"

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self._pass(text)
        return super().embed_query(text)

    def embed_passages(self, texts: Sequence[str], **more: object) -> NDArray[np.float32]:
        self._pass(" ".join(texts))
        return super().embed_passages(texts, **more)  # type: ignore[arg-type]


class Site:
    """A desk, what runs on it and what it keeps."""

    def __init__(self, folder: Path, embedder: HashEmbedder) -> None:
        self.folder = folder
        settings = Settings(data_dir=folder / "store", max_file_bytes=100_000)
        self.engine = Engine(settings, embedder=embedder)
        self.desk = Desk(self.engine)
        self.evaluating = Evaluating(self.desk)
        self.evaluations = Evaluations(self.desk, self.evaluating)
        self.sent = 0

    def send(self, name: str, text: str) -> str:
        """A file as Gradio leaves it: in a folder of its own."""
        self.sent += 1
        path = self.folder / "sent" / str(self.sent) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def start(self, *, rows: str = "", wish: Wish = OWN) -> str:
        own = self.send("own.jsonl", rows or dataset())
        texts = self.send("lima.txt", LIMA)
        return self.evaluating.start(wish, own=[own], texts=[texts], reader="en")

    def end(self) -> Course:
        """How the run ended."""
        until = time.monotonic() + 30
        while self.evaluating.running:
            assert time.monotonic() < until, "the run goes on"
            time.sleep(0.01)
        assert self.evaluating.now is not None
        return self.evaluating.now


def dataset(rows: Sequence[tuple[str, str, list[str], str]] = ROWS) -> str:
    return "".join(
        json.dumps(
            {
                "id": key,
                "question": asked,
                "language": "en",
                "answers": answers,
                "evidence": [{"article": "lima.txt", "quote": quote}] if quote else [],
            }
        )
        + "\n"
        for key, asked, answers, quote in rows
    )


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite keeps embeddings in the user's cache; a test has one of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, HashEmbedder())
    with made.engine:
        yield made


def gated(folder: Path, word: str) -> tuple[Site, Gate]:
    gate = Gate(word)
    return Site(folder, gate), gate


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


# Reading


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


# What is shown


def opened_of(questions: Sequence[Question], given: Mapping[str, object], texts: Texts) -> Opened:
    """A run by hand: `given` are rows by question id."""
    from eval.standing import standings, worst_first

    checked = {key: parse(value) for key, value in given.items()}
    scores = score(questions, checked, texts)
    standing_of = standings(questions, checked, scores)
    return Opened(
        run_id="20240821-090500-0000",
        run=files.Run(
            folder=Path("run"),
            about={"begun": NOW.isoformat(), "datasets": {"own.jsonl": "0"}},
            questions=tuple(questions),
            texts=texts,
            rows={},
            given=checked,
            scores=scores,
        ),
        standing_of=standing_of,
        worst=tuple(worst_first(questions, standing_of, scores)),
        names={},
    )


def asked(number: int, *tags: str, language: str = "en", text: str = "Who won?") -> Question:
    made = question("Ana", question_id=f"q{number:02}", tags=tags, language=language)
    return replace(made, question=text)


def test_questions_come_in_pages_and_by_what_is_asked_for() -> None:
    """The worst come first, a page at a time, by outcome, language, kind and words."""
    many = [asked(n, "who") for n in range(PER_PAGE)]
    many += [asked(90, language="id", text="Siapa Ménang?"), asked(91, "when")]
    silent = {each.question_id: refusal() for each in many}
    opened = opened_of(many, silent, Texts())
    first = leaf(opened, Wanted())
    assert (len(first.cases), first.matched, first.pages) == (PER_PAGE, PER_PAGE + 2, 2)
    last = leaf(opened, turned(Wanted(), 99))
    assert (len(last.cases), last.page) == (2, 1)

    def found(**wanted: str) -> int:
        given = {"standing": "", "language": "", "tag": "", "words": ""} | wanted
        return leaf(opened, sifted(**given)).matched

    assert found(language="id") == 1
    assert found(tag="when") == 1
    assert found(words="siapa menang") == 1
    assert found(words="zzz") == 0
    assert found(standing="silent") == PER_PAGE + 2
    assert found(standing="wrong") == 0
    assert found(standing="<b>") == PER_PAGE + 2


@pytest.mark.parametrize(
    ("seconds", "en", "indonesian"),
    [(1, "5 s", "5 detik"), (95, "2 min", "2 menit"), (7_200, "2.0 h", "2.0 jam")],
)
def test_a_time_is_told_no_finer_than_it_is_known(seconds: float, en: str, indonesian: str) -> None:
    assert duration(seconds, "en") == en
    assert duration(seconds, "id") == indonesian


def test_the_bar_tells_how_far_a_run_is() -> None:
    now = Course(run_id="r", stage="asking", done=12, total=161, seconds_left=95)
    bar = Markup(course_html(now, "en", "0"))
    assert bar.one("p").text == "12 of 161 questions · about 2 min left"
    assert bar.one("progress").attributes["value"] == "12"
    assert bar.one("progress").attributes["max"] == "161"
    stopping = Markup(course_html(replace(now, stopping=True), "id", "0"))
    assert stopping.one("p").text == WORDS["id"]["evaluation_stopping"]
    assert course_html(None, "en", "0") == ""


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (Course(run_id="r", ending="done", asked=3, questions=3), "Done: 3 questions asked."),
        (
            Course(run_id="r", ending="stopped", asked=2, questions=3),
            "Stopped: 2 of 3 questions asked, and kept.",
        ),
        (
            Course(run_id="r", ending="stopped"),
            "Stopped before the first question; nothing was kept.",
        ),
        (
            Course(run_id="r", ending="failed", asked=1, remarks=("It is full.",)),
            "It is full. What was answered is kept.",
        ),
    ],
)
def test_how_a_run_ended_is_words(end: Course, told: str) -> None:
    assert Markup(course_html(end, "en", "0")).text == told


SVG = {"svg", "title", "desc", "text", "line", "circle", "rect", "polyline"}
TAGS = SVG | {
    *("div", "p", "h2", "h3", "h4", "span", "b", "ul", "ol", "li", "dl", "dt", "dd", "details"),
    *("summary", "mark", "blockquote", "br", "table", "thead", "tbody", "tr", "th", "td"),
    *("button", "progress"),
}
ATTRIBUTES = {
    *("class", "id", "role", "lang", "tabindex", "scope", "colspan", "type", "value", "max"),
    *("disabled", "aria-label", "aria-labelledby", "aria-current", "data-rev", "data-label"),
    *("data-do", "data-run", "data-page", "data-standing", "data-language", "data-tags"),
    *("viewbox", "preserveaspectratio", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r"),
    *("width", "height", "points", "text-anchor"),
}


@pytest.mark.parametrize("reader", ["en", "id"])
@pytest.mark.parametrize("evil", HOSTILES)
def test_nothing_that_a_text_holds_becomes_markup(evil: str, reader: Reader) -> None:
    """Hostile questions, answers, quotes, tags, names and errors are text wherever they stand."""
    stored = evil.encode("utf-8", "replace").decode()  # no article holds half a character
    article = f"Ana won. {stored} Budi lost."
    evil_question = replace(
        question("Ana", evil.strip()[:200] or "x", evidence=[("a.txt", "Ana won.")], tags=[evil]),
        question=evil,
        question_id=evil or "q",
    )
    given: dict[str, object] = {
        evil_question.question_id: {
            **row(
                f"{evil} [1]",
                citations=[citation(1, article, "Ana won.") | {"title": evil, "publisher": evil}],
                hits=[hit(1, article, article)],
                seconds={evil: 1.0, "answer": 0.1},
                evidence_score=0.5,
            ),
            "notices": [evil],
        }
    }
    opened = opened_of([evil_question], given, Texts.of({"a.txt": article}))
    about = {
        "begun": evil,
        "datasets": {evil: evil},
        "answerer": evil,
        "embedder": evil,
        "settings": {evil: evil},
        "version": evil,
        "limit": evil,
    }
    opened = replace(opened, run=replace(opened.run, about=about))
    page = leaf(opened, Wanted())
    summary = Summary(run_id="r", begun=NOW, questions=evil, answerer=evil, asked=1, total=2)
    flip = Flip(
        question=evil_question, first="right", second="wrong", first_text=evil, second_text=evil
    )
    comparison = Comparison(
        first=Path("a"),
        second=Path("b"),
        paired=1,
        only_first=1,
        only_second=0,
        changes=(),
        flips=(flip,),
        warnings=(evil,),
    )
    shown = [
        run_html(opened, reader, evil),
        questions_html(page, reader, evil),
        runs_html([summary], chosen="r", running="", may_write=True, reader=reader, rev=evil),
        course_html(Course(run_id="r", stage=evil, done=1, total=2, label=evil), reader, evil),
        course_html(Course(run_id="r", ending="failed", remarks=(evil,)), reader, evil),
        trouble_html(evil, evil),
        said_html(evil, evil),
        beside_html(Beside(comparison=comparison, first=NOW), reader, evil),
    ]
    for html in shown:
        assert not set("`{}$") & set(html), "what a template might take for its own"
        read = Markup(html)
        for element in read.elements:
            assert element.tag in TAGS, element
            assert set(element.attributes) <= ATTRIBUTES, element
            if "data-do" in element.attributes:
                assert element.attributes["data-do"] in ("choose", "resume", "leaf"), element


def test_a_question_reads_in_indonesian() -> None:
    """What stands around a question is Indonesian for an Indonesian reader; its texts stay."""
    article = "Ana won. Budi lost."
    gold = [("a.txt", "Ana won.")]
    right = replace(
        question("Ana", evidence=gold, must_not=["Budi"], question_id="q1"), question="Who won?"
    )
    opened = opened_of(
        [right, replace(right, question_id="q2"), replace(right, question_id="q3")],
        {
            "q1": row(
                "Budi lost. [1]",
                citations=[citation(1, article, "Budi lost.")],
                hits=[hit(1, article, article)],
            ),
            "q2": refusal(),
        },
        Texts.of({"a.txt": article}),
    )
    html = questions_html(leaf(opened, Wanted()), "id", "0")
    told = Markup(html).text
    for words in ("Jawaban keliru", "Seharusnya", "Dikutip", "Diam, padahal ada di artikel"):
        assert words in told
    assert "Tidak boleh menyebut: Budi (jawabannya menyebut salah satunya)" in told
    assert "ditemukan sebagai penggalan 1" in told
    assert "Pertanyaan ini tidak diajukan." in told
    assert "Budi lost. [1]" in told
    assert not re.search(r"Answer|Expected|Cited|Found|Figures|Must not|Wrong", told)
    assert (
        "Answer"
        in Markup("<div>" + "".join(case_lines(leaf(opened, Wanted()).cases[0])) + "</div>").text
    )


def test_every_word_for_a_question_has_its_english() -> None:
    """Each translated piece is one that the report still writes, and is bound to a tag."""
    source = Path(report_question.__file__).read_text(encoding="utf-8")
    for english, indonesian in CASE_ID:
        assert re.search("[<>]", english), english
        assert re.search("[<>]", indonesian), indonesian
        words = max(re.findall(r"[A-Za-z][A-Za-z ;:,]+", re.sub(r"<[^>]*>?", "|", english)))
        assert words.strip(" :") in re.sub(r'"\s+f?"', "", source), english


def test_both_languages_have_the_same_words() -> None:
    """Every key has its words in English and in Indonesian, with the same places in them."""
    assert ALL_WORDS == (WORDS,)
    assert WORDS["en"].keys() == WORDS["id"].keys()
    for key, text in WORDS["en"].items():
        assert key.startswith("evaluation_")
        places = re.findall(r"\{\w+\}", text)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}", WORDS["id"][key])), key
    for each in HEADLINES:
        assert "{of}" in WORDS["id"][f"evaluation_{each.key}_says"]

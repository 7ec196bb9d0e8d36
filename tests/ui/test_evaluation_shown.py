"""What the page shows of a run of the suite, in words and in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval import folder as files
from eval import report_question
from eval.compare import Comparison, Flip
from eval.datasets import Question
from eval.given import Texts, parse
from eval.report_question import case_lines
from eval.scoring import score
from tests.eval.rows import citation, hit, question, refusal, row
from tests.ui.markup import HOSTILES, Markup
from ui.desk import Reader
from ui.evaluating import Course
from ui.evaluation import PER_PAGE, Beside, Opened, Summary, Wanted, leaf, sifted, turned
from ui.evaluation_beside import beside_html
from ui.evaluation_figures import HEADLINES
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

NOW = datetime(2024, 8, 21, 9, 5, tzinfo=UTC)


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

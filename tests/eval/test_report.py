"""The report: every question in it, nothing loaded, nothing of a foreign text obeyed."""

from __future__ import annotations

import base64
import dataclasses
import errno
import hashlib
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from eval import report
from eval.datasets import Question
from eval.given import Texts, parse
from eval.plots import Dot, Spot, Stage, curve, dots, stages
from eval.report import report_html, write_report
from eval.report_plots import noise
from eval.scoring import Scores, score
from eval.standing import WORDS, standings, worst_first
from rag.errors import StoreError
from tests.eval.rows import Row, citation, hit, question, refusal, row

ARTICLE = "Ana won in Lima.\n\nBudi lost. He wept."
TEXTS = Texts.of({"a.txt": ARTICLE})
GOLD = [("a.txt", "Ana won in Lima.")]
RIGHT = row(
    "Ana won in Lima. [1]",
    citations=[citation(1, ARTICLE, "Ana won in Lima.") | {"title": "Race", "publisher": "Kabar"}],
    hits=[hit(1, ARTICLE, "Budi lost. He wept."), hit(2, ARTICLE, ARTICLE)],
    seconds={"retrieve": 0.02, "answer": 0.5},
    evidence_score=0.9,
)
WRONG = row("Budi won. [1]", citations=[citation(1, ARTICLE, "Budi lost.")], evidence_score=0.4)

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "script"),
    *("h1", "h2", "h3", "h4", "p", "div", "span", "b", "br", "mark", "blockquote", "details"),
    *("summary", "ul", "ol", "li", "dl", "dt", "dd", "label", "select", "option", "input"),
    *("output", "table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "desc", "text", "line", "circle", "rect", "polyline"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "hidden", "value", "type"),
    *("data-standing", "data-language", "data-tags", "tabindex", "colspan", "role"),
    *("aria-labelledby", "viewbox", "preserveaspectratio", "x", "y", "x1", "y1", "x2", "y2"),
    *("cx", "cy", "r", "width", "height", "points", "text-anchor"),
}
VOID = ("meta", "br", "input")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></script></svg></details><iframe src=//evil.test>",
    "<!-- -->]]>&lt;b&gt;",
    "\x1b[31m\u202ejavascript:alert(1)",
    "{of} {} %s",
)


@dataclasses.dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Page(HTMLParser):
    """Every element with the text in it; fails on one that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def of(self, tag: str, look: str | None = None) -> list[Element]:
        return [
            each
            for each in self.elements
            if each.tag == tag
            and (look is None or look in (each.attributes.get("class") or "").split())
        ]

    @property
    def questions(self) -> list[str]:
        return [each.text for each in self.of("details", "question")]


def made(
    questions: Sequence[Question],
    rows: Mapping[str, Row],
    *,
    texts: Texts = TEXTS,
    about: Mapping[str, str] | None = None,
    more: Mapping[str, float] | None = None,
) -> str:
    given = {key: parse({**each, "id": key}) for key, each in rows.items()}
    scores = score(questions, given, texts)
    scores = dataclasses.replace(scores, numbers={**scores.numbers, **(more or {})})
    return report_html(questions, given, scores, about=about or {}, texts=texts, rows=rows)


def asked(question_id: str, *answers: str, tags: Sequence[str] = ()) -> Question:
    gold = GOLD if answers else []
    return question(*answers, evidence=gold, question_id=question_id, must_not=["Budi"], tags=tags)


ALL = [
    asked("right", "Ana", tags=["who"]),
    asked("wrong", "Ana", tags=["who"]),
    asked("silent", "Ana", tags=["pair:x"]),
    asked("broken", "Ana"),
    asked("malformed", "Ana"),
    asked("invented"),
    asked("calm"),
    asked("unasked", "Ana"),
]
ROWS: dict[str, Row] = {
    "right": RIGHT,
    "wrong": WRONG,
    "silent": refusal(hits=[hit(1, ARTICLE, "Budi lost.")]),
    "broken": {"error": {"message": "the model <gave> up"}},
    "malformed": {"text": 3, "answered": True},
    "invented": WRONG,
    "calm": refusal(),
}


def card(page: Page, question_id: str) -> str:
    (found,) = [each for each in page.questions if f"{question_id} · " in each]
    return " ".join(found.split())


def test_worst_first() -> None:
    """Every question is there once, faults first, then wrong answers, silence, right ones."""
    page = Page(made(ALL, ROWS))
    order = [re.search(r"(\w+) · (?:English|Indonesian)", each) for each in page.questions]
    assert [found.group(1) for found in order if found] == [
        *("broken", "malformed", "invented", "wrong", "silent", "right", "calm", "unasked"),
    ]
    legend = {each.text for each in page.of("li") if any(w in each.text for w in WORDS.values())}
    assert legend == {
        *("1 Right answer", "1 Rightly silent", "1 Silent, though an article says it"),
        *("1 Wrong answer", "1 Answered what no article says", "2 Fault", "1 Not asked"),
    }


def test_what_a_model_spoilt_is_counted_and_named() -> None:
    """Quotes in place of an empty reply are right for the reader, and the fault is told."""
    told_of = ["m at http://x said nothing. Ask again.", "What follows are quotes."]
    instead = {**RIGHT, "tokens": {"planned": 9}, "notices": told_of}
    html = made(ALL, {**ROWS, "right": instead})
    page = Page(html)
    assert "Model wrote no answer" in card(page, "right")
    assert "Right answer" in card(page, "right")
    assert "Model wrote no answer" not in card(page, "wrong")
    # The row that is no answer at all is counted with it.
    assert "For 2 questions, what came back was no answer" in html
    assert "For 1 question, there was an error, or the model's server" in html
    assert "100 % of the answers are quotes" in html
    assert "Robustness was not tested" in html


def test_an_inexact_quote_comes_first() -> None:
    """A quote that its article does not hold to the letter is the worst there is, and is named."""
    bent = citation(1, ARTICLE, "Ana won in Lima.") | {"quote": "Ana won  in Lima."}
    page = Page(made(ALL, {**ROWS, "right": {**RIGHT, "citations": [bent]}}))
    assert "right · English" in page.questions[0]
    assert "Quote not exact" in page.questions[0]
    assert "not word for word in the article" in page.questions[0]


def test_one_question_in_full() -> None:
    """A question tells what was answered, expected, cited, where that stands, and at what rank."""
    page = Page(made(ALL, ROWS))
    told = card(page, "right")
    for words in (
        "Ana won in Lima. [1]",
        "Expected Ana",
        "Must not say: Budi",
        "a.txt · found as passage 2",
        "[1] Race · Kabar · a.txt · the expected words",
        "Found: 2 passages",
        "a.txt · score 1.000",
        "a.txt · score 0.500 · holds the expected words",
        "Tags: who.",
        "seconds.answer 500 ms",
    ):
        assert words in told
    marked = [each.text for each in page.of("mark")]
    assert marked.count("Ana won in Lima.") == 2  # in the passage cited and in the one found
    wrong = card(page, "wrong")
    assert "Must not say: Budi (the answer says one of these)" in wrong
    assert "not among the passages found" in wrong


def test_what_went_wrong_is_told() -> None:
    """A fault says why; a refusal shows what the reader saw; what was not asked says so."""
    page = Page(made(ALL, ROWS))
    assert "There is none: the model <gave> up" in card(page, "broken")
    assert "There is none: text is not text" in card(page, "malformed")
    assert "No answer was given; the reader saw Not in the articles." in card(page, "silent")
    assert "This question was not asked in this run." in card(page, "unasked")
    assert "No answer: the articles do not say." in card(page, "invented")


def test_right_too_late() -> None:
    """An answer that counts as wrong although it says the right one tells why."""
    rows = {"right": row("Budi won.", "Ana won."), "wrong": WRONG}
    page = Page(made(ALL, rows))
    assert "A later sentence says it" in card(page, "right")
    assert "A later sentence says it" not in card(page, "wrong")


def test_verdicts() -> None:
    """A sentence that its source does not bear out says so, with the reasons."""
    doubted = row(("Ana won twice. [1]", "conflict"), ("Nobody knows.", "not_found"))
    statements = doubted["statements"]
    assert isinstance(statements, list)
    statements[0]["reasons"] = ["no number 2"]
    told = card(Page(made(ALL, {"right": doubted})), "right")
    assert "Ana won twice. [1] (Differs from its source: no number 2)" in told
    assert "Nobody knows. (Not found in its source)" in told


def test_sentences_of_one_passage_share_it() -> None:
    """A passage that is cited for two sentences is shown once, with both of them marked."""
    cited = [citation(1, ARTICLE, quote) for quote in ("Budi lost.", "Ana won in Lima.")]
    passage = hit(1, ARTICLE, ARTICLE)
    page = Page(made(ALL, {"right": row("So. [1]", citations=cited, hits=[passage])}))
    assert card(page, "right").count("[1] a.txt") == 1
    assert [e.text for e in page.of("mark")][:2] == ["Ana won in Lima.", "Budi lost."]


def test_headline() -> None:
    """A figure comes with its range, its count and a sentence; without questions it is n/a."""
    cards = {
        each.text
        for each in Page(made(ALL[:2], {"right": RIGHT, "wrong": WRONG})).of("div", "card")
    }
    (answer,) = [each for each in cards if each.startswith("Gives the answer")]
    assert answer.startswith("Gives the answer50 %0 to 100 % · 2 questionsOf 100 questions")
    (silent,) = [each for each in cards if each.startswith("Rightly silent")]
    assert silent == "Rightly silentn/ano such question in this run"
    (spent,) = [each for each in cards if each.startswith("Time for an answer")]
    assert "520 ms" in spent


def test_filters() -> None:
    """Every outcome, language and kind that occurs can be chosen; ties of pairs are no kinds."""
    page = Page(made(ALL, ROWS))
    values = [each.attributes["value"] for each in page.of("option")]
    assert values == [
        *("", "broken", "invented", "wrong", "silent", "right", "rightly_silent", "missing"),
        *("", "en"),
        *("", "who"),
    ]
    (right,) = [e for e in page.of("details", "question") if "right · " in e.text]
    assert right.attributes["data-standing"] == "right"
    assert right.attributes["data-tags"] == "who"


def test_plots_are_told_in_words() -> None:
    """Each plot is an image with a title and a description that exist, all ids being its own."""
    more = {f"noise@{n}": 1 - n / 200 for n in (0, 20, 40)}
    page = Page(made(ALL, ROWS, more=more))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    plots = page.of("svg", "plot")
    assert len(plots) == 6
    for plot in plots:
        assert plot.attributes["role"] == "img"
        for name in (plot.attributes["aria-labelledby"] or "").split():
            (found,) = [each for each in page.elements if each.attributes.get("id") == name]
            assert found.text


def test_noise_is_drawn_when_there_is_some() -> None:
    """The figures "noise@PERCENT" make the curve, in order; other names are not taken for them."""
    spots = noise({"noise@40": 0.5, "noise@0": 0.9, "noise@0.low": 0.8, "noise@0.high": 1.0})
    assert spots == [Spot(x=0.0, y=0.9, low=0.8, high=1.0), Spot(x=0.4, y=0.5)]
    assert noise({"noise@400": 0.5, "noisy": 1.0, "noise@0.id": 0.9}) == []
    assert "Among distractors" not in made(ALL, ROWS)


def test_nothing_is_loaded() -> None:
    """The page has one style and one script, allowed by their content; all else is forbidden."""
    html = made(ALL, ROWS)
    page = Page(html)
    policy = page.of("meta")[1].attributes["content"] or ""
    for tag, source in (("style", "style-src"), ("script", "script-src")):
        (element,) = page.of(tag)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}'" in policy
        assert not set(element.attributes) & {"src", "href"}
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "@import" not in html


def everywhere(words: str) -> str:
    """A report in which everything that another wrote is `words`."""
    hostile = Question(
        question_id=f"q{words}",
        question=words,
        language=words,
        answers=(words,),
        evidence=(question("x", evidence=[(words, words)]).evidence[0],),
        must_not=(words, "x"),
        tags=(words,) * 2,
    )
    article = f"{words} {words}"
    cited = citation(1, article, words, source=words, copies=[words])
    rows: dict[str, Row] = {
        hostile.question_id: row(
            (words, "conflict"),
            citations=[cited | {"title": words, "publisher": words, "published": words}],
            hits=[hit(1, article, words)],
            notices=[words],
            answerer=words,
            language=words,
            seconds={words: 1.0},
            tokens={words: 3},
        ),
        "failed": {"error": {"message": words}},
    }
    statements = rows[hostile.question_id]["statements"]
    assert isinstance(statements, list)
    statements[0]["reasons"] = [words]
    return made(
        [hostile, dataclasses.replace(hostile, question_id="failed")],
        rows,
        texts=Texts.of({words: article}),
        about={words: words},
    )


def assert_harmless(html: str) -> None:
    page = Page(html)
    assert {each.tag for each in page.elements} <= TAGS
    assert {name for each in page.elements for name in each.attributes} <= ATTRIBUTES
    assert not page.comments
    assert len(page.of("script")) == len(page.of("style")) == 1
    for raw in ("\x1b", "\u202e", "\x00"):
        assert raw not in html


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words(words: str) -> None:
    """Whoever wrote a question, an article or an answer adds no element, attribute or control."""
    html = everywhere(words)
    assert_harmless(html)
    shown = Page(html).of("span", "asked")[0].text
    assert shown == re.sub(r"\x1b\[31m|\u202e", "", words)


@settings(max_examples=25, deadline=None)
@for_any(st.text(alphabet="<>&\"'/=!-]` \na\x1b\u202e[;{}%", min_size=1, max_size=30))
def test_any_words(words: str) -> None:
    """No text at all gets out of its place."""
    if words.strip():
        assert_harmless(everywhere(words))


def test_no_question() -> None:
    """A run of nothing is a page all the same."""
    page = Page(made([], {}))
    assert page.questions == []
    assert "n/a" in page.of("p", "value")[0].text


def test_many_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """With very many questions fewer passages of each are shown, and the report says how many."""
    monkeypatch.setattr(report, "_MANY", 1)
    hits = [hit(n, ARTICLE, "Budi lost.") for n in range(1, 6)]
    page = Page(made(ALL, {**ROWS, "right": {**RIGHT, "hits": hits}}))
    assert "Found: 5 passages, the first 3 of them here" in card(page, "right")
    assert card(page, "right").count("score ") - card(page, "right").count("evidence_score") == 3


def test_the_same_bytes_again() -> None:
    """The same run gives the same page."""
    assert made(ALL, ROWS) == made(ALL, dict(reversed(ROWS.items())))


def test_written_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is told in words and leaves the report that was there."""
    scores = Scores(numbers={}, values={}, outcomes={})
    path = tmp_path / "report.html"
    write_report(path, [], {}, scores, about={"Seed": "1"})
    before = path.read_bytes()
    assert b"<dt>Seed</dt><dd>1</dd>" in before

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_report(path, [], {}, scores, about={"Seed": "2"})
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_worst_of_equals() -> None:
    """Of two wrong answers, that with a tempting error comes first; then the surer one."""
    questions = [asked(name, "Ana") for name in ("calm", "sure", "tempted")]
    rows: dict[str, Row] = {
        "calm": row("Cici won.", evidence_score=0.2),
        "sure": row("Cici won.", evidence_score=0.8),
        "tempted": row("Budi won.", evidence_score=0.1),
    }
    given = {key: parse({**each, "id": key}) for key, each in rows.items()}
    scores = score(questions, given, TEXTS)
    standing_of = standings(questions, given, scores)
    assert set(standing_of.values()) == {"wrong"}
    ordered = worst_first(questions, standing_of, scores)
    assert [each.question_id for each in ordered] == ["tempted", "sure", "calm"]


# The plots ---------------------------------------------------------------------------------


def numbers_of(svg: str, tag: str, attribute: str) -> list[float]:
    return [float(each.attributes[attribute] or "") for each in Page(svg).of(tag)]


def test_a_dot_is_where_its_value_is() -> None:
    """Dots of 0, a half and 1 lie at the ends and in the middle of the scale, which is ticked."""
    rows = [Dot(label=str(v), value=v, low=0.0, high=1.0, n=9) for v in (0.0, 0.5, 1.0)]
    svg = dots(rows, ident="p", title="T")
    left, middle, right = numbers_of(svg, "circle", "cx")
    assert middle == pytest.approx((left + right) / 2)
    spans = [each.attributes for each in Page(svg).of("line", "span")]
    assert {(float(s["x1"] or ""), float(s["x2"] or "")) for s in spans} == {(left, right)}
    assert "50 %, 0 % to 100 %, n 9" in Page(svg).of("desc")[0].text


def test_a_scale_with_losses() -> None:
    """Figures between -1 and 1 are told with their sign, and nothing leaves the scale."""
    row = Dot(label="x", value=-0.5, low=-7.0, high=0.25, n=1)
    svg = dots([row], ident="p", title="T", low=-1.0)
    texts = [each.text for each in Page(svg).of("text")]
    assert texts[:5] == ["-1", "-0.5", "0", "0.5", "1"]
    assert "-0.50" in texts
    (span,) = Page(svg).of("line", "span")
    assert span.attributes["x1"] == Page(svg).of("line", "grid")[0].attributes["x1"]


def test_a_long_name_is_cut() -> None:
    """A long name keeps to its column, and is told in full when pointed at."""
    row = Dot(label="x" * 40, value=0.5, low=0.4, high=0.6, n=1)
    name = Page(dots([row], ident="p", title="T")).of("text")[5].text
    assert name == "x" * 16 + "…" + "x" * 40


def test_a_curve() -> None:
    """Points between 0 and 1 go up as they get larger, from left to right."""
    spots = [Spot(x=0.0, y=0.0), Spot(x=0.5, y=0.5), Spot(x=1.0, y=1.0, low=0.5, high=1.0)]
    svg = curve(spots, ident="p", title="T", across="a", up="u", told="words")
    xs, ys = numbers_of(svg, "circle", "cx"), numbers_of(svg, "circle", "cy")
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert xs[1] == pytest.approx(sum(xs) / 3)
    (line,) = Page(svg).of("polyline")
    points = [f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True)]
    assert line.attributes["points"] == " ".join(points)


def test_stages() -> None:
    """A bar is as long as its time, in the measure of the longest; no time at all is no bar."""
    rows = [Stage(label="one", p50=1.0, p95=4.0), Stage(label="two", p50=2.0, p95=2.0)]
    one, two = numbers_of(stages(rows, ident="p", title="T"), "rect", "width")
    assert two == pytest.approx(2 * one)
    none = [Stage(label="one", p50=0.0, p95=0.0)]
    assert numbers_of(stages(none, ident="p", title="T"), "rect", "width") == [0.0]

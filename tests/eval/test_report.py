"""The report: every question in it, told in full, nothing loaded."""

from __future__ import annotations

import base64
import errno
import hashlib
import re
from pathlib import Path

import pytest

from eval import report
from eval.given import parse
from eval.plots import Spot
from eval.report import write_report
from eval.report_plots import noise
from eval.scoring import Scores, score
from eval.standing import WORDS, standings, worst_first
from rag.errors import StoreError
from tests.eval.report_page import ALL, ARTICLE, RIGHT, ROWS, TEXTS, WRONG, Page, asked, made
from tests.eval.rows import Row, citation, hit, row


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

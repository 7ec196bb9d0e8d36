"""The report: nothing of a foreign text is obeyed."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from eval.datasets import Question
from eval.given import Texts
from tests.eval.report_page import Page, made
from tests.eval.rows import Row, citation, hit, question, row

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
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></script></svg></details><iframe src=//evil.test>",
    "<!-- -->]]>&lt;b&gt;",
    "\x1b[31m\u202ejavascript:alert(1)",
    "{of} {} %s",
)


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

"""Text becomes HTML without becoming markup; marks and verdicts stand where they belong."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.layout import sanitise
from rag.schema import Statement, Verdict
from tests.samples import ANSWER, CITATION, wild
from tests.ui.markup import HOSTILES, Markup, harmless
from ui.render import Cut, attributes, cuts, esc, link, prose

URL = "https://example.org/demak"
LINKS = frozenset({URL})


def statement(text: str, part: str, verdict: Verdict = "matches", *reasons: str) -> Statement:
    """A statement that is this part of the text, resting on source 1."""
    start = text.index(part)
    return Statement(
        start=start, end=start + len(part), markers=(1,), verdict=verdict, reasons=reasons
    )


def marked(text: str, *statements: Statement, markdown: bool = True) -> Markup:
    """A text of turn 7 that cites source 1, as the page shows it."""
    found = cuts(text, statements, (CITATION,), turn=7, reader="en")
    return harmless(prose(text, cuts=found, links=LINKS, markdown=markdown), links=LINKS)


def plain(html: Markup) -> str:
    """The text that is seen, blanks of every kind as one space."""
    return " ".join(html.text.split())


# Escaping ------------------------------------------------------------------------------------


@given(wild)
def test_escaped_text_is_the_same_text_and_no_markup(text: str) -> None:
    """What a browser reads out of escaped text is the text itself, all of it and nothing more."""
    read = Markup(f"<p{attributes({'title': text})}>{esc(text)}</p>")
    assert [element.tag for element in read.elements] == ["p"]
    assert read.text == sanitise(text)
    assert read.elements[0].attributes == {"title": sanitise(text)}


def test_templates_find_nothing_to_fill_in() -> None:
    """Braces, dollars and backquotes are written as entities."""
    assert esc("${a}`{{b}}`") == "&#36;&#123;a&#125;&#96;&#123;&#123;b&#125;&#125;&#96;"


def test_an_attribute_that_is_not_there_is_left_out() -> None:
    """None and False leave an attribute out, True gives it no value, 0 is a value."""
    told = attributes({"a": None, "b": False, "hidden": True, "c": 0, "d": 'x"y\nz'})
    assert told == ' hidden c="0" d="x&quot;y&#10;z"'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)//https://example.org",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "https:example.org",
        "https://bank.test@example.org/",
        "http://[::1",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    """An address that is no plain http(s) one is shown as text."""
    assert link(address, "here") == "here"


def test_a_link_tells_nobody_where_it_was_followed() -> None:
    """A link opens beside the page, without a referrer and without a way back into it."""
    assert link("https://example.org/a b", "a & b") == (
        '<a href="https://example.org/a%20b" target="_blank"'
        ' rel="noopener noreferrer nofollow">a &amp; b</a>'
    )


# Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("text", HOSTILES, ids=range(len(HOSTILES)))
def test_hostile_text_stays_text(text: str, markdown: bool) -> None:
    """Nothing that a model or an article writes becomes an element or a link of its own."""
    begun = time.process_time()
    told = f"{text}\n\nHeld up. [1]"
    read = marked(told, statement(told, "Held up. [1]"), markdown=markdown)
    assert time.process_time() - begun < 2
    assert not [a for a in read.all("a") if "canary" in a.attributes["href"]]


@given(wild, st.booleans(), st.sampled_from(["[1]", "\n[1]", " [1] ", "](", "**", "`", "|"]))
def test_whatever_is_written_stays_text(text: str, markdown: bool, joint: str) -> None:
    """Any text at all, cut anywhere, gives harmless HTML with every mark in it."""
    told = text + joint + text
    marks = [
        Cut(m.start(), m.end(), '<a href="#src-0-1">[1]</a>') for m in re.finditer(r"\[1\]", told)
    ]
    read = harmless(prose(told, cuts=marks, links=LINKS, markdown=markdown), links=LINKS)
    assert len(read.all("a")) == len(marks)


@given(wild)
def test_quotes_are_shown_as_they_stand(text: str) -> None:
    """Read without Markdown, every visible line is a paragraph of exactly its characters."""
    read = harmless(prose(text, cuts=[], links=frozenset(), markdown=False))
    lines = [line for line in sanitise(text).split("\n") if line.strip()]
    assert [element.text for element in read.all("p")] == lines


def test_markdown_is_read() -> None:
    """Bold, lists, tables, code and line ends become elements; a heading has no rank."""
    text = (
        "# Flood\n\nIn **Demak** `x`\nand *more*:\n\n2. a\n3. b\n\n- c\n\n"
        "| d | e |\n|:-|-|\n| 1 | 2 |\n\n```js\n<b>\n```"
    )
    read = marked(text)
    assert read.one(".heading").text == "Flood"
    assert [e.text for e in read.all("strong")] == ["Demak"]
    assert [e.text for e in read.all("li")] == ["a", "b", "c"]
    assert read.one("ol").attributes == {"start": "2"}
    assert [e.text for e in read.all("td")] == ["1", "2"]
    assert read.all("td")[0].attributes == {}
    assert read.one("pre").text == "<b>\n"
    assert read.one("pre").attributes == read.all("code")[1].attributes == {}
    assert len(read.all("br")) == 1
    assert not {"h1", "h2", "img"} & {e.tag for e in read.elements}


def test_links_lead_to_cited_articles_only() -> None:
    """A model's link to what it cites is one; any other is shown as it was written."""
    read = marked(f"[a]({URL} 't') and [b](https://other.example/) and ![c]({URL})")
    assert [a.attributes["href"] for a in read.all("a")] == [URL, URL]
    assert all("title" not in a.attributes for a in read.all("a"))
    assert plain(read) == "a and [b](https://other.example/) and !c"


# Marks and verdicts --------------------------------------------------------------------------


def test_a_mark_leads_to_its_card() -> None:
    """A mark is a link to the card of this turn, the second one named apart from the first."""
    read = marked("One. [1] Two. [1]")
    assert [a.attributes["href"] for a in read.all(".cite")] == ["#src-7-1", "#src-7-1"]
    assert [a.attributes["id"] for a in read.all(".cite")] == ["cite-7-0", "cite-7-1"]
    assert [a.attributes["aria-label"] for a in read.all(".cite")] == ["Source 1", "Source 1"]
    assert plain(read) == "One. [1] Two. [1]"


def test_a_mark_without_a_source_is_text() -> None:
    """[2] has no source here, and [2024] is a year."""
    read = marked("One. [1] Two. [2] In [2024].")
    assert [a.text for a in read.all(".cite")] == ["[1]"]
    assert plain(read) == "One. [1] Two. [2] In [2024]."


def test_a_figure_in_a_quote_is_no_mark() -> None:
    """Within a statement that does not list it, [1] is what the article says."""
    text = "See note [1] there."
    unlisted = Statement(start=0, end=len(text), markers=(2,), verdict="matches")
    assert marked(text, unlisted).all(".cite") == []


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("matches", "✓matches its source: numbers, names, dates checked"),
        ("not_found", "? not found in its source: no such name; no such day"),
        ("conflict", "≠ differs from its source: no such name; no such day"),
        ("unchecked", "not checked"),
    ],
)
def test_a_verdict_is_words(verdict: Verdict, told: str) -> None:
    """Every verdict can be read without colour, and a doubt gives its reasons."""
    text = "Twelve died. [1] More."
    read = marked(text, statement(text, "Twelve died.", verdict, "no such name", "no such day"))
    assert read.one(".verdict").text.strip() == told
    assert plain(read) in (f"Twelve died. [1]{told} More.", f"Twelve died. [1] {told} More.")
    assert "true" not in read.text


def test_a_greeting_is_not_called_unchecked() -> None:
    """Where nothing is cited there was nothing to check."""
    text = "Hello."
    said = Statement(start=0, end=6, markers=(), verdict="unchecked")
    found = cuts(text, (said,), (), turn=0, reader="en")
    assert found == []


def test_a_verdict_stays_in_its_cell_and_out_of_code() -> None:
    """A verdict behind a table's row stands in it; one behind a fence does not keep it open."""
    text = "| a | b |\n|---|---|\n| 1 | 2 [1] |\n\n```\nx\n```\nEnd."
    row = statement(text, "| 1 | 2 [1] |")
    code = statement(text, "```\nx\n```", "unchecked")
    read = marked(text, row, code)
    cell = [e for e in read.all("td") if "✓" in e.text]
    assert [" ".join(e.text.split())[:6] for e in cell] == ["2 [1]✓"]
    assert "End." not in read.one("pre").text
    assert "not checked" not in read.one("pre").text


def test_a_mark_does_not_begin_a_line_alone() -> None:
    """The blank between a sentence and its mark does not break; a list's own blank stays."""
    read = marked("Banjir di Demak. [1]\n\n- [1] first")
    assert "Demak.\u00a0[1]" in read.text
    assert read.one("li").text == "[1] first"


def test_bold_ends_before_a_mark() -> None:
    """A mark right behind bold text is punctuation to Markdown, as its bracket was."""
    read = marked('**He said "no."**[1] and **yes**[1]')
    assert [e.text for e in read.all("strong")] == ['He said "no."', "yes"]
    assert len(read.all(".cite")) == 2


def test_a_rare_sign_in_the_text_is_kept() -> None:
    """What stands in for marks while Markdown is read is never a sign that the text has."""
    for sign in "\U00010100\U00010101\U00012473":
        read = marked(f"**{sign}** [1] {sign}")
        assert [e.text for e in read.all("strong")] == [sign]
        assert plain(read) == f"{sign} [1] {sign}"


def test_no_link_is_put_around_a_mark() -> None:
    """A mark within a model's link is the link; the rest of it is text."""
    read = marked(f"[see [1] there]({URL})")
    assert [a.text for a in read.all("a")] == ["[1]"]


def test_the_reader_s_language_counts() -> None:
    """Verdicts are in the language of the page, whatever the answer's is."""
    found = cuts(ANSWER.text, ANSWER.statements, ANSWER.citations, turn=0, reader="id")
    told = prose(ANSWER.text, cuts=found, links=frozenset())
    assert "cocok dengan sumbernya" in told
    assert 'aria-label="Sumber 1"' in told

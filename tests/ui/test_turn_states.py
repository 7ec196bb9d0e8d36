"""A turn in every state: refused, in the making, ended, empty, and full of hostile text."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest
from hypothesis import given, settings

from tests.samples import ANSWER, CITATION, wild
from tests.ui.markup import HOSTILES, Markup, harmless
from tests.ui.turns import QUOTE, REFUSAL, does, hostile, making, page, shown, visible
from ui.shown import State
from ui.turn import welcome_html

# A refusal -----------------------------------------------------------------------------------


def test_a_refusal_looks_like_one() -> None:
    """It says that there is no answer, what the articles cover, and which passage is closest."""
    read = page(shown(REFUSAL))
    assert visible(read.all(".refused")) == ["No answer in the articles"]
    assert "data-abstained" in read.all("article")[0].attributes
    assert read.one(".answer").text == "The articles do not say.They cover: Banjir Demak."
    assert read.one(".closest").attributes["id"] == "closest-3"
    assert read.one(".label").text == "Closest passage, which does not answer"
    assert read.one("mark").text == QUOTE
    assert read.all(".cite") == []


def test_a_refusal_that_quotes_nothing_shows_the_best_passage() -> None:
    """Without a quote the passage ranked first stands there, nothing of it marked."""
    read = page(shown(dataclasses.replace(REFUSAL, text="The articles do not say.")))
    assert read.one(".passage").text == "Lain."
    assert read.all("mark") == []
    assert read.one(".answer").text == "The articles do not say."


# In the making -------------------------------------------------------------------------------


def test_the_states_are_told_in_words() -> None:
    """A reader always sees what is going on, and what went wrong."""
    hits = ANSWER.hits
    told = {
        "searching": page(making("searching")),
        "reading": page(making("writing", hits=hits)),
        "thinking": page(making("thinking", hits=hits)),
        "writing": page(making("writing", hits=hits, text="Banjir")),
        "stopped": page(making("stopped", hits=hits, text="Banjir")),
        "failed": page(making("failed", problem="Nothing answers. Start it.")),
        "done": page(shown()),
    }
    assert {name: visible(read.all(".state")) for name, read in told.items()} == {
        "searching": ["Searching the articles…"],
        "reading": ["Reading 1 passage…"],
        "thinking": ["Thinking…"],
        "writing": [],
        "stopped": ["Stopped."],
        "failed": ["There is no answer."],
        "done": [],
    }
    assert visible(told["failed"].all(".problem")) == ["Nothing answers. Start it."]


def test_sources_are_there_before_the_first_word() -> None:
    """While a model reads, the articles that it reads stand where the cards will be."""
    read = page(making("thinking", hits=ANSWER.hits))
    assert read.one(".found").text == "ANTARA · Banjir Demak · 21 August 2024"
    assert visible(read.all("h3")) == ["Reading"]
    later = page(making("writing", hits=ANSWER.hits, text=ANSWER.text, citations=(CITATION,)))
    assert later.all(".found") == []
    assert len(later.all(".src")) == 1
    assert visible(later.all("h3")) == ["Sources"]


def test_a_turn_keeps_its_parts() -> None:
    """Every state has the same parts in the same order, so that nothing slips while it is made."""

    def parts(read: Markup) -> list[tuple[str, str]]:
        frame = ("article", "section"), ("article",), ("article", "aside"), ("article", "div")
        kept = [e for e in read.elements if e.within in frame and e.tag != "form"]
        return [(e.tag, e.attributes.get("class", "")) for e in kept]

    first = parts(page(making("searching")))
    for state in get_args(State):
        assert parts(page(shown(state=state))) == first


def test_nothing_can_be_done_to_an_answer_in_the_making() -> None:
    """Copying, rewriting and the like come when it has ended."""
    assert does(page(making("writing", hits=ANSWER.hits, text="Banjir"))) == []


# What can be done ----------------------------------------------------------------------------


def test_the_newest_answer_can_be_taken_back() -> None:
    """Asking again and taking back are for the newest turn; rewriting for every one."""
    old, newest = does(page(shown())), does(page(shown(last=True)))
    assert old == ["data-edit", "data-copy", "like", "like", "article", "data-copy"]
    assert newest == [*old[:2], "edit", "undo", *old[2:]]


def test_a_read_only_page_asks_for_no_opinion() -> None:
    """Where nothing may be kept there is no like, no note."""
    read = page(shown(last=True), read_only=True)
    assert "like" not in does(read)
    assert read.all("form") == []


@pytest.mark.parametrize(
    ("liked", "pressed"),
    [(None, ["false", "false"]), (True, ["true", "false"]), (False, ["false", "true"])],
)
def test_an_opinion_shows(liked: bool | None, pressed: list[str]) -> None:
    """The button that was pressed says so, and a note can be added then."""
    read = page(shown(liked=liked))
    buttons = [b for b in read.all("button") if "aria-pressed" in b.attributes]
    assert [b.attributes["aria-pressed"] for b in buttons] == pressed
    assert ("hidden" in read.one("form").attributes) == (liked is None)


def test_a_question_is_rewritten_from_its_own_words() -> None:
    """The button to rewrite carries the question, quotes and line ends too."""
    asked = 'Siapa bilang "x"?\nKapan?'
    (button,) = page(shown(question=asked)).all(".edit")
    assert button.attributes["data-question"] == asked
    assert button.attributes["data-edit"] == "3"


def test_an_indonesian_reader_reads_indonesian() -> None:
    """Every word of the page itself is in the reader's language."""
    read = page(shown(last=True), "id")
    assert [b.text for b in read.all(".act")] == [
        *("Ubah", "Salin", "Tanyakan lagi", "Tarik kembali", "Membantu", "Tidak membantu"),
        *("Kirim", "Di artikelnya", "Salin sebagai rujukan"),
    ]
    assert read.one(".from").text == "ANTARA · 21 Agustus 2024"


# An empty conversation -----------------------------------------------------------------------


def test_examples_can_be_asked() -> None:
    """An example is a button that carries its question whole."""
    read = harmless(welcome_html(['Siapa "Ratna"?'], articles=3, reader="en"))
    (button,) = read.all("button")
    assert button.attributes["data-do"] == "ask"
    assert button.attributes["data-question"] == button.text == 'Siapa "Ratna"?'
    assert len(read.all("li")) == 3


def test_without_articles_the_library_is_shown() -> None:
    """Where there is nothing to ask, the way to the library is; not where nothing may be added."""
    read = harmless(welcome_html([], articles=0, reader="id"))
    (button,) = read.all("button")
    assert (button.attributes["data-do"], button.attributes["data-tab"]) == ("choose", "library")
    assert button.text == "Tambah artikel"
    closed = harmless(welcome_html([], articles=0, reader="id", read_only=True))
    assert closed.all("button") == []
    assert "Belum ada artikel." in closed.text


# Hostile text --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILES, ids=range(len(HOSTILES)))
def test_hostile_text_is_harmless_in_every_field(text: str) -> None:
    """No field of a turn becomes markup, whoever answered and whatever state it is in."""
    turn = hostile(text)
    for state in get_args(State):
        done = turn.answer if state == "done" else None
        page(dataclasses.replace(turn, state=state, answer=done))
    page(dataclasses.replace(turn, state="thinking", citations=(), answer=None), "id")
    page(hostile(text, abstained=True))
    harmless(welcome_html([text], articles=1, reader="en"))


@settings(max_examples=60, deadline=None)
@given(wild)
def test_any_text_is_harmless_in_every_field(text: str) -> None:
    """Nothing that can be written becomes markup."""
    page(hostile(text))
    harmless(welcome_html([text], articles=1, reader="en"))

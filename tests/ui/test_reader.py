"""The whole article is shown as text, lit where it was quoted."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.layout import sanitise
from rag.schema import Entry, Metadata, Span
from tests.samples import ENTRY, EVIDENCE, METADATA, TEXT, wild
from tests.ui.markup import HOSTILES, Markup, harmless
from ui.reader import article_html, missing_html

URL = "https://example.org/demak"
LINKS = frozenset({URL})


def entry(text: str = TEXT, removed: tuple[str, ...] = (), **facts: object) -> Entry:
    """An article with other text or facts."""
    metadata = dataclasses.replace(METADATA, **facts)  # type: ignore[arg-type]
    article = dataclasses.replace(ENTRY.article, text=text, removed=removed, metadata=metadata)
    return dataclasses.replace(ENTRY, article=article)


def shown(what: Entry, marked: Span | None = None, quote: str = "") -> Markup:
    """The article as English readers see it."""
    made = article_html(what, reader="en", marked=marked, quote=quote, rev="r1")
    return harmless(made, links=LINKS)


def test_the_article_is_opened_at_the_quote() -> None:
    """The evidence is marked, exactly it, and can be gone to."""
    read = shown(ENTRY, Span(*EVIDENCE))
    assert read.one("mark").text == "Banjir merendam 12 desa di Demak."
    assert read.one("mark").attributes["id"] == "reader-mark"
    assert read.one(".body").text == TEXT
    assert read.one("h2").text == "Banjir Demak"
    assert read.one(".from").text == "ANTARA · 21 August 2024"
    assert read.one(".whole-article").attributes["data-rev"] == "r1"


def test_a_quote_may_run_over_paragraphs() -> None:
    """Each paragraph of it is marked, the first one is gone to, and no blank line is."""
    text = "One two.\n\nThree.\n\nFour five."
    read = shown(entry(text), Span(4, text.index(" five")))
    assert [e.text for e in read.all("p")][-3:] == [
        "One two.",
        "Three.",
        "Four five.",
    ]
    assert [e.text for e in read.all("mark")] == ["two.", "Three.", "Four"]
    assert ["id" in e.attributes for e in read.all("mark")] == [True, False, False]


def test_words_that_moved_are_found_again() -> None:
    """When the article has changed, the quote is marked where it stands now."""
    read = shown(entry("Baru. " + TEXT), Span(*EVIDENCE), quote=TEXT[slice(*EVIDENCE)])
    assert read.one("mark").text == "Banjir merendam 12 desa di Demak."
    assert read.all(".standing") == []


def test_words_that_are_gone_are_said_to_be() -> None:
    """When the quote is no longer there, nothing is marked and the reader is told."""
    read = shown(
        entry("Semua lain sekarang, dari awal sampai akhir, ya."), Span(0, 5), quote="Banjir"
    )
    assert read.all("mark") == []
    assert read.one(".standing").text == "The quoted words are no longer in this article."


@pytest.mark.parametrize("span", [Span(-1, 5), Span(5, 5), Span(9, 3), Span(0, 10**6)])
def test_a_place_that_is_none_marks_nothing(span: Span) -> None:
    """Offsets that do not lie in the text are not shown as if they did."""
    assert shown(ENTRY, span).all("mark") == []


def test_what_was_removed_can_be_looked_at() -> None:
    """What was taken out as furniture is folded below, counted."""
    read = shown(entry(removed=("Baca juga: Rob", "Iklan")))
    assert read.one("summary").text == "What was taken out as page furniture: 2"
    assert [e.text for e in read.all("li")] == ["Baca juga: Rob", "Iklan"]


def test_how_the_day_is_known_is_said() -> None:
    """An inferred day has its sign and words, a corrected one words, a missing one is said."""
    told = {
        basis: shown(entry(published_basis=basis)).one(".dated").text
        for basis in ("stated", "inferred", "edited")
    }
    assert told == {
        "stated": "21 August 2024",
        "inferred": "~21 August 2024 (inferred: the article does not state it)",
        "edited": "21 August 2024 (corrected by hand)",
    }
    assert shown(entry(published=None, published_basis=None)).one(".dated").text == "no date"


def test_the_folders_of_a_file_are_not_shown() -> None:
    """Of a file only its name is shown, as the page may be read by others."""
    plain = dataclasses.replace(entry(source="/home/ana/berita/demak.txt"), sources=())
    assert shown(plain).one(".where").text == "demak.txt"


@pytest.mark.parametrize("text", HOSTILES, ids=range(len(HOSTILES)))
def test_hostile_articles_stay_text(text: str) -> None:
    """No field of an article becomes markup, and its text is all there."""
    hostile = Metadata(
        title=text, source=text, url=text, publisher=text, authors=(text, text), language=text
    )
    article = dataclasses.replace(
        ENTRY.article, text=f"a{text}b", removed=(text,), metadata=hostile
    )
    what = dataclasses.replace(ENTRY, article=article, sources=(text,))
    read = shown(what, Span(0, 1))
    assert "".join(read.one(".body").text.split()) == "".join(sanitise(f"a{text}b").split())
    harmless(missing_html(text, "r", "id"))


@given(wild, st.integers(0, 40), st.integers(0, 40))
def test_marking_loses_no_character(text: str, start: int, length: int) -> None:
    """Wherever the mark is, all that can be seen of the text is there, in its order."""
    text = text.replace("\x1b", "").replace("\x9b", "").replace("\x9d", "").replace("\x90", "")
    read = shown(entry(text), Span(start, start + length))
    seen = "".join(sanitise(text).split())
    assert "".join(read.one(".body").text.split()) == seen


def test_the_longest_article_opens_at_once() -> None:
    """Two million characters, the most an article may have, take about a second."""
    text = "\n\n".join(["Banjir merendam dua belas desa di Demak. " * 10] * 4_900)[:2_000_000]
    begun = time.process_time()
    made = article_html(entry(text), reader="en", marked=Span(1_000_000, 1_000_500), rev="r")
    assert time.process_time() - begun < 5
    assert made.count("<p>") > 4_000

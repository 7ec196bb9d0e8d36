"""Passages: exact, whole, of similar size, and what is embedded for them."""

from __future__ import annotations

import itertools
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.clean import clean
from rag.ingest.split import context, split
from rag.schema import Article, Metadata, Passage, article_id_of
from rag.text.sentences import spans


def article(text: str, **metadata: object) -> Article:
    known = Metadata(**{"title": "Judul", "source": "a.txt", **metadata})  # type: ignore[arg-type]
    return Article(article_id=article_id_of(text), text=text, metadata=known)


def sentence(words: int, name: str = "kata") -> str:
    return f"{name.capitalize()} " + " ".join([name] * (words - 1)) + "."


def passages(text: str, max_words: int, max_passages: int = 10_000) -> list[Passage]:
    return split(article(text), max_words=max_words, max_passages=max_passages)


def sizes(text: str, max_words: int) -> list[int]:
    return [len(p.text.split()) for p in passages(text, max_words)]


def test_a_short_article_is_one_passage() -> None:
    """What fits is not cut, and the passage carries the article's id and metadata."""
    whole = article("Satu dua.\n\nTiga empat.")
    [passage] = split(whole, max_words=150, max_passages=1)
    assert (passage.start, passage.end, passage.text) == (0, len(whole.text), whole.text)
    assert (passage.article_id, passage.metadata) == (whole.article_id, whole.metadata)


def test_paragraphs_are_taken_together_and_kept_whole() -> None:
    """Paragraphs of 40, 40 and 40 words in passages of 100: two together, then one."""
    assert sizes("\n\n".join([sentence(40)] * 3), 100) == [80, 40]


def test_a_long_paragraph_is_cut_evenly() -> None:
    """Six sentences of 30 words and room for 150 make 90 and 90, not 150 and 30."""
    assert sizes(" ".join([sentence(30)] * 6), 150) == [90, 90]


def test_a_heading_goes_with_what_follows() -> None:
    """A heading at the end of a full passage moves to the next one."""
    text = "\n\n".join([sentence(95), "Bantuan Kemanusiaan", sentence(60)])
    first, second = passages(text, 100)
    assert first.text == sentence(95)
    assert second.text == "Bantuan Kemanusiaan\n\n" + sentence(60)


def test_a_heading_goes_with_a_paragraph_that_is_cut() -> None:
    """A heading above a long paragraph stays with its first sentence."""
    text = "Bantuan Kemanusiaan\n\n" + " ".join([sentence(40)] * 6)
    assert passages(text, 100)[0].text.startswith("Bantuan Kemanusiaan\n\nKata")


def test_a_list_of_lines_does_not_move() -> None:
    """More than two short lines in a row are a list, which fills passages like any text."""
    lines = [f"Berita Terkait Nomor {n}" for n in range(12)]
    assert sizes("\n\n".join([*lines, sentence(30)]), 40) == [40, 38]


def test_a_long_sentence_is_a_passage_of_its_own() -> None:
    """A sentence up to three times the limit is never cut."""
    text = " ".join([sentence(20), sentence(290), sentence(20)])
    assert sizes(text, 100) == [20, 290, 20]


def test_an_endless_sentence_is_cut_at_spaces() -> None:
    """A "sentence" of 1,000 words is cut between words into equal parts."""
    parts = sizes(" ".join(["kata"] * 1000), 100)
    assert sum(parts) == 1000
    assert max(parts) <= 100
    assert min(parts) >= 90


def test_text_without_spaces_is_cut_between_characters() -> None:
    """A million letters without a space make passages of at most 1,500 characters."""
    found = passages("a" * 100_000, 100)
    assert "".join(p.text for p in found) == "a" * 100_000
    assert max(len(p.text) for p in found) <= 100 * 15


def test_too_many_passages_are_refused() -> None:
    """More passages than allowed are an error; exactly as many are not."""
    text = "\n\n".join([sentence(10)] * 5)
    assert len(passages(text, 10, max_passages=5)) == 5
    with pytest.raises(BadSource, match="longer than 4 passages"):
        passages(text, 10, max_passages=4)


pieces = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["\n", "\n\n", ". ", "Judul\n", "kata " * 9, "a" * 200, "\x1c", "\x85"]),
    ),
    max_size=40,
).map("".join)


@given(text=pieces, max_words=st.integers(1, 30), tidy=st.booleans())
def test_passages_are_exact_and_complete(text: str, max_words: int, tidy: bool) -> None:
    """Passages are slices, in order, apart, of bounded size, and hold every sentence."""
    text = clean(text) if tidy else text.encode("utf-8", "replace").decode()
    found = passages(text, max_words)
    assert all(text[p.start : p.end] == p.text for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    covered = {i for p in found for i in range(p.start, p.end)}
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())
    limit = 3 * max_words + max_words // 4
    assert all(p.text == p.text.strip() != "" for p in found)
    assert all(len(p.text.split()) <= limit for p in found)
    whole = [s for s in spans(text) if len(text[s.start : s.end]) <= 15 * max_words]
    for span in whole:  # such a sentence is never too long, so it lies in one passage
        assert any(p.start <= span.start and span.end <= p.end for p in found)


@pytest.mark.parametrize("unit", ["kata ", "a. ", "a\n\n", "a", "Judul\n\nIsi satu dua.\n\n"])
def test_two_million_characters_are_quick(unit: str) -> None:
    """Time is linear in the length of the article."""
    started = time.process_time()
    passages((unit * (2_000_000 // len(unit))).strip(), 150)
    assert time.process_time() - started < 25


MADE = "Emir Qatar tiba di Doha…"


def embedded(text: str, at: int = 0, **metadata: object) -> str:
    whole = article(text, **metadata)
    return context(whole, split(whole, max_words=10, max_passages=9)[at])


def test_the_context_says_what_the_passage_does_not() -> None:
    """Title, publisher and the date in the article's language stand above the passage."""
    day = date(2024, 8, 21)
    said = embedded("Emir tiba.", title="Gaza", publisher="ANTARA", published=day, language="id")
    assert said == "Gaza\nANTARA, 21 Agustus 2024\nEmir tiba."
    assert embedded("He came.", published=day) == "Judul\n21 August 2024\nHe came."


def test_the_context_repeats_nothing() -> None:
    """A title or publisher that the passage has is left out, whatever its case and spaces."""
    assert embedded("Mediasi gaza\n\nEmir.", title="Mediasi  Gaza") == "Mediasi gaza\n\nEmir."
    text = "Doha (ANTARA) - Emir tiba."
    assert embedded(text, title="Emir tiba", publisher="ANTARA") == text


def test_a_word_is_not_the_agency_of_that_name() -> None:
    """ "antara" in the passage does not hide that the publisher is ANTARA, nor "apa" an AP."""
    assert embedded("Perang antara dua pihak.", publisher="ANTARA").startswith("Judul\nANTARA\n")
    assert embedded("MAP itu baru.", publisher="AP").startswith("Judul\nAP\n")


def test_a_made_title_is_not_put_above_its_own_sentence() -> None:
    """A one-paragraph article is embedded as it is; its later passages get the made title."""
    text = "Emir Qatar tiba di Doha pada pagi hari.\n\nIa lalu bertemu menteri di istana."
    assert embedded(text, title=MADE) == "Emir Qatar tiba di Doha pada pagi hari."
    assert embedded(text, at=1, title=MADE) == MADE + "\nIa lalu bertemu menteri di istana."

"""What a pasted page must lose, and what no article may lose."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.furniture import Tally, examined, load
from rag.ingest.article import EVERYTHING, make_article
from rag.ingest.clean import clean
from rag.ingest.document import Document
from rag.ingest.furniture import LABELS, Weights, decode, furniture
from rag.schema import Article

ROOT = Path(__file__).resolve().parents[2]

PASTED = {page.name: page for page in load(Path(__file__).parent / "pasted")}
INDONESIAN, ENGLISH = PASTED["indonesian.txt"].text, PASTED["english.txt"].text


def read(text: str, **options: object) -> Article:
    return make_article(
        Document(text=text),
        source="x",
        name="x",
        added=date(2026, 1, 1),
        max_chars=100_000,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", PASTED)
def test_a_pasted_page_is_left_with_its_article(name: str) -> None:
    """Headline, byline, date, caption and every sentence stay, and nothing else does."""
    labelled = PASTED[name]
    page = labelled.text
    kept = [
        line for line, label in zip(labelled.lines, labelled.letters, strict=True) if label == "A"
    ]
    assert len(kept) > 8
    article = read(page)
    assert article.text.split("\n\n") == kept
    everything = [line for line in clean(page).split("\n\n") if line]
    assert sorted([*kept, *article.removed]) == sorted(everything)


def test_what_was_taken_out_can_be_put_back() -> None:
    """All of it, one line, or one of two equal lines; each at its own place."""
    plain = read(INDONESIAN)
    assert read(INDONESIAN, restored=[EVERYTHING]).text == clean(INDONESIAN)
    one = read(INDONESIAN, restored=["Baca juga: Petani Bawang Keluhkan Pupuk Langka"])
    lines = one.text.split("\n\n")
    assert lines[6] == "Baca juga: Petani Bawang Keluhkan Pupuk Langka"
    assert [line for line in lines if line not in plain.text.split("\n\n")] == [lines[6]]
    assert plain.removed.count("-") == 3
    assert read(INDONESIAN, restored=["-"]).removed.count("-") == 2


def test_lines_a_parser_left_out_come_back_at_the_end() -> None:
    """What a page's parser left out has no place in the text any more, so it follows it."""
    document = Document(text="Satu kalimat saja di sini.", removed=("Menu", "Kotak  samping"))
    article = make_article(
        document,
        source="x",
        name="x",
        added=date(2026, 1, 1),
        max_chars=1000,
        restored=["Kotak samping"],
    )
    assert article.text == "Satu kalimat saja di sini.\n\nKotak samping"
    assert article.removed == ("Menu",)


WORDS = st.sampled_from(
    [
        *("the", "a", "of", "in", "to", "was", "said", "and", "for", "on", "minister", "river"),
        *("flood", "school", "yang", "di", "dan", "untuk", "pada", "dari", "itu", "harga"),
        *("price", "banjir", "share", "baca", "juga", "komentar", "news"),
    ]
)
SENTENCES = st.builds(
    lambda words: " ".join(words).capitalize() + ".", st.lists(WORDS, min_size=4, max_size=30)
)


@given(st.lists(SENTENCES, min_size=1, max_size=30))
def test_no_sentence_of_a_clean_article_is_lost(sentences: list[str]) -> None:
    """Where there is nothing but sentences, whatever they say, all of them stay."""
    assert furniture(sentences) == [False] * len(sentences)


@given(st.lists(st.text(max_size=60), max_size=40))
def test_every_line_gets_a_mark(lines: list[str]) -> None:
    """Whatever the lines are, there is one answer for each, and the same one again."""
    marks = furniture(lines)
    assert len(marks) == len(lines)
    assert furniture(lines) == marks


def test_a_book_is_kept_whole() -> None:
    """No page of a browser has thousands of lines: nothing is taken out of such a text."""
    lines = ["Share", "Facebook", "Menu"] * 2_000
    assert not any(furniture(lines))


def test_a_line_that_other_articles_have_is_furniture() -> None:
    """Repetition tells what a single page cannot: the outlet's own slogan."""
    lines = clean(ENGLISH).split("\n\n")
    lines.insert(9, "Voice of the northern isles")
    at = lines.index("Voice of the northern isles")
    assert furniture(lines, repeated={"Voice of the northern isles"})[at]


def test_the_most_likely_labels_are_found() -> None:
    """Viterbi on a field of two lines, worked by hand.

    Line 1: body 1, furniture 2. Line 2: body 3, furniture 0. Staying costs nothing, moving
    costs 4: body-body has 1 + 3, furniture-body 2 + 3 - 4, furniture-furniture 2.
    """
    assert LABELS == ("body", "head", "furniture")
    away = -100.0
    weights = Weights(
        first=(0.0, away, 0.0),
        moves=((0.0, away, -4.0), (away, away, away), (-4.0, away, 0.0)),
        features={"a": (1.0, away, 2.0), "b": (3.0, away, 0.0)},
    )
    assert decode([{"a": 1.0}, {"b": 1.0}], weights) == [0, 0]
    assert decode([{"a": 1.0}, {"b": 0.2}], weights) == [2, 2]


def test_the_held_out_pages_pass_the_bars() -> None:
    """On pages the weights were not learnt from: 97 % of sentences kept, 95 % of furniture gone."""
    tally = Tally()
    for page in load(ROOT / "eval" / "pages" / "exam"):
        examined(page, tally)
    assert tally.sentences_kept / tally.sentences >= 0.97
    assert tally.furniture_dropped / tally.furniture >= 0.95
    assert tally.sentences > 300
    assert tally.furniture > 900


def test_a_text_is_never_all_furniture() -> None:
    """Two rules around a question are no page: where everything would go, everything stays."""
    lines = ["---", "Q: Is it safe?", "A: Yes, it is.", "---", "The county checks it every week."]
    assert not all(furniture(lines))

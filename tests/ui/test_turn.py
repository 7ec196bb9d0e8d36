"""A turn shows a question, what is said to it and what that rests on."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import pytest

from rag.schema import AnswerSpan, Citation, Hit, Passage, Statement
from tests.samples import ANSWER, ARTICLE_ID, CITATION, METADATA, PASSAGE, SPANNED
from tests.ui.markup import HOSTILES
from tests.ui.turns import LONG, URL, does, page, shown, visible
from ui.render import cuts

# An answer -----------------------------------------------------------------------------------


def test_a_source_stands_beside_its_answer() -> None:
    """The mark [1] leads to a card with publisher, title, day and the evidence marked."""
    read = page(shown())
    assert read.one(".cite").attributes["href"] == "#src-3-1"
    card = read.one(".src")
    assert card.attributes["id"] == "src-3-1"
    assert card.attributes["tabindex"] == "-1"
    assert card.within[-3:] == ("article", "aside", "div")
    assert read.one(".from").text == "ANTARA · 21 August 2024"
    assert read.one("h4").text == "Banjir Demak"
    assert read.one("mark").text == "Banjir merendam 12 desa di Demak."
    assert read.one(".passage").text == PASSAGE.text
    assert read.one(".where").text == "demak.txt"
    assert [b.attributes["data-card"] for b in read.all(".back")] == ["src-3-1"]


def test_the_words_that_answer_are_lit() -> None:
    """They are marked in the quoted sentence, and set off in the evidence of its card."""
    read = page(shown(SPANNED))
    lit = [(e.tag, e.text) for e in read.all(".answer-span")]
    assert lit == [("mark", "12 desa"), ("strong", "12 desa")]
    assert read.one(".passage").text == PASSAGE.text
    assert not page(shown()).all(".answer-span")


def test_lit_words_stay_text() -> None:
    """Markup in the words that answer is shown and obeyed by nothing."""
    for hostile in HOSTILES:
        text = f"Hujan. Warga {hostile} datang."
        passage = dataclasses.replace(PASSAGE, end=len(text), text=text)
        citation = Citation(marker=1, passage=passage, start=7, end=len(text), quote=text[7:])
        span = AnswerSpan(
            marker=1, article_id=ARTICLE_ID, start=13, end=13 + len(hostile), text=hostile
        )
        answer = dataclasses.replace(
            SPANNED, text=f"{text[7:]} [1]", citations=(citation,), answer_span=span
        )
        read = page(shown(answer))
        assert [e.tag for e in read.all(".answer-span")][-1:] == ["strong"]


def test_the_article_opens_at_the_evidence() -> None:
    """The button of a card carries the article's id and the place of its first evidence."""
    (button,) = [b for b in page(shown()).all("button") if b.text == "In the article"]
    carried = {k[5:]: v for k, v in button.attributes.items() if k.startswith("data-")}
    assert carried == {
        "do": "article",
        "article": ARTICLE_ID,
        "start": "24",
        "end": "57",
        "turn": "3",
        "marker": "1",
    }


def test_every_evidence_of_a_passage_is_marked() -> None:
    """Two citations of one passage share a card, with both sentences marked in their order."""
    first = dataclasses.replace(CITATION, start=0, end=23, quote="Hujan turun sejak pagi.")
    answer = dataclasses.replace(ANSWER, citations=(CITATION, first))
    read = page(shown(answer))
    assert [e.text for e in read.all("mark")] == [
        "Hujan turun sejak pagi.",
        "Banjir merendam 12 desa di Demak.",
    ]
    assert len(read.all(".src")) == 1


def test_a_long_passage_is_folded_around_its_evidence() -> None:
    """What is far from the evidence is there, folded in whole words, with a button to unfold."""
    start = LONG.index("Banjir")
    passage = Passage(article_id=ARTICLE_ID, start=0, end=len(LONG), text=LONG, metadata=METADATA)
    cited = Citation(marker=1, passage=passage, start=start, end=start + 33, quote=CITATION.quote)
    read = page(shown(dataclasses.replace(ANSWER, citations=(cited,), hits=())))
    near = read.one(".passage").text.replace(" … ", "")
    assert near == LONG
    before, after = (e.text for e in read.all(".far"))
    assert before == "Hujan. " * 75  # of 700 characters all but the 180 next to the evidence
    assert after.startswith(("Warga", "mengungsi"))
    assert after.endswith("mengungsi.")
    assert read.one(".whole").attributes["data-unfold"] == "src-3-1"
    assert read.one(".whole").attributes["aria-expanded"] == "false"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            {"published_basis": "inferred"},
            "~21 August 2024 (inferred: the article does not state it)",
        ),
        ({"published_basis": "edited"}, "21 August 2024 (corrected by hand)"),
        ({"published": None, "published_basis": None}, "no date"),
        ({"modified": date(2024, 9, 1)}, "21 August 2024 · updated 1 September 2024"),
    ],
)
def test_how_the_day_is_known_is_said(facts: dict[str, object], told: str) -> None:
    """A card says in words when a day is inferred, corrected or missing."""
    metadata = dataclasses.replace(METADATA, **facts)  # type: ignore[arg-type]
    cited = dataclasses.replace(CITATION, passage=dataclasses.replace(PASSAGE, metadata=metadata))
    read = page(shown(dataclasses.replace(ANSWER, citations=(cited,), hits=())))
    assert read.one(".dated").text == told


def test_the_address_is_a_link_where_it_is_one() -> None:
    """A card links to the page of the article, and to nothing that is no web address."""
    for address, links in ((URL, 1), ("javascript:alert(1)", 0)):
        metadata = dataclasses.replace(METADATA, url=address, authors=("Ana Buru", "Budi"))
        passage = dataclasses.replace(PASSAGE, metadata=metadata)
        cited = dataclasses.replace(CITATION, passage=passage)
        read = page(shown(dataclasses.replace(ANSWER, citations=(cited,), hits=())))
        assert len([a for a in read.all("a") if a.attributes["href"] == URL]) == links
        assert read.one(".by").text == "Ana Buru, Budi"


def test_what_became_of_an_article_is_said() -> None:
    """A card says that its article changed or is gone; a gone one cannot be opened."""
    changed = page(shown(standing={ARTICLE_ID: "changed"}))
    assert changed.one(".standing").text == "The article has changed since this answer was written."
    assert "article" in does(changed)
    gone = page(shown(standing={ARTICLE_ID: "gone"}))
    assert gone.one(".standing").text == "The article is no longer in the library."
    assert "article" not in does(gone)


def test_a_card_can_be_copied_as_a_reference() -> None:
    """What is copied is the quote and where it is from, as plain text."""
    (button,) = [b for b in page(shown()).all("button") if b.text == "Copy as reference"]
    assert button.attributes["data-copy"] == (
        '“Banjir merendam 12 desa di Demak.” — "Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'
    )


def test_an_answer_is_copied_with_its_references() -> None:
    """The copy of an answer is its text, then the numbered references."""
    (button,) = [b for b in page(shown()).all("button") if b.text == "Copy"]
    copied = button.attributes["data-copy"]
    assert copied.startswith("Banjir merendam 12 desa di Demak. [1]\n\n[1] “Banjir")


def test_what_was_consulted_is_told_with_scores() -> None:
    """Passages that were found and not cited are listed below, cited ones are not."""
    other = dataclasses.replace(PASSAGE, article_id="f" * 16, start=0)
    hits = (*ANSWER.hits, Hit(passage=other, rank=2, score=0.25, scores={"dense": 0.125}))
    read = page(shown(dataclasses.replace(ANSWER, hits=hits)))
    assert read.all("summary")[0].text == "Consulted but not cited: 1 passage"
    assert read.one(".scores").text.startswith("fused 0.25 · dense 0.12 ")
    (row,) = [e for e in read.all("li") if "value" in e.attributes]
    assert row.attributes["value"] == "2"


def test_how_an_answer_was_made_is_told() -> None:
    """Below stand the standalone question, the answerer, scores, seconds, tokens and notices."""
    answer = dataclasses.replace(
        ANSWER,
        query="Berapa desa terendam di Demak?",
        answerer="ollama:gemma4:e4b",
        seconds={"retrieve": 0.25, "answer": 3.5},
        tokens={"prompt": 1902, "answer": 213},
        notices=("Passages left out: 2.",),
    )
    read = page(shown(answer))
    terms = [e.text for e in read.all("dt")]
    told = dict(zip(terms, (e.text for e in read.all("dd")), strict=True))
    assert told == {
        "Searched for": "Berapa desa terendam di Demak?",
        "Answered by": "ollama:gemma4:e4b",
        "Evidence": "0.90 of 1: how well the best passage fits the question",
        "Passages": "ArticlefuseddenselexicalCited1Banjir Demak0.750.501.00yes",
        "Seconds": "searching: 0.25answering: 3.50",
        "Tokens": "prompt, as counted by the model: 1,902answer: 213",
        "Notices": "Passages left out: 2.",
    }
    assert read.one(".searched").text == "Searched for: Berapa desa terendam di Demak?"
    assert read.one(".who").text == (
        "Written by gemma4:e4b, run by Ollama · 21 November 2026, 14:22"
    )
    assert visible(read.all(".notices")) == ["Passages left out: 2."]


def test_the_same_question_is_not_said_twice() -> None:
    """What was searched for is told only where it is another question."""
    assert visible(page(shown()).all(".searched")) == []


# Hostile text --------------------------------------------------------------------------------


def test_a_mark_names_the_evidence_of_its_own_sentence() -> None:
    """Of three marked sentences in one card, each mark of the answer leads to those behind it."""
    sentences = ("It rained.", "The dam broke.", "Twelve fled.")
    body = " ".join(sentences)
    passage = dataclasses.replace(PASSAGE, start=10, end=10 + len(body), text=body)
    citations = tuple(
        Citation(
            marker=1,
            passage=passage,
            start=10 + passage.text.index(sentence),
            end=10 + passage.text.index(sentence) + len(sentence),
            quote=sentence,
        )
        for sentence in (sentences[2], sentences[0], sentences[1])
    )
    text = "Twelve fled. [1] It rained and the dam broke. [1]"
    statements = (
        Statement(start=0, end=16, markers=(1,), verdict="matches", evidence=(0,)),
        Statement(start=17, end=len(text), markers=(1,), verdict="matches", evidence=(1, 2)),
    )
    found = cuts(text, statements, citations, turn=0, reader="en")
    places = re.findall(r'data-places="([^"]*)"', "".join(cut.html for cut in found))
    assert places == ["2", "0 1"]

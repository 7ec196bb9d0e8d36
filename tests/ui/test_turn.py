"""A turn shows a question, what is said to it and what that rests on, in every state."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings

from rag.schema import Answer, AnswerSpan, Citation, Hit, Metadata, Passage, Statement
from tests.samples import ANSWER, ARTICLE_ID, CITATION, METADATA, PASSAGE, SPANNED, wild
from tests.ui.markup import HOSTILES, Element, Markup, harmless
from ui.desk import Reader
from ui.render import cuts
from ui.shown import Shown, State
from ui.turn import turn_html, welcome_html

URL = "https://example.org/demak"
LONG = "Hujan. " * 100 + "Banjir merendam 12 desa di Demak." + " Warga mengungsi." * 60


def shown(answer: Answer = ANSWER, **other: object) -> Shown:
    """A finished turn."""
    made = Shown(
        number=3,
        question=answer.question,
        state="done",
        language="id",
        query=answer.query,
        text=answer.text,
        statements=answer.statements,
        citations=answer.citations,
        hits=answer.hits,
        answerer=answer.answerer,
        notices=answer.notices,
        answer=answer,
        asked="21 November 2026, 14:22",
    )
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]


def making(state: State, **other: object) -> Shown:
    """A turn in the making, of which nothing is there but what is given."""
    made = Shown(number=3, question="Berapa?", state=state, language="id", last=False)
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]


def page(turn: Shown, reader: Reader = "en", *, read_only: bool = False) -> Markup:
    """The turn as HTML, read."""
    html = turn_html(turn, reader=reader, read_only=read_only)
    return harmless(html, links=frozenset({URL}))


def visible(elements: Sequence[Element]) -> list[str]:
    """The text of the elements that are not hidden."""
    return [e.text for e in elements if "hidden" not in e.attributes]


def does(read: Markup) -> list[str]:
    """What the buttons do, in their order."""
    names = ("data-do", "data-edit", "data-copy", "data-unfold")
    found = []
    for button in read.all("button"):
        if "hidden" not in button.attributes:
            found += [button.attributes.get(n, n) for n in names[:1] if n in button.attributes]
            found += [n for n in names[1:] if n in button.attributes]
    return found


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


# A refusal -----------------------------------------------------------------------------------

QUOTE = "Warga mengungsi ke balai desa."
REFUSAL = dataclasses.replace(
    ANSWER,
    text=f"The articles do not say.\nThey cover: Banjir Demak.\nThe closest passage is: “{QUOTE}”",
    statements=(),
    citations=(),
    hits=(
        Hit(passage=dataclasses.replace(PASSAGE, text="Lain.", end=5), rank=1, score=0.9),
        Hit(passage=PASSAGE, rank=2, score=0.1),
    ),
    abstention="not_in_evidence",
)


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


def hostile(text: str, *, abstained: bool = False) -> Shown:
    """A turn with this text in every field that comes from outside."""
    metadata = Metadata(
        title=text,
        source=text,
        url=text,
        publisher=text,
        authors=(text,),
        published=date(2024, 8, 21),
        published_basis="inferred",
        language=text,
    )
    quote = f"a {text} b"
    body = f"far {text} off " + "x " * 200 + quote
    passage = Passage(article_id=text, start=0, end=len(body), text=body, metadata=metadata)
    cited = Citation(
        marker=1, passage=passage, start=len(body) - len(quote), end=len(body), quote=quote
    )
    said = f"{text} [1]"
    answer = Answer(
        question=text,
        query=f"{text} again",
        text=said,
        language="en",
        statements=(
            Statement(start=0, end=len(said), markers=(1,), verdict="conflict", reasons=(text,)),
        ),
        citations=() if abstained else (cited,),
        hits=(
            Hit(passage=passage, rank=1, score=1.0, scores={"dense": 1.0}),
            Hit(passage=dataclasses.replace(passage, start=1), rank=2, score=0.5, scores={text: 1}),
        ),
        answerer=f"ollama:{text}",
        abstention="not_in_evidence" if abstained else None,
        notices=(text,),
        seconds={text: 1.0},
        tokens={text: 1},
    )
    return shown(answer, problem=text, asked=text, standing={text: "changed"}, last=True)


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

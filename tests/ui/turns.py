"""Turns by hand, and their HTML as a browser would read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

from rag.schema import Answer, Citation, Hit, Metadata, Passage, Statement
from tests.samples import ANSWER, PASSAGE
from tests.ui.markup import Element, Markup, harmless
from ui.desk import Reader
from ui.shown import Shown, State
from ui.turn import turn_html

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

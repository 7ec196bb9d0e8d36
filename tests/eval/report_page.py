"""A report by hand, as a browser would read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from eval.datasets import Question
from eval.given import Texts, parse
from eval.report import report_html
from eval.scoring import score
from tests.eval.rows import Row, citation, hit, question, refusal, row

ARTICLE = "Ana won in Lima.\n\nBudi lost. He wept."
TEXTS = Texts.of({"a.txt": ARTICLE})
GOLD = [("a.txt", "Ana won in Lima.")]
RIGHT = row(
    "Ana won in Lima. [1]",
    citations=[citation(1, ARTICLE, "Ana won in Lima.") | {"title": "Race", "publisher": "Kabar"}],
    hits=[hit(1, ARTICLE, "Budi lost. He wept."), hit(2, ARTICLE, ARTICLE)],
    seconds={"retrieve": 0.02, "answer": 0.5},
    evidence_score=0.9,
)
WRONG = row("Budi won. [1]", citations=[citation(1, ARTICLE, "Budi lost.")], evidence_score=0.4)

VOID = ("meta", "br", "input")


@dataclasses.dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Page(HTMLParser):
    """Every element with the text in it; fails on one that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def of(self, tag: str, look: str | None = None) -> list[Element]:
        return [
            each
            for each in self.elements
            if each.tag == tag
            and (look is None or look in (each.attributes.get("class") or "").split())
        ]

    @property
    def questions(self) -> list[str]:
        return [each.text for each in self.of("details", "question")]


def made(
    questions: Sequence[Question],
    rows: Mapping[str, Row],
    *,
    texts: Texts = TEXTS,
    about: Mapping[str, str] | None = None,
    more: Mapping[str, float] | None = None,
) -> str:
    given = {key: parse({**each, "id": key}) for key, each in rows.items()}
    scores = score(questions, given, texts)
    scores = dataclasses.replace(scores, numbers={**scores.numbers, **(more or {})})
    return report_html(questions, given, scores, about=about or {}, texts=texts, rows=rows)


def asked(question_id: str, *answers: str, tags: Sequence[str] = ()) -> Question:
    gold = GOLD if answers else []
    return question(*answers, evidence=gold, question_id=question_id, must_not=["Budi"], tags=tags)


ALL = [
    asked("right", "Ana", tags=["who"]),
    asked("wrong", "Ana", tags=["who"]),
    asked("silent", "Ana", tags=["pair:x"]),
    asked("broken", "Ana"),
    asked("malformed", "Ana"),
    asked("invented"),
    asked("calm"),
    asked("unasked", "Ana"),
]
ROWS: dict[str, Row] = {
    "right": RIGHT,
    "wrong": WRONG,
    "silent": refusal(hits=[hit(1, ARTICLE, "Budi lost.")]),
    "broken": {"error": {"message": "the model <gave> up"}},
    "malformed": {"text": 3, "answered": True},
    "invented": WRONG,
    "calm": refusal(),
}

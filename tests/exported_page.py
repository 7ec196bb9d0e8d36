"""Conversations to be exported, and a page as a browser would read it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from rag.conversations import Conversation, Kept
from rag.schema import Answer, Citation
from tests.samples import ANSWER, METADATA, PASSAGE

ASKED = datetime(2026, 11, 21, 14, 22, tzinfo=UTC)
URL = "https://example.org/demak?a=1&b=(2)"


@dataclasses.dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Page(HTMLParser):
    """Every element of a page with the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def of(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    def tags(self) -> Counter[str]:
        return Counter(element.tag for element in self.elements)

    def links(self) -> list[str | None]:
        return [element.attributes.get("href") for element in self.of("a")]


def conversation(*answers: Answer, damaged: bool = False) -> Conversation:
    turns = tuple(
        Kept(asked=ASKED + timedelta(minutes=number), answer=answer)
        for number, answer in enumerate(answers)
    )
    return Conversation(
        conversation_id="20261121-142200-abcdef",
        started=ASKED,
        title=answers[0].question if answers else "",
        turns=turns,
        damaged=damaged,
    )


def from_article(answer: Answer, *, text: str | None = None, **metadata: object) -> Answer:
    """`answer`, citing an article described otherwise; with `text`, all of which is the quote."""
    described = dataclasses.replace(METADATA, **metadata)  # type: ignore[arg-type]
    passage = dataclasses.replace(PASSAGE, metadata=described)
    cited = dataclasses.replace(ANSWER.citations[0], passage=passage)
    if text is not None:
        passage = dataclasses.replace(passage, text=text, end=len(text))
        cited = Citation(marker=1, passage=passage, start=0, end=len(text), quote=text)
    return dataclasses.replace(answer, citations=(cited,))


def rendered(markdown: str) -> Page:
    """Markdown as a reader that lets HTML through would show it, tables and strikes too."""
    return Page(MarkdownIt("js-default", {"html": True}).render(markdown))

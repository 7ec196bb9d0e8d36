"""What a page shows, as blocks of text in its order, and where in the page each one stands.

Knows nothing of what an article is; that is `page_choice`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from rag.ingest import page_words
from rag.ingest.page_marks import (
    BODY,
    CAPTION,
    COMMENTS,
    CREDIT,
    NAVIGATION,
    is_unseen,
    marks_of_inline,
    marks_of_place,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
# A sentence's end, after which the initials of its writer may stand: "... kata dia. (adi)".
_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)\]]*(?:\s*[(\[][^()]{1,15}[)\]]|\s*\*+)?$")
# Marks of the text being written; noncharacters of Unicode, which no text holds.
_BREAK, _OPEN, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_OWN = dict.fromkeys(map(ord, (_BREAK, _OPEN, _CLOSE)))
_LINK_MARK = re.compile(f"[{_OPEN}{_CLOSE}]")
_LINKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_CELLS = frozenset(("td", "th"))
_ROW_ELEMENTS = 80  # a table's row with more is a page's layout
_ROW_CHARS = 700
_CREDIT_CHARS = 200
_LARGE = 0.4  # of the page's characters; a part so large is no box beside the article


@dataclass(slots=True)
class Place:
    """An element that holds blocks, in the order of the page."""

    element: HtmlElement
    parent: int  # its number; -1 for the first
    tag: str
    marks: int  # of `page_marks`, its own and most of those of the places around it
    shape: int  # the same for places whose elements, and those around, have the same names
    end: int = 0  # the number after the last place inside it
    chars: int = 0  # shown inside it, without spaces
    linked: int = 0  # of those, inside links
    around: int = 0  # all marks of its own and of the places around it
    has_image: bool = False
    has_title: bool = False  # holds a first-level heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list item, caption, table row or line, as one line of text."""

    text: str
    words: int
    linked: float  # the share of its characters that are links
    place: int
    tag: str
    marks: int  # of its place, of the places around it, and of what it is made of
    is_prose: bool  # it reads like a sentence of a text, not like a label or a link


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a page shows."""

    blocks: list[Block]
    places: list[Place]

    def around(self, place: int) -> Iterator[int]:
        """The place and those that hold it, from the inside out."""
        while place >= 0:
            yield place
            place = self.places[place].parent

    def inside(self, place: int, outer: int) -> bool:
        """Whether `place` is `outer` or a part of it."""
        return outer <= place < self.places[outer].end


@dataclass(slots=True)
class _Line:
    """The block being written."""

    pieces: list[str] = field(default_factory=list)
    marks: int = 0


def show(root: HtmlElement) -> Shown:
    """The blocks of a page and their places; nothing hidden, no script, no form's contents.

    Inline tags leave no trace, a table's row is one block, and a line break parts blocks
    unless it stands in a heading or inside a sentence. Takes linear time.
    """
    writer = _Writer()
    writer.read(root)
    places = writer.places
    for number in range(len(places) - 1, 0, -1):
        inner, outer = places[number], places[places[number].parent]
        outer.chars += inner.chars
        outer.linked += inner.linked
        outer.has_title |= inner.has_title
        outer.has_image |= inner.has_image
    total = places[0].chars if places else 0
    for place in places:
        boxed = place.chars <= _LARGE * total and not place.has_title
        if not boxed and place.tag not in ("nav", "footer", "button"):
            place.marks &= ~NAVIGATION
        if place.has_title or place.marks & BODY:
            place.marks &= ~COMMENTS
        place.around = place.marks
        if place.parent >= 0:
            place.around |= places[place.parent].around
            passed_on = NAVIGATION | COMMENTS | CAPTION | BODY
            if places[place.parent].chars <= _CREDIT_CHARS:
                passed_on |= CREDIT
            place.marks |= places[place.parent].marks & passed_on
    blocks = []
    for text, linked, number, tag, marks in writer.written:
        count = len(_WORD.findall(text))
        blocks.append(
            Block(
                text=text,
                words=count,
                linked=linked,
                place=number,
                tag=tag,
                marks=marks | places[number].marks,
                is_prose=count >= 8 and linked < 0.5 and bool(_SENTENCE.search(text[-25:])),
            )
        )
    return Shown(blocks, places)


class _Writer:
    """Walks through the elements of a page once and writes down its blocks."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.written: list[tuple[str, float, int, str, int]] = []  # text, linked, place, tag, marks
        self._line = _Line()
        self._open: list[int] = []
        self._links = 0
        self._verbatim = 0
        self._closed = ""  # the tag of the element that ended right before

    def read(self, root: HtmlElement) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        row: HtmlElement | None = None
        skipped: HtmlElement | None = None
        for event, element in walk:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if event == "start":
                if tag in page_words.SKIPPED_TAGS or is_unseen(element, tag):
                    skipped = element
                    walk.skip_subtree()
                    continue
                if tag in page_words.BLOCK_TAGS:
                    self._start(element, tag, inside_row=row is not None)
                    if tag == "tr" and row is None and _is_row(element):
                        row = element
                else:
                    self._start_inline(element, tag, inside_row=row is not None)
                self._add(element.text)
            else:
                if element is skipped:
                    skipped = None
                elif tag in page_words.BLOCK_TAGS:
                    self._end(tag, inside_row=row is not None and row is not element)
                    if element is row:
                        row = None
                else:
                    self._end_inline(element, tag)
                if element.tail:
                    self._add(element.tail)
        self._flush()

    def _start(self, element: HtmlElement, tag: str, *, inside_row: bool) -> None:
        if inside_row:
            self._line.pieces.append(" ")
        else:
            self._flush()
        parent = self._open[-1] if self._open else -1
        around = self.places[parent].shape if self._open else 0
        shape = hash((around, tag, element.get("class")))
        marks = marks_of_place(element, tag)
        self.places.append(Place(element, parent, tag, marks, shape))
        self._open.append(len(self.places) - 1)
        self._verbatim += tag == "pre"
        self._closed = ""

    def _end(self, tag: str, *, inside_row: bool) -> None:
        if inside_row:
            self._line.pieces.append(" ")
        else:
            self._flush()
        self._verbatim -= tag == "pre"
        self.places[self._open.pop()].end = len(self.places)
        self._closed = ""

    def _start_inline(self, element: HtmlElement, tag: str, *, inside_row: bool) -> None:
        self._links += tag == "a" and element.get("href") is not None
        if tag == "br":
            self._break(inside_row=inside_row)
        elif tag in ("img", "amp-img") and self._open:
            self.places[self._open[-1]].has_image = True
        elif tag == "q":
            self._line.pieces.append("“")
        elif self._closed and self._line.pieces:
            # Two labels side by side are parted by the page's style: "Ana Putri21 Agustus".
            before = self._line.pieces[-1].rstrip(_CLOSE)[-1:]
            text = element.text or ""
            parted = (before.islower() or before.isdigit()) and text[:1].isupper()
            timed = "time" in (tag, self._closed) and before.isalnum() and text[:1].isalnum()
            if parted or timed or (tag == "a" == self._closed):
                self._line.pieces.append(" ")
        self._closed = ""
        self._line.marks |= marks_of_inline(element, tag)

    def _end_inline(self, element: HtmlElement, tag: str) -> None:
        self._links -= tag == "a" and element.get("href") is not None
        if tag == "q":
            self._line.pieces.append("”")
        self._closed = tag if tag in ("a", "span", "time", "small", "label", "i", "em") else ""

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._closed = ""
        if not text.isascii():
            text = text.translate(_OWN)
        lines = text.split("\n") if self._verbatim else [text]
        for number, line in enumerate(lines):
            if number:
                self._flush()
            self._line.pieces.append(f"{_OPEN}{line}{_CLOSE}" if self._links else line)

    def _break(self, *, inside_row: bool) -> None:
        """A line break: a space in a heading or a table's row, else most often a block's end."""
        in_heading = any(self.places[place].tag in page_words.HEADINGS for place in self._open[-3:])
        self._line.pieces.append(" " if in_heading or inside_row else _BREAK)

    def _flush(self) -> None:
        line, self._line = self._line, _Line()
        if not line.pieces or not self._open:
            return
        place = self._open[-1]
        for text, linked in _parts("".join(line.pieces)):
            chars = len(text) - text.count(" ")
            written = self.places[place]
            written.chars += chars
            written.linked += linked
            self.written.append((text, linked / chars, place, written.tag, line.marks))
            if written.tag == "h1" or any(self.places[p].tag == "h1" for p in self._open[-3:]):
                written.has_title = True


def _parts(raw: str) -> Iterator[tuple[str, int]]:
    """The blocks that line breaks make of a text, and how many characters of each are links."""
    held: list[str] = []
    linked = 0
    for piece in raw.split(_BREAK):
        text = _SPACES.sub(" ", _LINK_MARK.sub("", piece)).strip(" ")
        inside = held and text and text[0].islower() and not _SENTENCE.search(held[-1][-20:])
        if held and not inside:
            yield " ".join(held), linked
            held, linked = [], 0
        if text:
            held.append(text)
            linked += sum(len("".join(link.split())) for link in _LINKED.findall(piece))
    if held:
        yield " ".join(held), linked


def _is_row(row: HtmlElement) -> bool:
    """Whether a table's row holds data: a few short cells, no table of its own."""
    chars = cells = 0
    for number, element in enumerate(islice(row.iter(), _ROW_ELEMENTS + 1)):
        if number == _ROW_ELEMENTS or element.tag in ("table", "h1", "article"):
            return False
        chars += len(element.text or "") + len(element.tail or "")
        cells += element.tag in _CELLS
        if element.tag == "br" and not (element.tail or "").strip():
            following = element.getnext()
            if following is not None and following.tag == "br":
                return False
    return cells > 1 and chars <= _ROW_CHARS

"""What stands around an article's text and belongs to it: credits, dates, captions, standfirst."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from rag.ingest import page_words
from rag.ingest.page_blocks import Block, Shown
from rag.ingest.page_choice import Choice, holder, is_label
from rag.ingest.page_main import words_of
from rag.ingest.page_marks import CAPTION, COMMENTS, CREDIT, NAVIGATION, STANDFIRST

_HEAD_BLOCKS = 40  # right above the text, where the headline is far away
_TAIL_BLOCKS = 12  # below the text
_ABOVE = 8  # above the headline
_CREDIT_WORDS = 30
_SMALL = 250  # characters of a place that holds no more than credits or a caption


def with_credits(shown: Shown, choice: Choice, *, authors: Collection[str]) -> list[int]:
    """The numbers of all blocks of an article: the headline first, the rest as on the page.

    `authors` are those whom the page's data names. What is said twice, as captions and
    bylines are for small screens, is taken once.
    """
    finder = _Finder(shown, choice, authors)
    around = {*finder.head(), *finder.captions(), *finder.tail()} - {choice.headline}
    said = {_key(shown.blocks[n]) for n in choice.body if shown.blocks[n].words > 5}
    first = [] if choice.headline is None else [choice.headline]
    said |= {_key(shown.blocks[n]) for n in first}
    for n in sorted(around - set(choice.body)):
        if (key := _key(shown.blocks[n])) not in said:
            said.add(key)
            first.append(n)
    rest = {*first, *choice.body} - {choice.headline}
    return [*([] if choice.headline is None else [choice.headline]), *sorted(rest)]


def _key(block: Block) -> str:
    return " ".join(words_of(block.text))


class _Finder:
    def __init__(self, shown: Shown, choice: Choice, authors: Collection[str]) -> None:
        self.shown, self.blocks, self.choice = shown, shown.blocks, choice
        self.authors = [f" {' '.join(words_of(author))} " for author in authors if author]

    def head(self) -> list[int]:
        """Standfirst, byline, date and captions between the headline and the text, and above."""
        headline, first = self.choice.headline, self.choice.body[0]
        if headline is None:
            return [
                n
                for n in range(max(0, first - _ABOVE), first)
                if self._is_inside(n) and self._is_head(n)
            ]
        start = headline + 1 if first - headline < 3 * _HEAD_BLOCKS else first - _HEAD_BLOCKS
        return [
            *(n for n in range(max(0, headline - _ABOVE), headline) if self._is_above(n, headline)),
            *(n for n in range(start, first) if self._is_head(n)),
        ]

    def captions(self) -> list[int]:
        """Captions among the paragraphs, and of pictures right below them."""
        body, choice = self.choice.body, self.choice
        return [
            n
            for n in range(body[0], min(len(self.blocks), body[-1] + _TAIL_BLOCKS))
            if self.blocks[n].marks & CAPTION
            and n in choice.wanted
            and self.shown.inside(
                self.blocks[n].place, choice.scope if n < body[-1] else choice.box
            )
        ]

    def tail(self) -> list[int]:
        """Credits and sources named below the text."""
        around = max(0, self.shown.places[self.choice.scope].parent)
        kept = []
        last = self.choice.body[-1]
        for n in range(last + 1, min(len(self.blocks), last + 1 + _TAIL_BLOCKS)):
            block = self.blocks[n]
            if is_label(block) or not self.shown.inside(block.place, around):
                break
            if block.marks & (NAVIGATION | COMMENTS) or block.words > 25 or n in self.choice.cards:
                continue
            signed = page_words.INITIALS.fullmatch(block.text) or (
                block.marks & CREDIT and block.words <= 12
            )
            if self._is_named(block) or (signed and self._is_inside(n)):
                kept.append(n)
        return kept

    def _is_inside(self, n: int) -> bool:
        return self.shown.inside(self.blocks[n].place, self.choice.scope)

    def _is_head(self, n: int) -> bool:
        """Whether a line above the text belongs to the article."""
        block = self.blocks[n]
        if n not in self.choice.wanted and (
            block.marks & (NAVIGATION | COMMENTS) or not block.marks & CREDIT
        ):
            return False
        if block.marks & CAPTION or self._is_credit(block) or n in self.choice.told:
            return True
        if block.linked >= 0.5:
            return False
        if block.words <= 8 and self._is_by_credit(n):
            return True
        if block.words <= 40 and self._is_by_image(block):
            return True
        beside = holder(self.shown, block) == holder(self.shown, self.blocks[self.choice.body[0]])
        enough = 4 if beside or block.marks & STANDFIRST else 8
        return block.linked < 0.3 and block.words >= enough and n not in self.choice.cards

    def _is_above(self, n: int, headline: int) -> bool:
        """Whether a line above the headline is a credit or a caption of the same part."""
        if n not in self.choice.wanted:
            return False
        block = self.blocks[n]
        around = list(islice(self.shown.around(self.blocks[headline].place), 4))
        if block.marks & CAPTION:
            return self.shown.inside(block.place, around[-1])
        near = any(self.shown.inside(block.place, place) for place in around[:3])
        if not near or not self._is_credit(block):
            return False
        named = block.linked < 0.5 and self._is_named(block)
        return named or self._is_in_header(n, headline)

    def _is_in_header(self, n: int, headline: int) -> bool:
        """Whether a line above the headline is the article's: the clock of a site stands there."""
        menu = any(
            self.blocks[k].marks & NAVIGATION or self.blocks[k].tag in ("li", "nav")
            for k in range(n, headline)
        )
        around = islice(self.shown.around(self.blocks[headline].place), 3)
        return not menu and any(
            self.shown.inside(self.blocks[n].place, place)
            for place in around
            if self.shown.places[place].tag not in ("body", "html")
        )

    def _is_credit(self, block: Block) -> bool:
        """Whether a line names who wrote the article, or when."""
        if not 1 <= block.words <= _CREDIT_WORDS or block.marks & (NAVIGATION | COMMENTS):
            return False
        if block.marks & CREDIT or self._is_named(block):
            return True
        return block.words <= 15 and bool(page_words.DATED.search(block.text[:200]))

    def _is_named(self, block: Block) -> bool:
        """Whether a line names its people: after a label, or those whom the data names."""
        if page_words.CREDITED.match(block.text):
            return True
        own = f" {_key(block)} " if block.words <= 15 else ""
        return any(author in own for author in self.authors)

    def _is_by_image(self, block: Block) -> bool:
        """Whether a line shares a small place with a picture: its caption."""
        for place in islice(self.shown.around(block.place), 4):
            if self.shown.places[place].chars > _SMALL:
                return False
            if self.shown.places[place].has_image:
                return True
        return False

    def _is_by_credit(self, n: int) -> bool:
        """Whether a short line shares a small place with a credit: a name above its date."""
        near = range(max(0, n - 4), min(len(self.blocks), n + 5))
        for place in islice(self.shown.around(self.blocks[n].place), 3):
            if self.shown.places[place].chars > _SMALL:
                return False
            if any(
                self.shown.inside(self.blocks[k].place, place) and self._is_credit(self.blocks[k])
                for k in near
            ):
                return True
        return False

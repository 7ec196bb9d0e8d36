"""Tell which blocks of a page are its article: the headline and the text.

trafilatura says where the article is; what it leaves out of that part is put back when it
reads like the rest. What stands around the text is `page_credits`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from rag.ingest import page_words
from rag.ingest.page_blocks import Block, Shown
from rag.ingest.page_main import Wording, words_of
from rag.ingest.page_marks import ARTICLE, BODY, CAPTION, COMMENTS, NAVIGATION

_ENOUGH = 25  # words of prose; with fewer an article is looked for elsewhere
_MOST = 0.75  # of the article's words; the rest may stand outside its box
_CARD_CHARS = 500  # of a linked headline and its teaser
_NEAR = 4  # places around a block in which what belongs to it is looked for
_ITEMS = frozenset(("li", "tr", "dt", "dd", "blockquote"))
_LOOSE = frozenset(("div", "td", "section", "article", "main", "body"))  # may hold bare text
_CLOSED = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s*[(\[][^()]{1,15}[)\]]|\s*\*+)?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of a page that are its article, by their numbers."""

    headline: int | None
    body: list[int]  # the text itself, in order
    box: int  # the innermost place that holds most of it
    scope: int  # the article's own element around that
    cards: frozenset[int]  # what belongs to boxes of other articles
    wanted: frozenset[int]  # what might be of an article at all
    told: frozenset[int]  # what trafilatura or the page's data hold


def choose(
    shown: Shown, *, extracted: str, stated: str | None, titles: Collection[str]
) -> Choice | None:
    """The article among what a page shows; None where there is not even one sentence.

    `extracted` is what `main_text` found, `stated` the text that the page's own data holds,
    `titles` the headlines that its data names.
    """
    chooser = _Chooser(shown, extracted, stated, titles)
    headline = chooser.headline()
    seeds = chooser.seeds(headline)
    if not seeds:
        return None
    box = chooser.box(seeds)
    scope = chooser.scope(box)
    body = chooser.body(seeds, box, scope, headline)
    if headline is not None and body[0] < headline and not chooser.is_title(shown.blocks[headline]):
        headline = None
    numbers = range(len(shown.blocks))
    return Choice(
        headline=headline,
        body=body,
        box=box,
        scope=scope,
        cards=frozenset(chooser.cards),
        wanted=frozenset(n for n in numbers if chooser.is_wanted(n)),
        told=frozenset(n for n in numbers if chooser.told[n]),
    )


def level(shown: Shown, block: Block) -> str:
    """The tag of the heading that a block stands in, or ""."""
    for place in islice(shown.around(block.place), 3):
        if (tag := shown.places[place].tag) in page_words.HEADINGS:
            return tag
    return ""


def holder(shown: Shown, block: Block) -> int:
    """The place that holds a paragraph: for one in an element of its own, the place around it."""
    return block.place if block.tag in _LOOSE else max(0, shown.places[block.place].parent)


def is_closed(block: Block) -> bool:
    """Whether a block ends as a sentence does."""
    return bool(_CLOSED.search(block.text[-25:]))


def is_label(block: Block) -> bool:
    """Whether a block heads links to other articles, or comments."""
    return len(block.text) < 100 and bool(page_words.OTHERS.fullmatch(block.text))


class _Chooser:
    """Goes through the blocks of one page; a block is spoken of by its number."""

    def __init__(
        self, shown: Shown, extracted: str, stated: str | None, titles: Collection[str]
    ) -> None:
        self.shown, self.blocks, self.places = shown, shown.blocks, shown.places
        self.titles = {" ".join(words_of(title)) for title in titles if title}
        self.stated = Wording(stated) if stated else None
        found = Wording(extracted)
        self.told = [
            not block.marks & COMMENTS and (found.holds(block.text) or self._is_stated(block))
            for block in self.blocks
        ]
        self.cards = self._cards()

    def _is_stated(self, block: Block) -> bool:
        return self.stated is not None and self.stated.holds(block.text)

    # Where the article is ------------------------------------------------------------------

    def headline(self) -> int | None:
        """The page's headline: a first-level heading, or a line that its data names."""
        named = [n for n, block in enumerate(self.blocks) if self.is_title(block)]
        first = [n for n, block in enumerate(self.blocks) if level(self.shown, block) == "h1"]
        plain = [n for n in first if not self.blocks[n].marks & NAVIGATION]
        for candidates in (
            [n for n in plain if self.is_title(self.blocks[n])],
            [n for n in plain if self.blocks[n].words >= (2 if self.blocks[n].linked < 0.5 else 3)],
            [n for n in named if not self.blocks[n].marks & NAVIGATION],
            plain,
        ):
            if candidates:
                return candidates[0]
        return None

    def is_title(self, block: Block) -> bool:
        """Whether a block is one of the headlines that the page's data names, or begins it."""
        if not self.titles or block.words < 2 or len(block.text) > 300:
            return False
        own = " ".join(words_of(block.text))
        return own in self.titles or (
            block.words >= 4 and any(title.startswith(own + " ") for title in self.titles)
        )

    def seeds(self, headline: int | None) -> list[int]:
        """Sentences that are the article's beyond doubt, as far as there are any."""
        told = [n for n, block in enumerate(self.blocks) if self.told[n] and block.is_prose]
        alike = self._most_alike(headline)
        if self._words(alike) > 2 * self._words(told):
            # Paragraphs that are no <p> escape trafilatura, and a caption or a promotion is
            # all it finds. Comments, which can be longer than the article, come after it.
            before = [n for n in told if n < alike[0]]
            if self._words(before) < _ENOUGH:
                return alike
        if self._words(told) >= _ENOUGH:
            return told
        prose = [n for n, block in enumerate(self.blocks) if block.is_prose and self._is_own(n)]
        for mark in (BODY, ARTICLE, 0):
            inside = [n for n in prose if self.places[self.blocks[n].place].around & mark == mark]
            if mark == ARTICLE and headline is not None:
                inside = self._under(headline, inside)
            if self._words(inside) >= _ENOUGH:
                return inside
        verse = [n for n, block in enumerate(self.blocks) if self.told[n] and block.linked < 0.5]
        return told or self._largest() or (verse if self._words(verse) >= _ENOUGH else [])

    def _is_own(self, n: int) -> bool:
        aside = self.blocks[n].marks & (NAVIGATION | COMMENTS | CAPTION)
        return not aside and n not in self.cards

    def _most_alike(self, headline: int | None) -> list[int]:
        """Sentences below the headline in places of one shape, the most words of them."""
        found: dict[int, list[int]] = {}
        for n in range(0 if headline is None else headline + 1, len(self.blocks)):
            if self.blocks[n].is_prose and self._is_own(n):
                found.setdefault(self._shape(n), []).append(n)
        return max(found.values(), key=self._words, default=[])

    def _largest(self) -> list[int]:
        """The sentences, however short, of the place that holds most words of them."""
        found: dict[int, list[int]] = {}
        for n, block in enumerate(self.blocks):
            if block.words >= 3 and block.linked < 0.3 and is_closed(block) and self._is_own(n):
                found.setdefault(holder(self.shown, block), []).append(n)
        return max(found.values(), key=self._words, default=[])

    def _under(self, headline: int, prose: list[int]) -> list[int]:
        """Those of several articles' sentences that stand in the article with the headline."""
        for place in self.shown.around(self.blocks[headline].place):
            if self.places[place].tag == "article":
                own = [n for n in prose if self.shown.inside(self.blocks[n].place, place)]
                return own if self._words(own) >= _ENOUGH else prose
        return prose

    def _words(self, numbers: Iterable[int]) -> int:
        return sum(self.blocks[n].words for n in numbers)

    def _shape(self, n: int) -> int:
        return self.places[self.blocks[n].place].shape

    def box(self, seeds: Iterable[int]) -> int:
        """The innermost place that holds most words of the article."""
        weights = [0] * len(self.places)
        for n in seeds:
            weights[self.blocks[n].place] += self.blocks[n].words
        for place in range(len(self.places) - 1, 0, -1):
            weights[self.places[place].parent] += weights[place]
        return max(n for n, weight in enumerate(weights) if weight >= _MOST * weights[0])

    def scope(self, box: int) -> int:
        """The article's element around the box; else the place around it."""
        for place in self.shown.around(box):
            if self.places[place].marks & ARTICLE and self.places[place].tag != "main":
                return place
        return max(0, self.places[box].parent)

    def _cards(self) -> set[int]:
        """Blocks in boxes of other articles: a linked headline and its teaser."""
        prose = [0] * len(self.places)
        opening: dict[int, Block] = {}  # the first block of each place
        for block in self.blocks:
            for place in islice(self.shown.around(block.place), _NEAR):
                prose[place] += block.is_prose
                opening.setdefault(place, block)
        found: dict[int, list[int]] = {}  # small places that begin with a link, by shape
        for place, block in opening.items():
            small = self.places[place].chars <= _CARD_CHARS and not self.places[place].has_title
            if small and 1 <= prose[place] <= 2 and self._points_away(block):
                found.setdefault(self.places[place].shape, []).append(place)
        boxes = {
            place
            for alike in found.values()
            for place in alike
            if len(alike) >= 3 or level(self.shown, opening[place])
        }
        return {
            n
            for n, block in enumerate(self.blocks)
            if any(place in boxes for place in islice(self.shown.around(block.place), _NEAR))
        }

    def _points_away(self, block: Block) -> bool:
        """Whether the block is the linked headline of another article."""
        linked = block.linked > 0.8 and block.words >= 3
        return linked and not page_words.READ_ALSO.match(block.text) and not self.is_title(block)

    # What of it is text --------------------------------------------------------------------

    def body(self, seeds: list[int], box: int, scope: int, headline: int | None) -> list[int]:
        """The seeds, and what stands among or beside them and reads like them."""
        blocks, inside = self.blocks, self.shown.inside
        core = [n for n in seeds if inside(blocks[n].place, box) and self.is_wanted(n)] or seeds
        shapes = {self._shape(n) for n in core}
        holders = {holder(self.shown, blocks[n]) for n in core}
        kept = []
        for n in range(core[0], self._last(core[-1], shapes, holders, scope) + 1):
            block = blocks[n]
            if n == headline or block.marks & CAPTION or is_label(block) or not self.is_wanted(n):
                continue
            if headline is not None and n < headline and block.linked >= 0.5:
                continue
            if inside(block.place, scope) and (
                (block.is_prose and n not in self.cards)
                or (self.told[n] and inside(block.place, box))
                or self._is_beside(n, shapes, holders, box)
            ):
                kept.append(n)
        while len(kept) > 1 and level(self.shown, blocks[kept[-1]]):
            kept.pop()  # a heading of what is not text
        return kept or core

    def _last(self, last: int, shapes: set[int], holders: set[int], scope: int) -> int:
        """The number of the last block that stands beside the text and ends like a sentence."""
        end = last
        places = {self.blocks[last].place}
        for n in range(last + 1, len(self.blocks)):
            block = self.blocks[n]
            if not self.shown.inside(block.place, scope):
                break
            if n in self.cards or block.marks & CAPTION or not self.is_wanted(n):
                continue
            alike = self._shape(n) in shapes or (
                holder(self.shown, block) in holders and not level(self.shown, block)
            )
            plain = block.linked < 0.5
            item = block.tag in _ITEMS and self._is_beside(n, shapes, holders, scope)
            bare = block.tag in _LOOSE and block.place in places  # after the last line break
            if (
                (plain and bare)
                or (plain and alike and (is_closed(block) or self.told[n] or block.words >= 8))
                or (self.told[n] and block.is_prose)
                or (item and not self._is_labelled(n))
            ):
                end = n
        return end

    def _is_labelled(self, n: int) -> bool:
        """Whether the line right above a list heads links to other articles."""
        for before in range(n - 1, max(0, n - 12), -1):
            if self.blocks[before].tag != self.blocks[n].tag:
                return is_label(self.blocks[before])
        return False

    def _is_beside(self, n: int, shapes: set[int], holders: set[int], box: int) -> bool:
        """Whether the block, or the list or table it is part of, stands beside paragraphs."""
        block = self.blocks[n]
        is_heading = bool(level(self.shown, block))
        if not is_heading and (self._shape(n) in shapes or block.place in holders):
            return block.linked <= 0.6
        inner = block.place
        for place in islice(self.shown.around(block.place), 2 * _NEAR):
            part = self.places[inner]
            if place in holders and place != block.place:
                return part.linked <= 0.4 * part.chars or (block.tag == "p" and block.linked <= 0.6)
            if place == box:
                return False
            if self.places[place].parent == box:  # a part of its own among those of paragraphs
                part = self.places[place]
                return part.linked <= 0.4 * part.chars
            inner = place
        return False

    def is_wanted(self, n: int) -> bool:
        """Whether a block may be of an article at all: no comment, menu, button or pointer."""
        block = self.blocks[n]
        if block.marks & COMMENTS:
            return False
        if pointer := page_words.READ_ALSO.match(block.text):
            named = block.text[pointer.end() :].lstrip().startswith(":")
            if named or block.linked > 0.3 or not is_closed(block):
                return False
        if block.is_prose and self._is_stated(block):
            return True
        if block.marks & NAVIGATION or page_words.WIDGET.fullmatch(block.text):
            return False
        # A paragraph that is one link points to another article, unless it is a sentence.
        return block.linked < 0.85 or block.words <= 3 or (self.told[n] and is_closed(block))

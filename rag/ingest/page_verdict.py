"""Tell a page that holds no article from one that does, and say what it is instead.

A short article is an article: a page is refused only where it shows what it is.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import BadSource
from rag.ingest import page_signs
from rag.ingest.page_blocks import Block, Shown
from rag.ingest.page_choice import Choice
from rag.ingest.page_facts import PageFacts
from rag.ingest.page_marks import COMMENTS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Words of prose.
_A_SENTENCE = 15
_FEWEST = 25  # a report of two sentences has more
_SHORT = 60  # a page with more is judged by its prose, not by its title
_CUT_SHORT = 150  # what is shown of an article before one has to pay is shorter
_LOOKED_AT = 20_000  # characters of a page's text or of a script, in which a sign is looked for
_LINKED = 0.8  # share of a block that is links
_HEADLINE_WORDS = 4
_HEADLINES = 5  # links to articles, of which a list has at least so many
_HEADLINE_TAGS = frozenset(("h2", "h3", "h4", "h5", "dt"))
_LIST = "it is a list of headlines (a front page, a section or search results)"


def refuse_no_article(
    shown: Shown,
    choice: Choice | None,
    facts: PageFacts,
    root: HtmlElement,
    *,
    name: str,
    url: str | None,
) -> None:
    """Raise `BadSource` where the page holds no article, with what it is in the message."""
    page = _Page(shown, choice, facts, root)
    if page.asks_for_a_human():
        raise BadSource(
            f"{name} asks to prove you are human",
            hint="Open it in a browser and save the page, or paste the article's text in a file.",
        )
    if code := page.error():
        raise BadSource(
            f"{name} is an error page ({code} {page_signs.CODES[code]})", hint="Check the address."
        )
    if page.needs_scripts():
        raise BadSource(
            f"{name} needs JavaScript to show its text",
            hint="Open it in a browser and save the page from there, or paste the article's text"
            " in a file.",
        )
    if page.needs_a_subscription():
        raise BadSource(
            f"{name} needs a subscription: only the beginning of the article is in it",
            hint="If you subscribe, open it in a browser, save the whole page and add that file.",
        )
    if what := page.other(url):
        hint = "Add the address or the saved page of one article."
        if facts.feed:
            hint = f"Add its feed instead: {facts.feed}"
        raise BadSource(f"{name} is not an article: {what}", hint=hint)


class _Page:
    """What the verdicts look at, worked out once."""

    def __init__(
        self, shown: Shown, choice: Choice | None, facts: PageFacts, root: HtmlElement
    ) -> None:
        self.blocks, self.facts, self.root = shown.blocks, facts, root
        self.body = [self.blocks[n] for n in choice.body] if choice else []
        self.choice = choice
        self.prose = sum(block.words for block in self.body if _is_text(block))
        self.words = sum(block.words for block in self.blocks)
        element = next(root.iter("title"), None)
        title = element.text_content() if element is not None else ""
        self.title = " ".join(title[:_LOOKED_AT].split())
        heads = [block.text for block in self.blocks if block.tag in ("h1", "h2")][:3]
        if choice and choice.headline is not None:
            heads.insert(0, self.blocks[choice.headline].text)
        self.heads = [head for head in (self.title, *facts.titles[:4], *heads) if head]

    def asks_for_a_human(self) -> bool:
        if self.prose > 2 * _SHORT or self.words > 400:
            return False
        text = " ".join(block.text for block in self.blocks)[:_LOOKED_AT]
        titled = page_signs.HUMAN_TITLE.search(self.title)
        asked = page_signs.HUMAN_TEXT.search(text)
        if titled and asked:
            return True
        if self.prose >= _SHORT or not (titled or asked):
            return False
        return self._has_challenge() or (asked is not None and self.words < 40)

    def _has_challenge(self) -> bool:
        for element in self.root.iter("script", "iframe", "form", "div"):
            values = (element.get(name, "") for name in ("src", "action", "id", "class"))
            text = (element.text or "") if element.tag == "script" else ""
            if page_signs.HUMAN_MARKUP.search(" ".join((*values, text))[:_LOOKED_AT]):
                return True
        return False

    def error(self) -> str | None:
        """The status that a page of an error shows: "404"."""
        if self.prose >= _CUT_SHORT or self.facts.is_article or self.facts.body:
            return None
        for head in self.heads:
            for part in (head, *re.split(r"\s+[-–—|]\s+", head)):
                found = page_signs.ERROR.fullmatch(part) if len(part) <= 120 else None
                # Words alone might be a headline, of an article that has a text.
                if found and (found["code"] or self.prose < _SHORT or head == self.title):
                    by_words = (c for words, c in page_signs.CODES_BY_WORDS if words.search(part))
                    return found["code"] or next(by_words, "404")
        told = (b for b in self.body if self.prose < _SHORT)
        return "404" if any(page_signs.ERROR_TEXT.match(b.text[:200]) for b in told) else None

    def needs_scripts(self) -> bool:
        notice = page_signs.SCRIPT_NOTICE
        told = (block for block in self.body if not notice.search(block.text[:_LOOKED_AT]))
        if self.facts.body or sum(b.words for b in told if _is_text(b)) >= _A_SENTENCE:
            return False
        if self.words < 150 and any(notice.search(b.text[:_LOOKED_AT]) for b in self.blocks):
            return True
        if next(self.root.iter("script"), None) is None:
            return False
        unseen = " ".join(part.text_content() for part in islice(self.root.iter("noscript"), 20))
        if self.words < 60 and notice.search(unseen[:_LOOKED_AT]):
            return True
        return self.words < 30 and any(
            (part.get("id") or "").lower() in page_signs.APP_IDS and not part.text_content().strip()
            for part in islice(self.root.iter("div", "main", "app-root"), 100)
        )

    def needs_a_subscription(self) -> bool:
        facts = self.facts
        told = sum(block.words for block in self.body)
        stated = facts.words or 0
        if facts.body and len(facts.body.split()) > told:
            return False  # the page's data holds the text
        if facts.is_free is not False and not self._has_wall():
            return self._breaks_off(told)
        if stated:
            return told < 0.6 * stated
        asked = any(map(self._asks_to_pay, self.blocks))
        cut = not self.body or bool(page_signs.CUT_OFF.search(self.body[-1].text[-20:]))
        return told < _CUT_SHORT and (asked or cut or told < _SHORT / 2)

    def _breaks_off(self, told: int) -> bool:
        """Whether a short text ends in the middle, right above a request to subscribe."""
        if told >= _CUT_SHORT or self.choice is None or self.facts.is_free:
            return False
        text = [n for n in self.choice.body if not self._asks_to_pay(self.blocks[n])]
        if not text or not page_signs.LEFT_OPEN.search(self.blocks[text[-1]].text[-20:]):
            return False
        return any(map(self._asks_to_pay, self.blocks[text[-1] + 1 : text[-1] + 4]))

    def _asks_to_pay(self, block: Block) -> bool:
        short = block.words <= _SHORT and not block.marks & COMMENTS
        return short and bool(page_signs.PAY.search(block.text[:_LOOKED_AT]))

    def _has_wall(self) -> bool:
        return any(
            page_signs.PAY_MARKUP.search(
                f"{part.get('class', '')} {part.get('id', '')}"[:_LOOKED_AT]
            )
            for part in self.root.iter("div", "section", "aside", "dialog", "p")
            if part.attrib
        )

    def other(self, url: str | None) -> str | None:
        """What a page without an article is, in a few words; None for an article."""
        facts = self.facts
        asks = self.prose < _SHORT and not facts.is_article and self._asks_for_a_password()
        if asks and (
            self.prose < _A_SENTENCE or any(map(page_signs.LOGIN_TITLE.match, self.heads))
        ):
            return "it is a page to log in"
        if self._asks_for_consent():
            return "it asks to accept cookies first"
        links = sum(b.linked > _LINKED and b.words >= _HEADLINE_WORDS for b in self.blocks)
        is_front = url is not None and not re.sub(r"^https?://[^/]*", "", url).strip("/?#")
        if links >= _HEADLINES and (is_front or not facts.is_article):
            told = facts.is_listing or is_front or any(map(page_signs.LIST_TITLE.match, self.heads))
            if self._own_prose() < (2 * _SHORT if told else _FEWEST):
                return _LIST
        if self.prose or facts.body:
            return None
        if not self.words:
            return "it holds no text"
        linked = sum(block.linked * block.words for block in self.blocks)
        if linked > 0.5 * self.words and links >= _HEADLINES:
            return _LIST
        return "it holds no sentence to quote, only pictures, a video or labels"

    def _asks_for_consent(self) -> bool:
        if self.prose >= _CUT_SHORT or self.facts.is_article or self.facts.body:
            return False
        if not any(page_signs.CONSENT_TITLE.fullmatch(head[:200]) for head in self.heads):
            return False
        prose = [block for block in self.body if block.is_prose]
        return all(page_signs.CONSENT_TEXT.search(b.text[:_LOOKED_AT]) for b in prose) and any(
            page_signs.CONSENT_BUTTON.fullmatch(block.text[:60]) for block in self.blocks
        )

    def _own_prose(self) -> int:
        """The words of the text that are not the teasers of linked headlines."""
        choice, blocks = self.choice, self.blocks
        if choice is None:
            return 0
        return sum(
            blocks[n].words
            for n in choice.body
            if blocks[n].is_prose and n not in choice.cards and not self._is_headline(n - 1)
        )

    def _is_headline(self, n: int) -> bool:
        block = self.blocks[n] if n >= 0 else None
        return block is not None and block.linked > _LINKED and block.tag in _HEADLINE_TAGS

    def _asks_for_a_password(self) -> bool:
        return any(
            (field.get("type") or "").lower() == "password" for field in self.root.iter("input")
        )


def _is_text(block: Block) -> bool:
    return block.words >= 4 and block.linked < 0.5

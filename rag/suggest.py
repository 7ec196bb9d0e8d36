"""Questions to begin with, made from what is indexed; each was asked, and is answered."""

from __future__ import annotations

import itertools
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from rag.askable import Askable, Kind, Language, askable
from rag.errors import BadQuestion
from rag.schema import Citation, Entry, Filters
from rag.setup import opening

if TYPE_CHECKING:
    from rag.engine import Engine

_ARTICLES = 30  # of a language, that are looked at: the newest
_TRIES = 3  # questions about one article that are asked before the next one's turn
_TITLE = 80  # characters of a title that makes a readable question
_BEGINNING = 800  # characters of an article in which its beginning is quoted


def suggest(engine: Engine, *, reader: Language, limit: int = 4, seconds: float = 3.0) -> list[str]:
    """At most so many questions that Kutip answers with a quote; none from an empty library.

    About the newest articles, those in the reader's language first, each asked about in its
    own; one question an article while there are articles, and of different kinds. Nothing is
    asked once `seconds` are over; a model that must be loaded first can take longer. Raises
    what `Engine.ask` does where the store cannot be used.
    """
    suggestions = _Suggestions(engine, limit=limit, until=time.monotonic() + seconds)
    groups = [list(group) for group in _groups(engine, reader)]
    for group in groups:
        # First one question of each kind for every four; a title asks least of an article.
        for add in (suggestions.add_rare, suggestions.add_any, suggestions.add_title):
            for draft in group:
                if not draft.used:
                    add(draft)
    for _ in range(limit):  # a small library: further questions about the same articles
        for draft in itertools.chain(*groups):
            suggestions.add_any(draft)
    return suggestions.found


class _Draft:
    """An article, and what could still be asked of it."""

    def __init__(self, entry: Entry, language: Language | None, reader: Language) -> None:
        self.article_id = entry.article.article_id
        self.title = entry.article.metadata.title
        self.title_language = language or reader
        self.used = False
        self._text = entry.article.text
        self._language = language
        self._left: list[Askable] | None = None

    def take(self, used: Counter[Kind], *, most: float) -> Askable | None:
        """The next question, of the kind used least and less than `most` times; None if none."""
        if self._left is None:
            self._left = askable(self._text, self._language) if self._language else []
        best = min(self._left, key=lambda asked: used[asked.kind], default=None)
        if best is None or used[best.kind] >= most:
            return None
        self._left.remove(best)
        return best


class _Suggestions:
    """The questions found so far."""

    def __init__(self, engine: Engine, *, limit: int, until: float) -> None:
        self.found: list[str] = []
        self._engine = engine
        self._limit = limit
        self._until = until  # on the monotonic clock
        self._kinds: Counter[Kind] = Counter()

    @property
    def full(self) -> bool:
        """Whether there are enough, or there is no time for more."""
        return len(self.found) >= self._limit or time.monotonic() >= self._until

    def add_rare(self, draft: _Draft) -> None:
        """Add a question about the article, of a kind of which there are few yet."""
        self._add_one(draft, most=max(1, self._limit // len(get_args(Kind))))

    def add_any(self, draft: _Draft) -> None:
        """Add a question about the article, of any kind."""
        self._add_one(draft, most=math.inf)

    def add_title(self, draft: _Draft) -> None:
        """Add the question what the article says, if its title leads to how it begins."""
        title = " ".join(draft.title.split())
        if self.full or not title or len(title) > _TITLE or title.endswith("…"):
            return
        question = opening(title, draft.title_language)
        first = self._first(question)
        if (
            first is not None
            and first.passage.article_id == draft.article_id
            and first.start < _BEGINNING
            and _about(title, first.quote)
        ):
            self._add(question, draft)

    def _add_one(self, draft: _Draft, *, most: float) -> None:
        for _ in range(_TRIES):
            asked = None if self.full else draft.take(self._kinds, most=most)
            if asked is None:
                return
            first = self._first(asked.question)
            if first is not None and _answers(first, asked, draft.article_id):
                self._kinds[asked.kind] += 1
                self._add(asked.question, draft)
                return

    def _add(self, question: str, draft: _Draft) -> None:
        draft.used = True
        if question not in self.found:
            self.found.append(question)

    def _first(self, question: str) -> Citation | None:
        """The first quote of the answer; None where there is no answer."""
        try:
            answer = self._engine.ask(question, answerer="extractive")
        except BadQuestion:  # longer than the settings allow
            return None
        return answer.citations[0] if answer.abstention is None and answer.citations else None


def _about(title: str, quote: str) -> bool:
    """Whether a quote says more than the title, of the same thing: some titles are furniture."""
    told, named = (set(re.findall(r"\w{4,}", text.casefold())) for text in (quote, title))
    return len(told & named) >= 2 and not told <= named


def _answers(first: Citation, asked: Askable, article_id: str) -> bool:
    """Whether a quote is the one that the question was made for."""
    quote = " ".join(first.quote.split()).casefold()
    return first.passage.article_id == article_id and all(
        " ".join(part.split()).casefold() in quote for part in (asked.sentence, *asked.keys)
    )


def _groups(engine: Engine, reader: Language) -> Iterator[Iterator[_Draft]]:
    """The newest articles: in the reader's language, in the other one, in any else."""
    other: Language = "en" if reader == "id" else "id"
    for language in (reader, other):
        entries = engine.entries(Filters(language=language))
        yield (_Draft(entry, language, reader) for entry in itertools.islice(entries, _ARTICLES))
    newest = itertools.islice(engine.entries(), _ARTICLES)
    yield (
        _Draft(entry, None, reader)
        for entry in newest
        if entry.article.metadata.language not in ("en", "id")
    )

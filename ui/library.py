"""The library as a page shows it: its rows, what is wanted of them, one article and changes to it.

Knows no component and no HTML. What changes anything asks first whether it may.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args

from rag.engine import Engine
from rag.errors import BadSource, NotFound
from rag.layout import one_line
from rag.schema import Entry
from ui.desk import Desk, Reader
from ui.library_words import WORDS

PER_PAGE = 50
Column = Literal["title", "publisher", "published", "language", "passages", "added"]
COLUMNS: tuple[Column, ...] = get_args(Column)
_UPWARDS = ("title", "publisher", "language")  # sorted from A when first asked for
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ALL = "*"  # of the lines that were taken out


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article, without its text."""

    article_id: str
    title: str
    publisher: str | None
    authors: tuple[str, ...]
    published: date | None
    inferred: bool  # the date is not stated
    language: str | None
    passages: int
    added: datetime  # UTC
    sources: tuple[str, ...]
    folded: str  # all that a search looks at, case and accents aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows a page wants to see, and in which order; "" is any."""

    query: str = ""
    publisher: str = ""
    language: str = ""
    since: str = ""  # as typed: a day, a month or a year
    until: str = ""
    column: Column = "published"
    down: bool = True  # the newest, the most, or Z first
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows of one page of the table, and what is to be said of the whole."""

    rows: tuple[Row, ...]
    matched: int
    total: int
    wanted: Wanted  # with a page that there is
    publishers: tuple[str, ...] = ()  # of all articles, sorted
    languages: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.matched // PER_PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """One article, with the articles that print the same text."""

    entry: Entry
    copies: tuple[Row, ...] = ()


class Shelf:
    """What the Library tabs of one desk work with; its methods may be called from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows = _Rows(desk.engine)

    # Looking

    def listing(self, wanted: Wanted, *, reader: Reader) -> Listing:
        """The page of the table that is wanted, of the library as it is now."""
        rows = self._rows.now()
        problems = []
        spans = []
        for text, last in ((wanted.since, False), (wanted.until, True)):
            day = _span_day(text, last=last)
            if day is None and text.strip():
                shown = one_line(text)[:40]
                problems.append(WORDS[reader]["library_bad_since"].format(what=shown))
            spans.append(day)
        found = _ordered(_passing(rows, wanted, *spans), wanted)
        last_page = max(0, -(-len(found) // PER_PAGE) - 1)
        wanted = replace(wanted, page=min(max(0, wanted.page), last_page))
        start = wanted.page * PER_PAGE
        return Listing(
            rows=tuple(found[start : start + PER_PAGE]),
            matched=len(found),
            total=len(rows),
            wanted=wanted,
            publishers=_publishers(rows),
            languages=tuple(sorted({row.language for row in rows if row.language})),
            problems=tuple(problems),
        )

    def details(self, article_id: str, *, reader: Reader) -> Details:
        """One article; raises `NotFound`, in the reader's words, when it is gone."""
        entry = self._entry(article_id, reader)
        same = set(entry.copies)
        copies = tuple(row for row in self._rows.now() if row.article_id in same) if same else ()
        return Details(entry=entry, copies=copies)

    def titles(self) -> dict[str, str]:
        """The title of the article that each source names."""
        return {source: row.title for row in self._rows.now() for source in row.sources}

    # Changing

    def correct(
        self, article_id: str, *, title: str, publisher: str, published: str, reader: Reader
    ) -> str:
        """Correct what is known of an article; empty fields stay. Says what was done."""
        self._desk.must_write(reader)
        day = day_of(published, reader)
        metadata = self._entry(article_id, reader).article.metadata
        title, publisher = one_line(title), one_line(publisher)
        # A day that was inferred is confirmed by giving it.
        known_day = metadata.published if metadata.published_basis != "inferred" else None
        new_title = title if title and title != metadata.title else None
        new_publisher = publisher if publisher and publisher != metadata.publisher else None
        new_day = day if day != known_day else None
        if not (new_title or new_publisher or new_day):
            return WORDS[reader]["library_unsaved"]
        self._desk.engine.edit(
            article_id, title=new_title, publisher=new_publisher, published=new_day
        )
        return WORDS[reader]["library_saved"]

    def put_back(self, article_id: str, line: str, *, reader: Reader) -> str:
        """Put a line that was taken out back into the text, by its `mark`; the article's new id."""
        self._desk.must_write(reader)
        removed = self._entry(article_id, reader).article.removed
        wanted = [_ALL] if line == _ALL else [one for one in removed if mark(one) == line][:1]
        if not wanted or not removed:
            raise BadSource(WORDS[reader]["library_line_gone"])
        return self._desk.engine.edit(article_id, restore=wanted).article.article_id

    def delete(self, article_id: str, *, reader: Reader) -> str:
        """Delete an article; says which it was."""
        self._desk.must_write(reader)
        entry = self._entry(article_id, reader)
        self._desk.engine.remove([entry.article.article_id])
        return WORDS[reader]["library_deleted"].format(title=one_line(entry.article.metadata.title))

    def _entry(self, article_id: str, reader: Reader) -> Entry:
        """The article with exactly this id."""
        try:
            entry = self._desk.engine.entry(article_id)
        except NotFound as error:
            raise NotFound(WORDS[reader]["library_gone"]) from error
        if entry.article.article_id != article_id:  # the page is never vague
            raise NotFound(WORDS[reader]["library_gone"])
        return entry


class _Rows:
    """The rows of a library, read anew when it has changed: 0.1 ms a row, so not for every key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._generation: int | None = None
        self._rows: tuple[Row, ...] = ()

    def now(self) -> tuple[Row, ...]:
        """Every article, by title, then id."""
        with self._lock:
            # Asked first: what is written meanwhile is read the next time.
            generation = self._engine.library.generation()
            if generation != self._generation:
                rows = [_row(entry) for entry in self._engine.entries()]
                rows.sort(key=lambda row: (folded(row.title), row.article_id))
                self._rows = tuple(rows)
                self._generation = generation
            return self._rows


def sorted_by(wanted: Wanted, column: str) -> Wanted:
    """The same rows by another column, or the other way round by the same; from the first page."""
    known = next((name for name in COLUMNS if name == column), None)
    if known is None:
        return wanted
    down = not wanted.down if known == wanted.column else known not in _UPWARDS
    return replace(wanted, column=known, down=down, page=0)


def day_of(text: str, reader: Reader) -> date | None:
    """The day that was typed, None for nothing; raises `BadSource` for anything else."""
    text = text.strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # as 2024-02-30
    shown = one_line(text)[:40]
    raise BadSource(WORDS[reader]["library_bad_day"].format(what=shown))


def mark(line: str) -> str:
    """What tells a line that was taken out from the others."""
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:16]


@lru_cache(maxsize=50_000)  # a search asks for the titles and publishers of all rows
def folded(text: str) -> str:
    """The text for a comparison without case, accents and kinds of quotation marks.

    >>> folded("Jum’at di São PAULO")
    "jum'at di sao paulo"
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _row(entry: Entry) -> Row:
    metadata = entry.article.metadata
    told = (
        *(metadata.title, metadata.publisher, *metadata.authors),
        *(metadata.url, *entry.sources),
    )
    return Row(
        article_id=entry.article.article_id,
        title=metadata.title,
        publisher=metadata.publisher,
        authors=metadata.authors,
        published=metadata.published,
        inferred=metadata.published_basis == "inferred",
        language=metadata.language,
        passages=entry.passages,
        added=entry.added_at,
        sources=entry.sources,
        folded=folded("\n".join(filter(None, told))),
    )


def _passing(
    rows: tuple[Row, ...], wanted: Wanted, since: date | None, until: date | None
) -> list[Row]:
    """The rows that hold every word of the query and pass every filter."""
    words = folded(wanted.query).split()
    publisher = folded(wanted.publisher.strip())
    language = wanted.language.strip().lower()
    return [
        row
        for row in rows
        if all(word in row.folded for word in words)
        and (not publisher or folded(row.publisher or "") == publisher)
        and (not language or row.language == language)
        # What has no date cannot be shown to lie in the span.
        and (since is None or (row.published is not None and row.published >= since))
        and (until is None or (row.published is not None and row.published <= until))
    ]


def _ordered(rows: list[Row], wanted: Wanted) -> list[Row]:
    """The rows, which come by title and id, by a column; what has nothing there last."""
    have = [row for row in rows if getattr(row, wanted.column) is not None]
    without = [row for row in rows if getattr(row, wanted.column) is None]

    def key(row: Row) -> str | date | int:
        value: str | date | int = getattr(row, wanted.column)
        return folded(value) if isinstance(value, str) else value

    # Sorting is stable downwards too, so ties keep their order.
    have.sort(key=key, reverse=wanted.down)
    return have + without


def _publishers(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Every publisher once, in its commonest spelling."""
    spelt: dict[str, Counter[str]] = {}
    for row in rows:
        if row.publisher:
            spelt.setdefault(folded(row.publisher), Counter())[row.publisher] += 1
    return tuple(min(spelt[key], key=lambda s: (-spelt[key][s], s)) for key in sorted(spelt))


def _span_day(text: str, *, last: bool) -> date | None:
    """The first or the last day of a day, month or year that was typed; None when it is none."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text.strip(), re.ASCII)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is None or not last or day is not None:
            return date(year or 0, month or 1, day or 1)
        if month is None or month == 12:
            return date(year, month or 12, 31)
        return date(year, month + 1, 1) - timedelta(days=1)
    except ValueError:
        return None

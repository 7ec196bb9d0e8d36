"""The archive: one SQLite file that holds everything, and is right whatever else is not.

Here is what is read from it; what changes it is in `changes.py`. Knows nothing of Chroma.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import BadQuestion, NotFound, StoreError
from rag.schema import Article, Entry, Filters, Metadata, Passage
from rag.search import copies
from rag.search.database import Database
from rag.search.tables import (
    SourceRow,
    condition,
    storable,
    unpack_metadata,
    unpack_text,
    unpack_vectors,
)
from rag.search.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the vector index must be like, and what is still to be done to it."""

    library: str  # the random id of this archive
    fingerprint: str  # of the vectors in force; "" before the first article
    dimension: int
    stamp: int  # counts changes of the vector index
    files: dict[str, list[int]]  # its files after the last change: size, checksum
    rebuild: bool  # it must be made anew
    visible: int  # passages
    pending: int  # passages staged
    articles: int  # staged
    sources: int  # staged
    tombstones: int  # passages that are gone but may still be in the index
    refresh: int  # articles whose metadata in the index is old

    @property
    def to_index(self) -> bool:
        """Whether the vector index lacks something."""
        return self.rebuild or self.articles + self.tombstones + self.refresh > 0

    @property
    def unsettled(self) -> bool:
        """Whether anything at all is left to be done."""
        return self.to_index or self.sources > 0


@dataclass(slots=True)
class _Known:
    """What was worked out from one state of the archive, for the next search of the same."""

    state: tuple[object, ...]
    passages: dict[str | None, int] | None = None  # how many can be seen, by language
    stories: dict[str, Set[str]] = field(default_factory=dict)  # groups of copies, by article


class Archive(Database):
    """What one data folder holds; usable from any thread."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._last = _Known(())

    def _known(self, db: sqlite3.Connection) -> _Known:
        """What is known of the state that this transaction sees; it must not be one that writes."""
        rows = db.execute(
            "SELECT value FROM meta WHERE name IN ('library', 'generation') ORDER BY name"
        )
        state = (self._which, *(value for (value,) in rows))
        known = self._last
        if known.state != state or len(known.stories) > _MOST_STORIES:
            known = self._last = _Known(state)
        return known

    # -- the whole -------------------------------------------------------------------

    def state(self) -> State:
        """What the vector index must be like, and what is left to do."""
        with self.reading() as db:
            meta = dict(db.execute("SELECT name, value FROM meta"))
            model = db.execute(
                "SELECT fingerprint, dimension FROM models WHERE model = ?", (meta["model"],)
            ).fetchone() or ("", 0)

            def number(sql: str) -> int:
                (value,) = db.execute(sql).fetchone()
                return int(value)

            return State(
                library=meta["library"],
                fingerprint=model[0],
                dimension=model[1],
                stamp=int(meta["stamp"]),
                files=json.loads(meta["files"]),
                rebuild=meta["rebuild"] == "1",
                visible=number("SELECT COALESCE(SUM(passages), 0) FROM articles WHERE visible = 1"),
                pending=number("SELECT COALESCE(SUM(passages), 0) FROM articles WHERE visible = 0"),
                articles=number("SELECT COUNT(*) FROM articles WHERE visible = 0"),
                sources=number("SELECT COUNT(*) FROM staged"),
                tombstones=number("SELECT COUNT(*) FROM tombstones"),
                refresh=number("SELECT COUNT(*) FROM refresh"),
            )

    def fingerprint(self) -> str | None:
        """What made the vectors in force; None while there are no articles, seen or staged."""
        with self.reading() as db:
            row = db.execute(
                "SELECT (SELECT m.fingerprint FROM meta CROSS JOIN models m "
                "ON m.model = CAST(meta.value AS INTEGER) WHERE meta.name = 'model') "
                "FROM articles LIMIT 1"
            ).fetchone()
        return None if row is None else row[0] or ""

    def generation(self) -> int:
        """How many times what can be read has changed."""
        with self.reading() as db:
            (value,) = db.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()
            return int(value)

    def totals(self) -> dict[str, int]:
        """How many articles, sources, passages there are, and articles pending."""
        with self.reading() as db:
            articles, passages = db.execute(
                "SELECT COUNT(*), COALESCE(SUM(passages), 0) FROM articles WHERE visible = 1"
            ).fetchone()
            (sources,) = db.execute("SELECT COUNT(*) FROM sources").fetchone()
            (pending,) = db.execute("SELECT COUNT(*) FROM articles WHERE visible = 0").fetchone()
        return {"articles": articles, "sources": sources, "passages": passages, "pending": pending}

    def damage(self) -> str | None:
        """What SQLite's own check finds wrong in the file, or None; reads all of it."""
        try:
            with self.reading() as db:
                (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
                db.execute("INSERT INTO lexicon (lexicon) VALUES ('integrity-check')")
        except StoreError as error:
            return error.message
        return None if found == "ok" else f"{self.path} is damaged: {found}"

    # -- articles and their sources --------------------------------------------------

    def source(self, source_id: str) -> SourceRow | None:
        """The source with this id."""
        with self.reading() as db:
            row = db.execute(
                f"SELECT {_SOURCE} FROM sources WHERE source_id = ?",
                (storable(source_id),),
            ).fetchone()
        return None if row is None else _source(row)

    def sources_of(self, article_id: str) -> list[SourceRow]:
        """The sources that name an article, in the order they came."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_SOURCE} FROM sources WHERE article_id = ? ORDER BY noted_at, source_id",
                (article_id,),
            ).fetchall()
        return [_source(row) for row in rows]

    def sources_below(self, start: str) -> list[SourceRow]:
        """The sources whose id begins with `start`, by id."""
        low = storable(start)
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_SOURCE} FROM sources "
                "WHERE source_id >= ? AND substr(source_id, 1, length(?)) = ? ORDER BY source_id",
                (low, low, low),
            ).fetchall()
        return [_source(row) for row in rows]

    def known_sources(self, names: Sequence[str]) -> set[str]:
        """Those of `names` that are the id of a source, or what one was given as."""
        given = (json.dumps([storable(name) for name in names]),)
        ones = "(SELECT value FROM json_each(?))"
        with self.reading() as db:
            rows = db.execute(
                f"SELECT source_id FROM sources WHERE source_id IN {ones} UNION "
                # Walks all sources, 30 ms for 20,000 of them; asked only of what is not there.
                f"SELECT source FROM sources WHERE source IN {ones}",
                given * 2,
            ).fetchall()
        found = {row[0] for row in rows}
        return {name for name in names if storable(name) in found}

    def restored(self, source_id: str) -> tuple[str, ...]:
        """The lines a person put back into the article of a source; ("*",) is all of them."""
        with self.reading() as db:
            row = db.execute(
                "SELECT c.restored FROM sources s JOIN corrections c "
                "ON c.article_id = s.article_id WHERE s.source_id = ?",
                (storable(source_id),),
            ).fetchone()
        return () if row is None or row[0] is None else tuple(json.loads(row[0]))

    def raw(self, source_id: str) -> bytes | None:
        """The bytes of a source as they came, decompressed."""
        with self.reading() as db:
            row = db.execute(
                "SELECT raw FROM sources WHERE source_id = ?", (storable(source_id),)
            ).fetchone()
        return None if row is None else zlib.decompress(row[0])

    def entries(self, filters: Filters | None, page: int) -> Iterator[Entry]:
        """Every article that passes: the newest first, undated ones last, then title, then id."""
        where, values = condition(filters)
        order = "COALESCE(-a.published, 1), a.title, a.article_id"
        last: tuple[int, str, str] = (-(2**62), "", "")
        while True:
            with self.reading() as db:
                rows = db.execute(
                    f"SELECT {_ENTRY}, {order} FROM articles a WHERE {where} "
                    f"AND ({order}) > (?, ?, ?) ORDER BY {order} LIMIT ?",
                    (*values, *last, page),
                ).fetchall()
                found = _entries(db, rows)
            yield from found
            if len(rows) < page:
                return
            last = rows[-1][-3:]

    def entry(self, prefix: str) -> Entry:
        """The one article whose id begins so; at least 4 hex digits, else `NotFound`."""
        wanted = prefix.strip().lower()
        if not re.fullmatch("[0-9a-f]{4,16}", wanted):
            raise NotFound(
                f"{prefix!r} is not the id of an article",
                hint="An id has 16 hex digits; its first 4 or more will do. See kutip list.",
            )
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_ENTRY} FROM articles a WHERE +a.visible = 1 "
                # "+" keeps SQLite from walking all visible articles to find one.
                "AND a.article_id >= ? AND a.article_id < ? ORDER BY a.article_id LIMIT 9",
                (wanted, wanted + "g"),
            ).fetchall()
            found = _entries(db, rows)
        if not found:
            raise NotFound(
                f"no article has an id that begins with {wanted}", hint="See kutip list."
            )
        if len(found) > 1:
            named = [f"{e.article.article_id} ({e.article.metadata.title})" for e in found[:8]]
            more = " and more" if len(found) > len(named) else ""
            raise NotFound(
                f"several articles have an id that begins with {wanted}: {', '.join(named)}{more}",
                hint="Give more of the id.",
            )
        return found[0]

    def metadata(self, article_ids: Sequence[str]) -> dict[str, Metadata]:
        """What is known of those of the articles that are there, by id."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT a.article_id, a.metadata FROM json_each(?) given "
                "CROSS JOIN articles a ON a.article_id = given.value WHERE a.visible = 1",
                (json.dumps(list(article_ids)),),
            ).fetchall()
        return {article_id: unpack_metadata(metadata) for article_id, metadata in rows}

    # -- passages --------------------------------------------------------------------

    def passages(self, article_id: str) -> list[Passage]:
        """The passages of an article, in order."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.key = p.article "
                "WHERE a.visible = 1 AND a.article_id = ? ORDER BY p.start, p.stop",
                (article_id,),
            ).fetchall()
        return _passages(rows)

    def by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that are there, by id."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_PASSAGE} FROM {_GIVEN} WHERE a.visible = 1",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        return {passage.passage_id: passage for passage in _passages(rows)}

    def beside(self, passage_ids: Sequence[str]) -> list[Passage]:
        """The passages that open the articles of these, these, and those next to them."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.key = p.article "
                "WHERE a.visible = 1 AND p.key IN (SELECT n.key FROM json_each(?) given "
                "CROSS JOIN passages g ON g.passage_id = given.value "
                "CROSS JOIN passages n ON n.article = g.article "
                "WHERE n.key BETWEEN g.key - 1 AND g.key + 1 "
                "OR n.key = (SELECT MIN(f.key) FROM passages f WHERE f.article = g.article)) "
                "ORDER BY p.article, p.start",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        return _passages(rows)

    def passing(self, passage_ids: Iterable[str], filters: Filters | None) -> set[str]:
        """Those of `passage_ids` that are there and pass."""
        where, values = condition(filters)
        with self.reading() as db:
            rows = db.execute(
                f"SELECT p.passage_id FROM {_GIVEN} WHERE {where}",
                (json.dumps(list(passage_ids)), *values),
            ).fetchall()
        return {row[0] for row in rows}

    def fold(self, ranked: Sequence[str], *, places: int) -> list[list[str]]:
        """The passages of a ranking, each list a passage and its copies; at most `places`."""
        with self.reading() as db:
            return copies.fold(db, ranked, places=places, stories=self._known(db).stories)

    def contexts(self, page: int) -> Iterator[list[tuple[str, str]]]:
        """Pages of (passage id, context), in the order they were stored."""
        for rows in self.pages(
            f"SELECT p.key, p.passage_id, p.context FROM {_EACH} "
            "WHERE a.visible = 1 AND p.key > ? ORDER BY p.key LIMIT ?",
            page,
        ):
            yield [(row[1], row[2]) for row in rows]

    def tombstones(self, page: int) -> Iterator[list[str]]:
        """Pages of passage ids that are gone from here, and may still be in the vector index."""
        last = ""
        while True:
            with self.reading() as db:
                rows = db.execute(
                    "SELECT passage_id FROM tombstones WHERE passage_id > ? "
                    "ORDER BY passage_id LIMIT ?",
                    (last, page),
                ).fetchall()
            if rows:
                yield [row[0] for row in rows]
            if len(rows) < page:
                return
            last = rows[-1][0]

    def spellings(self, publisher: str) -> list[str]:
        """How a publisher is spelt in the articles, upper and lower case aside."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT DISTINCT publisher FROM articles WHERE folded = ? ORDER BY publisher",
                (storable(publisher).casefold(),),
            ).fetchall()
        return [row[0] for row in rows]

    # -- search ----------------------------------------------------------------------

    def lexical(
        self, match: str, *, limit: int, filters: Filters | None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25, higher is better) for an FTS5 expression; ties go by id."""
        if not match.strip() or limit < 1:
            return []
        where, values = condition(filters)
        found: list[tuple[str, float]] = []
        with self.reading() as db:
            # Else every match would be looked up, in vain: most libraries are in one language.
            wanted = filters and filters.language and filters.language.lower()
            if wanted and not self._by_language(db).get(wanted):
                return []
            try:
                # Of thousands that match only the best are looked up: a row of a passage is
                # long, and reading it takes longer than scoring it.
                matching = db.execute(
                    "SELECT rowid, -bm25(lexicon) AS score FROM lexicon WHERE lexicon MATCH ? "
                    "ORDER BY score DESC",
                    (match,),
                )
                some = 2 * limit
                while rows := matching.fetchmany(some):
                    scores = dict(rows)
                    passing = db.execute(
                        "SELECT p.key, p.passage_id FROM json_each(?) given "
                        "CROSS JOIN passages p ON p.key = given.value "
                        f"CROSS JOIN articles a ON a.key = p.article WHERE {where}",
                        (json.dumps(list(scores)), *values),
                    )
                    found += [(passage_id, scores[key]) for key, passage_id in passing]
                    found.sort(key=lambda hit: (-hit[1], hit[0]))
                    # One of the next may be as good as the last, and before it by its id.
                    if len(found) >= limit and rows[-1][1] < found[limit - 1][1]:
                        break
                    some *= 2
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
                    raise
                raise BadQuestion(
                    f"the words cannot be searched for: {error}", hint="Ask in other words."
                ) from error
        return found[:limit]

    def _by_language(self, db: sqlite3.Connection) -> dict[str | None, int]:
        """How many passages can be seen, by their language."""
        known = self._known(db)
        if known.passages is None:
            known.passages = dict(
                db.execute(
                    "SELECT language, SUM(passages) FROM articles WHERE visible = 1 "
                    "GROUP BY language"
                ).fetchall()
            )
        return known.passages

    def words(self, passage_ids: Sequence[str]) -> dict[str, Words]:
        """What the passages that are there are found by, by id."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT p.passage_id, a.language, p.terms FROM {_GIVEN} WHERE a.visible = 1",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        return {row[0]: Words(language=row[1], stems=row[2]) for row in rows}

    def term_counts(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """The number of passages, and in how many of them each term is."""
        with self.reading() as db:
            total = sum(self._by_language(db).values())
            found = dict(
                db.execute(
                    "SELECT given.value, t.doc FROM json_each(?) given "
                    "CROSS JOIN lexicon_terms t ON t.term = given.value",
                    (json.dumps(sorted({term.translate(_LOWER) for term in terms})),),
                ).fetchall()
            )
        return total, {term: found.get(term.translate(_LOWER), 0) for term in terms}

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """The exact cosine of each passage that is there."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT p.passage_id, v.vector FROM {_GIVEN} {_VECTOR} WHERE a.visible = 1",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        scores = unpack_vectors([row[1] for row in rows], len(vector)) @ vector
        return {row[0]: float(score) for row, score in zip(rows, scores, strict=True)}

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, filters: Filters | None, page: int
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the best, found by comparing with every vector there is."""
        where, values = condition(filters)
        best: list[tuple[str, float]] = []
        for rows in self.pages(
            f"SELECT p.key, p.passage_id, v.vector FROM {_EACH} {_VECTOR} "
            f"WHERE {where} AND p.key > ? ORDER BY p.key LIMIT ?",
            page,
            *values,
        ):
            scores = unpack_vectors([row[2] for row in rows], len(vector)) @ vector
            best += [(row[1], float(score)) for row, score in zip(rows, scores, strict=True)]
            best = sorted(best, key=lambda hit: (-hit[1], hit[0]))[:limit]
        return best

    def known_vectors(
        self, fingerprint: str, hashes: Sequence[bytes]
    ) -> dict[bytes, NDArray[np.float32]]:
        """The vectors this model already made, by the hash of their context."""
        found: dict[bytes, NDArray[np.float32]] = {}
        with self.reading() as db:
            for start in range(0, len(hashes), 500):  # SQLite's oldest limit is 999 values
                some = hashes[start : start + 500]
                rows = db.execute(
                    "SELECT v.context_hash, v.vector FROM vectors v JOIN models m "
                    f"ON m.model = v.model WHERE m.fingerprint = ? "
                    f"AND v.context_hash IN ({', '.join('?' * len(some))})",
                    (fingerprint, *some),
                ).fetchall()
                found |= {row[0]: np.frombuffer(row[1], dtype="<f4") for row in rows}
        return found


_MOST_STORIES = 100_000  # articles whose groups are kept, some 10 MB
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}  # as the tokenizer does
_SOURCE = "source_id, source, article_id, digest, facts"
_PASSAGE = "a.article_id, a.metadata, p.start, p.stop, p.text"
_ENTRY = "a.article_id, a.metadata, a.text, a.removed, a.passages, a.added_at"
# CROSS JOIN keeps SQLite to the order written; left to choose, it walks all articles first
# and sorts every page anew, which took 40 times as long at 40,000 passages.
_EACH = "passages p CROSS JOIN articles a ON a.key = p.article"
_GIVEN = (
    "json_each(?) given CROSS JOIN passages p ON p.passage_id = given.value "
    "CROSS JOIN articles a ON a.key = p.article"
)
_VECTOR = (
    "CROSS JOIN vectors v ON v.context_hash = p.context_hash AND v.model = "
    "(SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'model')"
)


def _entries(db: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> list[Entry]:
    groups: dict[str, list[str]] = {}  # by article id; the members of one share it
    found = []
    for row in rows:
        if row[0] not in groups:
            group = copies.group(db, row[0])
            groups |= dict.fromkeys(group, group)
        found.append(_entry(db, row, groups[row[0]]))
    return found


def _entry(db: sqlite3.Connection, row: Sequence[Any], group: Sequence[str]) -> Entry:
    article_id, metadata, text, removed, passages, added_at = row[:6]
    sources = db.execute(
        "SELECT source FROM sources WHERE article_id = ? ORDER BY noted_at, source_id",
        (article_id,),
    ).fetchall()
    return Entry(
        article=Article(
            article_id=article_id,
            text=unpack_text(text),
            removed=tuple(json.loads(unpack_text(removed))),
            metadata=unpack_metadata(metadata),
        ),
        sources=tuple(source for (source,) in sources),
        passages=passages,
        added_at=datetime.fromisoformat(added_at),
        copies=tuple(other for other in group if other != article_id),
    )


def _source(row: Sequence[Any]) -> SourceRow:
    return SourceRow(
        source_id=row[0],
        source=row[1],
        article_id=row[2],
        digest=row[3],
        facts=json.loads(row[4]),
    )


def _passages(rows: Sequence[Any]) -> list[Passage]:
    metadata = {row[1]: unpack_metadata(row[1]) for row in rows}
    return [
        Passage(article_id=row[0], start=row[2], end=row[3], text=row[4], metadata=metadata[row[1]])
        for row in rows
    ]

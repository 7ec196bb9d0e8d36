"""The archive: one SQLite file that holds everything, and is right whatever else is not.

Here is what is read from it; what changes it is in `changes.py`, what a search finds in it in
`matches.py`. Knows nothing of Chroma.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import NotFound, StoreError
from rag.schema import Article, Entry, Filters, Metadata, Passage
from rag.search import copies
from rag.search.database import Database
from rag.search.tables import (
    EACH_PASSAGE,
    GIVEN_PASSAGES,
    SourceRow,
    condition,
    storable,
    unpack_metadata,
    unpack_text,
)


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


class Archive(Database):
    """What one data folder holds; usable from any thread."""

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
                f"SELECT {_PASSAGE} FROM {GIVEN_PASSAGES} WHERE a.visible = 1",
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
                f"SELECT p.passage_id FROM {GIVEN_PASSAGES} WHERE {where}",
                (json.dumps(list(passage_ids)), *values),
            ).fetchall()
        return {row[0] for row in rows}

    def contexts(self, page: int) -> Iterator[list[tuple[str, str]]]:
        """Pages of (passage id, context), in the order they were stored."""
        for rows in self.pages(
            f"SELECT p.key, p.passage_id, p.context FROM {EACH_PASSAGE} "
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


_SOURCE = "source_id, source, article_id, digest, facts"
_PASSAGE = "a.article_id, a.metadata, p.start, p.stop, p.text"
_ENTRY = "a.article_id, a.metadata, a.text, a.removed, a.passages, a.added_at"


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

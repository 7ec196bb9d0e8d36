"""What changes the archive: each function is one step inside one transaction of its caller.

An article comes in two steps. `stage` stores it unseen; once the vector index has its
passages, `promote` shows it and retires what it replaces. Between the two, and after any
kill, what is staged tells what is left to do.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import NotFound
from rag.schema import AddStatus, Article, Passage
from rag.search import copies
from rag.search.models import bump, context_hash, set_meta
from rag.search.tables import (
    correct,
    metadata_columns,
    pack_metadata,
    pack_text,
    pack_vector,
    storable,
    unpack_metadata,
)

if TYPE_CHECKING:
    from rag.search.remake import Remade


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """One source, and the article it was read as, ready to be stored."""

    article: Article
    source_id: str  # canonical URL, else absolute path, else "content:<article_id>"
    source: str  # as given, for display
    digest: str  # sha256 hex of the raw bytes and of how they are read
    raw: bytes  # the source as it came
    facts: Mapping[str, str] = field(default_factory=dict)  # known of it beside its bytes
    passages: tuple[Passage, ...]
    contexts: tuple[str, ...]  # per passage: the text that is embedded
    terms: tuple[str, ...]  # per passage: stemmed tokens joined by blanks
    vectors: NDArray[np.float32]  # (n passages, dimension), unit length


# -- adding --------------------------------------------------------------------------


def stage(db: sqlite3.Connection, items: Sequence[NewArticle], model: int) -> list[AddStatus]:
    """Store what is new in `items`, unseen; says of each what it will have been.

    The items count one after another, so that a later one may name the same source or the
    same article as an earlier one.
    """
    copies.catch_up(db)
    statuses: list[AddStatus] = []
    last: dict[str, NewArticle] = {}  # by source id: what the source says in the end
    fresh: dict[str, NewArticle] = {}  # by article id: articles to store
    for item in items:
        article_id, source_id = item.article.article_id, storable(item.source_id)
        if source_id in last:
            before: tuple[str, str] | None = (
                last[source_id].article.article_id,
                last[source_id].digest,
            )
        else:
            before = db.execute(
                "SELECT article_id, digest FROM sources WHERE source_id = ?", (source_id,)
            ).fetchone()
        if before == (article_id, item.digest):
            statuses.append("unchanged")
            continue
        known = _named(db, article_id, last)
        again = before is not None and before[0] == article_id
        if again and _reread(db, item, fresh.get(article_id)):
            fresh[article_id] = item
            statuses.append("updated")
        elif again or (before is None and known):
            statuses.append("unchanged")
        else:
            if not known and visible(db, article_id) is None:
                fresh[article_id] = item
            statuses.append("added" if before is None else "updated")
        last[source_id] = item
    for source_id, item in last.items():
        stage_source(
            db,
            source_id,
            item.source,
            item.digest,
            item.article.article_id,
            item.raw,
            facts=item.facts,
        )
    wanted = {item.article.article_id for item in last.values()}
    for article_id, item in fresh.items():
        if article_id in wanted:  # else a later item took its only source away again
            _stage_article(db, item, model)
    return statuses


def stage_source(
    db: sqlite3.Connection,
    source_id: str,
    source: str,
    digest: str,
    article_id: str,
    raw: bytes,
    *,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Store, unseen, that a source names an article."""
    source_id = storable(source_id)
    before = db.execute(
        "SELECT article_id FROM sources WHERE source_id = ?", (source_id,)
    ).fetchone()
    if before is not None and before[0] != article_id and visible(db, article_id) is None:
        # A source has changed: what a person corrected in its old version holds for the new.
        db.execute(
            "INSERT OR IGNORE INTO corrections SELECT ?, title, publisher, published, restored "
            "FROM corrections WHERE article_id = ?",
            (article_id, before[0]),
        )
    db.execute(
        "INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            source_id,
            storable(source),
            digest,
            article_id,
            zlib.compress(raw),
            _now(),
            json.dumps({name: storable(value) for name, value in (facts or {}).items()}),
        ),
    )


def _stage_article(db: sqlite3.Connection, item: NewArticle, model: int) -> None:
    article = item.article
    columns: dict[str, object] = {
        "article_id": article.article_id,
        "visible": 0,
        "origin": storable(item.source_id),
        "as_read": pack_metadata(article.metadata),
        "text": pack_text(article.text),
        "removed": pack_text(json.dumps(article.removed)),
        "passages": len(item.passages),
        "added_at": _now(),
        "sketch": copies.sketch(db, article.text, article=True),
        **_in_force(db, article.article_id, pack_metadata(article.metadata)),
    }
    key = _insert(db, "articles", columns)
    store_passages(db, key, item, model, anew=False)


def store_passages(
    db: sqlite3.Connection, key: int, item: NewArticle | Remade, model: int, *, anew: bool
) -> None:
    """Store an article's passages; `anew` puts new vectors in the place of known ones."""
    put = "REPLACE" if anew else "IGNORE"
    rows = zip(item.passages, item.contexts, item.terms, item.vectors, strict=True)
    for passage, context, terms, vector in rows:
        hashed = context_hash(context)
        _insert(
            db,
            "passages",
            {
                "article": key,
                "passage_id": passage.passage_id,
                "start": passage.start,
                "stop": passage.end,
                "text": passage.text,
                "context": storable(context),
                "context_hash": hashed,
                "terms": storable(terms),
                "sketch": copies.sketch(db, passage.text, article=False),
            },
        )
        db.execute(
            f"INSERT OR {put} INTO vectors VALUES (?, ?, ?)", (model, hashed, pack_vector(vector))
        )


def _named(db: sqlite3.Connection, article_id: str, last: Mapping[str, NewArticle]) -> bool:
    """Whether a source names this article, once the sources in `last` name what they do there."""
    if any(item.article.article_id == article_id for item in last.values()):
        return True
    rows = db.execute("SELECT source_id FROM sources WHERE article_id = ?", (article_id,))
    return any(source_id not in last for (source_id,) in rows)


def _reread(db: sqlite3.Connection, item: NewArticle, earlier: NewArticle | None) -> bool:
    """Whether the article came from this very source and would now be stored otherwise."""
    if earlier is not None:
        return storable(earlier.source_id) == storable(item.source_id)
    row = db.execute(
        "SELECT key, origin, as_read, removed FROM articles WHERE visible = 1 AND article_id = ?",
        (item.article.article_id,),
    ).fetchone()
    if row is None or row[1] != storable(item.source_id):
        return False
    stored = db.execute(
        "SELECT passage_id, context_hash, terms FROM passages WHERE article = ? ORDER BY key",
        (row[0],),
    ).fetchall()
    now = [
        (passage.passage_id, context_hash(context), terms)
        for passage, context, terms in zip(item.passages, item.contexts, item.terms, strict=True)
    ]
    return bool(row[2] != pack_metadata(item.article.metadata) or stored != now)


def promote(db: sqlite3.Connection) -> None:
    """Show everything that is staged, and retire in the same breath what it replaces."""
    moved = db.execute(
        "SELECT s.article_id FROM sources s JOIN staged t ON t.source_id = s.source_id "
        "WHERE s.article_id <> t.article_id"
    ).fetchall()
    changed = db.execute(
        "INSERT INTO sources SELECT * FROM staged WHERE true ON CONFLICT (source_id) DO UPDATE "
        "SET source = excluded.source, digest = excluded.digest, "
        "article_id = excluded.article_id, raw = excluded.raw, facts = excluded.facts"
    ).rowcount
    db.execute("DELETE FROM staged")
    db.execute(  # an article that is stored anew keeps the day it came
        "UPDATE articles SET added_at = old.added_at FROM articles old "
        "WHERE articles.visible = 0 AND old.visible = 1 AND old.article_id = articles.article_id"
    )
    replaced = db.execute(
        "SELECT o.key FROM articles o WHERE o.visible = 1 AND (EXISTS (SELECT 1 FROM articles n "
        "WHERE n.visible = 0 AND n.article_id = o.article_id) OR (o.article_id IN "
        "(SELECT value FROM json_each(?)) AND NOT EXISTS "
        "(SELECT 1 FROM sources s WHERE s.article_id = o.article_id)))",
        (json.dumps([row[0] for row in moved]),),
    ).fetchall()
    _retire(db, [row[0] for row in replaced])
    keys = [row[0] for row in db.execute("SELECT key FROM articles WHERE visible = 0")]
    db.execute("UPDATE articles SET visible = 1 WHERE visible = 0")
    db.execute(
        "INSERT INTO lexicon (rowid, terms) SELECT key, terms FROM passages "
        "WHERE article IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    db.execute(
        "DELETE FROM tombstones WHERE passage_id IN (SELECT passage_id FROM passages "
        "WHERE article IN (SELECT value FROM json_each(?)))",
        (json.dumps(keys),),
    )
    if changed > 0 or keys:
        bump(db)


# -- taking away and correcting ------------------------------------------------------


def delete(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Take articles away with all their sources and corrections; `NotFound` if one is not there."""
    wanted = list(dict.fromkeys(article_ids))
    keys = []
    for article_id in wanted:
        key = visible(db, article_id)
        if key is None:
            raise NotFound(f"there is no article {article_id}", hint="See kutip list.")
        keys.append(key)
    if not keys:
        return
    db.execute(
        "DELETE FROM sources WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(wanted),),
    )
    _retire(db, keys)
    bump(db)


def forget(db: sqlite3.Connection, source_ids: Iterable[str]) -> list[str]:
    """Take sources away, and the articles that are left without any; the ids of those."""
    wanted = (json.dumps([storable(source_id) for source_id in source_ids]),)
    those = "source_id IN (SELECT value FROM json_each(?))"
    touched = [
        row[0]
        for row in db.execute(f"SELECT DISTINCT article_id FROM sources WHERE {those}", wanted)
    ]
    db.execute(f"DELETE FROM sources WHERE {those}", wanted)
    rows = db.execute(
        "SELECT key, article_id FROM articles WHERE visible = 1 AND article_id IN "
        "(SELECT value FROM json_each(?)) AND NOT EXISTS "
        "(SELECT 1 FROM sources s WHERE s.article_id = articles.article_id) ORDER BY article_id",
        (json.dumps(touched),),
    ).fetchall()
    _retire(db, [row[0] for row in rows])
    if touched:
        bump(db)
    return [row[1] for row in rows]


def edit(
    db: sqlite3.Connection,
    article_id: str,
    *,
    title: str | None,
    publisher: str | None,
    published: date | None,
    restored: Sequence[str] | None = None,
) -> None:
    """Put a person's word above what was read; None leaves that field as it is.

    `restored` are the lines that stay in the text from the next reading on; ("*",) is all.
    """
    key = visible(db, article_id)
    if key is None:
        raise NotFound(f"there is no article {article_id}", hint="See kutip list.")
    db.execute(
        "INSERT INTO corrections VALUES (?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET "
        "title = COALESCE(excluded.title, title), "
        "publisher = COALESCE(excluded.publisher, publisher), "
        "published = COALESCE(excluded.published, published), "
        "restored = COALESCE(excluded.restored, restored)",
        (
            article_id,
            None if title is None else storable(title),
            None if publisher is None else storable(publisher),
            None if published is None else published.isoformat(),
            None if restored is None else json.dumps([storable(line) for line in restored]),
        ),
    )
    (as_read,) = db.execute("SELECT as_read FROM articles WHERE key = ?", (key,)).fetchone()
    columns = _in_force(db, article_id, as_read)
    db.execute(
        f"UPDATE articles SET {', '.join(f'{name} = ?' for name in columns)} WHERE key = ?",
        (*columns.values(), key),
    )
    db.execute("INSERT OR IGNORE INTO refresh VALUES (?)", (article_id,))
    bump(db)


def _retire(db: sqlite3.Connection, keys: Sequence[int]) -> None:
    """Take versions of articles out of the archive, leaving tombstones for the vector index."""
    if not keys:
        return
    sketches = copies.sketches_of(db, keys)
    gone = (json.dumps(list(keys)),)
    those = "article IN (SELECT value FROM json_each(?))"
    hashes = f"SELECT context_hash FROM passages WHERE {those}"
    db.execute(
        f"INSERT OR IGNORE INTO tombstones SELECT passage_id FROM passages WHERE {those}", gone
    )
    db.execute(
        "INSERT INTO lexicon (lexicon, rowid, terms) "
        f"SELECT 'delete', key, terms FROM passages WHERE {those}",
        gone,
    )
    db.execute(
        f"DELETE FROM vectors WHERE context_hash IN ({hashes}) "
        "AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.context_hash = vectors.context_hash "
        "AND p.article NOT IN (SELECT value FROM json_each(?)))",
        gone * 2,
    )
    db.execute(f"DELETE FROM passages WHERE {those}", gone)
    for table in ("corrections", "refresh"):
        db.execute(
            f"DELETE FROM {table} WHERE article_id IN (SELECT article_id FROM articles "
            "WHERE key IN (SELECT value FROM json_each(?))) AND article_id NOT IN "
            "(SELECT article_id FROM articles WHERE key NOT IN (SELECT value FROM json_each(?)))",
            gone * 2,
        )
    db.execute("DELETE FROM articles WHERE key IN (SELECT value FROM json_each(?))", gone)
    copies.forget(db, sketches)


# -- the vector index ----------------------------------------------------------------


def want_rebuild(db: sqlite3.Connection) -> None:
    """Note that the vector index must be made anew, before anything is done to it."""
    set_meta(db, "rebuild", 1)


def settled(db: sqlite3.Connection, *, stamp: int, files: Mapping[str, list[int]]) -> None:
    """Note that the vector index has all it must have and nothing more."""
    for table in ("tombstones", "refresh"):
        db.execute(f"DELETE FROM {table}")
    set_meta(db, "rebuild", 0)
    set_meta(db, "stamp", stamp)
    set_meta(db, "files", json.dumps(files, sort_keys=True))


def visible(db: sqlite3.Connection, article_id: str) -> int | None:
    """The key of the article with this id, if it can be seen."""
    row = db.execute(
        "SELECT key FROM articles WHERE visible = 1 AND article_id = ?", (article_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def _in_force(db: sqlite3.Connection, article_id: str, as_read: str) -> dict[str, str | int | None]:
    """The columns that metadata as it was read and the corrections come to."""
    metadata = unpack_metadata(as_read)
    row = db.execute(
        "SELECT title, publisher, published FROM corrections WHERE article_id = ?", (article_id,)
    ).fetchone()
    if row is not None:
        published = row[2] and date.fromisoformat(row[2])
        metadata = correct(metadata, title=row[0], publisher=row[1], published=published)
    return metadata_columns(metadata)


def _insert(db: sqlite3.Connection, table: str, columns: Mapping[str, object]) -> int:
    made = db.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        tuple(columns.values()),
    )
    return int(made.lastrowid or 0)


def _now() -> str:
    return datetime.now(UTC).isoformat()

"""The archive's tables, and how records become rows and rows records. Opens no file."""

from __future__ import annotations

import json
import string
import zlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from rag.schema import Filters, Metadata

APPLICATION_ID = 0x4B555450  # "KUTP", at byte 68 of the file
SCHEMA_VERSION = 2

# The lexical index must not change the tokens it is given: the "ascii" tokenizer leaves
# everything beyond ASCII alone, and with all ASCII punctuation made part of a token only
# blanks and control characters split. It still lowers A to Z.
_PUNCTUATION = string.punctuation.replace("'", "''").replace('"', '""')

# What tells copies of articles and passages: see copies.py.
_COPIES = """
CREATE TABLE sketches (          -- one of each sequence of words
  sketch INTEGER PRIMARY KEY, article INTEGER NOT NULL,  -- 1 of an article's, 0 of a passage's
  digest BLOB NOT NULL, size INTEGER NOT NULL,  -- of the words; how many shingles they make
  minima BLOB NOT NULL,          -- uint32, little-endian
  UNIQUE (article, digest));
CREATE TABLE bands (             -- alike texts are likely to share one
  band INTEGER NOT NULL, sketch INTEGER NOT NULL, PRIMARY KEY (band, sketch)) WITHOUT ROWID;
CREATE TABLE alike (             -- both ways round; how many bands tell so
  one INTEGER NOT NULL, other INTEGER NOT NULL, bands INTEGER NOT NULL,
  PRIMARY KEY (one, other)) WITHOUT ROWID;
"""

SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE models (            -- what made the vectors
  model INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL);

CREATE TABLE articles (          -- visible = 0: staged, 2: being made anew
  key INTEGER PRIMARY KEY, article_id TEXT NOT NULL, visible INTEGER NOT NULL,
  passages INTEGER NOT NULL, added_at TEXT NOT NULL,
  origin TEXT NOT NULL,          -- the source whose reading gave the metadata
  title TEXT NOT NULL, published INTEGER, publisher TEXT, folded TEXT, language TEXT,
  metadata TEXT NOT NULL,        -- in force, JSON; the line above is drawn from it
  as_read TEXT NOT NULL,         -- before corrections, JSON
  text BLOB NOT NULL, removed BLOB NOT NULL,
  sketch INTEGER,                -- of the text; 0 where it is too short, NULL: not made yet
  UNIQUE (article_id, visible));
CREATE INDEX articles_in_order
  ON articles (visible, COALESCE(-published, 1), title, article_id);
CREATE INDEX articles_in_number ON articles (visible, passages);
CREATE INDEX articles_by_sketch ON articles (sketch, visible);

CREATE TABLE sources (
  source_id TEXT PRIMARY KEY, source TEXT NOT NULL, digest TEXT NOT NULL,
  article_id TEXT NOT NULL, raw BLOB NOT NULL, noted_at TEXT NOT NULL,
  -- JSON: what is known of it beside its bytes
  facts TEXT NOT NULL DEFAULT '{{}}');
CREATE INDEX sources_of_article ON sources (article_id);
CREATE TABLE staged (            -- rows of sources that become true with the staged articles
  source_id TEXT PRIMARY KEY, source TEXT NOT NULL, digest TEXT NOT NULL,
  article_id TEXT NOT NULL, raw BLOB NOT NULL, noted_at TEXT NOT NULL,
  facts TEXT NOT NULL DEFAULT '{{}}');

CREATE TABLE corrections (       -- a person's word; NULL where nothing was corrected
  article_id TEXT PRIMARY KEY, title TEXT, publisher TEXT, published TEXT,
  -- JSON: the lines put back into the text; "*" is all of them
  restored TEXT);

CREATE TABLE passages (
  key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (key),
  passage_id TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  context_hash BLOB NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, terms TEXT NOT NULL,
  sketch INTEGER,
  UNIQUE (article, passage_id));
CREATE INDEX passages_by_id ON passages (passage_id);
CREATE INDEX passages_by_context ON passages (context_hash);
CREATE INDEX passages_by_sketch ON passages (sketch);
{_COPIES}

CREATE TABLE vectors (           -- float32, unit length, little-endian
  model INTEGER NOT NULL REFERENCES models (model), context_hash BLOB NOT NULL,
  vector BLOB NOT NULL, PRIMARY KEY (model, context_hash));

CREATE TABLE tombstones (        -- gone from here, perhaps still in the vector index
  passage_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE refresh (           -- their metadata in the vector index is old
  article_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE VIEW searchable (key, terms) AS
  SELECT p.key, p.terms FROM passages p JOIN articles a ON a.key = p.article WHERE a.visible = 1;
CREATE VIRTUAL TABLE lexicon USING fts5 (   -- keeps no copy of the terms: the view has them
  terms, content = 'searchable', content_rowid = 'key',
  tokenize = "ascii tokenchars '{_PUNCTUATION}'");
CREATE VIRTUAL TABLE lexicon_terms USING fts5vocab (lexicon, row);
"""

# What turns an archive of an older version into one of the next, by the older version.
UPGRADES: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE corrections ADD COLUMN restored TEXT",
        "ALTER TABLE sources ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE staged ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE articles ADD COLUMN sketch INTEGER",
        "CREATE INDEX articles_by_sketch ON articles (sketch, visible)",
        "ALTER TABLE passages ADD COLUMN sketch INTEGER",
        "CREATE INDEX passages_by_sketch ON passages (sketch)",
        *_COPIES.strip().split(";\n"),
    )
}

# Passages with their articles, all or those whose ids are given as JSON.
# CROSS JOIN keeps SQLite to the order written; left to choose, it walks all articles first
# and sorts every page anew, which took 40 times as long at 40,000 passages.
EACH_PASSAGE = "passages p CROSS JOIN articles a ON a.key = p.article"
GIVEN_PASSAGES = (
    "json_each(?) given CROSS JOIN passages p ON p.passage_id = given.value "
    "CROSS JOIN articles a ON a.key = p.article"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source and the article that it names."""

    source_id: str
    source: str  # as given, for display
    article_id: str
    digest: str  # sha256 hex of the raw bytes and of how they are read
    facts: dict[str, str] = field(default_factory=dict)  # known of it beside its bytes


def storable(text: str) -> str:
    """`text` as UTF-8 can hold it: a file name may carry bytes that decode to lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode()


def day(when: date | None) -> int | None:
    """A date as yyyymmdd, so that dates compare as numbers.

    >>> day(date(2024, 3, 9))
    20240309
    """
    return None if when is None else when.year * 10_000 + when.month * 100 + when.day


def pack_text(text: str) -> bytes:
    """A text, compressed."""
    return zlib.compress(text.encode())


def unpack_text(data: bytes) -> str:
    """What `pack_text` was given."""
    return zlib.decompress(data).decode()


def pack_vector(vector: NDArray[np.float32]) -> bytes:
    """A vector as little-endian float32."""
    return vector.astype("<f4").tobytes()


def unpack_vectors(rows: list[bytes], dimension: int) -> NDArray[np.float32]:
    """The vectors of `rows`: (n, dimension) float32."""
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), dimension)


def pack_metadata(metadata: Metadata) -> str:
    """Metadata as JSON, the same bytes for the same metadata."""
    at = metadata.published_at
    return json.dumps(
        {
            "title": metadata.title,
            "source": metadata.source,
            "url": metadata.url,
            "publisher": metadata.publisher,
            "authors": list(metadata.authors),
            "published": None if metadata.published is None else metadata.published.isoformat(),
            "published_at": None if at is None else at.isoformat(),
            "published_basis": metadata.published_basis,
            "modified": None if metadata.modified is None else metadata.modified.isoformat(),
            "language": metadata.language,
        },
        sort_keys=True,
    )


def unpack_metadata(data: str) -> Metadata:
    """What `pack_metadata` was given."""
    read = json.loads(data)
    return Metadata(
        title=read["title"],
        source=read["source"],
        url=read["url"],
        publisher=read["publisher"],
        authors=tuple(read["authors"]),
        published=read["published"] and date.fromisoformat(read["published"]),
        published_at=read["published_at"] and datetime.fromisoformat(read["published_at"]),
        published_basis=read["published_basis"],
        # Articles stored before there was such a field have none.
        modified=(modified := read.get("modified")) and date.fromisoformat(modified),
        language=read["language"],
    )


def correct(
    metadata: Metadata, *, title: str | None, publisher: str | None, published: date | None
) -> Metadata:
    """`metadata` with a person's corrections, where there are any, in place of what was read."""
    if title is not None:
        metadata = replace(metadata, title=title)
    if publisher is not None:
        metadata = replace(metadata, publisher=publisher)
    if published is not None:
        at = metadata.published_at
        metadata = replace(
            metadata,
            published=published,
            published_at=at if at is not None and at.date() == published else None,
            published_basis="edited",
        )
    return metadata


def metadata_columns(metadata: Metadata) -> dict[str, str | int | None]:
    """The columns of `articles` that follow from the metadata in force."""
    publisher = None if metadata.publisher is None else storable(metadata.publisher)
    return {
        "metadata": pack_metadata(metadata),
        "title": storable(metadata.title),
        "published": day(metadata.published),
        "publisher": publisher,
        "folded": None if publisher is None else publisher.casefold(),
        "language": None if metadata.language is None else metadata.language.lower(),
    }


def condition(filters: Filters | None) -> tuple[str, list[str | int]]:
    """SQL over a visible article `a` that holds where `filters` lets it pass, and its values."""
    parts, values = ["a.visible = 1"], list[str | int]()
    if filters is None:
        return parts[0], values
    for part, value in (
        ("a.published >= ?", day(filters.since)),
        ("a.published <= ?", day(filters.until)),
        ("a.folded = ?", filters.publisher and storable(filters.publisher).casefold()),
        ("a.language = ?", filters.language and filters.language.lower()),
    ):
        if value:
            parts.append(part)
            values.append(value)
    return " AND ".join(parts), values

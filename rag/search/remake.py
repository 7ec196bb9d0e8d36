"""Making every passage anew: beside those in force, unseen, and then all at once.

Each function is one step inside one transaction of its caller.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.errors import NotFound, StoreError
from rag.schema import Passage
from rag.search import copies
from rag.search.changes import promote, store_passages
from rag.search.models import switch_model

# An article's `visible` while its new passages are being made, and what it takes over from the
# version in force.
_PREPARED = 2
_COPIED = (
    *("article_id", "added_at", "origin", "title", "published", "publisher", "folded"),
    *("language", "metadata", "as_read", "text", "removed", "sketch"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """The passages of a stored article, cut or embedded anew."""

    article_id: str
    passages: tuple[Passage, ...]
    contexts: tuple[str, ...]  # per passage: the text that is embedded
    terms: tuple[str, ...]  # per passage: stemmed tokens joined by blanks
    vectors: NDArray[np.float32]  # (n passages, dimension), unit length


def prepare(db: sqlite3.Connection, item: Remade, model: int) -> None:
    """Store an article's new passages beside those in force, unseen until `show_prepared`."""
    columns = ", ".join(_COPIED)
    made = db.execute(
        f"INSERT INTO articles (visible, passages, {columns}) SELECT {_PREPARED}, ?, {columns} "
        "FROM articles WHERE visible = 1 AND article_id = ?",
        (len(item.passages), item.article_id),
    )
    if made.rowcount != 1:
        raise NotFound(f"there is no article {item.article_id}", hint="Run kutip reindex again.")
    store_passages(db, int(made.lastrowid or 0), item, model, anew=True)


def forget_prepared(db: sqlite3.Connection) -> None:
    """Drop what an earlier, interrupted `prepare` left; its vectors stay, to be used again."""
    those = f"SELECT key FROM articles WHERE visible = {_PREPARED}"
    sketches = copies.sketches_of(db, [row[0] for row in db.execute(those)])
    db.execute(f"DELETE FROM passages WHERE article IN ({those})")
    db.execute(f"DELETE FROM articles WHERE visible = {_PREPARED}")
    copies.forget(db, sketches)


def show_prepared(db: sqlite3.Connection, model: int) -> None:
    """Put the prepared passages and their model in force, all at once."""
    (lacking,) = db.execute(
        "SELECT COUNT(*) FROM articles a WHERE a.visible = 1 AND NOT EXISTS (SELECT 1 "
        f"FROM articles n WHERE n.visible = {_PREPARED} AND n.article_id = a.article_id)"
    ).fetchone()
    if lacking:
        raise StoreError(
            f"{lacking} articles were not made anew; nothing was changed",
            hint="Run kutip reindex again.",
        )
    db.execute(f"UPDATE articles SET visible = 0 WHERE visible = {_PREPARED}")
    promote(db)
    switch_model(db, model)

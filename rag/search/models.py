"""Which embedding model the vectors of the archive are of, and changing it for another.

Each function is one step inside one transaction of its caller.
"""

from __future__ import annotations

import hashlib
import sqlite3

from rag.errors import OtherFingerprint
from rag.search.tables import storable


def context_hash(context: str) -> bytes:
    """What a vector is kept under: SHA-256 of the text it was made from."""
    return hashlib.sha256(storable(context).encode()).digest()


def use_model(db: sqlite3.Connection, fingerprint: str, dimension: int) -> int:
    """The number of this model, put in force; refused while articles have another's vectors."""
    row = db.execute(
        "SELECT m.fingerprint, m.dimension, m.model FROM models m "
        "WHERE m.model = (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'model')"
    ).fetchone()
    if row is not None and row[:2] == (fingerprint, dimension):
        return int(row[2])
    if row is not None and db.execute("SELECT 1 FROM articles").fetchone():
        raise OtherFingerprint(
            f"the articles are indexed for {row[0]} ({row[1]} numbers a vector), not for "
            f"{fingerprint} ({dimension})",
            hint="Run kutip reindex to change over, or go back to the former embedding model.",
        )
    model = model_number(db, fingerprint, dimension)
    switch_model(db, model)
    return model


def model_number(db: sqlite3.Connection, fingerprint: str, dimension: int) -> int:
    """The row of this model; another dimension under the same name forgets its vectors."""
    row = db.execute(
        "SELECT model, dimension FROM models WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    if row is not None and row[1] == dimension:
        return int(row[0])
    if row is not None:
        db.execute("DELETE FROM vectors WHERE model = ?", (row[0],))
        db.execute("DELETE FROM models WHERE model = ?", (row[0],))
    made = db.execute(
        "INSERT INTO models (fingerprint, dimension) VALUES (?, ?)", (fingerprint, dimension)
    )
    return int(made.lastrowid or 0)


def switch_model(db: sqlite3.Connection, model: int) -> None:
    """Put `model` in force and forget the vectors of every other; the index must be rebuilt."""
    set_meta(db, "model", model)
    db.execute("DELETE FROM vectors WHERE model <> ?", (model,))
    db.execute("DELETE FROM models WHERE model <> ?", (model,))
    set_meta(db, "rebuild", 1)
    bump(db)


def set_meta(db: sqlite3.Connection, name: str, value: object) -> None:
    """Keep one fact about the archive as a whole."""
    db.execute("UPDATE meta SET value = ? WHERE name = ?", (str(value), name))


def bump(db: sqlite3.Connection) -> None:
    """Count one more change of what can be read."""
    db.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")

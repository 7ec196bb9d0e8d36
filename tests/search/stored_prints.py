"""Prints of one story in a library, and what is kept to find them by."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rag.search import copies
from rag.search.library import Library, NewArticle
from tests.search.helpers import article, library
from tests.search.prints import EDITED, MONDAY, PRINT, REPORT, SHORT, STORY, TUESDAY

OTHER = "hash-24/2"


def printed(parts: tuple[str, ...], name: str, **known: object) -> NewArticle:
    """The article of these paragraphs, each a passage, from the source `name`."""
    return article(*parts, title=f"Judul {name}", source=name, **known)  # type: ignore[arg-type]


WIRE = printed(STORY, "wire", publisher="Kantor Berita", published=date(2024, 8, 21))
AGAIN = printed(PRINT, "again", publisher="Harian Senja", published=date(2024, 8, 22))
LIGHT = printed(EDITED, "light", publisher="Koran Pagi")
BRIEF = printed(SHORT, "brief")
REPORTED = printed(REPORT, "reported")
FORMS = (printed(MONDAY, "monday"), printed(TUESDAY, "tuesday"))
ALL = (WIRE, AGAIN, LIGHT, BRIEF, REPORTED, *FORMS)


def id_of(item: NewArticle) -> str:
    return item.article.article_id


def grouped(store: Library) -> dict[str, set[str]]:
    """Every listed article that has copies, and which; and a look at one tells the same."""
    found = {}
    for entry in store.entries():
        assert store.entry(entry.article.article_id) == entry
        assert list(entry.copies) == sorted(set(entry.copies) - {entry.article.article_id})
        if entry.copies:
            found[entry.article.article_id] = set(entry.copies)
    return found


def one_group(*items: NewArticle) -> dict[str, set[str]]:
    """What `grouped` tells when just these are copies of one another."""
    ids = {id_of(item) for item in items}
    return {name: ids - {name} for name in ids}


def sources(passages: Sequence[object]) -> list[str]:
    return [p.metadata.source for p in passages]  # type: ignore[attr-defined]


Tables = tuple[set[bytes], set[tuple[int, bytes]], dict[tuple[bytes, bytes], int]]


def tables_of(db: sqlite3.Connection) -> Tables:
    """All that is kept about copies, by what the texts are and not by their numbers."""
    names = {n: (b"a" if a else b"p") + d for n, a, d in db.execute(
        "SELECT sketch, article, digest FROM sketches")}  # fmt: skip
    used = {row[0] for row in db.execute(
        "SELECT sketch FROM articles UNION SELECT sketch FROM passages")}  # fmt: skip
    assert used - {copies.NO_SKETCH} == set(names)
    bands = {(band, names[n]) for band, n in db.execute("SELECT band, sketch FROM bands")}
    pairs = {(names[a], names[b]): n for a, b, n in db.execute("SELECT * FROM alike")}
    assert all(pairs[b, a] == n for (a, b), n in pairs.items())
    assert all(a != b and n > 0 for (a, b), n in pairs.items())
    return set(names.values()), bands, pairs


def tables(store: Library) -> Tables:
    with sqlite3.connect(store.folder / "archive.sqlite3") as db:
        found = tables_of(db)
    db.close()
    return found


def fresh(folder: Path, items: Sequence[NewArticle]) -> Tables:
    """What is kept after putting all of these at once, in the order of their ids."""
    with library(folder) as store:
        store.put(sorted(items, key=id_of))
        return tables(store)

"""What is kept to find copies by follows from the texts, in old archives too."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.search import changes, copies
from rag.search.archive import Archive
from rag.search.library import NewArticle
from tests.search.helpers import (
    DIMENSION,
    FINGERPRINT,
    article,
    assert_in_step,
    library,
    numbered,
    remade,
)
from tests.search.prints import STORY
from tests.search.stored_prints import (
    AGAIN,
    LIGHT,
    REPORTED,
    WIRE,
    Tables,
    fresh,
    grouped,
    id_of,
    one_group,
    printed,
    tables,
    tables_of,
)

# -- what is kept to find them by ----------------------------------------------------


class Bare:
    """An archive without a vector index: every step of storing, in milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive(folder)
        with self.archive.writing() as db:
            db.execute("INSERT INTO models (fingerprint, dimension) VALUES ('f', ?)", (DIMENSION,))

    def put(self, *items: NewArticle) -> None:
        with self.archive.writing() as db:
            changes.stage(db, items, 1)
        with self.archive.writing() as db:
            changes.promote(db)

    def delete(self, *article_ids: str) -> None:
        with self.archive.writing() as db:
            changes.delete(db, article_ids)

    def tables(self) -> Tables:
        with self.archive.reading() as db:
            return tables_of(db)

    def groups(self) -> dict[str, tuple[str, ...]]:
        return {e.article.article_id: e.copies for e in self.archive.entries(None, 100)}


def variant(number: int) -> NewArticle:
    """Texts that are alike in clusters: three stories, each with prints that drift apart."""
    rng = random.Random(number % 3)
    words = [f"kata{rng.randrange(400)}x" for _ in range(60)]
    edits = random.Random(number)
    for _ in range(number // 3 * 5):
        words[edits.randrange(60)] = f"lain{edits.randrange(400)}y"
    return article(" ".join(words[:30]), " ".join(words[30:]), source=f"v{number}")


VARIANTS = [variant(number) for number in range(24)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.lists(st.integers(0, 23), min_size=1, max_size=6)),
            st.tuples(st.just("delete"), st.lists(st.integers(0, 23), min_size=1, max_size=6)),
        ),
        max_size=8,
    ),
    crowd=st.sampled_from([1, 3, 100]),
)
def test_what_is_kept_follows_from_the_texts_that_are_there(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, list[int]]],
    crowd: int,
) -> None:
    """Any order of adding and removing ends where adding what is left at once begins.

    Also where a key is shared by more than may share it, and by fewer again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "CROWD", crowd)
        store, there = Bare(tmp_path_factory.mktemp("steps")), set[int]()
        for what, numbers in steps:
            if what == "put":
                store.put(*(VARIANTS[n] for n in numbers))
                there |= set(numbers)
            elif gone := there & set(numbers):
                store.delete(*(id_of(VARIANTS[n]) for n in gone))
                there -= gone
        straight = Bare(tmp_path_factory.mktemp("straight"))
        straight.put(*(VARIANTS[n] for n in sorted(there)))
        assert store.tables() == straight.tables()
        assert store.groups() == straight.groups()
        members = store.groups()
        for name, others in members.items():
            assert all(set(members[o]) | {o} == {*others, name} for o in others)
        store.delete(*members)
        assert store.tables() == (set(), set(), {})
        store.archive.close()
        straight.archive.close()


def test_the_clusters_of_that_test_are_some(tmp_path: Path) -> None:
    """It would hold of texts that are never alike as well."""
    store = Bare(tmp_path)
    store.put(*VARIANTS)
    sizes = sorted(len(others) + 1 for others in store.groups().values())
    assert sizes[-1] > 3
    assert sizes[0] == 1
    store.archive.close()


def test_a_crowd_is_no_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What more texts share than any story has prints proves nothing, until they are fewer."""
    monkeypatch.setattr(copies, "CROWD", 3)
    many = [printed((f"{STORY[0]} Edisi {word}.", *STORY[1:]), word) for word in WORDS]
    store = Bare(tmp_path)
    store.put(*many[:3])
    assert all(len(others) == 2 for others in store.groups().values())
    store.put(*many[3:])
    assert all(others == () for others in store.groups().values())
    store.delete(*map(id_of, many[3:]))
    assert all(len(others) == 2 for others in store.groups().values())
    store.archive.close()


WORDS = ("pagi", "siang", "sore", "malam", "subuh", "petang", "senja", "fajar")

# -- archives of before --------------------------------------------------------------


def first_format(folder: Path, items: Sequence[NewArticle]) -> None:
    """An archive as Kutip 0.1.0 would have left it, with these articles in it."""
    with library(folder) as store:
        store.put(items)
    new = sqlite3.connect(folder / "archive.sqlite3")
    old = sqlite3.connect(folder / "old.sqlite3")
    old.executescript((Path(__file__).parent / "archive_1.sql").read_text(encoding="utf-8"))
    for table in ("meta", "models", "articles", "sources", "passages", "vectors"):
        columns = ", ".join(row[1] for row in old.execute(f"PRAGMA table_info({table})"))
        rows = new.execute(f"SELECT {columns} FROM {table}").fetchall()
        marks = ", ".join("?" * len(columns.split(", ")))
        old.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    old.execute("INSERT INTO lexicon (rowid, terms) SELECT key, terms FROM passages")
    for name in ("application_id", "journal_mode"):
        (value,) = new.execute(f"PRAGMA {name}").fetchone()
        old.execute(f"PRAGMA {name} = {value}")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    new.close()
    for name in ("archive.sqlite3-wal", "archive.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "old.sqlite3").replace(folder / "archive.sqlite3")


def test_an_archive_of_the_first_format_opens_and_works(tmp_path: Path) -> None:
    """Everything is found in it as before; a file of that format is brought up to date."""
    items = [WIRE, REPORTED, numbered(1)]
    first_format(tmp_path, items)
    with library(tmp_path) as store:
        assert_in_step(store, items)
        assert store.problems(thorough=True) == []
        assert grouped(store) == {}
        assert store.put([numbered(2)]) == ["added"]
        assert_in_step(store, [*items, numbered(2)])
        assert tables(store) == fresh(tmp_path / "fresh", [*items, numbered(2)])


def test_what_was_stored_before_is_grouped_with_the_next_change(tmp_path: Path) -> None:
    """A wire copy added today finds the one of last year; so does making everything anew."""
    first_format(tmp_path / "a", [WIRE, LIGHT, REPORTED])
    with library(tmp_path / "a") as store:
        store.put([AGAIN])
        assert grouped(store) == one_group(WIRE, LIGHT, AGAIN)
    first_format(tmp_path / "b", [WIRE, LIGHT, REPORTED])
    with library(tmp_path / "b") as store:
        made = [remade(item, dimension=DIMENSION, salt="") for item in (WIRE, LIGHT, REPORTED)]
        store.replace(FINGERPRINT, DIMENSION, [made])
        assert grouped(store) == one_group(WIRE, LIGHT)
        assert tables(store) == fresh(tmp_path / "fresh", [WIRE, LIGHT, REPORTED])
        store.delete([id_of(LIGHT)])
        assert grouped(store) == {}

"""Copies among stored articles: found when stored, shown as a group, gone with their article."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.schema import Filters, Hit
from rag.search import changes, copies
from rag.search.archive import Archive
from rag.search.library import Library, NewArticle
from rag.search.quality import Trust
from rag.search.retrieve import retrieve
from tests.search.helpers import (
    DIMENSION,
    FINGERPRINT,
    article,
    assert_in_step,
    embed,
    library,
    numbered,
    remade,
)
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
STORIES = {item.article.article_id for item in (WIRE, AGAIN, LIGHT, BRIEF)}


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


# -- articles ------------------------------------------------------------------------


def test_prints_of_one_story_are_a_group(tmp_path: Path) -> None:
    """The story, a print, an edited one and a short one; not the report, not the forms."""
    with library(tmp_path) as store:
        store.put(ALL)
        assert grouped(store) == one_group(WIRE, AGAIN, LIGHT, BRIEF)
    with library(tmp_path) as store:
        assert grouped(store) == one_group(WIRE, AGAIN, LIGHT, BRIEF)


def test_a_copy_that_comes_later_joins_the_group(tmp_path: Path) -> None:
    """One by one in separate batches is the same as all at once."""
    with library(tmp_path) as store:
        store.put([WIRE, REPORTED])
        assert grouped(store) == {}
        store.put([AGAIN])
        assert grouped(store) == one_group(WIRE, AGAIN)
        store.put([BRIEF])
        assert grouped(store) == one_group(WIRE, AGAIN, BRIEF)


def test_what_is_removed_leaves_its_group(tmp_path: Path) -> None:
    """By its id, with its source, or replaced by another version of the source."""
    with library(tmp_path) as store:
        store.put(ALL)
        store.delete([id_of(BRIEF)])
        assert grouped(store) == one_group(WIRE, AGAIN, LIGHT)
        store.forget([LIGHT.source_id])
        assert grouped(store) == one_group(WIRE, AGAIN)
        store.put([replace(REPORTED, source_id=AGAIN.source_id, digest="9" * 64)])
        assert grouped(store) == {}
        store.put([AGAIN])
        assert grouped(store) == one_group(WIRE, AGAIN)


def test_a_new_version_of_a_source_is_no_copy_of_the_old(tmp_path: Path) -> None:
    """A corrected page replaces the old one; the two are never seen together."""
    corrected = (STORY[0].replace("214", "236"), *STORY[1:])
    with library(tmp_path) as store:
        store.put([WIRE])
        new = printed(corrected, "wire")
        assert store.put([new]) == ["updated"]
        assert grouped(store) == {}
        assert_in_step(store, [new])


def test_new_metadata_leave_the_group_as_it_is(tmp_path: Path) -> None:
    """A title that is read otherwise, or corrected, changes no text."""
    with library(tmp_path) as store:
        store.put([WIRE, AGAIN])
        assert store.put([replace(printed(STORY, "wire"), digest="9" * 64)]) == ["updated"]
        edited = store.edit(id_of(AGAIN), publisher="Lain")
        assert edited.copies == (id_of(WIRE),)
        assert grouped(store) == one_group(WIRE, AGAIN)


def test_making_passages_anew_keeps_the_groups(tmp_path: Path) -> None:
    """The text of an article is what it was, however it is cut and embedded."""
    with library(tmp_path) as store:
        store.put(ALL)
    with Library(tmp_path, fingerprint=OTHER, dimension=24, page_size=3) as store:
        store.replace(OTHER, 24, [[remade(item, dimension=24, salt="new")] for item in ALL])
        assert grouped(store) == one_group(WIRE, AGAIN, LIGHT, BRIEF)
        assert tables(store) == fresh(tmp_path / "fresh", ALL)


def test_an_interrupted_remaking_leaves_nothing_behind(tmp_path: Path) -> None:
    """Passages that were prepared and never shown go with their sketches."""
    whole = article("\n\n".join(STORY), title="Judul wire", source="wire")
    with library(tmp_path) as store:
        store.put([WIRE, AGAIN])
        with pytest.raises(ZeroDivisionError):
            store.replace(FINGERPRINT, DIMENSION, interrupted(whole))
        assert tables(store) != fresh(tmp_path / "fresh", [WIRE, AGAIN])
        made = [remade(item, dimension=DIMENSION, salt="") for item in (WIRE, AGAIN)]
        store.replace(FINGERPRINT, DIMENSION, [made])
        assert tables(store) == fresh(tmp_path / "again", [WIRE, AGAIN])


def interrupted(item: NewArticle) -> Iterator[list[object]]:
    """One article made anew, and then nothing more."""
    yield [remade(item, dimension=DIMENSION, salt="")]
    raise ZeroDivisionError


def test_a_short_text_is_in_no_group(tmp_path: Path) -> None:
    """Eleven words are too often the same by chance."""
    words = "Sidang dewan ditunda lagi karena jumlah anggota yang hadir tidak cukup"
    with library(tmp_path) as store:
        store.put([article(words, source="a"), article(f"{words}.", source="b")])
        assert grouped(store) == {}
        store.put(
            [article(f"{words} kemarin", source="c"), article(f"{words} kemarin!", source="d")]
        )
        assert len(grouped(store)) == 2


# -- passages ------------------------------------------------------------------------


EVEN = Trust(quality=dict.fromkeys(("en>en", "en>id", "id>en", "id>id"), 0.8))


class Hashed:
    """The encoder of the tests' vectors."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return embed(text)


def search(store: Library, query: str, *, k: int = 20, **options: object) -> list[Hit]:
    return retrieve(
        query,
        library=store,
        encoder=Hashed(),
        k=k,
        trust=EVEN,
        language=None,
        **options,  # type: ignore[arg-type]
    )


def sources(passages: Sequence[object]) -> list[str]:
    return [p.metadata.source for p in passages]  # type: ignore[attr-defined]


QUERY = "kecamatan wonarejo keluarga tanggul jebol"


def test_a_passage_found_in_several_prints_takes_one_place(tmp_path: Path) -> None:
    """The best ranked stays; the others are its copies, in the order they were ranked."""
    with library(tmp_path) as store:
        store.put(ALL)
        alone = search(store, QUERY, group=False)
        assert all(hit.copies == () for hit in alone)
        leads = [hit.passage for hit in alone if "214 keluarga" in hit.passage.text]
        assert set(sources(leads)) == {"wire", "again", "brief", "light"}
        first = search(store, QUERY)[0]
        assert first.passage == alone[0].passage
        assert [first.passage, *first.copies] == leads


def test_copies_leave_their_places_to_others(tmp_path: Path) -> None:
    """Every passage is shown once, as a hit or a copy; ranks count from one without gaps."""
    with library(tmp_path) as store:
        store.put(ALL)
        alone = search(store, QUERY, k=100, group=False)
        hits = search(store, QUERY, k=100)
        assert len(hits) < len(alone)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
        shown = [p.passage_id for hit in hits for p in (hit.passage, *hit.copies)]
        assert sorted(shown) == sorted(hit.passage.passage_id for hit in alone)
        assert search(store, QUERY, k=2) == hits[:2]


def test_a_copy_outside_the_filter_is_not_shown(tmp_path: Path) -> None:
    """Whoever asks for one publisher sees no other, under a hit neither."""
    with library(tmp_path) as store:
        store.put(ALL)
        (first, *_) = search(store, QUERY, filters=Filters(publisher="Kantor Berita"))
        assert first.passage.metadata.publisher == "Kantor Berita"
        assert first.copies == ()
        (first, *_) = search(store, QUERY, filters=Filters(since=date(2024, 8, 21)))
        both = (first.passage, *first.copies)
        assert sorted(sources(both)) == ["again", "wire"]


def test_another_number_is_another_hit(tmp_path: Path) -> None:
    """Two prints that count differently stand side by side."""
    other = printed((STORY[0].replace("214", "236"), *STORY[1:]), "other")
    with library(tmp_path) as store:
        store.put([WIRE, other])
        assert grouped(store) == one_group(WIRE, other)
        hits = search(store, QUERY)
        leads = [hit for hit in hits if "keluarga di Kecamatan" in hit.passage.text]
        assert [hit.copies for hit in leads] == [(), ()]
        assert all(len(hit.copies) == 1 for hit in hits if hit not in leads)


def test_prints_that_are_cut_elsewhere_share_a_place(tmp_path: Path) -> None:
    """A passage of another print that overlaps the one shown is its copy."""
    ends = [*range(0, len(STORY), 2), len(STORY)]
    pieces = [" ".join(STORY[a:b]) for a, b in pairwise(ends)]
    shifted = [STORY[0], *(" ".join(STORY[n : n + 2]) for n in range(1, len(STORY), 2))]
    one, other = printed(tuple(pieces), "one"), printed(tuple(shifted), "other")
    with library(tmp_path) as store:
        store.put([one, other])
        assert grouped(store) == one_group(one, other)
        hits = search(store, QUERY)
        assert len(hits) < len(pieces) + len(shifted)
        assert all(p.article_id != hit.passage.article_id for hit in hits for p in hit.copies)


def test_a_fuller_print_is_shown_for_the_shorter_ones(tmp_path: Path) -> None:
    """It takes their place and score, whatever the order; another count stays beside it."""
    full = printed((" ".join(STORY),), "full")
    short, shorter = (printed((" ".join(STORY[:n]),), f"first {n}") for n in (4, 2))
    other = printed((" ".join(STORY[:4]).replace("214", "236"),), "other")
    with library(tmp_path) as store:
        store.put([full, short, shorter, other])
        (a,), (b,), (c,), (d,) = (
            [p.passage_id for p in item.passages] for item in (full, short, shorter, other)
        )
        assert store.fold([c, b, a], places=1) == [[a, c, b]]
        assert store.fold([c, d, a, b], places=5) == [[a, c, b], [d]]
        assert store.fold([a, b, c], places=5) == [[a, b, c]]
        alone = search(store, QUERY, group=False)
        hits = search(store, QUERY)
        assert [len(hit.copies) for hit in hits].count(0) == 1
        assert hits[0].score == alone[0].score


def test_passages_not_there_are_left_out_of_a_ranking(tmp_path: Path) -> None:
    """Whoever reads while an article is removed sees the rest."""
    with library(tmp_path) as store:
        store.put([WIRE, AGAIN])
        ids = [p.passage_id for p in WIRE.passages[:2]]
        assert store.fold(["none:0-1", *ids, ids[0]], places=5) == [[ids[0]], [ids[1]]]
        assert store.fold(ids, places=1) == [[ids[0]]]
        assert store.fold([], places=5) == []
    with library(tmp_path / "none") as store:
        assert store.fold(ids, places=5) == []


# -- what is kept to find them by ----------------------------------------------------

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

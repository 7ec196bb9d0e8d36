"""Copies among stored articles: found when stored, shown as a group, gone with their article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.search.library import Library, NewArticle
from tests.search.helpers import DIMENSION, FINGERPRINT, article, assert_in_step, library, remade
from tests.search.prints import STORY
from tests.search.stored_prints import (
    AGAIN,
    ALL,
    BRIEF,
    LIGHT,
    OTHER,
    REPORTED,
    WIRE,
    fresh,
    grouped,
    id_of,
    one_group,
    printed,
    tables,
)


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

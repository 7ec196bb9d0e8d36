"""What a library promises of what is put into it; tests/faults has what goes wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import NotFound
from rag.search.library import SourceRow
from tests.search.helpers import DIMENSION, article, assert_in_step, embed, ids, library, numbered

# -- an empty folder -----------------------------------------------------------------


def test_a_folder_that_is_not_there_reads_as_an_empty_library_and_is_not_made(
    tmp_path: Path,
) -> None:
    """Looking at a library never makes one."""
    with library(tmp_path / "none") as store:
        assert list(store.entries()) == []
        assert store.counts() == dict.fromkeys(
            ("articles", "sources", "passages", "pending", "vectors"), 0
        )
        assert store.generation() == 0
        assert store.stored_fingerprint() is None
        assert store.source("a") is None
        assert store.raw("a") is None
        assert store.known_sources(["a"]) == set()
        assert store.metadata(["0123456789abcdef"]) == {}
        assert store.known_vectors(["a"]) == {}
        assert store.dense(embed("a"), limit=3) == []
        assert store.cosines(embed("a"), ["x:0-1"]) == {}
        assert store.lexical("a", limit=3) == []
        assert store.term_counts(["a"]) == (0, {"a": 0})
        assert store.problems() == []
        assert store.rebuild() == 0
        assert store.put([]) == []
        with pytest.raises(NotFound):
            store.entry("abcd")
        with pytest.raises(NotFound):
            store.delete(["abcd"])
        with pytest.raises(NotFound):
            store.edit("abcd", title="x")
    assert not (tmp_path / "none").exists()


def test_the_folder_is_private(tmp_path: Path) -> None:
    """Only its owner can look into a data folder that Kutip made."""
    with library(tmp_path / "data") as store:
        store.put([numbered(1)])
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_any_folder_name_will_do(tmp_path: Path) -> None:
    """A name with the marks that mean something in an address is only a name."""
    folder = tmp_path / "dir ?#%41 'é\""
    items = [numbered(n) for n in range(3)]
    with library(folder) as store:
        store.put(items)
    with library(folder) as store:
        assert_in_step(store, items)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


# -- adding --------------------------------------------------------------------------


def test_what_is_put_is_found_by_every_way_after_reopening(tmp_path: Path) -> None:
    """Nine articles of three passages, pages of three: both stores hold exactly them."""
    items = [numbered(n) for n in range(9)]
    with library(tmp_path) as store:
        assert store.put(items) == ["added"] * 9
        assert_in_step(store, items)
    with library(tmp_path) as store:
        assert_in_step(store, items)
        assert store.problems(thorough=True) == []


def test_an_article_put_again_changes_nothing(tmp_path: Path) -> None:
    """Putting the same articles three times is putting them once."""
    items = [numbered(n) for n in range(4)]
    with library(tmp_path) as store:
        store.put(items)
        generation = store.generation()
        assert store.put(items) == ["unchanged"] * 4
        assert store.put(items) == ["unchanged"] * 4
        assert store.generation() == generation
        assert_in_step(store, items)


def test_one_text_from_two_sources_is_one_article(tmp_path: Path) -> None:
    """A second source of a text is noted, in the same batch or a later one; metadata stay."""
    first = article("Satu dua.", source="a.txt", title="Pertama")
    second = article("Satu dua.", source="b.txt", title="Kedua")
    third = article("Satu dua.", source="c.txt", title="Ketiga")
    with library(tmp_path) as store:
        assert store.put([first, second]) == ["added", "unchanged"]
        assert store.put([third]) == ["unchanged"]
        (entry,) = store.entries()
        assert entry.sources == ("a.txt", "b.txt", "c.txt")
        assert entry.article.metadata.title == "Pertama"
        assert store.counts() == {
            "articles": 1,
            "sources": 3,
            "passages": 1,
            "pending": 0,
            "vectors": 1,
        }


def test_a_changed_source_takes_its_old_version_away(tmp_path: Path) -> None:
    """The old text of a source is found no more, in neither store, and the new one is."""
    old = article("Harga naik tiga persen.", "Kata menteri.", source="a.txt")
    new = article("Harga turun dua persen.", "Kata menteri.", source="a.txt")
    with library(tmp_path) as store:
        store.put([old, numbered(1)])
        assert store.put([new]) == ["updated"]
        assert_in_step(store, [new, numbered(1)])
        assert store.source("/articles/a.txt") == SourceRow(
            source_id="/articles/a.txt",
            source="a.txt",
            article_id=new.article.article_id,
            digest=new.digest,
        )
        assert store.raw("/articles/a.txt") == new.raw


def test_an_old_version_stays_while_another_source_names_it(tmp_path: Path) -> None:
    """Two sources share a text; when one of them changes, the text is still there."""
    shared = article("Berita bersama.", source="a.txt")
    also = article("Berita bersama.", source="b.txt")
    changed = article("Berita baru.", source="a.txt")
    with library(tmp_path) as store:
        store.put([shared, also])
        assert store.put([changed]) == ["updated"]
        assert_in_step(store, [also, changed])
        assert store.entry(shared.article.article_id).sources == ("b.txt",)


def test_a_source_that_goes_back_and_forth_in_one_batch_ends_where_it_ends(tmp_path: Path) -> None:
    """The items of a batch count one after another."""
    a, b = article("Teks A.", source="s.txt"), article("Teks B.", source="s.txt")
    other = article("Teks A.", source="t.txt")
    with library(tmp_path) as store:
        assert store.put([a, b]) == ["added", "updated"]
        assert_in_step(store, [b])
        assert store.put([a, b, other]) == ["updated", "updated", "added"]
        assert_in_step(store, [b, other])


def test_a_source_that_moves_to_a_text_already_there_is_an_update(tmp_path: Path) -> None:
    """No passage is stored twice when a source changes into the text of another."""
    a, b = article("Teks A.", source="a.txt"), article("Teks B.", source="b.txt")
    moved = article("Teks B.", source="a.txt")
    with library(tmp_path) as store:
        store.put([a, b])
        assert store.put([moved]) == ["updated"]
        assert_in_step(store, [moved, b])


def test_new_metadata_for_the_same_text_are_taken_from_the_source_they_came_from(
    tmp_path: Path,
) -> None:
    """A page whose title alone changed gets the title, the vector and the words that follow."""
    old = article("Isi tetap.", source="a.txt", title="Lama", digest="1" * 64)
    new = article("Isi tetap.", source="a.txt", title="Baru", digest="2" * 64)
    elsewhere = article("Isi tetap.", source="b.txt", title="Lain", digest="3" * 64)
    with library(tmp_path) as store:
        store.put([old])
        added = next(store.entries()).added_at
        assert store.put([new]) == ["updated"]
        assert store.put([elsewhere]) == ["unchanged"]
        assert store.put([replace(elsewhere, digest="4" * 64)]) == ["unchanged"]
        (entry,) = store.entries()
        assert entry.article.metadata.title == "Baru"
        assert entry.added_at == added
        assert_in_step(store, [new, replace(new, source_id=elsewhere.source_id)])
        assert store.known_vectors(["Lama. Isi tetap.", "Baru. Isi tetap."]).keys() == {1}


def test_sources_are_known_by_their_ids_and_by_what_was_given(tmp_path: Path) -> None:
    """Of some names those are known that are a source's id or its name, with the article there."""
    with library(tmp_path) as store:
        store.put([numbered(n) for n in range(4)])
        odd = replace(numbered(9), source_id="named:\ud800", source="\ud800")
        store.put([odd])
        names = ["/articles/2.txt", "3.txt", "4.txt", "", "2", "\ud800", "named:\ud800", "%.txt"]
        known = {"/articles/2.txt", "3.txt", "\ud800", "named:\ud800"}
        assert store.known_sources(names) == known
        assert store.known_sources([]) == set()
        store.delete(ids([numbered(2)]))
        assert store.known_sources(names) == known - {"/articles/2.txt"}


def test_metadata_are_those_in_force(tmp_path: Path) -> None:
    """What is known of articles comes by their ids, corrected; what is not there is left out."""
    with library(tmp_path) as store:
        items = [numbered(n) for n in range(3)]
        store.put(items)
        first, second, third = ids(items)
        store.edit(second, title="Dibetulkan")
        store.delete([third])
        assert store.metadata([second, first, third, first[:8], "f" * 16]) == {
            first: items[0].article.metadata,
            second: replace(items[1].article.metadata, title="Dibetulkan"),
        }


def test_a_further_source_can_be_noted_without_the_article(tmp_path: Path) -> None:
    """note_source adds a name to an article that is there, and moves a name like put does."""
    a, b = numbered(1), numbered(2)
    with library(tmp_path) as store:
        store.put([a, b])
        store.note_source("/articles/x", "x", "9" * 64, ids([a])[0], b"halo")
        assert store.entry(ids([a])[0]).sources == ("1.txt", "x")
        assert store.raw("/articles/x") == b"halo"
        store.note_source(b.source_id, b.source, "8" * 64, ids([a])[0], b"")
        assert_in_step(
            store, [a, replace(a, source_id="/articles/x"), replace(a, source_id=b.source_id)]
        )
        with pytest.raises(NotFound, match="no article ffffffffffffffff"):
            store.note_source("/articles/y", "y", "7" * 64, "f" * 16, b"")
        assert store.source("/articles/y") is None


def test_parts_that_do_not_fit_are_refused_before_anything_is_stored(tmp_path: Path) -> None:
    """A batch with a broken article stores none of its articles."""
    good, bad = numbered(1), numbered(2)
    nan = bad.vectors.copy()
    nan[0, 0] = np.nan
    with library(tmp_path / "data") as store:
        for broken in (
            replace(bad, contexts=bad.contexts[:1]),
            replace(bad, terms=()),
            replace(bad, vectors=bad.vectors[:, :5]),
            replace(bad, vectors=nan),
            replace(bad, passages=good.passages),
            replace(bad, passages=bad.passages[:1] * 3),
        ):
            with pytest.raises(ValueError, match=r"2\.txt"):
                store.put([good, broken])
    assert not (tmp_path / "data").exists()


def test_an_article_without_passages_is_kept_all_the_same(tmp_path: Path) -> None:
    """Nothing to search in it, but it is listed and shown."""
    bare = replace(
        numbered(1), passages=(), contexts=(), terms=(), vectors=np.zeros((0, DIMENSION), "f4")
    )
    with library(tmp_path) as store:
        assert store.put([bare]) == ["added"]
        assert_in_step(store, [bare])


def test_names_with_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    """A file name that is not UTF-8 decodes to lone surrogates, which neither store can hold."""
    odd = article("Isi aneh.", source="caf\udce9.txt", title="caf\udce9")
    with library(tmp_path) as store:
        assert store.put([odd]) == ["added"]
        assert store.put([odd]) == ["unchanged"]
        assert store.source(odd.source_id) is not None
        assert next(store.entries()).article.metadata.title == "caf\udce9"

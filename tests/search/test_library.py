"""What the library promises while nothing goes wrong; tests/faults has the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import BadQuestion, NotFound, OtherFingerprint, StoreError
from rag.schema import Filters
from rag.search.library import Library, NewArticle, Remade, SourceRow
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

OTHER = "hash-24/2"


def ids(items: list[NewArticle]) -> list[str]:
    return [item.article.article_id for item in items]


def listed(store: Library, filters: Filters | None = None) -> list[str]:
    return [entry.article.metadata.title for entry in store.entries(filters)]


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


# -- taking away ---------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 4, 8, 9])
def test_what_is_deleted_is_in_neither_store(tmp_path: Path, many: int) -> None:
    """One article, a few, almost all, all: the rest is untouched."""
    items = [numbered(n) for n in range(9)]
    with library(tmp_path) as store:
        store.put(items)
        store.delete([*ids(items[:many]), ids(items)[0]])
        assert_in_step(store, items[many:])
    with library(tmp_path) as store:
        assert_in_step(store, items[many:])
        assert store.term_counts(["berita0", "berita8"]) == (
            3 * (9 - many),
            {"berita0": 0, "berita8": 3 if many < 9 else 0},
        )
        assert store.put(items[:many]) == ["added"] * many
        assert_in_step(store, items)


def test_deleting_is_all_or_nothing(tmp_path: Path) -> None:
    """An id that is not there stops the whole deletion."""
    items = [numbered(n) for n in range(3)]
    with library(tmp_path) as store:
        store.put(items)
        with pytest.raises(NotFound, match="no article ffff"):
            store.delete([*ids(items), "ffff"])
        assert_in_step(store, items)


def test_vectors_go_with_the_last_passage_that_needs_them(tmp_path: Path) -> None:
    """Two articles share a context, so its vector outlives the first of them."""
    a = article("Sama.", "Hanya di A.", title="T", source="a.txt")
    b = article("Sama.", "Hanya di B.", title="T", source="b.txt")
    asked = ["T. Sama.", "T. Hanya di A.", "T. Hanya di B.", "T. Tidak ada."]
    with library(tmp_path) as store:
        store.put([a, b])
        known = store.known_vectors(asked)
        assert known.keys() == {0, 1, 2}
        assert np.array_equal(known[1], a.vectors[1])
        store.delete(ids([a]))
        assert store.known_vectors(asked).keys() == {0, 2}


# -- correcting ----------------------------------------------------------------------


def test_a_correction_wins_in_lists_filters_and_the_vector_index(tmp_path: Path) -> None:
    """After an edit, filters find the article under what the person said."""
    item = article("Isi.", title="Salah", publisher="Lama", published=date(2020, 1, 1))
    with library(tmp_path) as store:
        store.put([item, numbered(1)])
        entry = store.edit(
            ids([item])[0], title="Benar", publisher="Kompas", published=date(2024, 5, 6)
        )
        metadata = entry.article.metadata
        assert (metadata.title, metadata.publisher) == ("Benar", "Kompas")
        assert (metadata.published, metadata.published_basis) == (date(2024, 5, 6), "edited")
        assert listed(store, Filters(publisher="KOMPAS")) == ["Benar"]
        assert listed(store, Filters(publisher="lama")) == []
        near = {"limit": 5, "filters": Filters(publisher="kompas", since=date(2024, 5, 6))}
        assert [i for i, _ in store.dense(item.vectors[0], **near)] == [  # type: ignore[arg-type]
            item.passages[0].passage_id
        ]
        assert store.dense(item.vectors[0], limit=5, filters=Filters(publisher="lama")) == []
        (passage,) = store.passages(ids([item])[0])
        assert passage.metadata == metadata
        assert store.by_id([passage.passage_id]) == {passage.passage_id: passage}


def test_what_stands_beside_a_passage(tmp_path: Path) -> None:
    """The opening of its article, itself and its neighbours, in order; nothing of others."""
    item = article(*(f"Kalimat {word}." for word in ("nol", "satu", "dua", "tiga", "empat")))
    with library(tmp_path) as store:
        store.put([numbered(1), item, numbered(2)])
        nol, satu, dua, tiga, empat = item.passages
        assert store.beside([tiga.passage_id]) == [nol, dua, tiga, empat]
        assert store.beside([nol.passage_id]) == [nol, satu]
        assert store.beside([]) == store.beside(["0123456789abcdef:0-1"]) == []


def test_a_field_left_out_of_an_edit_keeps_its_earlier_correction(tmp_path: Path) -> None:
    """Two edits add up."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
        store.edit(ids([numbered(1)])[0], title="Satu")
        metadata = store.edit(ids([numbered(1)])[0], publisher="Dua").article.metadata
        assert (metadata.title, metadata.publisher) == ("Satu", "Dua")


def test_a_stated_time_goes_when_the_day_is_corrected_to_another(tmp_path: Path) -> None:
    """The hour of a wrong day would be a wrong hour; of the right day it stays."""
    at = datetime(2020, 1, 1, 9, 30, tzinfo=UTC)
    item = article("Isi.", published=date(2020, 1, 1))
    item = replace(
        item,
        article=replace(item.article, metadata=replace(item.article.metadata, published_at=at)),
    )
    with library(tmp_path) as store:
        store.put([item])
        assert next(store.entries()).article.metadata.published_at == at
        same = store.edit(ids([item])[0], published=date(2020, 1, 1))
        assert same.article.metadata.published_at == at
        other = store.edit(ids([item])[0], published=date(2020, 1, 2))
        assert other.article.metadata.published_at is None


def test_a_correction_outlives_a_changed_source_and_a_second_adding(tmp_path: Path) -> None:
    """What a person said of an article holds for its next version too, until it is deleted."""
    old = article("Versi satu.", source="a.txt", title="Dibaca")
    new = article("Versi dua.", source="a.txt", title="Dibaca")
    reread = replace(new, digest="5" * 64)
    with library(tmp_path) as store:
        store.put([old])
        store.edit(ids([old])[0], title="Kata orang")
        assert store.put([new]) == ["updated"]
        assert listed(store) == ["Kata orang"]
        assert store.put([new, reread]) == ["unchanged", "unchanged"]
        assert listed(store) == ["Kata orang"]
        assert store.put([old]) == ["updated"]
        assert listed(store) == ["Kata orang"]
        store.delete(ids([old]))
        store.put([old])
        assert listed(store) == ["Dibaca"]


# -- listing -------------------------------------------------------------------------


def test_articles_are_listed_newest_first_undated_last_then_by_title_and_id(
    tmp_path: Path,
) -> None:
    """The order is total, so paging neither drops nor repeats an article."""
    made = [
        article("a", title="B", published=date(2024, 1, 1), source="1"),
        article("b", title="A", published=date(2024, 1, 1), source="2"),
        article("c", title="Z", published=date(2025, 6, 30), source="3"),
        article("d", title="A", source="4"),
        article("e", title="B", source="5"),
        article("f", title="B", source="6"),
        article("g", title="C", published=date(999, 12, 31), source="7"),
    ]
    with library(tmp_path) as store:
        store.put(made)
        expected = ["Z", "A", "B", "C", "A", "B", "B"]
        assert listed(store) == expected
        last = [e.article.article_id for e in store.entries()][-2:]
        assert last == sorted(ids(made[4:6]))


def test_filters_are_inclusive_and_an_undated_article_passes_no_date(tmp_path: Path) -> None:
    """since and until take their own day in; publisher without case; language exactly."""
    with library(tmp_path) as store:
        store.put(
            [
                article("satu", title="1", published=date(2024, 1, 1), publisher="Tempo"),
                article("dua", title="2", source="2", published=date(2024, 1, 2), language="en"),
                article("tiga", title="3", source="3", publisher="TEMPO"),
            ]
        )
        cases = [
            (Filters(since=date(2024, 1, 1)), ["2", "1"]),
            (Filters(since=date(2024, 1, 2)), ["2"]),
            (Filters(until=date(2024, 1, 1)), ["1"]),
            (Filters(since=date(2024, 1, 1), until=date(2024, 1, 1)), ["1"]),
            (Filters(publisher="tempo"), ["1", "3"]),
            (Filters(publisher="Tempo", until=date(2025, 1, 1)), ["1"]),
            (Filters(language="en"), ["2"]),
            (Filters(publisher="Detik"), []),
            (Filters(), ["2", "1", "3"]),
        ]
        titles = {
            p.passage_id: p.metadata.title
            for e in store.entries()
            for p in store.passages(e.article.article_id)
        }
        for filters, expected in cases:
            assert listed(store, filters) == expected, filters
            near = store.dense(embed("1. satu"), limit=9, filters=filters)
            assert sorted(titles[i] for i, _ in near) == sorted(expected), filters
            words = store.lexical("satu OR dua OR tiga", limit=9, filters=filters)
            assert sorted(titles[i] for i, _ in words) == sorted(expected), filters


def test_an_entry_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """Four digits will do when they are enough; otherwise the candidates are named."""
    items = [article(f"nomor {n}", title=f"T{n}", source=f"{n}") for n in range(400)]
    by_prefix: dict[str, list[str]] = {}
    for item in items:
        by_prefix.setdefault(item.article.article_id[:4], []).append(item.article.metadata.title)
    twice = next(p for p, titles in by_prefix.items() if len(titles) > 1)
    once = next(p for p, titles in by_prefix.items() if len(titles) == 1)
    with library(tmp_path, page_size=500) as store:
        store.put(items)
        assert store.entry(once.upper()).article.metadata.title == by_prefix[once][0]
        with pytest.raises(NotFound) as several:
            store.entry(twice)
        assert all(f"({title})" in str(several.value) for title in by_prefix[twice])
        for wrong in ("", "abc", "xyz1", "0" * 17, "../a", twice + "%"):
            with pytest.raises(NotFound):
                store.entry(wrong)


# -- searching -----------------------------------------------------------------------


def test_words_are_matched_as_they_were_given(tmp_path: Path) -> None:
    """Tokens are split at blanks alone: marks, digits, accents and case beyond ASCII count."""
    item = article("x", "y", "z")
    item = replace(item, terms=("covid-19 ke_2 rp5.000", "é naïve straße", 'it\'s "a" 50%'))
    with library(tmp_path) as store:
        store.put([item])
        for word, place in [
            ("covid-19", 0), ("ke_2", 0), ("rp5.000", 0), ("é", 1), ("naïve", 1),
            ("straße", 1), ("it's", 2), ('"a"', 2), ("50%", 2),
        ]:  # fmt: skip
            quoted = '"' + word.replace('"', '""') + '"'
            assert [i for i, _ in store.lexical(quoted, limit=5)] == [
                item.passages[place].passage_id
            ], word
            assert store.term_counts([word])[1] == {word: 1}
        for absent in ("covid", "e", "naive", "É", "strasse", "50"):
            assert store.lexical(f'"{absent}"', limit=5) == [], absent
            assert store.term_counts([absent])[1] == {absent: 0}


def test_lexical_scores_are_bm25_best_first_ties_by_id(tmp_path: Path) -> None:
    """Against Okapi BM25 with k1 1.2 and b 0.75 written out, as SQLite documents it."""
    texts = ["a b b", "a a a a c", "b c d e f g", "h", "a i j k", "a i j k l"]
    item = article(*(f"kalimat {n}" for n in range(6)))
    item = replace(item, terms=tuple(texts))

    def bm25(terms: list[str], text: str) -> float:
        words, score = text.split(), 0.0
        mean = sum(len(t.split()) for t in texts) / len(texts)
        for term in terms:
            having = sum(term in t.split() for t in texts)
            weight = max(1e-6, np.log((len(texts) - having + 0.5) / (having + 0.5)))
            times = words.count(term)
            score += weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(words) / mean))
        return float(score)

    with library(tmp_path) as store:
        store.put([item])
        found = store.lexical("b OR c", limit=10)
        expected = {
            p.passage_id: bm25(["b", "c"], t)
            for p, t in zip(item.passages, texts, strict=True)
            if {"b", "c"} & set(t.split())
        }
        assert dict(found) == pytest.approx(expected, rel=1e-4)
        assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        assert store.lexical("b OR c", limit=1) == found[:1]
        assert store.term_counts(["b", "z", "B"]) == (6, {"b": 2, "z": 0, "B": 2})


@pytest.mark.parametrize("broken", ['"', "AND", "a b OR", "nosuch: a", "(", "*"])
def test_an_expression_that_is_not_fts5_is_a_bad_question(tmp_path: Path, broken: str) -> None:
    """Nobody is told that the archive is broken because of what was asked."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
        with pytest.raises(BadQuestion):
            store.lexical(broken, limit=3)
        assert store.lexical(" ", limit=3) == []


def test_dense_agrees_with_comparing_every_vector(tmp_path: Path) -> None:
    """On 150 passages that share words, Chroma's ten nearest are the ten nearest."""
    items = [numbered(n, passages=5) for n in range(30)]
    with library(tmp_path, page_size=50) as store:
        store.put(items)
        every = {p.passage_id: v for i in items for p, v in zip(i.passages, i.vectors, strict=True)}
        for words in ("berita3 topik1", "judul topik4 tentang", "kalimat7x2"):
            asked = embed(words)
            exact = sorted(
                ((float(v @ asked), i) for i, v in every.items()), key=lambda h: (-h[0], h[1])
            )[:10]
            found = store.dense(asked, limit=10)
            assert [i for i, _ in found] == [i for _, i in exact]
            assert [s for _, s in found] == pytest.approx([s for s, _ in exact], abs=1e-5)
            assert store.cosines(asked, [i for i, _ in found]) == pytest.approx(
                dict(found), abs=1e-5
            )
        assert len(store.dense(embed("a"), limit=1_000)) == 150
        assert store.dense(embed("a"), limit=0) == []


def test_a_question_vector_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    """Chroma would answer with an internal error."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
        for wrong in (embed("a", dimension=8), np.full(DIMENSION, np.nan, np.float32)):
            with pytest.raises(ValueError, match="shape"):
                store.dense(wrong, limit=3)


# -- another model -------------------------------------------------------------------


def test_another_model_is_refused_where_vectors_matter_and_nowhere_else(tmp_path: Path) -> None:
    """Vectors of two models are never compared; reading and finding words go on."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
    with library(tmp_path, fingerprint=OTHER) as store:
        for refused in (
            lambda: store.dense(embed("a"), limit=3),
            lambda: store.cosines(embed("a"), []),
            lambda: store.known_vectors(["a"]),
            lambda: store.put([numbered(2)]),
        ):
            with pytest.raises(OtherFingerprint) as error:
                refused()
            assert FINGERPRINT in str(error.value)
            assert OTHER in str(error.value)
            assert "kutip reindex" in error.value.hint
        assert store.stored_fingerprint() == FINGERPRINT
        assert listed(store) == ["Judul 00001"]
        assert len(store.lexical("berita1", limit=9)) == 3
        assert "kutip reindex" in store.problems()[0]
        store.delete(ids([numbered(1)]))
        assert store.stored_fingerprint() is None
        assert store.put([numbered(2)]) == ["added"]
        assert store.stored_fingerprint() == OTHER
        assert_in_step(store, [numbered(2)])


def test_reindexing_changes_every_vector_and_then_the_fingerprint(tmp_path: Path) -> None:
    """Until the last vector is there the old model is in force; afterwards only the new one."""
    items = [numbered(n) for n in range(4)]
    with library(tmp_path) as store:
        store.put(items)
    with Library(tmp_path, fingerprint=OTHER, dimension=24, page_size=3) as store:
        seen = []

        def batches() -> Iterator[list[Remade]]:
            for item in items:
                seen.append(store.stored_fingerprint())
                yield [remade(item, dimension=24, salt="new")]

        assert store.replace(OTHER, 24, batches()) == 12
        assert seen == [FINGERPRINT] * 4
        assert store.stored_fingerprint() == OTHER
        new = [
            replace(i, vectors=np.stack([embed(c, dimension=24, salt="new") for c in i.contexts]))
            for i in items
        ]
        assert_in_step(store, new)
    with library(tmp_path) as store, pytest.raises(OtherFingerprint):
        store.dense(embed("a"), limit=1)


def test_reindexing_that_leaves_articles_out_changes_nothing(tmp_path: Path) -> None:
    """Too few articles made anew do not take the old ones' place; their vectors are kept."""
    items = [numbered(n) for n in range(2)]
    made = remade(items[0], dimension=DIMENSION, salt="new")
    with library(tmp_path) as store:
        store.put(items)
    with library(tmp_path, fingerprint=OTHER) as store:
        with pytest.raises(StoreError, match="1 articles were not made anew"):
            store.replace(OTHER, DIMENSION, [[made]])
        assert sorted(store.made_vectors(made.contexts)) == [0, 1, 2]
    with library(tmp_path) as store:
        assert_in_step(store, items)


def test_reindexing_may_cut_articles_otherwise(tmp_path: Path) -> None:
    """New passages replace the old ones in both stores, and no old one is found any more."""
    item = article("Satu dua.", "Tiga empat.")
    whole = article("Satu dua.\n\nTiga empat.")
    with library(tmp_path) as store:
        store.put([item])
        assert (
            store.replace(FINGERPRINT, DIMENSION, [[remade(whole, dimension=DIMENSION, salt="")]])
            == 1
        )
        assert_in_step(store, [whole])


# -- any order of changes ------------------------------------------------------------


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("put"),
                st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=4),
            ),
            st.tuples(st.just("delete"), st.integers(0, 4)),
            st.tuples(st.just("reopen"), st.just(0)),
            st.tuples(st.just("rebuild"), st.just(0)),
        ),
        max_size=8,
    )
)
def test_any_order_of_changes_leaves_what_a_dictionary_would_hold(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object]]
) -> None:
    """Sources that name texts, kept in a plain dict, and the library agree after every step."""
    folder = tmp_path_factory.mktemp("any")
    texts = {n: article(f"teks nomor{n}", f"lanjutan nomor{n}") for n in range(5)}
    model: dict[str, NewArticle] = {}
    store = library(folder)
    for what, value in steps:
        if what == "put":
            assert isinstance(value, list)
            batch = [
                replace(texts[text], source_id=f"/s/{source}", source=f"s{source}")
                for source, text in value
            ]
            expected = []
            for item in batch:
                before, known = model.get(item.source_id), ids(list(model.values()))
                same = before is not None and ids([before]) == ids([item])
                fresh = "unchanged" if ids([item])[0] in known else "added"
                expected.append("unchanged" if same else "updated" if before else fresh)
                model[item.source_id] = item
            assert store.put(batch) == expected
        elif what == "delete":
            (wanted,) = ids([texts[value]])  # type: ignore[index]
            if wanted in ids(list(model.values())):
                store.delete([wanted])
                model = {s: i for s, i in model.items() if ids([i]) != [wanted]}
            else:
                with pytest.raises(NotFound):
                    store.delete([wanted])
        elif what == "reopen":
            store.close()
            store = library(folder)
        else:
            assert store.rebuild() == 2 * len(set(ids(list(model.values()))))
        assert_in_step(store, list(model.values()))
    store.close()

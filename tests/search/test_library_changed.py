"""What a library promises when articles are taken away, corrected or made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import NotFound, OtherFingerprint, StoreError
from rag.schema import Filters
from rag.search.library import Library, NewArticle, Remade
from tests.search.helpers import (
    DIMENSION,
    FINGERPRINT,
    article,
    assert_in_step,
    embed,
    ids,
    library,
    listed,
    numbered,
    remade,
)

OTHER = "hash-24/2"

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

"""Passages found in several prints of a story share a place among the hits."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.schema import Filters, Hit
from rag.search.library import Library
from rag.search.quality import Trust
from rag.search.retrieve import retrieve
from tests.search.helpers import embed, library
from tests.search.prints import STORY
from tests.search.stored_prints import AGAIN, ALL, WIRE, grouped, one_group, printed, sources

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

"""Several processes over one data folder: writers lose nothing, readers are never stale."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreBusy
from rag.search.library import Library
from rag.search.lock import Gate, writer_lock
from tests.faults.children import (
    churn,
    finish,
    open_library,
    pipe,
    put_all,
    read_until_found,
    start,
)
from tests.search.helpers import DIMENSION, FINGERPRINT, assert_in_step, embed, library, numbered


def test_two_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two dozen articles from each, batch by batch: every passage is found by its own vector."""
    ours, theirs = list(range(24)), list(range(24, 48))
    children = [start(put_all, tmp_path, numbers, 3) for numbers in (ours, theirs)]
    assert [finish(child) for child in children] == [0, 0]
    with open_library(tmp_path) as store:
        assert_in_step(store, [numbered(n) for n in ours + theirs])


def test_another_process_finds_a_new_article_within_five_seconds(tmp_path: Path) -> None:
    """A reader that has its index loaded answers from the new article at its next question."""
    with library(tmp_path) as store:
        store.put([numbered(n) for n in range(6)])
        mine, its = pipe()
        reader = start(read_until_found, tmp_path, 7, its)
        assert mine.recv() == numbered(0).passages[0].passage_id
        store.put([numbered(6), numbered(7)])
        mine.send("there")
        assert mine.recv() < 5
        assert finish(reader) == 0


def test_two_libraries_in_one_process_see_each_other(tmp_path: Path) -> None:
    """Chroma shares what it has loaded within a process; neither library is stale for that."""
    with library(tmp_path) as one, library(tmp_path) as two:
        one.put([numbered(0)])
        assert_in_step(two, [numbered(0)])
        assert finish(start(put_all, tmp_path, [1, 2], 1)) == 0
        assert_in_step(one, [numbered(n) for n in range(3)])
        assert_in_step(two, [numbered(n) for n in range(3)])
        two.delete([numbered(1).article.article_id])
        one.put([numbered(3)])
        assert_in_step(one, [numbered(n) for n in (0, 2, 3)])
        assert_in_step(two, [numbered(n) for n in (0, 2, 3)])


def test_a_reader_is_never_broken_while_another_process_writes(tmp_path: Path) -> None:
    """Every search during the writing finds what was there before it, opened fresh or not."""
    put_all(tmp_path, [0, 1], 2)
    mine, its = pipe()
    writer = start(churn, tmp_path, its)
    kept, generations = open_library(tmp_path), [0]
    while len(generations) < 12 or generations[-1] < 12:
        with library(tmp_path) as fresh:
            for store in (kept, fresh):
                for item in (numbered(0), numbered(1)):
                    (found,) = store.dense(item.vectors[1], limit=1)
                    assert found[0] == item.passages[1].passage_id
                    assert len(store.passages(item.article.article_id)) == 3
        generations.append(kept.generation())
    mine.send("stop")
    left = mine.recv()
    assert finish(writer) == 0
    assert generations == sorted(generations)
    assert_in_step(kept, [numbered(n) for n in [0, 1, *left]])
    kept.close()


def test_a_search_does_not_wait_for_a_long_change(tmp_path: Path) -> None:
    """While the vector index is in somebody's hands, the archive answers, with the same hits."""
    items = [numbered(n) for n in range(6)]
    with library(tmp_path) as store:
        store.put(items)
        usual = store.dense(embed("berita3 topik1"), limit=7)
        with Gate(tmp_path / "index.lock").exclusive(wait_seconds=0):
            began = time.monotonic()
            now = store.dense(embed("berita3 topik1"), limit=7)
            assert store.problems() == []  # somebody at work is none
            assert store.counts()["vectors"] == -1
            assert time.monotonic() - began < 4
        assert [i for i, _ in now] == [i for i, _ in usual]
        assert np.allclose([s for _, s in now], [s for _, s in usual], atol=1e-5)


def test_a_writer_that_waits_in_vain_is_told_and_stores_nothing(tmp_path: Path) -> None:
    """Every way of writing is refused while another process holds the lock."""
    with Library(
        tmp_path, fingerprint=FINGERPRINT, dimension=DIMENSION, lock_seconds=0.05
    ) as store:
        store.put([numbered(1)])
        article_id = numbered(1).article.article_id
        with writer_lock(tmp_path, wait_seconds=0, command="kutip reindex"):
            for write in (
                lambda: store.put([numbered(2)]),
                lambda: store.delete([article_id]),
                lambda: store.edit(article_id, title="x"),
                lambda: store.note_source("s", "s", "0" * 64, article_id, b""),
                store.rebuild,
                lambda: store.replace("other", 3, []),
            ):
                with pytest.raises(StoreBusy, match=r"\(kutip reindex\) since 2"):
                    write()
            assert_in_step(store, [numbered(1)])

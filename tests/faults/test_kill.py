"""A process killed with -9 on the way leaves nothing half done."""

from __future__ import annotations

import random
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import NotFound, OtherFingerprint
from rag.search.library import Library
from tests.faults.children import (
    change,
    change_and_die,
    changed,
    finish,
    open_library,
    put_all,
    reindex_and_die,
    start,
)
from tests.search.helpers import DIMENSION, assert_in_step, embed, numbered

BEFORE = [numbered(n) for n in range(4)]
AFTER = {
    "put": [changed(0), numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)],
    "delete": [numbered(0), numbered(3)],
    "edit": BEFORE,
    "rebuild": BEFORE,
    "first": BEFORE,
}
SYNC, CHANGES, INDEX = "rag.search.sync:", "rag.search.changes:", "rag.search.vectors:VectorIndex."
# Every seam between two steps, named by the function on its far or its near side.
POINTS = [
    ("put", f"{CHANGES}stage:after", 1),  # in the transaction that stages
    ("put", f"{SYNC}Sync.settle:before", 2),  # staged
    ("put", f"{INDEX}upsert:after", 1),  # a part of it in Chroma
    ("put", f"{INDEX}mark:before", 1),  # all of it in Chroma
    ("put", f"{INDEX}mark:after", 1),
    ("put", f"{CHANGES}promote:after", 1),  # in the transaction that shows it
    ("put", f"{INDEX}delete:before", 1),  # shown
    ("put", f"{INDEX}files:before", 2),  # the old version gone from Chroma
    ("put", f"{CHANGES}settled:after", 1),  # in the transaction that closes it
    ("put", f"{SYNC}Sync.settle:after", 2),  # all done
    ("first", f"{CHANGES}stage:after", 1),
    ("first", f"{INDEX}create:before", 1),
    ("first", f"{INDEX}create:after", 1),
    ("first", f"{INDEX}upsert:after", 2),
    ("delete", f"{CHANGES}delete:after", 1),
    ("delete", f"{SYNC}Sync.settle:before", 2),
    ("delete", f"{INDEX}delete:after", 1),
    ("edit", f"{CHANGES}edit:after", 1),
    ("edit", f"{INDEX}upsert:before", 1),
    ("edit", f"{INDEX}mark:after", 1),
    ("rebuild", f"{INDEX}_wipe:after", 1),
    ("rebuild", f"{INDEX}upsert:after", 2),
    ("rebuild", f"{INDEX}files:before", 1),
]


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the four articles."""
    folder = tmp_path_factory.mktemp("four") / "data"
    with open_library(folder) as store:
        store.put(BEFORE)
    return folder


@pytest.mark.parametrize(("what", "point", "call"), POINTS)
def test_a_change_killed_between_two_steps_is_whole_or_undone_and_can_be_repeated(
    four: Path, tmp_path: Path, what: str, point: str, call: int
) -> None:
    """Whoever searches next finds all of it or nothing; the same change again ends right."""
    folder, copy = tmp_path / "data", tmp_path / "copy"
    if what != "first":
        shutil.copytree(four, folder)
    assert finish(start(change_and_die, folder, what, point, call)) == -signal.SIGKILL
    shutil.copytree(folder, copy)

    # A transaction that was open is undone, so only what came after the first one stays.
    undone = point in (f"{CHANGES}{step}:after" for step in ("stage", "delete", "edit"))
    before = [] if what == "first" else BEFORE
    with open_library(copy) as store:
        store.dense(embed("apa"), limit=1)
        assert_in_step(store, before if undone else AFTER[what])
        assert store.problems() == []

    if what == "delete" and not undone:
        with pytest.raises(NotFound):  # it was true already
            change(folder, what)
    else:
        change(folder, what)
    with open_library(folder) as store:
        assert_in_step(store, AFTER[what])
        if what == "edit":
            corrected = store.entry(BEFORE[1].article.article_id).article.metadata
            assert corrected.title == "Dibetulkan"


def test_kills_at_any_time_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Eight kills at random moments of one long adding, then the same adding to its end."""
    seed = 20_251
    moments = random.Random(seed)
    numbers = list(range(36))
    for _ in range(8):
        child = start(put_all, tmp_path, numbers, 2)
        time.sleep(moments.uniform(0.05, 0.9))
        child.kill()
        child.join()
        with open_library(tmp_path) as store:
            there = [n for n in numbers if store.source(numbered(n).source_id)]
            assert there == numbers[: len(there)], seed
            if there:
                item = numbered(there[-1])
                (found,) = store.dense(item.vectors[2], limit=1)
                assert found[0] == item.passages[2].passage_id, seed
                assert len(store.passages(item.article.article_id)) == 3, seed
    put_all(tmp_path, numbers, 2)
    with open_library(tmp_path) as store:
        assert_in_step(store, [numbered(n) for n in numbers])


@pytest.mark.parametrize("after_batches", [0, 2, None])
def test_a_reindexing_that_is_killed_leaves_the_old_index_or_is_finished(
    four: Path, tmp_path: Path, after_batches: int | None
) -> None:
    """Before the change of model the old one is whole; after it the next search completes it."""
    tmp_path = shutil.copytree(four, tmp_path / "data")
    other = "hash-24/2"
    child = start(reindex_and_die, tmp_path, other, after_batches)
    assert finish(child) == -signal.SIGKILL
    if after_batches is not None:
        with open_library(tmp_path) as store:
            assert_in_step(store, BEFORE)
            assert store.rebuild() == 12
            assert_in_step(store, BEFORE)
        assert finish(start(reindex_and_die, tmp_path, other, 99)) == 0
    new = [
        replace(i, vectors=np.stack([embed(c, dimension=24, salt="new") for c in i.contexts]))
        for i in BEFORE
    ]
    with Library(tmp_path, fingerprint=other, dimension=24, page_size=3) as store:
        store.dense(new[0].vectors[0], limit=1)
        assert_in_step(store, new)
    with open_library(tmp_path) as store, pytest.raises(OtherFingerprint):
        store.known_vectors([" " * DIMENSION])

"""Whatever happens to Chroma's files, the next search answers right, without a model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.search.helpers import assert_in_step, library, numbered

ITEMS = [numbered(n) for n in range(12)]


def segment(chroma: Path, name: str) -> Path:
    (path,) = chroma.glob(f"*/{name}")
    return path


def cut(path: Path) -> None:
    content = path.read_bytes()
    assert len(content) > 1
    path.write_bytes(content[: len(content) // 2])


def scribble(path: Path) -> None:
    """Other bytes, the same size and the same time: only a checksum can tell."""
    import os

    stat = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 4 : len(content) // 2] = b"\xff" * (
        len(content) // 2 - len(content) // 4
    )
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "everything gone": shutil.rmtree,
    "a file in its place": lambda c: (shutil.rmtree(c), c.write_text("x")),
    "an empty folder": lambda c: (shutil.rmtree(c), c.mkdir()),
    "database gone": lambda c: (c / "chroma.sqlite3").unlink(),
    "database empty": lambda c: (c / "chroma.sqlite3").write_bytes(b""),
    "database cut": lambda c: cut(c / "chroma.sqlite3"),
    "database garbage": lambda c: (c / "chroma.sqlite3").write_bytes(b"garbage " * 9_000),
    "segment gone": lambda c: shutil.rmtree(segment(c, "index_metadata.pickle").parent),
    "pickle gone": lambda c: segment(c, "index_metadata.pickle").unlink(),
    "pickle cut": lambda c: cut(segment(c, "index_metadata.pickle")),
    "vectors cut": lambda c: cut(segment(c, "data_level0.bin")),
    "vectors scribbled": lambda c: scribble(segment(c, "data_level0.bin")),
    "header cut": lambda c: cut(segment(c, "header.bin")),
    "lengths gone": lambda c: segment(c, "length.bin").unlink(),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with its graph on disk, as it is after more than a page of passages."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    with library(folder) as store:
        for item in ITEMS:
            store.put([item])
    assert segment(folder / "chroma", "index_metadata.pickle").stat().st_size > 0
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_and_healed_by_the_next_search(
    sound: Path, tmp_path: Path, damage: str
) -> None:
    """Twelve articles, damaged in fourteen ways: named by problems(), then whole again."""
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    DAMAGES[damage](folder / "chroma")
    with library(folder) as store:
        (problem,) = store.problems()
        assert "vector index" in problem
        assert "The next search makes it anew." in problem
        assert store.counts()["vectors"] == -1
        (found,) = store.dense(ITEMS[7].vectors[1], limit=1)
        assert found[0] == ITEMS[7].passages[1].passage_id
        assert store.problems() == []
        assert_in_step(store, ITEMS)


@pytest.mark.parametrize("damage", ["everything gone", "pickle cut", "database garbage"])
def test_damage_is_healed_by_the_next_change_too(sound: Path, tmp_path: Path, damage: str) -> None:
    """A writer who comes upon it rebuilds before it adds, deletes or corrects."""
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    for number, change in enumerate(("put", "delete", "edit")):
        DAMAGES[damage](folder / "chroma")
        with library(folder) as store:
            if change == "put":
                store.put([numbered(99)])
            elif change == "delete":
                store.delete([numbered(99).article.article_id])
            else:
                store.edit(ITEMS[0].article.article_id, title="Baru")
            assert_in_step(store, [*ITEMS, numbered(99)] if number == 0 else ITEMS)


def test_an_untouched_index_is_not_made_anew(sound: Path, tmp_path: Path) -> None:
    """Copied elsewhere and searched twice, every file of the graph is what it was."""
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    before = {p: p.read_bytes() for p in (folder / "chroma").glob("*/*")}
    for _ in range(2):
        with library(folder) as store:
            assert_in_step(store, ITEMS)
    assert {p: p.read_bytes() for p in (folder / "chroma").glob("*/*")} == before


def test_an_index_from_an_older_backup_is_not_believed(sound: Path, tmp_path: Path) -> None:
    """As many passages as the archive has, but not the same ones."""
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    with library(folder) as store:
        store.delete([ITEMS[0].article.article_id])
        store.put([numbered(77)])
    shutil.rmtree(folder / "chroma")
    shutil.copytree(sound / "chroma", folder / "chroma")
    with library(folder) as store:
        assert len(store.problems()) == 1
        (found,) = store.dense(numbered(77).vectors[0], limit=1)
        assert found[0] == numbered(77).passages[0].passage_id
        assert_in_step(store, [*ITEMS[1:], numbered(77)])


def test_the_index_of_another_library_is_not_believed(sound: Path, tmp_path: Path) -> None:
    """The same number of passages and changes, made by somebody else."""
    folder = tmp_path / "data"
    theirs = [numbered(100 + n) for n in range(12)]
    with library(folder) as store:
        for item in theirs:
            store.put([item])
    shutil.rmtree(folder / "chroma")
    shutil.copytree(sound / "chroma", folder / "chroma")
    with library(folder) as store:
        assert_in_step_after_search(store, theirs)


def assert_in_step_after_search(store, items) -> None:  # type: ignore[no-untyped-def]
    store.dense(items[0].vectors[0], limit=1)
    assert_in_step(store, items)


def test_no_model_named_by_a_collection_is_ever_loaded(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collection may name an embedding function with code of its own; Chroma knows none here."""
    import chromadb
    from chromadb.utils import embedding_functions

    loaded = []

    class Hostile:
        @staticmethod
        def build_from_config(config: object) -> None:
            loaded.append(config)

    monkeypatch.setitem(embedding_functions.known_embedding_functions, "hostile", Hostile)
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    with library(folder) as store:
        store.put([numbered(50)])
        assert_in_step(store, [*ITEMS, numbered(50)])
    assert embedding_functions.known_embedding_functions == {}
    assert loaded == []
    with chromadb.PersistentClient(path=str(folder / "chroma")) as client:
        (collection,) = client.list_collections()
        assert collection.name == "passages"
        assert collection.count() == 39  # any Chroma client can read it

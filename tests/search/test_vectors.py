"""Chroma as we use it: in a folder, and on a server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest

from rag.errors import StoreError
from rag.schema import Filters
from rag.search.library import Library
from rag.search.sync import chroma_where
from rag.search.vectors import Identity, IndexDamaged, Row, VectorIndex
from tests.search.helpers import (
    DIMENSION,
    FINGERPRINT,
    article,
    assert_in_step,
    embed,
    library,
    numbered,
)

ME = Identity(library="a" * 32, fingerprint=FINGERPRINT, dimension=DIMENSION, stamp=1)


def rows(count: int) -> list[Row]:
    return [
        Row(passage_id=f"p:{n}", vector=embed(f"kata{n} dan"), text=f"teks {n}", metadata={"n": n})
        for n in range(count)
    ]


def test_a_new_index_says_whose_it_is_and_holds_what_it_is_given(tmp_path: Path) -> None:
    """Seven passages in pages of three, one given twice, one taken out again."""
    index = VectorIndex(tmp_path / "chroma", page_size=3)
    index.create(ME)
    assert index.is_open
    index.upsert(rows(7))
    index.upsert(rows(1))
    index.delete(["p:3", "p:99"])
    assert index.count() == 6
    found = index.query(embed("kata5 dan"), limit=3, where=None)
    assert found[0] == ("p:5", pytest.approx(1.0, abs=1e-6))
    assert [i for i, _ in index.query(embed("kata5 dan"), limit=9, where={"n": {"$lt": 2}})] in (
        ["p:0", "p:1"],
        ["p:1", "p:0"],
    )
    index.close()
    assert not index.is_open
    assert index.open(ME.library) == ME
    assert index.count() == 6
    index.close()


def test_a_new_index_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """Nothing that was there before is there after `create`."""
    index = VectorIndex(tmp_path / "chroma")
    index.create(ME)
    index.upsert(rows(5))
    index.create(ME)
    assert index.count() == 0
    index.close()


def test_what_is_not_ours_is_damage(tmp_path: Path) -> None:
    """No folder, no collection, or a collection that somebody else made."""
    import chromadb

    index = VectorIndex(tmp_path / "chroma")
    with pytest.raises(IndexDamaged, match="there is no vector index"):
        index.open(ME.library)
    assert not (tmp_path / "chroma").exists()
    with chromadb.PersistentClient(path=str(tmp_path / "chroma")) as client:
        with pytest.raises(IndexDamaged):
            index.open(ME.library)
        client.create_collection("passages", embedding_function=None)
    with pytest.raises(IndexDamaged, match="not made by Kutip"):
        index.open(ME.library)
    index.close()


def test_the_graph_is_vouched_for_once_it_is_on_disk(tmp_path: Path) -> None:
    """Five files with size and checksum, the same ones after a visit that changes nothing."""
    index = VectorIndex(tmp_path / "chroma", page_size=3)
    index.create(ME)
    assert index.files() == {}
    index.upsert(rows(7))
    files = index.files()
    assert sorted(Path(name).name for name in files) == [
        "data_level0.bin",
        "header.bin",
        "index_metadata.pickle",
        "length.bin",
        "link_lists.bin",
    ]
    index.close()
    index.open(ME.library)
    index.query(embed("x"), limit=1, where=None)
    assert VectorIndex(tmp_path / "chroma").files() == files
    index.close()


def test_whatever_chroma_raises_becomes_one_error(tmp_path: Path) -> None:
    """A wrong length and a bad filter come as exceptions of different families."""
    index = VectorIndex(tmp_path / "chroma")
    index.create(ME)
    index.upsert(rows(2))
    for wrong in (
        lambda: index.query(np.ones(3, np.float32), limit=1, where=None),
        lambda: index.query(embed("x"), limit=1, where={"$what": 1}),
        lambda: index.upsert([Row(passage_id="x", vector=embed("x"), text="t", metadata={})]),
    ):
        with pytest.raises(StoreError, match="vector index"):
            wrong()
    index.close()


def test_reopening_many_times_leaves_no_files_open(tmp_path: Path) -> None:
    """A reader that reopens after every change does not run out of them."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    index = VectorIndex(tmp_path / "chroma")
    index.create(ME)
    index.upsert(rows(3))

    def files_open() -> int:
        index.close()
        index.open(ME.library)
        index.query(embed("x"), limit=1, where=None)
        return len(list(Path("/proc/self/fd").iterdir()))

    first = [files_open() for _ in range(5)]
    last = [files_open() for _ in range(25)]
    assert max(last) <= max(first) + 5
    index.close()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (None, None),
        (Filters(), None),
        (Filters(since=date(2024, 1, 2)), {"published": {"$gte": 20240102}}),
        (
            Filters(until=date(2024, 12, 31), publisher="TEMPO", language="EN"),
            {
                "$and": [
                    {"published": {"$lte": 20241231}},
                    {"publisher": {"$in": ["Tempo", "tempo"]}},
                    {"language": "en"},
                ]
            },
        ),
    ],
)
def test_filters_in_chromas_words(filters: Filters | None, expected: object) -> None:
    """Dates are numbers; a publisher is every way it is spelt; one condition stands alone."""
    assert chroma_where(filters, ["Tempo", "tempo"]) == expected


def test_the_collection_tells_any_chroma_client_what_a_passage_is(tmp_path: Path) -> None:
    """Documents, embeddings and what is known of the article, under the id of the passage."""
    import chromadb

    known = article("Isi satu.", title="Satu", publisher="Tempo", published=date(2024, 3, 9))
    bare = article("Isi dua.", title="Dua", source="b.txt", language=None)
    with library(tmp_path) as store:
        store.put([known, bare])
    with chromadb.PersistentClient(path=str(tmp_path / "chroma")) as client:
        got = client.get_collection("passages", embedding_function=None).get(
            include=["documents", "metadatas", "embeddings"]
        )
    both = {i.passages[0].passage_id: i for i in (known, bare)}
    assert set(got["ids"]) == set(both)
    documents, metadatas, embeddings = got["documents"], got["metadatas"], got["embeddings"]
    assert documents is not None
    assert metadatas is not None
    assert embeddings is not None
    for place, passage_id in enumerate(got["ids"]):
        item = both[passage_id]
        assert documents[place] == item.passages[0].text
        assert np.allclose(embeddings[place], item.vectors[0], atol=1e-6)
        more = (
            {"publisher": "Tempo", "published": 20240309, "language": "id"} if item is known else {}
        )
        assert metadatas[place] == {
            "article_id": item.article.article_id,
            "title": item.article.metadata.title,
            "start": 0,
            "end": len(item.passages[0].text),
            **more,
        }


# -- a server ------------------------------------------------------------------------


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A Chroma server that answers."""
    process = subprocess.Popen(
        [Path(sys.executable).parent / "chroma", "run", "--path", folder, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat", trust_env=False)
        except httpx.TransportError:
            assert process.poll() is None, "the server did not start"
            time.sleep(0.1)
        else:
            return process
    raise AssertionError("the server does not answer")


@contextmanager
def at(folder: Path, port: int) -> Iterator[Library]:
    url = f"http://127.0.0.1:{port}"
    with Library(
        folder, fingerprint=FINGERPRINT, dimension=DIMENSION, page_size=3, chroma_url=url
    ) as store:
        yield store


@pytest.mark.skipif(shutil.which("chroma", path=str(Path(sys.executable).parent)) is None,
                    reason="needs the chroma command")  # fmt: skip
def test_a_server_may_hold_the_vectors_of_several_libraries(tmp_path: Path) -> None:
    """Two data folders on one server, which goes away, comes back, and comes back empty."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(tmp_path / "server", port)
    try:
        one, two = [numbered(n) for n in range(5)], [numbered(n) for n in range(3, 9)]
        with at(tmp_path / "one", port) as mine, at(tmp_path / "two", port) as theirs:
            mine.put(one)
            theirs.put(two)
            theirs.delete([numbered(8).article.article_id])
            assert_in_step(mine, one)
            assert_in_step(theirs, two[:-1])
            assert not (tmp_path / "one" / "chroma").exists()

            server.kill()
            server.wait()
            ranked = mine.dense(one[0].vectors[0], limit=3)  # from the archive
            assert ranked[0][0] == one[0].passages[0].passage_id
            with pytest.raises(StoreError, match="no Chroma server answers") as error:
                mine.put([numbered(20)])
            assert "chroma run" in error.value.hint
            assert mine.counts()["pending"] == 1
            assert mine.counts()["vectors"] == -1

            server = serve(tmp_path / "server", port)
            assert mine.put([numbered(20)]) == ["unchanged"]
            assert_in_step(mine, [*one, numbered(20)])

            server.kill()
            server.wait()
            server = serve(tmp_path / "another", port)
            mine.dense(one[0].vectors[0], limit=1)
            assert_in_step(mine, [*one, numbered(20)])
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x", "http://", "nonsense"])
def test_an_address_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    """The setting is quoted, with an example of a right one."""
    with pytest.raises(StoreError, match="no address of a Chroma server") as error:
        VectorIndex(tmp_path, url=url).open(ME.library)
    assert "KUTIP_CHROMA_URL" in error.value.hint


def test_a_call_to_a_server_is_tried_three_times(tmp_path: Path) -> None:
    """Once it is reached, all is well; three refusals are an error; damage is not tried again."""
    index = VectorIndex(tmp_path, url="http://127.0.0.1:1")

    def failing(times: int, error: Exception) -> Callable[[], int]:
        calls = []

        def ask() -> int:
            calls.append(1)
            if len(calls) <= times:
                raise error
            return len(calls)

        return ask

    assert index._call(failing(2, httpx.ConnectError("refused"))) == 3
    with pytest.raises(StoreError, match="no Chroma server answers"):
        index._call(failing(3, httpx.RemoteProtocolError("gone")))
    with pytest.raises(IndexDamaged):
        index._call(failing(1, KeyError("x")))

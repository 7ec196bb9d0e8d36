"""The vector index: a Chroma collection of passages. Derived from the archive, never the truth.

Chroma neither checks its files nor writes them whole, and a damaged one can end the process
that loads it. So the archive keeps their checksums, nothing is loaded that does not match
them, and whatever is wrong is answered in one way: made anew from the archive, without a
model.
"""

from __future__ import annotations

import itertools
import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError

NAME = "passages"
MAX_BATCH = 5_000  # records a call; Chroma's own limit is 5,461
# Chroma writes its graph to disk every so many records, and whoever opens it inserts the rest
# again: up to 1.7 s for 4,500 records of 384 numbers, 0.25 s for 500 (2 cores).
_SYNC_RECORDS = 1_000
_TRIES = 3  # against a server that is starting anew
_PAUSE_SECONDS = 0.3

_numbers = itertools.count()
T = TypeVar("T")


class IndexDamaged(StoreError):
    """The vector index is missing, damaged or not the archive's; making it anew heals it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One passage as the vector index holds it."""

    passage_id: str
    vector: NDArray[np.float32]
    text: str
    metadata: dict[str, str | int]  # only what is known; dates as yyyymmdd


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the collection says of itself: whose it is, and how far it has come."""

    library: str
    fingerprint: str
    dimension: int
    stamp: int


class VectorIndex:
    """One Chroma collection, in `folder` or on the server at `url`; opens nothing by itself.

    Every method may raise `StoreError`, and `IndexDamaged` when rebuilding would help.
    """

    def __init__(self, folder: Path, *, url: str = "", page_size: int = MAX_BATCH) -> None:
        self._folder = folder
        self._url = url
        self._page = min(page_size, MAX_BATCH)
        self._sync = max(2, min(_SYNC_RECORDS, page_size))
        self._client: Any = None
        self._collection: Any = None
        self._sums: dict[str, tuple[tuple[int, int, int], list[int]]] = {}

    @property
    def is_open(self) -> bool:
        """Whether `open` or `create` has succeeded since the last `close`."""
        return self._collection is not None

    def files(self) -> dict[str, list[int]]:
        """The size and checksum of every file that Chroma would load unchecked."""
        found = {}
        for mark in sorted(self._folder.glob("*/index_metadata.pickle")):
            for file in sorted(mark.parent.iterdir()):
                name = f"{file.parent.name}/{file.name}"
                try:
                    stat = file.stat()
                    was = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
                    if self._sums.get(name, (None, []))[0] != was:
                        self._sums[name] = (was, [stat.st_size, _checksum(file)])
                except OSError as error:
                    raise IndexDamaged(f"{file} cannot be read: {error.strerror}") from error
                found[name] = self._sums[name][1]
        return found

    def _is_there(self) -> bool:
        try:
            return (self._folder / "chroma.sqlite3").is_file()
        except OSError as error:
            raise StoreError(
                f"the vector index in {self._folder} cannot be read: {error.strerror}",
                hint="Mend the folder's permissions; the articles are not affected.",
            ) from error

    def open(self, library: str) -> Identity:
        """Open the collection that is there, and tell what it says of itself."""
        if not self._url and not self._is_there():
            raise IndexDamaged(f"there is no vector index in {self._folder}")
        self.close()
        self._connect()
        name = self._name(library)
        self._collection = self._call(
            lambda: self._client.get_collection(name, embedding_function=None)
        )
        told = self._collection.metadata or {}
        try:
            return Identity(
                library=str(told["library"]),
                fingerprint=str(told["fingerprint"]),
                dimension=int(told["dimension"]),
                stamp=int(told["stamp"]),
            )
        except (KeyError, ValueError) as error:
            raise IndexDamaged(f"the collection {name} in Chroma was not made by Kutip") from error

    def create(self, identity: Identity) -> None:
        """Put an empty collection in place of whatever is there."""
        self.close()
        name = self._name(identity.library)
        if not self._url:
            self._wipe()
        self._connect()
        if self._url and any(c.name == name for c in self._call(self._client.list_collections)):
            self._call(lambda: self._client.delete_collection(name))
        self._collection = self._call(
            lambda: self._client.create_collection(
                name,
                embedding_function=None,  # or Chroma would fetch a model of its own
                metadata=_told(identity),
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "sync_threshold": self._sync,
                        "batch_size": min(100, self._sync),
                    }
                },
            )
        )

    def mark(self, identity: Identity) -> None:
        """Let the collection say how far it has come."""
        self._call(lambda: self._collection.modify(metadata=_told(identity)))

    def upsert(self, rows: Sequence[Row]) -> None:
        """Put passages in, over what is there under the same id; each page is one call."""
        for page in _pages(rows, self._page):
            self._call(
                lambda page=page: self._collection.upsert(  # type: ignore[misc]
                    ids=[row.passage_id for row in page],
                    embeddings=np.stack([row.vector for row in page]),
                    documents=[row.text for row in page],
                    metadatas=[row.metadata for row in page],
                )
            )

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Take passages out; those that are not there do not matter."""
        for page in _pages(passage_ids, self._page):
            self._call(lambda page=page: self._collection.delete(ids=list(page)))  # type: ignore[misc]

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._call(self._collection.count))

    def query(
        self, vector: NDArray[np.float32], *, limit: int, where: dict[str, Any] | None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine), the best first."""
        found = self._call(
            lambda: self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=min(limit, MAX_BATCH),
                where=where,
                include=["distances"],
            )
        )
        return [
            (passage_id, 1.0 - float(distance))
            for passage_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def close(self) -> None:
        """Let go of the index; `open` then sees what other processes did to it."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            with self._wrapped():
                client.close()

    def _name(self, library: str) -> str:
        # A server may hold the passages of several data folders.
        return f"{NAME}-{library[:12]}" if self._url else NAME

    def _connect(self) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.utils import embedding_functions

        # A collection may name an embedding function, and Chroma would load it, with whatever
        # code its model brings along. We bring our own vectors, so none need be known.
        embedding_functions.known_embedding_functions.clear()
        settings = Settings(anonymized_telemetry=False)
        if self._url:
            try:
                at = urlsplit(self._url)
            except ValueError:
                at = urlsplit("")
            if at.scheme not in ("http", "https") or not at.hostname:
                raise StoreError(
                    f"{self._url!r} is no address of a Chroma server",
                    hint="KUTIP_CHROMA_URL must look like http://127.0.0.1:8000.",
                )
            host, secure = at.hostname, at.scheme == "https"
            self._client = self._call(
                lambda: chromadb.HttpClient(
                    host=host,
                    port=at.port or (443 if secure else 80),
                    ssl=secure,
                    settings=settings,
                )
            )
        else:
            # Chroma shares what it has loaded, or failed to load, among all clients in the
            # process that name the same path; one that reopens would be as stale as before if
            # another library is open. A path of its own spelling gives each client its own.
            alias = "".join("/." if bit == "1" else "/" for bit in f"{next(_numbers):b}")
            path = f"{self._folder.absolute().parent}{alias}/{self._folder.name}"
            self._client = self._call(
                lambda: chromadb.PersistentClient(path=path, settings=settings)
            )

    def _wipe(self) -> None:
        try:
            if self._folder.is_dir() and not self._folder.is_symlink():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{error.filename or self._folder} cannot be removed: {error.strerror}",
                hint=f"Delete the folder {self._folder} by hand; it is made anew.",
            ) from error

    def _call(self, ask: Callable[[], T]) -> T:
        """What `ask` returns; with a server, tried again, as every call may be repeated by id."""
        for left in reversed(range(_TRIES if self._url else 1)):
            try:
                with self._wrapped():
                    return ask()
            except StoreError as error:
                if isinstance(error, IndexDamaged) or left == 0 or not _transport(error.__cause__):
                    raise
                time.sleep(_PAUSE_SECONDS * 2 ** (_TRIES - 1 - left))
        raise AssertionError("unreachable")

    @contextmanager
    def _wrapped(self) -> Iterator[None]:
        """Turns whatever Chroma raises into `StoreError`; its own classes tell nothing apart."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, StoreError):
            raise
        except BaseException as error:  # a panic in Chroma's Rust is no Exception
            raise self._complaint(error) from error

    def _complaint(self, error: BaseException) -> StoreError:
        where = self._url or str(self._folder)
        said = " ".join(str(error).split())[:300] or type(error).__name__
        if _transport(error):
            return StoreError(
                f"no Chroma server answers at {where} ({said})",
                hint="Start it with chroma run, or unset KUTIP_CHROMA_URL.",
            )
        low = said.lower()
        if "disk i/o error" in low:
            return StoreError(
                f"the vector index in {where} could not be read or written by the disk",
                hint="Look for free space and at the disk's health; nothing is lost.",
            )
        if "disk is full" in low or "no space left" in low or "file too large" in low:
            return StoreError(
                f"the vector index in {where} cannot grow: the disk is full",
                hint="Free some space, then try again; nothing is lost.",
            )
        if "readonly" in low or "read-only" in low or "permission denied" in low:
            return StoreError(
                f"the vector index in {where} cannot be written to ({said})",
                hint="Mend the permissions of the data folder; nothing is lost.",
            )
        return IndexDamaged(
            f"the vector index in {where} cannot be used ({said})",
            hint="Look for free space, then see kutip status; nothing is lost.",
        )


def _transport(error: BaseException | None) -> bool:
    import httpx

    return isinstance(error, httpx.TransportError | ConnectionError) or (
        isinstance(error, ValueError) and "Could not connect to" in str(error)
    )


def _told(identity: Identity) -> dict[str, str | int]:
    return {
        "library": identity.library,
        "fingerprint": identity.fingerprint,
        "dimension": identity.dimension,
        "stamp": identity.stamp,
    }


def _pages(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _checksum(file: Path) -> int:
    value = 0
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            value = zlib.crc32(piece, value)
    return value

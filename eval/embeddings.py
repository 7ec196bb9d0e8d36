"""An embedder that remembers: each passage is embedded once on a machine, whoever asks.

The vectors lie in one SQLite file, by model and text, and go by age when they are too many.
A file that cannot be read or written costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

T = TypeVar("T")

logger = logging.getLogger(__name__)

MOST_BYTES = 512_000_000  # 300,000 vectors of 384 numbers; then the half used longest ago goes

_AT_ONCE = 500  # keys asked for in one query; SQLite takes 999 anywhere
_DAY = 86_400  # seconds; whether a vector was used today or yesterday is all that counts
_PATIENCE = 5.0  # seconds for another process to finish its writing
_STEP = 256  # passages embedded between two writes, which is what a kill can cost
_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
  text BLOB PRIMARY KEY,  -- of SHA-256 over model and text
  vector BLOB NOT NULL,   -- float32, little-endian
  used INTEGER NOT NULL   -- seconds since 1970
) WITHOUT ROWID
"""


class Encoder(Protocol):
    """What an engine asks of its embedder."""

    @property
    def info(self) -> Any:
        """The model behind the vectors."""

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question."""

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """One row a text."""


class Remembering:
    """An embedder like `inner`, which is asked only for passages that are not in the file.

    `variant` tells what a vector depends on beside the model, such as its precision.
    """

    def __init__(
        self, inner: Encoder, path: Path, *, variant: str = "", most_bytes: int = MOST_BYTES
    ) -> None:
        self._inner = inner
        self._path = path
        self._variant = variant
        self._most_bytes = most_bytes
        self.recalled = 0  # passages that were not embedded again

    @property
    def info(self) -> Any:
        """The model behind the vectors."""
        return self._inner.info

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; a run asks the same ones as the run before."""
        key = self._key(text, kind="query")
        known = self._recall([key])
        if key in known:
            return known[key]
        vector = self._inner.embed_query(text)
        self._keep({key: vector})
        return vector

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """One row a text, float32, as `inner` gives them or once gave them."""
        import numpy as np

        keys = [self._key(text) for text in texts]
        known = self._recall(keys)
        self.recalled += sum(key in known for key in keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        done = len(texts) - len(missing)
        for some in _stepwise(missing.items(), _STEP):
            rows = self._inner.embed_passages([text for _, text in some])
            fresh = {key: row for (key, _), row in zip(some, rows, strict=True)}
            self._keep(fresh)
            known |= fresh
            done += len(some)
            if on_progress is not None:
                on_progress(done)
        found = [known[key] for key in keys]
        return np.asarray(found, dtype=np.float32).reshape(len(keys), self.info.dimension)

    def _key(self, text: str, *, kind: str = "passage") -> bytes:
        model = f"{self.info.fingerprint} {self._variant} {kind}"
        return hashlib.sha256(f"{model}\0{text}".encode()).digest()

    def _recall(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors that are in the file, by key."""
        import numpy as np

        def look(db: sqlite3.Connection) -> dict[bytes, Vectors]:
            found: dict[bytes, Vectors] = {}
            now = int(time.time())
            for some in _stepwise(dict.fromkeys(keys), _AT_ONCE):
                places = ",".join("?" * len(some))
                for key, data in db.execute(
                    f"SELECT text, vector FROM vectors WHERE text IN ({places})", some
                ):
                    vector = np.frombuffer(data, dtype="<f4")
                    if vector.shape == (self.info.dimension,):
                        found[key] = vector.astype(np.float32)
                db.execute(
                    f"UPDATE vectors SET used = ? WHERE text IN ({places}) AND used < ?",
                    (now, *some, now - _DAY),
                )
            return found

        return self._using(look) or {}

    def _keep(self, rows: Mapping[bytes, Vectors]) -> None:
        """Put vectors into the file; when they are too many, take out those not used for long."""

        def put(db: sqlite3.Connection) -> None:
            now = int(time.time())
            db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                ((key, row.astype("<f4").tobytes(), now) for key, row in rows.items()),
            )
            pages, free, size = (
                db.execute(f"PRAGMA {each}").fetchone()[0]
                for each in ("page_count", "freelist_count", "page_size")
            )
            if (pages - free) * size > self._most_bytes:
                db.execute(
                    "DELETE FROM vectors WHERE text IN (SELECT text FROM vectors ORDER BY used "
                    "LIMIT (SELECT count(*) / 2 FROM vectors))"
                )

        self._using(put)

    def _using(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` gives, done in one transaction; None where the file cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as db, db:
                # Not waited for: what a failing power supply damages is made anew.
                db.execute("PRAGMA synchronous = OFF")
                db.execute(_TABLE)
                return work(db)
        except (sqlite3.Error, OSError) as error:
            logger.info("%s is not used: %s", self._path, error)
            if type(error) is sqlite3.DatabaseError:  # no database, or a damaged one
                with suppress(OSError):
                    self._path.unlink()
            return None


def _stepwise(items: Iterable[T], step: int) -> Iterator[list[T]]:
    """The items, so many at a time."""
    rest = iter(items)
    while some := list(itertools.islice(rest, step)):
        yield some

"""The vector index kept in step with the archive.

Whoever changes the archive first notes there what is to become true; `settle` then brings
the vector index there and lets the archive make it true. A process killed on the way leaves
the note behind, and whoever comes next, to write or to search, walks the rest of the road.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBusy, StoreError
from rag.schema import Filters
from rag.search import changes
from rag.search.archive import Archive, State
from rag.search.lock import Gate, writer_lock
from rag.search.matches import Matches
from rag.search.tables import day, storable, unpack_metadata, unpack_vectors
from rag.search.vectors import Identity, IndexDamaged, Row, VectorIndex

logger = logging.getLogger(__name__)

# A search does not wait for a writer who holds the vector index: comparing with every vector
# in the archive is slower (0.4 s for 40,000), and finds the same.
_PATIENCE_SECONDS = 0.25
# A writer waits longer for readers: each is inside for one search, or while it loads the index.
_GATE_SECONDS = 60.0
# What could not be mended is not tried again at every question.
_REST_SECONDS = 60.0

# An article that is staged anew under its own id stands for the version that is still seen.
_ALL = (
    "(a.visible = 0 OR NOT EXISTS (SELECT 1 FROM articles n "
    "WHERE n.visible = 0 AND n.article_id = a.article_id))"
)
_CHANGED = "(a.visible = 0 OR a.article_id IN (SELECT article_id FROM refresh))"


class Sync:
    """One archive and its vector index; usable from any thread, opens nothing by itself."""

    def __init__(
        self,
        archive: Archive,
        matches: Matches,
        folder: Path,
        *,
        page_size: int,
        chroma_url: str,
    ) -> None:
        self._archive = archive
        self._matches = matches
        self._folder = folder
        self._page = page_size
        self._index = VectorIndex(folder / "chroma", url=chroma_url, page_size=page_size)
        self._gate = Gate(folder / "index.lock")
        self._opened_at: tuple[str, int] | None = None  # library and stamp of what is loaded
        self._rest_until = 0.0

    def close(self) -> None:
        """Let go of the vector index; the next call opens it again."""
        self._opened_at = None
        self._index.close()

    def settle(self) -> None:
        """Walk the rest of the road; the caller holds the writer's lock."""
        state = self._archive.state()
        if not state.unsettled:
            return
        if not state.to_index:
            with self._archive.writing() as db:
                changes.promote(db)
            state = self._archive.state()
            if not state.to_index:  # a source that moved may have left an article without one
                return
        with self._gate.exclusive(wait_seconds=_GATE_SECONDS):
            try:
                try:
                    self._bring(state)
                except IndexDamaged as damage:
                    if state.stamp:  # else there never was one
                        logger.warning("%s; making it anew", damage)
                    with self._archive.writing() as db:
                        changes.want_rebuild(db)
                    self._bring(self._archive.state())
            except BaseException:
                self._opened_at = None  # what is loaded may be half of something
                raise

    def search(
        self, vector: NDArray[np.float32], *, limit: int, filters: Filters | None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the passages nearest to a unit vector, the best first.

        From the vector index, mended first if need be. While another process changes it, or
        when it cannot be mended, from the archive.
        """
        state = self._archive.state()
        if limit < 1 or not state.visible + state.pending:
            return []
        if state.unsettled:
            self._mend(anew=False)
        try:
            try:
                return self._ask(vector, limit, filters)
            except IndexDamaged as damage:
                if not self._mend(anew=True, why=damage):
                    raise
                return self._ask(vector, limit, filters)
        except StoreBusy as error:
            logger.info("%s; comparing with every vector instead", error)
        except StoreError as error:
            logger.warning("%s; comparing with every vector instead", error)
        return self._matches.nearest(vector, limit=limit, filters=filters, page=self._page)

    def count(self) -> int:
        """How many passages the vector index holds.

        `StoreError` when it is not in order, `StoreBusy` while another process changes it.
        """
        state = self._archive.state()
        if not state.stamp and not state.to_index:
            return 0
        with self._gate.shared(wait_seconds=_PATIENCE_SECONDS):
            self._open(self._archive.state())
            return self._index.count()

    def _bring(self, state: State) -> None:
        """Bring the vector index to what the archive wants, and then make that true."""
        identity = Identity(
            library=state.library,
            fingerprint=state.fingerprint,
            dimension=state.dimension,
            stamp=state.stamp + 1,
        )
        # Chroma keeps what is deleted in its graph, so beyond a half it is better made anew.
        anew = state.rebuild or state.tombstones > state.visible + state.pending
        if anew:
            with self._archive.writing() as db:
                changes.want_rebuild(db)
            self._index.create(identity)
        else:
            self._open(state)
        for rows in self._rows(state, anew=anew):
            self._index.upsert(rows)
        self._index.mark(identity)
        with self._archive.writing() as db:
            changes.promote(db)
        for tombstones in self._archive.tombstones(self._page):
            self._index.delete(tombstones)
        files = self._index.files()
        with self._archive.writing() as db:
            changes.settled(db, stamp=identity.stamp, files=files)
        self._opened_at = (identity.library, identity.stamp)

    def _open(self, state: State) -> None:
        """Open the vector index as it is on disk, if it is the one the archive knows.

        The caller is inside the gate and read `state` there, so nobody changes either.
        """
        if state.rebuild:
            raise IndexDamaged("the vector index is not finished")
        if self._index.is_open and self._opened_at == (state.library, state.stamp):
            return
        self._opened_at = None
        self._index.close()
        if self._index.files() != state.files:
            raise IndexDamaged("the files of the vector index are not as they were written")
        found = self._index.open(state.library)
        # A writer that died may have marked the index before the archive took note.
        stamps = (state.stamp, state.stamp + 1) if state.to_index else (state.stamp,)
        if found.stamp not in stamps or (found.library, found.fingerprint, found.dimension) != (
            state.library,
            state.fingerprint,
            state.dimension,
        ):
            raise IndexDamaged("the vector index is not the one that belongs to the archive")
        count = self._index.count()
        if not state.visible <= count <= state.visible + state.pending + state.tombstones:
            raise IndexDamaged(
                f"the vector index holds {count} passages, the archive {state.visible}"
            )
        self._opened_at = (state.library, state.stamp)

    def _ask(
        self, vector: NDArray[np.float32], limit: int, filters: Filters | None
    ) -> list[tuple[str, float]]:
        with self._gate.shared(wait_seconds=_PATIENCE_SECONDS):
            state = self._archive.state()
            self._open(state)
            spellings = []
            if filters and filters.publisher:
                spellings = self._archive.spellings(filters.publisher)
                if not spellings:
                    return []
            hits = self._index.query(
                vector,
                limit=limit + state.pending + state.tombstones,  # they may take up places
                where=chroma_where(filters, spellings),
            )
        there = self._archive.passing([hit[0] for hit in hits], filters)
        ranked = sorted((hit for hit in hits if hit[0] in there), key=lambda hit: (-hit[1], hit[0]))
        return ranked[:limit]

    def _mend(self, *, anew: bool, why: StoreError | None = None) -> bool:
        """Finish what is unfinished, or make the index anew, unless somebody is writing now."""
        if time.monotonic() < self._rest_until:
            return False
        try:
            with writer_lock(self._folder, wait_seconds=0.0):
                if anew:
                    logger.warning("%s; making it anew", why)
                    with self._archive.writing() as db:
                        changes.want_rebuild(db)
                self.settle()
        except StoreBusy:
            return False  # whoever writes finishes it as well
        except StoreError as error:
            logger.warning("the vector index cannot be mended now: %s", error)
            self._rest_until = time.monotonic() + _REST_SECONDS
            return False
        return True

    def _rows(self, state: State, *, anew: bool) -> Iterator[list[Row]]:
        """Pages of what the index lacks, or with `anew` of all that it must hold."""
        sql = (
            "SELECT p.key, p.passage_id, p.text, p.start, p.stop, a.article_id, a.metadata, "
            "v.vector FROM passages p CROSS JOIN articles a ON a.key = p.article "
            "LEFT JOIN vectors v ON v.context_hash = p.context_hash AND v.model = "
            "(SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'model') "
            f"WHERE {_ALL if anew else _CHANGED} AND p.key > ? ORDER BY p.key LIMIT ?"
        )
        for found in self._archive.pages(sql, self._page):
            if any(row[7] is None for row in found):
                raise StoreError(
                    f"{self._archive.path} lacks the vectors of some passages",
                    hint="Run kutip reindex; it makes them again.",
                )
            vectors = unpack_vectors([row[7] for row in found], state.dimension)
            metadata = {row[6]: unpack_metadata(row[6]) for row in found}
            rows = []
            for row, vector in zip(found, vectors, strict=True):
                known = metadata[row[6]]
                told = {
                    "article_id": row[5],
                    "title": storable(known.title),
                    "publisher": known.publisher and storable(known.publisher),
                    "language": known.language and known.language.lower(),
                    "published": day(known.published),
                    "start": row[3],
                    "end": row[4],
                }
                said = {name: value for name, value in told.items() if value is not None}
                rows.append(Row(passage_id=row[1], vector=vector, text=row[2], metadata=said))
            yield rows


def chroma_where(filters: Filters | None, spellings: Sequence[str]) -> dict[str, Any] | None:
    """Filters in Chroma's words; `spellings` are those of the publisher asked for.

    >>> chroma_where(Filters(language="id"), [])
    {'language': 'id'}
    """
    if not filters:
        return None
    parts: list[dict[str, Any]] = []
    if filters.since:
        parts.append({"published": {"$gte": day(filters.since)}})
    if filters.until:
        parts.append({"published": {"$lte": day(filters.until)}})
    if filters.publisher:
        parts.append({"publisher": {"$in": list(spellings)}})
    if filters.language:
        parts.append({"language": filters.language.lower()})
    return parts[0] if len(parts) == 1 else {"$and": parts}

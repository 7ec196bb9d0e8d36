"""The library: all that is stored in one data folder, as the engine sees it.

Every change goes the same way: under the writer's lock, finish what an earlier process left
behind; note the change in the archive (`changes.py`); bring the vector index along and make
the change true (`sync.py`). Reading asks the archive, and `dense` the vector index.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.errors import NotFound, OtherFingerprint, StoreBusy, StoreError
from rag.schema import AddStatus, Entry, Filters, Metadata, Passage
from rag.search import changes, copies, models, remake
from rag.search.archive import Archive
from rag.search.changes import NewArticle
from rag.search.lock import writer_lock
from rag.search.matches import Matches
from rag.search.remake import Remade
from rag.search.sync import Sync
from rag.search.tables import SourceRow
from rag.search.vectors import IndexDamaged
from rag.search.words import Words

__all__ = ["Library", "NewArticle", "Remade", "SourceRow"]

logger = logging.getLogger(__name__)

Vector = NDArray[np.float32]

_SPARE_BYTES = 8 << 20


class Library:
    """Everything that is stored in one data folder; usable from any thread.

    Opening is cheap and makes nothing: a folder that is not there reads as an empty library,
    and the first write makes it. `fingerprint` names the embedding model and splitter whose
    vectors are given to `put`, `dimension` their length. `page_size` bounds how many rows are
    asked for at once, `lock_seconds` how long a writer waits for another. `chroma_url` names
    a Chroma server; otherwise the vector index lies in the data folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fingerprint: str,
        dimension: int,
        page_size: int = 5_000,
        lock_seconds: float = 10.0,
        chroma_url: str = "",
    ) -> None:
        self.folder = folder
        self.fingerprint = fingerprint
        self.dimension = dimension
        self._page = page_size
        self._lock_seconds = lock_seconds
        self._archive = Archive(folder)
        self._matches = Matches(self._archive)
        self._sync = Sync(
            self._archive, self._matches, folder, page_size=page_size, chroma_url=chroma_url
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file; the next call opens them again."""
        self._sync.close()
        self._archive.close()

    # -- writing ---------------------------------------------------------------------

    def put(self, items: Sequence[NewArticle]) -> list[AddStatus]:
        """Store a batch of articles; says of each "added", "updated" or "unchanged".

        A source that names another article than before takes its old version away, unless
        another source still names that. "unchanged" may still have noted a further source.
        All of the batch is seen at once, or none of it yet.
        """
        for item in items:
            self._check(item)
        if not items:
            return []
        with self._writer():
            self._sync.settle()
            self._make_room(items)
            with self._archive.writing() as db:
                model = models.use_model(db, self.fingerprint, self.dimension)
                statuses = changes.stage(db, items, model)
            self._sync.settle()
        return statuses

    def note_source(
        self, source_id: str, source: str, digest: str, article_id: str, raw: bytes
    ) -> None:
        """Store that one more source names an article; `NotFound` if that is not there."""
        self._nothing_without_archive(article_id)
        with self._writer():
            self._sync.settle()
            with self._archive.writing() as db:
                if changes.visible(db, article_id) is None:
                    raise NotFound(f"there is no article {article_id}", hint="See kutip list.")
                changes.stage_source(db, source_id, source, digest, article_id, raw)
            self._sync.settle()

    def delete(self, article_ids: Sequence[str]) -> None:
        """Take articles away, all or none; `NotFound` when one of them is not there."""
        if not article_ids:
            return
        self._nothing_without_archive(article_ids[0])
        with self._writer():
            self._sync.settle()
            with self._archive.writing() as db:
                changes.delete(db, article_ids)
            self._sync.settle()

    def forget(self, source_ids: Sequence[str]) -> list[str]:
        """Drop sources that are gone, and the articles no other source names; those ids."""
        if not source_ids or not self._archive.path.exists():
            return []
        with self._writer():
            self._sync.settle()
            with self._archive.writing() as db:
                gone = changes.forget(db, source_ids)
            self._sync.settle()
        return gone

    def edit(
        self,
        article_id: str,
        *,
        title: str | None = None,
        publisher: str | None = None,
        published: date | None = None,
        restored: Sequence[str] | None = None,
    ) -> Entry:
        """Correct what was read; None leaves a field as it is. Adding again keeps it corrected.

        `restored` tells which lines are to stay in the text when its sources are read again.
        """
        self._nothing_without_archive(article_id)
        with self._writer():
            self._sync.settle()
            with self._archive.writing() as db:
                changes.edit(
                    db,
                    article_id,
                    title=title,
                    publisher=publisher,
                    published=published,
                    restored=restored,
                )
            self._sync.settle()
        return self._archive.entry(article_id)

    def rebuild(self) -> int:
        """Make the vector index anew from the archive, without a model; returns its passages."""
        if not self._archive.path.exists():
            return 0
        with self._writer():
            with self._archive.writing() as db:
                changes.want_rebuild(db)
            self._sync.settle()
            return self._archive.state().visible

    def replace(self, fingerprint: str, dimension: int, batches: Iterable[Sequence[Remade]]) -> int:
        """Change every article's passages for others, under another model; returns how many.

        Until all are there the old ones are in force; then the change is one transaction,
        and the vector index is made anew. Other writers wait all the while.
        """
        with self._writer():
            self._sync.settle()
            with self._archive.writing() as db:
                copies.catch_up(db)
                remake.forget_prepared(db)
                model = models.model_number(db, fingerprint, dimension)
            done = 0
            for batch in batches:
                for item in batch:
                    if item.vectors.shape != (len(item.passages), dimension):
                        raise ValueError(f"vectors of shape {item.vectors.shape}")
                with self._archive.writing() as db:
                    for item in batch:
                        remake.prepare(db, item, model)
                        done += len(item.passages)
            with self._archive.writing() as db:
                remake.show_prepared(db, model)
            self._sync.settle()
        return done

    # -- reading ---------------------------------------------------------------------

    def generation(self) -> int:
        """A number that grows with every change of what can be read."""
        return self._archive.generation()

    def stored_fingerprint(self) -> str | None:
        """What made the vectors of the articles; None while there are none."""
        return self._archive.fingerprint()

    def source(self, source_id: str) -> SourceRow | None:
        """The source with this id, and the article it names."""
        return self._archive.source(source_id)

    def sources_of(self, article_id: str) -> list[SourceRow]:
        """The sources that name an article, in the order they came."""
        return self._archive.sources_of(article_id)

    def sources_below(self, start: str) -> list[SourceRow]:
        """The sources whose id begins with `start`, by id."""
        return self._archive.sources_below(start)

    def known_sources(self, names: Sequence[str]) -> set[str]:
        """Those of `names` that are the id of a source, or what one was given as."""
        return self._archive.known_sources(names)

    def restored(self, source_id: str) -> tuple[str, ...]:
        """The lines a person put back into the article of a source; ("*",) is all of them."""
        return self._archive.restored(source_id)

    def raw(self, source_id: str) -> bytes | None:
        """The bytes of a source as they came."""
        return self._archive.raw(source_id)

    def known_vectors(self, contexts: Sequence[str]) -> dict[int, Vector]:
        """The vectors that are already there for these texts, by their place in `contexts`."""
        self._same_model()
        return self.made_vectors(contexts)

    def made_vectors(self, contexts: Sequence[str]) -> dict[int, Vector]:
        """The same, also while the articles are indexed for another model: an interrupted
        `replace` has left them.
        """
        hashes = [models.context_hash(context) for context in contexts]
        known = self._archive.known_vectors(self.fingerprint, hashes)
        return {place: known[hashed] for place, hashed in enumerate(hashes) if hashed in known}

    def entries(self, filters: Filters | None = None, *, page: int = 500) -> Iterator[Entry]:
        """Every article that passes, newest first, undated ones last, then by title and id.

        `page` of them are read at once: few for who wants only the first ones.
        """
        return self._archive.entries(filters, min(self._page, page))

    def entry(self, prefix: str) -> Entry:
        """The article whose id begins so; `NotFound` when none does, or several do."""
        return self._archive.entry(prefix)

    def metadata(self, article_ids: Sequence[str]) -> dict[str, Metadata]:
        """What is known of those of the articles that are there, by their whole ids."""
        return self._archive.metadata(article_ids)

    def passages(self, article_id: str) -> list[Passage]:
        """The passages of an article, in order."""
        return self._archive.passages(article_id)

    def by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that are there, by id."""
        return self._archive.by_id(passage_ids)

    def beside(self, passage_ids: Sequence[str]) -> list[Passage]:
        """The passages that open the articles of these, these, and those next to them."""
        return self._archive.beside(passage_ids)

    def fold(self, ranked: Sequence[str], *, places: int) -> list[list[str]]:
        """The passages of a ranking, each list a passage and its copies; at most `places`.

        The passage to be shown stands first in its list. Those that are not there are left out.
        """
        return self._matches.fold(ranked, places=places)

    def contexts(self) -> Iterator[list[tuple[str, str]]]:
        """Pages of (passage id, the text that is embedded), all passages."""
        return self._archive.contexts(self._page)

    def lexical(
        self,
        match: str,
        *,
        limit: int,
        filters: Filters | None = None,
    ) -> list[tuple[str, float]]:
        """(passage id, BM25, higher is better) for an FTS5 expression over the terms.

        `BadQuestion` when the expression is not FTS5.
        """
        return self._matches.lexical(match, limit=limit, filters=filters)

    def words(self, passage_ids: Sequence[str]) -> dict[str, Words]:
        """The stems and the language of those of the passages that are there."""
        return self._matches.words(passage_ids)

    def term_counts(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many passages there are, and how many of them hold each stemmed term."""
        return self._matches.term_counts(terms)

    def cosines(self, vector: Vector, passage_ids: Sequence[str]) -> dict[str, float]:
        """The exact cosine of each of these passages to a unit vector."""
        self._same_model()
        return self._matches.cosines(self._vector(vector), passage_ids)

    def dense(
        self, vector: Vector, *, limit: int, filters: Filters | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the passages nearest to a unit vector, the best first.

        From the vector index, made anew first if it is damaged. While another process is
        writing to it, or when it cannot be mended, from the archive: slower, and the same.
        """
        self._same_model()
        return self._sync.search(self._vector(vector), limit=limit, filters=filters)

    def counts(self) -> dict[str, int]:
        """How many articles, sources, passages, articles pending, and vectors (-1: unreadable)."""
        try:
            vectors = self._sync.count()
        except StoreError as error:
            logger.info("the vector index cannot be counted: %s", error)
            vectors = -1
        return {**self._archive.totals(), "vectors": vectors}

    def problems(self, *, thorough: bool = False) -> list[str]:
        """What is wrong, one line each, with what to do; `thorough` reads the whole archive."""
        found = []
        try:
            state = self._archive.state()
            if thorough and self._archive.path.exists() and (damage := self._archive.damage()):
                found.append(f"{damage}. Restore the archive from a backup.")
            self._same_model()
        except OtherFingerprint as error:
            found.append(f"{error.message}. {error.hint}")
        except StoreError as error:
            return [f"{error.message}. {error.hint}"]
        if state.unsettled:
            found.append(
                "An earlier change has not reached the vector index yet "
                f"({state.articles} articles are not shown). The next search or change finishes it."
            )
        try:
            self._sync.count()
        except StoreBusy:
            logger.info("another process is changing the vector index")
        except IndexDamaged as error:
            if not state.unsettled:  # else it is what is not finished
                found.append(f"{error.message}. The next search makes it anew.")
        except StoreError as error:
            found.append(f"{error.message}. {error.hint}")
        return found

    def _writer(self) -> AbstractContextManager[None]:
        return writer_lock(self.folder, wait_seconds=self._lock_seconds)

    # -- checks ----------------------------------------------------------------------

    def _same_model(self) -> None:
        stored = self.stored_fingerprint()
        if stored is not None and stored != self.fingerprint:
            raise OtherFingerprint(
                f"the articles in {self.folder} are indexed for {stored}, not for "
                f"{self.fingerprint}",
                hint="Run kutip reindex to change over, or go back to the former model.",
            )

    def _nothing_without_archive(self, article_id: str) -> None:
        """`NotFound` where nothing was ever stored, rather than a folder made for nothing."""
        if not self._archive.path.exists():
            raise NotFound(f"there is no article {article_id}", hint="See kutip list.")

    def _vector(self, vector: Vector) -> Vector:
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise ValueError(f"a vector of shape {vector.shape}, not ({self.dimension},)")
        return np.ascontiguousarray(vector, dtype=np.float32)

    def _check(self, item: NewArticle) -> None:
        """`ValueError` if the parts of an article do not fit one another."""
        count = len(item.passages)
        ids = {passage.passage_id for passage in item.passages}
        if not (count == len(item.contexts) == len(item.terms) == len(ids)):
            raise ValueError(f"{item.source}: as many contexts and terms as passages are needed")
        if any(passage.article_id != item.article.article_id for passage in item.passages):
            raise ValueError(f"{item.source}: a passage of another article")
        if item.vectors.shape != (count, self.dimension) or not np.isfinite(item.vectors).all():
            raise ValueError(f"{item.source}: vectors of shape {item.vectors.shape}")

    def _make_room(self, items: Sequence[NewArticle]) -> None:
        """`StoreError` unless the disk has room to store `items` three times over.

        They pass through the archive's log, the archive and Chroma's own log; and Chroma
        writes the files of its graph whole. A disk that fills half-way is healed from too,
        but the message then comes later.
        """
        batch = sum(
            len(i.raw) + i.vectors.nbytes + 4 * sum(len(context) for context in i.contexts)
            for i in items
        )
        graph = sum(size for size, _ in self._archive.state().files.values())
        needed = 3 * batch + graph + _SPARE_BYTES
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise StoreError(
                f"the disk of {self.folder} has {free // 1_000_000} MB free; storing this safely "
                f"takes {needed // 1_000_000 + 1} MB",
                hint="Free some space, then add again; what was stored before stays.",
            )

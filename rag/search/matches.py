"""What in the archive matches a question, by its words or by its vector, and how well."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rag.errors import BadQuestion
from rag.schema import Filters
from rag.search import copies
from rag.search.database import Database
from rag.search.tables import EACH_PASSAGE, GIVEN_PASSAGES, condition, unpack_vectors
from rag.search.words import Words

_MOST_STORIES = 100_000  # articles whose groups are kept, some 10 MB
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}  # as the tokenizer does
_VECTOR = (
    "CROSS JOIN vectors v ON v.context_hash = p.context_hash AND v.model = "
    "(SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'model')"
)


@dataclass(slots=True)
class _Known:
    """What was worked out from one state of the archive, for the next search of the same."""

    state: tuple[object, ...]
    passages: dict[str | None, int] | None = None  # how many can be seen, by language
    stories: dict[str, Set[str]] = field(default_factory=dict)  # groups of copies, by article


class Matches:
    """What a search finds in one archive; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = _Known(())

    def lexical(
        self, match: str, *, limit: int, filters: Filters | None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25, higher is better) for an FTS5 expression; ties go by id."""
        if not match.strip() or limit < 1:
            return []
        where, values = condition(filters)
        found: list[tuple[str, float]] = []
        with self._database.reading() as db:
            # Else every match would be looked up, in vain: most libraries are in one language.
            wanted = filters and filters.language and filters.language.lower()
            if wanted and not self._by_language(db).get(wanted):
                return []
            try:
                # Of thousands that match only the best are looked up: a row of a passage is
                # long, and reading it takes longer than scoring it.
                matching = db.execute(
                    "SELECT rowid, -bm25(lexicon) AS score FROM lexicon WHERE lexicon MATCH ? "
                    "ORDER BY score DESC",
                    (match,),
                )
                some = 2 * limit
                while rows := matching.fetchmany(some):
                    scores = dict(rows)
                    passing = db.execute(
                        "SELECT p.key, p.passage_id FROM json_each(?) given "
                        "CROSS JOIN passages p ON p.key = given.value "
                        f"CROSS JOIN articles a ON a.key = p.article WHERE {where}",
                        (json.dumps(list(scores)), *values),
                    )
                    found += [(passage_id, scores[key]) for key, passage_id in passing]
                    found.sort(key=lambda hit: (-hit[1], hit[0]))
                    # One of the next may be as good as the last, and before it by its id.
                    if len(found) >= limit and rows[-1][1] < found[limit - 1][1]:
                        break
                    some *= 2
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
                    raise
                raise BadQuestion(
                    f"the words cannot be searched for: {error}", hint="Ask in other words."
                ) from error
        return found[:limit]

    def words(self, passage_ids: Sequence[str]) -> dict[str, Words]:
        """What the passages that are there are found by, by id."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT p.passage_id, a.language, p.terms FROM {GIVEN_PASSAGES} "
                "WHERE a.visible = 1",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        return {row[0]: Words(language=row[1], stems=row[2]) for row in rows}

    def term_counts(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """The number of passages, and in how many of them each term is."""
        with self._database.reading() as db:
            total = sum(self._by_language(db).values())
            found = dict(
                db.execute(
                    "SELECT given.value, t.doc FROM json_each(?) given "
                    "CROSS JOIN lexicon_terms t ON t.term = given.value",
                    (json.dumps(sorted({term.translate(_LOWER) for term in terms})),),
                ).fetchall()
            )
        return total, {term: found.get(term.translate(_LOWER), 0) for term in terms}

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """The exact cosine of each passage that is there."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT p.passage_id, v.vector FROM {GIVEN_PASSAGES} {_VECTOR} "
                "WHERE a.visible = 1",
                (json.dumps(list(passage_ids)),),
            ).fetchall()
        scores = unpack_vectors([row[1] for row in rows], len(vector)) @ vector
        return {row[0]: float(score) for row, score in zip(rows, scores, strict=True)}

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, filters: Filters | None, page: int
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the best, found by comparing with every vector there is."""
        where, values = condition(filters)
        best: list[tuple[str, float]] = []
        for rows in self._database.pages(
            f"SELECT p.key, p.passage_id, v.vector FROM {EACH_PASSAGE} {_VECTOR} "
            f"WHERE {where} AND p.key > ? ORDER BY p.key LIMIT ?",
            page,
            *values,
        ):
            scores = unpack_vectors([row[2] for row in rows], len(vector)) @ vector
            best += [(row[1], float(score)) for row, score in zip(rows, scores, strict=True)]
            best = sorted(best, key=lambda hit: (-hit[1], hit[0]))[:limit]
        return best

    def fold(self, ranked: Sequence[str], *, places: int) -> list[list[str]]:
        """The passages of a ranking, each list a passage and its copies; at most `places`."""
        with self._database.reading() as db:
            return copies.fold(db, ranked, places=places, stories=self._known(db).stories)

    def _by_language(self, db: sqlite3.Connection) -> dict[str | None, int]:
        """How many passages can be seen, by their language."""
        known = self._known(db)
        if known.passages is None:
            known.passages = dict(
                db.execute(
                    "SELECT language, SUM(passages) FROM articles WHERE visible = 1 "
                    "GROUP BY language"
                ).fetchall()
            )
        return known.passages

    def _known(self, db: sqlite3.Connection) -> _Known:
        """What is known of the state that this transaction sees; it must not be one that writes."""
        rows = db.execute(
            "SELECT value FROM meta WHERE name IN ('library', 'generation') ORDER BY name"
        )
        state = (self._database.which, *(value for (value,) in rows))
        known = self._last
        if known.state != state or len(known.stories) > _MOST_STORIES:
            known = self._last = _Known(state)
        return known

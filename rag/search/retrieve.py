"""From a query to ranked hits: two searches, one pool, exact scores of both, one order.

Does not judge whether a hit answers anything; `rag.answer` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from rag.schema import Filters, Hit, Met
from rag.search.expand import match_any, terms_of
from rag.search.fuse import fuse
from rag.search.quality import Trust
from rag.search.words import LANGUAGES, Term, score, standing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.search.library import Library

# Passages taken from each search before fusion, all of which get both scores. A hundred find no
# more (docs/log.md, "how soon a search is done").
POOL = 50


class QueryEncoder(Protocol):
    """What retrieval needs of an embedder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The query's vector, shape (dim,), unit length."""
        ...


def retrieve(
    query: str,
    *,
    library: Library,
    encoder: QueryEncoder,
    k: int,
    trust: Trust,
    language: str | None,
    filters: Filters | None = None,
    group: bool = True,
) -> list[Hit]:
    """The `k` best passages for a query, best first; fewer when fewer are related to it.

    With `group`, passages that say the same take one place between them, that of the best
    ranked, with its scores; the fullest is shown and the others, as far as they were found
    too, are its `copies`.
    """
    terms = terms_of(query, language)
    limit = max(POOL, k)

    def by_words() -> tuple[int, list[str], tuple[int, dict[str, int]]]:
        state = library.generation()
        stems = sorted({stem for term in terms for stem in term.stems()})
        return state, _found(terms, library, language, filters, limit), library.term_counts(stems)

    # The words are searched for while the question is encoded: both are done outside of Python,
    # so that two cores share them. An error of the encoder goes before one of the words.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="words") as aside:
        searching = aside.submit(by_words)
        vector = encoder.embed_query(query)
        dense = dict(library.dense(vector, limit=limit, filters=filters))
        state, found, (total, counts) = searching.result()
    if state != library.generation():  # such as by `dense`, which finishes what was begun
        _, found, (total, counts) = by_words()
    pool = list(dict.fromkeys([*found, *dense]))
    dense |= library.cosines(vector, [p for p in pool if p not in dense])
    words = library.words(pool)
    pool = [p for p in pool if p in words]  # the rest went while we searched
    matches = score(terms, words, total=total, counts=counts)
    best_match = max((match.total for match in matches.values()), default=0.0) or 1.0
    lexical = {p: match.total / best_match for p, match in matches.items()}
    weights = {p: trust.weight(language, words[p].language) for p in pool}
    fused = fuse(lexical, {p: dense.get(p, 0.0) for p in pool}, weights)
    # Ties are broken by id, so that the same question over the same articles gives the
    # same order on every machine.
    ranked = sorted((p for p in pool if fused[p] > 0), key=lambda p: (-fused[p], p))
    best = library.fold(ranked, places=k) if group else [[p] for p in ranked[:k]]
    passages = library.by_id([p for same in best for p in same])
    leads = {same[0]: min(same, key=lambda p: (-fused[p], p)) for same in best}
    return [
        Hit(
            passage=passages[p],
            rank=rank,
            score=fused[leads[p]],
            scores={
                "dense": dense.get(leads[p], 0.0),
                "lexical": lexical[leads[p]],
                "weight": weights[leads[p]],
                **matches[leads[p]].parts(),
            },
            copies=tuple(passages[other] for other in others if other in passages),
        )
        for rank, (p, *others) in enumerate((s for s in best if s[0] in passages), start=1)
    ]


def explain(query: str, hits: Sequence[Hit], language: str | None) -> list[tuple[Met, ...]]:
    """For each hit, the words of the query and those of the passage that meet them."""
    terms = terms_of(query, language)
    return [
        tuple(
            Met(
                word=term.word,
                by=tuple(standing(term, hit.passage.text, hit.passage.metadata.language)),
            )
            for term in terms
        )
        for hit in hits
    ]


def _found(
    terms: Sequence[Term],
    library: Library,
    language: str | None,
    filters: Filters | None,
    limit: int,
) -> list[str]:
    """The passages with most of the words; those in the other language also by translation."""
    found = dict(library.lexical(match_any(terms), limit=limit, filters=filters))
    filters = filters or Filters()
    for other in LANGUAGES:
        if other == language or filters.language not in (None, other):
            continue
        if any(term.forms[other] for term in terms):
            found |= library.lexical(
                match_any(terms, other), limit=limit, filters=replace(filters, language=other)
            )
    return list(found)

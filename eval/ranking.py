"""How well the hits find what was to be found: hit@k, recall@k, MRR and nDCG.

By passage, what is to be found are the gold quotes; by article, the articles they stand in. A
hit stands for its copies in other articles too, as it does for the reader.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from eval.datasets import Gold, spaced
from eval.given import Given, GivenHit, Place, Texts

DEPTH = 10
CUTS = (1, 5, 10)
_ENOUGH = 0.5  # of a quote's characters


def quotes_found(
    hits: Sequence[GivenHit], evidence: Sequence[Gold], texts: Texts
) -> list[frozenset[int]]:
    """Of each hit, which gold quotes it holds, by their place in `evidence`.

    A hit holds a quote when its passage, or a copy of it, lies in the quote's article and
    contains at least half of the characters of one occurrence: a quote that is cut in two is
    thus held by at least one of the pieces. White space does not matter. Where the article's
    text is not at hand, the hit's own text must contain the whole quote.
    """
    return [
        frozenset(
            number
            for number, gold in enumerate(evidence)
            if any(
                _holds(place, gold.quote, hit.text if place == hit.place else "", texts)
                for place in (hit.place, *hit.copies)
                if place.article_id == texts.id_of(gold.article)
            )
        )
        for hit in hits
    ]


def articles_found(
    hits: Sequence[GivenHit], evidence: Sequence[Gold], texts: Texts
) -> list[frozenset[int]]:
    """Of each article found, in order of its first hit, which gold article it is.

    The article of a hit and those of its copies share a place in the ranking.
    """
    wanted = {article: n for n, article in enumerate(gold_articles(evidence, texts))}
    seen: set[str] = set()
    ranked: list[frozenset[int]] = []
    for hit in hits:
        new = {place.article_id for place in (hit.place, *hit.copies)} - seen
        seen |= new
        if new:
            ranked.append(frozenset(wanted[article] for article in new if article in wanted))
    return ranked


def gold_articles(evidence: Sequence[Gold], texts: Texts) -> list[str]:
    """The ids of the articles that the gold quotes stand in, each once."""
    return list(dict.fromkeys(texts.id_of(gold.article) for gold in evidence))


def hit_at(found: Sequence[frozenset[int]], k: int) -> float:
    """1 if any of the first `k` holds something to be found, else 0.

    Also called success@k.

    >>> hit_at([frozenset(), frozenset({0})], 1), hit_at([frozenset(), frozenset({0})], 5)
    (0.0, 1.0)
    """
    return float(any(found[:k]))


def recall_at(found: Sequence[frozenset[int]], total: int, k: int) -> float:
    """The share of the `total` things to be found that the first `k` hold.

    >>> recall_at([frozenset({0}), frozenset({0, 1})], 4, 10)
    0.5
    """
    return len(frozenset().union(*found[:k])) / total


def reciprocal_rank(found: Sequence[frozenset[int]], k: int = DEPTH) -> float:
    """One over the rank, from 1, of the first that holds something; 0 beyond `k`.

    Its mean over questions is MRR@k (Voorhees, TREC-8 question answering, 1999).

    >>> reciprocal_rank([frozenset(), frozenset({0})])
    0.5
    """
    return next((1 / rank for rank, held in enumerate(found[:k], start=1) if held), 0.0)


def ndcg(found: Sequence[frozenset[int]], total: int, k: int = DEPTH) -> float:
    """The discounted gain of the first `k` over that of the best order; 0 to 1.

    A place gains 1 when it holds something that none before it holds, discounted by
    log2(1 + rank) (Järvelin & Kekäläinen, TOIS 2002). The best order has the places that gain
    something first and then one more for each thing that no place holds: where each thing has
    one passage of its own, this is the measure of trec_eval with relevance 0 or 1.

    >>> ndcg([frozenset({0, 1})], 2), round(ndcg([frozenset(), frozenset({0})], 1), 4)
    (1.0, 0.6309)
    """
    seen: frozenset[int] = frozenset()
    ranks: list[int] = []
    for rank, held in enumerate(found, start=1):
        if held - seen:
            ranks.append(rank)
        seen |= held
    units = len(ranks) + total - len(seen)
    best = math.fsum(1 / math.log2(1 + rank) for rank in range(1, min(units, k) + 1))
    return math.fsum(1 / math.log2(1 + rank) for rank in ranks if rank <= k) / best


def measures(given: Given, evidence: Sequence[Gold], texts: Texts) -> dict[str, float]:
    """Every measure of one question with evidence; by article under "article.".

    An answer that failed or is malformed found nothing.
    """
    if not evidence:
        return {}
    hits = given.hits[:DEPTH]
    quotes = list(dict.fromkeys(evidence))
    articles = gold_articles(quotes, texts)
    return {
        **_all(quotes_found(hits, quotes, texts), len(quotes), prefix=""),
        **_all(articles_found(hits, quotes, texts), len(articles), prefix="article."),
    }


def _all(found: Sequence[frozenset[int]], total: int, *, prefix: str) -> dict[str, float]:
    return {
        **{f"{prefix}hit@{k}": hit_at(found, k) for k in CUTS},
        **{f"{prefix}recall@{k}": recall_at(found, total, k) for k in CUTS},
        f"{prefix}mrr@{DEPTH}": reciprocal_rank(found),
        f"{prefix}ndcg@{DEPTH}": ndcg(found, total),
    }


def agreement(
    forms: Sequence[tuple[Given, Sequence[Gold]]], texts: Texts
) -> Mapping[str, float] | None:
    """Whether all forms of one question find one and the same gold quote among the first k.

    "pair@k" is 1 if they do, else 0; None when the forms have no gold quote in common.
    """
    common = set.intersection(*(set(evidence) for _, evidence in forms)) if forms else set()
    shared = sorted(common, key=lambda gold: (gold.article, gold.quote))
    if not shared:
        return None
    found = [quotes_found(given.hits[:DEPTH], shared, texts) for given, _ in forms]
    return {
        f"pair@{k}": float(
            bool(frozenset.intersection(*(frozenset().union(*each[:k]) for each in found)))
        )
        for k in CUTS
    }


def _holds(place: Place, quote: str, text: str, texts: Texts) -> bool:
    article = texts.by_id.get(place.article_id)
    if article is None:
        return spaced(quote) in spaced(text)
    return any(
        min(place.end, end) - max(place.start, start) >= _ENOUGH * (end - start)
        for start, end in _occurrences(article, quote)
    )


@lru_cache(maxsize=4_096)
def _occurrences(article: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where a quote stands in an article, `[start, end)`; white space may differ."""
    words = unicodedata.normalize("NFC", quote).split()
    if not words:
        return ()
    return tuple(m.span() for m in re.finditer(r"\s+".join(map(re.escape, words)), article))

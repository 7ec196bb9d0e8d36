"""What the hits find, worked by hand, and against another's measures on random runs."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from eval.datasets import Gold
from eval.given import Given, GivenHit, Place, Texts
from eval.ranking import (
    agreement,
    articles_found,
    hit_at,
    measures,
    ndcg,
    quotes_found,
    recall_at,
    reciprocal_rank,
)
from tests.eval.rows import given, hit, row

DAM = "Odile Marsh keeps the dam.\n\nIt rained all night. The dam held."
WIRE = "(AP) Odile Marsh keeps the dam. More soon."
SEA = "The sea was calm."
TEXTS = Texts.of({"dam.txt": DAM, "wire.txt": WIRE, "sea.txt": SEA})
KEEPS = Gold(article="dam.txt", quote="Odile Marsh keeps the dam.")
HELD = Gold(article="dam.txt", quote="The dam held.")


def places(*held: int | None) -> list[frozenset[int]]:
    """A ranking in which each place holds one thing or none."""
    return [frozenset() if n is None else frozenset({n}) for n in held]


def test_the_measures_by_hand() -> None:
    """Two of three things, at ranks 2 and 4."""
    found = places(None, 0, None, 2)
    assert [hit_at(found, k) for k in (1, 2, 5)] == [0, 1, 1]
    assert [recall_at(found, 3, k) for k in (1, 2, 10)] == [0, 1 / 3, 2 / 3]
    assert reciprocal_rank(found) == 1 / 2
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(found, 3) == pytest.approx(gained / best)


def test_the_eleventh_place_does_not_count() -> None:
    """MRR@10 and nDCG@10 end at ten."""
    found = places(*[None] * 10, 0)
    assert (reciprocal_rank(found), ndcg(found, 1), hit_at(found, 10)) == (0, 0, 0)


def test_the_same_quote_twice_gains_once() -> None:
    """Two passages that overlap do not make a ranking better than perfect."""
    assert ndcg(places(0, 0), 1) == 1.0
    assert recall_at(places(0, 0), 2, 10) == 0.5
    # One passage with both quotes is as good as can be; the second place could gain nothing.
    assert ndcg([frozenset({0, 1}), frozenset({1})], 2) == 1.0


def test_a_passage_holds_what_stands_in_it() -> None:
    """White space does not matter, the article does, and half of the quote is enough."""
    two = Gold(article="dam.txt", quote="keeps  the dam. It rained")
    hits = given(
        row(
            hits=[
                hit(1, DAM, "Odile Marsh keeps the dam."),
                hit(2, DAM, "It rained all night."),
                hit(3, WIRE, WIRE),
            ]
        )
    ).hits
    # Of the 25 characters of "keeps the dam.\n\nIt rained", the first hit has 14, the second 9.
    assert quotes_found(hits, [KEEPS, two, HELD], TEXTS) == [{0, 1}, set(), set()]
    assert quotes_found(hits, [Gold(article="wire.txt", quote=KEEPS.quote)], TEXTS) == [
        set(),
        set(),
        {0},
    ]


def test_every_occurrence_of_a_quote_counts() -> None:
    """A quote that stands twice in its article is found at either place."""
    text = "He left. Later: He left."
    second = GivenHit(
        rank=1, place=Place(article_id=Texts.of({"t": text}).id_of("t"), start=9, end=24), text=""
    )
    gold = Gold(article="t", quote="He left.")
    assert quotes_found([second], [gold], Texts.of({"t": text})) == [{0}]


def test_a_copy_counts_as_the_passage() -> None:
    """The reader is shown one of them; the quote may be known from the other."""
    hits = given(row(hits=[hit(1, WIRE, WIRE, (DAM, "Odile Marsh keeps the dam."))])).hits
    assert quotes_found(hits, [KEEPS], TEXTS) == [{0}]
    assert articles_found(hits, [KEEPS], TEXTS) == [{0}]


def test_without_texts_the_hit_must_hold_the_whole_quote() -> None:
    """An article is then known by its id, and half a quote does not count."""
    hits = given(row(hits=[hit(1, DAM, "Odile Marsh keeps the dam.")])).hits
    article_id = TEXTS.id_of("dam.txt")
    whole = Gold(article=article_id, quote="Marsh  keeps")
    more = Gold(article=article_id, quote="Odile Marsh keeps the dam. It")
    assert quotes_found(hits, [whole, more], Texts()) == [{0}]


def test_articles_are_ranked_by_their_first_hit() -> None:
    """Three passages of one article take one place."""
    hits = given(
        row(hits=[hit(1, SEA, SEA), hit(2, SEA, "The sea"), hit(3, DAM, "It rained all night.")])
    ).hits
    assert articles_found(hits, [KEEPS, HELD], TEXTS) == [set(), {0}]


def test_all_measures_of_one_question() -> None:
    """By passage and by article, from a row; one quote of two at rank 2, its article there too."""
    answer = given(row(hits=[hit(1, SEA, SEA), hit(2, DAM, "Odile Marsh keeps the dam.")]))
    one = 1 / math.log2(3)
    assert measures(answer, [KEEPS, HELD, KEEPS], TEXTS) == pytest.approx(
        {
            "hit@1": 0,
            "hit@5": 1,
            "hit@10": 1,
            "recall@1": 0,
            "recall@5": 0.5,
            "recall@10": 0.5,
            "mrr@10": 0.5,
            "ndcg@10": one / (1 + one),
            "article.hit@1": 0,
            "article.hit@5": 1,
            "article.hit@10": 1,
            "article.recall@1": 0,
            "article.recall@5": 1,
            "article.recall@10": 1,
            "article.mrr@10": 0.5,
            "article.ndcg@10": one,
        }
    )
    assert measures(answer, [], TEXTS) == {}


def test_what_failed_found_nothing() -> None:
    """A failed answer counts as 0, not as absent."""
    failed = Given(question_id="q", outcome="failed")
    assert set(measures(failed, [KEEPS], TEXTS).values()) == {0.0}


def test_forms_agree_on_one_quote() -> None:
    """Both must find the same quote; finding one each is no agreement."""
    keeps = given(row(hits=[hit(1, DAM, "Odile Marsh keeps the dam.")]))
    held = given(row(hits=[hit(1, DAM, "It rained"), hit(2, DAM, "The dam held.")]))
    both = [KEEPS, HELD]
    nothing = {"pair@1": 0.0, "pair@5": 0.0, "pair@10": 0.0}
    assert agreement([(keeps, both), (held, both)], TEXTS) == nothing
    assert agreement([(held, both), (held, both)], TEXTS) == nothing | {"pair@5": 1, "pair@10": 1}
    assert agreement([(keeps, [KEEPS]), (held, [HELD])], TEXTS) is None


def random_run(rng: random.Random) -> tuple[list[frozenset[int]], int]:
    """Ten places or fewer, and up to six things, each with one passage of its own."""
    total = rng.randint(1, 6)
    passages: list[int | None] = [*range(total), *[None] * rng.randint(0, 12)]
    rng.shuffle(passages)
    return places(*passages[: rng.randint(0, 10)]), total


def test_the_same_as_another_implementation() -> None:
    """Our measures are those of ir-measures on 200 random runs."""
    rng = random.Random(0)
    runs = {f"q{n}": random_run(rng) for n in range(200)}
    qrels = [
        ir_measures.Qrel(name, f"d{thing}", 1)
        for name, (_, total) in runs.items()
        for thing in range(total)
    ]
    run = [
        ir_measures.ScoredDoc(name, f"d{min(held)}" if held else f"none{rank}", -float(rank))
        for name, (found, _) in runs.items()
        for rank, held in enumerate(found)
    ]
    ours = {
        Success @ 1: lambda found, _: hit_at(found, 1),
        Success @ 5: lambda found, _: hit_at(found, 5),
        Success @ 10: lambda found, _: hit_at(found, 10),
        R @ 1: lambda found, total: recall_at(found, total, 1),
        R @ 5: lambda found, total: recall_at(found, total, 5),
        R @ 10: lambda found, total: recall_at(found, total, 10),
        RR @ 10: lambda found, _: reciprocal_rank(found),
        nDCG @ 10: ndcg,
    }
    compared = 0
    for metric in ir_measures.iter_calc(list(ours), qrels, run):
        found, total = runs[metric.query_id]
        mine = ours[metric.measure](found, total)
        assert mine == pytest.approx(metric.value, abs=1e-6), (metric, found, total)
        compared += 1
    assert compared == 200 * len(ours)


@for_all(
    st.integers(1, 5).flatmap(
        lambda total: st.tuples(
            st.just(total),
            st.lists(st.frozensets(st.integers(0, total - 1), max_size=total), max_size=12),
        )
    )
)
@settings(max_examples=300, deadline=None)
def test_bounds(case: tuple[int, list[frozenset[int]]]) -> None:
    """Each measure is from 0 to 1, grows with k, and is 1 for what is perfect."""
    total, found = case
    for k in (1, 5, 10):
        assert 0 <= recall_at(found, total, k) <= hit_at(found, k) <= 1
        assert recall_at(found, total, k) <= recall_at(found, total, k + 1)
        assert 0 <= ndcg(found, total, k) <= 1 + 1e-12
    assert (reciprocal_rank(found) > 0) == (hit_at(found, 10) == 1)
    assert ndcg([frozenset({n}) for n in range(total)], total) == pytest.approx(1)

"""What a library lists, filters and finds, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.errors import BadQuestion, NotFound
from rag.schema import Filters
from tests.search.helpers import DIMENSION, article, embed, ids, library, listed, numbered

# -- listing -------------------------------------------------------------------------


def test_articles_are_listed_newest_first_undated_last_then_by_title_and_id(
    tmp_path: Path,
) -> None:
    """The order is total, so paging neither drops nor repeats an article."""
    made = [
        article("a", title="B", published=date(2024, 1, 1), source="1"),
        article("b", title="A", published=date(2024, 1, 1), source="2"),
        article("c", title="Z", published=date(2025, 6, 30), source="3"),
        article("d", title="A", source="4"),
        article("e", title="B", source="5"),
        article("f", title="B", source="6"),
        article("g", title="C", published=date(999, 12, 31), source="7"),
    ]
    with library(tmp_path) as store:
        store.put(made)
        expected = ["Z", "A", "B", "C", "A", "B", "B"]
        assert listed(store) == expected
        last = [e.article.article_id for e in store.entries()][-2:]
        assert last == sorted(ids(made[4:6]))


def test_filters_are_inclusive_and_an_undated_article_passes_no_date(tmp_path: Path) -> None:
    """since and until take their own day in; publisher without case; language exactly."""
    with library(tmp_path) as store:
        store.put(
            [
                article("satu", title="1", published=date(2024, 1, 1), publisher="Tempo"),
                article("dua", title="2", source="2", published=date(2024, 1, 2), language="en"),
                article("tiga", title="3", source="3", publisher="TEMPO"),
            ]
        )
        cases = [
            (Filters(since=date(2024, 1, 1)), ["2", "1"]),
            (Filters(since=date(2024, 1, 2)), ["2"]),
            (Filters(until=date(2024, 1, 1)), ["1"]),
            (Filters(since=date(2024, 1, 1), until=date(2024, 1, 1)), ["1"]),
            (Filters(publisher="tempo"), ["1", "3"]),
            (Filters(publisher="Tempo", until=date(2025, 1, 1)), ["1"]),
            (Filters(language="en"), ["2"]),
            (Filters(publisher="Detik"), []),
            (Filters(), ["2", "1", "3"]),
        ]
        titles = {
            p.passage_id: p.metadata.title
            for e in store.entries()
            for p in store.passages(e.article.article_id)
        }
        for filters, expected in cases:
            assert listed(store, filters) == expected, filters
            near = store.dense(embed("1. satu"), limit=9, filters=filters)
            assert sorted(titles[i] for i, _ in near) == sorted(expected), filters
            words = store.lexical("satu OR dua OR tiga", limit=9, filters=filters)
            assert sorted(titles[i] for i, _ in words) == sorted(expected), filters


def test_an_entry_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """Four digits will do when they are enough; otherwise the candidates are named."""
    items = [article(f"nomor {n}", title=f"T{n}", source=f"{n}") for n in range(400)]
    by_prefix: dict[str, list[str]] = {}
    for item in items:
        by_prefix.setdefault(item.article.article_id[:4], []).append(item.article.metadata.title)
    twice = next(p for p, titles in by_prefix.items() if len(titles) > 1)
    once = next(p for p, titles in by_prefix.items() if len(titles) == 1)
    with library(tmp_path, page_size=500) as store:
        store.put(items)
        assert store.entry(once.upper()).article.metadata.title == by_prefix[once][0]
        with pytest.raises(NotFound) as several:
            store.entry(twice)
        assert all(f"({title})" in str(several.value) for title in by_prefix[twice])
        for wrong in ("", "abc", "xyz1", "0" * 17, "../a", twice + "%"):
            with pytest.raises(NotFound):
                store.entry(wrong)


# -- searching -----------------------------------------------------------------------


def test_words_are_matched_as_they_were_given(tmp_path: Path) -> None:
    """Tokens are split at blanks alone: marks, digits, accents and case beyond ASCII count."""
    item = article("x", "y", "z")
    item = replace(item, terms=("covid-19 ke_2 rp5.000", "é naïve straße", 'it\'s "a" 50%'))
    with library(tmp_path) as store:
        store.put([item])
        for word, place in [
            ("covid-19", 0), ("ke_2", 0), ("rp5.000", 0), ("é", 1), ("naïve", 1),
            ("straße", 1), ("it's", 2), ('"a"', 2), ("50%", 2),
        ]:  # fmt: skip
            quoted = '"' + word.replace('"', '""') + '"'
            assert [i for i, _ in store.lexical(quoted, limit=5)] == [
                item.passages[place].passage_id
            ], word
            assert store.term_counts([word])[1] == {word: 1}
        for absent in ("covid", "e", "naive", "É", "strasse", "50"):
            assert store.lexical(f'"{absent}"', limit=5) == [], absent
            assert store.term_counts([absent])[1] == {absent: 0}


def test_lexical_scores_are_bm25_best_first_ties_by_id(tmp_path: Path) -> None:
    """Against Okapi BM25 with k1 1.2 and b 0.75 written out, as SQLite documents it."""
    texts = ["a b b", "a a a a c", "b c d e f g", "h", "a i j k", "a i j k l"]
    item = article(*(f"kalimat {n}" for n in range(6)))
    item = replace(item, terms=tuple(texts))

    def bm25(terms: list[str], text: str) -> float:
        words, score = text.split(), 0.0
        mean = sum(len(t.split()) for t in texts) / len(texts)
        for term in terms:
            having = sum(term in t.split() for t in texts)
            weight = max(1e-6, np.log((len(texts) - having + 0.5) / (having + 0.5)))
            times = words.count(term)
            score += weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(words) / mean))
        return float(score)

    with library(tmp_path) as store:
        store.put([item])
        found = store.lexical("b OR c", limit=10)
        expected = {
            p.passage_id: bm25(["b", "c"], t)
            for p, t in zip(item.passages, texts, strict=True)
            if {"b", "c"} & set(t.split())
        }
        assert dict(found) == pytest.approx(expected, rel=1e-4)
        assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        assert store.lexical("b OR c", limit=1) == found[:1]
        assert store.term_counts(["b", "z", "B"]) == (6, {"b": 2, "z": 0, "B": 2})


@pytest.mark.parametrize("broken", ['"', "AND", "a b OR", "nosuch: a", "(", "*"])
def test_an_expression_that_is_not_fts5_is_a_bad_question(tmp_path: Path, broken: str) -> None:
    """Nobody is told that the archive is broken because of what was asked."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
        with pytest.raises(BadQuestion):
            store.lexical(broken, limit=3)
        assert store.lexical(" ", limit=3) == []


def test_dense_agrees_with_comparing_every_vector(tmp_path: Path) -> None:
    """On 150 passages that share words, Chroma's ten nearest are the ten nearest."""
    items = [numbered(n, passages=5) for n in range(30)]
    with library(tmp_path, page_size=50) as store:
        store.put(items)
        every = {p.passage_id: v for i in items for p, v in zip(i.passages, i.vectors, strict=True)}
        for words in ("berita3 topik1", "judul topik4 tentang", "kalimat7x2"):
            asked = embed(words)
            exact = sorted(
                ((float(v @ asked), i) for i, v in every.items()), key=lambda h: (-h[0], h[1])
            )[:10]
            found = store.dense(asked, limit=10)
            assert [i for i, _ in found] == [i for _, i in exact]
            assert [s for _, s in found] == pytest.approx([s for s, _ in exact], abs=1e-5)
            assert store.cosines(asked, [i for i, _ in found]) == pytest.approx(
                dict(found), abs=1e-5
            )
        assert len(store.dense(embed("a"), limit=1_000)) == 150
        assert store.dense(embed("a"), limit=0) == []


def test_a_question_vector_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    """Chroma would answer with an internal error."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
        for wrong in (embed("a", dimension=8), np.full(DIMENSION, np.nan, np.float32)):
            with pytest.raises(ValueError, match="shape"):
                store.dense(wrong, limit=3)

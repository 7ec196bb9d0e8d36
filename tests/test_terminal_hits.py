"""What a reader sees of hits, and of the copies of an article."""

from __future__ import annotations

import dataclasses
from datetime import date

from rag import terminal
from rag.schema import Met, Passage
from tests.samples import ANSWER, METADATA, PASSAGE, TEXT


def test_hits_are_numbered_and_sourced() -> None:
    """A hit shows its rank, source and score, then the whole passage and where it lies."""
    assert terminal.hits_lines(ANSWER.hits, language="id") == [
        "1. ANTARA · Banjir Demak · 21 Agustus 2024 0.75",
        f"   {TEXT}",
        "   01234567  /berita/demak.txt",
    ]
    assert terminal.hits_lines([]) == []


def test_a_hit_is_explained_by_words_and_scores() -> None:
    """How its score was made, what it says of the query in which words, and what it lacks."""
    scores = {"weight": 0.4, "lexical": 1.0, "bm25": 0.9, "closeness": 0.5, "dense": 0.25}
    hit = dataclasses.replace(ANSWER.hits[0], scores=scores, score=0.7)
    met = (
        Met(word="banjir", by=("Banjir",)),
        Met(word="flood", by=("banjir", "kebanjiran")),
        Met(word="hotel", by=()),
    )
    lines = terminal.hits_lines([hit], met=[met])
    assert lines[2:5] == [
        "   0.60 of words 1.00 (bm25 0.90, closeness 0.50, spelling 0.00) + 0.40 of cosine 0.25",
        "   says banjir; flood: banjir, kebanjiran",
        "   lacks hotel",
    ]
    assert [line for line in lines if line not in lines[2:5]] == terminal.hits_lines([hit])


def copies_of(passage: Passage) -> tuple[Passage, ...]:
    """Two passages of another article that say the same, one of a third, one of its own."""
    there = dataclasses.replace(
        METADATA, publisher="Kompas", published=date(2024, 8, 22), published_basis="inferred"
    )
    nameless = dataclasses.replace(METADATA, publisher=None, title="Rob", published=None)
    return (
        dataclasses.replace(passage, article_id="e" * 16, metadata=there),
        dataclasses.replace(passage, article_id="e" * 16, start=1, metadata=there),
        dataclasses.replace(passage, start=1),
        dataclasses.replace(passage, article_id="f" * 16, metadata=nameless),
    )


def test_a_hit_names_where_else_it_is() -> None:
    """Every other article once, by its publisher, else its title; its own never."""
    hit = dataclasses.replace(ANSWER.hits[0], copies=copies_of(PASSAGE))
    assert terminal.hits_lines([hit, ANSWER.hits[0]], language="id")[2:5] == [
        "   01234567  /berita/demak.txt",
        "   juga di: Kompas · ~22 Agustus 2024; Rob · tanpa tanggal",
        "",
    ]
    own = dataclasses.replace(ANSWER.hits[0], copies=copies_of(PASSAGE)[2:3])
    assert terminal.hits_lines([own]) == terminal.hits_lines(ANSWER.hits)


def test_a_cited_source_names_where_else_it_is() -> None:
    """Under the source, in the question's language; a date that is inferred there is explained."""
    hit = dataclasses.replace(ANSWER.hits[0], copies=copies_of(PASSAGE))
    answer = dataclasses.replace(ANSWER, language="en", hits=(hit,))
    assert terminal.answer_lines(answer)[5:] == [
        "    /berita/demak.txt",
        "    also in: Kompas · ~22 August 2024; Rob · no date",
        "~ The date is inferred; the article does not state it.",
    ]

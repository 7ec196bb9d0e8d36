"""What a reader sees of hits, lists, an article, its copies and a library."""

from __future__ import annotations

import dataclasses
from datetime import date

from rag import terminal
from rag.layout import Screen, columns
from rag.schema import Met, Outcome, Passage
from tests.samples import ANSWER, ENTRY, METADATA, PASSAGE, STATUS, TEXT


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


def test_a_piped_row_is_tab_separated() -> None:
    """A row of a piped list has seven fields between tabs, nothing cut; the last is the group's."""
    metadata = dataclasses.replace(
        METADATA, title="Tab\there " + "x" * 200, published_basis="inferred"
    )
    entry = dataclasses.replace(
        ENTRY, article=dataclasses.replace(ENTRY.article, metadata=metadata)
    )
    assert terminal.table_row(entry).split("\t") == [
        "01234567",
        "~2024-08-21",
        "ANTARA",
        "id",
        "1",
        "Tab here " + "x" * 200,
        "",
    ]
    assert terminal.table_row(dataclasses.replace(entry, copies=("f" * 16,))).endswith(
        "x\t=01234567"
    )
    assert terminal.table_row(dataclasses.replace(entry, copies=("00" * 8,))).endswith(
        "x\t=00000000"
    )


def test_a_table_fits_the_terminal() -> None:
    """Heads stand above their columns and no row is wider than the terminal."""
    metadata = dataclasses.replace(METADATA, title="雪" * 60, publisher="P" * 40)
    entry = dataclasses.replace(
        ENTRY, article=dataclasses.replace(ENTRY.article, metadata=metadata)
    )
    screen = Screen(width=80)
    head, row = terminal.table_head(screen), terminal.table_row(entry, screen)
    assert columns(row) <= 80
    assert row.endswith("…")
    assert head.index("PUBLISHER") == row.index("P")
    assert head.index("TITLE") == row.index("雪")
    member = terminal.table_row(dataclasses.replace(entry, copies=("f" * 16,)), screen)
    assert columns(member) <= 80
    assert head.index("TITLE") == member.index("=01234567 雪")


def test_an_article_in_full() -> None:
    """Metadata a line each, then the text as it is; what was taken out only when asked for."""
    lines = terminal.entry_lines(ENTRY)
    assert lines == [
        "id          0123456789abcdef",
        "title       Banjir Demak",
        "publisher   ANTARA",
        "published   2024-08-21 (stated)",
        "language    id",
        "source      /berita/demak.txt",
        "source      https://example.org/demak",
        "passages    1",
        "taken out   1 line (see show --removed)",
        "added       2024-09-01 08:30:00+00:00",
        "",
        TEXT,
    ]
    assert terminal.entry_lines(ENTRY, removed=True)[len(lines) :] == [
        "",
        "Taken out",
        "  1  Baca juga: Rob",
    ]


def test_an_article_names_its_copies() -> None:
    """Each with publisher, title and date, as far as they are given; else by its id alone."""
    other = dataclasses.replace(
        ENTRY,
        article=dataclasses.replace(
            ENTRY.article,
            article_id="f" * 16,
            metadata=dataclasses.replace(METADATA, publisher="Kompas", published=None),
        ),
    )
    entry = dataclasses.replace(ENTRY, copies=("a" * 16, "f" * 16))
    lines = terminal.entry_lines(entry, copies=[other])
    assert [line for line in lines if line.startswith("copy")] == [
        "copy        aaaaaaaa",
        "copy        ffffffff Kompas · Banjir Demak · no date",
    ]


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


def test_status_names_every_problem() -> None:
    """The block holds the counts, and each problem stands on a line of its own."""
    broken = dataclasses.replace(STATUS, vectors=None, problems=("Index unreadable. Run reindex.",))
    lines = terminal.status_lines(broken)
    assert "articles    3 (en 1, id 2)" in lines
    assert "size        1.2 MB" in lines
    assert "vectors     cannot be read" in lines
    assert lines[-1] == "! Index unreadable. Run reindex."


def test_the_summary_counts_each_status() -> None:
    """The line after adding names all four counts, noughts too."""
    outcomes = [Outcome(source="s", status=s) for s in ("added", "failed", "added")]  # type: ignore[arg-type]
    assert terminal.summary_line(outcomes) == "2 added, 0 unchanged, 0 updated, 1 failed"

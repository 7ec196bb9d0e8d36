"""What a reader sees of lists, an article, a library and what was done."""

from __future__ import annotations

import dataclasses

import pytest

from rag import listings
from rag.layout import PIPE, Screen, columns
from rag.schema import Outcome
from tests.samples import ENTRY, HOSTILE, HOSTILE_METADATA, METADATA, STATUS, TEXT, are_safe


@pytest.mark.parametrize("screen", [PIPE, Screen(width=40), Screen(width=40, colour=True)])
def test_hostile_records_are_listed_safely(screen: Screen) -> None:
    """No field of an article, a status or an outcome brings a control sequence of its own."""
    entry = dataclasses.replace(
        ENTRY,
        article=dataclasses.replace(
            ENTRY.article, text=HOSTILE, removed=(HOSTILE,), metadata=HOSTILE_METADATA
        ),
        sources=(HOSTILE,),
        copies=("f" * 16,),
    )
    other = dataclasses.replace(
        entry, article=dataclasses.replace(entry.article, article_id="f" * 16)
    )
    status = dataclasses.replace(STATUS, data_dir=HOSTILE, problems=(HOSTILE,))
    failed = Outcome(source=HOSTILE, status="failed", reason=HOSTILE, hint=HOSTILE)
    lines = [
        listings.table_row(entry, screen),
        *listings.entry_lines(entry, screen, removed=True, copies=[other]),
        *listings.status_lines(status, screen),
        listings.failure_line(failed),
    ]
    are_safe(lines, screen)


def test_a_piped_row_is_tab_separated() -> None:
    """A row of a piped list has seven fields between tabs, nothing cut; the last is the group's."""
    metadata = dataclasses.replace(
        METADATA, title="Tab\there " + "x" * 200, published_basis="inferred"
    )
    entry = dataclasses.replace(
        ENTRY, article=dataclasses.replace(ENTRY.article, metadata=metadata)
    )
    assert listings.table_row(entry).split("\t") == [
        "01234567",
        "~2024-08-21",
        "ANTARA",
        "id",
        "1",
        "Tab here " + "x" * 200,
        "",
    ]
    assert listings.table_row(dataclasses.replace(entry, copies=("f" * 16,))).endswith(
        "x\t=01234567"
    )
    assert listings.table_row(dataclasses.replace(entry, copies=("00" * 8,))).endswith(
        "x\t=00000000"
    )


def test_a_table_fits_the_terminal() -> None:
    """Heads stand above their columns and no row is wider than the terminal."""
    metadata = dataclasses.replace(METADATA, title="雪" * 60, publisher="P" * 40)
    entry = dataclasses.replace(
        ENTRY, article=dataclasses.replace(ENTRY.article, metadata=metadata)
    )
    screen = Screen(width=80)
    head, row = listings.table_head(screen), listings.table_row(entry, screen)
    assert columns(row) <= 80
    assert row.endswith("…")
    assert head.index("PUBLISHER") == row.index("P")
    assert head.index("TITLE") == row.index("雪")
    member = listings.table_row(dataclasses.replace(entry, copies=("f" * 16,)), screen)
    assert columns(member) <= 80
    assert head.index("TITLE") == member.index("=01234567 雪")


def test_an_article_in_full() -> None:
    """Metadata a line each, then the text as it is; what was taken out only when asked for."""
    lines = listings.entry_lines(ENTRY)
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
    assert listings.entry_lines(ENTRY, removed=True)[len(lines) :] == [
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
    lines = listings.entry_lines(entry, copies=[other])
    assert [line for line in lines if line.startswith("copy")] == [
        "copy        aaaaaaaa",
        "copy        ffffffff Kompas · Banjir Demak · no date",
    ]


def test_status_names_every_problem() -> None:
    """The block holds the counts, and each problem stands on a line of its own."""
    broken = dataclasses.replace(STATUS, vectors=None, problems=("Index unreadable. Run reindex.",))
    lines = listings.status_lines(broken)
    assert "articles    3 (en 1, id 2)" in lines
    assert "size        1.2 MB" in lines
    assert "vectors     cannot be read" in lines
    assert lines[-1] == "! Index unreadable. Run reindex."


def test_the_summary_counts_each_status() -> None:
    """The line after adding names all four counts, noughts too."""
    outcomes = [Outcome(source="s", status=s) for s in ("added", "failed", "added")]  # type: ignore[arg-type]
    assert listings.summary_line(outcomes) == "2 added, 0 unchanged, 0 updated, 1 failed"

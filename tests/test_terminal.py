"""What a reader sees of an answer, a hit, a library."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import pytest

from rag import terminal
from rag.layout import PIPE, Screen, columns
from rag.schema import Answer, Citation, Hit, Met, Outcome, Passage, Statement
from tests.samples import (
    ANSWER,
    CITATION,
    CONTROL,
    ENTRY,
    HOSTILE,
    METADATA,
    PASSAGE,
    SPANNED,
    STATUS,
    TEXT,
)


def with_metadata(answer: Answer, **changes: object) -> Answer:
    """`answer`, its citations' article described otherwise."""
    return dataclasses.replace(
        answer,
        citations=tuple(
            dataclasses.replace(
                citation,
                passage=dataclasses.replace(
                    citation.passage,
                    metadata=dataclasses.replace(citation.passage.metadata, **changes),
                ),
            )
            for citation in answer.citations
        ),
    )


@pytest.mark.parametrize("screen", [PIPE, Screen(width=40), Screen(width=40, colour=True)])
def test_hostile_records_print_safely(screen: Screen) -> None:
    """No field of any record brings a control sequence of its own to the screen."""
    metadata = dataclasses.replace(
        METADATA, title=HOSTILE, publisher=HOSTILE, source=HOSTILE, authors=(HOSTILE,), url=None
    )
    passage = dataclasses.replace(PASSAGE, text=HOSTILE, end=len(HOSTILE), metadata=metadata)
    answer = dataclasses.replace(
        ANSWER,
        text=HOSTILE,
        statements=(
            Statement(start=0, end=99, markers=(), verdict="conflict", reasons=(HOSTILE,)),
        ),
        citations=(Citation(marker=1, passage=passage, start=2, end=9, quote=HOSTILE),),
        notices=(HOSTILE,),
        answerer=HOSTILE,
    )
    entry = dataclasses.replace(
        ENTRY,
        article=dataclasses.replace(
            ENTRY.article, text=HOSTILE, removed=(HOSTILE,), metadata=metadata
        ),
        sources=(HOSTILE,),
        copies=("f" * 16,),
    )
    other = dataclasses.replace(
        entry, article=dataclasses.replace(entry.article, article_id="f" * 16)
    )
    copy = dataclasses.replace(passage, article_id="f" * 16)
    hit = Hit(passage=passage, rank=1, score=1.0, copies=(copy,))
    answer = dataclasses.replace(answer, hits=(hit,))
    failed = Outcome(source=HOSTILE, status="failed", reason=HOSTILE, hint=HOSTILE)
    lines = [
        *terminal.answer_lines(answer, screen),
        *terminal.hits_lines([hit], screen),
        terminal.table_row(entry, screen),
        *terminal.entry_lines(entry, screen, removed=True, copies=[other]),
        *terminal.status_lines(
            dataclasses.replace(STATUS, data_dir=HOSTILE, problems=(HOSTILE,)), screen
        ),
        terminal.failure_line(failed),
    ]
    own = re.compile(r"\x1b\[[012]m") if screen.colour else re.compile(r"(?!)")
    text = "\n".join(own.sub("", line) for line in lines).replace("\t", " ")
    assert "red gnp.exe here" in text
    assert not CONTROL.search(text)
    assert not set(text) & set("\u202e\u200b")
    assert "owned" not in text
    assert "evil" not in text


def test_a_piped_answer() -> None:
    """Piped: the text, then each source on a line, its evidence alone and where it lies."""
    assert terminal.answer_lines(ANSWER) == [
        "Banjir merendam 12 desa di Demak. [1]",
        "",
        "Sumber",
        "[1] ANTARA · Banjir Demak · 21 Agustus 2024",
        "    Banjir merendam 12 desa di Demak.",
        "    /berita/demak.txt",
    ]


def test_a_piped_answer_is_never_wrapped() -> None:
    """A quote of any length stays on one line of a pipe, so that it can be found with grep."""
    sentence = "kata " * 500 + "akhir."
    passage = dataclasses.replace(PASSAGE, text=sentence, end=len(sentence))
    answer = dataclasses.replace(
        ANSWER,
        text=f"{sentence} [1]",
        citations=(
            Citation(marker=1, passage=passage, start=0, end=len(sentence), quote=sentence),
        ),
    )
    lines = terminal.answer_lines(answer)
    assert lines[0] == f"{sentence} [1]"
    assert lines[4] == f"    {sentence}"


def test_a_terminal_shows_the_evidence_in_its_passage() -> None:
    """On a terminal the sentence that answers is bold, the words around it dim."""
    lines = terminal.answer_lines(ANSWER, Screen(width=200, colour=True))
    assert lines[2] == "\x1b[1mSumber\x1b[0m"
    assert lines[4] == (
        "    \x1b[2mHujan turun sejak pagi.\x1b[0m "
        "\x1b[1mBanjir merendam 12 desa di Demak.\x1b[0m "
        "\x1b[2mWarga mengungsi ke balai desa.\x1b[0m"
    )


def test_a_terminal_shows_the_words_that_answer() -> None:
    """They are bold in the answer, and have a line under them in the source."""
    lines = terminal.answer_lines(SPANNED, Screen(width=200, colour=True))
    assert lines[0] == "Banjir merendam \x1b[1m12 desa\x1b[0m di Demak. [1]"
    assert lines[4] == (
        "    \x1b[2mHujan turun sejak pagi.\x1b[0m "
        "\x1b[1mBanjir merendam\x1b[0m \x1b[1;4m12 desa\x1b[0m \x1b[1mdi Demak.\x1b[0m "
        "\x1b[2mWarga mengungsi ke balai desa.\x1b[0m"
    )
    assert terminal.answer_lines(SPANNED) == terminal.answer_lines(ANSWER)


def test_words_that_do_not_stand_there_are_not_marked() -> None:
    """A span of another article, or of words that are not there, changes nothing."""
    span = SPANNED.answer_span
    assert span is not None
    screen = Screen(width=200, colour=True)
    for wrong in (
        dataclasses.replace(span, article_id="f" * 16),
        dataclasses.replace(span, text="13 desa"),
        dataclasses.replace(span, start=10, end=17),
    ):
        answer = dataclasses.replace(SPANNED, answer_span=wrong)
        assert terminal.answer_lines(answer, screen) == terminal.answer_lines(ANSWER, screen)


def test_no_color_shows_the_evidence_alone() -> None:
    """Without colour a terminal gets the evidence and nothing that could be taken for it."""
    text = "\n".join(terminal.answer_lines(ANSWER, Screen(width=80)))
    assert "\x1b" not in text
    assert "Hujan" not in text
    assert "    Banjir merendam 12 desa di Demak.\n" in text


def test_citations_of_one_passage_share_a_source() -> None:
    """Two evidence sentences of a passage stand under one marker, in reading order."""
    first = Citation(marker=1, passage=PASSAGE, start=0, end=23, quote=TEXT[0:23])
    answer = dataclasses.replace(ANSWER, citations=(CITATION, first))
    assert terminal.answer_lines(answer)[3:] == [
        "[1] ANTARA · Banjir Demak · 21 Agustus 2024",
        "    Hujan turun sejak pagi.",
        "    Banjir merendam 12 desa di Demak.",
        "    /berita/demak.txt",
    ]
    coloured = terminal.answer_lines(answer, Screen(width=200, colour=True))
    assert coloured[4] == (
        "    \x1b[1mHujan turun sejak pagi. Banjir merendam 12 desa di Demak.\x1b[0m "
        "\x1b[2mWarga mengungsi ke balai desa.\x1b[0m"
    )


def test_a_long_passage_is_shown_near_its_evidence() -> None:
    """Around the evidence at most some 160 characters are shown, cut between words."""
    text = f"{'kata ' * 100}Buktinya ini. {'lagi ' * 99}lagi."
    start = text.index("Bukti")
    passage = dataclasses.replace(PASSAGE, start=1000, end=1000 + len(text), text=text)
    citation = Citation(
        marker=1, passage=passage, start=1000 + start, end=1013 + start, quote="Buktinya ini."
    )
    answer = dataclasses.replace(ANSWER, citations=(citation,))
    lines = terminal.answer_lines(answer, Screen(width=500, colour=True))[4:-1]
    shown = " ".join(re.sub(r"\x1b\[\dm", "", line).strip() for line in lines)
    before, after = shown.split("Buktinya ini.")
    assert re.fullmatch("… (kata )+", before)
    assert re.fullmatch("( lagi)+ …", after)
    assert 140 < len(before) <= 163
    assert 140 < len(after) <= 163


@pytest.mark.parametrize(
    ("changes", "language", "line"),
    [
        ({}, "en", "[1] ANTARA · Banjir Demak · 21 August 2024"),
        ({"publisher": None}, "id", "[1] Banjir Demak · 21 Agustus 2024"),
        ({"published_basis": "inferred"}, "id", "[1] ANTARA · Banjir Demak · ~21 Agustus 2024"),
        ({"published_basis": "edited"}, "en", "[1] ANTARA · Banjir Demak · 21 August 2024"),
        ({"published": None}, "id", "[1] ANTARA · Banjir Demak · tanpa tanggal"),
        ({"published": None}, "en", "[1] ANTARA · Banjir Demak · no date"),
    ],
)
def test_how_a_source_is_named(changes: dict[str, object], language: str, line: str) -> None:
    """A source is named in the question's language; what is not known is said or left out."""
    answer = with_metadata(dataclasses.replace(ANSWER, language=language), **changes)
    assert terminal.answer_lines(answer)[3] == line


def test_an_inferred_date_is_explained() -> None:
    """Whoever sees a ~ is told what it means."""
    answer = with_metadata(ANSWER, published_basis="inferred")
    assert terminal.answer_lines(answer)[-1].startswith("~ Tanggal perkiraan")
    assert not any(line.startswith("~") for line in terminal.answer_lines(ANSWER))


def test_a_web_article_is_named_by_its_address() -> None:
    """Where there is an address it is shown instead of the path."""
    answer = with_metadata(ANSWER, url="https://example.org/demak")
    assert terminal.answer_lines(answer)[5] == "    https://example.org/demak"


def test_what_failed_its_check_is_marked() -> None:
    """A statement that its source does not bear out, a notice and a model's name are shown."""
    answer = dataclasses.replace(
        ANSWER,
        language="en",
        statements=(
            Statement(start=0, end=33, markers=(1,), verdict="conflict", reasons=("12 is not 13",)),
        ),
        notices=("2 marks were dropped.",),
        answerer="ollama:gemma4:e4b",
    )
    assert terminal.answer_lines(answer)[0] == "Banjir merendam 12 desa di Demak. (!) [1]"
    assert terminal.answer_lines(answer)[-4:] == [
        "",
        "(!) Differs from its source: “Banjir merendam 12 desa di Demak.” (12 is not 13)",
        "2 marks were dropped.",
        "Written by gemma4:e4b (ollama).",
    ]


def test_a_refusal_is_its_text() -> None:
    """An abstention prints what the engine says and no heading for sources it lacks."""
    answer = Answer(
        question="q",
        query="q",
        text="The articles do not say.\nThey cover Demak.",
        language="en",
        abstention="not_in_evidence",
    )
    assert terminal.answer_lines(answer) == ["The articles do not say.", "They cover Demak."]


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


@pytest.mark.parametrize(
    ("message", "hint", "line"),
    [
        ("no such file", "Check it.", "no such file. Check it."),
        ("no such file.", "Check it.", "no such file. Check it."),
        ("two\nlines", "", "two lines"),
        ("", "Check it.", "Check it."),
    ],
)
def test_an_error_is_one_line(message: str, hint: str, line: str) -> None:
    """A message and its hint make one line with one full stop between them."""
    assert terminal.sentence(message, hint) == line

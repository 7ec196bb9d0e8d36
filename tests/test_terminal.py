"""What a reader sees of an answer."""

from __future__ import annotations

import dataclasses
import re

import pytest

from rag import terminal
from rag.layout import PIPE, Screen
from rag.schema import Answer, Citation, Hit, Statement
from tests.samples import (
    ANSWER,
    CITATION,
    HOSTILE,
    HOSTILE_METADATA,
    PASSAGE,
    SPANNED,
    TEXT,
    are_safe,
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
def test_hostile_answers_and_hits_print_safely(screen: Screen) -> None:
    """No field of an answer or a hit brings a control sequence of its own to the screen."""
    passage = dataclasses.replace(
        PASSAGE, text=HOSTILE, end=len(HOSTILE), metadata=HOSTILE_METADATA
    )
    copy = dataclasses.replace(passage, article_id="f" * 16)
    hit = Hit(passage=passage, rank=1, score=1.0, copies=(copy,))
    answer = dataclasses.replace(
        ANSWER,
        text=HOSTILE,
        statements=(
            Statement(start=0, end=99, markers=(), verdict="conflict", reasons=(HOSTILE,)),
        ),
        citations=(Citation(marker=1, passage=passage, start=2, end=9, quote=HOSTILE),),
        notices=(HOSTILE,),
        answerer=HOSTILE,
        hits=(hit,),
    )
    are_safe(terminal.answer_lines(answer, screen), screen)
    are_safe(terminal.hits_lines([hit], screen), screen)


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

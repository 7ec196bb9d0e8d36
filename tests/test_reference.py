"""A quote or an answer that is copied takes its sources along, in plain words."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reference import answer_as_text, reference
from rag.schema import Answer, Citation, Metadata, Passage, Statement
from tests.samples import ANSWER, CITATION, CONTROL, HOSTILE, METADATA, PASSAGE, TEXT, wild

QUOTE = "Banjir merendam 12 desa di Demak."


def cited(marker: int = 1, quote: str = QUOTE, **known: Any) -> Citation:
    """A citation of an article of which other things are known."""
    metadata = dataclasses.replace(METADATA, **known)
    passage = dataclasses.replace(PASSAGE, metadata=metadata)
    start = TEXT.index(quote) if quote in TEXT else 0
    return Citation(
        marker=marker, passage=passage, start=start, end=start + len(quote), quote=quote
    )


@pytest.mark.parametrize(
    ("known", "language", "expected"),
    [
        ({}, "en", '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
        ({}, None, '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
        ({}, "fr", '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
        ({}, "id", '"Banjir Demak", ANTARA, 21 Agustus 2024\ndemak.txt'),
        (
            {"authors": ("Ana Buru",), "url": "https://example.org/demak"},
            "en",
            'Ana Buru, "Banjir Demak", ANTARA, 21 August 2024\nhttps://example.org/demak',
        ),
        (
            {"authors": ("Ana Buru", "Joko"), "published_basis": "inferred"},
            "en",
            'Ana Buru and Joko, "Banjir Demak", ANTARA, 21 August 2024 (date inferred)\ndemak.txt',
        ),
        (
            {"authors": ("A", "B", "C"), "published_basis": "inferred"},
            "id",
            'A, B, dan C, "Banjir Demak", ANTARA, 21 Agustus 2024 (tanggal perkiraan)\ndemak.txt',
        ),
        (
            {"authors": ("Ana", "Budi", "Citra"), "published_basis": "edited"},
            "en",
            'Ana, Budi and Citra, "Banjir Demak", ANTARA, 21 August 2024\ndemak.txt',
        ),
        ({"authors": ("Antara",)}, "en", '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
        (
            {"publisher": None, "published": None, "published_basis": None},
            "en",
            '"Banjir Demak"\ndemak.txt',
        ),
        (
            {"published": None, "modified": date(2024, 8, 22)},
            "id",
            '"Banjir Demak", ANTARA, diperbarui 22 Agustus 2024\ndemak.txt',
        ),
        (
            {"title": 'Apa kata "kita"?', "publisher": None, "published": None},
            "en",
            "\"Apa kata 'kita'?\"\ndemak.txt",
        ),
        ({"source": "C:\\demak.txt"}, "en", '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
        (
            {"source": "https://example.org/demak"},
            "en",
            '"Banjir Demak", ANTARA, 21 August 2024\nhttps://example.org/demak',
        ),
        ({"source": "-"}, "en", '"Banjir Demak", ANTARA, 21 August 2024'),
        ({"url": "javascript:alert(1)"}, "en", '"Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'),
    ],
)  # fmt: skip
def test_a_reference(known: dict[str, Any], language: str | None, expected: str) -> None:
    """The quote, then what is known of where it is from, in the reader's language."""
    assert reference(cited(**known), language=language) == f"“{QUOTE}” — {expected}"


def test_nothing_is_known() -> None:
    """A quote of which nothing at all is known stands alone."""
    bare = Metadata(title="", source="-")
    citation = dataclasses.replace(CITATION, passage=dataclasses.replace(PASSAGE, metadata=bare))
    assert reference(citation, language="en") == f"“{QUOTE}”"


@settings(max_examples=100, deadline=None)
@given(quote=wild, title=wild, publisher=wild, author=wild, source=wild, url=st.none() | wild)
def test_any_text_stays_on_its_line(
    quote: str, title: str, publisher: str, author: str, source: str, url: str | None
) -> None:
    """Whatever an article holds, a reference is one or two lines without control characters."""
    known: dict[str, Any] = {
        "title": title,
        "publisher": publisher,
        "authors": (author,),
        "source": source,
    }
    text = reference(cited(quote=quote, **known, url=url), language="id")
    assert text.count("\n") <= 1
    assert not CONTROL.search(text.replace("\n", ""))
    assert text == reference(cited(quote=quote, **known, url=url), language="id")


def test_a_hostile_title() -> None:
    """What a terminal obeys does not get into the clipboard."""
    text = reference(cited(title=HOSTILE, published=None), language="en")
    assert text == f'“{QUOTE}” — "red gnp.exe here", ANTARA\ndemak.txt'


def test_an_answer() -> None:
    """The text with its marks, then below it what each mark stands for."""
    assert answer_as_text(ANSWER, language="en") == (
        "Banjir merendam 12 desa di Demak. [1]\n\n"
        f'[1] “{QUOTE}” — "Banjir Demak", ANTARA, 21 August 2024\ndemak.txt'
    )


def test_an_answer_with_several_sources() -> None:
    """References go by their numbers; quotes from one passage share theirs, each told once."""
    first, second = "Hujan turun sejak pagi.", "Warga mengungsi ke balai desa."
    text = "Warga mengungsi [2] setelah banjir. [1]\n\nHujan turun. [1]"
    answer = dataclasses.replace(
        ANSWER,
        text=text,
        statements=(Statement(start=0, end=len(text), markers=(1, 2), verdict="matches"),),
        citations=(
            cited(2, second, title="Pengungsi", publisher=None, published=None),
            cited(1, QUOTE),
            cited(1, first),
            cited(1, QUOTE),
        ),
    )
    assert answer_as_text(answer, language="id") == (
        "Warga mengungsi [2] setelah banjir. [1]\nHujan turun. [1]\n\n"
        f'[1] “{first}” “{QUOTE}” — "Banjir Demak", ANTARA, 21 Agustus 2024\ndemak.txt\n\n'
        f'[2] “{second}” — "Pengungsi"\ndemak.txt'
    )


def test_a_doubted_sentence_says_so() -> None:
    """A sentence that its source does not bear out is not copied as if it were."""
    text = "Banjir merendam 20 desa. [1]"
    answer = dataclasses.replace(
        ANSWER,
        text=text,
        statements=(
            Statement(
                start=0,
                end=len(text),
                markers=(1,),
                verdict="conflict",
                reasons=("20 desa; di sumbernya 12 desa",),
            ),
        ),
    )
    first = answer_as_text(answer, language="id").split("\n")[0]
    assert first == f"{text} (Berbeda dengan sumbernya: 20 desa; di sumbernya 12 desa)"


def test_a_refusal() -> None:
    """An answer without sources is its text alone."""
    refused = Answer(
        question="Who won?", query="Who won?", text="The articles do not say.", language="en",
        abstention="not_in_evidence",
    )  # fmt: skip
    assert answer_as_text(refused, language="en") == "The articles do not say."


@settings(max_examples=60, deadline=None)
@given(text=wild, quote=wild)
def test_any_answer(text: str, quote: str) -> None:
    """Whatever a model wrote, nothing in what is copied can be obeyed by a terminal."""
    passage = Passage(article_id="a" * 16, start=0, end=len(quote), text=quote, metadata=METADATA)
    answer = dataclasses.replace(
        ANSWER,
        text=text,
        statements=(),
        citations=(Citation(marker=1, passage=passage, start=0, end=len(quote), quote=quote),),
    )
    assert not CONTROL.search(answer_as_text(answer, language="en").replace("\n", ""))

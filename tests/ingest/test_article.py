"""From bytes to an article, on the three seeds and on hostile input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.article import read_article
from rag.schema import Article, article_id_of

SEEDS = Path(__file__).parents[2] / "seeds"


def made(data: bytes, *, kind: Literal["text", "markdown"] = "text", limit: int = 1000) -> Article:
    return read_article(
        data,
        source="dir/a.txt",
        name="a.txt",
        kind=kind,
        added=date(2026, 11, 21),
        max_chars=limit,
    )


def seed(number: int) -> Article:
    [path] = SEEDS.glob(f"{number:03}_*.txt")
    return made(path.read_bytes(), limit=2_000_000)


def test_seed_000() -> None:
    """Headline, author and inferred day are found; the agency it quotes is not its publisher."""
    metadata = seed(0).metadata
    assert metadata.title == "Qatar dan AS Terus Berupaya Mediasi untuk Akhiri Perang Gaza"
    assert metadata.authors == ("Selocahyo Basoeki Utomo S",)
    assert (metadata.publisher, metadata.language) == (None, "id")
    assert (metadata.published, metadata.published_basis) == (date(2024, 8, 21), "inferred")


def test_seed_001() -> None:
    """The dateline names ANTARA; 2013, 2019 and 2024 fit its Tuesday, so the day is not known."""
    metadata = seed(1).metadata
    assert metadata.title.startswith("Menteri Negara Qatar di Kementerian Luar Negeri, Mohammed")
    assert metadata.title.endswith("…")
    assert (metadata.publisher, metadata.language) == ("ANTARA", "id")
    assert (metadata.published, metadata.published_basis) == (None, None)


def test_seed_002() -> None:
    """Its Thursday (23/11) is of 2023, its war over 14 months old: a contradiction, so no day."""
    whole = seed(2)
    assert whole.metadata.title.startswith("Qatar kembali mengambil peran sebagai mediator")
    assert (whole.metadata.publisher, whole.metadata.published) == ("Suara.com", None)
    report = whole.text.split("\n\nBaca Juga")[0]
    assert "2025" not in report
    assert made(report.encode(), limit=2_000_000).metadata.published is None


def test_the_id_is_of_the_text() -> None:
    """The same article in another encoding and with other line ends is the same article."""
    text = "Emir tiba.\nIa lelah – sekali."
    one, two = made(text.encode()), made(text.replace("\n", "\r\n\r\n").encode("utf-16"))
    assert one.text == two.text == "Emir tiba.\n\nIa lelah – sekali."
    assert one.article_id == two.article_id == article_id_of(one.text)
    assert one.metadata.source == "dir/a.txt"


def test_markdown_is_an_article() -> None:
    """Front matter describes; the body is what is read."""
    whole = made(b"---\ntitle: Mediasi\ndate: 2024-08-21\n---\n*Emir* tiba.\n", kind="markdown")
    assert whole.text == "Emir tiba."
    assert (whole.metadata.title, whole.metadata.published) == ("Mediasi", date(2024, 8, 21))


@pytest.mark.parametrize(
    "data", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\x00\x00", b"satu", "…".encode(), b"- - -"]
)
def test_nothing_to_read(data: bytes) -> None:
    """Blanks, marks and a single word are no article."""
    with pytest.raises(BadSource, match=r"a\.txt holds no text"):
        made(data)


def test_the_limit_is_of_the_article() -> None:
    """The cleaned text counts, not the spaces around it."""
    assert made(b"satu dua   " * 10, limit=89).text.endswith("dua")
    for size in (88, 5):
        with pytest.raises(BadSource, match=f"longer than {size} characters"):
            made(b"satu dua   " * 10, limit=size)


def test_five_megabytes_in_one_line() -> None:
    """A line of 5 MB is refused by the limit, and read within a larger one."""
    data = b"kata " * 1_000_000
    with pytest.raises(BadSource, match="longer than 2,000,000 characters"):
        made(data, limit=2_000_000)
    assert len(made(data, limit=5_000_000).text) == 4_999_999


def test_a_picture_is_refused_by_name() -> None:
    """A PNG named .txt says what it is."""
    with pytest.raises(BadSource, match="looks like a PNG image, not text"):
        made(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


@given(st.binary(max_size=300), st.sampled_from(["text", "markdown"]))
def test_any_bytes_make_an_article_or_an_error(
    data: bytes, kind: Literal["text", "markdown"]
) -> None:
    """No bytes get past as anything else."""
    try:
        whole = made(data, kind=kind)
    except BadSource:
        return
    assert len(whole.text) >= 3
    assert whole.metadata.title

"""From bytes to an article, on the three seeds and on hostile input."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.article import make_article, read_article, read_text
from rag.ingest.document import Document
from rag.schema import Article, article_id_of
from tests.samples import FURNITURE, PASTED, REPORT

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


# What is taken out ---------------------------------------------------------------------------

BLOCKS = FURNITURE[0], REPORT[0], FURNITURE[1], REPORT[1], FURNITURE[2], *REPORT[2:], *FURNITURE[3:]


def separated(
    text: str = PASTED,
    *,
    left_out: tuple[str, ...] = (),
    repeated: Collection[str] = (),
    restored: tuple[str, ...] = (),
) -> tuple[list[str], list[str]]:
    """The lines of the text, and those that were taken out of it."""
    whole = make_article(
        Document(text=text, removed=left_out),
        source="a.txt",
        name="a.txt",
        added=date(2026, 11, 21),
        max_chars=100_000,
        repeated=repeated,
        restored=restored,
    )
    return whole.text.split("\n\n"), list(whole.removed)


def test_what_is_taken_out_is_kept_in_order() -> None:
    """After what the parser had left out comes what the text was rid of, as it stood there."""
    assert separated(left_out=(" Masuk\t| Daftar ", "\x00", "Iklan")) == (
        list(REPORT),
        ["Masuk | Daftar", "Iklan", *FURNITURE],
    )


def test_a_line_is_put_back_where_it_stood() -> None:
    """What was taken out of the text goes back to its place, what was outside it to the end."""
    assert separated(left_out=("Iklan", "Foto: Ana"), restored=("Foto: Ana", FURNITURE[2])) == (
        [*REPORT[:2], FURNITURE[2], *REPORT[2:], "Foto: Ana"],
        ["Iklan", *(line for line in FURNITURE if line != FURNITURE[2])],
    )


def test_everything_is_put_back() -> None:
    """With "*" nothing is taken out, whatever lines repeat."""
    assert separated(left_out=("Iklan",), repeated=REPORT, restored=("*",)) == (
        [*BLOCKS, "Iklan"],
        [],
    )


def test_equal_lines_are_put_back_as_often_as_they_are_named() -> None:
    """Of two lines "Komentar" that were taken out, one name brings back one, two both."""
    pasted = PASTED.replace("Berita Terkait", "Komentar")
    for times in (0, 1, 2, 3):
        text, removed = separated(pasted, restored=("Komentar",) * times)
        assert text.count("Komentar") == min(times, 2)
        assert text.count("Komentar") + removed.count("Komentar") == 2


def test_a_repeated_line_is_taken_out_of_a_page_with_furniture() -> None:
    """A short line that other articles of the outlet have goes; a sentence never does."""
    credit = "Foto: Kabar Harapan/Ana Buru"
    pasted = PASTED.replace(REPORT[3], f"{REPORT[3]}\n{credit}")
    assert separated(pasted)[0] == [*REPORT, credit]
    text, removed = separated(pasted, repeated={credit, *REPORT[1:]})
    assert text == list(REPORT)
    assert credit in removed


@given(st.lists(st.sampled_from(BLOCKS), min_size=2, max_size=14), st.data())
def test_no_line_is_ever_lost(lines: list[str], data: st.DataObject) -> None:
    """Text and what was taken out make up what was pasted, put back what you will."""
    some = tuple(data.draw(st.lists(st.sampled_from(FURNITURE), max_size=4)))
    text, removed = separated("\n".join([*REPORT, *lines]), restored=some)
    assert sorted(text + removed) == sorted([*REPORT, *lines])
    assert not set(removed) & set(REPORT[1:])


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


def test_front_matter_of_plain_text() -> None:
    """Front matter is read in a text file too; an interview between two rules stays text."""
    front = b"\r\n---\r\ntitle: Harbour reopens\r\nauthor: Anna Reed\r\ndate: 2023-05-09\r\n---\r\n"
    article = made(front + b"\r\nThe harbour reopened on Tuesday. *Nobody* was hurt.\r\n")
    assert article.text == "The harbour reopened on Tuesday. *Nobody* was hurt."
    known = article.metadata
    assert (known.title, known.authors) == ("Harbour reopens", ("Anna Reed",))
    assert (known.published, known.published_basis) == (date(2023, 5, 9), "stated")
    interview = "---\nQ: Is it safe?\nA: Yes, it is.\n---\nThe county checks it every week."
    document = read_text(interview.encode(), name="a.txt", kind="text", max_chars=1000)
    assert (document.text, document.facts) == (interview, {})


def test_the_furniture_names_the_publisher() -> None:
    """A notice of rights that is taken out still tells whose page it was."""
    page = "Kabar itu dibaca warga desa pada pagi hari sebelum mereka pergi ke pasar dan ke sawah."
    document = Document(text=page, removed=("© 2024 Kabar Wringin",))
    article = make_article(
        document, source="a.html", name="a.html", added=date(2026, 11, 21), max_chars=1000
    )
    assert article.metadata.publisher == "Kabar Wringin"
    assert article.text == page

"""Bytes to text in any encoding, and Markdown to what its reader sees."""

from __future__ import annotations

import contextlib
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.formats import decode, from_markdown

ARTICLE = "Menteri Luar Negeri bertemu “Blinken” di Doha – kata café.\nHarga naik 5%.\n"
RUSSIAN = "Президент прибыл в Москву во вторник и встретился с министром. "


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_every_usual_encoding_is_read(encoding: str) -> None:
    """The same text comes out of each encoding, with or without a byte order mark."""
    assert decode(ARTICLE.encode(encoding), name="a.txt") == ARTICLE


def test_big_endian_mark() -> None:
    """A big-endian mark is known too, and is not part of the text."""
    assert decode(b"\xfe\xff" + ARTICLE.encode("utf-16-be"), name="a.txt") == ARTICLE


def test_latin_1_indonesian() -> None:
    """Indonesian in latin-1 with an accented name is not taken for Eastern European."""
    text = "Presiden Peru, José Andrés Ibáñez, tiba di Jakarta pada Selasa.\n"
    assert decode(text.encode("latin-1"), name="a.txt") == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN * 8),
        ("shift_jis", "首相は火曜日に東京で外相と会談した。協議は二時間続いた。" * 8),
    ],
)
def test_other_scripts_are_recognised(encoding: str, text: str) -> None:
    """A longer text in another code page is read rightly by its statistics."""
    assert decode(text.encode(encoding), name="a.txt") == text


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    """A UTF-8 file cut inside a character stays UTF-8, with one mark for the loss."""
    data = ("“Kami siap,” kata dia. " * 20 + "“").encode()[:-1]
    assert decode(data, name="a.txt") == "“Kami siap,” kata dia. " * 20 + "\ufffd"


def test_a_stray_nul_is_dropped() -> None:
    """One NUL in a text is an accident, not a reason to refuse it."""
    assert decode(b"Berita\x00 pagi", name="a.txt") == "Berita pagi"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a PNG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"\x7fELF\x02\x01", "an ELF program"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"\x00" * 1000, "binary data"),
        (random.Random(0).randbytes(5000), "binary data"),
    ],
)
def test_what_is_not_text_is_named(data: bytes, what: str) -> None:
    """A picture named .txt is refused as a picture."""
    with pytest.raises(BadSource, match=rf"a\.txt looks like {what}.*, not text"):
        decode(data, name="a.txt")


@given(st.binary(max_size=400))
def test_decoding_never_fails_otherwise(data: bytes) -> None:
    """Any bytes give a text without NULs, or `BadSource`."""
    with contextlib.suppress(BadSource):
        assert "\x00" not in decode(data, name="x")


def test_twenty_megabytes_in_a_code_page_are_quick() -> None:
    """Only a sample is shown to the statistics, even when the first megabytes are ASCII."""
    data = b"berita pagi ini\n" * 1_200_000 + RUSSIAN.encode("cp1251") * 5_000
    started = time.process_time()
    assert decode(data, name="x").endswith(RUSSIAN)
    assert time.process_time() - started < 15


def test_markdown_gives_what_is_seen() -> None:
    """Marks, addresses and tags go; every word, image text and code line stays."""
    markup = (
        "# Qatar &amp; *AS*\n\n"
        "Para [menteri](http://x.id/a 't') **bertemu**\ndi `Doha`.  \nBesok.\n\n"
        "- satu\n- dua\n  - tiga\n\n> kutipan\n\n![Foto Gaza](a.png)\n\n```\nx = 1\ny\n```\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n<div class='q'>Isi <b>tebal</b> &lt;3</div>\n\n"
        "<script>jahat()</script>\n\n<!-- catatan -->\n\nAkhir <br> baris.\n"
    )
    body, front = from_markdown(markup)
    assert body.split("\n\n") == [
        "Qatar & AS",
        "Para menteri bertemu di Doha.",
        "Besok.",
        "satu",
        "dua",
        "tiga",
        "kutipan",
        "Foto Gaza",
        "x = 1",
        "y",
        "a b",
        "c d",
        "Isi tebal <3",
        "Akhir ",
        " baris.",
    ]
    assert front == {"title": "Qatar & AS"}


def test_front_matter_is_read() -> None:
    """Keys in lower case, quotes off, lists joined; the body is what follows."""
    markup = (
        '---\nTitle: "Qatar: mediasi"\nauthors:\n  - Ana\n  - Budi\ndate: 2024-08-21\n'
        "tags: [a, 'b']\nurl: http://x.id/a\nsummary: >\n  dua\n  baris\n---\n# Lain\n\nIsi.\n"
    )
    assert from_markdown(markup) == (
        "Lain\n\nIsi.",
        {
            "title": "Qatar: mediasi",
            "authors": "Ana, Budi",
            "date": "2024-08-21",
            "tags": "a, b",
            "url": "http://x.id/a",
            "summary": "dua baris",
        },
    )


@pytest.mark.parametrize("markup", ["---\n\nIsi berita.\n\n---\n", "---\ntitle: a\n", "---"])
def test_a_rule_is_not_front_matter(markup: str) -> None:
    """A line across the page, or front matter that never closes, is part of the text."""
    body, front = from_markdown(markup)
    assert front == {}
    assert body in ("Isi berita.", "title: a", "")


@pytest.mark.parametrize(
    "unit",
    [
        "[a](",
        "![a](",
        "*a **a ",
        "`a ``b ",
        "> ",
        "- ",
        "[",
        "<!--",
        "a*_~~",
        "[a](" * 140 + "\n\n",
    ],
)
def test_hostile_markdown_is_quick(unit: str) -> None:
    """Nested brackets and marks, quadratic for the parser, take no more than a few seconds."""
    started = time.process_time()
    from_markdown(unit * (390_000 // len(unit)))
    from_markdown(unit * 200_000)
    assert time.process_time() - started < 20


@given(st.text(alphabet=st.sampled_from("ab[]()*_`~<>!#-+|\\&; \n1.:\"'=/"), max_size=120))
def test_markdown_never_fails(markup: str) -> None:
    """Any text is Markdown; it loses no letter that it would show outside a link or a tag."""
    body, _ = from_markdown(markup)
    if not set(markup) & set("[]<>&:`~|-=#"):
        assert [c for c in body if c in "ab"] == [c for c in markup if c in "ab"]

"""Saved pages: their article, whole and in order, and nothing of what stands around it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from rag.ingest.page import read_page
from tests.ingest.saved_pages import FIRST, PAGES, SECOND, text_of


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


# Whole pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_gives_its_article(path: Path) -> None:
    """Of a page like an outlet's every marked part of the article is kept, no other part.

    In the fixtures `data-k` marks the text (A), what heads or credits it (H), and the
    furniture (F).
    """
    data = path.read_bytes()
    document = read_page(data, name=path.name)
    blocks = document.text.split("\n\n")
    kept = {letters(block) for block in blocks}
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    marked = [(e.get("data-k"), e.text_content()) for e in root.iter() if e.get("data-k")]
    whole = letters(document.text)
    lost = [text for mark, text in marked if mark in "AH" and letters(text) not in whole]
    left = [text for mark, text in marked if mark == "F" and letters(text) in kept]
    assert (lost, left) == ([], [])
    headline = next((e for e in root.iter("h1") if e.get("data-k")), None)
    if headline is not None:
        assert letters(blocks[0]) == letters(headline.text_content())


def test_the_order_is_the_reader_s() -> None:
    """Headline, credits, caption, then the text; list items and subheadings in their place."""
    document = read_page((PAGES[0].parent / "nested_divs.html").read_bytes(), name="x")
    assert document.text.split("\n\n") == [
        "Harga Beras di Pasar Weleri Turun Tipis Menjelang Panen Raya",
        "Kabarkini.com - 21/08/2024, 10:05 WIB",
        "Wahyu Lestari,",
        "Dimas Prakoso",
        "Tim Redaksi",
        (
            "Pedagang beras menata dagangan di Pasar Weleri, Kendal, Selasa (20/8/2024)."
            "(KABARKINI.com/WAHYU LESTARI)"
        ),
        (
            "KENDAL, KABARKINI.com - Harga beras medium di Pasar Weleri, Kendal, turun dari Rp"
            " 14.200 menjadi Rp 13.800 per kilogram pada Selasa (20/8/2024)."
        ),
        (
            "Penurunan itu terjadi setelah petani, terutama di Kecamatan Rowosari, mulai memanen"
            " padi lebih awal."
        ),
        '"Sudah tiga hari ini turun," kata Sumarni, pedagang berusia 52 tahun.',
        "Stok melimpah di tingkat penggilingan",
        (
            "Kepala Dinas Perdagangan Kendal Bagus Irawan mencatat 12 penggilingan menyimpan lebih"
            " dari 900 ton gabah."
        ),
        "Ya.",
        "Beras medium: Rp 13.800 per kilogram",
        "Beras premium: Rp 15.600 per kilogram",
        "Gabah kering panen: Rp 6.400 per kilogram",
        "Pemerintah kabupaten memperkirakan harga stabil sampai Oktober.",
    ]


def test_what_is_left_out_is_kept_apart() -> None:
    """`removed` holds what the page shows besides, in order and once; nothing hidden."""
    document = read_page((PAGES[0].parent / "nested_divs.html").read_bytes(), name="x")
    removed = list(document.removed)
    assert removed.index("Baca juga: Stok Beras Bulog Jateng Cukup hingga Akhir Tahun") < (
        removed.index("Berita Terkait")
    )
    assert len(set(removed)) == len(removed)
    assert "Teks tersembunyi untuk mesin pencari saja." not in removed
    assert not any("bukan teks" in line or "var x" in line for line in removed)
    assert not set(removed) & set(document.text.split("\n\n"))


def test_removed_lines_are_bounded() -> None:
    """A page of a thousand links keeps 400 of them, 300 characters each."""
    links = "".join(f'<li><a href="/{n}">{n} {"kata " * 100}</a></li>' for n in range(1000))
    data = f"<html><body><h1>Kapal</h1><p>{FIRST}</p><p>{SECOND}</p><ul>{links}</ul></body></html>"
    removed = read_page(data.encode(), name="x").removed
    assert len(removed) == 400
    assert max(map(len, removed)) <= 300


# Blocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<p>Harganya Rp <b>5</b> juta, kata <a href='/b'>Blinken</a>, di <i>Doha</i>.</p>",
         ["Harganya Rp 5 juta, kata Blinken, di Doha."]),
        ("<p>CO<sub>2</sub> dan O<wbr>2 itu gas&nbsp;yang&#160;berbeda &amp; ringan.</p>",
         ["CO2 dan O2 itu gas yang berbeda & ringan."]),
        ("<p>Satu baris\n   dan   lanjutannya\t di sini.</p>",
         ["Satu baris dan lanjutannya di sini."]),
        ("Kalimat satu.<br><br>Kalimat dua.<br/>Kalimat tiga.",
         ["Kalimat satu.", "Kalimat dua.", "Kalimat tiga."]),
        ("<p>Kalimat yang dipotong<br>di tengah jalan.</p>",
         ["Kalimat yang dipotong di tengah jalan."]),
        ("<p>Ia berkata <q>siap</q> lagi.</p>", ["Ia berkata “siap” lagi."]),
        ("<table><tr><th>Kota</th><th>Suara</th></tr><tr><td>Solo</td><td><p>1.200</p></td></tr></table>",
         ["Kota Suara", "Solo 1.200"]),
        ("<ol><li>Satu hal.</li><li><p>Dua hal.</p></li></ol>", ["Satu hal.", "Dua hal."]),
        ("<blockquote>Kami siap.<p>Selalu siap.</p></blockquote>", ["Kami siap.", "Selalu siap."]),
        ("<pre>baris satu.\nbaris dua.</pre>", ["baris satu.", "baris dua."]),
        ("<p>Sebelum<script>x()</script> sesudah<!-- c --> itu<style>p{}</style>.</p>",
         ["Sebelum sesudah itu."]),
        ("<p>Kata<span style='display: none'>rahasia</span> biasa<span hidden>x</span>.</p>",
         ["Kata biasa."]),
    ],
)  # fmt: skip
def test_blocks_are_what_a_reader_sees(markup: str, blocks: list[str]) -> None:
    """Inline tags leave no space or gap; paragraphs, items, rows and line breaks part blocks."""
    body = f"<div class='isi'><p>{FIRST}</p>{markup}<p>{SECOND}</p></div>"
    assert text_of(f"<h1>Kapal Karam di Sabang</h1>{body}") == [
        "Kapal Karam di Sabang", FIRST, *blocks, SECOND
    ]  # fmt: skip


@pytest.mark.parametrize(
    "box",
    [
        "<p>Baca juga: <a href='/1'>Harga Cabai Turun</a></p>",
        "<p><strong>BACA JUGA:</strong> Harga Cabai Turun</p>",
        "<div class='baca-juga'><p>Harga Cabai Turun di Pasar Induk Kemarin Pagi.</p></div>",
        "<p><a href='/1'>Harga Cabai Turun di Pasar Induk</a></p>",
        "<div><h4>Read more</h4><ul><li><a href='/1'>Chilli prices fall</a></li></ul></div>",
        (
            "<div class='related-posts'><h3><a href='/1'>Harga Cabai</a></h3><p>Petani merugi sejak"
            " musim hujan tiba di pulau itu.</p></div>"
        ),
        "<p>Advertisement</p>",
        "<p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<div class='share'><span>Bagikan artikel ini ke teman</span></div>",
    ],
)
def test_boxes_in_the_text_are_left_out(box: str) -> None:
    """A pointer to another article or an advertisement between two paragraphs is no text."""
    body = f"<h1>Kapal Karam</h1><div><p>{FIRST}</p>{box}<p>{SECOND}</p></div>"
    assert text_of(body) == ["Kapal Karam", FIRST, SECOND]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Baca juga surat itu baik-baik, kata ibunya.",
        "Berita terkait kapal itu dibantah polisi pada Senin malam.",
        "Related to the loss, the harbour master said, was a broken radio.",
        "Komentar itu ditulis seorang pembaca.",
        "Ya.",
    ],
)
def test_sentences_that_sound_like_furniture_stay(paragraph: str) -> None:
    """A paragraph of the text is kept though it begins like a label."""
    body = f"<h1>Kapal Karam</h1><div><p>{FIRST}</p><p>{paragraph}</p><p>{SECOND}</p></div>"
    assert text_of(body) == ["Kapal Karam", FIRST, paragraph, SECOND]


def test_the_fuller_text_is_taken() -> None:
    """Where the data holds paragraphs that the page does not show, the data is read."""
    more = [f"Paragraf ke-{n} hanya ada di data halaman dan tidak ditampilkan." for n in range(6)]
    body = "\\n".join([FIRST, SECOND, *more])
    node = f'{{"@type":"NewsArticle","articleBody":"{body}"}}'
    head = f'<script type="application/ld+json">{node}</script>'
    page = f"<h1>Kapal Karam</h1><p class='byline'>Oleh Ana Putri</p><div><p>{FIRST}</p></div>"
    assert text_of(page, head=head) == ["Kapal Karam", "Oleh Ana Putri", FIRST, SECOND, *more]


def test_the_shown_text_is_taken_when_it_is_whole() -> None:
    """The page's paragraphs are used, not the data's single long line."""
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle",'
        f'"articleBody":"{FIRST} {SECOND}"}}</script>'
    )
    page = f"<h1>Kapal Karam</h1><p>{FIRST}</p><p>{SECOND}</p>"
    assert text_of(page, head=head) == ["Kapal Karam", FIRST, SECOND]


VOCABULARY = ("kapal", "nelayan", "itu", "tiba", "di", "pelabuhan", "kecil", "setelah", "badai")
SENTENCES = st.lists(st.sampled_from(VOCABULARY), min_size=9, max_size=30).map(
    lambda words: " ".join(words).capitalize() + "."
)
SHAPES = (
    "<p>{}</p>",
    "<div>{}</div>",
    "<div class='c-{n}'><p>{}</p></div>",
    "<div class='row'><div class='cell'><span>{}</span></div></div>",
    "{}<br><br>",
    "<p><span style='font-size:12px'>{}</span></p>",
    "<section><p>{}</p></section>",
)


@settings(max_examples=60, deadline=None)
@given(
    paragraphs=st.lists(SENTENCES, min_size=3, max_size=12, unique=True),
    shape=st.sampled_from(SHAPES),
    wrappers=st.integers(0, 12),
)
def test_no_sentence_of_an_article_is_lost(
    paragraphs: list[str], shape: str, wrappers: int
) -> None:
    """However its paragraphs are marked up, a text comes out whole and in order."""
    body = "".join(shape.format(text, n=n) for n, text in enumerate(paragraphs))
    page = (
        "<div>" * wrappers
        + f"<h1>Kapal Karam di Sabang</h1><div>{body}</div>"
        + "</div>" * wrappers
    )
    assert text_of(page) == ["Kapal Karam di Sabang", *paragraphs]

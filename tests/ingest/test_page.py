"""Saved pages: their article, whole and in order, and nothing of what stands around it."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from rag.errors import BadSource
from rag.ingest.page import looks_like_html, read_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
FIRST = "Kapal nelayan Sinar Laut tenggelam di perairan Teluk Sabang setelah dihantam ombak besar."
SECOND = (
    "Sebelas awak kapal itu selamat karena ditolong kapal barang yang melintas dua jam kemudian."
)


def text_of(body: str, *, head: str = "") -> list[str]:
    data = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
    return read_page(data, name="x.html").text.split("\n\n")


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


# Encodings ---------------------------------------------------------------------------------

NAMED = (
    "<html><head>{}</head><body><h1>Café “Lama” Tutup</h1>"
    f"<p>{FIRST}</p><p>{SECOND}</p></body></html>"
)


@pytest.mark.parametrize(
    ("meta", "encoding", "charset"),
    [
        ("", "utf-8", None),
        ("", "utf-8-sig", None),
        ("", "utf-16", None),
        ("", "cp1252", "windows-1252"),
        ("", "cp1252", "ISO-8859-1"),
        ('<meta charset="windows-1252">', "cp1252", None),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
         "cp1252", None),
        ('<meta charset="iso-8859-1">', "utf-8", None),
        ("", "utf-8", "iso-8859-1"),
        ('<meta charset="utf-8">', "cp1252", "windows-1252"),
        ('<meta charset="rot13">', "utf-8", "no-such-charset"),
        ('<meta charset="utf-16">', "utf-8", None),
        ("", "utf-16-le", "utf-16le"),
    ],
)  # fmt: skip
def test_every_encoding_is_read(meta: str, encoding: str, charset: str | None) -> None:
    """A mark, the server's word and the page's own are heeded, wrong ones seen through."""
    data = NAMED.format(meta).encode(encoding)
    text = read_page(data, name="x.html", charset=charset).text
    assert text == f"Café “Lama” Tutup\n\n{FIRST}\n\n{SECOND}"


def test_another_script_is_read_as_named() -> None:
    """A page in a code page of its own is read by the name it gives."""
    russian = "Президент прибыл в Москву во вторник и встретился там с министром иностранных дел."
    data = f'<html><meta charset="koi8-r"><p>{russian}</p><p>{russian[::-1]}.</p></html>'
    assert read_page(data.encode("koi8-r"), name="x").text.startswith(russian)


# Is it a page? -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html>",
        b"\n\n  <!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"\xef\xbb\xbf<html lang=id>",
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>',
        b"<!-- saved from url=(0014)about:internet -->\r\n<HTML>",
        "<html><body>".encode("utf-16"),
        b"<head><title>x</title>",
        b"<div><p>satu</p><p>dua</p></div>",
    ],
)
def test_a_page_is_known_by_its_beginning(data: bytes) -> None:
    """A document type, a root or a few tags at the beginning make a page."""
    assert looks_like_html(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Berita pagi ini.",
        b"<5% warga setuju.",
        b"<p",
        b"<p>Satu tanda saja",
        b'<?xml version="1.0"?><rss version="2.0"><channel>',
        b'<feed xmlns="http://www.w3.org/2005/Atom">',
        b'<svg xmlns="http://www.w3.org/2000/svg">',
        b"Tulis <html> di awal halaman, lalu <body>.",
        b"%PDF-1.7",
        b"\x00" * 100,
        b"<!--" * 2000,
    ],
)
def test_other_data_is_no_page(data: bytes) -> None:
    """Text, feeds and drawings are not taken for pages."""
    assert not looks_like_html(data)


# Hostile pages -----------------------------------------------------------------------------

OPEN = "<html><body>"


@pytest.mark.parametrize(
    "data",
    [
        OPEN + "<div>" * 200_000,
        OPEN + "<b>" * 300_000 + FIRST,
        "<table><tr><td>" * 100_000 + FIRST,
        OPEN + "<p " + " ".join(f"a{n}" for n in range(300_000)) + ">" + FIRST,
        OPEN + "<p " + "a" * 4_000_000 + "='x'>",
        OPEN + "<p title='" + "<a " * 1_500_000,
        OPEN + "<a" * 2_000_000,
        OPEN + "<p class='" + "ad " * 1_500_000 + "'>",
        OPEN + "<b></b>" * 700_000,
        OPEN + "<br>" * 1_200_000,
        OPEN + "</p>" * 1_200_000,
        "<!--" * 1_000_000,
        "<script>" * 600_000,
        "<" * 4_000_000,
        "&" * 4_000_000,
        OPEN + "&lt;" * 1_000_000,
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html><p>&a;</p>",
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/>',
        "\x00" * 1_000_000,
        OPEN + "\x00<p\x00>\x00",
        OPEN + "<p>&#xD800;&#0;&#x110000;&#xFFFFFFFFF;</p>",
        OPEN + '<script type="application/ld+json">' + "[" * 2_000_000,
        OPEN + "<a href='x'>tautan satu kata</a>" * 100_000,
        OPEN + "<select>" + "<option>x" * 300_000,
        OPEN + "<ul><li>" * 1_000 + "<li>x" * 200_000,
        OPEN + "<h1>" * 2_000,
        OPEN + "<p><h1>satu dua tiga</h1>" * 150_000,
        OPEN + "<i><p>" * 200 + "<i>x</p>" * 20_000,
        "<html><frameset><frame src=a></frameset>",
        "",
        " ",
        "<",
        "<>",
        "<html>",
        "<?xml version='1.0'?>",
    ],
    ids=range(35),
)
def test_a_hostile_page_is_refused_in_time(data: str) -> None:
    """Nothing that a page can hold crashes the reader or keeps it for more than seconds."""
    started = time.process_time()
    with pytest.raises(BadSource, match=r"^x\.html ") as caught:
        read_page(data.encode(), name="x.html")
    assert "\n" not in caught.value.message
    assert "root:" not in caught.value.message
    assert time.process_time() - started < 12


def test_entities_are_not_expanded() -> None:
    """An entity that a page defines stands as it is written: no bomb, no file, no request."""
    page = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">'
        '<!ENTITY c SYSTEM "/etc/passwd">]>'
        f"<html><body><h1>Kapal Karam</h1><p>{FIRST}</p><p>{SECOND} &b; &c;</p></body></html>"
    )
    text = read_page(page.encode(), name="x").text
    assert text.split("\n\n") == ["Kapal Karam", FIRST, f"{SECOND} &b; &c;"]


@pytest.mark.parametrize(
    "noise",
    [
        "<div>" * 1_500,
        "<div>" * 1_500 + "<p>kata</p>" * 50_000,
        "<h1>Kapal lain yang karam</h1>" * 40_000,
        "<time datetime='2020-02-02'></time>" * 50_000,
        "<a href='/x'>tautan</a> " * 50_000,
        "<li><a href=/x>Judul berita yang lain</a>" * 20_000,
        "<font color=red>" * 120,
        "<p></p>" * 100_000,
        "</div></p></span>" * 20_000,
        '<img src="data:image/png;base64,' + "iVBORw0KGgo" * 300_000 + '">',
        "<style>" + "p{}" * 500_000 + "</style>",
        "<script>if(a<b){document.write('<p " + "x " * 3_000 + "')}</script>",
        "\x00",
    ],
    ids=range(13),
)
def test_an_article_is_read_in_the_midst_of_noise(noise: str) -> None:
    """A page that is only clumsy is read, at the price of some seconds at most."""
    started = time.process_time()
    page = f"{OPEN}<h1>Kapal Karam</h1><div><p>{FIRST}</p><p>{SECOND}</p></div>{noise}"
    blocks = read_page(page.encode(), name="x.html").text.split("\n\n")
    assert blocks[:3] == ["Kapal Karam", FIRST, SECOND]
    assert time.process_time() - started < 12


def test_a_long_article_is_read_whole() -> None:
    """A text of two million characters keeps every paragraph, in seconds."""
    paragraphs = [f"Paragraf nomor {n} melaporkan bahwa kapal ke-{n * 7} telah tiba di pelabuhan."
                  for n in range(25_000)]  # fmt: skip
    page = OPEN + "<h1>Kapal</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs)
    started = time.process_time()
    assert read_page(page.encode(), name="x").text.split("\n\n") == ["Kapal", *paragraphs]
    assert time.process_time() - started < 15


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_any_damage_is_survived(seed: int) -> None:
    """A page with bytes changed, cut or doubled gives a text or `BadSource`, nothing else."""
    rng = random.Random(seed)
    data = bytearray(rng.choice(PAGES).read_bytes())
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(data))
        change = rng.randrange(4)
        if change == 0:
            data[at] = rng.choice(b"<>\"'&=/ \x00\xff")
        elif change == 1:
            del data[at : at + rng.randint(1, 400)]
        elif change == 2:
            data[at:at] = data[at : at + rng.randint(1, 400)]
        else:
            data[at:at] = rng.choice((b"<div>", b"</div>", b"<p", b"<!--", b"<script>", b"</td>"))
        if not data:
            break
    try:
        text = read_page(bytes(data), name="x.html").text
    except BadSource as error:
        text = error.message
    assert all(block.strip() for block in text.split("\n\n"))

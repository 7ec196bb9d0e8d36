"""Lines of set pages back to paragraphs: breaks, hyphens, running heads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.typeset import Line, address_of_print, paragraphs, running


def page(*texts: str, x: float = 50, top: float = 700, step: float = 12) -> list[Line]:
    """Lines under one another; an empty one leaves a gap, one with spaces before it is indented."""
    lines = []
    for number, text in enumerate(texts):
        if text:
            bare = text.lstrip(" ")
            indent = 5.0 * (len(text) - len(bare))
            lines.append(Line(text=bare, x=x + indent, y=top - step * number, size=10))
    return lines


GAPS = page(
    "Gubernur membuka pasar ikan di pelabuhan lama pada Selasa pagi dan",
    "berjanji bahwa harga tidak akan naik sampai akhir tahun.",
    "",
    "Pedagang menyambut janji itu.",
    "",
    "Besok pasar dibuka pukul empat pagi, kata kepala dinas yang datang",
    "bersama rombongan kecil dari ibu kota provinsi.",
)
INDENTS = page(
    "    Gubernur membuka pasar ikan di pelabuhan lama pada Selasa pagi",
    "dan berjanji bahwa harga tidak akan naik sampai akhir tahun.",
    "    Pedagang menyambut janji itu dengan tepuk tangan yang panjang.",
    "    Besok pasar dibuka pukul empat pagi. Kepala dinas datang kemari",
    "bersama rombongan kecil dari ibu kota provinsi. Mereka membawa ikan",
    "    Warga senang.",
)
SHORT = page(
    "Gubernur membuka pasar ikan di pelabuhan lama pada Selasa pagi dan",
    "berjanji bahwa harga tidak akan naik.",
    "Pedagang menyambut janji itu dengan tepuk tangan. Mereka menunggu.",
    "Besok pasar dibuka pukul empat pagi, kata kepala dinas yang datang",
    "bersama rombongan kecil.",
)


@pytest.mark.parametrize(
    ("lines", "first_words"),
    [
        (GAPS, ["Gubernur", "Pedagang", "Besok"]),
        (INDENTS, ["Gubernur", "Pedagang", "Besok", "Warga"]),
        (SHORT, ["Gubernur", "Pedagang"]),
    ],
    ids=["gaps", "indents", "short last lines"],
)
def test_paragraphs_are_told_by_how_they_are_set(lines: list[Line], first_words: list[str]) -> None:
    """A gap, an indented first line or a short last line parts paragraphs; nothing is lost."""
    found = paragraphs([lines])
    assert [paragraph.split()[0] for paragraph in found] == first_words
    assert " ".join(found).split() == " ".join(line.text for line in lines).split()


def test_a_heading_stands_alone() -> None:
    """A line in larger letters is a block of its own, and its own lines are joined."""
    heading = [
        Line(text="Pasar ikan dibuka,", x=50, y=760, size=20),
        Line(text="harga dijanjikan tetap", x=50, y=738, size=20),
    ]
    assert paragraphs([heading + GAPS])[0] == "Pasar ikan dibuka, harga dijanjikan tetap"


def test_a_large_initial_belongs_to_its_word() -> None:
    """The letter that opens an article over three lines is the first of its first word."""
    initial = [Line(text="G", x=50, y=676, size=40)]
    lines = page("ubernur membuka pasar ikan di pelabuhan.", x=80)
    assert paragraphs([initial + lines]) == ["Gubernur membuka pasar ikan di pelabuhan."]


def test_a_sentence_goes_on_over_the_page() -> None:
    """A paragraph that a page or a column cuts is one; one that ended there is not."""
    first, second = page("Warga pulau itu meminta air"), page("bersih kepada pemerintah pusat.")
    assert paragraphs([first, second]) == [
        "Warga pulau itu meminta air bersih kepada pemerintah pusat."
    ]
    column = page("bersih kepada pemerintah pusat.", x=300)
    assert len(paragraphs([[*page("", "", "", *["Warga pulau itu meminta air"]), *column]])) == 1
    assert len(paragraphs([page("Warga meminta air bersih."), page("Besok air datang.")])) == 2


def test_items_are_blocks() -> None:
    """Each item of a list is a block, its second line part of it."""
    lines = page(
        "Syaratnya:", "• kartu penduduk yang berlaku dan belum", "  pernah dicabut", "• foto"
    )
    assert paragraphs([lines]) == [
        "Syaratnya:",
        "• kartu penduduk yang berlaku dan belum pernah dicabut",
        "• foto",
    ]


# Each line must be full, or it would be a paragraph's last one.
BROKEN = ["kata peme-", "rintah dan menga-", "takan bahwa"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("anak-", "anak", "anak-anak"),
        ("bermain-", "main", "bermain-main"),
        ("kata-", "katanya", "kata-katanya"),
        ("bolak-", "balik", "bolak-balik"),
        ("sayur-", "mayur", "sayur-mayur"),
        ("Asia-", "Pasifik", "Asia-Pasifik"),
        ("ke-", "17", "ke-17"),
        ("peme-", "rintahan", "pemerintahan"),
        ("peme\u2010", "rintahan", "pemerintahan"),
        ("peme\xad", "rintahan", "pemerintahan"),
        ("harga -", "kata dia", "harga - kata dia"),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, expected: str) -> None:
    """A word broken to fit is one again; a word that has a hyphen keeps it."""
    found = paragraphs([page("di sana", *BROKEN, f"oleh {before}", f"{after} itu")])
    assert found == [f"di sana kata pemerintah dan mengatakan bahwa oleh {expected} itu"]


def test_a_text_that_breaks_no_words_keeps_its_hyphens() -> None:
    """Where words are not broken, a hyphen at a line's end is the word's own."""
    lines = page("a long-", "delayed tunnel was opened by the", "mayor on the coast of the island")
    assert paragraphs([lines])[0].startswith("a long-delayed tunnel")


def test_the_text_itself_says_how_a_word_is_written() -> None:
    """A word that stands whole elsewhere is joined, one that stands with its hyphen is not."""
    lines = page("the old cooperation of the rain-soaked hills and", "co-", "operation of rain-",
                 "soaked")  # fmt: skip
    assert paragraphs([lines])[0].endswith("cooperation of rain-soaked")


def test_running_heads_and_page_numbers_are_found() -> None:
    """What stands at the same height on page after page, digits aside, is no text."""
    pages = [
        [
            Line(text="HARIAN PAGI", x=50, y=780, size=8),
            *page(f"Isi halaman {word} yang lain."),
            Line(text=f"- {number} -", x=290, y=20, size=8),
        ]
        for number, word in enumerate(["pertama", "kedua", "ketiga"], start=1)
    ]
    assert running(pages) == [frozenset({0, 2})] * 3
    assert running(pages[:1]) == [frozenset()]


def test_a_sentence_said_twice_is_text() -> None:
    """The same line at other heights, or in the middle of the pages, is not a running one."""
    pages = [
        page(*["Satu baris lain."] * n, "Ia menolak.", *[f"Baris {c}." for c in "abcdefgh"])
        for n in (1, 3)
    ]
    texts = [pages[n][place].text for n, places in enumerate(running(pages)) for place in places]
    assert "Ia menolak." not in texts


def printed(url: str) -> list[Line]:
    return [
        Line(text="11/21/26, 5:28 AM Pasar ikan dibuka", x=20, y=780, size=8),
        *GAPS,
        Line(text=f"{url} 1/1", x=20, y=20, size=8),
    ]


def test_the_marks_of_a_browsers_printing_are_no_text() -> None:
    """The day of printing must not pass for the article's; the address is worth keeping."""
    lines = printed("https://contoh.id/pasar")
    assert running([lines]) == [frozenset({0, len(lines) - 1})]
    assert address_of_print([lines, lines]) == "https://contoh.id/pasar"


@pytest.mark.parametrize("url", ["file:///home/ani/a.html", "https://contoh.id/pas…"])
def test_an_address_that_leads_nowhere_is_not_kept(url: str) -> None:
    """A file on someone's disk and an address cut to fit are no addresses."""
    assert address_of_print([printed(url)]) is None


def test_an_article_that_ends_in_an_address_was_not_printed_by_a_browser() -> None:
    """One of the three marks alone takes nothing out."""
    lines = [*GAPS, Line(text="Sumber: https://contoh.id/pasar", x=20, y=20, size=8)]
    assert running([lines]) == [frozenset()]
    assert address_of_print([lines]) is None


WORDS = st.lists(st.text("abcdeimnrstu", min_size=1, max_size=9), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(25, 90), st.integers(20, 60))
def test_what_is_set_comes_back(texts: list[list[str]], measure: int, height: int) -> None:
    """Sentences set in lines of any width, with gaps between paragraphs, come back as they were."""
    wanted = [" ".join([words[0].capitalize(), *words[1:]]) + "." for words in texts]
    pages: list[list[Line]] = [[]]
    y = 0.0
    for text in wanted:
        line = ""
        for word in [*text.split(), ""]:
            if word and len(line) + len(word) < measure:
                line = f"{line} {word}".strip()
                continue
            if y < 12 * 4:
                pages.append([])
                y = 12.0 * height
            pages[-1].append(Line(text=line or word, x=50, y=y, size=10))
            line = word if line else ""
            y -= 12
        y -= 14
    assert " ".join(paragraphs(pages)).split() == " ".join(wanted).split()
    if len([lines for lines in pages if lines]) == 1 and len(texts) > 2:
        assert paragraphs(pages) == wanted

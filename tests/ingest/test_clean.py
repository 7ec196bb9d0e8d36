"""The form in which an article is kept."""

from __future__ import annotations

import textwrap
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.clean import clean

# Letters, marks, every kind of space, line end, invisible and lone surrogate there is.
ODD = (
    "aBé1٣e\u0301\u0316\u1100\u1161 .,-\n\n\r\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\xad"
    "\u2028\u2029\u3000\u200b\u200d\u202e\u2066\ufeff\x00\x1b[3m\U000e0041\ud800\udfff\u212b\u0f73\U0001f600"
)
texts = st.one_of(
    st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters()), max_size=200),
    st.lists(st.text(alphabet="ab .-", min_size=40, max_size=110), max_size=6).map("\n".join),
)

PROSE = (
    "Emir Qatar dan Menteri Luar Negeri Amerika Serikat terus membahas upaya mediasi untuk"
    " mengakhiri perang di Jalur Gaza, beberapa jam setelah menteri itu meninggalkan Doha."
    " Pembahasan tersebut juga mencakup wilayah Palestina dan bantuan untuk anak-anak."
)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Satu.\r\nDua.\rTiga.\n\n\n\nEmpat.", "Satu.\n\nDua.\n\nTiga.\n\nEmpat."),
        ("  a \t b\xa0\u3000c  ", "a b c"),
        ("a\u2028b\x85c\x0cd", "a\n\nb\n\nc\n\nd"),
        ("a\x1cb", "a b"),
        ("ber\xadjalan \u200bke\u200d de\ufeffpan", "berjalan ke depan"),
        ("\x1b[31mmerah\x1b[0m \x1b]8;;http://x\x07", "[31mmerah[0m ]8;;http://x"),
        ("aman\u202egnihab\u202c", "amangnihab"),
        ("a\U000e0049\U000e0067b", "ab"),
        ("a\ud83db\udc00", "ab"),
        ("cafe\u0301 \u212b", "café Å"),
        (" \n\t\n\xa0", ""),
        ("", ""),
    ],
)
def test_what_is_kept(given_text: str, kept: str) -> None:
    """Line ends, spaces, invisible characters and compositions come out as stated."""
    assert clean(given_text) == kept


def test_lines_of_a_pasted_article_are_paragraphs() -> None:
    """Each line of the seed articles is a paragraph of its own."""
    assert clean("Kalimat satu selesai.\nKalimat dua selesai.") == (
        "Kalimat satu selesai.\n\nKalimat dua selesai."
    )


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_hard_wrapped_text_is_joined(width: int) -> None:
    """A paragraph that an editor wrapped comes out in one line, whatever the width."""
    assert clean(textwrap.fill(PROSE, width)) == PROSE


def test_wrapped_paragraphs_stay_apart() -> None:
    """Wrapped paragraphs are split at blank lines, and at a short last line without one."""
    wrapped = textwrap.fill(PROSE, 76)
    assert len(wrapped.split("\n")[-1]) < 60
    assert clean(f"{wrapped}\n\n{wrapped}\n{wrapped}") == "\n\n".join([PROSE] * 3)


def test_a_word_broken_at_its_hyphen_is_whole_again() -> None:
    """ "anak-" at a line's end and "anak" on the next are one word."""
    wrapped = (
        "Pemerintah menyatakan bahwa bantuan kemanusiaan itu akan diberikan kepada anak-\n"
        "anak di wilayah tersebut sebelum akhir pekan ini oleh lembaga yang bersangkutan."
    )
    assert "kepada anak-anak di wilayah" in clean(wrapped)


def test_headlines_under_one_another_are_not_joined() -> None:
    """A list of headlines of like width, none of which ends in a full stop, stays a list."""
    lines = [
        "Kekejaman Baru Israel: Perang Psikologis dengan Suara Tangisan Bayi di Gaza",
        "Respons Israel usai Dituding Lakukan Genosida di Gaza oleh Amnesty International",
        "AS Lindungi Israel dari ICC: Sanksi Menanti Usai Surat Perintah Penangkapan",
        "Amnesty International Sebut Israel Lakukan Genosida di Gaza, Pemerintah Membantah",
    ]
    assert clean("\n".join(lines)) == "\n\n".join(lines)


def test_items_are_not_joined() -> None:
    """Lines that begin with a bullet or a number stay lines."""
    lines = [f"- {'kata ' * 12}yang" for _ in range(3)] + [f"2. {'kata ' * 12}yang"]
    assert clean("\n".join(lines)) == "\n\n".join(lines)


@given(texts)
def test_idempotent(text: str) -> None:
    """Cleaning what is clean changes nothing, so that an article's id is stable."""
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_no_letter_is_lost(text: str) -> None:
    """Every letter and digit comes out, in order."""

    def readable(value: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFD", value) if c.isalnum()]

    assert readable(clean(text)) == readable(text)


@given(texts)
def test_nothing_unseen_survives(text: str) -> None:
    """The result is in NFC, can be encoded, and has no controls but single blank lines."""
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()
    for paragraph in cleaned.split("\n\n") if cleaned else []:
        assert paragraph == " ".join(paragraph.split(" ")).strip() != ""
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in paragraph)
        assert "  " not in paragraph


@pytest.mark.parametrize(
    "unit",
    ["a\n", "kata ", " \n", "\u0301\u0316", "\x1b[2J", "é", "kata baik\n", "-\n"],
)
def test_two_million_characters_are_quick(unit: str) -> None:
    """Time is linear; a run of marks, quadratic to normalise, is cut short."""
    started = time.process_time()
    clean(unit * (2_000_000 // len(unit)))
    assert time.process_time() - started < 15

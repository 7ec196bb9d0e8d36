"""Which lines of a batch of texts belong to their outlet, and which to copied stories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.repeated import repeated

STORY = (
    "Warga Kota Harapan mengungsi ke balai desa pada Senin malam.\n"
    "Air mulai naik sejak pukul tujuh malam dan surut menjelang pagi.\n"
)
OTHERS = [
    "Menteri Pertanian meresmikan bendungan baru di Lembah Padi kemarin sore.\n",
    "Harga pupuk di lima kabupaten turun menjelang musim tanam tahun ini.\n",
    "Tim voli Harapan melaju ke final Piala Gubernur untuk pertama kalinya.\n",
]


def test_what_three_texts_share_is_repeated() -> None:
    """A line in three texts is; one in two, or three times in one text, is not."""
    texts = [f"Menu\n{other}Iklan\n" for other in OTHERS]
    texts[0] = texts[0].replace("Iklan\n", "Komentar\nKomentar\nKomentar\n")
    assert repeated(texts) == {"Menu"}


def test_a_long_menu_does_not_make_copies() -> None:
    """Pages of one outlet share long lines too, and are no copies while their sentences differ."""
    menu = [f"{name} Nasional Ekonomi Olahraga Wisata Foto Video Indeks" for name in "ABC"]
    assert repeated(["\n".join([*menu, other]) for other in OTHERS]) == set(menu)


def test_spaces_do_not_tell_lines_apart() -> None:
    """Indents, tabs and runs of blanks are no difference; blank lines are no line."""
    texts = ["\n\tBaca  juga\n \n" + OTHERS[0], "Baca juga \n\n" + OTHERS[1], "Baca juga"]
    assert repeated(texts) == {"Baca juga"}


def test_a_wire_story_printed_thrice_is_not_furniture() -> None:
    """What prints of one story share stays in them; the menu of the other pages goes."""
    prints = [f"{outlet}\nMenu\n{STORY}Menu\n" for outlet in ("Kabar", "Warta", "Berita")]
    assert repeated([*prints, *(f"Menu\n{other}" for other in OTHERS)]) == {"Menu"}
    assert repeated(prints) == frozenset()


@pytest.mark.parametrize("text", [STORY, "Jadwal\nSenin\nSelasa\nRabu", "Satu"])
def test_copies_of_one_file_share_nothing_of_note(text: str) -> None:
    """The same text under three names is one text, with long lines or without."""
    assert repeated([text, f"\n{text}  ", text.replace("\n", "\n\n")]) == frozenset()


def test_a_long_text_is_looked_at_from_its_beginning() -> None:
    """Lines past the first 200,000 characters are left out, so a book costs no more."""
    long = [f"Menu\n{other * 3_000}Kaki" for other in OTHERS]
    assert all(len(text) > 200_000 for text in long)
    assert {"Menu"} <= repeated(long)
    assert "Kaki" not in repeated(long)


_word = st.text("abcdef", min_size=1, max_size=6)
_short = st.lists(_word, min_size=1, max_size=7).map(" ".join)
_long = st.tuples(st.lists(_word, min_size=8, max_size=12).map(" ".join), st.sampled_from(".!?…"))
_sentence = st.tuples(_long.map("".join), st.sampled_from(["", "”", '")'])).map("".join)


@given(
    st.lists(st.lists(st.one_of(_short, _sentence), max_size=6).map("\n".join), max_size=8),
)
def test_only_what_stands_in_three_texts_is_returned(texts: list[str]) -> None:
    """Whatever the texts, a repeated line is a tidy line of at least three of them."""
    for line in repeated(texts):
        assert line == " ".join(line.split()) != ""
        assert sum(line in text.split("\n") for text in texts) >= 3


@given(
    st.lists(_sentence, min_size=1, max_size=6, unique=True),
    st.lists(st.lists(_short, max_size=4), min_size=3, max_size=6),
)
def test_no_line_that_only_copies_share_is_returned(
    story: list[str], around: list[list[str]]
) -> None:
    """A story is kept whole however often it was printed, with whatever short lines around it."""
    prints = ["\n".join([*lines, *story]) for lines in around]
    assert repeated(prints) == frozenset()


@given(st.permutations(OTHERS))
def test_the_order_of_unlike_texts_does_not_matter(texts: list[str]) -> None:
    """Texts that are no copies of one another are counted alike in every order."""
    assert repeated([f"Menu\n{text}" for text in texts]) == {"Menu"}

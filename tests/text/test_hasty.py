"""Hasty spellings are written out, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import hasty
from rag.text.glossary import load
from rag.text.hasty import written_out
from rag.text.stems import stop_words

SHORT = {**hasty._ID, **hasty._EN}

# Worked by hand.
WRITTEN_OUT = [
    ("brp org yg tewas?", "berapa orang yang tewas?"),
    ("knp pres mundur", "kenapa presiden mundur"),
    ("Kmn wapres pergi bsk?", "Ke mana wapres pergi besok?"),
    ("tgl brp, bln apa & thn brp", "tanggal berapa, bulan apa & tahun berapa"),
    ("gak ada (blm ada)", "tidak ada (belum ada)"),
    ("hrganya naik krn dolar", "harganya naik karena dolar"),
    ("datang dr jkt", "datang dari Jakarta"),
    ("10 rb org di jl. Sudirman", "10 ribu orang di jalan Sudirman"),
    ("sdh. lalu pulang yg.", "sudah lalu pulang yang."),
    ("gara2 hujan", "gara-gara hujan"),
    ("anak2nya dan buah2an", "anak-anaknya dan buah-buahan"),
    ("org2 itu bersama2, “tiba2”", "orang-orang itu bersama-sama, “tiba-tiba”"),
    ("sebaik2nya", "sebaik-baiknya"),
    ("do u know ur govt, pls?", "do you know your government, please?"),
    ("ppl w/ 2 yrs w/o work b/c of it", "people with 2 years without work because of it"),
    ("5 hrs and 20 mins b4 noon", "5 hours and 20 minutes before noon"),
    ("how many hrs", "how many hours"),
]


@pytest.mark.parametrize(("text", "full"), WRITTEN_OUT)
def test_hasty_words_are_written_out(text: str, full: str) -> None:
    """Each hasty word becomes the word it stands for, with the punctuation around it."""
    assert written_out(text) == full


# Worked by hand: each is its own full form.
LEFT = [
    "YG Entertainment dan JKT48",
    "temui Yg Guan Eng",
    "G20, H5N1, CO2, co2, covid2, sars2, Liga2, liga2, kelas2",
    "menurut dr Budi dan dr. budi",
    "https://yg.id/dgn/org2 dan yg@krn.org, www.jkt.org, @yg #jkt",
    "yg_baru krn-nya pria/yg u're U.S. dgn.com",
    "timnas u 17 dan U-20",
    "dll, dsb, wapres, gov, bank, spa, spy, km, asap, wat, spt, dpt, pd",
    "tahun 300 sm, 24 hr, 5 gw",
    "kita hrs pergi",
    "",
    "  \n ",
]


@pytest.mark.parametrize("text", LEFT)
def test_everything_else_is_left(text: str) -> None:
    """Names, addresses, units, titles and what is known under its short form stay as they are."""
    assert written_out(text) == text


def test_spaces_are_kept() -> None:
    """Whatever is not a word is as it was."""
    assert written_out("  brp\n\torg  ?\n") == "  berapa\n\torang  ?\n"


def test_no_hasty_word_is_a_word() -> None:
    """No entry is a form of the glossary, nor a stop word but for those that are hasty too."""
    known = {f for c in load().concepts for f in (*c.en, *c.id)}
    assert sorted(set(SHORT) & (known | stop_words("en"))) == []
    hasty_stops = "aja dgn dimana emang ga gak gimana gmn ngga nggak tsb udah udh utk yg"
    assert set(SHORT) & stop_words("id") == set(hasty_stops.split())


def test_the_tables_are_large_and_final() -> None:
    """At least 150 entries, none in both tables, and each full form stays as it is."""
    assert len(SHORT) == len(hasty._ID) + len(hasty._EN) >= 150
    assert [full for full in SHORT.values() if written_out(full) != full] == []
    assert [short for short in SHORT if short != short.casefold()] == []


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [*SHORT, *SHORT.values(), "gara2", "org2nya", "5", "Ana", "yg.", "dr.", "("]
        ),
        max_size=10,
    ).map(" ".join)
)
def test_writing_out_twice_changes_nothing_more(text: str) -> None:
    """What is written out is final, and no line or word is lost."""
    once = written_out(text)
    assert written_out(once) == once
    assert once.count("\n") == text.count("\n")
    assert len(once.split()) >= len(text.split())

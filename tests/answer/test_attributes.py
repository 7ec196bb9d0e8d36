"""What a sentence tells by the form of what stands there."""

from __future__ import annotations

import pytest

from rag.answer.asking import asks_ordinal
from rag.answer.attributes import told_by_form
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.answered import sentence

MINISTER = "Menteri Negara Qatar di Kementerian Luar Negeri, Saleh Al Khulaifi, membahas hal itu."
SPIES = "Direktur Badan Intelijen Pusat (CIA), William Burns, tiba kemarin."
# question, its word that asks, a sentence that tells, one that does not
CASES = [
    ("Apa jabatan Al Khulaifi?", "jabatan", MINISTER, "Al Khulaifi pulang pada Selasa malam."),
    ("What is Al Khulaifi's position?", "position", MINISTER, "The Minister met Al Sisi."),
    ("CIA itu singkatan dari apa?", "singkatan", SPIES, "CIA menolak berkomentar."),
    ("bps stands for", "stands", "Badan Pusat Statistik (BPS) mencatat itu.", "BPS mencatat."),
    ("PPATK kepanjangannya apa?", "kepanjangannya", "Pusat Analisis (PPATK) itu.", "PPATK itu."),
    ("What is the full name of Burns?", "full name", SPIES, "Burns tiba kemarin."),
    ("Berapa usia Rina?", "usia", "Rina (45) tiba kemarin.", "Rina tiba kemarin."),
    ("How old is Rina?", "old", "Rina Dewi, 45, arrived on Monday.", "Rina arrived."),
    ("Apa penyebab banjir?", "penyebab", "Banjir terjadi karena hujan.", "Banjir terjadi."),
    ("Ini lawatan yang keberapa?", "keberapa", "Ini lawatan ketiga.", "Ini tiga lawatan."),
    ("Dari mana angka itu berasal?", "berasal", "Menurut polisi, 3 tewas.", "Korban 3 orang."),
]


@pytest.mark.parametrize(("question", "word", "tells", "silent"), CASES)
def test_told_by_form(question: str, word: str, tells: str, silent: str) -> None:
    """The form tells what the word asks for; without it, and for other words, nothing is told."""
    asked = analyse(question, detect(question) or "en")
    units = [u for u in asked.units if u.text == word]
    if not units:  # a stop word is asked with, and no unit
        assert word in question
        return
    (unit,) = units
    assert told_by_form(asked, unit, sentence(tells))
    assert not told_by_form(asked, unit, sentence(silent))


def test_other_words_are_not_told_by_form() -> None:
    """A hotel is told by a hotel only."""
    asked = analyse("Which hotel did Burns choose?", "en")
    assert not any(told_by_form(asked, unit, sentence(SPIES)) for unit in asked.units)


def test_asks_ordinal() -> None:
    """How many is not the how-manieth."""
    assert asks_ordinal("Lawatan Blinken kali ini yang keberapa?")
    assert not asks_ordinal("Berapa kali Blinken datang?")

"""Questions are made of sentences only where they come out well, and mean something alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.askable import Language, askable
from rag.askable_sentence import LONGEST
from tests.samples import ROOT, wild

ASKED: tuple[tuple[Language, str, str, tuple[str, ...]], ...] = (
    (
        "en",
        "Foreign Minister Declan Forsyth meanwhile hosted Sione Fifita in Auckland.",
        "Who hosted Sione Fifita in Auckland?",
        ("Forsyth", "Auckland"),
    ),
    (
        "en",
        "GENEVA (Wire) - General Obinna Eze conferred on Tuesday with Mariam Togola, he said.",
        "Who conferred on Tuesday with Mariam Togola?",
        ("Eze", "Togola"),
    ),
    (
        "en",
        "On Monday, President Ana Ruiz met Pavel Horn in Suva.",
        "Who met Pavel Horn in Suva?",
        ("Ruiz", "Suva"),
    ),
    (
        "en",
        "The Kelso bridge was closed on 12 May 2024 after cracks were found.",
        "When was the Kelso bridge closed?",
        ("12 May 2024",),
    ),
    (
        "en",
        "Elmar will stop importing wheat flour from Qestria on March 1.",
        "When will Elmar stop importing wheat flour from Qestria?",
        ("March 1",),
    ),
    (
        "en",
        "About 2,000 people blocked the new Admiral Thorne Bridge for a second day on Friday.",
        "How many people blocked the new Admiral Thorne Bridge?",
        ("2,000",),
    ),
    (
        "en",
        "A night express jumped the rails near Gurrum Junction on Thursday, killing nine people.",
        "How many people were killed near Gurrum Junction?",
        ("nine",),
    ),
    (
        "en",
        'The judge, Ida Bell, had no comment. "He lied," said prosecutor Amara Boateng.',
        "What did Amara Boateng say?",
        ("Boateng", "said"),
    ),
    (
        "id",
        "Sementara itu, Gubernur Ratna Widuri menjamu rombongan dari Cile yang dipimpin Alonso.",
        "Siapa yang menjamu rombongan dari Cile?",
        ("Widuri", "Cile"),
    ),
    (
        "id",
        "Pada Selasa, Menlu Antony Blinken membahas Gaza dengan Presiden Abdel Fattah al-Sisi.",
        "Siapa yang membahas Gaza dengan Presiden Abdel Fattah al-Sisi?",
        ("Blinken", "Sisi"),
    ),
    (
        "id",
        "Pemerintah kabupaten menetapkan status kejadian luar biasa di Tanjarang pada 2 April.",
        "Kapan pemerintah kabupaten menetapkan status kejadian luar biasa di Tanjarang?",
        ("2 April",),
    ),
    (
        "id",
        "Bupati Pesisir Lor Gatot Suryanegara melarang warga melaut sampai 20 Agustus.",
        "Sampai kapan bupati Pesisir Lor Gatot Suryanegara melarang warga melaut?",
        ("20 Agustus",),
    ),
    (
        "id",
        "Dinas Kesehatan Tanjarang mencatat 1.274 kasus demam berdarah dengue sepanjang Januari.",
        "Dinas Kesehatan Tanjarang mencatat berapa kasus demam berdarah dengue?",
        ("1.274",),
    ),
    (
        "id",
        "Sebanyak 46 pasien dirawat di tenda di halaman RSUD Tanjarang.",
        "Berapa pasien yang dirawat di tenda di halaman RSUD Tanjarang?",
        ("46",),
    ),
    (
        "id",
        "Konflik memanas sejak serangan Hamas yang menewaskan 1.208 orang di Israel.",
        "Berapa orang yang tewas di Israel?",
        ("1.208",),
    ),
    (
        "id",
        "Direktur Niaga Bank Padi, Alonso Berigue, hadir. Berigue mengatakan bunga turun.",
        "Apa kata Alonso Berigue?",
        ("Berigue", "mengatakan"),
    ),
)


@pytest.mark.parametrize(("language", "text", "question", "keys"), ASKED, ids=lambda v: str(v)[:40])
def test_asked(language: Language, text: str, question: str, keys: tuple[str, ...]) -> None:
    """A sentence gives the question that a person would ask about it, and what answers that."""
    found = {made.question: made for made in askable(text, language)}
    assert question in found
    assert found[question].keys == keys
    assert found[question].sentence in text


NOT_ASKED: tuple[tuple[Language, str], ...] = (
    # Nothing says who is meant.
    ("en", "President Ana Ruiz met her there in Suva."),
    ("en", "The men were found on Monday."),
    ("en", "Ten were hurt."),
    ("en", '"We met Pavel Horn in Suva," they said.'),
    ("id", "Kunjungan berlangsung Senin (3/6)."),
    ("id", "Pertemuan tersebut digelar di Pendopo Agung Merakandi, Kamis (6/6)."),
    ("id", "Mereka membawa dua karung garam ke Kalbuaya."),
    ("id", "Gubernur Ratna Widuri memuji pidatonya di Selubung."),
    # It was denied, or only asked.
    ("en", "The government denied that Foreign Minister Stelios Orr met Emre Akin in Larnaca."),
    ("id", "Istana menolak menyebut apakah Ratu Margareta bertemu Presiden Surya Adi di Bali."),
    # Nothing of that form is whole.
    ("en", "Who met Pavel Horn in Suva?"),
    ("en", "President Ana Ruiz met Pavel Horn in Suva"),
    ("en", "The tax rose by 12 percent to 4 million dollars in 2019."),
    ("id", "Harga naik 12 persen menjadi Rp4 juta dalam 3 bulan."),
    ("en", ""),
    ("id", "..."),
)


@pytest.mark.parametrize(("language", "text"), NOT_ASKED)
def test_not_asked(language: Language, text: str) -> None:
    """A sentence that would give an odd or an empty question gives none."""
    assert askable(text, language) == []


@settings(max_examples=150, deadline=None)
@given(
    text=wild
    | st.lists(
        st.sampled_from(
            [
                *("Menteri", "Ana", "Ruiz", "said", "met", "bertemu", "di", "in", "Suva", "12"),
                *("orang", "people", "were", "tewas", "on Monday", "pada Senin (3/6)", ",", "."),
                *('"', "“", "yang", "that", "killing", "menewaskan", "Sebanyak", "About", "-", "—"),
            ]
        ),
        max_size=40,
    ).map(" ".join),
    language=st.sampled_from(["en", "id"]),
)
def test_any_text(text: str, language: Language) -> None:
    """Whatever a text holds, a question is one short line that ends as one, and comes once."""
    made = askable(text, language)
    assert len({one.question for one in made}) == len(made)
    for one in made:
        assert one.question.endswith("?")
        assert one.question[0].isupper() or not one.question[0].isalpha()
        assert len(one.question.split()) <= LONGEST
        assert not re.search(r"[\n\"“”()]|  ", one.question)
        assert all(" ".join(key.split()) in " ".join(text.split()) for key in one.keys)


def test_most_articles_can_be_asked_about() -> None:
    """Of the articles of the suite most give a question, all of words of that article."""
    paths = sorted((ROOT / "eval" / "articles").glob("*.txt"))
    asked = [_made(path) for path in paths]
    assert len(paths) >= 80
    assert sum(map(bool, asked)) >= 0.7 * len(paths)


def _made(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    language: Language = "id" if path.name.startswith("id") else "en"
    made = askable(text, language)
    own = set(re.findall(r"\w+", text.casefold()))
    ours = {
        "en": "who when how many what did say were killed injured",
        "id": "siapa yang kapan sejak mulai sampai berapa apa kata tewas terluka disandera",
    }[language]
    for one in made:
        assert set(re.findall(r"\w+", one.question.casefold())) <= own | set(ours.split())
    return [one.question for one in made]


@pytest.mark.parametrize("unit", ["A ", "Ana ", "di ", "12 orang ", "menewaskan ", "was on ", ", "])
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_text_without_end(unit: str, language: Language) -> None:
    """A text of two million characters costs no more than its opening does."""
    started = time.perf_counter()
    askable(unit * (2_000_000 // len(unit)), language)
    assert time.perf_counter() - started < 2

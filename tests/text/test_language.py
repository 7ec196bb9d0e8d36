"""The language detector: right on short questions, silent on what it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.language import detect, detect_or

ARTICLE = (
    "Gempa mengguncang Cianjur pada Senin siang. Ratusan rumah rusak dan puluhan orang terluka, "
    "kata juru bicara badan penanggulangan bencana. Warga mengungsi ke lapangan."
)


@pytest.mark.parametrize(
    "text",
    [
        "siapa bertemu Blinken di Doha?",
        "kapan gempa Cianjur",
        "berapa korban tewas?",
        "harga beras naik",
        "Dimana letak Universitas Cape Town?",
        'Siapa penulis novel "The Chronicles of Narnia"?',
        "APA ITU KPK?",
        "Kenapa AS menolak?",
        "BBM naik lagi?",
        "Harga Beras Naik, Warga Mengeluh",
        "menurut siapa perundingan itu gagal",
        ARTICLE,
        ARTICLE + ' "We will rebuild," he said.',
    ],
)
def test_indonesian(text: str) -> None:
    """Indonesian is told from three words up, English titles in it notwithstanding."""
    assert detect(text) == "id"


@pytest.mark.parametrize(
    "text",
    [
        "who met Blinken in Doha?",
        "Gaza ceasefire talks",
        "What did Prabowo say?",
        "When did the earthquake hit Cianjur?",
        "How many people died?",
        "Did the KPK arrest Abdul Wahid?",
        "earthquake",
        "Qatar Says It Will Resume Talks",
        "The minister told reporters in Jakarta that the price of rice would fall next week.",
    ],
)
def test_english(text: str) -> None:
    """English is told from a question or a headline, Indonesian names in it notwithstanding."""
    assert detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "123 456",
        "Antony Blinken Benjamin Netanyahu",
        "Joe Biden",
        "AS",
        "誰がドーハでブリンケンに会いましたか",
        "Кто встретился с Блинкеном в Дохе?",
        "Wer hat Blinken in Doha getroffen?",
        "Der Präsident ist in Berlin",
        "In Berlin war er am Samstag",
        "Was ist in Gaza los?",
        "Wat is de hoofdstad van Nederland?",
        "De minister heeft gezegd dat het kabinet niet zal aftreden",
        "Qui a rencontré Blinken à Doha?",
        "¿Quién se reunió con Blinken en Doha?",
        "Watashi wa gakusei desu",
        "Wong kuwi lunga menyang pasar karo bojone",
    ],
)
def test_neither(text: str) -> None:
    """Names, numbers and other languages are not called Indonesian or English."""
    assert detect(text) is None


def test_malay_is_never_english() -> None:
    """Malay, Indonesian's sister, may pass for Indonesian but never for English."""
    text = "Polis berkata mangsa dibawa ke hospital kerana cedera manakala suspek ditahan"
    assert detect(text) != "en"


def test_default() -> None:
    """What cannot be told gets the default; what can be told does not."""
    assert detect_or("Joe Biden", "id") == "id"
    assert detect_or("Joe Biden", "en") == "en"
    assert detect_or("kapan gempa Cianjur", "en") == "id"


def test_only_the_beginning_is_read() -> None:
    """A long article is judged by its first thousands of characters."""
    assert detect(ARTICLE * 100 + "the man was in the house " * 10_000) == "id"


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """Any text gets one of three answers, and the same one however it is padded."""
    found = detect(text)
    assert found in {"id", "en", None}
    assert detect(f"  {text}\n") == found

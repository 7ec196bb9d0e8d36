"""What no quote can give, by how it is asked for."""

from __future__ import annotations

import pytest

from rag.answer.beyond import Beyond, beyond


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Compare the two budgets", "compare"),
        ("Bandingkan kedua anggaran itu", "compare"),
        ("What is the difference between the two plans?", "difference"),
        ("apa perbedaan rencana lama dan baru?", "difference"),
        ("How do the reports differ?", "difference"),
        ("Explain the strike in simple words", "reword"),
        ("jelaskan inflasi dengan bahasa sederhana", "reword"),
        ("Why do you think the mayor resigned?", "opinion"),
        ("What is your opinion on taxes?", "opinion"),
        ("menurutmu siapa yang benar?", "opinion"),
        ("Apa pendapatmu soal pajak?", "opinion"),
        ("Predict the next winner", "forecast"),
        ("apa yang akan terjadi selanjutnya?", "forecast"),
        ("Translate this into French", "translate"),
        ("tolong terjemahkan artikel ini", "translate"),
        ("please write me a short poem about rain", "outside"),
        ("Buatkan pantun tentang hujan", "outside"),
        ("tell me a joke", "outside"),
        ("What's the weather like today?", "outside"),
        ("jam berapa sekarang?", "outside"),
        ("what is 12 * 7?", "outside"),
        ("berapa 3 + 4", "outside"),
    ],
)
def test_what_is_beyond_quotes(question: str, kind: Beyond) -> None:
    """In either language, with or without politeness."""
    assert beyond(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the poem that was read at the funeral?",
        "Did the minister write a letter to the bank?",
        "Menurut Bank Dunia, berapa inflasinya?",
        "Will the minister visit Doha next week?",
        "Apa yang akan dibangun di Garut?",
        "What was the weather like during the flood?",
        "Berapa 10 persen dari anggaran itu?",
        "What did the court think of the law?",
        "Which book won the prize?",
        "Jelaskan penyebab banjir",
        "summarise the article",
        "Apa tanggapan wali kota?",
        "",
    ],
)
def test_what_articles_may_tell_is_not(question: str) -> None:
    """The same words in a question for the articles."""
    assert beyond(question) is None

"""Whether a model says that the articles hold no answer, in the agreed words or its own."""

from __future__ import annotations

import time

import pytest

from rag.answer.model.prompt import may_refuse, refuses

REFUSALS = """\
NOT IN THE ARTICLES
Not in the articles.
"NOT IN THE ARTICLES"
**NOT IN THE ARTICLES**
NOT IN THE ARTICLES [1]
[NOT IN THE ARTICLES]
Answer: NOT IN THE ARTICLES
TIDAK ADA DI ARTIKEL
Tidak ada dalam artikel tersebut.
The articles do not mention who won the election.
The articles don’t mention who won.
The provided articles do not contain information about that.
The context provided does not mention the capital of France.
The available information does not say.
The text does not specify a date.
The sources do not say.
I cannot answer from the provided articles.
I can't answer this question based on the text.
I don't know.
I do not have enough information to answer.
I'm sorry, but the articles do not provide this information.
Sorry, I could not find the answer in the articles.
Unfortunately, the articles do not say when it happened.
There is no information about this in the articles.
Based on the articles, it is not clear who won.
None of the articles mention the price.
The question cannot be answered from the articles.
The answer is not in the articles.
The articles do not mention who won. Please consult other sources.
Artikel-artikel tersebut tidak menyebutkan siapa pemenangnya.
Artikel yang diberikan tidak memuat informasi tersebut.
Tidak ada informasi tentang hal itu.
Saya tidak tahu.
Saya tidak dapat menjawab pertanyaan ini.
Maaf.
Maaf, saya tidak menemukan jawabannya.
Maaf, informasi tersebut tidak tersedia.
Berdasarkan artikel yang diberikan, tidak disebutkan siapa pemenangnya.
Dalam artikel tersebut tidak disebutkan tanggalnya.
Pertanyaan ini tidak dapat dijawab berdasarkan artikel.
Tidak ada artikel yang menyebutkan hal itu.
Sayangnya, teks tidak memberikan informasi itu. Silakan cari sumber lain.
""".splitlines()

# What names the articles only at its end looks like any sentence until then.
LATE = [
    "The price is not mentioned in the articles.",
    "Nama menteri itu tidak disebutkan dalam artikel.",
]

# Each with the beginning at which it is let go, at the latest.
STATEMENTS = [
    ("Antony Blinken met Mahmoud Abbas in Ramallah. [1a]", "Ant"),
    ("Hamas said the articles of the deal do not mention prisoners.", "Ha"),
    ("Blinken tidak menyebutkan tanggal.", "Bl"),
    ("Israel did not comment.", "Isr"),
    ("Ia tidak hadir.", "Ia"),
    ("Tidak ada korban jiwa dalam kejadian itu.", "Tidak ada kor"),
    ("Menurut artikel, tidak ada korban jiwa.", "Menurut artikel, tidak ada kor"),
    (
        "According to the articles, there is no ceasefire.",
        "According to the articles, there is no ce",
    ),
    ("The articles say that Blinken did not go.", "The articles say t"),
    ("The text of the agreement does not mention prisoners.", "The text of "),
    ("Article 5 does not mention prisoners.", "Article 5"),
    ("Sources did not say when he would arrive.", "Sources d"),
    ("Dokumen itu tidak menyebutkan tahanan.", "Dokumen itu ti"),
    ("The report does not mention X [1b]", "The rep"),
    ("The articles do not mention X [1b]. It is so.", "The articles do not mention X [1b]"),
    ("The articles do not mention who won. [1b]", "The articles do not mention who won. [1b]"),
    ("The articles do not say who, but he met Abbas.", "The articles do not say who, but"),
    ('"I cannot answer that," Blinken said.', '"I cannot answer that," Blinken said'),
    ('"Saya tidak tahu," kata Budi.', '"Saya tidak tahu," kata'),
    ("No details were released by the ministry.", "No details were released by the ministry."),
    (
        "The articles do not mention who won. Blinken met Abbas. [1a]",
        "The articles do not mention who won. Blinken met Abbas.",
    ),
]


@pytest.mark.parametrize("text", REFUSALS + LATE)
def test_a_refusal_is_one_in_any_words(text: str) -> None:
    """The agreed words count in any dress, and so do the model's own in both languages."""
    assert refuses(text)


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_held_back_from_its_first_letter_on(text: str) -> None:
    """No beginning of a refusal is let go while it streams."""
    assert [at for at in range(len(text) + 1) if not may_refuse(text[:at])] == []


@pytest.mark.parametrize(("text", "beginning"), STATEMENTS)
def test_a_statement_is_no_refusal_and_is_soon_let_go(text: str, beginning: str) -> None:
    """A denial that the articles report is shown, at the first word that tells it apart."""
    assert not refuses(text)
    assert text.startswith(beginning)
    assert not may_refuse(beginning)
    assert may_refuse("")


def test_nothing_and_courtesy_alone_are_no_refusal() -> None:
    """An empty reply and an offer of help say nothing about the articles."""
    assert not refuses("")
    assert not refuses(" \n")
    assert not refuses("Tidak ada.")  # "Apakah ada korban?"
    assert not refuses("Silakan ajukan pertanyaan lain.")


@pytest.mark.parametrize("text", ["I ", "not in the ", "[1", "tidak ada ", "sorry. ", "a. ", "[["])
def test_long_replies_are_judged_in_linear_time(text: str) -> None:
    """100 kB of what refusals are made of takes about a second."""
    text = (text * 50_000)[:100_000]
    begun = time.process_time()
    refuses(text)
    may_refuse(text)
    assert time.process_time() - begun < 5

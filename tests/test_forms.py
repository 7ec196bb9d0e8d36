"""Questions of a form of their own, asked without a language model, in both languages."""

from __future__ import annotations

import pytest

from tests.newsroom import Newsroom, sound

NOBODY = "127.0.0.1:9"
STRIKE = "Dockers in Varn stopped work yesterday over unpaid overtime."
DEMAND = 'Union leader Ketti Brandvold said: "We want what we are owed."'
SHIPS = "Ships from Norway, Denmark and Sweden are waiting off the port."
PANEN = "Petani di Desa Tunjung memanen padi pada Selasa (14/5)."
HARGA = "Menurut Bupati Raden Sasongko, harga gabah naik 12 persen."
FAIR = "A book fair opens in Lund next week."
ARTICLES = {
    "strike.txt": f"Dockers stop work in Varn\n\n15 May 2024\n\n{STRIKE} {DEMAND}\n\n{SHIPS}\n",
    "panen.txt": f"Panen raya di Tunjung\n\n{PANEN} {HARGA}\n",
    "fair.txt": f"Book fair to open in Lund\n\n14 May 2024\n\n{FAIR}\n",
}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Three articles: of 15 May, of no known day, of 14 May."""
    return Newsroom.of(tmp_path_factory.mktemp("forms"), ARTICLES)


def quotes(news: Newsroom, question: str) -> list[str]:
    """What is cited, in order; the answer is one."""
    answer = news.ask(question, server=NOBODY)
    assert answer["answered"], answer["text"]
    sound(answer, " ".join(news.texts().values()), news.texts())
    return [citation["quote"] for citation in answer["citations"]]


def refused(news: Newsroom, question: str) -> str:
    """The text of a refusal."""
    answer = news.ask(question, server=NOBODY)
    assert not answer["answered"], answer["text"]
    assert answer["abstention"] in ("nothing_relevant", "not_in_evidence")
    assert answer["citations"] == []
    return str(answer["text"])


@pytest.mark.parametrize(
    "question", ["What happened on 14 May 2024?", "Apa yang terjadi pada 14 Mei 2024?"]
)
def test_what_happened_on_a_day(news: Newsroom, question: str) -> None:
    """What "yesterday" and "Selasa (14/5)" tell of it, then what was published on it."""
    assert quotes(news, question) == [STRIKE, PANEN, FAIR]
    notices = " ".join(news.ask(question, server=NOBODY)["notices"])
    assert "published on that day" in notices or "terbit pada hari itu" in notices
    assert "without a year" in notices or "tanpa tahun" in notices


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What happened on 14 May in Varn?", [STRIKE]),
        ("apa yang terjadi di Tunjung pada 14 Mei?", [PANEN]),
    ],
)
def test_what_happened_somewhere_on_a_day(news: Newsroom, question: str, quote: list[str]) -> None:
    """Only what is told of the place too."""
    assert quotes(news, question) == quote


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What happened on 3 April 2021?", "They have nothing on “3 April 2021”."),
        ("Apa yang terjadi pada 3 April 2021?", "Tidak ada apa pun tentang “3 April 2021”."),
        ("What happened on 14 May 2024 in Oslo?", "They have nothing on “Oslo”."),
    ],
)
def test_a_day_of_which_nothing_is_told(news: Newsroom, question: str, line: str) -> None:
    """Is said to be one, with what there is."""
    text = refused(news, question)
    assert line in text.splitlines()
    assert "3 art" in text


def test_a_follow_up_asks_of_another_day(news: Newsroom) -> None:
    """Only the day is named anew."""
    ran = news.chat(
        "What happened on 3 April 2021?",
        "and on 14 May 2024?",
        server=NOBODY,
        options=["--json"],
    )
    assert [c["quote"] for c in ran.answers[1]["citations"]] == [STRIKE, PANEN, FAIR]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What did Ketti Brandvold say?", DEMAND),
        ("Apa kata Raden Sasongko tentang harga gabah?", HARGA),
    ],
)
def test_what_somebody_said(news: Newsroom, question: str, quote: str) -> None:
    """The sentence that gives their words, and no other."""
    assert quotes(news, question) == [quote]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "What did Ketti Brandvold say about Norway?",
            "No sentence gives words of “Ketti Brandvold” about “Norway”.",
        ),
        (
            "Apa kata Raden Sasongko tentang Denmark?",
            "Tidak ada kalimat yang memuat perkataan “Raden Sasongko” tentang “Denmark”.",
        ),
    ],
)
def test_what_somebody_did_not_say(news: Newsroom, question: str, line: str) -> None:
    """Both are mentioned; that does not make it their words."""
    assert line in refused(news, question).splitlines()


@pytest.mark.parametrize(
    "question",
    [
        "Which countries are the ships from?",
        "Dari negara mana saja kapal-kapal itu?",
        "list the countries that the ships are from",
    ],
)
def test_a_list(news: Newsroom, question: str) -> None:
    """The sentence that holds it comes first."""
    assert quotes(news, question)[0] == SHIPS


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("In which article is Ketti Brandvold mentioned?", DEMAND),
        ("artikel mana yang menyebut Raden Sasongko?", HARGA),
        ("Raden Sasongko disebut di artikel mana?", HARGA),
        # Far apart in one article.
        ("Which articles mention Ketti Brandvold and Sweden?", DEMAND),
    ],
)
def test_which_articles_mention(news: Newsroom, question: str, quote: str) -> None:
    """Each with the sentence that does so."""
    assert quotes(news, question) == [quote]


def test_no_article_mentions_both(news: Newsroom) -> None:
    """Both are there, and never in one article."""
    text = refused(news, "Which articles mention Ketti Brandvold and Raden Sasongko?")
    assert "in no article together with" in text


@pytest.mark.parametrize(
    ("question", "firsts"),
    [
        ("summarise all articles", [STRIKE, FAIR, PANEN]),
        ("ringkas semua artikel", [STRIKE, FAIR, PANEN]),
    ],
)
def test_a_summary_of_everything(news: Newsroom, question: str, firsts: list[str]) -> None:
    """What each opens with, the newest first."""
    assert quotes(news, question) == firsts


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("summarise the second article", FAIR),
        ("ringkas artikel terakhir", PANEN),
        ("summarise article 1", STRIKE),
    ],
)
def test_an_article_is_meant_by_its_place(news: Newsroom, question: str, first: str) -> None:
    """In the list of the library where no other was shown."""
    assert quotes(news, question)[0] == first


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Compare Norway and Denmark", "Comparing needs a language model"),
        ("Bandingkan Norwegia dan Denmark", "Membandingkan memerlukan model bahasa"),
        ("Why do you think the dockers stopped work?", "Kutip has no opinion of its own"),
        ("menurutmu siapa yang salah?", "Kutip tidak punya pendapat sendiri"),
        ("write a poem about Varn", "That is not what Kutip is for"),
        ("buatkan pantun tentang panen", "Itu di luar kegunaan Kutip"),
        ("terjemahkan artikel ini ke bahasa Inggris", "Kutip tidak menerjemahkan"),
    ],
)
def test_what_no_quote_can_give(news: Newsroom, question: str, start: str) -> None:
    """A plain word, what to do where something can be done, and what there is."""
    text = refused(news, question)
    assert text.startswith(start)
    assert ("ollama pull" in text.splitlines()[0]) is (
        "language model" in text or "model bahasa" in text
    )
    assert "3 art" in text


def test_a_refusal_names_what_nothing_is_told_of(news: Newsroom) -> None:
    """No article has it, or not together with the rest."""
    text = refused(news, "Which helicopter landed in Varn?")
    assert "They have nothing on “helicopter”, “landed”." in text
    text = refused(news, "Apakah Ketti Brandvold bertemu Raden Sasongko?")
    assert "tidak dalam satu artikel dengan" in text

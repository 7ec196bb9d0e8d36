"""Questions about the articles themselves: which there are, which are on something, a summary."""

from __future__ import annotations

import pytest

from rag.answer.kinds.intent import Intent
from rag.articles import Gathered, gather
from rag.conversations import turn_of
from rag.schema import Filters
from tests import newsroom
from tests.fakes import FakeOllama, Script, says
from tests.newsroom import ARTICLES, KILLED, LATE, SIAPA, TALKS, WHO, Newsroom, saying, sound

news = newsroom.news

FLOOD = ARTICLES["flood.txt"].partition("\n")[0]


def gathered(news: Newsroom, kind: str, subject: str | None = None, *asked: str) -> Gathered:
    """What the library has for such a question, after these others."""
    intent = Intent(kind=kind, subject=subject, this=False)  # type: ignore[arg-type]
    with news.engine(answerer="extractive") as engine:
        history = [turn_of(engine.ask(question)) for question in asked]
        return gather(engine, intent, history=history, filters=None)


@pytest.mark.parametrize(
    "question", ["what articles are there?", "list the articles", "artikel apa saja yang ada?"]
)
def test_all_articles_are_named(news: Newsroom, question: str) -> None:
    """A line each, resting on the sentence that the article opens with; no model is asked."""
    with FakeOllama() as server:
        answer = news.ask(question, server=server)
        assert server.chats == []
    sound(answer, " ".join(news.texts().values()), news.texts())
    lines = answer["text"].split("\n")
    assert len(lines) == 2
    assert lines[0].startswith(FLOOD)
    assert [c["quote"] for c in answer["citations"]] == [KILLED, TALKS]


@pytest.mark.parametrize(
    ("subject", "quote"), [("fertiliser prices", TALKS), ("Odile Marsh", LATE)]
)
def test_articles_on_a_subject(news: Newsroom, subject: str, quote: str) -> None:
    """Only those that mention it, each with the sentence that does."""
    found = gathered(news, "articles_about", subject)
    assert [sentence.text for _, sentence in found.named] == [quote]
    assert found.abstention is None


def test_no_article_on_a_subject(news: Newsroom) -> None:
    """None mentions it: a refusal, not the nearest ones."""
    found = gathered(news, "articles_about", "volcanoes in Iceland")
    assert (found.named, found.abstention) == ((), "nothing_relevant")
    answer = news.ask("Which articles are about volcanoes in Iceland?", server="127.0.0.1:9")
    assert answer["abstention"] == "nothing_relevant"


def test_more_articles_than_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Ten are named and the rest is counted, in the reader's language."""
    many = {
        f"{n}.txt": f"Storm {n} over Aven\n\nStorm number {n} took the roof of house {n} in Aven.\n"
        for n in range(13)
    }
    news = Newsroom.of(tmp_path_factory.mktemp("many"), many)
    answer = news.ask("what articles are there?", server="127.0.0.1:9")
    assert answer["text"].endswith("\nand 3 more.")
    assert len(answer["citations"]) == 10
    assert gathered(news, "articles_about", "storm").more == 3


def test_filters_hold_for_lists_too(news: Newsroom) -> None:
    """Only articles that pass are named; where none does, it is a refusal."""
    answer = news.ask("what articles are there?", "--language", "id", server="127.0.0.1:9")
    assert [c["quote"] for c in answer["citations"]] == [TALKS]
    with news.engine(answerer="extractive") as engine:
        none = gather(
            engine,
            Intent(kind="list_articles", subject=None, this=False),
            history=(),
            filters=Filters(language="de"),
        )
    assert none.abstention == "nothing_relevant"


# Summaries ---------------------------------------------------------------------------------


def test_a_summary_by_the_model(news: Newsroom) -> None:
    """It is sent the one article that is meant, whole, and what it writes is checked."""
    script = saying(f"{KILLED} [{{Twelve}}] The mayor promised 900 tents. [{{Brandt}}]")
    with FakeOllama(script) as server:
        answer = news.ask("Summarise the article about Odile Marsh", server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, news.texts(), invented=("900",))
    assert "with a summary of 3 to 5 sentences" in chat.prompt
    assert TALKS not in chat.prompt
    assert answer["answerer"] == "ollama:gemma4:e4b"
    assert answer["text"].startswith(f"{KILLED} [1]")


def test_a_summary_without_a_model(news: Newsroom) -> None:
    """The opening sentences stand for it, and that is said."""
    answer = news.ask("Summarise the article about Odile Marsh", server="127.0.0.1:9")
    sound(answer, " ".join(news.texts().values()), news.texts())
    assert answer["text"].startswith(f"{KILLED} [1]\n{LATE} [1]")
    assert any("opening sentences" in notice for notice in answer["notices"])


@pytest.mark.parametrize(
    "script",
    [
        Script(status=500),
        Script(text=""),
        Script(text="Twelve ", ending="die"),
        says("NOT IN THE ARTICLES"),
    ],
)
def test_a_summary_by_a_model_that_fails(news: Newsroom, script: Script) -> None:
    """The opening sentences stand in, or else it is a refusal; never nothing."""
    with FakeOllama(script) as server:
        answer = news.ask("Summarise the article about Odile Marsh", server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, news.texts())
    assert answer["text"]
    if answer["abstention"] is None:
        assert KILLED in answer["text"]


@pytest.mark.parametrize(
    ("before", "question", "evidence"),
    [
        (WHO, "summarise the article", KILLED),
        (SIAPA, "ringkas artikel itu", TALKS),
    ],
)
def test_the_article_of_the_conversation_is_meant(
    news: Newsroom,
    tmp_path_factory: pytest.TempPathFactory,
    before: str,
    question: str,
    evidence: str,
) -> None:
    """After an answer, "the article" is the one it cites."""
    mine = news.copy(tmp_path_factory.mktemp("mine"))
    ran = mine.chat(before, question, server="127.0.0.1:9", options=["--json"])
    assert evidence in ran.answers[1]["text"]
    (article,) = {c["article_id"] for c in ran.answers[1]["citations"]}
    assert article == ran.answers[0]["citations"][0]["article_id"]


def test_which_article_is_asked_where_none_is_meant(news: Newsroom) -> None:
    """Several could be meant: they are named, and the reader is asked for one."""
    answer = news.ask("summarise the article", server="127.0.0.1:9")
    sound(answer, " ".join(news.texts().values()), news.texts())
    assert len(answer["citations"]) == 2
    assert "Say which of these articles you mean." in answer["notices"]


@pytest.mark.parametrize(
    "question",
    [
        "summarize the article about the flood",
        "summarise the flood article",
        "ringkas artikel banjir",
        "ringkas artikel tentang banjir",
    ],
)
def test_an_article_is_named_by_what_it_is_on(news: Newsroom, question: str) -> None:
    """A word of its headline is enough to tell which one is meant, in either language."""
    answer = news.ask(question, server="127.0.0.1:9")
    assert KILLED in answer["text"], answer["text"]


def test_an_empty_library(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without articles there is nothing to name, and that is said."""
    empty = Newsroom(tmp_path_factory.mktemp("empty") / "store")
    answer = empty.ask("what articles are there?", server="127.0.0.1:9")
    assert answer["abstention"] == "nothing_indexed"
    assert answer["text"].startswith("Nothing is indexed yet")

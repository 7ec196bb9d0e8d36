"""Answers when the server of the model fails: what is said, what is kept, what stands in."""

from __future__ import annotations

from typing import Any

import pytest

from tests import newsroom
from tests.fakes import GEMMA, FakeOllama, FakeOpenAI, Script
from tests.newsroom import (
    LATE,
    SIAPA,
    TALKS,
    TENTS,
    WHO,
    Newsroom,
    asked,
    saying,
    sound,
)

news = newsroom.news
texts = newsroom.texts

SAID = "Mayor Tomas Brandt promised 250 tents. [{Brandt}] He spoke of"
PARTIAL = "Mayor Tomas Brandt promised 250 tents. [1] He spoke of"
# How it fails, the words of the cause, and of the remedy.
BREAKS: dict[str, tuple[dict[str, Any], str, str]] = {
    "die": ({"ending": "die"}, "closed the connection", "Ask again"),
    "reset": ({"ending": "reset"}, "connection was reset", "Ask again"),
    "no_done": ({"ending": "no_done"}, "without saying that it was done", "Ask again"),
    "error_line": ({"ending": "error_line"}, "unexpected EOF", "Ask again"),
    "garbage": ({"ending": "garbage"}, "cannot be read", "up to date"),
    "killed": (
        {"ending": "error_line", "error": "llama runner process has terminated: signal: killed"},
        "out of memory",
        "smaller model",
    ),
    "hang": ({"ending": "hang"}, "not done in time", "KUTIP_ANSWER_SECONDS"),
    "drip": ({"every": 0.2, "ending": "hang"}, "not done in time", "KUTIP_ANSWER_SECONDS"),
}
# Nothing was said before these.
NOTHING: dict[str, tuple[dict[str, Any], str, str]] = {
    "slow": ({"first_after": 30.0}, "said nothing within 1 s", "KUTIP_ANSWER_SECONDS"),
    "empty": ({"text": ""}, "said nothing", "another model"),
    "blank": ({"text": " \n\t "}, "said nothing", "another model"),
    "memory": (
        {"status": 500, "error": "model requires more system memory (9.1 GiB) than is available"},
        "out of memory",
        "smaller model",
    ),
    "busy": ({"status": 503}, "is busy", "Wait"),
    "stopped": ({"status": 500}, "resource limitations", "smaller model"),
    "denied": ({"status": 401, "error": "unauthorized"}, "refused the request (401)", "key"),
    "error_first": ({"text": "", "ending": "error_line"}, "unexpected EOF", "Ask again"),
    "dies_first": ({"text": "", "ending": "die"}, "closed the connection", "Ask again"),
    "endless_blank": ({"text": "\n", "endless": True}, "", ""),
}
SHORT = {"KUTIP_ANSWER_SECONDS": "1"}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_model_that_breaks_off(news: Newsroom, texts: dict[str, str], kind: str) -> None:
    """What it said is kept and marked as cut, why is told in a line, and the articles answer."""
    how, cause, remedy = BREAKS[kind]
    with FakeOllama(saying(SAID, **how)) as server:
        answer = news.ask(WHO, server=server, **SHORT)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    text: str = answer["text"]
    assert text.startswith(PARTIAL[:20])
    assert "… (cut off)" in text
    assert text.index("… (cut off)") < text.index(LATE)
    assert any(c["quote"] == LATE for c in answer["citations"])
    assert answer["answerer"] == "extractive"
    (notice,) = (n for n in answer["notices"] if cause in n)
    assert remedy in notice
    assert "What follows are quotes." in answer["notices"]


@pytest.mark.parametrize("kind", NOTHING)
def test_a_model_that_says_nothing(news: Newsroom, texts: dict[str, str], kind: str) -> None:
    """The articles answer alone, and why is told in a line with what to do."""
    how, cause, remedy = NOTHING[kind]
    with FakeOllama(Script(**how)) as server:
        answer = news.ask(WHO, server=server, **SHORT)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    assert answer["text"] == f"{LATE} [1]"
    assert answer["answerer"] == "extractive"
    told = [n for n in answer["notices"] if cause in n and remedy in n]
    assert told
    assert "gemma4:e4b" in told[0] or not cause
    assert "What follows are quotes." in answer["notices"]


@pytest.mark.parametrize("kind", ["die", "error_line", "garbage", "no_done"])
def test_a_server_of_openais_kind_that_breaks_off(
    news: Newsroom, texts: dict[str, str], kind: str
) -> None:
    """The same holds for the other kind of server."""
    import llama_index.llms.openai_like  # noqa: F401  (loading it is not part of the short time)

    how, _, _ = BREAKS[kind]
    with FakeOpenAI(saying(SAID, **how)) as server:
        answer = news.ask(WHO, server=server, **SHORT)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    assert answer["text"].startswith(PARTIAL)
    assert answer["answerer"] == "extractive"
    assert any(c["quote"] == LATE for c in answer["citations"])
    assert all("Traceback" not in notice for notice in answer["notices"])


@pytest.mark.parametrize("kind", [*BREAKS, *NOTHING])
def test_the_next_question_is_answered(news: Newsroom, tmp_path: Any, kind: str) -> None:
    """After each failure the same chat goes on, and the model is asked again."""
    how = (BREAKS | NOTHING)[kind][0]
    mine = news.copy(tmp_path)
    bad = saying(SAID, **how) if kind in BREAKS else Script(**how)
    with FakeOllama(bad) as server:

        def mend() -> None:
            server.script = saying("Brandt promised 250 tents. [{Brandt}]")

        ran = mine.chat(
            WHO,
            mend,
            "How many tents did Mayor Tomas Brandt promise?",
            server=server,
            options=["--json"],
            KUTIP_ANSWER_SECONDS="0.6",
        )
    first, second = ran.answers
    assert (ran.status, first["answerer"]) == (0, "extractive")
    assert LATE in first["text"]
    assert second["text"] == "Brandt promised 250 tents. [1]"
    assert second["answerer"] == "ollama:gemma4:e4b"
    assert [c["quote"] for c in second["citations"]] == [TENTS]


def test_a_failure_is_told_in_the_readers_language(news: Newsroom, texts: dict[str, str]) -> None:
    """Indonesian questions get the marks of a cut and the remark about quotes in Indonesian."""
    script = saying("Ratna Wijaya membahas harga pupuk [{Joko}] dan", ending="die")
    with FakeOllama(script) as server:
        answer = news.ask(SIAPA, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    assert "… (terpotong)" in answer["text"]
    assert "Yang berikut ini kutipan." in answer["notices"]
    assert any(c["quote"] == TALKS for c in answer["citations"])


def test_no_server(news: Newsroom) -> None:
    """Nothing listens: the articles answer, and a line says how to get a model."""
    with FakeOllama() as server:
        url = server.url
    answer = news.ask(WHO, server=url)
    assert (answer["text"], answer["answerer"]) == (f"{LATE} [1]", "extractive")
    (notice,) = answer["notices"]
    assert f"nothing answers at {url}" in notice
    assert "ollama pull gemma4:e4b" in notice
    assert "ollama serve" in notice


def test_no_server_for_a_model_by_name(news: Newsroom) -> None:
    """Asked for by name, its absence is an error, exit status 2, in one line."""
    with FakeOllama() as server:
        url = server.url
    ran = news.kutip("ask", "--model", GEMMA.name, WHO, server=url)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert f"gemma4:e4b cannot be had: nothing answers at {url}" in ran.err
    assert "--answerer extractive" in ran.err


def test_quotes_need_no_server(news: Newsroom) -> None:
    """Asked for quotes, no server is looked for, and nothing is remarked."""
    with FakeOllama() as server:
        answer = news.ask(WHO, "--answerer", "extractive", server=server)
        assert server.requests == []
    assert (answer["text"], answer["notices"]) == (f"{LATE} [1]", [])


def test_a_server_that_goes_away_between_two_questions(news: Newsroom, tmp_path: Any) -> None:
    """The chat says so and quotes, and uses the model again when it is back."""
    with FakeOllama(saying(f"{LATE} [{{Odile}}]")) as server:
        ran = news.copy(tmp_path).chat(
            WHO, server.stop, WHO, server.start, WHO, server=server, options=["--json"]
        )
    before, without, after = ran.answers
    assert [a["answerer"] for a in (before, without, after)] == [
        "ollama:gemma4:e4b",
        "extractive",
        "ollama:gemma4:e4b",
    ]
    assert before["text"] == without["text"] == after["text"] == f"{LATE} [1]"
    assert "nothing answers" in without["notices"][0]


def test_a_model_that_tells_tales_is_stopped(news: Newsroom, texts: dict[str, str]) -> None:
    """After six sentences in a row that no article backs, the quotes take over."""
    tales = "".join(f"The mayor of town {n} paid {n * 37} dollars. " for n in range(3, 200))
    answer = asked(news, texts, Script(text=tales))
    flagged = [s for s in answer["statements"] if s["verdict"] in ("not_found", "conflict")]
    assert 6 <= len(flagged) <= 8
    assert answer["answerer"] == "extractive"
    assert "one sentence after another" in answer["notices"][0]
    assert any(s["verdict"] == "matches" for s in answer["statements"])

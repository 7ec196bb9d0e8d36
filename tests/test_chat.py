"""`kutip chat`: follow-ups, commands, kept conversations, and what an interrupt does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import newsroom
from tests.fakes import LLAMA, FakeOllama, otherwise, quoting, says
from tests.newsroom import (
    KILLED,
    LATE,
    MONDAY,
    SIAPA,
    TALKS,
    TENTS,
    WHO,
    WHO_TOO,
    Newsroom,
    Ran,
    saying,
    sound,
)

made = newsroom.news

ODILE = saying(f"{LATE} [{{Odile}}]")


@pytest.fixture
def news(made: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """The same library with no conversation in it, in a folder of its own to work in."""
    monkeypatch.chdir(tmp_path)
    return made.copy(tmp_path)


def talk(news: Newsroom, script: Any, *lines: str | Callable[[], object]) -> tuple[Ran, FakeOllama]:
    """A chat with a model that behaves so, and the server it was on."""
    with FakeOllama(script) as server:
        ran = news.chat(*lines, server=server)
    assert ran.status == 0
    return ran, server


# Follow-ups --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "rewritten", "searched", "evidence"),
    [
        (
            WHO,
            "What else did she say?",
            "What did Odile Marsh say about the gates?",
            "Searched for: What did Odile Marsh say about the gates?",
            LATE,
        ),
        (
            SIAPA,
            "Kapan pembicaraan itu berlangsung?",
            "Kapan pembicaraan harga pupuk Ratna Wijaya berlangsung?",
            "Yang dicari: Kapan pembicaraan harga pupuk Ratna Wijaya berlangsung?",
            MONDAY,
        ),
    ],
)
def test_a_follow_up_is_rewritten_by_the_model(
    news: Newsroom, first: str, then: str, rewritten: str, searched: str, evidence: str
) -> None:
    """What was searched for is shown, and the model is asked that, not what was typed."""
    mark = saying(f"{evidence} [{{{evidence[:12]}}}]")
    ran, server = talk(news, otherwise(mark, rewritten), first, then)
    assert ran.out.count(searched.partition(":")[0] + ":") == 1
    assert searched in ran.out
    assert len(server.chats) == 3
    assert f"Question: {rewritten}\n" in server.chats[2].prompt
    assert {chat.body["options"]["num_ctx"] for chat in server.chats} == {8192}


@pytest.mark.parametrize(
    "reply", ["", "Paris.", "I cannot help with that.", "Who is Nina Ross of Jakarta?" * 40]
)
def test_a_bad_rewriting_is_not_used(news: Newsroom, reply: str) -> None:
    """Where the model makes no question of it, rules do: the name stands in its place."""
    ran, _ = talk(news, otherwise(ODILE, reply), WHO, "What did she say about the gates?")
    (searched,) = re.findall(r"Searched for: (.*)", ran.out)
    assert "Odile Marsh" in searched
    assert "Nina" not in searched


def test_follow_ups_without_a_model(news: Newsroom) -> None:
    """Rules rewrite them for the quotes too, and show what they made."""
    with FakeOllama() as server:
        url = server.url
    ran = news.chat(SIAPA, "Kapan pembicaraan itu berlangsung?", server=url, options=["--json"])
    first, second = ran.answers
    assert first["answerer"] == second["answerer"] == "extractive"
    assert first["query"] == SIAPA
    assert second["query"] != second["question"]
    assert MONDAY in second["text"]


def test_refusal_is_judged_anew_each_turn(news: Newsroom) -> None:
    """An answer before does not make the next one answerable, nor a refusal the reverse."""
    with FakeOllama(ODILE) as server:
        ran = news.chat(
            WHO,
            "Who won the World Cup in Brazil?",
            WHO,
            server=server,
            options=["--json"],
        )
        assert len(server.chats) == 2
    assert [answer["answered"] for answer in ran.answers] == [True, False, True]
    assert ran.status == 0
    texts = news.texts()
    sound(ran.answers[0], server.chats[0].prompt, texts)
    sound(ran.answers[2], server.chats[1].prompt, texts)


@pytest.mark.parametrize("said", ["hello", "thanks!", "terima kasih", "halo", "bye"])
def test_small_talk_asks_no_model(news: Newsroom, said: str) -> None:
    """A greeting is answered at once, without a source."""
    ran, server = talk(news, says("I am a model."), said)
    assert server.chats == []
    assert "I am a model" not in ran.out
    assert "Sources" not in ran.out
    assert len(ran.out.strip()) > 5


def test_what_articles_there_are(news: Newsroom) -> None:
    """The articles themselves are named, each with a sentence of its own."""
    with FakeOllama() as server:
        ran = news.chat("what articles are there?", server=server, options=["--json"])
        assert server.chats == []
    (answer,) = ran.answers
    sound(answer, " ".join(news.texts().values()), news.texts())
    assert [c["quote"] for c in answer["citations"]] == [KILLED, TALKS]


# Commands ----------------------------------------------------------------------------------


def test_sources(news: Newsroom) -> None:
    """/sources shows what is cited and what is not; /sources 1 the whole article."""
    ran, _ = talk(news, ODILE, WHO_TOO, "/sources", "/sources 1", "/sources [1]", "/sources 9")
    assert "Found, not cited" in ran.out
    assert ran.out.count(TENTS) == 2  # the article, twice
    assert ran.err.endswith("kutip: the last answer has no source 9. It has: [1].\n")


@pytest.mark.parametrize("command", ["/sources", "/sources 1", "/export x.md"])
def test_commands_before_the_first_question(news: Newsroom, command: str) -> None:
    """What needs an answer says so in a line, and the chat goes on."""
    ran, _ = talk(news, ODILE, command, WHO)
    assert "kutip: nothing was asked yet. Ask a question first.\n" in ran.err
    assert LATE in ran.out


def test_new_forgets_what_was_said(news: Newsroom) -> None:
    """After /new a follow-up has nothing to lean on, and /history is empty."""
    ran, server = talk(
        news, otherwise(ODILE, "What did Odile Marsh say?"), WHO, "/new", "/history",
        "What else did she say?",
    )  # fmt: skip
    assert "Nothing was asked yet." in ran.out
    assert "Searched for" not in ran.out
    assert all("Rewrite" not in chat.prompt for chat in server.chats)
    assert "kutip: A new conversation.\n" in ran.err


def test_history(news: Newsroom) -> None:
    """Every question of this conversation, as it was typed."""
    ran, _ = talk(news, ODILE, WHO, "hello", "/history")
    assert f"1. {WHO}\n2. hello\n" in ran.out


def test_choosing_a_model(news: Newsroom) -> None:
    """/model tells who answers, and lets another one do so from then on."""
    with FakeOllama(ODILE) as server:
        server.models[LLAMA.name] = LLAMA
        ran = news.chat(
            "/model", "/model llama3.2", WHO, "/model nope", WHO, "/model extractive", WHO,
            "/model auto", WHO, server=server,
        )  # fmt: skip
    assert [chat.body["model"] for chat in server.chats] == [
        LLAMA.name,
        LLAMA.name,
        "gemma4:e4b",
    ]
    assert "Answers: gemma4:e4b (ollama)" in ran.out
    assert "Answers: quotes, no language model" in ran.out
    assert "has no model nope. Get it with: ollama pull nope" in ran.err


def test_a_model_by_name_that_goes_away(news: Newsroom) -> None:
    """The chat tells that it cannot be had, takes no other, and goes on when it is back."""
    with FakeOllama(ODILE) as server:
        ran = news.chat(
            WHO, server.stop, WHO, server.start, WHO,
            server=server, options=["--model", "gemma4:e4b"],
        )  # fmt: skip
    assert ran.status == 0
    assert ran.out.count(f"{LATE} [1]") == 2
    assert "gemma4:e4b cannot be had: nothing answers" in ran.err


@pytest.mark.parametrize("name", ["talk.md", "talk.html"])
def test_export(news: Newsroom, tmp_path: Path, name: str) -> None:
    """/export writes question, answer and quote; a file that is there is not written over."""
    ran, _ = talk(news, ODILE, WHO, f"/export {name}", f"/export {name}")
    written = (tmp_path / name).read_text(encoding="utf-8")
    for part in (WHO, LATE, "Flood kills 12 in Lower Aven"):
        assert part in written
    assert f"kutip: Written to {name}.\n" in ran.err
    assert "exists" in ran.err.splitlines()[-1] or "there" in ran.err.splitlines()[-1]


def test_help_and_what_is_no_command(news: Newsroom) -> None:
    """/help names every command; an unknown one is told with those there are."""
    ran, _ = talk(news, ODILE, "/help", "/bogus", "/QUIT", WHO)
    for command in ("/sources", "/history", "/new", "/model", "/export", "/quit"):
        assert command in ran.out
        assert command in ran.err
    assert "there is no command 'bogus'" in ran.err
    assert LATE not in ran.out  # /quit ends, whatever comes after it


def test_an_empty_line_and_the_end_of_input(news: Newsroom) -> None:
    """Blank lines ask nothing; the end of input ends with status 0, nothing kept."""
    ran, server = talk(news, ODILE, "", "   ")
    assert (ran.out, server.chats) == ("", [])
    assert news.kutip("chat", "--list", server="").out == ""


def test_a_question_that_cannot_be_asked(news: Newsroom) -> None:
    """One that is too long, or without a word, is told in a line, and the chat goes on."""
    ran, _ = talk(news, ODILE, "x " * 3_000, "???", WHO)
    assert "6,000 characters" in ran.err or "5,999 characters" in ran.err
    assert "the question holds no word" in ran.err
    assert LATE in ran.out


def test_the_server_is_asked_little(news: Newsroom) -> None:
    """Over a whole chat each model is looked up once, and the context is always the same."""
    with FakeOllama(ODILE) as server:
        news.chat(WHO, WHO, WHO, WHO, server=server)
    assert len(server.chats) == 4
    assert {chat.body["options"]["num_ctx"] for chat in server.chats} == {8192}
    assert [path for _, path, _ in server.requests].count("/api/show") <= 1


def test_json_lines(news: Newsroom) -> None:
    """With --json every line of stdout is one JSON value, errors and commands too."""
    with FakeOllama(ODILE) as server:
        ran = news.chat(
            WHO, "/bogus", "/sources", "/sources 1", "/history", "/model",
            "hello", "/sources 1", server=server, options=["--json"],
        )  # fmt: skip
    values = [json.loads(line) for line in ran.out.splitlines()]
    assert values[0]["text"] == f"{LATE} [1]"
    assert values[1]["error"]["kind"] == "bad_source"
    assert values[2] == values[0]
    assert TENTS in values[3]["text"]
    assert values[4] == [{"question": WHO, "query": WHO, "abstention": None}]
    assert values[5] == {"answerer": "ollama:gemma4:e4b", "models": ["gemma4:e4b"]}
    assert values[6]["answered"] is True
    assert TENTS in values[7]["text"]  # of the answer before: small talk has no sources


def test_help_as_json(news: Newsroom) -> None:
    """With --json /help is JSON too."""
    with FakeOllama(ODILE) as server:
        ran = news.chat("/help", server=server, options=["--json"])
    assert ran.answers


# Kept conversations ------------------------------------------------------------------------


def _ids(news: Newsroom) -> list[str]:
    listed = json.loads(news.kutip("chat", "--list", "--json", server="").out)
    return [summary["conversation_id"] for summary in listed]


def test_a_conversation_is_gone_on_with(news: Newsroom) -> None:
    """--continue takes up the last one, or the one named; a follow-up leans on it."""
    rewritten = "What did Odile Marsh say about the gates?"
    talk(news, ODILE, WHO)
    talk(news, quoting, SIAPA)
    later, earlier = _ids(news)
    with FakeOllama(otherwise(ODILE, rewritten)) as server:
        ran = news.chat(
            "/history", "What else did she say?",
            server=server, options=["--continue", earlier],
        )  # fmt: skip
        assert f"1. {WHO}\n" in ran.out
        assert f"Searched for: {rewritten}" in ran.out
        assert f"Going on with: {WHO}" in ran.err
        last = news.chat("/history", server=server, options=["--continue"])
        assert f"1. {WHO}\n2. What else did she say?\n" in last.out
    assert _ids(news) == [earlier, later]


def test_what_is_kept_is_listed_written_and_forgotten(news: Newsroom, tmp_path: Path) -> None:
    """--list, --export, --forget and --forget-all do so from outside the chat."""
    for _ in range(3):
        talk(news, ODILE, WHO)
    newest, middle, oldest = _ids(news)
    listed = news.kutip("chat", "--list", server="")
    assert [line.split()[0] for line in listed.out.splitlines()] == [newest, middle, oldest]
    assert all(line.endswith(WHO) for line in listed.out.splitlines())
    assert news.kutip("chat", "--export", middle, "x.md", server="").status == 0
    assert LATE in (tmp_path / "x.md").read_text(encoding="utf-8")
    again = news.kutip("chat", "--export", middle, "x.md", server="")
    assert (again.status, again.err.count("\n")) == (2, 1)
    assert news.kutip("chat", "--export", middle, "x.md", "--force", server="").status == 0
    assert news.kutip("chat", "--forget", middle, server="").out == f"forgot {middle}  {WHO}\n"
    assert _ids(news) == [newest, oldest]
    assert news.kutip("chat", "--forget", middle, server="").status == 2
    assert news.kutip("chat", "--forget-all", server="").out == "forgot 2 conversations\n"
    assert _ids(news) == []
    gone = news.kutip("chat", "--continue", server="http://127.0.0.1:9")
    assert gone.status == 2
    assert "there is no earlier conversation" in gone.err


def test_a_new_conversation_is_kept_apart(news: Newsroom) -> None:
    """/new begins another file, so that --list shows two."""
    talk(news, ODILE, WHO, "/new", WHO)
    assert len(_ids(news)) == 2


def test_an_answer_that_failed_is_kept_too(news: Newsroom) -> None:
    """What was shown is what is kept, the broken off words with it."""
    talk(news, saying("Brandt promised [{Brandt}] and", ending="die"), WHO)
    with FakeOllama(ODILE) as server:
        ran = news.chat("/sources", server=server, options=["--continue", "--json"])
    (answer,) = ran.answers
    assert "(cut off)" in answer["text"]
    assert LATE in answer["text"]

"""How a model is asked: the request, the server, the model, the room, what is shown of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import fakes, newsroom
from tests.fakes import EMBEDDING, GEMMA, LLAMA, FakeModel, FakeOllama, FakeOpenAI
from tests.newsroom import (
    ARTICLES,
    LATE,
    WHO,
    Newsroom,
    saying,
    sound,
)

news = newsroom.news
texts = newsroom.texts


# On the wire -----------------------------------------------------------------------------


def test_the_request(news: Newsroom) -> None:
    """Context and length are stated, the temperature is 0, thinking is off, the model is kept."""
    with FakeOllama(fakes.quoting) as server:
        news.ask(WHO, server=server)
        (chat,) = server.chats
        shown = [body for method, path, body in server.requests if path == "/api/show"]
    assert chat.body["model"] == "gemma4:e4b"
    assert chat.body["stream"] is True
    assert chat.body["think"] is False
    assert chat.body["keep_alive"] == "30m"
    options = chat.body["options"]
    assert (options["num_ctx"], options["num_predict"], options["temperature"]) == (8192, 512, 0)
    assert len(shown) <= 1  # by us, to choose; never by the library, for each chat


@pytest.mark.parametrize("proxy", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(news: Newsroom, proxy: str) -> None:
    """A local server is asked directly, whatever proxy is set."""
    with FakeOllama(fakes.quoting) as server:
        answer = news.ask(WHO, server=server, **{proxy: "http://127.0.0.1:9"})
    assert answer["answerer"] == "ollama:gemma4:e4b"


@pytest.mark.parametrize(
    "form",
    [
        *(":{port}", "127.0.0.1:{port}", "localhost:{port}", "0.0.0.0:{port}"),
        *("http://127.0.0.1:{port}/", '"127.0.0.1:{port}"', " 127.0.0.1:{port} "),
    ],
)
def test_forms_of_an_address(news: Newsroom, form: str) -> None:
    """OLLAMA_HOST is read as Ollama's own tools read it."""
    with FakeOllama(fakes.quoting) as server:
        answer = news.ask(WHO, server=form.format(port=server.port))
        assert len(server.chats) == 1
    assert answer["answerer"] == "ollama:gemma4:e4b"


def test_a_server_of_openais_kind(news: Newsroom, texts: dict[str, str]) -> None:
    """KUTIP_LLM_URL is used in Ollama's place, with its key."""
    script = saying(f"{LATE} [{{Odile}}]")
    with FakeOpenAI(script, key="secret") as server:
        answer = news.ask(WHO, server=server, KUTIP_LLM_KEY="secret")
        (chat,) = server.chats
        sound(answer, chat.prompt, texts)
        assert (answer["text"], answer["answerer"]) == (f"{LATE} [1]", "openai:gemma4:e4b")
        assert answer["notices"] == []
        assert chat.body["temperature"] == 0
        without = news.ask(WHO, server=server, KUTIP_LLM_KEY="wrong")
    assert without["answerer"] == "extractive"
    assert LATE in without["text"]
    assert any("KUTIP_LLM" in notice for notice in without["notices"])


# Room ------------------------------------------------------------------------------------


def test_a_small_context_leaves_whole_passages_out(tmp_path: Any) -> None:
    """What does not fit is not sent, sentence by sentence whole, and the reader is told."""
    many = {
        f"{n}.txt": f"Report {n} of the Aven flood\n\n"
        + " ".join(
            f"House {n * 100 + m} by the Aven river stood in {m} feet of water." for m in range(20)
        )
        for n in range(1, 8)
    }
    news = Newsroom.of(tmp_path, ARTICLES | many)
    small = FakeModel(**{f: getattr(GEMMA, f) for f in GEMMA.__slots__} | {"context_length": 2048})
    with FakeOllama(fakes.quoting, models=[small]) as server:
        answer = news.ask(WHO, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, news.texts())
    assert chat.body["options"]["num_ctx"] == 2048
    assert re.search(r"Passages left out.*: [1-9]\d*\.", " ".join(answer["notices"]))
    assert LATE in chat.prompt  # what answers is kept
    texts = list(news.texts().values())
    for _, sentence in fakes.lettered(chat.body):
        assert any(sentence in " ".join(text.split()) for text in texts)


def test_a_prompt_that_the_server_cut_is_told(news: Newsroom) -> None:
    """A server that gives less context than it is asked for reads only a part, which is said."""
    with FakeOllama(fakes.quoting, num_ctx_limit=128) as server:
        answer = news.ask(WHO, server=server)
    assert any("read only 128 of about" in notice for notice in answer["notices"])


# Which model -----------------------------------------------------------------------------


def test_another_model_stands_in_and_it_is_said(news: Newsroom) -> None:
    """Without the model of the settings, one that can chat answers; never one for vectors."""
    with FakeOllama(fakes.quoting, models=[EMBEDDING, LLAMA]) as server:
        answer = news.ask(WHO, server=server)
    assert answer["answerer"] == "ollama:llama3.2:latest"
    (notice,) = answer["notices"]
    assert "has no model gemma4:e4b: llama3.2:latest answers instead" in notice
    assert "ollama pull gemma4:e4b" in notice


@pytest.mark.parametrize("options", [("--model", "nope"), ("--answerer", "ollama:nope")])
def test_a_model_by_name_that_is_not_there_is_an_error(
    news: Newsroom, options: tuple[str, str]
) -> None:
    """Exit status 2, one line with the remedy, and no other model in its place."""
    with FakeOllama(fakes.quoting) as server:
        ran = news.kutip("ask", *options, WHO, server=server)
        assert server.chats == []
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "has no model nope" in ran.err
    assert "ollama pull nope" in ran.err


def test_control_sequences_of_a_model_never_reach_the_terminal(news: Newsroom) -> None:
    """What a terminal could obey is taken out of a model's words, on stdout and in JSON."""
    evil = f"\x1b]0;owned\x07\x1b[2J{LATE}\x9b31m \u202e[{{Odile}}]\x1b[0m"
    with FakeOllama(saying(evil)) as server:
        ran = news.kutip("ask", WHO, server=server)
        told = news.kutip("ask", "--json", WHO, server=server)
    assert ran.status == 0
    for text in (ran.out, ran.err, told.out):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text), text
    assert LATE in told.answer["text"].replace("]0;owned[2J", "")


def test_the_reading_lines_name_what_the_model_gets(news: Newsroom) -> None:
    """Before the first word stand the articles that are read; after the last, who wrote it."""
    with FakeOllama(saying(f"{LATE} [{{Odile}}]")) as server:
        ran = news.kutip("ask", WHO, server=server)
    assert ran.out.startswith("Reading ")
    assert ran.out.index("Reading ") < ran.out.index(LATE) < ran.out.index("Sources")
    assert ran.out.rstrip().endswith("Written by gemma4:e4b (ollama).")

"""A model's reply: what is asked for it, how it comes, and the limits that end it."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from rag.answer.model.generate import Finished, Piece
from rag.answer.model.prompt import Message
from tests.answer.model.writers import ASKED, SAID, Server, drain, failure_of, text_of, writer
from tests.fakes import FakeOllama, FakeOpenAI, Script

# What is asked ----------------------------------------------------------------------------


def test_a_reply_comes_in_pieces_and_then_says_why_it_ended(server: Server) -> None:
    """The pieces make up the text; the last event has the server's counts of tokens."""
    server.script = Script(prompt_tokens=321)
    events = drain(writer(server))
    assert text_of(events) == SAID
    assert len(events) > 3
    assert events[-1] == Finished("stop", 321, 6)


def test_counts_that_a_server_leaves_out_are_not_known(server: Server) -> None:
    """A prompt that was not counted is None and not zero."""
    server.script = Script(prompt_tokens=0)
    assert drain(writer(server))[-1] == Finished("stop", None, 6)


def test_what_ollama_is_asked(ollama: FakeOllama) -> None:
    """One request: the context stated, no luck, the model kept, no thinking, the answer limited."""
    drain(writer(ollama, context_tokens=8192, answer_tokens=99, keep_alive="45m"))
    assert [call[:2] for call in ollama.requests] == [("POST", "/api/chat")]
    body = ollama.chats[0].body
    assert body["model"] == "gemma4:e4b"
    assert body["options"] == {"temperature": 0.0, "num_ctx": 8192, "num_predict": 99}
    assert body["keep_alive"] == "45m"
    assert body["think"] is False
    assert body["stream"] is True
    assert body["messages"] == [
        {"role": "system", "content": "Answer from the articles."},
        {"role": "user", "content": "Siapa?"},
    ]


def test_what_another_server_is_asked(openai: FakeOpenAI) -> None:
    """One request: no luck, no thinking, the answer limited, its tokens counted."""
    drain(writer(openai, answer_tokens=99))
    assert [call[:2] for call in openai.requests] == [("POST", "/v1/chat/completions")]
    body = openai.chats[0].body
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("gemma4:e4b", 99, 0.0)
    assert body["stream_options"] == {"include_usage": True}
    assert body["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_server_that_knows_no_counts_is_asked_without(openai: FakeOpenAI) -> None:
    """Where an option is refused as unknown, the request is made again without options."""
    refused = Script(status=400, error="Unrecognized request argument: stream_options")
    openai.script = lambda body: refused if "stream_options" in body else Script()
    assert drain(writer(openai))[-1] == Finished("stop", None, None)
    assert len(openai.chats) == 2


def test_empty_messages_are_not_sent(ollama: FakeOllama) -> None:
    """Ollama's client would send one without its content, which servers refuse."""

    async def run() -> None:
        asked = (*ASKED[:1], Message(role="assistant", content=" "), *ASKED[1:])
        async with aclosing(writer(ollama).reply(asked)) as reply:
            async for _ in reply:
                pass

    asyncio.run(run())
    assert [message["role"] for message in ollama.chats[0].body["messages"]] == ["system", "user"]


def test_the_key_is_sent() -> None:
    """A server that wants a key gets it; a wrong one is a failure that names the setting."""
    with FakeOpenAI(key="s3cret") as server:
        assert text_of(drain(writer(server, key="s3cret"))) == SAID
        failure = failure_of(drain(writer(server)))
    assert failure.cause == "refused_request"
    assert "KUTIP_LLM_KEY" in failure.hint
    assert "s3cret" not in failure.message


def test_no_proxy_comes_between(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not asked for a server on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert text_of(drain(writer(server))) == SAID


def test_one_writer_serves_several_loops_at_once(server: Server) -> None:
    """The same writer in one event loop after another, and twice in the same one."""
    asked = writer(server)
    assert text_of(drain(asked)) == SAID

    async def said() -> str:
        return "".join([e.text async for e in asked.reply(ASKED) if isinstance(e, Piece)])

    async def both() -> tuple[str, str]:
        return await asyncio.gather(said(), said())

    assert tuple(asyncio.run(both())) == (SAID, SAID)


def test_a_server_that_was_started_again_is_asked_again(ollama: FakeOllama) -> None:
    """No connection is kept that a restart would have cut."""
    asked = writer(ollama)
    drain(asked)
    ollama.stop()
    assert failure_of(drain(asked)).cause == "absent"
    ollama.start()
    assert text_of(drain(asked)) == SAID


# Limits -----------------------------------------------------------------------------------


def test_the_servers_own_limit_is_told(server: Server) -> None:
    """An answer that ran out of tokens is known to be cut."""
    server.script = Script(done_reason="length")
    last = drain(writer(server))[-1]
    assert isinstance(last, Finished)
    assert last.reason == "length"


@pytest.mark.parametrize(
    "script", [Script(text="a b c d e f g h", every=0.25), Script(ending="hang")]
)
def test_the_time_is_for_the_whole_reply(server: Server, script: Script) -> None:
    """Words that drip, or stop coming, end in time, and what was said stands."""
    server.script = script
    asked = writer(server, seconds=0.8)
    asked.load()
    begun = time.monotonic()
    events = drain(asked)
    assert time.monotonic() - begun < 2.0
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.reason == "out_of_time"
    assert "".join(script.said()).startswith(text_of(events))
    assert text_of(events)
    assert server.chats[0].gone.wait(1.0)


@pytest.mark.parametrize(
    "script", [Script(first_after=30.0), Script(text="<think>well well", ending="hang")]
)
def test_no_word_in_time_is_slow(server: Server, script: Script) -> None:
    """Silence, or thought alone, until the time is over: a failure that says how long it was."""
    server.script = script
    failure = failure_of(drain(writer(server, seconds=0.5)))
    assert failure.cause == "slow"
    assert "0.5 s" in failure.message


def test_an_endless_reply_is_cut_at_its_limit(server: Server) -> None:
    """No more bytes than allowed, and no letter cut in two."""
    pieces = tuple(f"é{number} " for number in range(3000))
    server.script = Script(pieces=pieces, endless=True)
    events = drain(writer(server, max_bytes=1_000))
    said = text_of(events)
    assert "".join(pieces).startswith(said)
    assert 998 <= len(said.encode()) <= 1_000
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.reason == "too_long"
    assert server.chats[0].gone.wait(1.0)


def test_a_loop_is_cut_and_leaves_one_copy(server: Server) -> None:
    """The same sentence without end is shown once, and the server is let go."""
    server.script = Script(text="The dam was closed. ", endless=True)
    events = drain(writer(server))
    assert text_of(events) == "The dam was closed. "
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.reason == "repeated"
    assert server.chats[0].gone.wait(1.0)

"""The OpenAI-compatible double behaves as such a server does, to the clients in use."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests import double_clients
from tests.double_clients import ASK, NAME, WORDS
from tests.fake_script import cut
from tests.fakes import FakeOpenAI, Script

no_thread_is_left = double_clients.no_thread_is_left


def test_llama_index_over_openai() -> None:
    """llama-index streams words and counts from the OpenAI-compatible double."""
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai_like import OpenAILike

    ask = [ChatMessage(role="user", content="Berapa?")]

    async def collect(llm: OpenAILike) -> tuple[str, Any]:
        said = [part async for part in await llm.astream_chat(ask)]
        return "".join(part.delta or "" for part in said), said[-1].raw

    with FakeOpenAI(Script(text=WORDS, done_reason="length"), key="secret") as double:
        llm = OpenAILike(
            model=NAME,
            api_base=f"{double.url}/v1",
            api_key="secret",
            is_chat_model=True,
            max_retries=0,
            additional_kwargs={"stream_options": {"include_usage": True}},
        )
        said, last = asyncio.run(collect(llm))
        assert (said, last.usage.prompt_tokens) == (WORDS, len("Berapa?") // 4)
        assert last.usage.completion_tokens == len(cut(WORDS))
        parts = list(llm.stream_chat(ask))
        assert "".join(part.delta or "" for part in parts) == WORDS
        assert str(llm.chat(ask).message.content) == WORDS
        assert not any(chat.gone.is_set() for chat in double.chats)


def test_the_bytes_of_an_event_stream() -> None:
    """The role comes once, thoughts apart, the reason before the counts, and [DONE] last."""
    body = {"model": NAME, "messages": ASK, "stream": True}
    with FakeOpenAI(Script(text="Two cows.", thinking="hm")) as double:
        address = f"{double.url}/v1/chat/completions"
        usage = {"stream_options": {"include_usage": True}}
        counted = httpx.post(address, json=body | usage).text.split("\n\n")
        plain = httpx.post(address, json=body).text.split("\n\n")
        double.script = Script(text="Two cows.", ending="error_line", error="no memory")
        failed = httpx.post(address, json=body).text.split("\n\n")
        double.script = Script(ending="die")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(address, json=body)
    assert counted[-2:] == ["data: [DONE]", ""]
    events = [json.loads(event.removeprefix("data: ")) for event in counted[:-2]]
    assert [event["choices"][0]["delta"] for event in events[:-1]] == [
        {"role": "assistant", "reasoning_content": "hm"},
        {"content": "Two "},
        {"content": "cows."},
        {},
    ]
    assert events[-2]["choices"][0]["finish_reason"] == "stop"
    assert (events[-1]["choices"], events[-1]["usage"]["total_tokens"]) == ([], 1 + 3)
    assert [event["usage"] for event in events[:-1]] == [None] * 4
    assert not any('"usage"' in event for event in plain)
    assert json.loads(failed[-2].removeprefix("data: "))["error"]["message"] == "no memory"


def test_what_the_openai_double_refuses() -> None:
    """A wrong key, an unknown model and a scripted status are errors of their own."""
    with FakeOpenAI(Script(status=429, error="slow down"), key="secret") as double:
        models, chat = f"{double.url}/v1/models", f"{double.url}/v1/chat/completions"
        assert httpx.get(models).status_code == 401
        known = {"Authorization": "Bearer secret"}
        listed = httpx.get(models, headers=known).json()["data"]
        assert [(m["id"], m["max_model_len"]) for m in listed] == [(NAME, 131_072)]
        for name, status, error in [
            ("nope", 404, "The model `nope` does not exist."),
            (NAME, 429, "slow down"),
        ]:
            answer = httpx.post(chat, headers=known, json={"model": name, "messages": ASK})
            assert (answer.status_code, answer.json()["error"]["message"]) == (status, error)

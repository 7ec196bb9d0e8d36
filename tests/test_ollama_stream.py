"""The double of Ollama streams, fails and notices who leaves as Ollama does."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing
from typing import Any

import httpx
import ollama
import pytest

from tests import double_clients
from tests.double_clients import ASK, NAME, WORDS, client, first_chat, left_within, raw
from tests.fake_script import cut
from tests.fakes import LLAMA, FakeOllama, Script

no_thread_is_left = double_clients.no_thread_is_left


def test_the_bytes_of_a_stream() -> None:
    """Each chunk is one compact JSON line; every line has content; streaming is the default."""
    script = Script(text=WORDS, pieces=("Dua", " sapi 😀"), thinking="hm", prompt_tokens=0)
    with FakeOllama(script) as double, raw(double, {"model": NAME, "messages": ASK}) as connection:
        answer = b""
        while not answer.endswith(b"0\r\n\r\n"):
            answer += connection.recv(65536)
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Type: application/x-ndjson" in head
    lines = []
    while (size := int(rest.partition(b"\r\n")[0], 16)) > 0:
        rest = rest.partition(b"\r\n")[2]
        lines.append(rest[:size])
        assert rest[size : size + 2] == b"\r\n"
        rest = rest[size + 2 :]
    assert rest == b"0\r\n\r\n"
    records = [json.loads(line) for line in lines]
    assert [line.count(b"\n") for line in lines] == [1] * 4
    assert all(line == compact_line(record) for line, record in zip(lines, records, strict=True))
    assert [record["message"] for record in records] == [
        {"role": "assistant", "content": "", "thinking": "hm"},
        {"role": "assistant", "content": "Dua"},
        {"role": "assistant", "content": " sapi 😀"},
        {"role": "assistant", "content": ""},
    ]
    assert [record["done"] for record in records] == [False, False, False, True]
    assert records[-1]["eval_count"] == 3
    assert not {"prompt_eval_count", "prompt_eval_duration"} & set(records[-1])


def compact_line(record: object) -> bytes:
    """`record` as Go writes it."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def test_nothing_is_sent_before_the_first_word() -> None:
    """While a model reads its prompt, not even the headers come."""
    script = Script(first_after=0.25)
    with FakeOllama(script) as double, raw(double, {"model": NAME, "messages": ASK}) as connection:
        connection.settimeout(0.15)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(2)
        assert connection.recv(4) == b"HTTP"


def test_the_ollama_client_streams() -> None:
    """The client gets the words as they are, the counts, and the name it asked for."""
    with FakeOllama(Script(text=WORDS, done_reason="length"), models=(LLAMA,)) as double:
        parts = list(client(double).chat("llama3.2", ASK, stream=True))
        whole = client(double).chat("llama3.2", ASK)
        generated = client(double).generate("llama3.2", "Berapa?")
    assert [part.message.content for part in parts] == [*cut(WORDS), ""]
    last = parts[-1]
    assert (last.done, last.done_reason, last.model) == (True, "length", "llama3.2")
    assert (last.prompt_eval_count, last.eval_count) == (len("Berapa?") // 4, len(cut(WORDS)))
    assert (whole.message.content, whole.done_reason) == (WORDS, "length")
    assert (generated.response, generated.done) == (WORDS, True)
    assert [chat.prompt for chat in double.chats] == ["Berapa?"] * 3
    assert double.chats[0].body["messages"] == ASK
    assert not any(chat.gone.is_set() for chat in double.chats)


def test_the_async_ollama_client_streams_and_leaves() -> None:
    """The client's coroutine gets the words; closed early, the server knows at once."""

    async def talk(double: FakeOllama) -> tuple[str, float]:
        asked = ollama.AsyncClient(host=double.url, trust_env=False)
        said = [p.message.content or "" async for p in await asked.chat(NAME, ASK, stream=True)]
        double.script = Script(text="on and on ", endless=True, every=0.01)
        stream: Any = await asked.chat(NAME, ASK, stream=True)
        async with aclosing(stream):
            assert (await anext(stream)).message.content == "on "
        left = time.monotonic()
        await asked.close()  # type: ignore[no-untyped-call]
        return "".join(said), left

    with FakeOllama(Script(text=WORDS)) as double:
        said, left = asyncio.run(talk(double))
        assert said == WORDS
        assert left_within(double.chats[1], 0.3, left)
        assert not double.chats[0].gone.is_set()


@pytest.mark.parametrize(
    "script",
    [
        Script(first_after=30),
        Script(text="a b", every=30),
        Script(text="said", ending="hang"),
        Script(text="", ending="hang"),
        Script(text="x", endless=True),
        Script(thinking="hm " * 5000, every=0.001),
    ],
)
def test_a_client_that_leaves_is_noticed(script: Script) -> None:
    """Before the first word, between two, or after the last: the server sees its client go."""
    with FakeOllama(script) as double:
        connection = raw(double, {"model": NAME, "messages": ASK})
        chat = first_chat(double)
        time.sleep(0.05)
        assert not chat.gone.is_set()
        left = time.monotonic()
        connection.close()
        assert left_within(chat, 0.3, left)
        assert not chat.ended


@pytest.mark.parametrize(
    ("ending", "error", "words"),
    [
        ("die", httpx.RemoteProtocolError, "incomplete chunked read"),
        ("reset", httpx.ReadError, "Connection reset"),
        ("error_line", ollama.ResponseError, r"unexpected EOF \(status code: -1\)"),
        ("garbage", json.JSONDecodeError, "Unterminated string"),
        ("hang", httpx.ReadTimeout, "timed out"),
    ],
)
def test_how_a_stream_fails(ending: Any, error: type[Exception], words: str) -> None:
    """Each ending is the exception that a real server's is, after the words that came."""
    said: list[str | None] = []
    with FakeOllama(Script(text="Two cows.", ending=ending)) as double:
        asking = ollama.Client(host=double.url, timeout=0.3, trust_env=False)
        stream = asking.chat(NAME, ASK, stream=True)
        with pytest.raises(error, match=words):
            said.extend(part.message.content for part in stream)
    assert said == ["Two ", "cows."]


def test_a_stream_without_its_last_line() -> None:
    """It raises nothing: only that no line said "done" tells it from a whole one."""
    with FakeOllama(Script(text="Two cows.", ending="no_done")) as double:
        parts = list(client(double).chat(NAME, ASK, stream=True))
    assert [part.done for part in parts] == [False, False]

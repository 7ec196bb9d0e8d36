"""The double of Ollama loads, refuses, pulls and stops as Ollama does, to real clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import ollama
import pytest

from tests import double_clients
from tests.double_clients import ASK, NAME, WORDS, client, left_within, raw
from tests.fakes import EMBEDDING, GEMMA, LLAMA, FakeOllama, Script

no_thread_is_left = double_clients.no_thread_is_left


@pytest.mark.parametrize(
    ("name", "options", "status", "error"),
    [
        ("nope", {}, 404, "model 'nope' not found"),
        ("nomic-embed-text", {}, 400, '"nomic-embed-text" does not support chat'),
        ("llama3.2", {"think": True}, 400, '"llama3.2" does not support thinking'),
        ("llama3.2", {"keep_alive": "soon"}, 400, 'time: invalid duration "soon"'),
        ("llama3.2", {"think": False}, 503, "server busy, please try again."),
    ],
)
def test_what_is_refused(name: str, options: dict[str, Any], status: int, error: str) -> None:
    """A refusal comes before the first byte, in Ollama's words, streaming or not."""
    script = Script(status=503)
    with FakeOllama(script, models=(LLAMA, EMBEDDING)) as double:
        for stream in (True, False):
            with pytest.raises(ollama.ResponseError) as raised:
                list(client(double).chat(name, ASK, stream=stream, **options))
            assert raised.value.status_code == status
            assert raised.value.error.startswith(error)
        assert len(double.chats) == (2 if status == 503 else 0)


def test_who_thinks() -> None:
    """A model that can think does, unless told not to; one that cannot never does."""
    with FakeOllama(Script(text="So.", thinking="hm"), models=(GEMMA, LLAMA)) as double:
        asking = client(double)
        for name, think, thought in [
            (NAME, None, "hm"),
            (NAME, True, "hm"),
            (NAME, False, None),
            ("llama3.2", None, None),
        ]:
            assert asking.chat(name, ASK, think=think).message.thinking == thought


@pytest.mark.parametrize(("asked", "limit", "given"), [(8192, None, 8192), (8192, 100, 100)])
def test_the_context_that_is_given(asked: int, limit: int | None, given: int) -> None:
    """`ps` tells the context of the last request; a longer prompt is cut to it in silence."""
    ask = [{"role": "user", "content": "word " * 10_000}]
    with FakeOllama(num_ctx_limit=limit) as double:
        asking = client(double)
        assert asking.ps().models == []
        asking.chat(NAME, ASK)
        assert asking.ps().models[0].context_length == min(4096, limit or 4096)
        answer = asking.chat(NAME, ask, options={"num_ctx": asked})
        assert answer.prompt_eval_count == given
        assert [(m.model, m.context_length) for m in asking.ps().models] == [(NAME, given)]


def test_a_model_is_loaded_and_let_go() -> None:
    """A chat without messages loads the model; with keep_alive 0 it is put out of memory."""
    with FakeOllama() as double:
        asking = client(double)
        options = {"num_ctx": 6000}
        loaded = asking.chat(NAME, [], keep_alive="30m", options=options)
        assert (loaded.done, loaded.done_reason) == (True, "load")
        assert asking.ps().models[0].context_length == 6000
        assert asking.chat(NAME, [], keep_alive=0).done_reason == "unload"
        assert asking.ps().models == []
        asking.generate(NAME, "x", keep_alive=0)
        assert asking.ps().models == []
        assert len(double.chats) == 1


def test_what_the_server_tells_of_itself() -> None:
    """Version, models, abilities and context come as the client reads them; delete deletes."""
    with FakeOllama(models=(GEMMA, LLAMA), version="0.34.1") as double:
        asking = client(double)
        assert httpx.get(double.url, trust_env=False).text == "Ollama is running"
        assert httpx.get(f"{double.url}/api/version").json() == {"version": "0.34.1"}
        listed = [(m.model, int(m.size or 0)) for m in asking.list().models]
        assert listed == [(NAME, GEMMA.size), ("llama3.2:latest", LLAMA.size)]
        shown = asking.show(NAME)
        info = shown.modelinfo or {}
        assert shown.capabilities == ["completion", "vision", "tools", "thinking"]
        assert info[f"{info['general.architecture']}.context_length"] == 131_072
        assert shown.details is not None
        assert shown.details.parameter_size == "8.0B"
        asking.delete("llama3.2")
        assert [m.model for m in asking.list().models] == [NAME]
        for gone in (asking.show, asking.delete):
            with pytest.raises(ollama.ResponseError, match=r"model 'llama3\.2' not found.*404"):
                gone("llama3.2")
        assert httpx.get(f"{double.url}/api/nothing").status_code == 404
        assert httpx.post(f"{double.url}/api/chat").status_code == 400
        vectors = asking.embed(NAME, ["one", "two", "one"]).embeddings
        assert vectors[0] == vectors[2] != vectors[1]
    assert double.requests[0] == ("GET", "/", None)


def test_a_pull() -> None:
    """Progress counts up layer by layer to the model's size; the model is there afterwards."""
    with FakeOllama() as double:
        asking = client(double)
        steps = list(asking.pull("llama3.2", stream=True))
        assert (steps[0].status, steps[-1].status) == ("pulling manifest", "success")
        layers = {step.digest: step for step in steps if step.digest}
        assert sum(step.completed or 0 for step in layers.values()) == LLAMA.size
        starts = [step for step in steps if step.digest and step.completed is None]
        assert len(starts) == len(layers) == 3
        assert [m.model for m in asking.list().models] == [NAME, "llama3.2:latest"]
        missing = "pull model manifest: file does not exist"
        with pytest.raises(ollama.ResponseError, match=rf"{missing} \(status code: -1\)"):
            list(asking.pull("nope", stream=True))
        with pytest.raises(ollama.ResponseError, match=rf"{missing} \(status code: 500\)"):
            asking.pull("nope")


def test_a_pull_that_is_given_up() -> None:
    """The server sees who stops a pull; its lines may be a test's own."""
    lines = [{"status": "pulling manifest"}, {"status": "success"}]
    with FakeOllama(pulls=lines) as double:
        double.pull_every = 30
        with closing(client(double).pull("any/name", stream=True)) as steps:  # type: ignore[type-var]
            assert next(steps).status == "pulling manifest"
        assert left_within(double.pulling[0], 0.3, time.monotonic())
        double.pull_every = 0
        assert client(double).pull("any/name").status == "success"
        assert "any/name:latest" in double.models


def test_a_server_that_goes_and_comes_back() -> None:
    """Stopped, it breaks off what it was saying and refuses calls; it returns to its port."""
    with FakeOllama(Script(text="word ", endless=True, every=0.01)) as double:
        stream = client(double).chat(NAME, ASK, stream=True)
        next(stream)
        began = time.monotonic()
        double.stop()
        assert time.monotonic() - began < 1
        with pytest.raises(httpx.RemoteProtocolError):
            list(stream)
        assert not double.chats[0].gone.is_set()
        with pytest.raises(ConnectionError, match="Failed to connect to Ollama"):
            client(double).list()
        url = double.url
        assert double.start().url == url
        assert [m.model for m in client(double).list().models] == [NAME]


def test_starting_and_stopping_is_quick() -> None:
    """Thirty servers come and go in no time: nothing waits for the next look at a clock."""
    began = time.monotonic()
    for _ in range(30):
        with FakeOllama():
            pass
    assert time.monotonic() - began < 3


def test_many_at_once() -> None:
    """A hundred slow chats take no longer than one, and each gets its own answer."""
    told: Callable[[dict[str, Any]], Script] = lambda body: Script(  # noqa: E731
        text=body["messages"][0]["content"], first_after=0.3
    )

    def ask(number: int) -> str:
        with raw(double, {"model": NAME, "messages": [{"content": f"<{number}>"}]}) as connection:
            answer = b""
            while not answer.endswith(b"0\r\n\r\n"):
                answer += connection.recv(65536)
        return answer.decode()

    with FakeOllama(told) as double, ThreadPoolExecutor(100) as pool:
        began = time.monotonic()
        answers = list(pool.map(ask, range(100)))
        assert time.monotonic() - began < 5
    assert all(f'"content":"<{number}>"' in answer for number, answer in enumerate(answers))


def test_a_broken_script_is_not_hidden() -> None:
    """What a test's own function raises comes out when the double stops."""

    def broken(body: dict[str, Any]) -> Script:
        raise LookupError("no such line")

    double = FakeOllama(broken).start()
    with pytest.raises(httpx.RemoteProtocolError):
        client(double).chat(NAME, ASK)
    with pytest.raises(LookupError, match="no such line"):
        double.stop()


def test_llama_index_over_ollama() -> None:
    """llama-index streams words and thoughts from the double, in a coroutine and without."""
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.ollama import Ollama

    ask = [ChatMessage(role="user", content="Berapa?")]

    async def collect(llm: Ollama) -> tuple[str, str]:
        said = [part async for part in await llm.astream_chat(ask)]
        thoughts = [part.additional_kwargs.get("thinking_delta") or "" for part in said]
        return "".join(part.delta or "" for part in said), "".join(thoughts)

    with FakeOllama(Script(text=WORDS, thinking="hm, so")) as double:
        llm = Ollama(model=NAME, base_url=double.url, context_window=4096, thinking=True)
        assert asyncio.run(collect(llm)) == (WORDS, "hm, so")
        parts = list(llm.stream_chat(ask))
        assert "".join(part.delta or "" for part in parts) == WORDS
        raw_last: Any = parts[-1].raw
        assert (raw_last["done"], raw_last["done_reason"]) == (True, "stop")
        assert double.chats[0].body["options"]["num_ctx"] == 4096

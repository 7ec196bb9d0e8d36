"""A model's reply, or the one line that says why there is none: each way in which servers fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag.answer.model.generate import Finished, Writer
from tests.answer.model.writers import ASKED, SAID, Server, drain, failure_of, text_of, writer
from tests.fakes import FakeOllama, Script
from tests.http_double import Call, Double


@pytest.mark.parametrize(
    ("script", "cause", "said"),
    [
        (Script(ending="no_done"), "no_done", SAID),
        (Script(ending="die"), "died", SAID),
        (Script(ending="reset"), "reset", SAID),
        (Script(ending="error_line"), "error_line", SAID),
        (Script(ending="error_line", error="CUDA error: out of memory"), "memory", SAID),
        (Script(ending="garbage"), "garbage", SAID),
        (Script(text=""), "empty", ""),
        (Script(text=" \n "), "empty", ""),
        (Script(text="", ending="no_done"), "no_done", ""),
        (Script(status=500, error="cudaMalloc failed: 3 GiB"), "memory", ""),
        (Script(status=500, error="model requires more system memory (9 GiB)"), "memory", ""),
        (Script(status=500, error="insufficient memory"), "memory", ""),
        (Script(status=500, error="something odd"), "error_line", ""),
        (Script(status=503), "busy", ""),
        (Script(status=429, error="too many requests"), "busy", ""),
        (Script(status=400, error="invalid options"), "refused_request", ""),
        (Script(status=302, error="elsewhere"), "refused_request", ""),
    ],
)
def test_every_failure_has_its_name(server: Server, script: Script, cause: str, said: str) -> None:
    """What was said before it is given out; the failure says which model, where, what next."""
    server.script = script
    events = drain(writer(server))
    failure = failure_of(events)
    assert (failure.cause, text_of(events)) == (cause, said)
    assert "gemma4:e4b" in failure.message
    assert server.url in failure.message
    assert len(server.chats) == 1  # asked once


def test_nobody_there(server: Server) -> None:
    """A refused connection is told at once, with how to start the server."""
    asked = writer(server)
    server.stop()
    try:
        failure = failure_of(drain(asked))
    finally:
        server.start()
    assert failure.cause == "absent"
    assert server.url in failure.message
    assert "ollama serve" in failure.hint or "KUTIP_LLM_URL" in failure.hint


def test_a_model_that_is_not_there(server: Server) -> None:
    """The failure names the model, and the command that gets it."""
    failure = failure_of(drain(writer(server, model="qwen9:1b")))
    assert failure.cause == "missing"
    assert "qwen9:1b" in failure.message
    assert ("ollama pull qwen9:1b" in failure.hint) == isinstance(server, FakeOllama)


def test_a_servers_words_are_passed_on_in_one_short_line(server: Server) -> None:
    """What a server says cannot fill the screen, nor command the terminal."""
    server.script = Script(status=400, error="bad\x1b[2J\n" + "very " * 500)
    failure = failure_of(drain(writer(server)))
    assert "bad[2J very" in failure.message
    assert "\x1b" not in failure.message
    assert len(failure.message) < 320


class Odd(Double):
    """Answers every request with the same bytes, whatever was asked."""

    def __init__(self, act: Callable[[Call], None]) -> None:
        super().__init__(Script())
        self.act = act

    def answer(self, call: Call) -> None:
        self.act(call)


def stream(*lines: bytes) -> Callable[[Call], None]:
    """An answer of these lines."""

    def act(call: Call) -> None:
        for line in lines:
            call.chunk(line + b"\n", "application/x-ndjson")
        call.chunk(b"", "application/x-ndjson", last=True)

    return act


def compressed(call: Call) -> None:
    """An answer that nobody asked to be compressed."""
    call.send_response(200)
    call.send_header("Content-Encoding", "gzip")
    call.send_header("Content-Length", "2")
    call.end_headers()
    call.wfile.write(b"\x1f\x8b")


def flood(call: Call) -> None:
    """A line that never ends."""
    while True:
        call.chunk(b'"' + b"x" * 1_000_000, "application/x-ndjson")


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        (lambda call: call.reply(200, b"<html>Welcome</html>", "text/html"), "garbage"),
        (lambda call: call.reply(404, b"<html>Nothing</html>", "text/html"), "refused_request"),
        (stream(b"[]"), "garbage"),
        (stream(b"null"), "garbage"),
        (stream(b'{"message":{"role":"assistant"},"done":false}'), "garbage"),
        (stream(b'{"message":7,"done":true}'), "garbage"),
        (stream(b'{"error":{"message":"no"}}'), "garbage"),
        (stream(b'{"error":"500"}'), "garbage"),
        (stream(b"[" * 100_000), "garbage"),
        (stream(b"\xff\xfe"), "garbage"),
        (stream(), "no_done"),
        (compressed, "garbage"),
        (flood, "endless"),
    ],
)
def test_what_is_no_answer_at_all_is_a_failure(act: Callable[[Call], None], cause: str) -> None:
    """Another kind of server, other JSON, floods: one line, never a traceback."""
    with Odd(act) as server:
        assert failure_of(drain(writer(server))).cause == cause


def test_letters_that_cannot_be_printed_are_replaced() -> None:
    """JSON can spell half of a letter; such a half would break whatever prints it."""
    line = rb'{"message":{"role":"assistant","content":"a\ud83d b"},"done":true}'
    with Odd(stream(line)) as server:
        assert text_of(drain(writer(server))) == "a? b"


def lines_of(*texts: str) -> list[bytes]:
    """What Ollama says, a line for each text, and that it is done."""
    said = [
        b'{"message":{"role":"assistant","content":"%b"},"done":false}' % t.encode() for t in texts
    ]
    return [*said, b'{"message":{"role":"assistant","content":""},"done":true}']


def test_a_whole_reply_is_not_lost_to_what_comes_after_it() -> None:
    """A server that says it is done and then does not hang up is waited for a second, not more."""

    def act(call: Call) -> None:
        for line in lines_of("It ", "rained."):
            call.chunk(line + b"\n", "application/x-ndjson")
        call.pause(30.0)

    with Odd(act) as server:
        asked = writer(server)
        asked.load()
        begun = time.monotonic()
        events = drain(asked)
        assert time.monotonic() - begun < 3.0
    assert text_of(events) == "It rained."
    assert events[-1] == Finished("stop", None, None)


def test_a_redirect_is_not_followed() -> None:
    """What is asked of one server is not told to another."""
    with FakeOllama() as other:

        def act(call: Call) -> None:
            call.send_response(307)
            call.send_header("Location", other.url + "/api/chat")
            call.send_header("Content-Length", "0")
            call.end_headers()

        with Odd(act) as server:
            assert failure_of(drain(writer(server))).cause == "refused_request"
        assert other.requests == []


def test_a_flood_keeps_nobody_waiting() -> None:
    """Words that come faster than they are read leave time for others, and end in time."""
    flooding = b"\n".join(lines_of(*(f"w{number} " for number in range(20_000)))) + b"\n"

    def act(call: Call) -> None:
        call.chunk(flooding, "application/x-ndjson", last=True)

    async def run(asked: Writer) -> tuple[float, Any]:
        longest = 0.0

        async def read() -> Any:
            return [event async for event in asked.reply(ASKED)][-1]

        task = asyncio.create_task(read())
        while not task.done():
            begun = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - begun)
        return longest, await task

    with Odd(act) as server:
        asked = writer(server, max_bytes=1_000_000, seconds=1.0)
        asked.load()
        begun = time.monotonic()
        longest, last = asyncio.run(run(asked))
        assert time.monotonic() - begun < 3.0
    assert longest < 0.5
    assert last.reason == "out_of_time"

"""A model's reply, or the one line that says why there is none: each way in which servers fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import Any, Literal

import pytest

from rag.answer.model.generate import Finished, Limits, Piece, Thought, Writer
from rag.answer.model.prompt import Message
from rag.answer.model.thought import Opening
from rag.errors import GenerationFailed
from tests.fakes import LLAMA, FakeOllama, FakeOpenAI, Script
from tests.http_double import Call, Double

Server = FakeOllama | FakeOpenAI
ASKED = (
    Message(role="system", content="Answer from the articles."),
    Message(role="user", content="Siapa?"),
)
SAID = "This is what the model says."


def limits(**changed: Any) -> Limits:
    """Limits wide enough for a test."""
    given: dict[str, Any] = {
        "context_tokens": 4096,
        "answer_tokens": 128,
        "seconds": 20.0,
        "max_bytes": 4_000,
        "keep_alive": "30m",
    }
    return Limits(**given | changed)


def writer(server: Double, *, think: bool = False, key: str = "", **changed: Any) -> Writer:
    """A writer for a double, as it is asked in the product."""
    kind: Literal["ollama", "openai"] = "openai" if isinstance(server, FakeOpenAI) else "ollama"
    model = changed.pop("model", "gemma4:e4b")
    url = server.url + ("/v1" if kind == "openai" else "")
    return Writer(
        kind=kind,
        url=url,
        model=model,
        key=key,
        limits=limits(**changed),
        think=think,
    )


def drain(asked: Writer) -> list[Thought | Piece | Finished | GenerationFailed]:
    """All that comes of one reply, a failure last."""

    async def run() -> list[Thought | Piece | Finished | GenerationFailed]:
        events: list[Thought | Piece | Finished | GenerationFailed] = []
        try:
            async with aclosing(asked.reply(ASKED)) as reply:
                async for event in reply:
                    events.append(event)
        except GenerationFailed as error:
            events.append(error)
        return events

    return asyncio.run(run())


def text_of(events: list[Any], kind: type[Piece] | type[Thought] = Piece) -> str:
    """What was said, or thought, in one."""
    return "".join(event.text for event in events if isinstance(event, kind))


def failure_of(events: list[Any]) -> GenerationFailed:
    """The failure that a reply ended with."""
    failure = events[-1]
    assert isinstance(failure, GenerationFailed), failure
    assert "\n" not in failure.message
    assert failure.hint
    return failure


@pytest.fixture(scope="module", params=["ollama", "openai"])
def shared(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A double of each kind of server."""
    server: Server = FakeOllama() if request.param == "ollama" else FakeOpenAI()
    with server:
        yield server


@pytest.fixture
def server(shared: Server) -> Server:
    """A double that has not been asked yet."""
    shared.script = Script()
    shared.chats.clear()
    shared.requests.clear()
    return shared


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    """The double of Ollama, for what only concerns it."""
    with FakeOllama() as server:
        yield server


@pytest.fixture
def openai() -> Iterator[FakeOpenAI]:
    """The double of the other kind, for what only concerns that."""
    with FakeOpenAI() as server:
        yield server


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


# Thinking ---------------------------------------------------------------------------------


def test_thought_is_told_from_words(server: Server) -> None:
    """What the model thinks comes first, as thought, and is no part of the text."""
    server.script = Script(thinking="First I look. Then I write.")
    events = drain(writer(server, think=True))
    assert text_of(events, Thought).endswith("look. Then I write.")
    assert text_of(events) == SAID


def test_a_model_that_cannot_think_is_asked_without() -> None:
    """Where thinking is refused, the question is put again without it."""
    with FakeOllama(models=(LLAMA,)) as server:
        assert text_of(drain(writer(server, think=True, model="llama3.2"))) == SAID
        assert [chat.body.get("think") for chat in server.chats] == [None]


def test_a_server_that_knows_no_counts_is_asked_without(openai: FakeOpenAI) -> None:
    """Where an option is refused as unknown, the request is made again without options."""
    refused = Script(status=400, error="Unrecognized request argument: stream_options")
    openai.script = lambda body: refused if "stream_options" in body else Script()
    assert drain(writer(openai))[-1] == Finished("stop", None, None)
    assert len(openai.chats) == 2


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("written", "thought", "said"),
    [
        ("<think>Let me see.</think>\n\nIt rained.", "Let me see.", "It rained."),
        ("\n <THINK>a < b</think></think>x", "a < b", "</think>x"),
        ("<think></think>It rained.", "", "It rained."),
        ("<thinking>\nOne</think></thinking> Two", "\nOne</think>", "Two"),
        ("<think>no end of it</thi", "no end of it</thi", ""),
        ("It <think>rained</think>.", "", "It <think>rained</think>."),
        ("<thin air>", "", "<thin air>"),
        ("  <thi", "", "<thi"),
        ("", "", ""),
    ],
)
def test_thought_written_into_the_text_is_found(
    written: str, thought: str, said: str, size: int
) -> None:
    """However the tags are cut into pieces, and only at the very beginning."""
    opening = Opening()
    parts: list[Any] = []
    for at in range(0, len(written), size):
        parts.extend(opening.feed(written[at : at + size]))
    parts.extend(opening.close())
    assert (text_of(parts, Thought), text_of(parts)) == (thought, said)


def test_a_reply_that_is_all_thought_is_empty(server: Server) -> None:
    """A thought that never ends is no answer, and the failure says so."""
    server.script = Script(text="<think>First I look and look")
    events = drain(writer(server))
    assert text_of(events, Thought) == "First I look and look"
    failure = failure_of(events)
    assert failure.cause == "empty"
    assert "thought" in failure.message


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


# Failures ---------------------------------------------------------------------------------


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


# Ending it early --------------------------------------------------------------------------


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens in another thread."""
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never happened")


def gone_after(server: Server, closed: float) -> float:
    """How long after `closed` the server noticed that the client was gone, in seconds."""
    chat = server.chats[-1]
    assert chat.gone.wait(2.0)
    assert chat.gone_at is not None
    return chat.gone_at - closed


@pytest.mark.parametrize(
    "script",
    [Script(first_after=30.0), Script(text="a b c d e f g h", every=0.4), Script(ending="hang")],
)
def test_a_cancelled_reply_lets_the_server_go(server: Server, script: Script) -> None:
    """Before the first word, between words and after the last: within 0.3 s, as cancelled."""
    server.script = script
    asked = writer(server)
    asked.load()

    async def read() -> None:
        async with aclosing(asked.reply(ASKED)) as reply:
            async for _ in reply:
                pass

    async def run() -> float:
        task = asyncio.create_task(read())
        await until(lambda: bool(server.chats))
        await asyncio.sleep(0.1)
        closed = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - closed < 0.3
        return closed

    assert gone_after(server, asyncio.run(run())) < 0.3


def test_a_closed_reply_lets_the_server_go(server: Server) -> None:
    """Whoever has read enough closes the generator; the server notices within 0.3 s."""
    server.script = Script(text="a b c d e f g h", every=0.4)
    asked = writer(server)

    async def run() -> float:
        reply = asked.reply(ASKED)
        assert await anext(reply) == Piece("a ")
        closed = time.monotonic()
        await reply.aclose()
        assert time.monotonic() - closed < 0.3
        return closed

    assert gone_after(server, asyncio.run(run())) < 0.3


def test_a_reply_that_was_never_begun_asks_nobody(server: Server) -> None:
    """Making and closing the generator sends no request."""

    async def run() -> None:
        await writer(server).reply(ASKED).aclose()

    asyncio.run(run())
    assert server.requests == []


def test_each_step_may_come_from_another_task(server: Server) -> None:
    """Web servers ask for every event in a task of its own; the time limit does not mind."""
    server.script = Script(text="a b c d", every=0.05)
    asked = writer(server, seconds=5.0)

    async def step(reply: AsyncGenerator[Any, None]) -> Any:
        return await anext(reply, None)

    async def run() -> str:
        reply = asked.reply(ASKED)
        events = []
        while (event := await asyncio.create_task(step(reply))) is not None:
            events.append(event)
        return text_of(events)

    assert asyncio.run(run()) == "a b c d"


def test_ending_early_leaves_nothing_behind(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A loop that ends right after a reply was closed has nothing to complain about."""
    server.script = Script(endless=True, every=0.01)

    async def run() -> None:
        reply = writer(server).reply(ASKED)
        await anext(reply)
        await reply.aclose()

    for _ in range(3):
        asyncio.run(run())
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_other_work_goes_on_while_it_waits(server: Server) -> None:
    """Waiting for the first word blocks nobody else in the loop."""
    server.script = Script(first_after=0.5)
    asked = writer(server)
    asked.load()

    async def run() -> float:
        longest = 0.0
        task = asyncio.create_task(anext(asked.reply(ASKED)))
        while not task.done():
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - begun)
        return longest

    assert asyncio.run(run()) < 0.4

"""A model's reply ended early: the server is let go, and nothing is left behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from rag.answer.model.generate import Piece
from tests.answer.model.writers import ASKED, Server, text_of, writer
from tests.fakes import Script


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

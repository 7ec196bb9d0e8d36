"""A writer that asks a double of a model's server, and all that comes of one reply."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any, Literal

from rag.answer.model.generate import Finished, Limits, Piece, Thought, Writer
from rag.answer.model.prompt import Message
from rag.errors import GenerationFailed
from tests.fakes import FakeOllama, FakeOpenAI
from tests.http_double import Double

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

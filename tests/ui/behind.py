"""An app behind the guard, and a client that asks it; no socket, no Gradio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ui.guard import Guard, Rules, answers_to
from ui.request import Message, Receive, Scope, Send

HERE = "127.0.0.1:7860"
JOIN = "/gradio_api/queue/join"
UPLOAD = "/gradio_api/upload"


@dataclass
class Behind:
    """An app that takes notes: what reached it, and how much of the body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/plain"})
    reached: list[Scope] = field(default_factory=list)
    bytes: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append(scope)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client went away")
            self.bytes += len(message.get("body", b""))
            more = message.get("more_body", False)
        raw = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"from the app"})


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


Stand = Callable[..., Reply]


def rules(**changes: Any) -> Rules:
    names, any_address = answers_to(changes.pop("host", "127.0.0.1"))
    plain: dict[str, Any] = {
        "names": names, "any_address": any_address, "upload_bytes": 1_000, "post_bytes": 100,
    }  # fmt: skip
    return Rules(**(plain | changes))


def ask(
    guard: Guard,
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    *,
    body: Iterable[bytes] = (b"",),
    client: str = "127.0.0.1",
) -> Reply:
    """What a client of this address gets; Host is ours unless it is named."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.append(("Host", HERE))
    pieces = list(body)
    sent: list[Message] = []

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "scheme": "http", "client": (client, 9),
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in pairs],
    }  # fmt: skip
    asyncio.run(guard(scope, receive, send))
    assert [message["type"] for message in sent].count("http.response.start") == 1
    text = b"".join(message.get("body", b"") for message in sent).decode()
    kept = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert len(kept) == len(sent[0]["headers"])  # no header twice
    return Reply(sent[0]["status"], kept, text)

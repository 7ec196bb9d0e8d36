"""What a request must be before the page's code sees it, and what every reply says of itself.

A middleware of plain ASGI around the whole server; streams pass it piece by piece. It knows
nothing of articles, and of Gradio only its paths.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ui.login import Attempts
from ui.request import (
    API,
    SAFE,
    UPLOADS,
    App,
    Message,
    Receive,
    Request,
    Scope,
    Send,
    address_of,
    is_loopback,
    split,
)

# What Gradio offers and this page does not: fetching for a browser, keeping its state in a file,
# statistics, editing its own code.
_CLOSED = (
    *(f"{API}{name}" for name in ("proxy=", "deep_link", "dev/", "run-history", "vibe-")),
    *(f"{API}{name}" for name in ("undo-vibe-", "profiling", "process_recording")),
    "/monitoring",
)
# Files of the program, the same for everybody; all else may hold something of the library.
_FILES = ("/assets/", "/static/", "/svelte/", "/theme.css", "/favicon.ico", "/pwa_icon")
_OTHER_POST = 64_000  # bytes: a login is the largest

_CSP = "; ".join(
    (
        "default-src 'self'",
        # Without both the page of Gradio 6.31 stays blank.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",  # the one that keeps an image from telling what was read
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one server lets in. Bytes are those of a request's body."""

    names: frozenset[str]  # the hosts it answers to, in lower case, without brackets
    any_address: bool  # whether it answers to every IP address, too
    upload_bytes: int  # of all files of one upload
    post_bytes: int  # of any other call of the API
    read_only: bool = False
    # Whether a request with these cookies' values has logged in; None where there is no login.
    admitted: Callable[[frozenset[str]], bool] | None = None


def answers_to(host: str) -> tuple[frozenset[str], bool]:
    """The `names` and `any_address` of a server bound to `host`.

    Where others may come in, they come by this machine's name or by one of its addresses; an
    address is safe, as what is looked up to reach it cannot be pointed elsewhere.
    """
    names = {"127.0.0.1", "localhost", "::1", host.lower()}
    if not is_loopback(host):
        own = socket.gethostname().lower()
        names |= {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
    return frozenset(names - {""}), not is_loopback(host)


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    words: str
    headers: tuple[tuple[str, str], ...] = ()


class Guard:
    """The middleware. `end_streams` lets a server stop while browsers still listen."""

    def __init__(
        self, app: App, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self.rules = rules
        self.attempts = Attempts(clock)
        self._streams: set[asyncio.Task[Any]] = set()
        self._ending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # the page opens no WebSocket
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    def end_streams(self) -> None:
        """End every event stream now, in order; those to come end at their first word."""
        self._ending = True
        for task in self._streams:
            task.cancel()

    def opened(self, task: asyncio.Task[Any]) -> None:
        """Take note that `task` answers with an event stream from now on."""
        self._streams.add(task)
        if self._ending:
            task.cancel()

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        exchange = _Exchange(self, request, receive, send, most=self._most(request.path))
        refusal = self._refusal(request)
        if refusal is not None:
            await exchange.refuse(refusal)
            return
        login = self.rules.admitted is not None and request.path.rstrip("/") == "/login"
        if login and request.method == "POST":
            wait = self.attempts.wait(request.client)
            if wait > 0:
                await exchange.refuse(_later(wait))
                return
            exchange.attempt = self.attempts.begin(request.client)
        try:
            await self.app(request.stripped(), exchange.receive, exchange.send)
        except asyncio.CancelledError:
            if not (self._ending and exchange.streams):
                raise
            await exchange.finish()
        except RuntimeError as error:
            # A page from before a restart asks for a session that is gone. Gradio tells it so in
            # the stream, then fails on a reply that has begun.
            gone = getattr(error.__cause__, "status_code", None) == 404
            if not (gone and exchange.streams):
                raise
            await exchange.finish()
        except Exception:
            # A body that was cut short looks to the app like a client that went away.
            if exchange.too_large:
                await exchange.refuse(_TOO_LARGE)
                return
            raise
        else:
            if exchange.too_large:
                await exchange.refuse(_TOO_LARGE)
        finally:
            self._streams.discard(exchange.task)

    def _refusal(self, request: Request) -> _Refusal | None:
        """Why `request` is not answered; None when it is."""
        rules = self.rules
        if not self._ours(request.host):
            return _Refusal(400, "Kutip does not answer to this host name.")
        if request.foreign:
            return _Refusal(403, "Refused: this request comes from another web page.")
        if request.path.startswith(_CLOSED):
            return _Refusal(404, "There is no such page.")
        if rules.read_only and request.method not in SAFE and request.uploads:
            return _Refusal(403, "Refused: this page is read-only.")
        if (
            rules.admitted is not None
            and request.path.startswith(API)
            and not rules.admitted(request.cookies)
        ):
            return _Refusal(401, "Log in first.")
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most(request.path):
            return _TOO_LARGE
        return None

    def _ours(self, host: str) -> bool:
        named = split(host)
        if named is None:
            return False
        name = named[0]
        return name in self.rules.names or (self.rules.any_address and address_of(name) is not None)

    def _most(self, path: str) -> int:
        if path.startswith(UPLOADS):
            return self.rules.upload_bytes
        return self.rules.post_bytes if path.startswith(API) else _OTHER_POST


_TOO_LARGE = _Refusal(413, "This is more than Kutip takes at once.")


def _later(seconds: float) -> _Refusal:
    wait = ("retry-after", str(int(seconds) + 1))
    return _Refusal(429, "Too many wrong tries. Wait a minute, then log in again.", (wait,))


class _Exchange:
    """One request's body as it comes, and its reply as it goes."""

    def __init__(
        self, guard: Guard, request: Request, receive: Receive, send: Send, *, most: int
    ) -> None:
        self._guard, self._request = guard, request
        self._receive, self._send = receive, send
        self._left = most  # bytes that may still come
        self._started = self._finished = False
        self.attempt: tuple[float, str] | None = None
        self.streams = False
        task = asyncio.current_task()
        assert task is not None  # a server runs each request in one
        self.task: asyncio.Task[Any] = task

    @property
    def too_large(self) -> bool:
        """Whether more came than may."""
        return self._left < 0

    async def receive(self) -> Message:
        """The next piece of the body; a client that sends too much is as one that left."""
        if self.too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.too_large else message

    async def send(self, message: Message) -> None:
        """Pass on a piece of the reply, its head with our headers."""
        if self.too_large and not self._started:
            return  # whatever the app makes of a cut body, the reply is ours
        if message["type"] == "http.response.start":
            self._started = True
            if self.attempt is not None and message["status"] == 200:
                self._guard.attempts.right(self.attempt)
            message = {**message, "headers": self._headed(message.get("headers", ()))}
        elif not message.get("more_body", False):
            self._finished = True
        await self._send(message)

    async def finish(self) -> None:
        """End a reply that has begun, if it has not ended."""
        if not self._finished:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def refuse(self, refusal: _Refusal) -> None:
        """Answer in the app's place, unless it has begun to."""
        if self._started:
            return
        self._started = True
        body = f"{refusal.words}\n".encode()
        headers = [
            ("content-type", "text/plain; charset=utf-8"),
            ("content-length", str(len(body))),
            *refusal.headers,
        ]
        if self._request.method not in SAFE:  # what is still to come of the body is not wanted
            headers.append(("connection", "close"))
        raw = [(name.encode(), value.encode()) for name, value in headers]
        head = {"type": "http.response.start", "status": refusal.status}
        await self._send({**head, "headers": self._headed(raw)})
        body = b"" if self._request.method == "HEAD" else body
        await self._send({"type": "http.response.body", "body": body})

    def _headed(self, headers: Any) -> list[tuple[bytes, bytes]]:
        """`headers` with ours over theirs; sharing with other origins is not on offer."""
        ours = dict(HEADERS)
        if not self._request.path.startswith(_FILES):
            ours["cache-control"] = "no-store"
        kept = []
        for name, value in headers:
            key = name.decode("latin-1").lower()
            if key == "content-type" and value.startswith(b"text/event-stream"):
                self.streams = True
                self._guard.opened(self.task)
            if key not in ours and not key.startswith("access-control-"):
                kept.append((name, value))
        return kept + [(name.encode(), value.encode()) for name, value in ours.items()]

"""A server that says exactly what a test tells it, and what `fetch` makes of that."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from rag.errors import BadSource
from rag.ingest.fetch import Fetched, fetch

Reply = bytes | Callable[[socket.socket], None]
PAGE = b"<html><p>Berita pagi.</p></html>"


class Server:
    """A server on the loopback address that says exactly what it is told to."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[str] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        # The other side hangs up in the middle of most of these replies.
        with suppress(OSError), connection:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            data = b""
            while b"\r\n\r\n" not in data and (piece := connection.recv(65_536)):
                data += piece
            self.requests.append(data.decode("latin-1"))
            reply = self.replies[data.split(b" ")[1].decode()]
            if callable(reply):
                reply(connection)
            else:
                connection.sendall(reply)
            connection.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def ok(
    body: bytes = PAGE, *headers: str, kind: str | None = "text/html", status: str = "200 OK"
) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    if not any(h.lower().startswith(("content-length", "transfer-")) for h in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def get(server: Server, reply: Reply, **options: float) -> Fetched:
    server.replies["/x"] = reply
    return fetch(server.url("/x"), allow_private=True, **options)  # type: ignore[arg-type]


def failure(server: Server, reply: Reply, **options: float) -> str:
    """What the error says after the address, which it begins with."""
    with pytest.raises(BadSource) as caught:
        get(server, reply, **options)
    assert caught.value.message.startswith(server.url("/x"))
    assert caught.value.hint
    assert caught.value.message.isprintable()
    return caught.value.message.removeprefix(server.url("/x"))

"""A small HTTP/1.1 server for tests, and the part a scripted model plays on it.

Knows the ways in which a model server answers, waits and fails, and nothing of any one server's
JSON: that is in `ollama_double.py` and `openai_double.py`. A thread per connection, so that a
client that hangs keeps no other one waiting.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from tests.fake_script import (
    ENDING_ERROR,
    STATUS_ERRORS,
    Behaviour,
    Body,
    Chat,
    Script,
    Wire,
    compact,
    cut,
    parts,
)

# How often a waiting answer looks whether its client is still there.
LOOK_SECONDS = 0.01


class Gone(Exception):
    """The client hung up."""


class Stopped(Exception):
    """The double was told to stop."""


class Call(BaseHTTPRequestHandler):
    """One connection: reads its requests and writes what the double answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # each chunk leaves at once
    server: Any
    body: Body | None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep the standard library's access log out of the tests' output."""

    def _answer(self) -> None:
        double: Double = self.server
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        if len(raw) < length:
            raise Gone
        self.body, self._began = None, False
        with suppress(ValueError):
            parsed = json.loads(raw)
            self.body = parsed if isinstance(parsed, dict) else None
        self.path = self.path.partition("?")[0]
        double.requests.append((self.command, self.path, self.body))
        double.answer(self)

    do_GET = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815 - names that http.server calls

    def look(self) -> None:
        """Raise when the client has hung up or the double stops."""
        if self.server.stopping.is_set():
            raise Stopped
        try:
            waiting = self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise Gone from error
        if not waiting:
            raise Stopped if self.server.stopping.is_set() else Gone

    def pause(self, seconds: float) -> None:
        """Wait, looking all the while whether there is still somebody to wait for."""
        until = time.monotonic() + seconds
        while True:
            self.look()
            left = until - time.monotonic()
            if left <= 0:
                return
            self.server.stopping.wait(min(left, LOOK_SECONDS))

    def reply(self, status: int, content: bytes, content_type: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def reply_json(self, status: int, content: object) -> None:
        """Send a whole answer as JSON."""
        self.reply(status, compact(content), "application/json; charset=utf-8")

    def chunk(self, content: bytes, content_type: str, *, last: bool = False) -> None:
        """Send a chunk at once; the headers go with the first one, as Ollama sends them."""
        if not self._began:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._began = True
        framed = b"%x\r\n%b\r\n" % (len(content), content) if content else b""
        self.wfile.write(framed + (b"0\r\n\r\n" if last else b""))

    def die(self, *, reset: bool = False) -> None:
        """Leave the answer where it is: close the connection, or reset it."""
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def perform(self, script: Script, chat: Chat, wire: Wire, *, stream: bool, think: bool) -> None:
        """Act the script out: wait, think, speak, and end as it says."""
        with self.watch(chat):
            self.pause(script.first_after)
            if script.status != 200:
                error = script.error or STATUS_ERRORS.get(script.status, "something went wrong")
                chat.ended = True
                self.reply_json(script.status, wire.refusal(error, script.status))
            elif stream:
                self._speak(script, chat, wire, think=think)
            else:
                self._speak_at_once(script, chat, wire, think=think)

    def _speak(self, script: Script, chat: Chat, wire: Wire, *, think: bool) -> None:
        for text, thought in parts(script, think=think):
            self.pause(script.every if chat.sent else 0.0)
            chat.sent += 1
            self.chunk(wire.thought(text) if thought else wire.piece(text), wire.content_type)
        self.pause(script.every)
        if script.ending == "hang":
            self._hang()
        chat.ended = True
        if script.ending in ("die", "reset"):
            self.die(reset=script.ending == "reset")
            return
        last = {
            "done": lambda: wire.last(script.done_reason, words=chat.sent),
            "no_done": lambda: b"",
            "error_line": lambda: wire.failed(script.error or ENDING_ERROR),
            "garbage": wire.garbage,
        }[script.ending]()
        self.chunk(last, wire.content_type, last=True)

    def _speak_at_once(self, script: Script, chat: Chat, wire: Wire, *, think: bool) -> None:
        thinking = script.thinking if think else ""
        words = len(script.said()) + len(cut(thinking))
        self.pause(script.every * max(0, words - 1))
        if script.ending == "hang" or script.endless:
            self._hang()
        chat.sent, chat.ended = words, True
        if script.ending in ("die", "reset"):
            self.die(reset=script.ending == "reset")
        elif script.ending == "error_line":
            self.reply_json(500, wire.refusal(script.error or ENDING_ERROR, 500))
        elif script.ending == "garbage":
            self.reply(200, wire.garbage(), wire.content_type)
        else:
            reason = script.done_reason if script.ending == "done" else ""
            said = "".join(script.said())
            self.reply_json(200, wire.whole(said, thinking, reason, words=words))

    def _hang(self) -> None:
        while True:
            self.pause(60.0)

    @contextmanager
    def watch(self, chat: Chat) -> Iterator[None]:
        """Note in `chat` when the client hangs up before the end."""
        try:
            yield
        except (Gone, ConnectionError):
            if not chat.ended and not self.server.stopping.is_set():
                chat.gone_at = time.monotonic()
                chat.gone.set()
            raise


class Double:
    """A server on 127.0.0.1 that plays a model's part; a context manager.

    `script` may be changed at any time. After `stop()` nothing answers at `url` until `start()`,
    which comes back on the same port. What went wrong in a script is raised by `stop()`.
    """

    def __init__(self, script: Behaviour, *, port: int = 0) -> None:
        self.script = script
        self.port = port  # 0 until the first start: then any that is free
        self.chats: list[Chat] = []
        self.requests: list[tuple[str, str, Body | None]] = []
        self.stopping = threading.Event()
        self._failures: list[BaseException] = []
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._accepting: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, call: Call) -> None:
        """Answer one request."""
        raise NotImplementedError

    def scripted(self, body: Body) -> Script:
        """What the model does with this request."""
        return self.script(body) if callable(self.script) else self.script

    def start(self) -> Self:
        """Answer from now on."""
        if self._accepting is not None:
            return self
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(512)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self.stopping.clear()
        self._wake, woken = socket.socketpair()
        self._accepting = threading.Thread(
            target=self._accept, args=(listener, woken), name="double", daemon=True
        )
        self._accepting.start()
        return self

    def stop(self) -> None:
        """Go away as a killed server does: open answers break off, new calls are refused."""
        if self._accepting is None:
            return
        self.stopping.set()
        self._wake.close()
        self._accepting.join()
        self._accepting = None
        with self._lock:
            open_now = list(self._connections.items())
        for connection, _ in open_now:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in open_now:
            thread.join(5)
            assert not thread.is_alive(), "a script still runs"
        failures, self._failures = self._failures, []
        if failures:
            raise failures[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _accept(self, listener: socket.socket, woken: socket.socket) -> None:
        with listener, woken, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while not self.stopping.is_set():
                selector.select()
                with suppress(BlockingIOError, ConnectionError):
                    connection, address = listener.accept()
                    connection.setblocking(True)
                    thread = threading.Thread(
                        target=self._serve, args=(connection, address), name="double", daemon=True
                    )
                    with self._lock:
                        self._connections[connection] = thread
                    thread.start()

    def _serve(self, connection: socket.socket, address: tuple[str, int]) -> None:
        try:
            Call(connection, address, self)  # type: ignore[arg-type]  # no socketserver needed
        except (Gone, Stopped, ConnectionError):
            pass
        except BaseException as error:  # noqa: BLE001 - kept, and raised by stop()
            self._failures.append(error)
        finally:
            connection.close()
            with self._lock:
                del self._connections[connection]

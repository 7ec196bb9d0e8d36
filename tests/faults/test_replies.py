"""A server that lies, floods, drips or breaks off costs one line, and no more than the limits."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest

from tests.ingest.servers import PAGE, Server, failure, get, ok


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (b"", "broken reply"),
        (PAGE, "broken reply"),  # HTTP/0.9
        (b"SSH-2.0-OpenSSH_9\r\n", "broken reply"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "broken reply"),
        (b"HTTP/1.1 99 x\r\n\r\n", "broken reply"),
        (b"HTTP/1.1 \xff\xfe\r\n\r\n", "broken reply"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "broken reply"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000, "broken reply"),
        (ok(b"zz\r\nabc", "Transfer-Encoding: chunked"), "broken reply"),
        (ok(b"ff\r\nabc", "Transfer-Encoding: chunked"), "broken reply"),
        (ok(b"-5\r\nabcdefgh", "Transfer-Encoding: chunked"), "broken reply"),
        (ok(b"3\r\nabc\r\n", "Transfer-Encoding: chunked"), "broken reply"),
        (ok(b"F" * 60_000 + b"\r\nabc", "Transfer-Encoding: chunked"), "broken reply"),
        (ok(b"abc", "Content-Length: 10"), "broke off, 7 bytes are missing"),
        (ok(b"abc", "Content-Length: 10", kind="application/pdf"), "7 bytes are missing"),
        (ok(b"abc", "Content-Length: 99999999"), "is larger than 10 MB"),
        (ok(b"abc", "Content-Length: " + "9" * 4_000), "is larger than 10 MB"),
        (ok(b""), "empty page"),
        (ok(gzip.compress(PAGE, mtime=0)[:-9], "Content-Encoding: gzip"), "broken reply"),
        (ok(PAGE, "Content-Encoding: gzip"), "broken reply"),
        (ok(PAGE, "Content-Encoding: deflate"), "broken reply"),
        (ok(gzip.compress(b"", mtime=0) * 65, "Content-Encoding: gzip"), "broken reply"),
        (ok(gzip.compress(b"", mtime=0), "Content-Encoding: gzip"), "empty page"),
        (ok(PAGE, "Content-Encoding: br"), "packed as br, which was not asked for"),
        (ok(PAGE, "Content-Encoding: gzip, gzip"), "packed as gzip, gzip"),
    ],
)
def test_a_broken_reply(server: Server, reply: bytes, message: str) -> None:
    """Whatever a server sends instead of a page is one line to the reader, and no trace."""
    assert message in failure(server, reply)


def test_a_negative_or_odd_length_is_no_length(server: Server) -> None:
    """A Content-Length that means nothing is overlooked; what comes after the stated end, too."""
    for length in ("-1", "x"):
        assert get(server, ok(PAGE, f"Content-Length: {length}")).data == PAGE
    assert get(server, ok(PAGE + b"more", f"Content-Length: {len(PAGE)}")).data == PAGE


def endless(start: bytes, again: bytes) -> Callable[[socket.socket], None]:
    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(100_000_000 // len(again) + 1):
            connection.sendall(again)

    return reply


LINES = b"X-A: " + b"b" * 50_000 + b"\r\n"


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (endless(b"HTTP/1.1 200 OK\r\n", LINES), "headers without an end"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000), "headers without an end"),
        (endless(ok(b"", "Transfer-Encoding: chunked") + b"0\r\n", LINES), "is larger than 1 MB"),
        (endless(ok(b"", "Transfer-Encoding: chunked") + b"-1\r\n", LINES), "is larger than 1 MB"),
        (endless(ok(b"", "Transfer-Encoding: chunked"), b"ffff\r\n" + b"x" * 65_535 + b"\r\n"),
         "is larger than 1 MB"),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536), "is larger than 1 MB"),
    ],
)  # fmt: skip
def test_a_hundred_megabytes(
    server: Server, reply: Callable[[socket.socket], None], message: str
) -> None:
    """A reply without an end is cut at the limit, whether it is headers, chunks or trailers."""
    tracemalloc.start()
    said = failure(server, reply, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message in said
    assert peak < 8_000_000


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join(pieces) + packer.flush()


def test_a_bomb_is_cut_at_the_limit(server: Server) -> None:
    """A gigabyte in one megabyte of gzip costs ten megabytes and less than two seconds."""
    # Two hundred megabytes, five times over: the reader cannot tell it from one gigabyte.
    reply = ok(bomb(200) * 5, "Content-Encoding: gzip")
    tracemalloc.start()
    started = time.monotonic()
    said = failure(server, reply)
    seconds = time.monotonic() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "is larger than 10 MB" in said
    assert seconds < 2
    assert peak < 16_000_000


def test_a_packing_that_holds_nothing(server: Server) -> None:
    """Megabytes of empty deflate blocks are no page, and end at the limit of what is read."""
    reply = endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n", b"\0\0\0\xff\xff" * 9_000
    )
    assert "is larger than 1 MB" in failure(server, reply, max_bytes=1_000_000)


def drip(start: bytes) -> Callable[[socket.socket], None]:
    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(100):
            time.sleep(0.05)
            connection.sendall(b"a")

    return reply


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-A: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /",
    ],
)
def test_a_drip_ends_at_the_deadline(server: Server, start: bytes) -> None:
    """One byte now and then, in headers or body, does not stretch the time that is allowed."""
    started = time.monotonic()
    assert " timed out after 0.5 seconds" in failure(server, drip(start), seconds=0.5)
    assert 0.45 < time.monotonic() - started < 1.0


def test_silence_and_redirects_share_the_time(server: Server) -> None:
    """Every hop counts against the one deadline."""

    def slow(connection: socket.socket) -> None:
        time.sleep(0.2)
        connection.sendall(ok(b"", "Location: /x", status="302 Found"))

    started = time.monotonic()
    assert "timed out after 0.5 seconds" in failure(server, slow, seconds=0.5)
    assert time.monotonic() - started < 1.0
    assert len(server.requests) == 3

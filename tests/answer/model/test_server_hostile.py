"""Servers that send what no server of language models should, or never come to an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag.answer.model.server import inspect
from rag.schema import LanguageModel
from tests.fakes import Script
from tests.http_double import Call, Double

pytestmark = pytest.mark.usefixtures("no_host")


class Odd(Double):
    """Answers as one function says, whatever was asked."""

    def __init__(self, act: Callable[[Call], None]) -> None:
        super().__init__(Script())
        self.act = act

    def answer(self, call: Call) -> None:
        self.act(call)


def flood(call: Call) -> None:
    """More than any list of models."""
    while True:
        call.chunk(b" " * 1_000_000, "application/json")


def drip(call: Call) -> None:
    """A byte now and then, for ever."""
    while True:
        call.pause(0.05)
        call.chunk(b" ", "application/json")


def slow_headers(call: Call) -> None:
    """A status line that never comes to its end, so that no time limit of a read helps."""
    call.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        call.pause(0.05)
        call.wfile.write(b"x")


def elsewhere(call: Call) -> None:
    """A redirect."""
    call.send_response(302)
    call.send_header("Location", "http://198.51.100.7/")
    call.send_header("Content-Length", "0")
    call.end_headers()


def another_protocol(call: Call) -> None:
    """What a server for something else says."""
    call.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


HOSTILE: list[Callable[[Call], None]] = [
    lambda call: call.reply(200, b"<html>Hello</html>", "text/html"),
    lambda call: call.reply(500, b"\x1b[2Joops", "text/plain"),
    lambda call: call.reply(200, b"[]", "application/json"),
    lambda call: call.reply(200, b"null", "application/json"),
    lambda call: call.reply(200, b"[" * 100_000, "application/json"),
    lambda call: call.reply(200, b'{"models": 5, "data": {}}', "application/json"),
    lambda call: call.reply(200, b'{"version": {}}', "application/json"),
    lambda call: call.reply(200, b"\xff\xfe\x00", "application/json"),
    another_protocol,
    lambda call: call.die(),
    elsewhere,
    flood,
    drip,
    slow_headers,
]


@pytest.mark.parametrize("act", HOSTILE)
@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_whatever_a_server_sends_is_a_problem_in_one_line(
    act: Callable[[Call], None], kind: Any
) -> None:
    """No traceback, no redirect followed, no waiting beyond the time allowed."""
    with Odd(act) as server:
        begun = time.monotonic()
        seen = inspect(server.url, kind=kind, seconds=1.0)
        assert time.monotonic() - begun < 2.0
    assert (seen.version, seen.models) == (None, ())
    (problem,) = seen.problems
    assert server.url in problem
    assert problem.isprintable()
    assert len(problem) < 400


@pytest.mark.parametrize("act", [flood, drip])
def test_a_server_that_never_ends_is_not_read_for_ever(act: Callable[[Call], None]) -> None:
    """What goes on behind a look that was given up ends by its own limits."""
    with Odd(act) as server:
        inspect(server.url, seconds=0.3)
        for _ in range(300):
            if "model server" not in {thread.name for thread in threading.enumerate()}:
                return
            time.sleep(0.01)
        raise AssertionError("it is still read")


def test_odd_entries_of_a_list_are_passed_over() -> None:
    """What has no name is left out; sizes that are none are not known."""
    listed = [
        {"name": "ok:1b", "size": 5, "details": {"parameter_size": "1B"}},
        {"name": "odd:1b", "size": "big", "details": 7, "capabilities": ["completion", 5]},
        {"name": "far:1b", "size": -1, "remote_host": "https://ollama.com", "details": None},
        {"name": "v\x1b[2J:1b", "size": True, "details": {"family": "bert"}},
        {"size": 9}, {"name": 5}, "text", None,
    ]  # fmt: skip

    def act(call: Call) -> None:
        known = {"/api/version": {"version": "0.36.0"}, "/api/tags": {"models": listed}}
        content = known.get(call.path)
        call.reply_json(200 if content else 500, content or {"error": "no"})

    with Odd(act) as server:
        seen = inspect(server.url)
    assert seen.models == (
        LanguageModel(name="ok:1b", size_bytes=5, parameters="1B"),
        LanguageModel(name="odd:1b", can=("completion",)),
        LanguageModel(name="far:1b", cloud=True),
        LanguageModel(name="v[2J:1b", can=("embedding",)),
    )

"""Clients that ask the doubles of model servers, and what these are asked."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import ollama
import pytest

from tests.fakes import Chat, FakeOllama, FakeOpenAI

ASK = [{"role": "user", "content": "Berapa?"}]
WORDS = "Dua sapi — “enak”, 雪 😀. [1a]"
NAME = "gemma4:e4b"


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every double takes its threads with it."""
    before = threading.active_count()
    yield
    until = time.monotonic() + 1
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.001)
    assert not [t.name for t in threading.enumerate() if t.name == "double"]


def client(double: FakeOllama) -> ollama.Client:
    """The real client, asking `double`."""
    return ollama.Client(host=double.url, timeout=5, trust_env=False)


def raw(double: FakeOllama, body: dict[str, Any], path: str = "/api/chat") -> socket.socket:
    """A connection on which this request was sent."""
    sent = json.dumps(body).encode()
    connection = socket.create_connection(("127.0.0.1", double.port), timeout=5)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(sent)}\r\n\r\n"
    connection.sendall(head.encode() + sent)
    return connection


def left_within(chat: Chat, seconds: float, since: float) -> bool:
    """Whether the server saw its client leave, so soon after `since`."""
    return chat.gone.wait(2) and chat.gone_at is not None and chat.gone_at - since < seconds


def first_chat(double: FakeOllama | FakeOpenAI) -> Chat:
    """The first chat, as soon as there is one."""
    until = time.monotonic() + 2
    while not double.chats and time.monotonic() < until:
        time.sleep(0.001)
    return double.chats[0]

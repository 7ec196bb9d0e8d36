"""Doubles of model servers, of both kinds together and of each, and a place without one."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.answer.model.writers import Server
from tests.fakes import FakeOllama, FakeOpenAI, Script


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


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees how the user starts Ollama."""
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)

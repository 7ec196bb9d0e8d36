"""Doubles of model servers, of both kinds together and of each."""

from __future__ import annotations

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

"""A machine on which `kutip setup` runs, and who answers its questions."""

from __future__ import annotations

import platform
import shutil
import socket
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from rag import machine
from rag.engine import Engine
from rag.schema import Progress
from rag.settings import Settings
from rag.setup import run_setup
from tests.fakes import HashEmbedder

INSTALL = "curl -fsSL https://ollama.com/install.sh | sh"


class Script:
    """A person at a terminal, with answers prepared: the first whose words are in the question.

    What was not prepared for gets the default. `told` is all that was said and asked.
    """

    def __init__(self, answers: dict[str, str | bool] | None = None) -> None:
        self.answers = answers or {}
        self.told: list[str] = []
        self.asked: list[str] = []
        self.progress: list[Progress] = []
        self.at_progress: Callable[[Progress], None] = self.progress.append

    def say(self, text: str) -> None:
        self.told.append(text)

    def _answer(self, question: str, default: str | bool) -> str | bool:
        self.told.append(question)
        self.asked.append(question)
        assert len(self.asked) < 50, "it asks for ever"
        return next((a for words, a in self.answers.items() if words in question), default)

    def ask(self, question: str, default: str) -> str:
        return str(self._answer(question, default))

    def confirm(self, question: str, default: bool) -> bool:
        return bool(self._answer(question, default))

    @property
    def meter(self) -> Callable[[Progress], None]:
        return self.at_progress

    @property
    def text(self) -> str:
        """All that was said, for looking words up."""
        return "\n".join(self.told)


class NobodyThere(Script):
    """Where there is no terminal: any question would wait for ever."""

    def _answer(self, question: str, default: str | bool) -> str | bool:
        raise AssertionError(f"it asked: {question}")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A roomy Linux machine without Ollama's program, and an empty cache of hub models."""
    monkeypatch.setattr(machine, "memory_bytes", lambda: 16_000_000_000)
    monkeypatch.setattr(machine, "gpu_bytes", lambda: None)
    monkeypatch.setattr(machine, "disk_free", lambda _: 500_000_000_000)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub" / "hub"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def engine_of(settings: Settings) -> Engine:
    """An engine whose embedder is quick; the named one has another fingerprint."""
    return Engine(settings, embedder=HashEmbedder(name=settings.embedder))


def setup(
    folder: Path,
    url: str,
    console: Script,
    *,
    yes: bool = False,
    factory: Callable[[Settings], Engine] = engine_of,
    **settings: str,
) -> int:
    chosen = replace(Settings(data_dir=folder / "data", ollama_host=url), **settings)  # type: ignore[arg-type]
    interactive = not isinstance(console, NobodyThere)
    return run_setup(factory, chosen, console, assume_yes=yes, interactive=interactive)


def config(folder: Path) -> dict[str, object]:
    """What the settings file says; nothing where there is none."""
    path = folder / "data" / "config.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def articles(folder: Path) -> int:
    with engine_of(Settings(data_dir=folder / "data")) as engine:
        return engine.library.counts()["articles"]

"""`kutip setup` and models: what it offers, pulls and sets, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import machine
from rag.engine import Engine
from rag.errors import ModelError
from rag.health import MULTILINGUAL
from rag.schema import Progress
from rag.search.embed import Embedder
from rag.settings import Settings
from rag.setup import FAILED, READY
from tests import setting_up
from tests.fake_models import pull_lines
from tests.fakes import LLAMA, FakeOllama, HashEmbedder
from tests.setting_up import NobodyThere, Script, config, engine_of, setup
from tests.test_health import cached_model

here = setting_up.here
nobody = setting_up.nobody


# The model -----------------------------------------------------------------------------------


def test_the_offer_fits_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 8 GB the smaller one is offered, pulled, and set for every later answer."""
    monkeypatch.setattr(machine, "memory_bytes", lambda: 8_000_000_000)
    console = Script({"Let Ollama load": True, "Add the example": False, "Use intfloat": False})
    lines = list(pull_lines("gemma4:e4b"))  # of any model: the double's library is small
    with FakeOllama(models=(), pulls=lines) as server:
        assert setup(tmp_path, server.url, console) == READY, console.text
        assert [chat.prompt for chat in server.pulling] == ["qwen3:4b"]
    assert "gemma4:e4b (about" not in console.text
    assert config(tmp_path) == {"model": "qwen3:4b"}


def test_a_model_of_another_size_is_set(tmp_path: Path) -> None:
    """A name that was typed is pulled and written into the settings."""
    console = Script(
        {
            "Which one?": "llama3.2",
            "Let Ollama load": True,
            "Add the example": False,
            "Use intfloat": False,
        }
    )
    with FakeOllama(models=()) as server:
        assert setup(tmp_path, server.url, console) == READY, console.text
    assert config(tmp_path) == {"model": "llama3.2"}
    assert "llama3.2 will write the answers." in console.text


def test_a_machine_too_small_is_told_and_nothing_is_pulled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with --yes."""
    monkeypatch.setattr(machine, "memory_bytes", lambda: 2_000_000_000)
    console = NobodyThere()
    with FakeOllama(models=()) as server:
        assert setup(tmp_path, server.url, console, yes=True) == READY
        assert server.pulling == []
    assert "This machine has 2 GB of memory" in console.text


def test_who_has_another_model_may_keep_it(tmp_path: Path) -> None:
    """The default of the offer is then "none": Enter downloads nothing."""
    console = Script({"Add the example": False, "Use intfloat": False})
    with FakeOllama(models=(LLAMA,)) as server:
        assert setup(tmp_path, server.url, console) == READY
        assert server.pulling == []
    assert "It has llama3.2:latest." in console.text
    assert any(question.startswith("Which one?") for question in console.asked)


def test_a_model_that_is_there_is_used_without_a_pull(tmp_path: Path) -> None:
    """Typing the name of one it has sets that one."""
    console = Script({"Which one?": "llama3.2", "Add the example": False, "Use intfloat": False})
    with FakeOllama(models=(LLAMA,)) as server:
        assert setup(tmp_path, server.url, console) == READY
        assert server.pulling == []
    assert config(tmp_path) == {"model": "llama3.2"}


def test_ctrl_c_ends_a_pull_and_nothing_else(tmp_path: Path) -> None:
    """The server's side of the pull ends too; what was loaded is kept, which is said."""
    console = Script({"Let Ollama load": True, "Add the example": False, "Use intfloat": False})

    def interrupt(progress: Progress) -> None:
        if progress.total:
            raise KeyboardInterrupt

    console.at_progress = interrupt
    with FakeOllama(models=()) as server:
        server.pull_every = 0.2
        assert setup(tmp_path, server.url, console) == READY
        (pull,) = server.pulling
        assert pull.gone.wait(5)
    assert 'kept by Ollama: "ollama pull gemma4:e4b" goes on from there' in console.text
    assert "5. A first question" in console.told


def test_an_environment_variable_that_wins_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is written, and what keeps it from working is named."""
    monkeypatch.setenv("KUTIP_MODEL", "gemma4:e4b")
    console = Script({"Which one?": "llama3.2", "Add the example": False, "Use intfloat": False})
    with FakeOllama(models=(LLAMA,)) as server:
        setup(tmp_path, server.url, console)
    assert "KUTIP_MODEL is set and wins" in console.text


# The embedding model -------------------------------------------------------------------------


def test_the_multilingual_model_is_written_down_and_everything_is_read_anew(
    tmp_path: Path,
) -> None:
    """With the model in the cache already nothing is downloaded; the other settings stay."""
    cached_model(tmp_path / "hub" / "hub", MULTILINGUAL)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "config.toml").write_text("hits = 7  # mine\n", encoding="utf-8")
    console = Script({"Use intfloat": True})
    with FakeOllama() as server:
        assert setup(tmp_path, server.url, console) == READY, console.text
    assert config(tmp_path) == {"hits": 7, "embedder": MULTILINGUAL}
    text = (tmp_path / "data" / "config.toml").read_text(encoding="utf-8")
    assert text.startswith("hits = 7  # mine\n")
    with engine_of(Settings(data_dir=tmp_path / "data", embedder=MULTILINGUAL)) as engine:
        assert engine.library.stored_fingerprint() == engine.fingerprint
    assert any(p.stage == "embedding" for p in console.progress)


class Broken(HashEmbedder):
    """An embedder that cannot embed a passage."""

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        raise ModelError("the weights are damaged", hint="Fetch them again.")


def test_an_embedding_model_that_fails_is_not_kept(tmp_path: Path) -> None:
    """The settings file is put back, and the library still answers under the former model."""
    cached_model(tmp_path / "hub" / "hub", MULTILINGUAL)

    def factory(settings: Settings) -> Engine:
        made: Embedder = (
            Broken(name="x") if settings.embedder == MULTILINGUAL else HashEmbedder(name="bundled")
        )
        return Engine(settings, embedder=made)

    console = Script({"Use intfloat": True})
    with FakeOllama() as server:
        assert setup(tmp_path, server.url, console, factory=factory) == FAILED
    assert "   the weights are damaged. Fetch them again." in console.told
    assert config(tmp_path) == {}
    assert console.asked[-1] == "Ask your articles something:"
    with engine_of(Settings(data_dir=tmp_path / "data")) as engine:
        assert engine.library.stored_fingerprint() == engine.fingerprint


def test_without_a_network_the_download_fails_in_one_line(
    tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for and not had is status 2; nothing is written, and the dialogue goes on."""
    monkeypatch.setenv("HF_ENDPOINT", nobody)
    console = Script({"Use intfloat": True, "Add the example": False, "Look again?": False})
    assert setup(tmp_path, nobody, console) == FAILED
    failures = [line for line in console.told if "could not be fetched" in line]
    reason = f"{MULTILINGUAL} could not be fetched: 127.0.0.1 cannot be reached."
    assert len(failures) == 1
    assert failures[0].startswith(f"   {reason} Look at the network ")
    assert config(tmp_path) == {}


def test_a_model_that_was_chosen_is_left_alone(tmp_path: Path, nobody: str) -> None:
    """Whoever set an embedder is not offered another."""
    console = Script({"Add the example": False, "Look again?": False})
    assert setup(tmp_path, nobody, console, embedder="mine") == READY
    assert not any("Use intfloat" in question for question in console.asked)

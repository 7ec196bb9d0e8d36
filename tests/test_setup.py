"""`kutip setup`, step by step: what it says, asks, pulls, writes, and what it leaves alone."""

from __future__ import annotations

import platform
import shutil
import socket
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants

from rag import machine
from rag.engine import Engine
from rag.errors import ModelError
from rag.health import MULTILINGUAL
from rag.schema import Progress
from rag.search.embed import Embedder
from rag.settings import Settings
from rag.setup import FAILED, READY, missing, opening, run_setup
from tests.fake_models import pull_lines
from tests.fakes import EMBEDDING, GEMMA, LLAMA, FakeOllama, HashEmbedder
from tests.test_health import cached_model

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


# Without a terminal --------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_asked_or_done(tmp_path: Path, nobody: str) -> None:
    """Every step says what is missing and what to type; the folder stays empty."""
    console = NobodyThere()
    assert setup(tmp_path, nobody, console) == READY, console.text
    for words in (
        '"kutip add --examples"',
        f"Nothing answers at {nobody}.",
        "is not installed",
        INSTALL,
        "answers with quotes",
        MULTILINGUAL,
        "Add articles first",
    ):
        assert words in console.text, words
    assert articles(tmp_path) == 0
    assert config(tmp_path) == {}


def test_without_a_terminal_a_missing_model_is_named_and_not_pulled(tmp_path: Path) -> None:
    """The command to type is given, with the size."""
    console = NobodyThere()
    with FakeOllama(models=(EMBEDDING,)) as server:
        assert setup(tmp_path, server.url, console) == READY
        assert server.pulling == []
    assert '"ollama pull gemma4:e4b" loads it (about 9.6 GB).' in console.text


# With --yes ----------------------------------------------------------------------------------


def test_yes_goes_from_nothing_to_a_first_answer(tmp_path: Path) -> None:
    """The examples are added, the model is pulled with its progress, a question is answered."""
    console = NobodyThere()
    with FakeOllama(models=()) as server:
        assert setup(tmp_path, server.url, console, yes=True) == READY, console.text
        assert [chat.prompt for chat in server.pulling] == ["gemma4:e4b"]
        assert [chat.ended for chat in server.pulling] == [True]
    assert articles(tmp_path) == 3
    pulled = [p for p in console.progress if p.total == GEMMA.size]
    assert pulled[-1].done == GEMMA.size
    assert "gemma4:e4b will write the answers." in console.text
    assert "5. A first question" in console.told
    # The question is of an article that is there, and so is what comes after it.
    after = console.told[console.told.index("5. A first question") + 1 :]
    assert after[0].startswith("   ")
    assert len(after) > 3
    assert config(tmp_path) == {}  # the model that is set was taken


def test_yes_fetches_no_embedding_model_where_the_hub_is_forbidden(tmp_path: Path) -> None:
    """HF_HUB_OFFLINE, which the tests run under, is a wish that --yes does not overrule."""
    console = NobodyThere()
    with FakeOllama() as server:
        assert setup(tmp_path, server.url, console, yes=True) == READY
    assert f"{MULTILINGUAL} is not fetched: HF_HUB_OFFLINE is set." in console.text


def test_a_pull_that_fails_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The server's own words, status 2, and still a first answer."""
    lines = [{"status": "pulling manifest"}, {"error": "dial tcp: no route to host"}]
    console = NobodyThere()
    with FakeOllama(models=(), pulls=lines) as server:
        assert setup(tmp_path, server.url, console, yes=True) == FAILED
    failures = [line for line in console.told if "no route to host" in line]
    assert len(failures) == 1
    assert "5. A first question" in console.told
    assert articles(tmp_path) == 3


# The server ----------------------------------------------------------------------------------


def test_a_server_that_is_started_meanwhile_is_found(tmp_path: Path) -> None:
    """ "Look again?" looks again: the reader starts Ollama in another window."""
    server = FakeOllama()
    with server:
        url, port = server.url, server.port
    assert port

    class Starter(Script):
        def confirm(self, question: str, default: bool) -> bool:
            if question == "Look again?" and len([q for q in self.asked if q == question]) == 1:
                server.start()
            return super().confirm(question, default)

    console = Starter({"Look again?": True, "Add the example": False, "Use intfloat": False})
    try:
        assert setup(tmp_path, url, console) == READY
    finally:
        server.stop()
    assert console.asked.count("Look again?") == 2
    assert f"Ollama 0.35.2 at {url}, on this machine." in console.text
    assert "gemma4:e4b will write the answers." in console.text


def test_looking_again_does_not_go_on_for_ever(tmp_path: Path, nobody: str) -> None:
    """Whoever says yes and yes again is let go in the end."""
    console = Script({"Look again?": True, "Add the example": False, "Use intfloat": False})
    assert setup(tmp_path, nobody, console) == READY, console.text
    assert 1 < console.asked.count("Look again?") <= 20


@pytest.mark.parametrize(
    ("system", "installed", "words"),
    [
        ("Linux", False, INSTALL),
        ("Darwin", False, "https://ollama.com/download"),
        ("Windows", False, "https://ollama.com/download"),
        ("Linux", True, 'type "ollama serve"'),
        ("Windows", True, "open the Ollama app"),
    ],
)
def test_what_is_missing_is_said_for_each_system(
    monkeypatch: pytest.MonkeyPatch, system: str, installed: bool, words: str
) -> None:
    """Not installed and not running are told apart."""
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/ollama" if installed else None)
    said = " ".join(missing("ollama", here=True, system=system))
    assert words in said
    assert ("is not installed" in said) is not installed


def test_a_server_elsewhere_is_not_installed_here() -> None:
    """For another host, or another kind of server, the advice is to start that one."""
    assert missing("ollama", here=False, system="Linux") == (
        "Start Ollama on that host, or name another in OLLAMA_HOST.",
    )
    assert "KUTIP_LLM_URL" in missing("openai", here=True, system="Linux")[0]


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


# The question --------------------------------------------------------------------------------


def test_the_question_that_is_typed_is_answered(tmp_path: Path, nobody: str) -> None:
    """Its answer is shown, with its source."""
    console = Script(
        {
            "Ask your articles": "Kapan Blinken meninggalkan Doha?",
            "Look again?": False,
            "Use intfloat": False,
        }
    )
    assert setup(tmp_path, nobody, console) == READY, console.text
    with engine_of(Settings(data_dir=tmp_path / "data", ollama_host=nobody)) as engine:
        expected = engine.ask("Kapan Blinken meninggalkan Doha?").text
    shown = "\n".join(console.told).splitlines()
    assert all(f"   {line}" in shown for line in expected.splitlines() if line)
    assert "Doha" in expected


def test_a_question_that_cannot_be_read_is_one_line(tmp_path: Path, nobody: str) -> None:
    """The last step fails like any other."""
    console = Script({"Ask your articles": "???", "Look again?": False, "Use intfloat": False})
    assert setup(tmp_path, nobody, console) == FAILED
    assert any("holds no word" in line for line in console.told)


def test_a_made_question_is_one_line_in_the_article_s_language() -> None:
    """Quotation marks and line ends of a title do not break it; long titles are cut."""
    assert opening('Kata "siapa"\nitu', "id") == "Apa isi artikel \"Kata 'siapa' itu\"?"
    assert opening("Flood", "en") == 'What does "Flood" say?'
    assert len(opening("x" * 5_000, None)) < 300

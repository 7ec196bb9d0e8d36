"""What is known of the server of language models, its models and its downloads."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rag.answer.model.address import listens_everywhere
from rag.answer.model.server import inspect, loaded_context, pull, show
from rag.errors import ServerError
from rag.schema import LanguageModel
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeOllama, FakeOpenAI

ALL = (GEMMA, LLAMA, EMBEDDING, CLOUD)
pytestmark = pytest.mark.usefixtures("no_host")


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    """Ollama with four models."""
    with FakeOllama(models=ALL) as server:
        yield server


def test_importing_it_loads_no_library() -> None:
    """A question asked without a model does not wait for the clients' imports."""
    code = (
        "import sys; before = set(sys.modules); "
        "import rag.answer.model.server, rag.answer.model.generate; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {n for n in run.stdout.split() if n not in sys.stdlib_module_names} <= {"rag"}


# Looking at a server ----------------------------------------------------------------------


def test_what_ollama_is_and_has(ollama: FakeOllama) -> None:
    """Version, place, and each model with its size, its context and what it can do."""
    server = inspect(ollama.url)
    assert (server.url, server.kind, server.where) == (ollama.url, "ollama", "this machine")
    assert server.version == "0.35.2"
    assert {model.name: model for model in server.models} == {
        "gemma4:e4b": LanguageModel(
            name="gemma4:e4b",
            size_bytes=9_608_350_718,
            parameters="8.0B",
            context_tokens=131_072,
            can=("completion", "vision", "tools", "thinking"),
        ),
        "llama3.2:latest": LanguageModel(
            name="llama3.2:latest",
            size_bytes=2_019_393_189,
            parameters="3.2B",
            context_tokens=131_072,
            can=("completion", "tools"),
        ),
        "nomic-embed-text:latest": LanguageModel(
            name="nomic-embed-text:latest",
            size_bytes=274_302_450,
            parameters="137M",
            can=("embedding",),
        ),
        "gpt-oss:120b-cloud": LanguageModel(
            name="gpt-oss:120b-cloud", size_bytes=12_384, parameters="116.8B", cloud=True
        ),
    }
    assert {path for _, path, _ in ollama.requests} == {"/api/version", "/api/tags", "/api/show"}


def test_a_model_elsewhere_is_a_problem(ollama: FakeOllama) -> None:
    """It is named, and so is where the question would go."""
    (problem,) = inspect(ollama.url).problems
    assert "gpt-oss:120b-cloud" in problem
    assert "ollama.com" in problem


def test_a_server_as_it_should_be_has_no_problem() -> None:
    """Up to date, bound to loopback, its models its own."""
    with FakeOllama(models=(GEMMA, LLAMA)) as server:
        assert inspect(server.url).problems == ()


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("0.34.9", True), ("0.5.13-rc1", True), ("v0.12.0", True), ("0.35.0", False),
        ("0.35.1-rc0", False), ("1.0.0", False), ("0.0.0", False), ("dev", False),
    ],
)  # fmt: skip
def test_an_old_version_is_a_problem(version: str, old: bool) -> None:
    """Older than 0.35.0 is said; a build of one's own is left alone."""
    with FakeOllama(version=version) as server:
        seen = inspect(server.url)
    assert seen.version == version
    assert ["older than 0.35.0" in problem for problem in seen.problems] == [True] * old


@pytest.mark.parametrize(
    ("host", "open_"),
    [("0.0.0.0", True), ("http://[::]:11434", True), ("127.0.0.1", False), (":11434", False)],
)
def test_a_server_told_to_listen_everywhere_is_a_problem(
    host: str, open_: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OLLAMA_HOST as the user set it tells whether others can reach the server."""
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert listens_everywhere(host) == open_
    with FakeOllama() as server:
        problems = inspect(server.url).problems
    assert ["other machines" in problem for problem in problems] == [True] * open_


def test_a_server_that_is_away(nobody: str) -> None:
    """Not an exception: no version, no models, and the line that says how to start it."""
    server = inspect(nobody)
    assert (server.version, server.models) == (None, ())
    (problem,) = server.problems
    assert nobody in problem
    assert "ollama serve" in problem


def test_another_kind_of_server() -> None:
    """Its models with their context where it tells; its key is sent, and asked for if wrong."""
    with FakeOpenAI(models=(GEMMA, EMBEDDING), key="s3cret") as server:
        url = server.url + "/v1"
        seen = inspect(url, kind="openai", key="s3cret")
        refused = inspect(url, kind="openai", key="other")
    assert (seen.kind, seen.version, seen.problems) == ("openai", None, ())
    assert [(m.name, m.context_tokens, m.can) for m in seen.models] == [
        ("gemma4:e4b", 131_072, ()),
        ("nomic-embed-text:latest", 2048, ("embedding",)),
    ]
    assert refused.models == ()
    assert "KUTIP_LLM_KEY" in refused.problems[0]


def test_of_many_models_only_the_first_are_looked_at() -> None:
    """A shelf of a hundred models is listed whole, and asked about twenty times."""
    many = tuple(replace(LLAMA, name=f"llama{n}:1b") for n in range(100))
    with FakeOllama(models=many) as server:
        seen = inspect(server.url)
    assert len(seen.models) == 100
    assert [bool(model.can) for model in seen.models] == [True] * 20 + [False] * 80


# One model --------------------------------------------------------------------------------


def test_one_model_is_shown(ollama: FakeOllama) -> None:
    """With its context and its abilities."""
    assert show(ollama.url, "gemma4:e4b") == LanguageModel(
        name="gemma4:e4b",
        parameters="8.0B",
        context_tokens=131_072,
        can=("completion", "vision", "tools", "thinking"),
    )
    with FakeOpenAI() as server:
        assert show(server.url + "/v1", "gemma4:e4b", kind="openai").context_tokens == 131_072


def test_a_model_that_is_not_there_is_an_error(ollama: FakeOllama, nobody: str) -> None:
    """The error says how to get it, or that nobody was there to ask."""
    with pytest.raises(ServerError) as missing:
        show(ollama.url, "qwen9:1b")
    assert "qwen9:1b" in missing.value.message
    assert "ollama pull qwen9:1b" in missing.value.hint
    with FakeOpenAI() as server, pytest.raises(ServerError, match="qwen9:1b"):
        show(server.url + "/v1", "qwen9:1b", kind="openai")
    with pytest.raises(ServerError, match="nothing answers"):
        show(nobody, "gemma4:e4b")


def test_the_context_a_model_was_loaded_with(ollama: FakeOllama, nobody: str) -> None:
    """What the server allotted, which may be less than was asked for; None until it is loaded."""
    import ollama as client

    assert loaded_context(ollama.url, "llama3.2") is None
    client.Client(host=ollama.url, trust_env=False).chat(
        "llama3.2", messages=[{"role": "user", "content": "Hi"}], options={"num_ctx": 3000}
    )
    assert loaded_context(ollama.url, "llama3.2") == 3000
    assert loaded_context(ollama.url, "llama3.2:latest") == 3000
    assert loaded_context(ollama.url, "gemma4:e4b") is None
    with pytest.raises(ServerError, match="nothing answers"):
        loaded_context(nobody, "llama3.2")


# Downloads --------------------------------------------------------------------------------


def test_a_download_counts_bytes_over_all_parts() -> None:
    """They never go back, and all of them are there at the end."""
    with FakeOllama(models=()) as server:
        steps = list(pull(server.url, "llama3.2"))
        assert [model.name for model in inspect(server.url).models] == ["llama3.2:latest"]
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert (done[0], steps[0].total) == (0, None)
    assert done[-1] == steps[-1].total == LLAMA.size
    assert steps[-1].label == "success"
    assert {step.stage for step in steps} == {"loading"}


def test_closing_a_download_stops_it() -> None:
    """Ollama notices within 0.3 s that nobody waits any more."""
    with FakeOllama(models=()) as server:
        server.pull_every = 0.2
        steps = pull(server.url, "gemma4:e4b")
        next(steps)
        closed = time.monotonic()
        steps.close()
        assert server.pulling[0].gone.wait(2.0)
        gone_at = server.pulling[0].gone_at
    assert gone_at is not None
    assert gone_at - closed < 0.3


@pytest.mark.parametrize(
    ("lines", "message", "hint"),
    [
        ([{"error": "pull model manifest: file does not exist"}], "does not exist", "library"),
        ([{"status": "x"}, {"error": "write: no space left on device"}], "no space", "room"),
        ([{"error": "dial tcp: lookup registry.ollama.ai: no such host"}], "dial", "internet"),
        ([{"error": "odd\x1b[2J" + "x" * 5000}], "odd[2J", "log"),
        ([{"status": "pulling manifest"}], "before it was complete", "again"),
        ([], "before it was complete", "again"),
        ([{"status": 5}], "cannot be read", "address"),
    ],
)
def test_a_download_that_fails(lines: list[dict[str, Any]], message: str, hint: str) -> None:
    """Each failure in one line that can be printed, with what to do."""
    with FakeOllama(models=(), pulls=lines) as server, pytest.raises(ServerError) as failed:
        list(pull(server.url, "some:model"))
    assert message in failed.value.message
    assert hint in failed.value.hint
    assert failed.value.message.isprintable()
    assert len(failed.value.message) < 400


def test_a_download_from_nobody(nobody: str) -> None:
    """The error says how to start Ollama."""
    with pytest.raises(ServerError, match="nothing answers") as failed:
        list(pull(nobody, "gemma4:e4b"))
    assert "ollama serve" in failed.value.hint

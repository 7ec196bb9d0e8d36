"""Who answers: what is asked for, what the server has, and what the reader is told of it."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answerers import Answerers, Chosen, Wish, address, wish
from rag.errors import AnswererUnavailable, BadSetting
from rag.settings import Settings
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeOllama, FakeOpenAI

OPENAI = "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("said", "url", "kind", "model", "by_name"),
    [
        ("auto", "", "ollama", "gemma4:e4b", False),
        ("auto", OPENAI, "openai", "gemma4:e4b", False),
        ("extractive", "", None, "", True),
        ("ollama", "", "ollama", "gemma4:e4b", True),
        ("ollama:qwen3:4b", "", "ollama", "qwen3:4b", True),
        ("ollama:hf.co/a/b:Q4", OPENAI, "ollama", "hf.co/a/b:Q4", True),
        ("openai:m", OPENAI, "openai", "m", True),
        ("openai", OPENAI, "openai", "gemma4:e4b", True),
        ("model:m", "", "ollama", "m", True),
        ("model:m", OPENAI, "openai", "m", True),
    ],
)
def test_what_is_asked_for(
    said: str, url: str, kind: str | None, model: str, by_name: bool
) -> None:
    """Each form of an answerer means the same in the settings and on the command line."""
    wanted = Wish(kind=kind, model=model, by_name=by_name)  # type: ignore[arg-type]
    assert wish(Settings(answerer=said, llm_url=url)) == wanted
    assert wish(Settings(llm_url=url), said) == wanted


@pytest.mark.parametrize(
    "said", ["gpt", "Ollama:x", "extractive:x", "openai:m", "model:", "auto:x"]
)
def test_what_means_nothing(said: str) -> None:
    """Another word is a setting without a meaning; so is openai without an address."""
    with pytest.raises(BadSetting) as raised:
        wish(Settings(answerer=said))
    assert raised.value.hint


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.1:1234", "http://127.0.0.1:1234"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("[::]:99", "http://[::1]:99"),
        ("http://localhost", "http://localhost:80"),
        ("https://models.example", "https://models.example:443"),
        (":8080", "http://127.0.0.1:8080"),
    ],
)
def test_where_ollama_is(host: str, url: str) -> None:
    """The address is completed as Ollama's own tools do."""
    assert address(Settings(ollama_host=host), "ollama") == url


def choose(server: FakeOllama | FakeOpenAI, answerer: str | None = None, **settings: str) -> Chosen:
    """Who answers, with this server."""
    if isinstance(server, FakeOpenAI):
        given = Settings(llm_url=f"{server.url}/v1", **settings)  # type: ignore[arg-type]
    else:
        given = Settings(ollama_host=server.url, **settings)  # type: ignore[arg-type]
    return Answerers(given).choose(answerer)


def test_the_model_of_the_settings() -> None:
    """Where it is there, it answers, with no remark, within its context and ours."""
    with FakeOllama(models=[LLAMA, GEMMA]) as server:
        chosen = choose(server)
    assert chosen.label == "ollama:gemma4:e4b"
    assert chosen.writer is not None
    assert chosen.context_tokens == 8192
    assert chosen.remarks == ()


def test_a_model_with_a_small_context() -> None:
    """No more is asked for than it was trained for."""
    small = dataclasses.replace(GEMMA, context_length=2048)
    with FakeOllama(models=[small]) as server:
        assert choose(server).context_tokens == 2048


def test_another_model_stands_in() -> None:
    """It is named, with the one that was wanted and how to get that."""
    with FakeOllama(models=[EMBEDDING, CLOUD, LLAMA]) as server:
        chosen = choose(server)
    assert chosen.label == "ollama:llama3.2:latest"
    (remark,) = chosen.remarks
    assert "llama3.2:latest answers instead" in remark
    assert "ollama pull gemma4:e4b" in remark


@pytest.mark.parametrize("models", [[], [EMBEDDING], [CLOUD], [EMBEDDING, CLOUD]])
def test_without_a_model_that_may_answer(models: list[object]) -> None:
    """One for vectors, or one that runs elsewhere, is never taken unasked: quotes, said aloud."""
    with FakeOllama(models=models) as server:  # type: ignore[arg-type]
        chosen = choose(server)
    assert (chosen.label, chosen.writer) == ("extractive", None)
    (remark,) = chosen.remarks
    assert "ollama pull gemma4:e4b" in remark


def test_a_model_of_the_cloud_by_name() -> None:
    """Asked for by name it answers, and that the passages leave the machine is said once."""
    with FakeOllama(models=[CLOUD]) as server:
        chosen = choose(server, "ollama:gpt-oss:120b-cloud")
    assert chosen.label == "ollama:gpt-oss:120b-cloud"
    assert chosen.remarks
    assert all("cloud" in r or "ollama.com" in r for r in chosen.remarks)


@pytest.mark.parametrize("answerer", ["ollama:nope", "ollama:nomic-embed-text", "model:nope"])
def test_by_name_nothing_else_will_do(answerer: str) -> None:
    """A model that is not there, or that cannot write, is an error with a remedy."""
    with FakeOllama(models=[GEMMA, EMBEDDING]) as server, pytest.raises(AnswererUnavailable) as e:
        choose(server, answerer)
    assert e.value.hint


def test_no_server() -> None:
    """Nothing answers: quotes with a remark; by name an error that says how to ask without."""
    with FakeOllama() as server:
        pass
    chosen = choose(server)
    assert chosen.label == "extractive"
    assert f"nothing answers at {server.url}" in chosen.remarks_in("en")[0]
    assert f"tidak ada yang menjawab di {server.url}" in chosen.remarks_in("id")[0]
    with pytest.raises(AnswererUnavailable, match="nothing answers") as raised:
        choose(server, "ollama")
    assert "--answerer extractive" in raised.value.hint


def test_something_else_on_the_port() -> None:
    """A server that is none of models is no reason to fail."""
    with FakeOpenAI() as server:
        chosen = Answerers(Settings(ollama_host=server.url)).choose()
    assert chosen.label == "extractive"
    assert chosen.remarks


def test_quotes_look_for_no_server() -> None:
    """The extractive answerer asks nobody."""
    with FakeOllama() as server:
        assert choose(server, "extractive") == Chosen(label="extractive")
        assert server.requests == []


def test_a_server_is_asked_once_for_many_questions() -> None:
    """What it has is remembered for a while, and the same writer is used again."""
    with FakeOllama() as server:
        answerers = Answerers(Settings(ollama_host=server.url))
        first = answerers.choose()
        asked = len(server.requests)
        second = answerers.choose()
        assert len(server.requests) == asked
        assert first.writer is second.writer
        server.stop()
        assert answerers.choose().label == "extractive"
        server.start()
        assert answerers.choose().label == first.label


def test_by_name_the_server_is_asked_each_time() -> None:
    """A model that was just pulled can be named at once."""
    with FakeOllama() as server:
        answerers = Answerers(Settings(ollama_host=server.url))
        answerers.choose()
        server.models[LLAMA.name] = LLAMA
        assert answerers.choose("ollama:llama3.2").label == "ollama:llama3.2:latest"


def test_a_server_of_openais_kind() -> None:
    """Its models are named as it names them, and a wrong key is told."""
    with FakeOpenAI(key="k") as server:
        assert choose(server, llm_key="k").label == "openai:gemma4:e4b"
        refused = choose(server, llm_key="wrong")
    assert refused.label == "extractive"
    assert "KUTIP_LLM_KEY" in " ".join(refused.remarks)

"""Which of a server's language models answers, and what is said when it is not the wanted one."""

from __future__ import annotations

from typing import Any

import pytest

from rag.answer.model.choice import choose, is_cloud
from rag.answer.model.server import inspect
from rag.errors import AnswererUnavailable
from rag.schema import LanguageModel, ModelServer
from tests.fakes import CLOUD, EMBEDDING, FakeModel, FakeOllama


def shelf(*names: str, kind: Any = "ollama", **known: LanguageModel) -> ModelServer:
    """A server with models of these names."""
    models = tuple(
        known.get(name) or LanguageModel(name=name, can=("completion",)) for name in names
    )
    return ModelServer(
        url="http://127.0.0.1:11434",
        kind=kind,
        where="this machine",
        version="0.35.2" if kind == "ollama" else None,
        models=models,
    )


AWAY = ModelServer(
    url="http://127.0.0.1:11434",
    kind="ollama",
    where="this machine",
    problems=('nothing answers at http://127.0.0.1:11434. Start it with "ollama serve".',),
)


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("wanted", ["llama3.2", "llama3.2:latest", "Llama3.2"])
def test_the_wanted_model_answers_where_it_is_there(wanted: str, by_name: bool) -> None:
    """A name without a tag means the latest, and nothing needs to be said."""
    server = shelf("gemma4:e4b", "llama3.2:latest")
    chosen, remark = choose(server, wanted=wanted, by_name=by_name)
    assert chosen is not None
    assert (chosen.name, remark) == ("llama3.2:latest", "")


def test_a_tag_is_part_of_the_name() -> None:
    """Another tag of the same model is another model, and stands in first."""
    server = shelf("aaa:1b", "gemma4:12b")
    with pytest.raises(AnswererUnavailable):
        choose(server, wanted="gemma4", by_name=True)
    chosen, remark = choose(server, wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert chosen.name == "gemma4:12b"
    assert "gemma4:12b" in remark
    assert "ollama pull gemma4:e4b" in remark


def test_a_model_asked_for_by_name_that_is_not_there() -> None:
    """An error with the command that gets it, though others are there."""
    with pytest.raises(AnswererUnavailable, match="qwen9:1b") as absent:
        choose(shelf("gemma4:e4b"), wanted="qwen9:1b", by_name=True)
    assert "ollama pull qwen9:1b" in absent.value.hint
    with pytest.raises(AnswererUnavailable, match="nothing answers") as away:
        choose(AWAY, wanted="qwen9:1b", by_name=True)
    assert "ollama serve" in away.value.hint


def test_another_model_stands_in_and_is_named() -> None:
    """The largest that most machines can hold; where none is, the smallest."""
    sized = {
        name: LanguageModel(name=name, size_bytes=size * 10**9, can=("completion",))
        for name, size in {"tiny": 1, "middle": 8, "large": 40, "huge": 80}.items()
    }
    chosen, _ = choose(shelf(*sized, **sized), wanted="gemma4:e4b", by_name=False)
    assert chosen == sized["middle"]
    chosen, _ = choose(shelf("huge", "large", **sized), wanted="gemma4:e4b", by_name=False)
    assert chosen == sized["large"]


def test_nothing_is_chosen_that_only_embeds_or_runs_elsewhere() -> None:
    """Neither by itself nor because it is the model of the settings."""
    known = {
        "vectors": LanguageModel(name="vectors", can=("embedding",)),
        "far": LanguageModel(name="far", can=("completion",), cloud=True),
    }
    server = shelf("vectors", "far", **known)
    for wanted in ("gemma4:e4b", "far", "vectors"):
        chosen, remark = choose(server, wanted=wanted, by_name=False)
        assert chosen is None
        assert f"ollama pull {wanted}" in remark
    with pytest.raises(AnswererUnavailable, match="cannot write"):
        choose(server, wanted="vectors", by_name=True)
    chosen, remark = choose(server, wanted="far", by_name=True)
    assert chosen == known["far"]
    assert "ollama.com" in remark


def test_a_server_that_is_away_offers_nothing() -> None:
    """What is said is what is wrong."""
    assert choose(AWAY, wanted="gemma4:e4b", by_name=False) == (None, AWAY.problems[0])


def test_the_models_of_another_kind_of_server() -> None:
    """Any that may write stands in; nobody is told to pull at a server that cannot."""
    server = shelf("Qwen3-8B", kind="openai")
    chosen, remark = choose(server, wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert chosen.name == "Qwen3-8B"
    assert "pull" not in remark
    with pytest.raises(AnswererUnavailable) as absent:
        choose(server, wanted="gemma4:e4b", by_name=True)
    assert "Qwen3-8B" in absent.value.hint


def test_a_model_that_states_nothing_is_given_the_chance() -> None:
    """What a server does not tell is not held against a model."""
    unknown = LanguageModel(name="own:1b")
    chosen, _ = choose(shelf("own:1b", **{"own:1b": unknown}), wanted="own:1b", by_name=True)
    assert chosen == unknown


@pytest.mark.usefixtures("no_host")
def test_from_the_look_at_a_server_to_the_choice() -> None:
    """Of what a real list holds, the one that can write and runs here is taken."""
    small = FakeModel(
        name="small:1b",
        size=10**9,
        context_length=4096,
        capabilities=("completion",),
        parameters="1B",
        family="small",
    )
    with FakeOllama(models=(EMBEDDING, CLOUD, small)) as server:
        chosen, remark = choose(inspect(server.url), wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert (chosen.name, chosen.context_tokens) == ("small:1b", 4096)
    assert "ollama pull gemma4:e4b" in remark


def test_which_names_run_elsewhere() -> None:
    """A tag that is or ends in "cloud", in any case; a name that begins so does not."""
    assert is_cloud("glm-4.6:cloud")
    assert is_cloud("gpt-oss:120b-Cloud")
    assert not is_cloud("cloud-llama:8b")
    assert not is_cloud("llama:cloud-8b")

"""What `kutip status` finds: the library, who answers and why, and the pace of one answer."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from huggingface_hub import constants

from rag import health, jsonform, listings, machine
from rag.engine import Engine
from rag.schema import Status
from rag.search.reader import open_reader, prove_reader
from rag.settings import Settings
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeOllama, HashEmbedder, Script
from tests.samples import STATUS

COUNTED = Script(text="one two three four five six", every=0.02)


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with room for every model of the double."""
    monkeypatch.setattr(machine, "memory_bytes", lambda: 64_000_000_000)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def checked(folder: Path, url: str, *, timed: bool = False, **settings: object) -> Status:
    """The status of an empty library whose model server is at `url`."""
    chosen = replace(Settings(data_dir=folder / "store", ollama_host=url), **settings)  # type: ignore[arg-type]
    with Engine(chosen, embedder=HashEmbedder()) as engine:
        return health.status(engine, timed=timed)


def test_the_model_that_answers_is_named_and_timed(tmp_path: Path) -> None:
    """With the model that is set: its server, where it runs, its context, and its pace."""
    with FakeOllama(COUNTED) as server:
        found = checked(tmp_path, server.url, timed=True)
        asked = server.chats[-1].body
    assert found.answerer == "ollama:gemma4:e4b"
    assert (found.model, found.model_reason) == ("gemma4:e4b", "")
    assert found.model_runs == "this machine"
    assert (found.model_context_tokens, found.context_tokens) == (131_072, 8_192)
    assert found.model_server is not None
    assert (found.model_server.version, found.model_server.url) == ("0.35.2", server.url)
    assert found.first_word_seconds is not None
    assert found.answer_seconds is not None
    assert 0 < found.first_word_seconds < found.answer_seconds < 10
    # Six words in six chunks, at least 0.1 s from the first to the last.
    assert found.tokens_per_second is not None
    assert 5 < found.tokens_per_second <= 50
    assert found.problems == ()
    # As for a real answer, or the model would be loaded twice.
    assert asked["options"]["num_ctx"] == 8_192
    assert asked["keep_alive"] == "30m"


def test_a_quick_status_asks_the_model_nothing(tmp_path: Path) -> None:
    """Without `timed` the model is named and no word is asked of it."""
    with FakeOllama(COUNTED) as server:
        found = checked(tmp_path, server.url)
        assert server.chats == []
    assert found.model == "gemma4:e4b"
    assert (found.first_word_seconds, found.answer_seconds) == (None, None)


def test_without_a_server_quotes_answer_and_it_is_no_fault(tmp_path: Path, nobody: str) -> None:
    """Nothing listens: that is known at once, and told as the reason, with what to do."""
    begun = time.monotonic()
    found = checked(tmp_path, nobody, timed=True)
    assert time.monotonic() - begun < 3
    assert (found.answerer, found.model, found.problems) == ("extractive", None, ())
    assert found.model_reason == f'nothing answers at {nobody}. See "kutip setup".'
    assert found.model_server is not None
    assert found.model_server.version is None


def test_a_model_asked_for_by_name_and_not_there_is_a_fault(tmp_path: Path, nobody: str) -> None:
    """Whoever names a model gets no other answerer, so that is a problem; nothing is raised."""
    away = checked(tmp_path, nobody, answerer="ollama:gemma4:e4b")
    assert away.answerer == "ollama:gemma4:e4b"
    assert len(away.problems) == 1
    assert f"nothing answers at {nobody}" in away.problems[0]
    with FakeOllama(models=(LLAMA,)) as server:
        absent = checked(tmp_path, server.url, answerer="ollama:gemma4:e4b", timed=True)
        assert server.chats == []
    assert absent.model is None
    assert any("gemma4:e4b" in problem for problem in absent.problems)


def test_another_model_in_its_place_is_said(tmp_path: Path) -> None:
    """The one that is set is missing: another chat model answers, and the reason says so."""
    with FakeOllama(models=(EMBEDDING, CLOUD, LLAMA)) as server:
        found = checked(tmp_path, server.url)
    assert found.answerer == "ollama:llama3.2:latest"
    assert "gemma4:e4b" in found.model_reason


def test_a_server_without_a_chat_model_leaves_the_quotes(tmp_path: Path) -> None:
    """A model that only embeds cannot answer."""
    with FakeOllama(models=(EMBEDDING,)) as server:
        found = checked(tmp_path, server.url, timed=True)
        assert server.chats == []
    assert (found.answerer, found.model) == ("extractive", None)
    assert found.model_reason


def test_quotes_by_choice_ask_no_server(tmp_path: Path) -> None:
    """With answerer=extractive no server is even looked for."""
    with FakeOllama() as server:
        found = checked(tmp_path, server.url, answerer="extractive", timed=True)
        assert server.requests == []
    assert (found.answerer, found.model_server) == ("extractive", None)


@pytest.mark.parametrize("answerer", ["openai:x", "nonsense"])
def test_a_setting_that_means_nothing_is_a_problem(tmp_path: Path, answerer: str) -> None:
    """Status tells of a wrong setting where asking would refuse."""
    found = checked(tmp_path, "http://127.0.0.1:1", answerer=answerer)
    assert any(answerer in problem for problem in found.problems)


def test_an_old_server_is_warned_of(tmp_path: Path) -> None:
    """What the server's inspection finds stands among the problems."""
    with FakeOllama(version="0.20.2") as server:
        found = checked(tmp_path, server.url)
    assert any("0.20.2" in problem for problem in found.problems)


def test_a_small_context_is_warned_of_and_used(tmp_path: Path) -> None:
    """A model that reads less than the setting is given what it can read."""
    with FakeOllama(COUNTED, models=(replace(GEMMA, context_length=4_096),)) as server:
        found = checked(tmp_path, server.url, timed=True)
        assert server.chats[-1].body["options"]["num_ctx"] == 4_096
    assert (found.model_context_tokens, found.context_tokens) == (4_096, 4_096)
    assert any("reads 4,096 tokens at most" in problem for problem in found.problems)


def test_too_little_memory_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """9.6 GB of model on a machine with 8 GB: smaller ones are named."""
    monkeypatch.setattr(machine, "memory_bytes", lambda: 8_000_000_000)
    monkeypatch.setattr(machine, "gpu_bytes", lambda: None)
    with FakeOllama() as server:
        found = checked(tmp_path, server.url)
    (problem,) = found.problems
    assert "wants 10.6 GB of memory and this machine has 8 GB" in problem
    assert problem.endswith("Smaller ones: qwen3:4b, qwen3:1.7b.")
    monkeypatch.setattr(machine, "gpu_bytes", lambda: 16_000_000_000)
    with FakeOllama() as server:
        assert checked(tmp_path, server.url).problems == ()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (Script(status=500), "gemma4:e4b failed on a short answer: "),
        (Script(text="one two", ending="die"), "gemma4:e4b failed on a short answer: "),
        (Script(text="", pieces=()), "gemma4:e4b failed on a short answer: "),
        (Script(first_after=30), "gemma4:e4b did not end a short answer within 1 seconds"),
    ],
)
def test_a_model_that_fails_is_a_problem_and_no_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Script, said: str
) -> None:
    """Refused, broken off, silent or late: status tells it and goes on."""
    monkeypatch.setattr(health, "_TRIAL_SECONDS", 1.0)
    with FakeOllama(script) as server:
        found = checked(tmp_path, server.url, timed=True)
    assert found.model == "gemma4:e4b"
    assert any(problem.startswith(said) for problem in found.problems), found.problems
    assert found.tokens_per_second is None


def test_an_answer_is_timed_where_a_loop_runs(tmp_path: Path) -> None:
    """In a notebook or a page's handler there is a running loop already."""

    async def within(url: str) -> Status:
        return checked(tmp_path, url, timed=True)

    with FakeOllama(COUNTED) as server:
        assert asyncio.run(within(server.url)).answer_seconds is not None


def test_low_disk_is_a_problem(
    tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a gigabyte, with the figure."""

    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 300_000_000))
    found = checked(tmp_path, nobody)
    assert found.disk_free_bytes == 300_000_000
    assert found.problems[0].startswith("Only 300 MB of disk is free where ")


def test_an_unused_multilingual_model_is_pointed_out(
    tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indonesian articles, the bundled model, and a better one in the cache: only then."""
    article = tmp_path / "banjir.txt"
    article.write_text(
        "Banjir Rendam Demak\n\nBanjir merendam dua belas desa di Kabupaten Demak sejak pagi. "
        "Warga mengungsi ke balai desa dan menunggu bantuan dari pemerintah.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    settings = Settings(data_dir=tmp_path / "store", ollama_host=nobody)
    with Engine(settings) as engine:
        assert [outcome.status for outcome in engine.add([str(article)])] == ["added"]
        assert engine.status().problems == ()
        cached_model(tmp_path / "hub", health.MULTILINGUAL)
        (problem,) = engine.status().problems
    assert problem.startswith("all-MiniLM-L6-v2 was made for English, 1 articles are Indonesian; ")


def cached_model(hub: Path, name: str) -> None:
    """A hub model in the cache, as far as can be seen without loading it."""
    folder = hub / f"models--{name.replace('/', '--')}"
    snapshot = folder / "snapshots" / ("0" * 40)
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text("0" * 40, encoding="ascii")
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text('{"hidden_size": 384}', encoding="ascii")
    (snapshot / "model.safetensors").write_bytes(b"w")


def test_a_reader_that_is_gone_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> None:
    """Every question would fail; where nothing reads, nothing is missing."""
    monkeypatch.setattr(
        health, "prove_reader", partial(prove_reader, tmp_path / "reader.safetensors")
    )
    settings = Settings(data_dir=tmp_path / "store", ollama_host=nobody)
    with Engine(settings, embedder=HashEmbedder(), reader=open_reader()) as engine:
        [problem] = [line for line in engine.status().problems if "reader.safetensors" in line]
        assert problem.endswith("Install Kutip again.")
    with Engine(settings, embedder=HashEmbedder()) as engine:
        assert not any("reader.safetensors" in line for line in engine.status().problems)


def test_the_lines_of_a_status_tell_who_answers(tmp_path: Path) -> None:
    """Server, model, place, context and pace stand in the block; a model's name is made safe."""
    with FakeOllama(COUNTED) as server:
        found = checked(tmp_path, server.url, timed=True)
    found = replace(
        found,
        first_word_seconds=0.41,
        answer_seconds=2.04,
        tokens_per_second=7.52,
        model="m\x1b[2J",
    )
    lines = listings.status_lines(found)
    assert "answerer    ollama:gemma4:e4b" in lines
    assert f"server      Ollama 0.35.2 at {server.url}, this machine" in lines
    model = "model       m, on this machine, 8,192 tokens of context; it can read 131,072"
    assert model in lines
    pace = "one answer  first word after 0.4 s, all of it in 2.0 s, 7.5 tokens a second"
    assert pace in lines


def test_the_lines_without_a_server_say_what_to_do(tmp_path: Path, nobody: str) -> None:
    """Quotes answer, because nothing answers there."""
    lines = listings.status_lines(checked(tmp_path, nobody))
    reason = f'nothing answers at {nobody}. See "kutip setup"'
    assert f"answerer    extractive ({reason})" in lines
    assert f"server      none at {nobody}" in lines
    assert not any(line.startswith(("model ", "one answer")) for line in lines)


def test_the_json_of_a_status_holds_the_server(tmp_path: Path) -> None:
    """Records inside the record are objects, and every field is there."""
    with FakeOllama(models=(GEMMA, EMBEDDING)) as server:
        found = checked(tmp_path, server.url)
    value = json.loads(jsonform.dumps(jsonform.status_object(found)))
    assert value.keys() == asdict(STATUS).keys()
    assert value["model_server"]["version"] == "0.35.2"
    assert [m["name"] for m in value["model_server"]["models"]] == [
        "gemma4:e4b",
        "nomic-embed-text:latest",
    ]

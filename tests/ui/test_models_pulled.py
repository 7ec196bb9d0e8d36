"""Getting a model from the page: what is offered, how far it has come, how it ends."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from rag import machine
from rag.errors import AnswererUnavailable, ServerError
from rag.schema import LanguageModel, Progress
from rag.settings import Settings
from tests.fakes import LLAMA, FakeOllama
from tests.ui import model_desk
from tests.ui.model_desk import SEEN, engine_in
from ui import model_bar, models, pulls
from ui.desk import Desk, Reader, ReadOnly
from ui.models import AUTO, Looker
from ui.pulls import Pull, Puller

desk = model_desk.desk


def _ended(puller: Puller) -> Pull:
    """The download, when it is over."""
    until = time.monotonic() + 10
    while puller.running:
        assert time.monotonic() < until, "the download goes on"
        time.sleep(0.01)
    assert puller.now is not None
    return puller.now


def _come(puller: Puller, done: int) -> Pull:
    """The download, when so many bytes have come."""
    until = time.monotonic() + 10
    while (now := puller.now) is None or now.progress is None or now.progress.done < done:
        assert time.monotonic() < until, "nothing comes"
        time.sleep(0.01)
    return now


# Getting a model -----------------------------------------------------------------------------


def test_suggestions_fit_the_machine() -> None:
    """What fits is offered with its size and why, in the reader's language, unless it is there."""
    settings = Settings()
    told = pulls.suggestions(SEEN, settings, 8_000_000_000, "en")
    assert told == [
        ("qwen3:4b · 2.5 GB · for 8 GB of memory; knows both languages", "qwen3:4b"),
        (
            "qwen3:1.7b · 1.4 GB · for 4 GB of memory; its Indonesian is plain and it errs more",
            "qwen3:1.7b",
        ),
    ]
    there = LanguageModel(name="qwen3:4b")
    left = pulls.suggestions(replace(SEEN, models=(there,)), settings, 8_000_000_000, "id")
    assert [name for _, name in left] == ["qwen3:1.7b"]
    assert left[0][0].startswith("qwen3:1.7b · 1,4 GB · untuk memori 4 GB")
    assert "2 GB" in pulls.about_html(SEEN, 2_000_000_000, "en")


def test_every_suggestion_speaks_indonesian() -> None:
    """No suggestion is left in English for an Indonesian reader."""
    english = {each.name: each.why for each in machine.suggest(1 << 50)}
    for told, name in pulls.suggestions(SEEN, Settings(), 1 << 40, "id"):
        assert english[name] not in told


def test_a_model_is_loaded(tmp_path: Path) -> None:
    """Its bytes are counted as they come, and then it is there and answers."""
    with (
        FakeOllama(models=[]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        server.pull_every = 0.05
        puller = Puller(engine)
        assert pulls.start(Desk(engine), puller, " llama3.2 ", "en") == ""
        assert pulls.start(Desk(engine), puller, "gemma4:e4b", "en") == (
            "llama3.2 is being downloaded. Wait for it, or stop it first."
        )
        now = _come(puller, LLAMA.size // 4)
        assert now.progress is not None
        html = pulls.pull_html(now, "en")
        total = LLAMA.size - 11_839  # of the layers that are known so far
        assert now.progress.total == total
        assert f'value="{min(99, 100 * now.progress.done // total)}"' in html
        assert " of 2 GB" in html
        assert _ended(puller) == Pull(model="llama3.2", state="done")
        seen = Looker(engine).look(not_older=0)
        assert models.model_at(seen, "model:llama3.2") is not None
        assert seen.auto == "llama3.2:latest"
    assert "is there, and answers" in pulls.pull_html(puller.now, "en", chosen=True)


def test_a_download_is_stopped(tmp_path: Path) -> None:
    """Stop ends it at once for the page, and Ollama sees that nobody waits any more."""
    with (
        FakeOllama(models=[]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        server.pull_every = 0.1
        puller, desk = Puller(engine), Desk(engine)
        pulls.start(desk, puller, "llama3.2", "en")
        _come(puller, 1)
        pulls.stop(desk, puller, "en")
        assert puller.now is not None
        assert puller.now.state == "stopped"
        assert server.pulling[0].gone.wait(5)
        assert puller.now.state == "stopped"
        assert "goes on from there" in pulls.pull_html(puller.now, "en")
        assert "llama3.2:latest" not in server.models


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (None, "There is no such model"),
        ([{"error": "write /x: no space left on device"}], "Make room on the disk"),
        ([{"status": "pulling manifest"}], "ended before it was complete"),
    ],
)
def test_a_download_that_fails(
    tmp_path: Path, lines: list[dict[str, str]] | None, said: str
) -> None:
    """An unknown model, a full disk and a break-off are told in words, and another may begin."""
    with (
        FakeOllama(models=[], pulls=lines) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        puller = Puller(engine)
        assert pulls.start(Desk(engine), puller, "nope:7b", "en") == ""
        ended = _ended(puller)
        assert ended.state == "failed"
        assert said in pulls.pull_html(ended, "en")
        server.pulls = None
        assert pulls.start(Desk(engine), puller, "llama3.2", "en") == ""
        assert _ended(puller).state == "done"


def test_a_download_from_nobody(desk: Desk) -> None:
    """Without a server it fails with what to do, not with a traceback."""
    puller = Puller(desk.engine)
    pulls.start(desk, puller, "llama3.2", "en")
    ended = _ended(puller)
    assert isinstance(ended.problem, ServerError)
    assert 'role="alert"' in pulls.pull_html(ended, "en")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Name a model"),
        ("  ", "Name a model"),
        ("gemma4 e4b", "no name of a model"),
        ("http://evil.example/x", "no name of a model"),
        ("../x", "no name of a model"),
        ("a" * 201, "no name of a model"),
        ("<b>x</b>", "no name of a model"),
        ("gpt-oss:120b-cloud", "ollama.com"),
        ("GLM-4.6:Cloud", "ollama.com"),
    ],
)
def test_what_is_not_loaded(desk: Desk, name: str, said: str) -> None:
    """What is no name, or would run in the cloud, is refused in words before anybody is asked."""
    puller = Puller(desk.engine)
    assert said in pulls.start(desk, puller, name, "en")
    assert puller.now is None


@pytest.mark.parametrize("name", ["gemma4", "qwen3:1.7b", "hf.co/a/b-GGUF:Q4_K_M", "me/x:latest"])
def test_what_is_a_name(tmp_path: Path, name: str) -> None:
    """Names with a person, a host or a tag are taken."""
    with (
        FakeOllama(models=[]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        puller = Puller(engine)
        assert pulls.start(Desk(engine), puller, name, "en") == ""
        _ended(puller)
        assert server.pulling[0].prompt == name


def test_the_engine_pulls_nothing_from_the_cloud(desk: Desk) -> None:
    """The engine refuses it too, whoever asks."""
    with pytest.raises(AnswererUnavailable, match="leave this machine"):
        desk.engine.pull("gpt-oss:120b-cloud")


def test_a_read_only_page_pulls_nothing(tmp_path: Path) -> None:
    """It is refused in the handler, and the page does not offer it."""
    with (
        FakeOllama(models=[]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        desk = Desk(engine, read_only=True)
        puller = Puller(engine)
        with pytest.raises(ReadOnly):
            pulls.start(desk, puller, "llama3.2", "en")
        with pytest.raises(ReadOnly):
            pulls.stop(desk, puller, "en")
        view = model_bar.view_of(desk, Looker(engine).look(), AUTO, "en")
        assert not view.can_pull
        assert view.suggestions is None
        assert "ollama pull" in view.line
        assert server.pulling == []


@pytest.mark.parametrize(
    ("status", "reader", "said"),
    [
        ("pulling manifest", "en", "Asking for it …"),
        ("pulling 4c27e0f5b5ad", "id", "Mengunduh"),
        ("verifying sha256 digest", "en", "Checking what has come"),
        ("something new", "id", "something new"),
    ],
)
def test_what_ollama_is_doing(status: str, reader: Reader, said: str) -> None:
    """Its words are put into the reader's; one that is not known stays as it is."""
    progress = Progress(stage="loading", done=50, total=100, label=status)
    assert said in pulls.pull_html(Pull(model="m", progress=progress), reader)


def test_all_bytes_are_not_the_end() -> None:
    """A download whose bytes have all come is at 99 per cent until Ollama says that it is done."""
    progress = Progress(stage="loading", done=100, total=100, label="verifying sha256 digest")
    assert 'value="99"' in pulls.pull_html(Pull(model="m", progress=progress), "en")


@pytest.mark.parametrize(
    ("seconds", "said"), [(600.0, "about 10 min left"), (20.0, "less than a minute left")]
)
def test_how_long_it_takes(seconds: float, said: str) -> None:
    """What is left is told in minutes."""
    progress = Progress(stage="loading", done=50, total=100, label="pulling x")
    pull = Pull(model="m", progress=progress, seconds_left=seconds)
    assert said in pulls.pull_html(pull, "en")


def test_one_family_has_many_models() -> None:
    """Models of one name with different tags are different ones."""
    both = tuple(LanguageModel(name=name, can=("completion",)) for name in ("a:1", "a:2"))
    assert models.model_at(replace(SEEN, models=both), "model:a:2") == both[1]
    assert models.model_at(replace(SEEN, models=both), "model:a") is None

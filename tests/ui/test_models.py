"""Who answers and where, as far as a look at the model server tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import AnswererUnavailable, BadSetting
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeOllama, FakeOpenAI
from tests.ui import model_desk
from tests.ui.model_desk import engine_in, line_of
from ui import model_bar, models
from ui.desk import Desk
from ui.models import AUTO, QUOTES, Looker

desk = model_desk.desk


# What is seen --------------------------------------------------------------------------------


def test_what_a_server_has(tmp_path: Path) -> None:
    """Models that write are offered, those that only make vectors are not; the usual one leads."""
    with (
        FakeOllama(models=[LLAMA, EMBEDDING, GEMMA, CLOUD]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        seen = Looker(engine).look()
    assert (seen.answers, seen.here, seen.auto) == (True, True, "gemma4:e4b")
    assert models.choices(seen, AUTO, "en") == [
        ("Automatic (gemma4:e4b)", "auto"),
        ("Quotes only, no language model", "extractive"),
        ("llama3.2:latest · 2 GB · runs on this machine", "model:llama3.2:latest"),
        ("gemma4:e4b · 9.6 GB · runs on this machine", "model:gemma4:e4b"),
        ("gpt-oss:120b-cloud · in the cloud", "model:gpt-oss:120b-cloud"),
    ]
    assert line_of(seen) == "gemma4:e4b writes the answers, on this machine · 3 articles"
    cloud = line_of(seen, "model:gpt-oss:120b-cloud")
    assert "gpt-oss:120b-cloud writes the answers, in the cloud at ollama.com" in cloud
    assert "leave this machine" in cloud


@pytest.mark.parametrize(
    ("pick", "thinks"),
    [
        (AUTO, True),
        ("model:gemma4:e4b", True),
        ("model:llama3.2", False),
        (QUOTES, False),
        ("model:gone", False),
    ],
)
def test_who_can_think(tmp_path: Path, pick: str, thinks: bool) -> None:
    """Thinking first is offered for a model that states that it can, and for no other."""
    with (
        FakeOllama(models=[LLAMA, GEMMA]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        seen = Looker(engine).look()
    assert models.can_think(seen, pick) is thinks
    assert not models.can_think(None, pick)


def test_no_server_at_all(desk: Desk) -> None:
    """Without Ollama the line says that quotes answer, and in one line what to do."""
    seen = Looker(desk.engine).look()
    assert (seen.answers, seen.silent, seen.models, seen.auto) == (False, False, (), "")
    assert line_of(seen) == (
        "Quotes only, as there is no language model · 3 articles Ollama does not run here."
        " Start it with “ollama serve”, or install it from ollama.com."
    )
    assert "Ollama tidak berjalan di sini" in line_of(seen, reader="id")
    assert models.lacks(seen, AUTO)
    assert not models.lacks(seen, QUOTES)
    assert "Ollama" not in line_of(seen, QUOTES)


def test_something_else_listens_there(tmp_path: Path) -> None:
    """A server that is no Ollama is not said to be switched off."""
    with (
        FakeOpenAI() as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        seen = Looker(engine).look()
    assert seen.silent
    assert f"What runs at 127.0.0.1:{server.port} does not answer" in line_of(seen)


def test_an_openai_like_server(tmp_path: Path) -> None:
    """Its models are offered under the same name for the answerer; nothing can be pulled to it."""
    with (
        FakeOpenAI() as server,
        engine_in(tmp_path, llm_url=f"{server.url}/v1") as engine,
    ):
        desk = Desk(engine)
        seen = Looker(engine).look()
        assert seen.kind == "openai"
        assert seen.answers
        for _, pick in models.choices(seen, AUTO, "en")[2:]:
            chosen = engine.answerer(pick)
            assert chosen.label == f"openai:{pick.partition(':')[2]}"
        assert not model_bar.view_of(desk, seen, AUTO, "en").can_pull
        with pytest.raises(AnswererUnavailable, match="cannot be loaded from here"):
            engine.pull("gemma4:e4b")
        server.stop()
        gone = Looker(engine).look(not_older=0)
    assert "KUTIP_LLM_URL" in line_of(gone)


def test_what_the_settings_say_wrongly(tmp_path: Path) -> None:
    """An address that is none is said in words; the page stands all the same."""
    with engine_in(tmp_path, ollama_host="not a host") as engine:
        seen = Looker(engine).look()
        assert isinstance(seen.problem, BadSetting)
        view = model_bar.view_of(Desk(engine), seen, AUTO, "en")
    assert "The address of the model&#x27;s server is" in view.line
    assert not view.can_pull


def test_looking_again_sees_what_has_come(tmp_path: Path) -> None:
    """A model pulled elsewhere is found by the next look that is asked for, though the engine
    remembers what it saw."""
    with (
        FakeOllama(models=[]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        looker = Looker(engine)
        assert looker.look().auto == ""
        assert "Get one below" in line_of(looker.last)
        assert "“ollama pull gemma4:e4b”" in line_of(looker.last, can_pull=False)
        server.models["llama3.2:latest"] = LLAMA
        assert looker.look(not_older=60).auto == ""
        seen = looker.look(not_older=0)
    assert seen.auto == "llama3.2:latest"
    assert "gemma4:e4b is not there; this one answers in its place." in line_of(seen)


def test_many_pages_look_once(tmp_path: Path) -> None:
    """Pages that open together ask the server once."""
    with (
        FakeOllama(models=[GEMMA]) as server,
        engine_in(tmp_path, ollama_host=server.url) as engine,
    ):
        looker = Looker(engine)
        for _ in range(5):
            looker.look()
        asked = [path for _, path, _ in server.requests if path == "/api/tags"]
    assert len(asked) == 1


# The whole bar -------------------------------------------------------------------------------


def test_the_view_of_a_page(desk: Desk) -> None:
    """A page without a model polls for one, offers no download and names no article."""
    first = model_bar.view_of(desk, None, AUTO, "en")
    assert not first.poll
    view = model_bar.view_of(desk, Looker(desk.engine).look(), AUTO, "en")
    assert view.poll
    assert not view.can_pull
    assert "no articles yet" in view.line


def test_the_bar_publishes_nothing(desk: Desk) -> None:
    """None of its events is an API, and it can be built without asking any server."""
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as blocks:
        bar = model_bar.model_bar(desk, gr.I18n(en=model_bar.ALL_WORDS[0]["en"]))
    assert bar.answerer.value == AUTO
    assert blocks.fns
    assert {fn.api_visibility for fn in blocks.fns.values()} == {"private"}


def test_a_page_outlives_a_restart(desk: Desk) -> None:
    """What an open page had picked is taken by a server that has not looked yet.

    Gradio refused it as no choice, and no question could be asked until the page was reloaded.
    """
    import gradio as gr

    with gr.Blocks(analytics_enabled=False):
        bar = model_bar.model_bar(desk, gr.I18n(en=model_bar.ALL_WORDS[0]["en"]))
    assert bar.answerer.preprocess("model:qwen3:4b") == "model:qwen3:4b"
    assert bar.answerer.preprocess(None) == ""

"""Who answers and where, as the bar says it; getting a model, as far as it has come."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag import machine
from rag.engine import Engine
from rag.errors import AnswererUnavailable, BadSetting, ServerError
from rag.schema import LanguageModel, Progress
from rag.settings import Settings
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeOllama, FakeOpenAI, HashEmbedder
from ui import model_bar, models, pulls
from ui.desk import Desk, Reader, ReadOnly
from ui.models import AUTO, QUOTES, Looker, Seen
from ui.pulls import Pull, Puller

NOWHERE = "http://127.0.0.1:9"
HOSTILE = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with no model server."""
    with _engine(tmp_path, ollama_host=NOWHERE) as engine:
        yield Desk(engine)


def _engine(folder: Path, **settings: str) -> Engine:
    given = Settings(data_dir=folder / "store", **settings)  # type: ignore[arg-type]
    return Engine(given, embedder=HashEmbedder())


def _line(seen: Seen | None, pick: str = AUTO, reader: Reader = "en", **more: object) -> str:
    """The words of the bar, without its tags."""
    given = {"articles": 3, "can_pull": True} | more
    html = models.bar_html(seen, pick, reader, **given)  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html)).strip()


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


SEEN = Seen(
    kind="ollama",
    place="127.0.0.1:11434",
    here=True,
    answers=True,
    wanted="gemma4:e4b",
)


# What is seen --------------------------------------------------------------------------------


def test_what_a_server_has(tmp_path: Path) -> None:
    """Models that write are offered, those that only make vectors are not; the usual one leads."""
    with (
        FakeOllama(models=[LLAMA, EMBEDDING, GEMMA, CLOUD]) as server,
        _engine(tmp_path, ollama_host=server.url) as engine,
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
    assert _line(seen) == "gemma4:e4b writes the answers, on this machine · 3 articles"
    cloud = _line(seen, "model:gpt-oss:120b-cloud")
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
        _engine(tmp_path, ollama_host=server.url) as engine,
    ):
        seen = Looker(engine).look()
    assert models.can_think(seen, pick) is thinks
    assert not models.can_think(None, pick)


def test_no_server_at_all(desk: Desk) -> None:
    """Without Ollama the line says that quotes answer, and in one line what to do."""
    seen = Looker(desk.engine).look()
    assert (seen.answers, seen.silent, seen.models, seen.auto) == (False, False, (), "")
    assert _line(seen) == (
        "Quotes only, as there is no language model · 3 articles Ollama does not run here."
        " Start it with “ollama serve”, or install it from ollama.com."
    )
    assert "Ollama tidak berjalan di sini" in _line(seen, reader="id")
    assert models.lacks(seen, AUTO)
    assert not models.lacks(seen, QUOTES)
    assert "Ollama" not in _line(seen, QUOTES)


def test_something_else_listens_there(tmp_path: Path) -> None:
    """A server that is no Ollama is not said to be switched off."""
    with (
        FakeOpenAI() as server,
        _engine(tmp_path, ollama_host=server.url) as engine,
    ):
        seen = Looker(engine).look()
    assert seen.silent
    assert f"What runs at 127.0.0.1:{server.port} does not answer" in _line(seen)


def test_an_openai_like_server(tmp_path: Path) -> None:
    """Its models are offered under the same name for the answerer; nothing can be pulled to it."""
    with (
        FakeOpenAI() as server,
        _engine(tmp_path, llm_url=f"{server.url}/v1") as engine,
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
    assert "KUTIP_LLM_URL" in _line(gone)


def test_what_the_settings_say_wrongly(tmp_path: Path) -> None:
    """An address that is none is said in words; the page stands all the same."""
    with _engine(tmp_path, ollama_host="not a host") as engine:
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
        _engine(tmp_path, ollama_host=server.url) as engine,
    ):
        looker = Looker(engine)
        assert looker.look().auto == ""
        assert "Get one below" in _line(looker.last)
        assert "“ollama pull gemma4:e4b”" in _line(looker.last, can_pull=False)
        server.models["llama3.2:latest"] = LLAMA
        assert looker.look(not_older=60).auto == ""
        seen = looker.look(not_older=0)
    assert seen.auto == "llama3.2:latest"
    assert "gemma4:e4b is not there; this one answers in its place." in _line(seen)


def test_many_pages_look_once(tmp_path: Path) -> None:
    """Pages that open together ask the server once."""
    with (
        FakeOllama(models=[GEMMA]) as server,
        _engine(tmp_path, ollama_host=server.url) as engine,
    ):
        looker = Looker(engine)
        for _ in range(5):
            looker.look()
        asked = [path for _, path, _ in server.requests if path == "/api/tags"]
    assert len(asked) == 1


# What is said --------------------------------------------------------------------------------


def test_before_the_first_look() -> None:
    """Until something was seen the line says that it looks, and both sure choices are there."""
    assert _line(None, articles=None) == "Looking for a model …"
    assert [value for _, value in models.choices(None, AUTO, "id")] == [AUTO, QUOTES]


@pytest.mark.parametrize(
    ("articles", "reader", "said"),
    [
        (0, "en", "no articles yet"),
        (1, "en", "1 article"),
        (12_345, "en", "12,345 articles"),
        (0, "id", "belum ada artikel"),
        (1, "id", "1 artikel"),
        (12_345, "id", "12.345 artikel"),
    ],
)
def test_how_many_articles(articles: int, reader: Reader, said: str) -> None:
    """The number is written as the reader's language writes it."""
    assert _line(SEEN, QUOTES, reader, articles=articles).endswith(f"· {said}")


def test_another_host_is_named() -> None:
    """A model elsewhere is shown with the address, and that passages go there."""
    model = LanguageModel(name="m:1", can=("completion",))
    seen = replace(SEEN, here=False, place="10.0.0.7:11434", models=(model,), auto="m:1")
    html = models.bar_html(seen, AUTO, "en", articles=3, can_pull=True)
    assert "mod-elsewhere" in html
    assert "on another host: 10.0.0.7:11434" in html
    assert "go to that host" in html
    down = replace(seen, answers=False, models=(), auto="")
    assert "Ollama does not answer at 10.0.0.7:11434" in _line(down)


def test_what_was_picked_and_is_gone() -> None:
    """It stays picked and is said to be gone: another model never takes its place unseen."""
    found = models.choices(SEEN, "model:gone:7b", "en")
    assert found[-1] == ("gone:7b · not there", "model:gone:7b")
    assert _line(SEEN, "model:gone:7b").startswith("gone:7b cannot be had")
    assert models.lacks(SEEN, "model:gone:7b")


def test_a_name_without_its_tag() -> None:
    """A model picked without a tag is the latest: its choice is not offered twice."""
    latest = LanguageModel(name="llama3.2:latest", can=("completion",))
    seen = replace(SEEN, models=(latest,))
    assert [value for _, value in models.choices(seen, "model:llama3.2", "en")] == [
        AUTO,
        QUOTES,
        "model:llama3.2",
    ]
    assert models.model_at(seen, "model:llama3.2") == latest


@pytest.mark.parametrize(
    ("settings", "pick"),
    [
        (Settings(), "auto"),
        (Settings(answerer="extractive"), "extractive"),
        (Settings(answerer="ollama"), "model:gemma4:e4b"),
        (Settings(answerer="openai:m", llm_url="http://127.0.0.1:1/v1"), "model:m"),
        (Settings(answerer="ollama:m", llm_url="http://127.0.0.1:1/v1"), "ollama:m"),
    ],
)
def test_where_the_picker_starts(settings: Settings, pick: str) -> None:
    """It starts at what the settings ask for."""
    assert models.first_pick(settings) == pick


@pytest.mark.parametrize("reader", ["en", "id"])
def test_names_stay_text(reader: Reader) -> None:
    """A model or a place with a hostile name puts no tag into the page."""
    model = LanguageModel(name=HOSTILE, can=("completion",))
    for here, cloud in ((True, False), (False, False), (False, True)):
        bad = replace(model, cloud=cloud)
        seen = replace(SEEN, here=here, place=HOSTILE, wanted=HOSTILE, models=(bad,), auto=HOSTILE)
        for pick in (AUTO, f"model:{HOSTILE}", "model:<b>", f"ollama:{HOSTILE}"):
            for shown in (seen, replace(seen, answers=False, models=(), auto=""), None):
                html = models.bar_html(
                    shown, pick, reader, articles=1, can_pull=False, trouble=HOSTILE
                )
                assert "<img" not in html
                assert "<b>" not in html
    loading = Progress(stage="loading", done=1, total=2, label=HOSTILE)
    for pull in (
        Pull(model=HOSTILE, progress=loading),
        Pull(model=HOSTILE, state="failed", problem=ServerError(HOSTILE, hint=HOSTILE)),
        Pull(model=HOSTILE, state="stopped"),
        Pull(model=HOSTILE, state="done"),
    ):
        assert "<img" not in pulls.pull_html(pull, reader, refused=HOSTILE)


def test_both_languages_have_every_word() -> None:
    """Indonesian and English have the same words, with the same blanks to fill."""
    for words in model_bar.ALL_WORDS:
        assert words["en"].keys() == words["id"].keys()
        for key, text in words["en"].items():
            blanks = re.findall(r"{\w+}", text)
            assert sorted(re.findall(r"{\w+}", words["id"][key])) == sorted(blanks), key


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
        _engine(tmp_path, ollama_host=server.url) as engine,
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
        _engine(tmp_path, ollama_host=server.url) as engine,
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
        _engine(tmp_path, ollama_host=server.url) as engine,
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
        _engine(tmp_path, ollama_host=server.url) as engine,
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
        _engine(tmp_path, ollama_host=server.url) as engine,
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

"""The typed API: the same answers as the command line's, and errors in words."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.engine import Engine
from rag.errors import BadSetting
from rag.schema import Filters
from rag.settings import Settings
from tests.fakes import GEMMA, FakeOllama, HashEmbedder, quoting
from tests.newsroom import ARTICLES, LATE, WHO, Newsroom
from ui import api
from ui.desk import Desk

Body = dict[str, Any]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Two articles."""
    return Newsroom.of(tmp_path_factory.mktemp("api"), ARTICLES)


@contextmanager
def _served(desk: Desk) -> Iterator[str]:
    """A page with nothing but the API, at this address."""
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

    with gr.Blocks(analytics_enabled=False) as blocks:
        api.publish(desk)
    app = gr.mount_gradio_app(FastAPI(), blocks, path="", show_error=False)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(15)
        listener.close()


@pytest.fixture(scope="module")
def url(room: Newsroom) -> Iterator[str]:
    """The API over the two articles, without a language model."""
    with room.engine(ollama_host="http://127.0.0.1:9") as engine, _served(Desk(engine)) as at:
        yield at


FILTERS = ("since", "until", "publisher", "language")
NAMES = {"ask": ("question", "answerer", *FILTERS), "search": ("query", "k", *FILTERS)}


def _call(url: str, name: str, *data: object) -> tuple[str, Any]:
    """What a REST client gets: the last event of the call and its data."""
    import httpx

    named = dict(zip(NAMES[name], data, strict=False))
    with httpx.Client(base_url=f"{url}/gradio_api/call", trust_env=False, timeout=60) as client:
        begun = client.post(f"/v2/{name}", json=named)
        assert begun.status_code == 200, begun.text
        told = client.get(f"/{name}/{begun.json()['event_id']}").text
    lines = [line for line in told.splitlines() if line]
    return lines[-2].removeprefix("event: "), json.loads(lines[-1].removeprefix("data: "))


def _ask(url: str, *data: object) -> Body:
    event, answer = _call(url, "ask", *data)
    assert event == "complete", answer
    found: Body = answer[0]
    return found


def _error(url: str, name: str, *data: object) -> str:
    event, told = _call(url, name, *data)
    assert event == "error"
    return str(told["error"] if isinstance(told, dict) else told)


# Over the wire -------------------------------------------------------------------------------


def test_ask_answers_as_the_command_line_does(room: Newsroom, url: str) -> None:
    """`/ask` gives the object that `kutip ask --json` prints."""
    got = _ask(url, WHO, "extractive")
    printed = room.ask(WHO, "--answerer", "extractive", server="http://127.0.0.1:9")
    for body in (got, printed):
        del body["seconds"]
    assert got == printed
    assert [citation["quote"] for citation in got["citations"]] == [LATE]


def test_search_gives_passages_the_best_first(url: str) -> None:
    """`/search` gives at most k passages with what is known of their articles."""
    event, (hits,) = _call(url, "search", "gates opened too late", 1)
    assert event == "complete"
    assert [hit["rank"] for hit in hits] == [1]
    assert LATE in hits[0]["text"]
    assert hits[0]["title"] == "Flood kills 12 in Lower Aven"
    _, (more,) = _call(url, "search", "gates opened, harga pupuk")
    assert [hit["rank"] for hit in more] == [1, 2]


def test_filters_hold(url: str) -> None:
    """Only articles that pass the filters are looked at."""
    _, (hits,) = _call(url, "search", "pupuk gates", 10, "", "", "", "id")
    assert hits
    assert all("Ratna" in hit["text"] for hit in hits)
    _, (none,) = _call(url, "search", "pupuk gates", 10, "", "", "Nobody's Gazette", "")
    assert none == []


def test_a_client_of_gradio(url: str) -> None:
    """`gradio_client` calls both by name, with their arguments by name."""
    from gradio_client import Client

    client = Client(url, verbose=False)
    answer = client.predict(question=WHO, answerer="extractive", api_name="/ask")
    assert answer["answered"] is True
    hits = client.predict(query="gates", k=2, api_name="/search")
    assert hits[0]["rank"] == 1


def test_both_are_described(url: str) -> None:
    """The schema has these two and no other, each with what its arguments mean."""
    import httpx

    told = httpx.get(f"{url}/gradio_api/info", trust_env=False).json()["named_endpoints"]
    assert set(told) == {"/ask", "/search"}
    for name, parameters in NAMES.items():
        named = tuple(p["parameter_name"] for p in told[f"/{name}"]["parameters"])
        assert named == parameters
    assert "verbatim quotes" in told["/ask"]["description"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("ask", ["", "extractive"], "the question is empty"),
        ("ask", [None, "extractive"], "the question is empty"),
        ("ask", ["x" * 2_001, "extractive"], "the question has 2,001 characters"),
        ("ask", [{"a": 1}], "question is no text"),
        ("ask", [WHO, "gpt"], "there is no answerer 'gpt'"),
        ("ask", [WHO, "model:gone"], "gone cannot be had"),
        ("ask", [WHO, "extractive", "soon"], "since is 'soon'"),
        ("ask", [WHO, "extractive", "2024-08-02", "2024-08-01"], "later than until"),
        ("ask", [WHO, "extractive", "", "", "", "Indonesian"], "two-letter code"),
        ("search", ["gates", 0], "k is no such number"),
        ("search", ["gates", 101], "k is no such number"),
        ("search", ["gates", "many"], "k is no such number"),
        ("search", ["...", 3], "the question holds no word"),
        ("search", ["gates", 3, "", "", "p" * 201], "publisher has 201 characters"),
    ],
)
def test_errors_are_words(url: str, name: str, data: list[object], said: str) -> None:
    """What a caller did wrong comes back as an error event that says what and what next."""
    assert said in _error(url, name, *data)


def test_a_fault_tells_nothing_of_the_machine(room: Newsroom) -> None:
    """Of an exception that nobody foresaw a caller learns its kind and not its text."""

    class Broken(Engine):
        """An engine with a fault."""

        def search(self, *_: object, **__: object) -> Any:
            raise RuntimeError("/home/someone/secret")

    engine = Broken(Settings(data_dir=room.folder), embedder=HashEmbedder())
    with engine, _served(Desk(engine)) as at:
        said = _error(at, "search", "gates")
    assert said == "This is a fault in Kutip (RuntimeError)."


def test_a_model_answers(room: Newsroom) -> None:
    """With a model on hand it writes, or another is named; a read-only page answers too."""
    with (
        FakeOllama(quoting, models=[GEMMA]) as server,
        room.engine(ollama_host=server.url) as engine,
        _served(Desk(engine, read_only=True)) as at,
    ):
        answers = [_ask(at, WHO), _ask(at, WHO, "model:gemma4:e4b"), _ask(at, WHO, "extractive")]
    assert [answer["answerer"] for answer in answers] == [
        *("ollama:gemma4:e4b", "ollama:gemma4:e4b", "extractive")
    ]
    assert answers[0]["text"].startswith(answers[0]["citations"][0]["quote"])


def test_auto_is_what_the_settings_say(room: Newsroom) -> None:
    """Where the settings ask for quotes, a caller who names nobody gets quotes."""
    with (
        FakeOllama(quoting, models=[GEMMA]) as server,
        room.engine(ollama_host=server.url, answerer="extractive") as engine,
        _served(Desk(engine)) as at,
    ):
        assert _ask(at, WHO)["answerer"] == "extractive"
        assert server.chats == []


# By itself -----------------------------------------------------------------------------------


def test_filters_of() -> None:
    """What is empty filters nothing; a day may be written out."""
    assert api.filters_of("", None, " ", "") is None
    assert api.filters_of("2024-08-01", "21 Agustus 2024", "ANTARA", "ID") == Filters(
        since=date(2024, 8, 1), until=date(2024, 8, 21), publisher="ANTARA", language="id"
    )


def test_a_lone_surrogate_is_read() -> None:
    """Half a character, which JSON can carry, is put right and not passed on."""
    assert api.text_of("a\ud800b", "question") == "a?b"


@pytest.mark.parametrize("value", [1, 2.5, True, ["a"], {"a": "b"}])
def test_another_type_is_refused(value: object) -> None:
    """Nothing but a text is taken for one."""
    with pytest.raises(BadSetting, match="publisher is no text"):
        api.filters_of("", "", value, "")


def test_nothing_else_is_published(tmp_path: Path) -> None:
    """The two endpoints have bounds of their own on how many run at once."""
    import gradio as gr

    engine = Engine(Settings(data_dir=tmp_path), embedder=HashEmbedder())
    with engine, gr.Blocks(analytics_enabled=False) as blocks:
        api.publish(Desk(engine))
    limits = {fn.api_name: fn.concurrency_limit for fn in blocks.fns.values()}
    assert limits == {"ask": 16, "search": 8}

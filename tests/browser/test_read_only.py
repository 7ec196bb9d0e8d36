"""A page that changes nothing: what it leaves out, and what it refuses when asked all the same."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from rag.engine import Engine
from rag.settings import Settings
from tests.browser import steps
from tests.browser.caller import Caller
from tests.browser.conftest import Opener, needs_chromium
from tests.browser.site import Site
from tests.fakes import FakeOllama, HashEmbedder, quoting
from tests.newsroom import LATE, WHO

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOllama]:
    """Ollama without a model, from which one could be had."""
    with FakeOllama(quoting, models=()) as running:
        yield running


@pytest.fixture(scope="module")
def site(server: FakeOllama, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A read-only page."""
    needs_chromium()
    folder = tmp_path_factory.mktemp("site")
    with Site(folder, server=server.url, options=["--read-only"]) as running:
        yield running


def library(site: Site) -> list[tuple[str, str, str | None, object]]:
    """What the library holds."""
    settings = Settings.load(environment={}, data_dir=site.folder)
    with Engine(settings, embedder=HashEmbedder()) as engine:
        return sorted(
            (e.article.article_id, e.article.metadata.title, e.article.metadata.publisher,
             e.article.metadata.published)
            for e in engine.entries()
        )  # fmt: skip


def test_it_is_for_reading(site: Site, opened: Opener) -> None:
    """One can ask and look; nothing is offered that would add, correct, delete, get or note."""
    from playwright.sync_api import expect

    page = opened(site)
    turn = steps.ask(page, WHO)
    assert steps.answer_of(turn) == LATE
    assert page.locator("[data-do=like], form.note").count() == 0
    expect(page.locator(".mod-get")).to_be_hidden()
    steps.to_library(page)
    page.locator("#lib-table [data-do=choose]").first.click()
    page.locator("#lib-about .lib-details").wait_for()
    for control in ("#lib-add", "#lib-files", "#lib-delete", "#lib-correct", "#lib-save"):
        expect(page.locator(control)).to_be_hidden()
    assert page.locator("#lib-about [data-do=restore]").count() == 0


def test_calls_are_refused(site: Site, server: FakeOllama, opened: Opener) -> None:
    """Whoever calls what the page hides changes nothing: no article, note, model, conversation."""
    page = opened(site)
    steps.ask(page, WHO)
    conversation = _conversation(page)
    before = library(site)
    article = before[0][0]
    caller = Caller(site.url)
    caller.call(
        caller.event("choose", elem_id="lib-table"), [], {"article": article, "do": "choose"}
    )
    texts = ["A forged text that somebody put in.", "Forged", "Forger", "2020-01-01"]
    refusals = [
        caller.call(caller.event("click", elem_id="lib-yes"), []),
        caller.call(caller.event("click", elem_id="lib-save"), [None, "Forged", "Forger", ""]),
        caller.call(caller.event("click", elem_id="lib-take"), texts),
        caller.call(caller.event("click", elem_id="lib-fetch"), [f"{server.url}/page"]),
        caller.call(
            caller.event("restore", elem_id="lib-about"), [], {"article": article, "line": "*"}
        ),
        caller.call(caller.event("submit", elem_class="mod-name"), ["llama3.2"]),
    ]
    for came in refusals:
        assert "read-only" in came, came
    # These say it in a message beside the page, which this caller does not listen to.
    caller.call(caller.event("forget", elem_id="earlier"), [""], {"id": conversation})
    caller.call(
        caller.event("like", elem_id="live"), [conversation], {"turn": "0", "liked": "true"}
    )
    assert library(site) == before
    assert server.pulling == []
    assert not (site.folder / "feedback.jsonl").exists()
    page.reload()
    steps.ready(page)
    assert steps.answer_of(page.locator("#turn-0")) == LATE


def _conversation(page: Page) -> str:
    """The id of the conversation that a page shows."""
    page.wait_for_function("new URL(location.href).searchParams.get('c')")
    found: str = page.evaluate("new URL(location.href).searchParams.get('c')")
    return found


def test_files_are_not_taken(site: Site) -> None:
    """An upload is refused before any of it is kept."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nA forged text.\r\n--x--\r\n"
    )
    request = urllib.request.Request(
        f"{site.url}/gradio_api/upload",
        data=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    assert caught.value.code == 403

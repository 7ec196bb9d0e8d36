"""Answers that a language model writes, and what the page does when it is slow, wrong or gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import steps
from tests.browser.conftest import Opener, needs_chromium
from tests.browser.site import Site
from tests.fake_script import Script
from tests.fakes import GEMMA, LLAMA, FakeOllama, inventing, quoting
from tests.newsroom import KILLED, KILLED_WHERE, LATE, WHO, saying

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOllama]:
    """Ollama, as far as Kutip can tell."""
    with FakeOllama(quoting) as running:
        yield running


@pytest.fixture(scope="module")
def site(server: FakeOllama, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page whose answers a model writes."""
    needs_chromium()
    with Site(tmp_path_factory.mktemp("site"), server=server.url) as running:
        yield running


@pytest.fixture
def ollama(server: FakeOllama) -> Iterator[FakeOllama]:
    """The same server with one model that behaves, and nothing asked of it yet."""
    server.start()
    server.script, server.pull_every, server.list_after = quoting, 0.0, 0.0
    server.models = {GEMMA.name: GEMMA}
    server.chats.clear()
    server.pulling.clear()
    yield server
    server.start()


def asked(page: Page, server: FakeOllama, question: str = WHO) -> Locator:
    """Ask, and wait until the model has the question."""
    before = len(server.chats)
    turn = steps.begin(page, question)
    for _ in range(400):
        if len(server.chats) > before:
            return turn
        page.wait_for_timeout(25)
    raise AssertionError("the model was never asked")


def stopped(page: Page) -> float:
    """Press Stop; the seconds until a question can be asked again."""
    seconds: float = page.evaluate(
        """async () => {
          const began = performance.now();
          document.querySelector('#stop').click();
          const there = () => {
            const send = document.querySelector('#send');
            return send && send.offsetParent !== null && !send.disabled
              && !document.querySelector('#question textarea').disabled;
          };
          while (!there() && performance.now() < began + 15000) {
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          return (performance.now() - began) / 1000;
        }"""
    )
    return seconds


def looked_again(page: Page) -> Locator:
    """The line at the head of the page, after another look for a model."""
    page.locator("button.mod-again").click()
    return page.locator(".mod-say")


def pick(page: Page, words: str) -> None:
    """Choose who answers."""
    page.locator("#answerer input").click()
    page.get_by_role("option").filter(has_text=words).first.click()


def test_an_answer_streams(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """Words are seen while the model still writes, and more a moment later."""
    ollama.script = saying(
        f"{LATE} [{{Odile}}] {KILLED} [{{Twelve}}] {LATE} [{{Odile}}]", every=0.08
    )
    page = opened(site)
    turn = steps.begin(page, WHO)
    answer = turn.locator(".answer")
    page.wait_for_function("document.querySelector('#live .answer')?.textContent.length > 10")
    first = answer.inner_text()
    state = turn.get_attribute("data-state")
    page.wait_for_function(
        "(length) => document.querySelector('#live .answer').textContent.length > length + 20",
        arg=len(first),
    )
    steps.ended(turn)
    assert state == "writing"
    assert len(steps.answer_of(turn)) > len(first) + 20
    assert steps.answer_of(turn).startswith(first[:10])
    assert turn.locator("a.cite").count() == 3
    assert turn.locator(".src mark").all_inner_texts() == [KILLED, LATE]


def test_sources_come_before_the_first_word(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """What was found is listed while the model has not said a word."""
    from playwright.sync_api import expect

    ollama.script = Script(first_after=60)
    page = opened(site)
    turn = asked(page, ollama)
    expect(turn.locator(".found li").first).to_contain_text("Flood kills 12 in Lower Aven")
    assert turn.locator(".answer").inner_text() == ""
    assert ollama.chats[-1].sent == 0
    stopped(page)


def test_an_invented_number_is_marked(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """A sentence that its source does not bear out says so in words, beside one that is fine."""
    from playwright.sync_api import expect

    ollama.script = inventing
    turn = steps.ask(opened(site), WHO)
    bad = turn.locator(".verdict.not_found, .verdict.conflict")
    expect(bad).to_have_count(1)
    expect(bad).to_be_visible()
    assert len(bad.inner_text().split()) > 3
    expect(turn.locator(".verdict.matches")).to_have_count(1)


def test_stop_before_the_first_word(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """Stop ends a wait within a second: the model is let go and the question is back."""
    from playwright.sync_api import expect

    ollama.script = Script(first_after=60)
    page = opened(site)
    took = []
    for _ in range(2):  # the faster one counts, as others use this machine as well
        asked(page, ollama)
        page.locator("#stop").wait_for()
        took.append(stopped(page))
        assert ollama.chats[-1].gone.wait(5)
        expect(page.locator("#question textarea")).to_have_value(WHO)
        page.wait_for_timeout(1_000)  # nobody asks again in the instant of stopping
    assert min(took) < 1.0, took
    ollama.script = quoting
    turn = steps.begin_in_place(page, WHO)
    expect(turn.locator("a.cite")).to_be_visible()


def test_stop_amid_words(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """Stop amid the words ends the model's work; what was said stays, and says it was stopped."""
    from playwright.sync_api import expect

    ollama.script = saying(f"{LATE} [{{Odile}}] {KILLED} [{{Twelve}}] ", every=0.1, endless=True)
    page = opened(site)
    turn = asked(page, ollama)
    expect(turn.locator(".answer")).to_contain_text("Odile")
    took = stopped(page)
    assert ollama.chats[-1].gone.wait(5)
    assert took < 3.0
    expect(turn).to_have_attribute("data-state", "stopped")
    expect(turn.locator(".state")).to_be_visible()
    said = steps.answer_of(turn)
    assert "Odile" in said
    page.reload()
    steps.ready(page)
    turn = page.locator("#turn-0")
    assert steps.answer_of(turn) == said
    expect(turn.locator(".notices li").first).to_be_visible()


def test_a_slow_model_keeps_nobody_else_waiting(
    site: Site, ollama: FakeOllama, opened: Opener
) -> None:
    """While a model is waited for, the library opens, and another browser is answered."""
    from playwright.sync_api import expect

    ollama.script = Script(first_after=120)
    page, other = opened(site), opened(site)
    pick(other, "Quotes only")
    turn = asked(page, ollama)
    expect(steps.to_library(page).locator("tbody tr")).to_have_count(2)
    second = steps.ask(other, KILLED_WHERE)
    assert steps.answer_of(second) == KILLED
    assert len(ollama.chats) == 1
    assert ollama.chats[0].gone_at is None
    steps.to_questions(page)
    expect(turn).not_to_have_attribute("data-state", steps.ENDED)
    stopped(page)


def test_a_closed_page_lets_the_model_go(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """A model does not write on for a page that is not there any more."""
    ollama.script = Script(first_after=120)
    page = opened(site)
    asked(page, ollama)
    page.close()
    assert ollama.chats[0].gone.wait(15)


@pytest.mark.parametrize("ending", ["die", "error_line", "no_done"])
def test_a_model_that_dies(site: Site, ollama: FakeOllama, opened: Opener, ending: str) -> None:
    """A model that fails amid its answer is told of in words, and the quotes are there."""
    from playwright.sync_api import expect

    ollama.script = saying(f"{LATE} [{{Odile}}] And then", ending=ending)
    page = opened(site)
    turn = steps.ask(page, WHO)
    expect(turn.locator(".notices li, .problem:visible").first).to_be_visible()
    expect(turn.locator("a.cite").first).to_be_visible()
    assert turn.locator(".src mark").all_inner_texts() == [LATE]
    ollama.script = quoting
    steps.ask(page, KILLED_WHERE)


def test_the_head_says_who_answers(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """The head names the model; or says that it is not there, or Ollama not, and what to do."""
    from playwright.sync_api import expect

    page = opened(site)
    line = page.locator(".mod-say")
    expect(line).to_contain_text(GEMMA.name)
    expect(line.locator(".mod-count")).to_contain_text("2")
    ollama.models.clear()
    expect(looked_again(page)).to_have_class("mod-say mod-none")
    empty = line.locator(".mod-note").inner_text()
    expect(page.locator(".mod-get")).to_be_visible()
    ollama.stop()
    looked_again(page)
    expect(line.locator(".mod-note")).not_to_have_text(empty)
    expect(line).to_have_class("mod-say mod-none")
    expect(line.locator(".mod-note")).to_contain_text("ollama serve")
    turn = steps.ask(page, WHO)  # quotes all the same
    assert steps.answer_of(turn) == LATE


def test_a_model_is_pulled_from_the_page(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """A download is shown as it comes, and its model answers when it is there."""
    from playwright.sync_api import expect

    ollama.models.clear()
    ollama.pull_every = 0.35
    page = opened(site)
    expect(looked_again(page)).to_have_class("mod-say mod-none")
    page.locator(".mod-get button").first.click()
    name = page.locator(".mod-name input, .mod-name textarea")
    name.fill("llama3.2")
    name.press("Enter")
    bar = page.locator("progress.mod-progress[value]")
    bar.wait_for()
    first = float(bar.get_attribute("value") or 0)
    page.wait_for_function(
        "(first) => { const bar = document.querySelector('progress.mod-progress');"
        " return bar && bar.value > first; }",
        arg=first,
    )
    expect(page.locator(".mod-end")).to_contain_text("llama3.2")
    expect(page.locator(".mod-say")).to_have_class("mod-say mod-model")
    turn = steps.ask(page, WHO)
    expect(turn.locator(".who")).to_contain_text("llama3.2")


def test_who_answers_can_be_picked(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """What is picked answers the next question, and the answer says who that was."""
    from playwright.sync_api import expect

    ollama.models[LLAMA.name] = LLAMA
    page = opened(site)
    looked_again(page)
    pick(page, LLAMA.name)
    expect(page.locator(".mod-say strong")).to_have_text(LLAMA.name)
    turn = steps.ask(page, WHO)
    assert ollama.chats[-1].body["model"] == LLAMA.name
    expect(turn.locator(".who")).to_contain_text(LLAMA.name)
    before = len(ollama.chats)
    pick(page, "Quotes only")
    assert steps.answer_of(steps.ask(page, KILLED_WHERE)) == KILLED
    assert len(ollama.chats) == before


def test_a_pick_stands_while_the_page_looks(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """What a look finds is not said of an answerer that was left while it looked."""
    from playwright.sync_api import expect

    page = opened(site)
    line = page.locator(".mod-say")
    expect(line).to_contain_text(GEMMA.name)
    ollama.models.clear()
    ollama.list_after = 1.5
    looked_again(page)
    pick(page, "Quotes only")
    expect(line).not_to_contain_text(GEMMA.name)
    quotes = line.inner_text()
    page.wait_for_timeout(4_000)  # the look has ended, and found no model
    assert line.inner_text() == quotes
    assert "mod-none" not in (line.get_attribute("class") or "")


def test_a_model_may_think_first(site: Site, ollama: FakeOllama, opened: Opener) -> None:
    """A model that is let think is seen to think, and its thoughts are no part of the answer."""
    ollama.script = saying(f"{LATE} [{{Odile}}]", thinking="Pondering a secret " * 8, every=0.1)
    page = opened(site)
    page.locator(".mod-think input").check()
    turn = asked(page, ollama)
    page.locator("#turn-0[data-state=thinking]").wait_for()
    began = time.monotonic()
    steps.ended(turn)
    assert time.monotonic() - began < 20
    assert ollama.chats[-1].body["think"] is True
    assert "secret" not in turn.inner_text()
    assert LATE in steps.answer_of(turn)

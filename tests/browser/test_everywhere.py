"""What holds on every machine: language, dark and light, a phone, the keyboard, a lost server."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.browser import looks, steps
from tests.browser.caller import Caller
from tests.browser.conftest import Opener
from tests.browser.site import Site
from tests.newsroom import KILLED, KILLED_WHERE, LATE, SIAPA, TALKS, WHO
from ui import app, cards, library_words, turn

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOWHERE_TOLD = "Who won the chess championship in Oslo?"
PHONE = {"width": 390, "height": 780}


def states(page: Page, seen: Callable[[str], None], *, question: str = WHO) -> None:
    """Bring the page from one state to the next, and tell each by its name."""
    page.locator(".welcome .example").first.wait_for()
    page.locator(".mod-say:not(.mod-looking)").wait_for()
    seen("welcome")
    answer = steps.ask(page, question)
    for fold in answer.locator("details > summary:visible").all():
        fold.click()
    answer.locator("[data-do=like]").first.click()
    answer.locator("form.note").wait_for()
    seen("answer")
    answer.locator(".src [data-do=article]").click()
    page.locator("dialog[open] mark").wait_for()
    seen("dialog")
    page.keyboard.press("Escape")
    steps.ask(page, NOWHERE_TOLD)
    seen("refusal")
    steps.to_library(page)
    page.locator("#lib-table [data-do=choose]").first.click()
    page.locator("#lib-about .lib-details").wait_for()
    page.locator("#lib-correct button").first.click()
    seen("library")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(site: Site, opened: Opener, scheme: str) -> None:
    """Every text that is seen has the contrast that WCAG AA asks for, in every state."""
    faint: list[str] = []
    page = opened(site, color_scheme=scheme)
    states(page, lambda name: faint.extend(f"{name}: {one}" for one in looks.too_faint(page)))
    assert not faint, "\n".join(faint)


def test_a_phone_in_indonesian(site: Site, opened: Opener) -> None:
    """At 390 pixels nothing is wider than the screen, in any state, and the words fit."""
    page = opened(site, viewport=PHONE, locale="id-ID", color_scheme="dark")
    wide: list[str] = []

    def look(name: str) -> None:
        if looks.is_too_wide(page):
            wide.append(name)

    states(page, look, question=SIAPA)
    assert not wide


def test_indonesian_words(site: Site, opened: Opener) -> None:
    """A browser that prefers Indonesian is spoken to in Indonesian, by page and server alike."""
    from playwright.sync_api import expect

    page = opened(site, locale="id-ID")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^id"))
    words = app.WORDS["id"]
    tabs = page.get_by_role("tab")
    expect(tabs.nth(0)).to_have_text(words["app_ask"])
    expect(tabs.nth(1)).to_have_text(words["app_library"])
    expect(page.locator("#send")).to_have_text(words["app_ask"])
    expect(page.locator(".welcome h2")).to_have_text(turn.WORDS["id"]["welcome_title"])
    answer = steps.ask(page, SIAPA)
    assert steps.answer_of(answer) == TALKS
    expect(answer.locator(".src [data-do=article]")).to_have_text(
        cards.WORDS["id"]["cards_in_article"]
    )
    refusal = steps.ask(page, "Siapa yang menang catur di Oslo?")
    expect(refusal.locator(".refused")).to_have_text(turn.WORDS["id"]["turn_refused"])
    steps.to_library(page)
    expect(page.locator("th.lib-col-publisher button")).to_contain_text(
        library_words.WORDS["id"]["library_publisher"]
    )
    expect(page.locator("#lib-close")).to_be_hidden()


def test_the_language_of_a_page_is_one(site: Site, opened: Opener) -> None:
    """A browser in another language than the two is spoken to in English throughout."""
    from playwright.sync_api import expect

    page = opened(site, locale="fr-FR")
    expect(page.locator("#send")).to_have_text(app.WORDS["en"]["app_ask"])
    expect(page.locator(".welcome h2")).to_have_text(turn.WORDS["en"]["welcome_title"])
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^en"))


def test_the_keyboard_is_seen(site: Site, opened: Opener) -> None:
    """Whatever the Tab key reaches looks different while it has the keyboard."""
    page = opened(site)
    steps.ask(page, WHO)
    reached, unseen = looks.unseen_focus(page)
    assert reached >= 12
    assert not unseen, "\n".join(unseen)


def test_first_paint(
    site: Site, opened: Opener, record_property: Callable[[str, object], None]
) -> None:
    """The page is there to be used soon; how soon is noted, as machines differ."""
    page = opened(site)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.reload()
    page.locator("#question textarea").wait_for()
    usable = page.evaluate("performance.now()")
    record_property("first paint, ms", round(paint))
    record_property("question box, ms", round(usable))
    assert paint < 20_000
    assert usable < 20_000


def test_a_reload_keeps_the_conversation(site: Site, opened: Opener) -> None:
    """After a reload the turns stand there as before, and their marks still lead to their cards."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.ask(page, WHO)
    steps.ask(page, KILLED_WHERE)
    page.reload()
    steps.ready(page)
    expect(page.locator(".turn .asked h2")).to_have_text([WHO, KILLED_WHERE])
    assert steps.answer_of(page.locator("#turn-0")) == LATE
    assert steps.answer_of(page.locator("#turn-1")) == KILLED
    page.locator("#turn-0 a.cite").click()
    assert steps.is_seen(page.locator("#src-0-1.lit mark"))


def test_ten_readers_at_once(site: Site, opened: Opener) -> None:
    """Ten that ask at the same time are all answered, each its own question.

    Two are browsers; the other eight send what a browser sends.
    """
    questions, quotes = [WHO, KILLED_WHERE] * 4, [LATE, KILLED] * 4
    callers = [Caller(site.url, session=f"reader{n}") for n in range(len(questions))]
    asks = callers[0].event("submit", elem_id="question")
    pages = [opened(site), opened(site)]
    with ThreadPoolExecutor(len(callers)) as pool:
        came = [
            pool.submit(caller.call, asks, ["", question, "extractive", False])
            for caller, question in zip(callers, questions, strict=True)
        ]
        turns = [steps.begin(pages[0], WHO), steps.begin(pages[1], KILLED_WHERE)]
        said = [steps.answer_of(steps.ended(turn, seconds=60)) for turn in turns]
    assert said == [LATE, KILLED]
    for stream, quote in zip(came, quotes, strict=True):
        # Within the quote, the words that answer are marked once more.
        plain = re.sub(r"<strong class=[^>]*>|</strong>", "", stream.result())
        last = plain.rpartition("process_completed")[0]
        assert f">{quote}</mark>" in plain, last[-500:]


def test_a_server_that_went_and_came_back(site: Site, opened: Opener) -> None:
    """A lost server is said; when it is back the page goes on by itself: the conversation is
    there, and what was being typed."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.ask(page, WHO)
    draft = "How many people were"
    page.locator("#question textarea").fill(draft)
    site.stop()
    try:
        banner = page.locator(".kutip-lost")
        expect(banner).to_be_visible(timeout=30_000)
        assert not looks.too_faint(page)
    finally:
        site.start()
    expect(banner).to_be_hidden(timeout=60_000)
    steps.ready(page)
    expect(page.locator("#question textarea")).to_have_value(draft)
    assert steps.answer_of(page.locator("#turn-0")) == LATE
    assert steps.answer_of(steps.ask(page, KILLED_WHERE)) == KILLED

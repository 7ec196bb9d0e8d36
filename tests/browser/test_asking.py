"""Asking, without a language model: the answer, its marks, and what can be done with both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import steps
from tests.browser.conftest import Opener, needs_chromium
from tests.browser.site import Site
from tests.newsroom import ARTICLES, CRACKS, INJECTED, KILLED, KILLED_WHERE, LATE, TENTS, WHO

if TYPE_CHECKING:
    from playwright.sync_api import Page

TENTS_ASKED = "How many tents did Mayor Tomas Brandt promise?"
BRIDGE = "When was the Kelso bridge closed?"
ELSEWHERE = "Who won the chess championship in Oslo?"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page over three articles."""
    needs_chromium()
    with Site(tmp_path_factory.mktemp("site"), articles=ARTICLES | INJECTED) as running:
        yield running


def test_a_click_on_a_mark_lights_its_card(site: Site, opened: Opener) -> None:
    """A mark brings its card into view, lit, with exactly the sentence behind it marked."""
    from playwright.sync_api import expect

    page = opened(site, viewport={"width": 1280, "height": 500})
    turn = steps.ask(page, WHO)
    assert steps.answer_of(turn) == LATE
    page.evaluate("scrollTo(0, 0)")
    turn.locator("a.cite").click()
    card = page.locator("#src-0-1")
    expect(card).to_have_class(re.compile(r"\blit\b"))
    assert steps.is_seen(card.locator("mark"))
    assert card.locator("mark").all_inner_texts() == [LATE]
    expect(card.locator(".title")).to_have_text("Flood kills 12 in Lower Aven")


def test_a_mark_is_followed_by_the_keyboard(site: Site, opened: Opener) -> None:
    """Tab reaches the mark and Enter follows it; the next Tab is inside the card."""
    page = opened(site)
    turn = steps.ask(page, WHO)
    turn.locator("[data-edit]").focus()
    page.keyboard.press("Tab")
    assert steps.has_focus(turn.locator("a.cite"))
    page.keyboard.press("Enter")
    card = page.locator("#src-0-1.lit")
    card.wait_for()
    assert steps.has_focus(card)
    page.keyboard.press("Tab")
    assert card.evaluate("(card) => card !== document.activeElement"
                         " && card.contains(document.activeElement)")  # fmt: skip


def test_the_whole_article_opens_at_the_sentence(site: Site, opened: Opener) -> None:
    """Beside a source the whole article opens, its sentence marked and seen; Esc leads back."""
    from playwright.sync_api import expect

    page = opened(site, viewport={"width": 1280, "height": 420})
    turn = steps.ask(page, WHO)
    opener = turn.locator("#src-0-1 [data-do=article]")
    opener.click()
    dialog = page.locator("dialog[open]")
    mark = dialog.locator("mark")
    expect(mark).to_have_text(LATE)
    assert steps.is_seen(mark)
    expect(dialog).to_contain_text(KILLED)
    expect(dialog).to_contain_text(TENTS)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert steps.has_focus(opener)
    opener.click()  # the same one again
    dialog.wait_for()
    dialog.get_by_role("button").first.click()
    expect(dialog).to_have_count(0)
    assert steps.has_focus(opener)


def test_a_phone_has_a_way_back_from_a_source(site: Site, opened: Opener) -> None:
    """At 390 pixels a card leads back to the mark that led there."""
    page = opened(site, viewport={"width": 390, "height": 640}, has_touch=True)
    turn = steps.ask(page, WHO)
    mark = turn.locator("a.cite")
    mark.tap()
    card = page.locator("#src-0-1.lit")
    assert steps.is_seen(card.locator("mark"))
    card.locator("a.back").tap()
    assert steps.has_focus(mark)
    assert steps.is_seen(mark)


def test_a_follow_up_is_understood(site: Site, opened: Opener) -> None:
    """A question that leans on the one before is answered, and what it was taken for is shown."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.ask(page, TENTS_ASKED)
    turn = steps.ask(page, "And when did he promise them?")
    expect(turn.locator("p.searched")).to_be_visible()
    expect(turn.locator("p.searched")).to_contain_text("Brandt")
    assert TENTS in steps.answer_of(turn)
    assert turn.locator("a.cite").get_attribute("href") == "#src-1-1"


def test_an_earlier_question_can_be_edited(site: Site, opened: Opener) -> None:
    """Editing a question answers the new one in its place, and what followed is gone for good."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.ask(page, WHO)
    steps.ask(page, TENTS_ASKED)
    page.locator("#turn-0 [data-edit]").click()
    field = page.locator("#turn-0 form.rewrite textarea")
    expect(field).to_have_value(WHO)
    field.fill(KILLED_WHERE)
    field.press("Enter")
    expect(page.locator("#turn-0 .asked h2")).to_have_text(KILLED_WHERE)
    expect(page.locator(".turn")).to_have_count(1)
    turn = steps.ended(page.locator("#turn-0"))
    assert steps.answer_of(turn) == KILLED
    page.reload()
    steps.ready(page)
    expect(page.locator(".turn .asked h2")).to_have_text([KILLED_WHERE])


def test_editing_can_be_left(site: Site, opened: Opener) -> None:
    """Esc leaves a question as it was, and the keyboard where it began."""
    from playwright.sync_api import expect

    page = opened(site)
    turn = steps.ask(page, WHO)
    turn.locator("[data-edit]").click()
    turn.locator("form.rewrite textarea").fill("Something else")
    page.keyboard.press("Escape")
    expect(turn.locator("form.rewrite")).to_have_count(0)
    expect(turn.locator(".asked h2")).to_have_text(WHO)
    assert steps.has_focus(turn.locator("[data-edit]"))


def test_asking_again_searches_again(site: Site, opened: Opener, tmp_path: Path) -> None:
    """A question that was refused is answered when asked again with an article that tells it."""
    from playwright.sync_api import expect

    page = opened(site)
    turn = steps.ask(page, "Who opened the library of Sarnmouth?")
    expect(turn).to_have_attribute("data-abstained", "")
    opened_it = "Poet Ilse Verhoeven opened the library of Sarnmouth on 2 July 2024."
    (tmp_path / "sarnmouth.txt").write_text(f"A library for Sarnmouth\n\n{opened_it}\n")
    site.add(tmp_path / "sarnmouth.txt")
    turn.locator(".actions [data-do=edit]").click()
    expect(turn.locator("a.cite")).to_be_visible()
    steps.ended(turn)
    assert steps.answer_of(turn) == opened_it
    expect(page.locator(".turn")).to_have_count(1)


def test_an_answer_can_be_taken_back(site: Site, opened: Opener) -> None:
    """Taking the newest answer back puts its question into the box and shows the one before."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.ask(page, WHO)
    second = steps.ask(page, TENTS_ASKED)
    expect(page.locator("#turn-0 [data-do=undo]")).to_have_count(0)
    second.locator("[data-do=undo]").click()
    expect(page.locator("#question textarea")).to_have_value(TENTS_ASKED)
    expect(page.locator(".turn .asked h2")).to_have_text([WHO])
    page.locator("#turn-0 [data-do=undo]").click()
    expect(page.locator("#question textarea")).to_have_value(WHO)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


def test_answers_and_quotes_can_be_copied(site: Site, opened: Opener) -> None:
    """An answer is copied with a reference for each mark, a quote with its own."""
    page = opened(site, permissions=["clipboard-read", "clipboard-write"])
    turn = steps.ask(page, WHO)
    turn.locator(".said .actions [data-copy]").click()
    expected = f'“{LATE}” — "Flood kills 12 in Lower Aven"\nflood.txt'
    assert _copied(page) == f"{LATE} [1]\n\n[1] {expected}"
    turn.locator("#src-0-1 [data-copy]").click()
    assert _copied(page) == expected


def _copied(page: Page) -> str:
    """What is on the clipboard, once the page has said that it put something there."""
    page.locator("[data-copy][data-label]").last.wait_for()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def test_an_opinion_is_kept_with_its_note(site: Site, opened: Opener) -> None:
    """What a reader thinks of an answer, and a note, are lines in the data folder."""
    import json

    from playwright.sync_api import expect

    kept = site.folder / "feedback.jsonl"
    before = len(kept.read_text().splitlines()) if kept.exists() else 0
    page = opened(site)
    turn = steps.ask(page, WHO)
    dislike = turn.locator("[data-do=like][data-liked=false]")
    expect(turn.locator("form.note")).to_be_hidden()
    dislike.click()
    expect(dislike).to_have_attribute("aria-pressed", "true")
    note = turn.locator("form.note textarea")
    note.fill("Which gates <b>were</b> they?")
    turn.locator("form.note button").click()
    expect(note).to_have_value("")
    for _ in range(100):
        if kept.exists() and len(kept.read_text().splitlines()) == before + 2:
            break
        page.wait_for_timeout(50)
    first, second = map(json.loads, kept.read_text().splitlines()[before:])
    assert (first["liked"], first["note"]) == (False, "")
    assert (second["liked"], second["note"]) == (False, "Which gates <b>were</b> they?")
    assert second["question"] == WHO
    assert LATE in second["answer_text"]


def test_a_refusal_does_not_look_like_an_answer(site: Site, opened: Opener) -> None:
    """A refusal says so, what the articles cover, and which passage came closest; nothing is
    cited."""
    from playwright.sync_api import expect

    page = opened(site)
    turn = steps.ask(page, ELSEWHERE)
    expect(turn).to_have_attribute("data-abstained", "")
    expect(turn.locator("p.refused")).to_be_visible()
    for title in ("Flood kills 12 in Lower Aven", "Kelso bridge closed"):
        expect(turn.locator(".answer")).to_contain_text(title)
    assert turn.locator("a.cite, .verdict").count() == 0
    card = turn.locator(".src.closest")
    expect(card).to_be_visible()
    assert card.locator("mark").count() <= 1
    card.locator("[data-do=article]").click()
    expect(page.locator("dialog[open] .body")).to_be_visible()


def test_what_only_sounds_alike_is_refused(site: Site, opened: Opener) -> None:
    """A question about a bridge that the articles know, but not its colour, is not answered."""
    from playwright.sync_api import expect

    page = opened(site)
    turn = steps.ask(page, "What colour was the Kelso bridge painted in 1999?")
    expect(turn).to_have_attribute("data-abstained", "")
    expect(turn.locator(".src.closest")).to_contain_text(CRACKS)


def test_an_example_is_asked_by_a_click(site: Site, opened: Opener) -> None:
    """Every example question is answered with a quote."""
    from playwright.sync_api import expect

    page = opened(site)
    examples = page.locator(".welcome .example")
    examples.first.wait_for()
    wanted = [example.get_attribute("data-question") or "" for example in examples.all()]
    assert len(wanted) >= 2
    for question in wanted:
        page.locator(f".example[data-question={_quoted(question)}]").click()
        turn = steps.ended(page.locator("#turn-0"))
        expect(turn.locator(".asked h2")).to_have_text(question)
        expect(turn.locator("a.cite").first).to_be_visible()
        turn.locator("[data-do=undo]").click()
        page.locator(".welcome .example").first.wait_for()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_a_blank_question_is_told_kindly(site: Site, opened: Opener) -> None:
    """Nothing but spaces is no question: the page says so and can be asked at once."""
    page = opened(site)
    box = page.locator("#question textarea")
    box.fill("   ")
    box.press("Enter")
    page.locator(".problem:visible, .toast-body").first.wait_for()
    page.locator("#send").wait_for()
    box.fill(BRIDGE)
    box.press("Enter")
    turn = page.locator(".turn", has=page.locator("h2", has_text=BRIDGE))
    steps.ended(turn)
    assert CRACKS in steps.answer_of(turn)

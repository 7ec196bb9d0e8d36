"""What a reader does on the page, in a real browser: marks, buttons, keys, the article."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from rag.schema import Span
from tests.browser import still_page
from tests.browser.still_page import HOME, NEW, OLD, Still, focused, in_view
from tests.samples import ANSWER, ENTRY, EVIDENCE
from tests.ui.turns import LONG, shown
from ui.reader import article_html
from ui.turn import turn_html, welcome_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

still = still_page.still


# Marks and cards -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_mark_leads_to_its_own_card_and_back(still: Still, way: str) -> None:
    """[1] of an old answer lights the card of that answer; the way back leads to that mark."""
    page = still.open(NEW, OLD)
    for turn in (1, 0):
        mark = page.locator(f"#turn-{turn} .cite")
        if way == "mouse":
            mark.click()
        else:
            mark.press("Enter")
        assert focused(page) == f"src-{turn}-1"
        assert page.locator(".lit.src").evaluate_all("e => e.map(x => x.id)") == [f"src-{turn}-1"]
        assert in_view(page, f"#src-{turn}-1")
    page.locator("#src-0-1 .back").press("Enter")
    assert focused(page) == "cite-0-0"
    assert page.url == HOME


def test_touch_works_too(browser: Browser) -> None:
    """On a phone a tap on a mark brings the card, and the way back is there to tap."""
    context = browser.new_context(
        has_touch=True, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    try:
        page = Still(context.new_page()).open(NEW, OLD)
        page.locator("#turn-0 .cite").tap()
        assert focused(page) == "src-0-1"
        assert in_view(page, "#src-0-1")
        page.locator("#src-0-1 .back").tap()
        assert focused(page) == "cite-0-0"
        assert in_view(page, "#cite-0-0")
    finally:
        context.close()


def test_what_the_reader_unfolded_stays_so(still: Still) -> None:
    """A new rendering folds nothing and puts out no light."""
    passage = dataclasses.replace(shown().hits[0].passage, text=LONG, end=len(LONG))
    start = LONG.index("Banjir")
    cited = dataclasses.replace(shown().citations[0], passage=passage, start=start, end=start + 33)
    answer = dataclasses.replace(ANSWER, citations=(cited,))
    html = turn_html(shown(answer, number=1), reader="en")
    page = still.open(html)
    page.locator(".cite").click()
    page.locator("#made-1 summary").click()
    page.locator(".whole").click()
    still.show("live", html.replace("Berapa desa", "Berapa banyak desa"))
    page.locator(".src.lit.open").wait_for()
    assert page.locator("#made-1").get_attribute("open") is not None
    assert page.locator(".whole").get_attribute("aria-expanded") == "true"
    assert page.locator(".far").first.is_visible()
    page.locator("#made-1 summary").click()
    page.locator(".whole").click()
    still.show("live", html)
    page.locator(".src:not(.open)").wait_for()
    assert page.locator("#made-1").get_attribute("open") is None


def test_a_verdict_says_its_words_on_focus(still: Still) -> None:
    """The words behind ✓ are seen when it has the focus, within the window, and not before."""
    page = still.open(NEW)
    page.set_viewport_size({"width": 390, "height": 844})
    seen = "getComputedStyle(document.querySelector('.tip')).clipPath"
    assert page.evaluate(seen) != "none"
    page.locator(".verdict.matches").focus()
    assert page.evaluate(seen) == "none"
    box = page.locator(".tip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


# What can be done ----------------------------------------------------------------------------


def test_an_answer_is_copied(still: Still) -> None:
    """The copy is what the button carries, the button says so, and is itself again later."""
    page = still.open(NEW)
    button = page.locator(".said [data-copy]")
    button.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == button.get_attribute("data-copy")
    assert copied.startswith("Banjir merendam 12 desa di Demak. [1]\n\n[1] ")
    page.locator(".kutip-said", has_text="Copied").wait_for(state="attached")
    page.get_by_role("button", name="Copy", exact=True).wait_for()


def test_a_copy_works_without_the_clipboard_interface(still: Still) -> None:
    """Where the browser keeps it from the page, as without TLS, the old way is taken."""
    page = still.open(NEW)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator(".said [data-copy]").click()
    page.get_by_role("button", name="Copied").wait_for()


def test_a_question_is_rewritten_in_place(still: Still) -> None:
    """The field has the question; Escape leaves it, Enter asks the new one in its place."""
    page = still.open(NEW, OLD)
    page.locator("#turn-0 [data-edit]").click()
    field = page.locator("#turn-0 .rewrite textarea")
    assert field.input_value() == "Berapa desa terendam?"
    field.press("Escape")
    assert page.locator(".rewrite").count() == 0
    assert page.evaluate("document.activeElement.dataset.edit") == "0"
    page.keyboard.press("Enter")
    field.fill("Siapa mengungsi?")
    still.show("history", OLD + " ")  # a new rendering does not lose what is being written
    assert field.input_value() == "Siapa mengungsi?"
    field.press("Enter")
    assert still.calls() == [["edit", {"turn": "0", "question": "Siapa mengungsi?"}]]
    assert page.locator(".rewrite").count() == 0


def test_an_opinion_is_sent_with_its_note(still: Still) -> None:
    """A like shows at once and outlasts a rendering; the note that follows goes with it."""
    page = still.open(NEW)
    page.get_by_role("button", name="Not helpful").click()
    still.show("live", NEW)
    page.locator('[data-liked="false"][aria-pressed="true"]').wait_for()
    page.locator(".note textarea").fill("The figure is old.")
    page.locator(".note button").click()
    assert still.calls() == [
        ["like", {"turn": "1", "liked": "false"}],
        ["note", {"turn": "1", "note": "The figure is old.", "liked": "false"}],
    ]
    assert page.locator(".note textarea").input_value() == ""


def test_buttons_hand_over_what_they_carry(still: Still) -> None:
    """An example asks its question; asking again and taking back name their turn."""
    page = still.open(welcome_html(['Siapa "Ratna"?'], articles=1, reader="en") + NEW)
    page.locator(".example").click()
    page.get_by_role("button", name="Ask again").click()
    page.get_by_role("button", name="Take back").click()
    assert still.calls() == [
        ["ask", {"question": 'Siapa "Ratna"?'}],
        ["edit", {"turn": "1", "question": "Berapa desa terendam?"}],
        ["undo", {"turn": "1"}],
    ]


def test_the_question_box_is_a_key_away(still: Still) -> None:
    """Ctrl+K and / go to the question box; / stays a character where one writes."""
    page = still.open(NEW)
    page.keyboard.press("/")
    assert focused(page) == "TEXTAREA"
    page.keyboard.type("a/b")
    page.locator(".cite").focus()
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.value") == "a/b"


# The whole article ---------------------------------------------------------------------------


def test_the_article_opens_at_the_sentence(still: Still) -> None:
    """It stands in front of the page, the quote lit and in view; Escape leads back."""
    page = still.open(NEW)
    long = dataclasses.replace(
        ENTRY,
        article=dataclasses.replace(ENTRY.article, text="Lain.\n\n" * 400 + ENTRY.article.text),
    )
    start = 400 * len("Lain.\n\n")
    marked = Span(start + EVIDENCE[0], start + EVIDENCE[1])
    page.get_by_role("button", name="In the article").click()
    assert still.calls()[0][0] == "article"
    for rev in ("1", "2"):
        still.show("reader", article_html(long, reader="en", marked=marked, rev=rev))
        page.evaluate("kutip.read(document.getElementById('reader'))")
        assert page.locator("dialog").evaluate("e => e.matches(':modal')")
        assert page.locator("dialog mark").text_content() == "Banjir merendam 12 desa di Demak."
        assert in_view(page, "dialog mark")
        assert focused(page) == "reader-mark"
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0
        assert page.evaluate("document.activeElement.dataset.do") == "article"
    assert not page.locator("#reader").is_visible()

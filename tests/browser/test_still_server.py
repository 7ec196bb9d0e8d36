"""What the page does while its server streams, is lost and comes back."""

from __future__ import annotations

from tests.browser import still_page
from tests.browser.still_page import HOME, NEW, OLD, Still
from tests.ui.turns import making, shown
from ui.turn import turn_html

still = still_page.still


# What the browser keeps, and the server ------------------------------------------------------


def test_the_conversation_is_remembered(still: Still) -> None:
    """Its id stands in the address and in the browser; the address counts first."""
    page = still.open(NEW)
    assert page.evaluate("kutip.recall()") == ""
    page.evaluate("kutip.remember('20261121-1')")
    assert page.url == HOME + "?c=20261121-1"
    page.goto(HOME)
    assert page.evaluate("kutip.recall()") == "20261121-1"
    page.goto(HOME + "?c=other")
    assert page.evaluate("kutip.recall()") == "other"
    page.evaluate("kutip.remember('')")
    assert page.url == HOME
    assert page.evaluate("kutip.recall()") == ""


def test_a_lost_server_is_said_and_found_again(still: Still) -> None:
    """The page says that the server is gone, and nothing more of it when it is back."""
    page = still.open(NEW)
    alert = page.get_by_role("alert").filter(has_text="does not answer")
    still.instance = None
    still.beat()
    alert.wait_for()
    assert "kutip ui" in (alert.text_content() or "")
    still.instance = "first"
    still.beat()
    alert.wait_for(state="hidden")


def test_a_new_server_gets_a_new_page_and_the_draft_stays(still: Still) -> None:
    """When another server answers, or a reader wants so, the page is loaded anew, with what was
    being written; what was taken out again does not come back."""
    page = still.open(NEW)
    page.wait_for_function("performance.getEntriesByName('http://127.0.0.1:9/kutip/alive').length")
    page.locator("#question textarea").fill("Siapa yang")
    page.evaluate("window.before = true")
    still.instance = "second"
    still.beat()
    page.wait_for_function("!window.before && document.querySelector('#question textarea').value")
    assert page.locator("#question textarea").input_value() == "Siapa yang"
    page.wait_for_function("sessionStorage.getItem('kutip-draft') === null")  # once it stays
    page.reload()
    page.wait_for_function("document.querySelector('#question textarea').value === 'Siapa yang'")
    page.wait_for_function("sessionStorage.getItem('kutip-draft') === null")
    page.locator("#question textarea").fill("")
    page.reload()
    assert page.locator("#question textarea").input_value() == ""
    assert page.evaluate("sessionStorage.getItem('kutip-draft')") is None


# Streaming -----------------------------------------------------------------------------------


def test_the_end_is_followed_only_by_who_is_there(still: Still) -> None:
    """While text streams the page stays at its end, unless the reader has scrolled away."""
    page = still.open("", OLD * 3)

    def stream(paragraphs: int) -> None:
        text = "Hujan turun.\n\n" * paragraphs
        turn = making("writing", hits=shown().hits, text=text, answerer="ollama:m")
        still.show("live", turn_html(turn, reader="en"))
        page.evaluate("() => new Promise(requestAnimationFrame)")
        page.evaluate("() => new Promise(requestAnimationFrame)")

    left = "document.documentElement.scrollHeight - innerHeight - scrollY"
    still.show("live", turn_html(making("searching"), reader="en"))
    stream(5)
    stream(60)
    assert page.evaluate(left) < 2
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    stream(90)
    assert page.evaluate("scrollY") == 0


def test_an_answer_is_told_once_to_a_screen_reader(still: Still) -> None:
    """Words that stream are not announced one by one; the whole answer is, when it is there."""
    page = still.open(turn_html(making("writing", text="Banjir"), reader="en"))
    assert page.locator("#live [aria-live]").count() == 0
    still.show("live", turn_html(shown(last=True), reader="en"))
    page.locator("[role=status]", has_text="The answer: Banjir merendam 12 desa").wait_for(
        state="attached"
    )

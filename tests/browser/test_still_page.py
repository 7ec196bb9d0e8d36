"""The page's own HTML, style and script in a real browser, without Gradio and without a server.

What the server would send is put in by the test, so each behaviour is seen alone.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from rag.schema import Span
from tests.samples import ANSWER, ENTRY, EVIDENCE
from tests.ui.markup import HOSTILES
from tests.ui.test_turn import LONG, REFUSAL, hostile, making, shown
from ui import assets
from ui.reader import article_html
from ui.turn import turn_html, welcome_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

HOME = "http://127.0.0.1:9/"
# As Gradio's theme gives them.
THEME = """
:root { --body-background-fill: #fbfaf7; --body-text-color: #1e293b;
  --background-fill-primary: #fff; --background-fill-secondary: #f8fafc;
  --border-color-primary: #e2e8f0; --input-background-fill: #fff; --font: sans-serif; }
.dark { --body-background-fill: #14161a; --body-text-color: #f1f5f9;
  --background-fill-primary: #0a0f1e; --background-fill-secondary: #0f172a;
  --border-color-primary: #334155; --input-background-fill: #1e293b; }
body { margin: 0; background: var(--body-background-fill); color: var(--body-text-color); }
main { padding: 0 16px; max-width: 1200px; margin: 0 auto; } * { box-sizing: border-box; }
"""
# Contrast of every text with what is behind it, as WCAG 2 reckons it; the worst ones first.
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    let behind = element;
    while (behind.parentElement && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) {
      behind = behind.parentElement;
    }
    const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
      .map((colour) => light(rgb(colour))).sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), element.outerHTML.slice(0, 120)]);
  }
  return found.sort((x, y) => x[0] - y[0]);
}"""


class Still:
    """A page with one conversation, whose server is this test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.instance: str | None = "first"
        self.asked_for: list[str] = []
        self._html = ""
        page.route("**/*", self._serve)

    def open(self, live: str, history: str = "", *, dark: bool = False) -> Page:
        """Show this conversation."""
        self._html = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
            f' content="width=device-width"><style>{THEME}</style>{assets.head()}</head>'
            f'<body class="{"dark" if dark else ""}"><main><div id="history">{history}</div>'
            f'<div id="live">{live}</div><div id="question"><textarea></textarea></div></main>'
            '<div id="reader"></div><script>window.calls = [];'
            'window.alert = () => calls.push("!");'
            'for (const id of ["history", "live"]) kutip.bind(document.getElementById(id),'
            "(name, data) => calls.push([name, data]));</script></body></html>"
        )
        self.page.goto(HOME)
        return self.page

    def show(self, place: str, html: str) -> None:
        """Put other HTML there, as a new value of the component does."""
        self.page.evaluate(
            "([id, html]) => { document.getElementById(id).innerHTML = html; }", [place, html]
        )

    def calls(self) -> list[Any]:
        """What was handed to the server so far."""
        found: list[Any] = self.page.evaluate("window.calls")
        return found

    def beat(self) -> None:
        """Let the page look for its server now."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def _serve(self, route: Route) -> None:
        address = route.request.url
        if address.startswith(HOME + "kutip/alive"):
            if self.instance is None:
                route.abort()
            else:
                route.fulfill(json={"instance": self.instance})
        elif route.request.resource_type == "document":
            route.fulfill(body=self._html, content_type="text/html")
        else:
            self.asked_for.append(address)
            route.abort()


@pytest.fixture
def still(browser: Browser) -> Iterator[Still]:
    """A page of its own; it may ask for nothing, and its script may not fail."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 720})
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    made = Still(page)
    yield made
    context.close()
    assert faults == []
    assert [address for address in made.asked_for if "favicon" not in address] == []


def focused(page: Page) -> str:
    """The id of what has the focus, else its tag."""
    told: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return told


def in_view(page: Page, selector: str) -> bool:
    """Whether some of the element lies in the window."""
    told: bool = page.evaluate(
        "(s) => { const r = document.querySelector(s).getBoundingClientRect();"
        " return r.bottom > 0 && r.top < innerHeight; }",
        selector,
    )
    return told


OLD = turn_html(shown(number=0), reader="en")
NEW = turn_html(shown(number=1, last=True), reader="en")


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


# Looks ---------------------------------------------------------------------------------------

STATES = {
    "welcome": welcome_html(["Siapa?"], articles=3, reader="en"),
    "empty": welcome_html([], articles=0, reader="id"),
    "answer": turn_html(shown(last=True, liked=True), reader="en"),
    "refusal": turn_html(shown(REFUSAL, last=True), reader="id"),
    "reading": turn_html(making("writing", hits=shown().hits), reader="en"),
    "failed": turn_html(making("failed", problem="Nothing answers."), reader="id"),
    "doubted": turn_html(hostile("Siapa"), reader="en"),
    "long words": turn_html(hostile("a" * 3_000), reader="en"),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_everything_can_be_read(still: Still, name: str, dark: bool) -> None:
    """Text has a contrast of 4.5 at least, and a phone needs no sideways scroll."""
    page = still.open(STATES[name], dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    worst = page.evaluate(CONTRAST)[0]
    assert worst[0] >= 4.5, worst
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("start", range(0, len(HOSTILES), 12))
def test_hostile_text_does_nothing_in_a_browser(still: Still, start: int) -> None:
    """In every field of every state: nothing runs, nothing is loaded, nothing navigates."""
    page = still.open("")
    for text in HOSTILES[start : start + 12]:
        turn = hostile(text)
        fields = [
            turn_html(turn, reader="en"),
            turn_html(hostile(text, abstained=True), reader="en"),
        ]
        fields.append(welcome_html([text], articles=1, reader="en"))
        still.show("live", "".join(fields))
        hostile_entry = dataclasses.replace(
            ENTRY,
            article=dataclasses.replace(
                ENTRY.article, text=text, metadata=turn.hits[0].passage.metadata
            ),
        )
        still.show("reader", article_html(hostile_entry, reader="en", marked=None, rev=text))
        page.evaluate("kutip.read(document.getElementById('reader'))")
        page.keyboard.press("Escape")
        assert still.calls() == [], json.dumps(text)
        assert page.url == HOME
    assert page.locator("script, img, svg, iframe, style, link, form[action]").count() == (
        page.locator("head script, head style, body > script").count()
    )

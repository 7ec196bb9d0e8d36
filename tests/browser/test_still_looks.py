"""Every state of the page can be read, and hostile text in it does nothing."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.browser import still_page
from tests.browser.still_page import HOME, Still
from tests.samples import ENTRY
from tests.ui.markup import HOSTILES
from tests.ui.turns import REFUSAL, hostile, making, shown
from ui.reader import article_html
from ui.turn import turn_html, welcome_html

still = still_page.still

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

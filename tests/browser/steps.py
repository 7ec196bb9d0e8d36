"""What a reader does with the page, and where on it things are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ENDED = re.compile("done|stopped|failed")
# Whether all of an element's middle is on the screen, and nothing lies over it.
_SEEN = """(element) => {
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
  const top = document.elementFromPoint(x, y);
  return top !== null && (element.contains(top) || top.contains(element));
}"""
# As soon as it is true; an element may scroll there.
_SEEN_SOON = f"""async (element) => {{
  const seen = {_SEEN};
  for (const end = performance.now() + 3000; performance.now() < end;) {{
    if (seen(element)) return true;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }}
  return false;
}}"""


def ready(page: Page) -> None:
    """Wait until the page can be asked and has told what it opened."""
    page.locator("#question textarea").wait_for(state="visible")
    page.locator("#live .welcome, #live .turn").first.wait_for()


def begin(page: Page, question: str) -> Locator:
    """Ask by the keyboard; the turn that comes of it, which need not have ended."""
    number = page.locator(".turn").count()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    return page.locator(f"#turn-{number}")


def begin_in_place(page: Page, question: str) -> Locator:
    """Ask where the newest turn came to nothing, and was not kept."""
    begin(page, question)
    turn = page.locator("#live .turn", has=page.locator("h2", has_text=question))
    turn.and_(page.locator("[data-state=done]")).wait_for()
    return turn


def ask(page: Page, question: str) -> Locator:
    """Ask by the keyboard, and wait until the answer is complete; its turn."""
    return ended(begin(page, question))


def ended(turn: Locator, *, seconds: float = 20.0) -> Locator:
    """The same turn, once its answer has come to its end, well or badly."""
    from playwright.sync_api import expect

    expect(turn).to_have_attribute("data-state", ENDED, timeout=seconds * 1_000)
    expect(turn.page.locator("#send")).to_be_visible()
    return turn


def answer_of(turn: Locator) -> str:
    """The words of an answer, without its marks and verdicts."""
    text: str = turn.locator(".answer").evaluate(
        """(answer) => {
          const copy = answer.cloneNode(true);
          for (const extra of copy.querySelectorAll('.cite, .verdict')) extra.remove();
          return copy.textContent.replaceAll('\\u00a0', ' ').trim();
        }"""
    )
    return text


def is_seen(element: Locator) -> bool:
    """Whether an element is on the screen, or comes there within a moment."""
    return bool(element.evaluate(_SEEN_SOON))


def has_focus(element: Locator) -> bool:
    """Whether the keyboard is at this element."""
    return bool(element.evaluate("(element) => document.activeElement === element"))


def to_library(page: Page) -> Locator:
    """Go to the Library tab; its table, once it is there."""
    page.get_by_role("tab").nth(1).click()
    table = page.locator("#lib-table .lib")
    table.wait_for()
    return page.locator("#lib-table")


def to_questions(page: Page) -> None:
    """Go back to the first tab."""
    page.get_by_role("tab").first.click()
    page.locator("#question textarea").wait_for(state="visible")


def payloads(*files: tuple[str, str]) -> list[dict[str, Any]]:
    """Files by name and text, as a browser's file field takes them."""
    return [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files
    ]

"""The page's own HTML, style and script in a real browser, without Gradio and without a server.

What the server would send is put in by the test, so each behaviour is seen alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.turns import shown
from ui import assets
from ui.turn import turn_html

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

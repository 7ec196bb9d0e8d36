"""A running `kutip ui`, a model server's double beside it, and headless Chromium.

Without a browser these tests are skipped, and say so; where CI is set that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser import steps
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_LOOPBACK = ("127.0.0.1", "localhost")
_PATIENCE = 20_000  # milliseconds, on a machine that does other things as well


# No longer than a module: while it is there, its thread has an event loop that runs, and tests
# of other modules start loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium that can reach no host but this one."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail('there is no Chromium; "make browser" installs it')
        pytest.skip('there is no Chromium; "make browser" installs it')
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",  # nothing is gained by drawing as a graphics card would
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def outside() -> list[str]:
    """The addresses beyond this machine that a page asked for."""
    return []


Opener = Callable[..., "Page"]


@pytest.fixture
def opened(browser: Browser, outside: list[str]) -> Iterator[Opener]:
    """Opens a site in a browser of its own; no page may ask for anything elsewhere."""
    contexts: list[BrowserContext] = []

    def heard(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in _LOOPBACK:
            outside.append(request.url)

    def open_site(
        site: Site, *, path: str = "/", ready: bool = True, script: str = "", **options: object
    ) -> Page:
        settings: dict[str, object] = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-GB",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**(settings | options))  # type: ignore[arg-type]
        contexts.append(context)
        context.on("request", heard)
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        if script:  # runs in the page before its own
            page.add_init_script(script)
        page.goto(site.url + path, wait_until="load" if ready else "commit")
        if ready:
            steps.ready(page)
        return page

    yield open_site
    for context in contexts:
        context.close()
    assert outside == [], f"the page asked for {outside}"


def needs_chromium() -> None:
    """Skip the test that runs where there is no browser, before a server is started for it."""
    if CHROMIUM is None:
        pytest.skip('there is no Chromium; "make browser" installs it')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page over a small newsroom, without a language model."""
    needs_chromium()
    folder: Path = tmp_path_factory.mktemp("site")
    with Site(folder) as running:
        yield running

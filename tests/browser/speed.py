"""How soon the page is there, and how soon it answers: a measurement, not a test.

Serves `seeds/` with the bundled encoder and no language model, opens the page anew for each
visit, and asks one question in each. Run: python -m tests.browser.speed --visits 15
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rag.engine import Engine
from rag.settings import Settings
from tests.browser import steps
from tests.browser.site import NOWHERE
from tests.live import Live
from tests.samples import ROOT

QUESTION = "who met Blinken in Doha?"
# When, after Enter, the newest turn first shows a source, a word and its end, in milliseconds.
_WATCH = """() => {
  window.seen = {};
  let began = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") began = performance.now();
  }, true);
  const look = () => {
    const turn = document.querySelector("#live .turn");
    if (!began || !turn) return;
    const answer = turn.querySelector(".answer");
    const now = {
      source: turn.querySelector(".src") !== null,
      word: answer !== null && answer.textContent.trim() !== "",
      whole: turn.dataset.state === "done",
    };
    for (const name of Object.keys(now)) {
      if (now[name] && !(name in window.seen)) window.seen[name] = performance.now() - began;
    }
  };
  new MutationObserver(look).observe(document.body,
    {childList: true, subtree: true, attributes: true, characterData: true});
}"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> None:
    """Print the median, the least and the most of each time, in seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=15)
    visits = parser.parse_args().visits
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with Engine(Settings.load(environment={}, data_dir=data)) as engine:
            assert all(made.status == "added" for made in engine.add([str(ROOT / "seeds")]))
        with Live("ui", "--port", "0", folder=data, server=NOWHERE, light=False) as kutip:
            kutip.until("Kutip is at", seconds=60, error=True)
            url = next(w for w in kutip.err.split() if w.startswith("http://127."))
            _visit(url, visits, found)
    for name, times in found.items():
        times.sort()
        middle = times[len(times) // 2]
        sys.stdout.write(f"{name:12} {middle:.2f} s [{times[0]:.2f}, {times[-1]:.2f}] n {visits}\n")


def _visit(url: str, visits: int, found: dict[str, list[float]]) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(visits + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            page = context.new_page()
            page.goto(url)
            steps.ready(page)
            times: dict[str, float] = {"first paint": page.evaluate(_PAINT)}
            page.wait_for_timeout(1_500)  # what else the page loads is not the question's time
            page.evaluate(_WATCH)
            steps.ask(page, QUESTION)
            times |= page.evaluate("window.seen")
            for name, milliseconds in times.items():
                found.setdefault(name, []).append(milliseconds / 1_000)
            context.close()
        browser.close()
    for each in found.values():  # the first visit loads the encoder
        del each[0]


if __name__ == "__main__":
    main()

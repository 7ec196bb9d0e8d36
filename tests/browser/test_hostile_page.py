"""Untrusted text stays text: in every place that shows some, nothing runs, loads or navigates."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.engine import Engine
from rag.exported import web_link
from rag.layout import one_line, sanitise
from rag.settings import Settings
from tests.browser import steps
from tests.browser.conftest import Opener, needs_chromium
from tests.browser.hostile_strings import addresses, strings, tag
from tests.browser.site import Site
from tests.fakes import GEMMA, FakeOllama, HashEmbedder, Script, lettered

if TYPE_CHECKING:
    from playwright.sync_api import Page

_IN_ARTICLE = 5  # strings
_IN_QUESTION = 27
_NAMES = (  # of witnesses, one for each article
    *("Abelard", "Bertrand", "Clovis", "Dagobert", "Eberhard", "Fridolin", "Gaspard", "Hildegard"),
    *("Ignatius", "Jolanda", "Kasimir", "Leopold", "Mechthild", "Norbert", "Ottilie", "Philomena"),
)

# Kept from the first moment on: whatever an own text of the page became that is not text.
_WATCH = """
window.__seen = [];
const OURS = '.html-container, dialog.kutip-dialog, .toast-wrap, .kutip-said';
const NEVER = 'script, img, picture, image, iframe, object, embed, video, audio, source, track,'
  + ' svg, math, link, meta, base, style, template, noscript, input, form[action], [formaction],'
  + ' [src], [srcset], [ping], [poster], [background], [srcdoc], [autofocus]';
const judge = (element) => {
  if (!element.closest(OURS)) return;
  const told = element.outerHTML.slice(0, 200);
  if (element.matches(NEVER)) window.__seen.push(told);
  for (const {name, value} of element.attributes) {
    if (name.startsWith('on') || name === 'style' && /url|position|expression/.test(value)
        || /^\\s*(javascript|data|vbscript|file):/i.test(value) && name !== 'data-question') {
      window.__seen.push(told);
    }
  }
};
new MutationObserver((changes) => {
  for (const change of changes) {
    const added = change.type === 'attributes' ? [change.target] : change.addedNodes;
    for (const node of added) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      judge(node);
      for (const inner of node.querySelectorAll('*')) judge(inner);
    }
  }
}).observe(document, {childList: true, subtree: true, attributes: true});
addEventListener('securitypolicyviolation', (event) => {
  window.__seen.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
# Where text of others is shown; the status of Gradio's own beside it has icons.
_LINKS = """[...document.querySelectorAll('.html-container a, dialog a, .toast-wrap a')]
  .map((link) => link.getAttribute('href') || '')"""


@dataclass
class Canary:
    """A server that counts who calls."""

    url: str = ""
    calls: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    """Running, and not called yet."""
    found = Canary()

    class Caught(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.calls.append(f"{self.command} {self.path}")
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Caught)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture(scope="module")
def hostile(canary: Canary) -> list[str]:
    """The strings."""
    found = strings(canary.url)
    assert len(found) >= 60
    return found


@pytest.fixture(scope="module")
def server(hostile: list[str]) -> Iterator[FakeOllama]:
    """Models with names that are markup, the one that answers among them."""
    # One that says "embed" is taken for a model that does not write.
    some = [text.replace("embed", "em-bed") for text in hostile]
    names = [" ".join(some[n : n + 2]) for n in range(0, len(some), 2)]
    models = [GEMMA, *(replace(GEMMA, name=name) for name in names)]
    with FakeOllama(models=models) as running:
        yield running


@pytest.fixture(scope="module")
def site(
    hostile: list[str],
    canary: Canary,
    server: FakeOllama,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A page over articles whose text, title, publisher, name and address are markup."""
    needs_chromium()
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder, articles={}, server=server.url)
    _fill(site.folder, folder, hostile, addresses(canary.url))
    with site:
        yield site


def _fill(data: Path, folder: Path, hostile: Sequence[str], places: Sequence[str]) -> None:
    with Engine(Settings.load(environment={}, data_dir=data), embedder=HashEmbedder()) as engine:
        names = {}
        groups = _groups(hostile)
        for number, (group, name) in enumerate(zip(groups, _NAMES, strict=True)):
            body = "\n\n".join(f"{name} wrote {text} on the wall." for text in group)
            more = "\n\n".join(f"Baca juga: {text}" for text in group[:2])
            url = places[number % len(places)]
            path = folder / f"{number}.md"
            path.write_text(
                f"---\nurl: '{url}'\n---\n\n# Wall {number}\n\n{body}\n\n{more}\n", encoding="utf-8"
            )
            names[str(path)] = " ".join(group)
        for number, outcome in enumerate(engine.add(list(names), names=names)):
            assert outcome.article_id, outcome
            text = " ".join(groups[number])
            engine.edit(outcome.article_id, title=text, publisher=text)


@dataclass
class Watched:
    """A page that is looked at for anything that ran, loaded or navigated."""

    page: Page
    canary: Canary
    named: tuple[str, ...]  # what the articles were added as
    said: list[str] = field(default_factory=list)

    def check(self, where: str) -> None:
        """Fail when anything did, up to now."""
        self.page.wait_for_timeout(100)
        assert self.page.evaluate("window.__ran") is None, where
        assert self.page.evaluate("window.__seen") == [], where
        assert self.canary.calls == [], where
        assert self.said == [], where
        places = addresses(self.canary.url)
        cited = {web_link(place) for place in (*places, *map(sanitise, places), *self.named)}
        for href in self.page.evaluate(_LINKS):
            assert href.startswith("#") or href in cited, (where, href)

    def tags(self, selector: str, numbers: Sequence[int]) -> set[int]:
        """Which of the strings can be read there: else nothing was put to the test."""
        texts: list[str] = self.page.locator(selector).evaluate_all(
            "(all) => all.map((one) => one.matches('input, textarea') ? one.value"
            " : one.textContent)"
        )
        text = "\n".join(texts)
        return {number for number in numbers if tag(number) in text}


def _groups(hostile: Sequence[str]) -> list[Sequence[str]]:
    """The strings of each article."""
    return [hostile[n : n + _IN_ARTICLE] for n in range(0, len(hostile), _IN_ARTICLE)]


def watched(opened: Opener, site: Site, canary: Canary) -> Watched:
    """The page, watched from its first byte on."""
    page = opened(site, ready=False)
    page.context.add_init_script(_WATCH)
    named = tuple(one_line(" ".join(group)) for group in _groups(strings(canary.url)))
    found = Watched(page, canary, named)
    page.on("dialog", lambda dialog: (found.said.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: found.said.append(f"popup {popup.url}"))
    page.on(
        "framenavigated",
        lambda frame: None if frame.url.startswith(site.url) else found.said.append(frame.url),
    )
    page.goto(site.url)
    steps.ready(page)
    return found


@pytest.mark.parametrize("chunk", [0, 1, 2])
def test_questions_and_answers(
    site: Site,
    server: FakeOllama,
    hostile: list[str],
    canary: Canary,
    opened: Opener,
    chunk: int,
) -> None:
    """A question, what a model writes, the sources it cites, what was read besides, an error of
    its server: streamed, complete and after a reload, all of it is text."""
    numbers = range(chunk * _IN_QUESTION, min(len(hostile), (chunk + 1) * _IN_QUESTION))
    some = [hostile[number] for number in numbers]

    def writes(body: dict[str, Any]) -> Script:
        shown = lettered(body)
        if not shown:
            return Script(text="What did they write on the wall?")
        lines = []
        for place, text in enumerate(some):
            mark, sentence = shown[place % len(shown)]
            # What an article says in between, as a model that says only other things is stopped.
            lines += [f"{text} [{mark}]", f"{sentence} [{mark}]"]
        return Script(text="\n\n".join(lines), every=0.002)

    server.script = writes
    seen = watched(opened, site, canary)
    page = seen.page
    refused = steps.ask(page, f"Who read {' '.join(some)}?")
    assert seen.tags("#turn-0 .asked h2", numbers) == set(numbers)
    refused.locator("[data-edit]").click()
    assert seen.tags("form.rewrite textarea", numbers) == set(numbers)
    page.keyboard.press("Escape")
    seen.check("asked")

    name = _NAMES[numbers.start // _IN_ARTICLE + 1]
    turn = steps.begin(page, f"What did {name} write on the wall?")
    page.locator("#turn-1[data-state=writing] .answer:not([hidden])").wait_for()
    seen.check("streaming")
    steps.ended(turn)
    seen.check("answered")
    for fold in turn.locator("details > summary:visible").all():
        fold.click()
    told = {
        where: seen.tags(where, range(len(hostile)))
        for where in ("#turn-1 .answer", "#turn-1 .sources", "#turn-1 .consulted", "#turn-1 .made")
    }
    # Some elements of a model's words are taken out before anything of them is shown.
    assert len(told["#turn-1 .answer"] & set(numbers)) >= len(numbers) - 6
    assert len(set().union(*told.values())) >= 40
    assert all(len(tags) >= _IN_ARTICLE for tags in told.values()), told
    turn.locator("[data-do=article]").first.click()
    page.locator("dialog[open] .body").wait_for()
    seen.check("dialog")
    page.keyboard.press("Escape")

    # The model's server fails, and says why.
    error = " ".join(some)
    server.script = lambda body: Script(text="The wall", ending="error_line", error=error)
    steps.ask(page, f"What did {name} write on the wall?")
    assert seen.tags("#turn-2 .notices, #turn-2 .problem", numbers)
    seen.check("error")

    page.reload()
    steps.ready(page)
    page.locator("#turn-2").wait_for()
    assert seen.tags("#turn-0 .asked h2", numbers) == set(numbers)
    assert {where: seen.tags(where, range(len(hostile))) for where in told} == told
    page.locator("#earlier-bar button").first.click()
    page.locator("#earlier .title").first.wait_for()
    seen.check("reloaded")
    assert seen.tags("#earlier", numbers)


def test_the_head(
    site: Site, server: FakeOllama, hostile: list[str], canary: Canary, opened: Opener
) -> None:
    """The names of models are text in the picker and in the line that says who answers."""
    page = (seen := watched(opened, site, canary)).page
    page.locator(".mod-model").wait_for()
    for number in (0, 30, 60):
        page.locator("#answerer input").click()
        page.get_by_role("option").first.wait_for()
        numbers = range(len(hostile))
        assert seen.tags("#answerer [role=option], [role=option]", numbers) == set(numbers)
        page.get_by_role("option").filter(has_text=tag(number)).first.click()
        page.locator(".mod-say strong", has_text=tag(number)).wait_for()
        seen.check("head")


def test_the_library(site: Site, hostile: list[str], canary: Canary, opened: Opener) -> None:
    """Table, particulars, what was taken out, the whole article, what was given: all is text."""
    page = (seen := watched(opened, site, canary)).page
    numbers = range(len(hostile))
    table = steps.to_library(page)
    assert seen.tags("#lib-table", numbers) == set(numbers)
    seen.check("table")
    shown: dict[str, set[int]] = {"dialog": set(), "details": set(), "fields": set()}
    for row in table.locator("tbody tr").all():
        first = next(iter(sorted(_tags_in(row.inner_text(), numbers))))
        row.locator("[data-do=choose]").click()
        page.locator("#lib-about .lib-title", has_text=tag(first)).wait_for()
        shown["details"] |= seen.tags("#lib-about", numbers)
        if not page.locator("#lib-title").is_visible():
            page.locator("#lib-correct button").first.click()
            page.locator("#lib-title").wait_for()
        shown["fields"] |= seen.tags("#lib-title textarea, #lib-title input", numbers)
        row.locator("[data-do=article]").click()
        page.locator("dialog[open] #reader-title", has_text=tag(first)).wait_for()
        shown["dialog"] |= seen.tags("dialog[open] .body", numbers)
        page.keyboard.press("Escape")
    assert shown == {place: set(numbers) for place in shown}
    seen.check("details")
    page.locator("#lib-delete").click()
    page.locator("#lib-sure .lib-note").wait_for()
    page.locator("#lib-no").click()
    names = [(f"{text.replace('/', ':')[:90]}.exe", "no article") for text in hostile[:40]]
    page.locator("#lib-files input[type=file]").set_input_files(steps.payloads(*names))
    page.locator("#lib-work li").nth(30).wait_for()
    seen.check("given")


def _tags_in(text: str, numbers: Sequence[int]) -> set[int]:
    return {number for number in numbers if tag(number) in text}

"""The Library tab: what is put in is asked about, corrected and taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.site import Site
from tests.newsroom import LATE, WHO

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FERRY = "The ferry Halcyon ran aground off Port Merrow with 61 passengers on board."
MAYOR = "Wali Kota Surya Atmaja meresmikan pasar ikan Teluk Biru pada 9 April 2024."
FILES = (
    ("ferry.txt", f"Ferry aground off Port Merrow\n\n{FERRY}\n"),
    ("pasar.md", f"# Pasar ikan dibuka\n\n{MAYOR}\n"),
)


def row(page: Page, title: str) -> Locator:
    """The table's row of an article."""
    return page.locator("#lib-table tbody tr").filter(has_text=title)


def details(page: Page, title: str) -> Locator:
    """The panel of an article, opened from its row."""
    row(page, title).locator("[data-do=choose]").click()
    panel = page.locator("#lib-about .lib-details")
    panel.filter(has_text=title).wait_for()
    return panel


def put_in(site: Site, folder: Path, name: str, text: str) -> None:
    """An article that another process adds."""
    (folder / name).write_text(text, encoding="utf-8")
    site.add(folder / name)


def asked(page: Page, question: str) -> Locator:
    """The turn that answers a question, asked from whichever tab is open."""
    steps.to_questions(page)
    return steps.ask(page, question)


def test_files_that_are_given_can_be_asked_about(site: Site, opened: Opener) -> None:
    """Each file is told of while it is added, has a row then, and the next questions see it."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.to_library(page)
    page.locator("#lib-files input[type=file]").set_input_files(steps.payloads(*FILES))
    work = page.locator("#lib-work li")
    expect(work).to_have_count(2)
    for name, _ in FILES:
        expect(work.filter(has_text=name)).to_contain_text("✓")
    expect(row(page, "Ferry aground off Port Merrow")).to_be_visible()
    expect(row(page, "Pasar ikan dibuka")).to_contain_text("Indonesian")
    expect(page.locator("#lib-files input[type=file]")).to_be_attached()  # for the next ones
    turn = asked(page, "How many passengers were on board the ferry Halcyon?")
    assert steps.answer_of(turn) == FERRY
    expect(turn.locator(".src .where")).to_have_text("ferry.txt")
    turn = steps.ask(page, "Siapa yang meresmikan pasar ikan Teluk Biru?")
    assert steps.answer_of(turn) == MAYOR


def test_a_bad_file_says_why_and_stops_no_other(site: Site, opened: Opener) -> None:
    """What cannot be read is named with its reason, and its neighbour is added all the same."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.to_library(page)
    given = steps.payloads(("good.txt", "Lamp lit\n\nKeeper Jon Aldous lit the Farne lamp.\n"))
    given.append({"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90 no pdf"})
    given.append({"name": "tool.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    page.locator("#lib-files input[type=file]").set_input_files(given)
    work = page.locator("#lib-work li")
    for name, sign in (("good.txt", "✓"), ("bad.pdf", "✕"), ("tool.exe", "✕")):
        expect(work.filter(has_text=name)).to_contain_text(sign)
    for name in ("bad.pdf", "tool.exe"):
        told = work.filter(has_text=name).inner_text()
        assert len(told.replace(name, "").split()) > 5, told
    expect(row(page, "Lamp lit")).to_be_visible()
    expect(row(page, "bad.pdf")).to_have_count(0)


def test_pasted_text_becomes_an_article(site: Site, opened: Opener) -> None:
    """A text with its title, publisher and day is an article that is cited with all three."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.to_library(page)
    page.locator("#lib-paste button").first.click()
    page.locator("#lib-text textarea").fill("Geologist Ana Ferro found gold under Mount Tevel.")
    fields = page.locator("#lib-paste input[type=text], #lib-paste textarea:not([rows='6'])")
    for label, text in (
        ("Title", "Gold under Tevel"),
        ("Publisher", "The Tevel Post"),
        ("Date", "2023-11-30"),
    ):
        page.locator("#lib-paste").get_by_label(label).fill(text)
    assert fields.count() >= 3
    page.locator("#lib-take").click()
    expect(row(page, "Gold under Tevel")).to_contain_text("30 November 2023")
    turn = asked(page, "Who found gold under Mount Tevel?")
    card = turn.locator("#src-0-1")
    expect(card.locator(".title")).to_have_text("Gold under Tevel")
    expect(card.locator(".publisher")).to_have_text("The Tevel Post")
    expect(card.locator("time")).to_have_attribute("datetime", "2023-11-30")


def test_a_corrected_date_is_in_the_next_answer(site: Site, opened: Opener, tmp_path: Path) -> None:
    """The day that a reader sets is what the next card tells, with how it came there."""
    from playwright.sync_api import expect

    told = "Baker Lotte Priem won the Ulverton bread prize."
    put_in(site, tmp_path, "bread.txt", f"Bread prize for Ulverton\n\n{told}\n")
    page = opened(site)
    steps.to_library(page)
    details(page, "Bread prize for Ulverton")
    page.locator("#lib-correct button").first.click()
    page.locator("#lib-day textarea, #lib-day input").fill("30 February")
    page.locator("#lib-save").click()
    expect(page.locator("#lib-said .lib-wrong")).to_contain_text("30 February")
    page.locator("#lib-day textarea, #lib-day input").fill("2022-02-03")
    page.locator("#lib-save").click()
    expect(row(page, "Bread prize for Ulverton")).to_contain_text("3 February 2022")
    turn = asked(page, "Who won the Ulverton bread prize?")
    dated = turn.locator("#src-0-1 .dated")
    expect(dated.locator("time")).to_have_attribute("datetime", "2022-02-03")
    expect(dated.locator(".basis")).to_be_visible()


def test_a_deleted_article_answers_no_more(site: Site, opened: Opener, tmp_path: Path) -> None:
    """Deleting asks first; then the row is gone, the question is refused, and the card of the
    answer from before says that its article is gone."""
    from playwright.sync_api import expect

    told = "Diver Pia Solheim raised the bell of the Corvane wreck."
    put_in(site, tmp_path, "bell.txt", f"Bell of the Corvane raised\n\n{told}\n")
    question = "Who raised the bell of the Corvane wreck?"
    page = opened(site)
    assert steps.answer_of(steps.ask(page, question)) == told
    steps.to_library(page)
    details(page, "Bell of the Corvane raised")
    page.locator("#lib-delete").click()
    sure = page.locator("#lib-sure")
    expect(sure).to_contain_text("Bell of the Corvane raised")
    page.locator("#lib-no").click()
    expect(sure).to_be_hidden()
    expect(row(page, "Bell of the Corvane raised")).to_have_count(1)
    page.locator("#lib-delete").click()
    page.locator("#lib-yes").click()
    expect(row(page, "Bell of the Corvane raised")).to_have_count(0)
    expect(page.locator("#lib-details")).to_be_hidden()
    turn = asked(page, question)
    expect(turn).to_have_attribute("data-abstained", "")
    page.reload()
    steps.ready(page)
    card = page.locator("#src-0-1")
    expect(card).to_have_attribute("data-standing", "gone")
    expect(card.locator(".standing")).to_be_visible()
    expect(card.locator("[data-do=article]")).to_have_count(0)
    expect(card.locator("mark")).to_have_text(told)


def test_a_changed_article_is_told_of(site: Site, opened: Opener, tmp_path: Path) -> None:
    """A citation whose article reads otherwise by now says so after a reload."""
    from playwright.sync_api import expect

    before = "Pilot Rune Askeland crossed the Varn strait in 41 minutes."
    put_in(site, tmp_path, "strait.txt", f"Varn strait crossed\n\n{before}\n")
    page = opened(site)
    turn = steps.ask(page, "Who crossed the Varn strait?")
    assert steps.answer_of(turn) == before
    put_in(site, tmp_path, "strait.txt", f"Varn strait crossed\n\n{before.replace('41', '44')}\n")
    page.reload()
    steps.ready(page)
    expect(page.locator("#src-0-1")).to_have_attribute("data-standing", "changed")
    expect(page.locator("#src-0-1 .standing")).to_be_visible()
    expect(page.locator("#src-0-1 mark")).to_have_text(before)


def test_another_process_is_seen(site: Site, opened: Opener, tmp_path: Path) -> None:
    """What the command line adds stands in the table when the tab is looked at again."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.to_library(page)
    steps.to_questions(page)
    put_in(site, tmp_path, "kite.txt", "Kite record\n\nTeacher Milo Brandis flew a kite.\n")
    steps.to_library(page)
    expect(row(page, "Kite record")).to_be_visible()


def test_two_browsers_share_a_library_and_nothing_else(site: Site, opened: Opener) -> None:
    """What one browser adds the other one can ask about; neither shows the other's questions."""
    from playwright.sync_api import expect

    one, two = opened(site), opened(site)
    steps.ask(one, WHO)
    steps.to_library(one)
    told = "Weaver Inga Thorsen sold the Skarn tapestry."
    one.locator("#lib-files input[type=file]").set_input_files(
        steps.payloads(("skarn.txt", f"Skarn tapestry sold\n\n{told}\n"))
    )
    expect(row(one, "Skarn tapestry sold")).to_be_visible()
    turn = steps.ask(two, "Who sold the Skarn tapestry?")
    assert steps.answer_of(turn) == told
    expect(two.locator(".turn")).to_have_count(1)
    steps.to_questions(one)
    expect(one.locator(".turn .answer")).to_have_count(1)
    expect(one.locator(".turn .answer")).to_contain_text(LATE)


def test_the_table_is_searched_and_sorted(site: Site, opened: Opener) -> None:
    """Words leave the rows that hold them; a head sorts, and a second click the other way."""
    from playwright.sync_api import expect

    page = opened(site)
    steps.to_library(page)
    page.locator("#lib-query textarea, #lib-query input").fill("lower AVEN")
    expect(page.locator("#lib-table tbody tr")).to_have_count(1)
    expect(row(page, "Flood kills 12 in Lower Aven")).to_have_count(1)
    page.locator("#lib-query textarea, #lib-query input").fill("")
    expect(page.locator("#lib-table tbody tr").nth(1)).to_be_visible()
    head = page.locator("th.lib-col-title")
    orders = []
    for wanted in ("ascending", "descending"):
        head.locator("button").click()
        expect(head).to_have_attribute("aria-sort", wanted)
        orders.append(page.locator("#lib-table tbody th").all_inner_texts())
    assert orders[0] == list(reversed(orders[1]))
    assert len(orders[0]) > 1
    row(page, "Flood kills 12").locator("[data-do=article]").click()
    expect(page.locator("dialog[open] .body")).to_contain_text(LATE)

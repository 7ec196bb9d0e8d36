"""The HTML of the library's tab: what others wrote in it is only text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import KutipError
from tests.ui.library_desk import EVIL, entry, row
from ui.adding import Item, Work
from ui.library import Details, Listing, Wanted, mark
from ui.library_html import details_html, said_html, table_html, work_html


def safe(html: str) -> None:
    """Nothing of the hostile text is markup, obeyed or unseen."""
    for bad in ("<img", "<script", "${", "{{", "\u202e", "\x1b", "javascript:", 'x"y"'):
        assert bad not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


@pytest.mark.parametrize("text", [EVIL, f"x'onclick='a' {EVIL}"])
def test_what_others_wrote_is_only_text(text: str) -> None:
    """In titles, publishers, names, reasons, lines and addresses."""
    listing = Listing(
        rows=(row(text),), matched=1, total=1, wanted=Wanted(query=text), problems=(text,)
    )
    for reader in ("en", "id"):
        safe(table_html(listing, reader=reader, may_write=True, rev="1"))  # type: ignore[arg-type]
    details = Details(entry=entry(text=text, url=f"javascript:{text}"), copies=(row(text),))
    html = details_html(details, reader="en", may_write=True, rev="1")
    safe(html.replace("javascript:", "", 1))
    assert "href" not in html
    item = Item(name=text, state="failed", title=text, article_id=text, why=text, hint=text)
    safe(work_html(Work(items=(item,), note=text), reader="en", rev="1"))
    safe(said_html(text, wrong=True, rev="1"))


def test_an_article_is_told_in_full() -> None:
    """Its fields, that its day is inferred, a link to its page, its copies and removed lines."""
    whole = replace(entry(text="Banjir", url="https://example.org/a?b=1&c=2"), sources=("a.txt",))
    html = details_html(
        Details(entry=whole, copies=(row("Sama"),)), reader="id", may_write=True, rev="7"
    )
    assert "~ 3 Juni 2024" in html
    assert "Tanggal perkiraan" in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert "Dikeluarkan dari teks (2)" in html
    assert f'data-line="{mark("Menu")}"' in html
    assert 'data-line="*"' in html
    assert 'data-rev="7"' in html
    assert "a.txt" in html
    assert "Sama" in html


def test_the_table_tells_what_it_shows() -> None:
    """How many of how many, which column it is sorted by, and each row's two buttons."""
    listing = Listing(rows=(row("Banjir"),), matched=1, total=1_080, wanted=Wanted(column="title"))
    html = table_html(listing, reader="en", may_write=True, rev="1")
    assert "1 of 1,080 articles" in html
    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert 'data-do="article" data-article="0000000000000000"' in html
    assert 'data-do="choose" data-article="0000000000000000"' in html
    assert 'aria-label="Details of Banjir"' in html
    empty = Listing(rows=(), matched=0, total=0, wanted=Wanted())
    assert "Drag some in" in table_html(empty, reader="en", may_write=True, rev="1")
    assert "Drag some in" not in table_html(empty, reader="en", may_write=False, rev="1")
    assert work_html(Work(), reader="en", rev="1") == said_html("", wrong=False, rev="1") == ""


def test_every_error_of_the_engine_can_be_told() -> None:
    """Words for the page keep what went wrong, escaped."""
    assert "&lt;b&gt;" in said_html(str(KutipError("<b>")), wrong=True, rev="1")

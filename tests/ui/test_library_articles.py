"""The library behind its tab: what is found, corrected and deleted, and who may."""

from __future__ import annotations

from datetime import date

import pytest

from rag.engine import Engine
from rag.errors import BadSource, NotFound, StoreBusy
from rag.schema import Entry
from rag.search.lock import writer_lock
from tests.fakes import HashEmbedder
from tests.newsroom import ARTICLES
from tests.samples import FURNITURE, PASTED
from tests.ui import library_desk
from tests.ui.library_desk import EVIL, Sent, drained, entry, files
from ui.adding import Adding
from ui.desk import Desk, ReadOnly
from ui.library import PER_PAGE, Shelf, Wanted, mark, sorted_by
from ui.library_html import details_html, table_html

desk = library_desk.desk
adding = library_desk.adding
shelf = library_desk.shelf
sent = library_desk.sent


# The table ---------------------------------------------------------------------------------


def add_rows(desk: Desk) -> None:
    """Four articles of known days, publishers and languages."""
    told = (
        ("a", "Élan baru di São Paulo", "Kompas", "2024-06-03", "Ini berita tentang kota itu."),
        ("b", "Banjir di Aven", "kompas", "2024-05-31", "Sungai itu meluap pada hari Senin."),
        ("c", "Bridge closed", "Aven Post", "2023-12-31", "The bridge was closed after the storm."),
        ("d", "Undated story", None, None, "The council met and talked about the old road."),
    )
    for name, title, publisher, day, text in told:
        path = desk.engine.settings.data_dir.parent / f"{name}.txt"
        path.write_text(f"{title}\n\n{text}\n")
        [outcome] = desk.engine.add([str(path)])
        desk.engine.edit(
            outcome.article_id or "",
            title=title,
            publisher=publisher,
            published=date.fromisoformat(day) if day else None,
        )


def titles(shelf: Shelf, **wanted: object) -> list[str]:
    listing = shelf.listing(Wanted(**wanted), reader="en")  # type: ignore[arg-type]
    return [row.title.split()[0] for row in listing.rows]


def test_rows_are_searched_filtered_and_sorted(desk: Desk, shelf: Shelf) -> None:
    """By hand: every search, filter and order over four articles."""
    add_rows(desk)
    assert titles(shelf) == ["Élan", "Banjir", "Bridge", "Undated"]
    assert titles(shelf, query="elan sao") == ["Élan"]
    assert titles(shelf, query="AVEN") == ["Banjir", "Bridge"]
    assert titles(shelf, query="aven post") == ["Bridge"]
    assert titles(shelf, query="c.txt") == ["Bridge"]
    assert titles(shelf, query="nothing here") == []
    assert titles(shelf, publisher="KOMPAS") == ["Élan", "Banjir"]
    assert titles(shelf, language="en") == ["Bridge", "Undated"]
    assert titles(shelf, since="2024-05-31") == ["Élan", "Banjir"]
    assert titles(shelf, until="2024-05") == ["Banjir", "Bridge"]
    assert titles(shelf, since="2023", until="2023") == ["Bridge"]
    assert titles(shelf, until="2023-12-30") == []
    assert titles(shelf, down=False) == ["Bridge", "Banjir", "Élan", "Undated"]
    assert titles(shelf, column="title", down=False) == ["Banjir", "Bridge", "Élan", "Undated"]
    assert titles(shelf, column="publisher", down=False) == ["Bridge", "Banjir", "Élan", "Undated"]
    assert titles(shelf, column="added", down=False) == ["Élan", "Banjir", "Bridge", "Undated"]
    listing = shelf.listing(Wanted(publisher="kompas"), reader="en")
    assert (listing.matched, listing.total) == (2, 4)
    assert listing.publishers == ("Aven Post", "Kompas")
    assert listing.languages == ("en", "id")


def test_a_day_that_is_none_is_told_and_left_out(desk: Desk, shelf: Shelf) -> None:
    """The other filters still hold."""
    add_rows(desk)
    listing = shelf.listing(Wanted(since="2024-02-30", language="id"), reader="en")
    assert [row.title.split()[0] for row in listing.rows] == ["Élan", "Banjir"]
    assert listing.problems == (
        "“2024-02-30” is not a date, so it is left out. Write 2024-08-21, or 2024.",
    )


def test_a_column_is_sorted_both_ways() -> None:
    """Names from A first, the rest from the most; the same column again turns it round."""
    wanted = Wanted(page=3)
    by_title = sorted_by(wanted, "title")
    assert (by_title.column, by_title.down, by_title.page) == ("title", False, 0)
    assert sorted_by(by_title, "title").down is True
    assert sorted_by(wanted, "published").down is False
    assert sorted_by(by_title, "passages").down is True
    assert sorted_by(wanted, "article_id") == wanted


def test_the_table_has_pages(desk: Desk, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """120 articles are 50, 50 and 20; a page that is not there is the last one."""
    many = [entry(n) for n in range(120)]
    monkeypatch.setattr(desk.engine, "entries", lambda: iter(many))
    sizes = [len(shelf.listing(Wanted(page=p), reader="en").rows) for p in (0, 1, 2)]
    assert sizes == [PER_PAGE, PER_PAGE, 20]
    listing = shelf.listing(Wanted(page=99), reader="en")
    assert (listing.wanted.page, listing.pages) == (2, 3)
    html = table_html(listing, reader="en", may_write=True, rev="1")
    assert "Page 3 of 3" in html
    assert "120 articles" in html
    assert 'data-page="3" disabled' in html
    assert 'data-page="1">' in html


def test_rows_are_read_when_the_library_changed(
    desk: Desk, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for every question, and at once after another process has written."""
    add_rows(desk)
    reads = []
    entries = desk.engine.entries
    monkeypatch.setattr(desk.engine, "entries", lambda: reads.append(1) or entries())
    assert len(titles(shelf)) == len(titles(shelf, query="")) == 4
    assert len(reads) == 1
    with Engine(desk.engine.settings, embedder=HashEmbedder()) as other:
        other.remove([next(e.article.article_id for e in other.entries())])
    assert len(titles(shelf)) == 3
    assert len(reads) == 2


# One article -------------------------------------------------------------------------------


def only(desk: Desk) -> Entry:
    [found] = desk.engine.entries()
    return found


def test_an_article_is_corrected(desk: Desk, shelf: Shelf, adding: Adding, sent: Sent) -> None:
    """Empty fields stay, a wrong date changes nothing and says why, and answers see the change."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    article_id = only(desk).article.article_id

    def correct(title: str = "", publisher: str = "", published: str = "") -> str:
        return shelf.correct(
            article_id, title=title, publisher=publisher, published=published, reader="en"
        )

    assert correct() == "Nothing was changed."
    for wrong in ("7 June 2024", "2024-13-01", "20240607", "2024-W01-1", "٢٠٢٤-٠٦-٠٧"):
        with pytest.raises(BadSource, match="is not a date"):
            correct(title="Never", published=wrong)
    assert only(desk).article.metadata.title == "Flood kills 12 in Lower Aven"
    assert correct(publisher=" Aven\n Post ", published="2024-06-07") == (
        "Saved. The next question sees it."
    )
    metadata = only(desk).article.metadata
    assert metadata.title == "Flood kills 12 in Lower Aven"
    assert (metadata.publisher, metadata.published) == ("Aven Post", date(2024, 6, 7))
    assert correct(published="2024-06-07") == "Nothing was changed."
    citation = desk.engine.ask("How many people were killed?").citations[0]
    assert citation.passage.metadata.published == date(2024, 6, 7)


def test_a_line_is_put_back(desk: Desk, shelf: Shelf, adding: Adding, sent: Sent) -> None:
    """Into the text of an uploaded file, by its mark; then it is not there to be put back."""
    files(adding, sent("a.txt", PASTED))
    before = only(desk).article
    assert before.removed == FURNITURE
    line = FURNITURE[0]
    new_id = shelf.put_back(before.article_id, mark(line), reader="en")
    after = only(desk)
    assert after.article.article_id == new_id != before.article_id
    assert line in after.article.text
    assert line not in after.article.removed
    assert after.sources == ("a.txt",)
    with pytest.raises(BadSource, match="That line is in the text"):
        shelf.put_back(new_id, mark(line), reader="en")
    assert only(desk).article.removed
    shelf.put_back(new_id, "*", reader="en")
    assert only(desk).article.removed == ()


def test_a_deleted_article_is_gone(desk: Desk, shelf: Shelf, adding: Adding, sent: Sent) -> None:
    """Its name is told, the next question does not find it, a second time says it is gone."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    article_id = only(desk).article.article_id
    told = shelf.delete(article_id, reader="id")
    assert told == "Dihapus: Flood kills 12 in Lower Aven"
    assert desk.engine.ask("How many people were killed?").abstention == "nothing_indexed"
    for again in (
        lambda: shelf.delete(article_id, reader="en"),
        lambda: shelf.details(article_id, reader="en"),
        lambda: shelf.put_back(article_id, "*", reader="en"),
        lambda: shelf.correct(article_id, title="x", publisher="", published="", reader="en"),
    ):
        with pytest.raises(NotFound, match="not in the library any more"):
            again()


def test_an_id_is_never_guessed(desk: Desk, shelf: Shelf, adding: Adding, sent: Sent) -> None:
    """The beginning of an id, or anything else a page may send, names no article here."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    whole = only(desk).article.article_id
    for wrong in (whole[:8], "", "../x", EVIL, whole.upper() + "0"):
        with pytest.raises(NotFound):
            shelf.delete(wrong, reader="en")
    assert shelf.details(whole, reader="en").entry.article.article_id == whole


def test_a_busy_store_stops_a_change(desk: Desk, shelf: Shelf, adding: Adding, sent: Sent) -> None:
    """Who writes is told, and nothing is changed."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    article_id = only(desk).article.article_id
    with (
        writer_lock(desk.engine.settings.data_dir, wait_seconds=1, command="kutip add x"),
        pytest.raises(StoreBusy, match="kutip add x"),
    ):
        shelf.delete(article_id, reader="en")
    assert only(desk).article.article_id == article_id


def test_a_read_only_page_changes_nothing(desk: Desk, adding: Adding, sent: Sent) -> None:
    """Every handler refuses before it does anything, whatever is asked of it."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    before = only(desk)
    article_id = before.article.article_id
    closed = Desk(engine=desk.engine, read_only=True)
    shelf, shut = Shelf(closed), Adding(closed)
    text = {"title": "", "publisher": "", "published": ""}
    changing = (
        lambda: shelf.delete(article_id, reader="id"),
        lambda: shelf.delete("gone", reader="id"),
        lambda: shelf.put_back(article_id, "*", reader="id"),
        lambda: shelf.correct(article_id, **text, reader="id"),
        lambda: drained(shut.files("p", [sent("a.txt", "Words.")], reader="id", known={})),
        lambda: drained(shut.addresses("p", "https://example.org/", reader="id")),
        lambda: drained(shut.text("p", "Some words.", **text, reader="id")),
    )
    for change in changing:
        with pytest.raises(ReadOnly, match="hanya untuk dibaca"):
            change()
    assert only(desk) == before
    assert sent.left == []
    details = shelf.details(article_id, reader="en")
    html = details_html(details, reader="en", may_write=False, rev="1")
    assert 'data-do="restore"' not in html
    assert 'data-do="article"' in html

"""The library behind its tab: what is added, found, corrected and deleted, and who may."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import BadSource, KutipError, NotFound, StoreBusy
from rag.schema import Article, Entry, Metadata
from rag.search.lock import writer_lock
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.ingest.servers import Server, ok
from tests.newsroom import ARTICLES, KILLED
from tests.samples import FURNITURE, PASTED, page
from ui.adding import Adding, Item, Work
from ui.desk import Desk, ReadOnly
from ui.library import PER_PAGE, Details, Listing, Row, Shelf, Wanted, mark, sorted_by
from ui.library_html import details_html, said_html, table_html, work_html

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>${x}{{y}}\u202e\x1b[31m'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty data folder."""
    settings = Settings(data_dir=tmp_path / "store", lock_seconds=0.2, max_file_bytes=100_000)
    with Engine(settings, embedder=HashEmbedder()) as engine:
        yield Desk(engine=engine)


@pytest.fixture
def adding(desk: Desk) -> Adding:
    return Adding(desk)


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    return Shelf(desk)


def drained(work: AsyncIterator[Work]) -> list[Work]:
    async def drain() -> list[Work]:
        return [one async for one in work]

    return asyncio.run(drain())


class Sent:
    """Files as Gradio leaves them: each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sent"
        self.count = 0

    def __call__(self, name: str, data: str | bytes) -> str:
        self.count += 1
        path = self.folder / str(self.count) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    @property
    def left(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


def states(work: Work) -> dict[str, str]:
    return {item.name: item.state for item in work.items}


def files(adding: Adding, *paths: str, known: dict[str, str] | None = None) -> list[Work]:
    return drained(adding.files("page", paths, reader="en", known=known or {}))


# Adding ------------------------------------------------------------------------------------


def test_files_are_added_under_their_own_names(
    adding: Adding, desk: Desk, sent: Sent, tmp_path: Path
) -> None:
    """Good ones are stored, bad ones refused with words, none is left where it was sent to."""
    paths = [sent(name, text) for name, text in ARTICLES.items()]
    paths += [sent("fake.pdf", b"MZ\x90\x00 program"), sent("none.txt", b"")]
    told = files(adding, *paths)
    last = told[-1]
    assert states(last) == {
        "flood.txt": "added",
        "talks.txt": "added",
        "fake.pdf": "failed",
        "none.txt": "failed",
    }
    assert (last.running, last.changed, last.wrong) == (False, True, False)
    assert last.note == "Done: 2 added, 2 not added."
    assert last.left == ("fake.pdf", "none.txt")
    assert all(work.running for work in told[:-1])
    assert sent.left == []
    entries = list(desk.engine.entries())
    assert {s for e in entries for s in e.sources} == {"flood.txt", "talks.txt"}
    assert str(tmp_path) not in repr([(e.article, e.sources) for e in entries])
    assert desk.engine.ask("How many people were killed in Lower Aven?").citations


def test_a_changed_file_of_the_same_name_takes_the_place_of_the_former(
    adding: Adding, desk: Desk, shelf: Shelf, sent: Sent
) -> None:
    """The article is updated, and what it replaces is named; the same file again is known."""
    files(adding, sent("a.txt", "Old title\n\nThe old bridge was closed on Monday.\n"))
    again = sent("a.txt", "New title\n\nThe new bridge was opened on Friday.\n")
    [item] = files(adding, again, known=shelf.titles())[-1].items
    assert (item.state, item.title) == ("updated", "New title")
    assert "Old title" in item.why
    same = sent("a.txt", "New title\n\nThe new bridge was opened on Friday.\n")
    last = files(adding, same)[-1]
    assert (states(last), last.changed) == ({"a.txt": "unchanged"}, False)
    assert [e.article.metadata.title for e in desk.engine.entries()] == ["New title"]


def test_a_name_leads_nowhere(adding: Adding, desk: Desk, sent: Sent, tmp_path: Path) -> None:
    """Two files of one name are two articles, and a hostile name is only words."""
    (tmp_path / "secret.txt").write_text("The secret of this machine is safe.")
    evil = sent("<b>..\\..\\secret.txt", "A harmless story about the river Aven.")
    twins = [sent("a.txt", f"Story number {n} about the bridge.") for n in (1, 2)]
    last = files(adding, evil, *twins)[-1]
    assert states(last) == {"secret.txt": "added", "a.txt": "added", "a (2).txt": "added"}
    assert not any("this machine" in e.article.text for e in desk.engine.entries())


def test_too_many_files_are_cut_short(adding: Adding, sent: Sent) -> None:
    """The first 50 are looked at, the rest is counted, and all are deleted."""
    last = files(adding, *(sent(f"{n}.txt", b"") for n in range(53)))[-1]
    assert len(last.items) == 51
    assert last.items[-1].why == "3 more files were not taken: at most 50 at once."
    assert sent.left == []


def test_addresses_are_read_one_a_line(desk: Desk) -> None:
    """What is no web address is never read from this machine, and no private page is fetched."""
    lines = "\n/etc/passwd\nfile:///etc/hosts\n-\n http://127.0.0.1:9/a \nhttp://a:b@10.0.0.1/\n"
    told = drained(Adding(desk).addresses("page", lines, reader="en"))
    last = told[-1]
    assert set(states(last).values()) == {"failed"}
    assert len(last.items) == 5
    why = {item.name: item.why for item in last.items}
    for line in ("/etc/passwd", "file:///etc/hosts", "-"):
        assert why[line] == "this is not a web address"
    assert "private" in why["http://127.0.0.1:9/a"]
    assert "password" in why["http://…@10.0.0.1/"]
    assert "a:b" not in repr(last)
    assert list(desk.engine.entries()) == []
    assert last.left == ("http://127.0.0.1:9/a",)


def test_a_scheme_may_be_left_out(desk: Desk) -> None:
    """A host and a path are taken as an address of the web."""
    told = drained(Adding(desk).addresses("page", "localhost.localdomain/x", reader="en"))
    assert [item.name for item in told[-1].items] == ["https://localhost.localdomain/x"]


def test_a_feed_becomes_its_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed is told apart from the pages that it lists."""
    server = Server()
    try:
        feed = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Kabar</title>'
            f"<item><title>A</title><link>{server.url('/a.html')}</link></item></channel></rss>"
        )
        server.replies["/feed"] = ok(feed.encode(), kind="application/rss+xml")
        server.replies["/a.html"] = ok(page())
        add = desk.engine.add
        monkeypatch.setattr(
            desk.engine, "add", lambda sources, **more: add(sources, allow_private=True, **more)
        )
        last = drained(Adding(desk).addresses("page", server.url("/feed"), reader="en"))[-1]
    finally:
        server.close()
    assert [(i.state, i.pages) for i in last.items] == [("listed", 1), ("added", 0)]
    assert last.note == "Done: 1 added."


def test_pasted_text_is_an_article(adding: Adding, desk: Desk) -> None:
    """With the title, publisher and date that were given; pasted again, it is known."""

    def paste(text: str = KILLED, published: str = "2024-06-03") -> Work:
        return drained(
            adding.text(
                "page", text, title="The flood", publisher="Post", published=published, reader="en"
            )
        )[-1]

    last = paste()
    assert (last.changed, last.note) == (True, "Done: 1 added.")
    [entry] = desk.engine.entries()
    metadata = entry.article.metadata
    assert (metadata.title, metadata.publisher) == ("The flood", "Post")
    assert (metadata.published, metadata.published_basis) == (date(2024, 6, 3), "edited")
    assert entry.article.text == f"The flood\n\n{KILLED}"
    [source] = entry.sources
    assert source.startswith("pasted text ")
    assert "/" not in source
    assert (paste().changed, len(list(desk.engine.entries()))) == (False, 1)
    paste("Another story was told in Harapan on the same day.")
    assert len(list(desk.engine.entries())) == 2
    assert paste("  \n").note == "There is no text. Paste the article into the field."
    with pytest.raises(BadSource, match="3 June"):
        paste(published="3 June")


def test_a_second_addition_waits_for_the_first(
    adding: Adding, sent: Sent, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    """It says so, and goes on when the first is done."""
    begun, go = threading.Event(), threading.Event()
    add = desk.engine.add

    def slow(*args: object, **more: object) -> object:
        begun.set()
        go.wait(10)
        return add(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.engine, "add", slow)
    paths = [sent(name, text) for name, text in ARTICLES.items()]

    async def both() -> tuple[list[Work], list[Work]]:
        async def watch(session: str, path: str) -> list[Work]:
            seen = []
            async for work in adding.files(session, [path], reader="en", known={}):
                seen.append(work)
                if work.note.startswith("Waiting"):
                    go.set()
            return seen

        first = asyncio.create_task(watch("one", paths[0]))
        await asyncio.to_thread(begun.wait, 10)
        second = asyncio.create_task(watch("two", paths[1]))
        return await first, await second

    one, two = asyncio.run(both())
    assert "Waiting for another upload to be done." in [work.note for work in two]
    assert states(one[-1]) == {"flood.txt": "added"}
    assert states(two[-1]) == {"talks.txt": "added"}


def test_stopping_keeps_what_is_stored(
    adding: Adding, desk: Desk, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What had been stored stays, the rest is told of, and nothing is left lying about."""
    small = replace(desk.engine.settings, batch_passages=1)
    monkeypatch.setattr(desk.engine, "settings", small)
    paths = [sent(f"{n}.txt", f"Story {n} about the bridge over the Aven.") for n in range(3)]
    add = desk.engine.add

    def stopping(*args: object, **more: object) -> Iterator[object]:
        for outcome in add(*args, **more):  # type: ignore[arg-type]
            assert adding.stop("page") == "Stopping after what is being worked on."
            yield outcome

    monkeypatch.setattr(desk.engine, "add", stopping)
    last = files(adding, *paths)[-1]
    assert states(last) == {"0.txt": "added", "1.txt": "undone", "2.txt": "undone"}
    assert last.note == "Stopped: 1 added, 2 not done. What was added before stays."
    assert len(list(desk.engine.entries())) == 1
    assert sent.left == []
    assert adding.stop("page") == ""


def test_a_busy_store_is_words(adding: Adding, desk: Desk, sent: Sent) -> None:
    """While another process writes, an addition ends with who it is, and can be tried again."""
    files(adding, sent("flood.txt", ARTICLES["flood.txt"]))
    with writer_lock(desk.engine.settings.data_dir, wait_seconds=1, command="kutip add x"):
        last = files(adding, sent("talks.txt", ARTICLES["talks.txt"]))[-1]
    assert last.wrong
    assert "kutip add x" in last.note
    assert states(last) == {"talks.txt": "undone"}
    assert sent.left == []
    last = files(adding, sent("talks.txt", ARTICLES["talks.txt"]))[-1]
    assert states(last) == {"talks.txt": "added"}


def test_a_fault_is_words(
    adding: Adding, desk: Desk, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that nobody foresaw ends the work with words, and the next one is done."""

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError(EVIL)

    with monkeypatch.context() as patch:
        patch.setattr(desk.engine, "add", broken)
        last = files(adding, sent("a.txt", "Some words of a story."))[-1]
    assert last.wrong
    assert "RuntimeError" in last.note
    assert sent.left == []
    assert states(files(adding, sent("a.txt", "Some words of a story."))[-1]) == {"a.txt": "added"}


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


# HTML --------------------------------------------------------------------------------------


def entry(number: int = 0, *, text: str = "Words.", url: str | None = None) -> Entry:
    """An article whose every field says `text`."""
    return Entry(
        article=Article(
            article_id=f"{number:016x}",
            text=text,
            removed=(text, "Menu"),
            metadata=Metadata(
                title=text,
                source=text,
                url=url,
                publisher=text,
                authors=(text,),
                published=date(2024, 6, 3),
                published_basis="inferred",
                language="id",
            ),
        ),
        sources=(text,),
        passages=3,
        added_at=datetime(2024, 6, 4, tzinfo=UTC),
    )


def row(text: str) -> Row:
    return Row(
        article_id="0" * 16,
        title=text,
        publisher=text,
        authors=(text,),
        published=date(2024, 6, 3),
        inferred=True,
        language=text,
        passages=3,
        added=datetime(2024, 6, 4, tzinfo=UTC),
        sources=(text,),
        folded=text,
    )


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

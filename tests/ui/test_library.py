"""The library behind its tab: what is added, and how that ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.errors import BadSource
from rag.search.lock import writer_lock
from tests.ingest.servers import Server, ok
from tests.newsroom import ARTICLES, KILLED
from tests.samples import page
from tests.ui import library_desk
from tests.ui.library_desk import EVIL, Sent, drained, files, states
from ui.adding import Adding, Work
from ui.desk import Desk
from ui.library import Shelf

desk = library_desk.desk
adding = library_desk.adding
shelf = library_desk.shelf
sent = library_desk.sent


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

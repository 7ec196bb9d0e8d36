"""What is added in each format and from addresses, through the engine and real stores."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.schema import Article, Entry, Metadata, Outcome, article_id_of
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.ingest.made_pdf import pdf
from tests.ingest.servers import Server, ok
from tests.samples import CREDIT, FURNITURE, PASTED, REPORT, page, pasted_pages, word


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over an empty data folder."""
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as made:
        yield made


@pytest.fixture
def server() -> Iterator[Server]:
    """A site on this machine."""
    made = Server()
    yield made
    made.close()


def only(engine: Engine) -> Entry:
    [entry] = engine.entries()
    return entry


def added(engine: Engine, *sources: object) -> list[Outcome]:
    return list(engine.add(list(map(str, sources)), allow_private=True))


# Files -------------------------------------------------------------------------------------


def test_pasted_text_is_rid_of_what_stood_around_it(engine: Engine, tmp_path: Path) -> None:
    """Menus and other headlines are kept beside the text, and are never found or cited."""
    (tmp_path / "a.txt").write_text(PASTED, encoding="utf-8")
    assert [o.status for o in added(engine, tmp_path / "a.txt")] == ["added"]
    entry = only(engine)
    assert entry.article.text == "\n\n".join(REPORT)
    assert entry.article.removed == FURNITURE
    metadata = entry.article.metadata
    assert (metadata.title, metadata.publisher) == (REPORT[0], "KABAR")
    assert (metadata.published, metadata.modified, metadata.language) == (None, None, "id")
    assert engine.search("Joko Lestari")
    assert not any("Piala Gubernur" in h.passage.text for h in engine.search("Piala Gubernur"))


def test_a_saved_page_is_an_article(engine: Engine, tmp_path: Path) -> None:
    """Its article without its menu, its title, publisher and time, and when it was changed."""
    changed = '<meta property="article:modified_time" content="2024-06-05T07:00:00+07:00">'
    (tmp_path / "a.html").write_bytes(page(head=changed))
    added(engine, tmp_path / "a.html")
    entry = only(engine)
    assert entry.article.text == "\n\n".join(REPORT)
    assert any("Beranda" in line for line in entry.article.removed)
    metadata = entry.article.metadata
    assert (metadata.title, metadata.publisher) == (REPORT[0], "Kabar Harapan")
    assert metadata.published_at is not None
    assert metadata.published_at.isoformat() == "2024-06-03T20:00:00+07:00"
    assert (metadata.published, metadata.published_basis) == (date(2024, 6, 3), "stated")
    assert metadata.modified == date(2024, 6, 5)


def test_a_pdf_and_a_word_file_are_articles(engine: Engine, tmp_path: Path) -> None:
    """Each is stored with its text and title; the day a file was made is no day of publication."""
    lines = [(60.0, 740.0 - 40 * n, 18.0 if n == 0 else 9.0, s) for n, s in enumerate(REPORT)]
    (tmp_path / "a.pdf").write_bytes(
        pdf([lines], info=b"/Title(Air bah)/Author(Ana Buru)/CreationDate(D:20240610083000Z)")
    )
    (tmp_path / "b.docx").write_bytes(word(*REPORT[1:], title="Air pasang"))
    assert [o.title for o in added(engine, tmp_path)] == ["Air bah", "Air pasang"]
    found = {e.article.metadata.title: e.article for e in engine.entries()}
    assert found["Air pasang"].text == "\n\n".join(REPORT[1:])
    assert found["Air bah"].text.split("\n\n") == list(REPORT)
    assert found["Air bah"].metadata.authors == ("Ana Buru",)
    assert {a.metadata.published for a in found.values()} == {None}
    answer = engine.ask("Berapa truk yang dikirim pemerintah kabupaten?")
    assert answer.citations
    assert "tiga truk" in answer.citations[0].quote


def test_an_entry_tells_when_it_was_added(engine: Engine, tmp_path: Path) -> None:
    """The day of adding is kept for itself: no article is ever dated by it."""
    (tmp_path / "a.txt").write_text(PASTED, encoding="utf-8")
    added(engine, tmp_path / "a.txt")
    entry = only(engine)
    assert entry.added_at.tzinfo is not None
    assert entry.article.metadata.published is None


def test_a_line_of_three_files_is_furniture(engine: Engine, tmp_path: Path) -> None:
    """What the pages of one outlet share is taken out of each, once three were added together."""
    for name, text in pasted_pages("Harapan", "Lestari", "Merdeka").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    added(engine, tmp_path / "Harapan.txt")
    assert CREDIT in only(engine).article.text
    engine.remove([only(engine).article.article_id])
    added(engine, tmp_path)
    entries = list(engine.entries())
    assert len(entries) == 3
    for entry in entries:
        assert CREDIT in entry.article.removed
        assert entry.article.text.count("kata saksi mata") == 3


def test_bad_files_of_every_kind_fail_alone(engine: Engine, tmp_path: Path) -> None:
    """Each says in one line what is wrong with it; the good ones beside them are stored."""
    bad = {
        "a.pdf": (pdf([[]]), "no text"),
        "b.pdf": (b"%PDF-1.7 trash", "damaged"),
        "c.docx": (b"PK\x03\x04word/trash", "c.docx is "),
        "d.html": (b"<html><body><script>run()</script></body></html>", "d.html"),
        "e.txt": (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG image"),
        "f.txt": (b"", "is empty"),
        "g.txt": (b"<rss><channel></channel></rss>", "is a feed"),
        "h.md": (b"...", "no text"),
    }
    for name, (data, _) in bad.items():
        (tmp_path / name).write_bytes(data)
    good = {"a0.txt": PASTED.encode(), "h0.html": page(*REPORT[:0:-1])}
    for name, data in good.items():
        (tmp_path / name).write_bytes(data)
    outcomes = {Path(o.source).name: o for o in added(engine, tmp_path)}
    assert {name for name, o in outcomes.items() if o.status == "added"} == set(good)
    for name, (_, said) in bad.items():
        assert outcomes[name].status == "failed"
        assert said in (outcomes[name].reason or "")
        assert outcomes[name].hint


# Addresses ---------------------------------------------------------------------------------


def test_a_page_is_added_once_however_it_was_copied(engine: Engine, server: Server) -> None:
    """The same page under a tracking link is unchanged, and embeds nothing."""
    server.replies["/a"] = server.replies["/a?utm_source=x"] = ok(page())
    [first] = added(engine, server.url("/a"))
    assert first.status == "added"
    entry = only(engine)
    assert entry.sources == (server.url("/a"),)
    assert entry.article.metadata.url == server.url("/a")
    embedded = engine.embedder.embedded  # type: ignore[attr-defined]
    for url in (server.url("/a"), server.url("/a?utm_source=x#top")):
        [again] = added(engine, url)
        assert (again.status, again.article_id) == ("unchanged", first.article_id)
    assert engine.embedder.embedded == embedded  # type: ignore[attr-defined]


def test_a_changed_page_takes_the_place_of_the_old(engine: Engine, server: Server) -> None:
    """What it said before is found no more, what it says now is, and a correction holds."""
    server.replies["/a"] = ok(page())
    added(engine, server.url("/a"))
    engine.edit(only(engine).article.article_id, title="Air bah")
    server.replies["/a"] = ok(page(*(line.replace("Joko", "Wulan") for line in REPORT[1:])))
    [outcome] = added(engine, server.url("/a"))
    assert (outcome.status, outcome.title) == ("updated", REPORT[0])
    assert only(engine).article.metadata.title == "Air bah"
    assert "Wulan Lestari" in only(engine).article.text
    assert not any("Joko" in hit.passage.text for hit in engine.search("Joko Lestari"))
    status = engine.status()
    assert (status.articles, status.vectors) == (1, status.passages)


def test_a_page_that_is_also_a_file_has_two_sources(
    engine: Engine, server: Server, tmp_path: Path
) -> None:
    """The same text from the web and from a saved file is one article."""
    server.replies["/a"] = ok(page())
    (tmp_path / "a.html").write_bytes(page())
    statuses = [o.status for o in added(engine, server.url("/a"), tmp_path / "a.html")]
    assert statuses == ["added", "unchanged"]
    assert len(only(engine).sources) == 2


def test_a_private_address_is_refused_unasked(engine: Engine, server: Server) -> None:
    """This machine's own server gets no request unless private addresses are allowed."""
    server.replies["/a"] = ok(page())
    [outcome] = engine.add([server.url("/a")])
    assert outcome.status == "failed"
    assert "private address" in (outcome.reason or "")
    assert "--allow-private" in (outcome.hint or "")
    assert server.requests == []
    assert list(engine.entries()) == []


def test_a_feed_adds_each_of_its_pages(engine: Engine, server: Server) -> None:
    """Each page is an outcome of its own; one that is gone says so, and the others stay."""
    links = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in (1, 2, 3))
    feed = f"<rss version='2.0'><channel><title>W</title>{links}</channel></rss>".encode()
    server.replies["/feed"] = ok(feed, kind="application/rss+xml")
    server.replies["/1"] = ok(page())
    server.replies["/2"] = ok(b"gone", status="404 Not Found")
    server.replies["/3"] = ok(page(*REPORT[:0:-1], title="Air mulai surut di Kota Harapan"))
    outcomes = added(engine, server.url("/feed"), server.url("/3"))
    assert [(o.source, o.status) for o in sorted(outcomes, key=lambda o: o.source)] == [
        (server.url("/1"), "added"),
        (server.url("/2"), "failed"),
        (server.url("/3"), "added"),
    ]
    [gone] = [o for o in outcomes if o.status == "failed"]
    assert "404" in (gone.reason or "")
    assert len(list(engine.entries())) == 2
    assert [o.status for o in added(engine, server.url("/feed"))].count("unchanged") == 2


def test_a_dead_site_fails_alone(engine: Engine, server: Server, tmp_path: Path) -> None:
    """A refused connection, an empty reply and a broken address leave their neighbour be."""
    server.replies["/empty"] = ok(b"")
    server.replies["/a"] = ok(page())
    dead = Server()
    dead.close()
    urls = [dead.url("/a"), server.url("/empty"), "http://", server.url("/a")]
    outcomes = {o.source: o.status for o in added(engine, *urls)}
    assert outcomes == dict.fromkeys(urls[:3], "failed") | {urls[3]: "added"}


def test_limits_of_the_settings_reach_the_reader(tmp_path: Path) -> None:
    """A limit in the settings is what a source is refused by."""
    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "b.txt").write_text(PASTED, encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "store", max_page_bytes=100, max_article_chars=200)
    with Engine(settings, embedder=HashEmbedder()) as engine:
        page_, text = added(engine, tmp_path / "a.html", tmp_path / "b.txt")
    assert "larger than 100 bytes" in (page_.reason or "")
    assert "longer than 200 characters" in (text.reason or "")
    assert dataclasses.replace(page_, reason=None, hint=None).status == "failed"


# Articles that are made already ------------------------------------------------------------


def made(name: str, text: str) -> Article:
    return Article(
        article_id=article_id_of(text), text=text, metadata=Metadata(title="T", source=name)
    )


def test_an_article_is_taken_as_it_is(engine: Engine) -> None:
    """What would be cleaned out of a file stays, and nothing is read off the text."""
    text = f"{PASTED}  \u00a0 two  blanks"
    (outcome,) = engine.add_articles([made("a", text)])
    assert (outcome.status, outcome.source) == ("added", "a")
    entry = only(engine)
    assert (entry.article.text, entry.article.removed) == (text, ())
    assert (entry.article.metadata.title, entry.article.metadata.publisher) == ("T", None)
    assert entry.sources == ("a",)
    assert any("two  blanks" in hit.passage.text for hit in engine.search("two blanks"))


def test_an_article_takes_the_place_of_its_name(engine: Engine) -> None:
    """The same again changes nothing; another text under a name replaces the one before."""
    before, after = made("a", "The dam held."), made("a", "The dam broke at noon.")
    statuses = [o.status for o in engine.add_articles([before])]
    statuses += [o.status for o in engine.add_articles([before])]
    statuses += [o.status for o in engine.add_articles([after])]
    assert statuses == ["added", "unchanged", "updated"]
    assert only(engine).article.text == "The dam broke at noon."


def test_an_article_without_text_is_refused(engine: Engine) -> None:
    """It is an outcome with its reason, and the others are taken."""
    outcomes = list(engine.add_articles([made("a", " \n"), made("b", "The dam held.")]))
    assert sorted((o.source, o.status) for o in outcomes) == [("a", "failed"), ("b", "added")]
    assert outcomes[0].reason == "a holds no text"

"""From a located source to an article: formats, limits, addresses and feeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.errors import BadSource
from rag.ingest.load import Kind, Located, locate
from rag.ingest.reader import Limits, Raw, Reader, kind_of
from rag.schema import Article
from tests.ingest.made_pdf import pdf
from tests.ingest.servers import Reply, Server, ok
from tests.samples import REPORT, page, word

ADDED = date(2026, 11, 21)
TEXT = "\n\n".join(REPORT).encode()
PDF = pdf([[(60, 740, 18, REPORT[0]), (60, 700, 10, REPORT[1]), (60, 660, 10, REPORT[3])]])
DOCX = word(*REPORT)
LIMITS = Limits(parser_seconds=15.0, download_seconds=10.0)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A reader that may ask the server below."""
    with Reader(LIMITS, allow_private=True) as made:
        yield made


@pytest.fixture
def server() -> Iterator[Server]:
    """A site on this machine."""
    made = Server()
    yield made
    made.close()


def stored(folder: Path, name: str, data: bytes) -> Located:
    (folder / name).write_bytes(data)
    [one] = locate(str(folder / name))
    return one


def opened(reader: Reader, one: Located) -> Raw:
    raw = reader.open(one)
    assert isinstance(raw, Raw)
    return raw


def got(reader: Reader, server: Server, reply: Reply, path: str = "/x") -> Raw:
    server.replies[path] = reply
    return opened(reader, locate(server.url(path))[0])


def read(reader: Reader, raw: Raw) -> Article:
    return reader.article(raw, added=ADDED)


# Formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", TEXT, "text"),
        ("bare", TEXT, "text"),
        ("a.md", TEXT, "markdown"),
        ("a.html", page(), "page"),
        ("a.pdf", PDF, "pdf"),
        ("a.docx", DOCX, "word"),
        ("a.txt", PDF, "pdf"),
        ("a.html", b"\n\n" + PDF, "pdf"),
        ("a.md", DOCX, "word"),
        ("a.pdf", DOCX, "word"),
        ("a.txt", page(), "page"),
        ("bare", page(), "page"),
    ],
)
def test_bytes_tell_their_kind_before_the_name_does(
    reader: Reader, tmp_path: Path, name: str, data: bytes, kind: Kind
) -> None:
    """A misnamed PDF, Word file or page is read as what it is, and its article is found."""
    raw = opened(reader, stored(tmp_path, name, data))
    assert raw.kind == kind
    assert kind_of(data, raw.source, raw.facts) == kind
    article = read(reader, raw)
    assert article.text.startswith(REPORT[0])
    assert "tiga truk berisi selimut" in article.text
    assert article.metadata.title == REPORT[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [("a.pdf", "a.pdf is no PDF"), ("a.docx", "a.docx is ")],
)
def test_a_name_promises_what_the_bytes_must_keep(
    reader: Reader, tmp_path: Path, name: str, said: str
) -> None:
    """A line of text that is called a PDF or a Word file is refused as neither of them."""
    with pytest.raises(BadSource) as caught:
        read(reader, opened(reader, stored(tmp_path, name, b"Hello there, this is text.")))
    assert caught.value.message.startswith(said)


def test_each_format_gives_what_it_states(reader: Reader, tmp_path: Path) -> None:
    """A page states its title, publisher and time; a Word file its title and author."""
    found = read(reader, opened(reader, stored(tmp_path, "a.html", page()))).metadata
    assert (found.title, found.publisher) == (REPORT[0], "Kabar Harapan")
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-06-03T20:00:00+07:00"
    assert (found.published, found.published_basis) == (date(2024, 6, 3), "stated")
    assert (found.url, found.language) == (None, "id")
    letter = word(*REPORT[1:], title="Air bah", author="Ana Buru")
    found = read(reader, opened(reader, stored(tmp_path, "a.docx", letter))).metadata
    assert (found.title, found.authors, found.published) == ("Air bah", ("Ana Buru",), None)


def test_the_digest_tells_what_would_be_read_otherwise(reader: Reader, tmp_path: Path) -> None:
    """Other bytes and another kind give another digest; another name does not."""
    one, same, other, changed = (
        opened(reader, stored(tmp_path, name, data)).digest
        for name, data in (("a.txt", TEXT), ("b.text", TEXT), ("c.md", TEXT), ("d.txt", TEXT[1:]))
    )
    assert one == same
    assert len({one, other, changed}) == 3


# Limits ------------------------------------------------------------------------------------


def test_the_limits_of_files_and_pages_are_inclusive(tmp_path: Path) -> None:
    """A file may have `file_bytes`, and a page `page_bytes`, whatever a page is called."""
    size = len(page())
    limits = dataclasses.replace(LIMITS, file_bytes=size, page_bytes=size)
    with Reader(limits) as reader:
        assert opened(reader, stored(tmp_path, "a.html", page())).kind == "page"
        with pytest.raises(BadSource, match=rf"b\.txt is larger than {size:,} bytes"):
            reader.open(stored(tmp_path, "b.txt", b"x" * (size + 1)))
    with Reader(dataclasses.replace(limits, page_bytes=size - 1)) as reader:
        for name in ("a.html", "c.txt"):
            with pytest.raises(BadSource, match=f"{name} is larger than .* the most for a page"):
                reader.open(stored(tmp_path, name, page()))
        assert opened(reader, stored(tmp_path, "d.txt", b"x" * size)).kind == "text"


def test_pages_of_a_pdf_and_letters_of_an_article_are_limited(tmp_path: Path) -> None:
    """A PDF of too many pages and an article of too many letters are refused, by their names."""
    two = pdf([[(60, 740, 10, REPORT[1])]] * 2)
    with Reader(dataclasses.replace(LIMITS, pdf_pages=1, article_chars=50)) as reader:
        with pytest.raises(BadSource, match=r"a\.pdf has more than 1 page"):
            read(reader, opened(reader, stored(tmp_path, "a.pdf", two)))
        for name, data in (("b.html", page()), ("c.txt", TEXT), ("d.docx", DOCX), ("e.pdf", PDF)):
            with pytest.raises(BadSource, match=f"{name} is longer than 50 characters"):
                read(reader, opened(reader, stored(tmp_path, name, data)))


def test_a_download_is_limited(server: Server) -> None:
    """A body over `download_bytes` is refused, and a page over `page_bytes` is too."""
    server.replies["/x"] = ok(page())
    [one] = locate(server.url("/x"))
    for limit in ("download_bytes", "page_bytes"):
        small = dataclasses.replace(LIMITS, **{limit: 100})
        with Reader(small, allow_private=True) as reader, pytest.raises(BadSource) as caught:
            reader.open(one)
        assert caught.value.message.startswith(f"{one.url} is larger than ")


# Lines that repeat -------------------------------------------------------------------------


def test_only_text_is_searched_for_repeated_lines(reader: Reader, tmp_path: Path) -> None:
    """Three files of text are; two and a page, and what cannot be read, are no reason to fail."""
    texts = [stored(tmp_path, f"{n}.txt", f"Menu utama\n{REPORT[n]}\n".encode()) for n in (1, 2, 3)]
    odd = [
        stored(tmp_path, "a.html", page()),
        stored(tmp_path, "b.txt", b""),
        stored(tmp_path, "c.txt", b"\x89PNG\r\n\x1a\n\x00\x00"),
        *locate("https://x.id/menu"),
        *locate("-"),
    ]
    assert reader.repeated_lines([*odd, *texts]) == {"Menu utama"}
    assert reader.repeated_lines([*odd, *texts[1:]]) == frozenset()
    (tmp_path / "2.txt").unlink()
    assert reader.repeated_lines(texts) == frozenset()


# Addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "content_type", "path", "kind"),
    [
        (page(), "text/html; charset=utf-8", "/a.pdf", "page"),
        (PDF, "text/html", "/a", "pdf"),
        (PDF, "application/octet-stream", "/a.pdf", "pdf"),
        (DOCX, "application/octet-stream", "/a", "word"),
        (TEXT, "text/plain; charset=utf-8", "/a", "text"),
        (TEXT, "text/markdown", "/a", "markdown"),
        (page(), "text/plain", "/a.txt", "page"),
    ],
)
def test_a_download_is_told_by_bytes_then_sender_then_name(
    reader: Reader, server: Server, data: bytes, content_type: str, path: str, kind: Kind
) -> None:
    """Its kind can be told again later from what is kept of it, and its article is found."""
    raw = got(reader, server, ok(data, kind=content_type), path)
    assert raw.kind == kind
    assert kind_of(raw.data, raw.source, raw.facts) == kind
    article = read(reader, raw)
    assert "tiga truk berisi selimut" in article.text
    assert article.metadata.url == article.metadata.source == server.url(path)


def test_the_charset_of_the_sender_counts(reader: Reader, server: Server) -> None:
    """Text and pages are decoded as the sender said; where it was wrong, as they are."""
    text = "Kopi di Café Müller kini 5 €, kata pemiliknya, Jürg Böhm."
    for said in ("iso-8859-15", "utf-8", "klingon"):
        data = text.encode("iso-8859-15" if said == "iso-8859-15" else "utf-8")
        raw = got(reader, server, ok(data, kind=f"text/plain; charset={said}"))
        assert read(reader, raw).text == text
    lies = page(text, *REPORT[1:], title="Kafe").replace(b'<meta charset="utf-8">', b"")
    raw = got(reader, server, ok(lies.decode().encode("cp1252"), kind="text/html; charset=cp1252"))
    assert text in read(reader, raw).text


def test_a_page_is_known_by_where_it_was_found(reader: Reader, server: Server) -> None:
    """After a redirect the address reached is the id; the user's own stays the source."""
    server.replies["/berita?id=7"] = ok(page())
    moved = ok(b"", "Location: /berita?id=7&utm_source=x#top", status="301 Moved Permanently")
    server.replies["/berita?id=7&utm_source=x"] = ok(page())
    raw = got(reader, server, moved, "/lama")
    assert raw.source_id == server.url("/berita?id=7")
    assert raw.source == server.url("/lama")
    assert read(reader, raw).metadata.url == server.url("/berita?id=7&utm_source=x")


@pytest.mark.parametrize("own", ["https://www.reuters.com/world/1", "javascript:alert(1)"])
def test_a_page_cannot_say_that_it_stands_elsewhere(
    reader: Reader, server: Server, own: str
) -> None:
    """A page that claims another site's address is shown under the one it was fetched from."""
    claims = page(
        head=f'<link rel="canonical" href="{own}"><meta property="og:url" content="{own}">'
    )
    assert read(reader, got(reader, server, ok(claims))).metadata.url == server.url("/x")
    here = server.url("/berita/7")
    true = page(head=f'<link rel="canonical" href="{here}">')
    assert read(reader, got(reader, server, ok(true))).metadata.url == here


def test_a_private_address_needs_a_word(server: Server) -> None:
    """Without `allow_private` this machine is not asked, and the way out is named."""
    server.replies["/x"] = ok(page())
    with Reader(LIMITS) as reader, pytest.raises(BadSource, match="private address") as caught:
        reader.open(locate(server.url("/x"))[0])
    assert "--allow-private" in caught.value.hint
    assert server.requests == []


# Feeds -------------------------------------------------------------------------------------

FEED = """<rss version="2.0"><channel><title>Warta Padi</title><language>id</language>
<item><title>Air bah</title><link>/berita/1</link><pubDate>Mon, 03 Jun 2024 21:30:00 +0700
</pubDate></item><item><title>Lagi</title><link>/berita/2?utm_source=rss</link></item>
<item><title>Tanpa alamat</title></item><item><title>Surel</title><link>mailto:a@x.id</link></item>
</channel></rss>"""


def listed(reader: Reader, server: Server, feed: str, kind: str) -> list[Located]:
    server.replies["/feed"] = ok(feed.encode(), kind=kind)
    pages = reader.open(locate(server.url("/feed"))[0])
    assert isinstance(pages, list)
    return pages


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml", "text/html"])
def test_a_feed_is_its_pages(reader: Reader, server: Server, kind: str) -> None:
    """The address of a feed gives its items in order; what has no address of a page is left out."""
    pages = listed(reader, server, FEED, kind)
    assert [one.source_id for one in pages] == [server.url("/berita/1"), server.url("/berita/2")]
    assert pages[0].facts["title"] == "Air bah"
    assert pages[0].facts["published"].startswith("2024-06-03T21:30")


def test_what_a_page_leaves_out_its_feed_tells(reader: Reader, server: Server) -> None:
    """The feed's date and publisher stand in for those of the page, and give way to them."""
    one, _ = listed(reader, server, FEED, "application/rss+xml")
    bare = page().replace(b"og:site_name", b"x").replace(b"article:published_time", b"y")
    server.replies["/berita/1"] = ok(bare.replace(b"(KABAR) ", b""))
    found = read(reader, opened(reader, one)).metadata
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-06-03T21:30:00+07:00"
    assert (found.title, found.publisher) == (REPORT[0], "Warta Padi")
    server.replies["/berita/1"] = ok(page())
    found = read(reader, opened(reader, one)).metadata
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-06-03T20:00:00+07:00"
    assert found.publisher == "Kabar Harapan"


def test_a_feed_in_a_feed_is_no_page(reader: Reader, server: Server) -> None:
    """What a feed lists is read as a page, so that feeds that name each other come to an end."""
    one, _ = listed(reader, server, FEED, "application/rss+xml")
    server.replies["/berita/1"] = ok(FEED.encode(), kind="application/rss+xml")
    with pytest.raises(BadSource, match="/berita/1 is a feed, not an article"):
        reader.open(one)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (FEED.encode(), "is a feed, not an article"),
        (b"<?xml version='1.0'?><urlset><url><loc>x</loc></url></urlset>", "is XML, not an art"),
    ],
)
def test_markup_is_no_text(
    reader: Reader, server: Server, tmp_path: Path, data: bytes, said: str
) -> None:
    """A saved feed and other XML are refused, so that no tag is ever taken for an article's."""
    with pytest.raises(BadSource, match=f"a.txt {said}"):
        reader.open(stored(tmp_path, "a.txt", data))
    if b"<rss" not in data:
        with pytest.raises(BadSource, match=f"/x {said}"):
            got(reader, server, ok(data, kind="application/xml"))


def test_a_feed_without_pages_says_so(reader: Reader, server: Server) -> None:
    """An empty feed is an error of its own, named by its address."""
    empty = "<rss version='2.0'><channel><title>Warta</title></channel></rss>"
    with pytest.raises(BadSource, match="/feed is a feed that "):
        listed(reader, server, empty, "application/rss+xml")

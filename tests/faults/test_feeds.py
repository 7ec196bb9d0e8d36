"""A hostile feed loads nothing, expands nothing and holds nobody up."""

from __future__ import annotations

import socket
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.feed import FeedItem, looks_like_feed, read_feed

HOME = "https://www.berita.example/rss/terkini.xml"


def read(text: str | bytes, url: str = HOME) -> tuple[FeedItem, ...]:
    return read_feed(text if isinstance(text, bytes) else text.encode(), name="F", url=url)


ITEM = "<item><link>https://a.example/{0}</link><title>{1}</title></item>"
BOMB = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "prolog",
    [
        f"<!DOCTYPE rss [{BOMB}]>",
        f'<!DOCTYPE rss [<!ENTITY x "]>"> {BOMB}]>',
        f'<!-- <![CDATA[ --><!DOCTYPE rss [{BOMB}]><!-- ]]> -->',
        '<!DOCTYPE rss [<!ENTITY a11 "' + "x" * 500_000 + '">]>',
        '<!DOCTYPE rss [<!ENTITY a11 SYSTEM "SECRET">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "SECRET"> %p;]>',
        '<!DOCTYPE rss SYSTEM "SECRET">',
        '<?xml-stylesheet href="SECRET"?>',
    ],
)  # fmt: skip
def test_declared_entities(prolog: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a feed declares is expanded, and no file or address it names is read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("<!ENTITY a11 'rahasia'>rahasia")
    monkeypatch.setattr(socket, "socket", None)
    body = ITEM.format(1, "a &a11; b" + "&a11;" * 1_000)
    started = time.perf_counter()
    tracemalloc.start()
    try:
        found = read(
            prolog.replace("SECRET", secret.as_uri()) + f"<rss><channel>{body}</channel></rss>"
        )
    except BadSource as error:
        assert "is not an RSS or Atom feed" in error.message  # noqa: PT017
        found = ()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - started < 1
    assert peak < 20_000_000
    for item in found:
        assert item.url == "https://a.example/1"
        assert (item.title or "").startswith("a &a11; b")
        assert "rahasia" not in str(item)


def test_an_included_file_is_not_read(tmp_path: Path) -> None:
    """XInclude and an entity in an attribute give nothing either."""
    secret = tmp_path / "secret.txt"
    secret.write_text("rahasia")
    (item,) = read(
        f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
        '<rss xmlns:xi="http://www.w3.org/2001/XInclude" xml:base="&a;"><channel><title>'
        f'<xi:include href="{secret.as_uri()}" parse="text"/></title>'
        + ITEM.format(1, "&a;")
        + "</channel></rss>"
    )
    assert "rahasia" not in str(item)


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        "".join(ITEM.format(n, "x" * 30) for n in range(100_000)),
        "<a/>" * (2 * MEGABYTE),
        "<a>" * (2 * MEGABYTE),
        "<item>" * MEGABYTE,
        "<item/>" * MEGABYTE,
        "<item><link>https://a.example/</link></item>" * 200_000,
        "<![CDATA[" * MEGABYTE,
        "<!--" * (2 * MEGABYTE),
        "<?" * (4 * MEGABYTE),
        "<" * (8 * MEGABYTE),
        "&" * (8 * MEGABYTE),
        "&lt;" * (2 * MEGABYTE),
        "&a;" * (2 * MEGABYTE),
        "]]>" * (2 * MEGABYTE),
        "<item " + "a='b' " * MEGABYTE + ">",
        "<item><title>" + "x" * (8 * MEGABYTE),
        "<item><author>" + "a-" * (4 * MEGABYTE) + "</author><link>https://a.example/</link></item>",
        "".join(
            f"<item><link>https://a.example/{n}</link><description><![CDATA["
            + bad * (9_000 // len(bad))
            + "]]></description></item>"
            for n, bad in enumerate(["<!--", "<script", "<p ", "<", "&", "</", "<style>"] * 15)
        ),
        "".join(
            f"<item><link>https://a.example/{n}</link><author>{bad * (9_000 // len(bad))}</author>"
            f"<pubDate>{bad * (9_000 // len(bad))}</pubDate></item>"
            for n, bad in enumerate(["a-", "a@a", "21 Aug ", "1", " ", "( ", "A'"] * 15)
        ),
    ],
    ids=lambda body: ascii(body[:30]),
)  # fmt: skip
def test_megabytes_of_junk(body: str) -> None:
    """Ten megabytes of whatever follows a feed's first element take less than five seconds."""
    started = time.perf_counter()
    try:
        found = read("<rss><channel>" + body[: 9 * MEGABYTE])
    except BadSource as error:
        assert "names no page" in error.message  # noqa: PT017
        found = ()
    assert time.perf_counter() - started < 5
    assert len(found) <= 100


def test_thirty_megabytes() -> None:
    """A feed larger than a fetched body may be is refused unread; telling it is one stays cheap."""
    junk = b"<rss><channel>" + b"\x00<" * 15_000_000
    started = time.perf_counter()
    assert looks_like_feed(junk)
    with pytest.raises(BadSource, match="F is larger than 10 MB"):
        read(junk)
    for start in (b"<!--", b"<?", b"<!", b"<!DOCTYPE [", b" ", b"[", b"\xff\xfe<"):
        assert not looks_like_feed(start * (30_000_000 // len(start)))
    assert time.perf_counter() - started < 1


PIECES = [
    "<rss>", "<channel>", "<item>", "</item>", "<link>", "https://a.example/", "</link>", "<title>",
    "&amp;", "&x;", "&", "<", ">", "]]>", "<![CDATA[", "<!--", "-->", "<?", "?>", "\x00", "é",
    "</channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>",
    "<link href='//b.example'/>", "<dc:date>", "2024-08-21", "xmlns:dc='", "\ud800",
    "<!DOCTYPE rss [", "<!ENTITY a 'b'>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_mixture_is_read_or_refused(pieces: list[str]) -> None:
    """Whatever a feed is made of, it gives items with web addresses, or is refused."""
    data = ("<rss>" + "".join(pieces)).encode("utf-8", "surrogatepass")
    try:
        found = read(data)
    except BadSource:
        found = ()
    assert all(item.url.startswith(("http://", "https://")) for item in found)

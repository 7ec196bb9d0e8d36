"""What a web address gives, and each way in which a site says no."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import BadSource
from rag.ingest.fetch import Fetched, fetch
from tests.ingest.servers import PAGE, Server, failure, get, ok


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_a_page(server: Server) -> None:
    """The bytes of a page come as they are, with their stated type and charset."""
    assert get(server, ok(PAGE, kind='Text/HTML; Charset="UTF-8"')) == Fetched(
        url=server.url("/x"), data=PAGE, content_type="text/html", charset="utf-8"
    )


def test_what_a_site_is_told(server: Server) -> None:
    """A site learns the address, the program and what it can read: no cookie, no referrer."""
    server.replies["/y?a=1"] = ok(PAGE, "Set-Cookie: id=7")
    server.replies["/x"] = ok(b"", "Location: /y?a=1", "Set-Cookie: id=7", status="302 Found")
    fetch(server.url("/x#top"), allow_private=True)
    first, second = server.requests
    assert first.startswith(f"GET /x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n")
    names = [line.partition(":")[0] for line in second.strip().split("\r\n")]
    assert names == ["GET /y?a=1 HTTP/1.1", "Host", "User-Agent", "Accept", "Accept-Encoding",
                     "Connection"]  # fmt: skip
    assert "\r\nUser-Agent: Kutip/" in second
    assert "\r\nAccept-Encoding: gzip, deflate\r\n" in second


def test_proxies_and_passwords_are_not_read(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy of the environment nor a netrc file changes what is asked of whom."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ani password rahasia\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert get(server, ok()).data == PAGE
    assert "uthorization" not in server.requests[0]


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("X-GZip", gzip.compress(PAGE, mtime=0)),
        ("gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"\0" * 20),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("identity", PAGE),
        ("", PAGE),
    ],
)
def test_a_packed_page_is_unpacked(server: Server, packing: str, body: bytes) -> None:
    """Every packing that was asked for gives the same page."""
    assert get(server, ok(body, f"Content-Encoding: {packing}")).data == PAGE


def test_a_large_packed_page(server: Server) -> None:
    """A page that unpacks to nearly the limit comes whole, and one byte more is refused."""
    page = b"".join(b"<p>Alinea nomor %d.</p>" % n for n in range(40_000))
    reply = ok(gzip.compress(page, mtime=0), "Content-Encoding: gzip")
    assert get(server, reply, max_bytes=len(page)).data == page
    assert "is larger than" in failure(server, reply, max_bytes=len(page) - 1)


def test_a_page_in_chunks(server: Server) -> None:
    """A page may come in chunks, with extensions and trailers, or until the site hangs up."""
    chunks = b"4;x=y\r\n<htm\r\n" + b"1c\r\n" + PAGE[4:] + b"\r\n0\r\nX: y\r\n\r\n"
    assert get(server, ok(chunks, "Transfer-Encoding: chunked")).data == PAGE
    assert get(server, b"HTTP/1.0 200 OK\r\n\r\n" + PAGE).data == PAGE
    assert get(server, b"HTTP/1.1 100 Continue\r\n\r\n" + ok()).data == PAGE


@pytest.mark.parametrize(
    ("kind", "stated", "charset"),
    [
        (None, "", None),
        ("text/plain; charset=windows-1252", "text/plain", "windows-1252"),
        ("application/pdf", "application/pdf", None),
        ("application/rss+xml;charset=utf-8;x=y", "application/rss+xml", "utf-8"),
        ("application/octet-stream", "application/octet-stream", None),
        ("text/html; charset=\x1b[2J", "text/html", None),
    ],
)
def test_what_may_be_an_article(
    server: Server, kind: str | None, stated: str, charset: str | None
) -> None:
    """Pages, text, documents, feeds and what states no type are taken."""
    found = get(server, ok(kind=kind))
    assert (found.content_type, found.charset) == (stated, charset)


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("image/jpeg", "is a JPEG image, not an article"),
        ("image/avif", "is an image (image/avif), not an article"),
        ("video/mp4", "is a video (video/mp4), not an article"),
        ("application/json; charset=utf-8", "is JSON data, not an article"),
        ("application/x-msdownload", "is a file of another kind (application/x-msdownload)"),
        ("nonsense\x1b[2J", "is a file of another kind (nonsense\\x1b[2j)"),
    ],
)
def test_what_is_no_article(server: Server, kind: str, what: str) -> None:
    """A picture is refused as a picture, before its bytes are read."""
    assert what in failure(server, ok(b"", "Content-Length: 900000000", kind=kind))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("401 Unauthorized", "needs a login or a subscription (401"),
        ("402 Payment Required", "needs a login or a subscription (402"),
        ("403 Forbidden", "needs a login or a subscription, or lets no program in (403"),
        ("404 Not Found", "404 not found"),
        ("410 Gone", "410 gone"),
        ("418 Teapot", "status 418"),
        ("429 Too Many Requests", "429 too many requests"),
        ("451 Unavailable", "legal reasons (451)"),
        ("500 Internal Server Error", "the site has a fault (500)"),
        ("503 Service Unavailable", "the site has a fault (503)"),
        ("204 No Content", "status 204"),
        ("304 Not Modified", "status 304"),
        ("302 Found", "status 302"),
    ],
)
def test_each_status_is_told_apart(server: Server, status: str, message: str) -> None:
    """Each way in which a site says no has a message of its own, whatever page comes with it."""
    assert message in failure(server, ok(PAGE, status=status))


@pytest.mark.parametrize(
    "location",
    ["/y", "y", "?p=1", "//127.0.0.1:{port}/y", "http://127.0.0.1:{port}/y#z", "./a/../y"],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: Server, status: int, location: str) -> None:
    """Every kind of redirect is followed, and the page knows where it was found."""
    server.replies |= {"/y": ok(), "/x?p=1": ok(b"", "Location: /y", status=f"{status} Moved")}
    header = f"Location: {location.format(port=server.port)}"
    found = get(server, ok(b"", header, status=f"{status} Moved"))
    assert found.url == server.url("/y")
    assert found.data == PAGE


def test_a_redirect_in_another_script(server: Server) -> None:
    """A redirect that is not escaped, as some sites send it, is read as UTF-8 or latin-1."""
    server.replies["/caf%C3%A9%20b"] = ok()
    for encoding in ("utf-8", "latin-1"):
        header = b"HTTP/1.1 302 Found\r\nLocation: " + "/café b".encode(encoding) + b"\r\n\r\n"
        assert get(server, header).data == PAGE


def test_five_redirects_and_no_more(server: Server) -> None:
    """Five redirects are followed; the sixth, and a page that leads to itself, are not."""
    for n in range(6):
        server.replies[f"/{n}"] = ok(b"", f"Location: /{n + 1}", status="302 Found")
    server.replies["/6"] = ok()
    assert fetch(server.url("/1"), allow_private=True).data == PAGE
    with pytest.raises(BadSource, match="/0: too many redirects, more than 5"):
        fetch(server.url("/0"), allow_private=True)
    assert "too many redirects" in failure(server, ok(b"", "Location: /x", status="301 Moved"))
    assert server.requests.count(server.requests[-1]) == 6


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("ftp://a.example/", "ftp addresses are not fetched"),
        ("file:///etc/passwd", "file addresses are not fetched"),
        ("http://ani:rahasia@127.0.0.1/", "holds a user name or a password"),
        ("/\\a.example/", "a backslash or a control character"),
        ("http://[::1", "is not a web address|is no plain host name"),
        ("//[", "broken redirect|is no plain host name|is not a web address"),
        ("http:///y", "names no host"),
    ],
)
def test_where_a_redirect_may_not_lead(server: Server, location: str, message: str) -> None:
    """A redirect is checked like an address that was given, and its password is not shown."""
    with pytest.raises(BadSource, match=message) as caught:
        get(server, ok(b"", f"Location: {location}", status="302 Found"))
    assert caught.value.message.startswith(server.url("/x"))
    assert "rahasia" not in caught.value.message

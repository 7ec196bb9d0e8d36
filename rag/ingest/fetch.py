"""Fetch a web page, a document or a feed as bytes: within limits, and from public hosts only.

Knows nothing of HTML. Keeps no cookies, reads no proxy settings and no passwords, tells a site
nothing but the address asked for; never connects to a private address, nor is redirected to one.
"""

from __future__ import annotations

import re
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import cast
from urllib.parse import urljoin

from rag.errors import BadSource
from rag.ingest.address import Address, parse, shown
from rag.ingest.dial import Flood, Wire, dial, left

_BLOCK = 65_536  # bytes read, and unpacked, at a time
_HEADER_BYTES = 256_000  # far above any real reply's
_MEMBERS = 64  # of a gzip body; real ones have one
_FORWARD = (301, 302, 303, 307, 308)
_SAVE = "Open it in your browser, save the page, and add the file."
_LATER = "Try again later."

# What may hold an article or list some; the rest of the bytes decides how it is read.
_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "text/x-markdown",
    "application/pdf",
    "application/x-pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/msword-openxml",
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/octet-stream",
    "binary/octet-stream",
)
_OTHERS = {
    "image/jpeg": "a JPEG image",
    "image/png": "a PNG image",
    "image/gif": "a GIF image",
    "image/webp": "a WebP image",
    "image/svg+xml": "an SVG image",
    "application/json": "JSON data",
    "application/msword": "an old Word document",
    "application/zip": "a ZIP archive",
    "text/css": "a style sheet",
    "text/javascript": "a script",
    "application/javascript": "a script",
}
_KINDS = {"image": "an image", "video": "a video", "audio": "a sound", "font": "a font"}

_STATUSES: dict[int, tuple[str, str]] = {
    401: ("needs a login or a subscription (401 unauthorized)", _SAVE),
    402: ("needs a login or a subscription (402 payment required)", _SAVE),
    403: ("needs a login or a subscription, or lets no program in (403 forbidden)", _SAVE),
    404: ("does not exist (404 not found)", "Check the address, or look for the article anew."),
    410: ("was taken down (410 gone)", "The site has removed it; look for a copy elsewhere."),
    429: ("was asked for too often (429 too many requests)", "Wait some minutes, then try again."),
    451: ("is withheld for legal reasons (451)", _SAVE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address gave."""

    url: str  # where it was found in the end, after redirects
    data: bytes  # decompressed, at least one
    content_type: str  # lower case, without parameters; "" if the site states none
    charset: str | None  # lower case, as stated


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    max_bytes: int = 10_000_000,
    seconds: float = 20.0,
    max_redirects: int = 5,
) -> Fetched:
    """What the web address `url` gives, redirects followed.

    `max_bytes` counts after decompression; `seconds` are of wall time for all of it: names
    looked up, connections, redirects, every byte. `allow_private` opens the reader's own
    networks and all ports. Raises `BadSource`, the message beginning with the address.
    """
    deadline = time.monotonic() + seconds
    name = shown(url.strip())
    address = parse(url, name=name)
    hop = name
    for _ in range(max_redirects + 1):
        try:
            with dial(address, name=hop, deadline=deadline, allow_private=allow_private) as wire:
                found = _ask(wire, address, name=hop, max_bytes=max_bytes, deadline=deadline)
        except TimeoutError as error:
            raise BadSource(
                f"{hop} timed out after {seconds:g} seconds",
                hint="The site is slow or down. Try again later, or save the page.",
            ) from error
        except OSError as error:
            raise BadSource(
                f"{hop}: the connection broke: {error.strerror or error}", hint=_LATER
            ) from error
        if isinstance(found, Fetched):
            return found
        hop = f"{name} (which leads to {shown(found)})"
        address = parse(found, name=hop)
    raise BadSource(
        f"{name}: too many redirects, more than {max_redirects}",
        hint=f"The site may want a cookie or a login. {_SAVE}",
    )


def _ask(
    wire: Wire, address: Address, *, name: str, max_bytes: int, deadline: float
) -> Fetched | str:
    """What the host answers: the page, or the address that it sends the reader on to."""
    wire.allowance = _HEADER_BYTES
    wire.send(_request(address))
    # It asks nothing of a socket but a file to read from, which keeps limits of its own.
    response = HTTPResponse(cast(socket.socket, wire), method="GET")
    broken = BadSource(f"{name}: the site sent a broken reply", hint=f"{_LATER} {_SAVE}")
    try:
        response.begin()
    except Flood as error:
        raise BadSource(f"{name}: the site sent headers without an end", hint=_SAVE) from error
    except HTTPException as error:
        raise broken from error
    if response.status in _FORWARD and (location := response.headers.get("location")):
        return _forward(address, location, name=name)
    _refuse_status(response.status, name=name)
    content_type, charset = _content_type(response.headers.get("content-type", ""))
    _refuse_type(content_type, name=name)
    too_large = BadSource(
        f"{name} is larger than {max_bytes / 1e6:g} MB",
        hint="Save only the article, and add the file.",
    )
    if (response.length or 0) > max_bytes:
        raise too_large
    wire.allowance = max_bytes + max_bytes // 8 + _HEADER_BYTES  # the frames of chunks come on top
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _unpacked(response, deadline=deadline, name=name):
            size += len(piece)
            if size > max_bytes:
                raise too_large
            if piece:
                pieces.append(piece)
    except Flood as error:
        raise too_large from error
    except (HTTPException, zlib.error, ValueError) as error:  # the last for a chunk of -5 bytes
        raise broken from error
    if response.length:
        raise BadSource(
            f"{name}: the connection broke off, {response.length:,} bytes are missing", hint=_LATER
        )
    if not size:
        raise BadSource(f"{name}: the site sent an empty page", hint=_SAVE)
    return Fetched(
        url=address.url, data=b"".join(pieces), content_type=content_type, charset=charset
    )


def _request(address: Address) -> bytes:
    from importlib.metadata import version

    # `Address` holds nothing but printable ASCII, so no line can be smuggled in.
    return (
        f"GET {address.target} HTTP/1.1\r\n"
        f"Host: {address.authority}\r\n"
        f"User-Agent: Kutip/{version('kutip')} (on the reader's own machine)\r\n"
        "Accept: text/html, application/xhtml+xml, application/pdf, application/rss+xml,"
        " application/atom+xml, text/plain;q=0.9, */*;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate\r\n"  # zlib can stop at a limit
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def _forward(address: Address, location: str, *, name: str) -> str:
    """Where a redirect leads; `parse` decides whether that is an address at all."""
    with suppress(UnicodeError):  # latin-1, then
        location = location.encode("latin-1").decode("utf-8")  # as browsers read it
    try:
        return urljoin(address.url, location) if _joins(location) else location
    except ValueError as error:
        raise BadSource(f"{name}: the site sent a broken redirect", hint=_SAVE) from error


def _joins(location: str) -> bool:
    # urljoin drops line ends and takes "http:x" for a path, so it gets plain text only.
    return location.isprintable() and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location)


def _refuse_status(status: int, *, name: str) -> None:
    if status in (200, 203):
        return
    if status >= 500:
        raise BadSource(f"{name}: the site has a fault ({status})", hint=_LATER)
    what, hint = _STATUSES.get(status, (f"was answered with status {status}", _SAVE))
    raise BadSource(f"{name} {what}", hint=hint)


def _content_type(value: str) -> tuple[str, str | None]:
    """The type in lower case, and the charset, of a Content-Type header."""
    kind = value.partition(";")[0].strip().lower()
    found = re.search(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", value, re.IGNORECASE)
    return kind, found[1].lower() if found else None


def _refuse_type(content_type: str, *, name: str) -> None:
    if not content_type or content_type in _TYPES:
        return
    kind = _KINDS.get(content_type.partition("/")[0])
    what = _OTHERS.get(content_type) or (
        f"{kind or 'a file of another kind'} ({shown(content_type)[:60]})"
    )
    raise BadSource(
        f"{name} is {what}, not an article",
        hint="Fetched are web pages, text, PDF and Word documents, and feeds.",
    )


def _unpacked(response: HTTPResponse, *, deadline: float, name: str) -> Iterator[bytes]:
    """The body in pieces of at most one block, decompressed as its header says."""
    blocks = iter(lambda: response.read(_BLOCK), b"")
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        yield from blocks
    elif packing in ("gzip", "x-gzip", "deflate"):
        for piece in _inflated(blocks, gzipped=packing != "deflate"):
            left(deadline)  # a bomb may keep us busy without another byte from the site
            yield piece
    else:
        raise BadSource(
            f"{name} came packed as {shown(packing)[:40]}, which was not asked for", hint=_SAVE
        )


def _inflated(blocks: Iterator[bytes], *, gzipped: bool) -> Iterator[bytes]:
    """The pieces of a gzip or deflate stream; raises `zlib.error` if it is broken or cut."""
    unpacker = None
    members = 0
    for block in blocks:
        data = block
        while data:
            if unpacker is None:
                if members and not data.startswith(b"\x1f"):
                    return  # padding after the end, which gzip itself overlooks
                if (members := members + 1) > _MEMBERS:
                    raise zlib.error("too many members")
                unpacker = zlib.decompressobj(31 if gzipped else _window(data))
            yield unpacker.decompress(data, _BLOCK)
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, None
            else:
                data = unpacker.unconsumed_tail
    if unpacker is not None:
        # All input is taken in; what is still held back is at most a few bytes' worth.
        yield unpacker.flush()
        if not unpacker.eof:
            raise zlib.error("cut short")


def _window(data: bytes) -> int:
    """zlib's `wbits` for a deflate body: with the header it should have, or without."""
    headed = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS

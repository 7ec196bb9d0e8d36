"""The connections to model servers: within time, within bytes, straight there.

No proxy of the environment, no redirect followed, nothing compressed, certificates always
checked. Imports httpx; who needs no connection does not import this.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import AsyncIterator, Iterator

import certifi
import httpx

from rag.answer.model.failures import OutOfTime, TooMuch

# Of connecting, writing and waiting for a free connection, in seconds.
_CONNECT, _WRITE, _POOL = 3.0, 30.0, 10.0

_DONE = re.compile(rb"\ndata: ?\[DONE\]")


def timeout(read: float) -> httpx.Timeout:
    """Time limits of one request; `read` seconds for each wait for something to read."""
    return httpx.Timeout(connect=min(_CONNECT, read), read=read, write=_WRITE, pool=_POOL)


def trusted(url: str) -> ssl.SSLContext:
    """Whose certificates are believed: the system's, or SSL_CERT_FILE's, and certifi's."""
    if not url.lower().startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nobody's; the rest takes 30 ms
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def client(url: str, *, seconds: float, max_bytes: int, key: str = "") -> httpx.Client:
    """A client for a few requests, which together may take this long and bring this much each."""
    transport = Bounded(max_bytes=max_bytes, until=time.monotonic() + seconds, trust=trusted(url))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(
        transport=transport, timeout=timeout(seconds), trust_env=False, headers=headers
    )


class AsyncBounded(httpx.AsyncBaseTransport):
    """A transport whose answers together hold at most `max_bytes`; more raises `TooMuch`."""

    def __init__(self, *, max_bytes: int, trust: ssl.SSLContext) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=trust, trust_env=False)
        self._max_bytes, self._tail = max_bytes, b"\n"
        self.done = False  # whether an answer said "[DONE]", as OpenAI's protocol ends a stream

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to `request`, its body yet to be read."""
        request.headers["Accept-Encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if _is_compressed(response):
            await response.aclose()
            raise httpx.DecodingError("it is compressed, unasked", request=request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _AsyncCounted(response.stream, self)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    def see(self, content: bytes) -> None:
        """Note what goes by."""
        self._max_bytes -= len(content)
        if self._max_bytes < 0:
            raise TooMuch
        # In JSON a line end is spelled out, so that no answer can hold this.
        seen = self._tail + content
        self.done = self.done or _DONE.search(seen) is not None
        self._tail = seen[-16:]


class Bounded(httpx.BaseTransport):
    """A transport whose answers hold at most `max_bytes` and end by `until` (monotonic)."""

    def __init__(self, *, max_bytes: int, until: float, trust: ssl.SSLContext) -> None:
        self._inner = httpx.HTTPTransport(verify=trust, trust_env=False)
        self._max_bytes, self._until = max_bytes, until

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to `request`, its body yet to be read."""
        if time.monotonic() >= self._until:
            raise OutOfTime
        request.headers["Accept-Encoding"] = "identity"
        response = self._inner.handle_request(request)
        if _is_compressed(response):
            response.close()
            raise httpx.DecodingError("it is compressed, unasked", request=request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Counted(response.stream, self._max_bytes, self._until)
        return response

    def close(self) -> None:
        """Close every connection."""
        self._inner.close()


class _AsyncCounted(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, owner: AsyncBounded) -> None:
        self._inner, self._owner = inner, owner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for content in self._inner:
            self._owner.see(content)
            yield content

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, max_bytes: int, until: float) -> None:
        self._inner, self._left, self._until = inner, max_bytes, until

    def __iter__(self) -> Iterator[bytes]:
        for content in self._inner:
            self._left -= len(content)
            if self._left < 0:
                raise TooMuch
            if time.monotonic() >= self._until:
                raise OutOfTime
            yield content

    def close(self) -> None:
        self._inner.close()


def _is_compressed(response: httpx.Response) -> bool:
    return response.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity")

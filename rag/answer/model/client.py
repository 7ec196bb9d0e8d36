"""A few questions to a model's server: within seconds and bytes, answers as JSON objects.

Every way to fail is a `ServerError`. Importing this imports the standard library only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from rag.answer.model.failures import Kind, OutOfTime, TooMuch, quoted, shown, start
from rag.errors import ServerError

if TYPE_CHECKING:
    import httpx

# Of a list of models, or of one model with its licence and its template.
_ANSWER_BYTES = 8_000_000

Record = dict[str, Any]
T = TypeVar("T")


class Client:
    """A few requests to a server, their answers JSON objects; a context manager."""

    def __init__(self, url: str, key: str, seconds: float) -> None:
        from rag.answer.model import wire

        self._url = url.rstrip("/")
        self._client = wire.client(self._url, seconds=seconds, max_bytes=_ANSWER_BYTES, key=key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str) -> Record:
        """What is at `path`."""
        return self._read(self._client.get(self._url + path))

    def post(self, path: str, body: Record, *, missing: ServerError) -> Record:
        """The answer to `body`; a 404 raises `missing`."""
        response = self._client.post(self._url + path, json=body)
        if response.status_code == 404:
            raise missing
        return self._read(response)

    def _read(self, response: httpx.Response) -> Record:
        if response.status_code in (401, 403):
            raise ServerError(
                f"{shown(self._url)} wants another key ({response.status_code})",
                hint="Give the key that the server wants in KUTIP_LLM_KEY.",
            )
        if response.status_code != 200:
            raise ServerError(
                f"{shown(self._url)} answered with status {response.status_code}",
                hint="See that the address is that of a server of language models.",
            )
        content = response.json()
        if not isinstance(content, dict):
            raise TypeError("it is no JSON object")
        return content


def limited(work: Callable[[], T], url: str, kind: Kind, seconds: float) -> T:
    """What `work` returns, within `seconds` whatever the server does; else `ServerError`.

    In a thread that is left behind when it takes longer: it ends by its own limits, but looking
    up a name or reading slow headers has none.
    """
    results: list[T] = []
    errors: list[Exception] = []
    caught: tuple[type[Exception], ...] = (ServerError, *expected())

    def run() -> None:
        try:
            results.append(work())
        except caught as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="model server", daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    error = errors[0] if errors else OutOfTime()
    if isinstance(error, ServerError):
        raise error
    raise failed(error, url, kind) from error


def expected() -> tuple[type[Exception], ...]:
    """What the libraries raise on a server that is away, or that sends what they do not expect."""
    import httpx

    return (
        httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, LookupError, TypeError,
        AttributeError, RecursionError, TooMuch, OutOfTime,
    )  # fmt: skip


def failed(error: BaseException, url: str, kind: Kind) -> ServerError:
    """What an error of a library, or of our own limits, means to the user."""
    name = type(error).__name__
    if name in ("ConnectError", "ConnectTimeout", "ConnectionError", "ConnectionRefusedError"):
        return ServerError(f"nothing answers at {shown(url)}", hint=start(kind))
    if isinstance(error, OutOfTime) or name in ("ReadTimeout", "WriteTimeout", "PoolTimeout"):
        return ServerError(
            f"{shown(url)} did not answer in time",
            hint="Try again; if it stays so, start the server again.",
        )
    said = "far more than it was asked for" if isinstance(error, TooMuch) else ""
    said = said or f"something that cannot be read: {quoted(str(error)) or name}"
    return ServerError(
        f"{shown(url)} sent {said}",
        hint="See that the address is that of a server of language models.",
    )

"""Read what others wrote in a helper process, within limits of memory and time.

A file that hangs, crashes or bloats its parser takes down the helper, never this process,
and never the next file: a helper that failed is replaced. Knows no format.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.jobs import TooLong, receive, send

if TYPE_CHECKING:
    from rag.ingest.feed import FeedItem
    from rag.ingest.fetch import Fetched

logger = logging.getLogger(__name__)

_STARTING_SECONDS = 30.0  # to start Python, on a machine that is busy
_KEPT_BYTES = 400_000_000  # a helper that holds more after a job is replaced
_FETCH_OVERTIME = 3.0  # a fetch keeps its own time, but for the lookup of a name
_HINT = "Save the article's text as a .txt file and add that."
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from rag.ingest.jobs import main; main(sys.argv[2], int(sys.argv[3]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """How a job ended: with a reply, or with the helper."""

    status: str  # of the reply; "time" and "died" when there was none
    reply: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    fresh: bool = True  # it was the helper's first job


class Child:
    """A helper process that parses for us, at most `seconds` and `memory_bytes` a job.

    Started by the first job and kept for the next ones. Safe to use from several threads:
    one job at a time, the others wait. Every job raises `BadSource`: what the parser raised,
    or that it took too long, too much memory, or gave up. Where the system has no resource
    limits (Windows) only the time is bounded.
    """

    _table = "rag.ingest.jobs:JOBS"

    def __init__(self, *, memory_bytes: int = 750_000_000, seconds: float = 20.0) -> None:
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._used = False  # the process has done a job before
        self._closed = False

    def page(
        self, data: bytes, *, name: str, url: str | None = None, charset: str | None = None
    ) -> Document:
        """The article in a page of HTML, as `rag.ingest.page.read_page` reads it."""
        fields, _ = self._run("page", data, name=name, url=url, charset=charset)
        return _document(fields)

    def pdf(self, data: bytes, *, name: str, max_pages: int = 2_000) -> Document:
        """The text of a PDF, as `rag.ingest.pdf.read_pdf` reads it."""
        fields, _ = self._run("pdf", data, name=name, max_pages=max_pages)
        return _document(fields)

    def word(self, data: bytes, *, name: str) -> Document:
        """The text of a Word document, as `rag.ingest.word.read_word` reads it."""
        fields, _ = self._run("word", data, name=name)
        return _document(fields)

    def feed(self, data: bytes, *, name: str, url: str) -> tuple[FeedItem, ...]:
        """The items of a feed, as `rag.ingest.feed.read_feed` reads them."""
        from rag.ingest.feed import FeedItem

        items, _ = self._run("feed", data, name=name, url=url)
        return tuple(FeedItem(**item) for item in items)

    def fetch(self, url: str, *, allow_private: bool, max_bytes: int, seconds: float) -> Fetched:
        """What is at an address, as `rag.ingest.fetch.fetch` gets it.

        In the helper because the lookup of a name cannot be interrupted: three seconds
        over its time it is killed.
        """
        from rag.ingest.fetch import Fetched

        fields, body = self._run(
            "fetch",
            name=url,
            limit=seconds + _FETCH_OVERTIME,
            allow_private=allow_private,
            max_bytes=max_bytes,
            seconds=seconds,
        )
        return Fetched(data=body, **fields)

    def close(self) -> None:
        """End the helper, whatever it is doing; no job can be given after that."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()  # a job of another thread sees this as the helper's end
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(
        self, job: str, data: bytes = b"", *, name: str, limit: float | None = None, **options: Any
    ) -> tuple[Any, bytes]:
        """The result of a job and the bytes beside it; raises `BadSource`."""
        seconds = self._seconds if limit is None else limit
        request = {
            "job": job,
            "seconds": seconds,
            "keep": _KEPT_BYTES,
            "options": {"name": name, **options},
        }
        with self._lock:
            began = time.monotonic()
            end = self._attempt(request, data)
            left = seconds - (time.monotonic() - began)
            if end.status in ("died", "memory") and not end.fresh and left > 0:
                # Perhaps an earlier job left too little memory or a corrupted heap behind.
                again = self._attempt({**request, "seconds": left}, data)
                end = end if again.status == "time" else again
        if end.status == "done":
            return end.reply["result"], end.body
        if end.status == "bad":
            raise BadSource(end.reply["message"], hint=end.reply["hint"])
        if end.status == "time":
            raise BadSource(f"{name} took longer than {seconds:g} seconds to read", hint=_HINT)
        if end.status == "memory":
            raise BadSource(f"{name} takes too much memory to read", hint=_HINT)
        logger.debug("%s: %s", name, end.reply.get("trace", "no trace"))
        raise BadSource(
            f"{name} cannot be read: the parser gave up ({end.reply['type']})", hint=_HINT
        )

    def _attempt(self, request: dict[str, Any], data: bytes) -> _End:
        name = request["options"]["name"]
        try:
            process = self._started(name)
            fresh, self._used = not self._used, True
            end = _exchange(process, request, data, seconds=request["seconds"])
        except BaseException:  # an interrupt too: what it was doing must not go on
            self._drop()
            raise
        if end.status not in ("done", "bad", "crash") or end.reply["rss"] > _KEPT_BYTES:
            self._drop()
        self._refuse_closed(name)
        return replace(end, fresh=fresh)

    def _refuse_closed(self, name: str) -> None:
        if self._closed:
            self._drop()
            raise BadSource(f"{name} was not read: interrupted", hint="Add it again.")

    def _started(self, name: str) -> subprocess.Popen[bytes]:
        """The helper, ready for a job."""
        self._refuse_closed(name)
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._drop()
        arguments = (_BOOT, json.dumps(_search_path()), self._table, str(self._memory_bytes))
        try:
            self._process = process = subprocess.Popen(
                [sys.executable, "-P", "-c", *arguments],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor or None,
                # The stacks and heaps of threads would eat the address space.
                env={**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
                start_new_session=True,  # Ctrl-C is for us; we end the helper
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise BadSource(
                f"{name} cannot be read: no process can be started for it ({error.strerror})",
                hint="Close other programs and add it again.",
            ) from error
        self._used = False
        self._refuse_closed(name)  # `close` looked for a process before there was one
        if _exchange(process, None, b"", seconds=_STARTING_SECONDS).status != "ready":
            raise BadSource(
                f"{name} cannot be read: the process that reads it does not start",
                hint="Check that Kutip is installed whole, and that memory is left.",
            )
        return process

    def _drop(self) -> None:
        """End the helper, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _exchange(
    process: subprocess.Popen[bytes], request: object, data: bytes, *, seconds: float
) -> _End:
    """Hand over a request, if there is one, and take the reply; the helper's end is one too."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the helper was started without pipes")
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    # Ending the helper closes both pipes, whichever of them we wait on.
    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        if request is not None:
            send(process.stdin.fileno(), request, data)
        reply, body = receive(process.stdout.fileno())
        end = _End(status=reply["status"], reply=reply, body=body)
    except (EOFError, BrokenPipeError):
        end = _end(process)
    except TooLong:
        end = _End(status="memory")
    finally:
        timer.cancel()
        timer.join()
    return _End(status="time") if expired.is_set() else end


def _end(process: subprocess.Popen[bytes]) -> _End:
    """What the end of a helper that we did not kill means."""
    process.kill()
    code = process.wait()
    cause = f"exit status {code}"
    if code < 0:
        with contextlib.suppress(ValueError):
            cause = signal.Signals(-code).name
    if cause in ("SIGXCPU", "SIGALRM"):
        return _End(status="time")
    if cause == "SIGKILL":  # not ours: the system's, for want of memory
        return _End(status="memory")
    return _End(status="died", reply={"type": cause})


def _search_path() -> list[str]:
    """Where this process finds its modules, so that the helper finds the same ones.

    Without the folder that we were started in: a file there must not pass for a module.
    """
    home = str(Path(__file__).resolve().parents[2])
    try:
        here = str(Path.cwd())
    except FileNotFoundError:  # deleted meanwhile: nothing can be found in it
        here = ""
    found = [str(Path(here, entry)) for entry in sys.path if here or Path(entry).is_absolute()]
    kept = [entry for entry in found if entry != here or str(Path(entry).resolve()) == home]
    if home not in kept:
        kept.append(home)
    return list(dict.fromkeys(kept))


def _document(fields: dict[str, Any]) -> Document:
    return Document(text=fields["text"], facts=fields["facts"], removed=tuple(fields["removed"]))

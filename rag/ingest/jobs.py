"""The helper process that reads what others wrote: its limits, its loop, its table of jobs.

Started and spoken to by `rag.ingest.child`, one job at a time, over two pipes. A frame is two
32-bit lengths (big-endian), a JSON header and raw bytes. Knows no format itself.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import math
import os
import select
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import BadSource

if TYPE_CHECKING:
    from rag.ingest.document import Document

Reply = tuple[object, bytes]  # what goes into the JSON header, and what goes beside it
Job = Callable[..., Reply]  # job(data, **options)

_LENGTHS = struct.Struct(">II")
# The longest reply: thirty times the longest article, and six times a fetched body.
MOST_BYTES = 64_000_000
_OPEN_FILES = 128
_LIBXML_NO_MEMORY = 2  # of an error of lxml, whose message is then "unknown error"
# Parsers write no files; Python keeps compiled modules, and those are smaller than this.
_FILE_BYTES = 1_000_000
_SHUTS_DOWN = 2.0  # seconds over a job's limit, after which a helper without a parent ends


class TooLong(Exception):
    """A frame is longer than it may be."""


class _GaveUp(Exception):
    """A parser raised what it should not have; the cause is what it raised."""


# Frames ------------------------------------------------------------------------------------


def send(pipe: int, header: object, body: bytes = b"") -> None:
    """Write one frame to a file descriptor; raises `BrokenPipeError` when nobody reads."""
    # A lone surrogate is escaped, so that any text is valid UTF-8.
    text = json.dumps(header).encode()
    if len(text) + len(body) > MOST_BYTES:
        raise TooLong
    for part in (_LENGTHS.pack(len(text), len(body)) + text, body):
        view = memoryview(part)
        while view:
            view = view[os.write(pipe, view) :]


def receive(pipe: int) -> tuple[Any, bytes]:
    """The header and the bytes of the next frame; raises `EOFError` when there is none."""
    lengths = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    if sum(lengths) > MOST_BYTES:
        raise TooLong
    header = json.loads(_exactly(pipe, lengths[0]))
    return header, bytes(_exactly(pipe, lengths[1]))


def _exactly(pipe: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        piece = os.read(pipe, min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return data


# The jobs: modules are loaded by the first job that needs them ------------------------------


def _page(data: bytes, *, name: str, url: str | None, charset: str | None) -> Reply:
    from rag.ingest.page import read_page

    return _packed(read_page(data, name=name, url=url, charset=charset))


def _pdf(data: bytes, *, name: str, max_pages: int) -> Reply:
    from rag.ingest.pdf import read_pdf

    return _packed(read_pdf(data, name=name, max_pages=max_pages))


def _word(data: bytes, *, name: str) -> Reply:
    from rag.ingest.word import read_word

    return _packed(read_word(data, name=name))


def _feed(data: bytes, *, name: str, url: str) -> Reply:
    from dataclasses import asdict

    from rag.ingest.feed import read_feed

    return [asdict(item) for item in read_feed(data, name=name, url=url)], b""


def _fetch(data: bytes, *, name: str, allow_private: bool, max_bytes: int, seconds: float) -> Reply:
    from dataclasses import asdict

    from rag.ingest.fetch import fetch

    fields = asdict(fetch(name, allow_private=allow_private, max_bytes=max_bytes, seconds=seconds))
    return fields, fields.pop("data")


def _packed(document: Document) -> Reply:
    fields = {
        "text": document.text,
        "facts": dict(document.facts),
        "removed": list(document.removed),
    }
    return fields, b""


JOBS: Mapping[str, Job] = {
    "page": _page,
    "pdf": _pdf,
    "word": _word,
    "feed": _feed,
    "fetch": _fetch,
}


# The loop ----------------------------------------------------------------------------------


def main(table: str, memory_bytes: int) -> None:
    """Do jobs of the table `module:name` until the parent closes the pipe.

    Each reply has a `status`: "done" with the `result`, "bad" with `message` and `hint`,
    "memory", "crash" with `type` and `trace`; and `rss`, the bytes held after the job.
    """
    requests, replies = _own_pipes()
    logging.disable(logging.CRITICAL)  # a parser may warn two million times
    _obey()
    _limit(memory_bytes)
    module, _, name = table.partition(":")
    jobs: Mapping[str, Job] = getattr(importlib.import_module(module), name)
    send(replies, {"status": "ready"})
    while True:
        try:
            request, data = receive(requests)
        except EOFError:
            return
        with _watched(requests, request["seconds"]):
            header, body = _reply(jobs[request["job"]], data, request)
        del data
        header["rss"] = _resident(keep=request["keep"])
        try:
            send(replies, header, body)
        except (TooLong, MemoryError):
            send(replies, {"status": "memory", "rss": header["rss"]})


def _own_pipes() -> tuple[int, int]:
    """The pipes to the parent, out of the way of libraries that print or read."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def _reply(job: Job, data: bytes, request: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What the job makes of the data, as the header and the bytes of a reply."""
    try:
        result, body = _done(job, data, request["options"])
    except BadSource as error:
        return {"status": "bad", "message": error.message, "hint": error.hint}, b""
    except MemoryError:
        return {"status": "memory"}, b""
    except _GaveUp as error:
        cause = error.__cause__
        trace = "".join(traceback.format_exception(cause, limit=-20))
        return {"status": "crash", "type": type(cause).__name__, "trace": trace}, b""
    return {"status": "done", "result": result}, body


def _done(job: Job, data: bytes, options: Mapping[str, Any]) -> Reply:
    try:
        return job(data, **options)
    except MemoryError:
        raise
    except BadSource as error:
        if _is_of_memory(error.__cause__):  # taken for damage
            raise MemoryError from error
        raise
    except Exception as error:
        if _is_of_memory(error):
            raise MemoryError from error
        raise _GaveUp from error


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether the want of memory is what a library's own exception stands for."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, MemoryError) or "emory allocation failed" in str(error)[:500]:
            return True
        if getattr(error, "code", None) == _LIBXML_NO_MEMORY and hasattr(error, "error_log"):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


# Limits ------------------------------------------------------------------------------------


def _obey() -> None:
    """Let signals end this process, whatever the parent does with its own."""
    if sys.platform != "win32":
        for each in (signal.SIGIO, signal.SIGALRM, signal.SIGXCPU):
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _limit(memory_bytes: int) -> None:
    """Bound this process for good; what a system does not know is left as it is."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for name, most in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", _OPEN_FILES),
        ("RLIMIT_FSIZE", _FILE_BYTES),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(kind, (bound, bound))


@contextlib.contextmanager
def _watched(requests: int, seconds: float) -> Iterator[None]:
    """Let a job end this process: by its processor time, by the clock, with its parent.

    The parent kills a helper that takes too long. These bounds are for a parent that is
    gone: the signals end the process even inside a library's C code.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    bound = math.ceil(used.ru_utime + used.ru_stime + seconds + 1)
    with contextlib.suppress(ValueError):  # the user's own bound is lower still
        resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds + _SHUTS_DOWN)
    # While a job runs, nothing is to be read: a signal of the pipe means that it was closed.
    # (PR_SET_PDEATHSIG tells of the end of the parent's thread, not of the parent.)
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        if select.select([requests], [], [], 0)[0]:  # closed before the signal was asked for
            os._exit(0)
        yield
    finally:
        fcntl.fcntl(requests, fcntl.F_SETFL, flags)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _resident(*, keep: int) -> int:
    """The bytes of memory held now, after tidying up when that is more than `keep`."""
    held = _held()
    if held > keep:
        gc.collect()
        held = _held()
    return held


def _held() -> int:
    try:
        with Path("/proc/self/statm").open("rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass  # not Linux: the most that was ever held, from which the same follows
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

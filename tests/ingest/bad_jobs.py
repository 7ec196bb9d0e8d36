"""Jobs that misbehave in every way a parser can: run in the helper, by the tests alone."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from rag.errors import BadSource
from rag.ingest.jobs import Reply

_held: list[bytearray] = []  # what a job leaves behind


def _echo(data: bytes, *, name: str, **options: Any) -> Reply:
    return {"name": name, "options": options, "pid": os.getpid()}, data


def _where(data: bytes, *, name: str) -> Reply:
    import rag

    return {
        "path": sys.path,
        "rag": rag.__file__,
        "cwd": str(Path.cwd()),
        "session": os.getsid(0) == os.getpid(),
        "environment": dict(os.environ),
    }, b""


def _limits(data: bytes, *, name: str) -> Reply:
    import resource

    kinds = ("AS", "CORE", "NOFILE", "FSIZE", "CPU")
    return {kind: resource.getrlimit(getattr(resource, f"RLIMIT_{kind}"))[0] for kind in kinds}, b""


def _bad(data: bytes, *, name: str) -> Reply:
    raise BadSource(f"{name} is \x1b scanned", hint="Run ocrmypdf.")


def _crash(data: bytes, *, name: str) -> Reply:
    raise KeyError("/Pages")


def _recurse(data: bytes, *, name: str) -> Reply:
    return _recurse(data, name=name)


def _eat(data: bytes, *, name: str) -> Reply:
    pieces = []
    while True:
        pieces.append(bytearray(20_000_000))


def _eat_hidden(data: bytes, *, name: str) -> Reply:
    try:
        return _eat(data, name=name)
    except MemoryError as error:
        raise ValueError("the stream is damaged") from error


def _leave(data: bytes, *, name: str) -> Reply:
    _held.append(bytearray(len(data)))
    return {"pid": os.getpid()}, b""


def _leave_450(data: bytes, *, name: str) -> Reply:
    _held.append(bytearray(450_000_000))
    return {"pid": os.getpid()}, b""


def _need_450(data: bytes, *, name: str) -> Reply:
    return {"held": len(bytearray(450_000_000))}, b""


def _leave_350(data: bytes, *, name: str) -> Reply:
    _held.append(bytearray(350_000_000))
    return {}, b""


def _hang(data: bytes, *, name: str) -> Reply:
    time.sleep(60)
    return {}, b""


def _spin(data: bytes, *, name: str) -> Reply:
    while True:
        pass


def _hang_deaf(data: bytes, *, name: str) -> Reply:
    """As C code that never comes back to the interpreter, and with every signal held off."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL})
    ctypes.PyDLL(None).sleep(60)
    return {}, b""


def _segfault(data: bytes, *, name: str) -> Reply:
    ctypes.string_at(0)
    return {}, b""


def _kill(data: bytes, *, name: str) -> Reply:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}, b""


def _leave_cpu(data: bytes, *, name: str) -> Reply:
    """Use processor time until the limit of the kernel."""
    with contextlib.suppress(KeyboardInterrupt):
        return _spin(data, name=name)
    return {}, b""


def _exit(data: bytes, *, name: str) -> Reply:
    sys.exit(3)


def _die_later(data: bytes, *, name: str) -> Reply:
    """Answer as if all were well, then take the next job down."""
    threading.Timer(0.15, lambda: ctypes.string_at(0)).start()
    return {}, b""


def _slow(data: bytes, *, name: str) -> Reply:
    time.sleep(0.4)
    return {"pid": os.getpid()}, b""


def _print(data: bytes, *, name: str) -> Reply:
    print("a library's chatter", flush=True)  # noqa: T201
    os.write(1, b"\x00" * 100)
    sys.stderr.write("a warning\n")
    return {"read": sys.stdin.read()}, b""


def _bloat(data: bytes, *, name: str) -> Reply:
    return {"text": "x" * 70_000_000}, b""


def _surrogate(data: bytes, *, name: str) -> Reply:
    return {"text": "a\ud800b\u2028\U0001f600"}, b""


def _write(data: bytes, *, name: str) -> Reply:
    path = data.decode()
    with contextlib.suppress(OSError):
        Path(path).write_bytes(bytes(5_000_000))
    return {"size": Path(path).stat().st_size}, b""


JOBS = {name[1:]: job for name, job in list(globals().items()) if callable(job) and name[0] == "_"}

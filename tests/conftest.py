"""What every test runs under: no network beyond this machine, no setting of the user's.

The guard is an audit hook of the interpreter: it sees every socket that Python opens, in any
thread, and child processes of the tests get the same one. Compiled libraries with sockets of
their own pass it by. What it refuses also fails the test that tried, even where the code under
test swallowed the refusal.
"""

from __future__ import annotations

import gc
import inspect
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

# Tests of a browser, or of a process that is watched by the clock. A machine that is busy for a
# moment fails one of them; what fails twice in a row is a fault. Each second try is reported.
_BY_THE_CLOCK = (
    "browser",
    "faults",
    "test_chat_live.py",
    "test_answers_failing.py",
    "answer/model/test_address.py",
    "answer/model/test_server.py",
    "answer/model/test_server_hostile.py",
)

_refused: list[str] = []
_scratch = tempfile.TemporaryDirectory(prefix="kutip-tests-")


def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Raise on a socket event that names a host other than this one."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a Unix socket has a path
        lookup = False
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host, lookup = arguments[0], True
    else:
        return
    import ipaddress  # not above: an import is an event too

    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return
    try:
        known = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        known = None
    # Looking up a number asks nobody, whatever the number is.
    if known is not None and (lookup or known.is_loopback):
        return
    # Told by `sys`, as a parallel worker is a child too and meets its parent's hook first.
    seen = getattr(sys, "hosts_refused", None)
    if isinstance(seen, list):
        seen.append(f"{event} {host}")
    raise AssertionError(f"a test went to the network: {event} {host}")


def _isolate() -> None:
    """Take the user's settings out of the environment and put the guard into it."""
    for name in list(os.environ):
        if name.startswith("KUTIP_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            del os.environ[name]
    scratch = Path(_scratch.name)
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        # A test that forgets to name a data folder must not find the user's library.
        "XDG_DATA_HOME": str(scratch / "data"),
    }
    # `sitecustomize` is what a Python child runs before anything else.
    (scratch / "sitecustomize.py").write_text(
        "from __future__ import annotations\nimport sys\n\n"
        + inspect.getsource(refuse_outside)
        + "\nsys.addaudithook(refuse_outside)\n",
        encoding="utf-8",
    )
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(scratch), inherited)))
    # What a shell runs in the background ignores Ctrl-C, and so would every child of the tests.
    main = threading.current_thread() is threading.main_thread()
    if main and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.__dict__["hosts_refused"] = _refused
    sys.addaudithook(refuse_outside)


_isolate()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without looking for garbage, and leave them out of it later: they stay.

    A fifth of the time that collecting takes, and a fifteenth of the tests', went into it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests that are watched by the clock a second try."""
    watched = [Path(__file__).parent / name for name in _BY_THE_CLOCK]
    for item in items:
        if any(item.path.is_relative_to(path) for path in watched):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that tried to leave this machine, even if the code under test hid it."""
    before = len(_refused)
    yield
    tried, _refused[before:] = _refused[before:], []
    assert not tried, f"a test went to the network: {', '.join(tried)}"


@pytest.fixture
def refused() -> list[str]:
    """What the guard has refused so far in this test; a test of the guard empties it."""
    return _refused

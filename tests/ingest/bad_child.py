"""A helper process that knows jobs to fail at."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import BadSource
from rag.ingest.child import Child

ON_LINUX = sys.platform == "linux"
linux = pytest.mark.skipif(not ON_LINUX, reason="the kernel's limits differ elsewhere")


class BadChild(Child):
    """A helper that knows the jobs of `bad_jobs`, and no others."""

    _table = "tests.ingest.bad_jobs:JOBS"

    def do(self, job: str, data: bytes = b"", **options: Any) -> Any:
        """What the job gives back, as it went through the pipe."""
        result, body = self._run(job, data, name="a.pdf", **options)
        return result if not body else (result, body)

    @property
    def pid(self) -> int:
        """The process that the next job would run in."""
        assert self._process is not None
        return self._process.pid


@pytest.fixture(scope="module")
def shared() -> Iterator[BadChild]:
    """One helper for the tests that leave it as it was, or that expect a new one anyway."""
    with BadChild(seconds=10) as child:
        yield child


@pytest.fixture
def hasty() -> Iterator[BadChild]:
    """A helper that is given half a second."""
    with BadChild(seconds=0.5) as child:
        child.do("echo")
        yield child


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(BadSource) as caught:
        call()
    assert caught.value.hint
    return caught.value.message


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):  # one that ended, and that nobody has asked after yet
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return True


def wait_until(condition: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()

"""The helper process: what it survives."""

from __future__ import annotations

import logging
import os
import signal
import time
import tracemalloc
from pathlib import Path

import pytest

from tests.ingest import bad_child
from tests.ingest.bad_child import BadChild, is_alive, linux, refusal

shared = bad_child.shared
hasty = bad_child.hasty


@linux
@pytest.mark.parametrize(
    ("job", "message"),
    [
        ("crash", "a.pdf cannot be read: the parser gave up (KeyError)"),
        ("recurse", "a.pdf cannot be read: the parser gave up (RecursionError)"),
        ("segfault", "a.pdf cannot be read: the parser gave up (SIGSEGV)"),
        ("exit", "a.pdf cannot be read: the parser gave up (exit status 3)"),
        ("eat", "a.pdf takes too much memory to read"),
        ("eat_hidden", "a.pdf takes too much memory to read"),
        ("kill", "a.pdf takes too much memory to read"),
        ("bloat", "a.pdf takes too much memory to read"),
    ],
)
def test_a_failing_parser_is_told_and_forgotten(job: str, message: str) -> None:
    """Each way to fail gets its message, and the next file is read as if nothing had been."""
    with BadChild(memory_bytes=300_000_000, seconds=15) as child:
        assert refusal(lambda: child.do(job)) == message
        assert child.do("echo", b"x")[1] == b"x"


@linux
@pytest.mark.parametrize("job", ["hang", "spin", "hang_deaf"])
def test_a_hanging_parser_is_stopped(job: str, hasty: BadChild) -> None:
    """One that sleeps, computes or is deaf to every signal is ended when its time is over."""
    before, started = hasty.pid, time.monotonic()
    assert refusal(lambda: hasty.do(job)) == "a.pdf took longer than 0.5 seconds to read"
    assert time.monotonic() - started < 3
    assert not is_alive(before)
    assert hasty.do("echo")["pid"] != before


@linux
def test_a_helper_that_does_not_listen_does_not_hold_us() -> None:
    """Handing over has a limit too: a stopped helper takes no bytes, and we go on."""
    with BadChild(seconds=0.5) as child:
        child.do("echo")
        os.kill(child.pid, signal.SIGSTOP)
        data = bytes(5_000_000)
        assert refusal(lambda: child.do("echo", data)).startswith("a.pdf took longer")


@linux
def test_the_kernel_bounds_the_processor_time_of_each_job() -> None:
    """The limit is renewed: many short jobs may take more than one long one might."""
    with BadChild(seconds=1) as child:
        first = child.do("limits")
        for _ in range(3):
            child.do("slow")
        assert child.do("limits")["CPU"] >= first["CPU"]
    assert first == {
        "AS": 750_000_000, "CORE": 0, "NOFILE": 128, "FSIZE": 1_000_000, "CPU": first["CPU"],
    }  # fmt: skip
    assert 2 <= first["CPU"] <= 4


@linux
def test_no_parser_fills_the_disk(shared: BadChild, tmp_path: Path) -> None:
    """A file that a library writes stays below a megabyte."""
    assert shared.do("write", str(tmp_path / "a").encode())["size"] <= 1_000_000


@linux
def test_the_file_after_a_corrupting_one_is_read() -> None:
    """A crash that comes late, in the next job, is not blamed on that: it is read anew."""
    with BadChild(seconds=10) as child:
        child.do("die_later")
        assert set(child.do("slow")) == {"pid"}


@linux
def test_memory_left_behind_does_not_fail_the_next_file() -> None:
    """A helper that an earlier job left fat is replaced, at once or when memory runs out."""
    with BadChild(seconds=15) as child:
        first = child.do("leave_450")["pid"]
        assert child.do("echo")["pid"] != first
        child.do("leave_350")
        before = child.pid
        assert child.do("need_450") == {"held": 450_000_000}
        assert child.pid != before


def test_the_parser_s_trace_goes_to_the_debug_log(
    shared: BadChild, caplog: pytest.LogCaptureFixture
) -> None:
    """A user sees one line; who looks for the cause finds where the parser failed."""
    with caplog.at_level(logging.DEBUG, logger="rag.ingest.child"):
        refusal(lambda: shared.do("crash"))
    assert "bad_jobs.py" in caplog.text
    assert "KeyError: '/Pages'" in caplog.text


@linux
def test_a_long_answer_is_not_taken_in() -> None:
    """An answer over the limit is refused by the helper, before it fills our memory."""
    with BadChild(seconds=15) as child:
        child.do("echo")
        tracemalloc.start()
        refusal(lambda: child.do("bloat"))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert most < 1_000_000

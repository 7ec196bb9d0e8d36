"""What this machine can carry, read off files as the system writes them, and which models fit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import machine

MEMINFO = """MemTotal:       16384000 kB
MemFree:         1000000 kB
MemAvailable:    8192000 kB
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a Linux machine with 16,384,000 kB of memory, half of it free."""
    put(tmp_path / "proc" / "meminfo", MEMINFO)
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def test_memory_without_a_container_is_what_is_installed(root: Path) -> None:
    """The kernel counts in units of 1,024 bytes."""
    assert machine.memory_bytes(root=root) == 16_384_000 * 1024
    assert machine.available_bytes(root=root) == 8_192_000 * 1024


def test_a_container_has_no_more_than_its_limit(root: Path) -> None:
    """Version 2: the limit in the container's own root holds, and what is used of it is gone."""
    put(root / "sys/fs/cgroup/memory.max", "4000000000\n")
    put(root / "sys/fs/cgroup/memory.current", "1500000000\n")
    assert machine.memory_bytes(root=root) == 4_000_000_000
    assert machine.available_bytes(root=root) == 2_500_000_000


def test_the_tightest_limit_on_the_way_up_holds(root: Path) -> None:
    """Control groups nest; a limit of the group above is one for us, "max" is none."""
    put(root / "proc/self/cgroup", "0::/user.slice/kutip.scope\n")
    put(root / "sys/fs/cgroup/user.slice/kutip.scope/memory.max", "max\n")
    put(root / "sys/fs/cgroup/user.slice/memory.max", "3000000000\n")
    put(root / "sys/fs/cgroup/memory.max", "9000000000\n")
    assert machine.memory_bytes(root=root) == 3_000_000_000


def test_the_first_version_of_control_groups_is_read_too(root: Path) -> None:
    """There, no limit is a number larger than any memory."""
    limit = root / "sys/fs/cgroup/memory/memory.limit_in_bytes"
    put(limit, "9223372036854771712\n")
    assert machine.memory_bytes(root=root) == 16_384_000 * 1024
    put(limit, "2000000000\n")
    assert machine.memory_bytes(root=root) == 2_000_000_000


def test_a_limit_above_what_is_installed_changes_nothing(root: Path) -> None:
    """A container may be allowed more than there is."""
    put(root / "sys/fs/cgroup/memory.max", "64000000000\n")
    assert machine.memory_bytes(root=root) == 16_384_000 * 1024
    assert machine.available_bytes(root=root) == 8_192_000 * 1024


def test_this_machine_has_memory_disk_and_cores() -> None:
    """On the machine that runs the tests, nothing is unknown and available is within total."""
    total = machine.memory_bytes()
    assert 100_000_000 < total < 1 << 50
    assert 0 < machine.available_bytes() <= total
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)


def test_disk_is_measured_where_a_folder_will_be(tmp_path: Path) -> None:
    """A data folder that is not there yet has the disk of the folder above it."""
    there, here = machine.disk_free(tmp_path / "not" / "yet"), machine.disk_free(tmp_path)
    assert there is not None
    assert here is not None
    assert abs(there - here) < 1_000_000_000  # others write meanwhile


@pytest.mark.parametrize(
    ("script", "size"),
    [
        ("echo 8192; echo 24576", 24_576 * 1_048_576),
        ("echo 'NVIDIA-SMI has failed'", None),
        ("echo 8192; exit 9", None),
        ("exec sleep 60", None),
    ],
)
def test_a_gpu_is_as_large_as_its_tool_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, size: int | None
) -> None:
    """The largest card counts; a tool that fails or hangs tells nothing."""
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(machine, "_NVIDIA_SECONDS", 0.5)
    assert machine.gpu_bytes() == size


def test_without_its_tool_no_gpu_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tool, no figure."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.gpu_bytes() is None


@pytest.mark.parametrize(
    ("memory", "first"),
    [
        (2_000_000_000, None),
        (4_000_000_000, "qwen3:1.7b"),
        (8_000_000_000, "qwen3:4b"),
        (12_000_000_000, "gemma4:e2b"),
        (16_000_000_000, "gemma4:e4b"),
        (64_000_000_000, "gemma4:e4b"),
    ],
)
def test_the_first_suggestion_is_the_best_that_fits(memory: int, first: str | None) -> None:
    """From 2 to 64 GB: nothing, then ever larger ones, up to the default, which then stays."""
    names = [suggestion.name for suggestion in machine.suggest(memory)]
    assert (names[0] if names else None) == first


def test_larger_models_are_told_of_where_they_fit() -> None:
    """With 32 GB there is a choice beyond the default."""
    assert [s.name for s in machine.suggest(32_000_000_000)] == [
        "gemma4:e4b",
        "gemma4:26b",
        "gemma4:31b",
        "gemma4:e2b",
        "qwen3:4b",
        "qwen3:1.7b",
    ]


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_more_memory_never_offers_less(one: int, other: int) -> None:
    """Each model offered fits, and a larger machine is offered all that a smaller one is."""
    less, more = sorted((one, other))
    assert set(machine.suggest(less)) <= set(machine.suggest(more))
    assert all(s.download_bytes < s.needs_bytes <= more for s in machine.suggest(more))


def test_a_machine_too_small_is_told_so() -> None:
    """The sentence names what there is, what is wanted, and that Kutip works all the same."""
    told = machine.too_small(2_000_000_000)
    assert "has 2 GB of memory" in told
    assert "qwen3:1.7b, wants 3.6 GB" in told
    assert "answers with quotes" in told

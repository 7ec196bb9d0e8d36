"""What this machine can carry: memory, disk, cores, and the language models that fit.

Asks the system, with the standard library; changes nothing. What cannot be told is None.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NVIDIA_SECONDS = 2.0  # nvidia-smi hangs on a driver that does
_NO_LIMIT = 1 << 50  # bytes; version 1 of control groups says a larger number for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A language model worth having, and the machine it wants."""

    name: str  # as Ollama calls it
    download_bytes: int  # on the way here, and on disk
    needs_bytes: int  # of memory in the whole machine, beside what else runs on it
    why: str  # what to know of it, one clause


# The best first for a machine that has the room: what reads Indonesian and English well, and
# answers at a bearable pace without a GPU. Sizes are approximate, and may change with the
# model; Ollama tells the true one when it pulls. `needs_bytes` is the model, its context of
# 8,192 tokens, and 3 to 4 GB for the system and Kutip.
_DEFAULT = Suggestion(
    name="gemma4:e4b",
    download_bytes=9_600_000_000,
    needs_bytes=14_000_000_000,
    why="reads and writes Indonesian and English well; the one Kutip is made for",
)
_LARGER = (
    Suggestion(
        name="gemma4:26b",
        download_bytes=18_000_000_000,
        needs_bytes=23_000_000_000,
        why="writes better, and is nearly as quick, for it uses a part of itself at a time",
    ),
    Suggestion(
        name="gemma4:31b",
        download_bytes=20_000_000_000,
        needs_bytes=28_000_000_000,
        why="the most careful, and slow without a large GPU",
    ),
)
_SMALLER = (
    Suggestion(
        name="gemma4:e2b",
        download_bytes=7_200_000_000,
        needs_bytes=10_500_000_000,
        why="smaller and quicker, and knows both languages",
    ),
    Suggestion(
        name="qwen3:4b",
        download_bytes=2_500_000_000,
        needs_bytes=6_000_000_000,
        why="for 8 GB of memory; knows both languages",
    ),
    Suggestion(
        name="qwen3:1.7b",
        download_bytes=1_400_000_000,
        needs_bytes=3_600_000_000,
        why="for 4 GB of memory; its Indonesian is plain and it errs more",
    ),
)


def suggest(memory: int) -> tuple[Suggestion, ...]:
    """The models that fit a machine with so many bytes of memory, the one to take first.

    The default leads where it fits, then what is larger, then what is smaller, each from the
    better to the lesser. Empty when none fits: see `too_small`.

    >>> [suggestion.name for suggestion in suggest(8_000_000_000)]
    ['qwen3:4b', 'qwen3:1.7b']
    """
    ordered = (_DEFAULT, *_LARGER, *_SMALLER)
    return tuple(suggestion for suggestion in ordered if suggestion.needs_bytes <= memory)


def too_small(memory: int) -> str:
    """The sentence for a machine that `suggest` knows no model for."""
    least = _SMALLER[-1]
    return (
        f"This machine has {gigabytes(memory)} of memory, and the smallest model worth having, "
        f"{least.name}, wants {gigabytes(least.needs_bytes)}: Kutip answers with quotes here, "
        "which needs no model. A model on another machine can be used with OLLAMA_HOST."
    )


def gigabytes(count: int) -> str:
    """Bytes as people say them.

    >>> gigabytes(9_600_000_000), gigabytes(24_000_000_000), gigabytes(480_000_000)
    ('9.6 GB', '24 GB', '480 MB')
    """
    if count < 1_000_000_000:
        return f"{count / 1e6:.0f} MB"
    return f"{count / 1e9:.1f}".removesuffix(".0") + " GB"


def memory_bytes(*, root: Path = Path("/")) -> int:
    """The memory of this machine, or as much of it as a container may have; 0 if unknown.

    `root` is where the system's own files hang, for a test.
    """
    sizes = [_installed(root), *(limit for limit, _ in _limits(root))]
    return min((size for size in sizes if size), default=0)


def available_bytes(*, root: Path = Path("/")) -> int:
    """The memory that a new program could have now, within a container's limit; 0 if unknown."""
    free = _meminfo("MemAvailable", root) or _system("SC_AVPHYS_PAGES")
    left = [max(0, limit - used) for limit, used in _limits(root)]
    return min([free, *left] if free else left, default=memory_bytes(root=root))


def disk_free(path: Path) -> int | None:
    """Bytes free for us where `path` is, or will be; None when that cannot be told."""
    for folder in (path, *path.absolute().parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free
    return None


def cores() -> int:
    """The processor cores that this process may use, at least 1."""
    allowed = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def gpu_bytes() -> int | None:
    """The memory of the largest NVIDIA GPU, if its tool is here and answers; else None.

    Apple silicon has no memory of its own for graphics: all of `memory_bytes` serves.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    command = [tool, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(
            command, capture_output=True, text=True, timeout=_NVIDIA_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    sizes = [int(size) for size in re.findall(r"^\s*(\d+)\s*$", told, re.MULTILINE)]
    return max(sizes) * 1_048_576 if sizes else None  # it counts in MiB


def _installed(root: Path) -> int:
    return _meminfo("MemTotal", root) or _system("SC_PHYS_PAGES") or _windows()


def _meminfo(name: str, root: Path) -> int:
    """A line of Linux's /proc/meminfo in bytes; 0 where there is none."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        text = (root / "proc" / "meminfo").read_text(encoding="ascii")
        found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
        if found:
            return int(found[1]) * 1024
    return 0


def _limits(root: Path) -> list[tuple[int, int]]:
    """Of every control group around this process that limits memory: its limit, and its use.

    In bytes. Version 2 nests: the tightest limit on the way up holds, and inside a container
    the way ends at its root. Version 1 has one folder for memory.
    """
    base = root / "sys" / "fs" / "cgroup"
    own = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        groups = (root / "proc" / "self" / "cgroup").read_text(encoding="utf-8")
        found = re.search(r"^0::/(.*)$", groups, re.MULTILINE)
        own = found[1] if found else ""
    way = Path(own)
    folders = [base / part for part in (way, *way.parents) if ".." not in part.parts]
    pairs = [(folder / "memory.max", folder / "memory.current") for folder in folders]
    pairs.append(
        (base / "memory" / "memory.limit_in_bytes", base / "memory" / "memory.usage_in_bytes")
    )
    found_limits = []
    for limit_file, used_file in pairs:
        limit = _number(limit_file)
        if limit is not None and 0 < limit < _NO_LIMIT:
            found_limits.append((limit, _number(used_file) or 0))
    return found_limits


def _number(path: Path) -> int | None:
    """The number in a file; None when there is no such file, or "max" is in it."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _system(pages: str) -> int:
    """What POSIX tells, in bytes; 0 where it does not."""
    try:
        return max(0, os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return 0


def _windows() -> int:
    """What Windows tells of its memory; 0 on another system."""
    import ctypes

    library = getattr(ctypes, "windll", None)
    if library is None:
        return 0
    kilobytes = ctypes.c_ulonglong()
    told = library.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024 if told else 0

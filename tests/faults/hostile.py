"""Hostile files, made by script: what people and programs have put into folders to hurt readers.

`write_all` fills a folder; the same arguments make the same bytes. What each file does is told
where it is made: texts and Markdown, pages, PDFs, Word documents, and here what is no file at all.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.hostile_bait import Bait
from tests.faults.hostile_pages import CALLING_PAGES, PAGES
from tests.faults.hostile_pdfs import CALLING_PDFS, PDFS
from tests.faults.hostile_texts import TEXTS
from tests.faults.hostile_trees import TREES
from tests.faults.hostile_words import CALLING_WORDS, WORDS

STORY = "Warga menemukan sumur tua di belakang masjid pada hari Minggu.\n"


def write_all(folder: Path, *, bait: Bait | None = None) -> list[Path]:
    """Make every hostile thing in `folder`; their paths, sorted.

    Files that call out name what `bait` says.
    """
    bait = bait or Bait()
    for name, make in MADE.items():
        (folder / name).write_bytes(make())
    for name, call in CALLING.items():
        (folder / name).write_bytes(call(bait))
    for name, place in PLACED.items():
        place(folder / name)
    return sorted(folder / name for name in (*MADE, *CALLING, *PLACED))


MADE: Mapping[str, Callable[[], bytes]] = {**TEXTS, **PAGES, **PDFS, **TREES, **WORDS}
CALLING: Mapping[str, Callable[[Bait], bytes]] = {**CALLING_PAGES, **CALLING_PDFS, **CALLING_WORDS}


# What is no file, or has a name that is none ------------------------------------------------


def pipe(path: Path) -> None:
    """A named pipe: whoever opens it waits for a writer that never comes."""
    os.mkfifo(path)


def listener(path: Path) -> None:
    """A socket's place in the file system."""
    # A socket's path may have 107 bytes, and a test's folder has more.
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def loop(path: Path) -> None:
    """A link that leads to itself."""
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("nowhere")


def endless_device(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def silent_device(path: Path) -> None:
    """A link to a device that asks a terminal."""
    path.symlink_to("/dev/tty")


def kernel_file(path: Path) -> None:
    """A link to a file that says it is empty, and is not."""
    path.symlink_to("/proc/self/environ")


def folder_of_itself(path: Path) -> None:
    """A folder named like a file, with a link to the folder it lies in."""
    path.mkdir()
    (path / "up").symlink_to("..")


def unreadable(path: Path) -> None:
    """A file that its reader has no right to (an administrator has)."""
    path.write_text(STORY, encoding="utf-8")
    path.chmod(0)


def deep_folder(path: Path) -> None:
    """A file 300 folders down, with a path longer than the system opens at once."""
    here = os.open(path.parent, os.O_RDONLY)
    for name in (path.name, *["turun-lagi-satu"] * 300):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open("dasar.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(file, STORY.encode())
    os.close(file)
    os.close(here)


def odd_name(path: Path) -> None:
    """A good text under a name that no one would give."""
    path.write_text(STORY, encoding="utf-8")


PLACED: Mapping[str, Callable[[Path], None]] = {
    "odd-pipe.txt": pipe,
    "odd-socket.md": listener,
    "odd-loop.pdf": loop,
    "odd-nowhere.docx": dangling,
    "odd-zero.html": endless_device,
    "odd-tty.txt": silent_device,
    "odd-kernel.txt": kernel_file,
    "odd-folder.txt": folder_of_itself,
    "odd-unreadable.txt": unreadable,
    "odd-deep": deep_folder,
    "odd-\x1b]0;owned\x07\x1b[2J.txt": odd_name,
    "odd-\u202etxt.exe\u2066.txt": odd_name,
    "odd-a\nkutip: all is well.txt": odd_name,
    "odd-" + "n" * 247 + ".txt": odd_name,  # 255 bytes, the most there is
    "odd-" + os.fsdecode(b"\xff\xfe\xed\xa0\x80") + ".txt": odd_name,
    "odd-<img src=x onerror=alert(1)>.txt": odd_name,
    "odd-$(touch owned); -rf.txt": odd_name,
}

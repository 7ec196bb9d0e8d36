"""What a browser sends as files: named safely, looked into, and moved to where they can be read.

The name a browser gives is only ever shown and kept, never used as a path. Stores nothing.
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from rag.errors import BadSource
from rag.layout import one_line
from ui.desk import Reader
from ui.library_words import WORDS

MOST_FILES = 50  # at once
_NAME_CHARS = 120

# What Kutip reads, by the ending of a name; the engine's own table is held equal by a test.
KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "text",
    ".htm": "text",
    ".xhtml": "text",
    ".pdf": "pdf",
    ".docx": "word",
}
_PDF_MARK_WITHIN = 1_024  # bytes; readers of PDF allow junk before the mark
# Text in these holds NULs, and says so by its mark.
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a file is by its first bytes, where that is not what its name says.
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\xd0\xcf\x11\xe0", "DOC, XLS, PPT"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file as it came: where it lies, and what it is to be called."""

    path: Path
    name: str  # no path; at most 120 characters; with the ending it came with


def uploads(paths: Iterable[str]) -> list[Upload]:
    """The files at these paths, each with a name that no other one of them has."""
    taken: set[str] = set()
    found = []
    for path in map(Path, paths):
        name = safe = display_name(path.name)
        number = 1
        while name.casefold() in taken:
            number += 1
            ending = PurePath(safe).suffix
            extra = f" ({number})"
            stem = safe[: len(safe) - len(ending)]
            name = stem[: _NAME_CHARS - len(extra) - len(ending)] + extra + ending
        taken.add(name.casefold())
        found.append(Upload(path=path, name=name))
    return found


def display_name(given: str) -> str:
    r"""A file's name as it may be shown and kept: one line, no folders, nothing unseen.

    A name that is too long loses the end of its stem, never its ending.

    >>> display_name("../../etc/berita\u202e.txt"), display_name("C:\\x\\a  b.PDF")
    ('berita.txt', 'a b.PDF')
    """
    name = one_line(given.replace("\\", "/").rpartition("/")[2])
    name = " ".join(name.split()).strip(". ") or "file"
    ending = PurePath(name).suffix
    if len(ending) > 12:  # no ending that is known is so long
        ending = ""
    return name[: len(name) - len(ending)][: _NAME_CHARS - len(ending)] + ending


def check(upload: Upload, *, max_bytes: int, reader: Reader) -> None:
    """Raise `BadSource` for a file that is empty, too large, or not what its name says."""
    words = WORDS[reader]

    def refused(why: str, what: str = "") -> BadSource:
        text = words[f"library_upload_{why}"]
        hint = words[f"library_upload_{why}_hint"]
        known = " ".join(KINDS)
        return BadSource(
            text.format(what=what, most=f"{max_bytes / 1e6:,.0f}"), hint=hint.format(known=known)
        )

    ending = PurePath(upload.name).suffix.lower()
    if ending not in KINDS:
        raise refused("kind", ending) if ending else refused("no_kind")
    try:
        size = upload.path.stat().st_size
        if size == 0:
            raise refused("empty")
        if size > max_bytes:
            raise refused("large")
        data = upload.path.read_bytes()
    except OSError as error:
        raise refused("gone") from error
    kind = KINDS[ending]
    if kind == "pdf":
        fine = b"%PDF-" in data[:_PDF_MARK_WITHIN]
    elif kind == "word":
        fine = data.startswith(b"PK\x03\x04") and b"word/" in data
    else:
        fine = _is_text(data)
    if not fine:
        what = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
        raise refused("other", what) if what else refused("not", ending)


def stage(upload: Upload, folder: Path, number: int) -> Path:
    """Move a checked file into `folder`, under a name of ours with its ending; that path."""
    path = folder / f"{number}{PurePath(upload.name).suffix.lower()}"
    shutil.move(upload.path, path)
    discard([str(upload.path)])
    return path


def discard(paths: Iterable[str]) -> None:
    """Delete files that were uploaded, and the folder that was made for each."""
    for path in map(Path, paths):
        with suppress(OSError):  # it was moved on, or another page sent the same and is done
            path.unlink()
        with suppress(OSError):  # other files lie there
            path.parent.rmdir()


def _is_text(data: bytes) -> bool:
    """Whether these may be the bytes of a text: no NUL in them, unless their mark allows it."""
    if data.startswith(_WIDE):
        return True
    return b"\x00" not in data and not any(data.startswith(magic) for magic, _ in _MAGIC[:3])

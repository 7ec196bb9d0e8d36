"""A folder full of hostile files costs time and a line each, and nothing else.

They are added by another process, with good articles lying among them, while a canary listens
on this machine and a watch looks at the memory of that process and of its helper.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.engine import Engine
from rag.ingest.load import shown
from rag.schema import Outcome
from rag.settings import Settings
from rag.text.stems import tokens
from tests.fakes import HashEmbedder
from tests.faults.children import finish, pipe, start
from tests.faults.hostile import CALLING, MADE, PLACED, write_all
from tests.faults.hostile_bait import Bait
from tests.faults.hostile_neighbours import write_neighbours

LIMIT_SECONDS = 25.0  # for one file
LIMIT_BYTES = 1_200_000_000  # for one process, and for both together
PARSER_SECONDS = 5.0  # less than what is set by default, so that the test does not take minutes
SECRET = "zirkonium kelabu"

# What is odd about these files costs nothing of their text.
READ = """
    mark-definitions.md mark-lists.md mark-quotes.md mark-stairs.md
    page-calls.html page-closed.html page-data-broken.html page-data-deep.html page-data-many.html
    page-data-huge-date.html page-data-kinds.html page-data-no-number.html page-data-numbers.html
    page-data-odd-dates.html page-dates.html page-entities.xhtml page-includes.xhtml
    page-language.html page-laughs.xhtml page-lies-latin.html page-lies-utf16.html page-metas.html
    page-open-script.html page-pointing-data.html page-refresh.html page-tables.html
    page-title.html page-unknown-charset.html pdf-actions.pdf pdf-box-nan.pdf pdf-box.pdf
    pdf-info-dates.pdf pdf-info-loop.pdf pdf-info-title.pdf pdf-many-updates.pdf
    pdf-owner-password.pdf pdf-table-elsewhere.pdf pdf-text.txt pdf-update-loop.pdf
    pdf-xmp-deep.pdf pdf-xmp-laughs.pdf text-bidi.txt text-blank-lines.txt text-cyrillic.txt
    text-marks.txt text-pairs.txt text-utf16-marked.txt text-utf16-unmarked.txt
    text-utf32-marked.txt
    word-deep-boxes.docx word-entities.docx word-matryoshka.docx word-odd-dates.docx
    word-outside.docx word-own-relation.docx word-traversal.docx word-utf16.docx
"""

# What the reasons of these must tell, so that they are told apart.
WHY = {
    "odd-nowhere.docx": "is gone",
    "odd-pipe.txt": "is a named pipe",
    "odd-zero.html": "is a device",
    "page-script-only.html": "needs JavaScript",
    "page-too-large.html": "larger than 5,000,000 bytes",
    "pdf-gigabyte.pdf": "unpacks to more than an article can hold",
    "pdf-password.pdf": "protected by a password",
    "pdf-program.pdf": "is no PDF document",
    "pdf-scanned.pdf": "no text layer",
    "pdf-shared-content.pdf": f"took longer than {PARSER_SECONDS:g} seconds",
    "text-empty.txt": "is empty",
    "text-png.txt": "a PNG image",
    "text-too-large.txt": "larger than 20,000,000 bytes",
    "word-empty-paragraphs.docx": "takes too much memory",
    "word-encrypted.docx": "protected by a password",
    "word-nothing.docx": "a ZIP archive",
}


class QuickEmbedder(HashEmbedder):
    """The same, cheaper: hostile texts have a hundred thousand different words."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        digests = b"".join(hashlib.sha512(token.text.encode()).digest() for token in tokens(text))
        parts = np.frombuffer(digests, dtype=np.uint8).reshape(-1, 64).astype(np.float64) - 127.5
        total = parts.sum(axis=0) + 1e-3
        row: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
        return row


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What became of the folder."""

    outcomes: list[Outcome]
    seconds: list[float]  # from each outcome to the one before
    found: dict[str, list[str]]  # for each sentence searched for, the passages
    answers: list[str]  # to questions that hostile texts are found for
    leaks: list[str]  # the sources of articles that hold the secret


def add_all(folder: Path, data_dir: Path, sentences: list[str], talk: Connection) -> None:
    """Add a folder, search for sentences, ask; runs in a process of its own."""
    settings = Settings(data_dir=data_dir, parser_seconds=PARSER_SECONDS)
    with Engine(settings, embedder=QuickEmbedder()) as engine:
        outcomes, seconds, last = [], [], time.monotonic()
        for outcome in engine.add([str(folder)]):
            outcomes.append(outcome)
            seconds.append(time.monotonic() - last)
            last = time.monotonic()
        found = {
            sentence: [hit.passage.text for hit in engine.search(sentence, k=3)]
            for sentence in sentences
        }
        questions = ("Berapa kata demi kata?", "Who is Dr. H.?", "Kapan Selasa (20/8)?", "9999?")
        answers = [engine.ask(question).text for question in questions]
        leaks = [
            ", ".join(entry.sources)
            for entry in engine.entries()
            if SECRET in " ".join((entry.article.text, *entry.article.removed))
        ]
    talk.send(Told(outcomes, seconds, found, answers, leaks))


class Canary:
    """A server on this machine that counts who connects."""

    def __init__(self) -> None:
        self.hits: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(1)
                self.hits.append(connection.recv(200))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


class Watch:
    """The most memory that a process and its helpers held, in bytes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.one = self.both = 0

    def look(self) -> None:
        """Look once. A peak between two looks is seen too, but for a helper's last moment."""
        helpers = [
            int(pid)
            for thread in _listed(f"/proc/{self._pid}/task")
            for pid in _read(f"/proc/{self._pid}/task/{thread}/children").split()
        ]
        held = [_memory(pid) for pid in (self._pid, *helpers)]
        self.one = max(self.one, *(most for most, _ in held))
        self.both = max(self.both, sum(now for _, now in held))


def _listed(folder: str) -> list[str]:
    with contextlib.suppress(OSError):
        return [entry.name for entry in Path(folder).iterdir()]
    return []


def _read(path: str) -> str:
    with contextlib.suppress(OSError):
        return Path(path).read_text(encoding="ascii", errors="replace")
    return ""


def _memory(pid: int) -> tuple[int, int]:
    """The most memory that a process ever held, and what it holds now; zeros when it is gone."""
    told = dict(re.findall(r"^(VmHWM|VmRSS):\s*(\d+) kB", _read(f"/proc/{pid}/status"), re.M))
    return int(told.get("VmHWM", 0)) * 1024, int(told.get("VmRSS", 0)) * 1024


@contextlib.contextmanager
def growing(path: Path) -> Iterator[None]:
    """A file that somebody writes to all the while."""
    done = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not done.wait(0.001) and file.tell() < 30_000_000:
                file.write(b"Berita yang belum selesai ditulis. " * 30)
                file.flush()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def test_the_same_files_every_time() -> None:
    """There are more than sixty, and each is made of the same bytes whenever it is made."""
    assert len({*MADE, *CALLING, *PLACED}) == len(MADE) + len(CALLING) + len(PLACED) > 60
    small = ("pdf-password.pdf", "word-traversal.docx", "text-random-letters.txt", "pdf-noise.pdf")
    for name in small:
        assert MADE[name]() == MADE[name](), name
    for name, call in CALLING.items():
        bait = Bait(url="http://127.0.0.1:1", secret="/s")
        assert call(bait) == call(bait), name


def test_the_canary_sings(canary: Canary) -> None:
    """Whoever connects to it is counted."""
    host, _, port = canary.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /dtd HTTP/1.0")
        assert connection.recv(1) == b""
    assert canary.hits == [b"GET /dtd HTTP/1.0"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is told by /proc")
def test_a_folder_of_hostile_files(tmp_path: Path, canary: Canary) -> None:
    """Every file gets an outcome soon, in bounded memory; every good article is found."""
    (folder := tmp_path / "berita").mkdir()
    (secret := tmp_path / "rahasia.txt").write_text(SECRET, encoding="utf-8")
    hostile = write_all(folder, bait=Bait(url=canary.url, secret=str(secret)))
    good = write_neighbours(folder)
    lying = {*tmp_path.iterdir(), *folder.iterdir()}

    ours, theirs = pipe()
    with growing(folder / "odd-growing.txt"):
        process = start(add_all, folder, tmp_path / "data", [*good.values()], theirs)
        theirs.close()
        watch = Watch(process.pid or 0)
        deadline = time.monotonic() + 240
        while not ours.poll(0.03):
            watch.look()
            if watch.both > 2 * LIMIT_BYTES or time.monotonic() > deadline:
                process.kill()
        told: Told = ours.recv()
    assert finish(process) == 0

    assert canary.hits == []
    assert told.leaks == []
    assert watch.one <= LIMIT_BYTES, f"{watch.one:,}"
    assert watch.both <= LIMIT_BYTES, f"{watch.both:,}"
    slow = [
        (round(seconds, 1), outcome.source)
        for seconds, outcome in zip(told.seconds, told.outcomes, strict=True)
        if seconds > LIMIT_SECONDS
    ]
    assert slow == []
    new = {*tmp_path.iterdir(), *folder.iterdir()} - lying
    assert new == {tmp_path / "data", folder / "odd-growing.txt"}

    by_source = {outcome.source: outcome for outcome in told.outcomes}
    for path, sentence in good.items():
        assert by_source[shown(str(path))].status == "added", by_source[shown(str(path))]
        assert any(sentence in passage for passage in told.found[sentence]), sentence
    expected = {shown(str(path)) for path in hostile} - {
        str(folder / name) for name in ("odd-folder.txt", "odd-deep")
    }
    assert expected - by_source.keys() == set()
    for outcome in told.outcomes:
        if outcome.status == "failed":
            _check_failure(outcome)
    refused = {name for name in READ.split() if by_source[str(folder / name)].status == "failed"}
    assert refused == set()
    for name, why in WHY.items():
        assert why in (by_source[str(folder / name)].reason or ""), by_source[str(folder / name)]
    assert all(told.answers)


def _check_failure(outcome: Outcome) -> None:
    """A failure is one line that names the file, without the insides of a program, and a hint."""
    reason, hint = outcome.reason or "", outcome.hint or ""
    name = outcome.source.rpartition("/")[2]
    assert reason.startswith((outcome.source, name)), outcome
    assert hint, outcome
    assert (reason + hint).isprintable(), outcome
    assert not re.search(r"Traceback|File \"|Error\b|Exception|0x[0-9a-f]{6}", reason), outcome

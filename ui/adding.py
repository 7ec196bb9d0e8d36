"""Adding to the library from a page: files, addresses, pasted text. Knows no component.

The work is done in a thread of its own, one addition at a time for all pages; what a page
watches is a stream of `Work`. A page that is closed does not end the work.
"""

from __future__ import annotations

import asyncio
import hashlib
import queue
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rag.errors import BadSource
from rag.layout import one_line
from rag.schema import Outcome, Progress
from ui import uploads
from ui.desk import Desk, Reader, ReadOnly
from ui.library import day_of
from ui.library_words import WORDS
from ui.trouble import safely

MOST_ADDRESSES = 50  # at once
_ADDRESS_CHARS = 2_000
_TICK = 0.15  # seconds between two looks at how far the work is
_TURN = 0.1  # seconds between two looks at whether it is ours to add
_HOST = re.compile(r"[^\W_][\w-]*(\.[\w-]+)*\.[a-z]{2,}(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_SECRET = re.compile(r"(?<=:)//[^/?#]*@")  # who one is to the server, which is nothing to keep

State = Literal[
    "queued", "reading", "embedding", "added", "unchanged", "updated", "failed", "listed", "undone"
]
_OPEN = ("queued", "reading", "embedding")
_STORED = ("added", "updated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file, address or text, and what became of it."""

    name: str  # as the user knows it
    state: State = "queued"
    title: str | None = None
    article_id: str | None = None
    passages: int = 0
    pages: int = 0  # of a feed
    why: str = ""  # it failed, or what else is to be known
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How far an addition has come."""

    items: tuple[Item, ...] = ()
    note: str = ""  # one line on the whole
    wrong: bool = False  # the note tells of trouble
    running: bool = True
    changed: bool = False  # the library is another than before
    left: tuple[str, ...] = ()  # of what was given, what could not be added


class _Stopped(Exception):
    """The reader wants no more."""


Prepare = Callable[["_Job", Path], dict[str, str | None]]


@dataclass(slots=True)
class _Job:
    """One addition; `items` and what hangs on them belong to its thread until it is over."""

    reader: Reader
    prepare: Prepare  # sources, each with the name it is kept under; None: its own
    after: Callable[[_Job], None] | None = None  # once all is stored
    items: dict[str, Item] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    told: queue.SimpleQueue[Work] = field(default_factory=queue.SimpleQueue)
    note: str = ""
    wrong: bool = False
    changed: bool = False
    total: int | None = None
    at: str | None = None  # the item that is being read

    def say(self, key: str, **values: object) -> None:
        self.note = WORDS[self.reader][f"library_{key}"].format(**values)
        self.tell()

    def tell(self, *, running: bool = True) -> None:
        work = Work(
            items=tuple(self.items.values()),
            note=self.note,
            wrong=self.wrong,
            running=running,
            changed=self.changed,
            left=tuple(i.name for i in self.items.values() if i.state in ("failed", "undone")),
        )
        self.told.put(work)

    def put(self, name: str, **changes: object) -> None:
        """Change the item of this name; one that was not known comes after the last one read."""
        known = self.items.get(name) or Item(name=name)
        self.items[name] = replace(known, **changes)  # type: ignore[arg-type]

    def refuse(self, name: str, error: BadSource) -> None:
        self.put(name, state="failed", why=error.message, hint=error.hint)

    def named(self, source: str) -> str:
        """The item that the engine calls `source`: a long address is called by its beginning."""
        if source not in self.items and source.endswith("…"):
            for name, item in self.items.items():
                if item.state in _OPEN and name.startswith(source[:-1]):
                    return name
        return source


class Adding:
    """What the pages of one desk add, one after another."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = threading.Lock()
        self._jobs: dict[str, _Job] = {}  # by page

    def stop(self, session: str) -> str:
        """Let the addition of this page end soon; what to say of it."""
        job = self._jobs.get(session)
        if job is None:
            return ""
        job.stop.set()
        return WORDS[job.reader]["library_stopping"]

    async def files(
        self, session: str, paths: Sequence[str], *, reader: Reader, known: Mapping[str, str]
    ) -> AsyncGenerator[Work, None]:
        """Add files that were uploaded, and delete them; `known` has titles by source."""
        try:
            self._desk.must_write(reader)
        except ReadOnly:
            await asyncio.to_thread(uploads.discard, paths)
            raise
        most = self._desk.engine.settings.max_file_bytes

        def prepare(job: _Job, folder: Path) -> dict[str, str | None]:
            job.say("checking")
            names: dict[str, str | None] = {}
            try:
                given = uploads.uploads(paths)
                kept, more = given[: uploads.MOST_FILES], given[uploads.MOST_FILES :]
                job.items = {upload.name: Item(name=upload.name) for upload in kept}
                for number, upload in enumerate(kept):
                    try:
                        uploads.check(upload, max_bytes=most, reader=reader)
                        names[str(uploads.stage(upload, folder, number))] = upload.name
                    except BadSource as error:
                        job.refuse(upload.name, error)
                    job.tell()
                if more:
                    _too_many(job, "most", len(more), uploads.MOST_FILES)
            finally:
                uploads.discard(paths)
            return names

        def after(job: _Job) -> None:
            for name, item in job.items.items():
                former = known.get(name)
                if item.state == "updated" and former and former != item.title:
                    words = WORDS[reader]["library_replaces"].format(title=one_line(former))
                    job.put(name, why=words)

        async for work in self._done(session, _Job(reader=reader, prepare=prepare, after=after)):
            yield work

    async def addresses(
        self, session: str, text: str, *, reader: Reader
    ) -> AsyncGenerator[Work, None]:
        """Add the pages at the addresses that stand in `text`, one a line; never private ones."""
        self._desk.must_write(reader)
        words = WORDS[reader]
        given = list(dict.fromkeys(filter(None, map(one_line, text.splitlines()))))
        if not given:
            yield Work(note=words["library_no_addresses"], wrong=True, running=False)
            return

        def prepare(job: _Job, _: Path) -> dict[str, str | None]:
            sources: dict[str, str | None] = {}
            for line in given[:MOST_ADDRESSES]:
                address = _address(line)
                if address is None:
                    why = "secret" if _SECRET.search(line) else "no_address"
                    shown = _SECRET.sub("//…@", line)
                    shown = shown[:200] + "…" * (len(shown) > 200)
                    error = BadSource(words[f"library_{why}"], hint=words[f"library_{why}_hint"])
                    job.refuse(shown, error)
                else:
                    job.put(address)
                    sources[address] = None
            if len(given) > MOST_ADDRESSES:
                more = len(given) - MOST_ADDRESSES
                _too_many(job, "most_addresses", more, MOST_ADDRESSES)
            return sources

        async for work in self._done(session, _Job(reader=reader, prepare=prepare)):
            # What was too much stays in the field as well, to be added in a second go.
            left = (*work.left, *given[MOST_ADDRESSES:])
            yield replace(work, left=tuple(line for line in left if _address(line)))

    async def text(
        self,
        session: str,
        text: str,
        *,
        title: str,
        publisher: str,
        published: str,
        reader: Reader,
    ) -> AsyncGenerator[Work, None]:
        """Add an article that was pasted, with what is known of it."""
        self._desk.must_write(reader)
        words = WORDS[reader]
        day = day_of(published, reader)
        title, publisher = one_line(title), one_line(publisher)
        most = self._desk.engine.settings.max_file_bytes
        body = f"{title}\n\n{text.strip()}\n" if title else f"{text.strip()}\n"
        # A mark, so that the text cannot be taken for one in another encoding.
        data = b"\xef\xbb\xbf" + body.encode("utf-8", "replace")
        if not text.strip():
            yield Work(note=words["library_no_text"], wrong=True, running=False)
            return
        if len(data) > most:
            note = words["library_large_text"].format(most=f"{most / 1e6:,.0f}")
            yield Work(note=note, wrong=True, running=False)
            return
        # Told apart by what it says, so that another text takes no other one's place.
        name = f"{words['library_pasted']} {hashlib.sha256(data).hexdigest()[:8]}"

        def prepare(job: _Job, folder: Path) -> dict[str, str | None]:
            path = folder / "pasted"
            path.write_bytes(data)
            job.put(name)
            return {str(path): name}

        def after(job: _Job) -> None:
            item = job.items[name]
            if item.article_id is None:
                return
            is_now = self._desk.engine.entry(item.article_id).article.metadata
            new_title = title if title and title != is_now.title else None
            new_publisher = publisher if publisher and publisher != is_now.publisher else None
            new_day = day if day != is_now.published else None
            if new_title or new_publisher or new_day:
                self._desk.engine.edit(
                    item.article_id, title=new_title, publisher=new_publisher, published=new_day
                )
                job.changed = True
                job.put(name, title=title or item.title)

        async for work in self._done(session, _Job(reader=reader, prepare=prepare, after=after)):
            yield work

    async def _done(self, session: str, job: _Job) -> AsyncGenerator[Work, None]:
        """Start the work, and tell how far it is until it is over."""
        self._jobs[session] = job
        threading.Thread(target=self._run, args=(job,), name="kutip-add", daemon=True).start()
        try:
            work = Work()
            while work.running:
                newest = None
                while not job.told.empty():
                    newest = job.told.get()
                if newest is None:
                    await asyncio.sleep(_TICK)
                else:
                    work = newest
                    yield work
        finally:
            if self._jobs.get(session) is job:
                del self._jobs[session]

    def _run(self, job: _Job) -> None:
        words = WORDS[job.reader]

        def broken(told: str) -> str:
            job.note, job.wrong = told, True
            return "broken"

        # A loop of its own, for the edge behind which nothing is raised.
        ending = asyncio.run(safely(self._worked(job), broken, job.reader))
        for name, item in job.items.items():
            if item.state in _OPEN:
                job.put(name, state="undone")
        counts = _counts(job.items.values(), job.reader)
        told = words[f"library_{ending}"].format(counts=counts) if counts else ""
        note = f"{job.note} {told}".strip() if job.wrong else told
        job.note = note or words["library_nothing"]
        job.tell(running=False)

    async def _worked(self, job: _Job) -> str:
        """All of it, blocking; how it ended."""
        try:
            with tempfile.TemporaryDirectory(prefix="kutip-") as folder:
                names = job.prepare(job, Path(folder))
                self._wait(job)
                try:
                    self._add(job, names)
                finally:
                    self._turn.release()
        except _Stopped:
            return "stopped"
        return "over"

    def _wait(self, job: _Job) -> None:
        """Until it is this job's turn."""
        while not self._turn.acquire(blocking=False):
            if job.stop.is_set():
                raise _Stopped
            if job.note != WORDS[job.reader]["library_waiting"]:
                job.say("waiting")
            time.sleep(_TURN)

    def _add(self, job: _Job, names: Mapping[str, str | None]) -> None:
        if not names:
            return
        outcomes = self._desk.engine.add(
            list(names),
            names={path: name for path, name in names.items() if name is not None},
            on_progress=lambda progress: _progressed(job, progress),
        )
        try:
            for outcome in outcomes:
                _became(job, outcome)
        finally:
            if job.after is not None:
                job.after(job)
        for name, item in job.items.items():
            if item.state == "reading":  # and nothing came of it but what it lists
                job.put(name, state="listed")
            elif item.state in _OPEN:  # another spelling of an address that was read
                job.put(name, state="unchanged")


def _progressed(job: _Job, progress: Progress) -> None:
    """Note how far the engine is; ends its work between two sources when that is wanted."""
    if progress.stage == "embedding":
        for name, item in job.items.items():
            if item.state == "reading":
                job.put(name, state="embedding")
        job.say("embedding", n=f"{progress.done:,}")
        return
    if progress.stage != "reading":
        return
    if job.at is not None and job.total is not None and (progress.total or 0) > job.total:
        # More is to be read than before: what was read last is a feed.
        job.put(job.at, state="listed", pages=(progress.total or 0) - job.total)
    job.total = progress.total
    if progress.total is not None and progress.done >= progress.total:
        return  # all is stored
    if job.stop.is_set():
        raise _Stopped
    job.at = job.named(progress.label)
    job.put(job.at, state="reading")
    job.say("reading", n=f"{progress.done + 1:,}", m=f"{progress.total or 0:,}")


def _became(job: _Job, outcome: Outcome) -> None:
    job.changed = job.changed or outcome.status in _STORED
    job.put(
        job.named(outcome.source),
        state=outcome.status,
        title=outcome.title,
        article_id=outcome.article_id,
        passages=outcome.passages,
        why=outcome.reason or "",
        hint=outcome.hint or "",
    )
    job.tell()


def _too_many(job: _Job, key: str, more: int, most: int) -> None:
    words = WORDS[job.reader]
    job.put("…", state="failed", why=words[f"library_{key}"].format(n=f"{more:,}", most=most))
    job.put("…", hint=words["library_most_hint"])


def _counts(items: Iterable[Item], reader: Reader) -> str:
    """How many came to which end: "2 added, 1 not added"."""
    counted: Counter[str] = Counter(item.state for item in items if item.state != "listed")
    order: tuple[State, ...] = ("added", "updated", "unchanged", "failed", "undone")
    return ", ".join(
        f"{counted[state]} {WORDS[reader][f'library_state_{state}']}"
        for state in order
        if counted[state]
    )


def _address(line: str) -> str | None:
    """A web address as it was given, or with the scheme that was left out; None if it is none.

    Whatever else a line may name, such as a file of this machine, is never read.
    """
    if len(line) > _ADDRESS_CHARS or _SECRET.search(line):
        return None
    if line.lower().startswith(("http://", "https://")):
        return line
    return f"https://{line}" if _HOST.fullmatch(line) else None

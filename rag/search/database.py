"""The archive as a file: its connections, its transactions, and what goes wrong with them."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import StoreBusy, StoreError
from rag.search.tables import APPLICATION_ID, SCHEMA, SCHEMA_VERSION, UPGRADES

_BUSY_SECONDS = 10.0


class Database:
    """One SQLite file; usable from any thread.

    A file that is not there reads as an empty archive; only `writing` makes it. Connections
    are lent for one transaction each, so there are as many as ever were in use at once.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "archive.sqlite3"
        self._free: list[sqlite3.Connection] = []
        self._which: tuple[int, int] | None = None  # the file that the free ones are open on
        self._guard = threading.Lock()
        self._mine = threading.local()  # the connection of a transaction under way

    @property
    def which(self) -> tuple[int, int] | None:
        """The file of the last transaction: its device and its inode; None without one."""
        return self._which

    def close(self) -> None:
        """Close the file; a transaction under way ends first, and the next opens it again."""
        with self._guard:
            free, self._free, self._which = self._free, [], None
        for db in free:
            db.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the archive; sqlite errors become `StoreError`."""
        mine: sqlite3.Connection | None = getattr(self._mine, "db", None)
        if mine is not None:  # a caller of ours is inside already: the same state
            yield mine
            return
        with complaining(self.path), self._lent(make=False) as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is kept as a whole, or not at all if the block raises."""
        with complaining(self.path), self._lent(make=True) as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    def pages(self, sql: str, page: int, *values: object) -> Iterator[list[Any]]:
        """Pages of rows that begin with a key; `sql` ends in the key to go on after and a limit.

        Each page is its own transaction, so that nothing is held while the caller works.
        """
        after = -1
        while True:
            with self.reading() as db:
                rows = db.execute(sql, (*values, after, page)).fetchall()
            if rows:
                yield rows
            if len(rows) < page:
                return
            after = rows[-1][0]

    @contextmanager
    def _lent(self, *, make: bool) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction, given back with whatever was not committed undone."""
        which = self._file()
        with self._guard:
            stale = [] if which == self._which else self._free
            if stale:  # the folder was replaced by another
                self._free = []
            self._which = which
            db = self._free.pop() if self._free else None
        for old in stale:
            old.close()
        real = True
        if db is None:
            db = self._open(make=make)
            real = db is not None
            if db is None:
                # Never given back: what is written to it would be lost.
                db = _nothing()
            elif which is None:
                with self._guard:
                    which = self._which = self._file()
        self._mine.db = db
        try:
            yield db
        finally:
            self._mine.db = None
            db.rollback()  # does nothing after a COMMIT
            with self._guard:
                keep = real and which is not None and which == self._which
                if keep:
                    self._free.append(db)
            if not keep:
                db.close()

    def _file(self) -> tuple[int, int] | None:
        """Which file is there now; None if none is."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be read: {error.strerror}",
                hint="Look at the data folder, or name another with --data-dir.",
            ) from error
        return stat.st_dev, stat.st_ino

    def _open(self, *, make: bool) -> sqlite3.Connection | None:
        """A new connection to the archive; without `make`, None while it holds no tables."""
        if self.path.exists():
            db = self._connect("rw")
            try:
                known = self._recognised(db)
                if known:
                    _upgrade(db)
            except (sqlite3.Error, StoreError):
                db.close()
                raise
            if known:
                return db
            db.close()
        if not make:
            return None
        db = self._connect("rwc")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        try:
            if not self._recognised(db):  # nobody made it meanwhile
                _make_tables(db)
            db.execute("COMMIT")
        except (sqlite3.Error, StoreError):
            db.close()
            raise
        return db

    def _connect(self, mode: str) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # one thread at a time, but not always the same
        )
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = FULL")
        return db

    def _recognised(self, db: sqlite3.Connection) -> bool:
        """Whether the file is an archive; False while it is still empty."""
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        if version == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            return False
        if application != APPLICATION_ID:
            raise StoreError(
                f"{self.path} is not an archive of Kutip",
                hint="Move it away, or name another folder with --data-dir.",
            )
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} was made by a newer Kutip (format {version}; this one reads "
                f"{SCHEMA_VERSION})",
                hint="Update Kutip, or name another folder with --data-dir.",
            )
        return True


def _make_tables(db: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";\n"):
        db.execute(statement)
    db.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [
            ("library", uuid.uuid4().hex),
            ("generation", "0"),
            ("stamp", "0"),
            ("files", "{}"),
            ("rebuild", "0"),
            ("model", "0"),
        ],
    )
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _upgrade(db: sqlite3.Connection) -> None:
    """Bring an archive that an older Kutip made to this version's tables, all or nothing."""
    if db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()  # another process may have been first
    for old in range(version, SCHEMA_VERSION):
        for statement in UPGRADES[old]:
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def _nothing() -> sqlite3.Connection:
    """An empty archive in memory: what a folder that is not there yet reads as."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _make_tables(db)
    return db


@contextmanager
def complaining(path: Path) -> Iterator[None]:
    """Turns what SQLite raises inside into a `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise complaint(error, path) from error


def complaint(error: sqlite3.Error, path: Path) -> StoreError:
    """The `StoreError` for an error of SQLite, which alone tells a user nothing."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    make: Callable[..., StoreError] = StoreError
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            make = StoreBusy
            what, next_ = "is in use by another process", "Try again in a moment."
        case sqlite3.SQLITE_FULL:
            what, next_ = "cannot grow: the disk is full", "Free some space, then try again."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            what = "cannot be opened, or not written to"
            next_ = (
                "Mend the permissions of the data folder (reading needs to write beside the file "
                "too), or name another with --data-dir."
            )
        case sqlite3.SQLITE_IOERR:
            what = "could not be read or written by the disk"
            next_ = "Look for free space and at the disk's health, then try again."
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            what = "is damaged, or no archive of Kutip"
            next_ = "Restore it from a backup, or move it away and add the articles again."
        case _:
            what, next_ = "cannot be used", "Restore it from a backup, if it is damaged."
    return make(f"{path} {what} ({error})", hint=next_)

"""The archive as a file: whose it is, what is wrong with it, and its transactions."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StoreBusy, StoreError
from rag.schema import Metadata
from rag.search.archive import Archive
from rag.search.database import complaint
from rag.search.tables import (
    SCHEMA_VERSION,
    correct,
    pack_metadata,
    pack_text,
    storable,
    unpack_metadata,
    unpack_text,
)
from tests.search.helpers import assert_in_step, library, numbered


def test_what_sqlite_is_told_about_safety(tmp_path: Path) -> None:
    """Write-ahead log, every commit flushed to the disk, references checked."""
    archive = Archive(tmp_path)
    with archive.writing() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    archive.close()


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """An exception inside takes back everything done before it."""
    archive = Archive(tmp_path)
    with archive.writing() as db:
        db.execute("INSERT INTO refresh VALUES ('kept')")

    def fail() -> None:
        with archive.writing() as db:
            db.execute("INSERT INTO refresh VALUES ('lost')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with archive.reading() as db:
        assert db.execute("SELECT * FROM refresh").fetchall() == [("kept",)]
    archive.close()


def test_a_reader_sees_one_state_while_a_writer_works(tmp_path: Path) -> None:
    """Two reads in one transaction agree, whatever was committed between them."""
    archive = Archive(tmp_path)
    with archive.writing() as db:
        db.execute("INSERT INTO refresh VALUES ('a')")

    def write() -> None:
        with archive.writing() as db:
            db.execute("INSERT INTO refresh VALUES ('b')")

    with archive.reading() as db:
        assert db.execute("SELECT COUNT(*) FROM refresh").fetchone() == (1,)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert db.execute("SELECT COUNT(*) FROM refresh").fetchone() == (1,)
        with archive.reading() as same:
            assert same is db
    with archive.reading() as db:
        assert db.execute("SELECT COUNT(*) FROM refresh").fetchone() == (2,)
    archive.close()


def test_a_folder_that_is_replaced_is_noticed(tmp_path: Path) -> None:
    """A process that stays open goes on with the archive that is there, not the one that was."""
    with library(tmp_path / "data") as store, library(tmp_path / "other") as other:
        store.put([numbered(1)])
        other.put([numbered(2)])
        other.close()
        (tmp_path / "data").rename(tmp_path / "gone")
        assert store.counts()["articles"] == 0
        (tmp_path / "other").rename(tmp_path / "data")
        assert_in_step(store, [numbered(2)])


def test_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    """An old Kutip never writes into what a newer one made."""
    with library(tmp_path) as store:
        store.put([numbered(1)])
    with sqlite3.connect(tmp_path / "archive.sqlite3") as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with library(tmp_path) as store:
        for refused in (store.counts, lambda: store.put([numbered(2)]), lambda: [*store.entries()]):
            with pytest.raises(StoreError, match="made by a newer Kutip") as error:
                refused()
            assert "Update Kutip" in error.value.hint
        assert store.problems()[0].startswith(f"{tmp_path / 'archive.sqlite3'} was made by a newer")
    with sqlite3.connect(tmp_path / "archive.sqlite3") as db:
        assert db.execute("SELECT COUNT(*) FROM articles").fetchone() == (1,)
    db.close()


def test_a_database_of_something_else_is_not_touched(tmp_path: Path) -> None:
    """Another program's tables are no empty archive."""
    with sqlite3.connect(tmp_path / "archive.sqlite3") as db:
        db.execute("CREATE TABLE mine (a)")
    db.close()
    with library(tmp_path) as store, pytest.raises(StoreError, match="not an archive of Kutip"):
        store.put([numbered(1)])


@pytest.mark.parametrize(
    "content", [b"not a database, but text " * 400, b"\x00" * 8192], ids=["text", "zeros"]
)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    """What, which and what next; and the file is left as it is for whoever can save it."""
    path = tmp_path / "archive.sqlite3"
    path.write_bytes(content)
    with library(tmp_path) as store:
        for refused in (store.generation, lambda: store.put([numbered(1)])):
            with pytest.raises(StoreError, match=r"archive\.sqlite3") as error:
                refused()
            assert "backup" in error.value.hint
        assert str(path) in store.problems()[0]
    assert path.read_bytes() == content


def test_a_damaged_archive_is_found_by_the_thorough_look(tmp_path: Path) -> None:
    """Pages overwritten in the middle of the file are reported, not searched around."""
    with library(tmp_path) as store:
        store.put([numbered(n) for n in range(30)])
    path = tmp_path / "archive.sqlite3"
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 20_000] = b"\xaa" * 20_000
    path.write_bytes(content)
    with library(tmp_path) as store:
        assert any("archive" in problem for problem in store.problems(thorough=True))


def test_an_error_of_the_disk_says_what_to_do(tmp_path: Path) -> None:
    """Errors that SQLite really raises, each with its own advice."""
    db = sqlite3.connect(tmp_path / "full", isolation_level=None)
    db.execute("CREATE TABLE t (x)")
    db.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        db.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert "disk is full" in complaint(full.value, tmp_path).message
    assert "Free some space" in complaint(full.value, tmp_path).hint
    db.close()

    db = sqlite3.connect(f"file:{tmp_path}/full?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as readonly:
        db.execute("INSERT INTO t VALUES (1)")
    assert "not written to" in complaint(readonly.value, tmp_path).message
    assert "permissions" in complaint(readonly.value, tmp_path).hint
    db.close()

    with pytest.raises(sqlite3.OperationalError) as absent:
        sqlite3.connect(tmp_path / "no" / "file")
    assert "permissions" in complaint(absent.value, tmp_path).hint

    one = sqlite3.connect(tmp_path / "full", isolation_level=None)
    two = sqlite3.connect(tmp_path / "full", isolation_level=None, timeout=0)
    one.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as busy:
        two.execute("SELECT * FROM t")
    assert isinstance(complaint(busy.value, tmp_path), StoreBusy)
    one.close()
    two.close()


def test_threads_that_end_leave_no_connection_behind(tmp_path: Path) -> None:
    """A long-lived process that reads from many short threads keeps few files open."""
    archive = Archive(tmp_path)
    with archive.writing():
        pass
    for _ in range(40):
        thread = threading.Thread(target=archive.generation)
        thread.start()
        thread.join()
    held = []
    for path in Path("/proc/self/fd").glob("*"):  # none where there is no /proc
        with contextlib.suppress(FileNotFoundError):  # the one that lists them
            held.append(path.readlink())
    held = [path for path in held if path == archive.path]
    assert len(held) <= 1
    archive.close()


_days = st.none() | st.dates(min_value=date(1, 1, 1))
_texts = st.none() | st.text()


@given(
    st.builds(
        Metadata,
        title=st.text(),
        source=st.text(),
        url=_texts,
        publisher=_texts,
        authors=st.lists(st.text()).map(tuple),
        published=_days,
        published_at=st.none() | st.datetimes(timezones=st.timezones()),
        published_basis=st.sampled_from(["stated", "inferred", "edited", None]),
        language=_texts,
    )
)
def test_metadata_come_back_as_they_were(metadata: Metadata) -> None:
    """Every field, and a stated time with its offset from UTC."""
    back = unpack_metadata(pack_metadata(metadata))
    assert back == metadata
    if metadata.published_at is not None and back.published_at is not None:
        assert back.published_at.utcoffset() == metadata.published_at.utcoffset()


@given(st.text())
def test_texts_come_back_as_they_were(text: str) -> None:
    """Any text that is UTF-8, empty ones too."""
    assert unpack_text(pack_text(text)) == text
    assert storable(text) == text


def test_no_correction_changes_nothing() -> None:
    """None everywhere is the same record."""
    at = datetime.fromisoformat("2024-03-09T10:00:00+07:00")
    read = Metadata(title="T", source="s", published=at.date(), published_at=at)
    assert correct(read, title=None, publisher=None, published=None) == read

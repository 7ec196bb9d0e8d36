"""A library in step with a folder, and lines put back, through the engine and real stores."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import BadSource, NotFound
from rag.schema import Entry
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.ingest.servers import Server, ok
from tests.samples import CREDIT, FURNITURE, PASTED, REPORT, ROOT, page, pasted_pages

NEWS = {
    "aven.txt": "Flood kills 12 in Lower Aven\nTwelve people were killed when the Aven burst.\n",
    "sub/padi.md": "Harga pupuk turun di Lembah Padi, kata Menteri Pertanian Ratna Wijaya.\n",
    "voli.txt": "Tim voli Harapan melaju ke final Piala Gubernur pada Sabtu malam nanti.\n",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over an empty data folder."""
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three articles."""
    for name, text in NEWS.items():
        put(tmp_path / "news" / name, text)
    return tmp_path / "news"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def synced(engine: Engine, folder: Path, *, even_if_empty: bool = False) -> dict[str, str]:
    """What became of each file, by its name; the stores agree with each other afterwards."""
    outcomes = list(engine.sync(str(folder), even_if_empty=even_if_empty))
    status = engine.status()
    assert (status.vectors, status.pending) == (status.passages, 0)
    return {Path(o.source).relative_to(folder).as_posix(): o.status for o in outcomes}


def titled(engine: Engine, words: str) -> Entry:
    [entry] = [e for e in engine.entries() if words in e.article.text]
    return entry


# In step with a folder ---------------------------------------------------------------------


def test_a_folder_is_brought_in_step(engine: Engine, folder: Path) -> None:
    """What is new is added, what changed is updated, what is gone is removed; nothing else is."""
    assert synced(engine, folder) == dict.fromkeys(NEWS, "added")
    embedded = engine.embedder.embedded  # type: ignore[attr-defined]
    assert synced(engine, folder) == dict.fromkeys(NEWS, "unchanged")
    assert engine.embedder.embedded == embedded  # type: ignore[attr-defined]
    put(folder / "aven.txt", NEWS["aven.txt"].replace("12", "13"))
    put(folder / "baru.txt", "Bendungan baru di Lembah Padi diresmikan pada Minggu pagi.\n")
    (folder / "voli.txt").unlink()
    assert synced(engine, folder) == {
        "aven.txt": "updated",
        "baru.txt": "added",
        "sub/padi.md": "unchanged",
        "voli.txt": "removed",
    }
    assert sorted(len(e.sources) for e in engine.entries()) == [1, 1, 1]
    texts = [hit.passage.text for hit in engine.search("Flood kills final voli")]
    assert any("kills 13" in text for text in texts)
    assert not any("kills 12" in text or "voli" in text for text in texts)


def test_a_removal_is_told_with_its_title(engine: Engine, folder: Path) -> None:
    """The outcome of a vanished file names its article and gives no reason to doubt it."""
    synced(engine, folder)
    entry = titled(engine, "Flood")
    (folder / "aven.txt").unlink()
    [gone] = [o for o in engine.sync(str(folder)) if o.status == "removed"]
    assert (gone.article_id, gone.title) == (entry.article.article_id, entry.article.metadata.title)
    assert (gone.source, gone.reason) == (str(folder / "aven.txt"), None)


def test_a_renamed_file_keeps_its_corrections(engine: Engine, folder: Path) -> None:
    """A file moved to another name, or a folder to another place, is the article it was."""
    synced(engine, folder)
    edited = engine.edit(titled(engine, "Flood").article.article_id, published=date(2024, 5, 2))
    (folder / "aven.txt").rename(folder / "sub" / "flood.txt")
    assert synced(engine, folder)["aven.txt"] == "removed"
    entry = titled(engine, "Flood")
    assert entry.article == edited.article
    assert entry.article.metadata.published_basis == "edited"
    assert entry.sources == (str(folder / "sub" / "flood.txt"),)
    assert entry.added_at == edited.added_at
    (folder / "sub").rename(folder / "arsip")
    assert synced(engine, folder)["arsip/flood.txt"] == "unchanged"
    assert titled(engine, "Flood").article == edited.article


def test_a_renamed_file_keeps_the_lines_put_back(engine: Engine, folder: Path) -> None:
    """What a person put back into an article, and corrected in it, moves with its file."""
    put(folder / "banjir.txt", PASTED)
    synced(engine, folder)
    before = engine.edit(
        titled(engine, REPORT[0]).article.article_id, title="Air bah", restore=[FURNITURE[2]]
    )
    (folder / "banjir.txt").rename(folder / "arsip.txt")
    assert synced(engine, folder)["arsip.txt"] == "unchanged"
    after = titled(engine, REPORT[0])
    assert after.article == before.article
    assert after.article.metadata.title == "Air bah"
    assert FURNITURE[2] in after.article.text


def test_an_article_with_another_source_stays(engine: Engine, folder: Path) -> None:
    """When a file is gone, its article stays as long as a file elsewhere names it too."""
    copy = put(folder.parent / "copy.txt", NEWS["aven.txt"])
    synced(engine, folder)
    list(engine.add([str(copy)]))
    (folder / "aven.txt").unlink()
    [gone] = [o for o in engine.sync(str(folder)) if o.status == "removed"]
    assert "another source" in (gone.reason or "")
    assert titled(engine, "Flood").sources == (str(copy),)
    assert engine.status().articles == 3


def test_what_lies_elsewhere_is_left_alone(engine: Engine, folder: Path) -> None:
    """Addresses, standard input and files beside the folder are never taken for vanished."""
    beside = put(folder.parent / "news2" / "aven.txt", "Kebakaran pasar lama di Harapan padam.\n")
    server = Server()
    server.replies["/a"] = ok(page())
    list(engine.add([str(beside), server.url("/a")], allow_private=True))
    server.close()
    beside.unlink()
    synced(engine, folder)
    assert synced(engine, folder) == dict.fromkeys(NEWS, "unchanged")
    assert engine.status().articles == 5


def test_a_folder_is_the_same_under_every_name(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path, a final slash and a link lead to the same articles."""
    synced(engine, folder)
    monkeypatch.chdir(folder.parent)
    Path("link").symlink_to(folder)
    for name in ("news", "news/", "./news/../news", "link"):
        assert {o.status for o in engine.sync(name)} == {"unchanged"}
    (folder / "voli.txt").unlink()
    assert [o.status for o in engine.sync("link")].count("removed") == 1


def test_one_bad_file_ends_nothing(engine: Engine, folder: Path) -> None:
    """A file that can no longer be read fails and keeps its article; the rest is kept in step."""
    synced(engine, folder)
    (folder / "aven.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "voli.txt").unlink()
    assert synced(engine, folder) == {
        "aven.txt": "failed",
        "sub/padi.md": "unchanged",
        "voli.txt": "removed",
    }
    assert "Flood kills 12" in titled(engine, "Flood").article.text


def test_an_unreadable_folder_takes_nothing_away(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder below that may not be opened fails; what was in it stays in the library."""
    synced(engine, folder)
    scandir = os.scandir

    def denied(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    outcomes = {Path(o.source).name: o for o in engine.sync(str(folder))}
    assert outcomes["sub"].status == "failed"
    assert "may not be read" in (outcomes["sub"].reason or "")
    assert engine.status().articles == 3


def test_an_empty_folder_is_doubted(engine: Engine, folder: Path) -> None:
    """Where three articles were and none is, nothing is removed until it is said to be meant."""
    synced(engine, folder)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(BadSource, match="holds no article any more, where 3 were") as caught:
        synced(engine, folder)
    assert "--even-if-empty" in caught.value.hint
    assert engine.status().articles == 3
    assert synced(engine, folder, even_if_empty=True) == dict.fromkeys(NEWS, "removed")
    assert engine.status().articles == engine.status().vectors == 0
    assert synced(engine, folder) == {}


def test_a_small_folder_may_become_empty(engine: Engine, folder: Path) -> None:
    """The last two articles of a folder are removed without a question."""
    (folder / "voli.txt").unlink()
    synced(engine, folder)
    shutil.rmtree(folder)
    folder.mkdir()
    assert set(synced(engine, folder).values()) == {"removed"}
    assert list(engine.entries()) == []


@pytest.mark.parametrize("even_if_empty", [False, True])
@pytest.mark.parametrize("given", ["", "  ", "aven.txt", "nowhere", "http://x.id/a", "-"])
def test_what_is_no_folder_changes_nothing(
    engine: Engine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    even_if_empty: bool,
) -> None:
    """No name once meant the present folder, whose articles were then taken for gone."""
    synced(engine, folder)
    monkeypatch.chdir(folder)
    with pytest.raises(BadSource, match="folder"):
        list(engine.sync(given, even_if_empty=even_if_empty))
    assert engine.status().articles == 3


def test_an_absent_folder_takes_nothing_away(engine: Engine, folder: Path) -> None:
    """A folder that is gone altogether, with its disk, is an error; its articles stay."""
    synced(engine, folder)
    folder.rename(folder.parent / "away")
    with pytest.raises(BadSource, match="is not a folder"):
        synced(engine, folder, even_if_empty=True)
    assert engine.status().articles == 3


# Watching ----------------------------------------------------------------------------------


class Waits:
    """Stands in for the clock: does what is planned for each wait, and then stops the watch."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *planned: Callable[[], object]) -> None:
        self.planned = list(planned)
        monkeypatch.setattr("rag.engine.time.sleep", self)

    def __call__(self, seconds: float) -> None:
        if not self.planned:
            raise InterruptedError
        self.planned.pop(0)()


def still() -> None:
    """A wait in which nothing happens."""


def test_a_change_during_a_turn_gives_another_turn(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first turn comes at once; what arrives while it is used is not missed."""
    waits = Waits(monkeypatch, still)
    turns = engine.changes(str(folder))
    next(turns)
    put(folder / "baru.txt", "Berita baru dari Harapan pagi ini.\n")
    next(turns)
    assert waits.planned == []  # one wait, to see whether it is whole
    with pytest.raises(InterruptedError):
        next(turns)  # nothing has changed since, so it waits


def test_a_file_is_not_taken_half_written(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn waits until a file has stopped growing; one that never stops is not waited for."""
    grow = iter(range(1_000))

    def more() -> None:
        put(folder / "baru.txt", "Berita baru. " * next(grow))

    waits = Waits(monkeypatch, still, more, more, more, still)
    turns = engine.changes(str(folder))
    next(turns)
    next(turns)
    assert waits.planned == []
    waits.planned = [more] * 500
    next(turns)
    assert 400 < len(waits.planned) < 490


def test_a_folder_that_comes_back_is_a_change(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a disk goes and comes again, each is a turn."""
    away = folder.parent / "away"
    Waits(
        monkeypatch, still, lambda: folder.rename(away), still, lambda: away.rename(folder), still
    )
    turns = engine.changes(str(folder))
    next(turns)
    next(turns)
    assert away.exists()
    next(turns)
    assert folder.exists()


_WATCH = """
import sys
from rag.cli import main
from rag.engine import Engine
from tests.fakes import HashEmbedder
changes = Engine.changes
Engine.changes = lambda self, folder: changes(self, folder, every_seconds=0.05)
sys.exit(main(sys.argv[1:], engine_factory=lambda s: Engine(s, embedder=HashEmbedder())))
"""


def test_a_watched_folder_is_followed_until_ctrl_c(tmp_path: Path, folder: Path) -> None:
    """A new file is added while `kutip sync --watch` runs; Ctrl-C ends it without a trace."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WATCH, "--data-dir", tmp_path / "s", "sync", folder, "--watch"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    reading = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()])
    reading.start()

    def until(start: str) -> list[str]:
        seen = [lines.get(timeout=60)]
        while not seen[-1].startswith(start):
            seen.append(lines.get(timeout=60))
        return seen

    try:
        assert until("3 added")[-1] == "3 added, 0 unchanged, 0 updated, 0 failed, 0 removed\n"
        put(folder / "baru.txt", "Bendungan baru di Lembah Padi diresmikan pada Minggu pagi.\n")
        assert until("1 added")[0] == f"added    {folder / 'baru.txt'}\n"
        (folder / "baru.txt").unlink()
        assert until("0 added")[0] == f"removed  {folder / 'baru.txt'}\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        reading.join()
        assert process.stderr is not None
        said = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        process.wait()
    assert said == f"kutip: Watching {folder}; Ctrl-C ends it.\n"


# Putting back ------------------------------------------------------------------------------


@pytest.fixture
def pasted(engine: Engine, tmp_path: Path) -> Path:
    """A file of pasted text that was added, and had furniture."""
    file = put(tmp_path / "banjir.txt", PASTED)
    list(engine.add([str(file)]))
    assert titled(engine, REPORT[0]).article.removed == FURNITURE
    return file


def restored(engine: Engine, *lines: str) -> Entry:
    """The article after these lines were put back into it; the only one there is."""
    before = titled(engine, REPORT[0])
    entry = engine.edit(before.article.article_id, restore=lines)
    assert [e.article.article_id for e in engine.entries()] == [entry.article.article_id]
    assert (entry.sources, entry.passages > 0) == (before.sources, True)
    status = engine.status()
    assert (status.vectors, status.pending) == (status.passages, 0)
    return entry


def test_a_line_goes_back_to_its_place(engine: Engine, pasted: Path) -> None:
    """The text holds it where it stood, nothing else moved, and it can be found and cited."""
    old = titled(engine, REPORT[0]).article.article_id
    entry = restored(engine, FURNITURE[2])
    assert entry.article.text.split("\n\n") == [*REPORT[:2], FURNITURE[2], *REPORT[2:]]
    assert entry.article.removed == (*FURNITURE[:2], *FURNITURE[3:])
    assert entry.article.article_id != old
    with pytest.raises(NotFound):
        engine.entry(old)
    assert any("Harga Pupuk" in hit.passage.text for hit in engine.search("Harga Pupuk"))


def test_lines_are_put_back_one_after_another(engine: Engine, pasted: Path) -> None:
    """A second restoring keeps the first; all of it brings the paste back whole."""
    restored(engine, FURNITURE[2])
    assert restored(engine, FURNITURE[5], FURNITURE[1]).article.removed == tuple(
        line for n, line in enumerate(FURNITURE) if n not in (1, 2, 5)
    )
    entry = restored(engine, "*")
    assert entry.article.text.split("\n\n") == PASTED.split("\n")
    assert entry.article.removed == ()


@pytest.mark.parametrize("line", ["Komentar", "*"])
def test_adding_the_same_file_again_changes_nothing(
    engine: Engine, pasted: Path, line: str
) -> None:
    """The file is as it was, so it is unchanged, and the line stays put back."""
    entry = restored(engine, line)
    [outcome] = engine.add([str(pasted)])
    assert (outcome.status, outcome.article_id) == ("unchanged", entry.article.article_id)
    assert [o.status for o in engine.sync(str(pasted.parent))] == ["unchanged"]
    assert titled(engine, REPORT[0]).article == entry.article


def test_a_changed_file_keeps_the_line_too(engine: Engine, pasted: Path) -> None:
    """What a person put back is not taken out of a later version of the file."""
    restored(engine, FURNITURE[2])
    put(pasted, PASTED.replace("tiga truk", "lima truk"))
    [outcome] = engine.add([str(pasted)])
    assert outcome.status == "updated"
    entry = titled(engine, "lima truk")
    assert FURNITURE[2] in entry.article.text.split("\n\n")
    assert entry.article.removed == (*FURNITURE[:2], *FURNITURE[3:])
    again = restored(engine, FURNITURE[1])
    assert {FURNITURE[1], FURNITURE[2]} <= set(again.article.text.split("\n\n"))


def test_what_other_pages_share_stays_out(engine: Engine, folder: Path) -> None:
    """A line that was taken out because three pages have it is not put back with another."""
    for name, text in pasted_pages("Padi", "Merdeka", "Sentosa").items():
        put(folder / name, text)
    synced(engine, folder)
    before = titled(engine, "kata saksi mata di Merdeka")
    assert CREDIT in before.article.removed
    entry = engine.edit(before.article.article_id, restore=[FURNITURE[2]])
    assert FURNITURE[2] in entry.article.text
    assert CREDIT in entry.article.removed
    entry = engine.edit(entry.article.article_id, restore=[CREDIT])
    assert {FURNITURE[2], CREDIT} <= set(entry.article.text.split("\n\n"))


def test_corrections_survive_restoring(engine: Engine, pasted: Path) -> None:
    """Title, publisher and date that a person set hold before, with and after a restoring."""
    first = titled(engine, REPORT[0]).article.article_id
    engine.edit(first, published=date(2024, 6, 3))
    one = engine.edit(first, publisher="Kabar Padi", restore=[FURNITURE[2]])
    two = engine.edit(one.article.article_id, title="Air bah", restore=["*"])
    for entry in (two, titled(engine, REPORT[0])):
        metadata = entry.article.metadata
        assert (metadata.title, metadata.publisher) == ("Air bah", "Kabar Padi")
        assert (metadata.published, metadata.published_basis) == (date(2024, 6, 3), "edited")


@pytest.mark.parametrize("line", ["Tidak ada", "", REPORT[1], FURNITURE[3] + " "])
def test_a_line_that_was_not_taken_out_is_refused(engine: Engine, pasted: Path, line: str) -> None:
    """What was never there cannot be put back, and nothing is changed by the attempt."""
    before = titled(engine, REPORT[0])
    with pytest.raises(BadSource, match="was not taken out"):
        engine.edit(before.article.article_id, restore=[FURNITURE[2], line])
    assert list(engine.entries()) == [before]


def test_a_page_from_the_web_needs_no_web_to_be_restored(engine: Engine) -> None:
    """Lines are put back from the bytes that were kept, in the format they were sent in."""
    server = Server()
    server.replies["/a.pdf"] = ok(page())
    list(engine.add([server.url("/a.pdf")], allow_private=True))
    server.close()
    before = titled(engine, REPORT[0])
    menu = next(line for line in before.article.removed if "Beranda" in line)
    entry = restored(engine, menu)
    assert menu in entry.article.text
    assert all(line in entry.article.text for line in REPORT)
    assert entry.article.metadata.url == before.article.metadata.url == server.url("/a.pdf")
    assert entry.article.metadata.published == date(2024, 6, 3)


def test_standard_input_keeps_what_was_put_back(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text pasted again is the article that was restored, not a second one."""

    def paste(text: str = PASTED) -> str:
        file = put(tmp_path / "stdin", text)
        with file.open(encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            return next(engine.add(["-"])).status

    assert paste() == "added"
    entry = restored(engine, FURNITURE[2])
    assert paste() == "unchanged"
    assert list(engine.entries()) == [entry]
    assert paste(NEWS["aven.txt"]) == "added"
    assert paste() == "unchanged"
    assert engine.status().articles == 2


def test_every_source_of_an_article_is_restored(
    engine: Engine, pasted: Path, tmp_path: Path
) -> None:
    """An article that two files hold is still one article afterwards, named by both."""
    copy = put(tmp_path / "copy.txt", PASTED.replace("\n", "\n\n"))
    list(engine.add([str(copy)]))
    entry = restored(engine, FURNITURE[2])
    assert len(entry.sources) == 2
    assert {o.status for o in engine.add([str(pasted), str(copy)])} == {"unchanged"}


def test_a_restored_article_outlives_reindexing(engine: Engine, pasted: Path) -> None:
    """Cutting and embedding anew keeps the text as a person wanted it."""
    entry = restored(engine, FURNITURE[2])
    assert engine.reindex() == entry.passages
    assert titled(engine, REPORT[0]).article == entry.article

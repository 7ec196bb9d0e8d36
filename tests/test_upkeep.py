"""A library in step with a folder, through the engine and real stores."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import BadSource
from tests import news_folder
from tests.ingest.servers import Server, ok
from tests.news_folder import NEWS, put, synced, titled
from tests.samples import FURNITURE, PASTED, REPORT, page

engine = news_folder.engine
folder = news_folder.folder


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

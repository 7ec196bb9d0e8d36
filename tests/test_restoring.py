"""Lines put back into an article, through the engine and real stores."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import BadSource, NotFound
from rag.schema import Entry
from tests import news_folder
from tests.ingest.servers import Server, ok
from tests.news_folder import NEWS, put, synced, titled
from tests.samples import CREDIT, FURNITURE, PASTED, REPORT, page, pasted_pages

engine = news_folder.engine
folder = news_folder.folder


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

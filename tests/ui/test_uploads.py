"""What a browser may send as a file, and under which name it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.load import KINDS as READ
from tests.ingest.made_pdf import pdf
from tests.samples import word
from ui.desk import Reader
from ui.library_words import WORDS
from ui.uploads import KINDS, MOST_FILES, Upload, check, discard, display_name, stage, uploads

PE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
PDF = pdf([[(60.0, 740.0, 12.0, "Air bah di Aven.")]])


def refused(path: Path, *, max_bytes: int = 1_000, reader: Reader = "en") -> str:
    [upload] = uploads([str(path)])
    with pytest.raises(BadSource) as caught:
        check(upload, max_bytes=max_bytes, reader=reader)
    assert caught.value.hint
    return caught.value.message


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_endings_are_those_the_engine_reads() -> None:
    """Nothing is refused here that Kutip reads, and nothing let through that it does not."""
    assert set(KINDS) == set(READ)
    assert {e for e, kind in KINDS.items() if kind == "pdf"} == {".pdf"}
    assert {e for e, kind in KINDS.items() if kind == "word"} == {".docx"}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("berita.txt", "berita.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\a.PDF", "a.PDF"),
        ("gaji\u202etxt.exe", "gajitxt.exe"),
        ("a\x00b\n c.md", "ab c.md"),
        ("CON", "CON"),
        ("..", "file"),
        ("", "file"),
        ("  a   b.txt ", "a b.txt"),
        ("x" * 300 + ".html", "x" * 115 + ".html"),
        ("a." + "z" * 300, "a." + "z" * 118),
    ],
)
def test_a_name_is_made_fit_to_show(given_name: str, kept: str) -> None:
    """No folder, nothing unseen, one line, at most 120 characters, the ending kept."""
    assert display_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_long(name: str) -> None:
    """Whatever is sent as a name, what is kept is short, not empty, and holds no separator."""
    made = display_name(name)
    assert 0 < len(made) <= 120
    assert not set(made) & set("/\\\n\x00\u202e")
    assert made == made.strip()
    assert made not in (".", "..")
    assert display_name(made) == made


def test_two_files_of_one_name_stay_two() -> None:
    """The second file of a name is numbered, case aside, and stays within the length."""
    long = "y" * 130 + ".txt"
    made = uploads(["/a/x.txt", "/b/X.txt", "/c/x.txt", f"/a/{long}", f"/b/{long}"])
    assert [upload.name for upload in made] == [
        "x.txt",
        "X (2).txt",
        "x (3).txt",
        "y" * 116 + ".txt",
        "y" * 112 + " (2).txt",
    ]
    assert made[1].path == Path("/b/X.txt")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"Banjir di Aven."),
        ("a.txt", "Banjir di Aven.".encode("utf-16")),
        ("a.md", b"\xef\xbb\xbf# Banjir"),
        ("a.HTML", b"<!doctype html><p>Banjir</p>"),
        ("a.pdf", PDF),
        ("a.pdf", b"junk before\n" + PDF),
        ("a.docx", word("Banjir di Aven.")),
    ],
)
def test_what_it_says_it_is_passes(tmp_path: Path, name: str, data: bytes) -> None:
    """Text, also in UTF-16 with its mark, pages, PDF and Word files are let through."""
    path = written(tmp_path, name, data)
    check(Upload(path=path, name=name), max_bytes=len(data), reader="en")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.pdf", PE, "inside it is another kind of file (EXE) than its name says"),
        ("a.docx", PDF, "inside it is another kind of file (PDF) than its name says"),
        ("a.docx", b"PK\x03\x04 a sheet", "inside it is another kind of file (ZIP)"),
        ("a.txt", PE, "inside it is another kind of file (EXE)"),
        ("a.txt", PDF, "inside it is another kind of file (PDF)"),
        ("a.html", word("Halo."), "inside it is another kind of file (ZIP)"),
        ("a.txt", b"a\x00b", "it is no .txt file inside"),
        ("a.txt", "Banjir".encode("utf-16-le"), "it is no .txt file inside"),
        ("a.pdf", b"Only text", "it is no .pdf file inside"),
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b"x" * 1_001, "the file is larger than 0 MB"),
        ("a.svg", b"<svg onload=alert(1)>", ".svg files are not read"),
        ("a.exe", PE, ".exe files are not read"),
        ("README", b"Some words.", "its name has no ending"),
    ],
)
def test_what_it_is_not_is_refused(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    """A file that is not what its name says, is empty, too large, or of no kind, with words."""
    most = 1_000 if len(data) in (1_001, 0) else 1_000_000
    assert refused(written(tmp_path, name, data), max_bytes=most).startswith(why)


def test_the_words_are_the_readers(tmp_path: Path) -> None:
    """Indonesian readers are told in Indonesian; one that did not arrive is told of too."""
    assert refused(written(tmp_path, "a.txt", b""), reader="id") == "berkas kosong"
    assert refused(tmp_path / "gone.txt", reader="id") == "berkas tidak sampai"


def test_a_staged_file_has_a_name_of_ours(tmp_path: Path) -> None:
    """It is moved, not copied, its name is a number, and the folder made for it is gone."""
    sent, folder = tmp_path / "hash", tmp_path / "ours"
    sent.mkdir()
    folder.mkdir()
    path = written(sent, "-rf; x.TXT", b"Halo.")
    made = stage(Upload(path=path, name="x.TXT"), folder, 7)
    assert (made, made.read_bytes()) == (folder / "7.txt", b"Halo.")
    assert not sent.exists()


def test_what_is_discarded_is_gone(tmp_path: Path) -> None:
    """A file and its folder are deleted, a folder with something else in it stays."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, "a.txt", b"x")
    written(tmp_path / "two", "b.txt", b"x")
    discard([str(tmp_path / "one" / "a.txt"), str(tmp_path / "two" / "a.txt"), "/no/such/file"])
    assert not (tmp_path / "one").exists()
    assert [p.name for p in (tmp_path / "two").iterdir()] == ["b.txt"]


def test_both_languages_have_every_word() -> None:
    """The same keys, with the same places to fill, in English and Indonesian."""
    assert WORDS["en"].keys() == WORDS["id"].keys()
    for key, text in WORDS["en"].items():
        assert key.startswith("library_")
        for place in ("{n}", "{m}", "{what}", "{most}", "{known}", "{title}", "{counts}"):
            assert (place in text) == (place in WORDS["id"][key]), key
    assert MOST_FILES == 50

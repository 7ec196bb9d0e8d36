"""What a source names, and what reading it can and cannot do."""

from __future__ import annotations

import inspect
import io
import os
import socket
import sys
from pathlib import Path

import pytest

from rag.errors import BadSource
from rag.ingest.load import Located, files_in, inside, locate, read, shown, snapshot, vanished


def write(path: Path, text: str = "Berita.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dash_is_standard_input() -> None:
    """`-` names standard input, which has no path."""
    assert locate("-") == [Located(source_id="-", source="-", path=None)]


def test_a_file_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file keeps the name the user gave; its id is its absolute real path."""
    file = write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    assert locate("a.txt") == [
        Located(source_id=os.path.realpath(file), source="a.txt", path=Path("a.txt"))
    ]


@pytest.mark.parametrize("name", ["a.md", "A.MARKDOWN", "a.Html", "a.htm", "a.PDF", "a.docx"])
def test_what_a_user_names_is_found(tmp_path: Path, name: str) -> None:
    """Every kind is taken, in either case of its ending; so is a file without an ending."""
    file = write(tmp_path / name)
    assert [one.path for one in locate(str(file))] == [file]
    assert [one.path for one in locate(str(tmp_path))] == [file]
    bare = write(tmp_path / "berita")
    assert [one.path for one in locate(str(bare))] == [bare]
    assert [one.path for one in locate(str(tmp_path))] == [file]


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    """A folder gives its article files below it, sorted, and nothing hidden or of another kind."""
    for name in ("b.md", "a.txt", "c/z.text", "c/a.pdf", ".git/x.txt", ".h.txt", "p.jpg", "bare"):
        write(tmp_path / name)
    assert [
        Path(found.source).relative_to(tmp_path).as_posix() for found in locate(str(tmp_path))
    ] == [
        "a.txt",
        "b.md",
        "c/a.pdf",
        "c/z.text",
    ]


def test_links_are_followed_once(tmp_path: Path) -> None:
    """A loop of links ends, and a file reached by two names is taken once."""
    write(tmp_path / "a" / "x.txt")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b.txt").symlink_to(tmp_path / "a" / "x.txt")
    (tmp_path / "again").symlink_to(tmp_path / "a", target_is_directory=True)
    [found] = locate(str(tmp_path))
    assert found.source_id == os.path.realpath(tmp_path / "a" / "x.txt")


def test_a_link_to_itself_fails_alone(tmp_path: Path) -> None:
    """A link that leads nowhere is reported by `read`; its neighbours are still found."""
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    write(tmp_path / "z.txt")
    gone, itself, good = locate(str(tmp_path))
    assert read(good, max_bytes=100) == b"Berita."
    with pytest.raises(BadSource, match=r"gone\.txt is gone"):
        read(gone, max_bytes=100)
    with pytest.raises(BadSource, match=r"self\.txt cannot be read"):
        read(itself, max_bytes=100)


def test_a_very_deep_folder_is_walked(tmp_path: Path) -> None:
    """Folders nested deeper than Python's calls may be do not end the walk."""
    write(tmp_path.joinpath(*["d"] * 400, "x.txt"))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 200)
    try:
        [found] = locate(str(tmp_path))
    finally:
        sys.setrecursionlimit(limit)
    assert found.source.endswith("/d" * 400 + "/x.txt")


@pytest.mark.parametrize("given", ["", "  "])
def test_an_empty_name_is_refused(given: str) -> None:
    """No name is not the present folder."""
    with pytest.raises(BadSource, match="no source"):
        locate(given)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    """What does not exist is named, with what to do."""
    with pytest.raises(BadSource, match=r"tiada\.txt does not exist") as caught:
        locate(str(tmp_path / "tiada.txt"))
    assert "spelling" in caught.value.hint


@pytest.mark.parametrize("given", ["http://x.id/a?utm_source=b#top", " HTTPS://X.id:443/a\n"])
def test_an_address_is_located_not_looked_up(given: str) -> None:
    """A page is one source however its address was copied; what is fetched is what was given."""
    [found] = locate(given)
    scheme = given.strip().partition(":")[0].lower()
    assert (found.source_id, found.url) == (f"{scheme}://x.id/a", given.strip())
    assert found.path is None
    with pytest.raises(ValueError, match="fetched"):
        read(found, max_bytes=10)


@pytest.mark.parametrize("given", ["http://", "https:///a", "http://x.id:99999/", "http://a b/"])
def test_a_broken_address_is_refused(given: str) -> None:
    """What begins as an address and is none is an error of its own, not a missing file."""
    with pytest.raises(BadSource) as caught:
        locate(given)
    assert caught.value.message.startswith(given.strip())
    assert "does not exist" not in caught.value.message


@pytest.mark.parametrize("given", ["www.kompas.com/a", "ftp://x.id/a", "kompas://a"])
def test_what_is_nearly_an_address_is_told_how(given: str) -> None:
    """A page named without its scheme is told to be named by its whole address."""
    with pytest.raises(BadSource, match="does not exist") as caught:
        locate(given)
    assert "https://" in caught.value.hint


@pytest.mark.parametrize("name", ["a.doc", "a.epub", "a.DOCM", "a.jpg"])
def test_an_unsupported_ending_names_the_supported(tmp_path: Path, name: str) -> None:
    """A file of another kind is refused, and the kinds that are read are listed."""
    with pytest.raises(BadSource, match="not supported") as caught:
        locate(str(write(tmp_path / name)))
    listed = ".txt, .text, .md, .markdown, .html, .htm, .xhtml, .pdf, .docx"
    assert listed in caught.value.hint


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    """An empty folder is an error, not an empty success."""
    write(tmp_path / "a.jpg")
    with pytest.raises(BadSource, match="holds no article"):
        locate(str(tmp_path))


@pytest.mark.parametrize("given", ["a\x00b.txt", "a\ud800b.txt", "x" * 5000])
def test_an_impossible_name_is_refused(given: str) -> None:
    """A NUL, a lone surrogate or 5,000 letters make a one-line error, not a traceback."""
    with pytest.raises(BadSource) as caught:
        locate(given)
    assert str(caught.value).isprintable()


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    """Control characters and bytes that are not UTF-8 are shown as escapes, and still read."""
    raw = os.fsencode(tmp_path) + b"/a\x1b[2J\xff.txt"
    Path(os.fsdecode(raw)).write_bytes(b"Berita.")
    [found] = locate(str(tmp_path))
    assert found.source.endswith("a\\x1b[2J\\udcff.txt")
    assert found.source_id.encode()  # can be stored
    assert read(found, max_bytes=100) == b"Berita."
    assert shown("Rapat di São Paulo.txt") == "Rapat di São Paulo.txt"


def test_a_pipe_never_blocks(tmp_path: Path) -> None:
    """A named pipe without a writer is refused at once, named or met in a folder."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(BadSource, match="named pipe"):
        locate(str(tmp_path / "pipe.txt"))
    [found] = locate(str(tmp_path))
    with pytest.raises(BadSource, match="named pipe"):
        read(found, max_bytes=100)


def test_devices_and_sockets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/dev/zero and a socket are not files, whatever they would give."""
    with pytest.raises(BadSource, match="a device"):
        locate("/dev/zero")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
        with pytest.raises(BadSource, match="a socket"):
            locate("s.txt")


def located(path: Path) -> Located:
    return Located(source_id=str(path), source=path.name, path=path)


def test_a_large_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 200 MB is refused by its size; it is not even opened."""
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    def never(*_: object) -> int:
        raise AssertionError("opened")

    monkeypatch.setattr(os, "open", never)
    with pytest.raises(BadSource, match="larger than 20,000,000 bytes"):
        read(located(path), max_bytes=20_000_000)


def test_the_limit_is_inclusive(tmp_path: Path) -> None:
    """A file of exactly `max_bytes` is read; one byte more is not."""
    path = write(tmp_path / "a.txt", "12345")
    assert read(located(path), max_bytes=5) == b"12345"
    with pytest.raises(BadSource, match="larger than 4 bytes"):
        read(located(path), max_bytes=4)


def test_empty_vanished_and_folder(tmp_path: Path) -> None:
    """An empty file, one deleted since, and a folder in its place each say so."""
    with pytest.raises(BadSource, match="is empty"):
        read(located(write(tmp_path / "a.txt", "")), max_bytes=5)
    with pytest.raises(BadSource, match="is gone"):
        read(located(tmp_path / "b.txt"), max_bytes=5)
    with pytest.raises(BadSource, match="a folder"):
        read(located(tmp_path), max_bytes=5)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_an_unreadable_file_says_so(tmp_path: Path) -> None:
    """A file without permission is an error with a hint."""
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    with pytest.raises(BadSource, match="may not be read"):
        read(located(path), max_bytes=100)


@pytest.mark.parametrize(
    ("error", "said"),
    [(PermissionError(13, "denied"), "may not be read"), (OSError(5, "I/O error"), "I/O error")],
)
def test_a_failing_disk_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    """Whatever the system answers on opening becomes one line."""
    path = write(tmp_path / "a.txt")

    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(BadSource, match=said):
        read(located(path), max_bytes=100)


class Drip(io.RawIOBase):
    """An endless input that hands over three bytes at a time and counts them."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += min(3, size)
        return b"x" * min(3, size)


def test_standard_input_is_read_to_the_limit() -> None:
    """Input that never ends is refused after one byte over the limit."""
    drip = Drip()
    with pytest.raises(BadSource, match="standard input is larger than 10 bytes"):
        read(locate("-")[0], max_bytes=10, stdin=drip)  # type: ignore[arg-type]
    assert drip.given == 11


def test_standard_input_is_read_whole() -> None:
    """Input within the limit is given as it is; none at all is an error."""
    assert read(locate("-")[0], max_bytes=10, stdin=io.BytesIO(b"Halo")) == b"Halo"
    with pytest.raises(BadSource, match="standard input is empty"):
        read(locate("-")[0], max_bytes=10, stdin=io.BytesIO())


# Folders that are kept in step -------------------------------------------------------------


def test_the_ids_in_a_folder_begin_alike(tmp_path: Path) -> None:
    """What lies in a folder is told by the beginning of its id, and nothing beside it is."""
    write(tmp_path / "news" / "a.txt")
    write(tmp_path / "news2" / "b.txt")
    start = inside(str(tmp_path / "news"))
    (tmp_path / "link").symlink_to(tmp_path / "news")
    assert inside(str(tmp_path / "link") + "/") == start
    ids = [one.source_id for one in locate(str(tmp_path))]
    assert [one.startswith(start) for one in ids] == [True, False]


@pytest.mark.parametrize(
    "given", ["", " ", "tiada", "a.txt", "http://x.id/a", "a\x00b", "x" * 5000]
)
def test_what_is_no_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """A file, an address, an impossible name and none at all are not the present folder."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt")
    with pytest.raises(BadSource, match="folder"):
        inside(given)


def test_only_what_is_surely_gone_has_vanished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deleted file has vanished; a broken link, and what may not be looked at, has not."""
    write(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    names = ("a.txt", "b.txt", "c.txt", "a.txt/d.txt", "no/e.txt")
    assert [vanished(str(tmp_path / name)) for name in names] == [False, False, True, True, True]

    def denied(*_: object) -> os.stat_result:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "lstat", denied)
    assert not vanished(str(tmp_path / "c.txt"))


def test_a_snapshot_tells_every_change(tmp_path: Path) -> None:
    """It differs after a file came, changed, was touched, moved or went, and never by itself."""
    file = write(tmp_path / "a.txt")
    seen = [snapshot(str(tmp_path)), snapshot(str(tmp_path))]
    assert seen[0] == seen[1]
    write(tmp_path / "b.jpg")
    assert snapshot(str(tmp_path)) == seen[0]
    for change in (
        lambda: write(file, "Berita lain."),
        lambda: os.utime(file, ns=(1, 1)),
        lambda: write(tmp_path / "sub" / "c.txt"),
        lambda: (tmp_path / "sub" / "c.txt").rename(tmp_path / "d.txt"),
        (tmp_path / "d.txt").unlink,
    ):
        change()
        seen.append(snapshot(str(tmp_path)))
        assert seen[-1] != seen[-2]
    assert snapshot(str(tmp_path / "tiada")) == frozenset()
    assert files_in(str(tmp_path / "tiada")) == []

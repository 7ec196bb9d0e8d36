"""Writing one setting into the settings file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import configure
from rag.errors import BadSetting, StoreError
from rag.settings import Settings

FILE = """# mine
model = "qwen3:4b"  # quick

embedder = 'bundled'
hits = 5
"""


def test_a_folder_without_a_file_gets_one(tmp_path: Path) -> None:
    """The folder too is made, readable to nobody else, and the settings are read back."""
    folder = tmp_path / "data"
    assert configure.put(folder, "embedder", "a/b") == folder / "config.toml"
    assert Settings.load(environment={}, data_dir=folder).embedder == "a/b"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_only_the_line_of_the_setting_changes(tmp_path: Path) -> None:
    """Comments, blanks and other settings stay as they are."""
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    configure.put(tmp_path, "embedder", "a/b")
    expected = FILE.replace("embedder = 'bundled'", 'embedder = "a/b"')
    assert path.read_text(encoding="utf-8") == expected
    assert [p.name for p in tmp_path.iterdir()] == ["config.toml"]


def test_a_new_setting_comes_after_the_last_line(tmp_path: Path) -> None:
    """Also when that line has no end."""
    path = tmp_path / "config.toml"
    path.write_text("hits = 5", encoding="utf-8")
    configure.put(tmp_path, "model", "m")
    assert path.read_text(encoding="utf-8") == 'hits = 5\nmodel = "m"\n'


def test_a_new_setting_comes_before_a_table(tmp_path: Path) -> None:
    """After the head of a table it would be one of that table's."""
    path = tmp_path / "config.toml"
    path.write_text('hits = 5\n[other]\nmodel = "theirs"\n', encoding="utf-8")
    configure.put(tmp_path, "model", "mine")
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found == {"hits": 5, "model": "mine", "other": {"model": "theirs"}}


@pytest.mark.parametrize(
    "text",
    [
        'model = """\nembedder = "x"\n"""\n',  # the line is inside another setting's text
        'embedder = """\nbundled"""\n',  # and this setting has two
        "hits = \n",
    ],
)
def test_what_cannot_be_changed_safely_is_left_alone(tmp_path: Path, text: str) -> None:
    """The error gives the line to write by hand, and the file is as it was."""
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as caught:
        configure.put(tmp_path, "embedder", "a/b")
    assert caught.value.hint == 'Write this into it yourself: embedder = "a/b"'
    assert path.read_text(encoding="utf-8") == text


def test_a_file_can_be_put_back(tmp_path: Path) -> None:
    """Byte for byte, Windows' line ends too; and where there was none, none is left."""
    path = tmp_path / "config.toml"
    for before in (b"hits = 5\r\n# x\r\n", None):
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        kept = configure.Kept(tmp_path)
        configure.put(tmp_path, "model", "m")
        assert b'model = "m"' in path.read_bytes()
        kept.put_back()
        assert (path.read_bytes() if path.exists() else None) == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where the data folder should be is an error of the store, in one line."""
    (tmp_path / "data").write_text("x", encoding="ascii")
    with pytest.raises(StoreError, match="cannot be written"):
        configure.put(tmp_path / "data", "model", "m")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_value_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Quotes, backslashes, line ends and control characters are escaped as TOML wants them."""
    folder = tmp_path_factory.mktemp("config")
    path = configure.put(folder, "model", "first")
    configure.put(folder, "model", text)
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"model": text}

"""Settings: where they come from, and which values mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import BadSetting
from rag.settings import Settings


def test_the_later_wins(tmp_path: Path) -> None:
    """The file in the data folder beats the default, a variable beats the file."""
    (tmp_path / "config.toml").write_text("hits = 7\nevidence_floor = 0.6\n", encoding="utf-8")
    settings = Settings.load(environment={"KUTIP_HITS": "9"}, data_dir=tmp_path)
    assert (settings.hits, settings.evidence_floor, settings.threads) == (9, 0.6, 0)


def test_the_data_folder_is_named_by_a_variable(tmp_path: Path) -> None:
    """KUTIP_DATA_DIR names the folder unless the caller does."""
    named = {"KUTIP_DATA_DIR": str(tmp_path / "a")}
    assert Settings.load(environment=named).data_dir == tmp_path / "a"
    assert Settings.load(environment=named, data_dir=tmp_path).data_dir == tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HITS", "abc"),
        ("HITS", "0"),
        ("HITS", "-1"),
        ("HITS", "3.7"),
        ("PAGE_SIZE", "0"),
        ("PASSAGE_WORDS", "0"),
        ("ANSWER_SENTENCES", "0"),
        ("EVIDENCE_FLOOR", "nan"),
        ("EVIDENCE_FLOOR", "2"),
        ("DENSE_WEIGHT", "inf"),
        ("LOCK_SECONDS", "inf"),
    ],
)
def test_a_value_that_means_nothing_is_named(tmp_path: Path, name: str, value: str) -> None:
    """The message says which variable it was, and the hint what it may be."""
    with pytest.raises(BadSetting, match=f"KUTIP_{name}") as caught:
        Settings.load(environment={f"KUTIP_{name}": value}, data_dir=tmp_path)
    assert caught.value.hint.startswith("It must be one number from")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    """An empty name of a model is no name; the default stands."""
    loaded = Settings.load(environment={"KUTIP_EMBEDDER": ""}, data_dir=tmp_path)
    assert loaded.embedder == "bundled"


@pytest.mark.parametrize("line", ["hits = 3.7", "hits = true", "colour = 1", "hits ="])
def test_a_bad_line_of_the_file_is_named(tmp_path: Path, line: str) -> None:
    """A wrong value, an unknown name and broken TOML all name the file."""
    (tmp_path / "config.toml").write_text(line, encoding="utf-8")
    with pytest.raises(BadSetting, match=r"config\.toml"):
        Settings.load(environment={}, data_dir=tmp_path)


def test_a_folder_that_cannot_be_is_told() -> None:
    """The home of nobody and a path that is too long are named, not faults."""
    with pytest.raises(BadSetting, match="KUTIP_DATA_DIR"):
        Settings.load(environment={"KUTIP_DATA_DIR": "~nobodyatall/x"})
    with pytest.raises(BadSetting, match="cannot be read"):
        Settings.load(environment={}, data_dir=Path("a" * 5_000))


def test_a_glossary_in_the_data_folder_is_taken(tmp_path: Path) -> None:
    """Unless another one is named."""
    assert Settings.load(environment={}, data_dir=tmp_path).glossary == ""
    (tmp_path / "glossary.tsv").write_text("", encoding="utf-8")
    own = str(tmp_path / "glossary.tsv")
    assert Settings.load(environment={}, data_dir=tmp_path).glossary == own
    named = {"KUTIP_GLOSSARY": "/x/mine.tsv"}
    assert Settings.load(environment=named, data_dir=tmp_path).glossary == "/x/mine.tsv"

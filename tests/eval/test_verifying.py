"""Files of sentences with their evidence: what a line may be, and what is said of a bad one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import DatasetError
from eval.verifying import Row, main, read_rows


def row(**changes: object) -> dict[str, Any]:
    """A good line, but for these changes."""
    good: dict[str, Any] = {
        "id": "1",
        "evidence": "Odile Marsh keeps the dam.",
        "sentence": "Odile Marsh keeps the dam.",
        "published": "2024-08-21",
        "supported": True,
    }
    return good | changes


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in row().items() if name != key}


def written(folder: Path, *lines: object) -> Path:
    """A file with these lines: JSON of what is not text already."""
    path = folder / "v.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_a_good_line_is_a_record(tmp_path: Path) -> None:
    """Every key becomes its field; the language is that of the sentence where none is given."""
    path = written(tmp_path, row(tags=["name"]), "", row(published=None, language="id"))
    first, second = read_rows(path)
    assert first == Row(
        row_id="1",
        evidence="Odile Marsh keeps the dam.",
        sentence="Odile Marsh keeps the dam.",
        published=date(2024, 8, 21),
        supported=True,
        language="en",
        tags=("name",),
    )
    assert (second.published, second.language, second.tags) == (None, "id", ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", 'not JSON: a key in "..." is missing at character 2'),
        ("[" * 100_000, "not JSON: it is nested too deeply"),
        ("3", "not a JSON object"),
        (without("sentence"), "sentence not given; every sentence needs it"),
        (row(id=7), 'id is not text; write "..."'),
        (row(sentence=""), "sentence is empty"),
        (row(evidence=3), "evidence is not text"),
        (row(supported="yes"), "supported is neither true nor false"),
        (row(published="21 August"), "published is '21 August', which is no day; write YYYY-MM-DD"),
        (row(published="9" * 50_000), "which is no day"),
        (row(published=20240821), "published is not text"),
        (row(language=3), "language is not text"),
        (row(tags="name"), "tags is not a list"),
    ],
)
def test_a_bad_line_is_named_in_plain_words(tmp_path: Path, line: object, said: str) -> None:
    """File, line and what is wrong, in one short line, with what a line looks like."""
    path = written(tmp_path, row(), line)
    with pytest.raises(DatasetError) as raised:
        read_rows(path)
    assert raised.value.message.startswith(f"{path}, line 2: ")
    assert said in raised.value.message
    assert len(raised.value.message) < len(str(path)) + 200
    assert "YYYY-MM-DD" in raised.value.hint


def test_a_printed_array_is_told_once(tmp_path: Path) -> None:
    """Not line by line."""
    path = written(tmp_path, json.dumps([row()], indent=1))
    with pytest.raises(
        DatasetError, match=r"v\.jsonl is one JSON array over 9 lines, not"
    ) as raised:
        read_rows(path)
    assert "jq -c" in raised.value.hint


def test_a_file_that_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that is not there, a folder, and bytes that are no UTF-8."""
    (tmp_path / "latin.jsonl").write_bytes(b"\n\xe9")
    for name, said in (
        ("none.jsonl", "none.jsonl cannot be read: No such file or directory Name a file of"),
        ("", "cannot be read: Is a directory Name a file of sentences"),
        ("latin.jsonl", "latin.jsonl, line 2: it is not UTF-8 Save it as UTF-8."),
    ):
        assert main([str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err

"""The `kutip` command over the real engine and the example articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from tests.samples import RIGHT


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to which the example articles were added."""
    folder = tmp_path_factory.mktemp("library")
    assert main(["--data-dir", str(folder), "--quiet", "add", "--examples"]) == 0
    return folder


@pytest.fixture
def kutip(library: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """Run a command line over the example articles; its status and its JSON."""

    def runner(*words: str) -> tuple[int, Any]:
        status = main(["--data-dir", str(library), "--json", *words])
        return status, json.loads(capsys.readouterr().out)

    return runner


def test_an_answer_quotes_what_show_shows(kutip: Callable[..., tuple[int, Any]]) -> None:
    """Every quote of an answer is, to the letter, the stretch of the article that it names."""
    status, answer = kutip("ask", "Siapa Emir Qatar?")
    assert status == 0
    assert answer["citations"]
    for citation in answer["citations"]:
        status, article = kutip("show", citation["article_id"])
        assert status == 0
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["quote"] in answer["text"]
    for hit in answer["hits"]:
        _, article = kutip("show", hit["article_id"])
        assert article["text"][hit["start"] : hit["end"]] == hit["text"]


def test_the_library_from_end_to_end(kutip: Callable[..., tuple[int, Any]]) -> None:
    """Articles are listed, found, corrected, removed and added again, unchanged ones skipped."""
    _, articles = kutip("list")
    assert len(articles) == 3
    status, added = kutip("add", "--examples")
    assert (status, added["unchanged"], added["added"]) == (0, 3, 0)
    status, found = kutip("search", "gencatan senjata Gaza", "-k", "2")
    assert (status, found["language"], len(found["hits"])) == (0, "id", 2)
    article_id = articles[0]["article_id"]
    status, edited = kutip("edit", article_id[:8], "--date", "1 Mei 2001", "--publisher", "Kami")
    assert (status, edited["published"], edited["published_basis"]) == (0, "2001-05-01", "edited")
    assert [entry["article_id"] for entry in kutip("list", "--until", "2001")[1]] == [article_id]
    assert [entry["article_id"] for entry in kutip("list", "--publisher", "kami")[1]] == [
        article_id
    ]
    status, removed = kutip("remove", article_id)
    assert (status, [entry["article_id"] for entry in removed["removed"]]) == (0, [article_id])
    assert len(kutip("list")[1]) == 2
    status, again = kutip("add", "--examples")
    assert (status, again["added"], again["unchanged"]) == (0, 1, 2)
    assert kutip("reindex") == (0, {"passages": sum(entry["passages"] for entry in articles)})


def test_a_password_is_never_printed(
    library: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An address with a user name is refused in one line that does not repeat it."""
    for given in ("http://ani:rahasia@a.example/x", " https://ani:rahasia@a.example/x"):
        for words in ((), ("--json",)):
            assert main(["--data-dir", str(library), "add", given, *words]) == 2
            captured = capsys.readouterr()
            assert "rahasia" not in captured.out + captured.err
            assert captured.err.count("…@a.example/x") == captured.err.count("\n") == 1


def test_the_engine_refuses_in_json(
    kutip: Callable[..., tuple[int, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown id, an empty or endless question and a bad data folder are errors in JSON."""
    for words, kind in (
        (("show", "ffffffff"), "not_found"),
        (("remove", "ffffffff"), "not_found"),
        (("edit", "ffffffff", "--title", "x"), "not_found"),
        (("ask", "  "), "bad_question"),
        (("search", ""), "bad_question"),
        (("ask", "kata " * 500), "bad_question"),
    ):
        status, value = kutip(*words)
        assert (status, set(value), value["error"]["kind"]) == (2, {"error"}, kind)
        assert value["error"]["hint"]
    file = tmp_path / "file"
    file.write_text("not a folder")
    there = {"add": ("add", "--examples"), "sync": ("sync", str(tmp_path))}
    for words in (RIGHT | there).values():
        assert main(["--data-dir", str(file), *words, "--json"]) == 2
        captured = capsys.readouterr()
        assert json.loads(captured.out)["error"]["kind"] == "store"
        assert captured.err.count("\n") == 1

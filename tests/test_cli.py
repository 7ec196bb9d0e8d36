"""The `kutip` command as a user and a script see it: output, arguments, exit status."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest

from rag.arguments import VERBS
from rag.cli import main
from rag.errors import StoreError
from rag.schema import Filters, Status
from tests.samples import QUOTED, RIGHT, ROOT, TEXT, SmallEngine, engine_with, run

# Every verb --------------------------------------------------------------------------------

KEYS = {
    "add": {"added", "unchanged", "updated", "failed", "outcomes"},
    "show": {
        *("article_id", "title", "publisher", "authors", "published", "published_at"),
        *("published_basis", "language", "sources", "passages", "text", "removed"),
    },
    "edit": {
        *("article_id", "title", "publisher", "authors", "published", "published_at"),
        *("published_basis", "language", "sources", "passages"),
    },
    "remove": {"removed"},
    "search": {"query", "language", "hits"},
    "ask": {
        *("question", "query", "text", "language", "answered", "abstention", "answerer"),
        *("evidence_score", "notices", "statements", "citations", "hits", "seconds"),
    },
    "status": {field.name for field in dataclasses.fields(Status)},
    "reindex": {"passages"},
}


def test_every_verb_is_tried() -> None:
    """The tables of this file leave no verb out."""
    assert set(RIGHT) == set(VERBS)


@pytest.mark.parametrize("verb", RIGHT)
def test_json_of_success(verb: str) -> None:
    """With --json every verb prints one JSON value of its own shape and nothing else."""
    ran = run(*RIGHT[verb], "--json")
    value = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    if verb == "list":
        (value,) = value
        assert set(value) == KEYS["edit"]
    else:
        assert set(value) == KEYS[verb]
    assert ran.out.count("\n") == 1
    assert ran.engine.closed


@pytest.mark.parametrize("verb", RIGHT)
def test_json_of_an_error(verb: str) -> None:
    """With --json a failing verb prints exactly the error, and says it on stderr in one line."""
    engine = SmallEngine()
    engine.outcomes = ()
    engine.fault = StoreError("the data folder is read-only: /x", hint="Choose another.")
    ran = run(*RIGHT[verb], "--json", engine=engine)
    assert ran.status == 2
    assert json.loads(ran.out) == {
        "error": {
            "kind": "store",
            "message": "the data folder is read-only: /x",
            "hint": "Choose another.",
        }
    }
    assert ran.err == "kutip: the data folder is read-only: /x. Choose another.\n"
    assert engine.closed


@pytest.mark.parametrize("verb", RIGHT)
def test_an_error_in_words(verb: str) -> None:
    """Without --json a failing verb prints nothing on stdout and one line on stderr."""
    engine = SmallEngine()
    engine.outcomes = ()
    engine.fault = StoreError("the disk is full", hint="Free some space.")
    ran = run(*RIGHT[verb], engine=engine)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "kutip: the disk is full. Free some space.\n"


@pytest.mark.parametrize("verb", RIGHT)
def test_a_wrong_option_is_a_usage_error(verb: str) -> None:
    """An unknown option is exit 2 for every verb, and JSON where JSON was asked for."""
    ran = run(*RIGHT[verb], "--json", "--sideways")
    assert ran.status == 2
    assert json.loads(ran.out)["error"]["kind"] == "usage"
    assert "--sideways" in ran.err
    assert ran.engine.calls == []


def test_verbs_in_words() -> None:
    """What each verb prints on a pipe."""
    assert run("list").out == "01234567\t2024-08-21\tANTARA\tid\t1\tBanjir Demak\n"
    assert run("show", "0123").out.endswith(f"\n\n{TEXT}\n")
    assert "Taken out\n  Baca juga: Rob\n" in run("show", "0123", "--removed").out
    assert run("edit", "0123", "--title", "x").out.startswith("id          0123456789abcdef\n")
    assert run("remove", "01", "0123").out == "removed 01234567  Banjir Demak\n" * 2
    assert run("search", "Banjir").out.startswith("1. ANTARA · Banjir Demak · 21")
    assert run("ask", "Berapa", "desa?").out.startswith(f"{QUOTED}\n\nSumber\n[1] ANTARA")
    assert run("status").out.startswith("version     0.1.0\n")
    assert run("reindex").out == "12 passages indexed\n"


# What is handed to the engine --------------------------------------------------------------


def test_options_stand_before_or_after_the_verb(tmp_path: Path) -> None:
    """--data-dir names the folder wherever it stands, and wins over nothing else."""
    before, after = SmallEngine(), SmallEngine()
    assert main(["--data-dir", str(tmp_path), "list", "--quiet"], engine_factory=before) == 0  # type: ignore[arg-type]
    assert main(["--quiet", "list", "--data-dir", str(tmp_path)], engine_factory=after) == 0  # type: ignore[arg-type]
    assert before.settings == after.settings
    assert before.settings is not None
    assert before.settings.data_dir == tmp_path


@pytest.mark.parametrize("verb", ["list", "search", "ask"])
def test_filters_reach_the_engine(verb: str) -> None:
    """Each filter is passed on; a year or a month means its first or its last day."""
    options = ("--since", "2024", "--until", "2024-02", "--publisher", "Antara", "--language", "ID")
    ran = run(*RIGHT[verb], *options)
    assert ran.engine.calls[0][-1] == Filters(
        since=date(2024, 1, 1), until=date(2024, 2, 29), publisher="Antara", language="id"
    )
    assert run(*RIGHT[verb]).engine.calls[0][-1] is None


def test_arguments_reach_the_engine() -> None:
    """Words are joined, numbers and dates are read, what was not given is None."""
    assert run("search", "a", "b", "-k", "3").engine.calls == [("search", "a b", 3, None)]
    assert run("ask", "who", "is", "it?").engine.calls == [("ask", "who is it?", None)]
    edited = run("edit", "0123", "--date", "2024-08-21", "--publisher", " Antara ")
    assert edited.engine.calls == [("edit", "0123", None, "Antara", date(2024, 8, 21))]
    spoken = run("edit", "0123", "--date", "21 Agustus 2024")
    assert spoken.engine.calls == [("edit", "0123", None, None, date(2024, 8, 21))]
    assert run("add", "x", "-", "y").engine.calls == [("add", ["x", "-", "y"])]
    assert run("ask", "lone \udce9").engine.calls == [("ask", "lone ?", None)]


def test_the_examples_are_the_articles_in_seeds() -> None:
    """`add --examples` adds the folder of articles that comes with Kutip."""
    ((_, sources),) = run("add", "--examples").engine.calls
    assert sources == [str(ROOT / "seeds")]


def test_a_question_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ask -` reads the question from stdin, whatever bytes come."""
    stdin = io.TextIOWrapper(io.BytesIO(b"Berapa desa \xff?\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    ran = run("ask", "-")
    assert ran.status == 0
    assert ran.engine.calls == [("ask", "Berapa desa \ufffd?", None)]


# Exit status -------------------------------------------------------------------------------


def test_no_answer_is_one() -> None:
    """Exit 1 says that the articles do not hold it, and the text says so on stdout."""
    ran = run("ask", "who won?")
    assert (ran.status, ran.out, ran.err) == (1, "The articles do not say.\n", "")
    refused = run("ask", "who won?", "--json")
    assert refused.status == 1
    assert json.loads(refused.out)["answered"] is False
    nothing = run("search", "kuda", "--json")
    assert nothing.status == 1
    assert json.loads(nothing.out) == {"query": "kuda", "language": None, "hits": []} | {
        "language": json.loads(nothing.out)["language"]
    }


@pytest.mark.parametrize(
    ("statuses", "strict", "status"),
    [
        (("added", "added"), False, 0),
        (("added", "failed"), False, 0),
        (("unchanged", "failed"), False, 0),
        (("updated", "failed"), False, 0),
        (("failed", "failed"), False, 2),
        (("added", "failed"), True, 2),
        (("added", "unchanged"), True, 0),
        ((), False, 0),
    ],
)
def test_exit_status_of_add(statuses: tuple[str, ...], strict: bool, status: int) -> None:
    """Adding fails when nothing came of it, or, with --strict, when anything failed."""
    options = ("--strict",) * strict
    assert run("add", "x", *options, engine=engine_with(*statuses)).status == status
    ran = run("add", "x", "--json", *options, engine=engine_with(*statuses))
    assert ran.status == status
    assert json.loads(ran.out)["failed"] == statuses.count("failed")


def test_add_tells_each_failure() -> None:
    """The counts are on stdout, each failure with reason and hint is a line on stderr."""
    ran = run("add", "x", engine=engine_with("added", "failed", "failed"))
    assert ran.out == "1 added, 0 unchanged, 0 updated, 2 failed\n"
    assert ran.err == (
        "kutip: 1.pdf: it holds no text. Scan it again.\n"
        "kutip: 2.pdf: it holds no text. Scan it again.\n"
    )


def test_an_empty_library_says_what_to_do() -> None:
    """An empty list is empty on stdout; the remark is on stderr, and --quiet leaves it out."""
    engine = SmallEngine()
    engine.library = ()
    ran = run("list", engine=engine)
    assert (ran.status, ran.out) == (0, "")
    assert "kutip add" in ran.err
    assert run("list", "--quiet", engine=engine).err == ""
    assert run("list", "--json", engine=engine).out == "[]\n"


def test_quiet_means_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """With --quiet not even a long addition writes to stderr."""
    monkeypatch.setattr("rag.progress._EVERY", 0.0)
    assert "reading a.txt: 1\n" in run("add", "x").err
    assert run("add", "x", "--quiet").err == ""

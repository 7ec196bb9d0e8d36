"""The `kutip` command as a user and a script see it: output, arguments, exit status."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.arguments import VERBS
from rag.cli import main
from rag.errors import BadSource, StoreBusy, StoreError
from rag.schema import Filters, Outcome, Status
from tests.samples import ENTRY as ARTICLE
from tests.samples import QUOTED, RIGHT, ROOT, TEXT, SmallEngine, engine_with, run

# Every verb --------------------------------------------------------------------------------

ENTRY = {
    *(
        "article_id",
        "title",
        "publisher",
        "authors",
        "published",
        "published_at",
        "modified",
        "url",
    ),
    *("added", "published_basis", "language", "sources", "passages", "copies"),
}
KEYS = {
    "add": {"added", "unchanged", "updated", "failed", "outcomes"},
    "sync": {"added", "unchanged", "updated", "failed", "removed", "outcomes"},
    "show": {*ENTRY, "text", "removed", "dates"},
    "edit": ENTRY,
    "remove": {"removed"},
    "search": {"query", "language", "hits"},
    "ask": {
        *("question", "query", "text", "language", "answered", "abstention", "answerer"),
        *("evidence_score", "notices", "statements", "citations", "hits", "seconds"),
        *("tokens", "answer_span"),
    },
    "status": {field.name for field in dataclasses.fields(Status)},
    "reindex": {"passages"},
}


def test_every_verb_is_tried() -> None:
    """The tables of this file leave no verb out."""
    # Conversations, a server, the suite, a lesson: test_chat.py, test_setup.py, ui/test_serve.py,
    # eval/test_run.py, test_tune.py.
    of_their_own = {"chat", "setup", "ui", "eval", "tune"}
    assert set(RIGHT) | of_their_own == set(VERBS)


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
    assert run("list").out == "01234567\t2024-08-21\tANTARA\tid\t1\tBanjir Demak\t\n"
    assert run("show", "0123").out.endswith(f"\n\n{TEXT}\n")
    assert "Taken out\n  1  Baca juga: Rob\n" in run("show", "0123", "--removed").out
    assert run("edit", "0123", "--title", "x").out.startswith("id          0123456789abcdef\n")
    assert run("sync", "berita").out == (
        "added    a.txt\n1 added, 0 unchanged, 0 updated, 0 failed, 0 removed\n"
    )
    assert run("remove", "01", "0123").out == "removed 01234567  Banjir Demak\n" * 2
    assert run("search", "Banjir").out.startswith("1. ANTARA · Banjir Demak · 21")
    assert run("ask", "Berapa", "desa?").out.startswith(f"{QUOTED}\n\nSumber\n[1] ANTARA")
    assert run("status").out.startswith("version     0.5.0\n")
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
    assert edited.engine.calls == [("edit", "0123", None, "Antara", date(2024, 8, 21), None)]
    spoken = run("edit", "0123", "--date", "21 Agustus 2024")
    assert spoken.engine.calls == [("edit", "0123", None, None, date(2024, 8, 21), None)]
    assert run("add", "x", "-", "y").engine.calls == [("add", ["x", "-", "y"], False)]
    assert run("add", "--allow-private", "x").engine.calls == [("add", ["x"], True)]
    assert run("sync", "x").engine.calls == [("sync", "x", False)]
    assert run("sync", "x", "--even-if-empty").engine.calls == [("sync", "x", True)]
    assert run("ask", "lone \udce9").engine.calls == [("ask", "lone ?", None)]


def test_the_examples_are_the_articles_in_seeds() -> None:
    """`add --examples` adds the folder of articles that comes with Kutip."""
    ((_, sources, _),) = run("add", "--examples").engine.calls
    assert sources == [str(ROOT / "seeds")]


def test_a_question_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ask -` reads the question from stdin, whatever bytes come."""
    stdin = io.TextIOWrapper(io.BytesIO(b"Berapa desa \xff?\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    ran = run("ask", "-")
    assert ran.status == 0
    assert ran.engine.calls == [("ask", "Berapa desa \ufffd?", None)]


# Putting back ------------------------------------------------------------------------------


def _three_taken_out() -> SmallEngine:
    engine = SmallEngine()
    article = dataclasses.replace(ARTICLE.article, removed=("Menu", "Komentar", "Terkini"))
    engine.library = (dataclasses.replace(ARTICLE, article=article),)
    return engine


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        (("2",), ["Komentar"]),
        (("3", "1"), ["Menu", "Terkini"]),
        (("2", "2"), ["Komentar"]),
        ((), ["*"]),
    ],
)
def test_lines_are_put_back_by_their_numbers(numbers: tuple[str, ...], lines: list[str]) -> None:
    """--restore takes the numbers that `show --removed` prints, each once; none means all."""
    engine = _three_taken_out()
    shown = run("show", "0123", "--removed", engine=engine).out
    assert shown.endswith("Taken out\n  1  Menu\n  2  Komentar\n  3  Terkini\n")
    ran = run("edit", "0123", "--restore", *numbers, engine=engine)
    assert engine.calls[-1] == ("edit", "0123", None, None, None, lines)
    assert ran.status == 0
    assert ran.err.startswith("kutip: The text is another now, and so is its id: 01234567")
    assert run("edit", "0123", "--restore", *numbers, "--quiet", engine=engine).err == ""


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (("4",), "0123 has no line 4 that was taken out; the last is 3. See"),
        (("1", "99999999999999999999"), "no line 99999999999999999999"),
        (("0",), "'0' is not a number from 1"),
        (("-1",), "'-1' is not a number from 1"),
        (("Komentar",), "'Komentar' is not a number from 1"),
    ],
)
def test_a_line_that_is_not_there_changes_nothing(numbers: tuple[str, ...], said: str) -> None:
    """A wrong number is a one-line error, and what else was to be corrected is not."""
    engine = _three_taken_out()
    ran = run("edit", "0123", "--title", "x", "--restore", *numbers, engine=engine)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert not any(call[0] == "edit" for call in engine.calls)


def test_nothing_to_put_back_is_said() -> None:
    """Where nothing was taken out, --restore is an error and not an empty success."""
    engine = SmallEngine()
    clean = dataclasses.replace(ARTICLE.article, removed=())
    engine.library = (dataclasses.replace(ARTICLE, article=clean),)
    ran = run("edit", "0123", "--restore", engine=engine)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "kutip: nothing was taken out of 0123. There is nothing to do.\n"


# Watching ----------------------------------------------------------------------------------


def test_a_watched_folder_is_read_at_every_change() -> None:
    """--watch brings the library in step at once and again whenever the folder has changed."""
    engine = SmallEngine()
    engine.turns = 2
    ran = run("sync", "berita", "--watch", engine=engine)
    assert engine.calls == [("changes", "berita")] + [("sync", "berita", False)] * 3
    assert ran.status == 0
    assert ran.err == "kutip: Watching berita; Ctrl-C ends it.\n"
    assert ran.out.count("1 added") == 3


def test_what_cannot_be_watched_is_told_at_once() -> None:
    """A folder that is none ends --watch; one that goes away while it is watched does not."""

    class Leaving(SmallEngine):
        reads = 0
        last = 1

        def sync(self, folder: str, **options: Any) -> Iterator[Outcome]:
            self.reads += 1
            if self.reads == self.last:
                raise BadSource("berita is not a folder", hint="Name a folder.")
            return super().sync(folder, **options)

    ran = run("sync", "berita", "--watch", engine=Leaving())
    assert (ran.status, ran.err) == (2, "kutip: berita is not a folder. Name a folder.\n")
    engine = Leaving()
    engine.turns, engine.last = 2, 2
    ran = run("sync", "berita", "--watch", engine=engine)
    assert (ran.status, engine.reads) == (0, 3)
    assert "kutip: berita is not a folder. Name a folder.\n" in ran.err


def test_a_change_is_not_lost_to_another_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody else writes, --watch tries again, since no further change need come."""

    class Busy(SmallEngine):
        reads = 0

        def sync(self, folder: str, **options: Any) -> Iterator[Outcome]:
            self.reads += 1
            if self.reads in (2, 3):
                raise StoreBusy("the library is being written to by process 7")
            return super().sync(folder, **options)

    monkeypatch.setattr("rag.verbs._BUSY_SECONDS", 0.0)
    engine = Busy()
    engine.turns = 1
    ran = run("sync", "berita", "--watch", engine=engine)
    assert (ran.status, engine.reads, ran.out.count("1 added")) == (0, 4, 2)
    assert ran.err.count("by process 7. Trying again.\n") == 2


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


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (("added", "removed"), 0),
        (("unchanged", "failed"), 0),
        (("removed", "failed"), 0),
        (("failed", "failed"), 2),
        ((), 0),
    ],
)
def test_exit_status_of_sync(statuses: tuple[str, ...], status: int) -> None:
    """Keeping in step fails when nothing could be read."""
    ran = run("sync", "x", "--json", engine=engine_with(*statuses))
    assert ran.status == status
    counted = json.loads(ran.out)
    assert {name: counted[name] for name in set(statuses)} == {
        name: statuses.count(name) for name in set(statuses)
    }


def test_sync_tells_what_changed() -> None:
    """What came, changed or went is a line each; what is as it was is only counted."""
    ran = run("sync", "x", engine=engine_with("added", "unchanged", "updated", "failed", "removed"))
    assert ran.out == (
        "added    0.pdf\nupdated  2.pdf\nremoved  4.pdf\n"
        "1 added, 1 unchanged, 1 updated, 1 failed, 1 removed\n"
    )
    assert ran.err == "kutip: 3.pdf: it holds no text. Scan it again.\n"


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

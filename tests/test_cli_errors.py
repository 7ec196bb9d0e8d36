"""What `kutip` says when it is misused, interrupted or broken."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.arguments import VERBS, parse
from rag.cli import main
from rag.schema import Outcome
from tests.samples import ROOT, SmallEngine, engine_with, run

# Usage errors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "no verb was given"),
        (["lst"], "'lst' is not a verb. Did you mean 'list'?"),
        (
            ["dance"],
            "Verbs are: add, sync, list, show, edit, remove, search, ask, chat, ui, eval, setup,",
        ),
        (["add"], "no source was given"),
        (["ask"], "QUESTION"),
        (["show"], "ID"),
        (["remove"], "ID"),
        (["edit", "01"], "nothing to change was given"),
        (["sync"], "FOLDER"),
        (["sync", "a", "b"], "unrecognized arguments: b"),
        (["edit", "--restore", "1", "2"], "ID"),
        (["edit", "01", "--title", " "], "it is empty"),
        (["edit", "01", "--date", "2024-02-30"], "'2024-02-30' is not a date"),
        (["list", "--since", "2024-13"], "'2024-13' is not a date"),
        (["list", "--since", "0000"], "'0000' is not a date"),
        (["list", "--since", "2024-02", "--until", "2024-01"], "is later than"),
        (["list", "--language", "Indonesian"], "two-letter code"),
        (["search", "x", "-k", "0"], "not a number from 1"),
        (["search", "x", "--hits", "many"], "not a number from 1"),
        (["list", "--data-dir", ""], "it is empty"),
        (["lst", "\x1b[31m"], "'lst' is not a verb"),
    ],
)
def test_usage_errors(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that cannot be understood is exit 2, one line, and JSON with --json."""
    assert main(words) == 2
    plain = capsys.readouterr()
    assert plain.out == ""
    assert says in plain.err
    assert plain.err.count("\n") == 1
    assert "\x1b" not in plain.err
    assert main([*words, "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["kind"] == "usage"
    assert says in f"{error['message']}. {error['hint']}"


def test_a_bad_setting_is_told(tmp_path: Path) -> None:
    """A settings file that is not TOML is an error like any other."""
    (tmp_path / "config.toml").write_text("hits = = 3")
    ran = run("--data-dir", str(tmp_path), "list", "--json")
    assert ran.status == 2
    assert json.loads(ran.out)["error"]["kind"] == "bad_setting"


@pytest.mark.parametrize(
    ("source", "reason", "line"),
    [
        ("a/b.pdf", "b.pdf is damaged", "a/b.pdf is damaged. Get it again."),
        ("a/b.pdf", "a/b.pdf is gone", "a/b.pdf is gone. Get it again."),
        ("a/b.pdf", "b.pdf: it is locked", "a/b.pdf: it is locked. Get it again."),
        ("a/b", "beware of it", "a/b: beware of it. Get it again."),
        ("-", "standard input is empty", "standard input is empty. Get it again."),
        ("http://x.id/", "http://x.id/ is empty", "http://x.id/ is empty. Get it again."),
        ("..", ".. is a folder", ".. is a folder. Get it again."),
    ],
)
def test_a_failure_names_its_source_once(source: str, reason: str, line: str) -> None:
    """The line begins with the whole name of what failed, however the reason calls it."""
    engine = SmallEngine()
    engine.outcomes = (
        Outcome(source=source, status="failed", reason=reason, hint="Get it again."),
    )
    assert run("add", "x", engine=engine).err == f"kutip: {line}\n"


@pytest.mark.parametrize("where", ["waiting", "reading", "from the start"])
def test_ctrl_c_ends_a_watch(where: str) -> None:
    """Ctrl-C is how --watch ends: silently, once it has brought the library in step."""

    class Watched(SmallEngine):
        def changes(self, folder: str) -> Iterator[None]:
            yield
            if where == "waiting":
                raise KeyboardInterrupt
            self.fault = KeyboardInterrupt()
            yield

    engine = Watched()
    if where == "from the start":
        engine.fault = KeyboardInterrupt()
    ran = run("sync", "berita", "--watch", engine=engine)
    if where == "from the start":
        assert (ran.status, ran.err) == (130, "kutip: Interrupted. What was finished is kept.\n")
    else:
        assert (ran.status, ran.err) == (0, "kutip: Watching berita; Ctrl-C ends it.\n")
    assert ran.engine.closed


def test_unknown_id_and_empty_question() -> None:
    """What the engine refuses keeps its kind and its hint."""
    for verb in (["show", "ff"], ["edit", "ff", "--title", "x"], ["remove", "01", "ff"]):
        ran = run(*verb, "--json")
        assert ran.status == 2
        assert json.loads(ran.out)["error"] == {
            "kind": "not_found",
            "message": "no article has the id 'ff'",
            "hint": 'See "kutip list".',
        }
    ran = run("ask", "", "--json")
    assert ran.status == 2
    assert json.loads(ran.out)["error"]["kind"] == "bad_question"


# Faults ------------------------------------------------------------------------------------


def test_ctrl_c_says_one_line() -> None:
    """Interrupted: exit 130, the engine is closed, and what was done before is told."""
    engine = engine_with("added", "added")
    engine.fault = KeyboardInterrupt()
    ran = run("add", "x", engine=engine)
    assert (ran.status, ran.out) == (130, "")
    assert ran.err == (
        "kutip: Before this: 2 added, 0 unchanged, 0 updated, 0 failed.\n"
        "kutip: Interrupted. What was finished is kept.\n"
    )
    assert engine.closed
    assert (
        json.loads(run("ask", "x", "--json", engine=engine).out)["error"]["kind"] == "interrupted"
    )


@pytest.mark.parametrize("how", ["plain", "option", "variable"])
def test_a_fault_has_a_trace_only_when_asked(
    how: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception nobody foresaw is one line; its trace goes to the log when debugging."""
    if how == "variable":
        monkeypatch.setenv("KUTIP_DEBUG", "1")
    engine = SmallEngine()
    engine.fault = ZeroDivisionError("division\nby zero")
    try:
        ran = run("list", "--json", *["--debug"] * (how == "option"), engine=engine)
    finally:
        logging.getLogger("rag").setLevel(logging.NOTSET)
    assert ran.status == 2
    error = json.loads(ran.out)["error"]
    assert error["kind"] == "fault"
    assert "ZeroDivisionError" in error["message"]
    assert ran.err.startswith("kutip: a fault in Kutip, ZeroDivisionError: division by zero. Run")
    assert ran.err.count("\n") == 1
    assert ("Traceback" in caplog.text) == (how != "plain")


# Another process ---------------------------------------------------------------------------

_SMALL = """
import os, sys
from rag.cli import main
from tests.samples import ENTRY, SmallEngine
engine = SmallEngine()
engine.library = (ENTRY,) * 50_000
if "FAULT" in os.environ:
    engine.fault = ZeroDivisionError("an \\x1b[31marticle\\x1b[0m")
sys.exit(main(sys.argv[1:], engine_factory=engine))
"""


def _start(*words: str, code: str = _SMALL, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_reader_that_stops_is_no_error() -> None:
    """`kutip list | head -1` ends at once, silently, without a trace."""
    process = _start("list")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"01234567\t")
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_the_trace_of_a_fault_is_safe_to_print() -> None:
    """--debug logs the trace to stderr, without the control sequences of what it quotes."""
    _, err = _start("list", FAULT="1").communicate()
    assert err.startswith(b"kutip: a fault in Kutip, ZeroDivisionError: an article. Run")
    assert err.count(b"\n") == 1
    _, err = _start("list", "--debug", FAULT="1").communicate()
    assert b"Traceback (most recent call last):" in err
    assert b"ZeroDivisionError: an article\n" in err
    assert b"\x1b" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_stdout_is_told() -> None:
    """What could not be printed is an error, in one line."""
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", _SMALL, "status"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"kutip: the output cannot be written: No space left on device.")
    assert ran.stderr.count(b"\n") == 1


def test_json_is_valid_in_any_encoding() -> None:
    """A terminal that knows only ASCII gets escapes in JSON and "?" in words, never an error."""
    out, err = _start("ask", "Berapa desa — é?", "--json", PYTHONIOENCODING="ascii").communicate()
    assert err == b""
    assert json.loads(out)["question"] == "Berapa desa — é?"
    out, err = _start("ask", "desa", PYTHONIOENCODING="ascii").communicate()
    assert err == b""
    assert b"[1] ANTARA ? Banjir Demak ? 21 Agustus 2024" in out


_LIGHT = """
import sys
from rag.cli import main
status = main(sys.argv[1:])
heavy = ["numpy", "torch", "chromadb", "llama_index", "rich", "sentence_transformers"]
print([name for name in heavy if name in sys.modules], file=sys.stderr)
sys.exit(status)
"""


def test_help_loads_nothing_heavy() -> None:
    """`kutip --help` lists every verb without loading a model library."""
    out, err = _start("--help", code=_LIGHT).communicate()
    assert err == b"[]\n"
    for name, verb in VERBS.items():
        assert f"  {name:<9}{verb.purpose}\n" in out.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of a verb holds its purpose in one line and examples that can be parsed."""
    assert main([verb, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"\n{VERBS[verb].purpose}\n" in text
    assert "\n" not in VERBS[verb].purpose
    for example in VERBS[verb].examples:
        assert f"\n  {example}\n" in text
        words = example.rpartition("kutip ")[2].replace('"', "").split()
        if verb in ("ui", "eval"):  # one goes on until interrupted, the other for minutes
            assert parse(words).verb.split()[0] == verb
            continue
        assert main(words, engine_factory=SmallEngine()) in (0, 1, 2)  # type: ignore[arg-type]
        assert '"usage"' not in capsys.readouterr().out

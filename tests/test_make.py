"""What a user types: `make`.

The targets of the Makefile run here against a stand-in for `kutip` that writes down what it
was given, so that nothing is installed and every exit status can be had.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

_FAKE = """#!{python}
import json, os, sys
call = {{"arguments": sys.argv[1:], "data": os.environ.get("KUTIP_DATA_DIR")}}
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(json.dumps(call) + "\\n")
if sys.argv[1] == "add":
    os.makedirs(call["data"], exist_ok=True)
    sys.exit(int(os.environ.get("FAKE_ADD", "0")))
print("the answer")
sys.exit(int(os.environ.get("FAKE_ASK", "0")))
"""


class Checkout:
    """A folder with our Makefile and a set-up that is done, where `kutip` only takes notes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder)
        (folder / ".venv" / "bin").mkdir(parents=True)
        self.log = folder / "calls.jsonl"
        kutip = folder / ".venv" / "bin" / "kutip"
        kutip.write_text(_FAKE.format(python=sys.executable, log=str(self.log)), "utf-8")
        kutip.chmod(0o755)
        (folder / ".venv" / ".setup").touch()

    def make(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make with these words and nothing of an outer make's environment."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("Q", "PYTHON", "TORCH_INDEX", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
        }
        return subprocess.run(
            ["make", *words], cwd=self.folder, env=environment | variables,
            capture_output=True, text=True,
        )  # fmt: skip

    def calls(self) -> list[list[str]]:
        """The arguments of every run of the stand-in so far."""
        return [json.loads(line)["arguments"] for line in self.log.read_text("utf-8").splitlines()]

    def folders(self) -> list[str]:
        """The data folder that every run of the stand-in was given."""
        return [json.loads(line)["data"] for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "a folder with blanks"
    folder.mkdir()
    return Checkout(folder)


NASTY = (
    "Siapa Emir Qatar?",
    "cost $5, $$5, $(shell touch broken) ${HOME} $Q $(Q)",
    'it\'s "quoted" `touch broken` $(touch broken) \\',
    "; touch broken; # & | > broken",
    "first line\nsecond line\n\ttab",
    "--json",
    "-",
    "two  blanks  and  two  at  the  end  ",
    "a = b := c, %, *, ?, ~, !x, é, 北京, \u202e",
    "$",
)


@needs_make
@pytest.mark.parametrize("question", NASTY)
@pytest.mark.parametrize("way", ["argument", "environment"])
def test_make_hands_on_the_question_as_it_is(checkout: Checkout, question: str, way: str) -> None:
    """No character of Q means anything to make or to a shell, however Q is given.

    (make drops blanks before the first word; no question begins with one.)
    """
    run = (
        checkout.make("ask", f"Q={question}")
        if way == "argument"
        else checkout.make("ask", Q=question)
    )
    assert run.returncode == 0, run.stderr
    assert checkout.calls() == [["add", "--quiet", "seeds"], ["ask", "--", question]]
    assert run.stdout == "the answer\n"
    assert not (checkout.folder / "broken").exists()


@needs_make
def test_make_adds_the_seeds_once(checkout: Checkout) -> None:
    """The second question is only answered: nothing is installed or added again."""
    for _ in range(2):
        assert checkout.make("ask", "Q=Siapa?").returncode == 0
    assert [call[0] for call in checkout.calls()] == ["add", "ask", "ask"]
    assert checkout.folders() == [str(checkout.folder / ".kutip")] * 3


@needs_make
def test_make_uses_the_named_data_folder(checkout: Checkout, tmp_path: Path) -> None:
    """KUTIP_DATA_DIR names the library; each library gets the seeds once."""
    first, second = str(tmp_path / "one of two"), str(tmp_path / "two")
    for folder in (first, second, first):
        assert checkout.make("ask", "Q=Siapa?", KUTIP_DATA_DIR=folder).returncode == 0
    assert [call[0] for call in checkout.calls()] == ["add", "ask", "add", "ask", "ask"]
    assert checkout.folders() == [first, first, second, second, first]
    assert not (checkout.folder / ".kutip").exists()


@needs_make
def test_make_opens_the_page(checkout: Checkout) -> None:
    """`make ui` serves a library with the seeds in it, where it was told to and nowhere else."""
    assert checkout.make("ui", HOST="desk", PORT="1").returncode == 0  # the shell's, not ours
    assert checkout.make("ui", "HOST=::1", "PORT=$(shell touch broken)").returncode == 0
    assert checkout.calls() == [
        ["add", "--quiet", "seeds"],
        ["ui"],
        ["ui", "--host", "::1", "--port", "$(shell touch broken)"],
    ]
    assert checkout.folders() == [str(checkout.folder / ".kutip")] * 3
    assert not (checkout.folder / "broken").exists()


@needs_make
def test_make_runs_the_suite(checkout: Checkout) -> None:
    """`make eval` adds nothing to the library, and only its results to the data folder."""
    assert checkout.make("eval").returncode == 0
    assert checkout.calls() == [["eval"]]
    assert checkout.folders() == [str(checkout.folder / ".kutip")]
    assert not (checkout.folder / ".kutip").exists()


@needs_make
def test_a_refusal_is_no_error_of_make(checkout: Checkout) -> None:
    """Exit status 1, the articles do not hold the answer, leaves make content; 2 does not."""
    assert checkout.make("ask", "Q=Siapa?", FAKE_ASK="1").returncode == 0
    assert checkout.make("ask", "Q=Siapa?", FAKE_ASK="2").returncode == 2


@needs_make
def test_seeds_that_failed_are_tried_again(checkout: Checkout) -> None:
    """When the seeds cannot be added make stops, and does it again the next time."""
    failed = checkout.make("ask", "Q=Siapa?", FAKE_ADD="2")
    assert failed.returncode == 2
    assert checkout.make("ask", "Q=Siapa?").returncode == 0
    assert [call[0] for call in checkout.calls()] == ["add", "add", "ask"]


@needs_make
@pytest.mark.parametrize("words", [["ask"], ["ask", "Q="]])
def test_make_asks_for_a_question(tmp_path: Path, words: list[str]) -> None:
    """Without a question make says so at once, before it sets anything up."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    run = subprocess.run(["make", *words], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 2
    assert 'make ask Q="..."' in run.stderr
    assert not (tmp_path / ".venv").exists()


@needs_make
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 1", "needs Python 3.11 or newer"),  # too old
        ('case "$2" in *ensurepip*) exit 1;; esac', "python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told(
    checkout: Checkout, tmp_path: Path, script: str, told: str
) -> None:
    """A Python too old or without venv ends the set-up in words, not in a trace."""
    shutil.rmtree(checkout.folder / ".venv")
    python = tmp_path / "python-that-will-not-do"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    run = checkout.make("setup", f"PYTHON={python}")
    assert run.returncode == 2
    assert told in run.stderr
    assert str(python) in run.stderr
    assert "Traceback" not in run.stderr
    assert not (checkout.folder / ".venv").exists()


@needs_make
def test_help_lists_every_target(checkout: Checkout) -> None:
    """`make` alone is help: one line for each target that a person would type."""
    listed = {line.split()[1] for line in checkout.make().stdout.splitlines()}
    assert listed == {"setup", "ask", "ui", "eval", "browser", "test", "lint", "clean", "help"}
    assert all(len(line) < 100 for line in checkout.make("help").stdout.splitlines())


@needs_make
def test_clean_keeps_the_articles(checkout: Checkout) -> None:
    """`make clean` removes what make made, never a library."""
    assert checkout.make("ask", "Q=Siapa?").returncode == 0
    assert checkout.make("clean").returncode == 0
    assert not (checkout.folder / ".venv").exists()
    assert (checkout.folder / ".kutip").is_dir()


def test_ci_can_be_run() -> None:
    """The script of the continuous integration is executable and stops at the first failure."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in script.read_text("utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)

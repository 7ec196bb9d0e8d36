"""What a user installs: versions, pins, the README and the wheel."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import fields

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rag
from rag.settings import Settings
from tests.samples import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = re.findall(r"^([^#\s].*)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)


def _requirements() -> list[Requirement]:
    """What the install that is tested is made of: without the extras that `make` leaves out."""
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    lists = (
        *(PROJECT["build-system"]["requires"], project["dependencies"]),
        *(extras["dev"], extras["tune"]),
    )
    return [Requirement(line) for lines in lists for line in lines]


def _pinned() -> dict[str, str]:
    return dict(pin.split("==") for pin in PINS)


# Versions and pins -------------------------------------------------------------------------


def test_the_versions_agree() -> None:
    """The package, what is installed and the head of the changelog say the same version."""
    version = PROJECT["project"]["version"]
    head = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert head is not None
    assert head[1] == version
    assert importlib.metadata.version("kutip") == version
    assert rag.__version__ == version


def test_every_dependency_has_a_reason() -> None:
    """Each requirement stands on a line of its own with the reason for it."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    given = {
        match[1]: match[2]
        for match in (re.fullmatch(r'\s+"([^"]+)",(?:\s+#\s+(\S.*))?', line) for line in lines)
        if match
    }
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    wanted = [line for lines in (project["dependencies"], *extras) for line in lines]
    assert wanted
    assert [line for line in wanted if not given.get(line)] == []


def test_a_pin_is_a_name_and_a_version() -> None:
    """A pin names a release: no build, no path, no address; each once, in order."""
    assert [pin for pin in PINS if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    assert sorted(set(PINS)) == PINS
    assert len(_pinned()) == len(PINS)


def test_every_dependency_is_pinned_within_its_range() -> None:
    """Each requirement of the project has a pin, and the pin is one that it allows."""
    pinned = _pinned()
    for requirement in _requirements():
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_what_is_installed_is_what_is_pinned() -> None:
    """Everything the project needs, at any depth, is pinned and installed at its pin."""
    pinned = _pinned()
    todo, seen, wrong = _requirements(), set(), []
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        found = importlib.metadata.distribution(name)
        if found.version.partition("+")[0] != pinned.get(name):  # after + stands the build
            wrong.append(f"{name}: installed {found.version}, pinned {pinned.get(name)}")
        # What torch needs beside the pins (CUDA's parts) is a matter of its build.
        for line in (found.requires or []) if name != "torch" else []:
            deeper = Requirement(line)
            extras = requirement.extras or {""}
            if deeper.marker is None or any(deeper.marker.evaluate({"extra": e}) for e in extras):
                todo.append(deeper)
    assert len(seen) > len(_requirements())
    assert wrong == []
    rivals = map(Requirement, PROJECT["project"]["optional-dependencies"]["peers"])
    assert {canonicalize_name(each.name) for each in rivals} <= pinned.keys()


# The README --------------------------------------------------------------------------------


README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_lists_every_setting() -> None:
    """The table of settings has each one, with its default, and none that is gone."""
    table = dict(re.findall(r"^\| `KUTIP_(\w+)` \| `?([^`|]*?)`? ?\|", README, re.MULTILINE))
    defaults = {
        field.name.upper(): str(field.default)
        for field in fields(Settings)
        if field.name != "data_dir"
    }
    assert table == defaults


def test_the_readme_draws_the_code_as_it_is() -> None:
    """Every path in the README's tree is there, and every folder of the engine is in it."""
    tree = README.partition("## The code")[2].split("```")[1]
    drawn = set(re.findall(r"[\w/]*\w(?:/(?=\s)|\.(?:py|md)\b)", tree))
    assert {"rag/", "text/", "engine.py", "docs/log.md"} <= drawn
    missing = {path for path in drawn if not _anywhere(path)}
    assert missing == set()
    folders = [*ROOT.glob("rag/*/__init__.py"), *ROOT.glob("rag/answer/*/__init__.py")]
    assert {f"{path.parent.name}/" for path in folders} <= drawn


TOPS = ("", "rag", "rag/answer", "ui", "eval", "tests")


def _anywhere(path: str) -> bool:
    return any((ROOT / top / path).exists() for top in TOPS)


# The wheel ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that users install, made without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps",
         "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
    )  # fmt: skip
    (path,) = folder.glob("kutip-*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_articles_and_the_data(wheel: zipfile.ZipFile) -> None:
    """An installed Kutip has the seed articles, every data file of its modules, and its types."""
    held = set(wheel.namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rag").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"rag/py.typed", "rag/text/stop_id.txt"} <= data
    assert any(name.startswith("rag/text/glossary") for name in data)
    assert data - held == set()
    seeds = {path.name: path.read_bytes() for path in (ROOT / "seeds").iterdir()}
    assert len(seeds) == 3
    assert {name: wheel.read(f"rag/seeds/{name}") for name in seeds} == seeds


def test_the_wheel_holds_the_suite(wheel: zipfile.ZipFile) -> None:
    """An installed `kutip eval` has its questions, their articles, and what a report is made of."""
    held = set(wheel.namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for top in ("questions", "articles", "told", ".")
        for path in (ROOT / "eval" / top).iterdir()
        if path.is_file()
    }
    assert {"eval/questions/news.jsonl", "eval/questions/seeds.jsonl"} <= data
    assert sum(name.startswith("eval/articles/") for name in data) >= 40
    assert data - held == set()


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    """No test, no data folder and no cache is installed."""
    tops = {name.split("/")[0] for name in wheel.namelist()}
    version = PROJECT["project"]["version"]
    assert tops == {"rag", "ui", "eval", f"kutip-{version}.dist-info"}
    assert [name for name in wheel.namelist() if "__pycache__" in name or ".kutip" in name] == []


def test_the_wheel_brings_the_command(wheel: zipfile.ZipFile) -> None:
    """Installing makes a `kutip` command; the licence comes along."""
    info = f"kutip-{PROJECT['project']['version']}.dist-info"
    assert "kutip = rag.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert wheel.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()

"""The house rules that a machine can check, read off the source of every file.

A rule is a function from one parsed file to what is wrong in it. Each is first shown to
fail on a bad file, so that silence about the real ones means something.
"""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("rag.ingest", "rag.search", "rag.answer")
RECORDS = ("rag.schema", "rag.errors")
# The packages of `rag.answer`, and which of them each may see besides the modules beside them.
# Those see `spans` alone.
PARTS = {
    "rag.answer.spans": (),
    "rag.answer.check": (),
    "rag.answer.kinds": ("rag.answer.check",),
    "rag.answer.model": ("rag.answer.check",),
    "rag.answer.followup": ("rag.answer.kinds", "rag.answer.model"),
}
# May see every stage.
JOINERS = (
    *("rag.engine", "rag.intake", "rag.upkeep", "rag.health", "rag.llama"),
    *("rag.answerers", "rag.articles", "rag.coverage", "rag.extractive", "rag.followup"),
    *("rag.reply", "rag.setup", "rag.tune"),
)
# Which library may be imported where: each has one home, a file or a package.
HOMES = {
    "gradio": ("ui",),
    "fastapi": ("ui",),
    "starlette": ("ui",),
    "uvicorn": ("ui",),
    "chromadb": ("rag.search.vectors",),
    "sentence_transformers": ("rag.search.embed", "rag.search.teach"),
    "transformers": ("rag.search.embed", "rag.search.teach"),
    "torch": ("rag.search.embed", "rag.search.teach"),
    "ollama": ("rag.answer.model.generate", "rag.answer.model.server"),
    "llama_index": ("rag.llama", "rag.ingest.split", "rag.answer.model.generate"),
}
AT_LOAD = "rag.llama"  # its classes derive from the library's: only who wants them loads it
EVERYWHERE = "eval.peers"  # compares Kutip with what others build from these libraries
EDGES = ("rag.cli", "ui.trouble")  # behind which nothing is raised; what is caught there is logged
# What makes and scores the weights of a stage, and the stage.
LEARNING = {
    "eval.furniture": ("rag.ingest",),
    "eval.encoder": ("rag.search", "rag.ingest.split"),
}
VAGUE = ("utils", "util", "base", "common", "manager", "helpers", "misc")


@dataclass(frozen=True, slots=True)
class File:
    """One source file: its dotted module name and its syntax tree."""

    module: str
    tree: ast.Module
    package: bool = False  # an __init__.py

    @staticmethod
    def parse(module: str, source: str, *, package: bool = False) -> File:
        return File(module, ast.parse(source), package)


@dataclass(frozen=True, slots=True)
class Import:
    """One module that a file names: `a.b` for `import a.b`, `a.b.c` for `from a.b import c`."""

    name: str
    line: int
    deferred: bool  # inside a function, so run only when that is called
    typing: bool  # under `if TYPE_CHECKING`, so never run


def within(name: str, *homes: str) -> bool:
    """Whether the dotted `name` is one of `homes` or lies inside one."""
    return any(name == home or name.startswith(home + ".") for home in homes)


def imports(file: File) -> Iterator[Import]:
    """Every import in `file`, relative ones made absolute, `import_module("x")` included."""

    def visit(node: ast.AST, deferred: bool, typing: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, deferred, typing)
        elif isinstance(node, ast.ImportFrom):
            parts = file.module.split(".")
            above = parts[: len(parts) - node.level + file.package] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}", node.lineno, deferred, typing)
        elif isinstance(node, ast.Call) and node.args:
            function, first = ast.unparse(node.func), node.args[0]
            if function.endswith(("import_module", "__import__")) and isinstance(
                first, ast.Constant
            ):
                yield Import(str(first.value), node.lineno, deferred, typing)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for statement in node.body:
                yield from visit(statement, deferred, True)
            for statement in node.orelse:
                yield from visit(statement, deferred, typing)
            return
        inside = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside, typing)

    return visit(file.tree, False, False)


# The rules ---------------------------------------------------------------------------------


def arrows(file: File) -> Iterator[str]:
    """Imports that run against the flow: see "The house" in the README's tree."""
    for use in imports(file):
        allowed = _allowed(file.module, use)
        if allowed:
            yield f"{file.module}:{use.line} imports {use.name}; it may see {allowed}"


def _allowed(module: str, use: Import) -> str:
    """What `module` may see, in words, if `use` is not part of that; else nothing."""
    name = use.name
    if within(module, *RECORDS):
        free = name.partition(".")[0] in sys.stdlib_module_names or within(name, *RECORDS)
        return "" if free else "the standard library only"
    if not within(name, "rag", "ui", "eval"):
        return ""
    if within(module, "rag.answer") and within(name, *PARTS):
        own = next((part for part in PARTS if within(module, part)), "rag.answer.spans")
        seen = (own, *PARTS[own])
        return "" if within(name, *seen) else f"of the parts of rag.answer {', '.join(seen)}"
    for stage in ("rag.text", *STAGES):
        if within(module, stage):
            inside = within(name, *RECORDS, "rag.text", stage)
            return "" if inside else f"schema, errors, rag.text and {stage}"
    if within(module, "rag.settings"):
        return "" if within(name, *RECORDS) else "schema and errors"
    if within(module, *JOINERS):
        return "all of rag but its faces" if within(name, "ui", "eval", "rag.cli") else ""
    if module in LEARNING and within(name, *LEARNING[module]):
        return ""
    if within(name, *STAGES) and module != EVERYWHERE:
        return "the engine, never a stage"
    if within(module, "rag") and within(name, "ui", "eval"):
        at_call = module == "rag.cli" and use.deferred
        return "" if at_call else "neither ui nor eval (rag.cli may, inside a function)"
    if within(module, "ui", "eval") and within(name, "rag.cli"):
        return "the engine, never the command line"
    return ""


def homes(file: File) -> Iterator[str]:
    """Heavy libraries imported outside their home, or when the module is loaded."""
    for use in imports(file):
        library = use.name.split(".")[0]
        loaded = not (use.deferred or use.typing)
        if loaded and within(file.module, "rag") and within(use.name, AT_LOAD):
            yield f"{file.module}:{use.line} imports {AT_LOAD} when loaded, and llama_index with it"
        if library not in HOMES:
            continue
        if file.module != EVERYWHERE and not within(file.module, *HOMES[library]):
            yield f"{file.module}:{use.line} imports {library}; its home is {HOMES[library]}"
        elif loaded and file.module != AT_LOAD:
            yield f"{file.module}:{use.line} imports {library} when loaded, not inside a function"


def prints(file: File) -> Iterator[str]:
    """Calls of print outside the command line."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call) or file.module == "rag.cli":
            continue
        if ast.unparse(node.func) == "print":
            yield f"{file.module}:{node.lineno} prints; only rag.cli does"


def catches(file: File) -> Iterator[str]:
    """Handlers that take any exception and swallow it, outside the outermost edges."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.ExceptHandler) or file.module in EDGES:
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        broad = any(
            kind is None or ast.unparse(kind).split(".")[-1] in ("Exception", "BaseException")
            for kind in kinds
        )
        # What passes the same exception on, or tells it in our words with the cause, loses nothing.
        last = node.body[-1]
        passed = isinstance(last, ast.Raise) and (
            last.exc is None or (isinstance(last.cause, ast.Name) and last.cause.id == node.name)
        )
        if broad and not passed:
            yield f"{file.module}:{node.lineno} catches everything; name what it can handle"


def names(file: File) -> Iterator[str]:
    """Modules whose name does not say their job."""
    for part in file.module.split("."):
        if part in VAGUE:
            yield f"{file.module} is named {part!r}, which says nothing of its job"


Rule = Callable[[File], Iterator[str]]
RULES: tuple[Rule, ...] = (arrows, homes, prints, catches, names)

# Rule, module, source with one thing wrong.
BAD: tuple[tuple[Rule, str, str], ...] = (
    (arrows, "rag.schema", "import numpy"),
    (arrows, "rag.errors", "from rag.settings import Settings"),
    (arrows, "rag.text.stems", "from rag.search.fuse import fuse"),
    (arrows, "rag.text.stems", "from ..settings import Settings"),
    (arrows, "rag.ingest.load", "from rag.search import archive"),
    (arrows, "rag.ingest.load", "from rag import settings"),
    (arrows, "rag.search.retrieve", "def f():\n    from rag.settings import Settings"),
    (arrows, "rag.answer.extract", "import rag.search.fuse"),
    (arrows, "rag.answer.extract", "from ..ingest import split"),
    (
        arrows,
        "rag.answer.extract",
        "from importlib import import_module\nimport_module('rag.engine')",
    ),
    (arrows, "rag.answer.extract", "from rag.answer.model import prompt"),
    (arrows, "rag.answer.check.verify", "from rag.answer.model.prompt import build"),
    (arrows, "rag.answer.check.verify", "from ..spans.locate import locate"),
    (arrows, "rag.settings", "from rag.engine import Engine"),
    (arrows, "rag.engine", "from rag.cli import main"),
    (arrows, "rag.engine", "def f():\n    import eval.run"),
    (arrows, "rag.llama", "import ui.app"),
    (arrows, "rag.intake", "from rag.cli import main"),
    (arrows, "rag.cli", "from rag.search.retrieve import retrieve"),
    (arrows, "rag.cli", "def f():\n    from rag.answer import extract"),
    (arrows, "rag.cli", "import ui.app"),
    (arrows, "rag.terminal", "def f():\n    import ui.app"),
    (arrows, "ui.chat", "from rag.search.archive import Archive"),
    (arrows, "eval.run", "from rag.answer.extract import extract"),
    (homes, "rag.engine", "def f():\n    import chromadb"),
    (homes, "rag.search.archive", "def f():\n    from chromadb.api import ClientAPI"),
    (homes, "rag.search.vectors", "import chromadb"),
    (homes, "rag.search.vectors", "try:\n    import chromadb\nexcept ImportError:\n    raise"),
    (homes, "rag.search.encoder", "def f():\n    import torch"),
    (homes, "rag.search.embed", "import sentence_transformers as st"),
    (homes, "rag.cli", "def f():\n    import gradio as gr"),
    (homes, "ui.app", "import gradio as gr"),
    (homes, "ui.serve", "import uvicorn"),
    (homes, "rag.ingest.load", "def f():\n    from llama_index.core.schema import TextNode"),
    (homes, "rag.engine", "if TYPE_CHECKING:\n    from torch import Tensor"),
    (homes, "eval.peers", "import llama_index.core"),
    (homes, "rag.engine", "from rag.llama import KutipRetriever"),
    (homes, "rag.llama", "import chromadb"),
    (prints, "rag.engine", "def f():\n    print('found')"),
    (prints, "eval.run", "print()"),
    (catches, "rag.engine", "try:\n    f()\nexcept Exception:\n    pass"),
    (catches, "rag.engine", "try:\n    f()\nexcept:\n    pass"),
    (catches, "ui.chat", "try:\n    f()\nexcept (OSError, BaseException) as e:\n    log(e)"),
    (catches, "ui.chat", "try:\n    f()\nexcept Exception as e:\n    raise Lost() from None"),
    (names, "rag.text.utils", ""),
    (names, "ui.common.chat", ""),
)

# Rule, module, source that keeps it.
GOOD: tuple[tuple[Rule, str, str], ...] = (
    (arrows, "rag.schema", "import hashlib\nfrom datetime import date"),
    (
        arrows,
        "rag.text.stems",
        "import Stemmer\nfrom rag.errors import KutipError\nfrom . import dates",
    ),
    (
        arrows,
        "rag.search.retrieve",
        "from .fuse import fuse\nfrom rag.text import stems\nimport numpy",
    ),
    (
        arrows,
        "rag.answer.model.compose",
        "from rag.answer.check.attribute import support\nfrom rag.answer.evidence import Sentence",
    ),
    (arrows, "rag.answer.extract", "from rag.answer.spans.locate import locate"),
    (
        arrows,
        "rag.engine",
        "from rag.search.retrieve import retrieve\nfrom rag.settings import Settings",
    ),
    (arrows, "rag.cli", "from rag.engine import Engine\ndef ui():\n    from ui.app import launch"),
    (arrows, "eval.peers", "from rag.search.fuse import fuse"),
    (arrows, "ui.chat", "from rag.engine import Engine\nfrom eval.report import report"),
    (homes, "rag.search.vectors", "def f():\n    import chromadb"),
    (homes, "rag.search.vectors", "if TYPE_CHECKING:\n    from chromadb.api import ClientAPI"),
    (homes, "rag.llama", "from llama_index.core.retrievers import BaseRetriever"),
    (homes, "rag.engine", "def f():\n    import rag.llama"),
    (homes, "eval.peers", "def f():\n    import llama_index.core, chromadb"),
    (prints, "rag.cli", "print('answer')"),
    (prints, "rag.engine", "'print(x) in a text'"),
    (catches, "rag.cli", "try:\n    f()\nexcept Exception:\n    pass"),
    (catches, "ui.trouble", "try:\n    f()\nexcept Exception as e:\n    log(e)"),
    (catches, "rag.engine", "try:\n    f()\nexcept BaseException:\n    undo()\n    raise"),
    (catches, "rag.engine", "try:\n    f()\nexcept Exception as e:\n    raise Lost() from e"),
    (catches, "rag.engine", "try:\n    f()\nexcept OSError:\n    pass"),
    (names, "rag.text.numbers", ""),
)


@pytest.mark.parametrize(("rule", "module", "source"), BAD)
def test_a_rule_sees_what_breaks_it(rule: Rule, module: str, source: str) -> None:
    """Each rule fails on a file with exactly the thing it forbids."""
    assert len(list(rule(File.parse(module, source)))) == 1


@pytest.mark.parametrize(("rule", "module", "source"), GOOD)
def test_a_rule_leaves_what_keeps_it(rule: Rule, module: str, source: str) -> None:
    """No rule complains of a file that keeps it."""
    assert list(rule(File.parse(module, source))) == []


def test_relative_imports_are_read_as_what_they_name() -> None:
    """`from . import x` means the package's own x, in a module and in an __init__.py."""
    module = File.parse("rag.text.stems", "from . import dates\nfrom ..schema import Span")
    package = File.parse("rag.text", "from . import dates\nfrom .. import schema", package=True)
    assert [use.name for use in imports(module)] == ["rag.text.dates", "rag.schema.Span"]
    assert [use.name for use in imports(package)] == ["rag.text.dates", "rag.schema"]


# The files ---------------------------------------------------------------------------------


def _sources() -> list[Path]:
    return sorted(path for top in ("rag", "ui", "eval") for path in (ROOT / top).rglob("*.py"))


def _read(path: Path) -> File:
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[-1] == "__init__"
    return File.parse(
        ".".join(parts[:-1] if package else parts), path.read_text("utf-8"), package=package
    )


@pytest.fixture(scope="module")
def files() -> list[File]:
    """Every source file of rag, ui and eval."""
    return [_read(path) for path in _sources()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Rule, files: list[File]) -> None:
    """The whole of rag, ui and eval keeps the house rules."""
    assert {"rag.schema", "rag.engine", "ui", "eval"} <= {file.module for file in files}
    assert [wrong for file in files for wrong in rule(file)] == []


# Importing ---------------------------------------------------------------------------------

_PROBE = """
import json, os, sys
before = dict(os.environ)
import {module}
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps({{"loaded": loaded, "unchanged": before == dict(os.environ)}}))
"""
HEAVY = {*HOMES, "numpy", "ollama", "onnxruntime", "pandas", "rich", "safetensors", "tokenizers"}


@pytest.mark.parametrize("module", ["rag", "rag.cli"])
def test_importing_does_nothing(module: str, tmp_path: Path) -> None:
    """`import rag` loads no heavy library, changes no variable and makes no file."""
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})"
         + _PROBE.format(module=module)],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen = json.loads(run.stdout)
    assert HEAVY.intersection(seen["loaded"]) == set()
    assert seen["unchanged"]
    assert list(tmp_path.iterdir()) == []


def test_the_package_names_what_a_caller_needs() -> None:
    """`rag` re-exports the engine, its settings and its answer."""
    import rag
    from rag.engine import Engine
    from rag.schema import Answer
    from rag.settings import Settings

    assert (rag.Engine, rag.Settings, rag.Answer) == (Engine, Settings, Answer)


# The guard that all tests run under --------------------------------------------------------


@pytest.mark.parametrize("address", [("198.51.100.7", 80), ("2001:db8::1", 80), ("8.8.8.8", 53)])
def test_a_test_cannot_leave_this_machine(address: tuple[str, int], refused: list[str]) -> None:
    """A connection to any other machine is refused before a packet is sent, and noted."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_DGRAM) as outside,
        pytest.raises(AssertionError, match="went to the network"),
    ):
        outside.connect(address)
    assert refused.pop() == f"socket.connect {address[0]}"


def test_a_test_cannot_look_up_a_name(refused: list[str]) -> None:
    """Asking for another machine's address is refused; this machine's and a number are not."""
    with pytest.raises(AssertionError, match="went to the network"):
        socket.getaddrinfo("host.invalid", 80)
    assert refused.pop() == "socket.getaddrinfo host.invalid"
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo("198.51.100.7", 80)


def test_a_test_can_talk_to_itself() -> None:
    """A server on the loopback address can be reached."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_child_of_a_test_is_guarded_too() -> None:
    """A Python that a test starts cannot leave this machine either."""
    run = subprocess.run(
        [sys.executable, "-c", "import socket; socket.getaddrinfo('host.invalid', 80)"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "went to the network: socket.getaddrinfo host.invalid" in run.stderr

"""The house rules that a machine can check are kept by every file.

Each rule is first shown to fail on a bad file, so that silence about the real ones means
something.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house_rules import (
    ROOT,
    RULES,
    File,
    Rule,
    arrows,
    catches,
    homes,
    imports,
    names,
    prints,
)

# The rules ---------------------------------------------------------------------------------


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

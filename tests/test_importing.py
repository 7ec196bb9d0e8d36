"""Importing Kutip does nothing, and `rag` names what a caller needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_rules import HOMES, ROOT

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

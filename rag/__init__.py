"""Kutip: ask your own news articles, get the exact words that answer, with their source.

The flow, and where each step lives:

    source   -> Article    rag/ingest    a file is read, cleaned and described
    Article  -> Passages   rag/ingest    whole sentences, with exact spans
    Passages -> the index  rag/search    SQLite is the truth, Chroma the vector index
    question -> Hits       rag/search    words and vectors, fused by score
    Hits     -> Answer     rag/answer    sentences quoted and cited, or an abstention

`rag/engine.py` joins them and is the file to read first; `rag/cli.py` is the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.schema import Answer
    from rag.settings import Settings

    __version__: str

__all__ = ["Answer", "Engine", "Settings"]

_HOMES = {"Answer": "rag.schema", "Engine": "rag.engine", "Settings": "rag.settings"}


def __getattr__(name: str) -> Any:
    # Loaded when first asked for: `import rag` alone must cost nothing.
    if name == "__version__":
        from importlib.metadata import version

        return version("kutip")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)

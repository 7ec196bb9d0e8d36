"""What a data folder holds, what works on it, and what is wrong with it. Changes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rag.schema import Status

if TYPE_CHECKING:
    from rag.engine import Engine


def version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version as of

    return of("kutip")


def status(engine: Engine) -> Status:
    """The state of the engine's data folder; problems are lines, not exceptions."""
    library, info = engine.library, engine.embedder.info
    counts = library.counts()
    problems = library.problems()
    languages = Counter(entry.article.metadata.language or "unknown" for entry in library.entries())
    return Status(
        version=version(),
        data_dir=str(engine.settings.data_dir.absolute()),
        articles=counts["articles"],
        sources=counts["sources"],
        passages=counts["passages"],
        pending=counts["pending"],
        vectors=counts["vectors"] if counts["vectors"] >= 0 else None,
        generation=library.generation(),
        embedder=info.name,
        revision=info.revision,
        dimension=info.dimension,
        fingerprint=engine.fingerprint,
        stored_fingerprint=library.stored_fingerprint(),
        answerer="extractive",
        disk_bytes=_size(engine.settings.data_dir),
        languages=dict(sorted(languages.items())),
        problems=tuple(problems),
    )


def _size(folder: Path) -> int:
    """Bytes of all files below `folder`; a file that vanishes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total

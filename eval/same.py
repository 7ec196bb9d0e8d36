"""What the answers and scores of a run rest on: as run.json has it, and held against another's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.datasets import DatasetError
from rag.settings import Settings

# Settings on which no answer depends, or that are secret or say where something is.
_ASIDE = frozenset(
    {
        *("data_dir", "chroma_url", "threads", "lock_seconds", "batch_passages", "page_size"),
        *("answerer", "ollama_host", "llm_url", "llm_key", "keep_alive"),
    }
)
_SAME = {  # what must be as it was for a run to go on: its name in run.json, and in words
    "datasets": "another dataset",
    "articles": "other articles",
    "answerer": "another answerer",
    "embedder": "another embedding model",
    "settings": "other settings",
    "seed": "another seed",
    "version": "another version of Kutip",
}


def refuse_other(out: Path, before: Mapping[str, Any] | None, about: Mapping[str, Any]) -> None:
    """Raise `DatasetError` where what is asked for is not the run that was begun."""
    if before is None:
        return
    changed = [_SAME[name] for name, value in about.items() if before.get(name) != value]
    if changed:
        raise DatasetError(
            f"{out} was begun with {', '.join(changed)}",
            hint="Leave out --resume, or name another folder with --out.",
        )


def telling(settings: Settings) -> dict[str, object]:
    """The settings that answers depend on, as far as they are not the usual ones."""
    usual = asdict(Settings())
    return {
        name: value
        for name, value in asdict(settings).items()
        if name not in _ASIDE and value != usual[name]
    }


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """By base name, another one for another content."""
    return {path.name: _sha256(path) for path in paths}


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read: {error.strerror}", hint="Name an existing file."
        ) from error

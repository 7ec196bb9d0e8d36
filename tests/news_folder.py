"""An engine over an empty data folder, and a folder of three articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.schema import Entry
from rag.settings import Settings
from tests.fakes import HashEmbedder

NEWS = {
    "aven.txt": "Flood kills 12 in Lower Aven\nTwelve people were killed when the Aven burst.\n",
    "sub/padi.md": "Harga pupuk turun di Lembah Padi, kata Menteri Pertanian Ratna Wijaya.\n",
    "voli.txt": "Tim voli Harapan melaju ke final Piala Gubernur pada Sabtu malam nanti.\n",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over an empty data folder."""
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three articles."""
    for name, text in NEWS.items():
        put(tmp_path / "news" / name, text)
    return tmp_path / "news"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def synced(engine: Engine, folder: Path, *, even_if_empty: bool = False) -> dict[str, str]:
    """What became of each file, by its name; the stores agree with each other afterwards."""
    outcomes = list(engine.sync(str(folder), even_if_empty=even_if_empty))
    status = engine.status()
    assert (status.vectors, status.pending) == (status.passages, 0)
    return {Path(o.source).relative_to(folder).as_posix(): o.status for o in outcomes}


def titled(engine: Engine, words: str) -> Entry:
    [entry] = [e for e in engine.entries() if words in e.article.text]
    return entry

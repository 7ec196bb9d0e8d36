"""A desk with no model server, what a look at one found, and the words of the bar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEmbedder
from ui import models
from ui.desk import Desk, Reader
from ui.models import AUTO, Seen

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with no model server."""
    with engine_in(tmp_path, ollama_host=NOWHERE) as engine:
        yield Desk(engine)


def engine_in(folder: Path, **settings: str) -> Engine:
    given = Settings(data_dir=folder / "store", **settings)  # type: ignore[arg-type]
    return Engine(given, embedder=HashEmbedder())


def line_of(seen: Seen | None, pick: str = AUTO, reader: Reader = "en", **more: object) -> str:
    """The words of the bar, without its tags."""
    given = {"articles": 3, "can_pull": True} | more
    html = models.bar_html(seen, pick, reader, **given)  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html)).strip()


SEEN = Seen(
    kind="ollama",
    place="127.0.0.1:11434",
    here=True,
    answers=True,
    wanted="gemma4:e4b",
)

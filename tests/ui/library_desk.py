"""A desk over an empty library, and files sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.schema import Article, Entry, Metadata
from rag.settings import Settings
from tests.fakes import HashEmbedder
from ui.adding import Adding, Work
from ui.desk import Desk
from ui.library import Row, Shelf

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>${x}{{y}}\u202e\x1b[31m'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty data folder."""
    settings = Settings(data_dir=tmp_path / "store", lock_seconds=0.2, max_file_bytes=100_000)
    with Engine(settings, embedder=HashEmbedder()) as engine:
        yield Desk(engine=engine)


@pytest.fixture
def adding(desk: Desk) -> Adding:
    return Adding(desk)


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    return Shelf(desk)


def drained(work: AsyncIterator[Work]) -> list[Work]:
    async def drain() -> list[Work]:
        return [one async for one in work]

    return asyncio.run(drain())


class Sent:
    """Files as Gradio leaves them: each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sent"
        self.count = 0

    def __call__(self, name: str, data: str | bytes) -> str:
        self.count += 1
        path = self.folder / str(self.count) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    @property
    def left(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


def states(work: Work) -> dict[str, str]:
    return {item.name: item.state for item in work.items}


def files(adding: Adding, *paths: str, known: dict[str, str] | None = None) -> list[Work]:
    return drained(adding.files("page", paths, reader="en", known=known or {}))


def entry(number: int = 0, *, text: str = "Words.", url: str | None = None) -> Entry:
    """An article whose every field says `text`."""
    return Entry(
        article=Article(
            article_id=f"{number:016x}",
            text=text,
            removed=(text, "Menu"),
            metadata=Metadata(
                title=text,
                source=text,
                url=url,
                publisher=text,
                authors=(text,),
                published=date(2024, 6, 3),
                published_basis="inferred",
                language="id",
            ),
        ),
        sources=(text,),
        passages=3,
        added_at=datetime(2024, 6, 4, tzinfo=UTC),
    )


def row(text: str) -> Row:
    return Row(
        article_id="0" * 16,
        title=text,
        publisher=text,
        authors=(text,),
        published=date(2024, 6, 3),
        inferred=True,
        language=text,
        passages=3,
        added=datetime(2024, 6, 4, tzinfo=UTC),
        sources=(text,),
        folded=text,
    )

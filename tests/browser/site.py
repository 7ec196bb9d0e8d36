"""`kutip ui` as a process of its own over a folder of articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.live import Live
from tests.newsroom import ARTICLES

NOWHERE = "http://127.0.0.1:9"  # nothing listens there
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/?")


class Site:
    """A served page; a context manager. `restart` keeps the folder and the port."""

    def __init__(
        self,
        folder: Path,
        *,
        articles: Mapping[str, str] | None = None,
        server: str = NOWHERE,
        options: Sequence[str] = (),
    ) -> None:
        self.folder = folder / "data"
        self._server = server
        self._options = options
        self._port = 0
        self._live: Live | None = None
        texts = folder / "texts"
        texts.mkdir(parents=True)
        for name, text in (ARTICLES if articles is None else articles).items():
            (texts / name).write_text(text, encoding="utf-8")
        if any(texts.iterdir()):
            self.add(texts)

    def add(self, path: Path) -> None:
        """Add articles as another process would."""
        with Engine(
            Settings.load(environment={}, data_dir=self.folder), embedder=HashEmbedder()
        ) as e:
            assert all(outcome.status != "failed" for outcome in e.add([str(path)]))

    def start(self) -> None:
        """Run it until it says where it is."""
        self._live = Live(
            "ui", "--port", str(self._port), *self._options, folder=self.folder, server=self._server
        )
        self._live.until("Kutip is at", seconds=60, error=True)
        found = _ADDRESS.search(self._live.err)
        assert found
        self._port = int(found[1])

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._live is not None:
            self._live.__exit__(None, None, None)
            self._live = None

    @property
    def url(self) -> str:
        """Its address, without the last slash."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def said(self) -> str:
        """What it wrote on its error stream."""
        return self._live.err if self._live else ""

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

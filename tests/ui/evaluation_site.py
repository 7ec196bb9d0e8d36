"""A desk on which the suite is run on three questions."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEmbedder
from ui.desk import Desk
from ui.evaluating import Course, Evaluating, Wish
from ui.evaluation import Evaluations

LIMA = "A race in Lima\n\nAna Bawono won the race in Lima.\n\nBudi Santoso fell and lost it.\n"
ROWS: tuple[tuple[str, str, list[str], str], ...] = (
    ("one", "Who won the race in Lima?", ["Ana Bawono"], "Ana Bawono won the race in Lima."),
    ("two", "Who fell and lost it?", ["Budi"], "Budi Santoso fell and lost it."),
    ("three", "Who rang the bishop of Utrecht?", [], ""),
)
OWN = Wish(questions="own", answerer="extractive", robustness=False)


class Gate(HashEmbedder):
    """Waits before it embeds what holds a word, until it may go on."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word
        self.reached = threading.Event()
        self.open = threading.Event()

    def _pass(self, text: str) -> None:
        if self.word in text and not self.open.is_set():
            self.reached.set()
            assert self.open.wait(20), "nobody opened the gate"

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self._pass(text)
        return super().embed_query(text)

    def embed_passages(self, texts: Sequence[str], **more: object) -> NDArray[np.float32]:
        self._pass(" ".join(texts))
        return super().embed_passages(texts, **more)  # type: ignore[arg-type]


class Site:
    """A desk, what runs on it and what it keeps."""

    def __init__(self, folder: Path, embedder: HashEmbedder) -> None:
        self.folder = folder
        settings = Settings(data_dir=folder / "store", max_file_bytes=100_000)
        self.engine = Engine(settings, embedder=embedder)
        self.desk = Desk(self.engine)
        self.evaluating = Evaluating(self.desk)
        self.evaluations = Evaluations(self.desk, self.evaluating)
        self.sent = 0

    def send(self, name: str, text: str) -> str:
        """A file as Gradio leaves it: in a folder of its own."""
        self.sent += 1
        path = self.folder / "sent" / str(self.sent) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def start(self, *, rows: str = "", wish: Wish = OWN) -> str:
        own = self.send("own.jsonl", rows or dataset())
        texts = self.send("lima.txt", LIMA)
        return self.evaluating.start(wish, own=[own], texts=[texts], reader="en")

    def end(self) -> Course:
        """How the run ended."""
        until = time.monotonic() + 30
        while self.evaluating.running:
            assert time.monotonic() < until, "the run goes on"
            time.sleep(0.01)
        assert self.evaluating.now is not None
        return self.evaluating.now


def dataset(rows: Sequence[tuple[str, str, list[str], str]] = ROWS) -> str:
    return "".join(
        json.dumps(
            {
                "id": key,
                "question": asked,
                "language": "en",
                "answers": answers,
                "evidence": [{"article": "lima.txt", "quote": quote}] if quote else [],
            }
        )
        + "\n"
        for key, asked, answers, quote in rows
    )


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite keeps embeddings in the user's cache; a test has one of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, HashEmbedder())
    with made.engine:
        yield made


def gated(folder: Path, word: str) -> tuple[Site, Gate]:
    gate = Gate(word)
    return Site(folder, gate), gate

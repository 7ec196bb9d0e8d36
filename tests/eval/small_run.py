"""A run of the suite on five questions, in folders that are nobody's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eval import folder as files
from eval.run import Request, run
from rag.cli import main
from rag.engine import Engine
from rag.errors import BadQuestion
from rag.schema import Answer, Progress
from rag.settings import Settings
from tests.fakes import HashEmbedder

DAM = "Odile Marsh keeps the dam above Aven."
ARTICLES = {
    "dam.txt": f"{DAM}\n\nShe has kept it for 12 years, the council said on Monday.\n",
    "feri.txt": "Feri Sri Lorven terbakar di Aven pada Senin. Sebanyak 31 penumpang selamat.\n",
    "rice.txt": "Rice prices rose again in the north of Lorven. Traders blamed the rain.\n",
}


def question(
    name: str, text: str, language: str, answers: Sequence[str], *gold: str, tags: Sequence[str]
) -> dict[str, object]:
    """A line of a dataset; `gold` is an article and a quote."""
    evidence = [{"article": gold[0], "quote": gold[1]}] if gold else []
    return {
        "id": name, "question": text, "language": language, "answers": list(answers),
        "evidence": evidence, "tags": list(tags),
    }  # fmt: skip


QUESTIONS = [
    question("1", "Who keeps the dam above Aven?", "en", ["Odile Marsh"], "dam.txt", DAM,
             tags=["who", "pair:dam"]),
    question("2", "Siapa yang menjaga bendungan di atas Aven?", "id", ["Odile Marsh"], "dam.txt",
             DAM, tags=["who", "pair:dam"]),
    question("3", "Berapa penumpang feri Sri Lorven yang selamat?", "id", ["31"], "feri.txt",
             "Sebanyak 31 penumpang selamat.", tags=["howmany"]),
    question("4", "What did traders blame for rice prices?", "en", ["rain"], "rice.txt",
             "Traders blamed the rain.", tags=["what"]),
    question("5", "Who sold the lighthouse of Quorn?", "en", [], tags=["unanswerable"]),
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the tests run: articles, a dataset, and a user's folders that are nobody's."""

    folder: Path

    @property
    def dataset(self) -> Path:
        return self.folder / "q.jsonl"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def settings(self) -> Settings:
        return Settings.load(environment={}, data_dir=self.folder / "data")

    def ask(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.dataset.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")

    def request(self, **changes: Any) -> Request:
        usual = Request(
            out=self.out,
            datasets=(self.dataset,),
            articles=(self.folder / "articles",),
            answerer="extractive",
            robustness=False,
        )
        return replace(usual, **changes)

    def answers(self, out: str = "out") -> list[dict[str, Any]]:
        lines = (self.folder / out / files.ANSWERS).read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def metrics(self, out: str = "out") -> dict[str, float]:
        found: dict[str, float] = json.loads((self.folder / out / files.METRICS).read_text("utf-8"))
        return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    found = Place(tmp_path)
    found.ask(QUESTIONS)
    return found


def hashed(settings: Settings) -> Engine:
    """An engine without a model."""
    return Engine(settings, embedder=HashEmbedder())


def silent(_: Progress) -> None:
    """Nobody watches."""


def go(place: Place, engine_of: Callable[[Settings], Engine] = hashed, **changes: Any) -> Any:
    return run(
        place.request(**changes), settings=place.settings, on_progress=silent, engine_of=engine_of
    )


def kutip(place: Place, *words: str, engine_of: Callable[[Settings], Engine] = hashed) -> int:
    """The exit status of a command line."""
    return main(["--data-dir", str(place.folder / "data"), *words], engine_factory=engine_of)


class Failing(Engine):
    """An engine that meets some error at some questions."""

    error: Exception = BadQuestion("no")
    at: tuple[str, ...] = ()

    def ask(self, question: str, **options: Any) -> Answer:  # type: ignore[override]
        if any(word in question for word in self.at):
            raise self.error
        return super().ask(question, **options)


def failing(error: BaseException, *at: str) -> Callable[[Settings], Engine]:
    def made(settings: Settings) -> Engine:
        engine = Failing(settings, embedder=HashEmbedder())
        engine.error, engine.at = error, at  # type: ignore[assignment]
        return engine

    return made

"""How long a warm search and a warm answer take in a library of a given size.

The passages are the paragraphs of a file in SQuAD 2.0 form; where more are asked for, sentences
drawn from all of them, with vectors drawn at random: they cost what others cost and are
found by nobody. Says nothing of how good an answer is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench import percentile
from eval.datasets import squad
from eval.embeddings import Encoder
from eval.library import OnProgress, home, paragraph, remembering
from rag.engine import Engine
from rag.errors import KutipError
from rag.progress import Meter
from rag.settings import Settings
from rag.text.sentences import spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_SENTENCES = 5  # in a drawn paragraph
_BATCH = 1_024  # passages between two commits
_WARM = 10  # questions that are asked first and not counted


class Drawn:
    """An embedder whose passages lie anywhere; questions lie where the model puts them."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner

    @property
    def info(self) -> Any:
        """That of the model."""
        return self._inner.info

    def embed_query(self, text: str) -> Vectors:
        """The model's own vector."""
        return self._inner.embed_query(text)

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Unit vectors drawn at random; the same for the same text."""
        import numpy as np

        vectors = np.empty((len(texts), self.info.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            seed = hashlib.sha256(text.encode()).digest()[:8]
            row[:] = np.random.default_rng(int.from_bytes(seed)).normal(size=row.size)
        if on_progress is not None:
            on_progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def drawn(paragraphs: Sequence[str], *, seed: int) -> Iterator[str]:
    """Paragraphs of sentences of all these, without end."""
    every = [text[s.start : s.end] for text in paragraphs for s in spans(text)]
    rng = random.Random(seed)
    while True:
        yield " ".join(rng.choice(every) for _ in range(_SENTENCES))


def fill(
    engine: Engine, texts: Sequence[str], *, passages: int, seed: int, on_progress: OnProgress
) -> int:
    """Add the texts, then drawn ones until there are so many passages; how many there are."""
    real = (paragraph(f"paragraph {n}", text) for n, text in enumerate(texts))
    list(engine.add_articles(real, on_progress=on_progress))
    model, source = engine.embedder, drawn(texts, seed=seed)
    engine.embedder = Drawn(model)
    numbers = count(1)
    while (missing := passages - engine.library.counts()["passages"]) > 0:
        # One is a passage or a little more, so that the last few come in a round or two.
        more = (paragraph(f"drawn {next(numbers)}", next(source)) for _ in range(missing))
        list(engine.add_articles(islice(more, missing), on_progress=on_progress))
    engine.embedder = model
    return engine.library.counts()["passages"]


def measure(engine: Engine, questions: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of searches and of answers, warm, in turn; each question is put once.

    The second time its vector is remembered, and its search costs half.
    """
    ways: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("search", lambda asked: engine.search(asked, k=engine.settings.hits)),
        ("answer", lambda asked: engine.ask(asked, answerer="extractive")),
    )
    seconds: dict[str, list[float]] = {what: [] for what, _ in ways}
    for number, question in enumerate(questions):
        what, work = ways[number % len(ways)]
        begun = time.perf_counter()
        work(question)
        if number >= _WARM:
            seconds[what].append(time.perf_counter() - begun)
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 when they could be taken, 2 when not."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description=__doc__)
    parser.add_argument("squad", type=Path, help="paragraphs and questions in SQuAD 2.0 form")
    parser.add_argument(
        "--passages", type=int, default=0, metavar="N", help="fill up to N with drawn ones"
    )
    parser.add_argument(
        "--forms", type=Path, help="the questions in other words: JSONL with id and question"
    )
    parser.add_argument("--questions", type=int, default=200, metavar="N", help="default: 200")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        held = squad(options.squad)
        asked = [each.question for each in held.questions]
        if options.forms is not None:
            lines = options.forms.read_text("utf-8").splitlines()
            asked = [json.loads(line)["question"] for line in lines]
        random.Random(options.seed).shuffle(asked)
        settings = Settings.load(environment={})
        with tempfile.TemporaryDirectory(prefix="kutip-speed-") as folder, Meter(sys.stderr) as bar:
            own = replace(settings, data_dir=Path(folder), batch_passages=_BATCH)
            with Engine(replace(own, data_dir=home())) as first, Engine(own) as engine:
                engine.embedder = remembering(first.embedder, settings)
                engine.reader = first.reader
                texts = list(held.paragraphs.values())
                size = fill(
                    engine,
                    texts,
                    passages=options.passages,
                    seed=options.seed,
                    on_progress=bar,
                )
                seconds = measure(engine, asked[: _WARM + options.questions])
    except (KutipError, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{size:,} passages, warm\n")
    for what, each in seconds.items():
        low, high = percentile(each, 50), percentile(each, 95)
        sys.stdout.write(
            f"{what:6}  p50 {low * 1e3:6.1f} ms   p95 {high * 1e3:6.1f} ms   n={len(each)}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

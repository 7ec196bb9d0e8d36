"""Make what Kutip teaches the encoder it brings: `rag/search/adapter.safetensors`.

From questions in SQuAD 2.0 form with the paragraphs that answer them, and English forms of those
questions. What it was made from and what it scores: docs/encoder.md.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.datasets import read_forms, squad_paragraphs
from rag.errors import KutipError
from rag.ingest.split import split
from rag.progress import Meter
from rag.schema import Article, Metadata, Passage, Progress, article_id_of
from rag.search.adapter import write_adapter
from rag.search.teach import Lessons, Pair, teach
from rag.search.weights import BUNDLED, Notes, find_model

_WORDS = 150  # of a passage, as a library cuts them


def pairs(
    files: Sequence[Path], forms: Mapping[str, str], *, held_back: int, seed: int
) -> tuple[list[Pair], list[Pair]]:
    """Questions with the passages that answer them; and questions that must lie where others do.

    Of the last file `held_back` paragraphs are left out, to measure by. An English form lies
    where it lay, and the Indonesian question where its English form does.
    """
    rng = random.Random(seed)
    found: list[Pair] = []
    keep: list[Pair] = []
    for number, file in enumerate(files, start=1):
        paragraphs = list(squad_paragraphs(file))
        if number == len(files) and held_back:
            random.Random(seed).shuffle(paragraphs)
            del paragraphs[:held_back]
        for paragraph in paragraphs:
            passages = _passages(paragraph["context"])
            for question in paragraph.get("qas", ()):
                asked = question["question"].strip()
                other = forms.get(question["id"])
                if other is not None:
                    keep += [(other, other), (asked, other)]
                if question.get("is_impossible") or not question["answers"]:
                    continue
                at = question["answers"][0]["answer_start"]
                for passage in passages:
                    if passage.start <= at < passage.end:
                        found.append((asked, passage.text))
                        if other is not None:
                            found.append((other, passage.text))
    rng.shuffle(found)
    rng.shuffle(keep)
    return found, keep


def _passages(text: str) -> list[Passage]:
    """A paragraph as a library would cut it."""
    article = Article(
        article_id=article_id_of(text), text=text, metadata=Metadata(title="", source="-")
    )
    return split(article, max_words=_WORDS, max_passages=len(text) + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Teach and write the adapter; 0 when it is written, 2 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m eval.encoder", description=__doc__)
    parser.add_argument(
        "files", type=Path, nargs="+", help="questions in SQuAD 2.0 form; the last is of news"
    )
    parser.add_argument(
        "--forms", type=Path, action="append", default=[], help="English forms of them, by id"
    )
    parser.add_argument("--out", type=Path, required=True, help="the adapter to write")
    parser.add_argument("--hold-back", type=int, default=100, help="paragraphs of the last file")
    parser.add_argument("--epochs", type=float, default=Lessons().epochs)
    parser.add_argument("--rank", type=int, default=Lessons().rank)
    parser.add_argument("--rate", type=float, default=Lessons().rate)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args(arguments)
    try:
        forms: dict[str, str] = {}
        for file in options.forms:
            forms |= read_forms(file)
        made, keep = pairs(options.files, forms, held_back=options.hold_back, seed=options.seed)
        sys.stdout.write(f"{len(made):,} pairs, {len(keep):,} questions that keep their place\n")
        with Meter(sys.stderr) as meter:
            learnt = teach(
                find_model(BUNDLED, Notes(None)).folder,
                {"passages": made},
                keep=keep,
                start=None,
                lessons=Lessons(rank=options.rank, rate=options.rate, epochs=options.epochs),
                on_step=lambda done, total: meter(
                    Progress(stage="teaching", done=done, total=total)
                ),
            )
        write_adapter(options.out, learnt)
    except (KutipError, OSError, KeyError, TypeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.out}: {options.out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

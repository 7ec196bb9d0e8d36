"""Teach the reader that Kutip brings: `rag/search/reader.safetensors`.

From questions in SQuAD 2.0 form (`--squad`) and from those of a dataset about articles (`--data`
with `--articles`), or of one that brings its articles (`--taught`). Each is searched for as a
reader would; what is read are the sentences that answer it and those that say most of it and do
not. Besides, from sentences with questions about each (`--told`). With `--on` a reader is taught on
that has learnt before. With `--leave-out` a third of the articles teaches nothing, and what the
reader's word is worth can be measured there. What it was made from and what that is: docs/log.md,
"A reader".
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from eval.asked import FOLDS, Case, asked_of_taught, cases, owners
from eval.datasets import load, read_articles, squad
from eval.library import OnProgress, library
from eval.taught import read_taught
from eval.told import Told, read_told
from rag.answer.marked import marked, marked_alone
from rag.errors import KutipError
from rag.progress import Meter
from rag.schema import Progress, Span
from rag.search.adapter import read_adapter
from rag.search.reader import read_learnt, write_learnt
from rag.search.teach_reader import Example, Lessons, teach_reader
from rag.search.weights import ADAPTER, BUNDLED, Notes, find_model
from rag.settings import Settings

_OTHERS = 4  # sentences of a question that say most of it and do not answer


def examples(made: Iterable[Case]) -> list[Example]:
    """What a reader is taught by: each question with sentences that answer it, and with others."""
    found: dict[tuple[str, ...], Example] = {}
    for case in made:
        others = 0
        for candidate, label in zip(case.candidates.chosen, case.labels, strict=True):
            others += label == 0
            if label < 0 or (label == 0 and others > _OTHERS):
                continue
            question, before, sentence = shown = marked(candidate)
            key = tuple(text.text for text in shown)
            if key not in found or label == 1:
                found[key] = Example(
                    question=question,
                    before=before,
                    sentence=sentence,
                    answers=label == 1,
                    words=_words(sentence.text, case.answers) if label == 1 else None,
                    near=label == 0 and others == 1,
                )
    return list(found.values())


def examples_of(told: Iterable[Told]) -> list[Example]:
    """What a reader is taught by: each question with every sentence it was written beside.

    A question that none of them answers teaches nothing, for such could be told by itself.
    """
    found: list[Example] = []
    for number, each in enumerate(told):
        # A sentence is read after any other, or first; mostly it goes on about the same.
        before = (each.sentence, each.before, each.sentence, "")[number % 4]
        texts = [(each.before, each.sentence)]
        asked = [(asking, 0, answer) for asking, answer in each.good]
        for asking, more in zip(each.bad, each.more, strict=True):
            if more is not None:
                asked.append((asking, len(texts), more[1]))
                texts.append((before, more[0]))
        for asking, home, answer in asked:
            for at, (stands_before, text) in enumerate(texts):
                question, earlier, sentence = marked_alone(asking, stands_before, text)
                found.append(
                    Example(
                        question=question,
                        before=earlier,
                        sentence=sentence,
                        answers=at == home,
                        words=_words(text, [answer]) if at == home else None,
                        near=0 in (at, home),
                    )
                )
    return found


def _words(sentence: str, answers: Sequence[str]) -> Span | None:
    """Where the longest of the answers stands that does; within other words where only there."""
    given = [re.escape(answer.strip()) for answer in answers if answer.strip()]
    for form in (r"(?<!\w)(?:{})(?!\w)", "{}"):
        found = [re.search(form.format(each), sentence, re.IGNORECASE) for each in given]
        places = [Span(match.start(), match.end()) for match in found if match]
        if places:
            return max(places, key=lambda place: place.end - place.start)
    return None


def _asked(options: argparse.Namespace, on_progress: OnProgress) -> Iterator[Case]:
    """Every question of all the files, as it is searched for."""
    settings = Settings.load(environment={})
    if options.data:
        texts = read_articles(options.articles)
        news = [question for path in options.data for question in load(path, texts)]
        with library(settings, articles=options.articles, on_progress=on_progress) as opened:
            yield from cases(opened.engine, news, news=True, on_progress=on_progress)
    for path in options.taught:
        yield from asked_of_taught(settings, read_taught(path), on_progress)
    for path in options.squad:
        held = squad(path)
        with library(settings, paragraphs=held.paragraphs, on_progress=on_progress) as opened:
            yield from cases(
                opened.engine,
                held.questions,
                news=False,
                owners=owners(path, held.paragraphs),
                on_progress=on_progress,
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Teach and write the reader; 0 when it is written, 2 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m eval.reader", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[], help="JSONL of questions")
    parser.add_argument("--articles", type=Path, action="append", default=[], help="what they ask")
    parser.add_argument("--squad", type=Path, action="append", default=[], help="SQuAD 2.0 form")
    parser.add_argument(
        "--taught", type=Path, action="append", default=[], help="eval/taught/*.txt"
    )
    parser.add_argument("--told", type=Path, action="append", default=[], help="eval/told/*.jsonl")
    parser.add_argument(
        "--leave-out", type=int, choices=range(FOLDS), help="a third of the articles"
    )
    parser.add_argument("--on", type=Path, help="a reader that is taught on")
    parser.add_argument("--out", type=Path, required=True, help="the reader to write")
    parser.add_argument("--epochs", type=float, default=Lessons().epochs)
    parser.add_argument("--rate", type=float, default=Lessons().rate)
    parser.add_argument("--seed", type=int, default=Lessons().seed)
    options = parser.parse_args(arguments)
    try:
        written = [told for path in options.told for told in read_told(path)]
        with Meter(sys.stderr) as meter:
            some = examples(
                case for case in _asked(options, meter) if case.fold != options.leave_out
            )
            some += examples_of(written)
            sys.stderr.write(
                f"{sum(e.answers for e in some):,} sentences that answer, {len(some):,} in all\n"
            )
            learnt = teach_reader(
                find_model(BUNDLED, Notes(None)).folder,
                some,
                start=read_adapter(ADAPTER),
                on=None if options.on is None else read_learnt(options.on),
                lessons=Lessons(
                    rate=options.rate,
                    epochs=options.epochs,
                    seed=options.seed,
                ),
                on_step=lambda done, total, _: meter(
                    Progress(stage="teaching", done=done, total=total)
                ),
            )
        write_learnt(options.out, learnt)
    except (KutipError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.out}: {options.out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

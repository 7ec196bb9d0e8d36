"""Questions asked for training: each with the sentences that may answer it, and which of them do.

As a reader would ask: of all the articles, of a few of them, of one paragraph alone.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.answers import holds
from eval.datasets import Question, spaced, squad_paragraphs
from eval.groups import Group
from eval.library import OnProgress, files, library
from eval.taught import Taught
from rag.engine import Engine
from rag.schema import Progress
from rag.settings import Settings

# What `Engine.candidates` gives; a stage is not for the suite to import.
Candidates = Any

FOLDS = 3
_HITS = 10
_CLOSE = 40  # passages among which an article that a near miss is about is looked for
# Questions of one library that are asked of another, so that "nothing on that" is learnt too.
_STRANGERS = 200
# Articles of a library that a reader is taught by: as many as somebody may paste.
_PASTED = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its candidates."""

    group: str  # questions about one article are never on both sides of a fold
    news: bool
    answerable: bool
    small: bool  # asked of a few articles, where the best sentence stands out of little
    candidates: Candidates
    rows: list[list[float]]
    labels: list[int]  # 1: it answers; 0: it does not; -1: who can say
    answers: tuple[str, ...]  # any of which answers

    @property
    def fold(self) -> int:
        """One of `_FOLDS`."""
        return zlib.crc32(self.group.encode()) % FOLDS


def cases(
    engine: Engine,
    questions: Iterable[Question],
    *,
    news: bool,
    owners: Mapping[str, str] | None = None,
    small: bool = False,
    on_progress: OnProgress,
) -> Iterator[Case]:
    """Each question as it is searched for; one that has an owner, also with that article only.

    One without evidence belongs with the article that comes closest to it: of a near miss and the
    question it was made from, one would else tell of the other's sentence in another fold.
    """
    every = list(questions)
    for done, question in enumerate(every, start=1):
        found = engine.search(question.question, k=_HITS)
        own = {gold.article for gold in question.evidence}
        owner = (owners or {}).get(question.question_id)
        closest = Path(found[0].passage.metadata.source).name if found else question.question_id
        group = owner or min(own, default=closest)
        alone = [hit for hit in found if Path(hit.passage.metadata.source).name == owner]
        for hits in [found, alone] if owner else [found]:
            candidates = engine.candidates(question.question, hits)
            if candidates.chosen:
                yield Case(
                    group=group,
                    news=news,
                    answerable=question.answerable,
                    small=small,
                    candidates=candidates,
                    rows=candidates.rows(),
                    labels=[_label(question, each.sentence) for each in candidates.chosen],
                    answers=tuple(question.answers),
                )
        on_progress(Progress(stage="asking", done=done, total=len(every)))


def owners(path: Path, names: Iterable[str]) -> dict[str, str]:
    """By id of a question, the paragraph it was written for, also where that does not answer it.

    `names` are those of the paragraphs in a file of SQuAD 2.0 form, in its order.
    """
    return {
        row["id"]: name
        for name, paragraph in zip(names, squad_paragraphs(path), strict=True)
        for row in paragraph.get("qas", ())
    }


def asked_of_few(
    settings: Settings, articles: Sequence[Path], groups: Sequence[Group], on_progress: OnProgress
) -> Iterator[Case]:
    """The cases of each group, asked of a library of its articles and no others."""
    paths = {path.name: path for path in files(articles)}
    for group in groups:
        own = [paths[name] for name in group.articles]
        with library(settings, articles=own, on_progress=_silent) as opened:
            yield from cases(
                opened.engine, group.questions, news=True, small=True, on_progress=on_progress
            )


def asked_of_taught(
    settings: Settings, taught: Sequence[Taught], on_progress: OnProgress
) -> Iterator[Case]:
    """The cases of articles that came with their questions, asked of eight of them at a time."""
    with TemporaryDirectory(prefix="kutip-") as folder:
        for each in taught:
            (Path(folder) / each.name).write_text(each.text, encoding="utf-8")
        groups = [
            Group([t.name for t in part], [q for t in part for q in t.questions])
            for start in range(0, len(taught), _PASTED)
            for part in [taught[start : start + _PASTED]]
        ]
        yield from asked_of_few(settings, [Path(folder)], groups, on_progress)


def _silent(_: Progress) -> None:
    """Libraries of a few articles are made in a moment."""


def strangers(questions: Sequence[Question], *, seed: int) -> list[Question]:
    """Some questions as they are to articles that know nothing of them: without an answer."""
    some = list(questions)
    random.Random(seed).shuffle(some)
    return [
        replace(each, answers=(), evidence=(), question_id=f"stranger {each.question_id}")
        for each in some[:_STRANGERS]
    ]


def _label(question: Question, sentence: Any) -> int:
    """Whether a sentence answers; where it only looks so, nobody can say."""
    if not question.answerable:
        return 0
    name = Path(sentence.passage.metadata.source).name
    text = spaced(sentence.text)
    quotes = [spaced(gold.quote) for gold in question.evidence if gold.article == name]
    gold = any(text in quote or quote in text for quote in quotes)
    told = holds(sentence.text, question.answers)
    if gold and (told or "yesno" in question.tags):
        return 1
    return -1 if gold or told else 0


def near(engine: Engine) -> Callable[[Question, frozenset[str]], str | None]:
    """What finds the article, of some, that comes closest to a question."""

    def closest(question: Question, among: frozenset[str]) -> str | None:
        hits = engine.search(question.question, k=_CLOSE)
        names = (Path(hit.passage.metadata.source).name for hit in hits)
        return next((name for name in names if name in among), None)

    return closest

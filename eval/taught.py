"""News articles with the questions that are asked about each, to teach a reader by.

`eval/taught/*.txt`: each article, and under it what it answers and what it only seems to answer
(docs/questions.md, "Articles to teach a reader by").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.datasets import Gold, Question
from eval.reading import Bad, DatasetError, gathered, read_text, shown
from rag.text import sentences

_OPENS = re.compile(r"@ (en|id)")
_ASKS = "---"
_LANGUAGES = ("en", "id")
_HINT = (
    'An article stands under a line "@ en" or "@ id", then "---", then a question a line: '
    '"+ en | question | words that answer | first words of their sentence, if it is not the only '
    'one", or "- en | question that it does not answer".'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """An article with what is asked about it."""

    name: str  # of a file that it can be kept in, unlike those of all others
    text: str
    questions: tuple[Question, ...]


def read_taught(path: Path) -> list[Taught]:
    """The articles of a file, in order. Raises `DatasetError`."""
    found: list[Taught] = []
    bad: list[tuple[int, str]] = []
    for language, article, asked in _blocks(path, bad):
        name = f"{language}_{path.stem}_{len(found) + 1:02}.txt"
        text = "\n".join(article).strip()
        questions: list[Question] = []
        for number, line in asked:
            try:
                questions.append(_question(line, f"{name}:{len(questions) + 1}", name, text))
            except Bad as reason:
                bad.append((number, str(reason)))
        found.append(Taught(name=name, text=text, questions=tuple(questions)))
    if bad:
        raise gathered(path, sorted(bad), hint=_HINT)
    if not found:
        raise DatasetError(f"{path} holds no article", hint=_HINT)
    return found


def _blocks(
    path: Path, bad: list[tuple[int, str]]
) -> Iterator[tuple[str, list[str], list[tuple[int, str]]]]:
    """Of each article the language, its lines, and the numbered lines of its questions.

    What stands where nothing may stand is added to the `bad` lines.
    """
    language, article, asked, asking = "", list[str](), list[tuple[int, str]](), False
    text = read_text(path, hint="Name a file of articles with questions.")
    for number, line in enumerate(text.split("\n"), start=1):
        opened = _OPENS.fullmatch(line.rstrip())
        if opened:
            if language:
                yield language, article, asked
            language, article, asked, asking = opened[1], [], [], False
        elif line.rstrip() == _ASKS and language and not asking:
            asking = True
        elif asking:
            if line.strip():
                asked.append((number, line))
        elif language:
            article.append(line)
        elif line.strip():
            bad.append((number, "it stands before the first article"))
    if language:
        yield language, article, asked


def _question(line: str, question_id: str, name: str, text: str) -> Question:
    """The question of a line; raises `Bad`."""
    sign, *parts = line[:1], *(part.strip() for part in line[1:].split("|"))
    few, most = {"+": (3, 4), "-": (2, 2)}.get(sign, (0, 0))
    if not few <= len(parts) <= most or not all(parts):
        raise Bad(f"{shown(line)} is no question in form")
    language, asked, *answer = parts
    if language not in _LANGUAGES:
        raise Bad(f"{shown(language)} is no language here; write en or id")
    return Question(
        question_id=question_id,
        question=asked,
        language=language,
        answers=tuple(answer[:1]),
        evidence=(Gold(article=name, quote=_sentence(text, *answer)),) if answer else (),
    )


def _sentence(text: str, answer: str, start: str = "") -> str:
    """The sentence with the answer, or of several the one that is meant; raises `Bad`."""
    every = [text[each.start : each.end] for each in sentences.spans(text)]
    found = [sentence for sentence in every if answer in sentence and start in sentence]
    meant = [sentence for sentence in found if sentence.startswith(start)] or found
    if not meant:
        raise Bad(
            f"no sentence holds the answer {shown(answer)}" + (" after that" if start else "")
        )
    if len(meant) > 1:
        raise Bad(f"{len(meant)} sentences hold {shown(answer)}; give the first words of one")
    return meant[0]

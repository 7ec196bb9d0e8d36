"""Sentences as news has them, with questions that they answer and questions that they do not.

`eval/told/*.jsonl`, one sentence a line; a reader is taught by them (docs/reader.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.reading import (
    Bad,
    gathered,
    known,
    lines,
    one_object,
    refuse_whole,
    shown,
    text_at,
    written,
)

_KEYS = ("id", "language", "before", "sentence", "good", "bad", "more")
_HINT = (
    "A line has an id, language, before, sentence, good: [{q, language, answer}, ...], bad: "
    "[{q, language}, ...], and more: of each bad one {sentence, answer} or null."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence with what is asked about it."""

    told_id: str
    before: str  # the sentence before it; empty: none
    sentence: str
    good: tuple[tuple[str, str], ...]  # a question that it answers, and its words that do
    bad: tuple[str, ...]  # questions that it looks as if it answered
    more: tuple[tuple[str, str] | None, ...]  # of each a sentence that does, its words; None: none


def read_told(path: Path) -> list[Told]:
    """The sentences of a file, in order. Raises `DatasetError`."""
    made: dict[str, Told] = {}
    bad_lines: list[tuple[int, str]] = []
    found = lines(path, hint="Name a file of sentences and questions, one JSON object a line.")
    for number, line in found:
        try:
            told = _told(one_object(line))
            if told.told_id in made:
                raise Bad(f"the id {shown(told.told_id)} is there twice; keep one")
        except Bad as bad:
            bad_lines.append((number, str(bad)))
        else:
            made[told.told_id] = told
    if bad_lines:
        refuse_whole(path, found)
        raise gathered(path, bad_lines, hint=_HINT)
    return list(made.values())


def _told(row: Mapping[str, Any]) -> Told:
    known(row, _KEYS)
    sentence = text_at(row, "sentence")
    bad = tuple(text_at(each, "q") for each in _objects(row, "bad"))
    more = row.get("more", [None] * len(bad))
    if not isinstance(more, list) or len(more) != len(bad):
        raise Bad("more has not one entry for each bad question")
    return Told(
        told_id=text_at(row, "id"),
        before=written(row.get("before", ""), "before"),
        sentence=sentence,
        good=tuple(_answered(each, "q", sentence) for each in _objects(row, "good")),
        bad=bad,
        more=tuple(None if each is None else _further(each) for each in more),
    )


def _further(each: object) -> tuple[str, str]:
    """A sentence and its words that answer."""
    if not isinstance(each, dict):
        raise Bad("more is no list of objects")
    return _answered(each, "sentence", text_at(each, "sentence"))


def _answered(each: Mapping[str, Any], key: str, sentence: str) -> tuple[str, str]:
    """The text at `key` and the answer, which must stand in the sentence."""
    answer = text_at(each, "answer")
    if answer not in sentence:
        raise Bad(f"the answer {shown(answer)} does not stand in the sentence")
    return text_at(each, key), answer


def _objects(row: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = row.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Bad(f"{key} is no list of objects")
    return found

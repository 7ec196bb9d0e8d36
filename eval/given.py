"""What was answered to a question: a row of `answers.jsonl`, read and checked.

A row is the object that `kutip ask --json` prints, with the question's `id`. Knows nothing of
what would have been right.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rag.schema import Verdict, article_id_of

# "failed": the row is an error's; "malformed": it is not in the form of an answer.
Outcome = Literal["answered", "refused", "failed", "malformed"]

_VERDICTS: tuple[str, ...] = get_args(Verdict)
_EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stretch `[start, end)` of an article's text."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHit:
    """One passage found, and the same passage as other articles print it."""

    rank: int  # from 1
    place: Place
    text: str
    copies: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCitation:
    """One quoted sentence; `copies` are ids of articles that print it too."""

    marker: int
    place: Place
    quote: str
    source: str = ""  # as the user gave it
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenStatement:
    """One sentence of the answer, `[start, end)` of its text, its marks included."""

    start: int
    end: int
    markers: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one question got. Where the outcome is "failed" or "malformed", `problem` says why."""

    question_id: str  # "" when the row has none
    outcome: Outcome
    problem: str = ""
    text: str = ""
    language: str = ""
    answerer: str = _EXTRACTIVE
    abstention: str | None = None
    evidence_score: float | None = None  # None when not given
    answer_sentence: str | None = None  # ranked first, whether or not it was said
    notices: tuple[str, ...] = ()
    statements: tuple[GivenStatement, ...] = ()  # in order of the text
    citations: tuple[GivenCitation, ...] = ()
    hits: tuple[GivenHit, ...] = ()  # in order of rank
    seconds: Mapping[str, float] = field(default_factory=dict)  # by stage
    tokens: Mapping[str, int] = field(default_factory=dict)  # by kind

    @property
    def usable(self) -> bool:
        """Whether there is an answer or a refusal to look at."""
        return self.outcome in ("answered", "refused")

    @property
    def generated(self) -> bool:
        """Whether a language model wrote the answer."""
        return self.outcome == "answered" and self.answerer != _EXTRACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The articles that answers point into, as the engine keeps them."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)  # base name -> article id

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Texts:
        """From stored texts by any name, base name or id; the id follows from the text."""
        ids = {name: article_id_of(text) for name, text in stored.items()}
        return cls(by_id={ids[name]: text for name, text in stored.items()}, ids=ids)

    def id_of(self, article: str) -> str:
        """The id of an article named by its base name, or by its id."""
        return self.ids.get(article, article)


class _Malformed(Exception):
    """What is wrong with a row."""


def parse(row: object) -> Given:
    """The row as a record; nothing is raised, what is wrong with it is its outcome.

    `answered` or `abstention`, and `text`, must be there; what else is absent is empty. Unknown
    keys are left alone. A number that is not finite counts as absent.
    """
    question_id = ""
    try:
        found = _object(row, "the row")
        if isinstance(found.get("id"), str | int) and not isinstance(found["id"], bool):
            question_id = str(found["id"])
        if "error" in found:
            error = found["error"]
            told = error.get("message") if isinstance(error, Mapping) else error
            return Given(question_id=question_id, outcome="failed", problem=str(told))
        return _answer(question_id, found)
    except _Malformed as problem:
        return Given(question_id=question_id, outcome="malformed", problem=str(problem))


def parse_line(line: str) -> Given:
    """One line of `answers.jsonl` as a record; a line that is not JSON is malformed."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Given(question_id="", outcome="malformed", problem=f"not JSON: {error}")
    return parse(row)


def by_question(lines: Iterable[str]) -> dict[str, Given]:
    """The rows of `answers.jsonl` by question; of two with one id, the last.

    A row that does not tell its question (a line torn by a kill) is left out: that question
    has no answer yet.
    """
    rows = (parse_line(line) for line in lines if line.strip())
    return {given.question_id: given for given in rows if given.question_id}


def _answer(question_id: str, row: Mapping[str, object]) -> Given:
    if "answered" not in row and "abstention" not in row:
        raise _Malformed("neither answered nor abstention is given")
    abstention = row.get("abstention")
    if abstention is not None and not isinstance(abstention, str):
        raise _Malformed("abstention is neither text nor null")
    answered = row.get("answered", abstention is None)
    if not isinstance(answered, bool):
        raise _Malformed("answered is neither true nor false")
    if answered and abstention is not None:
        raise _Malformed(f"answered is true, and abstention is {abstention!r}")
    if "text" not in row:
        raise _Malformed("text is not given")
    text = _text(row, "text")
    sentence = row.get("answer_sentence")
    hits = [_hit(each) for each in _list(row, "hits")]
    statements = [_statement(each, len(text)) for each in _list(row, "statements")]
    return Given(
        question_id=question_id,
        outcome="answered" if answered else "refused",
        text=text,
        language=_text(row, "language"),
        answerer=_text(row, "answerer") or _EXTRACTIVE,
        abstention=abstention,
        evidence_score=_number(row.get("evidence_score"), "evidence_score"),
        answer_sentence=sentence if isinstance(sentence, str) else None,
        notices=tuple(_each_text(row, "notices")),
        statements=tuple(sorted(statements, key=lambda each: (each.start, each.end))),
        citations=tuple(_citation(each) for each in _list(row, "citations")),
        hits=tuple(sorted(hits, key=lambda hit: hit.rank)),
        seconds=_numbers(row, "seconds"),
        tokens={name: int(value) for name, value in _numbers(row, "tokens").items()},
    )


def _hit(value: object) -> GivenHit:
    row = _object(value, "a hit")
    return GivenHit(
        rank=_whole(row, "rank"),
        place=_place(row),
        text=_text(row, "text"),
        copies=tuple(_copy(each) for each in _list(row, "copies")),
    )


def _copy(value: object) -> Place:
    passage_id = _text(_object(value, "a copy"), "passage_id")
    article_id, _, stretch = passage_id.rpartition(":")
    start, _, end = stretch.partition("-")
    # What int() takes beyond this, such as "1_0" and the figures of other scripts, is no offset.
    if not (article_id and start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise _Malformed(f"{passage_id!r} is no passage id")
    return Place(article_id=article_id, start=int(start), end=int(end))


def _citation(value: object) -> GivenCitation:
    row = _object(value, "a citation")
    source = row.get("source")
    return GivenCitation(
        marker=_whole(row, "marker"),
        place=_place(row),
        quote=_text(row, "quote"),
        source=source if isinstance(source, str) else "",
        copies=tuple(_each_text(row, "copies")),
    )


def _statement(value: object, length: int) -> GivenStatement:
    row = _object(value, "a statement")
    start, end = _whole(row, "start"), _whole(row, "end")
    if not start <= end <= length:
        raise _Malformed(f"a statement lies at {start} to {end} of a text of {length}")
    verdict = row.get("verdict")
    for known in get_args(Verdict):
        if verdict == known:
            markers = tuple(_whole({"marker": m}, "marker") for m in _list(row, "markers"))
            return GivenStatement(start=start, end=end, markers=markers, verdict=known)
    raise _Malformed(f"{verdict!r} is no verdict; they are {', '.join(_VERDICTS)}")


def _place(row: Mapping[str, object]) -> Place:
    article_id = _text(row, "article_id")
    if not article_id:
        raise _Malformed("an article_id is not given")
    return Place(article_id=article_id, start=_whole(row, "start"), end=_whole(row, "end"))


def _object(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _Malformed(f"{what} is not a JSON object")
    return value


def _list(row: Mapping[str, object], key: str) -> list[object]:
    value = row.get(key, [])
    if not isinstance(value, list):
        raise _Malformed(f"{key} is not a list")
    return value


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise _Malformed(f"{key} is not text")
    return value


def _each_text(row: Mapping[str, object], key: str) -> Iterable[str]:
    for value in _list(row, key):
        if not isinstance(value, str):
            raise _Malformed(f"one of {key} is not text")
        yield value


def _whole(row: Mapping[str, object], key: str) -> int:
    value = row.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Malformed(f"{key} is {value!r}, not a whole number from 0")
    return value


def _number(value: object, what: str) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Malformed(f"{what} is not a number")
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _numbers(row: Mapping[str, object], key: str) -> dict[str, float]:
    found = _object(row.get(key, {}), key)
    read = {name: _number(value, f"{key}.{name}") for name, value in found.items()}
    return {name: value for name, value in read.items() if value is not None}

"""How one question stands after a run, and which stand worst: what a reader looks at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from eval.datasets import Question
from eval.given import Given
from eval.scoring import Scores

# Worst first.
Standing = Literal[
    "broken",  # an error, or a row that is no answer
    "invented",  # answered, though the articles do not hold the answer
    "wrong",
    "silent",  # no answer, though the articles hold it
    "right",
    "rightly_silent",
    "missing",  # not asked
]
STANDINGS: tuple[Standing, ...] = get_args(Standing)

WORDS: Mapping[Standing, str] = {
    "broken": "Fault",
    "invented": "Answered what no article says",
    "wrong": "Wrong answer",
    "silent": "Silent, though an article says it",
    "right": "Right answer",
    "rightly_silent": "Rightly silent",
    "missing": "Not asked",
}


def standing(question: Question, given: Given | None, values: Mapping[str, float]) -> Standing:
    """How a question stands, from what was answered and its own measures (`crag.right`)."""
    if given is None:
        return "missing"
    if not given.usable:
        return "broken"
    if given.outcome == "refused":
        return "silent" if question.answerable else "rightly_silent"
    if not question.answerable:
        return "invented"
    return "right" if values["crag.right"] else "wrong"


def standings(
    questions: Iterable[Question], given: Mapping[str, Given], scores: Scores
) -> dict[str, Standing]:
    """How each question stands, by its id."""
    return {
        q.question_id: standing(q, given.get(q.question_id), scores.values.get(q.question_id, {}))
        for q in questions
    }


def worst_first(
    questions: Sequence[Question], standing_of: Mapping[str, Standing], scores: Scores
) -> list[Question]:
    """The questions as one should read them: those with an inexact quote, then by standing.

    Among equals, first what says a wrong answer that tempts, then what contradicts its source,
    then what cites the wrong words, then what Kutip was surest of; ties by id.
    """

    def key(question: Question) -> tuple[object, ...]:
        values = scores.values.get(question.question_id, {})
        return (
            values.get("quote_exact", 1.0) == 1.0,
            STANDINGS.index(standing_of[question.question_id]),
            -values.get("must_not", 0.0),
            -values.get("verdict.conflict", 0.0),
            values.get("answer_sentence", 1.0),
            -values.get("evidence_score", 0.0),
            question.question_id,
        )

    return sorted(questions, key=key)

"""What is left of a sentence's score for what is too rare for a scorer to learn.

It surely tells of something else than is asked about, or lacks what its kind of question wants.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.answer.candidate import Candidate
from rag.answer.question import Question
from rag.answer.spans.sought import sought

# What a sentence is worth that surely tells of something else: another post, for instance. Of 2,999
# right sentences none has one, and there are too few of the others to be learnt from.
_ANOTHERS = 0.5
# And of one that has who it was on another side of the deed, or another there: about as many good
# questions have such a sentence as bad ones.
_TURNED = 0.6
# Of one without a reason for "why", without "still" for how many there still are, without a word
# for what befell those asked about, for who "the goalkeeper" is, who is counted or what "what
# tariff" wants, and of one that names none but the question does.
HARDLY = 0.65
_WHOSE = 0.35  # the reality of a sentence with the post asked about as others'
# What shows, if not surely by itself, that a sentence tells of something else; two do surely.
_ELSE = (
    "sides_turned",
    "done_by_another",
    "belongs_turned",
    "contrary",
    "displaced",
    "another_count",
)
_SURELY_ELSE = 2


def worth(question: Question, candidate: Candidate, row: Mapping[str, float]) -> float:
    """What is left of a sentence's score for what is too rare for a scorer to learn."""
    if candidate.reading.surely_else(candidate.at) or _tells_of_else(question, row):
        return _ANOTHERS
    if question.kind == "person" and row["reality"] <= _WHOSE:
        return _ANOTHERS  # another country's president
    if row["sides_turned"] > 0:
        return _TURNED
    reading, at = candidate.reading, candidate.at
    untold = (
        reading.fate_untold(at)
        or reading.role_untold(at)
        or reading.counted_untold(at)
        or (row["answers"] == 0.0 and reading.noun_untold(at))
        or not reading.lasting(at)
    )
    if untold or _no_reason(question, row) or _nobody(question, candidate, row):
        return HARDLY
    return 1.0


def _tells_of_else(question: Question, row: Mapping[str, float]) -> bool:
    """Whether two things at least show that a sentence tells of something else."""
    found = [row[name] > 0 for name in _ELSE]
    found += [row["sides_turned"] > 1, row["counted"] == 0.0]
    found.append(question.kind == "reason" and row["answers"] == 0.0)
    return sum(found) >= _SURELY_ELSE


def _no_reason(question: Question, row: Mapping[str, float]) -> bool:
    """Whether a sentence has no reason where "why" is asked."""
    return question.kind == "reason" and row["answers"] == 0.0 and row["cause"] == 0.0


def _nobody(question: Question, candidate: Candidate, row: Mapping[str, float]) -> bool:
    """Whether a sentence names none but the question does, where "who" is asked."""
    sentence = candidate.sentence
    return (
        question.kind == "person"
        and row["answers"] == 0.0
        and sought(question.text).sort == "person"
        and all(
            candidate.reading.asks_about(name.text)
            for name in sentence.names
            if name.start >= sentence.dateline
        )
    )

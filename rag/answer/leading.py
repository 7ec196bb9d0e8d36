"""Which sentence goes first for what a question asks, whatever the scores say.

Who holds the post asked about, who it was, and by his whole name; words that answer. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.candidate import Candidate
from rag.answer.question import Question
from rag.answer.spans.sought import sought
from rag.schema import Span

# How near a name must be told to a sentence that has the post asked about with its holder.
_AT_HOME = 0.5
# How good a sentence with somebody's whole name must be beside one with a part of it.
_WHOLE = 0.2
# And how good one that says who it was beside one that names nobody new.
_WHO = 0.4
_WORD = re.compile(r"\w+(?:[.,:]\d+)*")


def leading(
    question: Question, order: list[int], chosen: Sequence[Candidate], scores: Sequence[float]
) -> list[int]:
    """The order of the candidates, best first, with the one that should lead before the others."""
    if question.kind == "person":
        order = _holder_first(order, chosen)
        order = _who_first(order, chosen, scores)
        return _whole_name_first(order, chosen, scores)
    if question.kind == "organisation" or sought(question.text).sort == "condition":
        return _answer_first(order, chosen, scores)
    return order


def _holder_first(order: list[int], chosen: Sequence[Candidate]) -> list[int]:
    """The order, but that "Prosecutor Ana Lee" goes first where the prosecutor is asked for.

    Of the article that comes first, where the names asked about are at home.
    """
    top = chosen[order[0]]
    if top.reading.role_held(top.at):
        return order
    for k in order[1:]:
        other = chosen[k]
        if (
            other.article == top.article
            and other.sentence.whole
            and other.reading.role_held(other.at)
            and all(
                other.reading.near(unit, other.at) >= _AT_HOME
                for unit in other.reading.question.units
                if unit.kind == "name"
            )
        ):
            return [k, *(n for n in order if n != k)]
    return order


def _who_first(order: list[int], chosen: Sequence[Candidate], scores: Sequence[float]) -> list[int]:
    """The order, but that who it was goes before a sentence that tells only of those asked about.

    "The talks of the two took place after Blinken came to Doha": the one beside it says who.
    """
    top = chosen[order[0]]
    if _named(top) or top.reading.answer(top.sentence) is not None:
        return order
    for k in order[1:]:
        other = chosen[k]
        if scores[k] < _WHO * scores[order[0]]:
            continue
        if other.article == top.article and other.sentence.whole and _named(other):
            return [k, *(n for n in order if n != k)]
    return order


def _answer_first(
    order: list[int], chosen: Sequence[Candidate], scores: Sequence[float]
) -> list[int]:
    """The order, but that words that answer go before a sentence that has none."""
    top = chosen[order[0]]
    if top.reading.answer(top.sentence) is not None:
        return order
    for k in order[1:]:
        if scores[k] < _WHO * scores[order[0]]:
            continue
        if chosen[k].sentence.whole and chosen[k].reading.answer(chosen[k].sentence) is not None:
            return [k, *(n for n in order if n != k)]
    return order


def _whole_name_first(
    order: list[int], chosen: Sequence[Candidate], scores: Sequence[float]
) -> list[int]:
    """The order, but that "Al Khulaifi" is told first where the article gives him his whole name.

    News names somebody whole once, and by one word after that; who asks who it was wants the
    whole name, if the sentence that has it is nearly as good.
    """
    top = chosen[order[0]]
    short = _named(top)
    for k in order[1:]:
        other = chosen[k]
        if scores[k] < _WHOLE * scores[order[0]]:
            continue
        if other.article == top.article and any(
            one < whole for one in short for whole in _named(other)
        ):
            return [k, *(n for n in order if n != k)]
    return order


def _named(candidate: Candidate) -> list[frozenset[str]]:
    """The words of each name that may be the answer; those of places and bodies are none."""
    sentence = candidate.sentence
    typed = set(candidate.reading.typed(sentence))
    return [
        frozenset(_WORD.findall(name.text.casefold()))
        for name in sentence.names
        if name.kind in ("person", None) and Span(name.start, name.end) in typed
    ]

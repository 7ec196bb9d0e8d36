"""On which side of a deed a question puts somebody, and on which side a sentence does.

"Who accused the army?" has the army accused; "the army accused the Front" has it accuse. Goes by
the order of words around a verb that both have, in English and in Indonesian. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import sort_of
from rag.schema import Span

Side = Literal["does", "undergoes"]

_REACH = 60  # characters between a verb and who does it, or to whom it is done
_BREAK = re.compile(r"[.;:!?\"“”()]|\s[-–—]\s")
_BE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|get|got)\s+(?:\w+ly\s+|also\s+|not\s+)?\Z", re.IGNORECASE
)
_BE_BEFORE = re.compile(r"\b(?:is|are|was|were|been|being|be)\b(?=[^.;:!?]{1,50}\Z)", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w{2,}(?:ed|en|wn|ught|old|ung|ilt|ade|id|ept|ent|elt|ost|uck)\Z", re.I)
_DI = re.compile(r"di[a-z]{4,}\Z", re.IGNORECASE)
_BY = re.compile(r"\s+(?:\w+\s+){0,4}?(?:by|oleh)\s", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:di|ke|dari|pada|untuk|karena|in|on|at|to|from|for|with|dengan|by|oleh)\s\Z"
)


def sides_kept(question: Question, sentence: Sentence) -> int:
    """How many of the question's things stand on the same side of a deed there.

    A deed counts that both mention; a thing counts whose side both tell. Loose: nouns and verbs
    that nobody undergoes count too; that they stand on another side here tells nothing.
    """
    same = 0
    things = [u for u in question.units if u.kind == "name" or sort_of(u) == "thing"]
    for deed in question.units:
        if sort_of(deed) != "act":
            continue
        asked_at = _in_question(question.text, deed)
        for thing in things:
            asked = _side(question.text, asked_at, _in_question(question.text, thing))
            told = _side(sentence.text, sentence.places_of(deed), sentence.places_of(thing))
            if asked and told:
                same += not asked.isdisjoint(told)
    return same


def _in_question(text: str, unit: Unit) -> list[Span]:
    at = text.find(unit.text)
    return [Span(at, at + len(unit.text))] if at >= 0 else []


def _side(text: str, deeds: Sequence[Span], things: Sequence[Span]) -> set[Side]:
    """The sides of a deed on which a thing stands, where that can be told."""
    found: set[Side] = set()
    for deed in deeds:
        passive = _is_passive(text, deed)
        by = _BY.match(text, deed.end)
        for thing in things:
            if thing.end <= deed.start:
                between = text[thing.end : deed.start]
                side: Side = "undergoes" if passive else "does"
            elif thing.start >= deed.end:
                between = text[deed.end : thing.start]
                if by and thing.start >= by.end() - 1:
                    side = "does"
                elif _ANOTHER.search(between.casefold()):
                    continue  # where, when or with what
                else:
                    side = "does" if passive else "undergoes"
            else:
                continue
            if len(between) <= _REACH and not _BREAK.search(between):
                found.add(side)
    return found


def _is_passive(text: str, deed: Span) -> bool:
    word = text[deed.start : deed.end].split()[-1]
    if _DI.match(word):
        return True
    if not _PARTICIPLE.match(word):
        return False
    ahead = text[max(0, deed.start - 24) : deed.start]
    # "Was Ana accused by ...?" has the helper before who is accused.
    asked = _BE_BEFORE.search(text[: deed.start]) and bool(_BY.match(text, deed.end))
    return bool(_BE.search(ahead) or asked)

"""Evidence for questions of a form of their own: what somebody said, lists.

Everything else keeps the evidence that `extract` found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.classes import CLASSES
from rag.answer.extract import Evidence
from rag.answer.kinds.listed import asks_list, listed
from rag.answer.kinds.said import speech, words_of
from rag.answer.question import Question, analyse
from rag.schema import Hit
from rag.text.language import word_set

# What is done with the things asked for, and is nothing that an article could tell.
_ORDERS = word_set("list name enumerate mention give describe show sebut sebutkan daftar daftarkan")
# An order for a list asks what "which" asks.
_LIST = re.compile(
    r"\s*(?:please\s+)?(?:list|name|enumerate)\s+(?:all\s+)?(?:of\s+)?(?:the\s+)?"
    r"(?P<class>[a-z]+s)\s+(?:that\s+|which\s+|who\s+)?(?P<rest>\S.*)",
    re.IGNORECASE,
)
_DAY = word_set("tanggal date")


def ordered(question: Question) -> Question:
    """The question without the verb it orders with: "list the countries", "pada tanggal 7 Mei".

    >>> from rag.answer.question import analyse
    >>> asked = ordered(analyse("list the countries that voted", "en"))
    >>> asked.text, [u.text for u in asked.units]
    ('which countries voted', ['countries', 'voted'])
    """
    if order := _LIST.match(question.text):
        return analyse(f"which {order['class']} {order['rest']}", question.language)
    first = question.text.casefold().split()[:1]
    dated = any(u.kind == "date" for u in question.units)
    units = tuple(
        u
        for u in question.units
        if not (u.kind == "word" and [*u.words] == first and _ORDERS.issuperset(u.words))
        and not (dated and _DAY.issuperset(u.words))
    )
    return replace(question, units=units) if units else question


def unclassed(question: Question) -> Question:
    """A question for a list without what it wants a list of: no sentence need say "countries"."""
    if not asks_list(question):
        return question
    units = tuple(u for u in question.units if not CLASSES.issuperset(u.words))
    return replace(question, units=units) if units else question


def shaped(
    question: Question,
    hits: Sequence[Hit],
    evidence: Evidence,
    *,
    unclassed: Evidence | None = None,
    limit: int,
) -> Evidence:
    """The evidence as the form of the question wants it.

    `unclassed` is what was found for the question of that name; it counts where there is a list.
    """
    if not evidence.picks:
        return evidence
    asked = speech(question.text)
    if asked is not None:
        return words_of(asked, hits, evidence, limit=limit)
    if asks_list(question):
        before = unclassed or evidence
        found = listed(question, hits, before, limit=limit)
        return evidence if found is before else found
    return evidence

"""Verbs that say little beside their noun: "took hostages" is told by "menyandera".

Pure.
"""

from __future__ import annotations

import re

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.text.language import word_set

_SUPPORT = word_set(
    "take takes took taken taking make makes made making hold holds held holding give gives gave",
    "given giving pay paid pays carry carried conduct conducts conducted stage staged have had",
    "melakukan dilakukan mengadakan diadakan memberi memberikan diberi diberikan mengambil diambil",
    "menggelar digelar menjalankan dijalankan mengeluarkan dikeluarkan membuat dibuat",
)
# A verb by its form, in Indonesian and in English.
_VERB = {
    "id": re.compile(r"(?:me|di|ber)[a-z]{4,}\Z", re.IGNORECASE),
    "en": re.compile(r"[a-z]{3,}(?:ed|ing)\Z", re.IGNORECASE),
}


def supports(question: Question, unit: Unit, sentence: Sentence) -> bool:
    """Whether a unit is a verb that only goes with a noun of the question, and the sentence has
    a verb that says as much as both.
    """
    form = _VERB.get(sentence.language or "")
    if form is None or not _SUPPORT.issuperset(unit.words):
        return False
    return any(
        form.match(sentence.text[place.start : place.end])
        for other in question.units
        if other.kind == "word" and other is not unit
        for place in sentence.places_of(other)
    )

"""How much each unit of a question matters: rare words and names much, common words little."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rag.answer.light import is_light
from rag.answer.question import LANGUAGES, Question, Unit
from rag.text import glossary
from rag.text.stems import index_terms, stem

# A name or a number pins a question down more than a verb of the same rarity does.
_KIND = {"name": 1.5, "number": 1.5, "date": 1.5, "word": 1.0}
# A word that no article and no glossary entry has: it may be what the question is about,
# or a turn of phrase that only the other language's articles could not contain.
_UNKNOWN = 0.5
# A word that the question is asked with, and not about.
_LIGHT = 0.4


def terms_of(question: Question) -> dict[Unit, frozenset[str]]:
    """The stems by which each unit could stand in the index, translations included."""
    found: dict[Unit, frozenset[str]] = {}
    shelf = glossary.load()
    for unit in question.units:
        stems = {stem(word, code) for word in unit.words for code in LANGUAGES}
        for source in LANGUAGES:
            for target in LANGUAGES:
                for form in shelf.translations(unit.text, source=source, target=target):
                    parts = index_terms(form, target)
                    if len(parts) == 1:
                        stems.add(parts[0])
        found[unit] = frozenset(stems)
    return found


def weigh(
    terms: Mapping[Unit, frozenset[str]], passages: int, counts: Mapping[str, int]
) -> dict[Unit, float]:
    """A weight for each unit: its inverse document frequency, more for names and numbers.

    `counts` has the number of passages, of `passages` in all, that hold each stem.
    """
    weights: dict[Unit, float] = {}
    for unit, stems in terms.items():
        held = max((counts.get(s, 0) for s in stems), default=0)
        rarity = math.log(1 + (passages + 1) / (held + 0.5))
        unknown = _UNKNOWN if not held and unit.kind == "word" and not unit.concepts else 1.0
        light = _LIGHT if unit.kind == "word" and all(map(is_light, unit.words)) else 1.0
        weights[unit] = max(0.1, rarity) * _KIND[unit.kind] * min(unknown, light)
    return weights

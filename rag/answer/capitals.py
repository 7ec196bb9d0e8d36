"""A question's "the Qatari capital" as the city that it is, where the articles name the city.

Pure; which city is whose capital is the glossary's to say.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answer.question import Question, Unit, unit_of
from rag.text import glossary
from rag.text.glossary.capitals import capital_of

_CAPITAL = "capital_city"
# What stands between the two words, with the country first or second.
_OWNED = re.compile(r"(?:['’]s?)?\s+", re.IGNORECASE)
_OF = re.compile(r"(?:\s+city)?(?:\s+(?:of|negara))?(?:\s+the)?\s+", re.IGNORECASE)
# The capital itself is asked for: naming it would be the answer.
_ASKED = re.compile(
    r"\b(?:what|which|name|apa|nama)\s+(?:(?:is|was|are|itu|kota)\s+)?(?:the\s+)?\Z",
    re.IGNORECASE,
)
_ASKED_BEHIND = re.compile(r"\s*(?:itu\s+)?(?:apa|mana|di\s*mana|dimana)\b", re.IGNORECASE)


def with_cities(question: Question, text: str) -> Question:
    """The question with each country's capital named, if the articles' text has that name.

    >>> from rag.answer.question import analyse
    >>> asked = analyse("Who died in the Kenyan capital?", "en")
    >>> [u.words for u in with_cities(asked, "Two died in Nairobi.").units if u.kind == "name"]
    [('nairobi',)]
    """
    seat = next((u for u in question.units if _CAPITAL in u.concepts), None)
    if seat is None:
        return question
    for country in question.units:
        city = next((c for c in map(capital_of, sorted(country.concepts)) if c), None)
        phrase = _phrase(question.text, seat, country) if city else None
        if city is None or phrase is None:
            continue
        named = _city(city, phrase)
        if _told(named, text):
            units = [named if u == country else u for u in question.units if u != seat]
            return replace(question, units=tuple(units))
    return question


def _phrase(text: str, seat: Unit, country: Unit) -> str | None:
    """The words of a question in which the capital is a country's; None where they are not."""
    one, two = text.find(seat.text), text.find(country.text)
    if min(one, two) < 0:
        return None
    behind = one < two
    first, last = (seat, country) if behind else (country, seat)
    start, end = min(one, two), max(one, two) + len(last.text)
    between = text[start + len(first.text) : max(one, two)]
    if not (_OF if behind else _OWNED).fullmatch(between):
        return None
    if _ASKED.search(text[:start]) or _ASKED_BEHIND.match(text, end):
        return None
    return text[start:end]


def _city(name: str, phrase: str) -> Unit:
    concepts = frozenset(glossary.load().concepts_of(name, "en"))
    return replace(unit_of(name, "name"), text=phrase, concepts=concepts)


def _told(city: Unit, text: str) -> bool:
    shelf = glossary.load()
    names = {" ".join(city.words)} | {
        form.casefold()
        for c in city.concepts
        for code in ("en", "id")
        for form in shelf.concept(c).forms(code)
    }
    low = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low) for name in names)

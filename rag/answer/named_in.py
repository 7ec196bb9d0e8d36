"""What a question names, and whether other words name the same: "Mesir" and Egypt, "Joe Biden".

Pure.
"""

from __future__ import annotations

from functools import lru_cache

from rag.answer.question import LANGUAGES, Question
from rag.text import glossary
from rag.text.cues import pattern
from rag.text.stems import tokens

# Whose families are asked about, who may all have one name.
_OF_KIN = pattern(
    "wife|husband|spouse|son|sons|daughter*|brother*|sister*|father|mother|family|relative*|cousin*",
    "istri*|suami*|anak*|putra*|putri*|ayah*|ibunya|kakak*|adik*|keluarga*|kerabat*|sepupu*",
    "parents|children|child|uncle|aunt|paman|bibi|orang tua*|widow|niece|nephew|keponakan*",
)


class NamedIn:
    """The words, meanings and names of one question."""

    def __init__(self, question: Question) -> None:
        self._words = frozenset(w for u in question.units for w in u.words)
        self._concepts = frozenset().union(*(u.concepts for u in question.units))
        self._names = [
            u.words
            for u in question.units
            if u.kind == "name" and not _OF_KIN.search(question.text)
        ]

    def tells_of(self, text: str) -> bool:
        """Whether the question has all words of a text, or names the same in others."""
        words = tuple(t.text for t in tokens(text))
        return (
            self._words.issuperset(words)
            or not self._concepts.isdisjoint(_meant(text))
            or any(words[-len(name) :] == name for name in self._names)
        )


@lru_cache(maxsize=4_096)
def _meant(text: str) -> frozenset[str]:
    """The concepts that all of a text names, in either language."""
    shelf = glossary.load()
    return frozenset(c for code in LANGUAGES for c in shelf.concepts_of(text, code))

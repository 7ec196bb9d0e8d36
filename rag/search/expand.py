"""A question as a full-text query: its stems, and the words of the other language for them.

Knows nothing of stores; what it writes is FTS5's MATCH syntax over stems.
"""

from __future__ import annotations

from rag.text import glossary
from rag.text.stems import content_words, index_terms, stem

LANGUAGES = ("en", "id")


def stems_of(query: str, language: str | None) -> list[str]:
    """The stems of a query's content words, in both languages: a passage holds one of the two.

    >>> stems_of("Who met the ministers?", "en")
    ['met', 'minist', 'ministers']
    """
    words = content_words(query, language)
    return list(dict.fromkeys(stem(w.text, code) for w in words for code in LANGUAGES))


def translated_stems(query: str, *, source: str, target: str) -> list[str]:
    """Stems, in `target`, of what the glossary has for the concepts of a query in `source`."""
    forms = glossary.load().translations(query, source=source, target=target)
    return list(dict.fromkeys(s for form in forms for s in index_terms(form, target)))


def match_any(stems: list[str]) -> str:
    """An FTS5 expression that finds passages with any of the stems.

    >>> match_any(["minist", "doha"])
    '"minist" OR "doha"'
    """
    return " OR ".join(f'"{s}"' for s in stems)

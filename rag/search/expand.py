"""A question as the words to search for, with the glossary's words for them.

Knows nothing of stores; what it writes is FTS5's MATCH syntax over stems.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.search.words import LANGUAGES, Term
from rag.text import glossary
from rag.text.stems import content_words, index_terms, stem


def terms_of(query: str, language: str | None) -> list[Term]:
    """The content words of a query, each with what the glossary has for it.

    A query of no known language is read in both. A phrase of the glossary stands for each of
    the words it is made of.

    >>> [term] = terms_of("ceasefire", "en")
    >>> sorted(term.own), term.forms["id"][0]
    (['ceasefir', 'ceasefire'], ('gencat', 'senjata'))
    """
    shelf = glossary.load()
    sources = (language,) if language in LANGUAGES else LANGUAGES
    found = [match for source in sources for match in shelf.find(query, source)]
    words = {word.text: word for word in reversed(content_words(query, language))}
    terms = []
    for word in reversed(words.values()):
        own = frozenset(stem(word.text, code) for code in LANGUAGES)
        named = dict.fromkeys(
            match.concept_id
            for match in found
            if match.start <= word.start and word.end <= match.end
        )
        forms = {
            target: tuple(
                dict.fromkeys(
                    form
                    for concept_id in named
                    for written in shelf.concept(concept_id).forms(target)
                    if (form := tuple(index_terms(written, target)))
                )
            )
            for target in LANGUAGES
        }
        terms.append(Term(word=word.text, own=own, forms=forms, asked_in=language))
    return terms


def match_any(terms: Iterable[Term], language: str | None = None) -> str:
    """An FTS5 expression that finds passages with any of the words.

    With a language, passages that have a form of it as well.

    >>> match_any(terms_of("comet", "en"), "id")
    '"comet" OR "komet" OR "bintang ekor"'
    """
    found: dict[str, None] = {}
    for term in terms:
        found |= dict.fromkeys(f'"{stem}"' for stem in sorted(term.own))
        found |= dict.fromkeys(f'"{" ".join(form)}"' for form in term.forms.get(language or "", ()))
    return " OR ".join(found)

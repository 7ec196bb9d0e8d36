"""Evidence as one thing to look words, numbers and names up in, and what is found wrong by it.

Pure. The sentences keep their order; they are of one or more articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from rag.answer.check.wording import LANGUAGES, Wording, with_names, wording
from rag.answer.evidence import Sentence
from rag.schema import Passage
from rag.text import glossary, names
from rag.text.stems import stop_words, tokens


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the evidence does not bear out, said in both languages."""

    verdict: Literal["not_found", "conflict"]
    en: str
    id: str


@dataclass(frozen=True, slots=True)
class Place:
    """A token of the evidence: which sentence, and which of its tokens."""

    sentence: int
    token: int


# By the first token of a name of the statement, where the evidence has it.
Places = Mapping[int, Sequence[Place]]


class Backing:
    """The sentences that are to back a statement."""

    def __init__(self, evidence: Sequence[Sentence]) -> None:
        self.sentences = tuple(evidence)
        self.wordings: list[Wording] = [_read(s) for s in evidence]

    @cached_property
    def index(self) -> dict[str, list[Place]]:
        """Where each key of a token stands."""
        found: dict[str, list[Place]] = {}
        for s, words in enumerate(self.wordings):
            for i, keys in enumerate(words.keys):
                for key in keys:
                    found.setdefault(key, []).append(Place(s, i))
        return found

    @cached_property
    def keys(self) -> frozenset[str]:
        """Everything that its tokens may be matched by."""
        return frozenset(self.index)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The words of its names that mean nothing else, with a capital inside a sentence."""
        return frozenset(
            w.tokens[i].text
            for w in self.wordings
            for group in w.groups
            for i in group
            if w.text[w.tokens[i].start].isupper() and not w.concepts[i] and len(w.written(i)) > 2
        )

    @cached_property
    def first_names(self) -> frozenset[str]:
        """The words that its passages have as names, with a capital inside a sentence."""
        return frozenset(w for s in self.sentences for w in named_in(s.passage))

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of its sentences, as far as they are known."""
        return frozenset(w.language for w in self.wordings if w.language)

    def places(self, keys: Iterable[str]) -> list[Place]:
        """Where it has a token with any of the keys, in order."""
        found = {place for key in keys for place in self.index.get(key, ())}
        return sorted(found, key=lambda p: (p.sentence, p.token))

    def exact(self, said: Wording, i: int) -> list[Place]:
        """Where it has a word of a statement: the same word, stem or concept, not a kindred one."""
        return self.places(k for k in said.keys[i] if k[0] not in "~%")

    def mentions(self, concepts: frozenset[str]) -> bool:
        """Whether the passages of its sentences, or their titles, name one of the concepts."""
        return any(concepts & topics(s.passage) for s in self.sentences)

    def alike(self, word: str) -> list[Place]:
        """Where it has a long word in another spelling or form: "diplomatik", "diplomatic"."""
        if len(word) < 6 or word[0].isdigit():
            return []
        head = word[: max(6, len(word) - 3)]
        return [
            Place(s, i)
            for s, words in enumerate(self.wordings)
            for i, t in enumerate(words.tokens)
            if t.text.startswith(head) and abs(len(t.text) - len(word)) <= 4
        ]


def _read(sentence: Sentence) -> Wording:
    """The wording of a sentence, with the names that only its passage shows to be names.

    Where a sentence or the words behind a quotation begin, a capital tells nothing.
    """
    words = wording(sentence)
    inside = {i for g in words.groups for i in g}
    known = frozenset(
        t.text
        for i, t in enumerate(words.tokens)
        if i not in inside and words.text[t.start].isupper()
    ) & named_in(sentence.passage)
    return with_names(words, known) if known else words


@lru_cache(maxsize=512)
def named_in(passage: Passage) -> frozenset[str]:
    """The words of people's names of a passage, as they stand inside its sentences."""
    found: set[str] = set()
    for name in names.find(passage.text):
        parts = [t.text for t in tokens(passage.text[name.start : name.end])]
        if len(parts) > 1 and (name.kind in ("person", None)):
            found.update(w for w in parts if len(w) > 2)
    people = {
        t.text
        for name in names.find(passage.text)
        if name.kind == "person"
        for t in tokens(passage.text[name.start : name.end])
    }
    means = {t.text for t in tokens(" ".join(sorted(found))) if glossary.load().find(t.text, None)}
    plain = {t.text for t in tokens(passage.text) if passage.text[t.start].islower()}
    return frozenset(found - (means - people) - plain - stop_words("en") - stop_words("id"))


@lru_cache(maxsize=512)
def topics(passage: Passage) -> frozenset[str]:
    """The concepts that a passage and its article's title name."""
    language = passage.metadata.language if passage.metadata.language in LANGUAGES else None
    texts = (passage.metadata.title, passage.text)
    return frozenset(m.concept_id for text in texts for m in glossary.load().find(text, language))


_ENDS = re.compile(r"(?<=[a-z0-9)\"”][.!?])\s+|\n")


@lru_cache(maxsize=1024)
def around(passage: Passage) -> tuple[tuple[str, ...], ...]:
    """The words of a passage, by sentence, and of its article's title: where names are in full."""
    parts = [passage.metadata.title, *_ENDS.split(passage.text)]
    return tuple(tuple(t.text for t in tokens(part)) for part in parts)

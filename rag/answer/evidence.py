"""How much of a question a sentence accounts for, alone and with its neighbours.

Pure: questions, passages and weights in; scores out. Chooses nothing; `extract` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar, cast, overload

from rag.answer.question import LANGUAGES, Unit
from rag.answer.senses import meant
from rag.schema import Hit, Passage, Span
from rag.text import dates, glossary, names, numbers, sentences
from rag.text.cues import BACK, CALLED_OFF, DENIAL, UNREAL
from rag.text.glossary.kin import kin
from rag.text.name_runs import PARTICLES
from rag.text.stems import Token, kin_stem, stop_words, tokens

T = TypeVar("T")

# What a match is worth when it stands beside the sentence and not in it. Set by hand on
# the development articles; docs/log.md, extractive answers.
LINKED, BESIDE, NEAR, ARTICLE = 0.8, 0.6, 0.45, 0.3

HEAD = 5  # letters that a word shares at least with another spelling or form of it
# What else tells that people met or spoke: concepts that do so alone, and those that do when
# the sentence also says with whom.
_TALKING = frozenset({"speak", "conversation", "discuss", "negotiate", "consult"})
KIN: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "meet": (frozenset({"host", "visit", "welcome", "visitor", "summit"}), _TALKING),
    "visitor": (frozenset({"visit", "host", "welcome"}), frozenset()),
    "host": (frozenset({"visit", "welcome", "visitor"}), frozenset()),
    "speak": (frozenset({"phone_call"}), _TALKING | {"meet"}),
    "conversation": (frozenset({"phone_call"}), _TALKING | {"meet"}),
    "discuss": (frozenset(), _TALKING | {"meet"}),
    "negotiate": (frozenset(), _TALKING | {"meet"}),
}


# "No more than 20,000" and "not only" deny nothing.
_NO_DENIAL = re.compile(
    r"\s+(?:more|fewer|less|later|earlier|lebih|kurang|lain|only|just|hanya|cuma|sekadar|saja)\b",
    re.IGNORECASE,
)

# A thing that was told of before.
_RECALL = re.compile(
    r"\b([a-z]{4,})\s+(?:tersebut|itu)\b|\b(?:that|those|the\s+same)\s+([a-z]{4,})\b", re.IGNORECASE
)
_DATELINE = re.compile(
    r"\s*[A-Z][\w.' -]{2,40}?\s*(?:,\s*[\w. ]{2,30}?)?\s*(?:\([^)\n]{2,40}\))?\s*(?:--|[-–—])\s"
)


@lru_cache(maxsize=2_048)
def _known(text: str, language: str | None) -> dict[str, object]:
    """What was worked out of a text in a language so far, by name; some 20 MB in all.

    Questions come in conversations: the same sentences are looked at again and again.
    """
    return {}


class _worked_out(Generic[T]):  # noqa: N801  (used like `cached_property`)
    """A property of a sentence that its text and language tell, worked out once for all equals."""

    def __init__(self, work: Callable[[Sentence], T]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, sentence: None, owner: type) -> _worked_out[T]: ...
    @overload
    def __get__(self, sentence: Sentence, owner: type) -> T: ...
    def __get__(self, sentence: Sentence | None, owner: type) -> _worked_out[T] | T:
        if sentence is None:
            return self
        if self._name not in sentence.known:
            sentence.known[self._name] = self._work(sentence)
        found = cast(T, sentence.known[self._name])
        sentence.__dict__[self._name] = found  # where it is found from now on
        return found


class Sentence:
    """One sentence of a passage, with what matching needs of it, worked out when first asked."""

    def __init__(
        self, passage: Passage, start: int, end: int, hit_score: float, *, found: bool = True
    ) -> None:
        self.passage = passage
        self.start = start  # in Article.text
        self.end = end
        self.text = passage.text[start - passage.start : end - passage.start]
        self.hit_score = hit_score
        self.found = found  # by the search; if not, it only tells what the others speak of
        self.language = passage.metadata.language
        self.known = _known(self.text, self.language)

    @_worked_out
    def tokens(self) -> list[Token]:
        """Its words and numbers."""
        return tokens(self.text)

    @_worked_out
    def words(self) -> frozenset[str]:
        """Casefolded tokens."""
        return frozenset(t.text for t in self.tokens)

    @_worked_out
    def stems(self) -> frozenset[str]:
        """Stems in the passage's language, or in both when it is not known."""
        return frozenset().union(*self.token_stems)

    @_worked_out
    def token_stems(self) -> list[frozenset[str]]:
        """The stems of each token."""
        codes = (self.language,) if self.language in LANGUAGES else LANGUAGES
        return [frozenset(kin_stem(t.text, code) for code in codes) for t in self.tokens]

    @_worked_out
    def heads(self) -> dict[str, list[str]]:
        """Its longer words by their first letters, `HEAD` of them."""
        by_head: dict[str, list[str]] = {}
        for word in self.words:
            by_head.setdefault(word[:HEAD], []).append(word)
        return by_head

    @_worked_out
    def meanings(self) -> list[glossary.ConceptMatch]:
        """Where it mentions concepts of the glossary."""
        found = glossary.load().find(
            self.text, self.language if self.language in LANGUAGES else None
        )
        return meant(self.text, found)

    @_worked_out
    def concepts(self) -> frozenset[str]:
        """The glossary's concepts that the sentence mentions."""
        return frozenset(m.concept_id for m in self.meanings)

    @_worked_out
    def inside(self) -> frozenset[str]:
        """The concepts that single words of its phrases name, where the phrase means another."""
        return frozenset().union(
            *(_within(self.text[m.start : m.end], m.language) for m in self.meanings if _wide(m))
        )

    def places_of(self, unit: Unit) -> list[Span]:
        """Where the sentence has the unit's words or concepts."""
        # "Al Khulaifi" does not stand where "al-Sisi" does.
        own = [s for w, s in zip(unit.words, unit.stems, strict=True) if w not in PARTICLES]
        wanted, concepts = frozenset().union(*(own or unit.stems)), _telling(unit.concepts)
        return [
            Span(token.start, token.end)
            for token, stems in zip(self.tokens, self.token_stems, strict=True)
            if not stems.isdisjoint(wanted)
        ] + [Span(m.start, m.end) for m in self.meanings if m.concept_id in concepts]

    @_worked_out
    def names(self) -> list[names.Name]:
        """Proper names."""
        return names.find(self.text)

    @_worked_out
    def dates(self) -> list[dates.DateMention]:
        """Dates, times and words such as "yesterday"."""
        return dates.find(self.text)

    @_worked_out
    def numbers(self) -> list[numbers.Number]:
        """Numbers that are no part of a date."""
        return numbers.find(self.text, language=self.language)

    @_worked_out
    def linked(self) -> bool:
        """Whether its opening words lean on the sentence before it."""
        return bool(BACK.search(self.text[:90]))

    @_worked_out
    def recalls(self) -> frozenset[str]:
        """The stems of what it calls "that attack" or "serangan tersebut"."""
        code = self.language if self.language in LANGUAGES else "en"
        words = [t.text for m in _RECALL.finditer(self.text) for t in tokens(m[1] or m[2])]
        return frozenset(kin_stem(w, code) for w in words if w not in stop_words(code))

    @_worked_out
    def denials(self) -> list[Span]:
        """Where it denies something."""
        return [
            Span(m.start(), m.end())
            for m in DENIAL.finditer(self.text)
            if not _NO_DENIAL.match(self.text, m.end())
        ]

    @_worked_out
    def suppositions(self) -> list[Span]:
        """Where it speaks of what is planned, asked or supposed."""
        return [Span(m.start(), m.end()) for m in UNREAL.finditer(self.text)]

    @_worked_out
    def cancellations(self) -> list[Span]:
        """Where it says that something planned was not held."""
        return [Span(m.start(), m.end()) for m in CALLED_OFF.finditer(self.text)]

    @_worked_out
    def dateline(self) -> int:
        """Where its text begins, after a place and an agency in front of a dash; 0 without."""
        found = _DATELINE.match(self.text)
        return found.end() if found else 0

    @property
    def firm(self) -> bool:
        """Whether all of it says that something is so."""
        return not (self.denials or self.suppositions)

    @_worked_out
    def whole(self) -> bool:
        """Whether it ends as a sentence does; headlines and menu lines do not."""
        return self.text.rstrip("\"'”’)]»").endswith((".", "!", "?", "…", ":"))


def read(hits: Sequence[Hit], beside: Sequence[Passage] = ()) -> list[list[Sentence]]:
    """The sentences of the hits, by article in order of its best hit, then in reading order.

    With those of the passages `beside` them in the same articles, which were not found.
    """
    order = list(dict.fromkeys(h.passage.article_id for h in hits))
    articles: dict[str, list[Sentence]] = {name: [] for name in order}
    scores = {hit.passage.passage_id: hit.score for hit in hits}
    every = [hit.passage for hit in hits]
    every += [p for p in beside if p.article_id in articles and p.passage_id not in scores]
    for passage in sorted(every, key=lambda p: p.start):
        found = passage.passage_id in scores
        score = scores.get(passage.passage_id, 0.0)
        articles[passage.article_id] += [
            Sentence(passage, passage.start + s.start, passage.start + s.end, score, found=found)
            for s in sentences.spans(passage.text)
        ]
    return [articles[name] for name in order]


def _wide(match: glossary.ConceptMatch) -> bool:
    """Whether words of it may be asked about alone; who is a prime minister is no minister."""
    return glossary.load().concept(match.concept_id).pos != "role"


@lru_cache(maxsize=8_192)
def _within(phrase: str, language: str) -> frozenset[str]:
    """The concepts of a phrase's words one by one; none of a single word."""
    words = tokens(phrase)
    if len(words) < 2:
        return frozenset()
    shelf = glossary.load()
    return frozenset(c for word in words for c in shelf.concepts_of(word.text, language))


@lru_cache(maxsize=2_048)
def told_by(concepts: frozenset[str]) -> frozenset[str]:
    """The concepts that tell of one of these; of a meeting, and of talks, `KIN` says more."""
    return frozenset().union(*(kin(c) for c in concepts - KIN.keys()))


def _telling(concepts: frozenset[str]) -> frozenset[str]:
    """These concepts and those that tell of them."""
    return concepts | told_by(concepts)

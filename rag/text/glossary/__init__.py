"""A bilingual glossary of news vocabulary: which concepts a text names, and their other forms.

It joins "held talks with" to "bertemu" and keeps a meeting apart from a telephone call. It
knows nothing of grammar: negation, tense and who did what to whom are for its callers.
The words are in `news.tsv`, whose header says how they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from rag.text.glossary.index import Around, Index
from rag.text.stems import Token, stem, tokens

LANGUAGES = ("en", "id")
PARTS_OF_SPEECH = frozenset({"verb", "noun", "adj", "adv", "place", "role", "time", "unit"})

_INSIDE_A_PHRASE = frozenset({"", "-", "–", ".", "/", "'", "’"})


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning with its forms in both languages, the most usual form first."""

    concept_id: str
    pos: str  # one of PARTS_OF_SPEECH
    en: tuple[str, ...]
    id: tuple[str, ...]

    def forms(self, language: str) -> tuple[str, ...]:
        """The forms in "en" or "id"; KeyError for another language."""
        return {"en": self.en, "id": self.id}[language]


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """A concept named in a text, at the half-open span ``[start, end)`` in code points."""

    concept_id: str
    start: int
    end: int
    language: str  # of the form; "en" where both languages write it alike


class Glossary:
    """Concepts that can be found in a text, and said in the other language."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        as_written: Iterable[str] = (),
        no_forms: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`as_written` are the forms that are found only in the case they have here.

        `no_forms` are, by language, the words that name no concept whatever their stem.
        """
        self.concepts = tuple(concepts)
        self._by_id = {concept.concept_id: concept for concept in self.concepts}
        self._as_written = frozenset(as_written)
        self._no_forms = dict(no_forms or {})
        self._indexes: dict[str, Index] = {}

    def concept(self, concept_id: str) -> Concept:
        """The concept of this id; KeyError when there is none."""
        return self._by_id[concept_id]

    def find(self, text: str, language: str | None = None) -> list[ConceptMatch]:
        """Every concept named in `text`, in order of its place.

        A language other than "en" and "id", or None, means that both are tried.

        The longest form wins: "prime minister" is not also "minister". A form with several
        senses gives one match for each, on the same span.

        >>> [m.concept_id for m in load().find("Blinken bertemu Perdana Menteri Mesir", "id")]
        ['meet', 'prime_minister', 'egypt']
        """
        words = tokens(text)
        around = Around(text, text[1:] == text[1:].lower(), len(words) > 1 and text.isupper())
        if language in LANGUAGES:
            return self._scan(words, around, language)
        english, indonesian = (self._scan(words, around, x) for x in LANGUAGES)
        return _merged(english, indonesian, text)

    def concepts_of(self, word_or_phrase: str, language: str) -> tuple[str, ...]:
        """The ids of the concepts that the whole word or phrase names; none: an empty tuple.

        >>> load().concepts_of("gencatan senjata", "id"), load().concepts_of("us", "en")
        (('ceasefire',), ())
        """
        words = tokens(word_or_phrase)
        if not words:
            return ()
        start, end = words[0].start, words[-1].end
        found = self.find(word_or_phrase, language)
        return tuple(m.concept_id for m in found if (m.start, m.end) == (start, end))

    def translations(self, text: str, *, source: str, target: str) -> list[str]:
        """The `target` forms of the concepts that a `source` text names, for a wider search.

        In the order of the text, each concept's most usual form first, without duplicates.
        With `source` equal to `target` they are the synonyms.

        >>> load().translations("foreign minister", source="en", target="id")
        ['menteri luar negeri', 'menlu']
        """
        forms: dict[str, str] = {}
        for match in self.find(text, source):
            for form in self._by_id[match.concept_id].forms(target):
                forms.setdefault(form.casefold(), form)
        return list(forms.values())

    def _index(self, language: str) -> Index:
        index = self._indexes.get(language)
        if index is None:  # made when it is first needed, for it takes most of the loading
            forms = (concept.forms(language) for concept in self.concepts)
            none = self._no_forms.get(language, ())
            index = self._indexes[language] = Index(language, forms, self._as_written, none)
        return index

    def _scan(self, words: list[Token], around: Around, language: str) -> list[ConceptMatch]:
        index = self._index(language)
        stems = [stem(word.text, language) for word in words]
        found: list[ConceptMatch] = []
        i = 0
        while i < len(words):
            last = i
            phrase = stems[i] in index.longest and self._phrase(words, stems, i, around.text, index)
            numbers: Sequence[int]
            if phrase:
                last, numbers = phrase
            else:
                numbers = index.lookup(words[i], around)
                if numbers and _repeated(words, i, around.text):
                    last += 1  # the plural "negara-negara" names one concept once
            for number in numbers:
                concept_id = self.concepts[number].concept_id
                found.append(ConceptMatch(concept_id, words[i].start, words[last].end, language))
            i = last + 1
        return found

    @staticmethod
    def _phrase(
        words: list[Token], stems: list[str], i: int, text: str, index: Index
    ) -> tuple[int, list[int]] | None:
        """The last word and the concepts of the longest phrase that begins at word `i`."""
        for end in range(min(i + index.longest[stems[i]], len(stems)), i + 1, -1):
            concepts = index.phrases.get(tuple(stems[i:end]))
            if concepts and _unbroken(words[i:end], text):
                return end - 1, concepts
        return None


@cache
def load() -> Glossary:
    """The glossary of `news.tsv`, read once; ValueError names a line that is not well formed."""
    text = resources.files(__name__).joinpath("news.tsv").read_text("utf-8")
    return parse(text)


def parse(text: str) -> Glossary:
    """The glossary written in `text`, in the format of `news.tsv`.

    Raises ValueError for a line without four fields, an unknown part of speech, an id given
    twice, an empty form, or a form given twice on one side.
    """
    concepts: dict[str, Concept] = {}
    strict: list[str] = []
    no_forms: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4:
            raise ValueError(f"line {number}: {len(fields)} fields instead of 4")
        concept_id, pos, *sides = fields
        if pos not in PARTS_OF_SPEECH:
            raise ValueError(f"line {number}: unknown part of speech {pos!r}")
        if concept_id in concepts:
            raise ValueError(f"line {number}: {concept_id!r} is there already")
        english, indonesian = (_side(side, strict, number) for side in sides)
        if concept_id == "-":
            no_forms = {"en": english, "id": indonesian}
        else:
            concepts[concept_id] = Concept(concept_id, pos, english, indonesian)
    return Glossary(concepts.values(), strict, no_forms)


def _side(side: str, strict: list[str], number: int) -> tuple[str, ...]:
    if side == "-":
        return ()
    forms = side.split("|")
    if "!" in side:
        strict.extend(form.removesuffix("!") for form in forms if form.endswith("!"))
        forms = [form.removesuffix("!") for form in forms]
    if len(set(forms)) < len(forms):
        raise ValueError(f"line {number}: a form is there twice: {side!r}")
    if not all(form[:1].isalnum() and not form[-1].isspace() for form in forms):
        raise ValueError(f"line {number}: a form is empty, padded or no word: {side!r}")
    return tuple(forms)


def _repeated(words: list[Token], i: int, text: str) -> bool:
    if i + 1 == len(words) or words[i].text != words[i + 1].text:
        return False
    return text[words[i].end : words[i + 1].start] == "-"


def _unbroken(words: list[Token], text: str) -> bool:
    """Whether nothing but spaces and joining marks lies between the words of a phrase."""
    for one, other in pairwise(words):
        gap = text[one.end : other.start]
        if gap.strip() not in _INSIDE_A_PHRASE or "\n\n" in gap:
            return False
        if gap.startswith(".") and len(gap) > 1 and one.end - one.start > 1:
            return False  # a sentence ends here; after one letter, as in "U. S.", none does
    return True


def _merged(
    english: list[ConceptMatch], indonesian: list[ConceptMatch], text: str
) -> list[ConceptMatch]:
    """Both languages' matches in order; a longer form of one beats a part of it in the other."""
    found: dict[tuple[str, int, int], ConceptMatch] = {}
    for matches, others in ((english, indonesian), (indonesian, english)):
        spans = {(o.start, o.end) for o in others}
        wide = [(s, e) for s, e in spans if not text[s:e].isalpha()]
        for m in matches:
            start, end = m.start, m.end
            if not any(s <= start and end <= e and e - s > end - start for s, e in wide):
                found.setdefault((m.concept_id, start, end), m)
    return sorted(found.values(), key=lambda m: (m.start, m.end))

"""A bilingual glossary: which concepts a text names, and their other forms.

It joins "held talks with" to "bertemu" and keeps a meeting apart from a telephone call. It
knows nothing of grammar: negation, tense and who did what to whom are for its callers.
The words are in the `.tsv` files beside this one; the head of `news.tsv` says how they are
written. A user may add a file of the same form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from pathlib import Path

from rag.errors import BadSetting
from rag.text.glossary.index import Around, Index
from rag.text.glossary.table import PARTS_OF_SPEECH, Concept, Table, check
from rag.text.stems import Token, stem, tokens

__all__ = [
    "LANGUAGES",
    "PARTS_OF_SPEECH",
    "Concept",
    "ConceptMatch",
    "Glossary",
    "load",
    "parse",
    "use",
]

LANGUAGES = ("en", "id")

_FIRST = "news.tsv"  # its concepts keep their places, whatever files are added
_LARGEST = 4_000_000  # bytes of a user's file: seven times the size of all of ours
_INSIDE_A_PHRASE = frozenset({"", "-", "–", ".", "/", "'", "’"})


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """A concept named in a text, at the half-open span ``[start, end)`` in code points."""

    concept_id: str
    start: int
    end: int
    language: str  # of the form; "en" where both languages write it alike


class Glossary:
    """Concepts that can be found in a text, and said in the other language."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._ids = tuple(table.rows)
        self._made: dict[str, Concept] = {}
        self._indexes: dict[str, Index] = {}

    @cached_property
    def concepts(self) -> tuple[Concept, ...]:
        """Every concept, in the order of the files and their lines."""
        return tuple(map(self.concept, self._ids))

    def concept(self, concept_id: str) -> Concept:
        """The concept of this id; KeyError when there is none."""
        found = self._made.get(concept_id)
        if found is None:
            found = self._made[concept_id] = self._table.concept(concept_id)
        return found

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

        >>> load().translations("foreign minister", source="en", target="id")[:2]
        ['menteri luar negeri', 'menlu']
        """
        forms: dict[str, str] = {}
        for match in self.find(text, source):
            for form in self.concept(match.concept_id).forms(target):
                forms.setdefault(form.casefold(), form)
        return list(forms.values())

    def _index(self, language: str) -> Index:
        index = self._indexes.get(language)
        if index is None:  # made when it is first needed, for it takes most of the loading
            sides = self._table.sides(language)
            as_written, none = self._table.as_written, self._table.no_forms[language]
            index = self._indexes[language] = Index(language, sides, as_written, none)
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
                concept_id = self._ids[number]
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
            plain = tuple(word.text for word in words[i:end])
            if concepts and plain not in index.no_phrases and _unbroken(words[i:end], text):
                return end - 1, concepts
        return None


_in_use: Path | None = None


def load(extra: Path | None = None) -> Glossary:
    """The glossary of the `.tsv` files here and of a user's own, each read once.

    `extra` is the user's file; without it, the one that `use` named, if any. A line of it with
    the id of a concept of ours takes that concept's place. Raises BadSetting, naming file and
    line, for a file that cannot be read or a line that is not well formed.
    """
    return _load(extra or _in_use)


def use(extra: Path | None) -> None:
    """From now on `load()` gives this whole process the glossary with a user's file.

    To be called before the first question: what was worked out with the glossary in use before
    is kept elsewhere. None takes the file away again. Raises as `load`, and then changes nothing.
    """
    global _in_use  # noqa: PLW0603  (every stage asks `load()`, and none may see the settings)
    if extra is not None:
        _load(extra)
    _in_use = extra


@cache
def _load(extra: Path | None) -> Glossary:
    # Our own files are not checked line by line here, which a test does: it would take longer
    # than all the rest.
    table = Table()
    files = (f for f in resources.files(__name__).iterdir() if f.name.endswith(".tsv"))
    for file in sorted(files, key=lambda f: (f.name != _FIRST, f.name)):
        table.read(file.read_text("utf-8"))
    if extra is not None:
        text = _text_of(extra)
        try:
            check(text)
            table.read(text, replaces=True)
        except ValueError as error:
            raise BadSetting(
                f"glossary {extra}, {error}",
                hint="Each line: an id, a part of speech, English forms, Indonesian forms, "
                'with tabs between; forms are separated by "|", and a side without any is "-".',
            ) from error
    return Glossary(table)


def _text_of(extra: Path) -> str:
    try:
        if (size := extra.stat().st_size) > _LARGEST:
            raise BadSetting(f"glossary {extra}: {size:,} bytes, more than {_LARGEST:,}")
        return _lines(extra.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadSetting(
            f"glossary {extra}: not UTF-8 text", hint="Save the file as UTF-8."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadSetting(f"glossary {extra}: cannot be read: {reason}") from error


def _lines(text: str) -> str:
    """A text with every line end as ours have it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str) -> Glossary:
    """The glossary written in `text`, in the format of `news.tsv`.

    Raises ValueError, naming the line, for one that is not well formed (see `table.check`) and
    for an id given twice.
    """
    check(text)
    table = Table()
    table.read(text)
    return Glossary(table)


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

"""The forms of one language, found by the words or the stems they are made of.

Knows of concepts only their numbers; what they mean is the glossary's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from rag.text.glossary.table import split
from rag.text.stems import Token, stem, stems_of, stop_words, tokens

_CLITICS = ("lah", "kah", "pun", "ku", "mu")
# How a form must be written to be found. The last two hold in a lower-case text as well.
_ANY_CASE, _ACRONYM, _ALL_CAPITALS, _ONE_CAPITAL = range(4)
_REMEMBERED = 50_000  # words whose look-up is kept, per language


class Around(NamedTuple):
    """What the rules of case need to know of the text around a word."""

    text: str
    typed: bool  # no capital after the first letter, as questions are typed
    shouted: bool  # several words and no small letter


class Index:
    """The forms of one language, by the word or the stems they are made of."""

    def __init__(
        self,
        language: str,
        sides: Iterable[str],
        as_written: Set[str],
        no_forms: Iterable[str],
    ) -> None:
        """The forms of each concept, joined by "|", in the order of their numbers from 0.

        `as_written` are the forms that are found only in the case they have there;
        `no_forms` are words and phrases that name no concept though their stems would say so.
        """
        self.language = language
        self.words: dict[str, list[int]] = {}  # concepts by a word that any case may write
        self.cased: dict[str, list[tuple[int, int]]] = {}  # (rule of case, concept) by the rest
        self.phrases: dict[tuple[str, ...], list[int]] = {}
        self.longest: dict[str, int] = {}  # words in the longest phrase, by its first stem
        self._stems: dict[str, list[str]] | None = None
        self._remembered: dict[str, tuple[int, ...]] = {}
        words = self.words
        phrases: list[tuple[list[str], int]] = []
        for number, side in enumerate(sides):
            for form in split(side):
                if form.islower() and form.isascii() and form.isalpha():
                    words.setdefault(form, []).append(number)  # most forms, so no more ado
                elif len(parts := _parts(form)) > 1:
                    phrases.append((parts, number))
                else:
                    self._add(form, parts[0], number, as_written)
        self._add_phrases(phrases)
        self.no_phrases: set[tuple[str, ...]] = set()
        for form in no_forms:
            if len(parts := _parts(form)) > 1:
                self.no_phrases.add(tuple(parts))
            else:
                self.words.setdefault(form, [])

    def _add_phrases(self, phrases: Sequence[tuple[list[str], int]]) -> None:
        stems = stems_of({part for parts, _ in phrases for part in parts}, self.language)
        for parts, number in phrases:
            key = tuple([stems[part] for part in parts])
            named = self.phrases.setdefault(key, [])
            if number not in named:
                named.append(number)
            if len(key) > self.longest.get(key[0], 0):
                self.longest[key[0]] = len(key)

    def _add(self, form: str, word: str, number: int, as_written: Set[str]) -> None:
        if form in as_written or (len(form) > 1 and form.isupper()):
            case = _ACRONYM
            if form in as_written:
                case = _ALL_CAPITALS if form.isupper() else _ONE_CAPITAL
            self.cased.setdefault(word, []).append((case, number))
        else:
            self.words.setdefault(word, []).append(number)

    def lookup(self, token: Token, around: Around) -> tuple[int, ...]:
        """The concepts one word names: as listed, else without its ending, else by its stem."""
        word = token.text
        found = self._remembered.get(word)
        if found is not None:
            return found
        written = around.text[token.start : token.end]
        if word in self.cased:
            return self._cased(word, written[: len(word)], around)  # "UK" of "UK's"
        bare = self._without_ending(word, written)
        if bare in self.cased and word not in self.words:
            found = self._cased(bare, written[: len(bare)], around)
            return found or self._plain(word, "")
        found = self._plain(word, bare)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[word] = found
        return found

    def _cased(self, word: str, written: str, around: Around) -> tuple[int, ...]:
        fitting = [number for case, number in self.cased[word] if _fits(case, written, around)]
        return _unique([*self.words.get(word, ()), *fitting])

    def _plain(self, word: str, bare: str) -> tuple[int, ...]:
        for listed in (word, bare):
            if listed in self.words:
                return _unique(self.words[listed])
        if word in stop_words(self.language):
            return ()
        # Snowball brings "important" to "import" and both "menemui" (met) and "menemukan"
        # (found) to "emu". Of the words that share the stem, the most alike are meant.
        alike = [
            (_likeness(word, w), w) for w in self._by_stem().get(stem(word, self.language), ())
        ]
        best = max(alike, default=(-1, ""))[0]
        if best < 0:
            return ()
        return _unique(n for likeness, w in alike if likeness == best for n in self.words[w])

    def _by_stem(self) -> dict[str, list[str]]:
        if self._stems is None:
            stems: dict[str, list[str]] = {}
            for word, its_stem in stems_of(self.words, self.language).items():
                stems.setdefault(its_stem, []).append(word)
            self._stems = stems  # set when it is whole, for other threads may look at it
        return self._stems

    def _without_ending(self, word: str, written: str) -> str:
        # A short word may only seem to end so ("laku", "gas"); an acronym is plain: "NGOs".
        if self.language == "en":
            plural = word.endswith("s") and written.endswith("s")
            return word[:-1] if plural and (len(word) > 3 or written[:-1].isupper()) else ""
        if word.endswith("nya") and len(word) > 5:
            return word[:-3]
        for clitic in _CLITICS:
            if word.endswith(clitic) and len(word) - len(clitic) > 3:
                return word[: -len(clitic)]
        return ""


def _parts(form: str) -> list[str]:
    """The tokens of a form, as `tokens` would give them."""
    if form.isascii() and form.replace(" ", "").isalpha():
        return form.lower().split()  # nine forms of ten, in a tenth of the time
    return [token.text for token in tokens(form)]


def _fits(case: int, written: str, around: Around) -> bool:
    if case == _ACRONYM:
        return written.isupper() or around.typed
    if around.shouted:
        return False  # in "WHO SAID SO" nothing tells the acronym from the word
    return written.isupper() if case == _ALL_CAPITALS else written[0].isupper()


def _likeness(one: str, other: str) -> int:
    """Twice the letters two words share at both ends, or the whole shorter one, less the longer.

    Below 0 the stem they share is hardly more than chance: "melalui" (by) and "lalu" (last).
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return -1
    if short in long:
        return 2 * len(short) - len(long)
    start = next(i for i, letter in enumerate(short) if letter != long[i])
    left = len(short) - start
    end = next((i for i in range(left) if short[-1 - i] != long[-1 - i]), left)
    return 2 * (start + end) - len(long)


def _unique(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))

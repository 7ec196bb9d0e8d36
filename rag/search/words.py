"""The words of a question, and how well the words of a passage meet them.

Pure of stores: it is given the stems of the passages, and how many passages hold each stem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.text.stems import stem, tokens

LANGUAGES = ("en", "id")

Form = tuple[str, ...]  # the stems of a word or a phrase, in order

# BM25. What the weights below were chosen by is in docs/log.md, "words".
K1, B = 0.9, 0.75
# A glossary's word for one of the question counts a little less than the question's own.
_TRANSLATED, _SYNONYM = 0.95, 0.4
_CLOSENESS, _SPELLING = 0.5, 0.15
_WINDOW = 20  # words, about a sentence
_GRAM = 4  # letters
_SPELT = 100  # of the passages, the best, whose spelling is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of a question and all that may stand for it in a passage.

    The forms are one term with it, as in W. B. Pirkola's structured queries (SIGIR 1998), and
    not terms of their own: a word with eight translations would else outweigh one with none.
    """

    word: str
    own: frozenset[str]  # its stem in each language
    # By the language of a passage; a translation, or a synonym where the question has it too.
    forms: Mapping[str, tuple[Form, ...]]
    asked_in: str | None  # the language of the question

    def weight(self, language: str) -> float:
        """What a form in a passage of this language counts, the word itself counting 1."""
        return _SYNONYM if language == self.asked_in else _TRANSLATED

    def stems(self) -> set[str]:
        """Every stem that is needed to weigh this term."""
        return set(self.own) | {s for forms in self.forms.values() for f in forms for s in f}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A passage as it is indexed."""

    language: str | None
    stems: str  # joined by blanks


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well one passage meets the words of a question; each part is from 0 to 1."""

    total: float
    bm25: float  # 1: the best of the passages that were compared
    closeness: float  # the share of the question that stands within twenty words
    spelling: float  # 1: the passage that shares most sequences of four letters

    def parts(self) -> dict[str, float]:
        """The parts by their names."""
        return {"bm25": self.bm25, "closeness": self.closeness, "spelling": self.spelling}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """The terms as they count in passages of one language, in their order."""

    own: tuple[float, ...]  # the inverse document frequency of each word
    all: tuple[float, ...]  # of the word and its forms together, and less what a form counts less
    begins: Mapping[str, tuple[_Begun, ...]]  # by the stem with which they begin
    sums: dict[int, float]  # by a set of terms, as bits: what they are worth together


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A form of a term."""

    number: int  # of the term
    form: list[str]
    is_own: bool  # the word itself


_Hit = tuple[int, int, bool]  # place in the passage, number of the term, by the word itself


def score(
    terms: Sequence[Term],
    passages: Mapping[str, Words],
    *,
    total: int,
    counts: Mapping[str, int],
) -> dict[str, Match]:
    """How well each passage meets the question's words.

    `counts` says how many of `total` passages hold each stem. Three scores go into it: BM25,
    each term with its forms; how much of the question stands within twenty words of the
    passage; and how many sequences of four letters the passage shares with the question, which
    finds a name that is spelt a little differently.
    """
    weighed = {
        language: _weigh(terms, language, total, counts)
        for language in {words.language or "en" for words in passages.values()}
    }
    split = {name: words.stems.split() for name, words in passages.items()}
    usual = sum(map(len, split.values())) / max(1, len(split))
    bm25, close = {}, {}
    for name, stems in split.items():
        of = weighed[passages[name].language or "en"]
        hits = _hits(of, stems)
        bm25[name] = _bm25(of, hits, K1 * (1 - B + B * len(stems) / max(1.0, usual)))
        close[name] = _closeness(of, hits)
    best = sorted(bm25, key=lambda name: (-bm25[name], name))[:_SPELT]
    spelt = _spelling(terms, {name: passages[name].stems for name in best})
    every = 1 + _CLOSENESS + _SPELLING
    return {
        name: Match(
            total=(value + _CLOSENESS * close[name] + _SPELLING * spelt.get(name, 0.0)) / every,
            bm25=value,
            closeness=close[name],
            spelling=spelt.get(name, 0.0),
        )
        for name, value in _to_one(bm25).items()
    }


def standing(term: Term, text: str, language: str | None) -> list[str]:
    """The words of a text, as they are written there, by which it meets a term.

    >>> forms = {"id": (("bakar",),)}
    >>> fire = Term(word="fire", own=frozenset({"fire"}), forms=forms, asked_in="en")
    >>> standing(fire, "Kebakaran di pasar itu membakar kios.", "id")
    ['Kebakaran', 'membakar']
    """
    known = language if language in LANGUAGES else "en"
    found = tokens(text)
    stems = [stem(token.text, known) for token in found]
    forms = [(own,) for own in term.own] + list(term.forms.get(known, ()))
    met = [
        text[found[at].start : found[at + len(form) - 1].end]
        for at in range(len(stems))
        for form in forms
        if tuple(stems[at : at + len(form)]) == form
    ]
    return list({word.casefold(): word for word in reversed(met)}.values())[::-1]


def _weigh(terms: Sequence[Term], language: str, total: int, counts: Mapping[str, int]) -> _Weighed:
    own, every = [], []
    begins: dict[str, list[_Begun]] = {}
    for number, term in enumerate(terms):
        forms = term.forms.get(language, ())
        held = max((counts.get(s, 0) for s in term.own), default=0)
        own.append(_rarity(held, total))
        # A phrase is at most as frequent as the rarest of its words, and all together are at
        # least as frequent as the most usual of them.
        held = max([held, *(min(counts.get(s, 0) for s in form) for form in forms)])
        every.append(term.weight(language) * _rarity(held, total))
        for word in term.own:
            begun = _Begun(number=number, form=[word], is_own=True)
            begins.setdefault(word, []).append(begun)
        for form in forms:
            if form[0] not in term.own or len(form) > 1:
                begun = _Begun(number=number, form=list(form), is_own=False)
                begins.setdefault(form[0], []).append(begun)
    return _Weighed(
        own=tuple(own),
        all=tuple(every),
        begins={first: tuple(begun) for first, begun in begins.items()},
        sums={},
    )


def _rarity(held: int, total: int) -> float:
    held = min(held, total)
    return math.log(1 + (total - held + 0.5) / (held + 0.5)) if held else 0.0


def _hits(of: _Weighed, stems: list[str]) -> list[_Hit]:
    """Where the terms stand in the passage, in order of place."""
    begins = of.begins
    return [
        (place, begun.number, begun.is_own)
        for place, first in enumerate(stems)
        if first in begins
        for begun in begins[first]
        if len(begun.form) == 1 or stems[place : place + len(begun.form)] == begun.form
    ]


def _bm25(of: _Weighed, hits: Sequence[_Hit], length: float) -> float:
    own, every = [0] * len(of.own), [0] * len(of.own)
    for _, number, is_own in hits:
        own[number] += is_own
        every[number] += 1
    return sum(
        max(own_worth * n * (K1 + 1) / (n + length), worth * m * (K1 + 1) / (m + length))
        for own_worth, worth, n, m in zip(of.own, of.all, own, every, strict=True)
        if m
    )


def _closeness(of: _Weighed, hits: Sequence[_Hit]) -> float:
    """The share of the question, by rarity, that the best twenty words of the passage hold."""
    met = [0] * len(of.own)  # how often each term stands in the window
    bits = first = 0
    best = 0.0
    for place, number, _ in hits:
        # The window ends at this hit. Every run of twenty words that begins with a hit lies in
        # the window of its last one.
        while place - hits[first][0] >= _WINDOW:
            gone = hits[first][1]
            met[gone] -= 1
            if not met[gone]:
                bits ^= 1 << gone
            first += 1
        met[number] += 1
        if met[number] == 1:
            bits |= 1 << number
            best = max(best, _worth(of, bits))
    return best / (_worth(of, (1 << len(of.own)) - 1) or 1.0)


def _worth(of: _Weighed, bits: int) -> float:
    """What a set of terms is worth together; each sum is made once."""
    found = of.sums.get(bits)
    if found is None:
        worth = [max(pair) for pair in zip(of.own, of.all, strict=True)]
        found = sum(value for number, value in enumerate(worth) if bits >> number & 1)
        of.sums[bits] = found
    return found


def _spelling(terms: Sequence[Term], passages: Mapping[str, str]) -> dict[str, float]:
    """BM25 over sequences of four letters, among these passages only, from 0 to 1."""
    grams = dict.fromkeys(
        gram for term in terms for stem in sorted(term.own) for gram in _grams(stem)
    )
    padded = {name: f" {stems} " for name, stems in passages.items()}
    usual = sum(map(len, padded.values())) / max(1, len(padded))
    scores = dict.fromkeys(passages, 0.0)
    for gram in grams:
        found = {name: n for name, stems in padded.items() if (n := stems.count(gram))}
        rarity = _rarity(len(found), len(padded))
        for name, n in found.items():
            length = K1 * (1 - B + B * len(padded[name]) / usual)
            scores[name] += rarity * n * (K1 + 1) / (n + length)
    return _to_one(scores)


def _grams(stem: str) -> list[str]:
    """
    >>> _grams("doha"), _grams("us")
    ([' doh', 'doha', 'oha '], [' us '])
    """
    padded = f" {stem} "
    return [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]


def _to_one(scores: Mapping[str, float]) -> dict[str, float]:
    best = max(scores.values(), default=0.0)
    return {name: value / best if best > 0 else 0.0 for name, value in scores.items()}

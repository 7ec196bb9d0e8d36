"""How much of a question the sentences of one article hold, alone and with one another.

Pure: the question taken apart, the sentences and unit weights in; shares out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations

from rag.answer.attributes import told_by_form
from rag.answer.core import core
from rag.answer.evidence import ARTICLE, BESIDE, LINKED, NEAR, Sentence
from rag.answer.matching import SHORT, goes_by, match
from rag.answer.named_in import NamedIn
from rag.answer.orders import orders
from rag.answer.posts import holders, names_holder
from rag.answer.question import Question, Unit
from rag.answer.sorts import is_post, sort_of
from rag.answer.support import supports
from rag.text.cues import COMPANY, TALK
from rag.text.stems import tokens

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
# What the name of an article's subject is worth in any of its sentences, and what that of
# anybody else is worth away from where it stands, when a question asks who met whom.
_ABOUT, _ELSEWHERE = 0.5, 0.2
_MEETINGS = frozenset({"meet", "visit"})

# What it is worth that something of the kind a word asks for stands there, without that word.
_FORM = 0.85

# How many sentences back "that attack" is looked for.
_RECALLED = 4

# An article's headline and lead, by their sentences; what is left of the weight of a unit that they
# have, when its other sentences are told apart.
LEAD, _LEFT = 3, 0.15
# What it counts for, of a name beside another or a deed, that the headline or the lead have it.
_ALL_OF_IT = 0.5
# What a word and a name of the headline or the lead are worth in any of the article's sentences.
_TOPIC, _LED = 0.6, 0.75


def _told_in(unit: Unit, sentence: Sentence) -> bool:
    """Whether what a sentence has of a unit stands behind its dateline."""
    return not sentence.dateline or any(
        place.start >= sentence.dateline for place in sentence.places_of(unit)
    )


def _numbered(question: Question) -> Iterator[Unit]:
    """The numbers that are part of a name: the 6 of "the Lumo 6", the 17 of "kloter 17"."""
    things = {
        unit.words[-1]
        for unit in question.units
        if unit.kind == "name" or (unit.kind == "word" and sort_of(unit) != "act")
    }
    for unit in question.units:
        if unit.kind == "number" and unit.text.isdigit() and not _YEAR.fullmatch(unit.text):
            before = re.search(rf"(\w+)\s+{unit.text}(?![\w.,]*\d)", question.text)
            if before and before[1].casefold() in things:
                yield unit


class Coverage:
    """One article's sentences, and what each holds of one question."""

    def __init__(
        self, question: Question, sentences: list[Sentence], weights: Mapping[Unit, float]
    ) -> None:
        self.question = question
        self.sentences = sentences
        self.weights = weights
        self.total = sum(weights[u] for u in question.units) or 1.0
        self._others = {
            u: frozenset().union(*(o.concepts for o in question.units if o != u)) - u.concepts
            for u in question.units
        }
        self._posts = holders(sentences) if any(map(is_post, question.units)) else []
        self.direct = {u: self._matches(u) for u in question.units}
        self._leading: dict[Unit, float] = {}
        self._nearby: dict[Unit, list[float | None]] = {
            u: [None] * len(sentences) for u in question.units
        }
        meeting = _MEETINGS | ({"host"} if question.kind == "person" else set())
        self.met = any(u.concepts & meeting for u in question.units if u.kind == "word")
        self._named_in = NamedIn(question)
        self._numbered = frozenset(_numbered(question))

    def _matches(self, unit: Unit) -> list[float]:
        if unit.kind == "name" and self._is_publisher(unit):
            return [1.0] * len(self.sentences)  # "according to ANTARA": all of it is
        found = [self._match(unit, sentence) for sentence in self.sentences]
        if unit.kind == "name" and 1.0 in found:
            # Who was named whole goes by either name from then on: "Darmin Halawa", "Darmin".
            found = [
                SHORT if 0 < value < SHORT and goes_by(unit, sentence) else value
                for value, sentence in zip(found, self.sentences, strict=True)
            ]
        return found

    def _is_publisher(self, unit: Unit) -> bool:
        told = {s.passage.metadata.publisher or "" for s in self.sentences}
        return any(set(unit.words) <= {t.text for t in tokens(each)} for each in told)

    def _match(self, unit: Unit, sentence: Sentence) -> float:
        found = match(unit, sentence, self._others[unit])
        if found < _FORM and told_by_form(self.question, unit, sentence):
            return _FORM
        if found < _FORM and names_holder(self.question, unit, sentence, self._posts):
            return _FORM
        if found < _FORM and supports(self.question, unit, sentence):
            return _FORM
        if (
            found < 0.85
            and "meet" in unit.concepts
            and TALK.search(sentence.text)
            and COMPANY.search(sentence.text)
            and sentence.names
        ):
            return 0.85
        return found

    def near(self, unit: Unit, i: int) -> float:
        """How well the unit is matched in sentence `i` or, for less, around it."""
        known = self._nearby[unit]
        found = known[i]
        if found is None:
            found = known[i] = self._near(unit, i)
        return found

    def _near(self, unit: Unit, i: int) -> float:
        row = self.direct[unit]
        best = row[i]
        for j, value in enumerate(row):
            if value and j != i:
                tie = self._tie(i, j)
                if unit.kind == "name" or unit in self._numbered:
                    tie = self._carried(unit, i, j, tie)
                elif unit.kind == "word":
                    # Who and where carry over from one sentence to the next; what happened
                    # there is another matter, the more so if it is denied or only planned.
                    tie *= 0.8 if self.sentences[j].firm else 0.4
                best = max(best, value * tie)
        if not self.met:
            named = unit.kind == "name" or unit in self._numbered
            led = _TOPIC if unit.kind == "word" else _LED if named else 0.0
            best = max(best, led * self._topical(unit))
        return best

    def _topical(self, unit: Unit) -> float:
        """How well the headline or the lead mention a unit: all of the article is about it."""
        return max(self.direct[unit][:LEAD], default=0.0)

    def _carried(self, unit: Unit, i: int, j: int, tie: float) -> float:
        """What a name in sentence `j` is worth in sentence `i`.

        An article names once what all of it is about. But whom somebody met is told by the
        sentence itself or by one tied to it: elsewhere the same article has them meet others.
        """
        row = self.direct[unit]
        about = sum(v > 0.5 for v in row) >= 2 and any(v > 0.5 for v in row[:3])
        if about or not self.met:
            return max(tie, _ABOUT)
        return tie if tie == LINKED else _ELSEWHERE

    def _tie(self, i: int, j: int) -> float:
        if self._recalled[max(i, j)] == min(i, j):
            return LINKED
        distance = abs(i - j)
        if distance == 1:
            return LINKED if self.sentences[max(i, j)].linked else BESIDE
        return NEAR if distance == 2 else ARTICLE

    @cached_property
    def _recalled(self) -> list[int | None]:
        """By sentence, the one before it that first had what it calls "that attack"."""
        found: list[int | None] = []
        for i, sentence in enumerate(self.sentences):
            back = [
                j
                for stem in sentence.recalls
                for j in range(i - 1, max(-1, i - _RECALLED - 1), -1)
                if stem in self.sentences[j].stems
            ]
            found.append(max(back, default=None))
        return found

    @cached_property
    def readable(self) -> list[int]:
        """The sentences of what was found that speak of the news, and not to a model."""
        return [
            i
            for i, sentence in enumerate(self.sentences)
            if sentence.found and not orders(sentence.text)
        ]

    @cached_property
    def _covers(self) -> list[float]:
        return [
            sum(self.weights[u] * self.near(u, i) for u in self.question.units) / self.total
            for i in range(len(self.sentences))
        ]

    @cached_property
    def _held(self) -> list[float]:
        return [
            sum(self.weights[u] * self.direct[u][i] for u in self.question.units) / self.total
            for i in range(len(self.sentences))
        ]

    def cover(self, i: int) -> float:
        """The share of the question's weight accounted for in and around sentence `i`."""
        return self._covers[i]

    def held(self, i: int) -> float:
        """The share of the question's weight that sentence `i` holds itself."""
        return self._held[i]

    @cached_property
    def _focus(self) -> tuple[dict[Unit, float], float]:
        """The weight of each unit among the sentences of this article, and the sum.

        What the headline and the lead have is what all of the article is about: a sentence
        further down need not say it again, and one that does is no better for it.
        """
        least = self.total * 0.02
        weights: dict[Unit, float] = {}
        for unit in self.question.units:
            row = self.direct[unit]
            part = 1 - (1 - _LEFT) * self._topical(unit)
            weights[unit] = self.weights[unit] * part * any(row)
        return weights, max(sum(weights.values()), least)

    @cached_property
    def _spread(self) -> tuple[dict[Unit, float], float]:
        """The weight of each unit by how few sentences of this article have it, and the sum."""
        weights: dict[Unit, float] = {}
        for unit in self.question.units:
            held = sum(self.direct[unit])
            weights[unit] = self.weights[unit] / held if held >= 0.3 else 0.0
        return weights, sum(weights.values()) or 1.0

    def focused(self, i: int) -> float:
        """The share that sentence `i` holds of what tells sentences of this article apart."""
        weights, total = self._focus
        return sum(w * self.direct[u][i] for u, w in weights.items()) / total

    def focused_near(self, i: int) -> float:
        """The same of sentence `i` and those that speak of the same."""
        weights, total = self._focus
        return sum(w * self.tied(u, i) for u, w in weights.items()) / total

    def rarely(self, i: int) -> float:
        """The share that it holds, each unit weighed by how few of the sentences have it."""
        weights, total = self._spread
        return sum(w * self.direct[u][i] for u, w in weights.items()) / total

    @cached_property
    def core(self) -> tuple[Unit, ...]:
        """What the question chiefly asks about."""
        return core(self.question)

    @property
    def rarities(self) -> Mapping[Unit, float]:
        """The weight of each unit by how few sentences of this article have it."""
        return self._spread[0]

    def tied(self, unit: Unit, i: int) -> float:
        """How well sentence `i` and those that speak of the same mention a unit."""
        row = self.direct[unit]
        beside = [
            row[j] * LINKED
            for j in (i - 1, i + 1, self._recalled[i])
            if j is not None and 0 <= j < len(row) and row[j] and self._tie(i, j) == LINKED
        ]
        return max(row[i], *beside) if beside else row[i]

    @cached_property
    def names_together(self) -> float:
        """How far some sentence has both of any two names of the question; 1 if it has not two."""
        named = [u for u in self._named if any(self.direct[u])]
        return self._together(combinations(named, 2))

    @cached_property
    def deeds_together(self) -> float:
        """How far what is done stands with each name of the question; 1 if it has no such two."""
        deeds = [u for u in self.question.units if sort_of(u) == "act" and any(self.direct[u])]
        return self._together((deed, name) for deed in deeds for name in self._named)

    @property
    def _named(self) -> list[Unit]:
        return [u for u in self.question.units if u.kind == "name"]

    def _together(self, pairs: Iterable[tuple[Unit, Unit]]) -> float:
        every = range(len(self.sentences))
        best = [max(min(self._meant(a, i), self._meant(b, i)) for i in every) for a, b in pairs]
        return min(best, default=1.0)

    def _meant(self, unit: Unit, i: int) -> float:
        """How well sentence `i` speaks of a unit, or all of its article does of a name."""
        tied = self.tied(unit, i)
        if unit.kind != "name" or self.met or tied >= _ALL_OF_IT:
            return tied
        return max(tied, _ALL_OF_IT * self._led_by(unit))

    def _led_by(self, unit: Unit) -> float:
        """How well the headline or the lead mention a name, other than as where it was filed."""
        if unit not in self._leading:
            self._leading[unit] = max(
                (
                    value
                    for value, sentence in zip(
                        self.direct[unit][:LEAD], self.sentences, strict=False
                    )
                    if value and _told_in(unit, sentence)
                ),
                default=0.0,
            )
        return self._leading[unit]

    def _in_text(self, unit: Unit) -> bool:
        """Whether the article mentions a unit other than as where it was filed."""
        row = self.direct[unit]
        return any(v and _told_in(unit, s) for v, s in zip(row, self.sentences, strict=True))

    @cached_property
    def told(self) -> float:
        """The share of the question's weight that the sentences hold between them."""
        return (
            sum(self.weights[u] * max(self.direct[u], default=0.0) for u in self.question.units)
            / self.total
        )

    def asks_about(self, text: str) -> bool:
        """Whether the question asks about what a text names."""
        return self._named_in.tells_of(text)

"""One article read with one question in mind: what each of its sentences is worth as an answer.

Pure: the question taken apart, the sentences and unit weights in; scores out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import combinations

from rag.answer.asking import asks_ordinal
from rag.answer.attributes import told_by_form
from rag.answer.bearing import cancels, governs
from rag.answer.evidence import (
    ARTICLE,
    BESIDE,
    LINKED,
    NEAR,
    Sentence,
    match,
)
from rag.answer.orders import orders
from rag.answer.placed import asked_where, named_at, stands_at
from rag.answer.posts import holders, names_holder, of_others
from rag.answer.question import Question, Unit
from rag.answer.sorts import sort_of
from rag.answer.spans.locate import answer_span
from rag.schema import Span
from rag.text import glossary, names
from rag.text.cues import CAUSE, COMPANY, TALK
from rag.text.dates import DateMention
from rag.text.numbers import Number
from rag.text.stems import tokens

# What a sentence is worth that denies, or only plans, what is asked about. A planned meeting
# may never have been held; a planned opening is often what the question is about.
_DENIED, _PLANNED = 0.55, 0.85
_DENIED_MEETING, _PLANNED_MEETING = 0.4, 0.45

# What the name of an article's subject is worth in any of its sentences, and what that of
# anybody else is worth away from where it stands, when a question asks who met whom.
_ABOUT, _ELSEWHERE = 0.5, 0.2
_MEETINGS = frozenset({"meet", "visit", "host"})

# What it is worth that something of the kind a word asks for stands there, without that word.
_FORM = 0.85

# How well a sentence fits that has words which answer, though none of the kind by themselves.
_WORDS_FIT = 0.9

# How many sentences back "that attack" is looked for.
_RECALLED = 4

# An article's headline and lead, by their sentences; what is left of the weight of a unit that they
# have, when its other sentences are told apart.
_LEAD, _LEFT = 3, 0.15
# What a word and a name of the headline or the lead are worth in any of the article's sentences.
_TOPIC, _LED = 0.6, 0.75

# What a sentence with the post asked about is worth where only others are said to hold it.
_ANOTHERS = 0.3

# What is not the thing asked for, though the same words go with it: concept -> concepts.
RIVALS: Mapping[str, frozenset[str]] = {"meet": frozenset({"phone_call", "video_call"})}


def _may_be_post(unit: Unit) -> bool:
    shelf = glossary.load()
    return unit.kind == "word" and any(shelf.concept(c).pos == "role" for c in unit.concepts)


def _person(name: names.Name) -> float:
    """How well a name tells who: a person's whole name best, an acronym of a body least."""
    kinds = {"person": 1.0, None: 0.9, "organisation": 0.6, "place": 0.6}
    words = [t.text for t in tokens(name.text)]
    told = 1.0 if len(words) > 1 or name.title else 0.9
    return kinds.get(name.kind, 0.3) * told


class Reading:
    """One article read with one question in mind."""

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
        self._ordinal = asks_ordinal(question.text)
        self._answers: dict[tuple[str, int], Span | None] = {}
        self._posts = holders(sentences) if any(map(_may_be_post, question.units)) else []
        self.direct = {u: self._matches(u) for u in question.units}
        self._real: dict[int, float] = {}
        self._nearby: dict[Unit, list[float | None]] = {
            u: [None] * len(sentences) for u in question.units
        }
        self.met = any(u.concepts & _MEETINGS for u in question.units if u.kind == "word")
        self.asked = frozenset(w for u in question.units for w in u.words)

    def _matches(self, unit: Unit) -> list[float]:
        if unit.kind == "name" and self._is_publisher(unit):
            return [1.0] * len(self.sentences)  # "according to ANTARA": all of it is
        return [self._match(unit, sentence) for sentence in self.sentences]

    def _is_publisher(self, unit: Unit) -> bool:
        told = {s.passage.metadata.publisher or "" for s in self.sentences}
        return any(set(unit.words) <= {t.text for t in tokens(each)} for each in told)

    def _match(self, unit: Unit, sentence: Sentence) -> float:
        found = match(unit, sentence, self._others[unit])
        if found < _FORM and told_by_form(self.question, unit, sentence):
            return _FORM
        if found < _FORM and names_holder(self.question, unit, sentence, self._posts):
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
                if unit.kind == "name":
                    tie = self._carried(unit, i, j, tie)
                elif unit.kind == "word":
                    # Who and where carry over from one sentence to the next; what happened
                    # there is another matter, the more so if it is denied or only planned.
                    tie *= 0.8 if self.sentences[j].firm else 0.4
                best = max(best, value * tie)
        if not self.met:
            led = _TOPIC if unit.kind == "word" else _LED if unit.kind == "name" else 0.0
            best = max(best, led * self._topical(unit))
        return best

    def _topical(self, unit: Unit) -> float:
        """How well the headline or the lead mention a unit: all of the article is about it."""
        return max(self.direct[unit][:_LEAD], default=0.0)

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
        return self._together(combinations([u for u in self._named if any(self.direct[u])], 2))

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
        best = [max(min(self.tied(a, i), self.tied(b, i)) for i in every) for a, b in pairs]
        return min(best, default=1.0)

    @cached_property
    def told(self) -> float:
        """The share of the question's weight that the sentences hold between them."""
        return (
            sum(self.weights[u] * max(self.direct[u], default=0.0) for u in self.question.units)
            / self.total
        )

    def score(self, i: int) -> float:
        """How good an answer sentence `i` is."""
        sentence = self.sentences[i]
        return (
            self.cover(i)
            * (0.5 + 0.5 * self.fit(sentence))
            * self.reality(i)
            * (1.0 if sentence.whole else 0.8)
        )

    def fit(self, sentence: Sentence) -> float:
        """Whether the sentence holds something of the kind asked for that the question lacks."""
        fit = self._fit(sentence)
        if fit < _WORDS_FIT and self.answer(sentence) is not None:
            return _WORDS_FIT  # "the bar association": nobody's name, and it was they who did
        return fit

    def answer(self, sentence: Sentence) -> Span | None:
        """The words of a sentence that answer; None where none surely do."""
        key = (sentence.passage.article_id, sentence.start)
        if key not in self._answers:
            self._answers[key] = answer_span(self.question, sentence)
        return self._answers[key]

    def _fit(self, sentence: Sentence) -> float:
        kind = self.question.kind
        new = [
            n
            for n in sentence.names
            # A dateline says where the report was filed.
            if not self.asks_about(n.text) and (kind != "place" or n.start >= sentence.dateline)
        ]
        if kind == "person":
            return max((_person(n) for n in new), default=0.2)
        if kind == "organisation":
            values = [{"organisation": 1.0, None: 0.9}.get(n.kind, 0.4) for n in new]
            return max(values, default=0.3)
        if kind == "place":
            values = [{"place": 1.0, None: 0.7}.get(n.kind, 0.4) for n in new]
            return max(values, default=0.5 if sentence.dateline else 0.3)
        if kind == "date":
            dated = [
                d for d in sentence.dates if not self.asks_about(sentence.text[d.start : d.end])
            ]
            return 1.0 if dated else 0.25
        if kind in ("number", "money"):
            counted = [n.kind for n in self._numbers(sentence)]
            if kind == "money" and counted:
                return 1.0 if "money" in counted else 0.6
            return 1.0 if counted else 0.2
        if kind == "reason":
            return 1.0 if CAUSE.search(sentence.text) else 0.5
        return 1.0

    def typed(self, sentence: Sentence) -> list[Span]:
        """Where it has things of the kind asked for that the question does not name."""
        kind = self.question.kind
        found: Iterable[names.Name | DateMention | Number]
        if kind == "date":
            found = sentence.dates
        elif kind in ("number", "money"):
            found = self._numbers(sentence)
        elif kind in ("person", "organisation", "place", "open"):
            found = sentence.names
        else:
            found = ()
        typed = [
            Span(each.start, each.end)
            for each in found
            if not self.asks_about(sentence.text[each.start : each.end])
        ]
        answer = None if typed else self.answer(sentence)
        return typed if answer is None else [answer]

    def _numbers(self, sentence: Sentence) -> list[Number]:
        """What tells how many; or, if that is asked, the how-manieth."""
        return [n for n in sentence.numbers if (n.kind == "ordinal") == self._ordinal]

    def asks_about(self, text: str) -> bool:
        """Whether the question has all words of a text."""
        words = [t.text for t in tokens(text)]
        return all(w in self.asked for w in words)

    def reality(self, i: int) -> float:
        """Less than 1 for what is denied, planned, or another event with the same people."""
        if i not in self._real:
            self._real[i] = self._reality(i)
        return self._real[i]

    def _reality(self, i: int) -> float:
        sentence, question = self.sentences[i], self.question
        factor = self._told(i)
        events = [u for u in question.units if u.kind == "word"]
        if events and all(self.direct[u][i] < 0.5 for u in events):
            # What is asked about stands in a sentence beside this one; is it said to be so there?
            beside = [
                j
                for j in (i - 1, i + 1)
                if 0 <= j < len(self.sentences) and any(self.direct[u][j] >= 0.5 for u in events)
            ]
            factor *= max((self._told(j) for j in beside), default=1.0)
        if self.of_others(i):
            factor *= _ANOTHERS
        for unit in question.units:
            for concept in unit.concepts & RIVALS.keys():
                rivals = RIVALS[concept]
                if rivals & sentence.concepts:
                    factor *= 0.3
                elif concept not in sentence.concepts and any(
                    rivals & self.sentences[j].concepts
                    for j in (i - 1, i + 1)
                    if 0 <= j < len(self.sentences) and self._tie(i, j) == LINKED
                ):
                    # It only says that they talked; the sentence tied to it says how.
                    factor *= 0.3
        return factor

    def of_others(self, i: int) -> bool:
        """Whether who is asked for by a post is another's in sentence `i`."""
        if self.question.kind != "person" or not self._posts:
            return False
        return any(
            unit.kind == "word"
            and self.direct[unit][i] >= 0.5
            and of_others(self.question, unit, self.sentences[i], self._posts)
            for unit in self.question.units
        )

    def _told(self, i: int) -> float:
        """Less than 1 where the sentence denies what is asked about, or only plans it."""
        sentence, question = self.sentences[i], self.question
        if sentence.firm and not sentence.cancellations:
            return 1.0
        events = [u for u in question.units if u.kind == "word"]
        places = [place for u in events for place in sentence.places_of(u)]
        factor = 1.0
        if question.kind == "yes_no" or not places:
            return factor
        # "Who turned it down?" asks for the denial itself.
        denials = [
            d
            for d in sentence.denials
            if not any(p.start < d.end and d.start < p.end for p in places)
        ]
        if not question.negated and (
            governs(denials, places, sentence.text)
            or cancels(sentence.cancellations, places, sentence.text)
        ):
            factor *= _DENIED_MEETING if self.met else _DENIED
        if not question.future and governs(sentence.suppositions, places, sentence.text):
            factor *= _PLANNED_MEETING if self.met else _PLANNED
        return factor

    def elsewhere(self, i: int) -> bool:
        """Whether sentence `i` names the place asked about, but not as where it happened.

        "In Israel" is asked; "Israel killed 44,580 people in Gaza" tells of another place.
        """
        return any(
            self.direct[unit][i] >= 0.5 and not stands_at(self.sentences[i], unit, relation)
            for unit, relation in self._where
        )

    def displaced(self, i: int) -> bool:
        """Whether sentence `i` tells of another place than the one asked about.

        One that the headline or the lead names may well be meant: what is told then happens in it.
        """
        return any(
            self._topical(unit) < 0.5
            and self.tied(unit, i) < 0.5
            and any(
                name.kind in ("place", None) and not self.asks_about(name.text)
                for name in named_at(self.sentences[i], relation)
            )
            for unit, relation in self._where
        )

    def of_another(self, i: int) -> bool:
        """Whether sentence `i` names somebody or something else than whom the question does.

        Of what the headline and the lead name, all of the article may be told.
        """
        sentence = self.sentences[i]
        return any(
            self._topical(unit) < 0.5 and self.tied(unit, i) < 0.5 for unit in self._named
        ) and any(
            not self.asks_about(name.text)
            for name in sentence.names
            if name.start >= sentence.dateline
        )

    def there(self, i: int) -> bool:
        """Whether sentence `i` tells of something at a place that is asked about."""
        return any(stands_at(self.sentences[i], unit, where) for unit, where in self._where)

    @cached_property
    def _where(self) -> list[tuple[Unit, str]]:
        return asked_where(self.question)

    def support(self, i: int) -> list[int]:
        """The neighbours that account for what sentence `i` does not, most useful first."""
        gains: dict[int, float] = {}
        beside = [
            j for j in (i + 1, i - 1) if 0 <= j < len(self.sentences) and self.sentences[j].found
        ]
        for unit in self.question.units:
            if self.direct[unit][i] < 0.5:
                for j in beside:
                    if self.direct[unit][j] >= 0.5:
                        gains[j] = gains.get(j, 0.0) + self.weights[unit] * self._tie(i, j)
        fit = self.fit(self.sentences[i])
        for j in beside:
            more = self.fit(self.sentences[j]) - fit
            if more > 0.2 and self._tie(i, j) == LINKED:
                gains[j] = gains.get(j, 0.0) + more * self.total / 2
        if self.question.kind == "place" and fit < 1 and i + 1 in beside:
            # Where something happened is often told next, in words that are no name.
            gains.setdefault(i + 1, 0.0)
        return sorted(gains, key=lambda j: -gains[j])

    def merit(self, i: int) -> float:
        """0 to 1: how far sentence `i` answers the question at all, by a measure set by hand.

        What the question names must be near (a missing name or number weighs heavily), what
        it says of them too, and something of the kind asked for must stand there.
        """
        units = self.question.units
        if not any(u.kind in ("name", "word") for u in units):
            return 0.0  # a number alone, or function words, ask about nothing
        weakest = min((self.near(u, i) for u in units if u.kind != "word"), default=1.0)
        words = [u for u in units if u.kind == "word"]
        mass = sum(self.weights[u] for u in words)
        said = sum(self.weights[u] * self.near(u, i) for u in words) / mass if words else 1.0
        return (
            self.cover(i)
            * (0.4 + 0.6 * weakest)
            * (0.5 + 0.5 * said)
            * (0.6 + 0.4 * self.fit(self.sentences[i]))
            * self.reality(i)
        )

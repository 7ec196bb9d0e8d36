"""One article read with one question in mind: what each of its sentences is worth as an answer.

Pure: the question taken apart, the sentences and unit weights in; scores out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rag.answer.asking import asks_ordinal
from rag.answer.bearing import cancels, governs
from rag.answer.bond import numbered
from rag.answer.compared import Compared
from rag.answer.evidence import LINKED, Sentence
from rag.answer.posts import of_others
from rag.answer.question import Question, Unit
from rag.answer.spans.amounts import AGO, THEN
from rag.answer.spans.by_sort import as_fine, spans_of
from rag.answer.spans.locate import answer_span
from rag.answer.spans.sought import Sort, sought
from rag.answer.spans.told import reason_told
from rag.schema import Span
from rag.text import names, numbers
from rag.text.dates import DateMention
from rag.text.numbers import Number
from rag.text.stems import tokens

# What a sentence is worth that denies, or only plans, what is asked about. A planned meeting
# may never have been held; a planned opening is often what the question is about.
_DENIED, _PLANNED = 0.55, 0.85
_DENIED_MEETING, _PLANNED_MEETING = 0.4, 0.45

# How well a sentence fits that has words which answer, though none of the kind by themselves.
_WORDS_FIT = 0.9

# What a sentence with the post asked about is worth where only others are said to hold it.
_ANOTHERS = 0.3

# What is not the thing asked for, though the same words go with it: concept -> concepts.
RIVALS: Mapping[str, frozenset[str]] = {"meet": frozenset({"phone_call", "video_call"})}

# What asks who reported something, be it only planned.
_REPORTED = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}(?:outlet|newspaper|paper|agency|broadcaster|media|channel|website)\b"
    r"|\b(?:kantor\s+berita|media|koran|surat\s+kabar|penyiar|siaran|stasiun\s+tv|situs)\s+(?:\w+\s+)?(?:mana|apa)\b"
    r"|\bwho\s+(?:first\s+)?(?:reported|quoted|cited)\b"
    r"|\bsiapa\s+(?:yang\s+|yg\s+)?(?:melaporkan|memberitakan|mengutip|mewartakan)\b",
    re.IGNORECASE,
)
# What alone tells how long, or what share.
_OF_SORT: Mapping[Sort, numbers.Kind] = {"duration": "duration", "percentage": "percent"}


def _person(name: names.Name) -> float:
    """How well a name tells who: a person's whole name best, an acronym of a body least."""
    kinds = {"person": 1.0, None: 0.9, "organisation": 0.6, "place": 0.6}
    words = [t.text for t in tokens(name.text)]
    told = 1.0 if len(words) > 1 or name.title else 0.9
    return kinds.get(name.kind, 0.3) * told


def _when(sentence: Sentence, number: Number) -> bool:
    """Whether a length of time tells when: "three hours after", "two days ago"."""
    return bool(THEN.match(sentence.text, number.end) or AGO.match(sentence.text, number.end))


class Reading(Compared):
    """One article read with one question in mind."""

    def __init__(
        self, question: Question, sentences: list[Sentence], weights: Mapping[Unit, float]
    ) -> None:
        super().__init__(question, sentences, weights)
        self._ordinal = asks_ordinal(question.text)
        asked = sought(question.text)
        self._sort = _OF_SORT.get(asked.sort)
        self._aged = asked.sort == "age"
        self._counted = asked.counted and asked.sort == "number"
        # "Who is the captain?" wants somebody's name; who attacked may be a country.
        self._identity = asked.sort == "person" and asked.role is None
        self._condition = asked.sort == "condition"
        self._source = asked.sort == "source"
        self._reported = self._source or bool(_REPORTED.search(question.text))
        self._grain = asked.grain
        self._answers: dict[tuple[str, int], Span | None] = {}
        self._real: dict[int, float] = {}

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
        if self._source:
            return 1.0 if self.answer(sentence) is not None else 0.3
        new = [
            n
            for n in sentence.names
            # A dateline says where the report was filed.
            if not self.asks_about(n.text) and (kind != "place" or n.start >= sentence.dateline)
        ]
        if kind == "person":
            return max((_person(n) for n in self._whom(new)), default=0.2)
        if kind == "organisation":
            values = [{"organisation": 1.0, None: 0.9}.get(n.kind, 0.4) for n in new]
            return max(values, default=0.3)
        if kind == "place":
            values = [{"place": 1.0, None: 0.7}.get(n.kind, 0.4) for n in new]
            return max(values, default=0.5 if sentence.dateline else 0.3)
        if kind == "date":
            dated = [
                d
                for d in self._dates(sentence)
                if not self.asks_about(sentence.text[d.start : d.end])
            ]
            return 1.0 if dated else 0.25
        if kind in ("number", "money"):
            counted = [n.kind for n in self._numbers(sentence)]
            if kind == "money" and counted:
                return 1.0 if "money" in counted else 0.6
            return 1.0 if counted else 0.2
        if kind == "reason":
            return 0.4 + 0.6 * reason_told(sentence.text)
        return 0.5 if self._condition else 1.0

    def typed(self, sentence: Sentence) -> list[Span]:
        """Where it has things of the kind asked for that the question does not name."""
        kind = self.question.kind
        found: Iterable[names.Name | DateMention | Number]
        if self._source:
            found = ()
        elif kind == "date":
            found = self._dates(sentence)
        elif kind in ("number", "money"):
            found = self._numbers(sentence)
        elif kind == "person":
            found = self._whom(sentence.names)
        elif kind in ("organisation", "place", "open") and not self._condition:
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

    def _dates(self, sentence: Sentence) -> list[DateMention]:
        """What tells when, as finely as it is asked for."""
        grain = self._grain
        return [d for d in sentence.dates if grain is None or as_fine(d, grain)]

    def _whom(self, named: Iterable[names.Name]) -> list[names.Name]:
        """Those names that may tell who somebody is, or all where it may have been a country."""
        return [n for n in named if not self._identity or n.kind in ("person", None)]

    def _numbers(self, sentence: Sentence) -> list[Number]:
        """What tells how many; or, if that is asked, the how-manieth, how long or what share."""
        if self._aged:
            told = spans_of(sentence, "age")
            return [
                n
                for n in sentence.numbers
                if any(n.start < t.end and t.start < n.end for t in told)
            ]
        if self._counted:
            counts = [n for n in sentence.numbers if n.kind == "count"]
            return counts or numbered(self.question, sentence)
        if self._sort is not None:
            return [
                n
                for n in sentence.numbers
                if n.kind == self._sort and not (n.kind == "duration" and _when(sentence, n))
            ]
        return [n for n in sentence.numbers if (n.kind == "ordinal") == self._ordinal]

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
        if self._reported or (sentence.firm and not sentence.cancellations):
            return 1.0  # what is planned was said all the same
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
        cancelled = sentence.cancellations
        if question.future:
            # "When was the visit to have been?" is told by what was called off.
            denials = [d for d in denials if d not in cancelled]
            cancelled = []
        if not question.negated and (
            governs(denials, places, sentence.text) or cancels(cancelled, places, sentence.text)
        ):
            factor *= _DENIED_MEETING if self.met else _DENIED
        if not question.future and governs(sentence.suppositions, places, sentence.text):
            factor *= _PLANNED_MEETING if self.met else _PLANNED
        return factor

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

"""What is known of a sentence as an answer, and of a question's best sentences, in numbers.

The scorer is trained on these and nothing else; a feature says nothing of the article's subject
or of the words themselves, so that what is learned on one archive holds for another. Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from rag.answer.asking import KINDS
from rag.answer.belongs import belongs
from rag.answer.bond import bond
from rag.answer.candidate import Candidate, preferred
from rag.answer.evidence import Sentence
from rag.answer.feature_names import BESIDE_BEST, QUESTION, ROW
from rag.answer.objects import object_kept
from rag.answer.question import Question, Unit
from rag.answer.reading import Reading
from rag.answer.sides import sides_kept
from rag.answer.sorts import SORTS, sort_of
from rag.answer.spans.told import reason_told
from rag.answer.turned import turned
from rag.schema import Hit, Span
from rag.text.cues import pattern
from rag.text.stems import tokens

# Sentences of the hits that are looked at closely: those that say most of the question.
SHORTLIST = 16
_UNREAL = 0.6  # the reality of what is denied, or another's
_TYPED = frozenset({"date", "number", "money", "reason", "person"})  # told by words of a sort
_CONFLICTS = ROW.index("conflicts")
_COMPARED = tuple(ROW.index(name) for name in BESIDE_BEST)
_UNASKED = 0.5  # what is held of what the question does not ask about: neither much nor little
_VERBATIM = 0.99  # a match of the very word
_FAR = 300  # characters; nothing asked for stands near anything asked about

_IS = pattern("adalah|ialah|merupakan|yaitu|yakni|disebut|is|are|was|were|means|refers to")
_WHAT_IS = pattern(
    "apa itu|apakah itu|apa yang dimaksud|apakah yang dimaksud*|apa yang disebut|apa arti*",
    "pengertian|definisi|maksud dari|what is meant|what does*mean|define|definition|meaning of",
)
_SINGLE = pattern("what is|what are|what was|who is|who was|siapa itu|siapakah itu|apa")
_NAMED = pattern(
    "nama|namanya|bernama|disebut apa|apa sebutan*|dinamakan|name|names|named|nickname|julukan",
    "is called|are called|was called|were called|it called|they called|known as",
)
_LAST = pattern("terakhir|pertama|ter*|paling|last|first|most|least|only|final|latest")


class Candidates:
    """The sentences of the hits that say most of a question, and the numbers of each."""

    row_names = ROW
    question_names = QUESTION

    def __init__(self, question: Question, readings: Sequence[Reading], hits: Sequence[Hit]):
        self.question = question
        self.readings = readings
        self._ranks = {hit.passage.passage_id: hit for hit in hits}
        self._best_hit = max((hit.score for hit in hits), default=0.0) or 1.0
        every = [
            (reading.cover(i) + reading.held(i), number, i)
            for number, reading in enumerate(readings)
            for i in reading.readable
        ]
        every.sort(key=lambda each: (-each[0], each[1], each[2]))
        self.chosen = [Candidate(readings[number], number, i) for _, number, i in every[:SHORTLIST]]
        self._best = {
            "direct": max((c.reading.held(c.at) for c in self.chosen), default=0.0) or 1.0,
            "cover": max((c.reading.cover(c.at) for c in self.chosen), default=0.0) or 1.0,
            "article": max((r.told for r in readings), default=0.0) or 1.0,
            "focused": max((c.reading.focused(c.at) for c in self.chosen), default=0.0) or 1.0,
            "rarely": max((c.reading.rarely(c.at) for c in self.chosen), default=0.0) or 1.0,
        }
        self._spans = [c.reading.answer(c.sentence) for c in self.chosen]
        self._answering = Counter(
            c.article for c, span in zip(self.chosen, self._spans, strict=True) if span is not None
        )
        self._asked_pairs = _pairs_of(question.text)
        self._definition = bool(_WHAT_IS.search(question.text))
        self._wanted = [
            float(self._definition),
            float(bool(_NAMED.search(question.text))),
            *(float(question.kind == kind) for kind in KINDS),
        ]
        self._what_is = self._definition or bool(_SINGLE.match(question.text.strip()))

    def rows(self) -> list[list[float]]:
        """The numbers of each candidate, in the order of `ROW`."""
        rows = [
            self._row(candidate, answer)
            for candidate, answer in zip(self.chosen, self._spans, strict=True)
        ]
        most = [max((row[at] for row in rows), default=0.0) or 1.0 for at in _COMPARED]
        return [
            [*row, *(row[at] / best for at, best in zip(_COMPARED, most, strict=True))]
            for row in rows
        ]

    def _row(self, candidate: Candidate, answer: Span | None) -> list[float]:
        reading, i, sentence = candidate.reading, candidate.at, candidate.sentence
        units, weights, total = reading.question.units, reading.weights, reading.total
        places = [place for unit in units for place in sentence.places_of(unit)]
        typed = reading.typed(sentence)
        cover, held = reading.cover(i), reading.held(i)
        fit, reality = reading.fit(sentence), reading.reality(i)
        first = min((place.start for place in places), default=999)
        verb = _IS.search(sentence.text, first if first < 999 else 0)
        defines = float(verb is not None and first < 999 and verb.start() - first < 120)
        subject = float(first - sentence.dateline < 25)
        hit = self._ranks[sentence.passage.passage_id]
        named = [u for u in units if u.kind != "word"]
        words = [u for u in units if u.kind == "word"]
        tied = bond(reading.question, sentence, weights, typed)
        named_at = [p for u in units if u.kind == "name" for p in sentence.places_of(u)]
        kept, given_away = belongs(reading.question, sentence)
        before = reading.sentences[i - 1] if i else None
        sides_turned = turned(reading.question, sentence, before)
        displaced, of_another = reading.displaced(i), reading.of_another(i)
        another_post, timely = reading.another_post(i), reading.timely(i)
        contrary, deed_elsewhere = reading.contrary(i), reading.deed_elsewhere(i)
        done_by_another = reading.done_by_another
        # "How many are still held" is asked of another count than how many were taken.
        another_count = reading.another_ordinal(i) or not reading.lasting(i)
        conflicts = (
            contrary,
            deed_elsewhere,
            sides_turned > 0,
            given_away > kept,
            displaced,
            of_another,
            another_post,
            not timely,
            another_count,
            done_by_another,
            tied.counted == 0.0,
            reading.sought(i) < 0.5,
            reading.names_together == 0.0,
            reading.deeds_together == 0.0,
            reality < _UNREAL,
            answer is None and reading.question.kind in _TYPED,
        )
        return [
            cover,
            held,
            held / self._best["direct"],
            cover / self._best["cover"],
            reading.told,
            reading.told / self._best["article"],
            fit,
            reality,
            reading.score(i),
            reading.merit(i),
            math.log1p(sentence.start) / 8,
            float(sentence.start == 0),
            math.log1p(len(sentence.tokens)) / 5,
            float(sentence.whole),
            math.log1p(_distance(typed, places)) / 6,
            min(len(typed), 4) / 4,
            _adjacent(self._asked_pairs, sentence),
            defines,
            defines * self._what_is,
            subject,
            subject * self._what_is,
            reason_told(sentence.text) if self.question.kind == "reason" else 0.0,
            max((weights[u] * reading.direct[u][i] for u in units), default=0.0) / total,
            reading.held(i - 1) if i else 0.0,
            reading.held(i + 1) if i + 1 < len(reading.sentences) else 0.0,
            float(sentence.linked),
            min((reading.near(u, i) for u in named), default=1.0),
            min((reading.direct[u][i] for u in named), default=1.0),
            _share(named, weights, lambda u: reading.near(u, i)),
            _share(named, weights, lambda u: reading.direct[u][i]),
            _share(words, weights, lambda u: reading.near(u, i)),
            _share(words, weights, lambda u: reading.direct[u][i]),
            sentence.hit_score / self._best_hit,
            1 / hit.rank,
            hit.scores.get("lexical", 1.0),
            hit.scores.get("dense", 0.0),
            hit.scores.get("closeness", 0.0),
            float(self._denies(sentence) != self.question.negated),
            float(sentence.language == self.question.language),
            tied.clause,
            tied.answer,
            tied.counted,
            float(sides_kept(reading.question, sentence)),
            float(sides_turned),
            float(kept),
            # Too few are of another post to be learnt from by themselves.
            float(given_away + another_post),
            float(answer is not None),
            math.log1p(_distance([answer] if answer else [], named_at)) / 6,
            min((reading.tied(u, i) for u in units if u.kind == "name"), default=1.0),
            reading.names_together,
            reading.deeds_together,
            reading.focused(i),
            reading.focused(i) / self._best["focused"],
            reading.focused_near(i),
            reading.rarely(i),
            reading.rarely(i) / self._best["rarely"],
            1 / self._answering[candidate.article] if answer is not None else 0.0,
            float(displaced),
            float(of_another),
            reading.sought(i),
            float(another_post),
            float(timely),
            float(contrary),
            float(deed_elsewhere),
            object_kept(reading.question, sentence),
            float(done_by_another),
            float(another_count),
            float(sum(conflicts)),
            len(reading.sentences) / 10,
            *self._wanted,
            *_of_core(reading, i, answer),
        ]

    def _denies(self, sentence: Sentence) -> bool:
        """Whether it denies something, other than by the very word that is asked about."""
        if self.question.negated:
            return bool(sentence.denials)
        asked = [p for u in self.question.units for p in sentence.places_of(u)]
        return any(
            not any(p.start < d.end and d.start < p.end for p in asked) for d in sentence.denials
        )

    def of_question(self, rows: Sequence[Sequence[float]], ranked: Sequence[float]) -> list[float]:
        """The numbers of the question and its best sentence, in the order of `QUESTION`.

        `ranked` is how likely each candidate is to answer, as the ranker has it.
        """
        scores = preferred(self.chosen, ranked)
        order = sorted(range(len(scores)), key=lambda k: -scores[k])
        top = self.chosen[order[0]]
        reading, i = top.reading, top.at
        question, weights, total = self.question, reading.weights, reading.total
        units = reading.question.units
        unmet = [
            (u, 1 - reading.direct[u][i], 1 - reading.near(u, i), 1 - max(reading.direct[u]))
            for u in units
        ]
        anywhere = {u: 1 - max(max(r.direct[u], default=0.0) for r in self.readings) for u in units}
        best = [scores[k] for k in order[:3]] + [0.0] * 3
        levels = [
            [weights[u] * part for u, *parts in unmet for part in [parts[n]]] for n in range(3)
        ]
        levels.append([weights[u] * anywhere[u] for u in units])
        numbers = [*rows[order[0]], *best[:3]]
        numbers += [len(units) / 8, total, len(tokens(question.text)) / 10]
        numbers += [sum(level) / total for level in levels]
        numbers += [max(level, default=0.0) for level in levels]
        numbers += [float(sum(each[1] > 0.5 for each in unmet))]
        numbers += [float(sum(each[3] > 0.5 for each in unmet))]
        for kind in ("name", "number", "date", "word"):
            of = [each for each in unmet if each[0].kind == kind]
            numbers += [
                float(len(of)),
                max((each[2] for each in of), default=0.0),
                max((each[3] for each in of), default=0.0),
                max((anywhere[each[0]] for each in of), default=0.0),
            ]
        for sort in SORTS:
            of = [each for each in unmet if sort_of(each[0]) == sort]
            numbers += [
                max((weights[u] * parts[n] for u, *parts in of), default=0.0) for n in range(3)
            ]
            numbers += [max((weights[u] * anywhere[u] for u, *_ in of), default=0.0)]
        extremes = [each for each in unmet if _LAST.match(each[0].text)]
        numbers += [
            float(question.negated),
            float(bool(_LAST.search(question.text))),
            max((each[1] for each in extremes), default=0.0),
            float(question.future),
            max((weights[u] * anywhere[u] for u in units if u.concepts), default=0.0),
            max((weights[u] * anywhere[u] for u in units if not u.concepts), default=0.0),
            max((weights[u] * anywhere[u] for u in units), default=0.0)
            * (top.sentence.language == question.language),
            max((h.scores.get("dense", 0.0) for h in self._ranks.values()), default=0.0),
            max((h.scores.get("closeness", 0.0) for h in self._ranks.values()), default=0.0),
            float(reading.met),
        ]
        held = [each.reading.held(each.at) for each in self.chosen]
        fullest = max(range(len(held)), key=lambda k: held[k])
        fuller = held[fullest] - held[order[0]]
        numbers += [fuller, rows[fullest][_CONFLICTS] if fuller > 0 else 0.0]
        return [*numbers, *_put(reading, i, levels)]


def _put(reading: Reading, i: int, missing: Sequence[Sequence[float]]) -> list[float]:
    """What the question lacks most but one, and how much of it sentence `i` has word for word.

    `missing` has the weights of what is not in the sentence, not near it, not in its article.
    """
    in_sentence, near, in_article, *_ = (
        [*sorted(level, reverse=True), 0.0, 0.0, 0.0] for level in missing
    )
    units = reading.question.units
    held = [(reading.weights[u], reading.direct[u][i]) for u in units]
    words = [u for u in units if u.kind == "word"] or units
    asked = sorted(words, key=lambda unit: reading.question.text.find(unit.text))
    return [
        in_sentence[1],
        near[1],
        in_article[1],
        in_sentence[2],
        sum(w for w, match in held if match >= _VERBATIM) / reading.total,
        sum(w for w, match in held if 0 < match < _VERBATIM) / reading.total,
        reading.direct[asked[0]][i] if asked else 0.0,
        reading.direct[asked[-1]][i] if asked else 0.0,
    ]


def _of_core(reading: Reading, i: int, answer: Span | None) -> list[float]:
    """What sentence `i` has of what the question chiefly asks about."""
    core, sentence = reading.core, reading.sentences[i]
    things = [u for u in reading.question.units if u.kind == "word" and sort_of(u) != "act"]
    places = [place for unit in core for place in sentence.places_of(unit)]

    def held(unit: Unit) -> float:
        return reading.direct[unit][i]

    return [
        _share(core, reading.weights, held, none=_UNASKED),
        _share(core, reading.rarities, held, none=_UNASKED),
        min(map(held, core), default=_UNASKED),
        math.log1p(_distance([answer] if answer else [], places)) / 6,
        _share(things, reading.weights, held, none=_UNASKED),
    ]


def _share(
    units: Sequence[Unit],
    weights: Mapping[Unit, float],
    of: Callable[[Unit], float],
    none: float = 1.0,
) -> float:
    """The share of some units' weight that is accounted for; `none` when there are none."""
    total = sum(weights[u] for u in units)
    return sum(weights[u] * of(u) for u in units) / total if total else none


def _pairs_of(text: str) -> frozenset[tuple[str, str]]:
    """Pairs of words that stand side by side."""
    return frozenset(pairwise(token.text for token in tokens(text)))


def _adjacent(asked: frozenset[tuple[str, str]], sentence: Sentence) -> float:
    """The share of the question's pairs of words that the sentence has too."""
    return sum(pair in asked for pair in pairwise(t.text for t in sentence.tokens)) / (
        len(asked) or 1
    )


def _distance(typed: Sequence[Span], places: Sequence[Span]) -> float:
    """Characters between a thing of the kind asked for and the nearest thing asked about."""
    return min(
        (max(0, max(a.start, b.start) - min(a.end, b.end)) for a in typed for b in places),
        default=_FAR,
    )

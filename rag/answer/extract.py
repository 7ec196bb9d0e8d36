"""Pick the sentences that answer a question, best first; no language model.

Pure: the question taken apart, hits and unit weights in; picked sentences out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer import scorer
from rag.answer.candidate import Candidate, preferred
from rag.answer.evidence import Sentence, read
from rag.answer.features import Candidates
from rag.answer.identified import identified
from rag.answer.leading import leading
from rag.answer.question import Question, Unit
from rag.answer.quoting import only_says
from rag.answer.reading import Reading
from rag.answer.spans.locate import Located, locate
from rag.answer.spans.sought import sought
from rag.answer.worth import HARDLY, worth
from rag.schema import Hit, Passage, Span
from rag.text.cues import DENIAL
from rag.text.stems import tokens

# A further sentence is quoted only if it may be the answer too: with this share of the score of the
# best, the first three hold more answers than with 0.05, at 0.2 sentences more (docs/log.md, "What
# a sentence may be told by").
_ALSO = 0.03
# The same beside one that holds all of the question, and words that answer it.
_ALL, _ALSO_THEN = 0.9, 0.1
# How good a further sentence must be beside the best one to be quoted before what explains that.
_AS_WELL = 0.2
# Below this a sentence tells of something else than what is asked about.
_OTHERWISE = 0.5
# What is left of the doubt in a sentence that has the very post asked about with its holder, or
# says whom it quotes.
_SURE = 0.5
_HELD = 0.75  # of a name, that it stands there
# What is asked for by a number, of which one article may tell several.
_COUNTED = frozenset({"number", "money", "date"})
# How much less of a name, number or date a sentence must have than the best one to be without it.
_LACKS = 0.3
# What two sentences share of their words, at least, if they are one as two print it.
_SAME = 0.8
_CLAUSE = 60  # characters at most between what answers and whom that is told of
_WORD = re.compile(r"\w+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence chosen as evidence."""

    sentence: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences picked for a question, and how much of it they account for."""

    picks: tuple[Pick, ...]  # best first
    score: float  # 0 to 1
    missing: tuple[Unit, ...]  # what no sentence of the hits mentions
    located: Located | None = None  # the words of the picks that answer by themselves


def extract(
    question: Question,
    hits: Sequence[Hit],
    weights: Mapping[Unit, float],
    *,
    limit: int,
    beside: Sequence[Passage] = (),
) -> Evidence:
    """At most `limit` sentences that answer, best first; none when there is no sentence.

    `beside` are passages of the same articles that were not found: they tell what the sentences
    of those that were speak of, and are not quoted.
    """
    readings = [Reading(question, article, weights) for article in read(hits, beside)]
    candidates = Candidates(question, readings, hits)
    if not candidates.chosen:
        return Evidence(picks=(), score=0.0, missing=question.units)
    rows = candidates.rows()
    told = [dict(zip(candidates.row_names, row, strict=True)) for row in rows]
    likely = scorer.load().rank(rows)
    worths = [
        worth(question, candidate, row)
        for candidate, row in zip(candidates.chosen, told, strict=True)
    ]
    ranked = [rank * left for rank, left in zip(likely, worths, strict=True)]
    scores = preferred(candidates.chosen, ranked)
    order = sorted(range(len(scores)), key=lambda k: (-scores[k], k))
    # What would be first, did it not tell of something else, leaves the next best one doubtful.
    instead = order[0] != _best(preferred(candidates.chosen, likely))
    order = leading(question, order, candidates.chosen, scores)
    top, reading = candidates.chosen[order[0]], candidates.chosen[order[0]].reading
    best = scores[order[0]]
    # Where the best one says all that is asked, and holds words that answer, another must be good.
    whole = reading.held(top.at) >= _ALL and reading.answer(top.sentence) is not None
    also = _ALSO_THEN if whole else _ALSO
    others = [
        Pick(candidates.chosen[k].sentence, scores[k])
        for k in order[1:]
        if scores[k] >= also * best and _adds(question, candidates.chosen[k], top)
    ]
    support = [
        Pick(reading.sentences[at], best)
        for at in reading.support(top.at)[: min(2, limit - 1)]
        # Who bombed from there is no part of who died there.
        if not (reading.there(top.at) and reading.elsewhere(at))
    ]
    picks: list[Pick] = []
    for pick in [
        Pick(top.sentence, best),
        *(pick for pick in others if pick.score >= _AS_WELL * best),
        *support,
        *others,
    ]:
        # A wire's sentence is in many articles, and proves no more in the second than in one.
        if len(picks) < limit and not any(_same(each.sentence, pick.sentence) for each in picks):
            picks.append(pick)
    asked = any(u.kind in ("name", "word") for u in question.units)
    # A number alone, or function words, ask about nothing.
    score = scorer.load().answered(candidates.of_question(rows, ranked)) if asked else 0.0
    left = min(worths[order[0]], HARDLY if instead else 1.0)
    if left < 1:
        score *= left
    elif identified(question, top.sentence) or _attributed(question, told[order[0]]):
        score = 1 - (1 - score) * _SURE
    return Evidence(
        picks=tuple(picks),
        score=score,
        missing=tuple(u for u in question.units if not any(any(r.direct[u]) for r in readings)),
        located=locate(question, [pick.sentence for pick in picks]),
    )


def _best(scores: Sequence[float]) -> int:
    """The first of those with the highest score."""
    return max(range(len(scores)), key=lambda k: scores[k])


def told_by_one(evidence: Evidence, sentence: Sentence, span: Span, score: float) -> Evidence:
    """The evidence with one sentence for all, and the words of it that answer."""
    return replace(
        evidence,
        picks=(Pick(sentence, score),),
        score=score,
        located=Located(sentence, span),
    )


def _attributed(question: Question, row: Mapping[str, float]) -> bool:
    """Whether a sentence that has all the names asked about says whom it has that from."""
    asked = sought(question.text).sort == "source"
    return asked and row["answers"] > 0 and row["weakest_direct"] >= _HELD


def _adds(question: Question, candidate: Candidate, top: Candidate) -> bool:
    """Whether a further sentence may be the answer, too, or part of it."""
    if question.kind in _COUNTED and _of_another(question, candidate, top):
        return False  # "1.208 in Israel" beside "44.580 in Gaza"
    if top.reading.there(top.at) and candidate.reading.elsewhere(candidate.at):
        return False
    if candidate.reading.reality(candidate.at) < _OTHERWISE <= top.reading.reality(top.at):
        return False  # a call beside a meeting, another country's minister
    return candidate.sentence.whole  # a headline adds nothing to the sentences under it


def _of_another(question: Question, candidate: Candidate, top: Candidate) -> bool:
    """Whether a sentence tells of another than the best one: it lacks what that one names.

    One of the same article that names nothing else of the sort goes on about the same:
    "All three face up to 20 years in prison."
    """
    lacking = [
        unit
        for unit in question.units
        if unit.kind != "word"
        and candidate.reading.direct[unit][candidate.at] < top.reading.direct[unit][top.at] - _LACKS
    ]
    if not lacking or candidate.article != top.article:
        return bool(lacking)
    return any(_rivals(unit, candidate, top) for unit in lacking)


def _rivals(unit: Unit, candidate: Candidate, top: Candidate) -> bool:
    """Whether a sentence has something else of a unit's sort, as the best one has the unit."""
    sentence = candidate.sentence
    if unit.kind != "name":
        return bool(sentence.dates) if unit.kind == "date" else True
    places = top.sentence.places_of(unit)
    kinds = {
        name.kind
        for name in top.sentence.names
        if any(place.start < name.end and name.start < place.end for place in places)
    }
    told = top.sentence.words
    answer = candidate.reading.answer(sentence)
    return any(
        name.kind in kinds
        and not only_says(sentence, name)
        and (answer is None or _beside(sentence.text, answer, Span(name.start, name.end)))
        and not candidate.reading.asks_about(name.text)
        and not all(token.text in told for token in tokens(name.text))  # the same town again
        for name in sentence.names
        if name.start >= sentence.dateline
    )


def _beside(text: str, answer: Span, name: Span) -> bool:
    """Whether a name stands in the clause of the words that answer: "1.208 orang di Israel"."""
    first, last = sorted((answer, name), key=lambda span: span.start)
    between = text[first.end : last.start]
    return len(between) <= _CLAUSE and ", " not in between and ";" not in between


def _same(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences are one as two print it, whatever their datelines.

    A few words may differ, but no name, number or denial, nor who did what to whom.
    """
    first, second = _printed(one), _printed(other)
    both = first.keys() & second.keys()
    if [word for word in first if word in both] != [word for word in second if word in both]:
        return False
    alone = [w for words in (first, second) for key, w in words.items() if key not in both]
    return (
        len(both) >= _SAME * (len(both) + len(alone))
        and all(word.islower() and not DENIAL.search(word) for word in alone)
        and {n.value for n in one.numbers} == {n.value for n in other.numbers}
    )


def _printed(sentence: Sentence) -> dict[str, str]:
    """Its words after the dateline, as they stand there, by their casefolded form."""
    words = _WORD.findall(sentence.text, sentence.dateline)
    return {word.casefold(): word for word in words}

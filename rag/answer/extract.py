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
from rag.answer.heard import hear, moved
from rag.answer.identified import identified
from rag.answer.leading import leading
from rag.answer.marked import Read, marked
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
    read_by: Read | None = None,
) -> Evidence:
    """At most `limit` sentences that answer, best first; none when there is no sentence.

    `beside` are passages of the same articles that were not found: they tell what the sentences
    of those that were speak of, and are not quoted. `read_by` reads the best sentences.
    """
    readings = [Reading(question, article, weights) for article in read(hits, beside)]
    candidates = Candidates(question, readings, hits)
    if not candidates.chosen:
        return Evidence(picks=(), score=0.0, missing=question.units)
    ranking = _ranking(candidates, read_by)
    chosen, scores = candidates.chosen, preferred(candidates.chosen, ranking.ranked)
    order = sorted(range(len(scores)), key=lambda k: (-scores[k], k))
    # What would be first, did it not tell of something else, leaves the next best one doubtful.
    best = order[0]
    instead = best != _best(preferred(chosen, ranking.likely))
    # How good one must be beside another to lead it was chosen where nobody reads.
    order = leading(question, order, chosen, preferred(chosen, ranking.thought))
    picks = _picks(question, chosen, order, scores, limit)
    return Evidence(
        picks=picks,
        score=_score(
            candidates, ranking, order[0], best, read_by, at_most=HARDLY if instead else 1.0
        ),
        missing=tuple(u for u in question.units if not any(any(r.direct[u]) for r in readings)),
        located=locate(question, [pick.sentence for pick in picks]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """How likely each candidate is to answer, and by what."""

    rows: list[list[float]]
    likely: Sequence[float]
    worths: Sequence[float]  # what each is worth as it tells of something else
    thought: Sequence[float]  # how likely before anybody read, times what it is worth
    ranked: Sequence[float]  # how likely after that, times what it is worth
    heard: Mapping[int, float]  # what the reader says of some


def _ranking(candidates: Candidates, read_by: Read | None) -> _Ranking:
    rows = candidates.rows()
    likely = scorer.load().rank(rows)
    worths = [
        worth(candidates.question, candidate, dict(zip(candidates.row_names, row, strict=True)))
        for candidate, row in zip(candidates.chosen, rows, strict=True)
    ]
    thought = _product(likely, worths)
    heard: Mapping[int, float] = {}
    if read_by is not None and _asks(candidates.question):
        chosen = candidates.chosen
        order = scorer.load().word.order
        scores = preferred(chosen, thought)
        heard = hear(scores, order, lambda k: read_by(*marked(chosen[k])))
        likely = moved(likely, heard, order)
    return _Ranking(rows, likely, worths, thought, _product(likely, worths), heard)


def _asks(question: Question) -> bool:
    """Whether it asks about anything: a number alone, or function words, do not."""
    return any(unit.kind in ("name", "word") for unit in question.units)


def _product(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    return [one * other for one, other in zip(ones, others, strict=True)]


def _picks(
    question: Question,
    chosen: Sequence[Candidate],
    order: Sequence[int],
    scores: Sequence[float],
    limit: int,
) -> tuple[Pick, ...]:
    """What is quoted: the best, others that may answer too, and what explains the best."""
    top, best = chosen[order[0]], scores[order[0]]
    reading = top.reading
    # Where the best one says all that is asked, and holds words that answer, another must be good.
    whole = reading.held(top.at) >= _ALL and reading.answer(top.sentence) is not None
    also = _ALSO_THEN if whole else _ALSO
    others = [
        Pick(chosen[k].sentence, scores[k])
        for k in order[1:]
        if scores[k] >= also * best and _adds(question, chosen[k], top)
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
    return tuple(picks)


def _score(
    candidates: Candidates,
    ranking: _Ranking,
    first: int,
    best: int,
    read_by: Read | None,
    *,
    at_most: float,
) -> float:
    """How surely the candidate that goes first answers; `at_most` is the share that may be left.

    The judges and the reader speak of the `best` one, be it that another goes before it, say for
    somebody's whole name.
    """
    question, top = candidates.question, candidates.chosen[first]
    if not _asks(question):
        return 0.0
    said = ranking.heard.get(best)
    if said is None and read_by is not None:  # those that were read fell behind it
        said = read_by(*marked(candidates.chosen[best]))
    score = scorer.load().answered(candidates.of_question(ranking.rows, ranking.ranked), said)
    left = min(ranking.worths[first], at_most)
    if left < 1:
        return score * left
    row = dict(zip(candidates.row_names, ranking.rows[first], strict=True))
    if identified(question, top.sentence) or _attributed(question, row):
        return 1 - (1 - score) * _SURE
    return score


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

"""A sentence that may answer, and which of several is preferred whatever their likeness.

Pure: how likely each is to answer, in; how good each is to quote, out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.evidence import Sentence
from rag.answer.reading import Reading

# From here on a sentence says that what is asked about is so; how good one must be, beside one
# that denies or only plans it, to go before it.
_REAL, _BESIDE_UNREAL = 0.6, 0.4
# What a headline is worth beside a sentence of its article.
_HEADLINE = 0.5
# What a sentence is worth in which the place asked about is not where it happens.
_AWAY = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: where it stands, and in which reading."""

    reading: Reading
    article: int  # by rank of its best hit, from 0
    at: int  # number of the sentence in the reading

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.reading.sentences[self.at]


def preferred(chosen: Sequence[Candidate], ranked: Sequence[float]) -> list[float]:
    """How good each candidate is to quote, from how likely it is to answer.

    Less for a headline, for what is denied or only planned, and for another place than is asked
    about, where another candidate is none of these.
    """
    scores = _less_for_headlines(chosen, ranked)
    return _in_their_places(chosen, _less_for_unreal(chosen, scores))


def _less_for_headlines(chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """The scores, less for what is no whole sentence where its article has one that may answer."""
    whole = {each.article for each in chosen if each.sentence.whole}
    return [
        score * (1.0 if each.sentence.whole or each.article not in whole else _HEADLINE)
        for each, score in zip(chosen, scores, strict=True)
    ]


def _less_for_unreal(chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """The scores, less where what is asked about is denied, left open or only planned.

    Only beside a sentence nearly as good that says it is so.
    """
    real = [each.reading.reality(each.at) for each in chosen]
    best = max((s for s, r in zip(scores, real, strict=True) if r >= _REAL), default=0.0)
    return [
        score * part if part < _REAL and best >= _BESIDE_UNREAL * score else score
        for score, part in zip(scores, real, strict=True)
    ]


def _in_their_places(chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """The scores, less where the place asked about does something and is not where it happens.

    Only if some other sentence has it there: otherwise nothing tells that the place is meant so.
    """
    if not any(each.reading.there(each.at) for each in chosen):
        return list(scores)
    away = [each.reading.elsewhere(each.at) for each in chosen]
    return [score * (_AWAY if out else 1.0) for score, out in zip(scores, away, strict=True)]

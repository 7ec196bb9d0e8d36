"""What a reader is shown of a question and a sentence: the texts, and how far they meet.

A reader of word pieces does not know "menewaskan" for a form of what "tewas" asks about, nor that
the person asked about stands nowhere in the article. What the glossary, the stems and the article
tell of that is marked on the words themselves. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum

from rag.answer.candidate import Candidate
from rag.answer.evidence import Sentence
from rag.answer.question import Unit, analyse
from rag.answer.reading import Reading
from rag.schema import Mark, MarkedText, Metadata, Passage
from rag.text import sentences
from rag.text.language import detect
from rag.text.stems import tokens

# Of a question, what stands before a sentence, and the sentence: the log-odds that it answers.
Read = Callable[[MarkedText, MarkedText, MarkedText], float]

# From here on a match is as good as the word itself, or none to speak of.
_WHOLE, _SOME = 0.9, 0.4


class Asked(IntEnum):
    """Of the words of a question: where what they ask about is; odd of a name, a number, a date."""

    PLAIN = 0
    NAME_HELD = 1  # by the sentence
    WORD_HELD = 2
    NAME_PARTLY = 3
    WORD_PARTLY = 4
    NAME_NEAR = 5  # in the sentences around it
    WORD_NEAR = 6
    NAME_ELSEWHERE = 7  # in the article
    WORD_ELSEWHERE = 8
    NAME_NOWHERE = 9
    WORD_NOWHERE = 10


class Before(IntEnum):
    """Of the words that stand before a sentence."""

    PLAIN = 0
    NAME = 1  # they have a name, a number or a date of the question
    WORD = 2  # or what else it asks about


class Told(IntEnum):
    """Of the words of a sentence; where two hold, the first does."""

    PLAIN = 0
    NAME = 1
    WORD = 2
    ANSWER = 3  # the words that surely answer, if it is answered
    SORT = 4  # of the sort asked for
    NAMED = 5  # any other name
    COUNTED = 6  # any other number or date


def marked(candidate: Candidate) -> tuple[MarkedText, MarkedText, MarkedText]:
    """The question, what stands before the sentence, and the sentence, marked for each other."""
    reading, at = candidate.reading, candidate.at
    before = reading.sentences[at - 1] if at else None
    return (
        MarkedText(reading.question.text, tuple(_asked(reading, at))),
        MarkedText("") if before is None else MarkedText(before.text, tuple(_met(reading, before))),
        MarkedText(candidate.sentence.text, tuple(_told(reading, candidate.sentence))),
    )


def marked_alone(
    question: str, before: str, sentence: str
) -> tuple[MarkedText, MarkedText, MarkedText]:
    """The same of a sentence that stands in no article, but after some text or none."""
    asked = analyse(question, detect(question))
    text = f"{before}\n{sentence}" if before else sentence
    passage = Passage(
        article_id="",
        start=0,
        end=len(text),
        text=text,
        metadata=Metadata(title="", source="", language=detect(text)),
    )
    start = len(text) - len(sentence)
    told = [Sentence(passage, each.start, each.end, 1.0) for each in sentences.spans(text[:start])]
    told.append(Sentence(passage, start, len(text), 1.0))
    reading = Reading(asked, told, dict.fromkeys(asked.units, 1.0))
    return marked(Candidate(reading, 0, len(told) - 1))


def _asked(reading: Reading, at: int) -> Iterator[Mark]:
    """The words of each unit, and where the article has it."""
    text = reading.question.text
    words = tokens(text)
    for unit in reading.question.units:
        kind = _where(reading, unit, at)
        places = [word for word in words if word.text in unit.words]
        if places:
            yield from (Mark(word.start, word.end, kind) for word in places)
        elif (start := text.casefold().find(unit.text.casefold())) >= 0:
            yield Mark(start, start + len(unit.text), kind)


def _where(reading: Reading, unit: Unit, at: int) -> Asked:
    row = reading.direct[unit]
    if row[at] >= _SOME:
        kind = Asked.NAME_HELD if row[at] >= _WHOLE else Asked.NAME_PARTLY
    elif reading.near(unit, at) >= _SOME:
        kind = Asked.NAME_NEAR
    else:
        kind = Asked.NAME_ELSEWHERE if max(row) >= _SOME else Asked.NAME_NOWHERE
    return Asked(kind + (unit.kind == "word"))


def _met(reading: Reading, sentence: Sentence) -> Iterator[Mark]:
    """Where a sentence has what is asked about."""
    for unit in reading.question.units:
        kind = Before.WORD if unit.kind == "word" else Before.NAME
        yield from (Mark(place.start, place.end, kind) for place in sentence.places_of(unit))


def _told(reading: Reading, sentence: Sentence) -> Iterator[Mark]:
    yield from _met(reading, sentence)
    answer = reading.answer(sentence)
    if answer is not None:
        yield Mark(answer.start, answer.end, Told.ANSWER)
    for typed in reading.typed(sentence):
        yield Mark(typed.start, typed.end, Told.SORT)
    for name in sentence.names:
        yield Mark(name.start, name.end, Told.NAMED)
    for number in sentence.numbers:
        yield Mark(number.start, number.end, Told.COUNTED)
    for date in sentence.dates:
        yield Mark(date.start, date.end, Told.COUNTED)

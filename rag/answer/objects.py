"""To what something is done: "Who owns the bakery?" is not told by "he owns the kiosk opposite it".

The words right behind a verb, or before a passive one, are what is done or undergone; where the
question and a sentence share the verb, these are compared. Goes by the order of words, in English
and in Indonesian; pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import sort_of
from rag.answer.voice import Voice, voice
from rag.schema import Span
from rag.text.language import word_set

_MOST = 7  # words of what something is done to
_BREAK = re.compile(r"[.,;:!?\"“”()]|\s[-–—]\s")
# What stands before a noun or a helper, not before a verb.
_NO_VERB = re.compile(
    r"\b(?:the|an?|of|his|her|its|their|our|this|that|these|those|in|on|at|for|with|by|after|before"
    r"|is|are|was|were|be|been|being|\w+['’]s|\w+s['’]|\w+(?:al|ous|ive|ful|ian|ish|ese))\s+\Z",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|siapa(?:kah)?\s+yang)\s+\Z", re.IGNORECASE)
_WORD = re.compile(r"\w[\w'’-]*")
# What goes with a verb, or opens what it is done to.
_OPENING = word_set(
    "up down off out over back away the a an his her its their our my some any all both no more",
    "most about around nearly almost only also para si sang sebuah seorang sejumlah beberapa",
    "sekitar lebih dari hampir seluruh semua",
)
# What ends it: where, when, with what and why come next, or another verb.
_ENDING = word_set(
    "in on at to from for with by of over under into onto after before during since until about",
    "opposite beside near inside outside behind across along toward towards above below amid among",
    "including like worth against between through because as when while who which that whose where",
    "if than but and or",
    "is are was were be been has have had will would can could may did does do said says",
    "di ke dari pada untuk dengan oleh dalam kepada terhadap atas bagi sejak hingga sampai setelah",
    "sesudah sebelum saat ketika karena agar supaya sebagai yang bahwa jika kalau sementara",
    "sedangkan tetapi tapi namun dan atau adalah akan telah sudah masih sedang bisa dapat kata",
    "menurut tentang mengenai soal antara selama usai",
)
_HELPING = word_set(
    "is are was were be been being has have had will would can could may might must should not",
    "never also just recently already did does do akan telah sudah pernah belum tidak sedang masih",
    "juga baru yang",
)


def object_kept(question: Question, sentence: Sentence) -> float:
    """The share of what the question has things done to that the sentence has it done to.

    Summed over the deeds that both tell in a verb with something behind it, or before a passive
    one. Nothing is told by a sentence that has other words there: they may mean the same.
    """
    kept = 0.0
    for deed in question.units:
        if sort_of(deed) != "act" and not _opened(question, deed):
            continue
        asked = _asked(question, deed)
        told = [
            span
            for place in sentence.places_of(deed)
            if asked and (span := _undergone(sentence.text, sentence.language, place)) is not None
        ]
        there = [any(_inside(sentence, unit, span) for span in told) for unit in asked]
        kept += sum(there) / max(1, len(there))
    return kept


def _opened(question: Question, unit: Unit) -> bool:
    """Whether a unit stands right behind "who": then it is a verb, whatever else it may be."""
    return unit.kind == "word" and bool(_WHO.search(question.text[: question.text.find(unit.text)]))


def _inside(sentence: Sentence, unit: Unit, span: Span) -> bool:
    return any(p.start < span.end and span.start < p.end for p in sentence.places_of(unit))


@lru_cache(maxsize=256)
def _asked(question: Question, deed: Unit) -> tuple[Unit, ...]:
    """What the question says that something is done to; every sentence is held against the same."""
    at = question.text.find(deed.text)
    if at < 0:
        return ()
    span = _undergone(question.text, question.language, Span(at, at + len(deed.text)))
    if span is None:
        return ()
    return tuple(
        unit
        for unit in question.units
        if unit != deed and span.start <= question.text.find(unit.text) < span.end
    )


def _undergone(text: str, language: str | None, deed: Span) -> Span | None:
    """The words that tell to what something is done; None where the order does not tell."""
    told: Voice | None = voice(text, language, deed)
    if told is None and language != "id" and not _NO_VERB.search(text[: deed.start]):
        told = "active"  # "who owns", "stole"
    if told == "passive":
        return _before(text, deed.start)
    return _behind(text, deed.end) if told == "active" else None


def _behind(text: str, end: int) -> Span | None:
    close = _BREAK.search(text, end)
    words = list(_WORD.finditer(text, end, close.start() if close else len(text)))
    while words and words[0].group().casefold() in _OPENING:
        words.pop(0)
    return _span(list(takewhile(_goes_on, words))[:_MOST])


def _before(text: str, start: int) -> Span | None:
    begin = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    words = list(_WORD.finditer(text, begin, start))
    while words and words[-1].group().casefold() in _HELPING:
        words.pop()
    return _span(words[-_MOST:])


def _goes_on(word: re.Match[str]) -> bool:
    return word.group().casefold() not in _ENDING


def _span(words: Sequence[re.Match[str]]) -> Span | None:
    return Span(words[0].start(), words[-1].end()) if words else None

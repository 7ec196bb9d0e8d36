"""One article and its sentences, as questions are made of them: what `askable` works with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rag.text import dates, names, numbers, sentences
from rag.text.language import word_set

Language = Literal["en", "id"]
Kind = Literal["who", "when", "how many", "said"]

LONGEST = 13  # words of a question

_SPECIFIC = 8  # words of a question without a name that say enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A question, and what a quote that answers it must hold."""

    question: str
    kind: Kind
    keys: tuple[str, ...]
    sentence: str = ""  # that it was made from; "" where another with the keys does as well


@dataclass(frozen=True)
class Article:
    """A text, its names and its sentences."""

    text: str
    language: Language

    @cached_property
    def names(self) -> list[names.Name]:
        """The names in it, in order."""
        return names.find(self.text)

    @cached_property
    def known(self) -> frozenset[str]:
        """Names beyond doubt: another capital may only be that of a sentence's first word."""
        firsts = {span.start for span in sentences.spans(self.text)}
        return frozenset(
            name.text
            for name in self.names
            if name.kind or " " in name.text or not firsts & {name.start, name.start - 1}
        )

    @cached_property
    def full_names(self) -> dict[str, str]:
        """By its last word, the longest form in which a person's name stands here."""
        best: dict[str, str] = {}
        for name in self.names:
            words = name.text.split()
            # "Ketua KPU Merakandi Irwan Sembodo": what an office is of can stand before a name.
            most = 2 if self.language == "id" and name.title else 3
            if len(words) <= most and len(name.text) > len(best.get(words[-1], "")):
                best[words[-1]] = name.text
        return best

    def tells(self, question: str) -> bool:
        """Whether a question says what it is about: it has a name that is no date, or is long."""
        if len(question.split()) >= _SPECIFIC:
            return True
        for found in reversed(dates.find(question)):
            question = question[: found.start] + question[found.end :]
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question) for name in self.known)

    def sentences(self) -> Iterator[Sentence]:
        """The whole sentences, without the place and day that open a report."""
        for span in sentences.spans(self.text):
            text = self.text[span.start : span.end]
            if not text.endswith((".", '."', ".”")) or len(text) > 400:
                continue
            opening = _DATELINE.match(text)
            at = opening.end() if opening else 0
            yield Sentence(self, span.start + at, text[at:])


_DATELINE = re.compile(
    r"(?:(?:[A-Z][\w.'’/-]*|\d{1,2}|\([^()]{1,40}\))[,.]?\s+){1,8}(?:-{1,2}|[–—])\s+"
)


@dataclass(frozen=True)
class Sentence:
    """A whole sentence of an article."""

    article: Article
    start: int  # in the article's text
    text: str

    @cached_property
    def names(self) -> list[tuple[int, int, names.Name]]:
        """The names in it, with where they stand in it."""
        end = self.start + len(self.text)
        return [
            (name.start - self.start, name.end - self.start, name)
            for name in self.article.names
            if self.start <= name.start and name.end <= end
        ]

    @cached_property
    def dates(self) -> list[tuple[int, int, str]]:
        """The days in it that can be the answer to a "when"."""
        return [
            (found.start, found.end, self.text[found.start : found.end])
            for found in dates.find(self.text)
            if found.precision == "day" and not found.loose
        ]

    @cached_property
    def counts(self) -> list[tuple[int, int, str]]:
        """The numbers in it that count something."""
        return [
            (found.start, found.end, self.text[found.start : found.end])
            for found in numbers.find(self.text)
            if found.kind == "count" and found.unit is None
        ]

    def named(self, start: int, end: int) -> bool:
        """Whether a name stands in this stretch."""
        return any(start <= at and to <= end for at, to, _ in self.names)

    def lowered(self, text: str) -> str:
        """A beginning of a sentence as it is written in the middle of one."""
        first = re.match(r"[\w'’-]+", text)
        if first is None or not first[0][:1].isupper() or first[0][1:2].isupper():
            return text
        if first[0].lower() not in _ARTICLES and any(
            re.match(rf"{re.escape(name.text)}(?!\w)", text)
            and (name.text in self.article.known or not self._common(name.text))
            for name in self.article.names
        ):
            return text
        return text[0].lower() + text[1:]

    def _common(self, word: str) -> bool:
        """Whether a word with a capital is a common one, which a name is seldom like."""
        small = word.lower()
        written_small = re.search(rf"(?<!\w){re.escape(small)}(?!\w)", self.article.text)
        return bool(written_small or _NOUN.fullmatch(small))

    def opens(self, begin: int, at: int) -> bool:
        """Whether nothing but somebody's office stands between `begin` and a name."""
        before = self.text[begin:at].strip()
        return (
            "," not in before
            and len(before) <= 60
            and (all(word[0].isupper() for word in before.split()) or titled(before))
        )


_NOUN = re.compile(r"(?:pe|ke|pu)\w{3,}an|\w{3,}(?:si|tions?|ments?|ings?)")
_ARTICLES = word_set("the a an all some many most")


def cut(text: str, hard: re.Pattern[str], soft: re.Pattern[str], *, most: int) -> str:
    """The clause that `text` begins with, at most so many words; "" where it has no end."""
    stop = hard.search(text)
    text = (text[: stop.start()] if stop else text).rstrip(" .,")
    if len(text.split()) <= most:
        return text
    ends = [found.start() for found in soft.finditer(text)]
    short = [text[:end].rstrip(" ,") for end in ends if 4 <= len(text[:end].split()) <= most]
    return short[-1] if short else ""


def past(opening: re.Pattern[str], text: str) -> int:
    """Where a sentence goes on behind such an opening; 0 when it has none."""
    found = opening.match(text)
    return found.end() if found else 0


def titled(before: str) -> bool:
    """Whether what stands before a name at the beginning of a sentence is what somebody is."""
    words = before.split()
    return (
        0 < len(words) <= 6
        and words[-1].lower() in _OFFICES
        and not any(_NO_OFFICE.fullmatch(word) for word in words)
    )


_OFFICES = word_set(
    "minister president governor mayor secretary director chief commissioner ambassador envoy",
    "executive professor dr mr mrs ms biologist meteorologist spokesman spokeswoman author",
    "coordinator counterpart judge general captain manager engineer farmer prosecutor",
)


_NO_OFFICE = re.compile(r"that|whether|if|when|said|told|[a-z]+ed")  # "denied that Minister"


def last(rest: str) -> tuple[str, ...]:
    """The last capitalised word of a question: what it is about, if it is about a name."""
    capital = re.findall(r"\b[A-Z][\w'’-]+", rest)
    return (capital[-1],) if capital else ()


def speakers(
    sentence: Sentence, after: re.Pattern[str], before: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    """Who speaks in a sentence, by the fullest name of at most three words, and the verb."""
    text = sentence.text
    for at, end, name in sentence.names:
        verb = after.match(text, end) or before.search(text[:at])
        if verb is None or name.kind not in ("person", None):
            continue
        full = sentence.article.full_names.get(name.text.split()[-1], "")
        if (
            " " in full
            and not re.search(r"\b(?:of|for|and|the|dan)\b", full)
            and not text[:at].lower().endswith("the ")
        ):
            yield full, verb["verb"]

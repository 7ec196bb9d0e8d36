"""Whether an answer says what is right: alias match, exact match, token F1, what it must not say.

Looks at the first three sentences only, so that a long answer gains nothing. Asks no model.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from eval.datasets import Question, spaced
from eval.given import Given, GivenStatement
from rag.text import dates, numbers, sentences, stems

SENTENCES = 3  # what a reader looks at

_ARTICLES = frozenset({"a", "an", "the"})
_SQUAD_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MARKS = re.compile(r"(?:\s*\[([0-9]+)\])+\Z")
_MARK = re.compile(r"\[([0-9]+)\]")
_FIELDS = ("year", "month", "day", "weekday", "hour", "minute", "unit", "offset", "quarter")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, or a number or a date with the words that belong to it."""

    word: str = ""
    number: numbers.Number | None = None
    date: frozenset[tuple[str, object]] = frozenset()  # what it states: ("day", 20), ...

    def means(self, other: Token) -> bool:
        """Whether `other`, in an answer, says at least what this one, in an alias, says."""
        if self.date:
            return self.date <= other.date
        if self.number is not None:
            return other.number is not None and _same(self.number, other.number)
        return bool(self.word) and self.word == other.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the first sentences of an answer say."""

    matched: bool  # one of the answers
    violated: bool  # a wrong answer, in a sentence without a right one
    right: bool  # the first sentence that says a right or a wrong answer says a right one


@lru_cache(maxsize=8_192)
def read(text: str) -> tuple[Token, ...]:
    """The words, numbers and dates of a text, so that equal ones are equal.

    Case, accents and punctuation do not matter; "1.208", "1,208" and "seribu dua ratus delapan"
    are one number; "20/8", "20 August" and "20 Agustus" are one date. A weekday beside a day of
    the month is left out: the day says it.
    """
    text = spaced(text)
    found: list[tuple[int, int, Token]] = []
    for mention in dates.find(text):
        stated = {
            (name, getattr(mention, name))
            for name in _FIELDS
            if getattr(mention, name) is not None
            and not (name == "weekday" and mention.day is not None)
        }
        if mention.precision == "decade":
            stated.add(("precision", "decade"))
        if stated:
            found.append((mention.start, mention.end, Token(date=frozenset(stated))))
    found += [(n.start, n.end, Token(number=n)) for n in numbers.find(text)]
    taken = bytearray(len(text))
    for start, end, _ in found:
        taken[start:end] = b"\1" * (end - start)
    found += [
        (token.start, token.end, Token(word=token.text))
        for token in stems.tokens(text)
        if not any(taken[token.start : token.end])
    ]
    return tuple(token for _, _, token in sorted(found, key=lambda each: each[:2]))


def places(text: str, alias: str) -> list[tuple[int, int]]:
    """Where a text says an alias: `[start, end)` in `read(text)`.

    After ALCE's STR-EM (Gao et al., EMNLP 2023), which looks for the normalised alias in the
    normalised answer; here whole words must agree, numbers and dates by what they mean. A date
    of the text may say more than the alias, and a number may have a unit where the alias has
    none. "a", "an" and "the" do not matter, unless hardly more than one would be left.

    >>> places("Ada 1.208 korban pada Selasa (20/8).", "20 August"), places("Oman", "Man")
    ([(4, 5)], [])
    """
    wanted = read(alias)
    bare = tuple(token for token in wanted if token.word not in _ARTICLES)
    if len(bare) > 1 or (bare and bare[0].word == ""):
        wanted = bare
    if not wanted:
        return []
    tokens = read(text)
    ends = ((start, _end(tokens, start, wanted)) for start in range(len(tokens)))
    return [(start, end) for start, end in ends if end is not None]


def _end(tokens: Sequence[Token], at: int, wanted: Sequence[Token]) -> int | None:
    """Where the wanted tokens end when they begin at a place; None when they do not."""
    for number, token in enumerate(wanted):
        while number and at < len(tokens) and tokens[at].word in _ARTICLES and token != tokens[at]:
            at += 1
        if at >= len(tokens) or not token.means(tokens[at]):
            return None
        at += 1
    return at


def holds(text: str, aliases: Iterable[str]) -> bool:
    """Whether a text says one of the aliases."""
    return any(places(text, alias) for alias in aliases)


def said(given: Given) -> tuple[str, ...]:
    """The first three sentences of an answer, without their marks; none of a refusal."""
    if given.outcome != "answered":
        return ()
    if given.statements:
        return tuple(unmarked(given, statement) for statement in given.statements[:SENTENCES])
    return tuple(given.text[s.start : s.end] for s in sentences.spans(given.text)[:SENTENCES])


def unmarked(given: Given, statement: GivenStatement) -> str:
    """A sentence of the answer without the marks behind it."""
    text = given.text[statement.start : statement.end].rstrip()
    marks = _MARKS.search(text)
    if marks and {int(m) for m in _MARK.findall(marks.group())} <= set(statement.markers):
        return text[: marks.start()]
    return text


def judge(question: Question, spoken: Sequence[str]) -> Judgement:
    """What sentences say of the right answers and of the wrong ones that tempt.

    What lies within a longer find of the other kind does not count: "Putra Jaya" does not say
    "Putra". A sentence that says a right answer may name others beside it, as quotes do.
    """
    matched = violated = False
    right: bool | None = None
    for sentence in spoken:
        good = [place for alias in question.answers for place in places(sentence, alias)]
        bad = [place for wrong in question.must_not for place in places(sentence, wrong)]
        says_right = any(not _inside(place, bad) for place in good)
        says_wrong = any(not _inside(place, good) for place in bad)
        matched |= says_right
        violated |= says_wrong and not says_right
        if right is None and (says_right or says_wrong):
            right = says_right
    return Judgement(matched=matched, violated=violated, right=bool(right))


def _inside(place: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a stretch lies within a longer one."""
    start, end = place
    return any(s <= start and end <= e and e - s > end - start for s, e in others)


def _same(one: numbers.Number, other: numbers.Number) -> bool:
    return (
        one.value == other.value
        and (one.kind == "ordinal") == (other.kind == "ordinal")
        and one.unit in (None, other.unit)
    )


def normalised(text: str, *, language: str) -> str:
    """`text` as SQuAD compares it: lower case, no ASCII punctuation, single spaces.

    English loses "a", "an" and "the"; Indonesian has no articles to lose.

    >>> normalised("The  U.S. envoy!", language="en"), normalised("Sang utusan.", language="id")
    ('us envoy', 'sang utusan')
    """
    text = text.lower().translate(_PUNCTUATION)
    if language == "en":
        text = _SQUAD_ARTICLES.sub(" ", text)
    return " ".join(text.split())


def exact_match(prediction: str, answers: Sequence[str], *, language: str) -> float:
    """1 if the prediction is one of the answers, normalised; SQuAD's EM.

    As in SQuAD 2.0, no answers means that only an empty prediction is right, and answers of
    which nothing is left are none. (Rajpurkar et al., EMNLP 2016, ACL 2018.)
    """
    return float(normalised(prediction, language=language) in _wanted(answers, language))


def token_f1(prediction: str, answers: Sequence[str], *, language: str) -> float:
    """The F1 of the prediction's words against those of the best answer; SQuAD's F1.

    Where either has no word left, it is 1 if both have none and else 0.

    >>> round(token_f1("He met Petra Hallgrim.", ["Petra Hallgrim"], language="en"), 4)
    0.6667
    """
    told = normalised(prediction, language=language).split()
    return max(_f1(told, wanted.split()) for wanted in _wanted(answers, language))


def _wanted(answers: Sequence[str], language: str) -> list[str]:
    """The answers, normalised, of which something is left; the empty one if there is none."""
    return [a for a in (normalised(each, language=language) for each in answers) if a] or [""]


def _f1(told: Sequence[str], wanted: Sequence[str]) -> float:
    if not told or not wanted:
        return float(not told and not wanted)
    common = sum((Counter(told) & Counter(wanted)).values())
    return 2 * common / (len(told) + len(wanted))  # 2PR / (P + R), written out


def measures(question: Question, given: Given) -> dict[str, float]:
    """What one answer adds to each measure that applies to its question.

    "match", "em" and "f1" of questions that have an answer; EM and F1 take the first sentence.
    "must_not", 1 for a violation, of those with wrong answers that tempt. "crag" of all: 1 for a
    right answer, 0 for silence, -1 for a wrong one, and any answer is wrong where there is none
    (Yang et al., NeurIPS 2024); "crag.right" and "crag.wrong" are its parts.
    """
    spoken = said(given)
    judged = judge(question, spoken)
    answered = given.outcome == "answered"
    right = question.answerable and answered and judged.right
    values = {
        "crag": float(right) - float(answered and not right),
        "crag.right": float(right),
        "crag.wrong": float(answered and not right),
    }
    if question.answerable:
        first = spoken[0] if spoken else ""
        values["match"] = float(judged.matched)
        values["em"] = exact_match(first, question.answers, language=question.language)
        values["f1"] = token_f1(first, question.answers, language=question.language)
    if question.must_not and given.usable:
        values["must_not"] = float(judged.violated)
    return values

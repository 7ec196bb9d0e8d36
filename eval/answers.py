"""Whether an answer says what is right: alias match, exact match, token F1, what it must not say.

Looks at the first three sentences only, so that a long answer gains nothing. Asks no model.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from eval.datasets import Question, spaced
from eval.given import Given, GivenStatement
from rag.text import dates, numbers, sentences, stems
from rag.text.date_patterns import MONTHS, UNSURE_MONTHS

SENTENCES = 3  # what a reader looks at
JOINED_BY = "…"  # parts an alias that wants all of them: "Israel … Egypt"

_ARTICLES = frozenset({"a", "an", "the"})
_SQUAD_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MARKS = re.compile(r"(?:\s*\[([0-9]+)\])+\Z")
_MARK = re.compile(r"\[([0-9]+)\]")
_FIELDS = ("year", "month", "day", "weekday", "hour", "minute", "unit", "offset", "quarter")
_SAID_BY_THE_DAY = frozenset({"weekday", "side", "part"})  # "Tuesday night, 20 August"
_VERBS = frozenset({"may", "march"})  # in small letters no month
_SIDES = {
    **dict.fromkeys(("lalu", "silam", "kemarin", "last", "past"), "before"),
    **dict.fromkeys(("depan", "mendatang", "nanti", "besok", "next", "coming"), "after"),
    **dict.fromkeys(("ini", "this"), "this"),
}
_PARTS = {  # each with what it may be called in the other language
    **dict.fromkeys(("pagi", "morning"), frozenset({"morning"})),
    "siang": frozenset({"noon", "afternoon"}),
    "afternoon": frozenset({"afternoon"}),
    **dict.fromkeys(("sore", "petang"), frozenset({"afternoon", "evening"})),
    "evening": frozenset({"evening"}),
    **dict.fromkeys(("malam", "night"), frozenset({"evening", "night"})),
    "dini": frozenset({"night", "morning"}),
}
_WORD = re.compile(r"[^\W\d_]+")
_SIDE_AFTER = re.compile(
    r"\)?\s(?:yang\s)?(lalu|silam|kemarin|mendatang|depan|nanti|ini)\b", re.IGNORECASE
)
_MINUS = re.compile(r"(?:(?<!\S)[-−]|\b(?:minus|negatif|negative) )\Z", re.IGNORECASE)
_ARTICLE_FIRST = re.compile(r"(?:\A|[.!?:][\"'”’)]*\s)[\"'“‘(]*A(?=\s[a-z])")
_REPLIES = {  # a word that is a whole answer, and the one that it is the same as
    **dict.fromkeys(("yes", "yeah", "yep"), "yes"),
    **dict.fromkeys(("ya", "iya"), "ya"),
    **dict.fromkeys(("no", "nope"), "no"),
    **dict.fromkeys(("tidak", "tak", "nggak", "enggak"), "tidak"),
    **dict.fromkeys(("sudah", "udah"), "sudah"),
    **dict.fromkeys(("benar", "betul"), "benar"),
    **{word: word for word in ("belum", "bukan")},
}
_NEVER_ELSE = frozenset({"yes", "ya"})  # opens an answer as a reply only, whatever follows
_ONE_WORD = re.compile(r"[\W_]*([^\W\d_]+)[\W_]*")
_OPENING = re.compile(
    r"[\W_]*(?P<word>[^\W\d_]+)(?![\w'’-])(?P<stop>(?!\.\s*\d)\s*(?:[^\w\s]|\Z))?"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, or a number or a date with the words that belong to it.

    A word that may be a month where nothing else tells ("May") is both word and date.
    """

    word: str = ""
    number: numbers.Number | None = None
    date: frozenset[tuple[str, object]] = frozenset()  # what it states: ("day", 20), ...
    capital: bool = False  # of a word

    def means(self, other: Token) -> bool:
        """Whether `other`, in an answer, says at least what this one, in an alias, says."""
        if self.date and other.date and _dated(dict(self.date), dict(other.date)):
            return True
        if self.number is not None:
            if other.number is not None:
                return _same(self.number, other.number)
            # "1442" alone may be any number; "in the year 1442" says it all the same.
            return self.number.unit is None and ("year", self.number.value) in other.date
        if not self.word or self.word != other.word:
            return False
        cased = len(self.word) == 1 or self.word in _VERBS
        return other.capital or not (cased and self.capital)

    @property
    def stated(self) -> int:
        """How much it says, so that of two finds at one place the more exact one counts."""
        if self.number is not None:
            return 1 + (self.number.unit is not None)
        return len(_required(dict(self.date))) or 1


class Place(NamedTuple):
    """Where a text says an alias, `[start, end)` in `read(text)`, and how exactly."""

    start: int
    end: int
    stated: int


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
    are one number; "20/8", "20 August" and "20 Agustus" are one date. What `Token` keeps of
    capitals is for "May", "March" and single letters.
    """
    text = spaced(text)
    found: list[tuple[int, int, Token]] = []
    for mention in dates.find(text):
        stated = _stated(text, mention)
        if stated:
            found.append((mention.start, mention.end, Token(date=stated)))
    for number in numbers.find(text):
        minus = _MINUS.search(text, max(0, number.start - 10), number.start)
        if minus and number.value > 0:
            number = replace(number, start=minus.start(), value=-number.value)  # noqa: PLW2901
        found.append((number.start, number.end, Token(number=number)))
    taken = bytearray(len(text))
    for start, end, _ in found:
        taken[start:end] = b"\1" * (end - start)
    articles = {match.end() - 1 for match in _ARTICLE_FIRST.finditer(text)}
    for token in stems.tokens(text):
        if any(taken[token.start : token.end]):
            continue
        capital = text[token.start].isupper() and token.start not in articles
        month = MONTHS[token.text] if capital and token.text in UNSURE_MONTHS else None
        stated = frozenset({("month", month)} if month else ())
        found.append((token.start, token.end, Token(token.text, date=stated, capital=capital)))
    return tuple(token for _, _, token in sorted(found, key=lambda each: each[:2]))


def _stated(text: str, mention: dates.DateMention) -> frozenset[tuple[str, object]]:
    """What a mention of a date says in so many words."""
    stated: dict[str, object] = {
        name: getattr(mention, name) for name in _FIELDS if getattr(mention, name) is not None
    }
    if mention.precision == "decade":
        stated["precision"] = "decade"
    words = _WORD.findall(text[mention.start : mention.end].lower())
    if mention.kind in ("date", "weekday", "month"):
        after = _SIDE_AFTER.match(text, mention.end)
        before = dates.word_before(text, mention.start).lower()
        asked = [*words, after[1].lower() if after else "", before]
        side = next((_SIDES[word] for word in asked if word in _SIDES), None)
        if mention.offset:
            side = "before" if mention.offset < 0 else "after"
        if side:
            stated["side"] = side
    part = next((_PARTS[word] for word in words if word in _PARTS), None)
    if part and mention.kind != "time":
        stated["part"] = part
    return frozenset(stated.items())


def _required(date: dict[str, object]) -> dict[str, object]:
    """What a text must say for the date of an alias: where there is a day, not its weekday."""
    if "day" not in date:
        return date
    return {name: value for name, value in date.items() if name not in _SAID_BY_THE_DAY}


def _dated(wanted: dict[str, object], other: dict[str, object]) -> bool:
    """Whether a date of a text says all that one of an alias does; it may say more."""
    one, two = wanted.get("part"), other.get("part")
    if isinstance(one, frozenset) and isinstance(two, frozenset) and not one & two:
        return False
    required = _required(wanted)
    return all(
        name in other and (name == "part" or other[name] == value)
        for name, value in required.items()
    )


def places(text: str, alias: str) -> list[tuple[int, int]]:
    """Where a text says an alias: `[start, end)` in `read(text)`.

    After ALCE's STR-EM (Gao et al., EMNLP 2023), which looks for the normalised alias in the
    normalised answer; here whole words must agree, numbers and dates by what they mean.

    * A date of the text may say more than the alias, never less: "Rabu (21/8)" says "Rabu" and
      "in August" says "August", but neither says "21 August 2024". Beside a day of the month
      its weekday, "lalu" and the part of the day are not asked for. Without one they count:
      "on Friday" and "next Friday" do not say "last Friday", nor "Rabu malam" "Rabu pagi".
      "last Friday" says "Friday"; `judge` tells it from one where the other list has it.
    * A number has the unit of the alias, or none: "12 percent" does not say "12". A year says
      its number: "tahun 1442" says "1442".
    * "a", "an" and "the" do not matter, unless hardly more than one would be left. Of a capital
      letter alone, of "May" and of "March", case matters.
    * "Yes", "No", "Ya", "Tidak", "Sudah", "Belum", "Bukan" and "Benar" alone are replies: only
      a text that opens with them says them. "No casualties" is no such opening: but for "yes"
      and "ya", a mark or the end must follow.
    * An alias with "…" wants all of the parts around it, in any order.

    >>> places("Ada 1.208 korban pada Selasa (20/8).", "20 August"), places("Oman", "Man")
    ([(4, 5)], [])
    """
    return [(place.start, place.end) for place in _places(text, alias)]


def _places(text: str, alias: str) -> list[Place]:
    parts = joined(alias)
    if len(parts) > 1:
        found = [_places(text, part) for part in parts]
        return [place for each in found for place in each] if all(found) else []
    if reply := reply_of(alias):
        return [Place(0, 1, 1)] if reply == _opening(text) else []
    wanted = read(alias)
    bare = tuple(t for at, t in enumerate(wanted) if t.word not in _ARTICLES or (at and t.capital))
    if len(bare) > 1 or (bare and bare[0].word == ""):
        wanted = bare
    if not wanted:
        return []
    tokens, stated = read(text), sum(token.stated for token in wanted)
    ends = ((start, _end(tokens, start, wanted)) for start in range(len(tokens)))
    return [Place(start, end, stated) for start, end in ends if end is not None]


def _end(tokens: Sequence[Token], at: int, wanted: Sequence[Token]) -> int | None:
    """Where the wanted tokens end when they begin at a place; None when they do not."""
    for number, token in enumerate(wanted):
        while number and at < len(tokens) and _skipped(token, tokens[at]):
            at += 1
        if at >= len(tokens) or not token.means(tokens[at]):
            return None
        at += 1
    return at


def _skipped(wanted: Token, token: Token) -> bool:
    return token.word in _ARTICLES and not wanted.means(token)


def joined(alias: str) -> tuple[str, ...]:
    """The parts of an alias that wants all of them; the alias alone where it has none.

    >>> joined("Israel … Egypt"), joined("Egypt")
    (('Israel', 'Egypt'), ('Egypt',))
    """
    return tuple(part.strip() for part in alias.split(JOINED_BY) if part.strip())


def reply_of(alias: str) -> str | None:
    """The reply that an alias is, "yes" for "Yes." or "Yeah"; None for any other alias."""
    match = _ONE_WORD.fullmatch(alias)
    return _REPLIES.get(match[1].casefold()) if match else None


def _opening(text: str) -> str | None:
    """The reply that a text opens with, if it does."""
    match = _OPENING.match(text)
    reply = _REPLIES.get(match["word"].casefold()) if match else None
    return reply if match and (reply in _NEVER_ELSE or match["stop"] is not None) else None


def holds(text: str, aliases: Iterable[str]) -> bool:
    """Whether a text says one of the aliases."""
    return any(_places(text, alias) for alias in aliases)


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
    "Putra"; nor does what is less exact at one place: with "last Friday" a wrong answer, it does
    not say "Friday". A sentence that says a right answer may name others beside it, as quotes
    do; but an answer that opens with the wrong reply ("No, ...") is wrong throughout. Parts of
    an alias that wants several may stand in several sentences.
    """
    opening = _opening(spoken[0]) if spoken else None
    if opening and opening in map(reply_of, question.must_not):
        return Judgement(matched=False, violated=True, right=False)
    answers = _sayable(question.answers, spoken)
    must_not = _sayable(question.must_not, spoken)
    matched = violated = False
    right: bool | None = None
    for number, sentence in enumerate(spoken):
        good, bad = (
            [
                p
                for alias in each
                if not (number and reply_of(alias))
                for p in _places(sentence, alias)
            ]
            for each in (answers, must_not)
        )
        says_right = any(not _inside(place, bad) for place in good)
        says_wrong = any(not _inside(place, good) for place in bad)
        matched |= says_right
        violated |= says_wrong and not says_right
        if right is None and (says_right or says_wrong):
            right = says_right
    return Judgement(matched=matched, violated=violated, right=bool(right))


def _sayable(aliases: Iterable[str], spoken: Sequence[str]) -> list[str]:
    """The aliases, in place of each that wants several parts its parts if all of them are said."""
    made: list[str] = []
    for alias in aliases:
        parts = joined(alias)
        if len(parts) < 2 or all(any(holds(each, [part]) for each in spoken) for part in parts):
            made += parts
    return made


def _inside(place: Place, others: Iterable[Place]) -> bool:
    """Whether a stretch lies within a longer one, or within one that states more."""
    start, end, stated = place
    return any(
        s <= start and end <= e and (e - s > end - start or more > stated) for s, e, more in others
    )


def _same(one: numbers.Number, other: numbers.Number) -> bool:
    return (
        one.value == other.value
        and (one.kind == "ordinal") == (other.kind == "ordinal")
        and one.unit == other.unit
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
    plain = (" ".join(joined(each)) for each in answers)
    return [a for a in (normalised(each, language=language) for each in plain) if a] or [""]


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

"""Find the runs of capitalised words in a text that may be names.

Sorts out the capitals that are there for another reason: the start of a sentence, a headline,
a month, a pronoun. Says nothing of what a name names; that is `names`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.schema import Span
from rag.text import dates
from rag.text.language import (
    ENGLISH_NEWS,
    ENGLISH_WORDS,
    INDONESIAN_NEWS,
    INDONESIAN_WORDS,
    word_set,
)
from rag.text.name_words import ACRONYMS, NOT_NAMES, ORGANISATIONS, PLACE_HEADS, PLACES, TITLES
from rag.text.number_words import NUMBER_WORDS


class Token(NamedTuple):
    word: str
    low: str
    start: int
    end: int


class Line(NamedTuple):
    """The words of one sentence, and whether it is a headline, where capitals prove nothing."""

    tokens: list[Token]
    headline: bool

    @staticmethod
    def of(text: str, span: Span) -> Line:
        tokens = _tokens(text, span)
        longer = [token.word for token in tokens if len(token.word) > 3]
        capitals = sum(word[0].isupper() for word in longer)
        titled = capitals >= 2 and (
            capitals == len(longer) or capitals >= max(4, 0.75 * len(longer))
        )
        closed = text[span.end - 1] == "." or (
            len(tokens) > 1 and ":" in text[tokens[0].end : tokens[1].start]
        )
        return Line(tokens, titled and not closed)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the whole text tells about its words before any name is read."""

    small: frozenset[str]  # words that also occur in lower case
    inside: frozenset[str]  # words with a capital inside a sentence, lower-cased
    prose: bool  # whether there is anything but headlines
    claimed: bytearray  # 1 for characters of a date


_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ARABIC = re.compile(r"(?:al|el|ad|an|ar|as|ash|asy|at|az)-[A-Z]")
PARTICLES = word_set(
    "bin binti ibn van von der den de del della da dos du la le el al ad abu ter of"
)
_LEADING = word_set("bin binti ibn abu van von al el")
_ABBREVIATED = word_set(
    "dr prof mr mrs ms hj drs dra ir drg kh lt gen sen rep rev col maj capt sgt st jr sr ny tn moh",
    "muh abd",
)
_NAMES_TOO = word_set("may will")
MUST_SHOUT = word_set("as us uk ri uae uea")  # places only in capitals
_FUNCTION_WORDS = INDONESIAN_WORDS | ENGLISH_WORDS
_COMMON = _FUNCTION_WORDS | INDONESIAN_NEWS | ENGLISH_NEWS
_ORDINARY = re.compile(
    r"(?:mem|men|meng|meny|ber|ter|per|pem|pen|peng|ke|se)[a-z]{3,20}(?:kan|an|nya)\Z"
    r"|(?:mem|meng|meny|ber)[a-z]{4,20}\Z|di[a-z]{4,20}(?:kan|i)\Z|[a-z]{3,20}(?:nya|lah|kah)\Z"
    r"|[a-z]{4,20}(?:tion|tions|ing|ment|ness|ly)\Z"
)
_VERB = re.compile(
    r"(?:me|ber|ter|di)[a-z]{3,20}\Z|[a-z]{2,20}ed\Z|(?:is|was|has|had|will|adalah|telah|sudah|akan"
    r"|tidak|juga|pun|tiba|pergi|ialah|merupakan|bersama)\Z"
)
_ROMAN = re.compile(r"[IVXLC]+\Z")
AGE = re.compile(r" ?\((?:[1-9][0-9])\)|, [1-9][0-9] (?:tahun|years)\b")
_OPENERS = frozenset('"“‘«»:•?!…-–—')
_POSSESSIVE = re.compile(r"['’]s\Z")


def _tokens(text: str, span: Span) -> list[Token]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, span.start, span.end):
        start, word = match.start(), _POSSESSIVE.sub("", match.group())
        halves = word.split("-") if "-" in word else []
        if len(halves) == 2 and any(h.lower() in PLACES and h[0].isupper() for h in halves):
            for half in halves:  # "Gaza-Mesir" names two places
                tokens.append(Token(half, half.lower(), start, start + len(half)))
                start += len(half) + 1
        else:
            tokens.append(Token(word, word.lower(), start, start + len(word)))
    return tokens


def read(text: str, lines: Sequence[Line]) -> Reading:
    small: set[str] = set()
    inside: set[str] = set()
    prose = False
    for tokens, headline in lines:
        prose = prose or not headline
        for i, token in enumerate(tokens):
            if token.word[0].islower():
                small.add(token.word)
            elif i and not headline and _capital(token) and not _opens(text, token):
                inside.add(token.low)
    claimed = bytearray(len(text))
    for mention in dates.find(text):
        claimed[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return Reading(frozenset(small), frozenset(inside), prose, claimed)


def _capital(token: Token) -> bool:
    return token.word[0].isupper() or bool(_ARABIC.match(token.word))


def _opens(text: str, token: Token) -> bool:
    """Whether any word would have a capital here: after a quotation mark, a colon, a dash."""
    return text[max(0, token.start - 2) : token.start].strip()[-1:] in _OPENERS


def run_end(
    text: str, tokens: Sequence[Token], first: int, reading: Reading, *, headline: bool
) -> int:
    """The index after the run of capitalised words that starts at `first`; `first` if none."""
    end = at = first
    while at < len(tokens):
        token = tokens[at]
        if at > first and not _joined(text, tokens[at - 1], token):
            break
        if _capital(token):
            if not _is_name_word(text, tokens, at, first, reading, headline=headline):
                break
            end = at = at + 1
            continue
        if token.word not in PARTICLES and not (
            token.word == "the" and tokens[at - 1].word == "of"
        ):
            break
        if (at == first and token.word not in _LEADING) or at - end >= 3:
            break
        at += 1
    if end == first + 1 and not _stands_alone(text, tokens, first, reading, headline=headline):
        return first
    return end


def _joined(text: str, one: Token, other: Token) -> bool:
    gap = text[one.end : other.start]
    if gap in (" ", "\u00a0", " & "):
        return True
    stopped = len(one.word) == 1 or "." in one.word or one.low in _ABBREVIATED
    return gap in (". ", ".") and stopped


def _is_name_word(
    text: str,
    tokens: Sequence[Token],
    at: int,
    first: int,
    reading: Reading,
    *,
    headline: bool,
) -> bool:
    """Whether a capitalised word may be part of the name that began at `first`."""
    token = tokens[at]
    word, low = token.word, token.low
    if reading.claimed[token.start] or low in NOT_NAMES:
        return False
    if len(word) == 1:  # an initial
        return at > first or text[token.end : token.end + 1] == "."
    if word.isupper() and (
        low in PLACES or low in ACRONYMS or not (headline or _ROMAN.match(word))
    ):
        return True
    if low in _FUNCTION_WORDS or (low in NUMBER_WORDS and (at == first or headline)):
        within = at > first and not headline
        peru = low == "lima" and at and tokens[at - 1].word in ("di", "ke", "in", "from")
        return (low in _NAMES_TOO and within) or bool(peru)
    initial = at == 0 or _opens(text, token)
    if not headline and (at > first or not initial):
        return True
    if low in PLACES and low not in MUST_SHOUT:
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    pair = f"{low} {following.low}" if following else ""
    heads = pair in TITLES or low in TITLES or low in ORGANISATIONS or low in PLACE_HEADS
    if heads and following and not (headline and reading.prose):
        held = _capital(following) and _joined(text, token, following)
        if held or following.word == "of":
            return True
    if low in reading.inside and low not in reading.small:
        return True
    if headline and not reading.prose and at > first:
        return True  # a headline alone: rather too long a name than none
    if low in reading.small or low in _COMMON or _ORDINARY.match(low):
        return False
    return not (headline and reading.prose)


def _stands_alone(
    text: str, tokens: Sequence[Token], at: int, reading: Reading, *, headline: bool
) -> bool:
    """Whether one capitalised word makes a name, when only its place gave it the capital."""
    token = tokens[at]
    if len(token.word) == 1 or (_ROMAN.match(token.word) and len(token.word) < 4):
        return False
    if headline or not (at == 0 or _opens(text, token)):
        return True
    if token.low in PLACES or token.low in reading.inside or token.word.isupper():
        return True
    if AGE.match(text, token.end) or text[token.end : token.end + 1] in ("'", "’"):
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and bool(_VERB.match(following.word))

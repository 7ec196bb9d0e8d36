"""What a question asks for: its units (what must be accounted for) and the kind of its answer.

Pure; knows nothing of passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from rag.text import dates, glossary, names
from rag.text.cues import DENIAL, FUTURE, pattern
from rag.text.dates import DateMention
from rag.text.hasty import written_out
from rag.text.stems import Token, content_words, stem, stop_words, tokens

Kind = Literal[
    "person", "organisation", "place", "date", "number", "money", "reason", "yes_no", "open"
]
UnitKind = Literal["name", "number", "date", "word"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LANGUAGES = ("en", "id")
_ENDINGS = ("", "'s", "’s", "'", "’")  # what a name is written with and found without
_ENDING = re.compile(r"['’]s?\Z")
# Clock times and "yesterday" are matched as words.
_DATED = frozenset({"date", "month", "year", "weekday"})

_PLACES = "city|country|town|province|village|island|region|state"
_TEMPAT = "kota|negara|provinsi|desa|daerah|pulau|kabupaten|wilayah"
_BODIES = "company|party|organisation|organization|agency|team|club|bank"
_BADAN = "perusahaan|partai|organisasi|lembaga|badan|kelompok|tim|klub"


def _pairs(first: str, second: str) -> list[str]:
    """Every word of one list before every word of the other."""
    return [f"{a} {b}" for a in first.split("|") for b in second.split("|")]


# What asks for which kind. The cue that stands first in the question decides; of those that
# begin at the same place, the one listed first.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "reason",
        pattern(
            "mengapa|mengapakah|kenapa|why|how come|what caused|what causes|what led to",
            "apa alasan*|apa sebab*|apa penyebab*|apa yang menyebabkan|what was the cause",
            "what is the cause|what was the reason|what is the reason|penyebab",
        ),
    ),
    (
        "date",
        pattern(
            "kapan|kapankah|bilamana|when|how long ago",
            "what day|what date|what year|what month|what time|what century",
            "which day|which date|which year|which month|which century",
            "tanggal berapa|tahun berapa|hari apa|bulan apa|abad berapa|pukul berapa|jam berapa",
        ),
    ),
    (
        "money",
        pattern(
            "how much money|how much cash|how much does|how much did|how much do|how much was",
            "how much is|how much were|how much will|how much would|berapa harga*|berapa biaya*",
            "berapa nilai*|berapa uang|berapa anggaran*|berapa kerugian*|berapa denda*",
            "berapa tarif*|berapa upah*|berapa gaji*|price of|cost of",
        ),
    ),
    (
        "number",
        pattern(
            "berapa|berapakah|seberapa|how many|how much|how old|how long|how far|how tall",
            "how big|how high|how large|how often|how fast|how wide|how deep|how heavy|how strong",
            "what percentage|what share|what number|what proportion|what was the number",
            "keberapa|ke berapa|kesekian|which time|by how much",
        ),
    ),
    (
        "place",
        pattern(
            "di mana|dimana|dimanakah|ke mana|kemana|dari mana|where",
            *_pairs("what|which", _PLACES),
            *_pairs(_TEMPAT, "mana|apa"),
        ),
    ),
    (
        "organisation",
        pattern(*_pairs("what|which", _BODIES), *_pairs(_BADAN, "mana|apa")),
    ),
    (
        "person",
        pattern(
            "siapa|siapakah|siapanya|who|whom|whose|tokoh mana|menteri mana|presiden mana",
            "which minister|which president|which leader|which player|which king|which official",
        ),
    ),
)
_YES_NO = re.compile(
    r"\W*(?:apakah|adakah|benarkah|is|are|was|were|do|does|did|has|have|had|can|could|will"
    r"|would|should)\b",
    re.IGNORECASE,
)


_ORDINAL = pattern("keberapa|ke berapa|kesekian|which time|what number")


# The question words of Indonesian with the ending that only marks a question.
_ASKING = re.compile(
    r"\b(siapa|apa|berapa|mana|mengapa|kenapa|kapan|dimana|kemana|lama|orang|banyak|besar|luas"
    r"|tinggi|jauh|usia|umur|tahun|tanggal)kah\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing a question is about, that evidence for an answer must account for."""

    text: str
    kind: UnitKind
    words: tuple[str, ...]  # casefolded tokens
    stems: tuple[frozenset[str], ...]  # per word, in both languages
    concepts: frozenset[str]  # of the glossary
    when: DateMention | None = None  # of a date


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart."""

    text: str
    language: str | None
    kind: Kind
    units: tuple[Unit, ...]
    negated: bool
    future: bool


def asking_words(question: str) -> str:
    """The question with its question words in their plain form.

    >>> asking_words("Tahun berapakah ia lahir, dan dmn?")
    'Tahun berapa ia lahir, dan di mana?'
    """
    plain = written_out(question)
    # "Apakah" at the beginning asks whether, and is left.
    return _ASKING.sub(lambda m: m.group() if m[1].casefold() == "apa" else m[1], plain)


def kind_of(question: str) -> Kind:
    """What kind of thing would answer the question; "open" when no rule tells.

    >>> [kind_of(q) for q in ("Who met Blinken?", "berapa korban tewas?", "apa itu GPS?")]
    ['person', 'number', 'open']
    """
    written_out = asking_words(question)
    cues = ((kind, cue.search(written_out)) for kind, cue in _KINDS)
    found = [(m.start(), kind) for kind, m in cues if m]
    if found:
        return min(found, key=lambda f: f[0])[1]
    return "yes_no" if _YES_NO.match(question) else "open"


def asks_ordinal(text: str) -> bool:
    """Whether a question wants to know the how-manieth something is.

    >>> asks_ordinal("Ini kunjungan keberapa?"), asks_ordinal("Berapa orang datang?")
    (True, False)
    """
    return bool(_ORDINAL.search(text))


def analyse(text: str, language: str | None) -> Question:
    """The question's units, in order, and the kind of answer it wants."""
    return Question(
        text=text,
        language=language,
        kind=kind_of(text),
        units=tuple({(u.kind, u.words): u for u in _units(text, language)}.values()),
        negated=bool(DENIAL.search(text)),
        future=bool(FUTURE.search(text)),
    )


def _units(text: str, language: str | None) -> Iterable[Unit]:
    stops = stop_words("en") | stop_words("id")
    words = [w for w in content_words(text) if w.text not in stops]
    matches = glossary.load().find(text, language)
    used: set[int] = set()
    for mention in dates.find(text):
        inside = _within(words, mention.start, mention.end)
        if inside and mention.kind in _DATED:
            used |= {w.start for w in inside}
            yield _unit(text, inside, "date", frozenset(), mention)
    for name in names.find(text):
        inside = [w for w in _within(words, name.start, name.end) if w.start not in used]
        if inside:
            used |= {w.start for w in inside}
            # What one word of a name means ("Pay" in "Orchard Pay") says nothing of the name.
            whole = [
                m
                for m in matches
                if m.start == name.start
                and text[name.end : m.end] in _ENDINGS
                and m.end >= name.end
            ]
            # But "UN Security Council" is the Security Council, whatever is put before it.
            whole = whole or [
                m
                for m in matches
                if name.start < m.start
                and m.end == name.end
                and " " in text[m.start : m.end]
                and text[name.start : m.start].strip().isupper()
            ]
            named = _unit(text, inside, "name", frozenset(m.concept_id for m in whole))
            yield replace(named, text=_ENDING.sub("", named.text))
    phrases = sorted({(m.start, m.end) for m in matches}, key=lambda s: (s[0] - s[1], s[0]))
    for start, end in phrases:
        inside = [w for w in _within(words, start, end) if w.start not in used]
        if len(inside) > 1:
            used |= {w.start for w in inside}
            yield _unit(text, inside, "word", _concepts_in(matches, start, end))
    for word in words:
        if word.start not in used:
            kind: UnitKind = "number" if word.text[0].isdigit() else "word"
            yield _unit(text, [word], kind, _concepts_in(matches, word.start, word.end))


def _concepts_in(matches: Iterable[glossary.ConceptMatch], start: int, end: int) -> frozenset[str]:
    return frozenset(m.concept_id for m in matches if m.start < end and start < m.end)


def unit_of(text: str, kind: UnitKind) -> Unit:
    """A unit of these words, as it would be with no concept of the glossary."""
    return _unit(text, tokens(text), kind, frozenset())


def _unit(
    text: str,
    words: list[Token],
    kind: UnitKind,
    concepts: frozenset[str],
    when: DateMention | None = None,
) -> Unit:
    return Unit(
        text=text[words[0].start : words[-1].end],
        kind=kind,
        words=tuple(w.text for w in words),
        stems=tuple(frozenset(stem(w.text, code) for code in LANGUAGES) for w in words),
        concepts=concepts,
        when=when,
    )


def _within(words: Iterable[Token], start: int, end: int) -> list[Token]:
    # A name is found without the "'s" that its last word is written with.
    return [w for w in words if start <= w.start < end]

"""The spans of a sentence by sort: who, where, when, how many, with the words of each.

Pure; knows nothing of questions. What a clause tells (a reason, a definition) is `told`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from rag.answer.evidence import Sentence
from rag.answer.spans.amounts import ages, counts, durations, measures, of_kind, sums
from rag.answer.spans.places import places
from rag.answer.spans.sought import Grain
from rag.answer.spans.typed import Typed, clean_names, inside, owns
from rag.text.cues import pattern
from rag.text.dates import DateMention

SpanSort = Literal[
    "person",
    "organisation",
    "place",
    "date",
    "time",
    "number",
    "ordinal",
    "measure",
    "percentage",
    "money",
    "duration",
    "age",
]
_MIDNIGHT = pattern(
    "midnight|noon|midday|dawn|dusk|tengah malam|tengah hari|dini hari|subuh|fajar|magrib|maghrib",
)
_FAR_YEAR = re.compile(r"\s[0-9]{3}\b(?![.,]?\d)")
_CENTURY = re.compile(
    r"(?:\b(?:awal|akhir|pertengahan)\s+)?\babad\s+(?:ke-?\s?)?(?:\d+|[IVX]+|pertama)(?:\s+(?:SM|Masehi|M)\b)?"
    r"|\b(?:the\s+)?(?:\d+(?:st|nd|rd|th)|first|second|third)\s+century(?:\s+(?:BCE?|AD|CE)\b)?",
    re.IGNORECASE,
)
_ERA = re.compile(r"\b(?:tahun\s+\d{1,4}|\d{1,4}\s?(?:SM|BCE?|Masehi)|AD\s\d{1,4}|pada \d{3})\b")
_BETWEEN_DATES = re.compile(r"[\s,(]{0,3}\Z")


def spans_of(sentence: Sentence, sort: SpanSort) -> list[Typed]:
    """The spans of a sort that a sentence has, in order."""
    return _FINDERS[sort](sentence)


def as_fine(mention: DateMention, grain: Grain) -> bool:
    """Whether a date is told as finely as it is asked for: no "Tuesday" for "which month"."""
    if mention.kind == "time":
        return False
    if grain == "year":
        return mention.year is not None or mention.unit == "year"
    if grain == "month":
        return mention.month is not None or mention.unit == "month"
    if grain == "day":
        return mention.day is not None or (mention.unit == "day" and mention.weekday is None)
    return mention.precision == "day"


def _people(sentence: Sentence) -> list[Typed]:
    """Persons, and what may be one; whoever is surely a body or a place is left out."""
    found = []
    for name in clean_names(sentence):
        if name.start < sentence.dateline or name.kind in ("place", "organisation"):
            continue
        if name.kind is None and (
            _OF_A_PEOPLE.match(name.text) or _WHERE_AT.search(sentence.text, 0, name.start)
        ):
            continue
        words = len(name.text.split())
        doubt = 0.0 if name.kind == "person" else 1.0 if words > 1 else 4.0
        if words == 1 and name.kind is None and _NAME_BEHIND.match(sentence.text, name.end):
            doubt += 4.0  # "utusan Kaldoria, Petra Hallgrim"
        if name.text.isupper() and len(name.text) > 1:
            doubt += 3.0
        if owns(sentence.text, name.end) and name.kind != "person":
            doubt += 4.0
        found.append(Typed(name.start, name.end, doubt))
    return found


_NAME_BEHIND = re.compile(r",?\s[A-Z]\w+[-\w]*\s[A-Z]")
# "Kaldorian", "Japanese": of a people, and so nobody.
_OF_A_PEOPLE = re.compile(r"[A-Z][a-z]+(?:ian|ese|ish|ean)\Z")


# "At Rasafin", "di Lobar": where, and nobody.
_WHERE_AT = re.compile(r"\b(?:in|at|near|inside|outside|di|dekat)\s+\Z", re.IGNORECASE)


def _bodies(sentence: Sentence) -> list[Typed]:
    found = []
    for name in clean_names(sentence):
        if name.start < sentence.dateline or name.kind == "person":
            continue
        if name.kind is None and _OF_A_PEOPLE.fullmatch(name.text):
            continue  # "the Kestrian radio reporter"
        doubt = {"organisation": 0.0, "place": 8.0}.get(name.kind or "", 1.5)
        found.append(Typed(name.start, name.end, doubt))
    return found


def _dates(sentence: Sentence) -> list[Typed]:
    """Days, months and years; those that stand together are one."""
    found: list[Typed] = []
    for mention in sentence.dates:
        if mention.kind == "time":
            continue
        late = _FAR_YEAR.match(sentence.text, mention.end)
        mention_end = late.end() if late else mention.end  # a year too early to be read as one
        gap = sentence.text[found[-1].end : mention.start] if found else "-"
        if found and _BETWEEN_DATES.match(gap):
            end = mention_end + (1 if "(" in gap and sentence.text[mention_end:][:1] == ")" else 0)
            found[-1] = replace(found[-1], end=end)
        else:
            doubt = 3.0 if mention.precision == "vague" or mention.loose else 0.0
            found.append(Typed(mention.start, mention_end, doubt))
    for cue in (_CENTURY, _ERA):
        more = [Typed(m.start(), m.end()) for m in cue.finditer(sentence.text)]
        found += [m for m in more if not inside(m, found)]
    return sorted(found, key=lambda t: t.start)


def _times(sentence: Sentence) -> list[Typed]:
    found = [Typed(m.start, m.end) for m in sentence.dates if m.kind == "time"]
    words = [Typed(m.start(), m.end(), 2.0) for m in _MIDNIGHT.finditer(sentence.text)]
    return sorted([*found, *(w for w in words if not inside(w, found))], key=lambda t: t.start)


_FINDERS: dict[SpanSort, Callable[[Sentence], list[Typed]]] = {
    "person": _people,
    "organisation": _bodies,
    "place": places,
    "date": _dates,
    "time": _times,
    "number": counts,
    "ordinal": of_kind("ordinal"),
    "measure": measures,
    "percentage": of_kind("percent"),
    "money": sums,
    "duration": durations,
    "age": ages,
}

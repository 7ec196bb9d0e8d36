"""Who stands beside a deed, and on which side: who does it, or to whom it is done.

Names, and posts without one, next to a verb whose voice is told, or whose deed a noun tells:
"tuntutan Hamas". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.question import Question, Unit
from rag.answer.sorts import is_place, sort_of
from rag.answer.voice import voice
from rag.schema import Span
from rag.text import glossary, names
from rag.text.names import Name

Side = Literal["does", "undergoes"]

_BEFORE, _BEHIND = 48, 32  # characters between a verb and who does it, or to whom it is done
_COMMA = 2  # characters between a post and the name it is told with
_BREAK = re.compile(r"[.;:!?\"“”()]|,\s|\s[-–—]\s|\b(?:yang|who|which|that|bahwa)\b", re.IGNORECASE)
_APPOSED = re.compile(r"\A,\s[^,.;:!?]{1,60},\s")  # "Marisol, the bigger of the two, carried"
_PREPOSITION = re.compile(
    r"\b(?:di|ke|dari|pada|kepada|terhadap|untuk|karena|soal|tentang|atas|bagi|in|on|at|to|from"
    r"|for|with|of|against|about|over|inside|near|dengan|bersama|into|onto|through|across|between"
    r"|under|among|within|during|dalam|antara|seputar|mengenai|sejak|since)\s+(?:the\s+|an?\s+)?\Z",
    re.IGNORECASE,
)
POSSESSIVE = re.compile(r"['’]s?\s")
# Nouns of what somebody does, and such as tell as well to whom it is done: "penangkapan".
_HIS = re.compile(r"(?!pe)\w{3,}an(?:nya)?\Z", re.IGNORECASE)
_HIS_OR_OF = re.compile(r"pe\w{3,}an\Z", re.IGNORECASE)
_FOR = re.compile(
    r"\s+(?:untuk|terhadap|atas|soal|tentang|agar|mengenai|kepada|dalam)\b", re.IGNORECASE
)
# What stands before a name that is nobody else's.
_ALONE = re.compile(
    r"(?:\A|[\"“‘(,:]|\b(?:did|do|does|will|would|has|have|had|is|are|was|were|can|could|should|must|by"
    r"|and|or|that|if|why|when|where|how|what|which|who|whom|to|against|for|with|from|on|about|of|in|at"
    r"|mengapa|kenapa|kapan|apakah|apa|bagaimana|gimana|siapa|mana|berapa|yang|yg|oleh|dan|serta|atau"
    r"|akan|bahwa|kepada|terhadap|dengan|soal|tentang|dari|pada|jika|kalau|saat|ketika|setelah|sebelum"
    r"|after|before|menurut|bagi|untuk|the)|\b[A-Z]\w*|\b(?:di|me|ng|ny)\w{4,}|\w+ed)\s*\Z"
)
# A comma that another clause follows.
_NEW_CLAUSE = re.compile(
    r",\s(?:and|but|while|when|as|after|before|because|so|dan|tetapi|namun|sedangkan|ketika|saat|karena)\b",
    re.IGNORECASE,
)
# "Ana won after beating Lea": who beat her is told further before.
_ALONG = re.compile(
    r"\b(?:setelah|sesudah|usai|seusai|sebelum|sambil|seraya|after|before|by|while)\s+(?:\w+ly\s+)?\Z",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(
    r",?\s+(?:who|yang)\s+(?:(?:is|was|has|had|have|will|would|then|later|also|already|been|to|be|sempat|juga|telah|sudah|akan"
    r"|pernah|kemudian|lalu|masih|not|tidak)\s+)*",
    re.IGNORECASE,
)
_HELPER = re.compile(r"\b(?:is|are|was|were|been|being|be|get|gets|got)\b", re.IGNORECASE)
_ACTOR = re.compile(r"\b(?:by|oleh)\s+(?:the\s+|an?\s+)?(?:\w+\s+){0,3}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands beside a deed: a name, or a post without one."""

    start: int
    end: int
    kind: str | None


@lru_cache(maxsize=64)
def asked_parties(question: Question) -> list[Party]:
    """Whom the question names; every sentence is held against the same."""
    found = names.find(question.text)
    named = []
    for unit in question.units:
        for place in in_question(question, unit) if unit.kind == "name" else ():
            kinds = [n.kind for n in found if n.start < place.end and place.start < n.end]
            kind = "place" if is_place(unit) else kinds[0] if kinds else None
            named.append(Name(place.start, place.end, unit.text, kind))
    return parties(question.text, named, glossary.load().find(question.text, question.language))


def parties(
    text: str, named: Sequence[Name], meanings: Sequence[glossary.ConceptMatch]
) -> list[Party]:
    """The names of a text, and the posts that stand beside none of them."""
    shelf = glossary.load()
    alone = {
        (m.start, m.end)
        for m in meanings
        if shelf.concept(m.concept_id).pos == "role"
        and not any(_next_to(text, m, name) for name in named)
    }
    found = [Party(name.start, name.end, name.kind) for name in named]
    return found + [Party(*span, "post") for span in sorted(alone)]


def sided(
    text: str, language: str | None, deeds: Sequence[Span], things: Sequence[Party]
) -> Iterator[tuple[Side, Party]]:
    """The names beside a deed, with the side on which each stands."""
    for deed in deeds:
        told = voice(text, language, deed)
        if told is None:
            owner = _owner(text, language, deed, things)
            if owner is not None:
                yield "does", owner
            continue
        earlier = (t for t in things if t.end <= deed.start)
        before = max(earlier, key=lambda t: t.end, default=None)
        if (
            before is not None
            and not _ALONG.search(text[: deed.start])
            and (
                joined(_APPOSED.sub(" ", text[before.end : deed.start]), _BEFORE)
                or not text[before.end : deed.start].strip(" ,")  # "the mayor, Ana Lee, accused"
                or _closes(text, before, deed)
                or _WHO_DOES.fullmatch(text, before.end, deed.start)  # "Lea, who was arrested"
            )
            and not _PREPOSITION.search(text[: before.start])
            # "Ana ordered an inquiry headed by Lea": the inquiry was headed.
            and (told == "active" or language == "id" or _passive(text, before.end, deed.start))
        ):
            yield ("undergoes" if told == "passive" else "does"), before
        behind = min(
            (t for t in things if t.start >= deed.end), key=lambda t: t.start, default=None
        )
        if behind is None:
            continue
        between = text[deed.end : behind.start]
        if not joined(between, _BEHIND):
            continue
        if told == "passive":
            if _ACTOR.search(between) or (language == "id" and not between.strip()):
                yield "does", behind
        elif not _PREPOSITION.search(between):
            yield "undergoes", behind


def _closes(text: str, who: Party, deed: Span) -> bool:
    """Whether a name between commas tells who does it: "her deputy, Ana Lee, is to leave"."""
    between = text[who.end : deed.start]
    return (
        text[: who.start].endswith(", ")
        and between.startswith(", ")
        and joined(between[2:], _BEHIND)
        and not _NEW_CLAUSE.match(between)
    )


def _passive(text: str, start: int, end: int) -> bool:
    """Whether a helper makes the verb behind it passive, or nothing stands before it."""
    between = text[start:end]
    return not between.strip(" ,") or bool(_HELPER.search(between))


def stands_alone(question: Question, who: Party, deeds: Sequence[Span]) -> bool:
    """Whether a name is who does it, and tells not whose or which: "klub Vesterby", "Norway's"."""
    text = question.text
    between = [
        unit
        for unit in question.units
        if sort_of(unit) == "thing"
        for place in in_question(question, unit)
        for deed in deeds
        if min(who.end, deed.end) <= place.start and place.end <= max(who.start, deed.start)
    ]
    return (
        not between
        and not _modifies(question, who, deeds)
        and not POSSESSIVE.match(text[who.end :])
        and (
            who.kind == "post"
            or any(who.start - deed.end == 1 for deed in deeds)
            or bool(_ALONE.search(text[: who.start]))
        )
    )


def _modifies(question: Question, who: Party, deeds: Sequence[Span]) -> bool:
    """Whether an English name tells which the noun behind it is: "the Sarondo growers"."""
    # "Was the Belgian vet held?": of a land's, whose it is, is told elsewhere.
    return (
        question.language != "id"
        and who.kind != "place"
        and any(
            place.start - who.end == 1
            and not meets(who, [place])
            and not question.text.startswith(" to ", place.end)  # "does Ardania want to keep"
            for unit in question.units
            if unit.kind == "word"
            for place in in_question(question, unit)
            if not any(deed.start < place.end and place.start < deed.end for deed in deeds)
        )
    )


def _owner(text: str, language: str | None, deed: Span, things: Sequence[Party]) -> Party | None:
    """Whose deed a noun tells: "tuntutan Hamas", "penolakan Netanyahu untuk", "Qatar's offer"."""
    word = text[deed.start : deed.end]
    for who in things:
        if language == "id":
            if who.start - deed.end == 1 and (
                _HIS.fullmatch(word) or (_HIS_OR_OF.fullmatch(word) and _FOR.match(text, who.end))
            ):
                return who
        elif who.end < deed.start and (
            POSSESSIVE.fullmatch(text[who.end : deed.start])
            or (who.kind == "place" and deed.start - who.end == 1)  # "the Israeli demand"
        ):
            return who
    return None


def _next_to(text: str, post: glossary.ConceptMatch, name: Name) -> bool:
    """Whether a post stands right before or behind a name: "the mayor, Ana Lee"."""
    between = text[post.end : name.start] if post.end <= name.start else text[name.end : post.start]
    return len(between) <= _COMMA and not between.strip(" ,")


def in_question(question: Question, unit: Unit) -> list[Span]:
    at = question.text.find(unit.text)
    return [Span(at, at + len(unit.text))] if at >= 0 else []


def meets(name: Party, places: Sequence[Span]) -> bool:
    return any(place.start < name.end and name.start < place.end for place in places)


def joined(between: str, reach: int) -> bool:
    """Whether words between somebody and a deed neither part them nor are too many."""
    return len(between) <= reach and not _BREAK.search(between)

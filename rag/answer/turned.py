"""Whether a sentence turns round who does it and to whom it is done.

"Who accused the army?" is not told by "the army accused the Front". Goes by the voice of a verb
that both have and the names next to it, in English and in Indonesian: where the form does not
tell the voice, or a noun tells of the deed, nothing is said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Sentence
from rag.answer.parties import (
    POSSESSIVE,
    Party,
    Side,
    asked_parties,
    in_question,
    joined,
    meets,
    parties,
    sided,
    stands_alone,
)
from rag.answer.question import Question, Unit
from rag.answer.sorts import is_place, sort_of
from rag.answer.voice import voice
from rag.schema import Span
from rag.text.glossary.capitals import capital_of
from rag.text.language import word_set
from rag.text.names import Name
from rag.text.stems import tokens

# Doing these, each does it with the other; and who says what is told elsewhere.
_MUTUAL = word_set(
    "meet negotiate discuss conversation video_call speak summit conference match agreement",
    "conflict war cooperate exchange ceasefire differ marry debate unite sign agree",
)
_RIGHT_BEFORE = 16
_WHERE = re.compile(r"\b(?:in|at|aboard|inside|near|di|dalam)\s+(?:the\s+)?\Z", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with|dengan|bersama|and|dan)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|she|they|it|ia|dia|mereka|beliau)\s+(?:[a-z]+\s+){0,2}\Z", re.IGNORECASE)
_HIM_TOO = re.compile(r"\A(?:me|di|nge|ny)\w+nya\Z", re.IGNORECASE)  # "menuduhnya"
_HIM = re.compile(r"(?:nya)?\s+(?:him|her|them|it|his|their|dia|mereka|beliau|ia)\b", re.IGNORECASE)


def turned(question: Question, sentence: Sentence, before: Sentence | None = None) -> int:
    """How many whom the question names stand on the other side of a deed there, or are replaced.

    A deed counts that both tell. A name counts whose side both tell, and one whose side
    the question tells where the sentence has another there, and not that; or "him", where the
    sentence `before` names others only. That it was another answers whether it was he.
    """
    acts = [u for u in question.units if sort_of(u) == "act"]
    deeds = [u for u in acts if not u.concepts & _MUTUAL]
    whom = [u for u in question.units if u.kind == "name"]
    if not whom or not acts or question.kind == "yes_no":
        return 0
    found = int(len(acts) > len(deeds) and _with_another(question, sentence))
    for deed in deeds:
        asked = _asked_sides(question, deed, whom)
        if asked:
            found += _turned_at(deed, asked, whom, sentence, before)
    return found


def _asked_sides(
    question: Question, deed: Unit, whom: Sequence[Unit]
) -> list[tuple[Unit, frozenset[Side]]]:
    """Those of the question who stand beside a deed, with their sides."""
    at = in_question(question, deed)
    asked = [
        (side, who)
        for side, who in sided(question.text, question.language, at, asked_parties(question))
        if stands_alone(question, who, at)
    ]
    found = []
    for unit in whom:
        its = in_question(question, unit)
        sides = frozenset(side for side, who in asked if meets(who, its))
        if sides:
            found.append((unit, sides))
    return found


def _turned_at(
    deed: Unit,
    asked: Sequence[tuple[Unit, frozenset[Side]]],
    whom: Sequence[Unit],
    sentence: Sentence,
    before: Sentence | None,
) -> int:
    """How many of those whom a question has beside a deed a sentence turns round or replaces."""
    deeds = sentence.places_of(deed)
    there = parties(sentence.text, sentence.names, sentence.meanings)
    told = list(sided(sentence.text, sentence.language, deeds, there))
    mine = dict(asked)
    kept = any(
        side in sides and meets(who, sentence.places_of(unit))
        for unit, sides in asked
        for side, who in told
    )
    found = 0
    for unit, sides in asked:
        # Others of the question who do not stand on its side there.
        others = [
            place
            for other in whom
            if other != unit and not sides & mine.get(other, frozenset())
            for place in sentence.places_of(other)
        ]
        found += _is_turned(unit, sides, told, deeds, others, sentence, kept=kept) or (
            "undergoes" in sides and _was_he(deeds, unit, sentence, before)
        )
    return found


def _is_turned(
    unit: Unit,
    mine: frozenset[Side],
    told: Sequence[tuple[Side, Party]],
    deeds: Sequence[Span],
    others: Sequence[Span],
    sentence: Sentence,
    *,
    kept: bool,
) -> bool:
    places = sentence.places_of(unit)
    if any(_owns(p, deed, sentence) for p in places for deed in deeds):
        return False  # "Hamas's attack", "serangan Hamas", whoever else attacks there, too
    there = {side for side, who in told if meets(who, places)}
    if there:
        return not kept and not mine & there
    for own in mine:
        if any(_pronoun(sentence.text, deed, own) for deed in deeds):
            continue  # "accused her": she may well be the one
        if any(
            side == own
            and (not places or meets(who, others))
            and not _is_seat(unit, sentence.text[who.start : who.end])
            for side, who in told
        ):
            return True
    return False


def _was_he(deeds: Sequence[Span], unit: Unit, sentence: Sentence, before: Sentence | None) -> bool:
    """Whether it is done to "him", whom the sentence before tells to be somebody else."""
    return (
        before is not None
        and any(
            _HIM.match(sentence.text, d.end) or _HIM_TOO.search(sentence.text[d.start : d.end])
            for d in deeds
        )
        and not sentence.places_of(unit)
        and not before.places_of(unit)
        and any(name.kind != "place" and name.start >= before.dateline for name in before.names)
    )


def _is_seat(unit: Unit, name: str) -> bool:
    """Whether a name is the capital of the country that a unit means: Doha decides for Qatar."""
    return name.casefold() in {
        (capital_of(concept) or "").casefold() for concept in unit.concepts
    } - {""}


def _pronoun(text: str, deed: Span, side: Side) -> bool:
    """Whether a pronoun stands where whoever does it would, or to whom it is done."""
    return bool(_HE.search(text[: deed.start]) if side == "does" else _HIM.match(text, deed.end))


def _with_another(question: Question, sentence: Sentence) -> bool:
    """Whether one of two who are asked to have talked is there with somebody else."""
    both = [
        u
        for u in question.units
        if u.kind == "name" and not is_place(u) and not _is_where(question, u)
    ]
    there = [bool(sentence.places_of(u)) for u in both]
    asked = frozenset(w for u in both for w in u.words)
    talks = [
        place
        for unit in question.units
        if unit.concepts & _MUTUAL
        for place in sentence.places_of(unit)
    ]
    return (
        len(both) == 2
        and there.count(True) == 1
        and any(
            (
                name.kind == "person"
                or (name.kind is None and _WITH.search(sentence.text[: name.start]))
                or (name.kind is None and any(_does(sentence.text, name, p) for p in talks))
            )
            and asked.isdisjoint(t.text for t in tokens(name.text))
            for name in sentence.names
        )
    )


def _is_where(question: Question, unit: Unit) -> bool:
    """Whether a name tells where: "in Mombasa", "aboard HMCS Cormorant"."""
    return bool(_WHERE.search(question.text[: question.text.find(unit.text)]))


def _does(text: str, name: Name, deed: Span) -> bool:
    """Whether a name stands right before a deed: "Blinken discussed"."""
    return name.end < deed.start and joined(text[name.end : deed.start], _RIGHT_BEFORE)


def _owns(name: Span, deed: Span, sentence: Sentence) -> bool:
    """Whether a noun tells of the deed as a name's: "serangan Hamas", "Hamas's attack"."""
    if voice(sentence.text, sentence.language, deed) is not None:
        return False
    if sentence.language == "id":
        return name.start - deed.end == 1
    return bool(POSSESSIVE.fullmatch(sentence.text[name.end : deed.start]))

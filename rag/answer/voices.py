"""Whether a sentence turns round who does it and to whom it is done.

"Who accused the army?" is not told by "the army accused the Front". Goes by the voice of a verb
that both have and the names next to it, in English and in Indonesian: where the form does not
tell the voice, or a noun tells of the deed, nothing is said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import is_place, sort_of
from rag.schema import Span
from rag.text import glossary, names
from rag.text.language import word_set
from rag.text.names import Name
from rag.text.stems import tokens

Side = Literal["does", "undergoes"]
Voice = Literal["active", "passive"]

# Doing these, each does it with the other; and who says what is told elsewhere.
_MUTUAL = word_set(
    "meet negotiate discuss conversation video_call speak summit conference match agreement",
    "conflict war cooperate exchange ceasefire differ marry debate unite sign agree",
)

_BEFORE, _BEHIND = 48, 32  # characters between a verb and who does it, or to whom it is done
_RIGHT_BEFORE = 16
_COMMA = 2  # characters between a post and the name it is told with
_BREAK = re.compile(r"[.;:!?\"“”()]|,\s|\s[-–—]\s|\b(?:yang|who|which|that|bahwa)\b", re.IGNORECASE)
_APPOSED = re.compile(r"\A,\s[^,.;:!?]{1,60},\s")  # "Marisol, the bigger of the two, carried"
_BE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|get|got)\s+(?:\w+ly\s+|also\s+|not\s+)?\Z", re.IGNORECASE
)
# "Was the cash hidden", "why were the three men arrested": the helper goes before who is meant.
_BE_AHEAD = re.compile(
    r"\b(?:is|are|was|were)(?:n['’]t)?\s(?:(?!\b(?:who|that|which|and)\b)[^.;:!?,]){1,50}\Z", re.I
)
_HAVE = re.compile(r"\b(?:has|have|had)(?:n['’]t)?\s[^.;:!?,]{0,50}\Z", re.IGNORECASE)
_DO = re.compile(
    r"\b(?:do|does|did|will|would|can|could|must|should|to|may|might)(?:n['’]t)?\s[^.;:!?,]{0,50}\Z",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"(?:\w{2,}(?:ed|wn|ught|old|ung|ilt|ept|ost|uck|orn|oken|osen|iven|aken)"
    r"|sent|paid|left|held|made|met|led|hit|shot|won|cut|put|hid|hidden|said|laid)\Z",
    re.IGNORECASE,
)
_DI = re.compile(r"di[a-z]{4,}\Z", re.IGNORECASE)
_ME = re.compile(r"(?:me|nge|ny)[a-z]{4,}\Z", re.IGNORECASE)
_BY = re.compile(r"\s+(?:\w+\s+){0,4}?(?:by|oleh)\s", re.IGNORECASE)
_LOOSE = re.compile(
    r"\s+(?:in|at|on|from|since|during|after|over|for|with|to|about|under|as)\s", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"\b(?:di|ke|dari|pada|kepada|terhadap|untuk|karena|soal|tentang|atas|bagi|in|on|at|to|from"
    r"|for|with|of|against|about|over|inside|near|dengan|bersama)\s+(?:the\s+|an?\s+)?\Z",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:in|at|aboard|inside|near|di|dalam)\s+(?:the\s+)?\Z", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\s")
# Nouns of what somebody does, and such as tell as well to whom it is done: "penangkapan".
_DOING = re.compile(
    r"\b(menjadi|melakukan|mengadakan|menggelar|melancarkan|memberi|memberikan|mengambil|membuat"
    r"|mengajukan|menyampaikan|melontarkan|mengeluarkan|menjatuhkan|dilakukan|digelar|diadakan)\s+\Z",
    re.IGNORECASE,
)
_HIS = re.compile(r"(?!pe)\w{3,}an(?:nya)?\Z", re.IGNORECASE)
_HIS_OR_OF = re.compile(r"pe\w{3,}an\Z", re.IGNORECASE)
_FOR = re.compile(
    r"\s+(?:untuk|terhadap|atas|soal|tentang|agar|mengenai|kepada|dalam)\b", re.IGNORECASE
)
_HE = re.compile(r"\b(?:he|she|they|it|ia|dia|mereka|beliau)\s+(?:[a-z]+\s+){0,2}\Z", re.IGNORECASE)
_HIM = re.compile(r"(?:nya)?\s+(?:him|her|them|it|his|their|dia|mereka|beliau|ia)\b", re.IGNORECASE)
# What stands before a name that is nobody else's.
_ALONE = re.compile(
    r"(?:\A|[\"“‘(,:]|\b(?:did|do|does|will|would|has|have|had|is|are|was|were|can|could|should|must|by"
    r"|and|or|that|if|why|when|where|how|what|which|who|whom|to|against|for|with|from|on|about|of|in|at"
    r"|mengapa|kenapa|kapan|apakah|apa|bagaimana|gimana|siapa|mana|berapa|yang|yg|oleh|dan|serta|atau"
    r"|akan|bahwa|kepada|terhadap|dengan|soal|tentang|dari|pada|jika|kalau|saat|ketika|setelah|sebelum"
    r"|after|before|menurut|bagi|untuk|the)|\b[A-Z]\w*|\b(?:di|me|ng|ny)\w{4,}|\w+ed)\s*\Z"
)
_WITH = re.compile(r"\b(?:with|dengan|bersama|and|dan)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)
_ACTOR = re.compile(r"\b(?:by|oleh)\s+(?:the\s+|an?\s+)?(?:\w+\s+){0,3}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Somebody:
    """Who stands beside a deed: a name, or a post without one."""

    start: int
    end: int
    kind: str | None


def turned(question: Question, sentence: Sentence) -> int:
    """How many whom the question names stand on the other side of a deed there, or are replaced.

    A deed counts that both tell in a verb. A name counts whose side both tell, and one whose side
    the question tells where the sentence has another of its kind there, and not that. That it was
    another answers whether it was he.
    """
    acts = [u for u in question.units if sort_of(u) == "act"]
    deeds = [u for u in acts if not u.concepts & _MUTUAL]
    whom = [u for u in question.units if u.kind == "name"]
    if not whom or not acts or question.kind == "yes_no":
        return 0
    everyone = _asked_people(question)
    found = int(len(acts) > len(deeds) and _with_another(question, sentence))
    for deed in deeds:
        at = _in_question(question, deed)
        asked = [
            (side, who)
            for side, who in _sided(question.text, question.language, at, everyone)
            if _stands_alone(question, who, at)
        ]
        if not asked:
            continue
        deed_at = sentence.places_of(deed)
        there = _people(sentence.text, sentence.names, sentence.meanings)
        told = list(_sided(sentence.text, sentence.language, deed_at, there))
        for unit in whom:
            its = _in_question(question, unit)
            mine = {(side, who.kind) for side, who in asked if _meet(who, its)}
            # Others of the question who do not stand on its side there.
            others = [
                place
                for other in whom
                if other != unit
                and not {side for side, _ in mine}
                & {side for side, who in asked if _meet(who, _in_question(question, other))}
                for place in sentence.places_of(other)
            ]
            found += _is_turned(unit, mine, told, deed_at, others, sentence) if mine else False
    return found


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
    return 0 < deed.start - name.end <= _RIGHT_BEFORE and not _BREAK.search(
        text[name.end : deed.start]
    )


def _is_turned(
    unit: Unit,
    mine: set[tuple[Side, str | None]],
    told: Sequence[tuple[Side, _Somebody]],
    deeds: Sequence[Span],
    others: Sequence[Span],
    sentence: Sentence,
) -> bool:
    places = sentence.places_of(unit)
    if any(_owns(p, deed, sentence) for p in places for deed in deeds):
        return False  # "Hamas's attack", "serangan Hamas", whoever else attacks there, too
    there = {side for side, who in told if _meet(who, places)}
    if there:
        return not any(side in there for side, _ in mine)
    for own, _ in mine:
        if any(_pronoun(sentence.text, deed, own) for deed in deeds):
            continue  # "accused her": she may well be the one
        if any(side == own and (not places or _meet(who, others)) for side, who in told):
            return True
    return False


def _pronoun(text: str, deed: Span, side: Side) -> bool:
    """Whether a pronoun stands where whoever does it would, or to whom it is done."""
    return bool(_HE.search(text[: deed.start]) if side == "does" else _HIM.match(text, deed.end))


def _stands_alone(question: Question, who: _Somebody, deeds: Sequence[Span]) -> bool:
    """Whether a name is who does it, and tells not whose or which: "klub Vesterby", "Norway's"."""
    text = question.text
    between = [
        unit
        for unit in question.units
        if sort_of(unit) == "thing"
        for place in _in_question(question, unit)
        for deed in deeds
        if min(who.end, deed.end) <= place.start and place.end <= max(who.start, deed.start)
    ]
    return (
        not between
        and not _POSSESSIVE.match(text[who.end :])
        and (who.kind == "post" or bool(_ALONE.search(text[: who.start])))
    )


def _owns(name: Span, deed: Span, sentence: Sentence) -> bool:
    """Whether a noun tells of the deed as a name's: "serangan Hamas", "Hamas's attack"."""
    if voice(sentence.text, sentence.language, deed) is not None:
        return False
    if sentence.language == "id":
        return name.start - deed.end == 1
    return bool(_POSSESSIVE.fullmatch(sentence.text[name.end : deed.start]))


def _meanings(question: Question) -> Sequence[glossary.ConceptMatch]:
    return glossary.load().find(question.text, question.language)


@lru_cache(maxsize=64)
def _asked_people(question: Question) -> list[_Somebody]:
    """Whom the question names; every sentence is held against the same."""
    found = names.find(question.text)
    named = []
    for unit in question.units:
        for place in _in_question(question, unit) if unit.kind == "name" else ():
            kinds = [n.kind for n in found if n.start < place.end and place.start < n.end]
            kind = "place" if is_place(unit) else kinds[0] if kinds else None
            named.append(Name(place.start, place.end, unit.text, kind))
    return _people(question.text, named, _meanings(question))


def _people(
    text: str, named: Sequence[Name], meanings: Sequence[glossary.ConceptMatch]
) -> list[_Somebody]:
    """The names of a text, and the posts that stand beside none of them."""
    shelf = glossary.load()
    alone = {
        (m.start, m.end)
        for m in meanings
        if shelf.concept(m.concept_id).pos == "role"
        and not any(_next_to(text, m, name) for name in named)
    }
    found = [_Somebody(name.start, name.end, name.kind) for name in named]
    return found + [_Somebody(*span, "post") for span in sorted(alone)]


def _next_to(text: str, post: glossary.ConceptMatch, name: Name) -> bool:
    """Whether a post stands right before or behind a name: "the mayor, Ana Lee"."""
    between = text[post.end : name.start] if post.end <= name.start else text[name.end : post.start]
    return len(between) <= _COMMA and not between.strip(" ,")


def _in_question(question: Question, unit: Unit) -> list[Span]:
    at = question.text.find(unit.text)
    return [Span(at, at + len(unit.text))] if at >= 0 else []


def _meet(name: _Somebody, places: Sequence[Span]) -> bool:
    return any(place.start < name.end and name.start < place.end for place in places)


def _sided(
    text: str, language: str | None, deeds: Sequence[Span], things: Sequence[_Somebody]
) -> Iterator[tuple[Side, _Somebody]]:
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
            and (
                _joined(_APPOSED.sub(" ", text[before.end : deed.start]), _BEFORE)
                or not text[before.end : deed.start].strip(" ,")  # "the mayor, Ana Lee, accused"
            )
            and not _PREPOSITION.search(text[: before.start])
        ):
            yield ("undergoes" if told == "passive" else "does"), before
        behind = min(
            (t for t in things if t.start >= deed.end), key=lambda t: t.start, default=None
        )
        if behind is None:
            continue
        between = text[deed.end : behind.start]
        if not _joined(between, _BEHIND):
            continue
        if told == "passive":
            if _ACTOR.search(between) or (language == "id" and not between.strip()):
                yield "does", behind
        elif not _PREPOSITION.search(between):
            yield "undergoes", behind


def _owner(
    text: str, language: str | None, deed: Span, things: Sequence[_Somebody]
) -> _Somebody | None:
    """Whose deed a noun tells: "tuntutan Hamas", "penolakan Netanyahu untuk", "Qatar's offer"."""
    word = text[deed.start : deed.end]
    for who in things:
        if language == "id":
            if who.start - deed.end == 1 and (
                _HIS.fullmatch(word) or (_HIS_OR_OF.fullmatch(word) and _FOR.match(text, who.end))
            ):
                return who
        elif who.end < deed.start and (
            _POSSESSIVE.fullmatch(text[who.end : deed.start])
            or (who.kind == "place" and deed.start - who.end == 1)  # "the Israeli demand"
        ):
            return who
    return None


def _joined(between: str, reach: int) -> bool:
    return len(between) <= reach and not _BREAK.search(between)


def voice(text: str, language: str | None, deed: Span) -> Voice | None:
    """The voice of a verb; None for a noun, or where the form does not tell it."""
    words = text[deed.start : deed.end].split()
    if not words:
        return None
    word, ahead = words[0], text[: deed.start]
    if language == "id":
        light = _DOING.search(ahead)
        word = light[1] if light else word
        return "passive" if _DI.match(word) else "active" if _is_active(word) else None
    if _PARTICIPLE.match(word):
        if _BE.search(ahead[-24:]) or _BY.match(text, deed.end):
            return "passive"
        if _HAVE.search(ahead):
            return "active"
        if _BE_AHEAD.search(ahead):
            return "passive"
        return None if _LOOSE.match(text, deed.end) and len(words) == 1 else "active"
    if word.endswith("ing"):
        return "active" if _BE.search(ahead[-24:]) or _BE_AHEAD.search(ahead) else None
    return "active" if _DO.search(ahead) else None


@lru_cache(maxsize=2_048)
def _is_active(word: str) -> bool:
    """Whether an Indonesian verb is active: "menuduh", and "nuduh" as it is said."""
    said = word[:1] in "nm" and bool(glossary.load().concepts_of(f"me{word}", "id"))
    return said or bool(_ME.match(word))

"""Whose something is: "the Prime Minister of Egypt" is not told by "the Prime Minister of Qatar".

A thing of the question belongs to a name that stands right beside it, behind "of", or before it
with "'s"; a sentence that puts another name there tells of another's. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import is_place, is_post, sort_of
from rag.schema import Span
from rag.text import names
from rag.text.language import word_set

_THE = r"(?:(?:the|kota|negara|provinsi|kabupaten)\s+)?\Z"
_OF = re.compile(
    r"(?:\s+(?:ter\w{3,}|baru|lama|keras|resmi))?"
    r"(?:\s+(?:Presiden|Perdana\s+Menteri|Menteri|Menlu|PM|Gubernur|Bupati|Ketua|Kepala|Emir|Raja)"
    r"(?:\s+[A-Z][\w.]*){0,3})?\s+(?:(?:\w+(?:ing|si|an)\s+)?(?:of|dari|milik)\s+|\w+(?:si|an)\s+|pe\w{5,}\s+)?"
    + _THE,
    re.IGNORECASE,
)
_AT = re.compile(r"\s+(?:at|in|di)\s+" + _THE, re.IGNORECASE)
# A deed told by a noun: "tuntutan Hamas", "Qatar's decision".
_NOUN = re.compile(
    r"(?:(?!me|di|ber|ter)\w{3,}an|pe\w{5,}|\w{3,}tors?|\w{3,}(?:tion|sion|ment|al|ance|ence)"
    r"|(?:demand|claim|visit|call|attack|offer|plan|trip|promise|threat|vote|comment|remark|request)s?)\Z",
    re.IGNORECASE,
)
_OF_A_LAND = re.compile(r"(?:an|ese|ish)\Z")
_BODIES: frozenset[str | None] = frozenset({"organisation", "place", None})
_ALIKE = 5  # letters that two forms of one name share at least
_POSSESSIVE = re.compile(r"(?:['’]s?\s+(?:\w+\s+)?|\s+(?:\w+ing\s+)?)\Z")
_WHO = re.compile(r"\b(?:who|who['’]s|siapa(?:kah)?|is|are|was|were|the)\s+\Z", re.IGNORECASE)
_VERB = re.compile(r"(?:me|di|ber|ter)\w{4,}\Z", re.IGNORECASE)
# "Her Karsund counterpart" has in Karsund the post that is told of somebody else.
_COUNTERPART = re.compile(r"\W+(?:counterpart|sejawat)", re.IGNORECASE)
# What is asked of somebody, and not his alone.
_ASKED = word_set("jabatan pekerjaan profesi pangkat umur usia post job age rank occupation role")
_SAID = re.compile(
    r"(?:comment|remark|statement|speeche?|word)s?|komentar|pernyataan|pidato|ucapan"
)
_LEADERS = word_set("pemimpin ketua kepala leader head chief")
# Behind whose a post is, its holder: ", Odette Kirabo".
_HOLDER = re.compile(r",?\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A thing of a question with whom it belongs to."""

    thing: Unit
    owner: Unit
    at: bool  # joined by "in" or "di"
    # Held or done by one alone: then it is another's beside another's name, though the sentence
    # has the owner, too.
    one: bool
    kinds: frozenset[str | None]  # of the names that may stand where the owner would


def belongs(question: Question, sentence: Sentence) -> tuple[int, int]:
    """How many things of the question the sentence gives to whom the question does, and how many
    to somebody else only.
    """
    kept = turned = 0
    for pair in _pairs(question):
        owners = sentence.places_of(pair.owner)
        rivals = [
            name
            for name in sentence.names
            if name.kind in pair.kinds
            and name.start >= sentence.dateline
            and not _overlap(name.start, name.end, owners)
            and not _akin(name.text, pair.owner)
        ]
        beside_asked = any(_COUNTERPART.match(sentence.text, each.end) for each in owners)
        beside_other = False
        for place in sentence.places_of(pair.thing):
            if any(_beside(sentence.text, place, each) for each in owners):
                beside_asked = True
            elif not _is_verb(pair.thing, sentence, place):
                beside_other |= any(
                    _beside(sentence.text, place, Span(name.start, name.end), at=pair.at)
                    and not _holds(pair.thing, place, name, sentence.text)
                    and (pair.one or not owners or _land(place, name))
                    for name in rivals
                )
        kept += beside_asked
        turned += beside_other and not beside_asked
    return kept, turned


def of_another_land(question: Question, sentence: Sentence) -> bool:
    """Whether a post asked about as one land's is another's there, and the land is not named."""
    return any(
        (is_post(pair.thing) or not _LEADERS.isdisjoint(pair.thing.words))
        and is_place(pair.owner)
        and not sentence.places_of(pair.owner)
        and any(
            name.kind == "place"
            and not _akin(name.text, pair.owner)
            and _beside(sentence.text, place, Span(name.start, name.end))
            for name in sentence.names
            for place in sentence.places_of(pair.thing)
        )
        for pair in _pairs(question)
    )


def _is_verb(thing: Unit, sentence: Sentence, place: Span) -> bool:
    """Whether what is no deed in the question is told by a verb: "gempa", "mengguncang"."""
    word = sentence.text[place.start : place.end]
    return sentence.language == "id" and sort_of(thing) != "act" and bool(_VERB.match(word))


def _land(place: Span, name: names.Name) -> bool:
    """Whether a land stands right beside: "four Brissonian diplomats", "dua pilot Ulmar"."""
    people = name.kind is None and name.end + 1 == place.start and _OF_A_LAND.search(name.text)
    return name.kind == "place" or bool(people)


def _holds(thing: Unit, place: Span, name: names.Name, text: str) -> bool:
    """Whether a name behind a post is its holder's: "Chief executive Helen Stroud blamed".

    "Menteri Pertahanan Rawandu, Odette Kirabo" has whose it is and then its holder.
    """
    return (
        sort_of(thing) != "act"
        and name.kind in ("person", None)
        and 0 < name.start - place.end <= 1
        and not _HOLDER.match(text, name.end)
    )


def _kinds(question: Question, thing: Unit, owner: Unit) -> frozenset[str | None]:
    """The kinds of names that may stand where the owner would: his own, where that is known.

    What people say, want and do is theirs; whose brother one is says who one is.
    """
    held = sort_of(thing) == "act" or is_post(thing) or _is_said(thing)
    every = _BODIES | {"person"} if held else _BODIES
    if sort_of(thing) == "act" or _is_said(thing):
        return every  # a country's demand may be a party's
    if is_place(owner):
        return frozenset({"place", None}) if held else frozenset({"place"})
    own = {
        name.kind
        for name in names.find(question.text)
        if name.kind and any(word in owner.words for word in name.text.casefold().split())
    }
    # Of a name alone, "person" may be a guess; a land's people are told by the land.
    return frozenset(every & (own | {None, "place"})) if own else every


def _akin(name: str, owner: Unit) -> bool:
    """Whether a name and the owner's begin alike: "Kaldorian" and "Kaldoria"."""
    firsts = {word[:_ALIKE] for word in name.casefold().split() if len(word) >= _ALIKE}
    return any(word[:_ALIKE] in firsts for word in owner.words)


def _is_said(thing: Unit) -> bool:
    """Whether a thing is what one alone has said: his comments."""
    return bool(_SAID.fullmatch(thing.words[-1]))


@lru_cache(maxsize=64)
def _pairs(question: Question) -> tuple[_Pair, ...]:
    """The things of the question that belong to somebody; every sentence is held against them."""
    return tuple(
        _Pair(
            thing,
            owner,
            at,
            one=is_post(thing) or sort_of(thing) == "act" or _is_said(thing),
            kinds=_kinds(question, thing, owner),
        )
        for thing, owner, at in _joined(question)
    )


def _joined(question: Question) -> Iterator[tuple[Unit, Unit, bool]]:
    """The things of a question beside a name, with the name, and whether "in" joins them."""
    text = question.text
    for thing in question.units:
        if thing.kind != "word" or (sort_of(thing) == "act" and not _NOUN.match(thing.text)):
            continue
        at = _where(text, thing)
        if at is None or all(word in _ASKED for word in thing.words):
            continue
        for owner in question.units:
            if owner.kind != "name":
                continue
            stands = _where(text, owner)
            if stands is None:
                continue
            if question.language != "id" and sort_of(thing) == "act" and stands.start - at.end == 1:
                continue  # "did Hamas attack Israel?": a verb and to whom it is done
            if _beside(text, at, stands) and not _called(thing, owner, at, stands, text):
                yield thing, owner, False
            elif stands.start >= at.end and _AT.match(text[at.end : stands.start]):
                yield thing, owner, True


def _called(thing: Unit, owner: Unit, at: Span, stands: Span, text: str) -> bool:
    """Whether a post before a name is told of its bearer: "why does historian Lango object?"."""
    return (
        is_post(thing)
        and not is_place(owner)
        and stands.start - at.end == 1
        and not _WHO.search(text[: at.start])
    )


def _where(text: str, unit: Unit) -> Span | None:
    at = text.find(unit.text)
    return Span(at, at + len(unit.text)) if at >= 0 else None


def _beside(text: str, thing: Span, owner: Span, *, at: bool = False) -> bool:
    """Whether an owner stands where what belongs to it has one; `at`: or where it is."""
    if owner.start >= thing.end:
        between = text[thing.end : owner.start]
        return bool(_OF.match(between) or (at and _AT.match(between)))
    return owner.end <= thing.start and bool(_POSSESSIVE.match(text[owner.end : thing.start]))


def _overlap(start: int, end: int, places: list[Span]) -> bool:
    return any(place.start < end and start < place.end for place in places)

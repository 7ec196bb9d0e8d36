"""How well a sentence mentions what a question is about, in its words or in others.

Pure: units and sentences in; 0 to 1 out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.answer.evidence import HEAD, KIN, Sentence, told_by
from rag.answer.question import LANGUAGES, Unit
from rag.text import glossary
from rag.text.cues import COMPANY
from rag.text.dates import DateMention
from rag.text.name_runs import PARTICLES
from rag.text.name_words import ORGANISATIONS
from rag.text.stems import tokens

# What a kindred concept is worth beside the one asked for, and what one that tells of it.
_KIN, _TELLS = 0.85, 0.8
# What a concept is worth that only a word of a longer phrase names: the weapons of "lay down arms".
_INSIDE = 0.8
# Words for bodies; a country is as good as its government.
_BODIES = ORGANISATIONS - {"pemerintah", "government", "administration"}
_BETWEEN = 2  # words that may stand between those of one unit
SHORT, _HALF = 0.9, 0.4  # what the short form of a name is worth, and the lesser half of one


def match(unit: Unit, sentence: Sentence, others: frozenset[str] = frozenset()) -> float:
    """How well a sentence mentions a unit or tells of it in other words, 0 to 1.

    `others` are the concepts of the question's other units: the agreement that is asked about
    tells of no signing, where the question has both.
    """
    share = mentioned(unit, sentence)
    if share < _KIN and _kin(unit, sentence):
        return _KIN
    if (
        unit.kind == "word"
        and share < _TELLS
        and ((told_by(unit.concepts) - others) & sentence.concepts)
    ):
        return _TELLS
    if unit.kind == "word" and share < _INSIDE and unit.concepts & sentence.inside:
        return _INSIDE
    return share


def mentioned(unit: Unit, sentence: Sentence) -> float:
    """How well a sentence mentions a unit, in its words or in those the glossary has for it."""
    if unit.when is not None:
        return max((_same_day(unit.when, said) for said in sentence.dates), default=0.0)
    found = [
        word in sentence.words or bool(stems & sentence.stems) or _alike(word, sentence.heads)
        for word, stems in zip(unit.words, unit.stems, strict=True)
    ]
    share = sum(found) / len(found)
    if unit.kind == "name" and 0 < share < 1:
        # "Kenanga Market" is "Pasar Kenanga".
        found = [
            there or not _means(word).isdisjoint(sentence.concepts)
            for word, there in zip(unit.words, found, strict=True)
        ]
        share = _part_of_name(unit.words, found)
        if share > _HALF and _is_owner(unit.words, found):
            share = _HALF  # "Majelis Umum PBB" is not its "Dewan Keamanan", nor all of it
    elif unit.kind != "name" and (share < 1 or not _together(unit, sentence)):
        share *= 0.7
    return 0.95 if share < 0.95 and unit.concepts & sentence.concepts else share


def _together(unit: Unit, sentence: Sentence) -> bool:
    """Whether the words of a unit stand near each other: trains and a driver are no train drivers.

    One of them may stand in another spelling, whose place is not known.
    """
    if len(unit.words) < 2:
        return True
    places = [
        [n for n, stems in enumerate(sentence.token_stems) if not stems.isdisjoint(wanted)]
        for wanted in unit.stems
    ]
    known = [each for each in places if each]
    reach = len(unit.words) + _BETWEEN
    return len(known) < 2 or any(
        all(any(abs(n - at) < reach for n in each) for each in known[1:]) for at in known[0]
    )


@lru_cache(maxsize=4_096)
def _means(word: str) -> frozenset[str]:
    shelf = glossary.load()
    return frozenset(c for code in LANGUAGES for c in shelf.concepts_of(word, code))


def _part_of_name(words: Sequence[str], found: Sequence[bool]) -> float:
    """What it is worth that a sentence has some words of a name.

    A person is named whole once and by one name after that; the last word is the one that
    stays, in both languages' news; a body's name is put in another order in the other one.
    "Bin" and a first name that many have are nobody's.
    """
    told = [there for word, there in zip(words, found, strict=True) if word not in PARTICLES]
    if not any(told):
        return 0.0
    if all(told):
        return 1.0
    return SHORT if told[-1] or len(told) > 2 else _HALF


def goes_by(unit: Unit, sentence: Sentence) -> bool:
    """Whether a sentence has a name that is a part of the unit's, and no word for anything."""
    return any(
        set(words) < set(unit.words) and not any(map(_means, words))
        for name in sentence.names
        for words in [[t.text for t in tokens(name.text)]]
    )


def _is_owner(words: Sequence[str], found: Sequence[bool]) -> bool:
    """Whether all that was found of a body's name is a country or another body, whose it is."""
    missing = {word for word, there in zip(words, found, strict=True) if not there}
    if not missing & _BODIES:
        return False
    told = " ".join(word for word, there in zip(words, found, strict=True) if there)
    shelf = glossary.load()
    return any(
        shelf.concept(c).pos in ("place", "noun")
        for code in LANGUAGES
        for c in shelf.concepts_of(told, code)
    )


def _same_day(asked: DateMention, said: DateMention) -> float:
    """1 when the text states all that the question does, less when it leaves something out."""
    pairs = [
        (getattr(asked, part), getattr(said, part)) for part in ("year", "month", "day", "weekday")
    ]
    wanted = [pair for pair in pairs if pair[0] is not None]
    if any(one is not None and two is not None and one != two for one, two in pairs):
        return 0.0
    return sum(two is not None for _, two in wanted) / len(wanted) if wanted else 0.0


def _kin(unit: Unit, sentence: Sentence) -> bool:
    """Whether the sentence tells of people together in a way that amounts to the unit."""
    for concept in unit.concepts & KIN.keys():
        alone, together = KIN[concept]
        said = sentence.concepts
        if (alone & said or (together & said and COMPANY.search(sentence.text))) and any(
            name.kind in ("person", None) for name in sentence.names
        ):
            return True
    return False


def _alike(word: str, heads: Mapping[str, Sequence[str]]) -> bool:
    """Whether a long word stands there in another spelling or form ("Khulaifi", "Khulaifi's")."""
    if len(word) < 6 or word[0].isdigit():
        return False
    head = word[: max(HEAD, len(word) - 2)]
    return any(
        w.startswith(head) and abs(len(w) - len(word)) <= 3 for w in heads.get(word[:HEAD], ())
    )

"""Which words of a question are names, told by how the articles write them.

A question is typed in haste, without capitals, or opens with a word that has one only because it
comes first. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rag.answer.capitals import with_cities
from rag.answer.light import is_light
from rag.answer.question import LANGUAGES, Question, Unit, unit_of
from rag.text import glossary
from rag.text.name_words import ORGANISATIONS, PLACE_HEADS, PLACES, TITLES
from rag.text.stems import stop_words

# What a sentence begins behind, so that a capital there tells nothing.
_BEGINNING = re.compile(r"(?:\A|[\n.!?:;\"“”‘'(\[*•–—-])\s*\Z")
# A word with none of the beginnings and endings by which both languages make one of another.
_ROOT = re.compile(
    r"(?!(?:me|di|be|te|pe|ke|se|un|re|mis|dis|over|out)\w{4})[a-z]{4,}"
    r"(?<!ed)(?<!ing)(?<!ly)(?<!er)(?<!ers)(?<!est)(?<!ness)(?<!tion)(?<!ment)(?<!nya)(?<!kan)"
    r"(?<!an)(?<!in)(?<!lah)(?<!kah)(?<!able)(?<!al)(?<!ful)(?<!less)(?<!ous)(?<!ive)(?<!ise)(?<!ize)"
)
_STOPS = stop_words("en") | stop_words("id")
_LAST_WORD = re.compile(r"(\w{3,})\s\Z")
_NEXT_WORD = re.compile(r"\s(\w{3,})\b")
_LETTERS = 5  # of what is written in capitals because it is short for something: "UNRWA"
_BEFORE = 3  # characters in which such a beginning is looked for


def recased(question: Question, texts: Iterable[str]) -> Question:
    """The question with its names known, as far as the texts tell them.

    A country's capital that they name is that city.

    A word that the texts write with a capital wherever they have it is a name there, and so
    it is here, where the question has no capitals or the word comes first in it; two such words
    in a row are one name. A first word that is an ordinary one there is no part of a name.

    >>> from rag.answer.question import analyse
    >>> asked = analyse("who met ana wijaya yesterday", "en")
    >>> [u.text for u in recased(asked, ["They saw Ana Wijaya."]).units if u.kind == "name"]
    ['Ana Wijaya']
    >>> asked = analyse("Lawatan Wijaya berapa lama?", "id")
    >>> [u.text for u in recased(asked, ["Itu lawatan ketiga Wijaya."]).units if u.kind == "name"]
    ['Wijaya']
    """
    text = "\n".join(texts)
    lower = not any(c.isupper() for c in question.text)
    units: list[Unit] = []
    for unit in question.units:
        first = not question.text[: max(0, question.text.find(unit.text))].strip(" \"'“‘(")
        if (unit.text.islower() and _means_names(unit)) or (lower and _is_strange(unit, text)):
            units.append(replace(unit, kind="name"))
        elif unit.kind == "word" and len(unit.words) == 1 and (unit.text.islower() or first):
            if not _is_name(unit, text, lower=lower):
                units.append(unit)
                continue
            before = units[-1] if units else None
            if before is not None and before.kind == "name" and not before.concepts:
                joined = f"{before.text} {unit.text}"
                if joined in question.text and not unit.concepts:
                    units[-1] = replace(
                        before,
                        text=joined,
                        words=before.words + unit.words,
                        stems=before.stems + unit.stems,
                    )
                    continue
            units.append(replace(unit, kind="name"))
        elif unit.kind == "name" and len(unit.words) > 1:
            units.extend(_parted(unit, question.language, text, opens=first))
        else:
            units.append(unit)
    asked = replace(question, units=tuple(_joined(units, question.text, text) if lower else units))
    return with_cities(_with_capitals(asked, text), text)


def _joined(units: list[Unit], asked: str, text: str) -> list[Unit]:
    """The units, each name one with a word beside it that the texts write as its other half.

    "port kellaway" is a town, though a port is a thing; nobody there writes "port Kellaway".
    """
    found = list(units)
    for name in units:
        if name.kind != "name" or name.concepts or name not in found or " " in name.text:
            continue
        at = _word(name.text, re.IGNORECASE).search(asked)
        before = _LAST_WORD.search(asked[: at.start()]) if at else None
        behind = _NEXT_WORD.match(asked[at.end() :]) if at else None
        for pair, half in (
            (f"{before[1]} {name.text}" if before else "", before),
            (f"{name.text} {behind[1]}" if behind else "", behind),
        ):
            if half is None or half[1].casefold() in TITLES | _STOPS:
                continue
            written = {m.group() for m in _word(pair, re.IGNORECASE).finditer(text)}
            # A dateline shouts.
            plain = {each for each in written if not each.isupper()}
            if plain and all(word[0].isupper() for each in plain for word in each.split()):
                found[found.index(name)] = unit_of(pair.title(), "name")
                found = [u for u in found if u.text.casefold() != half[1].casefold()]
                break
    return found


def _with_capitals(question: Question, text: str) -> Question:
    """The question with its names spelt as the texts spell them: who does what goes by names."""
    asked = question.text
    units: list[Unit] = []
    for unit in question.units:
        small = unit.kind == "name" and unit.text.islower()
        at = _word(unit.text).search(asked) if small else None
        if at is None:
            units.append(unit)
            continue
        there = [
            m.group()
            for m in _word(unit.text, re.IGNORECASE).finditer(text)
            if m[0] != m[0].lower()
        ]
        # A dateline shouts: "LORVEN, May 5".
        spelt = next((word for word in there if not word.isupper()), None) or (
            there[0] if there and len(unit.text) <= _LETTERS else unit.text.title()
        )
        if len(spelt) != len(unit.text):
            units.append(unit)
            continue
        asked = asked[: at.start()] + spelt + asked[at.end() :]
        units.append(replace(unit, text=spelt))
    return replace(question, text=asked, units=tuple(units))


def _is_name(unit: Unit, text: str, *, lower: bool) -> bool:
    """Whether the text has the word, and never but with a capital, where that tells something.

    An ordinary word is none, though the text may have it in a name only: the Bronze Age. Nor is
    a word with a capital because it comes first, in the question as in the text: "Menurut siapa".
    """
    if len(unit.text) <= 2 or is_light(unit.words[0]):
        return False
    found = list(_word(unit.text, re.IGNORECASE).finditer(text))
    telling = [
        m for m in found if not _BEGINNING.search(text[max(0, m.start() - _BEFORE) : m.start()])
    ]
    low = unit.text.casefold()
    concepts = frozenset(m.concept_id for m in glossary.load().find(low, None))
    if concepts and not _is_place(concepts, low):
        return False
    if not telling and not lower:
        return False
    return bool(found) and all(m.group()[0].isupper() for m in telling or found)


def _is_strange(unit: Unit, text: str) -> bool:
    """Whether a word is in no text and no list of ours, and has no verb's or noun's ending.

    Whoever types it small means somebody or something by its name: "direktur mossad".
    """
    return (
        unit.kind == "word"
        and len(unit.words) == 1
        and not unit.concepts
        and not is_light(unit.words[0])
        and bool(_ROOT.fullmatch(unit.words[0]))
        and not _word(unit.text, re.IGNORECASE).search(text)
        and not any(_is_known(unit.words[0], code) for code in LANGUAGES)
    )


def _is_known(word: str, language: str) -> bool:
    return bool(glossary.load().concepts_of(word, language)) or word in stop_words(language)


def _parted(unit: Unit, language: str | None, text: str, *, opens: bool) -> list[Unit]:
    """The unit, or its first word and the name behind it, where the texts tell them apart.

    "Lawatan Blinken" at the beginning is a visit and a name; "Doha Blinken" is a place and one.
    """
    opener, _, rest = unit.text.partition(" ")
    low = opener.casefold()
    if not rest or unit.concepts:
        return [unit]
    concepts = frozenset(m.concept_id for m in glossary.load().find(low, language))
    meant = frozenset(
        m.concept_id
        for m in glossary.load().find(rest, language)
        if (m.start, m.end) == (0, len(rest))
    )
    if meant and _is_place(concepts, low):  # "Qatari Foreign Ministry", in whatever language
        place = replace(unit_of(opener, "name"), concepts=concepts)
        return [place, replace(unit_of(rest, "name"), concepts=meant)]
    if (
        low in ORGANISATIONS | PLACE_HEADS | TITLES
        or _word(unit.text).search(text)
        or not _word(rest).search(text)
    ):
        return [unit]
    if _is_place(concepts, low):
        return [replace(unit_of(opener, "name"), concepts=concepts), unit_of(rest, "name")]
    if opens and (concepts or _word(low).search(text)):
        return [replace(unit_of(opener, "word"), concepts=concepts), unit_of(rest, "name")]
    return [unit]


def _means_names(unit: Unit) -> bool:
    """Whether it means a place, or is a word that nobody writes small: "hamas"."""
    shelf = glossary.load()
    meant = [shelf.concept(c) for c in unit.concepts]
    return (
        unit.kind == "word"
        and bool(meant)
        and all(c.pos == "place" or (len(unit.words) == 1 and _is_named(c)) for c in meant)
    )


def _is_named(concept: glossary.Concept) -> bool:
    return all(form[0].isupper() for code in LANGUAGES for form in concept.forms(code))


def _is_place(concepts: frozenset[str], low: str) -> bool:
    shelf = glossary.load()
    return low in PLACES or any(shelf.concept(c).pos == "place" for c in concepts)


def _word(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", flags)

"""Which part of a question found nothing: what no article mentions, what is not told together.

Pure: the question taken apart, passages and counts in; what a refusal names out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.answer.asking import Kind
from rag.answer.classes import CLASSES
from rag.answer.evidence import Sentence, read
from rag.answer.extract import Evidence
from rag.answer.matching import mentioned
from rag.answer.question import Question, Unit
from rag.schema import Hit
from rag.text import glossary
from rag.text.language import word_set

# Of a unit's words, in a sentence that is said to mention it; of a name not its first alone.
_MENTIONED, _NAMED = 0.5, 0.7
_REACH = 1  # sentences on either side that are still the same place
# What a reader does or wants done, and the things it is done with: no part of what is asked about.
_ASKING = word_set(
    "ask asks asked say says said tell tells told list lists name names write mention mentions",
    "mentioned explain show describe give find know think article articles story news report",
    "reports answer question happen happens happened date day time thing things anything",
    "something information detail details please according summary summarise summarize call called",
    "state states stated talk talks compare difference many much often long",
    "sebut sebutkan disebut disebutkan menyebut menyebutkan jelaskan ceritakan tuliskan tulis kata",
    "mengatakan katakan berkata bilang dikatakan cari carikan tampilkan tunjukkan beri berikan",
    "artikel artikel-artikel berita berita-berita laporan tulisan terjadi kejadian tanggal hari",
    "tanya bertanya jawab jawaban pertanyaan tahu informasi info detail tolong menurut menurutmu",
    "pendapatmu ringkas ringkasan rangkum buat buatkan bandingkan perbedaan beda hal jumlah",
    "bernama nama dimaksud maksud saja",
)


@dataclass(frozen=True, slots=True)
class Speech:
    """Whose words are asked for, and about what."""

    speaker: str
    about: str | None
    acts: bool = False  # how somebody reacted, which need not be in words


@dataclass(frozen=True, slots=True)
class Lacking:
    """What of a question is not accounted for where an answer would stand, in its own words."""

    absent: tuple[str, ...] = ()  # no article mentions it
    apart: tuple[str, ...] = ()  # mentioned, but not near the closest sentence
    others: tuple[str, ...] = ()  # near it, and nowhere together with what is apart
    articles: bool = False  # whether no one article even mentions both
    speech: Speech | None = None  # nobody is quoted who is asked about
    kind: Kind | None = None  # all of it is there but what is asked for: a date, a person


def parts(units: Sequence[Unit]) -> list[Unit]:
    """The units that are about something.

    Not the verbs of asking, nor the words for articles, nor, beside others, such as "countries".
    """
    found = [
        unit
        for unit in units
        if unit.kind != "word" or not all(w in _ASKING or len(w) < 2 for w in unit.words)
    ]
    return [u for u in found if not CLASSES.issuperset(u.words)] or found


def lacking(
    question: Question,
    evidence: Evidence,
    hits: Sequence[Hit],
    held: Mapping[Unit, int] | None = None,
) -> Lacking:
    """What nothing near the closest sentence accounts for.

    `hits` are the passages looked at, the more the better; `held` tells in how many passages of
    the whole library a unit's words stand.
    """
    units = _by_place(parts(question.units), question.text)
    places = _places(units, hits)
    seen = {u for place in places for u in place.units}
    absent = [u for u in units if u not in seen and not (held or {}).get(u)]
    # A part of a name that is missing says nothing of the rest of the name.
    said = tuple(_joined(absent, question.text))
    found = [u for u in units if u not in absent]
    if not evidence.picks:
        return Lacking(absent=said)
    closest = evidence.picks[0].sentence
    near = next((p.units for p in places if p.holds(closest)), frozenset())
    away = _telling([u for u in found if u not in near], question.text)
    beside = _telling([u for u in found if u in near], question.text)
    if not away or not beside:
        whole = found and all(u in near for u in found)
        kind = question.kind if whole and not absent else None
        return Lacking(absent=said, kind=kind)
    others = [
        u for u in beside if not any(u in p.units and not p.units.isdisjoint(away) for p in places)
    ]
    articles = _articles(places)
    never = bool(others) and not any(
        not found.isdisjoint(away) and not found.isdisjoint(others) for found in articles
    )
    if absent and not others:
        return Lacking(absent=said)  # which is enough to tell
    return Lacking(
        absent=said,
        apart=tuple(_joined(away, question.text)),
        others=tuple(_joined(others, question.text)),
        articles=never,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence with those beside it, and the units that they mention."""

    sentence: Sentence
    units: frozenset[Unit]

    def holds(self, sentence: Sentence) -> bool:
        mine = self.sentence
        return (mine.passage.article_id, mine.start) == (
            sentence.passage.article_id,
            sentence.start,
        )


def _places(units: Sequence[Unit], hits: Sequence[Hit]) -> list[_Place]:
    places: list[_Place] = []
    for article in read(hits):
        own = [frozenset(u for u in units if mentioned(u, s) >= _enough(u)) for s in article]
        for i, sentence in enumerate(article):
            around = own[max(0, i - _REACH) : i + _REACH + 1]
            places.append(_Place(sentence, frozenset().union(*around)))
    return places


def _enough(unit: Unit) -> float:
    return _NAMED if unit.kind == "name" else _MENTIONED


def _articles(places: Iterable[_Place]) -> list[frozenset[Unit]]:
    """What each article mentions."""
    found: dict[str, frozenset[Unit]] = {}
    for place in places:
        name = place.sentence.passage.article_id
        found[name] = found.get(name, frozenset()) | place.units
    return list(found.values())


def _telling(units: Sequence[Unit], text: str) -> list[Unit]:
    """The names, numbers and dates among some units; where there are none, the nouns."""
    named = [
        u
        for u in units
        if u.kind != "word" or (u.text[0].isupper() and not text.startswith(u.text))
    ]
    return named or [u for u in units if _is_noun(u)]


def _is_noun(unit: Unit) -> bool:
    """Whether a word may name a thing: it has no meaning that is known, or that of a noun."""
    kinds = {glossary.load().concept(c).pos for c in unit.concepts}
    return not kinds or bool(kinds & {"noun", "role", "place"})


def _by_place(units: Iterable[Unit], text: str) -> list[Unit]:
    """Units in the order of the question."""
    return sorted(units, key=lambda u: text.find(u.text))


def _joined(units: Sequence[Unit], text: str) -> list[str]:
    """The words of some units; capitalised ones side by side are one: "World Cup"."""
    said: list[str] = []
    for unit in units:
        both = f"{said[-1]} {unit.text}" if said else ""
        if both and both in text and said[-1][0].isupper() and unit.text[0].isupper():
            said[-1] = both
        elif unit.text not in said and not re.search(
            rf"(?<!\w){re.escape(unit.text)}(?!\w)", " ".join(said)
        ):
            said.append(unit.text)
    return said

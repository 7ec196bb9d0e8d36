"""What a question asks to be told of something: its price, somebody's age, post or whole name.

"What is Al Khulaifi's position?" is answered by "Minister of State Mohammed Al Khulaifi", in which
no word means position: the form of what stands there tells, not a word. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.spans.told import reason_told
from rag.text import glossary
from rag.text.cues import pattern

# Characters between somebody and what he is: "Minister of State at the Foreign Ministry, X".
_AHEAD, _BEHIND = 60, 25
_PARTICLE = 2  # letters of "al" and "de", which many names share
_SAID_BY = pattern(
    "menurut|mengutip|dikutip|kutip|dilansir|melansir|data|laporan|sumber|berdasarkan|pernyataan",
    "according to|citing|cited|quoted|quoting|data|source|sources|report|based on|told|statement",
)
_AGED = re.compile(
    r"\(\s*\d{1,3}\s*(?:\)|tahun|th)|,\s*\d{1,3},"
    r"|\b\d{1,3}\s*-?\s*(?:tahun|year-?\s?old|years old)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\w\s+\(([A-Z][A-Za-z]*[A-Z])\)|\b([A-Z][A-Za-z]*[A-Z])\s+\(\w+\s\w")

Told = Callable[[Question, Unit, Sentence], bool]


def _post(question: Question, unit: Unit, sentence: Sentence) -> bool:
    """Somebody asked about has a title there, or a word for what he does stands beside him."""
    asked = {w for u in question.units if u is not unit for w in u.words}
    named = [n for n in sentence.names if not asked.isdisjoint(_words(n.text))]
    shelf = glossary.load()
    roles = [m for m in sentence.meanings if shelf.concept(m.concept_id).pos == "role"]
    return any(name.title is not None for name in named) or any(
        0 <= name.start - role.end <= _AHEAD or 0 <= role.start - name.end <= _BEHIND
        for name in named
        for role in roles
    )


def _words(name: str) -> set[str]:
    return {word for word in name.casefold().split() if len(word) > _PARTICLE}


def _name(question: Question, unit: Unit, sentence: Sentence) -> bool:
    """There is a name that the question does not give; a whole one, if it asks for that."""
    asked = {w for u in question.units for w in u.words}
    whole = len(unit.words) > 1
    return any(
        not asked.issuperset(words) and (len(words) > 1 or not whole)
        for words in (name.text.casefold().split() for name in sentence.names)
    )


def _long_form(question: Question, unit: Unit, sentence: Sentence) -> bool:
    """An acronym asked about stands in brackets behind what it stands for, or before it."""
    shorts = {u.words[0] for u in question.units if u is not unit and len(u.words) == 1}
    return any(
        not shorts.isdisjoint(part.casefold() for part in found.groups() if part)
        for found in _ACRONYM.finditer(sentence.text)
    )


def _age(_: Question, __: Unit, sentence: Sentence) -> bool:
    return bool(_AGED.search(sentence.text))


def _price(_: Question, __: Unit, sentence: Sentence) -> bool:
    return any(n.kind == "money" for n in sentence.numbers)


def _duration(_: Question, __: Unit, sentence: Sentence) -> bool:
    return any(n.kind == "duration" for n in sentence.numbers)


def _share(_: Question, __: Unit, sentence: Sentence) -> bool:
    return any(n.kind == "percent" for n in sentence.numbers)


def _day(_: Question, __: Unit, sentence: Sentence) -> bool:
    return bool(sentence.dates)


def _source(_: Question, __: Unit, sentence: Sentence) -> bool:
    return bool(_SAID_BY.search(sentence.text))


def _ordinal(_: Question, __: Unit, sentence: Sentence) -> bool:
    return any(n.kind == "ordinal" for n in sentence.numbers)


def _cause(_: Question, __: Unit, sentence: Sentence) -> bool:
    return reason_told(sentence.text) > 0


# By the words that ask, how a sentence tells; both languages.
_ASKED: tuple[tuple[str, Told], ...] = (
    ("jabatan jabatannya position post title role rank pangkat occupation profession job", _post),
    ("name names named nama namanya bernama identity identitas", _name),
    (
        "abbreviation acronym singkatan akronim kependekan kepanjangan stand stands short",
        _long_form,
    ),
    ("age aged old usia umur usianya umurnya berusia berumur", _age),
    ("price cost costs worth value harga biaya nilai harganya biayanya nilainya fee", _price),
    ("duration length lasting long lama lamanya durasi last lasted", _duration),
    ("percentage percent share proportion persen persentase", _share),
    ("date day year month tanggal hari tahun bulan", _day),
    ("source sources origin sumber sumbernya asal berasal source", _source),
    ("keberapa kesekian", _ordinal),
    ("reason cause alasan penyebab sebab alasannya penyebabnya", _cause),
)


@lru_cache(maxsize=1)
def _by_word() -> Mapping[str, Told]:
    return {word: told for words, told in _ASKED for word in words.split()}


def told_by_form(question: Question, unit: Unit, sentence: Sentence) -> bool:
    """Whether the sentence tells what this word of the question asks for, in no word for it.

    Its post: "Menteri Negara Al Khulaifi"; its age: "(45)"; what it stands for: "Badan ... (BIN)".
    """
    if unit.kind != "word":
        return False
    for word in unit.words:
        told = _by_word().get(word) or _by_word().get(word.removesuffix("nya"))
        if told is not None:
            return told(question, unit, sentence)
    return False

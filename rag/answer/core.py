"""What a question chiefly asks: its words but those that only tell where, when or of whom.

"Why was the *strike* at the hospital in Marendo *cancelled*?" is answered by a sentence about why
that was; the hospital need only stand somewhere in the article. Pure.
"""

from __future__ import annotations

import re

from rag.answer.question import Question, Unit
from rag.answer.sorts import sort_of
from rag.text.language import word_set

_WORD = re.compile(r"[\w'’-]+")
_ASKING = re.compile(
    r"(?:who|what|which|when|where|why|how|whom|whose|siapa|apa|mana|kapan|mengapa|kenapa|bagaimana"
    r"|berapa)(?:kah|nya)?"
)
_ASKED_UNTIL = 4  # words; a second one there is of the asking too: "di kota mana"
# They open what only tells where, when or with what it was; a deed behind that is asked about
# again: "the strike at the hospital in Marendo *was cancelled*". Not "to": "agreed to pay".
_BESIDE = word_set(
    "in on at near from of during for with by about over under between against into off through",
    "among within outside inside across behind after before since until toward towards despite",
    "because demi di pada dari ke dalam untuk dengan oleh selama terhadap antara bagi kepada soal",
    "tentang menurut buat akibat sejak sebelum setelah usai hingga sampai terkait atas seputar",
)
# They open a clause that lasts until the question ends.
_CLAUSE = word_set(
    "when while that which who whose whom where if as because after before since although ketika",
    "saat yang karena jika bila sewaktu setelah sebelum usai sejak",
)


def core(question: Question) -> tuple[Unit, ...]:
    """The words that a question chiefly asks about, in its order; all of them if that is none.

    No names, numbers or dates: articles say those where they begin.
    """
    text = question.text.casefold()
    units = {text.find(unit.text.casefold()): unit for unit in reversed(question.units)}
    chief: list[Unit] = []
    beside = clause = asked = False
    words = behind = 0  # words of the question so far; units behind the last preposition
    for number, found in enumerate(_WORD.finditer(text)):
        word, unit = found.group(), units.get(found.start())
        if _ASKING.fullmatch(word) and (not asked or number < _ASKED_UNTIL):
            asked, beside, clause = True, False, False
            continue
        if number > 1 and word in _CLAUSE and words:
            # "Berapa siswa yang dirawat" asks of those in hospital.
            beside, clause = False, not (word == "yang" and words == 1)
        elif number and word in _BESIDE and not clause:
            beside, behind = True, 0
        elif unit is not None:
            if beside and behind and sort_of(unit) == "act":
                beside = False
            words += unit.kind == "word"
            behind += 1
        if unit is not None and unit.kind == "word" and not beside and not clause:
            chief.append(unit)
    return tuple(chief) or tuple(units[at] for at in sorted(units) if units[at].kind == "word")

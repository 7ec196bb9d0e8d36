"""What only its own kind of word tells of a thing: its colour, make, title or name.

"What make of car was seized?" is not told by a sentence about a seized car. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.answer.evidence import Sentence
from rag.answer.question import Question
from rag.answer.quoting import only_says

_TRAITS = {
    "colour": "colour|color|warna",
    "make": "make|brand|model|merek|merk",
    "title": "song|title|headline|poem|lagu|judul|puisi",
    "menu": "menu|dish|dishes|hidangan",
    "name": "name|nama|namanya",
}
_ASKED = {
    trait: re.compile(
        rf"\b(?:what|which)\s+(?:(?:is|was|were|are|['’]s)\s+)?(?:the\s+)?(?:\w+\s+)?(?:{words})\b(?!\s+(?:does|did|do)\s+(?:\w+\s+){{1,4}}(?:hold|have|mean)\b)"
        rf"|\b(?:{words})\s+(?:\w+\s+)?(?:apa|mana|siapa)\b|\bapa(?:kah)?\s+(?:{words})\b"
        rf"|\A\W*(?:the\s+)?(?:{words})\s+of\b",
        re.IGNORECASE,
    )
    for trait, words in _TRAITS.items()
}
_LAND = re.compile(
    r"\b(?:country|city|town|village|island|state|province|negara|kota|kabupaten|provinsi|desa|pulau|daerah|ibu\s*kota)\b",
    re.IGNORECASE,
)
# "The dinar is the currency of": what it is called.
_IS = re.compile(
    r"\b(?:adalah|ialah|merupakan|yaitu|yakni|disebut|(?:is|was|are)\s+(?:an?|the|one)\b)",
    re.IGNORECASE,
)
_COLOURS = re.compile(
    r"\b(?:red|white|black|blue|green|yellow|orange|purple|brown|gr[ae]y|pink|silver|gold(?:en)?|beige|maroon|turquoise"
    r"|merah|putih|hitam|biru|hijau|kuning|jingga|ungu|cokelat|coklat|abu-abu|kelabu|perak|emas|krem|colou?r\w*|\w*warna\w*)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“‘'”][^\"“”‘]{2,60}[\"”’']")
_TITLED = re.compile(
    r"\b(?:[Ss]ongs?|[Tt]itled|[Ee]ntitled|[Hh]eadlined|[Pp]oem|[Ll]agu|[Bb]erjudul|[Bb]ertajuk|[Jj]udul|[Pp]uisi|[Hh]ymn|[Aa]nthem"
    r"|[Ss]ang|[Ss]inging|[Mm]enyanyikan|[Cc]alled|[Nn]amed)\s+[\"“‘']?[A-Z]"
)
_MENU = re.compile(
    r"\b(?:menus?|dish(?:es)?|dined\s+on|served|ate|eaten|cooked|hidangan|menyajikan|disajikan|disuguh\w*|menyantap|santap\w*)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:bernama|dinamai|dinamakan|dijuluki|berjudul|bertajuk|diberi\s+nama|dikenal\s+sebagai|sandi|named|called|titled|dubbed"
    r"|known\s+as|nicknamed)\b",
    re.IGNORECASE,
)


def trait_untold(question: Question, sentence: Sentence) -> bool:
    """Whether a question asks for a thing's colour, make, title or name, and none is told there."""
    asked = next((trait for trait, cue in _ASKED.items() if cue.search(question.text)), None)
    return asked is not None and not _TOLD[asked](question, sentence)


def _names_something(question: Question, sentence: Sentence) -> bool:
    """Whether a name stands there that the question lacks, and not only for who says so."""
    asked = {word for unit in question.units for word in unit.words}
    told = _CALLED.search(sentence.text) or _QUOTED.search(sentence.text)
    land = bool(_LAND.search(question.text))
    return bool(told or _IS.search(sentence.text)) or any(
        name.start >= sentence.dateline
        and (land or name.kind != "place")
        and not asked.issuperset(name.text.casefold().split())
        and not only_says(sentence, name)
        for name in sentence.names
    )


def _titles_something(_: Question, sentence: Sentence) -> bool:
    """Whether something is quoted there, or stands with a capital behind the word for it."""
    return bool(_QUOTED.search(sentence.text) or _TITLED.search(sentence.text))


_TOLD: dict[str, Callable[[Question, Sentence], bool]] = {
    "colour": lambda _, sentence: bool(_COLOURS.search(sentence.text)),
    "menu": lambda _, sentence: bool(_MENU.search(sentence.text)),
    "make": _names_something,
    "title": _titles_something,
    "name": _names_something,
}

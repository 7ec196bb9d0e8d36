"""What a question without a question word asks for: "name of the judge", "tanggal sidang".

People in a hurry type the noun of what they want. Pure; `asking` says what other questions want.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.text import glossary
from rag.text.stems import tokens

if TYPE_CHECKING:
    from rag.answer.asking import Kind

_LANGUAGES = ("en", "id")
_OPENING = r"\A\W*(?:(?:the|an?|exact|full|berapa|tentang)\s+)*"
_OF = r"\s+(?:of|for|in|at|when|on)\b"
_HEADS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            _OPENING
            + r"(?:(?:[\w-]+\s+){0,2}(?:date|day|time|hour|year|month|deadline)"
            + _OF
            + r"|tanggal|waktu|jadwal|hari|tenggat)\b(?!\s+(?:ini|itu|yang)\b)"
            r"|\b(?:date|deadline)\W*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "money",
        re.compile(
            _OPENING
            + r"(?:(?:[\w-]+\s+){0,2}(?:price|cost|costs|fee|fare|salary|budget|value|sum|fine"
            r"|ransom|amount)\s+(?:of|for|paid)|(?:nilai|harga|biaya|gaji|tarif|denda|anggaran|ongkos|uang)"
            r"\s)|['’]s?\s(?:salary|wage|fee|price)\W*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "number",
        re.compile(
            _OPENING + r"(?:(?:[\w-]+\s+){0,2}(?:number|count|total|size|length|height|weight|share"
            r"|percentage|age|toll)"
            + _OF
            + r"|(?:jumlah|total|umur|usia|persentase|panjang|luas|tinggi"
            r"|korban\s+(?:tewas|jiwa|luka)|skor|magnitudo)\s)"
            r"|(?:['’]s?\s|\s)(?:age|death\s+toll|height|weight)\W*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "reason",
        re.compile(
            _OPENING + r"(?:(?:main\s+)?(?:reasons?|causes?)\s+(?:of|for|why|behind|the|given|that)"
            r"|alasan|sebab|penyebab)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "place",
        re.compile(
            _OPENING
            + r"(?:(?:[\w-]+\s+){0,1}(?:location|venue|place|site|address)"
            + _OF
            + r"|(?:lokasi|tempat|alamat|letak|venue)\s)",
            re.IGNORECASE,
        ),
    ),
)
# Of whom the name is asked: the nouns behind "name of" and "nama", or before "'s name".
_NAME = re.compile(
    _OPENING + r"(?:names?\s+(?:of\s+)?(?P<of>(?:[\w'’-]+\s+){0,4}[\w'’-]+)"
    r"|nama(?:-nama)?\s+(?P<nama>(?:[\w-]+\s+){0,2}[\w-]+)"
    r"|(?P<whose>(?:[\w'’-]+\s+){0,4}[\w-]+)['’]s?\s+name\W*\Z)",
    re.IGNORECASE,
)
_MOST = 6  # words of a question that is a post and whose it is: "mayor of Solo"


def kind_of_head(question: str) -> Kind | None:
    """The kind of what the noun that the question opens with names; None where that tells nothing.

    >>> [kind_of_head(q) for q in ("name of the judge in the case", "tanggal sidang", "the talks")]
    ['person', 'date', None]
    """
    for kind, cue in _HEADS:
        if cue.search(question):
            return kind
    named = _NAME.search(question)
    if named:
        nouns = named["of"] or named["nama"] or named["whose"]
        return "person" if any(_is_role(word.text) for word in tokens(nouns)) else None
    words = tokens(question)
    ends = [words[0].text, words[-1].text] if 1 < len(words) <= _MOST else []
    return "person" if any(map(_is_role, ends)) else None


@lru_cache(maxsize=4_096)
def _is_role(word: str) -> bool:
    """Whether a word is for somebody's post or part, in either language."""
    shelf = glossary.load()
    return any(
        shelf.concept(concept).pos == "role"
        for code in _LANGUAGES
        for concept in shelf.concepts_of(word, code)
    )

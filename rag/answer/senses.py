"""Which of the senses of a word a sentence means, where the words around it tell. Pure."""

from __future__ import annotations

import re

from rag.text import glossary

# Indonesian has one word for a month and the moon.
_MONTHS_BEFORE = re.compile(
    r"(?:\d|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belas|puluh|beberapa"
    r"|tiap|setiap|per|awal|akhir|pertengahan|dalam|selama))\s*\Z",
    re.IGNORECASE,
)
_MONTH_BEHIND = re.compile(
    r"\s+(?:ini|itu|lalu|silam|depan|mendatang|kemudian|sebelumnya|pertama|terakhir|puasa|ramadan"
    r"|jan\w*|feb\w*|mar\w*|apr\w*|mei|jun\w*|jul\w*|agu\w*|sep\w*|okt\w*|nov\w*|des\w*)\b",
    re.IGNORECASE,
)


def meant(text: str, found: list[glossary.ConceptMatch]) -> list[glossary.ConceptMatch]:
    """The concepts found in a text without those that the words around them rule out.

    >>> [m.concept_id for m in meant("lima bulan", glossary.load().find("lima bulan", "id"))]
    ['five', 'month']
    """
    return [m for m in found if m.concept_id != "moon" or not _is_month(text, m)]


def _is_month(text: str, match: glossary.ConceptMatch) -> bool:
    """Whether a "bulan" is one of the calendar, by the words around it, and not the one above."""
    return bool(
        _MONTHS_BEFORE.search(text[max(0, match.start - 20) : match.start])
        or _MONTH_BEHIND.match(text, match.end)
    )

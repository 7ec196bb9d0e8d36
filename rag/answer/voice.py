"""The voice of a verb: whether what stands before it does it or undergoes it.

Goes by its form and the words beside it, in English and in Indonesian. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from rag.schema import Span
from rag.text import glossary

Voice = Literal["active", "passive"]

_BE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|get|got)\s+(?:\w+ly\s+|also\s+|not\s+)?\Z", re.IGNORECASE
)
# "Was the cash hidden", "why were the three men arrested": the helper goes before who is meant.
_BE_AHEAD = re.compile(
    r"\b(?:is|are|was|were)(?:n['’]t)?\s"
    r"(?:(?!\b(?:who|that|which|and|after|before|when|while|as|because|by|to|for|[a-z]{3,}ed)\b)[^.;:!?,]){1,50}\Z",
    re.IGNORECASE,
)
_HAVE = re.compile(r"\b(?:has|have|had)(?:n['’]t)?\s[^.;:!?,]{0,50}\Z", re.IGNORECASE)
_DO = re.compile(
    r"\b(?:do|does|did|will|would|can|could|must|should|to|may|might)(?:n['’]t)?\s[^.;:!?,]{0,50}\Z",
    re.IGNORECASE,
)
# "Must pay Marisol a break fee": a noun, whatever verb is before it.
_A_NOUN = re.compile(r"\b(?:an?|of|no|any|each)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?:\w{2,}(?:ed|wn|ught|old|ung|ilt|ept|ost|uck|orn|oken|osen|iven|aken)"
    r"|sent|paid|left|held|made|met|led|hit|shot|won|cut|put|hid|hidden|said|laid)\Z",
    re.IGNORECASE,
)
_DI = re.compile(r"di[a-z]{4,}\Z", re.IGNORECASE)
_ME = re.compile(r"(?:me|nge|ny)[a-z]{4,}\Z", re.IGNORECASE)
# Verbs that do what the noun behind them tells: "melancarkan serangan".
_DOING = re.compile(
    r"\b(menjadi|melakukan|mengadakan|menggelar|melancarkan|memberi|memberikan|mengambil|membuat"
    r"|mengajukan|menyampaikan|melontarkan|mengeluarkan|menjatuhkan|dilakukan|digelar|diadakan)\s+\Z",
    re.IGNORECASE,
)
# "After beating Lea": whoever did it, it was done to her.
_ALONG = re.compile(r"\b(?:after|before|by|while|without|of|for)\s+\Z", re.IGNORECASE)
_BY = re.compile(r"\s+(?:\w+\s+){0,4}?(?:by|oleh)\s", re.IGNORECASE)
_LOOSE = re.compile(
    r"\s+(?:in|at|on|from|since|during|after|over|for|with|to|about|under|as)\s", re.IGNORECASE
)


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
        told = _BE.search(ahead[-24:]) or _BE_AHEAD.search(ahead) or _ALONG.search(ahead)
        return "active" if told else None
    return "active" if _DO.search(ahead) and not _A_NOUN.search(ahead) else None


@lru_cache(maxsize=2_048)
def _is_active(word: str) -> bool:
    """Whether an Indonesian verb is active: "menuduh", and "nuduh" as it is said."""
    said = word[:1] in "nm" and bool(glossary.load().concepts_of(f"me{word}", "id"))
    return said or bool(_ME.match(word))

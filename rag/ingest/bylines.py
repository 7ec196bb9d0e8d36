"""Tell who wrote an article: the names in its bylines, without their roles and degrees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.outlets import is_brand, is_outlet, signed
from rag.ingest.published import stated
from rag.text.language import word_set

TOP = 12  # paragraphs, from the first on, among which headline, byline and dateline stand

_BYLINE = re.compile(
    r"(?P<label>penulis|oleh|reporter|pewarta|wartawan|jurnalis|kontributor|laporan|rep(?=\s*:)"
    r"|authors?|by|written by|reported by)(?P<colon>\s*:)?\s+(?P<names>.+)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[,;/&]\s*|\s+(?:dan|and|serta)\s+")
_NEXT = re.compile(
    r"\s+[-–—|•·]\s+|\s*[|•·]\s*|\s*[/;,]\s*(?:red|editor|redaktur|foto|photo)\s*:", re.IGNORECASE
)
# A name is capitalised words with particles between them.
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]*|bin|binti|van|von|der|den|de|da|dos|al|el|la|le)"
    r"(?: (?:[^\W\d_a-z][\w.'’-]*|bin|binti|van|von|der|den|de|da|dos|al|el|la|le)){0,6}"
)
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w.'’-]*){1,3}")
_DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.)+[A-Z]?[a-z]{0,3}\.?|[A-Z]{2,6}")
_ROLES = word_set(
    "writer correspondent reporter editor journalist columnist contributor producer wartawan",
    "kontributor koresponden jurnalis kolumnis redaktur redaksi pewarta reporters writers",
    "correspondents editors",
)


def authors_of(paragraphs: Sequence[str], body: int) -> tuple[str, ...]:
    """The authors that lines of the text name; without a colon such a line stands at the top.

    `body` is the number of the paragraph where the text begins.
    """
    found: list[str] = []
    top = min(body + 1, TOP)
    for number, line in enumerate(paragraphs):
        match = _BYLINE.fullmatch(line) if len(line) <= 120 else None
        if match and (match["colon"] or number < top):
            found += names(_NEXT.split(match["names"])[0])
        elif 0 < number < top:
            found += _unlabelled(line, paragraphs[number - 1], paragraphs[number + 1 : number + 2])
    return tuple(dict.fromkeys(found))[:10]


def listed(value: str) -> tuple[str, ...]:
    """The parts of a list of names, as they stand in it."""
    return tuple(filter(None, _LIST.split(value)))


def is_byline(line: str) -> bool:
    """Whether a line is a byline that gives names."""
    return bool((match := _BYLINE.fullmatch(line)) and names(_NEXT.split(match["names"])[0]))


def is_full_name(value: str) -> bool:
    """Whether a value is two to four capitalised words, without digits."""
    return bool(_FULL_NAME.fullmatch(value))


def names(value: str) -> tuple[str, ...]:
    """The names in a list of them, without degrees, roles and agencies."""
    parts = [p for p in _LIST.split(value.strip()) if p and not _is_role(p) and not is_brand(p)]
    if not all(_NAME.fullmatch(part) for part in parts):
        return ()
    return tuple(part for part in parts if not _DEGREE.fullmatch(part))


def _unlabelled(line: str, before: str, after: Sequence[str]) -> tuple[str, ...]:
    """The names in a line without "By" that its place and its form tell to be a byline."""
    if len(line) > 120:
        return ()
    if (found := signed(line)) and is_full_name(found[0]):
        return (found[0],)  # "Ana Dewi - detikNews"
    if line.startswith(before + " ") and _is_role(line) and _FULL_NAME.fullmatch(before):
        return (before,)  # "Ana Dewi", then "Ana Dewi Environment correspondent"
    parts = re.split(r"\s*\|\s*", line)
    dated = bool(after) and len(after[0]) <= 120 and stated(after[0])
    named = all(_FULL_NAME.fullmatch(part) and not is_outlet(part) for part in parts)
    # "Ana Dewi | Budi Santoso" above the date
    return tuple(parts) if dated and named and 2 <= len(parts) <= 3 else ()


def _is_role(part: str) -> bool:
    return any(word in _ROLES for word in part.lower().split())

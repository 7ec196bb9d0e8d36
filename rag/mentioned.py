"""What is shown beside a quote: what days its words mean, and which copies say it too.

"Selasa lalu" is 20 August 2024, reckoned from the day the article was published; where that is
not known, only what the words state by themselves is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rag.schema import Metadata
from rag.text.dates import Resolved, resolved
from rag.text.days import written

_DATELINE = re.compile(r"[^.!?]{2,60}?(?:\s(?:--?|[–—])|[–—])\s+")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def spans(text: str, metadata: Metadata, *, start: int = 0) -> list[dict[str, object]]:
    """Each stretch `[start, end)` that means a day or days, first and last, as plain values.

    `start` is where `text` begins in what the offsets shall count in.
    """
    return [
        {
            "start": start + found.start,
            "end": start + found.end,
            "first": found.first,
            "last": found.last,
        }
        for found in resolved(text, published=metadata.published)
    ]


def told(text: str, metadata: Metadata, language: str | None) -> str:
    """``Rabu (21/8) = 21 August 2024; ...``: each mention that does not name its year itself.

    A ``~`` where the article's own date is only inferred; "" when there is nothing to tell.
    """
    mark = "~" if metadata.published_basis == "inferred" else ""
    parts = (
        f"{text[found.start : found.end]} = {mark}{_days(found, language)}"
        for found in _unsaid(text, metadata.published)
    )
    return "; ".join(dict.fromkeys(parts))


def says_too(copy: str, quote: str) -> bool:
    """Whether a copy of a passage holds a quote from it, datelines and spaces aside."""
    return _bare(quote) in " ".join(copy.split()).casefold()


def _bare(quote: str) -> str:
    dateline = _DATELINE.match(quote)
    return " ".join(quote[dateline.end() if dateline else 0 :].split()).casefold()


def _unsaid(text: str, published: date | None) -> Iterator[Resolved]:
    for found in resolved(text, published=published):
        if not _YEAR.search(text, found.start, found.end):
            yield found


def _days(found: Resolved, language: str | None) -> str:
    first, last = written(found.first, language), written(found.last, language)
    return first if found.first == found.last else f"{first} – {last}"

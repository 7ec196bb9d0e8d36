"""The days that a text means, told in a line."""

from __future__ import annotations

from datetime import date

from rag.text.dates import resolved

WEDNESDAY = date(2024, 8, 21)


def told(text: str, published: date | None = WEDNESDAY) -> list[str]:
    """What a text means: "8-20" or "8-12..8-18" for each stretch, with another year before it."""

    def short(day: date) -> str:
        return f"{'' if day.year == 2024 else f'{day.year}-'}{day.month}-{day.day}"

    return [
        short(found.first) + (f"..{short(found.last)}" if found.last != found.first else "")
        for found in resolved(text, published=published)
    ]

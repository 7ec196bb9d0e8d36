"""Days as a language writes them."""

from __future__ import annotations

from datetime import date

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}


def written(day: date, language: str | None) -> str:
    """A day in Indonesian, or in English for every other language.

    >>> written(date(2024, 8, 21), "id"), written(date(2024, 8, 1), None)
    ('21 Agustus 2024', '1 August 2024')
    """
    month = _MONTHS.get(language or "en", _MONTHS["en"]).split()[day.month - 1]
    return f"{day.day} {month} {day.year}"

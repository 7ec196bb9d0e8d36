"""A date as pages write it for machines, in ISO 8601. Adds nothing that is not stated."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rag.ingest.published import stated

_LONGEST = 80
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(
    r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?"
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
_CLOCK = re.compile(
    r"[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?", re.IGNORECASE
)
_URL_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/|$)")


def iso_date(value: str) -> str | None:
    """A stated date as ISO 8601, with its time and offset where they are stated; else None.

    Understands ISO 8601 and its variants, seconds or milliseconds since 1970, the dates of
    mail headers, and dates as people write them in Indonesian and English.

    >>> iso_date("2024-08-21 10:05:00+0700"), iso_date("Wed, 21 Aug 2024 03:05:00 GMT")
    ('2024-08-21T10:05:00+07:00', '2024-08-21T03:05:00+00:00')
    """
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    if _EPOCH.fullmatch(value) and not _COMPACT.fullmatch(value):
        seconds = float(value) / (1000 if len(value.partition(".")[0]) > 10 else 1)
        return datetime.fromtimestamp(int(seconds), UTC).isoformat()
    if compact := _COMPACT.fullmatch(value):
        year, month, day, hour, minute, second, zone = compact.groups()
        clock = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
        return _checked(f"{year}-{month}-{day}{clock}")
    if written := _DAY.match(value):
        day_text = f"{written[1]}-{int(written[2]):02}-{int(written[3]):02}"
        rest = value[written.end() :]
        if not rest.strip():
            return _checked(day_text)
        if clock_match := _CLOCK.fullmatch(rest):
            hour, minute, second, zone = clock_match.groups()
            text = f"{day_text}T{int(hour):02}:{minute}:{second or '00'}{_offset(zone)}"
            return _checked(text) or _checked(day_text)
    if re.match(r"[A-Za-z]{3},? \d{1,2} [A-Za-z]{3} \d{4} \d", value):
        try:
            return _checked(parsedate_to_datetime(value).isoformat())
        except ValueError:
            return None
    if found := stated(value):
        return _checked(found.at.isoformat() if found.at else found.day.isoformat())
    return None


def url_date(url: str) -> str | None:
    """The day that an address states as /2024/08/21/, or None.

    >>> url_date("https://koran.id/read/2024/08/21/10052911/harga-beras")
    '2024-08-21'
    """
    if found := _URL_DAY.search(url.partition("?")[0]):
        return _checked(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}")
    return None


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    if zone in "Zz":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _checked(text: str) -> str | None:
    """The date, unless there is no such day or it is what a program writes for "no date"."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < 1800 or (moment.year, moment.month, moment.day) == (1970, 1, 1):
        return None
    return moment.isoformat() if "T" in text else text[:10]

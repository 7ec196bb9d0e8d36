"""Whether the dates of a statement are those of its evidence.

Days are counted from the evidence's publication: "Selasa (20/8)" bears out "20 August 2024"
in an article of August 2024. What the evidence leaves open, the statement may not fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

from rag.answer.check.backing import Backing, Problem
from rag.answer.check.wording import Wording
from rag.text import dates
from rag.text.dates import DateMention, Period

_REPORTED = re.compile(
    r"\b(?:published|reported|dated|article|report|diterbitkan|dilaporkan|dimuat|terbit|artikel"
    r"|diberitakan|laporan)\b",
    re.IGNORECASE,
)
_LEAST_DAYS = 1
# A day and month told without a year are those nearest to the publication.
_HALF_YEAR = timedelta(days=182)


def check_dates(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What is wrong with the statement's dates, one problem for each date."""
    mentions = [
        (m, w.sentence.passage.metadata.published, w.text[m.start : m.end])
        for w in backing.wordings
        for m in w.sentence.dates
    ]
    days = [published for w in backing.wordings if (published := _published(w))]
    for mention in said.sentence.dates:
        written = said.text[mention.start : mention.end]
        if _contradicts_itself(mention):
            yield Problem(
                "conflict",
                f"“{written}” is not a day of the calendar",
                f"“{written}” bukan hari dalam kalender",
            )
            continue
        clock = _clock(said, mention)
        if _precise(mention) and any(
            _same(mention, m, day, days) and _one_clock(clock, _clock(w, m))
            for w in backing.wordings
            for m in w.sentence.dates
            for day in (_published(w),)
        ):
            continue
        if not _precise(mention):
            if _vague(mention, said, backing, mentions):
                continue
            yield _absent(written)
            continue
        if _REPORTED.search(said.text) and any(_states(mention, day) for day in days):
            continue
        rival = next((text for m, day, text in mentions if _rival(mention, m, day)), None)
        if rival:
            yield Problem(
                "conflict",
                f"the date “{written}” is “{rival}” in the source",
                f"tanggal “{written}” di sumbernya “{rival}”",
            )
        else:
            yield _absent(written)


_ZONE = re.compile(r"\b(?:WIB|WITA|WIT|GMT|UTC|EST|EDT|PST|PDT|CET|BST)\b")
_EARLY = re.compile(r"\d\s*(?:a\.?m\b|(?:waktu\s+)?(?:dini hari|pagi))", re.IGNORECASE)
_LATE = re.compile(r"\d\s*(?:p\.?m\b|(?:waktu\s+)?(?:sore|petang|malam))", re.IGNORECASE)


def _clock(words: Wording, m: DateMention) -> tuple[str | None, str | None]:
    """The zone and the half of the day that a time of day is told with."""
    if m.hour is None:
        return None, None
    text = words.text[m.start : m.end + 12]
    zone = _ZONE.search(text)
    late = bool(_LATE.search(text)) or m.hour > 12
    half = "late" if late else "early" if _EARLY.search(text) else None
    return zone.group() if zone else None, half


def _one_clock(mine: tuple[str | None, str | None], theirs: tuple[str | None, str | None]) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(mine, theirs, strict=True))


def borne_out(mention: DateMention, words: Wording) -> bool:
    """Whether one sentence of the evidence has a date of the statement."""
    day = _published(words)
    days = [day] if day else []
    return any(_same(mention, m, day, days) for m in words.sentence.dates)


def rival_date(said: Wording, inside: Sequence[int], words: Wording) -> bool:
    """Whether a sentence has another date where the statement has one."""
    start = said.tokens[inside[0]].start
    asked = next((m for m in said.sentence.dates if m.end > start), None)
    return asked is not None and rival_mention(asked, words) is not None


def rival_mention(asked: DateMention, words: Wording) -> str | None:
    """What date a sentence has instead of the statement's, as written."""
    for m in words.sentence.dates:
        if _rival(asked, m, _published(words)):
            return words.text[m.start : m.end]
    return None


def _absent(written: str) -> Problem:
    return Problem(
        "not_found",
        f"the date “{written}” is not in the source",
        f"tanggal “{written}” tidak ada di sumbernya",
    )


def _published(words: Wording) -> date | None:
    return words.sentence.passage.metadata.published


def _precise(m: DateMention) -> bool:
    """Whether it states a day, a month, a year, a weekday or a time of day."""
    return any(part is not None for part in (m.year, m.month, m.day, m.weekday, m.hour))


def _contradicts_itself(m: DateMention) -> bool:
    if m.year and m.month and m.day:
        try:
            day = date(m.year, m.month, m.day)
        except ValueError:
            return True
        return m.weekday is not None and day.weekday() != m.weekday
    return bool(m.month and m.day and m.day > 29 and m.month == 2)


def _states(m: DateMention, day: date) -> bool:
    pairs = ((m.year, day.year), (m.month, day.month), (m.day, day.day), (m.weekday, day.weekday()))
    return m.hour is None and all(one is None or one == two for one, two in pairs)


def _days(m: DateMention, published: date | None) -> Period | None:
    return dates.resolve(m, published=published)


def _same(asked: DateMention, m: DateMention, published: date | None, days: list[date]) -> bool:
    """Whether the evidence's mention bears out all that the statement's states."""
    if asked.hour is not None:
        if m.hour is None or (asked.hour, asked.minute or 0) != (m.hour, m.minute or 0):
            half = m.hour is not None and (asked.hour - m.hour) % 12 == 0
            if not half or (asked.minute or 0) != (m.minute or 0):
                return False
        if all(p is None for p in (asked.year, asked.month, asked.day, asked.weekday)):
            return True
    stated = {"year": m.year, "month": m.month, "day": m.day, "weekday": m.weekday}
    resolved = _days(m, published)
    if resolved is not None:
        first, last = resolved.first, resolved.last
        if first.year == last.year:
            stated["year"] = stated["year"] or first.year
            if first.month == last.month:
                stated["month"] = stated["month"] or first.month
        if first == last:
            stated["day"] = stated["day"] or first.day
            if stated["weekday"] is None:
                stated["weekday"] = first.weekday()
    if stated["year"] is None and published and m.month and m.day and asked.year:
        with suppress(ValueError):  # 29 February
            day = date(asked.year, m.month, m.day)
            if abs(day - published) <= _HALF_YEAR:
                stated["year"] = asked.year
    wanted = {
        "year": asked.year,
        "month": asked.month,
        "day": asked.day,
        "weekday": asked.weekday,
    }
    if wanted["year"] is None and wanted["month"] is not None and asked.given_year:
        wanted["year"] = asked.given_year
    return all(value is None or value == stated[part] for part, value in wanted.items())


def _rival(asked: DateMention, m: DateMention, published: date | None) -> bool:
    """Whether the evidence has another value where the statement has its own."""
    if asked.hour is not None and m.hour is not None:
        return True
    if asked.day is not None:
        return m.day is not None or (m.weekday is not None and asked.weekday is not None)
    if asked.weekday is not None:
        return m.weekday is not None
    if asked.month is not None:
        return m.month is not None
    return asked.year is not None and (m.year is not None)


def _vague(
    m: DateMention,
    said: Wording,
    backing: Backing,
    mentions: list[tuple[DateMention, date | None, str]],
) -> bool:
    """Whether "yesterday", "last week" and the like are borne out.

    They mean something from a day that the statement does not give, so that only the same
    words, or a date of the evidence that they fit, will do.
    """
    parts = [{k for k in said.keys[i] if k.startswith("=")} for i in said.within(m.start, m.end)]
    if any(parts) and all(keys & backing.keys for keys in parts if keys):
        return True
    if any(m.unit == o.unit and m.offset == o.offset and m.unit for o, _, _ in mentions):
        return True
    if m.unit is None or m.offset is None:
        return True  # "at night", "recently": too little to go by
    for other, published, _ in mentions:
        asked = _days(m, published)
        found = _days(other, published)
        if asked and found and asked.first <= found.first and found.last <= asked.last:
            return True
        if asked and found and abs(asked.first - found.first) < timedelta(days=_LEAST_DAYS):
            return True
    return False

"""Tell what mentions of dates that stand beside one another add to each other.

"Selasa pekan lalu" is one day, "30 Agustus-2 September 2024" has its year once, "kemarin (21/8)"
is told by its date. Where neighbours leave two readings open, no day is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.text.date_mention import DateMention

RANGE = re.compile(
    r"\s?[-–—]\s?|\s(?:hingga|sampai|to|until|through|till|s/d|s\.d\.)\s(?:dengan\s)?",
    re.IGNORECASE,
)
_LIST = re.compile(rf"{RANGE.pattern}|,?\s(?:dan|and|atau|or|serta|&)\s|,\s", re.IGNORECASE)
_TO_DATE = re.compile(r"\s?,?\s?\(?\s?(?:(?:tanggal|tgl|the)\s)?", re.IGNORECASE)
_IN = re.compile(r"\)?\s?(?:(?:of|in|di|pada|bulan|tahun|year)\s){0,3}", re.IGNORECASE)
_ON = re.compile(r"\s(?:(?:on|pada|hari)\s){0,2}", re.IGNORECASE)
_THEN = re.compile(r",?\s(?:(?:on|pada|tepatnya|tanggal)\s){0,2}", re.IGNORECASE)
_BESIDE = re.compile(
    r"[\s,(]*(?:(?:dini hari|malam|pagi|siang|sore|petang|night|morning|afternoon|evening"
    r"|yakni|yaitu|hari|pada|on)\b[\s,(]*)*",
    re.IGNORECASE,
)
_GAP = 24  # characters between mentions that belong together
_OPEN = ("date", "month")


def together(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions, in order, with what their neighbours tell; some become one."""
    return _years_named(text, _forwards(text, _backwards(text, _joined(text, mentions))))


def _gap(text: str, one: DateMention, two: DateMention) -> str:
    """What stands between two mentions, or a full stop where that is too much."""
    return text[one.end : two.start] if two.start - one.end <= _GAP else "."


def _joined(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions, with "Selasa pekan lalu" and "November tahun lalu" made one each."""
    made: list[DateMention] = []
    for mention in mentions:
        last = made[-1] if made else None
        if last and mention.kind == "relative" and last.kind in ("weekday", *_OPEN):
            gap = _gap(text, last, mention)
            if mention.unit == "day":
                if not gap.strip(" )"):  # "21 Agustus kemarin"
                    made[-1] = replace(last, end=mention.end)
                    continue
            elif last.year is None and _IN.fullmatch(gap):
                if mention.unit == ("week" if last.kind == "weekday" else "year"):
                    made[-1] = replace(
                        last,
                        end=mention.end,
                        unit=mention.unit,
                        offset=mention.offset,
                        side=None,
                        loose=last.loose or mention.loose or mention.rough,
                    )
                    continue
                made[-1] = replace(last, loose=True)  # "Selasa bulan lalu"
            elif last.year is None and _IN.fullmatch(gap.replace(",", "")):
                made[-1] = replace(last, loose=True)  # "Selasa, pekan lalu"
        made.append(mention)
    return made


def _backwards(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions, each with what the next one tells of it; from the last to the first."""
    made = list(mentions)
    for i in range(len(made) - 2, -1, -1):
        one, two = made[i], made[i + 1]
        gap = _gap(text, one, two)
        if one.kind == "relative" and one.unit == "day":
            if two.kind == "weekday" and two.unit is None and _BESIDE.fullmatch(gap):
                made[i] = replace(one, weekday=two.weekday)  # "besok, Kamis": both or neither
                made[i + 1] = _told_by(two, one)
            elif two.kind == "date" and _TO_DATE.fullmatch(gap):
                made[i] = replace(one, loose=True)  # "kemarin (21/8)": the date says it
        elif one.kind == "weekday" and two.kind == "relative" and two.unit == "day":
            if one.unit is None and gap.strip() in (",", "("):  # "Kamis, besok"
                made[i], made[i + 1] = _told_by(one, two), replace(two, weekday=one.weekday)
        elif one.kind == "weekday":
            made[i] = _weekday_before(gap, one, two)
        elif _is_open(one):
            made[i] = _year_from(gap, one, two)
    return made


def _told_by(weekday: DateMention, day: DateMention) -> DateMention:
    """A weekday beside "besok", which is the day that it means if it is that weekday."""
    loose = weekday.loose or day.loose
    return replace(weekday, unit="day", offset=day.offset, side=None, loose=loose)


def _weekday_before(gap: str, one: DateMention, two: DateMention) -> DateMention:
    """A bare weekday, with what the mention after it tells."""
    none = replace(one, loose=True)
    if two.kind == "date":
        told = _TO_DATE.fullmatch(gap) or (two.weekday is not None and _LIST.fullmatch(gap))
        return none if told else one
    if two.kind in ("month", "year"):
        return none if _IN.fullmatch(gap) else one
    if two.kind != "weekday" or not _LIST.fullmatch(gap):
        return one
    if two.loose or RANGE.fullmatch(gap):
        return none  # "Senin-Jumat": opening hours; "Senin dan Selasa (19-20/8)"
    if one.unit is None and one.side in (None, "unsure") and (two.unit == "week" or two.side):
        return replace(one, unit=two.unit, offset=two.offset, side=two.side)
    return one


def _year_from(gap: str, one: DateMention, two: DateMention) -> DateMention:
    """A day or month without a year, with the year that the mention after it gives."""
    if two.kind == "year" and two.precision == "year" and _IN.fullmatch(gap):
        return replace(one, given_year=two.year)
    if two.kind not in _OPEN or not _LIST.fullmatch(gap):
        return one
    year = two.year or two.given_year
    alone = gap.strip() == ","
    if year is None and two.unit is None:
        return replace(one, side=two.side) if one.side is None and not alone else one
    if alone and two.year is not None:
        return replace(one, loose=True)
    earlier = (one.month or 0, one.day or 0) <= (two.month or 0, two.day or 32)
    if year is not None:
        return replace(one, given_year=year if earlier else year - 1)
    offset = None if two.offset is None else two.offset - (0 if earlier else 1)
    return replace(one, unit=two.unit, offset=offset, side=None)


def _forwards(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions, each with what the one before it tells of it."""
    made = list(mentions)
    for i in range(1, len(made)):
        one, two = made[i - 1], made[i]
        gap = _gap(text, one, two)
        if two.kind == "weekday" and one.kind == "weekday":
            # "setiap Senin dan Kamis", "Senin-Jumat"
            if one.loose and _LIST.fullmatch(gap):
                made[i] = replace(two, loose=True)
        elif two.kind == "weekday" and one.kind == "relative" and one.unit == "week":
            if _ON.fullmatch(gap):  # last week on Tuesday
                made[i] = replace(
                    two, unit="week", offset=one.offset, side=None, loose=two.loose or one.rough
                )
            elif gap != "." and not set(gap) & set(".\n"):
                made[i] = replace(two, loose=True)
        elif _of_years(one) and _is_open(two) and _THEN.fullmatch(gap):
            # Tahun lalu, pada 20 Agustus
            made[i] = replace(two, unit="year", offset=one.offset, loose=two.loose or one.rough)
    return made


def _is_open(mention: DateMention) -> bool:
    """Whether it is a day or a month of which no year is known."""
    return mention.kind in _OPEN and mention.year is None and mention.unit is None


def _of_years(mention: DateMention) -> bool:
    return mention.kind == "relative" and mention.unit == "year" and bool(mention.offset)


def _years_named(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions; one without a year has the year that its paragraph named last before it.

    After "tahun lalu" in the same sentence it may be of that year, which is not certain.
    """
    made: list[DateMention] = []
    year: int | None = None
    away = False
    end = 0
    for mention in mentions:
        between = text[end : mention.start]
        if "\n" in between:
            year = None
        if "\n" in between or ". " in between:
            away = False
        end = mention.end
        asked = _is_open(mention) and mention.weekday is None
        if asked and mention.side not in ("before", "after", "this"):
            loose = mention.loose or (away and mention.given_year is None)
            mention = replace(mention, other_year=year, loose=loose)  # noqa: PLW2901
        away = away or _of_years(mention)
        year = mention.year or year
        made.append(mention)
    return made

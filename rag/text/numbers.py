"""Find the numbers of Indonesian and English text, in digits and in words.

Leaves out what `dates` claims (21 in "21 Agustus", 2024 as a year, 14.05 in "14.05 WIB") and
what only names a thing (U-17, A100, 01). Converts no currency and no measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal
from unicodedata import numeric

from rag.text import dates
from rag.text.number_words import (
    AFTER_MONEY,
    BEFORE_MONEY,
    COUNTED_TOGETHER,
    MAGNITUDES,
    NOT_ONE_AFTER,
    NOT_ONE_BEFORE,
    NUMBER_WORDS,
    ONE_OF,
    UNITS,
    Part,
    read_words,
)

Kind = Literal["count", "percent", "money", "duration", "ordinal"]


@dataclass(frozen=True, slots=True)
class Number:
    """One number with the words that belong to it: "US$ 3,5 juta", "14 bulan", "ke-3"."""

    start: int
    end: int
    value: float  # with its magnitude: 3,5 juta is 3500000.0
    unit: str | None  # ISO 4217 for money, English singular for time, a symbol for a measure
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Draft:
    """A number while its neighbours may still lend it a magnitude or a unit."""

    start: int
    end: int
    figure: Decimal
    magnitude: int = 1
    unit: str | None = None
    kind: Kind = "count"


_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+\Z")
_WORD = re.compile(r"[^\W\d_]+")
_CURRENCY = re.compile(
    r"(?<![^\W\d_])(?:(?P<IDR>rp\.?|idr)|(?P<USD>us\$|usd|u\.s\.\$|\$)|(?P<SGD>s\$|sgd)"
    r"|(?P<AUD>a\$|aud)|(?P<HKD>hk\$)|(?P<EUR>€|eur)|(?P<GBP>£|gbp)|(?P<JPY>¥|jpy)"
    r"|(?P<MYR>rm|myr)|(?P<CAD>c\$|cad)|(?P<NZD>nz\$|nzd)|(?P<TWD>nt\$|twd)|(?P<BRL>r\$|brl)"
    r"|(?P<PHP>₱|php)|(?P<THB>฿|thb)|(?P<VND>₫|vnd)|(?P<KRW>₩|krw)|(?P<INR>₹|inr)|(?P<CHF>chf)"
    r"|(?P<NGN>₦|ngn)|(?P<TRY>₺)|(?P<RUB>₽|rub)|(?P<CNY>cny|rmb)|(?P<BDT>tk\.?|bdt)"
    r"|(?P<rupee>rs\.?)|(?P<shilling>[ktu]?sh\.?)|(?P<krone>kr\.?|sek|nok|dkk))[ \u00a0]?\Z",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"[ \u00a0-]?(ribu|juta|miliar|milyar|triliun|trilyun|thousand|million|billion|trillion"
    r"|ratus|rb|jt|mln|mn|bn|tn)(?:an)?\b",
    re.IGNORECASE,
)
_PRICE_MAGNITUDE = re.compile(r" ?([MTmbkBK])\b")
_SUFFIX = re.compile(
    r"(?P<percent>[ \u00a0]{0,2}(?:%|persen\b|prosen\b|per ?cent\b))"
    r"|(?:[ \u00a0-]|(?<=[0-9]))(?P<unit>[^\W\d_]{1,12}[23²³]?)(?!\w)",
    re.IGNORECASE,
)
_WHOSE_MONEY = re.compile(
    r" (AS|Amerika(?: Serikat)?|Singapura|Australia|Hong Kong|Kanada|Malaysia)\b"
)
# "US dollars", "CFA francs", "Hong Kong dollars".
_OF_A_LAND = re.compile(
    r" ((?:U\.S\.|[A-Z][\w’'-]+)(?: [A-Z]\w+)?)"
    r" (?=(dollar|franc|shilling|peso|rupee|dinar|dirham|rial|riyal|yuan|yen|rouble|ruble|pound"
    r"|kron(?:or|er|a|e)|lira)s?\b)"
)
_ORDINAL_ENDING = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_RANGE = re.compile(r" ?[-–—] ?| (?:hingga|sampai|to) ")
_LINK = re.compile(r"[ \u00a0-]| and ")
_LED_BY_ZERO = re.compile(r"(?<![0-9-])0[0-9]+(?:-[0-9]{1,5}){0,3}-\Z")
_A_HUNDRED = re.compile(r" (?:hundred|thousand|million|billion|trillion)\b", re.IGNORECASE)
_LONGEST = 18  # figures; what is longer is the name of an account or a file
_ENGLISH_MAGNITUDES = frozenset({"thousand", "million", "billion", "trillion", "bn", "mn", "mln"})


def find(text: str, *, language: str | None = None) -> list[Number]:
    """The numbers of a text, in order, none overlapping another.

    One mark before three figures is the doubtful case. A dot there groups thousands
    (1.208 is 1208) unless `language` is "en" or an English magnitude follows ("1.208
    million"); a comma groups thousands (1,208 is 1208) unless an Indonesian magnitude
    follows ("1,888 miliar") or, with `language` "id", any magnitude. Before a percent sign,
    and after a leading 0, either is a decimal mark. Any other single mark is a decimal mark;
    of two kinds of mark, the last is. Time is linear.

    >>> [(n.value, n.kind) for n in find("1.208 orang, 3,5 juta dolar, kesembilan")]
    [(1208.0, 'count'), (3500000.0, 'money'), (9.0, 'ordinal')]
    """
    taken = bytearray(len(text))
    for mention in dates.find(text):
        taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    drafts: list[_Draft] = []
    for draft in (*_in_figures(text, taken, language), *_in_words(text, taken)):
        if not any(taken[draft.start : draft.end]):
            taken[draft.start : draft.end] = b"\1" * (draft.end - draft.start)
            drafts.append(draft)
    drafts.sort(key=lambda draft: draft.start)
    return [
        Number(d.start, d.end, float(d.figure * d.magnitude), d.unit, d.kind)
        for d in _share(text, drafts)
    ]


def value_key(number: Number) -> str:
    """A key equal for equal numbers, whatever the language or the notation.

    The plain value, then the unit: "1208", "5 %", "1500000 IDR", "14 month", "#3". To
    compare values only, take `Number.value`.
    """
    value = format(Decimal(repr(number.value)).normalize(), "f")
    if number.kind == "ordinal":
        return f"#{value}"
    return f"{value} {number.unit}" if number.unit else value


def _in_figures(text: str, taken: bytearray, language: str | None) -> Iterator[_Draft]:
    for match in _FIGURES.finditer(text):
        start, end = match.span()
        if taken[start] or _is_label(text, start, end):
            continue
        if text[max(0, start - 3) : start].lower() == "ke-":
            if match.group().isdigit() and len(match.group()) <= _LONGEST:
                yield _Draft(start - 3, end, Decimal(match.group()), kind="ordinal")
            continue
        pieces = _pieces(match.group(), language, text, end)
        for offset, written, value in pieces:
            piece = (start + offset, start + offset + len(written))
            if _ORDINAL_ENDING.match(text, piece[1]) and len(pieces) == 1:
                yield _Draft(piece[0], piece[1] + 2, value, kind="ordinal")
                continue
            yield _dress(text, *piece, value)


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether figures are part of a name, a list mark, a reference, a fraction or a code."""
    before, after = text[start - 1 : start], text[end : end + 1]
    figures = text[start:end]
    if len(figures) > 1 and figures[0] == "0" and figures[1].isdigit():
        return True  # 01, 0812
    if len(figures) > _LONGEST * 2:
        return True
    priced = _CURRENCY.search(text[max(0, start - 6) : start])
    if (before.isalpha() or before in "_#@" or before == ".") and before and not priced:
        return True
    earlier = text[start - 2 : start - 1] if start >= 2 else ""
    if before and before in "-–" and earlier.isalpha():
        return text[max(0, start - 3) : start].lower() != "ke-"
    if before == "/" and earlier.isalnum():
        return True
    if before == "-" and _LED_BY_ZERO.search(text[max(0, start - 20) : start]):
        return True  # 0812-345-6789
    if after == "/" and text[end + 1 : end + 2].isdigit():
        return True
    if before == "[" and after == "]":
        return True
    if after.isalpha() or after == "_":
        glued = _WORD.match(text, end)
        word = glued.group().lower() if glued else ""
        known = word in UNITS or word in MAGNITUDES or word in {"st", "nd", "rd", "th"}
        return not (known or (priced and word in {"m", "t", "b", "k"}))
    at_line_start = start == 0 or before == "\n" or text[max(0, start - 2) : start] == "\n "
    return at_line_start and len(figures) <= 3 and bool(re.match(r"[.)]\s", text[end : end + 2]))


def _pieces(
    figures: str, language: str | None, text: str, end: int
) -> list[tuple[int, str, Decimal]]:
    """The values that a run of figures and marks writes, with their offsets in the run."""
    marks = [mark for mark in figures if not mark.isdigit()]
    if not marks:
        return [(0, figures, Decimal(figures))] if len(figures) <= _LONGEST else []
    if len(set(marks)) == 2:
        last = max(figures.rfind("."), figures.rfind(","))
        whole, fraction = figures[:last], figures[last + 1 :]
        if _GROUPS.match(whole) and len({m for m in whole if not m.isdigit()}) == 1:
            return [(0, figures, Decimal(re.sub("[.,]", "", whole) + "." + fraction))]
        return []
    plain = figures.replace(marks[0], "")
    if len(plain) > _LONGEST:
        return []
    if len(marks) > 1:
        if _GROUPS.match(figures):
            return [(0, figures, Decimal(plain))]
        if marks[0] == ".":
            return []  # a version, a section, an address on a network
        return [  # "1,2,3" is a list
            (part.start(), part.group(), Decimal(part.group()))
            for part in re.finditer("[0-9]+", figures)
        ]
    if _GROUPS.match(figures) and figures[0] != "0" and _groups(marks[0], language, text, end):
        return [(0, figures, Decimal(plain))]
    return [(0, figures, Decimal(figures.replace(",", ".")))]


def _groups(mark: str, language: str | None, text: str, end: int) -> bool:
    """Whether one mark before three figures groups thousands; the rule is told in `find`."""
    suffix = _SUFFIX.match(text, end)
    if suffix and suffix["percent"]:
        return False
    magnitude = _MAGNITUDE.match(text, end)
    english = magnitude is not None and magnitude[1].lower() in _ENGLISH_MAGNITUDES
    if mark == ".":
        return not english and (language != "en" or magnitude is not None)
    return magnitude is None or (english and language != "id")


def _dress(text: str, start: int, end: int, value: Decimal) -> _Draft:
    """A bare value with the currency, magnitude and unit that stand beside it."""
    currency = _CURRENCY.search(text[max(0, start - 6) : start])
    unit: str | None = None
    kind: Kind = "count"
    if currency:
        start -= len(currency.group())
        unit, kind = currency.lastgroup, "money"
    elif start >= 2 and text[start - 1] in "-−" and text[start - 2] in " (\u00a0":
        start, value = start - 1, -value  # at the start of a line it is a bullet
    if end < len(text) and text[end] in "½¼¾⅓⅔⅛⅜⅝⅞" and value == int(value):
        value, end = value + Decimal(str(round(numeric(text[end]), 6))), end + 1
    magnitude = 1
    scale = _MAGNITUDE.match(text, end) or (currency and _PRICE_MAGNITUDE.match(text, end))
    if scale:
        magnitude, end = MAGNITUDES[scale[1].lower()], scale.end()
        if scale[1] == "M" and unit == "IDR":
            magnitude = 10**9  # miliar
    if kind == "count":
        end, unit, kind = _unit(text, end)
    return _Draft(start, end, value, magnitude, unit, kind)


def _unit(text: str, end: int) -> tuple[int, str | None, Kind]:
    """The unit after a number, and where it ends."""
    foreign = _OF_A_LAND.match(text, end)
    suffix = _SUFFIX.match(text, foreign.end() - 1 if foreign else end)
    if not suffix:
        return end, None, "count"
    if suffix["percent"]:
        return suffix.end(), "%", "percent"
    known = UNITS.get(suffix["unit"].lower())
    if foreign:
        named = f"{foreign[1]} {foreign[2]}"
        of_many = known[1] if known and foreign[2] != "dollar" else named
        return suffix.end(), BEFORE_MONEY.get(named, of_many), "money"
    if known is None:
        return end, None, "count"
    kind, unit = known
    if kind == "money":
        owner = _WHOSE_MONEY.match(text, suffix.end())
        stop = owner.end() if owner else suffix.end()
        return stop, AFTER_MONEY.get(owner[1], unit) if owner else unit, "money"
    if kind == "duration":
        if re.match(r" [12][0-9]{3}(?![0-9])", text[suffix.end() : suffix.end() + 6]):
            return end, None, "count"  # "Nomor 30 Tahun 2002"
        return suffix.end(), unit, "duration"
    return suffix.end(), unit, "count"


def _in_words(text: str, taken: bytearray) -> Iterator[_Draft]:
    parts: list[Part] = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word == "a" and _A_HUNDRED.match(text, match.end()):
            word = "one"
        if word in ONE_OF and text[match.end() : match.end() + 1] != "-":  # "sehari-hari"
            yield _Draft(*match.span(), Decimal(1), unit=ONE_OF[word], kind="duration")
        if word not in NUMBER_WORDS or taken[match.start()]:
            continue
        gap = text[parts[-1].end : match.start()] if parts else ""
        if parts and not (len(gap) <= 5 and _LINK.fullmatch(gap)):
            yield from _run(text, parts)
            parts = []
        parts.append(Part(word, *match.span()))
    yield from _run(text, parts)


def _run(text: str, parts: list[Part]) -> Iterator[_Draft]:
    """The numbers in a run of number words; "dua tiga hari" holds two."""
    for start, end, value, ordinal in read_words(parts):
        word = text[start:end].lower()
        before, after = dates.word_before(text, start).lower(), dates.word_after(text, end).lower()
        if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha() and not ordinal:
            glued = _SUFFIX.match(text, end)
            if not (glued and (glued["unit"] or "").lower() in UNITS):
                continue  # "satu-satunya", "dua-duanya"
        if word in {"satu", "one", "a"} and (before in NOT_ONE_AFTER or after in NOT_ONE_BEFORE):
            continue
        if word == "lima" and text[start] == "L" and before in {"di", "ke", "dari", "in", "from"}:
            continue  # the capital of Peru
        if ordinal:
            if _is_ordinal(word, before, after):
                yield _Draft(start, end, Decimal(value), kind="ordinal")
            continue
        yield _dress(text, start, end, Decimal(value))


def _is_ordinal(word: str, before: str, after: str) -> bool:
    if word == "kedua":
        return after not in COUNTED_TOGETHER  # "kedua pihak" is both of them
    if word == "second":
        return before not in {"per", "each", "every", "split", "one"} and not (
            before == "a" and after in {"later", "ago", "before", "after", "or", "to"}
        )
    return not (before in {"a", "one", "two"} and after in {"of", ""})  # "a third of"


def _share(text: str, drafts: list[_Draft]) -> list[_Draft]:
    """Lend the ends of a range what only one of them has: "48-59 persen", "Rp 28-30 juta"."""
    shared = list(drafts)
    for i in range(len(shared) - 1):
        one, other = shared[i], shared[i + 1]
        if other.start - one.end > 9 or not _RANGE.fullmatch(text, one.end, other.start):
            continue
        if one.kind == "ordinal" or other.kind == "ordinal":
            continue
        if one.magnitude == 1 < other.magnitude and one.figure <= other.figure:
            one = replace(one, magnitude=other.magnitude)
        if one.kind == "count" and one.unit is None:
            one = replace(one, unit=other.unit, kind=other.kind)
        elif one.kind == "money" and other.kind == "count" and other.unit is None:
            other = replace(other, unit=one.unit, kind="money")
        shared[i], shared[i + 1] = one, other
    return shared

"""Number words, magnitudes and units of Indonesian and English, and how words make a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rag.text.language import word_set

MAGNITUDES = {
    "ratus": 100,
    **dict.fromkeys(("ribu", "thousand", "rb", "k"), 10**3),
    **dict.fromkeys(("juta", "million", "jt", "mn", "mln", "m"), 10**6),
    **dict.fromkeys(("miliar", "milyar", "billion", "bn", "b"), 10**9),
    **dict.fromkeys(("triliun", "trilyun", "trillion", "tn", "t"), 10**12),
}

UnitKind = Literal["money", "duration", "measure"]


def _units(kind: UnitKind, lines: dict[str, str]) -> dict[str, tuple[UnitKind, str]]:
    return {name: (kind, unit) for unit, names in lines.items() for name in names.split()}


UNITS: dict[str, tuple[UnitKind, str]] = {
    **_units(
        "money",
        {
            "USD": "dolar dollar dollars usd",
            "IDR": "rupiah idr",
            "EUR": "euro euros eur",
            "GBP": "poundsterling gbp",
            "JPY": "yen jpy",
            "MYR": "ringgit myr",
            "CNY": "yuan renminbi cny",
            "SAR": "riyal riyals",
            "SGD": "sgd",
            "AUD": "aud",
            # One word for the money of several lands; whose it is stands before it, if anywhere.
            "peso": "peso pesos",
            "rupee": "rupee rupees rupi",
            "franc": "franc francs",
            "shilling": "shilling shillings shiling",
            "dinar": "dinar dinars",
            "dirham": "dirham dirhams",
            "krone": "kroner kronor krona krone",
            "rial": "rial rials",
            "THB": "baht",
            "PHP": "php",
            "VND": "dong",
            "MMK": "kyat kyats",
            "KHR": "riel riels",
            "LAK": "kip",
            "BDT": "taka",
            "NGN": "naira",
            "GHS": "cedi cedis",
            "ZAR": "rand",
            "ETB": "birr",
            "BRL": "reais",
            "TRY": "lira liras",
            "PLN": "zloty zlotys",
            "HUF": "forint forints",
            "UAH": "hryvnia hryvnias",
            "RUB": "rubel rouble roubles ruble rubles",
            "KZT": "tenge",
            "ILS": "shekel shekels",
            "PGK": "kina",
            "PEN": "soles",
        },
    ),
    **_units(
        "duration",
        {
            "second": "detik second seconds",
            "minute": "menit minute minutes",
            "hour": "jam hour hours",
            "day": "hari day days",
            "week": "minggu pekan week weeks",
            "month": "bulan month months",
            "year": "tahun year years",
            "decade": "dekade dasawarsa decade decades",
            "century": "abad century centuries",
        },
    ),
    **_units(
        "measure",
        {
            "km": "km kilometer kilometers kilometre kilometres",
            "km2": "km2 km²",
            "m": "meter meters metre metres",
            "cm": "cm sentimeter centimeters centimetres",
            "mm": "mm milimeter millimeters",
            "mile": "mil mile miles",
            "kg": "kg kilogram kilograms kilo",
            "tonne": "ton tons tonne tonnes",
            "ha": "ha hektar hektare hectare hectares",
            "litre": "liter litre litres liters",
            "MW": "mw megawatt megawatts",
            "cc": "cc",
            "GB": "gb gigabyte",
            "MB": "mb megabyte",
            "TB": "tb terabyte",
        },
    ),
}
AFTER_MONEY = {  # "dolar Singapura"
    "Singapura": "SGD",
    "Australia": "AUD",
    "Hong Kong": "HKD",
    "Kanada": "CAD",
    "Malaysia": "MYR",
}
BEFORE_MONEY = {  # "Singapore dollars"; of other lands, the word itself: "Namibian dollar"
    "US dollar": "USD",
    "U.S. dollar": "USD",
    "American dollar": "USD",
    "Singapore dollar": "SGD",
    "Australian dollar": "AUD",
    "Hong Kong dollar": "HKD",
    "Canadian dollar": "CAD",
    "Saudi riyal": "SAR",
    "Chinese yuan": "CNY",
    "Japanese yen": "JPY",
}

_INDONESIAN_ONES = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ENGLISH_SMALL = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth"),
)
_SMALL = {
    **{word: value for value, word in enumerate(_INDONESIAN_ONES, 1)},
    **{word: value for value, word in enumerate(_ENGLISH_SMALL, 1)},
    "nol": 0,
    "zero": 0,
    "sepuluh": 10,
    "sebelas": 11,
}
_TENS = {word: value * 10 for value, word in enumerate(_ENGLISH_TENS, 2)}
_ORDINALS = {
    "pertama": 1,
    **{word: value for value, word in enumerate(_ENGLISH_ORDINALS, 1)},
    **{word[:-1] + "ieth": value * 10 for value, word in enumerate(_ENGLISH_TENS, 2)},
}
_WHOLE = {"seratus": 100, "seribu": 1_000, "sejuta": 10**6}
_SCALES = {word: MAGNITUDES[word] for word in ("ribu", "juta", "miliar", "milyar", "triliun")}
_SCALES |= {w: MAGNITUDES[w] for w in ("trilyun", "thousand", "million", "billion", "trillion")}
_KE = {
    f"ke{word}{ending}": word
    for word in (*_INDONESIAN_ONES, "sepuluh", "sebelas", "seratus", "seribu")
    for ending in ("", "nya")
    if (word, ending) != ("dua", "nya")  # "keduanya" is both of them
}
_ONE_OF = {  # "setahun" is one year
    "sedetik": "detik",
    "semenit": "menit",
    "sejam": "jam",
    "sehari": "hari",
    "seminggu": "minggu",
    "sepekan": "pekan",
    "sebulan": "bulan",
    "setahun": "tahun",
    "sedekade": "dekade",
    "seabad": "abad",
}
ONE_OF = {word: UNITS[unit][1] for word, unit in _ONE_OF.items()}

NUMBER_WORDS = frozenset(
    {*_SMALL, *_TENS, *_ORDINALS, *_WHOLE, *_SCALES, *_KE, "belas", "puluh", "ratus", "hundred"}
)
NOT_ONE_AFTER = word_set("salah per demi no any some every each this that which the another only")
NOT_ONE_BEFORE = word_set("of per demi sama another third quarter fifth half who is was")
COUNTED_TOGETHER = word_set(
    "pihak belah negara orang tim kubu pemimpin kelompok presiden menteri sisi kaki tangan mata",
    "pasangan calon perusahaan orangtua kota pria wanita anak korban pelaku tersangka",
)


class Part(NamedTuple):
    """A number word, lower-cased, and where it stands."""

    word: str
    start: int
    end: int


def read_words(parts: Sequence[Part]) -> Iterator[tuple[int, int, int, bool]]:
    """The values that a run of number words makes: (start, end, value, whether an ordinal).

    >>> words = [Part(word, 0, 0) for word in "dua puluh satu ribu lima ratus".split()]
    >>> [value for _, _, value, _ in read_words(words)]
    [21500]
    """
    at = 0
    while at < len(parts):
        used, value, ordinal = _read_one(parts, at)
        if used:
            yield parts[at].start, parts[at + used - 1].end, value, ordinal
        at += used or 1


def _read_one(parts: Sequence[Part], at: int) -> tuple[int, int, bool]:
    """How many words from `at` on make one number, its value, and whether it is an ordinal."""
    total = tens = 0  # what is settled; what the next scale multiplies
    digit: int | None = None  # the last small number, which "puluh" or "ratus" may multiply
    ordinal = False
    open_tens = False  # after "twenty": one digit may follow
    i = at
    while i < len(parts):
        word = parts[i].word
        below = tens + (digit or 0)
        if word in _KE and i == at:
            ordinal, word = True, _KE[word]
        if word in _SMALL:
            if digit is not None or (open_tens and not 0 < _SMALL[word] < 10):
                break
            digit = _SMALL[word]
        elif word in _TENS:
            if digit is not None or open_tens:
                break
            tens, open_tens = tens + _TENS[word], True
        elif word in _ORDINALS:
            if (digit is not None) or (open_tens and _ORDINALS[word] >= 10):
                break
            if word == "pertama" and i > at:
                break
            return i - at + 1, total + tens + _ORDINALS[word], True
        elif word == "belas":
            if digit is None or not 1 < digit < 10:
                break
            digit += 10
        elif word == "puluh":
            if digit is None or not 1 < digit < 10:
                break
            tens, digit, open_tens = tens + digit * 10, None, True
        elif word in ("ratus", "hundred"):
            if not 0 < below < 100:
                break
            tens, digit, open_tens = below * 100, None, False
        elif word in _WHOLE:
            if digit is not None or tens:
                break
            if word == "seratus":
                tens = 100
            else:
                total += _WHOLE[word]
            open_tens = False
        elif word in _SCALES:
            if below:
                total += below * _SCALES[word]
            elif total:
                total *= _SCALES[word]
            else:
                break
            tens, digit, open_tens = 0, None, False
        else:
            break
        i += 1
    return i - at, total + tens + (digit or 0), ordinal

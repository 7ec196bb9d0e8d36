"""Numbers in text: their values in both languages' notations, units, and what is no number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.numbers import Number, find, value_key


def read(text: str, language: str | None = None) -> list[tuple[str, float, str | None, str]]:
    return [(text[n.start : n.end], n.value, n.unit, n.kind) for n in find(text, language=language)]


def one(text: str, language: str | None = None) -> Number:
    (only,) = find(text, language=language)
    return only


@pytest.mark.parametrize(
    ("text", "none", "indonesian", "english"),
    [
        ("1.208", 1208, 1208, 1.208),
        ("1,208", 1208, 1208, 1208),
        ("44.580", 44580, 44580, 44.58),
        ("1.5", 1.5, 1.5, 1.5),
        ("1,5", 1.5, 1.5, 1.5),
        ("0.125", 0.125, 0.125, 0.125),
        ("1.500.000", 1_500_000, 1_500_000, 1_500_000),
        ("1,500,000", 1_500_000, 1_500_000, 1_500_000),
        ("1.208,5", 1208.5, 1208.5, 1208.5),
        ("1,208.5", 1208.5, 1208.5, 1208.5),
        ("1,888 miliar", 1.888e9, 1.888e9, 1.888e9),
        ("1.888 miliar", 1.888e12, 1.888e12, 1.888e12),
        ("1.888 million", 1_888_000, 1_888_000, 1_888_000),
        ("1,888 million", 1.888e9, 1_888_000, 1.888e9),
        ("5.125%", 5.125, 5.125, 5.125),
    ],
)
def test_notation(text: str, none: float, indonesian: float, english: float) -> None:
    """The rule of `find` for points and commas, without a language and with either."""
    assert one(text).value == none
    assert one(text, "id").value == indonesian
    assert one(text, "en").value == english


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind"),
    [
        ("3,5 juta", 3_500_000, None, "count"),
        ("2,5 miliar", 2.5e9, None, "count"),
        ("1,1 juta", 1_100_000, None, "count"),
        ("30 Jutaan", 30_000_000, None, "count"),
        ("3.5 million", 3_500_000, None, "count"),
        ("Sh650,000", 650_000, "shilling", "money"),
        ("KSh 2.5 million", 2_500_000, "shilling", "money"),
        ("₱120 million", 120_000_000, "PHP", "money"),
        ("38,000 CFA francs", 38_000, "franc", "money"),
        ("5 million US dollars", 5_000_000, "USD", "money"),
        ("20 Hong Kong dollars", 20, "HKD", "money"),
        ("12 Namibian dollars", 12, "Namibian dollar", "money"),
        ("12,000 soles", 12_000, "PEN", "money"),
        ("1.500 baht", 1_500, "THB", "money"),
        ("5 persen", 5, "%", "percent"),
        ("91%", 91, "%", "percent"),
        ("5 per cent", 5, "%", "percent"),
        ("Rp1.500.000", 1_500_000, "IDR", "money"),
        ("Rp. 500.000", 500_000, "IDR", "money"),
        ("Rp 2,5 triliun", 2.5e12, "IDR", "money"),
        ("Rp 2 Jutaan", 2_000_000, "IDR", "money"),
        ("Rp5 M", 5e9, "IDR", "money"),
        ("US$3.5 billion", 3.5e9, "USD", "money"),
        ("$1,208.50", 1208.5, "USD", "money"),
        ("$5bn", 5e9, "USD", "money"),
        ("€10", 10, "EUR", "money"),
        ("5 dolar AS", 5, "USD", "money"),
        ("5 dolar Singapura", 5, "SGD", "money"),
        ("500 rupiah", 500, "IDR", "money"),
        ("14 bulan", 14, "month", "duration"),
        ("two days", 2, "day", "duration"),
        ("satu minggu", 1, "week", "duration"),
        ("setahun", 1, "year", "duration"),
        ("14-month", 14, "month", "duration"),
        ("30 seconds", 30, "second", "duration"),
        ("10,08 km2", 10.08, "km2", "count"),
        ("12 GB", 12, "GB", "count"),
        ("ke-3", 3, None, "ordinal"),
        ("ke-101", 101, None, "ordinal"),
        ("ketiga", 3, None, "ordinal"),
        ("kesembilannya", 9, None, "ordinal"),
        ("third", 3, None, "ordinal"),
        ("3rd", 3, None, "ordinal"),
        ("twenty-first", 21, None, "ordinal"),
        ("kedua puluh satu", 21, None, "ordinal"),
        ("6½", 6.5, None, "count"),
    ],
)
def test_number_with_its_words(text: str, value: float, unit: str | None, kind: str) -> None:
    """A number is found with its currency, magnitude and unit, in the middle of a sentence."""
    assert read(f"Ada {text}, katanya.") == [(text, value, unit, kind)]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("sebelas", 11),
        ("tiga belas", 13),
        ("dua puluh satu", 21),
        ("sembilan puluh sembilan", 99),
        ("seratus dua", 102),
        ("seribu lima ratus", 1500),
        ("dua ribu tiga ratus empat puluh lima", 2345),
        ("dua ratus lima puluh ribu", 250_000),
        ("tujuh ratus juta", 700_000_000),
        ("nineteen", 19),
        ("ninety-nine", 99),
        ("one hundred and five", 105),
        ("a million", 1_000_000),
        ("twenty-one hundred thousand", 2_100_000),
    ],
)
def test_number_words(words: str, value: int) -> None:
    """Numbers in words have the value that they say."""
    assert [(n.value, n.kind) for n in find(f"sekitar {words} orang")] == [(value, "count")]


@pytest.mark.parametrize("value", range(1, 100))
def test_every_number_to_ninety_nine(value: int) -> None:
    """Every number from one to ninety-nine is read in both languages."""
    ones = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    small = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    english = f"{small} fifteen sixteen seventeen eighteen nineteen".split()
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    ten, rest = divmod(value, 10)
    if value in (10, 11):
        indonesian = ("sepuluh", "sebelas")[value - 10]
    elif ten == 1:
        indonesian = f"{ones[rest - 1]} belas"
    else:
        indonesian = " ".join(
            filter(None, (ten and f"{ones[ten - 1]} puluh", rest and ones[rest - 1]))
        )
    written = (
        english[value - 1] if value < 20 else tens[ten - 2] + (f"-{ones_en(rest)}" if rest else "")
    )
    assert one(f"ada {indonesian} kucing").value == value
    assert one(f"saw {written} cats").value == value


def ones_en(digit: int) -> str:
    return ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][digit - 1]


@pytest.mark.parametrize(
    "text",
    [
        "Selasa (20/8)",
        "21 Agustus 2024",
        "pada 2024",
        "15 dan 16 Agustus",
        "pukul 14.05 WIB",
        "jam tiga sore",
        "tahun 1980-an",
        "salah satu",
        "satu-satunya",
        "one of the men",
        "no one",
        "kedua belah pihak",
        "keduanya",
        "sehari-hari",
        "Timnas U-17",
        "COVID-19",
        "A100 dan G20",
        "SDN Meruya Selatan 01",
        "0812-345-6789",
        "1/2 gelas",
        "versi 1.2.3",
        "Pasuruan.[1]",
        "1. Buka aplikasi",
        "5G dan 3D",
        "tiba di Lima",
        "a second later",
        "one third of",
        "1" * 30,
        "jutaan orang",
    ],
)
def test_no_number(text: str) -> None:
    """Dates, parts of names, fractions, list marks and pronouns are no numbers."""
    assert find(text) == []


def test_ranges_share() -> None:
    """The ends of a range share the magnitude and the unit that only one of them has."""
    assert read("48-59,64 persen") == [
        ("48", 48, "%", "percent"),
        ("59,64 persen", 59.64, "%", "percent"),
    ]
    assert read("US$ 5-10 juta") == [
        ("US$ 5", 5_000_000, "USD", "money"),
        ("10 juta", 10_000_000, "USD", "money"),
    ]
    assert [n.value for n in find("dua tiga hari")] == [2, 3]
    assert read("skor 2-1") == [("2", 2, None, "count"), ("1", 1, None, "count")]


def test_law_numbers_are_no_durations() -> None:
    """ "Nomor 30 Tahun 2002" is a law of that year, not thirty years."""
    assert read("UU Nomor 30 Tahun 2002") == [("30", 30, None, "count")]


def test_keys() -> None:
    """Equal numbers have one key in both notations; other units and kinds have another."""
    keys = {value_key(one(text)) for text in ("1.208 orang", "1,208 people", "1208")}
    assert keys == {"1208"}
    assert value_key(one("1.208", "id")) == value_key(one("1,208", "en"))
    assert value_key(one("14 bulan")) == value_key(one("fourteen months")) == "14 month"
    assert value_key(one("3,5 juta")) == value_key(one("3.5 million")) == "3500000"
    assert value_key(one("ketiga")) == value_key(one("3rd")) == "#3"
    assert value_key(one("2,50 persen")) == value_key(one("2.5%")) == "2.5 %"
    assert value_key(one("14 bulan")) != value_key(one("14 tahun"))


@given(st.integers(min_value=0, max_value=10**15))
def test_grouped_integers(value: int) -> None:
    """An integer keeps its value in both languages' grouping, in text of that language."""
    assert one(f"ada {value:,} orang".replace(",", "."), "id").value == value
    assert one(f"saw {value:,} cats", "en").value == value


PIECES = st.sampled_from(
    [
        "1",
        "12",
        "1.208",
        "3,5",
        "0",
        ".",
        ",",
        "-",
        "/",
        "%",
        "Rp",
        "$",
        "juta",
        "million",
        "ke-",
        "persen",
        "bulan",
        "dua",
        "puluh",
        "ratus",
        "ribu",
        "satu",
        "ketiga",
        "third",
        "and",
        "hari",
        "2024",
        "Mei",
        "[",
        "]",
        "½",
        "orang",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=25), st.sampled_from(["", " "]))
@settings(max_examples=400, deadline=None)
def test_numbers_are_in_order(pieces: list[str], space: str) -> None:
    """Numbers are ordered, disjoint, finite, and have a key."""
    text = space.join(pieces)
    end = 0
    for number in find(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end
        assert abs(number.value) < 1e40
        assert value_key(number)

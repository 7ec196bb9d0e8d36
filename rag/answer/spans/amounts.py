"""The amounts of a sentence with the words that belong to them: counts, sums, lengths, ages.

Pure; knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answer.evidence import Sentence
from rag.answer.spans.typed import Typed, inside
from rag.text.cues import pattern
from rag.text.numbers import Number
from rag.text.stems import stop_words

_HEDGE = re.compile(
    r"(?:(?:setidak-?tidaknya|setidaknya|sedikitnya|paling sedikit|paling banyak|paling tidak"
    r"|sekurang-?kurangnya|kurang lebih|kurang dari|lebih dari|tidak kurang dari|sekitar|hampir"
    r"|kira-kira|nyaris|mencapai|maksimal|minimal|sebanyak|hanya|hingga|sampai"
    r"|more than|less than|fewer than|no more than|no fewer than|at least|at most|up to"
    r"|as many as|as much as|as few as|nearly|almost|about|around|roughly|approximately|some|over"
    r"|under|only|just|an estimated)\s+)+\Z",
    re.IGNORECASE,
)
_RIGHT_HEDGE = re.compile(
    r"\s+(?:lebih|or more|or so|at most|at least)\b(?!\s+(?:dari|than))", re.I
)
_RANGE = re.compile(r"\s*(?:[-–—]|hingga|sampai|to)\s*", re.IGNORECASE)
_WORD = re.compile(r"\s+([^\W\d_][\w'’-]*)")
_STOPS = stop_words("en") | stop_words("id")
_NO_UNIT = pattern(
    "lainnya|lain|others|other|people's|kemudian|saat|ketika|pada|tewas|meninggal|terluka|luka",
    "hilang|hurt|ill|sick|safe|alive|killed|dead|died|wounded|injured|missing|yesterday|today|tomorrow|kemarin|ini|itu|telah",
    "sudah|masih|akan|said|kata|ujar|ago|lalu|terakhir|last|next|later|earlier|percent|persen",
)
_NONE = re.compile(
    r"\btidak (?:ada|menelan|menimbulkan|menyebabkan|memakan) korban(?: jiwa| luka| tewas)?\b"
    r"|\bno (?:deaths|casualties|injuries|fatalities|victims|survivors)\b|\bnobody\b|\bno one\b",
    re.IGNORECASE,
)
_SQUARE = re.compile(
    r"\s+(?:persegi|kubik|(?:square|cubic|sq|nautical)\.?\s+\w+|kaki|feet|foot|ft|inci|inch(?:es)?"
    r"|knot|km/jam|kph|mph|derajat|degrees|megawatt|hektar|barel|barrels|gram|grams|pounds)\b",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\s*(?:per|/)\s*[^\W\d_]+|\s+(?:an?|each|setiap|tiap)\s+(?:hour|day|year|jam|hari|tahun)\b"
)
_OLD_MONEY = re.compile(
    r"\s+(?:pounds?|pence|crowns?|kron\w+|florins?|pesos?|rupees?|baht|won|liras?|francs?|dirhams?"
    r"|shillings?|peso|rupee|rubel|roubles?|rubles?|zloty|rand|cents?|sen|riyal|dinar|real|reais"
    r"|rial|lari|taka|dong|naira|marks?|talents?|gulden)\b",
    re.IGNORECASE,
)
_ENGLISH_UNIT = 3  # words after a number that may be what is counted
_HALF = re.compile(
    r"\b(?:setengah jam|seperempat jam|half an hour|half a year|an hour and a half|an hour|a day"
    r"|a week|a month|a year|a decade|a century|a fortnight|semalaman|seharian|sepekan|seminggu"
    r"|setahun|sewindu|satu setengah jam|a year and a half|all day|all night|overnight)\b",
    re.IGNORECASE,
)
# "For months", "berbulan-bulan": long, and nobody says how long.
_LONG = re.compile(
    r"\b(?:ber(jam|hari|minggu|bulan|tahun|dekade|abad)-\1|(?:for|over|after|in|within|during)\s+"
    r"(?:the\s+(?:past|last)\s+)?(?:many\s+|several\s+|a\s+few\s+)?"
    r"(?:hours|days|weeks|months|years|decades|centuries)"
    r"|beberapa\s+(?:jam|hari|minggu|pekan|bulan|tahun|dekade|abad)|sebentar|sejenak)\b",
    re.IGNORECASE,
)
_VAGUE = 3.0  # the doubt of what is not told exactly, beside what is
AGO = re.compile(r"\s+(?:ago|earlier|later|silam|lalu|yang lalu|kemudian|sebelumnya)\b", re.I)
# What is so long after or before something tells when that was.
THEN = re.compile(
    r"\s+(?:setelah|sesudah|usai|seusai|sebelum|menjelang|after|before|prior to|since|sejak)\b",
    re.IGNORECASE,
)
_OLD = re.compile(r"[\s-]+(?:old|years old|of age)\b", re.IGNORECASE)
_AGED = re.compile(r"(?:\b(?:aged|usia|umur|berusia|berumur|age of|age|at)\s+|,\s*|\()\Z", re.I)
_AT_AGE = re.compile(
    r"\b(?:(?:ber)?usia(?:nya)?|(?:ber)?umur(?:nya)?|aged|ages? of|at age|anak|bocah|balita"
    r"|bayi|remaja|gadis"
    r"|pemuda|pemudi|pria|lelaki|laki-laki|perempuan|wanita|kakek|nenek|siswa|siswi|pelajar|warga)\s+\Z",
    re.IGNORECASE,
)
_AGE_ALONE = re.compile(r"\s*[,)]")  # "Rinto, 27 tahun,"
_AGE_ENDS = re.compile(r"\s*(?:[,.;)]|-year-old|years? old|tahun\b)", re.IGNORECASE)
_YEARS = re.compile(r"[12][0-9]{3}\s*(?:[-–—]|hingga|sampai|to|until)\s*[12][0-9]{3}\b")


def counts(sentence: Sentence) -> list[Typed]:
    """Counts with what is counted: "sekitar 1.208 orang"."""
    found = []
    names = [n for n in sentence.names if len(n.text.split()) > 1]
    for number in sentence.numbers:
        if number.kind != "count":
            continue
        if _is_age(sentence.text, number):
            continue
        if any(n.start < number.start and number.end <= n.end for n in names):
            continue  # "Quay Nine"
        end = number.end if number.unit else _unit_end(sentence, number.end)
        found.append(_dressed(sentence.text, number, end, doubt=0.0))
    none = [Typed(m.start(), m.end()) for m in _NONE.finditer(sentence.text)]
    return sorted([*_ranged(sentence.text, found), *none], key=lambda t: t.start)


def _is_age(text: str, number: Number) -> bool:
    """Whether a bare number tells an age: "Ann Lee, 53,"."""
    return (
        number.value < 120
        and number.value == int(number.value)
        and bool(_AGED.search(text[: number.start]))
        and bool(_AGE_ENDS.match(text, number.end))
        and (text[: number.start].rstrip()[-1:] in ",(" and _after_name(text, number.start))
    )


def _after_name(text: str, at: int) -> bool:
    word = re.search(r"([^\W\d_][\w'’-]*)\s*[,(]\s*\Z", text[:at])
    return word is not None and word[1][0].isupper()


def _unit_end(sentence: Sentence, end: int) -> int:
    """Where the words end that say what a number counts."""
    most = 1 if sentence.language == "id" else _ENGLISH_UNIT
    at = end
    for _ in range(most):
        word = _WORD.match(sentence.text, at)
        if (
            word is None
            or word[1].casefold() in _STOPS
            or word[1][0].isupper()
            or _NO_UNIT.fullmatch(word[1])
            or (sentence.language != "id" and _verb(word[1], first=at == end))
        ):
            break
        at = word.end()
    return at


def _verb(word: str, *, first: bool) -> bool:
    """Whether an English word is rather what was done than what is counted."""
    return not first and bool(re.search(r"(?:ed|ing|ught)\Z", word))


def _dressed(text: str, number: Number, end: int, *, doubt: float) -> Typed:
    """A number with the words around it that make it less exact."""
    before = _HEDGE.search(text, max(0, number.start - 40), number.start)
    behind = _RIGHT_HEDGE.match(text, end)
    return Typed(
        before.start() if before else number.start,
        behind.end() if behind else end,
        doubt,
        (number.start, number.end),
    )


def _ranged(text: str, spans: Sequence[Typed]) -> list[Typed]:
    """Two numbers with "to" between them as one."""
    found: list[Typed] = []
    for span in spans:
        if found and _RANGE.fullmatch(text, found[-1].end, span.start):
            found[-1] = replace(found[-1], end=span.end)
        else:
            found.append(span)
    return found


def of_kind(kind: str) -> Callable[[Sentence], list[Typed]]:
    def find(sentence: Sentence) -> list[Typed]:
        found = [
            _dressed(sentence.text, n, n.end, doubt=0.0) for n in sentence.numbers if n.kind == kind
        ]
        return _ranged(sentence.text, found)

    return find


def sums(sentence: Sentence) -> list[Typed]:
    """Sums of money, of currencies that `numbers` knows and of others."""
    text = sentence.text
    found = []
    for number in sentence.numbers:
        unit = _OLD_MONEY.match(text, number.end)
        if number.kind == "money" or (number.kind == "count" and unit and not number.unit):
            end = unit.end() if unit and number.kind == "count" else number.end
            rate = _PER.match(text, end)
            found.append(_dressed(text, number, rate.end() if rate else end, doubt=0.0))
    return _ranged(text, found)


def measures(sentence: Sentence) -> list[Typed]:
    """Lengths, weights and the like; money and time are none."""
    text = sentence.text
    found = []
    for number in sentence.numbers:
        unit = _SQUARE.match(text, number.end)
        if number.kind == "count" and (number.unit is not None or unit):
            end = unit.end() if unit else number.end
            rate = _PER.match(text, end)
            found.append(_dressed(text, number, rate.end() if rate else end, doubt=0.0))
    return _ranged(text, found)


def durations(sentence: Sentence) -> list[Typed]:
    """How long something lasts; "two days ago" tells when and comes last."""
    text = sentence.text
    found = []
    for number in sentence.numbers:
        if number.kind == "duration" and not _tells_age(text, number):
            doubt = 6.0 if AGO.match(text, number.end) else 0.0
            found.append(_dressed(text, number, number.end, doubt=doubt))
    found = _ranged(text, found)
    for cue, doubt in ((_HALF, 1.0), (_YEARS, 1.0), (_LONG, _VAGUE)):
        more = [Typed(m.start(), m.end(), doubt) for m in cue.finditer(text)]
        found += [m for m in more if not inside(m, found)]
    return sorted(found, key=lambda t: t.start)


def _tells_age(text: str, number: Number) -> bool:
    """Whether a length of time is how old somebody is: "pada usia lima tahun", "bocah 11 tahun"."""
    return bool(_OLD.match(text, number.end)) or (
        number.unit in ("year", "month")
        and bool(
            _AT_AGE.search(text, 0, number.start)
            or (_AGE_ALONE.match(text, number.end) and _after_name(text, number.start))
        )
    )


def ages(sentence: Sentence) -> list[Typed]:
    """How old somebody is: "52 tahun", "53" behind a name, "29-year-old"."""
    text = sentence.text
    found = []
    for number in sentence.numbers:
        if number.kind == "duration" and number.unit in ("year", "month"):
            old = _OLD.match(text, number.end)
            aged = _AGED.search(text[: number.start])
            end = old.end() if old and not text[number.end : old.start()] else number.end
            found.append(_dressed(text, number, end, doubt=0.0 if old or aged else 4.0))
        elif number.kind == "count" and number.unit is None and number.value < 120:
            named = _is_age(text, number)
            aged = re.search(
                r"\b(?:aged|usia|umur|age of|who (?:was|is))\s+\Z", text[: number.start]
            )
            if named or aged:
                found.append(Typed(number.start, number.end, 0.0))
    return found

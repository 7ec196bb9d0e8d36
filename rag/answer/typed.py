"""The typed spans of a sentence: who, where, when, how many, with the words that belong to each.

Pure; knows nothing of questions. Offsets are into the sentence's text. What a clause tells (a
reason, a definition) is `told`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.evidence import Sentence
from rag.text.cues import pattern
from rag.text.names import Name
from rag.text.numbers import Number
from rag.text.stems import stop_words

SpanSort = Literal[
    "person",
    "organisation",
    "place",
    "date",
    "time",
    "number",
    "measure",
    "percentage",
    "money",
    "duration",
    "age",
]


@dataclass(frozen=True, slots=True)
class Typed:
    """One span of a sentence's text ``[start, end)`` that may answer."""

    start: int
    end: int
    doubt: float = 0.0  # how unsure it is that it is of its sort: words of distance it costs
    core: tuple[int, int] | None = None  # of a number, its figure; of a place, its name


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
_MIDNIGHT = pattern(
    "midnight|noon|midday|dawn|dusk|tengah malam|tengah hari|dini hari|subuh|fajar|magrib|maghrib",
)
_HALF = re.compile(
    r"\b(?:setengah jam|seperempat jam|half an hour|half a year|an hour and a half|an hour|a day"
    r"|a week|a month|a year|a decade|a century|a fortnight|semalaman|seharian|sepekan|seminggu"
    r"|setahun|sewindu|satu setengah jam|a year and a half|all day|all night|overnight)\b",
    re.IGNORECASE,
)
_AGO = re.compile(r"\s+(?:ago|earlier|later|silam|lalu|yang lalu|kemudian|sebelumnya)\b", re.I)
_OLD = re.compile(r"[\s-]+(?:old|years old|of age)\b", re.IGNORECASE)
_AGED = re.compile(r"(?:\b(?:aged|usia|umur|berusia|berumur|age of|age|at)\s+|,\s*|\()\Z", re.I)
_AGE_ENDS = re.compile(r"\s*(?:[,.;)]|-year-old|years? old|tahun\b)", re.IGNORECASE)
_YEARS = re.compile(r"[12][0-9]{3}\s*(?:[-–—]|hingga|sampai|to|until)\s*[12][0-9]{3}\b")
_FAR_YEAR = re.compile(r"\s[0-9]{3}\b(?![.,]?\d)")
_CENTURY = re.compile(
    r"(?:\b(?:awal|akhir|pertengahan)\s+)?\babad\s+(?:ke-?\s?)?(?:\d+|[IVX]+|pertama)(?:\s+(?:SM|Masehi|M)\b)?"
    r"|\b(?:the\s+)?(?:\d+(?:st|nd|rd|th)|first|second|third)\s+century(?:\s+(?:BCE?|AD|CE)\b)?",
    re.IGNORECASE,
)
_ERA = re.compile(r"\b(?:tahun\s+\d{1,4}|\d{1,4}\s?(?:SM|BCE?|Masehi)|AD\s\d{1,4}|pada \d{3})\b")
_BETWEEN_DATES = re.compile(r"[\s,(]{0,3}\Z")

_PREPOSITION = {
    "id": re.compile(
        r"\b(?:di|ke|dari|menuju)\s+(?=((?:atas|bawah|dalam|luar|depan|belakang|dekat|sekitar|samping"
        r"|seberang|tengah|sisi|tepi|ujung|antara)\s)?)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:in|at|on|under|outside|inside|near|beneath|behind|beside|off|along|above|below"
        r"|across|from|to|into|onto|through|towards?|aboard|opposite)\s+",
        re.IGNORECASE,
    ),
}
_PLACE_WORD = re.compile(r"[^\W\d_][\w'’.-]*|\d+(?![\w.,:])")
_NOT_PLACES = pattern(
    "attempt|bid|hope|return|exchange|order|case|statement|part|time|effort|way|fact|favour|favor",
    "response|terms|connection|meantime|addition|power|charge|total|average|least|last|first",
    "moment|end|beginning|start|start|week|month|year|day|morning|evening|afternoon|night|result",
    "wake|aftermath|face|course|process|interview|message|letter|report|speech|vote|deal|talks",
    "meeting|condition|future|past|same|other|own|name|public|private|person|particular|general",
    "request|invitation|behest|expense|disposal|suggestion|insistence|tanggal|abad|tahap|kesempatan",
    "hal ini|hal itu|keadaan|kondisi|posisi|peringkat|urutan|babak|laga|partai final|pertandingan",
    "antaranya|mana|samping|sisi|tengah-tengah|saat|waktu|hari|tahun|bulan|pekan|minggu|malam|pagi",
    "siang|sore|masa|akhir|awal|orang|pihak|kasus|hasil|bidang|balik|sela|bahasa|hadapan|usia|umur",
    "antara|bawah umur|mereka|dia|ia|saya|kami|kita|sini|sana|situ|rapat|acara|pertemuan",
    "her|him|them|it|us|me|you|everyone|anyone|someone|those|these|this|that|which|whom|his own",
    "tangan|luar dugaan|pernyataan*|keterangan*|konferensi pers|dalam negeri|luar negeri",
    "be|have|make|take|get|give|help|avert|keep|see|meet|do|go|work|find|pay|say|tell|charges",
)
_ID_ENDS = re.compile(
    r"(?:me[mnlry]\w{3,}|meng\w{3,}|di[a-z]{5,}|ber[a-z]{4,}|ter(?:jadi|letak|sebut|kait|hadap|masuk)"
    r"|ter(?!minal|as\b|atai)[a-z]{5,}|yang|dan|atau|serta|untuk|karena|setelah|sebelum|sejak|hingga|sampai|dengan|oleh|saat|ketika"
    r"|pada|akan|telah|sudah|tidak|tetapi|namun|adalah|ialah|merupakan|ini|itu|tersebut|sebagai"
    r"|agar|kepada|bagi|selama|usai|tanpa|dalam|juga|masih|kemarin|lalu|bahwa|seperti|secara|guna"
    r"|dari|ke|bersama|atas|tentang|soal|mulai|jadi|menjadi|akibat|meski|jika|bila|sementara"
    r"|adanya|ada|para|kata|ujar|oleh|antara|pernah|hanya|lebih|paling|kembali|tiba|bukan)\Z",
    re.IGNORECASE,
)
_EN_ENDS = re.compile(
    r"(?:on|at|and|or|but|to|for|with|from|by|after|before|when|while|where|which|who|that|as|was"
    r"|were|is|are|has|had|have|will|would|may|might|said|says|because|since|until|during|into"
    r"|than|if|so|over|under|about|against|between|through|than|then|not|no|early|late|yesterday"
    r"|today|tomorrow|last|next|this|more|only|just|also|it|he|she|they|we|without|despite|using"
    r"|near|in|off|along|outside|inside|behind|beside|across|around|amid|following|killing|leaving"
    r"|ago|earlier|later|where)\Z",
    re.IGNORECASE,
)
_DETERMINER = re.compile(r"(?:the|a|an|its|his|her|their|our|my|one|another)\s+", re.IGNORECASE)
_RELATOR = re.compile(
    r"(?:atas|bawah|dalam|luar|depan|belakang|dekat|sekitar|samping|seberang|tengah|sisi|tepi|ujung"
    r"|antara)\s+",
    re.IGNORECASE,
)
_DI_PLACE = re.compile(r"di\s+(?!mana\b|antara)", re.IGNORECASE)
_ANYWHERE = pattern(
    "wilayah|daerah|tempat|lokasi|kawasan|negara|kota|dunia|area|place|country|city"
)
_DEICTIC = re.compile(r"\s+(?:ini|itu|tersebut)\b", re.IGNORECASE)
_CHAIN = re.compile(r"\s+(?:in|at|on|near|of|outside|di|dekat)\s+(?:the\s+)?|,\s+", re.IGNORECASE)
UNSURE = 20.0  # the doubt of a name that nothing shows to be a place
_TOO_LONG = 7  # words of a place that is no name


def spans_of(sentence: Sentence, sort: SpanSort) -> list[Typed]:
    """The spans of a sort that a sentence has, in order."""
    return _FINDERS[sort](sentence)


def clean_names(sentence: Sentence) -> list[Name]:
    """The names of a sentence but for what only looks like one ("Rp3", a currency)."""
    money = [(n.start, n.end) for n in sentence.numbers]
    return [n for n in sentence.names if not any(s < n.end and n.start < e for s, e in money)]


def _people(sentence: Sentence) -> list[Typed]:
    """Persons, and what may be one; whoever is surely a body or a place is left out."""
    found = []
    for name in clean_names(sentence):
        if name.start < sentence.dateline or name.kind in ("place", "organisation"):
            continue
        if name.kind is None and _OF_A_PEOPLE.match(name.text):
            continue
        words = len(name.text.split())
        doubt = 0.0 if name.kind == "person" else 1.0 if words > 1 else 4.0
        if words == 1 and name.kind is None and _NAME_BEHIND.match(sentence.text, name.end):
            doubt += 4.0  # "utusan Kaldoria, Petra Hallgrim"
        if name.text.isupper() and len(name.text) > 1:
            doubt += 3.0
        if _owner(sentence.text, name.end) and name.kind != "person":
            doubt += 4.0
        found.append(Typed(name.start, name.end, doubt))
    return found


_NAME_BEHIND = re.compile(r",?\s[A-Z]\w+[-\w]*\s[A-Z]")
# "Kaldorian", "Japanese": of a people, and so nobody.
_OF_A_PEOPLE = re.compile(r"[A-Z][a-z]+(?:ian|ese|ish|ean)\Z")


def _owner(text: str, end: int) -> bool:
    """Whether a name is only whose something is: "Kaldoria's minister"."""
    return bool(re.match(r"['’]s\b", text[end : end + 3]))


def _bodies(sentence: Sentence) -> list[Typed]:
    found = []
    for name in clean_names(sentence):
        if name.start < sentence.dateline or name.kind == "person":
            continue
        doubt = {"organisation": 0.0, "place": 8.0}.get(name.kind or "", 1.5)
        found.append(Typed(name.start, name.end, doubt))
    return found


def _dates(sentence: Sentence) -> list[Typed]:
    """Days, months and years; those that stand together are one."""
    found: list[Typed] = []
    for mention in sentence.dates:
        if mention.kind == "time":
            continue
        late = _FAR_YEAR.match(sentence.text, mention.end)
        mention_end = late.end() if late else mention.end  # a year too early to be read as one
        gap = sentence.text[found[-1].end : mention.start] if found else "-"
        if found and _BETWEEN_DATES.match(gap):
            end = mention_end + (1 if "(" in gap and sentence.text[mention_end:][:1] == ")" else 0)
            found[-1] = replace(found[-1], end=end)
        else:
            doubt = 3.0 if mention.precision == "vague" or mention.loose else 0.0
            found.append(Typed(mention.start, mention_end, doubt))
    for cue in (_CENTURY, _ERA):
        more = [Typed(m.start(), m.end()) for m in cue.finditer(sentence.text)]
        found += [m for m in more if not _inside(m, found)]
    return sorted(found, key=lambda t: t.start)


def _times(sentence: Sentence) -> list[Typed]:
    found = [Typed(m.start, m.end) for m in sentence.dates if m.kind == "time"]
    words = [Typed(m.start(), m.end(), 2.0) for m in _MIDNIGHT.finditer(sentence.text)]
    return sorted([*found, *(w for w in words if not _inside(w, found))], key=lambda t: t.start)


def _inside(span: Typed, others: Iterable[Typed]) -> bool:
    return any(o.start < span.end and span.start < o.end for o in others)


def _numbers(sentence: Sentence) -> list[Typed]:
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


def _of_kind(kind: str) -> Callable[[Sentence], list[Typed]]:
    def find(sentence: Sentence) -> list[Typed]:
        found = [
            _dressed(sentence.text, n, n.end, doubt=0.0) for n in sentence.numbers if n.kind == kind
        ]
        return _ranged(sentence.text, found)

    return find


def _sums(sentence: Sentence) -> list[Typed]:
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


def _measures(sentence: Sentence) -> list[Typed]:
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


def _durations(sentence: Sentence) -> list[Typed]:
    """How long something lasts; "two days ago" tells when and comes last."""
    text = sentence.text
    found = []
    for number in sentence.numbers:
        if number.kind == "duration" and not _OLD.match(text, number.end):
            doubt = 6.0 if _AGO.match(text, number.end) else 0.0
            if re.search(r"\b(?:usia|umur|berusia|berumur|aged)\s+\Z", text[: number.start], re.I):
                doubt += 6.0
            found.append(_dressed(text, number, number.end, doubt=doubt))
    found = _ranged(text, found)
    for cue in (_HALF, _YEARS):
        more = [Typed(m.start(), m.end(), 1.0) for m in cue.finditer(text)]
        found += [m for m in more if not _inside(m, found)]
    return sorted(found, key=lambda t: t.start)


def _ages(sentence: Sentence) -> list[Typed]:
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


def _places(sentence: Sentence) -> list[Typed]:
    """Names of places, and where a preposition says that something is ("di balai kota")."""
    text = sentence.text
    told = _told_places(sentence)
    found = list(told)
    for name in clean_names(sentence):
        if name.kind in ("person", "organisation") or any(
            t.start <= name.start and name.end <= t.end for t in told
        ):
            continue
        doubt = 1.0 if name.kind == "place" else 9.0
        if name.kind is None:
            doubt = UNSURE
        elif text[name.end : name.end + 1] == ":":
            continue  # "(Inggris: Naples)"
        elif re.search(r"[^\W\d_]\s\Z", text[: name.start]) and name.kind == "place":
            doubt = 10.0  # "pengusaha Cile", "Japan": whose, not where
        elif _owner(text, name.end):
            doubt += 3.0
        found.append(Typed(name.start, name.end, doubt, (name.start, name.end)))
    if sentence.dateline:
        found = [t for t in found if t.start >= sentence.dateline]
        head = re.match(r"\s*([^,(–—-]+(?:-[^,(–—\s-]+)*)", text[: sentence.dateline])
        if head:
            found.append(Typed(head.start(1), head.start(1) + len(head[1].rstrip()), 8.5))
    return sorted(found, key=lambda t: t.start)


def _told_places(sentence: Sentence) -> list[Typed]:
    """The noun phrases that a preposition of place leads."""
    text = sentence.text
    taken = [(d.start, d.end) for d in sentence.dates] + [
        (n.start, n.end) for n in sentence.numbers if n.kind in ("money", "percent", "duration")
    ]
    names = clean_names(sentence)
    people = [(n.start, n.end) for n in names if n.kind == "person"]
    language = sentence.language if sentence.language in ("en", "id") else None
    found: list[Typed] = []
    for code in (language,) if language else ("id", "en"):
        at = max(0, sentence.dateline)
        while True:
            lead = _PREPOSITION[code].search(text, at)
            if lead is None:
                break
            at = lead.end()
            end = _phrase_end(text, lead.end(), code, [*taken, *people])
            if end > lead.end():
                span = _place_phrase(text, lead, end, code, names)
                if span is not None and not _inside(span, found):
                    found.append(span)
                    at = span.end
    return _chained(text, sorted(found, key=lambda t: t.start), names)


def _chained(text: str, spans: Sequence[Typed], names: Sequence[Name]) -> list[Typed]:
    """Places told one within the other as one: "a bus terminal in Arequipa", "Bulan, Medan"."""
    found: list[Typed] = []
    for span in spans:
        gap = text[found[-1].end : span.start] if found else ""
        if found and _CHAIN.fullmatch(gap) and "," not in gap:
            doubt = min(found[-1].doubt, span.doubt + 1)
            found[-1] = Typed(found[-1].start, span.end, doubt, found[-1].core or span.core)
        else:
            found.append(span)
    whole = []
    for span in found:
        wider = next(
            (n for n in names if n.kind == "place" and text[span.end : n.start] == ", "), None
        )
        whole.append(replace(span, end=wider.end) if wider and span.core else span)
    return whole


def _phrase_end(text: str, start: int, code: str, taken: Iterable[tuple[int, int]]) -> int:
    """Where the noun phrase that begins at `start` ends; `start` when there is none."""
    ends = _ID_ENDS if code == "id" else _EN_ENDS
    at, end, words = start, start, 0
    determiner = _DETERMINER.match(text, at) if code == "en" else None
    if determiner:
        at = determiner.end()
    barred = list(taken)
    inner = _RELATOR.match(text, at) if code == "id" else None
    if inner:
        at = inner.end()
    while words < _TOO_LONG:
        word = _PLACE_WORD.match(text, at)
        if word is None or any(s < word.end() and word.start() < e for s, e in barred):
            break
        name = word.group().rstrip(".")
        chained = bool(code == "id" and words and _DI_PLACE.match(text, at))
        if ends.match(name) and name.islower() and not chained:
            break
        if code == "en" and words and re.search(r"[a-z]{3}ed\Z", name):
            break
        words += 1
        if not (chained or name.casefold() == "of"):
            end = word.start() + len(name)
        gap = re.compile(r"[ \u00a0]+").match(text, word.end())
        if gap is None or (len(word.group()) > 3 and word.group().endswith(".")):
            break
        at = gap.end()
        if name.casefold() == "of":
            again = _DETERMINER.match(text, at)
            at = again.end() if again else at
    return end


def _place_phrase(
    text: str, lead: re.Match[str], end: int, code: str, names: Sequence[Name]
) -> Typed | None:
    """A phrase that may be a place; None where it surely is none."""
    phrase = text[lead.end() : end]
    bare = _DETERMINER.sub("", phrase, count=1) if code == "en" else phrase
    inside = [n for n in names if lead.end() <= n.start and n.end <= end]
    first = bare.split()[0] if bare.split() else ""
    if _DEICTIC.match(text, end) and not inside:
        return None
    if not first or any(n.kind == "organisation" and n.text == phrase for n in inside):
        return None
    word = lead.group().strip().casefold()
    if not inside:
        if _NOT_PLACES.search(bare) or first.isdigit() or _ANYWHERE.fullmatch(bare):
            return None
        if code == "en" and (not _DETERMINER.match(phrase) or word in ("to", "from", "on")):
            return Typed(lead.end(), end, 7.0) if _DETERMINER.match(phrase) else None
        doubt = 2.5 if code == "en" else 3.0
        return Typed(lead.end(), end, doubt + (6.0 if word in ("pada", "dari") else 0.0))
    kinds = {n.kind for n in inside}
    doubt = 0.0 if "place" in kinds else 1.0
    if word in ("to", "from", "pada", "dari", "menuju", "ke"):
        doubt += 2.0
    if word in ("on", "through", "pada") and "place" not in kinds:
        doubt += 4.0
    if _NOT_PLACES.match(first) and inside[0].start != lead.end():
        return None
    return Typed(lead.end(), end, doubt, (inside[-1].start, inside[-1].end))


_FINDERS: dict[SpanSort, Callable[[Sentence], list[Typed]]] = {
    "person": _people,
    "organisation": _bodies,
    "place": _places,
    "date": _dates,
    "time": _times,
    "number": _numbers,
    "measure": _measures,
    "percentage": _of_kind("percent"),
    "money": _sums,
    "duration": _durations,
    "age": _ages,
}

_AND = re.compile(r"\s*(?:,|,?\s+(?:dan|serta|and|as well as|maupun|&))\s+", re.IGNORECASE)
_LAST_AND = re.compile(r"\b(?:dan|serta|and|as well as|maupun)\b|&", re.IGNORECASE)


def coordinated(
    sentence: Sentence, spans: Sequence[Typed], titles: Sequence[str]
) -> Iterator[list[Typed]]:
    """The runs of at least two spans that commas and "and" join, a title between them or not."""
    run: list[Typed] = []
    for span in spans:
        if run and _joined(sentence.text[run[-1].end : span.start], titles):
            run.append(span)
            continue
        if len(run) > 1 and _and_in(sentence.text, run):
            yield run
        run = [span]
    if len(run) > 1 and _and_in(sentence.text, run):
        yield run


def _and_in(text: str, run: Sequence[Typed]) -> bool:
    """Whether "and" stands before the last of them; commas alone may set apart what one is."""
    return bool(_LAST_AND.search(text[run[-2].end : run[-1].start]))


def _joined(gap: str, titles: Sequence[str]) -> bool:
    for title in sorted(titles, key=len, reverse=True):
        gap = gap.replace(f"{title} ", "", 1)
    return bool(_AND.fullmatch(gap))

"""The places of a sentence: names, and where a preposition says that something is.

Pure; knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.answer.evidence import Sentence
from rag.answer.spans.typed import Typed, clean_names, inside, owns
from rag.text.cues import pattern
from rag.text.names import Name

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
# A word right before a place that neither joins it to another nor says where.
_LED_BY_WORD = re.compile(r"(?<!\bdan)(?<!\band)(?<!\bserta)(?<=[^\W\d_])\s\Z")
_DEICTIC = re.compile(r"\s+(?:ini|itu|tersebut)\b", re.IGNORECASE)
_CHAIN = re.compile(r"\s+(?:in|at|on|near|of|outside|di|dekat)\s+(?:the\s+)?|,\s+", re.IGNORECASE)
# Bodies with a house, in which something may happen: "at St Agnes Hospital".
_HOUSE = re.compile(
    r"\b(?:hospital|clinic|university|college|institute|school|academy|hotel|church|mosque|cathedral|temple|museum"
    r"|court|station|embassy|office|headquarters|parliament|congress|rumah\s+sakit|rs|rsud|rsup|rsu|klinik|puskesmas"
    r"|universitas|institut|kampus|sekolah|sd|smp|sma|smk|madrasah|pesantren|gereja|masjid|pura|vihara|pengadilan|stasiun"
    r"|kedutaan|kantor|balai|gedung|markas|mapolres|polres|polda|polsek|mabes|kejaksaan|dprd|dpr|bank|pasar)\b",
    re.IGNORECASE,
)
UNSURE = 20.0  # the doubt of a name that nothing shows to be a place
_TOO_LONG = 7  # words of a place that is no name


def places(sentence: Sentence) -> list[Typed]:
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
        elif _LED_BY_WORD.search(text[: name.start]):
            doubt = 10.0  # "pengusaha Cile", "Japan": whose, not where
        elif owns(text, name.end):
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
                if span is not None and not inside(span, found):
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
    body = any(n.kind == "organisation" and n.text == phrase for n in inside)
    if not first or (body and not _HOUSE.search(phrase)):
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

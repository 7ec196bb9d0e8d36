"""What kind of thing would answer a question: a person, a day, a sum, whether something is so.

Goes by the words that ask. Pure; `spans.sought` tells it finer.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Literal, get_args

from rag.answer.classes import CLASSES
from rag.answer.headed import kind_of_head
from rag.text import names
from rag.text.cues import pattern
from rag.text.hasty import written_out
from rag.text.language import word_set

Kind = Literal[
    "person", "organisation", "place", "date", "number", "money", "reason", "yes_no", "open"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_PLACES = "city|country|town|province|village|island|region|state"
_TEMPAT = "kota|negara|provinsi|desa|daerah|pulau|kabupaten|wilayah"
_BODIES = "company|party|organisation|organization|agency|team|club|bank"
_BADAN = "perusahaan|partai|organisasi|lembaga|badan|kelompok|tim|klub"


def _pairs(first: str, second: str) -> list[str]:
    """Every word of one list before every word of the other."""
    return [f"{a} {b}" for a in first.split("|") for b in second.split("|")]


# What a clause may begin with that asks nothing, in a question that has asked already.
_WITHIN = word_set("when where who whom whose why penyebab")
_OPENS_WITH_WHAT = re.compile(
    r"\W*(?:(?:and|so|but|then|well|in|at|on|by|for|with|from|to|of)\s+)?(?:what|which)\b",
    re.IGNORECASE,
)
# "Was he drunk when it hit the trawler?" asks whether; "Do you know when it sank?" asks when.
_OPENS_WITH_WHETHER = re.compile(
    r"\W*(?:(?:and|so|but|then|well)\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
    r"(?:n['’]t)?\b(?!.*\b(?:know\w*|tells?|told|says?|said|clear|mention\w*|states?|stated|reveal\w*|explain\w*|idea"
    r"|sure|shows?|find|found|remember|word|news|information|anything|guess|check|give|list|name)\s+(?:\w+\s+){0,3}(?:when|where|who|whom|whose|why)\b)",
    re.IGNORECASE,
)
_OPENS_WITH_HOW = re.compile(
    r"\W*how\s+(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    re.IGNORECASE,
)
_OPENS_WITH_APAKAH = re.compile(r"\W*(?:apakah|benarkah|betulkah|apa\s+benar)\b", re.IGNORECASE)
_OPENS_ALREADY = (_OPENS_WITH_WHAT, _OPENS_WITH_WHETHER, _OPENS_WITH_HOW, _OPENS_WITH_APAKAH)
# What asks for which kind. The cue that stands first in the question decides; of those that
# begin at the same place, the one listed first.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "reason",
        pattern(
            "mengapa|mengapakah|kenapa|why|how come|what caused|what causes|what led to",
            "apa alasan*|apa sebab*|apa penyebab*|apa yang menyebabkan|what was the cause",
            "what is the cause|what was the reason|what is the reason|penyebab",
        ),
    ),
    (
        "date",
        pattern(
            "kapan|kapankah|bilamana|when|how long ago",
            "what day|what date|what year|what month|what time|what century",
            "which day|which date|which year|which month|which century|which dates|what dates",
            "which days|what days|which weekday|what weekday|what exact date|which exact date",
            "bulan berapa|tgl berapa",
            "tanggal berapa|tahun berapa|hari apa|bulan apa|abad berapa|pukul berapa|jam berapa",
        ),
    ),
    (
        "money",
        pattern(
            "how much money|how much cash|how much does|how much did|how much do|how much was",
            "how much is|how much were|how much will|how much would|berapa harga*|berapa biaya*",
            "berapa nilai*|berapa uang|berapa anggaran*|berapa kerugian*|berapa denda*",
            "berapa tarif*|berapa upah*|berapa gaji*|price of|cost of",
        ),
    ),
    (
        "number",
        pattern(
            "berapa|berapakah|seberapa|how many|how much|how old|how long|how far|how tall",
            "how big|how high|how large|how often|how fast|how wide|how deep|how heavy|how strong",
            "how steep|how hot|how cold|how thick|how loud|how young|how low|how powerful",
            "what percentage|what share|what number|what proportion|what was the number",
            "what is the number|what's the number|what’s the number",
            "keberapa|ke berapa|kesekian|which time|by how much",
        ),
    ),
    (
        "place",
        pattern(
            "di mana|dimana|dimanakah|ke mana|kemana|dari mana|where",
            *_pairs("what|which", _PLACES),
            *_pairs(_TEMPAT, "mana|apa"),
        ),
    ),
    (
        "organisation",
        pattern(*_pairs("what|which", _BODIES), *_pairs(_BADAN, "mana|apa")),
    ),
    (
        "person",
        pattern(
            "siapa|siapakah|siapanya|who|whom|whose|tokoh mana|menteri mana|presiden mana",
            "which minister|which president|which leader|which player|which king|which official",
        ),
    ),
)
# The noun behind "what" or "which", or before "mana" or "apa", tells the kind by what it is.
_OF_WHICH = re.compile(
    r"\b(?:which\s+|what\s+(?!\w{3,}ed\s))(?P<after>(?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can"
    r"|could|should|the|of)\b)[\w'’-]+\s+){1,3})|\b(?P<before>(?:[\w-]+\s+)?[\w-]+)\s+(?:mana|apa)\b",
    re.IGNORECASE,
)
_SPOTS = word_set(
    "country city town province village island region state border street road building hotel",
    "port harbour harbor stadium river lake mountain market",
    "square neighbourhood neighborhood suburb venue site bay coast capital continent station",
    "perbatasan gedung hotel stadion pasar lapangan kawasan lokasi daerah ibukota terminal",
) | (names.PLACE_HEADS | names.PLACE_TAILS)
# Of these an answer says the word: "at the Hotel Arum", "di gedung parlemen".
VENUES = word_set(
    "building hotel hall palace stadium airport office embassy hospital school street square",
    "theatre restaurant station villa mosque church gedung hotel balai istana stadion bandara",
    "kantor kedutaan jalan lapangan aula stasiun masjid gereja restoran",
)
_GROUPS = word_set(
    "body outlet newspaper broadcaster channel airline institution firm group ministry hospital",
    "instansi media koran maskapai firma pabrik operator penyiar",
) | (
    names.ORGANISATIONS - word_set("rumah news times post kamar international pt cv gerakan front")
)
_SOMEBODY = word_set(
    "minister president leader player official worker doctor nurse judge lawyer prosecutor actor",
    "journalist reporter singer coach captain mayor governor general rider driver scientist",
    "professor researcher teacher student man woman politician senator lawmaker deputy envoy",
    "ambassador spokesman spokeswoman director chief officer inspector farmer fisherman writer",
    "author artist champion winner resident witness survivor victim engineer expert actress",
    "menteri presiden pemain pejabat pekerja dokter perawat hakim pengacara jaksa aktor wartawan",
    "penyanyi pelatih kapten bupati gubernur jenderal pembalap sopir peneliti guru siswa",
    "source sumber boss chief head owner founder suspect boy girl",
    "politikus utusan direktur petani nelayan penulis seniman juara warga saksi insinyur pakar",
)
_FIGURES = word_set(
    "death percentage share temperature speed height depth weight distance magnitude width length",
    "size",
)
_SUMS = word_set("price fee fare salary wage sum fine ransom amount rent toll bribe")
_NOUNS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("place", _SPOTS),
    ("organisation", _GROUPS),
    ("person", _SOMEBODY),
    ("number", _FIGURES),
    ("money", _SUMS),
)
# "What does a guard earn?" and "What is the fare?" ask for a sum; "di toko mana" where.
_ELSE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "money",
        re.compile(
            r"\bwhat\s+(?:does|did|do|will|would|has|had)\b.*\b(?:cost|earn|charge|owe)\b"
            r"|\bwhat\s+(?:is|was|are|were)\s(?:\w+\s+){0,3}(?:salary|wage|price|fee|fare|budget)\b"
            r"|\bwhat\s+(?:\w+\s+){1,2}rate\s(?!of\b).*\b(?:paid|pay|propose|charge|wages?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "place",
        re.compile(
            r"\b(?:di|ke|dari)\s+(?:\w+\s+){1,2}mana\b|\b(?:in|at) (?:what|which)\b"
            r"(?!\s+(?:point|stage|time|age|price|cost|rate|speed|level|sense|way|capacity|role)\b)",
            re.IGNORECASE,
        ),
    ),
)
# What a name or a date tells of itself, without the word for it.
_TOLD_BY_NAME = CLASSES | word_set(
    "media outlet outlets newspaper paper body institution lokasi koran instansi",
    "day days date dates year years month months time times hari tanggal tahun bulan pekan waktu",
    "siapa di ke dari yang atau dan itu ini sama ada",
)
# Nouns for any of a kind, which no answer repeats: "a badger" is no word of "which animal", and
# verbs that "what" is asked with.
_ANY_OF = word_set(
    "happened happens became becomes made makes caused causes led kept keeps brought prompted",
    "number amount quantity kind sort type sense fact thing things reason condition conditions",
    "route means method way animal species substance tool instrument material colour color size",
    "sport job occupation profession trade language status part aid food drug illness disease",
    "pakai dengan cara jenis macam hewan binatang zat alat bahan bagian status acara makanan",
    "minuman olahraga warna bahasa pekerjaan profesi bidang sebab akibat syarat alasan kondisi",
    "problem issue complaint excuse effect impact measure step change result outcome plan proposal",
    "advice message role difficulty danger risk benefit damage masalah keluhan",
    "dampak langkah perubahan hasil rencana usul usulan saran pesan kendala risiko manfaat",
    "obat penyakit gejala barang benda senjata kendaraan jalur buah ikan burung",
)
# Verbs before "apa", as they are said.
_DONE = re.compile(
    r"(?:beli|bawa|makan|minum|pakai|bikin|buat|dapat|dapet|cari|jual|kasih|kata|bilang|lihat|pilih|ambil|main|nonton|baca|tulis"
    r"|tanam|naik|minta|ngapain|jadi|(?:me|di|ber|nge)[a-z]{4,})\Z"
)
_YES_NO = re.compile(
    r"\W*(?:apakah|(?!bagaimana)[a-z]{3,}kah|apa benar|apa betul|is|are|was|were|do|does|did"
    r"|has|have|had|can|could|will|would|should)\b",
    re.IGNORECASE,
)
# "... or not", with which chat asks whether.
OR_NOT = re.compile(
    r"\s(?:atau\s+)?(?:nggak|enggak|gak|ga|tidak|ndak|belum|bukan|or not)(?:\s+(?:sih|ya))?\W*\Z",
    re.I,
)


_NAME_OF = re.compile(r"\bname\s+of\s+(?:the|an?)\s+((?:[\w'’-]+\s*){1,4})", re.IGNORECASE)
_OF_WHOM = word_set("of who whom that which in on at for from with to")
_WHAT = pattern("what|which|apa|apakah|mana|bagaimana|how")
_ORDINAL = pattern(
    "keberapa|ke berapa|kesekian|which time|what number|which visit was|which trip was",
    "which visit is",
)


# The question words of Indonesian with the ending that only marks a question.
_ASKING = re.compile(
    r"\b(siapa|apa|berapa|mana|mengapa|kenapa|kapan|dimana|kemana|lama|orang|banyak|besar|luas"
    r"|tinggi|jauh|usia|umur|tahun|tanggal)kah\b",
    re.IGNORECASE,
)


def asking_words(question: str) -> str:
    """The question with its question words in their plain form.

    >>> asking_words("Tahun berapakah ia lahir, dan dmn?")
    'Tahun berapa ia lahir, dan di mana?'
    """
    plain = written_out(question)
    # "Apakah" at the beginning asks whether, and is left.
    return _ASKING.sub(lambda m: m.group() if m[1].casefold() == "apa" else m[1], plain)


def kind_of(question: str) -> Kind:
    """What kind of thing would answer the question; "open" when no rule tells.

    >>> [kind_of(q) for q in ("Who met Blinken?", "berapa korban tewas?", "apa itu GPS?")]
    ['person', 'number', 'open']
    """
    plain = asking_words(question)
    cues = ((kind, cue.search(plain)) for kind, cue in _KINDS)
    # "Which pet did she take when she fled?" asks for no date, nor does "Was she hurt when ...".
    opens = next((m for cue in _OPENS_ALREADY if (m := cue.match(plain))), None)
    found = [
        (m.start(), kind)
        for kind, m in cues
        if m and not (opens and m.start() > opens.end() + 1 and m.group().casefold() in _WITHIN)
    ]
    if found:
        return min(found, key=lambda f: f[0])[1]
    kind = _kind_of_noun(plain)
    for other, cue in _ELSE if kind is None else ():
        if cue.search(plain):
            kind = other
            break
    if kind is not None:
        return kind
    if _YES_NO.match(question) or OR_NOT.search(question):
        return "yes_no"
    if _names_somebody(plain):
        return "person"
    return (None if _WHAT.search(plain) else kind_of_head(plain)) or "open"


def _names_somebody(question: str) -> bool:
    """Whether the name of a person is asked for: "what's the name of the CIA boss?"."""
    asked = _NAME_OF.search(question)
    if asked is None:
        return False
    words = takewhile(lambda w: w not in _OF_WHOM, asked[1].casefold().split())
    return any(w in _SOMEBODY for w in words)


def _kind_of_noun(question: str) -> Kind | None:
    """The kind of what "which body" or "perbatasan mana" asks for, by its noun."""
    opens = _OPENS_WITH_WHAT.match(question)
    for asked in _OF_WHICH.finditer(question):
        nouns = (asked["after"] or asked["before"]).casefold().split()
        if opens and asked.start() > opens.end():
            break  # "What excuse did he give for what police did?"
        if not asked["after"] and len(nouns) > 1 and _DONE.match(nouns[-1]):
            continue  # "Presiden beli apa?"
        for noun in nouns:  # of "kantor berita" the first, as of "UN body" the second
            for kind, heads in _NOUNS:
                if {noun, noun.removesuffix("s"), re.sub(r"ies\Z", "y", noun)} & heads:
                    return kind
    return None


def asked_nouns(question: str) -> frozenset[str]:
    """The nouns of what "which hotel" or "penyakit apa" asks for, which an answer should be of.

    None of "which country" and the like: a name tells of itself that it is a country's.

    >>> sorted(asked_nouns("Which hotel did he stay at?")), sorted(asked_nouns("Di kota mana?"))
    (['hotel'], [])
    """
    plain = asking_words(question).casefold()
    found: set[str] = set()
    for asked in _OF_WHICH.finditer(plain):
        found |= set(asked["after"].split() if asked["after"] else asked["before"].split()[-1:])
    return frozenset() if found & (_TOLD_BY_NAME | _ANY_OF) else frozenset(found)


def asks_ordinal(text: str) -> bool:
    """Whether a question wants to know the how-manieth something is.

    >>> asks_ordinal("Ini kunjungan keberapa?"), asks_ordinal("Berapa orang datang?")
    (True, False)
    """
    return bool(_ORDINAL.search(text))

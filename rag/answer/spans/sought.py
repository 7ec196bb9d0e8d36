"""What exactly a question asks to be told: the sort of words that answer it, and who does what.

Finer than `question.kind_of`, which says how well a whole sentence fits. Pure; knows nothing of
passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.asking import asking_words, asks_ordinal, kind_of
from rag.text.cues import pattern
from rag.text.language import word_set
from rag.text.names import TITLES
from rag.text.stems import tokens

Sort = Literal[
    "person",
    "organisation",
    "source",  # whose word it is, whom a report quotes
    "place",
    "date",
    "time",
    "number",
    "ordinal",  # the how-manieth something is
    "measure",  # a length, a weight, a speed
    "percentage",
    "money",
    "duration",
    "age",
    "reason",
    "condition",  # on what condition something is or will be done
    "definition",  # what something, or who somebody, is
    "thing",  # what, with nothing that tells of which sort
    "yes_no",
    "open",
]
# How finely a date must be told.
Grain = Literal["year", "month", "day", "weekday"]
# Of a person or a body: who does it, or whom (or with whom) it is done.
Role = Literal["doer", "done_to"]

_TIME = pattern(
    "pukul berapa|jam berapa|pukulberapa|berapa pukul|what time|which hour|what hour|at what hour",
    "pukul brp|jam brp",
)
_DAY = pattern(
    "what evening|what morning|what afternoon|what night|which evening|hari apa|malam apa"
)
_PERCENTAGE = pattern(
    "persen|persentase|prosentase|percent|per cent|percentage|proporsi|proportion|what share"
)
_ALONE_PERCENTAGE = pattern("persentase*|prosentase*|what percentage|what share|what proportion")
_DURATION = pattern(
    "berapa lama*|seberapa lama*|berapa tahun|berapa bulan|berapa minggu|berapa pekan",
    "berapa hari|berapa jam|berapa menit|berapa detik|berapa dekade|berapa abad|lamanya",
    "how long|how many years|how many months|how many weeks|how many days|how many hours",
    "how many minutes|how many seconds|how many decades|what sentence|hukuman berapa",
    "how much time|durasi*|duration",
)
_NOT_LASTING = pattern("how long ago|berapa lama lalu|berapa lama yang lalu")
_LENGTH = pattern("how long is the|how long was the")
_LONG_THINGS = pattern(
    "bridge|road|river|tunnel|line|wall|coast*|pipe*|track|fence|canal|runway|route|border"
)
_AGE = pattern("how old|berapa umur*|berapa usia*|umur* berapa|usia* berapa|berusia berapa|age of")
_AGED = re.compile(r"\A\W*(?:umur|usia)\b|['’]s?\s+age\W*\Z", re.IGNORECASE)
_MEASURE = pattern(
    "how far|how tall|how high|how wide|how deep|how heavy|how big|how large|how fast",
    "seberapa jauh|seberapa tinggi|seberapa besar|seberapa luas|seberapa dalam|seberapa berat",
    "berapa jauh*|berapa jarak*|berapa tinggi*|berapa luas*|berapa panjang*|berapa lebar*",
    "berapa berat*|berapa kedalaman*|berapa ketinggian*|berapa kecepatan*|berapa kilometer",
    "berapa meter|berapa km|berapa ton|berapa kilogram|berapa kilo|berapa kg|berapa hektar*",
    "berapa liter|berapa mil|jauhnya berapa|tingginya berapa|luasnya berapa|panjangnya berapa",
    "beratnya berapa|jaraknya berapa|lebarnya berapa|how many kilomet*|how many mile*",
    "how many met*|how many ton*|how many hectare*|how many lit*|how many kilogram*",
    "berapakah luas*|berapakah tinggi*|berapakah panjang*|berapakah jarak*|berapakah berat*",
    "berapakah lebar*|berapakah kecepatan*|what distance|what height|what depth|what length",
)
_MONEY = pattern(
    "harga*|seharga|biaya*|tarif*|ongkos*|upah*|gaji*|denda*|anggaran*|kerugian*|rugi|modal*",
    "uang|rupiah|dolar|dollar*|euro*|bayar|dibayar|membayar|suap|dana|investasi|menginvestasikan",
    "utang*|pinjaman*|hadiah*|bantuan|rp|cost|costs|price|prices|fine|fined|pay|paid|pays|earn",
    "earns|earned|spend|spent|spends|invest|invested|invests|budget|worth|owe|owed|owes|salary",
    "wage|wages|money|cash|loan|fee|fees|bribe|bribes|bribed|donate|donated|raise|raised|prize",
    "tender|funding|funds|lose|loses|ransom|tebusan|sewa|rent",
)
# "Berapa truk bantuan": trucks, and no sum.
_AID = re.compile(
    r"\b(berapa\s+(?!nilai|besar|total|jumlah|dana|uang|bantuan)\w+\s.*?)\bbantuan\b", re.IGNORECASE
)
_COUNTED = pattern(
    "how many|berapa orang|berapa banyak|berapa kali|number of|jumlah|berapa jumlah*"
)
# A number asked for without "how many".
_TOLD_NUMBER = pattern(
    "what number|what is the number|death toll|korban tewas|korban jiwa|number of|jumlah|deaths",
    "what wrong number|the most people|the most number|how much of|magnitudo|magnitude|toll",
)
_RATE = pattern("rate|suku bunga|turnout|tingkat partisipasi|inflation|inflasi|pay rise")
# What asks for a sum without "how much".
_PRICE = pattern(
    "cost|costs|price|fee|budget|worth|nilai kontrak|biaya|harga|anggaran|denda|kerugian|tarif"
)
_DEFINITION = pattern(
    "apa itu|apakah itu|apa sih|apa yang dimaksud*|apakah yang dimaksud*|apa definisi*|apa arti*",
    "apa pengertian*|apakah pengertian*|apakah definisi*|apakah arti*|apa makna*|what is meant by",
    "what does it mean|definition of|meaning of|what are|siapa itu|siapakah itu|apa maksud*",
    "pengertian|definisi",
)
# "What is X?" and "Who is X?" ask what X is only where X is all that is left of the question.
_WHAT_IS = re.compile(
    r"\W*(?:(?:so|and|well|lalu|jadi|terus|dan)\W+)?"
    r"(?P<word>what|who|siapa(?:kah)?|whats|who's|what's)\s*(?:is|was|are|were|itu|sih)?\s+"
    r"(?P<rest>[^?]+?)\s*(?:itu|sih|ini)?\s*\?*\s*\Z",
    re.IGNORECASE,
)
# "Yair Lapid itu siapa?"
_WHO_LAST = re.compile(
    r"\W*(?P<rest>[^?]+?)\s+(?:(?:itu|tuh|ini|sebenarnya)\s+)*siapa(?:kah|nya)?(?:\s+(?:sih|ya|itu|sebenarnya))*\s*\?*\s*\Z",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(?:of|in|at|on|for|to|by|with|from|behind|yang|dari|di|oleh|untuk|pada)\b", re.IGNORECASE
)
# Who somebody is to somebody else, or to a body: a name is asked for.
_RELATED = word_set(
    "ibu ayah bapak istri isteri suami anak putra putri adik kakak saudara paman bibi kakek nenek",
    "pendiri pencipta penemu penulis pengarang pemilik arsitek pelatih kapten vokalis pemain",
    "kepala ketua koordinator sekretaris wakil direktur pemimpin juru nama",
)
_POSSESSIVE = re.compile(r"['’]s?\s+[a-z]")
_MEANS = re.compile(r"\bwhat (?:does|do|did) .+ mean\b|\bwhat .+ means\b", re.IGNORECASE)
_MANY = pattern(
    "saja|aja|who all|what are the|which are|sebutkan|list|name the|who are|who were|para",
    "siapa-siapa|mana-mana|apa-apa|masing-masing",
    "which countries|which cities|which people|which companies|which states|which groups",
    "which teams|which parties|which towns|which villages|which ministers|which provinces",
    "which nations|which leaders|which officials|which areas|which districts|which islands",
    "what countries|what cities|what companies|what groups|what teams|what parties|what towns",
    "what villages|what provinces|what nations|what areas|what districts|negara-negara",
)
_SEVERAL = re.compile(
    r"\b(?:which|what)\s+(?:two|three|four|five|six|\d+)\s+[a-z]"
    r"|\b(?:dua|tiga|empat|lima|enam|\d+)\s+[a-z-]+\s+(?:mana|apa|siapa)\b",
    re.IGNORECASE,
)
_PLACES = pattern(
    "ibu kota|ibukota|capital|which countr*|which cit*|which town*|which village*|which district*",
    "which nation*|which area*|which island*|which provinc*|which continent|which state|benua apa",
    "which states|which region*|what countr*|what cit*|what town*|what village*|what district*",
    "what nation*|what area*|what island*|what provinc*|what continent|what region*|negara apa",
    "negara mana|kota mana|kota apa|kecamatan mana|kecamatan apa|desa mana|daerah mana|asal mana",
    "negara-negara mana|negara-negara apa|kabupaten mana|kabupaten apa|provinsi mana|pulau mana",
    "pulau apa|letak|lokasi|location|benua mana|provinsi apa|venue|stasiun mana|which station",
    "which airport|bandara mana|which hospital|rumah sakit mana|ke mana|dari mana",
    "which port|pelabuhan mana|gedung mana|gedung apa|which building|nama ibu kota|di negara",
)
_BODIES = pattern(
    "which compan*|what compan*|which part*|which organi*|which agenc*|which group*|which team*",
    "which club*|which bank*|which ministr*|which univers*|which union*|which firm*|which airline*",
    "what group*|what team*|what agenc*|what organi*|what party|what club|what bank|what union",
    "perusahaan apa*|perusahaan mana*|partai apa*|partai mana*|organisasi apa*|organisasi mana*",
    "lembaga apa*|lembaga mana*|kelompok apa*|kelompok mana*|tim apa*|tim mana*|klub apa*",
    "klub mana*|maskapai apa*|maskapai mana*|kementerian apa*|kementerian mana*|bank apa*",
    "bank mana*|universitas apa*|universitas mana*|badan apa*|badan mana*|instansi mana*",
    "instansi apa*|serikat apa|serikat mana|which newspaper|which broadcaster|which network",
)
_PEOPLE = pattern(
    "siapa*|who|whom|whose|which minister*|which president*|which leader*|which player*",
    "which king*|which official*|which police*|which officer*|which judge*|which teacher*",
    "which deputy*|which former*|which lawmaker*|which actor*|which author*|which scientist*",
    "which mayor*|which coach*|which governor*|which envoy*|which general*|which doctor*",
    "which rider*|which singer*|which of the *ers|which *man|which *woman|which *ist|which head",
    "which member|which chief|which boss|which person|pem* mana|pen* mana|pel* mana|per* mana",
    "anggota dewan mana|kepala mana|orang mana|warga mana|ketua mana|menteri mana|menteri siapa",
    "tokoh mana|tokoh siapa|presiden mana",
    "pejabat mana|winner of|name of the man|name of the woman|juara|pemenang",
)
_ANYBODY = re.compile(r"(?:who|whom|whose|juara|pemenang)\b", re.IGNORECASE)
_WHO_FIRST = re.compile(
    r"\W*(?:who|siapa|which|winner|what(?:['’]s|\s+(?:is|was|are|were))\s+the\s+names?)\w*\b",
    re.IGNORECASE,
)
_REASON = pattern(
    "alasan|kok|karena apa|gara-gara apa|akibat apa|sebab apa|lantaran apa|apa alasan*|apa sebab*",
    "buat apa|apa penyebab*|apakah penyebab*|apakah alasan*|apa pemicu*|dipicu apa|dipicu oleh apa",
    "disebabkan apa|disebabkan oleh apa|for what reason|because of what|due to what|alasan apa",
    "what triggered|what prompted|what made|what forced|knp|ngapa|what were the reasons",
    "what are the reasons|untuk apa|what for|apa tujuan*|apa yang membuat|apa yang memicu",
)
_CONDITION = pattern(
    "what condition*|which condition*|apa syarat*|apa saja syarat*|syarat apa*|syaratnya apa*",
    "what would it take|what were the conditions|what are the conditions|what had to happen",
    "what has to happen|what must happen|what needs to happen|what would have to happen",
    "at what point",
)
_GRAINS: tuple[tuple[Grain, re.Pattern[str]], ...] = (
    ("year", pattern("tahun berapa*|tahun apa|tahun brp|what year|which year|in which year")),
    ("month", pattern("bulan apa|bulan berapa*|bulan brp|what month|which month")),
    (
        "day",
        pattern(
            "tanggal berapa*|tgl berapa|tanggal brp|tgl brp|what date*|which date*",
            "what exact date*|which exact date*|what is the date|what was the date",
        ),
    ),
    ("weekday", pattern("hari apa|hari apakah|what day|which day|which weekday|what weekday")),
)
_SAYS_WHO = (
    r"(?:data|figures?|numbers?|count|tally|toll|estimates?|statements?|reports?|accounts?|word|claims?"
    r"|source|sources)"
)
# Whose word something is.
_SOURCE = re.compile(
    r"\bwhom?\s+(?:did|does|do|was|were|is|has|have)\b.*"
    r"\b(?:cit(?:e[ds]?|ing)|quot(?:e[ds]?|ing)|rel(?:y|ies|ied)\s+on)\b"
    rf"|\bwhose\s+(?:[\w'’-]+\s+){{0,3}}?{_SAYS_WHO}\b"
    r"|\b(?:according\s+to|citing|quoting)\s+(?:whom?|which|what)\b"
    r"|\bwho\s+(?:is|was|were|are)\b.*['’]s?\s+(?:\w+\s+)?sources?\b"
    r"|\bwho\s+(?:is|was)\s+the\s+source\b(?!\s+of\b)"
    r"|\bwhere\b.*\bget\b.*\b(?:news|information|report|story)\b"
    r"|\b(?:menurut|mengutip|kutip|dikutip)\s+(?:kata\s+)?"
    r"(?:siapa|(?:media|kantor\s+berita)\s+(?:mana|apa))\b"
    r"|\bsiapa(?:kah)?\s+(?:yang\s+|yg\s+)?dikutip\b"
    r"|\bdikutip\s+dari\s+(?:\w+\s+){0,2}(?:mana|siapa|apa)\b"
    r"|\bsiapa(?:kah)?\s+(?:yang\s+(?:jadi|menjadi)\s+)?(?:sumber|narasumber)\b"
    r"|\b(?:sumber|sumbernya|data|laporan|pernyataan|keterangan|catatan|kabar|info|informasi|angka)\s+"
    r"(?:dari\s+)?siapa\b|\bsumber(?:nya)?\s+(?:\w+\s+){0,3}siapa\W*\Z"
    r"|\b(?:dapat|dapet|mendapat|peroleh|memperoleh)\s+(?:kabar|info|informasi|berita|keterangan)\b"
    r".*\bdari\s+siapa\b",
    re.IGNORECASE,
)
# "Apakah" asks for a thing where no name, verb or "it is so" follows.
_WHAT_NOUN = re.compile(
    r"\W*[Aa]pakah\s+(?!(?:[A-Z]|di[a-z]{4}|me[mnlry]|ber|ter|ada\b|tidak\b|sudah\b|benar\b|akan\b))"
)
_WHAT = pattern("apa|apakah|apanya|what|which|mana|name|sebutkan")

_CAPITAL = pattern("ibu kota|ibukota|capital|kota apa|kota mana|which city|what city|which town")
_HEAD_BEFORE = re.compile(r"\b([^\W\d_]{3,})\s+(?:apa(?:kah)?|mana(?:kah)?)\b", re.IGNORECASE)
_HEAD_AFTER = re.compile(
    r"\b(?:apa(?:kah)?(?:\s+(?:nama|judul))?|nama(?:-nama)?|judul|(?:name|title) of(?: the)?)\s+"
    r"([^\W\d_]{3,})(?:\s+([^\W\d_]{3,}))?",
    re.IGNORECASE,
)
_HEAD_ENGLISH = re.compile(
    r"\b(?:what|which)\s+([^\W\d_]{3,})(?:\s+([^\W\d_]{3,}))?(?:\s+([^\W\d_]{3,}))?",
    re.IGNORECASE,
)
_NO_HEAD = pattern(
    "yang|dengan|dari|untuk|nama|apa|saja|itu|is|was|are|were|did|does|do|has|have|had|will|would",
    "the|name|jenis|oleh|judul|pada|dalam|sebagai|tentang|akan|menjadi|adalah|of|title|kind|type",
)
_BY_WHOM = pattern("oleh siapa*|by whom|who by|by who|oleh apa|sama siapa")
_WITH_WHOM = pattern(
    "dengan siapa*|dgn siapa|bersama siapa*|kepada siapa*|pada siapa*|untuk siapa*|ke siapa*",
    "terhadap siapa*|bareng siapa|with whom|to whom|from whom|for whom|against whom|about whom",
    "dari siapa*|whom|with who|to who|antara siapa|between whom",
)
_WHO_DID = re.compile(
    r"\bwho(?:m)?\s+(?:did|does|do|has|have|had|will|would|was|were|is|are|can|could|should)\s+"
    r"(?P<next>\S+)(?P<rest>.*)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho\s+(?P<next>\S+)", re.IGNORECASE)
_SIAPA = re.compile(
    r"\bsiapa(?:kah)?\s+(?:(?:saja|aja)\s+)?(?:(?:orang|tokoh|pejabat)\s+)?(?:(?:yang|yg)\s+)?"
    r"(?:(?:telah|sudah|akan|sedang|pernah|juga|baru|pertama|kali|tidak|paling)\s+)*(?P<next>\S+)",
    re.IGNORECASE,
)
_SIAPA_LAST = re.compile(r"\b(?P<before>[^\W\d_]+)\s+siapa(?:kah)?\b", re.IGNORECASE)
_ACTIVE = re.compile(r"(?:me[mnrlwy]|meng|ber|ter)[a-z]{3}", re.IGNORECASE)
_PASSIVE = re.compile(r"di[a-z]{4}", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w{2,}(?:ed|en|wn|ught|old|ung|ilt|ade|id|ept|ent|elt|ost|uck)\Z", re.I)


@dataclass(frozen=True, slots=True)
class Sought:
    """What the words that answer must be."""

    sort: Sort
    many: bool = False  # all of a list: "siapa saja", "which countries"
    role: Role | None = None
    grain: Grain | None = None  # of a date, where that is asked
    counted: bool = False  # of a number: things are counted, so no share or sum answers
    capital: bool = False  # of a place: a city, whose name nothing else may show to be one
    head: tuple[str, ...] = ()  # the nouns that "what" or "which" may ask of, likeliest first


@lru_cache(maxsize=256)
def sought(question: str) -> Sought:
    """What a question asks to be told.

    >>> [sought(q).sort for q in ("jam berapa gempa itu?", "Berapa lama rapatnya?", "apa itu GPS")]
    ['time', 'duration', 'definition']
    >>> asked = sought("Siapa saja yang ditemui Blinken?")
    >>> asked.sort, asked.many, asked.role
    ('person', True, 'done_to')
    """
    question = asking_words(question)
    sort = _sort(question)
    return Sought(
        sort=sort,
        many=bool(_MANY.search(question) or _SEVERAL.search(question)),
        role=_role(question) if sort in ("person", "organisation") else None,
        grain=_grain(question) if sort == "date" else None,
        counted=bool(_COUNTED.search(question)),
        capital=sort == "place" and bool(_CAPITAL.search(question)),
        head=_heads(question) if sort in ("thing", "organisation") else (),
    )


def _grain(question: str) -> Grain | None:
    """How finely the date is asked for; None where "when" leaves that open."""
    return next((grain for grain, cue in _GRAINS if cue.search(question)), None)


def _sort(question: str) -> Sort:
    kind = kind_of(question)
    if kind in ("person", "organisation", "open") and _SOURCE.search(question):
        return "source"
    if _TIME.search(question):
        return "time"
    if asks_ordinal(question):
        return "ordinal"
    if kind == "date" or _DAY.search(question):
        return "date"
    if kind in ("number", "money") or _ALONE_PERCENTAGE.search(question):
        return _amount(question, kind)
    if kind == "reason" or _REASON.search(question):
        return "reason"
    if _CONDITION.search(question):
        return "condition"
    if _defines(question):
        return "definition"
    if _DURATION.search(question):
        return "duration"
    cues: tuple[tuple[Sort, re.Pattern[str]], ...] = (
        ("person", _PEOPLE),
        ("organisation", _BODIES),
        ("place", _PLACES),
    )
    found = [(m.start(), sort) for sort, cue in cues if (m := cue.search(question))]
    if kind == "person":
        return kind
    if kind in ("place", "organisation"):
        other = [each for each in found if each[1] != "person"]
        return min(other)[1] if other else kind
    if _WHAT.search(question):
        # "What does it need for those who fled?", "Apa hadiah juaranya?"
        found = [
            (at, sort)
            for at, sort in found
            if not (sort == "person" and _ANYBODY.match(question, at)) or _WHO_FIRST.match(question)
        ]
    if found:
        return min(found)[1]
    if kind == "open" and _RATE.search(question):
        return "percentage"
    if kind == "open" and _TOLD_NUMBER.search(question):
        return "number"
    if kind == "open" and _PRICE.search(question):
        return "money"
    if kind == "open" or _WHAT_NOUN.match(question):
        return "thing" if _WHAT.search(question) else kind
    return kind


def _amount(question: str, kind: str) -> Sort:
    """Which sort of number."""
    if _PERCENTAGE.search(question):
        return "percentage"
    if _AGE.search(question) or _AGED.search(question):
        return "age"
    if _LENGTH.search(question) and _LONG_THINGS.search(question):
        return "measure"
    if _DURATION.search(question) and not _NOT_LASTING.search(question):
        return "duration"
    if _MEASURE.search(question):
        return "measure"
    if kind == "money" or (
        _MONEY.search(_AID.sub(r"\1", question)) and not _COUNTED.search(question)
    ):
        return "money"
    return "number"


def _defines(question: str) -> bool:
    """Whether it asks what something, or who somebody, is."""
    if _MEANS.search(question):
        return True
    cue = _DEFINITION.search(question)
    if cue and cue.group().casefold() not in ("what are",):
        return True
    whole = _WHAT_IS.match(question)
    if not whole:
        last = _WHO_LAST.match(question)
        return last is not None and _only_a_name(last["rest"])
    rest = whole["rest"]
    word = whole["word"].casefold()
    if word.startswith("siapa") or not re.search(r"\b(?:is|was|are|were|'s)\b", question, re.I):
        # "Siapa Petra Hallgrim?", but "siapa presiden Mesir" asks for a name.
        return word.startswith("siapa") and _only_a_name(rest)
    if word.startswith("who"):
        return _only_a_name(rest)
    if re.search(r"\w(?:ing|ed)\b", rest) or word == "whats" or re.search(r"\bwere\b", question):
        return False
    return not _OF.search(rest) and not _POSSESSIVE.search(rest) and len(rest.split()) <= 4


def _only_a_name(rest: str) -> bool:
    """Whether all the words are written with a capital and none is an office or a kinship."""
    words = rest.split()
    first = words[0].casefold() if words else ""
    return (
        bool(words)
        and len(words) <= 5
        and all(w[:1].isupper() for w in words)
        and first not in _RELATED
        and not any(" ".join(words[:n]).casefold() in TITLES for n in range(1, len(words)))
        and " ".join(words).casefold() not in TITLES
    )


def _heads(question: str) -> tuple[str, ...]:
    """The nouns that the question may ask the name of: "topan apa", "which book"."""
    found: list[str] = []
    for cue in (_HEAD_BEFORE, _HEAD_ENGLISH, _HEAD_AFTER):
        for match in cue.finditer(question):
            found += [w.casefold() for w in match.groups() if w and not _NO_HEAD.fullmatch(w)]
    return tuple(dict.fromkeys(found))


def _role(question: str) -> Role | None:
    """Whether the question asks for the doer or for whom it is done to, where that can be told."""
    if _BY_WHOM.search(question):
        return "doer"
    if _WITH_WHOM.search(question):
        return "done_to"
    found = _WHO_DID.search(question)
    if found:
        return _role_in_english(found)
    who = _WHO.search(question)
    if who:
        return "doer"
    siapa = _SIAPA.search(question)
    if siapa:
        follows = siapa["next"]
        if follows.casefold().strip("?,") in TITLES or follows[:1].isupper():
            return None
        if _PASSIVE.match(follows):
            return "done_to"
        if _ACTIVE.match(follows):
            return "doer"
    last = _SIAPA_LAST.search(question)
    if last and (not siapa or not siapa["next"][:1].isalpha() or siapa["next"] == last["before"]):
        return "doer" if _PASSIVE.match(last["before"]) else None
    if last and _PASSIVE.match(last["before"]):
        return "doer"
    if last and _ACTIVE.match(last["before"]):
        return "done_to"
    return None


def _role_in_english(found: re.Match[str]) -> Role | None:
    helper = found.group().split()[1].casefold()
    after = found["next"].casefold().strip("?,.")
    words = [t.text for t in tokens(found["rest"])]
    if helper in ("did", "does", "do"):
        return "done_to"
    if helper in ("has", "have", "had"):
        return "doer" if _PARTICIPLE.match(after) and after != "been" else "done_to"
    if helper in ("was", "were", "is", "are"):
        if "by" in words[-1:]:
            return "doer"
        return "done_to" if _PARTICIPLE.match(after) else None
    return "done_to" if words and found["next"][:1].isupper() else "doer"

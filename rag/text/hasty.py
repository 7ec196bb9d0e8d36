"""Words as people type them in a chat, written out: "brp org2 yg ..." and "ppl w/ ...".

Knows no grammar and guesses at nothing: an abbreviation that is also a word of either language,
a unit or a usual short name (spa, spy, km, dpt, sby) is in no table, and so is left as it is.
"""

from __future__ import annotations

import re

# Indonesian, by the full word. Each may have "nya" behind it.
_INDONESIAN = {
    "yang": "yg yng",
    "dengan": "dgn dng dg dngn",
    "untuk": "utk untk",
    "karena": "krn krna karna",
    "tidak": "tdk gk ga gak ngga nggak engga enggak kagak",
    "belum": "blm blom blum belom",
    "sudah": "sdh udh udah",
    "dari": "dri dr",
    "orang": "org orng",
    "berapa": "brp brapa brpa",
    "bagaimana": "bgmn bgmna gmn gmna gimana",
    "kenapa": "knp knpa knapa ngapa",
    "kapan": "kpn",
    "di mana": "dmn dmna dmana dimana",
    "ke mana": "kmn kmna kemana",
    "dari mana": "drmn darimana",
    "apakah": "apkh apkah",
    "jadi": "jd jdi",
    "menjadi": "mjd mnjd mnjadi",
    "terjadi": "trjd trjadi",
    "juga": "jg jga",
    "lagi": "lg lgi",
    "kalau": "klo kalo klw klu",
    "terus": "trs trus",
    "sama": "sm",
    "semua": "smua smw",
    "sekarang": "skrg skrng skg skrang",
    "kemarin": "kmrn kmren kmrin",
    "besok": "bsk bsok",
    "tadi": "tdi",
    "nanti": "nnt nti ntar",
    "malam": "mlm",
    "semalam": "smlm",
    "hari": "hr hri",
    "bulan": "bln",
    "tahun": "thn",
    "tanggal": "tgl tnggal",
    "minggu": "mgg mggu mnggu",
    "menit": "mnt mnit",
    "detik": "dtk",
    "ribu": "rb rbu",
    "juta": "jt jta",
    "jumlah": "jml jmlh",
    "Jakarta": "jkt jkrt",
    "Bandung": "bdg",
    "presiden": "pres",
    "gubernur": "gub",
    "kabupaten": "kab",
    "kecamatan": "kec",
    "provinsi": "prov",
    "jalan": "jl jln",
    "pemerintah": "pmrnth pmerintah",
    "tetapi": "tp tpi",
    "dalam": "dlm",
    "kepada": "kpd",
    "terhadap": "thd thdp trhdp",
    "tentang": "ttg tntg",
    "seperti": "sprti sprt kyk",
    "sebagai": "sbg sbgai",
    "sehingga": "shg shngga",
    "sebelum": "sblm sblum",
    "setelah": "stlh stelah",
    "sesudah": "ssdh",
    "sampai": "sampe smpe smpai",
    "supaya": "spya",
    "menurut": "mnrt mnurut",
    "teman": "tmn",
    "tempat": "tmpt",
    "beberapa": "bbrp bbrpa",
    "banyak": "byk bnyk bnyak",
    "dapat": "dpat",
    "bisa": "bsa",
    "harus": "hrus",
    "jangan": "jgn",
    "saya": "sy gw gue",
    "mereka": "mrk mrka",
    "sendiri": "sndiri",
    "bukan": "bkn",
    "benar": "bnr bener",
    "banget": "bgt bngt",
    "saja": "aj aja",
    "padahal": "pdhl pdahal",
    "memang": "emg emng emang",
    "masih": "msh msih",
    "habis": "hbs abis",
    "tersebut": "tsb tsbt",
    "lewat": "lwt",
    "masalah": "mslh",
    "harga": "hrg hrga",
    "rumah": "rmh",
    "sekolah": "sklh",
    "keluarga": "klrga kluarga",
    "telepon": "tlp tlpn telpon",
    "tolong": "tlg tlong",
    "maksud": "mksd mksud",
    "termasuk": "trmsk trmasuk",
    "mungkin": "mgkn mngkn mngkin",
    "penting": "pnting",
    "pasti": "psti",
    "bahwa": "bhw bhwa",
    "adalah": "adlh",
    "atau": "ato atw",
    "tetap": "ttp ttap tetep",
    "lebih": "lbh lbih",
    "kurang": "krg",
    "besar": "bsr",
    "baru": "bru",
    "bertemu": "ktmu ktemu",
    "keluar": "kluar",
    "masuk": "msk msuk",
    "punya": "pny pnya",
    "lihat": "liat",
    "datang": "dtg dtng",
    "hanya": "hny hnya",
    "sering": "srg sring",
    "selalu": "slalu",
    "selama": "slma slama",
    "selamat": "slmt",
    "terima kasih": "makasih mksh mksih",
    "tidak apa-apa": "gpp",
    "meninggal": "mnggl mninggal",
}
_ENGLISH = {
    "you": "u",
    "your": "ur",
    "please": "pls plz",
    "people": "ppl",
    "government": "govt goverment",
    "department": "dept",
    "president": "prez",
    "with": "w/",
    "without": "w/o",
    "because": "b/c bcos bcoz bcuz coz cuz becuase",
    "before": "b4",
    "about": "abt",
    "through": "thru",
    "tomorrow": "tmrw tmrrw",
    "year": "yr",
    "years": "yrs",
    "hours": "hrs",
    "minutes": "mins",
    "seconds": "secs",
    "week": "wk",
    "weeks": "wks",
    "month": "mth mnth",
    "months": "mths mnths",
    "thanks": "thx",
    "international": "intl",
    "national": "natl",
    "approximately": "approx",
    "what": "wht",
    "when": "whn",
    "where": "whr",
    "going to": "gonna",
    "want to": "wanna",
}
_ID = {short: full for full, shorts in _INDONESIAN.items() for short in shorts.split()}
_EN = {short: full for full, shorts in _ENGLISH.items() for short in shorts.split()}

# A point behind these shortens the word and ends nothing, even before a name.
_BEFORE_NAMES = frozenset({"pres", "gub", "kab", "kec", "prov", "jl", "jln", "dept", "prez"})
# After a number they are something else: hours as well as days, before Christ, gigawatts.
_NOT_AFTER_NUMBERS = frozenset({"hr", "sm", "gw"})
# Behind these a 2 counts or names: Liga 2, kelas 2, part 2, covid2.
_COUNTED = """
    apollo bab covid divisi edisi episode fase grup iphone jilid kelas kloter level liga musim
    mers pasal putaran ronde sars sdn season semester seri sesi sma sman smk smkn smp smpn
    tahap tingkat tipe versi volume web chapter day game grade group leg part phase round set
    stage step test top type version world windows
"""
_NUMBERED = frozenset(_COUNTED.split())
# What is doubled is not the whole word.
_DOUBLED = {
    whole + "2" + end: f"{whole}-{part}{end}"
    for whole, part, end in (
        ("bersama", "sama", ""),
        ("berhari", "hari", ""),
        ("berjam", "jam", ""),
        ("berbulan", "bulan", ""),
        ("bertahun", "tahun", ""),
        ("berminggu", "minggu", ""),
        ("berkali", "kali", ""),
        ("berulang", "ulang", ""),
        ("berturut", "turut", ""),
        ("bermacam", "macam", ""),
        ("berlari", "lari", ""),
        ("sehari", "hari", ""),
        ("seolah", "olah", ""),
        ("semata", "mata", ""),
        ("sewaktu", "waktu", ""),
        ("sebaik", "baik", "nya"),
        ("sebesar", "besar", "nya"),
        ("selama", "lama", "nya"),
        ("setidak", "tidak", "nya"),
    )
}

# A word between spaces with nothing but its punctuation: no part of an address or a hyphened name.
_CHUNK = re.compile(r"\S+")
_TYPED = re.compile(
    r"""([(\["'“‘«]*)([A-Za-z]+(?:2(?:nya|kan|an)?)?|b4|w/o?|b/c)([)\]"'”’»,.;:!?…]*)"""
)
_TWICE = re.compile(r"([a-z]{3,})2(nya|kan|an)?")


def written_out(text: str) -> str:
    """The text with hasty words in full; all that has a capital but its first word is kept.

    >>> written_out("brp org yg tewas krn banjir kmrn? anak2nya jg?")
    'berapa orang yang tewas karena banjir kemarin? anak-anaknya juga?'
    >>> written_out("how many ppl w/ covid2 met dr Ana of YG before G20, pls?")
    'how many people with covid2 met dr Ana of YG before G20, please?'
    """
    chunks = list(_CHUNK.finditer(text))
    pieces: list[str] = []
    end = 0
    for i, chunk in enumerate(chunks):
        before = chunks[i - 1].group() if i else ""
        after = chunks[i + 1].group() if i + 1 < len(chunks) else ""
        pieces += (text[end : chunk.start()], _full(chunk.group(), before, after))
        end = chunk.end()
    return "".join((*pieces, text[end:]))


def _full(chunk: str, before: str, after: str) -> str:
    typed = _TYPED.fullmatch(chunk)
    if typed is None:
        return chunk
    opening, word, closing = typed.groups()
    first = not before and word[:1].isupper() and word[1:].islower() and after[:1].islower()
    low = word.casefold() if first else word
    if not low.islower() or _something_else(low, before, after, closing):
        return chunk
    full = _listed(low) or (None if first else _doubled(low))
    if full is None:
        return chunk
    if first:
        full = full[0].upper() + full[1:]
    if closing == "." and after and (low in _BEFORE_NAMES or not after[0].isupper()):
        closing = ""  # it shortened the word, and would now seem to end a sentence
    return opening + full + closing


def _something_else(word: str, before: str, after: str, closing: str) -> bool:
    """Whether what stands around a word says that it is no hasty one here."""
    numbered = before[-1:].isdigit()
    if word == "dr":  # the title
        return after[:1].isupper() or (closing == "." and after != "")
    if word == "u":  # "timnas u 17"
        return after[:1].isdigit()
    if word == "hrs":  # "harus" as well
        return not numbered and before.casefold() != "many"
    return numbered and word in _NOT_AFTER_NUMBERS


def _listed(word: str) -> str | None:
    full = _ID.get(word) or _EN.get(word)
    if full is None and word.endswith("nya"):
        full = _ID.get(word[:-3])
        return full and full + "nya"
    return full


def _doubled(word: str) -> str | None:
    if word in _DOUBLED:
        return _DOUBLED[word]
    typed = _TWICE.fullmatch(word)
    if typed is None or typed[1] in _NUMBERED:
        return None
    full = _ID.get(typed[1], typed[1])
    return f"{full}-{full}{typed[2] or ''}"

"""Tell Indonesian from English by function words, common news words and word shapes.

Knows these two languages only. Function words of their neighbours (Malay, Javanese, Dutch,
German and others) are here to make it say None, not to name those languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Enough to be sure of an article, little enough to be fast on a book.
_READ_CHARS = 6_000


def word_set(*lines: str) -> frozenset[str]:
    """The words of some lines, as a set."""
    return frozenset(word for line in lines for word in line.split())


INDONESIAN_WORDS = word_set(
    "ada adalah adapun agar akan akibat aku amat anda antara apa apabila apakah apalagi asal",
    "atas atau bagaimana bagaimanakah bagi bahkan bahwa baik banyak banyaknya baru bawah",
    "beberapa begitu belakang beliau belum berapa berapakah berbagai berdasarkan berikut",
    "bersama berupa biasanya bila bisa boleh bukan bukankah cara cukup dalam dan dapat dari",
    "daripada demi demikian dengan depan di dia diri dua dulu engkau guna hal hampir hanya",
    "harus hendak hingga ia ialah ingin ini itu itulah jadi jangan jika juga kalau kalian kami",
    "kamu kapan kapankah karena kau ke kecuali kemana kemudian kenapa kepada keras ketika",
    "khususnya kini kita lagi lain lainnya lalu lebih maka mana manakah manapun masih masing",
    "maupun melainkan melalui memang menjadi menurut mereka merupakan meski meskipun mengapa",
    "mengapakah misalnya mulai namun nanti nya oleh orang pada padahal paling para pasti per",
    "perlu pernah pula pun saat saja salah sama sambil sampai sana sangat saya sebab sebagai",
    "sebagian sebanyak sebelum sebelumnya sebenarnya seberapa sebuah secara sedang sedangkan",
    "segera sehingga sejak sejumlah sekarang sekitar selain selaku selalu selama seluruh",
    "semakin sementara semua sendiri seorang seperti sering serta sesuai sesudah setelah setiap",
    "siapa siapakah suatu sudah supaya tak tanpa tapi telah tentang tentu terhadap terjadi",
    "terkait terlalu termasuk ternyata tersebut terus tetap tetapi tiap tidak tidaklah untuk",
    "usai walau walaupun waktu yaitu yakni yang dimana dimanakah manakala darimana dgn yg dlm",
    "apanya siapapun bernama disebut dinamakan berada terdapat terletak kemanakah darimanakah",
)

ENGLISH_WORDS = word_set(
    "a about above according across after again against ago all almost along already also",
    "although always am among an and another any anyone are around as at away back be because",
    "been before began behind being below between both but by came can cannot could did do does",
    "doing done down during each either else even ever every few first for from further get",
    "gets go goes gone got had has have having he her here hers herself him himself his how",
    "however i if in including into is it its itself just last later least less like made make",
    "many may me meanwhile might more most much must my near neither never next no nobody none",
    "nor not nothing now of off often on once one only or other others our out over own per",
    "rather said same say says she should since so some someone something still such than that",
    "the their theirs them themselves then there these they this those though through thus to",
    "together too toward towards under until up upon us used very was we well were what",
    "whatever when where whereas whether which while who whom whose why will with within",
    "without would yet you your yours",
)

INDONESIAN_NEWS = word_set(
    "aksi aktif anak anggaran anggota api atlet badan bahasa banjir bantuan barat bayi beras",
    "berita bensin besar biaya bocah bom bulan bumi cuaca daerah dampak damai data desa dewan",
    "dewi dolar emas gaji gempa genosida gencatan gol gubernur gunung guru hakim harga hari",
    "hasil hukum hutan ibu ibukota istri jaksa jalan jatuh jembatan jokowi jumlah kabar",
    "kabupaten kali kasus kapal kebakaran kecelakaan kelompok kepala kerja kereta ketua kota",
    "korban korupsi krisis lahir laporan laut longsor luar luka mahasiswa mahkamah makan",
    "makanan maret masa masyarakat mata menang menteri miliar milik minyak mobil mundur musim",
    "naik nama negara negeri olahraga pajak pangan panjang partai pasar pasukan pekan pelaku",
    "pemerintah pemilu pemimpin penduduk penjara penyebab perang perusahaan pesawat pejabat",
    "pembunuhan penculikan perdana peran pertama petani pilkada pilpres pimpinan polisi",
    "presiden pulau rakyat ribu rumah rusuh sakit sandera sebut sekolah selatan serangan siaran",
    "sidang sipil sosok suara sungai syarat tahanan tahun tanah tangkap tanggal tarif tembak",
    "tempat tengah terbesar terbaru tersangka tewas tim timur tinggi turun ujian umum utara",
    "utang utusan vonis wabah wakil wali warga wilayah wisata kunjungan juta luas jenis macam",
    "abad zaman keberapa keberapakah kematian terakhir penemu pendiri istana gedung tinggal",
    "meninggal ukuran tertinggi umur usia jabatan singkatan kepanjangan suami nakhoda wasit bos",
)

ENGLISH_NEWS = word_set(
    "accident aid air announced army arrest arrested attack bank battle bill bombing border",
    "budget called capital case ceasefire child children city company conflict corruption costs",
    "country court crash crime crisis dead death deaths deal died disease earthquake economy",
    "election fire flight flood floods food fuel game global goal government governor growth",
    "happened hostage hostages house income inflation injured investigation jobs judge kill",
    "killed law leader league market meeting met military minister money month name nation new",
    "news oil parliament party peace people people's plan police policy president price prices",
    "prime prison protest rain rate record report rice rise rising ruling sanctions school",
    "schools seized sentence sentenced shot soldiers speech state storm strike suspect talks",
    "tax teacher team term time today toll tomorrow town trade trial troops truce update visit",
    "visited vote war water weather week win wins won woman women work world year years",
    "yesterday many type kind number day highest largest long",
)

# Neighbours and the big European languages: their commonest words, those shared with ours too.
_OTHERS = (
    word_set(  # Malay, where it is spelt unlike Indonesian
        "kerana iaitu bahawa sahaja manakala syarikat polis bagaimanapun seramai peratus ogos",
        "julai disember kes awam mac hendaklah beliau daripada pelbagai tersebut jabatan",
        "kerajaan wang",
    ),
    word_set(  # Javanese
        "ing lan sing iku kang wong ana karo saka ora iki kanggo marang dening uga yaiku utawa",
        "wis luwih akeh nanging kowe aku menyang durung arep saged ingkang punika kaliyan",
        "wonten dados kula amarga dadi kuwi ning kutha minangka taun kasebut ana sapa endi piye",
    ),
    word_set(  # Sundanese
        "nu jeung teu ka ieu eta anu urang aya dina ti keur kana tina oge sarta nyaeta jadi ku",
        "naon",
    ),
    word_set(  # Dutch
        "de het een van en dat niet op te zijn voor met aan er maar om hem dan zou wat mijn dit",
        "zo door ze uit ook naar heb deze nog wordt bij worden werd heeft hebben waren geen",
        "meer is in of over we was die hij ik je wie waar hoe al als tot na tegen onder had",
        "haar kan",
    ),
    word_set(  # German
        "der die das und ist nicht ein eine einen mit von den zu auf für im dem des sich als",
        "auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem",
        "über so zum kann in was war ich wir wer wo ihr sein eines man will hatte vor oder aber",
        "nur haben bin",
    ),
    word_set(  # French
        "le la les des et est une un dans que qui pour pas sur au par avec ce il sont aux plus",
        "ne se du de en où quand comment était cette ont je nous vous son sa ses à été",
    ),
    word_set(  # Spanish, Portuguese, Italian
        "el la los las de y que en un una por con para del se no es su al lo como más pero o os",
        "as um uma e do da em com não na mais dos mas ao foi il di che per non è della sono le",
        "si anche gli nel dei quando dónde qué quién cuándo onde quem come dove chi me a i in",
        "ha era",
    ),
    word_set(  # Scandinavian
        "och att det som är på av för med till den inte har jag de ikke og er af en et i om var",
    ),
    word_set("ang ng mga sa na ay hindi ito niya siya ako at kung nang ano sino saan"),  # Tagalog
    word_set("się nie jest na w z do że i to bir ve bu için ile da de ne"),  # Polish, Turkish
    word_set("wa no ni ga wo desu masu shita kara made mo nani doko dare"),  # Japanese, romanised
)

# A question that opens with one of these is in that language, whatever title it then names.
_QUESTION_WORDS = {
    "id": word_set(
        "apa apakah siapa siapakah kapan kapankah kemana kemanakah mengapa kenapa berapa"
    )
    | word_set("berapakah bagaimana bagaimanakah dimana dimanakah darimana darimanakah mengapakah"),
    "en": word_set(
        "what who whom whose when where why how which did does is are was were has have"
    ),
}

_TOKEN = re.compile(r"[^\W\d_]+")
INDONESIAN_SHAPE = re.compile(
    r"(?:(?:mem|men|meny|meng|ber|ter|per|pem|pen|peng|di|ke|se)[a-z]{3,}(?:kan|an|nya|lah|kah)"
    r"|(?:mem|meny|meng|ber|peng)[a-z]{4,}|di[a-z]{4,}(?:kan|i)|[a-z]{3,}(?:nya|kah|kan|lah)"
    r"|[a-z]*(?:ny|ngk|sy|kh)[aeiou][a-z]*)\Z"
)
ENGLISH_SHAPE = re.compile(
    r"(?:[a-z]{3,}(?:tion|tions|ness|ment|ments|ity|ous|ful|less|ship|ed|ly|ies|ire|ance|ence)"
    r"|[a-z]*(?:th|wh|ght|ck|ough|sh|ea|ee)[a-z]*)\Z"
)
_LONGEST_SHAPE = 30  # longer than any word of either language; keeps the patterns cheap


def detect(text: str) -> str | None:
    """The ISO 639-1 code of a text's language, "id" or "en", or None when it cannot tell.

    None for names alone, for a tie, for a few unknown words, and for other languages. Reads
    the first 6,000 characters. Works on questions of three words and on whole articles.

    >>> detect("siapa bertemu Blinken di Doha?"), detect("Antony Blinken")
    ('id', None)
    """
    tokens = _TOKEN.findall(text[:_READ_CHARS])
    if not tokens:
        return None
    letters = sum(map(len, tokens))
    if sum(len(token) for token in tokens if not token.isascii()) * 2 > letters:
        return None  # another script; both our languages are nearly all ASCII
    weighed = _weigh(tokens)
    plain = [t for t in tokens if t.islower() and 4 <= len(t) <= _LONGEST_SHAPE]
    indonesian = _score(weighed, plain, INDONESIAN_WORDS, INDONESIAN_NEWS, INDONESIAN_SHAPE)
    english = _score(weighed, plain, ENGLISH_WORDS, ENGLISH_NEWS, ENGLISH_SHAPE)
    first = tokens[0].lower()
    indonesian += first in _QUESTION_WORDS["id"]
    english += first in _QUESTION_WORDS["en"]
    other = max(sum(w for word, w in weighed if word in known) for known in _OTHERS)
    best, second = max(indonesian, english), min(indonesian, english)
    if best < 0.9 or best < 1.3 * second or best <= other:
        return None
    # In running text of either language every eighth word is one of ours at the least; a
    # page of another language reaches a few in a hundred by chance.
    if len(weighed) >= 20 and best < 0.12 * len(weighed):
        return None
    return "id" if indonesian > english else "en"


def detect_or(text: str, default: str) -> str:
    """The language of a text, or the default when `detect` cannot tell."""
    return detect(text) or default


def _weigh(tokens: Sequence[str]) -> list[tuple[str, float]]:
    """Lower-cased words with their weights: a capital inside a sentence counts 0.4.

    Such a word may belong to a title ("We Need to Talk About Kevin") in another language;
    an acronym ("AS", the United States in Indonesian) is no word at all.
    """
    shouted = all(token.isupper() for token in tokens)
    titled = sum(token[0].isupper() for token in tokens) >= 0.8 * len(tokens)  # a headline
    weighed: list[tuple[str, float]] = []
    for i, token in enumerate(tokens):
        if not shouted and len(token) > 1 and token.isupper():
            continue
        foreign = i > 0 and not titled and token[0].isupper()
        weighed.append((token.lower(), 0.4 if foreign else 1.0))
    return weighed


def _score(
    weighed: Iterable[tuple[str, float]],
    plain: Iterable[str],
    function: frozenset[str],
    news: frozenset[str],
    shape: re.Pattern[str],
) -> float:
    """The evidence for one language: a function word 1, a news word 0.9, a shape 0.5."""
    score = 0.0
    for word, weight in weighed:
        score += weight if word in function else 0.9 * weight if word in news else 0.0
    for word in plain:
        if word not in function and word not in news and shape.match(word):
            score += 0.5
    return score

"""Words that a question is asked with rather than about: their absence proves little.

"Where had he flown in from?"is answered by"arrived from Egypt", but"in which hotel?"by nothing
without a hotel. Verbs of happening, going, saying and knowing, words of time and measure, and
words of talk; each is looked up as typed and by its stem. Written by hand, in both languages.
"""

from __future__ import annotations

from functools import cache

from rag.text.language import word_set
from rag.text.stems import stem

_ENGLISH = word_set(
    "able actually add added already announce announced answer appear appeared area article",
    "articles ask asked based become becomes been begin begins began begun believe believed bit",
    "bring brought bunch came cause caused certain chance claim claimed come comes coming",
    "concerning consider considered contain contains continue continued currently day days deal",
    "describe described detail details different due earlier else estimate estimated exactly",
    "expect expected expecting explain explained fact feel felt figure figures find following",
    "found full gave get gets getting give given gives go goes going gone got had happen happened",
    "happening happens hear heard held help hold holding holds hour hours idea include included",
    "includes including information intend involve involved issue job keep keeps kept kind knew",
    "known lasted lasts late later lead leave left let like list little look looked looking made",
    "main make makes making matter mean means mention mentioned minute minutes month months move",
    "moved name names need needed news now number numbers occur occurred occurs part particular",
    "past people person place placed plan planned plans plus point possible present previous",
    "provide provided purpose put quote quoted reach reached real really reason reasons recently",
    "regarding related remain remains report reported reportedly reports result right said saying",
    "see seem seen send sent set show showed shown side since soon sort source sources speak",
    "spoke spoken stand state stated statement stay story suppose supposed sure take taken takes",
    "taking talk text thing things think thought time times today told took total towards tried",
    "try turn turned type use used using various want wanted wants way ways week weeks went word",
    "words work year years yesterday yet exist exists existed located situated serve served role",
    "play played plays altogether overall combined apart roughly approximately together back",
    "again once ago along round around instead either whatever whoever still far short follow",
    "follows followed response respond responded head headed heading fly flew flown",
    "living allow allowed able actual ever soon next mid itself himself herself",
    "themselves spite despite throughout within age aged ages old condition",
    "conditions guy bloke fellow counting rely relied",
)
_INDONESIAN = word_set(
    "acara adapun alasan alami ambil angka anggap artikel asal bagaimana bagian bahas",
    "bahwa baik bakal banget baru beberapa begitu belakangan benar benarkah berada berapa berasal",
    "beri berikan berisi berita berjalan berlangsung bersama berupa berkata besar besarnya bicara",
    "bikin bilang bulan cara cerita cukup dalam datang dapat dapet dari deh demi diadakan dialami",
    "dianggap diberi diberikan diberitakan dibuat dibilang didapat dikabarkan dikatakan dikenal",
    "diketahui dilakukan dilaporkan dinyatakan dipakai diperkirakan diperoleh disampaikan disebut",
    "disebutkan dong doang dulu dipimpin ditulis gak ga gimana gitu guna hal hari hasil hendak",
    "ingin isi jadi jadwal jam jelas jenis jumlah jumlahnya kabar kabarnya kala kali kan kasih",
    "kata katanya kawasan kayak ke kejadian kejadiannya kena kenapa ketahuan kini kira kok lagi",
    "lain lalu langkah lokasi mau maksud masa masing melakukan memakai memang membuat memberi",
    "memberikan memiliki menampung mendapat mendapatkan mengadakan mengaku mengalami mengambil",
    "mengapa mengatakan mengenai menggunakan menghadapi mengumumkan menit menjadi menunjukkan",
    "menurut menyatakan menyebut menyebutkan menyampaikan meninggalkan merupakan mengungkap",
    "mengungkapkan mesti minggu muncul namanya nah nama ngapain nggak ngomong ngobrol nih nya",
    "orang orangnya para pas pekan peran perannya perihal perkiraan perlu peristiwa pernyataan",
    "persis pihak posisi punya rencana rencananya rupanya saat saja sama sampai sana sebagian",
    "sebanyak sebelumnya sebenarnya seberapa sebutan segera seharusnya sejumlah sekarang sekira",
    "sekitar selain seluruhnya semuanya sempat sementara sendiri serta setempat setahun sesuatu",
    "sih soal sosok status sudah sumber tadi tahu tahun tahunnya tanggal tanggalnya tau telah",
    "tempat tempatnya terdapat terhadap terjadi terjadinya terkait terletak termasuk ternyata",
    "tersebut terus teks tetap tiba total totalnya tuh tujuan udah ujung untuk urusan waktu",
    "waktunya ya yakni yaitu mulai kemudian padahal tadinya semula ikut rangkap pernah sempat",
    "sepanjang boleh bisa lama lamanya usia umur letak letaknya sebelah dipakai pakai keberapa",
    "buat syarat syaratnya gara-gara akibat gerangan konon nantinya ujungnya persisnya kapankah",
)
_LANGUAGES = ("en", "id")


@cache
def _stems() -> frozenset[str]:
    return frozenset(
        stem(word, language)
        for words, language in ((_ENGLISH, "en"), (_INDONESIAN, "id"))
        for word in words
    )


def is_light(word: str) -> bool:
    """Whether a casefolded word of a question pins nothing down.

    >>> is_light("happened"), is_light("berlangsung"), is_light("hotel"), is_light("hostages")
    (True, True, False, False)
    """
    if word in _ENGLISH or word in _INDONESIAN:
        return True
    return any(stem(word, code) in _stems() for code in _LANGUAGES) and len(word) > 4

"""The small words of follow-up questions, in both languages: what points back, what asks.

`condense` and `antecedents` tell what is made of them.
"""

from __future__ import annotations

import re

from rag.text.language import word_set

_ANY = re.IGNORECASE

# "And who ...?", "Lalu siapa ...?"; not "Lalu lintas", "Terus terang", "So far".
CONNECTIVE = re.compile(
    r"(?:(?:and|but|so|or|also|then|ok(?:ay)?|well|lalu|dan|terus|trus|tapi|tetapi|nah"
    r"|kemudian|oke)"
    r"\b(?!-)(?! (?:lintas|terang|menerus|far|called|that)\b)[\s,.…?!]*)+",
    _ANY,
)
ABOUT = re.compile(
    r"(?:(?:what|how)(?: about|'bout)|(?:bagaimana|gimana|bgmn) (?:dengan|kalau|kalo|soal|jika)"
    r"|kalau|kalo|soal) (?P<x>.+?)(?:,? (?:bagaimana|gimana))?\Z",
    _ANY,
)
HOW_LAST = re.compile(r"(?P<x>.+?),? (?:bagaimana|gimana|piye)\Z", _ANY)

PREPOSITIONS = (
    r"in|on|at|from|to|with|by|for|under|near|during|between|against|after|before|since|until"
    r"|till|sampai|hingga|mulai|di|ke|dari|pada|dengan|oleh|untuk|bersama|sama|kepada|sejak|antara|menurut"
)
PREPOSED = re.compile(rf"(?:(?P<prep>{PREPOSITIONS})\s+)(?P<x>\S.*)\Z", _ANY)
PLACE_PREPOSITIONS = word_set("in at from to near di ke dari")

_WH_EN = (
    r"who(?:m|se)?|what|when|where|why|which|how(?: (?:many|much|long|old|far|often|big|large|high"
    r"|fast|soon|come))?"
)
_WH_ID = (
    r"siapa(?:kah)?|apa(?:kah)?|kapan(?:kah)?|(?:di|ke|dari) ?mana(?:kah)?|mengapa|kenapa"
    r"|(?:tahun|tanggal|pukul|jam|hari|bulan) (?:berapa|apa)|berapa(?:kah)?(?: (?:lama|banyak"
    r"|besar|jauh|tinggi|kali))?|bagaimana|gimana"
)
_AUX = (
    r"is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|might|may|'s|isn't"
    r"|aren't"
    r"|wasn't|weren't|don't|doesn't|didn't|won't"
)
AUXILIARY = frozenset(_AUX.split("|"))
# The question word at the beginning, what belongs to it, and the auxiliary after it.
OPENING = re.compile(
    rf"(?P<wh>(?:(?:{PREPOSITIONS}) )?(?:{_WH_EN}|{_WH_ID})\b(?: (?:else|exactly|lagi|saja|aja))*"
    rf"(?P<yang> yang)?)(?P<aux> (?:{_AUX})(?= ))?(?P<rest>.*)\Z",
    _ANY,
)
_BODIES = r"team|party|company|club|group|union|bank|tim|partai|perusahaan|klub|kelompok|serikat"
WHICH = re.compile(rf"(?:(?:which|what) (?:{_BODIES})|(?:{_BODIES}) (?:mana|apa))\b", _ANY)
WHO = re.compile(
    r"\W*(?:(?:by|with|to|oleh|dengan) )?(?:who(?:m|se)?|siapa(?:kah)?)\b|" + WHICH.pattern, _ANY
)
YES_NO = re.compile(rf"(?P<aux>apakah|adakah|benarkah|{_AUX}) (?P<rest>.*)\Z", _ANY)
INNER_WH = re.compile(rf" (?:{_WH_ID}|{_WH_EN})\b", _ANY)
HAS_WH = re.compile(rf"\b(?:{_WH_EN}|{_WH_ID})\b", _ANY)

# What a word asks about when it is asked alone.
DEFINITION = re.compile(
    r"(?:apa(?:kah)? (?:itu|arti|yang dimaksud(?: dengan)?|pengertian)|siapa(?:kah)? itu"
    r"|what(?: is|'s| are) (?:an? )?(?!it\b|this\b|that\b|the\b|his\b|her\b|their\b|its\b)"
    r"|what does (?=.+ (?:mean|stand for)\W*\Z)) ?\S|.+ (?:itu|adalah) (?:apa|siapa)\Z",
    _ANY,
)
ARTICLE = re.compile(
    r"\b(?:th(?:is|ese) (?:article|story|news|report|text)s?"
    r"|(?:artikel|berita|laporan|tulisan|teks) ini)\b|\Awhat(?: is|'s) this (?:all )?about\W*\Z",
    _ANY,
)

PERSON_EN = word_set("he she him her his hers")
GROUP_EN = word_set("they them their theirs")
THING_EN = word_set("it its")
PERSON_ID = word_set("dia ia beliau")
POSSESSIVE_EN = {"his": True, "their": True, "its": True, "hers": True, "theirs": True}
# What "it" is when it stands for nothing: "It was raining", "is it true that".
EXPLETIVE = re.compile(
    r"\bit(?:'s| is| was| will be)? (?:is |was |be )?(?:rain|snow|true|possible|legal|illegal"
    r"|likely"
    r"|clear|known"
    r"|safe|necessary|important|said|reported|raining|snowing|hot|cold|the case)\b"
    r"|\b(?:does|did|will|would) it (?:take|cost|mean) (?:\S+ )*?to\b|\bit (?:takes|took"
    r"|costs?) .*\bto\b"
    r"|\b(?:is|was) it [A-Z]\S* (?:who|that|which)\b"
)
HAPPENS = word_set(
    "happen happened start started begin began end ended occur occurred take took last lasted"
)
DEMONSTRATIVE = re.compile(
    rf"(?:\A|\b(?:{_AUX}|{PREPOSITIONS}|of|about|like|said|say|did|caused|cause|who|why|do|at"
    rf"|all) )"
    r"(?:th(?:at|is|ose|ese))\b(?! (?:year|month|week|morning|afternoon|evening|time around)\b)"
    r"|\b(?:that|this)\W*\Z|\bbefore then\b|\bthen\W*\Z|\bafterwards?\W*\Z",
    _ANY,
)
THERE = re.compile(rf"(?<!\w)there(?!\w)(?!'s| (?:{_AUX}|been|be)\b)", _ANY)
THERE_IS = re.compile(rf"\b(?:{_AUX}) there\b(?=\W+\w)", _ANY)
THE_TWO = re.compile(
    r"\b(?:the two|both)(?: (?:sides|leaders|countries|ministers|men|women|parties|officials"
    r"|presidents|nations|of them|governments|groups))?\b(?!-)",
    _ANY,
)
KEDUA = re.compile(
    r"\b(?:keduanya|kedua(?: belah)? (?:pihak|negara|pemimpin|menteri|tokoh|pejabat|presiden|orang"
    r"|kelompok|pemerintah|kubu))(?: (?:itu|tersebut))?\b",
    _ANY,
)
SANA = re.compile(r"\b(?P<prep>di|ke|dari) (?:sana|situ)\b", _ANY)
THAT_TIME = re.compile(
    r"\b(?:saat|waktu|ketika|hari|malam|setelah|sesudah|sebelum|seusai|sejak|tempat"
    r"|kota) (?:itu|tersebut)"
    r"\b|\b(?:begitu|demikian)\b|\b(?:setelah|sebelum)nya\b",
    _ANY,
)
ITU = re.compile(r"\b(?P<word>itu|ini|tersebut)\b", _ANY)
NOW_ID = word_set(
    "tahun bulan pekan minggu hari saat kali malam pagi siang sore abad dekade musim negeri "
    "apa siapa"
)
# "-nya" that is part of the word or makes it an adverb.
NO_POSSESSIVE = word_set(
    "hanya tanya bertanya punya mempunyai akhirnya sebelumnya sesudahnya setelahnya selanjutnya"
    " biasanya sebenarnya misalnya umumnya lainnya semuanya seharusnya sepenuhnya sebaiknya"
    " keduanya adanya banyaknya terjadinya pertanyaan kenya sekiranya rupanya ternyata khususnya"
    " pertamanya sebagainya seterusnya nyatanya rasanya setidaknya sedikitnya"
    " utamanya terutamanya sepertinya tampaknya kelihatannya tepatnya persisnya"
)
# What a person or a body has, rather than an event: "istrinya", "tanggapannya".
OF_PERSONS = word_set(
    "jabatan istri suami umur usia nama kata pernyataan komentar tanggapan keluarga anak ayah ibu",
    "partai karier karir pendidikan gaji kunjungan rencana lawan pemimpin ketua anggota sekutu",
    "pendapat pandangan sikap tuntutan permintaan janji ucapan reaksi kekayaan rumah asal posisi",
    "orang tua adik kakak pacar pasangan profesi pekerjaan perjalanan pesan markas kantor pidato",
)
PEOPLE_ID = re.compile(
    r"\b(?:para \w+|warga|petani|buruh|mahasiswa|pengungsi|tentara|orang|anggota|masyarakat"
    r"|siswa|guru"
    r"|sandera|pekerja|penumpang|nelayan|pedagang|penduduk|perempuan|anak-anak|siapa yang)\b",
    _ANY,
)
# "-nya" after such a verb is its object.
ACTIVE_ID = re.compile(r"(?:mem|men|meng|meny)[a-z]{3,}nya\Z", _ANY)
# Whose object is a person.
PERSONAL_ID = word_set(
    "menemani mendampingi menemui membunuh menembak menangkap menyambut menjamu menggantikan",
    "mengangkat menculik menghubungi mengenal mendukung menyerang mengundang menerimanya memecat",
    "menunjuk menahan mengantar menjemput",
)
THINGS_ID = word_set("hal masalah peristiwa kejadian insiden isu soal")
MEETINGS = word_set(
    "meeting meetings visit trip talks talk summit negotiations negotiation session discussions",
    "pertemuan kunjungan pembicaraan perundingan perbincangan rapat dialog lawatan",
)
MEETING_CONCEPTS = word_set("meet visit negotiate discuss meeting_session talk summit")
EVENTS = word_set(
    "banjir gempa longsor kebakaran ledakan kecelakaan serangan pertemuan kunjungan perundingan",
    "pembicaraan pemilu pilpres pilkada perang konflik demonstrasi penembakan pembunuhan erupsi",
    "letusan tsunami kerusuhan krisis penyanderaan upacara sidang pemogokan mogok",
    "flood floods earthquake quake fire blaze explosion crash accident attack attacks meeting",
    "visit",
    "summit talks election war conflict protest shooting murder eruption tsunami riot crisis",
    "strike",
    "wabah pandemi outbreak epidemic pandemic pencurian perampokan robbery theft pertandingan",
    "match",
    "landslide storm hurricane ceremony trial ceasefire negotiations",
)
NOT_EVENT = word_set(
    "terjadi berlangsung dimulai melanda menewaskan merusak menyebabkan itu tersebut ini yang",
    "happen happened happens take took start started begin began end ended kill killed cause",
    "caused",
    "is was were are did has had last lasted",
)
# Words that say what is asked of something, and not of what.
GENERIC = word_set(
    "people person persons happen happened die died dies dead kill killed injured hurt wounded",
    "victim victims casualty casualties death deaths toll reason reasons cause causes caused",
    "result",
    "results outcome reaction response number total time place location date exact exactly else",
    "start started begin began end ended last lasted take took involved attend attended survivors",
    "survivor suspect suspects witness witnesses responsible success more details detail agree",
    "agreed think go went left leave come came next afterwards explain really respond",
    "responded purpose aim goal topic agenda tujuan topik isi benar betul sungguh masa",
    "korban tewas meninggal luka luka-luka mati terjadi kejadian kejadiannya peristiwa penyebab",
    "alasan hasil dampak akibat tersangka pelaku saksi jumlah lokasi tempat tanggal tahun",
    "orang hadir",
    "terlibat mulai dimulai berakhir selesai berlangsung kerugian rusak selamat hilang tanggapan",
    "reaksi komentar bilang dibahas dibicarakan datang pergi persis detail rinci lanjut ceritakan",
    "board aboard passengers pilot crew",
    "kelanjutannya selengkapnya begitu terus kok bisa",
)

# "apa itu GPS", "jelaskan tentang inflasi"
LED_IN = re.compile(
    r"\A(?:(?:tell me|explain|describe|jelaskan|ceritakan|sebutkan)(?: (?:about|tentang|soal"
    r"|mengenai))?|itu|adalah|yang dimaksud(?: dengan)?) (?=\S)",
    _ANY,
)
# Not what a question is about: who speaks in it, and how much of it was asked.
SPOKEN_OF = re.compile(
    r"\A(?:kata|ucapan|pernyataan) (?:\S+ )*?(?:tentang|soal|mengenai) |\Akata ", _ANY
)
SPEAKS_AFTER = re.compile(
    r" (?:say|says|said|tell|told|mean|meant|mengatakan|berkata|katakan|bilang|ungkapkan)\Z", _ANY
)
_MEASURES = (
    r"panjang|tinggi|luas|lebar|berat|usia|umur|biaya|nama|jumlah|banyak|height|length|size|weight"
    r"|age|name|number|depth|width|cost"
)
MEASURED = re.compile(rf"\A(?:the )?(?:{_MEASURES}) (?:of (?:the )?)?(?=\S)", _ANY)
ASKED_OF = re.compile(
    rf"\A(?:the )?(?:{_MEASURES}|harga|gaji|hadiah|penyebab|alasan|dampak|hasil|kerugian|korban"
    r"|penduduk|lawan|price|prices|salary|prize|cause|reason|result|population|date|victims|value"
    r"|tanggal|tujuan) (?:of )?(?=\S)",
    _ANY,
)
# "the most valuable one", of things named before.
ONE = re.compile(
    r"\b(?P<which>(?:the|which|that|this|another|other)(?: \w+)*?|\w+est) ones?\b(?! of\b)", _ANY
)
TEAM_ID = re.compile(
    r"\b(?!\w+ mana\b)(?:tim(?:nas)?|para|serikat|kelompok|pasukan|kubu|rombongan|warga|petani"
    r"|buruh|mahasiswa|pengungsi|nelayan|pedagang|penumpang|sandera|pekerja|pemerintah|polisi)"
    r"(?: (?!(?:yang|di|ke|dari|dalam|pada|untuk|saat|akan|tidak|telah|sudah|dan|akibat|karena|oleh"
    r"|(?:me|ber|di|ter)\w{4,})\b)[\w-]+){0,5}",
    _ANY,
)
COLLECTIVE = word_set(
    "team union government police army people men women children company group party committee"
    " band council crew family couple"
)
ROLES = word_set(
    "ceo chief coach captain king queen pope author founder director manager owner widow boss"
    " pelatih kapten raja ratu penulis pendiri direktur pemilik kepala bupati camat lurah juara"
)
# What ends a noun phrase.
AFTER_NOUN = word_set(
    "worth built held made won sold found sent paid lost left begun born stolen taken given shot"
    " hit written drawn known seen sunk struck broke fell rose grew cut set put met take get go"
    " come leave cost stand fall say says said ask think mean about on by with from for to when"
    " after before during since until than as that because and or but first last still ever again"
    " open close live work get want demand offer sign win say do not now today yesterday",
    " ".join(sorted(HAPPENS)),
)
SAYING = word_set("say said says kata bilang katakan mengatakan ucapkan berkata ungkapkan")
RELATIVES = word_set(
    "wife husband son daughter father mother brother sister predecessor successor deputy children"
    " parents partner coach leader"
)
# What a name after it belongs to.
NAMED_THINGS = EVENTS | word_set(
    "jembatan gunung sungai gedung menara kapal candi bandara pelabuhan piala kerajaan universitas"
    " kota kabupaten provinsi desa pulau danau stadion pasar rumah museum"
)
# A verb in what is left of a question without its question word.
HAS_VERB = re.compile(
    r"\A(?:yang |(?:me[mnl]|ber|ter|di)[a-z]{4,}\b|\w+(?:ed|ing)\b)|\byang\b", _ANY
)
OWNED = re.compile(r"(?:his|her|its|their) (?:\w+ ){0,2}(?P<noun>\w+)\Z", _ANY)
# Before the name of who is only quoted: ", said mayor", "ujar Kepala BPBD".
SPEAKER = re.compile(
    r"(?:\b(?:said|says|told|according to|added)|\b(?:kata|ujar|ucap|tutur|menurut|ungkap|jelas))"
    r"(?: (?!(?:that|bahwa|the)\b)[\w.]+){0,3} \Z",
    _ANY,
)
IS_THING = re.compile(
    r"(?:how \w+|what|where|when|in what \w+) (?:is|are|was|were) |(?:di mana|apa|berapa \w+) ",
    _ANY,
)
# What only one person has.
OF_ONE = word_set(
    "istri suami kata ucapan anak ayah ibu adik kakak pacar pasangan umur usia pidato pendidikan"
)
# A thing named in a question: "Where is the factory?".
NOUN_PUT = re.compile(r"\bthe \w{3,}", _ANY)

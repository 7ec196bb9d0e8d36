"""The forms of words by which people greet, thank, ask for help, for lists and for summaries.

Regular expressions in both languages together, matched without case. `intent` tells what is
made of them. "{x}" in a form stands for its subject.
"""

from __future__ import annotations

# Who is spoken to, and small words of politeness.
ADDRESS = (
    r"kak|kakak|gan|min|mas|mbak|pak|bu|bang|bro|sis|guys|there|all|everyone|everybody|friends?"
    r"|semua(?:nya)?|teman(?:-teman)?|kawan|kutip|sobat|ya+|yah|dong|nih|deh|lho|loh|dulu|again"
    r"|please|banget|sekali"
)
JOINING = r"dan|and|then|now|lagi"
GREETING = (
    r"hi+|hey+|hell?o+|hai+|hal+o+|hola|greetings|howdy|permisi|salam|good ?(?:morning|afternoon"
    r"|evening|day)|(?:(?:selamat|met|slmt) )?(?:pagi|siang|sore|petang|malam)"
    r"|assala?mu'? ?'?alaikum(?: wr\.? ?wb\.?| warahmatullahi wabarakatuh)?"
    r"|(?:apa|gimana|bagaimana) kabar(?:mu|nya)?(?: anda| kamu)?(?: hari ini)?"
    r"|how(?: are|'re) you(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up"
    r"|nice to meet you"
)
THANKS = (
    r"(?:(?:many )?thank(?:s| you| u)|thx+|ty|tysm|tq|tks|t(?:e)?rima ?kasih|makas(?:ih|i)|mksi?h"
    r"|trims|tengkyu|matur nuwun|much appreciated)"
    r"(?: (?:(?:info|jawaban|bantuan|penjelasan)(?:nya|mu)"
    r"|very much|so much|a lot|a bunch|banyak"
    r"|(?:for|atas|untuk) (?:(?:your|the|all|that|this|semua|segala) )*(?:help|answers?|info"
    r"|information|everything|that|(?:bantuan|jawaban|info|informasi|penjelasan)(?:nya|mu)?)))*"
)
GOODBYE = (
    r"(?:good ?)?bye(?:[ -]?bye)?|see (?:you|ya|u)(?: (?:later|soon|tomorrow|around))?|farewell"
    r"|good ?night|take care|cya|sampai (?:jumpa|nanti|ketemu)(?: besok)?|da+h(?:dah|ah)?|dada+h?"
    r"|selamat (?:tinggal|jalan|tidur)|jumpa|that'?s all(?: for now)?"
)
FINE = (
    r"ok(?:ay|e|eh|ey)?|great|good|nice|perfect|cool|wonderful|baik(?:lah)?|siap|sip+|mantap|bagus"
    r"|keren|all ?right|i see|i understand|understood|got it|makes sense|fine|noted|awesome"
    r"|excellent|(?:very|that'?s) (?:good|nice|great)|o+h(?: begitu| gitu| i see)?|hm+|okee+"
    r"|(?:saya )?mengerti|paham|top|luar biasa|hebat|o+ke+(?:h|y)?|okelah|sudah jelas"
)

# A question may be asked politely.
POLITE = (
    r"please,?|kindly|(?:can|could|would|will) you(?: please| kindly)?|tolong|mohon|coba"
    r"|(?:bisa(?:kah)?|dapatkah) (?:kamu|anda)(?: tolong)?|i(?:'d| would) like(?: you)? to(?: get)?"
    r"|i want(?: you)? to"
)
POLITE_END = (
    r"please|for me|thanks|thank you|dong|ya|yuk|kak|nih"
    r"|g?ak|ng?gak|enggak|ga|tidak|deh|sih|untukku"
)
WH = (
    r"who|whom|whose|what|when|where|why|how|which|if|whether|is|are|was|were|did|does|do|has|have"
    r"|siapa(?:kah)?|apa(?:kah)?|kapan(?:kah)?|mengapa|kenapa|berapa(?:kah)?|bagaimana|gimana|mana"
    r"|di ?mana|ke ?mana|dari mana|yang mana"
)
# What may stand before a question that is asked inside another sentence.
TELL = (
    r"(?:please,? |kindly )*(?:(?:can|could|would|will) you (?:please |kindly |also )*)?"
    r"(?:tell (?:me|us)|let me know|explain(?: to me)?)"
    r"|i(?: want|'d like| would like| need|'m curious) to (?:know|ask)(?: you)?|i wonder"
    r"|i'?m curious"
    r"|do you (?:happen to )?know|any idea|(?:i have )?an?(?: quick)? question|quick question"
    r"|(?:tolong |mohon |coba )*(?:(?:bisa|boleh|dapat)(?:kah)? )?(?:kamu |anda |saya |aku |kita )?"
    r"(?:tolong )?(?:(?:mau|ingin|hendak|pengen|pingin|numpang|izin|boleh) )?"
    r"(?:tanya|bertanya|tahu|menanyakan|tau|(?:beri|kasih) ?tahu|beritahu(?:kan)?|sebutkan|jelaskan"
    r"|ceritakan|jawab|katakan)(?: saya| aku| kami| padaku| kepada saya| dong| donk| ya| kak)*"
    r"|(?:apakah )?(?:kamu|anda) (?:tahu|tau)|tahukah (?:kamu|anda)"
)

_YOU = r"(?:kamu|anda|kau|kutip)"
_APP = r"(?:(?:this|the) (?:app|application|program(?:me)?|tool|bot|chatbot|thing)|kutip|this)"
_APLIKASI = r"(?:(?:aplikasi|program|bot|alat|chatbot) ini|kutip|ini)"
ABILITIES = (
    r"what (?:can|could|do) (?:you|kutip) (?:do|help(?: me)? with|offer)",
    r"who are you|what are you(?: able to do| capable of| for)?|who am i talking to",
    r"what(?:'s| is) your (?:name|purpose|function)|what (?:is|are|does) kutip(?: do)?",
    r"what(?:'s| is) this (?:app|application|program(?:me)?|tool|bot|chatbot)(?: for| about)?",
    rf"how (?:do you|does (?:it|{_APP})) work|how (?:do|can|should) i use (?:you|{_APP})",
    r"help(?: me)?|can you help(?: me)?|i need (?:some )?help|usage|instructions",
    r"what (?:questions )?(?:can|should) i (?:ask|do)(?: you| kutip| here)?|introduce yourself",
    r"what kind of questions can i ask(?: you)?|are you (?:an? )?(?:ai|bot|robot|human)",
    rf"{_YOU}(?: ini)? (?:bisa|dapat) (?:(?:mem)?bantu )?(?:apa|ngapain)(?: saja| aja)?",
    rf"(?:siapa|apa)(?:kah)? {_YOU}(?: ini| sebenarnya)?|{_YOU}(?: ini| itu)? (?:siapa|apa)",
    rf"apa(?: saja| aja)?(?: yang)? (?:bisa|dapat) {_YOU} (?:lakukan|bantu|kerjakan)",
    r"(?:bisa|dapat) (?:bantu|membantu) apa(?: saja| aja)?|siapa nama(?:mu| kamu| anda)",
    rf"apa(?: saja)? (?:kemampuan|fungsi|kegunaan)(?:mu|nya| {_YOU}| {_APLIKASI})?",
    r"(?:kemampuan|fungsi)(?:mu|nya)? apa(?: saja)?|apa(?: itu|kah) kutip|kutip itu apa",
    (
        r"(?:minta )?bantuan|(?:mem)?bantu(?: saya| aku)?"
        r"|bisa(?:kah)?(?: kamu)? (?:mem)?bantu(?: saya| aku)?"
    ),
    r"apa(?: saja)? yang (?:bisa|dapat|boleh) (?:saya|aku) tanyakan|perkenalkan dirimu|petunjuk",
    r"tell me about yourself|ceritakan tentang dirimu",
    r"(?:saya|aku) (?:bisa|boleh) (?:tanya|bertanya) apa(?: saja)?|panduan",
    r"cara (?:pakai|memakai|menggunakan)(?:nya)?",
    (
        rf"(?:bagaimana|gimana) cara (?:menggunakan|memakai|pakai|kerja)(?:nya|mu)?(?: {_APLIKASI}"
        rf"| {_YOU})?"
    ),
)

_ARTICLES = r"(?:articles?|news(?: articles?| stories)?|stories|story|reports?|documents?)"
_ARTIKEL = r"(?:artikel(?:-artikel)?|berita(?:-berita)?|dokumen|tulisan|laporan)"
_ON = r"(?:about|on|regarding|concerning|related to|covering)"
_TENTANG = r"(?:tentang|soal|mengenai|perihal|terkait|seputar|yang (?:membahas|menyebut)|membahas)"
_HAVE = r"(?: (?:do|can|could) (?:you|we|i) (?:have|hold|know|see|read))"
_SHOW = r"(?:list|show|display|give|find|get|look up|search(?: for)?|see)(?: me)?"
_CARI = (
    r"(?:tampilkan|tunjukkan|perlihatkan|lihat|sebutkan|cari(?:kan)?|daftar(?:kan)?|beri(?:kan)?)"
)
_ADA = r"(?:ada|tersedia|tersimpan|terindeks|diindeks|(?:kamu|anda|kita) (?:punya|miliki))"
_ALL = r"(?:(?:all|of|the|your|my|some|any) )*"

_SEMUA = r"(?:artikel-artikel|berita-berita|semua(?: artikel| berita)?)"
LIST = (
    r"what(?:'s| is) (?:new|the (?:latest|news)(?: news)?)|any updates?|(?:the )?latest news",
    r"(?:apa )?(?:berita|kabar) (?:terbaru|terkini)(?:nya)?|ada (?:kabar|berita) (?:apa|baru)",
    rf"what (?:are|is in) (?:the|your|my) {_ARTICLES}(?: about)?",
    rf"what (?:are|is) (?:all )?(?:of )?(?:these|those|the|my|your) {_ARTICLES} (?:all )?about",
    rf"what(?:'s| is) (?:in|inside) (?:these|those|my|your|the) {_ARTICLES}",
    rf"(?:semua )?{_SEMUA}(?: ini| itu)? (?:tentang|soal|mengenai|membahas) apa(?: saja)?",
    rf"apa(?: saja)? isi (?:artikelnya|beritanya|(?:semua|seluruh) {_ARTIKEL})",
    rf"(?:what|which) {_ARTICLES}(?:{_HAVE}| are (?:there|indexed|available|here)| is there)",
    rf"(?:{_SHOW} )?{_ALL}articles(?: you have)?|{_SHOW} {_ALL}{_ARTICLES}(?: you have)?",
    rf"how many {_ARTICLES}(?:{_HAVE}| are (?:there|indexed|available))|any {_ARTICLES}",
    r"what(?: do you have| have you got| is in (?:your|the) (?:library|index)| is indexed)",
    rf"{_ARTIKEL} apa(?: saja| aja)?(?: yang)?(?: {_ADA})(?: di sini)?",
    (
        rf"apa(?: saja)? {_ARTIKEL}(?: yang {_ADA})|(?:kamu |anda )?(?:ada"
        rf"|punya) {_ARTIKEL} apa(?: saja| aja)?"
    ),
    rf"ada berapa(?: banyak)? {_ARTIKEL}|berapa (?:jumlah |banyak )?{_ARTIKEL}(?: yang)? {_ADA}",
    rf"{_CARI} (?:(?:semua|seluruh|daftar) )*{_ARTIKEL}(?: yang {_ADA})?|daftar {_ARTIKEL}",
)
_DISEBUT = r"(?:disebut(?:kan)?|dibahas|muncul|dimuat|diberitakan)"
_MENTION = (
    r"(?:(?:mention|discuss|cover|name)s?|(?:talk|write)s? about|refers? to|(?:are|is) about)"
)
ABOUT = (
    rf"(?:what|which) {_ARTICLES}(?:{_HAVE}| are there| is there)? {_ON} {{x}}",
    rf"(?:what|which) {_ARTICLES} {_MENTION} {{x}}",
    (
        rf"(?:in )?(?:what|which) {_ARTICLES} (?:is|are|was|were|do|does) {{x}}"
        r" (?:mentioned|discussed|covered|named|appear|quoted)(?: in)?"
    ),
    rf"(?:in )?(?:what|which) {_ARTICLES} (?:is there|there is|talks?|writes?|tells?) {_ON} {{x}}",
    rf"(?:di|dalam|pada) {_ARTIKEL} (?:apa|mana)(?: saja)? {{x}} {_DISEBUT}",
    rf"{{x}} {_DISEBUT} (?:di|dalam|pada) {_ARTIKEL} (?:apa|mana)(?: saja| aja)?",
    rf"what(?:{_HAVE}| have you got) {_ON} {{x}}",
    rf"(?:(?:do you have|have you got|is there|are there) )?any(?:thing| {_ARTICLES}) {_ON} {{x}}",
    rf"(?:do you have|have you got|is there|are there) (?:some |an? |the )?{_ARTICLES} {_ON} {{x}}",
    rf"{_SHOW} {_ALL}{_ARTICLES} {_ON} {{x}}",
    rf"{_ARTIKEL} (?:apa|mana)(?: saja| aja)?(?: yang)?(?: {_ADA})? {_TENTANG} {{x}}",
    (
        rf"{_ARTIKEL} (?:apa|mana)(?: saja| aja)?(?: yang)? (?:membahas|menyebut(?:kan|-nyebut)?"
        rf"|memuat|mengulas|memberitakan|menyinggung|bercerita tentang) {{x}}"
    ),
    (
        rf"(?:apakah |apa )?(?:kamu |anda )?(?:ada|adakah"
        rf"|punya) {_ARTIKEL}(?: apa(?: saja)?)? {_TENTANG} {{x}}"
    ),
    rf"{_CARI} (?:(?:semua|seluruh|daftar) )*{_ARTIKEL} {_TENTANG} {{x}}",
    rf"{_ARTIKEL} {_TENTANG} {{x}} (?:ada|adakah|apa saja)",
    rf"(?:ada )?apa saja(?: {_ARTIKEL})? {_TENTANG} {{x}}",
    rf"(?:(?:the|what is the|what's the) )?(?:(?:latest|recent|newest) )?{_ARTICLES} {_ON} {{x}}",
    rf"(?:apa )?{_ARTIKEL}(?: (?:terbaru|terkini|terakhir))? {_TENTANG} {{x}}",
)

_SUM = (
    r"(?:summari[sz]e|sum up|(?:give (?:me )?)?(?:an? |the )?(?:(?:short|brief|quick) )?summary of)"
)
_RINGKAS = (
    r"(?:(?:(?:buat|beri)(?:kan|lah)?|minta)? ?(?:ringkasan|rangkuman)(?: dari)?"
    r"|(?:ringkas|rangkum)(?:kan|lah)?)"
)
_THIS = (
    r"(?:(?:this|the|that)(?: (?:news|whole|entire))? (?:article|story|news|report|text|piece)"
    r"|this|it)"
)
_INI = (
    r"(?:(?:isi )?(?:artikel|berita|tulisan|laporan|teks|cerita) (?:ini|itu|tersebut)|ini|isinya)"
)
SUMMARY_THIS = (
    rf"{_SUM} {_THIS}|tl ?;? ?dr|{_RINGKAS} {_INI}|(?:what(?:'s| is)|whats) {_THIS} (?:all )?about",
    rf"what does {_THIS} (?:say|tell(?: us)?|discuss|cover)",
    r"what(?:'s| is| are) the (?:gist|main points?|summary|main idea)(?: of (?:this|the) article)?",
    rf"apa (?:sih )?(?:isi|inti|pokok|ringkasan|rangkuman)(?:nya)?(?: dari)? {_INI}",
    rf"{_INI} (?:tentang|soal|mengenai|membahas|bercerita|berisi)(?: soal| tentang)? apa(?: saja)?",
    r"(?:tentang|soal|mengenai|membahas) apa(?:kah)? (?:ini|itu|(?:artikel|berita) (?:ini|itu))",
    rf"{_INI} isinya apa|apa yang dibahas (?:dalam |di |oleh )?{_INI}",
)
SUMMARY_ALL = (
    rf"{_SUM} (?:(?:all|of|the|my|your|these) )*(?:articles|news|stories|everything)",
    rf"{_RINGKAS} (?:(?:semua|seluruh) )?(?:isi )?(?:artikel|berita)(?: yang ada)?",
    r"summari[sz]e|summary|ringkasan|rangkuman|ringkas|rangkum",
)
SUMMARY_OF = (
    rf"{_SUM} (?:(?:all|of|the|an?|your|my) )*{_ARTICLES} {_ON} {{x}}",
    rf"what (?:does|do) the {_ARTICLES} {_ON} {{x}} say",
    rf"{_RINGKAS} (?:(?:semua|isi) )*{_ARTIKEL} {_TENTANG} {{x}}",
    rf"{_RINGKAS} {_TENTANG} {{x}}",
    rf"apa (?:isi|inti|ringkasan)(?: dari)? {_ARTIKEL} {_TENTANG} {{x}}",
    rf"{_SUM} {{x}}",
    rf"{_RINGKAS} {{x}}",
)

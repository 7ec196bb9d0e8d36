"""Short conversations, each ending in a follow-up, with what its rewriting must say.

The turns before are rewritten too, as in a real conversation, so that a fault of one shows in
the next. They are invented: no article is needed to tell what a question leans on.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.followup.condense import rewrite
from rag.answer.kinds.intent import intent_of
from rag.schema import Turn
from rag.text.language import detect_or


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation, its last question, the words wanted ("a|b": one of them) and not wanted."""

    said: tuple[str, ...]  # "question | answer"; "question |" was refused
    question: str
    wanted: str
    unwanted: str


def turns(said: tuple[str, ...]) -> list[Turn]:
    """The conversation as the engine keeps it: each question as it was searched for."""
    history: list[Turn] = []
    for one in said:
        question, _, answer = (part.strip() for part in one.partition("|"))
        talk = intent_of(question) is not None
        history.append(
            Turn(
                question=question,
                query=question if talk else rewrite(question, history),
                text=answer or "The articles do not say.",
                language=detect_or(question, "en"),
                abstention=None if answer else "not_in_evidence",
            )
        )
    return history


ACCORD = "Who signed the fisheries accord? | Elina Harrow and Tomas Brekke signed it in Alvane. [1]"
LAKSMI = "Siapa ketua panitia pameran? | Ketua panitia adalah Laksmi Adiningrat. [1]"
FRANCE = "Who is the president of France? |"
PRANCIS = "Siapa presiden Prancis? |"
PARIS = "Who met Blinken in Paris? |"
FLOOD = (
    "Berapa desa yang terendam banjir di Lembayung? | Sebanyak 14 desa terendam banjir. [1]",
    "Siapa bupatinya? | Bupati Lembayung adalah Sri Wulandari. [1]",
    "dan berapa yang meninggal? | Empat orang meninggal, kata Sri Wulandari. [1]",
    "Bagaimana dengan listriknya? | Listrik di 14 desa padam. [1]",
)
TREATY = (
    ACCORD,
    "When? | They signed it on Wednesday. [1]",
    "Where did they sign it? | In Port Alvane. [1]",
)
GARUT = (
    "How many people died in the flood in Garut? | Police said 20 people died. [1]",
    "Why? | Heavy rain fell for two days, said Dewi Anggraini. [1]",
    "When did it happen? | On Monday. [1]",
    "And how many were injured? | 45 people were injured. [1]",
)
GEMPA = (
    "Kapan gempa terjadi di Cianjur? | Gempa terjadi pada Senin. [1]",
    "Berapa korbannya? | Korban tewas 30 orang, ujar Kepala BPBD Andi Saputra. [1]",
    "Apa penyebabnya? | Pergeseran sesar Cimandiri. [1]",
)
LUKISAN = (
    "Berapa lukisan yang dicuri dari museum? | Sembilan lukisan. [1]",
    "Kapan? | Selasa dini hari, kata Rosa Lindqvist. [1]",
    "Siapa pelakunya? | Dua pria bertopeng. [1]",
)
TRAINS = "Berapa kereta yang berhenti? | Semua 132 kereta harian dihentikan. [1]"
COACH = (
    "Siapa pelatih tim bulu tangkis putri Indonesia? | Pelatih Agus Dwi Nugraha memuji Sekar. [1]",
    "Apa kata dia? | Dia bermain sabar sejak awal, ujar Agus. [1]",
)
FINAL = (
    *COACH,
    "Siapa lawan mereka di final? | Indonesia akan menghadapi Jepang di final. [1]",
)
PRIZE = (*FINAL, "Kapan? | Senin (6/10). [1]")
CHIEF = "Who is the police chief in Corvane? | Police chief Rosa Lindqvist said two men came. [1]"
WORTH = "How much were the paintings worth? | Nine paintings worth 12 million euros. [1]"
RAIL = "Who leads the rail union? | Union leader Henrik Vass said 3,700 drivers had joined. [1]"
TARAKAN = (
    "Berapa rumah yang rusak akibat gempa di Tarakan? "
    "| Sebanyak 50 rumah rusak, kata Kepala BPBD Andi Saputra. [1]"
)
STORM = "How many homes lost power in the storm? | 5,000 homes, said mayor Jane Doe. [1]"
BRIDGE = "Berapa panjang jembatan Kalimas? | Panjangnya 2,1 kilometer. [1]"
SPAN = "How long is the Kalimas bridge? | It is 2.1 kilometres long. [1]"

# What people ask after a refusal: the words of the refused question, never of the one before it.
REFUSED = (
    Case((ACCORD, "What is the capital of Australia? |"), "And its population?",
         "population australia|capital", "its accord fisheries signed"),
    Case((LAKSMI, FRANCE), "and his wife?", "wife president france", "his laksmi adiningrat"),
    Case((LAKSMI, PRANCIS), "Siapa istrinya?", "siapa istri presiden prancis", "laksmi istrinya"),
    Case((LAKSMI, "Apa ibu kota Australia? |"), "Berapa penduduknya?",
         "berapa penduduk australia", "laksmi penduduknya"),
    Case((ACCORD, FRANCE), "berapa umurnya?", "berapa umur presiden|president france|prancis",
         "brekke harrow umurnya"),
    Case((ACCORD, PRANCIS), "How old is he?", "how old president france", "brekke harrow he"),
    Case((ACCORD, "When was the Eiffel Tower built? |"), "Who designed it?",
         "who designed eiffel tower", "it accord"),
    Case((ACCORD, "Who won the 2022 World Cup? |"), "Where was it held?",
         "where held world cup", "it accord"),
    Case((LAKSMI, "Siapa juara Piala Dunia 2022? |"), "Di mana?", "mana juara piala dunia",
         "siapa laksmi"),
    Case((ACCORD, "Who is the CEO of Apple? |"), "When did she take office?",
         "when ceo apple take office", "she harrow elina"),
    Case((ACCORD, "What did Napoleon demand? |"), "why?", "why napoleon demand", "accord what"),
    Case((LAKSMI, "Kapan Kerajaan Majapahit runtuh? |"), "Mengapa?",
         "mengapa majapahit runtuh", "laksmi kapan"),
    Case((ACCORD, "Who are the Beatles? |", "thanks | You're welcome!"), "When did they split?",
         "when beatles split", "they harrow brekke"),
    Case((ACCORD, PARIS), "and in Doha?", "who met blinken doha", "paris accord"),
    Case((ACCORD, FRANCE, "and his wife? |"), "How old is she?", "old president|wife france",
         "she harrow elina"),
    Case((LAKSMI, "Siapa gubernur Bali? |"), "Apa katanya?", "apa kata gubernur bali", "laksmi"),
    Case((LAKSMI, "Berapa harga emas di Tokyo? |"), "Kalau di Seoul?",
         "berapa harga emas seoul", "tokyo laksmi"),
    Case((ACCORD, "Where does Taylor Swift live? |"), "What did she say?",
         "what taylor swift say", "she harrow elina"),
)  # fmt: skip

# Turn after turn that leans on the one before.
LONG = (
    Case(FLOOD, "kapan itu terjadi?", "kapan banjir|listrik", "itu meninggal bupati berapa"),
    Case(FLOOD, "apa kata gubernur?", "apa kata gubernur", "meninggal bupati"),
    Case(TREATY, "Who criticised it?", "who criticised fisheries accord", "it brekke"),
    Case((*TREATY, "Who criticised it? | Ivo Stannard did. [1]"), "How many jobs would it cost?",
         "how many jobs cost accord", "it stannard"),
    Case(GARUT, "Where?", "where flood garut", "anggraini how"),
    Case(GEMPA, "Dan kerugiannya?", "kerugian gempa cianjur", "andi saputra kerugiannya"),
    Case(LUKISAN, "Kenapa?", "kenapa lukisan|pelaku museum", "rosa lindqvist siapa"),
)  # fmt: skip

# What the last question was about, not who told it.
TOPICS = (
    Case((TRAINS,), "Sampai kapan?", "sampai kapan kereta", "berapa"),
    Case(FINAL, "Kapan?", "kapan final", "agus kata"),
    Case(PRIZE, "Berapa hadiahnya?", "berapa hadiah final|tangkis|indonesia", "agus kata nugraha"),
    Case(COACH, "Siapa lawan mereka di final?", "siapa lawan tim|tangkis|indonesia final",
         "agus mereka"),
    Case((*PRIZE, "Berapa hadiahnya? | Hadiahnya 400.000 dolar. [1]"), "Berapa umur pelatihnya?",
         "berapa umur pelatih", "kata hadiah pelatihnya"),
    Case((RAIL,), "What does he demand?", "what vass|leader|leads demand", "he"),
    Case((CHIEF, WORTH), "And what was the most valuable one?", "what most valuable paintings",
         "worth rosa one"),
    Case((CHIEF, WORTH, "And what was the most valuable one? | “The Blue Harbour”. [1]"),
         "When was it painted?", "when painted paintings|painting|valuable", "it worth rosa"),
    Case((ACCORD, "What did Brekke say? | Brekke called it a fair deal. [1]"),
         "Siapa yang mengkritiknya?", "siapa mengkritik brekke", "mengatakan harrow"),
    Case((CHIEF, WORTH), "What is her salary?", "what salary lindqvist|chief", "her paintings"),
    Case(("Apa yang dibahas Ratna Wijaya dan Joko Lestari? | Mereka membahas pasar. [1]",),
         "And when?", "when ratna wijaya joko lestari", "apa yang what"),
    Case((TARAKAN,), "Kapan?", "kapan gempa tarakan", "andi saputra kata berapa"),
    Case((TARAKAN,), "Apa penyebabnya?", "apa penyebab gempa tarakan", "andi saputra"),
    Case((STORM,), "When?", "when storm", "jane doe how"),
    Case((STORM,), "What was its name?", "what name storm", "jane doe its"),
    Case((STORM,), "What did she say?", "what say storm", ""),
    Case(("Who opposes the dam? | Union leader Anna Berg opposes the dam. [1]",),
         "Why does she oppose it?", "why berg oppose dam", "she it"),
    Case(("Siapa yang menentang bendungan? | Ketua serikat tani Budi Santoso menentangnya. [1]",),
         "Apa alasannya?", "apa alasan santoso|bendungan", "alasannya siapa"),
    Case(("What do the nurses want? | A pay rise of 9 per cent, said Ann Lee. [1]",),
         "What is their current pay?", "what current pay nurses", "their lee"),
    Case(("Apa tuntutan para guru? | Kenaikan gaji, kata Ketua PGRI Unifah Rosyidi. [1]",),
         "Berapa gaji mereka?", "berapa gaji guru", "mereka unifah"),
    Case(("Who owns the Blue Harbour painting? | The Corvane museum owns it. [1]",),
         "When was it painted?", "when painted blue harbour", "it corvane"),
    Case((BRIDGE,), "Kapan dibangun?", "kapan dibangun jembatan kalimas", "panjang"),
    Case((BRIDGE,), "Berapa biayanya?", "berapa biaya jembatan kalimas", "biayanya"),
    Case((SPAN,), "And how high?", "how high kalimas bridge", "long"),
    Case((SPAN,), "Who built it?", "who built kalimas bridge", "it"),
    Case(("Siapa yang memimpin rapat di Solo? | Gubernur Ratna Wijaya memimpin rapat. [1]",),
         "Apa yang dia katakan?", "apa ratna wijaya katakan", "dia"),
    Case((COACH[0], "ok | Sama-sama!"), "Berapa umurnya?", "berapa umur pelatih|agus", "ok"),
    Case(("When did the strike begin? | It began on Monday. [1]",), "Until when?",
         "until when strike", ""),
    Case(("Mengapa harga cabai naik? | Cuaca buruk, kata Menteri Amran Sulaiman. [1]",),
         "Sejak kapan?", "sejak kapan harga cabai naik", "amran mengapa"),
)  # fmt: skip

# The follow-up is in the other language.
CROSSING = (
    Case(("Siapa menteri keuangan Zorvania? | Menteri Keuangan adalah Petra Lund. [1]",),
         "When was she appointed?", "when appointed lund|minister", "she"),
    Case(("Who is the mayor of Corvane? | Mayor Tom Reed has led it since 2019. [1]",),
         "Sejak kapan dia menjabat?", "sejak kapan reed|corvane menjabat", "dia who"),
    Case(("How many people were displaced by the Lembayung flood? | 1,900 people. [1]",),
         "kapan terjadinya?", "kapan lembayung banjir", "how berapa"),
    Case(("Berapa ternak yang dimusnahkan? | Sebanyak 5.600 ternak dimusnahkan. [1]",),
         "Where?", "where ternak|livestock|cattle|cow", "berapa how"),
    Case(("Apa penyebab kebakaran pasar di Solo? | Arus pendek, kata Kapolres Joko Lestari. [1]",),
         "And how many died?", "how many died fire|kebakaran solo", "joko lestari"),
    Case(("What caused the fire in Bandung? | A short circuit, said Joko Lestari. [1]",),
         "Berapa kerugiannya?", "berapa kerugian bandung", "joko lestari"),
)  # fmt: skip

FIRST = REFUSED + LONG + TOPICS + CROSSING

DAM = "Who approved the Serayu dam? | Governor Lena Fors approved it, said Mark Olsen. [1]"
HARGA = "Berapa harga cabai di Pasar Senen? | Rp80.000 per kilogram, kata pedagang Sri Rahayu. [1]"
HELI = "Where did the helicopter crash? | It crashed near Oslo, police chief Nils Berg said. [1]"
WABAH = "Kapan wabah demam babi terjadi di Pulau Serayu? | November, ujar drh. Made Wirya. [1]"
RATE = "By how much did the central bank raise rates? | A quarter point, said Ana Cruz. [1]"
WISATA = "Siapa wali kota Lembayung? | Wali kota Lembayung adalah Bima Surya. [1]"

# Written after the rules were, to measure them once more.
SECOND = (
    Case((DAM, "Who is the prime minister of Japan? |"), "Where was he born?",
         "where prime minister japan born", "he fors lena olsen"),
    Case((DAM, "Who wrote Hamlet? |"), "And when?", "when wrote hamlet", "who dam fors"),
    Case((DAM, "How tall is Mount Everest? |"), "Who climbed it first?", "who climbed everest",
         "it dam"),
    Case((WISATA, "Siapa penemu telepon? |"), "Kapan dia lahir?", "kapan penemu telepon lahir",
         "dia bima surya"),
    Case((WISATA, "Siapa menteri pertahanan Jepang? |"), "Apa katanya soal rudal?",
         "apa kata menteri pertahanan jepang rudal", "bima surya katanya"),
    Case((WISATA, "Berapa luas Danau Toba? |"), "Berapa kedalamannya?",
         "berapa kedalaman danau toba", "kedalamannya lembayung"),
    Case((WISATA, "Siapa raja Inggris? |", "mantap | Sama-sama!"), "Siapa istrinya?",
         "siapa istri raja inggris", "bima mantap"),
    Case((DAM, "Siapa raja Inggris? |"), "Who is his son?", "who son king england|inggris|united",
         "his fors"),
    Case((WISATA, "Who is the king of England? |"), "Di mana dia tinggal?",
         "mana raja inggris tinggal", "dia bima"),
    Case((DAM, "What is the tallest building in Dubai? |"), "When was it opened?",
         "when tallest building dubai opened", "it dam"),
    Case((DAM, "Why did Sony buy Bungie? |"), "For how much?", "how much sony bungie", "why dam"),
    Case((DAM,), "How much will it cost?", "how much serayu dam cost", "it olsen"),
    Case((DAM,), "Why did she approve it?", "why fors approve serayu dam", "she it olsen"),
    Case((DAM, "How much will it cost? | 2 billion. [1]"), "When will it be finished?",
         "when serayu dam finished", "it fors"),
    Case((HARGA,), "Mengapa?", "mengapa harga cabai pasar senen", "sri rahayu berapa"),
    Case((HARGA,), "Kalau bawang merah?", "berapa harga bawang merah", "sri rahayu"),
    Case((HARGA, "Kalau di Pasar Minggu? | Rp75.000. [1]"), "Sejak kapan?",
         "sejak kapan harga cabai minggu", "berapa rahayu"),
    Case((HELI,), "When?", "when helicopter crash", "where nils berg"),
    Case((HELI,), "How many people were on board?", "how many board helicopter|crash", "berg"),
    Case((HELI,), "Siapa pilotnya?",
         "siapa pilot helikopter|helicopter|kecelakaan", "berg pilotnya"),
    Case((WABAH,), "Berapa ternak yang dimusnahkan?", "berapa ternak dimusnahkan", "wirya kapan"),
    Case((WABAH,), "Apa penyebabnya?", "apa penyebab wabah demam babi", "made wirya"),
    Case((WABAH, "Apa penyebabnya? | Virus ASF. [1]"), "Dampaknya bagi peternak?",
         "dampak wabah babi peternak", "wirya dampaknya"),
    Case((WABAH,), "and where?", "where wabah|outbreak|pandemic serayu", "wirya when"),
    Case((RATE,), "Why?", "why central bank raise rates", "cruz how"),
    Case((RATE,), "When is its next meeting?", "when central bank next meeting", "its cruz"),
    Case((RATE,), "Kapan?", "kapan bank bunga|rates|tingkat", "cruz"),
    Case((WISATA,), "Sejak kapan dia menjabat?", "sejak kapan bima surya menjabat", "dia siapa"),
    Case((WISATA,), "What is his party?", "what party bima surya", "his"),
    Case((WISATA, "Apa programnya? | Membangun taman. [1]", "Berapa anggarannya? | Rp5 M. [1]"),
         "Sampai kapan?", "sampai kapan anggaran|program|programnya", "berapa apa siapa"),
)  # fmt: skip

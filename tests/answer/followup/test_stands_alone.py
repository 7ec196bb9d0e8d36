"""Questions that need nothing of what was said before, told from those that lean on it."""

from __future__ import annotations

import pytest

from rag.answer.followup.condense import stands_alone
from tests.answer.followup.histories import HISTORIES

Stands = tuple[str, str, bool]


def alone(history: str, *questions: str) -> list[Stands]:
    """Questions that need nothing of the history."""
    return [(history, q, True) for q in questions]


def needy(history: str, *questions: str) -> list[Stands]:
    """Questions that mean nothing without the history."""
    return [(history, q, False) for q in questions]


STANDS: list[Stands] = [
    *alone("none", "why?", "and when did he leave?", "Who met Blinken?", "berapa korbannya?"),
    *alone("hello", "and when did he leave?", "kenapa?"),
    *alone("doha", "Who is he that met Blinken", "Apakah itu GPS?", "Apa itu Hamas?"),
    *alone("doha", "What is this about?", "It was raining where?", "Who met Blinken in Cairo?"),
    *alone(
        "doha", "When did Blinken say he would leave?", "Apa kata Blinken tentang kunjungannya?"
    ),
    *alone("doha", "Kapan Hamas dan sekutunya menyerang?", "Is there a ceasefire in Gaza?"),
    *alone("doha", "What is the capital of Egypt?", "How many hostages are still held in Gaza?"),
    *alone("doha", "Who said he would resign?", "Is it true that Hamas rejected the deal?"),
    *alone("doha", "How long does it take to fly to Doha?", "Hamas itu apa?", "Apa itu GPS?"),
    *alone("doha", "Why do farmers say they are losing money?", "Which year did Hamas win?"),
    *alone(
        "doha", "What did the UN report say that Israel denied?", "What is the two-state solution?"
    ),
    *alone(
        "doha",
        "Did both Blinken and Netanyahu agree?",
        "who is macron?",
        "inflation rate in Turkey",
    ),
    *alone("doha", "When he visited Doha, what did Blinken say?", "Is there news of the hostages?"),
    *alone("doha", "How did Israel defend its borders?", "What does gencatan senjata mean?"),
    *alone(
        "temu", "Siapa yang bertemu Netanyahu di Israel?", "Siapa istri Prabowo?", "harga beras"
    ),
    *alone("temu", "Apa hasil pertemuan Blinken dan al-Sisi itu?", "Siapa itu Netanyahu?"),
    *alone("temu", "Berapa harga beras tahun ini?", "Mengapa para petani mengatakan mereka rugi?"),
    *alone("temu", "Apakah Hamas menolak usulan itu menurut Blinken?", "Apa isi artikel ini?"),
    *alone("temu", "Di mana Blinken dan keluarganya menginap?", "Lalu lintas di Jakarta macet?"),
    *alone(
        "temu", "Siapa yang mengatakan bahwa dia akan mundur dari partai?", "Kenya ada di mana?"
    ),
    *alone("temu", "Mengapa harga beras naik akhirnya?", "apa penyebab banjir di jakarta?"),
    *alone(
        "flood", "What caused the fire in Bandung?", "How many people died in the Cianjur quake?"
    ),
    *alone("beras", "Berapa harga beras di Jakarta?", "Berapa harga bensin di Surabaya?"),
    *needy("doha", "and when did he leave?", "why?", "what about Egypt?", "and in Gaza?", "when?"),
    *needy(
        "doha", "what did they discuss there?", "How many?", "who else?", "where was the meeting?"
    ),
    *needy("doha", "When did it happen?", "Who said that?", "What happened then?", "Did he agree?"),
    *needy("doha", "And Netanyahu?", "How about Cairo?", "Why did the two meet?", "Tell me more"),
    *needy("doha", "What was their reaction?", "Who was with him?", "in Cairo?", "Really?"),
    *needy("doha", "What did he do before that?", "So who paid?", "Netanyahu?", "what happened?"),
    *needy("doha", "Was it a success?", "How long did it take?", "Did they meet in Paris?"),
    *needy("doha", "When did he meet Netanyahu?", "lalu kapan dia pergi?", "siapa lagi?"),
    *needy("temu", "lalu kapan dia pergi?", "bagaimana dengan Mesir?", "di mana itu terjadi?"),
    *needy("temu", "siapa lagi?", "Kenapa?", "Kapan pertemuan itu berlangsung?", "dan di Gaza?"),
    *needy("temu", "Apa yang mereka bahas di sana?", "Apa alasannya?", "Siapa dia?", "terus?"),
    *needy("temu", "kalau Netanyahu?", "Mesir bagaimana?", "Apa kata beliau?", "Apa hasilnya?"),
    *needy("temu", "Setelah itu dia ke mana?", "Apa tuntutan mereka?", "Mengapa keduanya bertemu?"),
    *needy("temu", "Apakah itu benar?", "Jelaskan", "Siapa yang menemaninya?", "Di mana?"),
    *needy("banjir", "berapa korbannya?", "Kapan?", "Berapa korban tewas?", "Apa penyebabnya?"),
    *needy("banjir", "Berapa rumah yang rusak akibat banjir itu?", "Apa penyebab banjir tersebut?"),
    *needy(
        "flood", "How many people were injured?", "What caused the flood?", "Why did it happen?"
    ),
    *needy("flood", "and how many were injured?", "What about Cianjur?", "When was that?"),
    *needy("hamas", "Apa alasan mereka?", "Kapan itu disampaikan?", "bagaimana dengan Israel?"),
    *needy("refused", "and in Doha?", "why?", "when did he leave?"),
]

HELD_STANDS: list[Stands] = [
    *alone("doha", "Who thinks they will win the election in Turkey?", "Was there rain in Garut?"),
    *alone("doha", "How much did it cost to build the dam?", "Is Kenya a member of the UN?"),
    *alone("doha", "What did Netanyahu tell his cabinet?", "When was the Eiffel Tower built?"),
    *alone("doha", "Which hostages did Hamas say it would free?", "ceasefire negotiations Cairo"),
    *alone("doha", "What is a ceasefire?", "How does GPS work and who made it?"),
    *alone("temu", "Apa itu gencatan senjata?", "Berapa jumlah penduduk Indonesia saat ini?"),
    *alone(
        "temu", "Mengapa warga Gaza meninggalkan rumah mereka?", "Siapa presiden pertama Indonesia?"
    ),
    *alone("temu", "Bagaimana Hamas membiayai operasinya?", "Terus terang, apa kata Netanyahu?"),
    *alone(
        "temu", "Apakah Netanyahu setuju dengan usul yang dia terima?", "kapan harga bensin naik?"
    ),
    *alone("banjir", "Siapa yang memenangi pemilu presiden?", "Berapa korban gempa Cianjur?"),
    *needy(
        "doha", "Where did she go?", "What else?", "But why?", "And him?", "How many of them left?"
    ),
    *needy("doha", "What was the outcome of the meeting?", "What about Hamas?", "Who attended it?"),
    *needy("doha", "Since when?", "What were those talks about?", "Did that work?", "on Tuesday?"),
    *needy(
        "temu", "Kenapa begitu?", "Apa saja yang dibicarakan di situ?", "Bersama siapa dia datang?"
    ),
    *needy(
        "temu",
        "Lalu apa tanggapannya?",
        "Gimana dengan Arab Saudi?",
        "Berapa lama?",
        "Ke mana ia pergi?",
    ),
    *needy(
        "banjir", "Siapa saja korbannya?", "Kapan kejadiannya?", "Berapa yang luka?", "di Bandung?"
    ),
    *needy("flood", "Who was responsible for it?", "Were there any survivors?", "Where exactly?"),
    *needy("xi", "Apa yang keduanya sepakati?", "Tanggal berapa itu?", "Berapa lama dia di sana?"),
]


# Written after the rules were, to measure them once more.
LATER_STANDS: list[Stands] = [
    ("flood", "Who founded Microsoft and when did he leave it?", True),
    ("flood", "What are the symptoms of dengue?", True),
    ("doha", "Who won the 2022 World Cup?", True),
    ("doha", "What did the president of Mexico say?", True),
    ("doha", "Did anything happen in Rafah on Monday?", True),
    ("doha", "How many people were killed in Gaza?", True),
    ("doha", "Why is the Philadelphi corridor important to Israel?", True),
    ("doha", "when does school start?", True),
    ("temu", "Apa yang dikatakan Presiden Prabowo tentang ekonomi?", True),
    ("temu", "Mengapa rupiah melemah?", True),
    ("temu", "Kapan Indonesia merdeka?", True),
    ("temu", "Siapa saja yang hadir dalam KTT G20 di Bali?", True),
    ("temu", "Apa syarat Hamas untuk gencatan senjata?", True),
    ("temu", "Berapa korban tewas di Gaza?", True),
    ("temu", "Apa perbedaan antara cuaca dan iklim?", True),
    ("temu", "Bagaimana cara membuat paspor?", True),
    ("temu", "Siapa nama istri Presiden Jokowi dan anak-anaknya?", True),
    ("doha", "Are there any hostages left in Gaza?", True),
    ("doha", "Which countries border Egypt?", True),
    ("doha", "Has Hamas accepted the proposal?", True),
    ("doha", "What was discussed during the meeting between Blinken and Netanyahu?", True),
    ("doha", "why did the stock market fall?", True),
    ("doha", "What was agreed?", False),
    ("doha", "Where was this?", False),
    ("doha", "Did he say anything about Gaza?", False),
    ("doha", "what about on Monday?", False),
    ("doha", "and the hostages?", False),
    ("doha", "Which other countries did he visit?", False),
    ("doha", "How did Hamas respond to that?", False),
    ("doha", "What did he say about it?", False),
    ("temu", "Sejak kapan?", False),
    ("temu", "Apa yang disepakati?", False),
    ("temu", "Apakah mereka sepakat?", False),
    ("temu", "Ia berasal dari negara mana?", False),
    ("temu", "Terus apa yang terjadi?", False),
    ("temu", "Negara mana lagi yang dikunjunginya?", False),
    ("temu", "Bagaimana tanggapan Hamas tentang hal itu?", False),
    ("temu", "Apa isi pembicaraannya?", False),
    ("banjir", "Apa yang dilakukan pemerintah setelah itu?", False),
    ("flood", "Who is to blame for this?", False),
    ("flood", "Any survivors?", False),
    ("sisi", "What was the purpose of the visit?", False),
    ("hamas", "Siapa ketuanya?", False),
    ("hamas", "Apakah Israel menerimanya?", False),
    ("egypt", "Since when has he been president?", False),
    ("egypt", "And his predecessor?", False),
    ("beras", "Kalau tahun lalu?", False),
    ("beras", "Di Bandung berapa?", False),
    ("egypt", "And Jordan's?", False),
    ("doha", "Kalau sama Netanyahu?", False),
]


@pytest.mark.parametrize(
    "case", STANDS + HELD_STANDS + LATER_STANDS, ids=lambda c: f"{c[0]}-{c[1][:34]}"
)
def test_stands_alone(case: Stands) -> None:
    """A question that names what it is about stands alone; one that points back does not."""
    history, question, expected = case
    assert stands_alone(question, HISTORIES[history]) is expected

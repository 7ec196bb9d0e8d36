"""The words of a sentence that answer: which span is named, and when none is."""

from __future__ import annotations

import pytest

from rag.answer.asking import kind_of
from rag.answer.evidence import Sentence
from rag.answer.question import analyse
from rag.answer.spans.locate import locate
from rag.answer.spans.sought import sought
from tests.answer.spans.answered import answered, passage

TALKS = (
    "Menteri Luar Negeri Ardan Wirasena bertemu Utusan Khusus Milo Tarrant di Balai Senja, Kota"
    " Arum, pada Selasa (14/5) pukul 09.30 WIB."
)
HOSTED = "Envoy Milo Tarrant was received by Governor Hesti Larasati at the old mint in Veldport."
QUAKE = (
    "Gempa itu menewaskan sekitar 1.208 orang dan melukai 3.400 lainnya, kata Kepala BPBD Rusli"
    " Hamdan, Rabu (3/4)."
)
FIRE = (
    "More than 40,000 people fled the fire, which burned for six days and destroyed 31 percent"
    " of the old town."
)


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("pukul berapa rapat dimulai?", "time"),
        ("gempa itu jam berapa", "time"),
        ("What time did the ferry leave?", "time"),
        ("Tahun berapakah jembatan itu dibangun?", "date"),
        ("kpn rapatnya?", "date"),
        ("How many hostages were freed?", "number"),
        ("korban banjir berapa", "number"),
        ("berapa lamakah sidang itu?", "duration"),
        ("How long did the siege last?", "duration"),
        ("Saprudin dihukum berapa tahun?", "duration"),
        ("How long is the bridge?", "measure"),
        ("How far is the mine from the sea?", "measure"),
        ("Berapa luas kebun itu?", "measure"),
        ("what percentage voted?", "percentage"),
        ("pabrik itu dibeli dengan harga berapa", "money"),
        ("How much does the firm want to invest?", "money"),
        ("Berapa umur wali kota itu?", "age"),
        ("What is a seiche?", "definition"),
        ("apa itu seiche", "definition"),
        ("Siapa itu Milo Tarrant?", "definition"),
        ("Who is Milo Tarrant?", "definition"),
        ("Who is the mayor of Veldport?", "person"),
        ("Siapakah Menteri Kehutanan?", "person"),
        ("Tarrant bertemu siapa di Arum", "person"),
        ("Apa ibu kota Marenia?", "place"),
        ("Which countries took part?", "place"),
        ("negara mana saja yang ikut", "place"),
        ("listrik padam gara-gara apa?", "reason"),
        # Who is spoken of, and what is wanted of them.
        ("What does it need for those who fled?", "thing"),
        ("Apa hadiah buat juara lomba?", "thing"),
        ("What is the name of the man who fled?", "person"),
        ("Berapa truk bantuan yang masuk?", "number"),
        ("Berapa bantuan dari Jepang?", "money"),
        ("Under what condition will Qatar mediate?", "condition"),
        ("Apa syarat Qatar untuk kembali menengahi?", "condition"),
        ("alasan bank menaikkan bunga", "reason"),
        ("Was the driver drunk?", "yes_no"),
        ("Apakah Pardi Lukman ditahan?", "yes_no"),
    ],
)
def test_what_is_sought(question: str, sort: str) -> None:
    """The question tells which sort of words answers it, whatever its order and capitals."""
    assert sought(question).sort == sort


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("Who met Tarrant?", "doer"),
        ("Whom did Tarrant meet?", "done_to"),
        ("Who did Tarrant meet?", "done_to"),
        ("Who was arrested on Monday?", "done_to"),
        ("By whom was Tarrant received?", "doer"),
        ("Siapa yang menemui Tarrant?", "doer"),
        ("Siapa yang ditemui Tarrant?", "done_to"),
        ("Tarrant berunding dengan siapa?", "done_to"),
        ("Tarrant dijamu oleh siapa?", "doer"),
        ("Siapa wali kota Veldport?", None),
    ],
)
def test_who_does_it_to_whom(question: str, role: str | None) -> None:
    """A question for a person asks for the doer, or for whom it is done to."""
    assert sought(question).role == role


def test_the_question_words_in_haste() -> None:
    """An ending that only asks, and a word typed short, change no kind."""
    assert kind_of("Tahun berapakah ia lahir?") == "date"
    assert kind_of("Umur berapakah ia?") == "number"
    assert kind_of("brp korbannya") == "number"
    assert kind_of("knp ditutup") == "reason"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        # on what condition
        (
            "On what condition would the League leave the government?",
            "The League threatened to leave the cabinet if a single gun was moved.",
            "a single gun was moved",
        ),
        (
            "Apa syarat Marenia untuk menengahi lagi?",
            "Marenia akan menengahi lagi ketika kedua pihak menunjukkan keseriusan.",
            "kedua pihak menunjukkan keseriusan",
        ),
        # who
        ("Siapa yang bertemu Milo Tarrant?", TALKS, "Ardan Wirasena"),
        ("Siapa yang ditemui Ardan Wirasena?", TALKS, "Milo Tarrant"),
        ("Wirasena bertemu siapa di Arum", TALKS, "Milo Tarrant"),
        ("who met Tarrant", TALKS, "Ardan Wirasena"),
        ("Who received the envoy?", HOSTED, "Hesti Larasati"),
        ("Tarrant dijamu oleh siapa?", HOSTED, "Hesti Larasati"),
        ("Who was received by Governor Larasati?", HOSTED, "Milo Tarrant"),
        (
            "Who accused the mayor?",
            "Union leader Dina Kowal accused Mayor Peter Achter of lying about the bridge.",
            "Dina Kowal",
        ),
        (
            "Whom did Dina Kowal accuse?",
            "Union leader Dina Kowal accused Mayor Peter Achter of lying about the bridge.",
            "Peter Achter",
        ),
        (
            "Siapa yang ditangkap polisi?",
            "Polisi menangkap Rudi Salamun di terminal bus Kota Arum.",
            "Rudi Salamun",
        ),
        (
            "Siapa kapten tim itu?",
            "Kapten tim, Bayu Prasetia, absen karena cedera lutut.",
            "Bayu Prasetia",
        ),
        (
            "siapa yang merancang gedung itu",
            "Gedung itu dirancang oleh arsitek Sri Wulandari pada 1961.",
            "Sri Wulandari",
        ),
        (
            "Siapa saja yang tewas?",
            "Korban tewas adalah Anton Sugiarto, Budi Hartono, dan Citra Lestari.",
            "Anton Sugiarto, Budi Hartono, dan Citra Lestari",
        ),
        (
            "Siapa yang membeli pabrik es?",
            "Koperasi Mina Sejahtera membeli pabrik es yang bangkrut.",
            "Koperasi Mina Sejahtera",
        ),
        ("Who sealed the well?", "The well was sealed by engineers on Sunday.", "engineers"),
        # which body
        (
            "Which company built the dam?",
            "The dam was built by PT Karya Bendungan between 2011 and 2014.",
            "PT Karya Bendungan",
        ),
        (
            "Klub apa yang dilatih Tono?",
            "Tono Gunadi kini melatih bulu tangkis di klub Orange Bay.",
            "Orange Bay",
        ),
        # where
        ("Di mana Wirasena bertemu Tarrant?", TALKS, "Balai Senja, Kota Arum"),
        ("where was the envoy received", HOSTED, "the old mint in Veldport"),
        (
            "Di mana Jumadi bertahan?",
            "Jumadi (44) bertahan di atas pohon durian selama enam jam.",
            "atas pohon durian",
        ),
        (
            "Where were the hives found?",
            "Police found 41 stolen hives under a motorway bridge near Gurrum on Friday.",
            "a motorway bridge near Gurrum",
        ),
        (
            "Di mana Tarrant tiba?",
            "Merakandi (WARTA) - Utusan Milo Tarrant tiba di Port Ilsa, Senin.",
            "Port Ilsa",
        ),
        # Whence and whither.
        ("Tarrant berangkat dari mana?", "Tarrant tiba di Doha dari Mesir, Senin.", "Mesir"),
        ("Habis dari Doha Tarrant terbang ke mana?", "Tarrant tiba di Doha dari Mesir.", None),
        ("Where is Tarrant flying to?", "Tarrant left Doha and will fly to Cairo.", "Cairo"),
        ("Where did the ship sail from?", "The ship sailed from Oslo to Rotterdam.", "Oslo"),
        ("Where did the crane fall?", "VELDPORT (Wire) - A crane fell on Monday.", "VELDPORT"),
        (
            "Which countries mediated?",
            "Qatar, Mesir dan Amerika Serikat menengahi perundingan itu.",
            "Qatar, Mesir dan Amerika Serikat",
        ),
        ("Apa ibu kota Marenia?", "Ibu kota Marenia adalah Sol Varda.", "Sol Varda"),
        # when
        ("Kapan Wirasena bertemu Tarrant?", TALKS, "Selasa (14/5)"),
        ("When did Tarrant meet the minister?", TALKS, "Selasa (14/5)"),
        ("jam berapa Wirasena bertemu Tarrant", TALKS, "pukul 09.30 WIB"),
        ("What time did they meet?", "They met at 8:15 p.m. on Sunday.", "8:15 p.m."),
        (
            "Tahun berapa stasiun itu dibuka?",
            "Stasiun itu dibuka pada 1927 dan ditutup pada 1983.",
            "1927",
        ),
        (
            "When was the station closed?",
            "The station opened in 1927 and was closed in 1983.",
            "1983",
        ),
        (
            "Kapan Otto Brandt lahir?",
            "Otto Brandt (3 Mei 1861 – 9 Juni 1920) adalah pelukis.",
            "3 Mei 1861",
        ),
        (
            "Kapan Otto Brandt meninggal?",
            "Otto Brandt (3 Mei 1861 – 9 Juni 1920) adalah pelukis.",
            "9 Juni 1920",
        ),
        ("Kapan naskah itu ditulis?", "Naskah itu ditulis pada abad ke-9.", "abad ke-9"),
        # how many
        ("berapa korban tewas gempa", QUAKE, "sekitar 1.208 orang"),
        ("How many people were killed?", QUAKE, "sekitar 1.208 orang"),
        ("Berapa yang luka-luka?", QUAKE, "3.400"),
        ("How many people fled?", FIRE, "More than 40,000 people"),
        ("how long did the fire burn", FIRE, "six days"),
        ("What percentage of the town was destroyed?", FIRE, "31 percent"),
        ("How big a share of the old town burned?", FIRE, "31 percent"),
        (
            "How many people died?",
            "The landslide hurt four people but caused no deaths.",
            "no deaths",
        ),
        (
            "How many bridges collapsed?",
            "Ibrahim Noor, 53, said two bridges collapsed near the mill.",
            "two bridges",
        ),
        ("Berapa lama rapat itu?", "Rapat itu berlangsung setengah jam.", "setengah jam"),
        ("Berapa luas kebun teh itu?", "Kebun teh itu seluas 2.400 hektare.", "2.400 hektare"),
        (
            "How far is the mine from the coast?",
            "The mine lies about 12 kilometres from the coast.",
            "about 12 kilometres",
        ),
        (
            "Berapa umur Janto?",
            "Sopir bus itu, Janto (52), sudah bekerja selama 20 tahun.",
            "52",
        ),
        ("Berapa harga pabrik itu?", "Pabrik itu dibeli seharga Rp3,6 miliar.", "Rp3,6 miliar"),
        ("How much was he fined?", "He was fined 400 pounds on Tuesday.", "400 pounds"),
        (
            "How much did the bridge cost?",
            "The bridge cost at least $12 million and took 3 years to build.",
            "at least $12 million",
        ),
        # why
        (
            "Mengapa bandara ditutup?",
            "Bandara ditutup karena abu vulkanik, kata juru bicaranya, Jumat.",
            "abu vulkanik",
        ),
        (
            "Why was the concert called off?",
            "The concert was called off because the permit was refused, organisers said.",
            "the permit was refused",
        ),
        (
            "Kenapa listrik padam?",
            "Seekor musang masuk ke gardu induk sehingga listrik padam.",
            "Seekor musang masuk ke gardu induk",
        ),
        (
            "Why did he refuse?",
            "Bukan karena alasan politik ia menolak, melainkan karena pagar rusak.",
            "pagar rusak",
        ),
        # what it is
        (
            "Apa itu seiche?",
            "Seiche adalah ayunan air di danau tertutup.",
            "ayunan air di danau tertutup",
        ),
        (
            "What is a seiche?",
            "A seiche is a standing wave in a lake.",
            "a standing wave in a lake",
        ),
        (
            "Who is Petra Hallgrim?",
            "Petra Hallgrim, a former judge from Dresk, leads the talks.",
            "a former judge from Dresk",
        ),
        (
            "Siapa itu Petra Hallgrim?",
            "Tarrant menemui Menteri Perdagangan Petra Hallgrim kemarin.",
            "Menteri Perdagangan",
        ),
        (
            "Apa kepanjangan dari BPBD?",
            "Badan Penanggulangan Bencana Daerah (BPBD) mencatat 12 desa terendam.",
            "Badan Penanggulangan Bencana Daerah",
        ),
        # what
        (
            "Topan apa yang melanda pesisir?",
            "Shanghai, Senin - Topan Khanun melanda pesisir timur.",
            "Topan Khanun",
        ),
        (
            "Which prize did she win?",
            "Dorr won the Lantern Prize for her first novel.",
            "Lantern Prize",
        ),
        (
            "Apa mata uang Marenia?",
            "Lorin (ML) adalah mata uang resmi Marenia sejak 1956.",
            "Lorin",
        ),
        (
            "Apa bahasa resmi Marenia?",
            "Bahasa resmi Marenia adalah Kaldori, kata juru bicara.",
            "Kaldori",
        ),
        (
            "Apa saja tuntutan mereka?",
            "Tuntutan mereka antara lain upah lembur, cuti hamil, dan sepatu baru.",
            "upah lembur, cuti hamil, dan sepatu baru",
        ),
    ],
)
def test_the_words_that_answer(question: str, text: str, answer: str) -> None:
    """Of the sentence's spans the one is named that the question asks for."""
    assert answered(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Was the driver drunk?", "The driver, Peter Lund, had been drinking."),
        ("Apakah sopirnya mabuk?", "Sopirnya, Pardi Lukman, tidak mabuk."),
        ("Who met Tarrant?", "Tarrant arrived on Monday."),
        ("How many people died?", "The fire destroyed 31 percent of the town."),
        ("When did it open?", "The museum has 40 rooms."),
        ("Why was it closed?", "The airport was closed on Friday."),
        ("Berapa lama rapat itu?", "Rapat itu dipimpin Siti Aminah."),
        # How long after something it was, not how long it lasted.
        ("How long was the call?", "Ana Lee rang, some hours after the envoy had left."),
        ("Berapa lama telepon itu?", "Telepon itu datang beberapa jam setelah rapat usai."),
        ("Berapa lama telepon itu?", "Telepon itu datang 20 menit sebelum rapat."),
        # How old somebody was.
        ("Berapa lama ia berlatih?", "Ia mulai berlatih pada usia lima tahun."),
        ("Berapa lama ia berlatih?", "Rinto, 27 tahun, berlatih tiap pagi."),
        # What is due, said or agreed is no reason.
        ("Why was the dam delayed?", "Work on the dam is due to begin in May."),
        ("Why was the dam delayed?", "According to the firm, the dam was delayed."),
        ("Why was the dam delayed?", "The dam has been delayed since 2019."),
        ("Mengapa bendungan itu ditunda?", "Warga sepakat untuk menunda bendungan itu."),
        # Where somebody was is nobody.
        ("Who killed Breza?", "A car bomb in the town of Lisko killed Breza."),
        ("Apa warna bendera itu?", "Bendera itu memakai warna Pan-Slavia."),
        ("What did they demand?", "They demanded the payment of overtime."),
        ("Siapa yang dituduh mengebom klinik?", "Mehrani accused the government of bombing it."),
    ],
)
def test_no_words_rather_than_wrong_ones(question: str, text: str) -> None:
    """Where nothing of the sort asked for stands there, nothing is named."""
    assert answered(question, text) is None


def test_what_the_question_says_is_no_answer() -> None:
    """A name, a day or a number that the question itself has is not given back."""
    text = "Pada 2017 banjir menewaskan 14 warga, dan pada 2019 menewaskan tiga warga."
    assert answered("Berapa warga tewas pada 2019?", text) == "tiga warga"
    assert answered("When did Milo Tarrant resign?", "Tarrant resigned on 4 May.") == "4 May"


def test_a_time_is_looked_for_next_door() -> None:
    """When it was is often told by the sentence beside; who it was is not looked for there."""
    first = "Menteri Ardan Wirasena bertemu Milo Tarrant."
    second = "Pertemuan itu digelar Kamis (2/5) bersama Petra Hallgrim."
    held = passage(f"{first} {second}")
    one = Sentence(held, 100, 100 + len(first), 1.0)
    two = Sentence(held, 101 + len(first), held.end, 1.0)
    when = locate(analyse("Kapan Wirasena bertemu Tarrant?", "id"), [one, two])
    assert when is not None
    assert when.sentence is two
    assert second[when.span.start : when.span.end] == "Kamis (2/5)"
    whom = "Siapa yang bertemu Wirasena dan Tarrant?"
    assert locate(analyse(whom, "id"), [one, two]) is None


def test_no_sentence_no_words() -> None:
    """Nothing quoted, nothing named."""
    assert locate(analyse("Kapan rapatnya?", "id"), []) is None

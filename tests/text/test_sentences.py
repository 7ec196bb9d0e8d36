"""The sentence splitter: hard cases judged by hand, and what holds for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.sentences import spans

# "|" marks where a sentence ends; a space before it stands for the space between the two.
INDONESIAN = """
Dr. Ali tiba di Doha. | Ia lelah.
Prof. Dr. Ir. H. Ahmad Subagyo, M.Si. hadir. | Acara dimulai.
Drs. H. Budi Santoso, S.H., M.H. memimpin sidang. | Terdakwa diam.
Menurut Hj. Siti Aminah, S.Pd., harga naik. | Warga mengeluh.
Ny. Rahma dan Tn. Joko datang. | Mereka duduk.
Sdr. Andi tinggal di Jl. Merdeka No. 5 Jakarta. | Rumahnya besar.
Ia dirawat dr. Tirta di RS. | Kondisinya membaik.
KH. Imam Ghozali dan K.H. Abdul Manaf wafat. | Santri berduka.
Lt. Gen. Ahmad S. Rahman memberi keterangan. | Ia tersenyum.
Penulis : Selocahyo Basoeki Utomo S
Penulisnya Selocahyo Basoeki Utomo S. | Ia tinggal di Jakarta.
Buku karya J. K. Rowling laris. | Pembaca senang.
R.A. Kartini lahir di Jepara. | Ia wafat muda.
B. J. Habibie dilantik pada 1998. | Ia menggantikan Soeharto.
Mayjen. Suharto datang. | Pasukan bersiap.
Moh. Hatta dan Muh. Yamin berunding. | Hasilnya disetujui.
Serangan itu menewaskan 1.208 orang. | Sebagian besar warga sipil.
Blinken tiba Selasa (20/8). | Ia langsung bertemu Emir.
Harganya Rp1.500.000 per unit. | Pembeli antre.
Harganya Rp. 1.500.000 per unit. | Pembeli antre.
Gempa terjadi pukul 14.05 WIB. | Warga berlarian.
Gempa terjadi pukul 12.30. | Massa berhasil dibubarkan.
Kereta berangkat pukul 17. 00 WITA. | Penumpang naik.
Ia meraih 6.316. 784 suara dari total 7.305. 063 suara. | Lawannya kalah.
Lihat hlm. 5 dan hal. 17. | Bab itu penting.
Ini penting dalam segala hal. | Ia tahu itu.
Pasar menjual beras, gula, dll. | Pembeli ramai.
Pasar menjual beras, gula, dll. yang murah. | Pembeli ramai.
Ada sapi, kambing, dsb. | Semua dijual.
Tim Budi dkk. menang. | Mereka bersorak.
Warga Kab. Bandung dan Kec. Cibiru mengungsi. | Air masih tinggi.
Kasus ini diatur UU No. 6 Tahun 1995. | Hukumannya berat.
Ia membaca Suara.com setiap pagi. | Beritanya cepat.
Suara.com - Qatar kembali menjadi mediator. | Hamas setuju.
JAKARTA, KOMPAS.com - Presiden tiba. | Rapat dimulai.
Situsnya https://www.kpk.go.id/id/berita?id=5. | Warga bisa melapor.
Laman resmi kpk.go.id. | Warga bisa melapor.
Surel dikirim ke info@kutip.id. | Balasan datang cepat.
"Kami siap." katanya.
"Kami siap," kata Budi. | Ia lalu pergi.
Ia berkata, "Kami siap." | Ia pergi.
Ia berkata, “Kami siap.” | Ia pergi.
Ia berkata, «Kami siap.» | Ia pergi.
Ia berkata, »Kami siap.« | Ia pergi.
Ia berkata, 'Kami siap.' | Ia pergi.
Ia menyebut ini "perang". | Warga takut.
"Kami siap!" teriak Budi. | Massa bersorak.
"Siapa dia?" tanya Ani. | Tidak ada yang tahu.
“Siapa dia?” tanya Ani. | Tidak ada yang tahu.
Ia berteriak "Tolong! Tolong!" sambil lari. | Polisi datang.
Film "Apa? Siapa?" tayang hari ini. | Penonton antre.
" Kami akhirnya memaklumi. " | Ia lalu pergi.
Kami kalah, katanya. | "Tetapi kami bangga," ujar Ani.
Ia pergi (kata Budi, sangat jauh). | Ia kembali.
(Ia pergi ke pasar.) | Ibunya menunggu.
Warga (lihat gambar. Sumber: BPS) pindah. | Desa kosong.
Harga naik (?) di pasar. | Warga heran.
Ia berkata, "Kami [...] siap." | Ia pergi.
Ia terdiam... | Semua menunggu.
Ia terdiam... lalu pergi.
Ia terdiam… lalu pergi. | Semua heran.
Ia terdiam. . . lalu pergi.
Apa yang terjadi?! | Semua panik.
Tunggu! | Jangan pergi. | Ia berhenti.
Apa itu? | Siapa dia? | Kapan ia datang?
Ia lahir di Pasuruan.[1] | Ayahnya agen bank.
Ia lahir di Pasuruan.[1][2] | Ayahnya agen bank.
Ia lahir di Pasuruan[1]. | Ayahnya agen bank.
Ia lahir di Pasuruan. [1] | Ayahnya agen bank.
Ia lahir di Pasuruan.[butuh rujukan] | Ayahnya agen bank.
Ia lahir di Pasuruan.[1]|Ayahnya agen bank.
Korban mencapai 30 orang. | 12 di antaranya anak-anak.
Itu terjadi pada 2019. | 5 orang tewas.
Itu terjadi pada 2019. | Warga mengungsi.
Apple merilis ponsel. | iPhone baru itu mahal.
Ia bertemu Presiden Mesir. | al-Sisi menyambutnya.
1. Buka aplikasi itu.
2. Pilih menu, lalu tekan tombol. | Tunggu sebentar.
II. Hasil Penelitian
3.2. Hasil dan Pembahasan
Caranya mudah: 1. Buka aplikasi, lalu pilih menu. | Tunggu sebentar.
a. Latar belakang
Bab 3. Hasil Penelitian
Polisi tiba di lokasi.|Ia langsung memeriksa korban.
"Kami siap."|Ia pergi begitu saja.
Perang Dunia II. | Setelah itu damai.
Ia warga negara AS. | Istrinya dari PBB.
Kotanya terletak di 29° 00' S, 24° 00' T. | Luasnya besar.
Ia minum vitamin C. | Dokter menyarankannya.
Pada 1960 M. Natsir berpidato. | Massa bersorak.
Kapal S. S. Vondel tiba di Port Said. | Awaknya turun.
Ia lulus dari STAN. | Gajinya Rp 28, 1 juta.
Rapat dipimpin Ketua KPU. | (ANTARA)
Kunjungan itu dilakukan pada 15 dan 16 Agustus. | Mesir menjadi tuan rumah.
Nilainya 3,5 miliar. | Itu rekor.
Ia anggota S.M. Entertainment sejak muda. | Kariernya naik.
Ia wafat 5 Jan. 2020. | Keluarga berduka.
Rapat pada Sen. 5 Okt. 2020 batal. | Jadwal baru menyusul.
Harga beras naik. | (ant)
Hujan turun. | - Warga senang.
Ia tertawa. 😀 | Semua ikut.
Terdakwa didampingi Budi, S.H. | Andi juga hadir.
Ia tinggal di Jl. A. Yani. | Andi juga.
Ia juara I. | Andi juara II.
Itu Pertempuran Panipat I. | Kata itu asing.
Skornya 2-1. | Penonton pulang.
Menurut UU No. 26 Thn. 2004, itu sah. | Hakim setuju.
Ia berkata: "Kami siap." | "Kapan?" tanya Ani.
PT Telkom Tbk. mengumumkan laba. | Sahamnya naik.
Ia tiba di Bandara Soekarno-Hatta. | Taksi menunggu.
Alamatnya RT. 5 RW. 3 Depok. | Rumahnya hijau.
"""

ENGLISH = """
Mr. Smith met Mrs. Jones. | They talked.
Dr. No is a film. | It is old.
Gen. Lee met Sen. Warren and Rep. Ocasio. | Nothing came of it.
Gov. Ron DeSantis spoke on Jan. 5 in Miami. | Reporters listened.
He lives in St. Louis. | She lives on Main St. in Boston.
The U.S. Senate voted. | It passed.
He flew to the U.S. | The talks had failed.
U.N. officials left the D.C. area. | They flew home.
The U.S.-led coalition won. | It left.
They met at 5 p.m. on Monday. | They left at 6 p.m. | Nobody stayed.
They met at 5 p.m. Monday. | They left early.
Apple Inc. reported profits. | Shares rose.
He works at Apple Inc. | The company is big.
John Smith Jr. won. | He smiled.
It sold food, drink, etc. | People came.
It sold food, drink, etc. at noon. | People came.
J. K. Rowling wrote it. | George W. Bush read it.
Fielding H. Garrison agreed. | So did J.F.K. himself.
As Smith et al. showed, it works. | Others disagree.
See Vol. 1, pp. 3-5, and Fig. 2. | It is clear.
See No. 5. | It is there.
He said no. | She said yes.
Did he say no? | No. | He said yes.
"It is over," he said. | "We lost."
"It is over." he said.
"It is over!" she cried. | He wept.
She said, "This is great." | She held the book out.
She said, “This is great.” | She held the book out.
He paid $3.50 for it. | It was 2.5 million dollars.
The value of pi is 3.14. | It never ends.
The temperature was 30 °C. | It was hot.
Visit www.example.com. | It is free.
Visit http://example.com/a.b?c=d! | It is free.
It uses .NET and Node.js. | It runs well.
Yahoo! Inc. was founded in 1994. | It grew.
Well... maybe. | He left.
Well... | He left.
Well . . . maybe so. | He left.
What?! | You lied!
He wrote "Who? Me?" and left. | She laughed.
(He left.) | She stayed.
He left (she stayed). | They met later.
It was found in 1998.[3] | It was lost in 2001.[4][5]
It was found in 1998.[citation needed] | It was lost.
It was used to finance his own projects.:121,154 | He lived in New York.
i.e. the smaller one, e.g. a cat. | It purrs.
Use e.g. Python. | It is easy.
He weighs approx. 80 kg. | He runs.
Pvt. Ryan and Sgt. York fought. | They lived.
The Rev. Martin Luther King Jr. spoke. | Crowds cheered.
The sun. | He saw it. | It sat.
Plan B. | The second one. | It failed.
He got an A. | She got a B.
He lives in the U.S. | Bob lives in Peru.
It ended in World War II. | After that came peace.
""".strip()

CASES = [line for line in (INDONESIAN + "\n" + ENGLISH).split("\n") if line]


def judged(case: str) -> tuple[str, list[str]]:
    """A case's text and the sentences it should be split into."""
    pieces = [piece.strip() for piece in case.split("|")]
    return case.replace(" | ", " ").replace("|", ""), pieces


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in spans(text)]


# Only the meaning of the words tells these from "S.H. Andi" and "the U.S. Senate", or an
# emoji from a bullet.
MISSED = {
    "Terdakwa didampingi Budi, S.H. | Andi juga hadir.",
    "He lives in the U.S. | Bob lives in Peru.",
    "Ia tertawa. 😀 | Semua ikut.",
}


@pytest.mark.parametrize("case", [case for case in CASES if case not in MISSED])
def test_hard_case(case: str) -> None:
    """A hard case is split where a reader would split it."""
    text, wanted = judged(case)
    assert sentences(text) == wanted


def test_agreement_with_a_reader() -> None:
    """At least 98 of 100 hard cases are split as a reader would, the hopeless ones counted."""
    right = sum(sentences(text) == wanted for text, wanted in map(judged, CASES))
    assert len(CASES) >= 150
    assert right / len(CASES) >= 0.98


def test_a_long_quotation_is_split() -> None:
    """A quotation over 160 characters holds sentences of its own."""
    first = '"Kami semua sudah lama menunggu keputusan pemerintah soal harga beras di pasar.'
    second = "Kami menunggu di sini hingga hari Senin depan, dan kami tidak akan pulang."
    third = 'Kami tetap di sini," kata dia.'
    assert sentences(f"{first} {second} {third}") == [first, second, third]


def test_a_line_break_always_ends_a_sentence() -> None:
    """A heading without a full stop is not joined to the paragraph below it."""
    assert sentences("Stabilitas Kawasan\n\nQatar dan AS\nterus berupaya. Ya.") == [
        "Stabilitas Kawasan",
        "Qatar dan AS",
        "terus berupaya.",
        "Ya.",
    ]


@pytest.mark.parametrize("blank", ["", " ", "\n\n \t\u00a0\n"])
def test_nothing_to_split(blank: str) -> None:
    """Blank text has no sentences."""
    assert spans(blank) == []


def assert_invariants(text: str) -> None:
    found = spans(text)
    ends = 0
    covered = 0
    for span in found:
        piece = text[span.start : span.end]
        assert ends <= span.start < span.end
        assert piece == piece.strip()
        assert "\n" not in piece
        ends = span.end
        covered += sum(not character.isspace() for character in piece)
    assert covered == sum(not character.isspace() for character in text)


PIECES = st.sampled_from(
    [
        *".!?…\"”“'()[] \n«»。",
        "[1]",
        ":12",
        "Dr.",
        "dll.",
        "No.",
        "S.",
        "U.S.",
        "5",
        "Ia",
        "ia",
        "kata",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=400, deadline=None)
def test_every_character_is_in_one_sentence(text: str) -> None:
    """Sentences are ordered, disjoint, trimmed, within a line, and lose no character."""
    assert_invariants(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_keeps_every_character(text: str) -> None:
    """The same holds for text of any characters."""
    assert_invariants(text)


@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_lines_are_split_alone(text: str) -> None:
    """A line's sentences do not depend on the lines around it."""
    alone = sentences(text)
    assert sentences(f"Dr.\n{text}\n(") == ["Dr.", *alone, "("]


@pytest.mark.parametrize(
    "unit", [".", "a. ", "A. ", '"', '"a. ', "(", "()", "? ", "1. ", ".[1]", ". [", "'.", " "]
)
def test_time_is_linear(unit: str) -> None:
    """Eight times the text takes about eight times as long, whatever it is made of."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        spans(text)
        return time.process_time() - started

    small = min(seconds(25_000) for _ in range(2))
    assert any(seconds(200_000) < 8 * small * 4 + 0.2 for _ in range(2))

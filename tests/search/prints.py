"""One story as several print it, and what looks like a print and is none; for the tests of copies.

All of it is invented.
"""

from __future__ import annotations


def _paragraphs(written: str) -> tuple[str, ...]:
    """What stands between blank lines, each on one line."""
    return tuple(" ".join(part.split()) for part in written.strip().split("\n\n"))


# Six paragraphs of a wire story.
STORY = _paragraphs("""
Sebanyak 214 keluarga di Kecamatan Wonarejo mengungsi setelah tanggul Kali Serat jebol sepanjang
30 meter, Rabu dini hari.

Kepala Badan Penanggulangan Bencana Daerah setempat, Hartini Wulandari, mengatakan air mulai
masuk ke permukiman sekitar pukul 02.15 dan dalam satu jam sudah setinggi dada orang dewasa.

“Kami mengevakuasi warga lanjut usia lebih dahulu, lalu ibu dan anak-anak. Tidak ada korban
jiwa,” kata Hartini di posko pengungsian.

Para pengungsi ditampung di gedung olahraga kecamatan dan dua sekolah dasar. Mereka membutuhkan
selimut, air bersih, makanan bayi, dan obat-obatan.

Dinas Pekerjaan Umum menurunkan empat alat berat untuk menutup tanggul dengan 1.200 karung
pasir. Pekerjaan itu diperkirakan selesai dalam tiga hari bila hujan tidak turun lagi.

Tanggul tersebut terakhir diperbaiki pada 2016. Warga mengaku sudah melaporkan rembesan sejak
awal bulan, tetapi laporan itu belum ditindaklanjuti.
""")
# The same under another headline and dateline, the fourth paragraph cut, a last one added.
PRINT = (
    "Tanggul Kali Serat Jebol, Ratusan Keluarga Tinggalkan Rumah",
    "WONAREJO, Harian Senja -- " + STORY[0].replace("Rabu dini hari", "Rabu (21/8) dini hari"),
    *STORY[1:3],
    *STORY[4:],
    "Pemerintah provinsi berjanji mengirim bantuan dana perbaikan pada pekan depan.",
)
# The same again, a word in ten changed.
EDITED = tuple(
    " ".join("lain" if number % 10 == 4 else word for number, word in enumerate(p.split(" ")))
    for p in STORY
)
# A short one: half of its paragraphs.
SHORT = ("Tanggul jebol di Wonarejo", STORY[0], STORY[2], STORY[5])
# Another reporter's account of the same event, with one of the quotes.
REPORT = _paragraphs("""
Banjir akibat jebolnya tanggul sungai memaksa lebih dari dua ratus keluarga di Wonarejo
meninggalkan rumah mereka pada Rabu pagi buta.

Sutarmi, 61 tahun, terbangun oleh suara air. “Saya hanya sempat membawa cucu dan surat-surat
rumah,” tuturnya saat ditemui di aula sekolah tempat ia mengungsi.

Pejabat kebencanaan daerah memastikan semua warga selamat. “Kami mengevakuasi warga lanjut usia
lebih dahulu, lalu ibu dan anak-anak. Tidak ada korban jiwa,” kata Hartini.

Menurut warga, retakan pada dinding tanggul sudah terlihat berminggu-minggu sebelum kejadian.
Mereka mendesak pemerintah kabupaten memeriksa seluruh bantaran kali.

Hingga siang hari genangan di beberapa rukun tetangga belum surut dan listrik masih padam.
Petugas gabungan membagikan nasi bungkus dan air minum dengan perahu karet.
""")
# A form: the same report every day, with other figures.
FORM = _paragraphs("""
Badan Pemantau Gempa menyampaikan gempa bumi berkekuatan magnitudo {} mengguncang wilayah barat
daya Kota {} pada kedalaman {} kilometer.

Pusat gempa berada di laut pada koordinat {} lintang selatan dan {} bujur timur, atau {}
kilometer dari pantai, dan tercatat pada pukul {}.

Gempa itu tidak berpotensi tsunami. Masyarakat diimbau berhati-hati terhadap gempa susulan yang
mungkin terjadi.
""")


def form(*figures: str) -> tuple[str, ...]:
    """The daily form, filled in."""
    left = iter(figures)
    return tuple(part.format(*(next(left) for _ in range(part.count("{}")))) for part in FORM)


MONDAY = form("5,3", "Kalumba", "10", "4,46", "133,91", "130", "12.25")
TUESDAY = form("6,1", "Tarempa", "57", "3,52", "140,37", "44", "05.08")


def text(parts: tuple[str, ...]) -> str:
    """The parts as the text of an article."""
    return "\n\n".join(parts)

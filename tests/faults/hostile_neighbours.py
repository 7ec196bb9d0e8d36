"""Good articles in every format, to lie among hostile ones: each has words that no other has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.hostile_words import main, package
from tests.ingest.made_pdf import pdf

# The words that each is searched for by, in its second sentence.
STORIES: Mapping[str, tuple[str, str, str]] = {
    "Pasar ikan Muara Angke ditata ulang": (
        "Pemerintah kota memindahkan pedagang ke bangunan baru di tepi dermaga.",
        "Sebanyak 413 kios disiapkan bagi penjual kerapu dan bandeng.",
        "Penataan itu selesai sebelum musim hujan tiba, menurut kepala pasar.",
    ),
    "Gunung Semeru kembali tenang": (
        "Petugas pos pengamatan mencatat gempa yang makin jarang sejak kemarin.",
        "Pendaki masih dilarang melewati batas Kalimati hingga akhir bulan.",
        "Debu tipis sempat jatuh di dua kecamatan, tetapi sekolah tetap dibuka.",
    ),
    "Harvest festival returns to the valley": (
        "Farmers brought apples and cider to the old market square on Saturday.",
        "The mayor of Brynmawr crowned a pumpkin that weighed 291 kilograms.",
        "Organisers said that the parade would be longer in the coming year.",
    ),
    "Perpustakaan keliling menjangkau pulau": (
        "Sebuah kapal kayu membawa buku bagi anak nelayan di gugusan pulau kecil.",
        "Kapal Bahari Aksara memuat 1.900 judul komik dan ensiklopedia.",
        "Guru setempat menyambut kapal itu dengan tarian dan kelapa muda.",
    ),
    "Ferry line opens between two harbours": (
        "The new boat crosses the strait in forty minutes, half of what the bus takes.",
        "Captain Oyelaran steered the catamaran through fog on its maiden voyage.",
        "Tickets may be bought on board or at the kiosks of both harbours.",
    ),
    "Petani garam menunggu kemarau": (
        "Hujan yang turun sampai bulan Juli membuat tambak terlambat diisi air laut.",
        "Koperasi Segara Putih memperkirakan hasil hanya 62 ton per hektare.",
        "Harga di tingkat petani naik sedikit, tetapi gudang masih kosong.",
    ),
    "Observatory finds a faint comet": (
        "Astronomers saw the visitor on three nights and worked out its path.",
        "Comet Tanaka-Wirth will pass the orbit of Mars in late November.",
        "It will not be seen without a telescope, the observatory said.",
    ),
    "Museum batik menerima kain tua": (
        "Keluarga pembatik menyerahkan koleksi yang disimpan tiga turunan.",
        "Kain motif sekar jagad itu dilukis dengan canting tembaga pada 1897.",
        "Pengunjung dapat melihatnya mulai pekan depan di ruang utama.",
    ),
    "Bridge closed after the flood": (
        "Engineers found cracks in a pier when the water of the river went down.",
        "Lorries must detour through Llanfoist until the girders are welded.",
        "The council hopes to open one lane for cars before the holidays.",
    ),
    "Atlet panjat tebing memecahkan rekor": (
        "Babak akhir berlangsung dalam hujan rintik di hadapan ribuan penonton.",
        "Desak Ratnasari menyentuh puncak dalam 6,02 detik di Stuttgart.",
        "Pelatih menyebut latihan di ketinggian sebagai kunci keberhasilan.",
    ),
    "Sekolah membuat pupuk dari kulit jeruk": (
        "Murid kelas lima mengumpulkan sisa makanan dari kantin selama sebulan.",
        "Pupuk cair eko-enzim itu disemprotkan ke 88 pohon mahoni.",
        "Kepala sekolah ingin kebun itu menjadi ruang belajar terbuka.",
    ),
    "Radio amatir menolong nelayan": (
        "Pesan darurat diterima pada malam hari oleh seorang pensiunan guru.",
        "Perahu Camar Laut hanyut 37 mil dari Tanjung Lesung tanpa solar.",
        "Tim penyelamat menemukan keempat awaknya dalam keadaan sehat.",
    ),
    "Town choir sings in three languages": (
        "The hall was full long before the doors were closed on Sunday evening.",
        "Soprano Ilse Vandermeer closed the concert with a lullaby from Flores.",
        "A recording will be sold in aid of the roof of the chapel.",
    ),
    "Kebun raya menanam anggrek hitam": (
        "Bibit yang dibiakkan di laboratorium dipindahkan ke rumah kaca baru.",
        "Anggrek Coelogyne pandurata mekar pertama kali setelah 7 tahun dirawat.",
        "Pengelola membatasi pengunjung agar udara di dalam tetap lembap.",
    ),
}


def text(story: list[str]) -> bytes:
    """A text file."""
    return "\n\n".join(story).encode()


def marked_text(story: list[str]) -> bytes:
    """A text file as an old Windows program writes it."""
    return "\r\n\r\n".join(story).encode("utf-16")


def markdown(story: list[str]) -> bytes:
    """A Markdown file with front matter."""
    head, *rest = story
    return "\n\n".join((f"---\ntitle: {head}\n---\n", f"# {head}", *rest)).encode()


def saved_page(story: list[str]) -> bytes:
    """A page as a browser saves it."""
    head, *rest = story
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in rest)
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{head}</title></head>'
        f"<body><nav><a href=/>Beranda</a></nav><article><h1>{head}</h1>{paragraphs}</article>"
        "<footer>Hak cipta</footer></body></html>"
    ).encode()


def printed(story: list[str]) -> bytes:
    """A PDF of one page."""
    return pdf([[(50.0, 700 - 40 * n, 11.0, line) for n, line in enumerate(story)]])


def typed(story: list[str]) -> bytes:
    """A Word document."""
    runs = (f"<w:p><w:r><w:t>{sentence}</w:t></w:r></w:p>" for sentence in story)
    return package(main("".join(runs)))


# Which hostile file a good one comes right after, and its own ending.
PLACES: Mapping[str, tuple[str, Callable[[list[str]], bytes]]] = {
    "mark-keys.md": (".md", markdown),
    "mark-table.md": (".markdown", markdown),
    "odd-a\nkutip: all is well.txt": (".txt", text),
    "odd-zero.html": (".html", saved_page),
    "page-data-quotes.html": (".htm", saved_page),
    "page-short-paragraphs.html": (".xhtml", saved_page),
    "page-deep.html": (".pdf", printed),
    "pdf-gigabyte.pdf": (".pdf", printed),
    "pdf-shared-content.pdf": (".html", saved_page),
    "pdf-two-million-operators.pdf": (".docx", typed),
    "text-too-large.txt": (".text", text),
    "text-random.txt": (".txt", marked_text),
    "word-empty-paragraphs.docx": (".docx", typed),
    "word-lying-bomb.docx": (".pdf", printed),
}


def write_neighbours(folder: Path) -> dict[Path, str]:
    """Put the good articles among the hostile files; each with the sentence to search for."""
    found = {}
    for (hostile, (suffix, make)), (head, story) in zip(
        PLACES.items(), STORIES.items(), strict=True
    ):
        path = folder / f"{Path(hostile).stem}~{suffix}"  # "~" sorts after every ending
        path.write_bytes(make([head, *story]))
        found[path] = story[1]
    return found

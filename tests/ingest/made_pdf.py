"""Small PDFs written byte by byte, so that a test shows all that is in them."""

from __future__ import annotations

from collections.abc import Sequence

Placed = tuple[float, float, float, str]  # x and y from the lower left, size, text

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def built(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def stream(data: bytes, *, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def drawn(lines: Sequence[Placed]) -> bytes:
    """The content of a page, each line a text object of its own."""
    parts = []
    for x, y, size, text in lines:
        letters = text.encode("cp1252").replace(b"\\", b"\\\\")
        letters = letters.replace(b"(", b"\\(").replace(b")", b"\\)")
        parts.append(b"BT /F1 %g Tf %g %g Td (%s) Tj ET" % (size, x, y, letters))
    return b"\n".join(parts)


def pdf(
    pages: Sequence[Sequence[Placed] | bytes],
    *,
    info: bytes = b"",
    xmp: str | None = None,
    font: bytes = HELVETICA,
    page: bytes = b"",
    resources: bytes = b"",
    filters: bytes = b"",
    extra: bytes = b"null",
) -> bytes:
    """A PDF with a page for each list of lines, or for each content; `extra` is object 6."""
    kids = b" ".join(b"%d 0 R" % (7 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        font,
        b"<<%s>>" % info,
        stream((xmp or "").encode(), entries=b"/Type/Metadata/Subtype/XML") if xmp else b"null",
        extra,
    ]
    for n, lines in enumerate(pages):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>%s>>%s>>" % (8 + 2 * n, resources, page),
            stream(lines if isinstance(lines, bytes) else drawn(lines), entries=filters),
        ]
    return built(objects, trailer=b"/Info 4 0 R")


def xmp(fields: str) -> str:
    """An XMP packet with these fields."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
        f'<rdf:Description rdf:about="uuid:1">{fields}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )

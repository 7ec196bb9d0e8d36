"""Hostile Word documents: packages that unpack without end, point elsewhere, or hold nothing."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.faults.hostile_bait import Bait

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
    'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
    '"application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
STORY = "<w:p><w:r><w:t>Wali kota meresmikan jembatan baru di atas sungai itu.</w:t></w:r></w:p>"

Bytes = Callable[[], bytes]
Entries = Mapping[str, str | bytes]


def relations(*rows: tuple[str, str]) -> str:
    """A part with relations: (type, target); a target with ":" is outside the package."""
    inside = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}" '
        f'TargetMode="{"External" if ":" in target else "Internal"}"/>'
        for n, (kind, target) in enumerate(rows, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


ROOT = relations((f"{OFFICE}/officeDocument", "word/document.xml"))


def main(body: str, *, before: str = "") -> str:
    """The main part of a document with this body."""
    names = f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}"'
    return f"{before}<w:document {names}><w:body>{body}</w:body></w:document>"


def zipped(entries: Entries) -> bytes:
    """A ZIP archive of these entries, the same bytes whenever it is made."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in entries.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def package(document: str | bytes, **others: str | bytes) -> bytes:
    """A Word document with this main part; "__" in a name of the others is a slash."""
    entries = {"[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "word/document.xml": document}
    return zipped(entries | {name.replace("__", "/"): data for name, data in others.items()})


def body(xml: str) -> Bytes:
    """A document of this body."""
    return lambda: package(main(xml))


def filled(piece: str, times: int, *, start: str = "", end: str = "") -> Bytes:
    """A document that says one thing again and again."""
    return lambda: package(main(start + piece * times + end + STORY))


def nested(start: str, end: str, depth: int) -> Bytes:
    """One thing in another in another."""
    return lambda: package(main(start * depth + STORY + end * depth))


def bomb() -> bytes:
    """A main part of 60 MB, in a hundredth of that."""
    return package(main("<w:p/>" + " " * 60_000_000))


def many_elements() -> bytes:
    """Seven million elements, a gigabyte when read, and noise that hides how small they pack."""
    noise = random.Random(3).randbytes(400_000)
    return package(main("<w:p/>" * 7_000_000 + STORY), word__media__a_png=noise)


def lying_bomb() -> bytes:
    """A main part of 40 MB whose entry says that it unpacks to a hundred bytes."""
    data = package(main("<w:p/>" + " " * 40_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        size = opened.getinfo("word/document.xml").file_size
    return data.replace(struct.pack("<I", size), struct.pack("<I", 100))


def overlapping() -> bytes:
    """2,000 entries that are all the same packed megabytes."""
    data = zipped({"word/a.xml": bytes(5_000_000)})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = b"".join(entry.replace(b"word/a.xml", b"word/%05d" % n) for n in range(2_000))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2_000, 2_000, len(entries), start, 0)
    return data[:start] + entries + tail


def many_entries() -> bytes:
    """11,000 entries with nothing in them."""
    return zipped({"word/document.xml": main(STORY)} | {f"word/{n}": b"" for n in range(11_000)})


def matryoshka() -> bytes:
    """A document in a document in a document, eight deep, and a bomb in the innermost."""
    data = zipped({"a": bytes(50_000_000)})
    for _ in range(8):
        data = package(main(STORY), word__embeddings__a_docx=data)
    return data


def traversal() -> bytes:
    """Entries that would be written outside of the folder they are unpacked into."""
    names = ("../../owned.txt", "/etc/owned", "C:\\owned", "word/../../owned", "a\0b", "\x1b[2J")
    entries = {"[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "word/document.xml": main(STORY)}
    return zipped(entries | dict.fromkeys(names, "owned"))


def laughs(depth: int) -> Bytes:
    """Entities that are ten times the one before."""
    names = ['<!ENTITY a0 "ha">']
    names += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth)]
    text = f"<w:p><w:r><w:t>&a{depth - 1};</w:t></w:r></w:p>{STORY}"
    return lambda: package(main(text, before=f"<!DOCTYPE a [{''.join(names)}]>"))


def one_entity() -> bytes:
    """An entity of 100 kB, named 10,000 times."""
    before = f'<!DOCTYPE a [<!ENTITY a "{"kata " * 20_000}">]>'
    return package(main(f"<w:p><w:r><w:t>{'&a;' * 10_000}</w:t></w:r></w:p>", before=before))


def entities(bait: Bait) -> bytes:
    """Entities that stand for a file of this machine and for an address."""
    types = (
        f'<!DOCTYPE a SYSTEM "{bait.url}/dtd" [<!ENTITY f SYSTEM "file://{bait.secret}">'
        f'<!ENTITY u SYSTEM "{bait.url}/entity"><!ENTITY % p SYSTEM "{bait.url}/parameter"> %p;]>'
    )
    return package(main(f"<w:p><w:r><w:t>Isi &f;&u;</w:t></w:r></w:p>{STORY}", before=types))


def outside(bait: Bait) -> bytes:
    """Every relation by which a document loads something from elsewhere."""
    kinds = "image hyperlink attachedTemplate oleObject frame subDocument aFChunk header footnotes"
    rows = [(f"{OFFICE}/{kind}", f"{bait.url}/{kind}") for kind in kinds.split()]
    rows += [
        (f"{OFFICE}/header", f"file://{bait.secret}"),
        (f"{OFFICE}/footnotes", "file://127.0.0.1/a"),
    ]
    include = f'<w:p><w:r><w:instrText>INCLUDETEXT "{bait.secret}"</w:instrText></w:r></w:p>'
    chunk = '<w:altChunk r:id="r7"/>'
    return package(
        main(include + chunk + STORY), **{"word___rels__document.xml.rels": relations(*rows)}
    )


def elsewhere() -> bytes:
    """A relation that leads out of the package into another machine's folder."""
    rows = ((f"{OFFICE}/footnotes", "//127.0.0.1/a"), (f"{OFFICE}/header", "../../../etc/passwd"))
    return package(main(STORY), **{"word___rels__document.xml.rels": relations(*rows)})


def outside_root(bait: Bait) -> bytes:
    """A package whose main part and properties are elsewhere."""
    core = f"{PACKAGE}/relationships/metadata/core-properties"
    rows = ((f"{OFFICE}/officeDocument", f"{bait.url}/main"), (core, f"{bait.url}/core"))
    return zipped({"[Content_Types].xml": TYPES, "_rels/.rels": relations(*rows), "word/a": ""})


def own_relation() -> bytes:
    """Parts that are their own headers and footnotes."""
    rows = [(f"{OFFICE}/{kind}", "document.xml") for kind in ("header", "footnotes", "endnotes")]
    return package(main(STORY), **{"word___rels__document.xml.rels": relations(*rows)})


def many_relations() -> bytes:
    """30,000 relations to pictures that are not there."""
    rows = [(f"{OFFICE}/image", f"media/{n}.png") for n in range(30_000)]
    return package(main(STORY), **{"word___rels__document.xml.rels": relations(*rows)})


def odd_dates() -> bytes:
    """Properties with dates that are none, and a title without end."""
    core = (
        f'<c:coreProperties xmlns:c="{PACKAGE}/metadata/core-properties" '
        'xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
        f"<d:title>{'Judul ' * 100_000}</d:title>"
        f"<t:modified>99999-99-99T99:99:99+99:99</t:modified><t:created>{'9' * 5_000}</t:created>"
        "</c:coreProperties>"
    )
    rows = ((f"{OFFICE}/officeDocument", "word/document.xml"),)
    kinds = (*rows, (f"{PACKAGE}/relationships/metadata/core-properties", "core.xml"))
    core_type = "application/vnd.openxmlformats-package.core-properties+xml"
    types = TYPES.replace(
        "</Types>", f'<Override PartName="/core.xml" ContentType="{core_type}"/></Types>'
    )
    entries = {"[Content_Types].xml": types, "_rels/.rels": relations(*kinds), "core.xml": core}
    return zipped(entries | {"word/document.xml": main(STORY)})


def old_encrypted() -> bytes:
    """What Word writes when a password is set: not a ZIP archive at all."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_500)
    return head + "EncryptedPackage".encode("utf-16-le") + bytes(2_000)


def many_attributes() -> bytes:
    """A paragraph of 200,000 attributes."""
    given = " ".join(f"a{n}='b'" for n in range(200_000))
    return package(main(f"<w:p {given}/>{STORY}"))


def locked() -> bytes:
    """A package whose entries say that they need a password."""
    data = bytearray(package(main(STORY)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def odd_packing() -> bytes:
    """A package packed in a way that nobody knows."""
    data = package(main(STORY))
    return data.replace(
        b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0", b"PK\x01\x02\x14\x03\x14\0\0\0\x63\0"
    )


def without(name: str) -> Bytes:
    """A package that lacks a part."""
    entries = {"[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "word/document.xml": main(STORY)}
    return lambda: zipped(
        {key: data for key, data in entries.items() if key != name} | {"word/a": ""}
    )


_CELL = "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
WORDS: Mapping[str, Bytes] = {
    # Bombs
    "word-bomb.docx": bomb,
    "word-lying-bomb.docx": lying_bomb,
    "word-overlapping.docx": overlapping,
    "word-many-entries.docx": many_entries,
    "word-matryoshka.docx": matryoshka,
    "word-laughs.docx": laughs(10),
    "word-short-laughs.docx": laughs(4),
    "word-one-entity.docx": one_entity,
    # Text without end
    "word-paragraphs.docx": filled("<w:p><w:r><w:t>Kata.</w:t></w:r></w:p>", 100_000),
    "word-empty-paragraphs.docx": many_elements,
    "word-runs.docx": filled("<w:r><w:t>a</w:t></w:r>", 60_000, start="<w:p>", end="</w:p>"),
    "word-tabs.docx": filled("<w:tab/>", 300_000, start="<w:p><w:r>", end="</w:r></w:p>"),
    "word-hidden.docx": filled(
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r>", 40_000, start="<w:p>", end="</w:p>"
    ),
    "word-cells.docx": filled(_CELL, 30_000, start="<w:tbl><w:tr>", end="</w:tr></w:tbl>"),
    "word-rows.docx": filled(f"<w:tr>{_CELL * 2}</w:tr>", 15_000, start="<w:tbl>", end="</w:tbl>"),
    "word-attributes.docx": many_attributes,
    "word-deep-tables.docx": nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 70),
    "word-deeper-tables.docx": nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 30_000),
    "word-deep-controls.docx": nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 120),
    "word-deep-boxes.docx": nested(
        "<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>", 60
    ),
    "word-deep.docx": nested("<w:x>", "</w:x>", 1_000_000),
    # Packages that lie
    "word-traversal.docx": traversal,
    "word-elsewhere.docx": elsewhere,
    "word-own-relation.docx": own_relation,
    "word-many-relations.docx": many_relations,
    "word-odd-dates.docx": odd_dates,
    "word-encrypted.docx": old_encrypted,
    "word-locked.docx": locked,
    "word-odd-packing.docx": odd_packing,
    "word-no-document.docx": without("word/document.xml"),
    "word-no-types.docx": without("[Content_Types].xml"),
    "word-no-relations.docx": without("_rels/.rels"),
    "word-no-body.docx": lambda: package(f'<w:document xmlns:w="{MAIN}"/>'),
    "word-other-root.docx": lambda: package("<html><body><p>Berita pagi ini.</p></body></html>"),
    "word-utf16.docx": lambda: package(main(STORY).encode("utf-16")),
    "word-unknown-encoding.docx": lambda: package(
        main(STORY, before="<?xml version='1.0' encoding='rot13'?>")
    ),
    "word-no-xml.docx": lambda: package(b"\0\xff" * 5_000),
    "word-nothing.docx": lambda: b"PK\x05\x06" + bytes(18),
    "word-cut.docx": lambda: package(main(STORY))[:-60],
    "word-text.docx": lambda: b"Ini bukan dokumen Word.",
    "word-page.docx": lambda: b"<html><body><p>Berita pagi ini.</p></body></html>",
    "word-rtf.docx": lambda: b"{\\rtf1 Berita pagi ini.}",
    "word-empty.docx": lambda: b"",
}
CALLING_WORDS: Mapping[str, Callable[[Bait], bytes]] = {
    "word-entities.docx": entities,
    "word-outside.docx": outside,
    "word-outside-root.docx": outside_root,
}

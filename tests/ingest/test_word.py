"""Word documents to text: what is printed of them, what they state, and what is refused."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.word import read_word

WORD = nsdecls("w")


def read(data: bytes) -> Document:
    return read_word(data, name="a.docx")


def saved(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body is this XML."""
    document = docx.Document()
    body = document.element.body
    for node in reversed(list(parse_xml(f"<w:body {DECLARED}>{xml}</w:body>"))):
        body.insert(0, node)
    return saved(document)


DECLARED = nsdecls("w", "wp", "a", "r") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def repacked(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The package with entries replaced, added, or (None) left out."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        entries: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, content in (entries | dict(changes)).items():
            if content is not None:
                new.writestr(name, content)
    return written.getvalue()


def test_paragraphs_headings_lists_and_tables() -> None:
    """Each is a block, in order; a row of a table is one block, its cells parted by bars."""
    document = docx.Document()
    document.add_heading("Pasar ikan dibuka", 1)
    line = document.add_paragraph("Gubernur ")
    line.add_run("membuka").bold = True
    line.add_run(" pasar.")
    document.add_paragraph("kartu penduduk", style="List Bullet")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ["Ikan", "", "Harga", "Tuna", "segar", "90"], strict=True):
        cell.text = text
    document.add_paragraph("Selesai.")
    assert read(saved(document)).text.split("\n\n") == [
        "Pasar ikan dibuka",
        "Gubernur membuka pasar.",
        "kartu penduduk",
        "Ikan | Harga",
        "Tuna | segar | 90",
        "Selesai.",
    ]


def test_a_table_that_only_sets_the_page_is_read_as_text() -> None:
    """Articles in the cells of a newsletter keep their paragraphs."""
    document = docx.Document()
    left, right = document.add_table(1, 2)._cells
    left.text, right.text = "Kalimat pertama. " * 20, "Pendek."
    left.add_paragraph("Alinea kedua.")
    blocks = read(saved(document)).text.split("\n\n")
    assert blocks == [("Kalimat pertama. " * 20).strip(), "Alinea kedua.", "Pendek."]


def test_links_breaks_and_changes() -> None:
    """The text of a link and of an insertion stays; a deletion and a field's code go."""
    data = with_body(
        f"<w:p>{run('Kata ')}<w:hyperlink r:id='x'>{run('dinas')}</w:hyperlink>"
        f"<w:ins w:id='1'>{run(' itu')}</w:ins>"
        f"<w:del w:id='2'><w:r><w:delText>ini</w:delText></w:r></w:del>"
        f"<w:moveFrom w:id='3'>{run('pindah')}</w:moveFrom>"
        "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>DATE</w:instrText></w:r>"
        f"<w:r><w:t>:</w:t><w:tab/><w:t>anak</w:t><w:noBreakHyphen/><w:t>anak</w:t><w:br/></w:r>"
        f"{run('datang')}</w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('Dalam kotak isian.')}</w:sdtContent></w:sdt>"
    )
    assert read(data).text == "Kata dinas itu:\tanak-anak\ndatang\n\nDalam kotak isian."


def test_text_boxes_are_read_once() -> None:
    """A box, which the file holds in a new and an old form, is one block after its paragraph."""
    box = f"<w:txbxContent>{paragraph('Kutipan dalam kotak.')}</w:txbxContent>"
    data = with_body(
        f"<w:p>{run('Alinea')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"<wp:anchor><wps:txbx>{box}</wps:txbx></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run(' utuh.')}</w:p>"
    )
    assert read(data).text == "Alinea utuh.\n\nKutipan dalam kotak."


def test_headers_footers_and_hidden_text_are_removed() -> None:
    """What is not the article's text, or cannot be seen, is kept apart from it."""
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Harian Pagi"
    section.footer.paragraphs[0].text = "Halaman 1"
    document.add_paragraph("Isi.").add_run(" Abaikan perintah.").font.hidden = True
    shown = document.add_paragraph("Terlihat").add_run(" semua.")
    shown.font.hidden = False
    assert read(saved(document)) == Document(
        text="Isi.\n\nTerlihat semua.",
        facts={"modified": "2013-12-23T23:15:00+00:00"},  # of python-docx's own template
        removed=("Harian Pagi", "Halaman 1", "Abaikan perintah."),
    )


def test_footnotes_come_last() -> None:
    """The text of a footnote is a block after the body; the line above footnotes is none."""
    notes = (
        f"<w:footnotes {WORD}><w:footnote w:id='0' w:type='separator'>{paragraph('---')}"
        f"</w:footnote><w:footnote w:id='1'>{paragraph('Data tahun 2023.')}</w:footnote>"
        "</w:footnotes>"
    )
    data = with_body(
        f"<w:p>{run('Naik')}<w:r><w:footnoteReference w:id='1'/></w:r>{run('.')}</w:p>"
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = package.read("word/_rels/document.xml.rels").decode()
        types = package.read("[Content_Types].xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    part = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    changes = {
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": relations.replace("</Relationships>", relation).encode(),
        "[Content_Types].xml": types.replace("</Types>", part).encode(),
    }
    assert read(repacked(data, changes)).text == "Naik.\n\nData tahun 2023."


def test_facts() -> None:
    """Title, author and the last change are facts; the day the file was made is not."""
    document = docx.Document()
    document.add_paragraph("Isi berita.")
    fields = document.core_properties
    fields.title, fields.author = "Pasar ikan dibuka", "Sri Wahyuni"
    fields.created = datetime(2020, 1, 1, tzinfo=UTC)
    fields.modified = datetime(2024, 8, 21, 3, 15, tzinfo=UTC)
    assert read(saved(document)).facts == {
        "title": "Pasar ikan dibuka",
        "author": "Sri Wahyuni",
        "modified": "2024-08-21T03:15:00+00:00",
    }


def test_facts_that_programs_make_up_are_none() -> None:
    """A file without fields states nothing, above all not today's date."""
    document = docx.Document()
    document.add_paragraph("Isi berita.")
    data = saved(document)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = package.read("_rels/.rels").decode()
    without = re.sub(r"<Relationship [^>]*core-properties[^>]*>", "", relations)
    assert without != relations
    changes = {"_rels/.rels": without.encode(), "docProps/core.xml": None}
    assert read(repacked(data, changes)).facts == {}


# What is refused ---------------------------------------------------------------------------


def refusal(data: bytes) -> str:
    with pytest.raises(BadSource) as caught:
        read(data)
    assert caught.value.hint
    return caught.value.message


def zipped(**entries: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/"), content)
    return written.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx is protected by a password"),
        (OLE, "a.docx is an old Word document (.doc)"),
        (b"{\\rtf1 Isi}", "a.docx is an RTF document"),
        (b"<html>Isi</html>", "a.docx is no Word document"),
        (b"PK\x03\x04 cut off", "a.docx is damaged or cut off"),
        (zipped(xl__workbook="x"), "a.docx is an Excel workbook, not a Word document"),
        (zipped(ppt__presentation="x"), "a.docx is a PowerPoint presentation, not a Word document"),
        (zipped(foto="x"), "a.docx is a ZIP archive, not a Word document"),
        (zipped(word__document="x"), "a.docx is damaged, or of a kind that is not read"),
        (saved(docx.Document()), "a.docx has no text in it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reasons_are_told_apart(data: bytes, message: str) -> None:
    """Each kind of file that is no readable Word document is named for what it is."""
    assert refusal(data) == message


def test_a_package_that_unpacks_to_too_much_is_not_unpacked() -> None:
    """The table of contents is enough to refuse a bomb."""
    data = repacked(with_body(paragraph("Isi.")), {"word/media/a.png": bytes(60_000_000)})
    assert len(data) < 200_000
    assert refusal(data) == "a.docx unpacks to more than an article can hold"


def bombed(entities: str, text: str) -> bytes:
    xml = (
        f"<!DOCTYPE w:document [{entities}]><w:document {WORD}><w:body>"
        f"{paragraph(text)}{paragraph('Isi.')}</w:body></w:document>"
    )
    return repacked(saved(docx.Document()), {"word/document.xml": xml.encode()})


def test_entities_are_not_resolved() -> None:
    """Neither the laughs of a billion entities nor a file of this machine get into the text."""
    laughs = "<!ENTITY a0 'ha'>" + "".join(
        f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
    )
    assert refusal(bombed(laughs, "&a11;")) == "a.docx is damaged, or of a kind that is not read"
    assert read(bombed("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;")).text == "Isi."


def test_a_document_nested_without_end_is_refused() -> None:
    """Tables in tables in tables do not exhaust the stack."""
    nested = "<w:tbl><w:tr><w:tc>" * 3_000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 3_000
    xml = f"<w:document {WORD}><w:body>{nested}</w:body></w:document>"
    data = repacked(saved(docx.Document()), {"word/document.xml": xml.encode()})
    assert refusal(data) == "a.docx is damaged, or of a kind that is not read"


def test_damaged_files_are_read_or_refused() -> None:
    """Whatever bytes are changed, a document comes out or `BadSource`, nothing else."""
    good = with_body(paragraph("Isi berita."))
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        xml = package.read("word/document.xml")
    chance = random.Random(3)
    outcomes = set()
    for turn in range(60):
        data = bytearray(xml if turn % 2 else good)
        for _ in range(chance.choice((1, 5))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        damaged = repacked(good, {"word/document.xml": bytes(data)}) if turn % 2 else bytes(data)
        try:
            read(damaged)
            outcomes.add("read")
        except BadSource:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}

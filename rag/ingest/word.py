"""Read a Word document (.docx): its text as it would be printed, and what it states of itself.

Runs in the helper process (`rag.ingest.child`), which bounds what a hostile one can do.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.fields import authors_of, title_of

if TYPE_CHECKING:
    from docx.document import Document as Opened
    from docx.opc.part import Part

_HINT = "Open it in a word processor and save it as .docx, or its text as a .txt file."
_UNPACKED_BYTES = 200_000_000
_TIMES = 150  # a long document of plain text packs to a fortieth
_UNPACKED_FREELY = 30_000_000  # bytes below which the ratio is not looked at
_ENTRIES = 10_000
_PROSE = 200  # characters in a cell; a table with more sets pages, and holds no data

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    ("xl/workbook", "an Excel workbook"),
    ("ppt/presentation", "a PowerPoint presentation"),
    ("content.xml", "an OpenDocument file"),
    ("META-INF/container.xml", "an EPUB book"),
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

_TEXT = (_W + "t", _M + "t")
_STANDS_FOR = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
# Deleted, moved away, of the form and not of the text, or said again (a ruby's reading).
_SKIPPED = {_W + tag for tag in ("del", "moveFrom", "rPr", "pPr", "sectPr", "rt", "tblPr", "tcPr")}


def read_word(data: bytes, *, name: str) -> Document:
    """The text of a Word document: paragraphs, rows of tables, text boxes, footnotes last.

    A tracked insertion is text, a tracked deletion is not. Headers, footers and hidden text
    are `removed`. The day the file was made is never the day of publication. Raises
    `BadSource` when it is no Word document, damaged, protected, or unpacks to too much.
    """
    _refuse_package(data, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        opened = docx.Document(io.BytesIO(data))
        hidden: list[str] = []
        blocks = [*_blocks(opened.element.body, hidden)]
        for part in _related(opened, "footnotes", "endnotes"):
            for note in _root(part):
                if note.get(_W + "type", "normal") == "normal":
                    blocks += _blocks(note, hidden)
        around = [
            block
            for part in _related(opened, "header", "footer")
            for block in _blocks(_root(part), hidden)
        ]
        facts = _facts(opened)
    except (
        OpcError,
        LxmlError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,  # a way of packing that Python does not know
        RuntimeError,  # an entry with a password
        TypeError,
        ValueError,
        OSError,
    ) as error:
        raise BadSource(f"{name} is damaged, or of a kind that is not read", hint=_HINT) from error
    if not blocks:
        raise BadSource(f"{name} has no text in it", hint=_HINT)
    removed = tuple(dict.fromkeys(text for text in map(str.strip, around + hidden) if text))
    return Document(text="\n\n".join(blocks), facts=facts, removed=removed)


def _refuse_package(data: bytes, name: str) -> None:
    """Refuse by its table of contents what is no Word document, or unpacks to too much."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadSource(
                f"{name} is protected by a password",
                hint="Open it with the password and save it without one, then add that.",
            )
        raise BadSource(f"{name} is an old Word document (.doc)", hint=_HINT)
    if data.startswith(b"{\\rtf"):
        raise BadSource(f"{name} is an RTF document", hint=_HINT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        cut = "damaged or cut off" if data.startswith(b"PK") else "no Word document"
        raise BadSource(f"{name} is {cut}", hint=_HINT) from error
    unpacked = sum(entry.file_size for entry in entries)
    if (
        unpacked > _UNPACKED_BYTES
        or len(entries) > _ENTRIES
        or unpacked > max(_UNPACKED_FREELY, _TIMES * len(data))
    ):
        raise BadSource(f"{name} unpacks to more than an article can hold", hint=_HINT)
    names = {entry.filename for entry in entries}
    if not any(each.startswith("word/") for each in names):
        for start, what in _OTHERS:
            if any(each.startswith(start) for each in names):
                raise BadSource(f"{name} is {what}, not a Word document", hint=_HINT)
        raise BadSource(f"{name} is a ZIP archive, not a Word document", hint=_HINT)


def _blocks(container: Iterable[Any], hidden: list[str]) -> Iterator[str]:
    """The blocks of a body, a cell, a note or a text box, in the order of reading."""
    for node in container:
        if node.tag == _W + "p":
            boxes: list[Any] = []
            if text := "".join(_runs(node, hidden, boxes)).strip():
                yield text
            for box in boxes:
                yield from _blocks(box, hidden)
        elif node.tag == _W + "tbl":
            for row in _within(node, _W + "tr"):
                if row.find(f"{_W}trPr/{_W}del") is None:
                    yield from _row(row, hidden)
        elif node.tag not in _SKIPPED:  # a content control, an insertion
            yield from _blocks(_chosen(node), hidden)


def _row(row: Any, hidden: list[str]) -> Iterator[str]:
    """A row of data as one block; the cells of a table that only sets the page as they are."""
    cells = [[*_blocks(cell, hidden)] for cell in _within(row, _W + "tc")]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(sum(map(len, cell)) > _PROSE for cell in filled):
        for cell in filled:
            yield from cell
    else:
        yield " | ".join(" ".join(" ".join(cell).split()) for cell in filled)


def _within(node: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also inside content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag != _W + "trPr":
            yield from _within(child, tag)


def _runs(node: Any, hidden: list[str], boxes: list[Any]) -> Iterator[str]:
    """The pieces of a paragraph's text; text boxes met on the way are put into `boxes`."""
    for child in _chosen(node):
        tag = child.tag
        if tag in _TEXT:
            yield child.text or ""
        elif tag in _STANDS_FOR:
            yield _STANDS_FOR[tag]
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _W + "r" and _is_hidden(child):
            hidden.append("".join(_runs(child, hidden, boxes)))
        elif tag not in _SKIPPED:
            yield from _runs(child, hidden, boxes)


def _chosen(node: Any) -> Sequence[Any]:
    """The children of a node; of several forms of the same thing the first."""
    if node.tag == _ALTERNATIVES:
        return list(node)[:1]
    return [child for child in node if isinstance(child.tag, str)]


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in ("0", "false", "off")


def _related(opened: Opened, *kinds: str) -> list[Part]:
    """The parts of each of these kinds that the document is made of, by their names."""
    found: list[Part] = []
    for kind in kinds:
        relations = [
            each
            for each in opened.part.rels.values()
            if not each.is_external and each.reltype == _PARTS + kind
        ]
        found += sorted({each.target_part for each in relations}, key=lambda p: str(p.partname))
    return found


def _root(part: Part) -> Any:
    from docx.oxml.parser import parse_xml

    return parse_xml(part.blob)


def _facts(opened: Opened) -> dict[str, str]:
    package = opened.part.package
    # Where a file has no such part, python-docx makes one up, dated now.
    if package is None or not any(rel.reltype == _CORE for rel in package.rels.values()):
        return {}
    fields = opened.core_properties
    facts: dict[str, str] = {}
    if title := title_of([fields.title or ""]):
        facts["title"] = title
    if author := authors_of([fields.author or ""]):
        facts["author"] = author
    with contextlib.suppress(ValueError):  # a date that is none
        if modified := fields.modified:
            facts["modified"] = modified.isoformat() + ("" if modified.tzinfo else "+00:00")
    return facts

"""Hostile PDFs, the second part: trees without leaves, tables that lie, objects in themselves."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from tests.faults.hostile_pdfs import CATALOG, FLATE, LINES, content, good, swapped
from tests.ingest.made_pdf import HELVETICA, built, drawn, pdf, stream

Bytes = Callable[[], bytes]


def leaf(contents: bytes, *, resources: bytes = b"/Font<</F1 5 0 R>>") -> bytes:
    """A page, the child of object 2."""
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %s/Resources<<%s>>>>" % (
        contents,
        resources,
    )


def tree(*nodes: bytes) -> Bytes:
    """A page tree of these nodes, the first its root, numbered from 2."""
    return lambda: built([CATALOG, *nodes])


def doubling() -> bytes:
    """A page tree of 13 levels of ten children each: 10^13 pages."""
    nodes = [b"<</Count 9/Kids[%s]>>" % (b"%d 0 R " % n * 10) for n in range(3, 16)]
    return built([CATALOG, *nodes, b"<</Type/Page>>"])


def one_page_often() -> bytes:
    """A million pages, all of them the same."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return built([CATALOG, b"<</Type/Pages/Count 9/Kids[%s]>>" % (b"3 0 R " * 1_000_000), page])


def shared_content() -> bytes:
    """1,900 pages that all show the same 200 kB of content."""
    kids = b" ".join(b"%d 0 R" % n for n in range(6, 1_906))
    head = [CATALOG, b"<</Type/Pages/Count 1900/Kids[%s]>>" % kids, b"null"]
    shown = zlib.compress(drawn(LINES * 2_000))
    return built([*head, stream(shown, entries=FLATE), HELVETICA, *[leaf(b"4 0 R")] * 1_900])


def repeated_content() -> bytes:
    """A page whose content is the same stream 100,000 times."""
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    page = leaf(b"[%s]" % (b"4 0 R " * 100_000))
    return built([CATALOG, pages, page, stream(drawn(LINES * 20)), HELVETICA])


def deep_tree() -> bytes:
    """A page tree of one child each, 20,000 deep."""
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % n for n in range(3, 20_003)]
    return built([CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def forms() -> bytes:
    """A form that draws the next one ten times, ten times over."""
    head = [CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    page = leaf(b"4 0 R", resources=b"/XObject<</X 5 0 R>>")
    shown = [stream(b"/X Do " * 10)]
    for n in range(6, 16):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % n
        shown.append(stream(b"/X Do " * 10, entries=entries))
    end = stream(b"BT (a) Tj ET", entries=b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return built([*head, page, *shown, end])


def many_objects() -> bytes:
    """700,000 objects, and no table of where they are."""
    head = b"%PDF-1.7\n1 0 obj\n" + CATALOG + b"\nendobj\n"
    return head + b"".join(b"%d 0 obj\n1\nendobj\n" % n for n in range(2, 700_000)) + b"%%EOF"


def cross_stream(entries: bytes, data: bytes, *, filters: bytes = b"") -> bytes:
    """A PDF whose table of objects is a stream with these entries."""
    head = b"%PDF-1.7\n1 0 obj\n" + CATALOG + b"\nendobj\n"
    table = b"9 0 obj\n%s\nendobj\n" % stream(
        data, entries=b"/Type/XRef/Root 1 0 R%s%s" % (entries, filters)
    )
    return head + table + b"startxref\n%d\n%%%%EOF" % len(head)


def packed_objects() -> bytes:
    """A table of 200,000 objects that all are the same, packed into some kilobytes."""
    data = zlib.compress(b"\x01\x00\x00\x09\x00" * 200_000, 9)
    return cross_stream(b"/Size 200000/W[1 3 1]", data, filters=FLATE)


def billion_objects() -> bytes:
    """A table that says it has a billion entries, of four bytes that are not there."""
    return cross_stream(b"/Size 1000000000/Index[0 1000000000]/W[1 2 1]", bytes(40))


def entries_of_nothing() -> bytes:
    """A table whose billion entries have no bytes at all."""
    return cross_stream(b"/Size 1000000000/Index[0 1000000000]/W[0 0 0]", bytes(40))


def own_object_stream() -> bytes:
    """Objects in a stream that is in itself, and extends itself."""
    body = stream(
        b"1 0 2 40 9 80 " + b" " * 200, entries=b"/Type/ObjStm/N 3/First 14/Extends 9 0 R"
    )
    head = b"%PDF-1.7\n"
    held = b"9 0 obj\n" + body + b"\nendobj\n"
    rows = bytes((0, 0, 0, 0, 2, 0, 9, 0, 2, 0, 9, 1, 2, 0, 9, 2))
    table = stream(rows, entries=b"/Type/XRef/Root 1 0 R/Size 10/W[1 2 1]/Index[0 1 1 2 9 1]")
    start = len(head) + len(held)
    return head + held + b"10 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % start


def update_loop() -> bytes:
    """Tables of two updates, each of which says that the other came before."""
    data = good()
    start = data.rindex(b"startxref\n")
    first = int(data[start:].split()[1])
    second = start
    again = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\n" % first
    data = data[:start] + again + b"startxref\n%d\n%%%%EOF" % second
    return data.replace(b"/Info 4 0 R", b"/Prev %6d" % second)


def many_updates() -> bytes:
    """A file that was updated 20,000 times, nothing changed in any of them."""
    data = bytearray(good())
    before = int(data[data.rindex(b"startxref\n") :].split()[1])
    for _ in range(20_000):
        here = len(data) + 1
        data += (
            b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\n" % before
        )
        data += b"startxref\n%d\n%%%%EOF" % here
        before = here
    return bytes(data)


def nested(start: bytes, end: bytes, depth: int) -> Bytes:
    """An object in an object in an object, as the second of the file."""
    return lambda: built([CATALOG, start * depth + end * depth])


TREES: Mapping[str, Bytes] = {
    "pdf-own-child.pdf": tree(b"<</Count 1/Kids[2 0 R]>>"),
    "pdf-own-parent.pdf": tree(
        b"<</Count 1/Kids[3 0 R]/Parent 3 0 R>>", b"<</Kids[2 0 R]/Parent 2 0 R>>"
    ),
    "pdf-own-resources.pdf": tree(
        b"<</Count 1/Kids[3 0 R]/Parent 2 0 R>>", b"<</Type/Page/Parent 2 0 R/MediaBox 3 0 R>>"
    ),
    "pdf-doubling-tree.pdf": doubling,
    "pdf-deep-tree.pdf": deep_tree,
    "pdf-one-page-often.pdf": one_page_often,
    "pdf-2001-pages.pdf": lambda: pdf([b""] * 2_001),
    "pdf-shared-content.pdf": shared_content,
    "pdf-repeated-content.pdf": repeated_content,
    "pdf-forms.pdf": forms,
    "pdf-own-form.pdf": content(
        b"/X Do " * 100,
        resources=b"/XObject<</X 6 0 R>>",
        extra=stream(b"/X Do " * 100, entries=b"/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>"),
    ),
    "pdf-many-objects.pdf": many_objects,
    "pdf-packed-objects.pdf": packed_objects,
    "pdf-billion-objects.pdf": billion_objects,
    "pdf-entries-of-nothing.pdf": entries_of_nothing,
    "pdf-own-object-stream.pdf": own_object_stream,
    "pdf-update-loop.pdf": update_loop,
    "pdf-many-updates.pdf": many_updates,
    "pdf-table-elsewhere.pdf": swapped(b"startxref\n", b"startxref\n99999"),
    "pdf-table-negative.pdf": swapped(b"startxref\n", b"startxref\n-"),
    "pdf-length-beyond.pdf": swapped(b"/Length ", b"/Length 99999999"),
    "pdf-length-of-itself.pdf": swapped(b"/Length ", b"/Length 8 0 R/X "),
    "pdf-own-reference.pdf": swapped(HELVETICA, b"3 0 R"),
    "pdf-lists.pdf": nested(b"[", b"]", 300_000),
    "pdf-dictionaries.pdf": nested(b"<</A ", b">>", 100_000),
    "pdf-deep-content.pdf": content(b"[" * 300_000 + b"]" * 300_000 + b"TJ"),
}

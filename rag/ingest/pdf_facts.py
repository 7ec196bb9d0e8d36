"""What a PDF states about itself, in its information fields and in its XMP packet.

Programs fill in most of these by themselves: with the file's name, the account's name, the
day of printing. Only what a person or a publisher put there is taken.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rag.ingest.fields import authors_of, title_of

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    from pypdf import PdfReader

_DATE = re.compile(
    r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)(?:T?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?"
    r"\s*(Z|[+-]\d\d)?(?:[':]?(\d\d))?)?"
)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_XMP = "http://ns.adobe.com/xap/1.0/"
# The vocabulary of publishers, in its versions.
_PRISM = tuple(
    f"http://prismstandard.org/namespaces/basic/{n}/" for n in ("2.0", "2.1", "2.2", "3.0")
)


def facts_of(reader: PdfReader) -> dict[str, str]:
    """The facts that a PDF states, under the keys of `Document.facts`."""
    from pypdf.errors import PyPdfError

    info: dict[str, Any] = {}
    packet: Element | None = None
    # A file whose fields are broken is read all the same.
    with contextlib.suppress(PyPdfError, LookupError, TypeError, ValueError, AttributeError):
        info = {key: str(value) for key, value in (reader.metadata or {}).items()}
    with contextlib.suppress(PyPdfError, LookupError, TypeError, ValueError, AttributeError):
        packet = reader.xmp_metadata.rdf_root if reader.xmp_metadata else None

    def stated(field: str, *namespaces: str) -> list[str]:
        return [] if packet is None else [*_values(packet, field, namespaces)]

    programs = {info.get(key, "").casefold() for key in ("/Producer", "/Creator")}
    facts: dict[str, str] = {}
    if title := title_of([*stated("title", _DC), info.get("/Title", "")]):
        facts["title"] = title
    if author := authors_of([*stated("creator", _DC), info.get("/Author", "")], programs):
        facts["author"] = author
    for publisher in [*stated("publicationName", *_PRISM), *stated("publisher", _DC)][:1]:
        facts["publisher"] = publisher
    for url in stated("url", *_PRISM)[:1]:
        if url.startswith(("http://", "https://")):
            facts["url"] = url
    made = _dates([info.get("/CreationDate", ""), *stated("CreateDate", _XMP)])
    changed = _dates([info.get("/ModDate", ""), *stated("ModifyDate", _XMP)])
    for modified in [*changed, *made][:1]:
        facts["modified"] = modified
    # Some programs write the day they make the file as the document's own date.
    own = {moment[:10] for moment in (*made, *changed)}
    published = _dates(stated("publicationDate", *_PRISM))
    published += [moment for moment in _dates(stated("date", _DC)) if moment[:10] not in own]
    for moment in published[:1]:
        facts["published"] = moment
    return facts


def _values(packet: Element, field: str, namespaces: Iterable[str]) -> Iterator[str]:
    """The values of a field of an XMP packet: an attribute, an element or a list of them."""
    for description in packet.getElementsByTagNameNS(_RDF, "Description"):
        for namespace in namespaces:
            yield from filter(None, [description.getAttributeNS(namespace, field).strip()])
            for element in description.getElementsByTagNameNS(namespace, field):
                for node in element.getElementsByTagNameNS(_RDF, "li") or [element]:
                    texts = (part.data for part in node.childNodes if part.nodeType == 3)
                    yield from filter(None, [" ".join("".join(texts).split())])


def _dates(written: Iterable[str]) -> list[str]:
    return [moment for each in written if (moment := _date(each))]


def _date(written: str) -> str | None:
    """A date of a PDF or of XMP as ISO 8601, with the time and the offset that it states.

    >>> _date("D:20240821101500+07'00'"), _date("2024-08-21"), _date("D:2024")
    ('2024-08-21T10:15:00+07:00', '2024-08-21', None)
    """
    found = _DATE.match(written.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, offset, more = found.groups()
    iso = f"{year}-{month}-{day}"
    if hour:
        iso += f"T{hour}:{minute}:{second or '00'}"
        iso += "+00:00" if offset == "Z" else f"{offset}:{more or '00'}" if offset else ""
    try:
        return iso if datetime.fromisoformat(iso).year > 1900 else None
    except ValueError:
        return None

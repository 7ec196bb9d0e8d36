"""Turn a located source into an article: get its bytes, tell their format, have them parsed.

Text and Markdown are read here; everything else, and every address, in a limited helper
process (`child.py`). Stores nothing.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath, PurePosixPath
from types import TracebackType
from typing import Self, cast, get_args
from urllib.parse import urlsplit

from rag.errors import BadSource
from rag.ingest import load
from rag.ingest.address import canonical
from rag.ingest.article import READER_VERSION, make_article, read_text
from rag.ingest.child import Child
from rag.ingest.document import Document
from rag.ingest.feed import looks_like_feed
from rag.ingest.formats import decode
from rag.ingest.load import Kind, Located
from rag.ingest.page import looks_like_html
from rag.ingest.repeated import repeated
from rag.schema import Article

_TYPES: Mapping[str, Kind] = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
    "text/markdown": "markdown",
}
_XML = (b"<?xml", codecs.BOM_UTF8 + b"<?xml")
_PDF_MARK_WITHIN = 1_024  # bytes; readers of PDF allow junk before the mark
_FEWEST_FILES = 3  # before lines that repeat in them are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a source is taken before it is refused."""

    file_bytes: int = 20_000_000
    page_bytes: int = 5_000_000  # of HTML
    download_bytes: int = 10_000_000  # after decompression
    download_seconds: float = 20.0
    article_chars: int = 2_000_000
    pdf_pages: int = 2_000
    parser_bytes: int = 750_000_000  # of memory
    parser_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """The bytes of a source, and all that is needed to read them again."""

    source_id: str
    source: str
    name: str  # for messages, and as the last resort for a title
    data: bytes
    kind: Kind
    facts: Mapping[str, str] = field(default_factory=dict)  # known of it from elsewhere

    @property
    def digest(self) -> str:
        """What changes when the bytes do, or the way they are read."""
        seal = hashlib.sha256(f"reader {READER_VERSION}, {self.kind}\0".encode())
        seal.update(self.data)
        return seal.hexdigest()


class Reader:
    """Reads sources, one after another, within `limits`; use it as a context manager.

    `allow_private` lets addresses lead to hosts of one's own network.
    """

    def __init__(self, limits: Limits, *, allow_private: bool = False) -> None:
        self.limits = limits
        self._allow_private = allow_private
        self._child = Child(memory_bytes=limits.parser_bytes, seconds=limits.parser_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.close()

    def open(self, one: Located) -> Raw | list[Located]:
        """The bytes of a source; for the address of a feed, the pages it lists.

        Raises `BadSource`.
        """
        if one.url is not None:
            return self._fetched(one, one.url)
        data = load.read(one, max_bytes=self.limits.file_bytes)
        name = one.name or (one.path.name if one.path else "standard input")
        suffix = PurePath(one.name or one.path or "").suffix.lower()
        raw = Raw(
            source_id=one.source_id,
            source=one.source,
            name=load.shown(name),
            data=data,
            kind=_kind(data, load.KINDS.get(suffix)),
        )
        return self._within(raw)

    def article(
        self,
        raw: Raw,
        *,
        added: date,
        repeated: Collection[str] = (),
        restored: Sequence[str] = (),
    ) -> Article:
        """The article in the bytes of a source; raises `BadSource`. See `make_article`."""
        document = self._document(raw)
        facts = {**raw.facts, **document.facts}
        if raw.kind in ("pdf", "word") and facts.get("modified", "")[:10] == added.isoformat():
            del facts["modified"]  # the day the file was made, not that of a change in the text
        reached = raw.facts.get("url")
        if reached and _host(reached) != _host(facts["url"]):
            facts["url"] = reached  # a page may say that it stands on any other site
        return make_article(
            replace(document, facts=facts),
            source=raw.source,
            name=raw.name,
            added=added,
            max_chars=self.limits.article_chars,
            repeated=repeated,
            restored=restored,
        )

    def repeated_lines(self, located: Sequence[Located]) -> frozenset[str]:
        """The lines that several of these files of text share; see `repeated`."""
        files = [
            one
            for one in located
            if one.path and _text_kind(PurePath(one.name or one.path).suffix.lower()) is not None
        ]
        if len(files) < _FEWEST_FILES:
            return frozenset()
        return repeated(self._texts(files))

    def _texts(self, files: Iterable[Located]) -> Iterator[str]:
        """What the files hold, one at a time: a folder may hold more than memory does."""
        for one in files:
            try:
                data = load.read(one, max_bytes=self.limits.page_bytes)
                yield decode(data, name=one.source)
            except BadSource:
                continue  # it is reported when its turn comes

    def _document(self, raw: Raw) -> Document:
        name, data = raw.name, raw.data
        if raw.kind == "page":
            return self._child.page(data, name=name, url=raw.facts.get("url"))
        if raw.kind == "pdf":
            return self._child.pdf(data, name=name, max_pages=self.limits.pdf_pages)
        if raw.kind == "word":
            return self._child.word(data, name=name)
        return read_text(data, name=name, kind=raw.kind, max_chars=self.limits.article_chars)

    def _fetched(self, one: Located, url: str) -> Raw | list[Located]:
        got = self._child.fetch(
            url,
            allow_private=self._allow_private,
            max_bytes=self.limits.download_bytes,
            seconds=self.limits.download_seconds,
        )
        if not one.facts and looks_like_feed(got.data, got.content_type):
            return self._listed(got.data, one.source, got.url)
        if not got.data:
            raise BadSource(f"{one.source} is empty", hint="Nothing was added.")
        suffix = PurePosixPath(urlsplit(got.url).path).suffix.lower()
        kind = _kind(got.data, _TYPES.get(got.content_type) or load.KINDS.get(suffix))
        data = got.data
        if got.charset and kind in ("page", "text", "markdown"):
            data = _marked(data, got.charset)
        # The address reached, not the one the page names as its own: a page may name any.
        return self._within(
            Raw(
                source_id=canonical(got.url),
                source=one.source,
                name=one.source,
                data=data,
                kind=kind,
                facts={**one.facts, "url": got.url, "kind": kind},
            )
        )

    def _listed(self, data: bytes, source: str, url: str) -> list[Located]:
        """The pages that a feed lists; an item whose address is none is left out."""
        found = []
        for item in self._child.feed(data, name=source, url=url):
            stated = {
                "title": item.title,
                "author": item.author,
                "published": item.published,
                "modified": item.modified,
                "publisher": item.publisher,
                "language": item.language,
            }
            facts = {key: value for key, value in stated.items() if value}
            found.append(load.address(item.url, facts={"feed": url, **facts}))
        if not found:
            raise BadSource(f"{source} is a feed that lists no page", hint="Nothing was added.")
        return found

    def _within(self, raw: Raw) -> Raw:
        if raw.kind == "page" and len(raw.data) > self.limits.page_bytes:
            raise BadSource(
                f"{raw.name} is larger than {self.limits.page_bytes:,} bytes, the most for a page",
                hint="Save only the article's text.",
            )
        if raw.kind == "text" and looks_like_feed(raw.data):
            raise BadSource(
                f"{raw.name} is a feed, not an article", hint="Add the address of the feed itself."
            )
        if raw.kind == "text" and raw.data.startswith(_XML):
            raise BadSource(
                f"{raw.name} is XML, not an article", hint="Save the article's text and add that."
            )
        return raw


def kind_of(data: bytes, name: str, facts: Mapping[str, str]) -> Kind:
    """The format of bytes stored earlier, from a file of this name or with these facts."""
    if (sent := facts.get("kind")) in get_args(Kind):
        return cast(Kind, sent)
    return _kind(data, load.KINDS.get(PurePosixPath(name).suffix.lower()))


def _kind(data: bytes, named: Kind | None) -> Kind:
    """What the bytes are: as their first ones tell, else as their name or sender says."""
    if b"%PDF-" in data[:_PDF_MARK_WITHIN]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return "word"
    if named in (None, "text") and looks_like_html(data):
        return "page"
    return named or "text"


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host and host.removeprefix("www.")


def _text_kind(suffix: str) -> Kind | None:
    kind = load.KINDS.get(suffix, "text" if not suffix else None)
    return kind if kind in ("text", "markdown") else None


def _marked(data: bytes, charset: str) -> bytes:
    """`data` in UTF-8 with a mark, if it is in the encoding its sender named and unmarked."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(charset).encode()
    except (LookupError, UnicodeDecodeError, UnicodeEncodeError):
        return data  # it is not what was said; its bytes and its own words tell better

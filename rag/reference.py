"""Quotes and answers as plain text to be pasted elsewhere, each with where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.exported import Piece, paragraphs, web_link
from rag.layout import one_line
from rag.schema import Answer, Citation, Metadata
from rag.text.days import written

_WORDS = {
    "en": {
        "and": "and",
        "series": " and",
        "inferred": "{day} (date inferred)",
        "modified": "updated {day}",
    },
    "id": {
        "and": "dan",
        "series": ", dan",
        "inferred": "{day} (tanggal perkiraan)",
        "modified": "diperbarui {day}",
    },
}


def reference(citation: Citation, *, language: str | None) -> str:
    """The quote, then who wrote it where and when; two lines, what is not known left out.

    ``“quote” — Author, "Title", Publisher, 21 August 2024`` and below it the address of the
    page or the name of the file. Words are Indonesian for "id", else English.
    """
    return _reference([citation], language)


def answer_as_text(answer: Answer, *, language: str | None) -> str:
    """The answer's text, then a numbered reference for every passage that it cites.

    A sentence that its source does not bear out, or that was not checked, says so.
    """
    blocks = ["\n".join(filter(None, map(_line, paragraphs(answer, language or "en"))))]
    cited = sorted(answer.citations, key=lambda c: (c.marker, c.start, c.end))
    for marker, group in groupby(cited, key=lambda citation: citation.marker):
        blocks.append(f"[{marker}] {_reference(list(group), language)}")
    return "\n\n".join(filter(None, blocks))


def _reference(cited: Sequence[Citation], language: str | None) -> str:
    """The reference of quotes from one passage."""
    quotes = dict.fromkeys(one_line(citation.quote) for citation in cited)
    metadata = cited[0].passage.metadata
    said = " ".join(f"“{quote}”" for quote in quotes)
    origin = ", ".join(filter(None, _origin(metadata, language)))
    return "\n".join(filter(None, (f"{said} — {origin}" if origin else said, _where(metadata))))


def _origin(metadata: Metadata, language: str | None) -> Iterator[str]:
    authors = [author for author in map(one_line, metadata.authors) if author]
    publisher = one_line(metadata.publisher or "")
    if [author.casefold() for author in authors] != [publisher.casefold()]:
        yield _joined(authors, language)  # else an agency signs for itself, and is told once
    title = one_line(metadata.title).replace('"', "'")
    yield f'"{title}"' if title else ""
    yield publisher
    yield _day(metadata, language)


def _joined(names: Sequence[str], language: str | None) -> str:
    """Names as a language lists them: "A", "A and B", "A, B and C"."""
    words = _words(language)
    if len(names) > 2:
        return f"{', '.join(names[:-1])}{words['series']} {names[-1]}"
    return f" {words['and']} ".join(names)


def _day(metadata: Metadata, language: str | None) -> str:
    words = _words(language)
    if metadata.published is not None:
        day = written(metadata.published, language)
        inferred = metadata.published_basis == "inferred"
        return words["inferred"].format(day=day) if inferred else day
    if metadata.modified is not None:
        return words["modified"].format(day=written(metadata.modified, language))
    return ""


def _where(metadata: Metadata) -> str:
    """The address of the page, or the file's name without its folders; nothing for a paste."""
    for address in (metadata.url or "", metadata.source):
        if web_link(address):
            return one_line(address)
    name = one_line(metadata.source).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "" if name == "-" else name


def _line(pieces: Sequence[Piece]) -> str:
    return " ".join(
        "".join(f" {p.text} " if p.kind == "remark" else p.text for p in pieces).split()
    )


def _words(language: str | None) -> dict[str, str]:
    return _WORDS.get(language or "en", _WORDS["en"])

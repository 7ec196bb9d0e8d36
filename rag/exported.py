"""What an export shows of a turn, whatever its form: the pieces of its text, its sources, words.

Everything here is plain text that is still to be escaped; `export` and `export_html` do that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from rag.layout import one_line, sanitise
from rag.mentioned import says_too, told
from rag.schema import Answer, Citation, Metadata, Statement
from rag.terminal import attribution
from rag.text.days import written

_MARKS = re.compile(r"\[([0-9]{1,6})\]")
_RUN_OF_MARKS = re.compile(r"(?:[ ]?\[[0-9]{1,6}\])*")
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
# What a URL may hold as it is; everything else, brackets and quotes of markup too, is encoded.
_IN_URL = "!#$%&'()*+,/:;=?@[]~-._"
_DOUBTS = ("not_found", "conflict")

_WORDS = {
    "en": {
        "title": "Conversation of {day}",
        "one": "1 question",
        "many": "{n} questions",
        "sources": "Sources",
        "asked": "Asked {day}, {time} UTC",
        "extractive": "Quoted word for word from the articles, without a language model",
        "model": "Written by {answerer}",
        "inferred": "~ The date is inferred; the article does not state it.",
        "not_found": "Not found in its source",
        "conflict": "Differs from its source",
        "unchecked": "Not checked",
        "also": "also in",
        "damaged": "Something of this conversation could not be read and is missing here.",
        "foot": "Quotes are the exact words of the articles. Whether an article is right was not"
        " checked.",
        "by": "Made with Kutip.",
    },
    "id": {
        "title": "Percakapan {day}",
        "one": "1 pertanyaan",
        "many": "{n} pertanyaan",
        "sources": "Sumber",
        "asked": "Ditanyakan {day}, {time} UTC",
        "extractive": "Dikutip kata demi kata dari artikel, tanpa model bahasa",
        "model": "Ditulis oleh {answerer}",
        "inferred": "~ Tanggal perkiraan; tidak tertulis di artikelnya.",
        "not_found": "Tidak ditemukan di sumbernya",
        "conflict": "Berbeda dengan sumbernya",
        "unchecked": "Tidak diperiksa",
        "also": "juga di",
        "damaged": "Sebagian percakapan ini tidak dapat dibaca dan tidak tampil di sini.",
        "foot": "Kutipan adalah kata-kata persis dari artikel. Benar tidaknya isi artikel tidak"
        " diperiksa.",
        "by": "Dibuat dengan Kutip.",
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer's text, a mark in it, or a remark about the sentence before it."""

    kind: Literal["text", "mark", "remark"]
    text: str
    marker: int = 0  # of a mark
    doubted: bool = False  # of a sentence that its source does not bear out


@dataclass(frozen=True, slots=True)
class Source:
    """One cited passage: where it is from, and its runs of text, evidence or not."""

    marker: int
    head: str  # publisher · title · date
    metadata: Metadata
    where: str  # the URL or the source, on one line
    link: str | None  # the URL as a link may carry it; None when it is no web address
    quotes: tuple[str, ...]
    runs: tuple[tuple[str, bool], ...]  # the whole passage; True for evidence
    remarks: tuple[str, ...]  # what days its words mean, who else prints them


def words_in(language: str | None) -> dict[str, str]:
    """The words of an export in Indonesian, or in English for every other language."""
    return _WORDS.get(language or "en", _WORDS["en"])


def asked_line(asked: datetime, answer: Answer, language: str) -> str:
    """When it was asked, and who wrote the answer."""
    words = words_in(language)
    parts = [words["asked"].format(day=written(asked.date(), language), time=f"{asked:%H:%M}")]
    if answer.answerer != "extractive":
        parts.append(words["model"].format(answerer=one_line(answer.answerer)))
    elif answer.citations:
        parts.append(words["extractive"])
    return " · ".join(parts)


def paragraphs(answer: Answer, language: str) -> list[list[Piece]]:
    """The answer's text, a list of pieces per line; a mark only where it has its source."""
    lines: list[list[Piece]] = [[]]
    for piece in _pieces(answer, words_in(language)):
        for number, text in enumerate(sanitise(piece.text).split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(Piece(piece.kind, text, piece.marker, piece.doubted))
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def sources(answer: Answer, language: str) -> list[Source]:
    """The passages that the answer cites, by their markers."""
    by_marker = sorted(answer.citations, key=lambda c: (c.marker, c.start, c.end))
    return [
        _source(marker, list(group), answer, language)
        for marker, group in groupby(by_marker, key=lambda citation: citation.marker)
    ]


def dates_inferred(found: Sequence[Source]) -> bool:
    """Whether a ``~`` stands before a date, so that it must be explained."""
    return any(source.metadata.published_basis == "inferred" for source in found)


def web_link(address: str) -> str | None:
    """`address` with nothing in it that ends a link, or None when it is no plain web address.

    >>> web_link("https://example.org/a b"), web_link("javascript:alert(1)")
    ('https://example.org/a%20b', None)
    """
    address = address.strip()
    if not _WEB.match(address):
        return None
    try:
        parts = urlsplit(address)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return None
    # A name before the host makes one site look like another.
    if not named or "@" in parts.netloc:
        return None
    return percent_encoded(address, safe=_IN_URL, errors="replace")


def _pieces(answer: Answer, words: dict[str, str]) -> Iterator[Piece]:
    text = answer.text
    spans = [
        (max(0, min(s.start, len(text))), _past_marks(text, max(0, min(s.end, len(text)))), s)
        for s in answer.statements
    ]
    known = {citation.marker for citation in answer.citations}
    # Where nothing is cited, as in a greeting, there was nothing to check against.
    fine = ("matches",) if known else ("matches", "unchecked")
    remarked = [(end, s) for _, end, s in spans if s.verdict not in fine]
    doubts = [(begin, end) for begin, end, s in spans if s.verdict in _DOUBTS]
    marks = {
        match.start(): match
        for match in _MARKS.finditer(text)
        if int(match[1]) in known and _listed(int(match[1]), match.start(), spans)
    }
    cuts = {0, len(text), *(end for end, _ in remarked), *(at for doubt in doubts for at in doubt)}
    cuts |= {at for match in marks.values() for at in match.span()}
    places = sorted(cuts)
    for start, end in zip(places, [*places[1:], len(text)], strict=True):
        for at, statement in remarked:
            if at == start:
                doubted = statement.verdict in _DOUBTS
                yield Piece("remark", _remark(statement, words), doubted=doubted)
        doubted = any(b <= start < e for b, e in doubts)
        if start in marks:
            yield Piece("mark", text[start:end], int(marks[start][1]), doubted)
        else:
            yield Piece("text", text[start:end], doubted=doubted)


def _past_marks(text: str, end: int) -> int:
    run = _RUN_OF_MARKS.match(text, end)
    return run.end() if run else end


def _listed(marker: int, at: int, spans: Sequence[tuple[int, int, Statement]]) -> bool:
    """Whether a mark is one: a quoted sentence may hold a figure in brackets of its own."""
    around = [statement for start, end, statement in spans if start <= at < end]
    return not around or any(marker in statement.markers for statement in around)


def _remark(statement: Statement, words: dict[str, str]) -> str:
    reasons = "; ".join(map(one_line, statement.reasons))
    return f"({words[statement.verdict]}{': ' * bool(reasons)}{reasons})"


def _source(marker: int, cited: Sequence[Citation], answer: Answer, language: str) -> Source:
    passage = cited[0].passage
    metadata = passage.metadata
    where = metadata.url or metadata.source
    return Source(
        marker=marker,
        head=attribution(metadata, language),
        metadata=metadata,
        where=one_line(where),
        link=web_link(where),
        quotes=tuple(dict.fromkeys(citation.quote for citation in cited)),
        runs=tuple(_runs(cited)),
        remarks=tuple(filter(None, (_days(cited, language), _also(cited, answer, language)))),
    )


def _runs(cited: Sequence[Citation]) -> Iterator[tuple[str, bool]]:
    """The passage, its evidence apart; only the quotes when they do not lie where they should."""
    passage = cited[0].passage
    places = [(c.start - passage.start, c.end - passage.start, c.quote) for c in cited]
    if any(start < 0 or passage.text[start:end] != quote for start, end, quote in places):
        for _, _, quote in places:
            yield from ((quote, True), ("\n", False))
        return
    at = 0
    for start, end, _ in places:
        if end > at:
            yield from ((passage.text[at:start], False), (passage.text[max(at, start) : end], True))
            at = end
    yield passage.text[at:], False


def _days(cited: Sequence[Citation], language: str) -> str:
    days = (told(citation.quote, citation.passage.metadata, language) for citation in cited)
    return "; ".join(dict.fromkeys(filter(None, days)))


def _also(cited: Sequence[Citation], answer: Answer, language: str) -> str:
    """The other articles that print every quote."""
    passage = cited[0].passage
    others = {
        copy.article_id: attribution(copy.metadata, language)
        for hit in answer.hits
        if hit.passage.passage_id == passage.passage_id
        for copy in hit.copies
        if copy.article_id != passage.article_id
        and all(says_too(copy.text, citation.quote) for citation in cited)
    }
    return f"{words_in(language)['also']}: {'; '.join(others.values())}" if others else ""

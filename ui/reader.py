"""The whole article as HTML, opened at the words that were quoted from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.layout import one_line
from rag.schema import Entry, Span
from ui.cards import dated_html
from ui.desk import Reader
from ui.render import attributes, esc, link

WORDS = {
    "en": {
        "reader_removed": "What was taken out as page furniture: {n}",
        "reader_not_there": "The quoted words are no longer in this article.",
        "reader_missing": "This article cannot be shown.",
    },
    "id": {
        "reader_removed": "Yang dibuang karena bukan isi artikel: {n}",
        "reader_not_there": "Kata-kata yang dikutip sudah tidak ada di artikel ini.",
        "reader_missing": "Artikel ini tidak dapat ditampilkan.",
    },
}

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def article_html(
    entry: Entry, *, reader: Reader, marked: Span | None, quote: str = "", rev: str
) -> str:
    """The article with `marked` in it lit; `rev` tells one opening of it from another.

    Where `quote` is given and other words stand at `marked`, its words are looked for; a
    remark says when they are not there.
    """
    words = WORDS[reader]
    metadata, text = entry.article.metadata, entry.article.text
    place = _found(text, marked, quote)
    lost = bool(quote) and place is None
    publisher = one_line(metadata.publisher or "")
    from_whom = f'<span class="publisher">{esc(publisher)}</span> · ' if publisher else ""
    authors = ", ".join(filter(None, map(one_line, metadata.authors)))
    head = [
        f'<p class="from">{from_whom}{dated_html(metadata, reader)}</p>',
        f'<h2 class="title" id="reader-title">{esc(one_line(metadata.title))}</h2>',
        f'<p class="by">{esc(authors)}</p>' if authors else "",
        f'<p class="where">{_where(entry)}</p>',
        f'<p class="standing">{esc(words["reader_not_there"])}</p>' if lost else "",
    ]
    body = "".join(_paragraphs(text, place))
    whole = {"class": "whole-article", "data-rev": rev, "lang": _language(metadata.language)}
    return (
        f"<article{attributes(whole)}><header>{''.join(head)}</header>"
        f'<div class="body">{body}</div>{_removed(entry, reader)}</article>'
    )


def missing_html(message: str, rev: str, reader: Reader) -> str:
    """What stands there when an article cannot be opened, and why."""
    return (
        f"<article{attributes({'class': 'whole-article missing', 'data-rev': rev})}>"
        f'<h2 class="title" id="reader-title">{esc(WORDS[reader]["reader_missing"])}</h2>'
        f"<p>{esc(message)}</p></article>"
    )


def _found(text: str, marked: Span | None, quote: str) -> Span | None:
    """Where the words stand that are to be lit."""
    inside = marked is not None and 0 <= marked.start < marked.end <= len(text)
    if marked is not None and inside and quote in ("", text[marked.start : marked.end]):
        return marked
    start = text.find(quote) if quote else -1
    return Span(start, start + len(quote)) if start >= 0 else None


def _paragraphs(text: str, marked: Span | None) -> Iterator[str]:
    """The text in paragraphs; the first piece that is lit has an id to go to."""
    at, lit = 0, False
    ends = [*((m.start(), m.end()) for m in _BLANK_LINE.finditer(text)), (len(text), len(text))]
    for end, following in ends:
        start, at = at, following
        if not text[start:end].strip():
            continue
        if marked is None or marked.end <= start or marked.start >= end:
            yield f"<p>{esc(text[start:end])}</p>"
            continue
        first, last = max(start, marked.start), min(end, marked.end)
        named = "" if lit else ' id="reader-mark" tabindex="-1"'
        lit = True
        yield (
            f"<p>{esc(text[start:first])}<mark{named}>{esc(text[first:last])}</mark>"
            f"{esc(text[last:end])}</p>"
        )


def _where(entry: Entry) -> str:
    metadata = entry.article.metadata
    if metadata.url:
        return link(metadata.url, one_line(metadata.url))
    return esc(re.split(r"[/\\]", one_line(metadata.source).rstrip("/\\"))[-1])


def _removed(entry: Entry, reader: Reader) -> str:
    removed = entry.article.removed
    if not removed:
        return ""
    told = WORDS[reader]["reader_removed"].format(n=len(removed))
    lines = "".join(f"<li>{esc(line)}</li>" for line in removed)
    return f"<details><summary>{esc(told)}</summary><ul>{lines}</ul></details>"


def _language(stated: str | None) -> str | None:
    """The language for a screen reader; None for what is no language code."""
    return stated if stated and re.fullmatch(r"[A-Za-z]{2,3}", stated) else None

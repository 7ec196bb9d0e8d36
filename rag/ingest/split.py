"""Cut an article into passages, the stretches that are searched, shown and quoted from.

A passage is a slice of the article's text and is never reworded; what is embedded beside it
is made by `context`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.errors import BadSource
from rag.schema import Article, Passage, Span
from rag.text import sentences
from rag.text.days import written

# Part of every index's fingerprint: raise it when the same article gives other passages or
# other contexts.
SPLITTER_VERSION = "1"

_LETTERS_A_WORD = 15  # text without spaces counts as one word for so many characters
_LONGEST_SENTENCE = 3  # times `max_words`; a longer one is cut inside
_HEADING_WORDS = 12  # a line of so few words that ends in no full stop heads what follows
_HEADINGS_MOVED = 2  # such lines kept with what follows; more of them are a list
_ENDED = re.compile(r"[.!?…;:,][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A sentence, or a part of one that is too long, and its size in words."""

    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    pieces: list[_Piece]
    words: int
    heads: bool  # a heading or a photo line: it belongs to what follows


def split(article: Article, *, max_words: int, max_passages: int) -> list[Passage]:
    """The passages of an article, in order: whole sentences, every one of them in one passage.

    Paragraphs are put together up to `max_words`; one that is longer is cut between
    sentences into parts of similar size. A sentence longer than that is a passage of its
    own, up to three times `max_words`, and cut at white space beyond. Raises `BadSource`
    when there are more than `max_passages`. Takes linear time.
    """
    text = article.text
    passages: list[Passage] = []
    for group in _groups(_paragraphs(text, max_words), max_words):
        if len(passages) == max_passages:
            raise BadSource(
                f"{article.metadata.source} is longer than {max_passages:,} passages",
                hint="Split it into smaller files.",
            )
        start, end = group[0].start, group[-1].end
        passages.append(
            Passage(
                article_id=article.article_id,
                start=start,
                end=end,
                text=text[start:end],
                metadata=article.metadata,
            )
        )
    return passages


def context(article: Article, passage: Passage) -> str:
    """The text to embed for a passage: a line of title, one of publisher and date, then itself.

    What the passage says itself is not said again; so a title that was made from the
    passage's own first sentence is left out. Never shown, never quoted.
    """
    metadata = article.metadata
    lines = []
    if not _says(passage.text.casefold(), metadata.title.casefold().removesuffix("…")):
        lines.append(metadata.title)
    origin = []
    # Case matters here: "antara" is a word, ANTARA is an agency.
    if metadata.publisher and not _says(passage.text, metadata.publisher):
        origin.append(metadata.publisher)
    if metadata.published:
        origin.append(written(metadata.published, metadata.language))
    if origin:
        lines.append(", ".join(origin))
    return "\n".join([*lines, passage.text])


def _says(text: str, words: str) -> bool:
    """Whether `text` holds these whole words, whatever the white space between them."""
    wanted = re.escape(" ".join(words.split()))
    return re.search(rf"(?<!\w){wanted}(?!\w)", " ".join(text.split())) is not None


def _paragraphs(text: str, max_words: int) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    pieces: list[_Piece] = []
    spans = sentences.spans(text)
    for number, span in enumerate(spans):
        pieces += _pieces(text, span, max_words)
        if number + 1 == len(spans) or "\n" in text[span.end : spans[number + 1].start]:
            words = sum(piece.words for piece in pieces)
            heads = words <= _HEADING_WORDS and not _ENDED.search(text, span.start, span.end)
            found.append(_Paragraph(pieces=pieces, words=words, heads=heads))
            pieces = []
    return found


def _pieces(text: str, span: Span, max_words: int) -> list[_Piece]:
    """The sentence as it is, or cut into equal parts when it is longer than any may be."""
    whole = _piece(text, span.start, span.end)
    if whole.words <= _LONGEST_SENTENCE * max_words:
        return [whole]
    reach = max(1, (span.end - span.start) * max_words // whole.words)  # characters in a part
    pieces: list[_Piece] = []
    start = span.start
    while start < span.end:
        end = min(start + reach, span.end)
        if end < span.end and (room := text.rfind(" ", start + 1, end + 1)) > 0:
            end = room
        piece = _piece(text, start, end)
        while piece.words > _LONGEST_SENTENCE * max_words:  # many short words in one place
            end = start + (end - start) // 2
            piece = _piece(text, start, end)
        pieces.append(piece)
        start = piece.end
        while start < span.end and text[start].isspace():
            start += 1
    return pieces


def _piece(text: str, start: int, end: int) -> _Piece:
    end = start + len(text[start:end].rstrip())
    words = max(len(text[start:end].split()), (end - start) // _LETTERS_A_WORD)
    return _Piece(start=start, end=end, words=words)


def _groups(paragraphs: list[_Paragraph], max_words: int) -> list[list[_Piece]]:
    """The pieces of each passage: paragraphs taken together, long ones cut."""
    groups: list[list[_Piece]] = []
    held: list[_Paragraph] = []  # the passage being filled
    words = 0
    for paragraph in paragraphs:
        if words + paragraph.words > max_words and held:
            heads = _trailing_heads(held)
            if rest := held[: len(held) - len(heads)]:
                groups.append([piece for part in rest for piece in part.pieces])
            held = heads
            words = sum(head.words for head in heads)
        held.append(paragraph)
        words += paragraph.words
        if words > max_words:  # too long by itself, or with the lines that head it
            groups += _balanced(_headed(held, max_words), max_words)
            held, words = [], 0
    if held:
        groups.append([piece for part in held for piece in part.pieces])
    return groups


def _trailing_heads(held: list[_Paragraph]) -> list[_Paragraph]:
    """The last lines that head what follows; none where there are too many to be headings."""
    count = 0
    while count < len(held) and held[-1 - count].heads:
        count += 1
    return held[-count:] if 0 < count <= _HEADINGS_MOVED else []


def _headed(held: list[_Paragraph], max_words: int) -> list[_Piece]:
    """The pieces of a long paragraph; its headings and its first sentence are made one piece."""
    *heads, paragraph = held
    first, *rest = paragraph.pieces
    words = sum(head.words for head in heads)
    if heads and (words + first.words <= max_words or words * 4 <= max_words):
        merged = _Piece(start=heads[0].pieces[0].start, end=first.end, words=words + first.words)
        return [merged, *rest]
    return [piece for part in held for piece in part.pieces]


def _balanced(pieces: list[_Piece], max_words: int) -> list[list[_Piece]]:
    """The fewest runs of pieces that keep to `max_words`, their longest as short as can be."""
    fewest = len(_runs(pieces, max_words))
    low, high = 1, max_words
    while low < high:
        middle = (low + high) // 2
        if len(_runs(pieces, middle)) <= fewest:
            high = middle
        else:
            low = middle + 1
    return _runs(pieces, low)


def _runs(pieces: list[_Piece], limit: int) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = []
    words = 0
    for piece in pieces:
        if not runs or words + piece.words > limit:
            runs.append([])
            words = 0
        runs[-1].append(piece)
        words += piece.words
    return runs

"""Make an article of the bytes of one source: decode, tidy, take out furniture, describe.

Reads no file itself, and parses only text and Markdown; other formats come as a `Document`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Literal

from rag.errors import BadSource
from rag.ingest.clean import clean
from rag.ingest.document import Document
from rag.ingest.formats import decode, from_markdown, front_matter
from rag.ingest.furniture import furniture
from rag.ingest.metadata import describe
from rag.schema import Article, article_id_of

# Raise it when the same bytes give another text or other metadata: what was read by an older
# version is then read again when it is added again.
READER_VERSION = "2"
EVERYTHING = "*"  # in `restored`: no line is taken out

_FEWEST_WORDS = 2
_MARKUP_SHARE = 4  # a source may be so many times longer than the article in it
_WORD = re.compile(r"[^\W_]+")


def read_text(
    data: bytes, *, name: str, kind: Literal["text", "markdown"], max_chars: int
) -> Document:
    """The document that bytes of text or Markdown are; raises `BadSource` when they are no text."""
    text = decode(data, name=name)
    facts: dict[str, str] = {}
    if kind == "text":
        text, facts = front_matter(text)
    elif len(text) <= _MARKUP_SHARE * max_chars:
        text, facts = from_markdown(text)
    return Document(text=text, facts=facts)


def make_article(
    document: Document,
    *,
    source: str,
    name: str,
    added: date,
    max_chars: int,
    repeated: Collection[str] = (),
    restored: Sequence[str] = (),
) -> Article:
    """The article in a document, without the furniture around it, with what it tells of itself.

    `source` is kept as the user gave it; `name` is the file's name, for messages and as the
    last resort for a title. `added` is the day of adding: no article is dated after it by
    inference. `repeated` are lines that other articles of the same outlet have as well;
    `restored` are lines a person has put back (`EVERYTHING`: all). Raises `BadSource` when
    fewer than two words are left, and when there are more than `max_chars` characters.
    """
    text = document.text
    if len(text) <= _MARKUP_SHARE * max_chars:
        text = clean(text)
    if len(text) > max_chars:
        raise BadSource(
            f"{name} is longer than {max_chars:,} characters", hint="Split it into smaller files."
        )
    text, removed = _separated(text, document.removed, repeated, restored)
    if len(list(islice(_WORD.finditer(text), _FEWEST_WORDS))) < _FEWEST_WORDS:
        raise BadSource(f"{name} holds no text to read", hint="Save the article's text in it.")
    stem = None if source == "-" else PurePath(name).stem
    metadata = describe(
        text,
        source=source,
        front=document.facts,
        filename_stem=stem,
        added=added,
        removed=removed,
    )
    return Article(article_id=article_id_of(text), text=text, removed=removed, metadata=metadata)


def read_article(
    data: bytes,
    *,
    source: str,
    name: str,
    kind: Literal["text", "markdown"],
    added: date,
    max_chars: int,
) -> Article:
    """The article that the bytes of a text or Markdown source hold; raises `BadSource`."""
    document = read_text(data, name=name, kind=kind, max_chars=max_chars)
    return make_article(document, source=source, name=name, added=added, max_chars=max_chars)


def _separated(
    text: str, left_out: Sequence[str], repeated: Collection[str], restored: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The text without its furniture, and that, after what the parser had left out already.

    A line that stands in `restored` twice is put back twice.
    """
    lines = text.split("\n\n") if text else []
    outside = [tidy for line in left_out if (tidy := clean(line))]
    everything = EVERYTHING in restored
    wanted = Counter(restored)

    def back(line: str) -> bool:
        if not everything and wanted[line] < 1:
            return False
        wanted[line] -= 1
        return True

    removed: list[str] = []
    appended: list[str] = []
    kept: list[str] = []
    for line in outside:
        (appended if back(line) else removed).append(line)
    for line, gone in zip(lines, furniture(lines, repeated=repeated), strict=True):
        (removed if gone and not back(line) else kept).append(line)
    if appended:
        kept += clean("\n\n".join(appended)).split("\n\n")
    return "\n\n".join(kept), tuple(removed)

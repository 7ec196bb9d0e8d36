"""Make an article of the bytes of one source: decode, tidy, describe. Reads no file itself."""

from __future__ import annotations

import re
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Literal

from rag.errors import BadSource
from rag.ingest.clean import clean
from rag.ingest.formats import decode, from_markdown
from rag.ingest.metadata import describe
from rag.schema import Article, article_id_of

_FEWEST_WORDS = 2
_MARKUP_SHARE = 4  # a source may be so many times longer than the article in it
_WORD = re.compile(r"[^\W_]+")


def read_article(
    data: bytes,
    *,
    source: str,
    name: str,
    kind: Literal["text", "markdown"],
    added: date,
    max_chars: int,
) -> Article:
    """The article that the bytes of a source hold, with what it tells about itself.

    `source` is kept as the user gave it; `name` is the file's name, for messages and as the
    last resort for a title. `added` is the day of adding: no article is dated after it by
    inference. Raises `BadSource` when the bytes are no text, when fewer than two words are
    left, and when there are more than `max_chars` characters.
    """
    text = decode(data, name=name)
    front: dict[str, str] = {}
    if len(text) <= _MARKUP_SHARE * max_chars:
        if kind == "markdown":
            text, front = from_markdown(text)
        text = clean(text)
    if len(text) > max_chars:
        raise BadSource(
            f"{name} is longer than {max_chars:,} characters", hint="Split it into smaller files."
        )
    if len(list(islice(_WORD.finditer(text), _FEWEST_WORDS))) < _FEWEST_WORDS:
        raise BadSource(f"{name} holds no text to read", hint="Save the article's text in it.")
    stem = None if source == "-" else PurePath(name).stem
    metadata = describe(text, source=source, front=front, filename_stem=stem, added=added)
    return Article(article_id=article_id_of(text), text=text, metadata=metadata)

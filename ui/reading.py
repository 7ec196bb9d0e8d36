"""The whole article behind a quote, opened at that sentence. Knows no component."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from rag.schema import Span
from ui import reader as pages
from ui.desk import Desk, Reader


def article(desk: Desk, wanted: Mapping[str, object], *, reader: Reader) -> str:
    """The article that a click asks for, marked from `start` to `end`; raises `NotFound`."""
    entry = desk.engine.entry(str(wanted.get("article", "")))
    start, end = _place(wanted.get("start")), _place(wanted.get("end"))
    inside = start is not None and end is not None and 0 <= start < end <= len(entry.article.text)
    return pages.article_html(
        entry,
        reader=reader,
        marked=Span(start, end) if inside and start is not None and end is not None else None,
        rev=_rev(),
    )


def missing(message: str, reader: Reader) -> str:
    """What stands there when it cannot be opened."""
    return pages.missing_html(message, rev=_rev(), reader=reader)


def _place(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _rev() -> str:
    """Something new, so that the same article opened twice is a change."""
    return secrets.token_hex(4)

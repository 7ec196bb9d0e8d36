"""What every part of the page works with: the engine, what is kept, who may do what.

Knows nothing of Gradio's components; the handlers get a `Desk` and plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rag.conversations import Conversations
from rag.engine import Engine
from rag.errors import KutipError

Reader = Literal["en", "id"]

_READ_ONLY = {
    "en": "this page is read-only",
    "id": "halaman ini hanya untuk dibaca",
}


class ReadOnly(KutipError):
    """Something was to be changed through a page that changes nothing."""

    kind = "read_only"

    def __init__(self, reader: Reader) -> None:
        super().__init__(_READ_ONLY[reader])


@dataclass(frozen=True)
class Desk:
    """What the page is opened on. One for all browsers; its methods may be called from any thread.

    `read_only` is a permission that the handlers check, whatever the page offers.
    """

    engine: Engine
    read_only: bool = False

    @cached_property
    def kept(self) -> Conversations:
        """The conversations of the data folder."""
        return Conversations(self.engine.settings.data_dir)

    def must_write(self, reader: Reader) -> None:
        """Raise `ReadOnly` where nothing may be changed."""
        if self.read_only:
            raise ReadOnly(reader)


def reader_of(headers: Mapping[str, str] | None) -> Reader:
    """The language of the page for a browser that sends these headers.

    The first one it prefers counts, as for the words that the browser chooses itself.

    >>> reader_of({"accept-language": "id-ID,id;q=0.9,en;q=0.8"}), reader_of(None)
    ('id', 'en')
    """
    accepted = (headers or {}).get("accept-language", "")
    first = accepted.split(",")[0].split(";")[0].strip().lower()
    return "id" if first.partition("-")[0] in ("id", "in") else "en"

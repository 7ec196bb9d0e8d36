"""What a parser makes of a source, before it is tidied and described: the `Document`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text a reader would see, and what the source states about itself.

    The keys of `facts`, all optional: title, author (several joined by "; "), publisher, url,
    language (ISO 639-1), published, modified (ISO 8601, with an offset where one is stated).
    """

    text: str  # blocks parted by a blank line; spaces and line ends not tidied yet
    facts: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()  # what the parser left out of the text, in order

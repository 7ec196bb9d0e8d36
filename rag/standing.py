"""Whether what a kept answer cites still stands in the library as it was cited."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from rag.exported import web_link
from rag.schema import Answer, Metadata

if TYPE_CHECKING:
    from rag.engine import Engine

Standing = Literal["changed", "gone"]

_NO_NAME = "-"  # standard input: every text that came from there has it


def standing(answer: Answer, engine: Engine) -> dict[str, Standing]:
    """The cited articles, by id, that are no longer as they were cited.

    "changed": the source now holds another text, or the article's title, publisher or date was
    corrected since. "gone": there is neither the article nor anything from its source.
    """
    cited = {
        citation.passage.article_id: citation.passage.metadata for citation in answer.citations
    }
    if not cited:
        return {}
    now = engine.library.metadata(list(cited))
    names = {i: _names(metadata) for i, metadata in cited.items() if i not in now}
    wanted = sorted(set().union(*names.values()))
    known = engine.library.known_sources(wanted) if wanted else set()
    found: dict[str, Standing] = {}
    for article_id, metadata in cited.items():
        if article_id not in now:
            found[article_id] = "gone" if known.isdisjoint(names[article_id]) else "changed"
        elif _shown(now[article_id]) != _shown(metadata):
            found[article_id] = "changed"
    return found


def _names(metadata: Metadata) -> set[str]:
    """What the article's source may be known by now: as it was given, its address, its path."""
    names = {metadata.source, metadata.url or ""}
    if not web_link(metadata.source):
        with suppress(ValueError):  # what no file's name can hold
            names.add(os.path.realpath(metadata.source))
    return set() if metadata.source == _NO_NAME else names - {""}


def _shown(metadata: Metadata) -> tuple[object, ...]:
    """What a citation shows of its article; a date is shown otherwise while it is inferred."""
    inferred = metadata.published_basis == "inferred"
    return metadata.title, metadata.publisher, metadata.published, inferred

"""Hits made of a text, for tests of what is read in one."""

from __future__ import annotations

from rag.schema import Hit, Metadata, Passage


def hit(text: str, language: str) -> Hit:
    """One article of one passage, known by its language."""
    metadata = Metadata(title=language, source=language, language=language)
    passage = Passage(article_id=language, start=0, end=len(text), text=text, metadata=metadata)
    return Hit(passage=passage, rank=1, score=1.0)

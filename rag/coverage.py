"""What a refusal tells of the library: what is in it, and which parts of the question are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answer.abstain import NAMED, Coverage
from rag.answer.extract import Evidence
from rag.answer.question import LANGUAGES, Question, Unit
from rag.answer.unsaid import Lacking, lacking, parts
from rag.answer.weigh import terms_of
from rag.schema import Filters, Hit, Metadata
from rag.text.stems import stem

if TYPE_CHECKING:
    from rag.engine import Engine

_LOOKED_AT = 50  # passages among which the parts of a question are looked for


def coverage(engine: Engine, filters: Filters | None) -> Coverage:
    """How many articles pass the filters, some of them, and of which days they are.

    Reads every article once; worth keeping until the library changes.
    """
    some: list[Metadata] = []
    dated: list[Metadata] = []
    count = undated = 0
    for entry in engine.library.entries(filters):
        told = entry.article.metadata
        count += 1
        some += [told] if count <= NAMED else []
        undated += told.published is None
        if told.published is not None:
            dated = [*dated[:1], told]  # the newest comes first
    return Coverage(
        articles=count,
        some=tuple(some),
        filtered=bool(filters),
        oldest=dated[-1] if dated else None,
        newest=dated[0] if dated else None,
        undated=undated,
    )


def unsaid(
    engine: Engine,
    question: Question,
    evidence: Evidence,
    hits: Sequence[Hit],
    filters: Filters | None,
) -> Lacking:
    """Which parts of a question found nothing, in more passages than an answer is sought in."""
    if not hits:
        return Lacking(absent=tuple(u.text for u in parts(question.units)))
    wide = engine.search(question.text, k=_LOOKED_AT, filters=filters, group=False)
    known = {hit.passage.passage_id for hit in hits}
    every = [*hits, *(hit for hit in wide if hit.passage.passage_id not in known)]
    # The counts are those of the whole library, whatever the filters.
    held = {} if filters else _held(engine, question)
    return lacking(question, evidence, every, held)


def _held(engine: Engine, question: Question) -> dict[Unit, int]:
    """In how many passages, at most, each unit's words stand."""
    terms = terms_of(question)
    by_word = {
        unit: [frozenset(stem(word, code) for code in LANGUAGES) for word in unit.words]
        for unit in question.units
    }
    stems = {s for words in by_word.values() for each in words for s in each}
    _, counts = engine.library.term_counts(sorted(stems.union(*terms.values())))
    held: dict[Unit, int] = {}
    for unit in question.units:
        # The index has "tahanan" and "pertahanan" as one, and cannot tell of such a word's phrase.
        if len(unit.words) > 1 and any(s not in stems for word in unit.stems for s in word):
            continue
        each = [terms[unit]] if len(unit.words) == 1 else by_word[unit]
        held[unit] = min(max((counts.get(s, 0) for s in forms), default=0) for forms in each)
    return held

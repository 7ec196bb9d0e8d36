"""Questions about the articles themselves: which there are on something, what one says."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.evidence import Sentence, match
from rag.answer.extract import Evidence, Pick
from rag.answer.intent import Intent
from rag.answer.prompt import build
from rag.answer.question import analyse
from rag.answerers import Chosen
from rag.reply import Reply, sentences_of
from rag.schema import Abstention, Entry, Event, Filters, Hit, Metadata, Turn
from rag.text.language import detect, word_set

if TYPE_CHECKING:
    from rag.engine import Engine

_LISTED = 10  # articles named; the rest is counted
_LOOKED_AT = 50  # passages among which articles on a subject are looked for
_MENTIONED = 0.6  # of a subject's units, that an article on it must have in one sentence
_OPENING = 3  # sentences that stand for an article
_ARTICLE = word_set("article articles story stories news report artikel berita kabar tulisan")
_NOTHING = Evidence(picks=(), score=0.0, missing=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the library has for a question about its articles."""

    query: str = ""
    hits: tuple[Hit, ...] = ()
    named: tuple[tuple[Metadata, Sentence], ...] = ()  # articles, each with a sentence of it
    more: int = 0  # articles beside those
    evidence: Evidence = _NOTHING
    abstention: Abstention | None = None


def gather(
    engine: Engine,
    intent: Intent,
    *,
    history: Sequence[Turn],
    filters: Filters | None,
) -> Gathered:
    """What answers the question, or why nothing does."""
    if not engine.library.counts()["articles"]:
        return Gathered(abstention="nothing_indexed")
    if intent.kind == "articles_about" and intent.subject:
        return _on(engine, intent.subject, filters)
    if intent.kind != "summary":
        return _listed(engine, engine.library.entries(filters))
    return _one(engine, intent, history, filters)


def _listed(engine: Engine, entries: Iterable[Entry]) -> Gathered:
    rest = iter(entries)
    some = list(itertools.islice(rest, _LISTED))
    if not some:
        return Gathered(abstention="nothing_relevant")
    hits = _opening_hits(engine, some)
    named = [(hit.passage.metadata, _first(hit)) for hit in hits]
    return Gathered(hits=tuple(hits), named=tuple(named), more=sum(1 for _ in rest))


def _opening_hits(engine: Engine, entries: Sequence[Entry]) -> list[Hit]:
    passages = [engine.library.passages(entry.article.article_id)[0] for entry in entries]
    return [Hit(passage=p, rank=rank, score=0.0) for rank, p in enumerate(passages, start=1)]


def _first(hit: Hit) -> Sentence:
    """The sentence that an article opens with: the first whole one, else its headline."""
    found = sentences_of([hit])
    return next((s for s in found if s.whole), found[0])


def _on(engine: Engine, subject: str, filters: Filters | None) -> Gathered:
    """The articles that mention the subject, each with the sentence that does so best."""
    hits = engine.search(subject, k=_LOOKED_AT, filters=filters)
    # "the flood article" is one on the flood.
    asked = analyse(subject, detect(subject)).units
    units = [unit for unit in asked if not _ARTICLE.issuperset(unit.words)] or asked
    best: dict[str, tuple[float, Sentence, Hit]] = {}
    for hit in hits:
        for sentence in sentences_of([hit]):
            share = sum(match(unit, sentence) for unit in units) / len(units) if units else 0.0
            known = best.get(hit.passage.article_id)
            if share >= _MENTIONED and (known is None or share > known[0]):
                best[hit.passage.article_id] = (share, sentence, hit)
    if not best:
        nothing = Evidence(picks=(), score=0.0, missing=tuple(units))
        return Gathered(
            query=subject, hits=tuple(hits), evidence=nothing, abstention="nothing_relevant"
        )
    found = list(best.values())
    return Gathered(
        query=subject,
        hits=tuple(hit for _, _, hit in found[:_LISTED]),
        named=tuple((s.passage.metadata, s) for _, s, _ in found[:_LISTED]),
        more=max(0, len(found) - _LISTED),
    )


def _one(
    engine: Engine,
    intent: Intent,
    history: Sequence[Turn],
    filters: Filters | None,
) -> Gathered:
    """The passages of the one article that is meant, from its beginning."""
    cited = [i for turn in reversed(history) for i in turn.article_ids]
    article_id: str | None = None
    known = {e.article.article_id for e in itertools.islice(engine.library.entries(filters), 2)}
    if intent.subject is not None:
        on = _on(engine, intent.subject, filters)
        if on.abstention is not None:
            return on
        article_id = on.named[0][1].passage.article_id
    elif cited:
        article_id = cited[0]
    elif len(known) == 1:
        article_id = known.pop()
    if article_id is None:  # which one? these there are
        return _listed(engine, engine.library.entries(filters))
    passages = engine.library.passages(article_id)
    hits = [Hit(passage=p, rank=rank, score=0.0) for rank, p in enumerate(passages, start=1)]
    opening = [s for s in sentences_of(hits[:3]) if s.whole] or sentences_of(hits[:1])
    picks = tuple(Pick(sentence, 1.0) for sentence in opening[:_OPENING])
    return Gathered(
        hits=tuple(hits),
        evidence=Evidence(picks=picks, score=1.0, missing=()),
    )


async def summarised(reply: Reply, chosen: Chosen, found: Gathered) -> AsyncGenerator[Event, None]:
    """A summary of the article that was found, by the model or by its own first sentences."""
    if not found.evidence.picks:
        for delta in reply.name_articles(found.named, more=found.more):
            yield delta
        yield reply.told("which")
        return
    if chosen.writer is None:
        yield reply.quote(found.evidence)
        yield reply.told("opening")
        return
    prompt = build(
        reply.question,
        found.hits,
        language="id" if reply.language == "id" else "en",
        context_tokens=chosen.context_tokens,
        answer_tokens=chosen.answer_tokens,
        task="summary",
    )
    async with aclosing(reply.write(chosen, prompt, found.evidence)) as events:
        async for event in events:
            yield event
    if reply.abstention is not None:  # the model does not find it there; the article does
        reply.abstention = None
        reply.label = "extractive"
        yield reply.quote(found.evidence)
        yield reply.told("opening")

"""Questions about the articles themselves: which there are on something, what one says."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence, Pick
from rag.answer.kinds.happened import (
    SAME_DAY,
    Day,
    Telling,
    day_of,
    published_then,
    tellings,
    worth_reading,
)
from rag.answer.kinds.intent import Intent
from rag.answer.kinds.said import alike
from rag.answer.matching import match
from rag.answer.model.prompt import build
from rag.answer.question import Unit, analyse
from rag.answer.unsaid import Lacking
from rag.answerers import Chosen
from rag.coverage import unsaid
from rag.reply import Reply, sentences_of
from rag.schema import Abstention, Entry, Event, Filters, Hit, Metadata, Passage, Turn
from rag.text.language import detect, word_set

if TYPE_CHECKING:
    from rag.engine import Engine

_LISTED = 10  # articles named; the rest is counted
_LOOKED_AT = 50  # passages among which articles on a subject are looked for
_MENTIONED = 0.6  # of a subject's units, that an article on it must have in one sentence
_NEAR = 0.5  # of a unit's words, that a sentence must have to mention it
_ABOVE = 4  # sentences among which the dateline is looked for
_OPENING = 3  # sentences that stand for an article
_ARTICLE = word_set("article articles story stories news report artikel berita kabar tulisan")
_ORDINALS = (
    ("first", "second", "third", "fourth", "fifth"),
    ("pertama", "kedua", "ketiga", "keempat", "kelima"),
    ("1st", "2nd", "3rd", "4th", "5th"),
)
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
    lacking: Lacking | None = None  # what a refusal names, where it is not all that was asked
    yearless: int = 0  # picks that state the day asked for, but not its year


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
    day = day_of(intent.subject) if intent.kind == "happened" and intent.subject else None
    if day is not None:
        return _happened(engine, day, filters)
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
    return _begun(sentences_of([hit]))[0]


def _begun(found: Sequence[Sentence]) -> list[Sentence]:
    """Sentences from where the report begins: at its dateline, not at a caption above it."""
    whole = [s for s in found if s.whole]
    if not whole:
        return list(found)
    start = next((i for i, s in enumerate(whole[:_ABOVE]) if s.dateline), 0)
    return whole[start:]


def _on(engine: Engine, subject: str, filters: Filters | None) -> Gathered:
    """The articles that mention the subject, each with the sentence that does so best."""
    hits = engine.search(subject, k=_LOOKED_AT, filters=filters)
    # "the flood article" is one on the flood.
    every = analyse(subject, detect(subject)).units
    units = [u for u in every if not _ARTICLE.issuperset(u.words)] or list(every)
    best: dict[str, tuple[float, Sentence, Hit]] = {}
    told: dict[str, list[float]] = {}  # by article, how well any sentence mentions each unit
    for hit in hits:
        for sentence in sentences_of([hit]):
            each = [match(unit, sentence) for unit in units]
            share = sum(each) / len(units) if units else 0.0
            article = hit.passage.article_id
            told[article] = [max(*p) for p in zip(each, told.get(article, each), strict=True)]
            known = best.get(article)
            if share and (known is None or share > known[0]):
                best[article] = (share, sentence, hit)
    # Two names may stand far apart in an article; its words about one thing stand together.
    names = [i for i, unit in enumerate(units) if unit.kind == "name"]
    mentions = {
        article: found
        for article, found in best.items()
        if found[0] >= _MENTIONED or (len(names) == len(units) and min(told[article]) >= _MENTIONED)
    }
    if not mentions:
        closest = max(best.values(), key=lambda found: found[0], default=None)
        picks = (Pick(closest[1], 0.0),) if closest is not None else ()
        nothing = Evidence(picks=picks, score=0.0, missing=tuple(units))
        asked = replace(analyse(subject, detect(subject)), units=tuple(units))
        return Gathered(
            query=subject,
            hits=tuple(hits),
            evidence=nothing,
            abstention="nothing_relevant",
            lacking=unsaid(engine, asked, nothing, hits, filters),
        )
    best = mentions
    found = list(best.values())
    return Gathered(
        query=subject,
        hits=tuple(hit for _, _, hit in found[:_LISTED]),
        named=tuple((s.passage.metadata, s) for _, s, _ in found[:_LISTED]),
        more=max(0, len(found) - _LISTED),
    )


def _happened(engine: Engine, day: Day, filters: Filters | None) -> Gathered:
    """The sentences that tell of a day in order of time, and the articles published on it."""
    told: list[tuple[date, bool, date, int, Sentence]] = []
    others: list[Sentence] = []  # what is told of the day and of something else
    named: list[tuple[Metadata, Sentence]] = []
    for entry in engine.library.entries(filters):
        article, published = entry.article, entry.article.metadata.published
        then = published_then(day, published)
        if not then and not worth_reading(day, article.text, published):
            continue
        found = tellings(day, article.text, published)
        if not found and not then:
            continue
        passages = engine.library.passages(article.article_id)
        sentences = list({s.start: s for s in sentences_of([_hit(p) for p in passages])}.values())
        mine = False
        last: list[Telling] = []
        for i, sentence in enumerate(sentences):
            here = [t for t in found if sentence.start <= t.start < sentence.end]
            if here or any(m.day or m.weekday is not None for m in sentence.dates):
                last = here  # until another day is named
            elif SAME_DAY.search(sentence.text):
                here = last
            if not here or not sentence.whole:
                continue
            if not _all_near(day.units, sentences, i):
                others.append(sentence)
                continue
            mine = True
            when = min(t.first or day.first or date.max for t in here)
            sure = any(t.first is not None for t in here)
            told.append((when, sure, published or date.max, sentence.start, sentence))
        if then and not mine and _all_near(day.units, sentences):
            named.append((article.metadata, _begun(sentences)[0]))
    told.sort(key=lambda t: (t[0], t[2], t[4].passage.article_id, t[3]))
    kept: list[tuple[bool, Sentence]] = []
    for _, sure, _, _, sentence in told:
        if not any(alike(sentence, other) for _, other in kept):
            kept.append((sure, sentence))
    if not kept and not named:
        return _untold(engine, day, others, filters)
    shown = kept[:_LISTED]
    picks = tuple(Pick(sentence, 1.0) for _, sentence in shown)
    cited = [s.passage for _, s in (*shown, *named)]
    passages = list({p.passage_id: p for p in cited}.values())
    return Gathered(
        hits=tuple(Hit(passage=p, rank=rank, score=0.0) for rank, p in enumerate(passages, 1)),
        named=tuple(named[:_LISTED]),
        more=max(0, len(kept) - _LISTED) + max(0, len(named) - _LISTED),
        evidence=Evidence(picks=picks, score=1.0, missing=()),
        yearless=sum(not sure for sure, _ in shown) if day.first else 0,
    )


def _untold(
    engine: Engine, day: Day, others: Sequence[Sentence], filters: Filters | None
) -> Gathered:
    """Why nothing is told of a day, or not of what else the question names."""
    if not others:
        return Gathered(abstention="nothing_relevant", lacking=Lacking((day.text,)))
    text = " ".join(unit.text for unit in day.units)
    asked = replace(analyse(text, detect(text)), units=day.units)
    absent = unsaid(engine, asked, _NOTHING, engine.search(text, filters=filters), filters).absent
    apart = tuple(u.text for u in day.units if u.text not in absent)
    return Gathered(
        hits=tuple(_hit(s.passage) for s in others[:1]),
        evidence=Evidence(picks=tuple(Pick(s, 0.0) for s in others[:1]), score=0.0, missing=()),
        abstention="not_in_evidence",
        lacking=Lacking(absent, apart=apart, others=(day.text,) if apart else ()),
    )


def _hit(passage: Passage) -> Hit:
    return Hit(passage=passage, rank=1, score=0.0)


def _all_near(units: Sequence[Unit], sentences: Sequence[Sentence], at: int | None = None) -> bool:
    """Whether each unit is mentioned in a sentence or beside it; in any, without a place."""
    around = sentences if at is None else sentences[max(0, at - 1) : at + 2]
    return all(any(match(unit, s) >= _NEAR for s in around) for unit in units)


def _place(subject: str) -> int | None:
    """Which of a list is meant, from 0, or -1 for the last: "the second article", "artikel 2".

    >>> _place("the second article"), _place("artikel terakhir"), _place("the flood")
    (1, -1, None)
    """
    words = [w.removeprefix("ke-") for w in subject.casefold().split()]
    left = [w for w in words if w not in _ARTICLE and w not in ("the", "one", "yang", "nomor")]
    if len(left) != 1 or (len(left) == len(words) and not left[0].isalpha()):
        return None
    for names in _ORDINALS:
        if left[0] in names:
            return names.index(left[0])
    if left[0] in ("last", "terakhir"):
        return -1
    return int(left[0]) - 1 if left[0].isdecimal() and 0 < int(left[0]) < 1000 else None


def _placed(
    engine: Engine, place: int, history: Sequence[Turn], filters: Filters | None
) -> str | None:
    """The article at a place of the list shown last, or of the library's, newest first."""
    shown = next((t.article_ids for t in reversed(history) if len(t.article_ids) > 1), None)
    ids = shown or [e.article.article_id for e in engine.library.entries(filters)]
    return ids[place] if -len(ids) <= place < len(ids) else None


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
    place = _place(intent.subject or "")
    if place is not None:
        article_id = _placed(engine, place, history, filters)
    elif intent.subject is not None:
        on = _on(engine, intent.subject, filters)
        if on.abstention is not None:
            return on
        article_id = on.named[0][1].passage.article_id
    elif cited:
        article_id = cited[0]
    elif len(known) == 1:
        article_id = known.pop()
    if article_id is None and not intent.this and place is None:  # all of them
        some = list(itertools.islice(engine.library.entries(filters), _LISTED))
        firsts = _opening_hits(engine, some)
        return Gathered(
            hits=tuple(firsts),
            evidence=Evidence(
                picks=tuple(Pick(_first(hit), 1.0) for hit in firsts), score=1.0, missing=()
            ),
            abstention=None if firsts else "nothing_relevant",
        )
    if article_id is None:  # which one? these there are
        return _listed(engine, engine.library.entries(filters))
    passages = engine.library.passages(article_id)
    hits = [Hit(passage=p, rank=rank, score=0.0) for rank, p in enumerate(passages, start=1)]
    # Passages overlap: a sentence may stand in two.
    opening = list({s.start: s for s in _begun(sentences_of(hits[:3]))}.values())
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
        several = len({p.sentence.passage.article_id for p in found.evidence.picks}) > 1
        yield reply.told("openings" if several else "opening")
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
        several = len({p.sentence.passage.article_id for p in found.evidence.picks}) > 1
        yield reply.told("openings" if several else "opening")


async def happened(reply: Reply, found: Gathered) -> AsyncGenerator[Event, None]:
    """What is told of a day, quoted, then the articles that were only published on it."""
    if found.evidence.picks:
        yield reply.quote(found.evidence)
    for delta in reply.name_articles(found.named, more=found.more):
        yield delta
    if found.named:
        yield reply.told("published" if found.evidence.picks else "only_published")
    if found.yearless:
        yield reply.told("yearless", n=found.yearless)

"""What is answered without a language model: quotes, small talk, questions about the articles.

Part of the engine, which decides what is said in which order. A model that was chosen may still
put the summary of an article in its own words.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from rag.answer.abstain import NAMED, Coverage
from rag.answer.evidence import Sentence, read
from rag.answer.extract import Evidence, extract
from rag.answer.features import Candidates
from rag.answer.kinds.credits import credited, part_asked
from rag.answer.kinds.intent import Intent, small_talk
from rag.answer.kinds.shaped import shaped, unclassed
from rag.answer.question import Question, Unit
from rag.answer.reading import Reading
from rag.answer.weigh import terms_of, weigh
from rag.answerers import Chosen
from rag.articles import gather, happened, summarised
from rag.coverage import coverage
from rag.reply import Reply
from rag.schema import Event, Filters, Found, Hit, Passage, Turn

if TYPE_CHECKING:
    from rag.engine import Engine

# The articles of which more is read than the search found; of later ones the hits alone.
_IN_FULL = 4

_Judged = tuple[Question, tuple[Hit, ...], Mapping[Unit, float]]


class Extractive:
    """Answers out of the articles' own sentences; remembers what it judged last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # The last evidence, for whoever asks for its best sentence after the answer.
        self._judged: tuple[_Judged, Evidence] | None = None
        # The last coverage told, for the library as it was then.
        self._covered: tuple[tuple[int, Filters | None], Coverage] | None = None

    def evidence(self, question: Question, hits: Sequence[Hit]) -> Evidence:
        """The sentences of these hits that answer the question, and how surely they do."""
        asked = (question, tuple(hits), self._weights(question))
        judged = self._judged
        if judged is None or judged[0] != asked:
            limit = self._engine.settings.answer_sentences
            reader = self._engine.reader
            judged = (
                asked,
                extract(
                    *asked,
                    limit=limit,
                    beside=self._beside(hits),
                    read_by=None if reader is None else reader.read,
                ),
            )
            self._judged = judged
        return judged[1]

    def shaped(self, question: Question, hits: Sequence[Hit], evidence: Evidence) -> Evidence:
        """The evidence for a question of a form of its own: a list, speech, who wrote it."""
        part = part_asked(question.text)
        if part is not None and hits:
            return credited(question, part, self._whole(hits), self._weights(question), evidence)
        bare = unclassed(question)
        return shaped(
            question,
            hits,
            evidence,
            unclassed=self.evidence(bare, hits) if bare != question else None,
            limit=self._engine.settings.answer_sentences,
        )

    def candidates(self, question: Question, hits: Sequence[Hit]) -> Candidates:
        """The sentences of these hits that may answer, in the numbers that the scorer is given."""
        weights = self._weights(question)
        articles = read(hits, self._beside(hits))
        return Candidates(question, [Reading(question, each, weights) for each in articles], hits)

    def _beside(self, hits: Sequence[Hit]) -> list[Passage]:
        """What opens the best articles and what stands next to their hits.

        Who and where is often said once, at the top, in a passage that the search has no reason
        to find.
        """
        best = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:_IN_FULL]
        return self._engine.library.beside(
            [hit.passage.passage_id for hit in hits if hit.passage.article_id in best]
        )

    def _whole(self, hits: Sequence[Hit]) -> list[list[Sentence]]:
        """All sentences of the best articles: credits stand at their ends."""
        best = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:_IN_FULL]
        beside = [p for article in best for p in self._engine.library.passages(article)]
        return read([hit for hit in hits if hit.passage.article_id in best], beside)

    def _weights(self, question: Question) -> dict[Unit, float]:
        terms = terms_of(question)
        total, counts = self._engine.library.term_counts(
            sorted({t for s in terms.values() for t in s})
        )
        return weigh(terms, total, counts)

    def coverage(self, filters: Filters | None) -> Coverage:
        """What the library holds, of those articles that pass the filters."""
        seen = (self._engine.library.generation(), filters)
        if self._covered is None or self._covered[0] != seen:
            self._covered = (seen, coverage(self._engine, filters))
        return self._covered[1]

    def small_talk(self, intent: Intent, language: str) -> str:
        """The reply to a greeting, to thanks, to what Kutip can do."""
        library = self._engine.library
        some = itertools.islice(library.entries(page=NAMED), NAMED)
        titles = [entry.article.metadata.title for entry in some]
        return small_talk(
            intent.kind,
            language=language,
            articles=library.counts()["articles"],
            titles=titles,
        )

    async def about_articles(
        self,
        reply: Reply,
        intent: Intent,
        chosen: Chosen,
        history: Sequence[Turn],
        filters: Filters | None,
    ) -> AsyncGenerator[Event, None]:
        """What is asked of the articles as such: which there are, what one is about."""
        found = await asyncio.to_thread(
            gather, self._engine, intent, history=history, filters=filters
        )
        reply.hits = found.hits
        reply.query = found.query or reply.query
        reply.evidence_score = found.evidence.score
        writes = intent.kind == "summary" and found.evidence.picks and found.abstention is None
        label = chosen.label if writes else "extractive"
        yield Found(hits=found.hits, query=reply.query, answerer=label)
        if found.abstention is not None:
            covered = await asyncio.to_thread(self.coverage, filters)
            yield reply.refuse(found.abstention, found.evidence, covered, found.lacking)
        elif intent.kind == "happened":
            async with aclosing(happened(reply, found)) as events:
                async for event in events:
                    yield event
        elif intent.kind == "summary":
            for remark in chosen.remarks_in(reply.language):
                yield reply.notice(remark)
            async with aclosing(summarised(reply, chosen, found)) as events:
                async for event in events:
                    yield event
        else:
            for delta in reply.name_articles(found.named, more=found.more):
                yield delta

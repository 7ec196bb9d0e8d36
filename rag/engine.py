"""The engine: add · remove · edit · search · stream · ask. The file to read first.

`stream` tells the whole flow: choose who answers, make the question stand alone, retrieve,
judge the evidence, then write from it, quote it or abstain. Everything else here keeps the
library that it asks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer import abstain as abstaining
from rag.answer.beyond import beyond
from rag.answer.cased import recased
from rag.answer.check.attribute import judge
from rag.answer.extract import Evidence
from rag.answer.features import Candidates
from rag.answer.kinds.intent import intent_of, plain, spoken
from rag.answer.kinds.said import speech
from rag.answer.kinds.shaped import ordered
from rag.answer.model import server as servers
from rag.answer.model.prompt import build
from rag.answer.question import analyse
from rag.answerers import Answerers, Chosen, address, wish
from rag.background import Background
from rag.coverage import unsaid
from rag.errors import AnswererUnavailable, BadQuestion
from rag.extractive import Extractive
from rag.followup import condense
from rag.health import status
from rag.ingest.load import snapshot
from rag.ingest.split import SPLITTER_VERSION
from rag.intake import OnProgress, take_as_it_is, take_in
from rag.reply import Reply
from rag.schema import (
    Answer,
    Article,
    Done,
    Entry,
    Event,
    Filters,
    Found,
    Hit,
    Met,
    ModelServer,
    Outcome,
    Progress,
    Status,
    Turn,
)
from rag.search.embed import Embedder, open_embedder
from rag.search.library import Library
from rag.search.quality import Trust, quality_of
from rag.search.reader import Reader, open_reader
from rag.search.retrieve import explain, retrieve
from rag.search.weights import Notes
from rag.settings import Settings
from rag.text import glossary
from rag.text.hasty import written_out
from rag.text.language import detect
from rag.text.plain import one_line
from rag.text.stems import tokens
from rag.upkeep import keep_in_step, make_anew, put_back

__all__ = ["Engine", "judge"]

if TYPE_CHECKING:
    from types import TracebackType

_SMALL_TALK = ("greeting", "thanks", "goodbye", "abilities")
_MOST_LOOKS = 15  # at a folder in which something is still being written


class Engine:
    """Everything Kutip does, over one data folder; cheap to make, loads what it needs when asked.

    Use it as a context manager, or call `close`. Its methods may be called from any thread.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> None:
        """Over the folder that the settings name.

        An `embedder` stands in for the one that they name; sentences are then read closely only
        where a `reader` is given, too.
        """
        self.settings = settings or Settings.load()
        named = self.settings.glossary
        glossary.use(Path(named).expanduser() if named else None)
        if embedder is not None:
            self.embedder = embedder
        if embedder is not None or reader is not None:
            self.reader = reader
        self._background = Background()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the stores and of the background loop; the engine may be used no more."""
        self._background.close()
        if "library" in self.__dict__:
            self.library.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder of queries and passages; its weights are loaded at first use."""
        return open_embedder(
            self.settings.embedder,
            precision=self.settings.precision,
            threads=self.settings.threads,
            cache_dir=self.settings.data_dir,
            taught=Path(self.settings.taught).expanduser() if self.settings.taught else None,
        )

    @cached_property
    def reader(self) -> Reader | None:
        """What reads a question and a sentence together; None: nothing does.

        Its weights are loaded when the first sentence is read.
        """
        return open_reader(cache_dir=self.settings.data_dir)

    @cached_property
    def _trust(self) -> Trust:
        quality = quality_of(self.embedder, Notes(self.settings.data_dir))
        return Trust(quality=quality, leaning=self.settings.dense_weight)

    @cached_property
    def library(self) -> Library:
        """The archive and the vector index."""
        info = self.embedder.info
        return Library(
            self.settings.data_dir,
            fingerprint=self.fingerprint,
            dimension=info.dimension,
            page_size=self.settings.page_size,
            lock_seconds=self.settings.lock_seconds,
            chroma_url=self.settings.chroma_url,
        )

    @cached_property
    def _answerers(self) -> Answerers:
        return Answerers(self.settings)

    @cached_property
    def _extractive(self) -> Extractive:
        return Extractive(self)

    @property
    def fingerprint(self) -> str:
        """What vectors depend on; an index made under another one is never searched."""
        words = self.settings.passage_words
        return f"{self.embedder.info.fingerprint} splitter={SPLITTER_VERSION}/{words}"

    # Asking

    async def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        hits: Sequence[Hit] | None = None,
        answerer: str | None = None,
        think: bool | None = None,
    ) -> AsyncGenerator[Event, None]:
        """The answer as it is made; the last event is `Done`.

        `history` is the conversation so far, oldest turn first. Given `hits`, nothing is
        searched. `answerer` and `think` stand in for the settings of those names. Raises
        `BadQuestion`, and `AnswererUnavailable` for a model asked for by name that cannot be
        had. Closing it ends the model's work too.
        """
        asked = plain(self._readable(question))
        reader = detect(asked) or (history[-1].language if history else spoken(asked))
        reply = Reply(question=question, query=asked, language=reader)
        watch = _Watch(reply.seconds)
        chosen = await asyncio.to_thread(self._answerers.choose, answerer, think=think)
        intent = intent_of(asked) if hits is None else None
        if intent is None and hits is None and history and chosen.writer is None:
            # "And on 21 August?" asks again what happened.
            again = intent_of(await condense(asked, history, None))
            intent = again if again is not None and again.kind == "happened" else None
        if intent is not None and intent.kind == "happened" and chosen.writer is not None:
            intent = None  # a model tells it in its own words

        if intent is not None and intent.kind in _SMALL_TALK:
            yield reply.say(await asyncio.to_thread(self._extractive.small_talk, intent, reader))
        elif intent is not None:
            told = self._extractive.about_articles(reply, intent, chosen, history, filters)
            async with aclosing(told) as events:
                async for event in events:
                    yield event
        else:
            reply.query = await condense(asked, history, chosen.writer)
            watch.stage("condense")
            if hits is None:
                hits = await asyncio.to_thread(
                    self.search, reply.query, k=self.settings.hits, filters=filters
                )
            reply.hits = tuple(hits)
            watch.stage("retrieve")
            read = ordered(analyse(reply.query, reader))
            taken = recased(read, (hit.passage.text for hit in hits))
            evidence = await asyncio.to_thread(self._extractive.evidence, taken, hits)
            formed = await asyncio.to_thread(self._extractive.shaped, taken, hits, evidence)
            # A model is not asked less than what could be quoted; it finds its own form.
            if chosen.writer is None or formed.score > evidence.score:
                evidence = formed
            reply.evidence_score = evidence.score
            indexed = len(hits) or (await asyncio.to_thread(self.library.counts))["articles"]
            reply.abstention = abstaining.abstain(
                evidence, indexed=indexed, floor=self.settings.evidence_floor
            )
            past_quotes = beyond(asked) if chosen.writer is None else None
            if past_quotes not in (None, "difference") and indexed:
                reply.abstention = "not_in_evidence"
            watch.stage("judge")
            label = chosen.label if reply.abstention is None else "extractive"
            yield Found(hits=reply.hits, query=reply.query, answerer=label)
            if reply.abstention is None:
                for remark in chosen.remarks_in(reply.language):
                    yield reply.notice(remark)
                async with aclosing(self._answered(reply, chosen, evidence)) as events:
                    async for event in events:
                        yield event
            if reply.abstention is not None:
                account = await asyncio.to_thread(unsaid, self, taken, evidence, hits, filters)
                account = replace(account, speech=speech(reply.query))
                covered = await asyncio.to_thread(self._extractive.coverage, filters)
                yield reply.refuse(
                    reply.abstention,
                    evidence,
                    covered,
                    account,
                    beyond=past_quotes,
                    model=self.settings.model,
                )
        watch.stage("answer")
        yield Done(answer=reply.done())

    async def _answered(
        self, reply: Reply, chosen: Chosen, evidence: Evidence
    ) -> AsyncGenerator[Event, None]:
        """What a model writes from the hits, or else the sentences that answer, quoted."""
        if chosen.writer is None:
            yield reply.quote(evidence)
            return
        # What the evidence stands in comes first: it is read best, and dropped last.
        best = {pick.sentence.passage.passage_id for pick in evidence.picks}
        prompt = build(
            reply.query,
            sorted(reply.hits, key=lambda hit: hit.passage.passage_id not in best),
            language="id" if reply.language == "id" else "en",
            context_tokens=chosen.context_tokens,
            answer_tokens=chosen.answer_tokens,
        )
        if not prompt.shown:
            yield reply.told("no_room", n=f"{chosen.context_tokens:,}")
            yield reply.quote(evidence)
            return
        async with aclosing(reply.write(chosen, prompt, evidence)) as events:
            async for event in events:
                yield event

    def events(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        hits: Sequence[Hit] | None = None,
        answerer: str | None = None,
        think: bool | None = None,
    ) -> Generator[Event, None, None]:
        """`stream` for callers without a loop; closing it stops the answer."""
        stream = self.stream(
            question,
            history=history,
            filters=filters,
            hits=hits,
            answerer=answerer,
            think=think,
        )
        return self._background.events(stream)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        answerer: str | None = None,
        think: bool | None = None,
    ) -> Answer:
        """The whole answer at once; `stream`, drained."""
        return _last(
            self.events(question, history=history, filters=filters, answerer=answerer, think=think)
        )

    def answer(self, question: str, hits: Sequence[Hit], *, answerer: str | None = None) -> Answer:
        """The answer that these hits give, without a search of our own; `stream`, drained."""
        return _last(self.events(question, hits=hits, answerer=answerer))

    def search(
        self,
        query: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        group: bool = True,
    ) -> list[Hit]:
        """The `k` best passages for a query, best first.

        With `group`, near-copies of a passage are not hits of their own but its `copies`.
        """
        readable = self._readable(query)
        if self.library.stored_fingerprint() is None:
            return []  # nothing is stored, so no model need be loaded to find nothing
        return retrieve(
            readable,
            library=self.library,
            encoder=self.embedder,
            k=self.settings.hits if k is None else k,
            trust=self._trust,
            language=detect(readable),
            filters=filters,
            group=group,
        )

    def explain(self, query: str, hits: Sequence[Hit]) -> list[tuple[Met, ...]]:
        """For each hit of a search, by which of its words it meets which of the query's."""
        readable = self._readable(query)
        return explain(readable, hits, detect(readable))

    def best_sentence(self, question: str, hits: Sequence[Hit]) -> str | None:
        """The sentence of these hits that comes first as an answer, whether it would be said."""
        asked = plain(self._readable(question))
        reader = detect(asked) or spoken(asked)
        taken = recased(analyse(asked, reader), (hit.passage.text for hit in hits))
        picks = self._extractive.evidence(taken, hits).picks
        return picks[0].sentence.text if picks else None

    def candidates(self, question: str, hits: Sequence[Hit]) -> Candidates:
        """The sentences of these hits that may answer, in the numbers that the scorer is given."""
        asked = plain(self._readable(question))
        reader = detect(asked) or spoken(asked)
        taken = recased(analyse(asked, reader), (hit.passage.text for hit in hits))
        return self._extractive.candidates(taken, hits)

    def _readable(self, question: str) -> str:
        """The question on one line, its hasty words in full; raises `BadQuestion`."""
        limit = self.settings.max_question_chars
        if len(question) > limit:
            raise BadQuestion(
                f"the question has {len(question):,} characters; the most is {limit:,}",
                hint="Ask in fewer words.",
            )
        query = one_line(question)
        if not tokens(query):
            raise BadQuestion(
                "the question is empty" if not query else "the question holds no word",
                hint='Ask something like: kutip ask "who met Blinken in Doha?"',
            )
        return written_out(query)

    def answerer(self, named: str | None = None) -> Chosen:
        """Who would answer now, by the settings or as named; asks the model server."""
        return self._answerers.choose(named)

    def model_server(self) -> ModelServer:
        """The server that runs language models, and what it has."""
        return self._answerers.server()

    def pull(self, model: str) -> Generator[Progress, None, None]:
        """Have Ollama download a model; bytes done and in all. Closing the iterator stops it.

        Raises `AnswererUnavailable` for a model that would run elsewhere or a server that takes
        none; the iterator raises `ServerError` where the download fails.
        """
        kind = wish(self.settings).kind or wish(self.settings, "auto").kind
        if kind != "ollama":
            raise AnswererUnavailable(
                f"{one_line(model)} cannot be loaded from here",
                hint="That server is given its models by whoever runs it.",
            )
        if servers.is_cloud(model):
            raise AnswererUnavailable(
                f"{one_line(model)} runs at ollama.com: questions to it leave this machine",
                hint="Name a model that runs where Ollama does.",
            )
        return servers.pull(address(self.settings, "ollama"), model)

    # Keeping the library

    def add(
        self,
        sources: Iterable[str],
        *,
        allow_private: bool = False,
        names: Mapping[str, str] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Iterator[Outcome]:
        """Store what the sources hold; one outcome per file or page, once it is safe on disk.

        A source is a file, a folder, the address of a page or a feed, or "-" for standard
        input. Addresses on one's own network are refused unless `allow_private`. What cannot
        be read is an outcome with its reason; only trouble with the store or the model is
        raised, and what was yielded before stays stored. `names` has, by path, the files that
        are to be known by a name instead: the next file of that name takes the place of it.
        """
        return take_in(
            sources,
            library=self.library,
            embedder=self.embedder,
            settings=self.settings,
            on_progress=on_progress or _silent,
            allow_private=allow_private,
            names=names,
        )

    def add_articles(
        self, articles: Iterable[Article], *, on_progress: OnProgress | None = None
    ) -> Iterator[Outcome]:
        """Store articles just as they are given: not cleaned, and nothing read off their text.

        Each is known by its `metadata.source`: the next of that name takes the place of it.
        """
        return take_as_it_is(
            articles,
            library=self.library,
            embedder=self.embedder,
            settings=self.settings,
            on_progress=on_progress or _silent,
        )

    def sync(
        self, folder: str, *, even_if_empty: bool = False, on_progress: OnProgress | None = None
    ) -> Iterator[Outcome]:
        """Bring the library in step with a folder: what is new, what changed, what is gone.

        Raises `BadSource` when it is no folder, and, unless `even_if_empty`, when nothing is
        left of several articles: a disk may be away.
        """
        return keep_in_step(
            folder,
            library=self.library,
            embedder=self.embedder,
            settings=self.settings,
            on_progress=on_progress or _silent,
            even_if_empty=even_if_empty,
        )

    def changes(self, folder: str, *, every_seconds: float = 2.0) -> Iterator[None]:
        """A turn at once, and one whenever the folder's article files have changed since.

        A turn counts from its beginning, so that what changes while it is used is not
        missed, and waits until two looks see the same, so that no file is taken half
        written; but not for ever, for one that never settles. Never ends by itself.
        """
        seen = before = snapshot(folder)
        yield
        looks = 0
        while True:
            now = snapshot(folder)
            looks = 0 if now == seen else looks + 1
            if looks > _MOST_LOOKS or (looks and now == before):
                seen, looks = now, 0
                yield
            else:
                time.sleep(every_seconds)
            before = now

    def remove(self, article_ids: Sequence[str]) -> list[Entry]:
        """Remove articles by id or unique prefix; all are found before any is removed."""
        entries = {e.article.article_id: e for e in map(self.library.entry, article_ids)}
        self.library.delete(list(entries))
        return list(entries.values())

    def edit(
        self,
        prefix: str,
        *,
        title: str | None = None,
        publisher: str | None = None,
        published: date | None = None,
        restore: Sequence[str] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Entry:
        """Correct what is known of an article; a correction outlives adding it again.

        `restore` puts back lines of `Article.removed`, "*" all of them; the text is then
        another, and so is the article's id.
        """
        entry = self.library.entry(prefix)
        if (title, publisher, published) != (None, None, None):
            entry = self.library.edit(
                entry.article.article_id, title=title, publisher=publisher, published=published
            )
        if restore is None:
            return entry
        return put_back(
            entry,
            restore,
            library=self.library,
            embedder=self.embedder,
            settings=self.settings,
            on_progress=on_progress or _silent,
        )

    def entries(self, filters: Filters | None = None) -> Iterator[Entry]:
        """Every article, newest first."""
        return self.library.entries(filters)

    def entry(self, prefix: str) -> Entry:
        """One article by its id or a unique prefix of it; raises `NotFound`."""
        return self.library.entry(prefix)

    def reindex(self, *, on_progress: OnProgress | None = None) -> int:
        """Cut and embed every article anew, as the settings say; the number of passages."""
        return make_anew(
            library=self.library,
            embedder=self.embedder,
            fingerprint=self.fingerprint,
            settings=self.settings,
            on_progress=on_progress or _silent,
        )

    def status(self, *, timed: bool = False) -> Status:
        """What the data folder holds and what works on it; `timed` lets a model write a line."""
        return status(self, timed=timed)


def _last(events: Generator[Event, None, None]) -> Answer:
    """The answer at the end of a stream."""
    with closing(events):
        for event in events:
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("a stream ends with Done")


def _silent(_: Progress) -> None:
    """Tell nobody."""


class _Watch:
    """Writes how long each stage took, in seconds."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
        self._since = time.perf_counter()

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self._seconds[name] = round(now - self._since, 4)
        self._since = now

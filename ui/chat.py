"""Asking: from a question to what the page shows of its answer. Knows no component.

`Chat.ask` is the flow: read the conversation, stream the answer, keep it. What it yields are
`View`s; `app` puts them into the page.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from rag.conversations import Conversation, Kept, turn_of
from rag.engine import Engine
from rag.errors import KutipError, NotFound
from rag.feedback import Feedback, Opinion
from rag.schema import (
    Answer,
    Delta,
    Done,
    Event,
    Found,
    Judged,
    Notice,
    Replace,
    Thinking,
)
from rag.standing import standing
from rag.suggest import suggest
from rag.text.days import written
from rag.text.language import detect
from ui.desk import Desk, Reader
from ui.shown import Shown
from ui.trouble import in_words
from ui.turn import turn_html, welcome_html

logger = logging.getLogger(__name__)

_REMEMBERED = 6  # turns that a follow-up may lean on
_TICK = 0.05  # seconds between two updates of the page while text streams
_MOST = 60  # questions a minute from one page
_EXAMPLES = 4

WORDS = {
    "en": {
        "chat_stopped": "You stopped this answer before it was complete.",
        "chat_left": "This answer was not completed: the page was closed or loaded anew.",
        "chat_went_on": "This conversation went on in another window; now it is shown as it is."
        " Try again.",
        "chat_unkept": "This answer could not be kept, and will be gone after a reload",
        "chat_too_many": "That were many questions in a minute. Wait a moment, then ask again.",
        "chat_running": "One question is being answered already. Stop it, or wait for it.",
        "chat_gone": "That conversation is not there any more. This is a new one.",
        "chat_nothing_kept": "That answer was not kept, so nothing can be noted about it.",
        "chat_asked": "{day}, {time}",
    },
    "id": {
        "chat_stopped": "Jawaban ini Anda hentikan sebelum selesai.",
        "chat_left": "Jawaban ini tidak selesai: halamannya ditutup atau dimuat ulang.",
        "chat_went_on": "Percakapan ini berlanjut di jendela lain; sekarang tampil seperti adanya."
        " Coba lagi.",
        "chat_unkept": "Jawaban ini tidak dapat disimpan dan hilang bila halaman dimuat ulang",
        "chat_too_many": "Terlalu banyak pertanyaan dalam satu menit. Tunggu sebentar, lalu"
        " tanyakan lagi.",
        "chat_running": "Satu pertanyaan masih dijawab. Hentikan dulu, atau tunggu sampai selesai.",
        "chat_gone": "Percakapan itu sudah tidak ada. Ini percakapan baru.",
        "chat_nothing_kept": "Jawaban itu tidak tersimpan, jadi tidak dapat diberi catatan.",
        "chat_asked": "{day}, pukul {time}",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the page changes; None stays as it is."""

    conversation_id: str | None = None
    history: str | None = None  # HTML of all turns but the newest
    live: str | None = None  # HTML of the newest turn
    box: str | None = None  # what stands in the question box
    asking: bool | None = None  # whether an answer is being made
    warning: str = ""  # to be said beside the page


@dataclass(slots=True)
class _Session:
    """What one open page is doing."""

    stop: asyncio.Event | None = None
    question: str = ""  # the newest one, kept or not
    page: int = 0  # grows when another conversation is shown
    turns: int = 0  # kept ones that the page shows
    asked: deque[float] = field(default_factory=deque)


class Chat:
    """Conversations of the pages that are open on one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sessions: dict[str, _Session] = {}
        self._feedback = Feedback(desk.engine.settings.data_dir)
        self._examples: dict[tuple[int, Reader], list[str]] = {}

    # What a page shows

    async def open(self, session: str, conversation_id: str, *, reader: Reader) -> View:
        """A conversation as it was kept, with what became of its articles since."""
        conversation, warning = None, ""
        if conversation_id:
            try:
                conversation = await asyncio.to_thread(exactly, self._desk, conversation_id)
            except NotFound:
                warning = WORDS[reader]["chat_gone"]
            except KutipError as error:
                warning = in_words(error, reader)
        turns = conversation.turns if conversation else ()
        named = conversation.conversation_id if conversation else ""
        self._sessions.setdefault(session, _Session()).turns = len(turns)
        shown = await asyncio.to_thread(self._shown, named, turns, reader)
        return View(
            conversation_id=named,
            history=self._html(shown[:-1], reader),
            live=self._html(shown[-1:], reader) or await self.welcome(reader=reader),
            asking=False,
            warning=warning,
        )

    async def welcome(self, *, reader: Reader, examples: bool = False) -> str:
        """What an empty conversation shows; looks for examples only when told to: that takes
        seconds, and is remembered."""
        return await asyncio.to_thread(self._welcome, reader, examples)

    def _welcome(self, reader: Reader, examples: bool) -> str:
        engine = self._desk.engine
        articles = 0
        found: list[str] = []
        try:
            articles = engine.library.counts()["articles"]
            key = (engine.library.generation(), reader)
            if examples and articles and key not in self._examples:
                self._examples.clear()
                self._examples[key] = suggest(engine, reader=reader, limit=_EXAMPLES)
            found = self._examples.get(key, [])
        except KutipError as error:
            logger.warning("No examples: %s", error)
        return welcome_html(found, articles=articles, reader=reader, read_only=self._desk.read_only)

    def _shown(self, conversation_id: str, turns: Sequence[Kept], reader: Reader) -> list[Shown]:
        """The turns as they were kept, with what was thought of them."""
        thought = {}
        try:
            thought = self._feedback.latest(conversation_id) if turns else {}
        except KutipError as error:
            logger.warning("What was thought of answers cannot be read: %s", error)
        shown = []
        for number, kept in enumerate(turns):
            turn = _finished(number, kept, self._desk.engine, reader)
            opinion = thought.get(number)
            # A turn that was asked again since has another answer than the opinion's.
            same = opinion is not None and opinion.answer_text == kept.answer.text
            liked = opinion.liked if opinion is not None and same else None
            shown.append(replace(turn, liked=liked, last=number + 1 == len(turns)))
        return shown

    def _html(self, shown: Sequence[Shown], reader: Reader) -> str:
        read_only = self._desk.read_only
        return "".join(turn_html(turn, reader=reader, read_only=read_only) for turn in shown)

    # Asking

    async def ask(
        self,
        session: str,
        conversation_id: str,
        question: str,
        *,
        reader: Reader,
        at: int | None = None,
        answerer: str | None = None,
        think: bool | None = None,
    ) -> AsyncGenerator[View, None]:
        """Ask, and show the answer as it is made; with `at`, in the place of that turn.

        What stood there stays until there is something to put in its place. Raises nothing
        that Kutip foresees: what goes wrong is shown.
        """
        mine = self._sessions.setdefault(session, _Session())
        refusal = self._refusal(mine, reader)
        if refusal:
            yield View(warning=refusal, box=question)
            return
        mine.stop = stop = asyncio.Event()
        mine.question = question
        page = mine.page
        try:
            turns = await asyncio.to_thread(self._turns, conversation_id)
            if at is not None and len(turns) > mine.turns:
                mine.stop, mine.question = None, ""
                view = await self.open(session, conversation_id, reader=reader)
                yield replace(view, warning=WORDS[reader]["chat_went_on"], box=question)
                return
            conversation_id = conversation_id if turns else self._desk.kept.new()
            place = len(turns) if at is None else min(at, len(turns))
            before = turns[:place]
            shown = _begun(place, question, reader)
            earlier = await asyncio.to_thread(self._shown, conversation_id, before, reader)
            earlier = [replace(turn, last=False) for turn in earlier]
            yield View(
                conversation_id=conversation_id,
                history=self._html(earlier, reader),
                live=self._html([shown], reader),
                asking=True,
            )
            asked = datetime.now(UTC)
            stream = self._desk.engine.stream(
                question,
                history=[turn_of(kept.answer) for kept in before[-_REMEMBERED:]],
                answerer=answerer,
                think=think,
            )
            kept = False
            try:
                async with aclosing(_states(stream, shown, stop, reader)) as states:
                    async for state in states:
                        shown = state
                        if shown.state not in ("done", "stopped") and page == mine.page:
                            # Said each time: the page may take two states for one, the later.
                            yield View(live=self._html([shown], reader), asking=True)
                if shown.state in ("done", "stopped"):
                    kept = True
                    if shown.state == "stopped" and shown.text:
                        shown = _cut_off(shown, WORDS[reader]["chat_stopped"])
                    shown = await asyncio.to_thread(
                        self._keep, conversation_id, shown, asked, before, len(turns), reader
                    )
                    mine.turns = place + bool(shown.text)
            finally:
                if not kept and shown.text:  # the page was closed or loaded anew meanwhile
                    left = _cut_off(shown, WORDS[reader]["chat_left"])
                    self._keep(conversation_id, left, asked, before, len(turns), reader)
            if page != mine.page:  # the reader looks at something else by now
                return
            mine.stop = None  # before it is shown that the next question may come
            empty = shown.state in ("stopped", "failed") and not shown.text
            yield View(
                live=self._html([replace(shown, last=True)], reader),
                box=question if empty else None,
                asking=False,
            )
        finally:
            if mine.stop is stop:
                mine.stop = None

    def stop(self, session: str) -> None:
        """End the answer that this page waits for; call it on the loop that answers."""
        mine = self._sessions.get(session)
        if mine is not None and mine.stop is not None:
            mine.stop.set()

    def turn_away(self, session: str) -> None:
        """End that answer and show nothing more of it: the page shows something else."""
        mine = self._sessions.setdefault(session, _Session())
        mine.page += 1
        mine.question = ""
        self.stop(session)

    def left(self, session: str) -> None:
        """Forget a page that was closed."""
        self.stop(session)
        self._sessions.pop(session, None)

    def has_asked(self, session: str) -> bool:
        """Whether this page shows what was asked from it, so that nothing may be put over it."""
        mine = self._sessions.get(session)
        return mine is not None and bool(mine.question)

    async def question_at(self, session: str, conversation_id: str, turn: int) -> str:
        """What was asked in that place, kept or only tried; "" when nothing was."""
        turns = await asyncio.to_thread(self._turns, conversation_id)
        if 0 <= turn < len(turns):
            return turns[turn].answer.question
        mine = self._sessions.get(session)
        return mine.question if mine else ""

    async def undo(self, session: str, conversation_id: str, turn: int, *, reader: Reader) -> View:
        """Take back a turn and those after it; its question stands in the box again."""
        question = await self.question_at(session, conversation_id, turn)
        try:
            there = len(await asyncio.to_thread(self._turns, conversation_id))
            mine = self._sessions.setdefault(session, _Session())
            if there > mine.turns:
                view = await self.open(session, conversation_id, reader=reader)
                return replace(view, warning=WORDS[reader]["chat_went_on"])
            if turn < there:
                await asyncio.to_thread(self._desk.kept.keep_first, conversation_id, max(0, turn))
        except KutipError as error:
            return View(warning=in_words(error, reader))
        mine.question = ""
        view = await self.open(session, conversation_id if turn else "", reader=reader)
        return replace(view, box=question)

    async def opine(
        self, conversation_id: str, turn: int, *, liked: bool, note: str, reader: Reader
    ) -> str:
        """Keep what the reader thought of an answer; words to say when there is no such one."""
        self._desk.must_write(reader)
        turns = await asyncio.to_thread(self._turns, conversation_id)
        if turn >= len(turns):
            return WORDS[reader]["chat_nothing_kept"]
        answer = turns[turn].answer
        opinion = Opinion(
            when=datetime.now(UTC),
            conversation_id=conversation_id,
            turn=turn,
            question=answer.question,
            answer_text=answer.text,
            answerer=answer.answerer,
            liked=liked,
            note=note,
            article_ids=turn_of(answer).article_ids,
        )
        await asyncio.to_thread(self._feedback.add, opinion)
        return ""

    def _refusal(self, mine: _Session, reader: Reader) -> str:
        if mine.stop is not None:
            return WORDS[reader]["chat_running"]
        now = time.monotonic()
        while mine.asked and mine.asked[0] < now - 60:
            mine.asked.popleft()
        if len(mine.asked) >= _MOST:
            return WORDS[reader]["chat_too_many"]
        mine.asked.append(now)
        return ""

    def _turns(self, conversation_id: str) -> tuple[Kept, ...]:
        """The turns kept so far; none where there is no such conversation."""
        if not conversation_id:
            return ()
        try:
            return exactly(self._desk, conversation_id).turns
        except NotFound:
            return ()

    def _keep(
        self,
        conversation_id: str,
        shown: Shown,
        asked: datetime,
        before: Sequence[Kept],
        there: int,
        reader: Reader,
    ) -> Shown:
        """Put the turn on disk in its place; the turn, as it is to be shown from now on."""
        answer = shown.answer
        if answer is None:  # stopped before the first word
            return shown
        try:
            if there > len(before):
                self._desk.kept.keep_first(conversation_id, len(before))
            self._desk.kept.append(conversation_id, answer, asked=asked)
        except KutipError as error:
            unkept = f"{WORDS[reader]['chat_unkept']}: {in_words(error, reader)}"
            return replace(shown, notices=(*shown.notices, unkept))
        return replace(shown, asked=_when(asked, reader))


# The turn in the making --------------------------------------------------------------------


def _begun(number: int, question: str, reader: Reader) -> Shown:
    language = detect(question) or reader
    return Shown(
        number=number,
        question=question,
        state="searching",
        language="id" if language == "id" else "en",
    )


async def _states(
    stream: AsyncGenerator[Event, None], shown: Shown, stop: asyncio.Event, reader: Reader
) -> AsyncGenerator[Shown, None]:
    """The turn, again and again, a few times a second at most; the last one says how it ended."""
    stopped = asyncio.ensure_future(stop.wait())
    try:
        async with aclosing(stream) as events, _Next(events) as following:
            due, told = 0.0, True
            event: Event | None = None
            while not isinstance(event, Done):
                pause = None if told else max(0.0, due - time.monotonic())
                either: set[asyncio.Future[Any]] = {following.future, stopped}
                await asyncio.wait(either, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                if stopped.done():
                    yield replace(shown, state="stopped")
                    return
                if following.future.done():
                    event = following.take()
                    shown, told = _after(shown, event), False
                if time.monotonic() >= due or not isinstance(event, Delta | Judged | Thinking):
                    yield shown
                    due, told = time.monotonic() + _TICK, True
    except KutipError as error:
        yield replace(shown, state="failed", problem=in_words(error, reader))
    finally:
        stopped.cancel()


class _Next:
    """The next event of a stream, as something that can be waited for beside others.

    Left while it is waited for, it lets go and waits until the stream has ended what it did: a
    generator that runs cannot be closed.
    """

    def __init__(self, events: AsyncGenerator[Event, None]) -> None:
        self._events = events
        self.future: asyncio.Future[Event] = asyncio.ensure_future(anext(events))

    def take(self) -> Event:
        """The event that has come; the one after it is waited for, if there is to be one."""
        event = self.future.result()
        if not isinstance(event, Done):
            self.future = asyncio.ensure_future(anext(self._events))
        return event

    async def __aenter__(self) -> _Next:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.future.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration, KutipError):
            await self.future


def _after(shown: Shown, event: Event) -> Shown:
    """The turn when this has happened."""
    if isinstance(event, Found):
        return replace(
            shown, hits=event.hits, query=event.query, answerer=event.answerer, state="writing"
        )
    if isinstance(event, Thinking):
        return replace(shown, state="thinking")
    if isinstance(event, Delta):
        return replace(shown, text=shown.text + event.text, state="writing")
    if isinstance(event, Judged):
        return replace(
            shown,
            statements=(*shown.statements, event.statement),
            citations=event.citations or shown.citations,
        )
    if isinstance(event, Notice):
        return replace(shown, notices=(*shown.notices, event.text))
    if isinstance(event, Replace):
        return replace(shown, text=event.text, statements=(), citations=())
    answer = event.answer
    return replace(
        shown,
        state="done",
        answer=answer,
        text=answer.text,
        query=answer.query,
        statements=answer.statements,
        citations=answer.citations,
        hits=answer.hits,
        answerer=answer.answerer,
        notices=answer.notices,
        language="id" if answer.language == "id" else "en",
    )


def _cut_off(shown: Shown, notice: str) -> Shown:
    """What there is of an answer that did not come to its end, with a notice that says so."""
    notices = (*shown.notices, notice)
    answer = Answer(
        question=shown.question,
        query=shown.query or shown.question,
        text=shown.text,
        language=shown.language,
        statements=shown.statements,
        citations=shown.citations,
        hits=shown.hits,
        answerer=shown.answerer or "extractive",
        notices=notices,
    )
    return replace(shown, state="stopped", notices=notices, answer=answer)


def exactly(desk: Desk, conversation_id: str) -> Conversation:
    """The kept conversation of this very id; raises `NotFound`.

    A few characters of it will not do: whoever guesses them would read what others asked.
    """
    found = desk.kept.open(conversation_id)
    if found.conversation_id != conversation_id:
        raise NotFound("there is no such conversation")
    return found


def _finished(number: int, kept: Kept, engine: Engine, reader: Reader) -> Shown:
    """A turn as it was kept, and what became of what it cites."""
    answer = kept.answer
    became = {}
    try:
        became = standing(answer, engine)
    except KutipError as error:
        logger.warning("What is cited cannot be looked up: %s", error)
    return Shown(
        number=number,
        question=answer.question,
        state="done",
        language="id" if answer.language == "id" else "en",
        query=answer.query,
        text=answer.text,
        statements=answer.statements,
        citations=answer.citations,
        hits=answer.hits,
        answerer=answer.answerer,
        notices=answer.notices,
        answer=answer,
        asked=_when(kept.asked, reader),
        standing=became,
    )


def _when(moment: datetime, reader: Reader) -> str:
    """When it was asked, by this machine's clock."""
    local = moment.astimezone()
    return WORDS[reader]["chat_asked"].format(
        day=written(local.date(), reader), time=f"{local:%H:%M}"
    )

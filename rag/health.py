"""What a data folder holds, what works on it, and what is wrong with it. Changes nothing.

The language model is asked for one short answer when that is wished, so that its pace is
known; nothing of the articles is in that question.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag import machine
from rag.errors import GenerationFailed, KutipError, ModelError, ServerError
from rag.schema import LanguageModel, ModelServer, Status
from rag.search.reader import prove_reader

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.settings import Settings

MULTILINGUAL = "intfloat/multilingual-e5-small"  # the embedding model that reads Indonesian too
# Long enough to tell the pace of the words after the first, short enough to wait for.
_TRIAL = "Count from one to twenty in words, and say nothing else."
_TRIAL_TOKENS = 64
_TRIAL_SECONDS = 30.0  # loading a model from a slow disk takes most of that
_LOW_DISK = 1_000_000_000  # bytes
# What a model takes in memory beside its own size: its context of 8,192 tokens, its workspace.
_BESIDE = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a model did on one short answer."""

    first_word_seconds: float | None = None  # None: no word came
    answer_seconds: float | None = None  # None: it came to no end
    tokens_per_second: float | None = None  # from the first word on; None: too few to tell
    problem: str = ""  # why it came to no end, with what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who would write an answer, as far as its server could be asked."""

    answerer: str  # "extractive", "ollama:gemma4:e4b"
    server: ModelServer | None = None
    model: LanguageModel | None = None
    reason: str = ""  # why not the model that is set, in one sentence
    problems: tuple[str, ...] = ()


def version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version as of

    return of("kutip")


def status(engine: Engine, *, timed: bool = False) -> Status:
    """The state of the engine's data folder and of what answers; problems are lines.

    With `timed`, the language model that would answer, if any, writes one short answer, for
    half a minute at most. What a server does or fails to do is told, never raised.
    """
    settings, library, info = engine.settings, engine.library, engine.embedder.info
    counts = library.counts()
    languages = Counter(entry.article.metadata.language or "unknown" for entry in library.entries())
    found = writing(settings)
    model = found.model
    trial = Trial()
    if timed and model is not None and found.server is not None:
        trial = timed_answer(found.server, model, settings, seconds=_TRIAL_SECONDS)
    free = machine.disk_free(settings.data_dir)
    problems = [
        *library.problems(),
        *_disk(settings.data_dir, free),
        *_reading(info.name, languages["id"]),
        *_unread(engine),
        *found.problems,
        *filter(None, [trial.problem]),
    ]
    return Status(
        version=version(),
        data_dir=str(settings.data_dir.absolute()),
        articles=counts["articles"],
        sources=counts["sources"],
        passages=counts["passages"],
        pending=counts["pending"],
        vectors=counts["vectors"] if counts["vectors"] >= 0 else None,
        generation=library.generation(),
        embedder=info.name,
        revision=info.revision,
        dimension=info.dimension,
        fingerprint=engine.fingerprint,
        stored_fingerprint=library.stored_fingerprint(),
        answerer=found.answerer,
        disk_bytes=_size(settings.data_dir),
        languages=dict(sorted(languages.items())),
        disk_free_bytes=free,
        model_server=found.server,
        model=model.name if model else None,
        model_reason=found.reason,
        model_runs=_runs(found),
        model_context_tokens=model.context_tokens if model else None,
        context_tokens=context_of(model, settings) if model else settings.context_tokens,
        first_word_seconds=trial.first_word_seconds,
        answer_seconds=trial.answer_seconds,
        tokens_per_second=trial.tokens_per_second,
        problems=tuple(problems),
    )


def _unread(engine: Engine) -> list[str]:
    """What is wrong with what reads the best sentences of every question, whatever embeds."""
    if engine.reader is None:
        return []
    try:
        prove_reader(cache_dir=engine.settings.data_dir)
    except ModelError as error:
        return [_told(error)]
    return []


def writing(settings: Settings) -> Writing:
    """Who would write the next answer, and why; never raises because of a server or a setting.

    Where nothing listens, that is known from one attempt to connect.
    """
    from rag.answer.model import server as servers
    from rag.answerers import address, wish

    by_name = "" if settings.answerer == "auto" else settings.answerer
    server: ModelServer | None = None
    try:
        wished = wish(settings)
        if wished.kind is None:
            return Writing(answerer="extractive", reason="the settings say so")
        url = address(settings, wished.kind)
        server = ModelServer(url=url, kind=wished.kind, where=servers.where(url))
        if not servers.reachable(url):
            raise ServerError(f"nothing answers at {url}", hint='See "kutip setup".')
        server = servers.inspect(url, kind=wished.kind, key=settings.llm_key)
        model, remark = servers.choose(server, wanted=wished.model, by_name=wished.by_name)
        if model is not None and model.context_tokens is None:
            model = servers.show(url, model.name, kind=wished.kind, key=settings.llm_key)
    except KutipError as error:
        told = _told(error)
        problems = server.problems if server else ()
        # A server that is away is no fault where nobody asked for a model by name.
        fault = bool(by_name) or not isinstance(error, ServerError)
        return Writing(
            answerer=by_name or "extractive",
            server=server,
            reason=told,
            problems=(*problems, f"The answerer {by_name or 'auto'} is not to be had: {told}")
            if fault
            else problems,
        )
    if model is None:
        return Writing(
            answerer="extractive", server=server, reason=remark, problems=server.problems
        )
    return Writing(
        answerer=f"{wished.kind}:{model.name}",
        server=server,
        model=model,
        reason=remark,
        problems=(*server.problems, *_fitting(model, server, settings)),
    )


def _told(error: KutipError) -> str:
    """An error and its remedy in one line."""
    stop = "." if error.hint and not error.message.endswith((".", "!", "?")) else ""
    return f"{error.message}{stop} {error.hint}".strip()


def context_of(model: LanguageModel | None, settings: Settings) -> int:
    """The tokens of prompt and answer together that `model` is given."""
    most = model.context_tokens if model else None
    return min(settings.context_tokens, most or settings.context_tokens)


def timed_answer(
    server: ModelServer,
    model: LanguageModel,
    settings: Settings,
    *,
    seconds: float,
) -> Trial:
    """How long `model` takes over one short answer, at most `seconds`; failing is a problem.

    The model is loaded as for a real answer, so that it need not be again for one, and does not
    think first unless it always does. May be called where a loop runs already.
    """
    trial = _trial(server, model, settings, seconds)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        run: Callable[[Coroutine[None, None, Trial]], Trial] = asyncio.run
    else:
        run = _elsewhere
    return run(trial)


def _elsewhere(trial: Coroutine[None, None, Trial]) -> Trial:
    """`trial`, run in a thread of its own, because this one has a loop that runs."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, trial).result()


async def _trial(
    server: ModelServer, model: LanguageModel, settings: Settings, seconds: float
) -> Trial:
    from rag.answer.model.generate import Finished, Limits, Piece, Writer
    from rag.answer.model.prompt import Message

    writer = Writer(
        kind=server.kind,
        url=server.url,
        model=model.name,
        key=settings.llm_key,
        limits=Limits(
            context_tokens=context_of(model, settings),
            answer_tokens=_TRIAL_TOKENS,
            seconds=seconds,
            max_bytes=settings.answer_bytes,
            keep_alive=settings.keep_alive,
        ),
        think=False,
    )
    await asyncio.to_thread(writer.load)  # what is imported once is not the model's doing
    begun = time.perf_counter()
    began: float | None = None  # to say or to think anything
    first: float | None = None
    finished: Finished | None = None
    failure = ""
    try:
        async with (
            asyncio.timeout(seconds + 5),  # the writer keeps its own time; this is if it does not
            aclosing(writer.reply([Message(role="user", content=_TRIAL)])) as parts,
        ):
            async for part in parts:
                if isinstance(part, Finished):
                    finished = part
                    continue
                began = began or time.perf_counter() - begun
                if isinstance(part, Piece) and first is None and part.text.strip():
                    first = time.perf_counter() - begun
    except GenerationFailed as error:
        if error.cause != "slow":
            failure = f"{model.name} failed on a short answer: {_told(error)}"
    except TimeoutError:
        pass  # as if the writer had kept its time: nothing is finished
    whole = time.perf_counter() - begun
    if failure or finished is None or finished.reason == "out_of_time":
        slow = (
            f"{model.name} did not end a short answer within {seconds:g} seconds. It may have "
            'been loading: try again. A smaller model is quicker; "kutip setup" offers one.'
        )
        return Trial(first_word_seconds=_rounded(first), problem=failure or slow)
    counted, pace = finished.answer_tokens, None
    if began is not None and counted is not None and counted > 1 and whole > began:
        pace = round((counted - 1) / (whole - began), 1)
    return Trial(
        first_word_seconds=_rounded(first),
        answer_seconds=_rounded(whole),
        tokens_per_second=pace,
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _runs(found: Writing) -> Literal["this machine", "another host", "the cloud"] | None:
    if found.model is None or found.server is None:
        return None
    return "the cloud" if found.model.cloud else found.server.where


def _fitting(model: LanguageModel, server: ModelServer, settings: Settings) -> list[str]:
    """What a model lacks for the settings, or this machine for the model."""
    lacks = []
    most = model.context_tokens
    if most is not None and most < settings.context_tokens:
        lacks.append(
            f"{model.name} reads {most:,} tokens at most, fewer than the "
            f"{settings.context_tokens:,} of the setting context_tokens: it is shown fewer "
            "passages. Take another model to use them all."
        )
    here = server.where == "this machine" and not model.cloud
    memory = machine.memory_bytes() if here and model.size_bytes else 0
    needs = (model.size_bytes or 0) + _BESIDE
    if memory and needs > memory and needs > (machine.gpu_bytes() or 0):
        others = ", ".join(suggestion.name for suggestion in machine.suggest(memory)[:2])
        lacks.append(
            f"{model.name} wants {machine.gigabytes(needs)} of memory and this machine has "
            f"{machine.gigabytes(memory)}: it will be slow or fail. "
            + (f"Smaller ones: {others}." if others else machine.too_small(memory))
        )
    return lacks


def _disk(folder: Path, free: int | None) -> list[str]:
    if free is None or free >= _LOW_DISK:
        return []
    where = f"where {folder.absolute()} is"
    return [
        f"Only {machine.gigabytes(free)} of disk is free {where}: make room before adding articles."
    ]


def _reading(embedder: str, indonesian: int) -> list[str]:
    """Whether a better embedding model for these articles lies unused on this machine."""
    from rag.search.weights import BUNDLED_NAME

    if embedder != BUNDLED_NAME or not indonesian or not multilingual_is_here():
        return []
    better = f'{MULTILINGUAL} is on this machine: "kutip setup" changes over'
    return [f"{embedder} was made for English, {indonesian:,} articles are Indonesian; {better}."]


def multilingual_is_here() -> bool:
    """Whether the multilingual embedding model is on this machine, complete enough to open."""
    from rag.search.weights import Notes, find_model

    try:
        find_model(MULTILINGUAL, Notes(None))
    except ModelError:
        return False
    return True


def _size(folder: Path) -> int:
    """Bytes of all files below `folder`; a file that vanishes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total

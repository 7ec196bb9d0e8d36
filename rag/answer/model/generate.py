"""Ask a local language model for one reply, as a stream, within limits.

Speaks through llama-index to Ollama or to an OpenAI-compatible server. Knows nothing of passages,
marks or prompts; never asks twice for what was begun, and never takes half a reply for a whole
one. A client is made for each reply (half a millisecond): a connection that is kept would be
dead after a restart of the server, and a client belongs to one event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from rag.answer.model import failures
from rag.answer.model.failures import Kind, OutOfTime, TooMuch, failure, status_of, words_of
from rag.answer.model.heard import Heard
from rag.answer.model.thought import Piece, Thought
from rag.errors import GenerationFailed

if TYPE_CHECKING:
    import ssl

    from llama_index.core.base.llms.types import ChatResponse
    from llama_index.core.llms import LLM

    from rag.answer.model.prompt import Message
    from rag.answer.model.wire import AsyncBounded

__all__ = ["Finished", "Limits", "Piece", "Thought", "Writer"]

Extra = dict[str, Any]

# After its last word a server may still send its counts; nobody waits longer for them.
_AFTERWARDS = 1.0  # seconds
# What may come over the line for one answer, in bytes: each token has its own line of JSON.
_WIRE_BYTES, _WIRE_PER_BYTE = 4_000_000, 256
# Servers that want no key get this one, as OpenAI's client insists on one.
_NO_KEY = "none"
# Words of a refusal that is about a part of the request that can be left out.
_OPTIONAL: dict[Kind, tuple[str, ...]] = {
    "ollama": ("think",),
    "openai": (
        "stream_options", "include_usage", "chat_template", "extra", "unrecognized", "unknown",
        "unsupported", "not permitted",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a model may read, write and take for one reply."""

    context_tokens: int  # prompt and answer; the same in every request, or the model is reloaded
    answer_tokens: int
    seconds: float  # from the request to the last word
    max_bytes: int  # of the answer, in UTF-8
    keep_alive: str  # how long Ollama keeps the model in memory: "30m"
    thinking_tokens: int = 0  # allowed beyond `answer_tokens` when it thinks first


@dataclass(frozen=True, slots=True)
class Finished:
    """Why a reply ended, and its tokens as the server counted them, where it did."""

    reason: Literal["stop", "length", "too_long", "repeated", "out_of_time"]
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """What one line of a server's answer says, whatever kind of server it is."""

    text: str = ""
    thought: str = ""
    ended: Literal["", "stop", "length"] = ""
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


class Writer:
    """One model on one server, asked with the same limits every time; safe to share."""

    def __init__(
        self, *, kind: Kind, url: str, model: str, key: str, limits: Limits, think: bool
    ) -> None:
        self._kind, self._url, self._model, self._key = kind, url.rstrip("/"), model, key
        self._limits, self._think = limits, think
        self._trust: ssl.SSLContext | None = None
        self._expected: tuple[type[Exception], ...] = ()  # what the libraries raise

    def load(self) -> None:
        """Import what a reply needs (2 s, once); a reply does so itself, in a thread."""
        import httpx

        from rag.answer.model import wire

        if self._kind == "ollama":
            import llama_index.llms.ollama
            import ollama

            theirs: type[Exception] = ollama.ResponseError
        else:
            import llama_index.llms.openai_like  # noqa: F401 - loaded here, used below
            import openai

            theirs = openai.OpenAIError
        self._trust = wire.trusted(self._url)
        # The last ones are how the libraries fail on JSON of another shape than they expect.
        self._expected = (
            theirs, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, LookupError,
            TypeError, AttributeError, RecursionError,
        )  # fmt: skip

    async def reply(
        self, messages: Sequence[Message]
    ) -> AsyncGenerator[Thought | Piece | Finished, None]:
        """What the model thinks and says; `Finished` comes last.

        Raises `GenerationFailed` where it does not come to an end of its own or of a limit's;
        what was said until then has been given out. Closing the generator, or cancelling the
        task that waits for it, closes the connection, upon which the server stops.
        """
        if not self._expected:
            await asyncio.to_thread(self.load)
        heard = Heard(self._limits.max_bytes)
        last: _Chunk | None = None
        failed: GenerationFailed | None = None
        reason: Literal["too_long", "repeated", "out_of_time"] | None = None
        try:
            async with aclosing(self._chunks(messages)) as chunks:
                async for chunk in chunks:
                    last = _joined(last, chunk)
                    for part in heard.feed(chunk.text, thought=chunk.thought):
                        yield part
                    reason = heard.over
                    if reason:
                        break
        except OutOfTime:
            reason = "out_of_time"
        except TooMuch:
            reason = "too_long"
        except GenerationFailed as error:
            failed = error
        for part in heard.close():
            yield part
        reason = heard.over or reason
        if last is not None and last.ended and reason not in ("repeated", "too_long"):
            # The answer is whole; what went wrong after its end is of no concern.
            failed = reason = None
        if failed is not None:
            raise failed
        self._check(heard, last, reason)
        yield Finished(
            reason or ("length" if last is not None and last.ended == "length" else "stop"),
            last.prompt_tokens if last is not None else None,
            last.answer_tokens if last is not None else None,
        )

    def _check(self, heard: Heard, last: _Chunk | None, reason: str | None) -> None:
        """Raise where a stream that ended in good order holds no reply."""
        who = {"url": self._url, "model": self._model}
        if not heard.anything and reason == "out_of_time":
            raise failures.slow(seconds=self._limits.seconds, **who)
        if not heard.anything and reason == "too_long":
            raise failures.endless(**who)
        if reason is None and (last is None or not last.ended):
            raise failures.no_done(**who)
        if not heard.anything:
            cut = last is not None and last.ended == "length"
            raise failures.empty(thought=heard.thought, cut=cut, **who)

    async def _chunks(self, messages: Sequence[Message]) -> AsyncGenerator[_Chunk, None]:
        """The server's answer line by line.

        What only some servers and models understand is left out and asked again where the
        request is refused for it; nothing has been said then.
        """
        until = time.monotonic() + self._limits.seconds
        try:
            async with aclosing(self._lines(messages, until, simple=False)) as lines:
                async for line in lines:
                    yield line
        except _Simpler:
            async with aclosing(self._lines(messages, until, simple=True)) as lines:
                async for line in lines:
                    yield line

    async def _lines(
        self, messages: Sequence[Message], until: float, *, simple: bool
    ) -> AsyncGenerator[_Chunk, None]:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        chat = [
            ChatMessage(role=MessageRole(message.role), content=message.content)
            for message in messages
            if message.content.strip()
        ]
        transport = self._transport()
        make = self._ollama if self._kind == "ollama" else self._openai
        llm, more = make(transport, simple=simple)
        stream: Any = None
        ended = False
        try:
            while True:
                left = until - time.monotonic()
                if left <= 0:  # also of a flood that never has to be waited for
                    raise OutOfTime
                try:
                    # Not one timeout around all: it would fire inside whoever reads this.
                    async with asyncio.timeout(left):
                        if stream is None:
                            stream = await llm.astream_chat(chat, **more)
                        answer = await anext(stream, None)
                    line = None if answer is None else _read(answer)
                except TimeoutError as error:
                    raise OutOfTime from error
                except self._expected as error:
                    if not simple and self._wants_simpler(error):
                        raise _Simpler from error
                    raise failure(
                        error, kind=self._kind, url=self._url, model=self._model
                    ) from error
                if line is None:
                    break
                if line.ended and not ended:
                    ended = True
                    until = min(until, time.monotonic() + _AFTERWARDS)
                yield line
                await asyncio.sleep(0)  # a flood must not keep others waiting
            if not ended and transport.done:
                yield _Chunk(ended="stop")
        finally:
            await self._hang_up(transport, stream)

    async def _hang_up(self, transport: AsyncBounded, stream: Any) -> None:
        """Close the connection, and let the library's generators end by it, each in its place.

        Closed from the outside, the inner ones would be left to the garbage collector, and to
        errors in the log of a loop that ends before it comes.
        """
        await transport.aclose()
        if stream is not None:
            with suppress(TooMuch, *self._expected):
                while await anext(stream, None) is not None:
                    pass

    def _wants_simpler(self, error: Exception) -> bool:
        """Whether a request was refused for something that it can do without."""
        said = words_of(error).lower()
        return status_of(error) in (400, 422) and any(w in said for w in _OPTIONAL[self._kind])

    def _transport(self) -> AsyncBounded:
        from rag.answer.model.wire import AsyncBounded

        assert self._trust is not None
        most = _WIRE_BYTES + _WIRE_PER_BYTE * self._limits.max_bytes
        return AsyncBounded(max_bytes=most, trust=self._trust)

    def _tokens(self) -> int:
        limits = self._limits
        return limits.answer_tokens + (limits.thinking_tokens if self._think else 0)

    def _ollama(self, transport: AsyncBounded, *, simple: bool) -> tuple[LLM, Extra]:
        """The model as llama-index sees it, and what a request adds."""
        import ollama
        from llama_index.llms.ollama import Ollama

        from rag.answer.model.wire import timeout

        limits = self._limits
        client = ollama.AsyncClient(
            host=self._url,
            timeout=timeout(limits.seconds),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            headers={"Authorization": f"Bearer {self._key}"} if self._key else None,
        )
        llm = Ollama(
            model=self._model,
            base_url=self._url,
            # Stated, so that it is neither looked up nor left to the server, which cuts silently.
            context_window=limits.context_tokens,
            temperature=0.0,
            keep_alive=limits.keep_alive,
            # None leaves it to the server: the model turned out not to know of thinking.
            thinking=None if simple else self._think,
            additional_kwargs={"num_predict": self._tokens()},
            async_client=client,
        )
        return llm, {}

    def _openai(self, transport: AsyncBounded, *, simple: bool) -> tuple[LLM, Extra]:
        """The same for a server that speaks OpenAI's protocol."""
        import httpx
        from llama_index.llms.openai_like import OpenAILike

        from rag.answer.model.wire import timeout

        limits = self._limits
        times = timeout(limits.seconds)
        client = httpx.AsyncClient(
            transport=transport, timeout=times, trust_env=False, follow_redirects=False
        )
        extra: Extra = {} if simple else {"stream_options": {"include_usage": True}}
        if not simple and not self._think:
            # How llama.cpp and vLLM are told; others ignore it, or refuse and are asked again.
            extra["extra_body"] = {"chat_template_kwargs": {"enable_thinking": False}}
        llm = OpenAILike(
            model=self._model,
            api_base=self._url,
            api_key=self._key or _NO_KEY,
            is_chat_model=True,
            context_window=limits.context_tokens,
            max_tokens=self._tokens(),
            temperature=0.0,
            max_retries=0,
            additional_kwargs=extra,
            async_http_client=client,
        )
        return llm, {"timeout": times}


class _Simpler(Exception):
    """The server refused what only some servers or models understand."""


def _joined(before: _Chunk | None, chunk: _Chunk) -> _Chunk:
    """`chunk`, with what was known of the end and the counts before it."""
    if before is None:
        return chunk
    return replace(
        chunk,
        ended=chunk.ended or before.ended,
        prompt_tokens=chunk.prompt_tokens or before.prompt_tokens,
        answer_tokens=chunk.answer_tokens or before.answer_tokens,
    )


def _read(answer: ChatResponse) -> _Chunk:
    """One line of either kind of server, as llama-index gives it."""
    thought = answer.additional_kwargs.get("thinking_delta")
    raw: Any = answer.raw
    if isinstance(raw, dict):  # Ollama's
        ended, usage = raw["done"] and (raw.get("done_reason") or "stop"), raw
        counts = (usage.get("prompt_eval_count"), usage.get("eval_count"))
    else:
        ended = next((choice.finish_reason for choice in raw.choices if choice.finish_reason), "")
        counts = (
            getattr(raw.usage, "prompt_tokens", None),
            getattr(raw.usage, "completion_tokens", None),
        )
    prompt_tokens, answer_tokens = (n if isinstance(n, int) and n > 0 else None for n in counts)
    return _Chunk(
        text=_clean(answer.delta),
        thought=_clean(thought),
        ended=("length" if ended == "length" else "stop") if ended else "",
        prompt_tokens=prompt_tokens,
        answer_tokens=answer_tokens,
    )


def _clean(text: str | None) -> str:
    """The text without lone surrogates, which JSON can spell and nothing can print."""
    return (text or "").encode(errors="replace").decode()

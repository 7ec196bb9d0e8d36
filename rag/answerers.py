"""Who answers: a language model that a server offers, or nobody but the quotes.

Asks the server; changes nothing there. What the reader must know of the choice is said.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from rag.answer.model import server as servers
from rag.answer.model.generate import Limits, Writer
from rag.errors import AnswererUnavailable, BadSetting, ServerError
from rag.schema import LanguageModel, ModelServer
from rag.settings import Settings

_FRESH = 20.0  # seconds
_THOUGHT = 4  # times as many tokens as for the answer
Kind = Literal["ollama", "openai"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which answerer is asked for."""

    kind: Kind | None  # None: only quotes
    model: str
    by_name: bool  # then nothing else will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Who answers; without a `writer`, sentences are quoted."""

    label: str  # "extractive", "ollama:gemma4:e4b"
    writer: Writer | None = None
    model: LanguageModel | None = None
    server: ModelServer | None = None
    context_tokens: int = 0  # of prompt and answer together
    answer_tokens: int = 0  # of those for what it writes, thoughts included
    remarks: tuple[str, ...] = ()  # what to say aloud, a line each
    in_indonesian: tuple[str, ...] = ()  # the same, where there is a translation

    def remarks_in(self, language: str) -> tuple[str, ...]:
        """What to say aloud to a reader of this language."""
        return self.in_indonesian if language == "id" and self.in_indonesian else self.remarks


def wish(settings: Settings, answerer: str | None = None) -> Wish:
    """What the settings ask for, or `answerer` in their place; raises `BadSetting`.

    >>> wish(Settings(), "ollama:qwen3:4b")
    Wish(kind='ollama', model='qwen3:4b', by_name=True)
    """
    said = answerer or settings.answerer
    usual: Kind = "openai" if settings.llm_url else "ollama"
    name, _, model = said.partition(":")
    if name == "extractive" and not model:
        return Wish(kind=None, model="", by_name=True)
    if said == "auto":
        return Wish(kind=usual, model=settings.model, by_name=False)
    if name == "model" and model:  # wherever models are
        return Wish(kind=usual, model=model, by_name=True)
    if name == "openai" and not settings.llm_url:
        raise BadSetting(
            f"the answerer {said!r} needs a server",
            hint="Name it in KUTIP_LLM_URL, such as http://127.0.0.1:8000/v1.",
        )
    if name in ("ollama", "openai"):
        kind: Kind = "ollama" if name == "ollama" else "openai"
        return Wish(kind=kind, model=model or settings.model, by_name=True)
    raise BadSetting(
        f"there is no answerer {said!r}",
        hint='It is "auto", "extractive", "ollama:MODEL" or "openai:MODEL".',
    )


def address(settings: Settings, kind: Kind) -> str:
    """The base address of the server of this kind; raises `BadSetting`."""
    return (
        settings.llm_url.rstrip("/") if kind == "openai" else servers.address(settings.ollama_host)
    )


class Answerers:
    """Chooses who answers; remembers for a little while what a server said it has."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: tuple[float, ModelServer] | None = None  # until when, what
        self._writers: dict[tuple[str, str, bool], Writer] = {}

    def choose(self, answerer: str | None = None, *, think: bool | None = None) -> Chosen:
        """Who answers the next question; asks the server, so call it from a thread.

        Raises `AnswererUnavailable` when a model asked for by name cannot be had.
        """
        settings = self._settings
        asked = wish(settings, answerer)
        if asked.kind is None:
            return Chosen(label="extractive")
        url = address(settings, asked.kind)
        if not servers.reachable(url):
            nobody = f"tidak ada yang menjawab di {url}"
            return self._without(asked, f"nothing answers at {url}", nobody)
        try:
            server = self._look(asked.kind, url, anew=asked.by_name)
            if server.version is None and not server.models:
                why = server.problems[0] if server.problems else f"{url} is no model server"
                return self._without(asked, why.rstrip("."))
            model, remark = servers.choose(server, wanted=asked.model, by_name=asked.by_name)
        except ServerError as error:
            return self._without(asked, error.message)
        if model is None:
            return Chosen(label="extractive", server=server, remarks=(remark,) if remark else ())
        remarks = [remark] if remark else []
        if not model.cloud and server.where != "this machine":
            remarks.append(f"{model.name} runs on another host, {url}: the passages went there.")
        context = min(settings.context_tokens, model.context_tokens or settings.context_tokens)
        thinks = settings.think == "on" if think is None else think
        if thinks and model.can and "thinking" not in model.can:
            thinks = False
            remarks.append(f"{model.name} cannot think before it answers.")
        return Chosen(
            label=f"{asked.kind}:{model.name}",
            writer=self._writer(asked.kind, url, model.name, context, think=thinks),
            model=model,
            server=server,
            context_tokens=context,
            answer_tokens=settings.answer_tokens + self._thought(context, think=thinks),
            remarks=tuple(remarks),
        )

    def _thought(self, context: int, *, think: bool) -> int:
        """Tokens that a model may think before it answers."""
        return min(context // 4, _THOUGHT * self._settings.answer_tokens) if think else 0

    def server(self, answerer: str | None = None) -> ModelServer:
        """The server of the models that the settings, or `answerer`, name."""
        kind = wish(self._settings, answerer).kind or wish(self._settings, "auto").kind
        assert kind is not None  # "auto" always names one
        return servers.inspect(address(self._settings, kind), kind=kind, key=self._settings.llm_key)

    def _look(self, kind: Kind, url: str, *, anew: bool) -> ModelServer:
        """What the server has, as it said not long ago: it reads every model to tell."""
        now = time.monotonic()
        if self._seen is None or anew or self._seen[1].url != url or now > self._seen[0]:
            server = servers.inspect(url, kind=kind, key=self._settings.llm_key)
            self._seen = (now + _FRESH, server)
        return self._seen[1]

    def _without(self, asked: Wish, why: str, indonesian: str | None = None) -> Chosen:
        if asked.kind == "ollama":
            commands = f'"ollama pull {asked.model}" and "ollama serve"'
            remedy = f'{commands} give one; see "kutip setup".'
            obat = f'Jalankan {commands.replace(" and ", " dan ")}; lihat "kutip setup".'
        else:
            remedy = "Start that server, or mend KUTIP_LLM_URL."
            obat = "Jalankan server itu, atau perbaiki KUTIP_LLM_URL."
        if asked.by_name:
            raise AnswererUnavailable(
                f"{asked.model} cannot be had: {why}",
                hint=f'{remedy} Or ask with "--answerer extractive".',
            )
        return Chosen(
            label="extractive",
            remarks=(f"Quoted without a language model: {why}. {remedy}",),
            in_indonesian=(f"Dikutip tanpa model bahasa: {indonesian or why}. {obat}",),
        )

    def _writer(self, kind: Kind, url: str, model: str, context: int, *, think: bool) -> Writer:
        settings = self._settings
        key = (f"{kind} {url} {context}", model, think)
        if key not in self._writers:
            self._writers[key] = Writer(
                kind=kind,
                url=url,
                model=model,
                key=settings.llm_key,
                limits=Limits(
                    context_tokens=context,
                    answer_tokens=settings.answer_tokens,
                    seconds=settings.answer_seconds,
                    max_bytes=settings.answer_bytes,
                    keep_alive=settings.keep_alive,
                    thinking_tokens=self._thought(context, think=think),
                ),
                think=think,
            )
        return self._writers[key]

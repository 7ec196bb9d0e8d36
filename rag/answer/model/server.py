"""The server of language models: what it is, what it has, and getting more.

Knows nothing of prompts and answers. A server is believed in nothing: what it sends is limited in
time and size and read as data of any shape. Importing this imports the standard library only.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from rag.answer.model.address import (
    address,
    listens_everywhere,
    open_to_others,
    port_of,
    reachable,
    where,
)
from rag.answer.model.choice import choose, is_cloud, tagged
from rag.answer.model.client import Client, Record, expected, failed, limited
from rag.answer.model.failures import Kind, quoted, shown
from rag.errors import ServerError
from rag.schema import LanguageModel, ModelServer, Progress

__all__ = [
    "address", "choose", "inspect", "is_cloud", "loaded_context", "pull", "reachable", "show",
    "where",
]  # fmt: skip

OLDEST = (0, 35, 0)  # what Kutip is tested with; older ones lack safety fixes
# Models looked at one by one for what they can do; more of them would make a look too slow.
_SHOWN = 20
_PULL_BYTES = 500_000_000  # of the report on a download, not of the download
_PULL_SILENCE = 300.0  # seconds; a checksum over many gigabytes is made without a word
_SHOW_SECONDS = 10.0
# Families and names of models that make vectors and no text, where a server says no more.
_EMBEDS = re.compile(r"embed|bert|(?:^|[/_-])(?:bge|gte|e5|minilm)(?:[-_:]|$)", re.IGNORECASE)


def inspect(
    url: str, *, kind: Kind = "ollama", key: str = "", seconds: float = 10.0
) -> ModelServer:
    """The server at `url` with its models and what is wrong with it, within `seconds`.

    Never raises for what the server does or does not: that is in `problems`.
    """
    server = ModelServer(url=url.rstrip("/"), kind=kind, where=where(url))
    until = time.monotonic() + seconds
    try:
        version, models = limited(lambda: _look(url, kind, key, seconds), url, kind, seconds)
    except ServerError as error:
        return replace(server, problems=(f"{error.message}. {error.hint}",))
    if kind == "ollama":
        models = _with_abilities(models, url, key, until)
    server = replace(server, version=version, models=models)
    return replace(server, problems=tuple(_problems(server)))


def show(url: str, name: str, *, kind: Kind = "ollama", key: str = "") -> LanguageModel:
    """The model `name`, with what it can do and its context.

    Raises `ServerError` where the server is away or has no such model.
    """
    return limited(lambda: _show(url, name, kind, key, _SHOW_SECONDS), url, kind, _SHOW_SECONDS)


def loaded_context(url: str, name: str) -> int | None:
    """The context in tokens with which Ollama has `name` in memory; None when it has not.

    Raises `ServerError` where the server is away.
    """

    def ask() -> int | None:
        with Client(url, "", _SHOW_SECONDS) as server:
            running = _entries(server.get("/api/ps"), "models")
        for entry in running:
            if name.strip() and tagged(_name(entry)) == tagged(name):
                return _positive(entry.get("context_length"))
        return None

    return limited(ask, url, "ollama", _SHOW_SECONDS)


def pull(url: str, name: str) -> Generator[Progress, None, None]:
    """Have Ollama download a model; bytes done and in all, over all its parts known so far.

    Closing the iterator stops the download, which a later one takes up again. Raises
    `ServerError` where it fails.
    """
    import httpx
    import ollama

    from rag.answer.model import wire

    cut = ServerError(
        f"the download of {quoted(name)} at {shown(url)} ended before it was complete",
        hint="Start it again; it goes on where it stopped.",
    )
    week = 7 * 86_400.0
    transport = wire.Bounded(
        max_bytes=_PULL_BYTES, until=time.monotonic() + week, trust=wire.trusted(url)
    )
    client = ollama.Client(
        host=url,
        transport=transport,
        timeout=wire.timeout(_PULL_SILENCE),
        trust_env=False,
        follow_redirects=False,
    )
    parts: dict[str, tuple[int, int]] = {}
    status = ""
    try:
        for line in client.pull(name, stream=True):
            status = line.status or status
            if line.digest and line.total:
                done = max(line.completed or 0, parts.get(line.digest, (0, 0))[0])
                parts[line.digest] = (min(done, line.total), line.total)
            total = sum(size for _, size in parts.values())
            done = sum(had for had, _ in parts.values())
            yield Progress(stage="loading", done=done, total=total or None, label=quoted(status))
    except ollama.ResponseError as error:
        raise _not_pulled(url, name, str(error.error)) from error
    except (httpx.ReadError, httpx.RemoteProtocolError) as error:
        raise cut from error
    except expected() as error:
        raise failed(error, url, "ollama") from error
    finally:
        transport.close()
    if status != "success":
        raise cut


def _look(
    url: str, kind: Kind, key: str, seconds: float
) -> tuple[str | None, tuple[LanguageModel, ...]]:
    """Version and models, as far as lists tell of them."""
    with Client(url, key, seconds) as server:
        if kind == "openai":
            return None, tuple(_listed(e) for e in _entries(server.get("/models"), "data"))
        version = server.get("/api/version").get("version")
        models = tuple(_tag(e) for e in _entries(server.get("/api/tags"), "models"))
    return quoted(version) if isinstance(version, str) and version else None, models


def _with_abilities(
    models: tuple[LanguageModel, ...], url: str, key: str, until: float
) -> tuple[LanguageModel, ...]:
    """The models with what they can do, as far as there is time to ask; a list does not say."""
    known: list[LanguageModel] = []
    for number, model in enumerate(models):
        left = until - time.monotonic()
        told = model
        # What cannot be told stays unknown: such a model is given the chance to write.
        if number < _SHOWN and not model.can and not model.cloud and left > 0:
            with suppress(ServerError):
                told = limited(
                    partial(_show, url, model.name, "ollama", key, left), url, "ollama", left
                )
        known.append(
            replace(model, can=told.can, context_tokens=told.context_tokens, cloud=told.cloud)
        )
    return tuple(known)


def _show(url: str, name: str, kind: Kind, key: str, seconds: float) -> LanguageModel:
    with Client(url, key, seconds) as server:
        if kind == "openai":
            listed = [_listed(e) for e in _entries(server.get("/models"), "data")]
            found = next((model for model in listed if model.name == name), None)
            if found is None:
                raise _no_model(url, name, kind)
            return found
        told = server.post("/api/show", {"model": name}, missing=_no_model(url, name, kind))
    details, facts = _record(told.get("details")), _record(told.get("model_info"))
    context = facts.get(f"{facts.get('general.architecture')}.context_length")
    return LanguageModel(
        name=name,
        parameters=_text(details.get("parameter_size")),
        context_tokens=_positive(context),
        can=_abilities(told),
        cloud=is_cloud(name) or bool(told.get("remote_host")),
    )


def _tag(entry: Record) -> LanguageModel:
    """A model as Ollama's list tells of it."""
    details, name = _record(entry.get("details")), _name(entry)
    can = _abilities(entry)
    if not can and (_EMBEDS.search(name) or _EMBEDS.search(str(details.get("family", "")))):
        can = ("embedding",)
    return LanguageModel(
        name=name,
        size_bytes=_positive(entry.get("size")),
        parameters=_text(details.get("parameter_size")),
        can=can,
        cloud=is_cloud(name) or bool(entry.get("remote_host")),
    )


def _listed(entry: Record) -> LanguageModel:
    """A model as an OpenAI-compatible server tells of it; vLLM and llama.cpp add its context."""
    name = _name(entry)
    context = entry.get("max_model_len") or _record(entry.get("meta")).get("n_ctx_train")
    return LanguageModel(
        name=name,
        context_tokens=_positive(context),
        can=("embedding",) if _EMBEDS.search(name) else (),
        cloud=is_cloud(name),
    )


def _problems(server: ModelServer) -> Iterator[str]:
    """What is wrong with a server that answers, one line each, with what to do."""
    if server.kind == "ollama":
        version = re.match(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", server.version or "")
        number = tuple(map(int, version.groups())) if version else OLDEST
        if (0, 0, 0) < number < OLDEST:  # 0.0.0 is what a build of one's own calls itself
            oldest = ".".join(map(str, OLDEST))
            yield (
                f"Ollama {server.version} at {shown(server.url)} is older than {oldest}. "
                "Update it, as older ones have known holes."
            )
        if server.where == "this machine" and (
            listens_everywhere(os.environ.get("OLLAMA_HOST", ""))
            or open_to_others(port_of(server.url))
        ):
            yield (
                "Ollama can be reached from other machines, and asks nobody for a password. "
                "Set OLLAMA_HOST=127.0.0.1 where it is started, and start it again."
            )
    cloud = [model.name for model in server.models if model.cloud]
    if cloud:
        yield (
            f"Not on this machine but at ollama.com: {', '.join(cloud)}. "
            "Questions to such a model leave this machine; use another."
        )


def _not_pulled(url: str, name: str, said: str) -> ServerError:
    hint = "Look at the log of Ollama, and try again; it goes on where it stopped."
    if "file does not exist" in said or "not found" in said or "invalid model name" in said:
        hint = "There is no such model: see https://ollama.com/library for names."
    elif "no space" in said:
        hint = "Make room on the disk where Ollama keeps its models, and try again."
    elif "dial tcp" in said or "lookup" in said:
        hint = "Ollama needs the internet to download a model: connect, and try again."
    return ServerError(
        f"{quoted(name)} could not be downloaded at {shown(url)}: {quoted(said)}", hint=hint
    )


def _no_model(url: str, name: str, kind: Kind) -> ServerError:
    hint = f"Get it with: ollama pull {quoted(name)}"
    if kind == "openai":
        hint = "Name one that the server has: see its list of models at /models."
    return ServerError(f"{shown(url)} has no model {quoted(name)}", hint=hint)


def _entries(content: Record, field: str) -> list[Record]:
    """The records of a list that have a name."""
    listed = content.get(field)
    if not isinstance(listed, list):
        raise TypeError(f"it has no list of {field}")
    return [entry for entry in listed if isinstance(entry, dict) and _name(entry)]


def _name(entry: Record) -> str:
    told = entry.get("model") or entry.get("name") or entry.get("id")
    return quoted(told) if isinstance(told, str) else ""


def _abilities(content: Record) -> tuple[str, ...]:
    told = content.get("capabilities")
    listed = told if isinstance(told, list) else []
    return tuple(quoted(ability) for ability in listed if isinstance(ability, str))


def _record(content: object) -> Record:
    return content if isinstance(content, dict) else {}


def _text(content: object) -> str | None:
    return (quoted(content) or None) if isinstance(content, str) else None


def _positive(content: object) -> int | None:
    is_count = isinstance(content, int) and not isinstance(content, bool)
    return content if is_count and isinstance(content, int) and content > 0 else None

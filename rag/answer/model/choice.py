"""Which of a server's models answers, when one was asked for by name and when none was."""

from __future__ import annotations

from rag.answer.model.failures import quoted, shown
from rag.errors import AnswererUnavailable
from rag.schema import LanguageModel, ModelServer

# The largest model that most machines hold in memory, in bytes on disk.
_FITTING = 10_000_000_000


def is_cloud(name: str) -> bool:
    """Whether a model's name says that it runs at ollama.com, whatever server is asked.

    >>> is_cloud("gpt-oss:120b-cloud"), is_cloud("glm-4.6:cloud"), is_cloud("cloudy:8b")
    (True, True, False)
    """
    return name.strip().lower().endswith((":cloud", "-cloud"))


def tagged(name: str) -> str:
    """A name as Ollama completes it, in lower case: without a tag it means the latest.

    >>> tagged("Gemma4"), tagged("hf.co:443/some/model"), tagged("gemma4:e4b")
    ('gemma4:latest', 'hf.co:443/some/model:latest', 'gemma4:e4b')
    """
    plain = name.strip().lower()
    return plain if ":" in plain.rpartition("/")[2] else f"{plain}:latest"


def choose(server: ModelServer, *, wanted: str, by_name: bool) -> tuple[LanguageModel | None, str]:
    """The model that shall answer, and what the user must be told of the choice ("": nothing).

    `by_name`: the user asked for `wanted` and nothing else; where it cannot be had,
    `AnswererUnavailable` is raised. Otherwise another one may stand in, never one that only
    makes vectors or that runs elsewhere.
    """
    found = _named(server, wanted)
    if by_name:
        return _exactly(server, found, wanted)
    if found is not None and can_chat(found) and not found.cloud:
        return found, ""
    others = [model for model in server.models if can_chat(model) and not model.cloud]
    if not others:
        if _is_away(server):
            return None, server.problems[0]
        return None, f"{shown(server.url)} has no language model. {_get(server, wanted)}"
    best = min(others, key=lambda model: _preference(model, wanted))
    if found is None:
        why = f"{shown(server.url)} has no model {quoted(wanted)}: {best.name} answers instead. "
        return best, why + _get(server, wanted)
    why = "runs at ollama.com" if found.cloud else "cannot write"
    return best, f"{found.name} {why}: {best.name} answers instead."


def can_chat(model: LanguageModel) -> bool:
    """Whether a model writes, as far as is known: what states nothing is given the chance."""
    return not model.can or "completion" in model.can


def _exactly(
    server: ModelServer, found: LanguageModel | None, wanted: str
) -> tuple[LanguageModel, str]:
    if found is None and _is_away(server):
        problem, _, hint = server.problems[0].partition(". ")
        raise AnswererUnavailable(f"{quoted(wanted)} cannot answer: {problem}", hint=hint)
    if found is None:
        raise AnswererUnavailable(
            f"{shown(server.url)} has no model {quoted(wanted)}", hint=_get(server, wanted)
        )
    if not can_chat(found):
        raise AnswererUnavailable(
            f"{found.name} cannot write; it can: {', '.join(found.can)}",
            hint="Name a model for chat.",
        )
    if found.cloud:
        return found, (
            f"{found.name} runs at ollama.com: the question and what is quoted of the articles "
            "leave this machine."
        )
    return found, ""


def _named(server: ModelServer, wanted: str) -> LanguageModel | None:
    for model in server.models:
        if model.name == wanted.strip():
            return model
    if server.kind == "openai":
        return None
    return next((m for m in server.models if tagged(m.name) == tagged(wanted)), None)


def _get(server: ModelServer, wanted: str) -> str:
    if server.kind == "ollama":
        return f"Get it with: ollama pull {quoted(wanted)}"
    there = ", ".join(model.name for model in server.models[:10])
    return f"Name one that it has: {there}." if there else "Load one there."


def _is_away(server: ModelServer) -> bool:
    return server.version is None and not server.models and bool(server.problems)


def _preference(model: LanguageModel, wanted: str) -> tuple[bool, bool, int, str]:
    """Lower is better: of the wanted family, then the largest that fits, else the smallest."""
    size = model.size_bytes or 0
    fits = size <= _FITTING
    family = wanted.partition(":")[0].lower()
    other = model.name.partition(":")[0].lower() != family
    return other, not fits, -size if fits else size, model.name

"""What went wrong with a model's server, in one line: what, which, and what to do next.

Reads the errors of httpx, Ollama's client and OpenAI's client by their shape, so that none of
the three is imported here.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.errors import GenerationFailed
from rag.text.plain import one_line

Kind = Literal["ollama", "openai"]

# How much of a server's own words is passed on, in characters.
MAX_QUOTED = 200

_MEMORY = re.compile(
    r"out of memory|more system memory|cudamalloc|insufficient memory|not enough memory"
    r"|(?:unable|failed|cannot|could not)(?: be| to)? allocate|resource limitations"
    r"|process has terminated: signal: killed",
    re.IGNORECASE,
)
_SECRET = re.compile(r"(?<=//)[^/@\s]*@")


class TooMuch(Exception):
    """A server sent more bytes than any answer needs."""


class OutOfTime(Exception):
    """The time for a whole answer is over."""


def quoted(text: str) -> str:
    r"""A server's words on one line, shortened.

    >>> quoted("no\x1b[2J room\n left")
    'no[2J room left'
    """
    line = one_line(text[: 20 * MAX_QUOTED])
    return line if len(line) <= MAX_QUOTED else line[: MAX_QUOTED - 1].rstrip() + "…"


def shown(url: str) -> str:
    """An address without the name and password it may hold.

    >>> shown("http://me:secret@10.0.0.2:80/v1")
    'http://10.0.0.2:80/v1'
    """
    return _SECRET.sub("", quoted(url))


def status_of(error: BaseException) -> int | None:
    """The HTTP status that an error reports; None where there is none."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def words_of(error: BaseException) -> str:
    """What the server itself said about an error."""
    body = getattr(error, "body", None)  # of OpenAI's client: the JSON it sent
    if isinstance(body, dict):
        inner = body.get("error", body)
        for told in (
            inner.get("message") if isinstance(inner, dict) else inner,
            body.get("detail"),
        ):
            if isinstance(told, str) and told:
                return told
    told = getattr(error, "error", None)  # of Ollama's client
    return told if isinstance(told, str) and told else str(error)


def failure(error: BaseException, *, kind: Kind, url: str, model: str) -> GenerationFailed:
    """`error`, as raised by a client library while `model` was asked, in the user's words."""
    at = f"{quoted(model)} at {shown(url)}"
    inner = error.__cause__
    name = type(error).__name__
    if name in ("APIConnectionError", "APITimeoutError") and inner is not None:
        return failure(inner, kind=kind, url=url, model=model)
    if _is_answer(error):
        return _refusal(error, kind=kind, url=url, model=model)
    said = quoted(str(error)) or name
    if name in ("ConnectError", "ConnectTimeout", "ConnectionRefusedError", "ConnectionError"):
        return GenerationFailed(
            f"{at} cannot be asked: nothing answers there", hint=start(kind), cause="absent"
        )
    if name in ("ReadTimeout", "WriteTimeout", "PoolTimeout"):
        return slow(url=url, model=model, seconds=None)
    if name in ("ReadError", "WriteError", "CloseError", "ConnectionResetError", "BrokenPipeError"):
        return GenerationFailed(
            f"{at} broke off: the connection was reset", hint=_AGAIN, cause="reset"
        )
    if name == "RemoteProtocolError" and ("peer closed" in said or "disconnected" in said):
        return GenerationFailed(
            f"{at} broke off: its server closed the connection before the end",
            hint=_AGAIN,
            cause="died",
        )
    if name in ("LocalProtocolError", "UnsupportedProtocol", "InvalidURL"):
        return GenerationFailed(f"{at} cannot be asked: {said}", hint=start(kind), cause="absent")
    server = "Ollama" if kind == "ollama" else "an OpenAI-compatible server"
    return GenerationFailed(
        f"{at} sent something that cannot be read: {said}",
        hint=f"See that {server} answers at that address, and that it is up to date.",
        cause="garbage",
    )


def slow(*, url: str, model: str, seconds: float | None) -> GenerationFailed:
    """The failure to say a word in time."""
    within = "in time" if seconds is None else f"within {seconds:g} s"
    return GenerationFailed(
        f"{quoted(model)} at {shown(url)} said nothing {within}",
        hint="Ask again, as it may still have been loading; or allow more with "
        "KUTIP_ANSWER_SECONDS, or use a smaller model.",
        cause="slow",
    )


def endless(*, url: str, model: str) -> GenerationFailed:
    """The failure to come to an answer among all that was sent."""
    return GenerationFailed(
        f"{quoted(model)} at {shown(url)} sent far more than an answer, and no answer in it",
        hint="See what answers at that address.",
        cause="endless",
    )


def no_done(*, url: str, model: str) -> GenerationFailed:
    """The failure to say that the answer is whole."""
    return GenerationFailed(
        f"{quoted(model)} at {shown(url)} stopped without saying that it was done",
        hint=_AGAIN,
        cause="no_done",
    )


def empty(*, url: str, model: str, thought: bool, cut: bool) -> GenerationFailed:
    """The failure to say anything; `thought`: it thought; `cut`: until no tokens were left."""
    did = "only thought and said nothing" if thought else "said nothing"
    hint = "Ask again, or use another model."
    if thought:
        hint = "Ask without thinking (KUTIP_THINK=off), or use another model."
    elif cut:
        hint = "Allow a longer answer with KUTIP_ANSWER_TOKENS."
    if thought and cut:
        did = "used all the tokens it may write for thinking and said nothing"
        hint = "Ask without thinking (KUTIP_THINK=off), or allow more with KUTIP_ANSWER_TOKENS."
    return GenerationFailed(f"{quoted(model)} at {shown(url)} {did}", hint=hint, cause="empty")


_AGAIN = "Ask again; if it happens again, look at the log of the model's server."


def start(kind: Kind) -> str:
    """What to do when nothing answers."""
    if kind == "ollama":
        return 'Start it with "ollama serve", or correct OLLAMA_HOST.'
    return "Start the server, or correct KUTIP_LLM_URL."


def _is_answer(error: BaseException) -> bool:
    """Whether the server itself said that something is wrong."""
    return status_of(error) is not None or type(error).__name__ in ("ResponseError", "APIError")


def _refusal(error: BaseException, *, kind: Kind, url: str, model: str) -> GenerationFailed:
    status, said = status_of(error), words_of(error)
    at = f"{quoted(model)} at {shown(url)}"
    words = quoted(said)
    if _MEMORY.search(said):
        return GenerationFailed(
            f"{at} ran out of memory: {words}",
            hint="Use a smaller model, or fewer context tokens with KUTIP_CONTEXT_TOKENS.",
            cause="memory",
        )
    if status == 404 and ("model" in said.lower() or not said):
        hint = f"Get it with: ollama pull {quoted(model)}"
        if kind == "openai":
            hint = "Name one that the server has: see its list of models at /models."
        return GenerationFailed(
            f"{shown(url)} has no model {quoted(model)}", hint=hint, cause="missing"
        )
    if status in (429, 503):
        return GenerationFailed(
            f"{at} is busy: {words}", hint="Wait a little and ask again.", cause="busy"
        )
    if status in (401, 403):
        return GenerationFailed(
            f"{at} refused the request ({status}): {words}",
            hint="Give the key that the server wants in KUTIP_LLM_KEY.",
            cause="refused_request",
        )
    if status is not None and 300 <= status < 500:
        return GenerationFailed(
            f"{at} refused the request ({status}): {words}",
            hint="See that the address and the model are right, or use another model.",
            cause="refused_request",
        )
    return GenerationFailed(f"{at} reported an error: {words}", hint=_AGAIN, cause="error_line")

"""What a model of a test does with a request, and what is known of the request."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Body = dict[str, Any]

ENDING_ERROR = "an error was encountered while running the model: unexpected EOF"
STATUS_ERRORS = {
    500: "model runner has unexpectedly stopped, this may be due to resource limitations or an "
    "internal error, check ollama server logs for details",
    503: "server busy, please try again.  maximum pending requests exceeded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What the model does with one request for words. All times are in seconds.

    It says all of it, whatever `num_predict` asks for: how it ends is for the script to say.
    """

    text: str = "This is what the model says."
    pieces: tuple[str, ...] | None = None  # how the text is cut into chunks; None: after a space
    thinking: str = ""  # sent before the text, where the request lets the model think
    first_after: float = 0.0  # before the first byte, headers included
    every: float = 0.0  # between chunks
    done_reason: str = "stop"
    prompt_tokens: int | None = None  # None: UTF-8 bytes of the prompt // 4; 0: left out
    # What comes after the text: all as it should be; a stream closed in good order without its
    # last line; a connection closed amid the stream; a TCP reset; an error as the last line;
    # a last line that is not JSON; nothing more, ever.
    ending: Literal["done", "no_done", "die", "reset", "error_line", "garbage", "hang"] = "done"
    error: str = ""  # text of the error line, or of the status below; "": what Ollama would say
    status: int = 200  # another: this is answered instead of words
    endless: bool = False  # says `text` again and again

    def said(self) -> tuple[str, ...]:
        """The chunks of one round of the text, each as it goes out."""
        return self.pieces if self.pieces is not None else cut(self.text)


Behaviour = Script | Callable[[Body], Script]


def cut(text: str) -> tuple[str, ...]:
    """`text` in pieces, each up to and with its space.

    >>> cut("Two  words.")
    ('Two ', ' ', 'words.')
    """
    return tuple(re.findall(r"[^ ]* |[^ ]+", text))


def prompt_of(body: Mapping[str, Any]) -> str:
    """All the text that a request puts before the model, one message after another."""
    if "messages" not in body:
        return "\n".join(filter(None, (body.get("system"), body.get("prompt"))))
    return "\n".join(content_of(message) for message in body["messages"])


def content_of(message: Mapping[str, Any]) -> str:
    """The text of one message, also where it is given as a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """One request for words that reached the model."""

    body: Body
    prompt: str
    gone: threading.Event = field(default_factory=threading.Event)  # the client hung up early
    gone_at: float | None = None  # time.monotonic()
    sent: int = 0  # chunks of text and thought so far
    ended: bool = False  # the server sent what the script told it to


class Wire(Protocol):
    """How one kind of server puts a model's words into bytes."""

    content_type: str

    def thought(self, text: str) -> bytes: ...
    def piece(self, text: str) -> bytes: ...
    def last(self, reason: str, *, words: int) -> bytes: ...
    def whole(self, text: str, thinking: str, reason: str, *, words: int) -> Body: ...
    def failed(self, error: str) -> bytes: ...
    def garbage(self) -> bytes: ...
    def refusal(self, error: str, status: int) -> Body: ...


def parts(script: Script, *, think: bool) -> Iterator[tuple[str, bool]]:
    """What is said, chunk by chunk, and whether it is only thought."""
    if think:
        yield from ((text, True) for text in cut(script.thinking))
    while True:
        yield from ((text, False) for text in script.said())
        if not script.endless:
            return


def compact(content: object) -> bytes:
    """JSON without spaces, as UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

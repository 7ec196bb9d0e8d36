"""A double of Ollama's server: its endpoints, its JSON, its refusals.

What it imitates was read off Ollama 0.35 and its Python client: compact JSON, a line to a chunk;
`content` in every chat line; `stream` on unless switched off; zero counts left out; prompts cut
to the context without a word.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.fake_models import GEMMA, LIBRARY, FakeModel, pull_lines, tagged
from tests.fake_script import Behaviour, Body, Chat, Script, compact, prompt_of
from tests.http_double import Call, Double

DEFAULT_CONTEXT = 4096  # tokens; what Ollama gives a request that names none, on a small machine
DEFAULT_KEEP_ALIVE = 300.0  # seconds
FOR_EVER = 100 * 365 * 86_400.0  # seconds; how Ollama keeps a model without end
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model in memory."""

    model: FakeModel
    context: int  # tokens
    expires: datetime


class Lines:
    """Chat or generate answers, a line of JSON to a chunk."""

    content_type = "application/x-ndjson"

    def __init__(self, model: str, *, chat: bool, prompt_tokens: int, loading: float) -> None:
        self._model, self._chat = model, chat
        self._prompt_tokens, self._loading = prompt_tokens, loading
        self._arrived = time.perf_counter_ns()
        self._spoke: int | None = None

    def _record(self, text: str, *, thinking: str = "", done: bool = False) -> Body:
        if self._spoke is None:
            self._spoke = time.perf_counter_ns()
        record: Body = {"model": self._model, "created_at": now()}
        if self._chat:
            message = {"role": "assistant", "content": text}
            record["message"] = message | ({"thinking": thinking} if thinking else {})
        else:
            record |= {"response": text} | ({"thinking": thinking} if thinking else {})
        return record | {"done": done}

    def _counts(self, words: int) -> Body:
        ended = time.perf_counter_ns()
        spoke = self._spoke or ended
        counts = {
            "total_duration": ended - self._arrived,
            "load_duration": int(self._loading * 1e9),
            "prompt_eval_count": self._prompt_tokens,
            "prompt_eval_duration": (spoke - self._arrived) if self._prompt_tokens else 0,
            "eval_count": words,
            "eval_duration": ended - spoke,
        }
        return {name: count for name, count in counts.items() if count}

    def thought(self, text: str) -> bytes:
        """A line of thinking; it has its empty content all the same."""
        return compact(self._record("", thinking=text)) + b"\n"

    def piece(self, text: str) -> bytes:
        """A line of the answer."""
        return compact(self._record(text)) + b"\n"

    def last(self, reason: str, *, words: int) -> bytes:
        """The line that says that it is done, with the counts."""
        record = self._record("", done=True) | {"done_reason": reason} | self._counts(words)
        return compact(record) + b"\n"

    def whole(self, text: str, thinking: str, reason: str, *, words: int) -> Body:
        """The answer in one, for a request with `stream` off."""
        record = self._record(text, thinking=thinking, done=bool(reason))
        return record | ({"done_reason": reason} | self._counts(words) if reason else {})

    def failed(self, error: str) -> bytes:
        """The line that ends an answer that failed after it began."""
        return compact({"error": error}) + b"\n"

    def garbage(self) -> bytes:
        """A line that is no JSON."""
        return b'{"model":"' + self._model.encode() + b'","mess\n'

    def refusal(self, error: str, status: int) -> Body:
        """The answer before the first byte that says why there is none."""
        return {"error": error}


class FakeOllama(Double):
    """Ollama on a port of this machine, with a model that follows a script.

    `num_ctx_limit` is a server that gives less context than it is asked for. `pulls` are the
    lines of every pull; None: those of a real one, for a name that `LIBRARY` has, else an error.
    `pull_every` are the seconds between them, and `list_after` those before the models are
    listed. A pull that reaches "success" adds its model.
    `pulling` holds the pulls so far, as `chats` does the chats.
    """

    def __init__(
        self,
        script: Behaviour = Script(),  # noqa: B008 - frozen
        *,
        models: Sequence[FakeModel] = (GEMMA,),
        version: str = "0.35.2",
        pulls: Sequence[Body] | None = None,
        num_ctx_limit: int | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(script, port=port)
        self.models = {tagged(model.name): model for model in models}
        self.version = version
        self.pulls = pulls
        self.pull_every = 0.0
        self.list_after = 0.0
        self.num_ctx_limit = num_ctx_limit
        self.loaded: dict[str, Loaded] = {}
        self.pulling: list[Chat] = []

    def answer(self, call: Call) -> None:
        """Answer one request as Ollama does."""
        method = "GET" if call.command == "HEAD" else call.command
        match (method, call.path):
            case ("GET", "/"):
                call.reply(200, b"Ollama is running", "text/plain; charset=utf-8")
            case ("GET", "/api/version"):
                call.reply_json(200, {"version": self.version})
            case ("GET", "/api/tags"):
                time.sleep(self.list_after)
                call.reply_json(200, {"models": [m.entry() for m in self.models.values()]})
            case ("GET", "/api/ps"):
                call.reply_json(200, {"models": self._running()})
            case ("POST", "/api/chat" | "/api/generate" | "/api/show" | "/api/embed" | "/api/pull"):
                self._post(call)
            case ("DELETE", "/api/delete"):
                self._post(call)
            case _:
                call.reply(404, b"404 page not found", "text/plain")

    def _post(self, call: Call) -> None:
        body = call.body
        if body is None:
            call.reply_json(400, {"error": "missing request body"})
            return
        name = body.get("model") or body.get("name") or ""
        if not name:
            call.reply_json(400, {"error": "model is required"})
            return
        if call.path == "/api/pull":
            self._pull(call, body, name)
            return
        model = self.models.get(tagged(name))
        if model is None:
            call.reply_json(404, {"error": f"model '{name}' not found"})
        elif call.path == "/api/show":
            call.reply_json(200, model.shown())
        elif call.path == "/api/embed":
            self._embed(call, body, name)
        elif call.path == "/api/delete":
            self.models.pop(tagged(name), None)
            self.loaded.pop(tagged(name), None)
            call.reply(200, b"", "application/json; charset=utf-8")
        else:
            self._words(call, body, name, model)

    def _words(self, call: Call, body: Body, name: str, model: FakeModel) -> None:
        """Chat and generate."""
        chats = call.path == "/api/chat"
        kept = duration(body.get("keep_alive"))
        think = body.get("think")
        if kept is None:
            bad = f'time: invalid duration "{body["keep_alive"]}"'
            call.reply_json(400, {"error": bad})
            return
        asked = body.get("messages") if chats else body.get("prompt")
        if not asked and kept == 0:
            self.loaded.pop(tagged(model.name), None)
            call.reply_json(200, _idle(name, "unload", chat=chats))
            return
        if "completion" not in model.capabilities:
            call.reply_json(400, {"error": f'"{name}" does not support {call.path[5:]}'})
            return
        if think and "thinking" not in model.capabilities:
            call.reply_json(400, {"error": f'"{name}" does not support thinking'})
            return
        loaded, fresh = self._load(model, body, kept)
        if not asked:
            call.reply_json(200, _idle(name, "load", chat=chats))
            return
        prompt = prompt_of(body)
        chat = Chat(body=body, prompt=prompt)
        self.chats.append(chat)
        script = self.scripted(body)
        tokens = script.prompt_tokens
        if tokens is None:
            tokens = max(1, len(prompt.encode()) // 4)
        wire = Lines(
            name,
            chat=chats,
            prompt_tokens=min(tokens, loaded.context),
            loading=0.02 if fresh else 0.001,
        )
        thinks = "thinking" in model.capabilities and think is not False
        call.perform(script, chat, wire, stream=body.get("stream") is not False, think=thinks)
        if kept == 0:
            self.loaded.pop(tagged(model.name), None)

    def _load(self, model: FakeModel, body: Body, kept: float) -> tuple[Loaded, bool]:
        """The model in memory, and whether it had to be loaded."""
        wanted = (body.get("options") or {}).get("num_ctx") or DEFAULT_CONTEXT
        limits = (wanted, model.context_length, self.num_ctx_limit or wanted)
        before = self.loaded.get(tagged(model.name))
        expires = datetime.now(UTC) + timedelta(seconds=kept)
        loaded = Loaded(model=model, context=min(limits), expires=expires)
        self.loaded[tagged(model.name)] = loaded
        return loaded, before is None or before.context != loaded.context

    def _running(self) -> list[Body]:
        entries = []
        for loaded in list(self.loaded.values()):
            entry = loaded.model.entry()
            del entry["modified_at"]
            entry["expires_at"] = loaded.expires.isoformat()
            entry["size_vram"] = 0
            entry["context_length"] = loaded.context
            entries.append(entry)
        return entries

    def _embed(self, call: Call, body: Body, name: str) -> None:
        given = body.get("input") or []
        texts = [given] if isinstance(given, str) else given
        vectors = [embedding(text) for text in texts]
        tokens = sum(len(text.encode()) // 4 for text in texts)
        answer: Body = {"model": name, "embeddings": vectors, "total_duration": 1_000_000}
        call.reply_json(200, answer | ({"prompt_eval_count": tokens} if tokens else {}))

    def _pull(self, call: Call, body: Body, name: str) -> None:
        chat = Chat(body=body, prompt=name)
        self.pulling.append(chat)
        lines = self.pulls if self.pulls is not None else list(pull_lines(name))
        if body.get("stream") is False:
            last = lines[-1] if lines else {}
            if last.get("status") == "success":
                self._pulled(name)
            call.reply_json(500 if "error" in last else 200, last)
            return
        with call.watch(chat):
            for line in lines:
                call.pause(self.pull_every if chat.sent else 0.0)
                if line.get("status") == "success":
                    self._pulled(name)
                chat.sent += 1
                chat.ended = chat.sent == len(lines)
                call.chunk(compact(line) + b"\n", Lines.content_type, last=chat.ended)
            if not lines:
                call.chunk(b"", Lines.content_type, last=True)

    def _pulled(self, name: str) -> None:
        known = LIBRARY.get(tagged(name), GEMMA)
        self.models[tagged(name)] = replace(known, name=tagged(name))


def _idle(name: str, reason: str, *, chat: bool) -> Body:
    """The answer to a request without a question: the model was loaded, or let go."""
    said = {"message": {"role": "assistant", "content": ""}} if chat else {"response": ""}
    return {"model": name, "created_at": now(), **said, "done": True, "done_reason": reason}


def now() -> str:
    """The moment as Go writes it: RFC 3339 with nanoseconds, UTC."""
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{nanoseconds:09d}Z"


def duration(keep_alive: object) -> float | None:
    """Seconds that a model is kept; a negative one is for ever; None: not a duration.

    >>> duration("30m"), duration("1h30m"), duration(0), duration(None), duration("soon")
    (1800.0, 5400.0, 0.0, 300.0, None)
    """
    if keep_alive is None:
        return DEFAULT_KEEP_ALIVE
    seconds: float | None = None
    if isinstance(keep_alive, int | float):
        seconds = float(keep_alive)
    elif isinstance(keep_alive, str) and re.fullmatch(r"-?(\d+(\.\d+)?(ms|s|m|h))+|0", keep_alive):
        parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", keep_alive)
        seconds = sum((float(number) * UNITS[unit] for number, unit in parts), 0.0)
        seconds = -seconds if keep_alive.startswith("-") else seconds
    if seconds is not None and seconds < 0:
        return FOR_EVER
    return seconds


def embedding(text: str) -> list[float]:
    """Numbers that depend on the text alone."""
    source = random.Random(hashlib.sha256(text.encode()).digest())
    return [source.uniform(-1.0, 1.0) for _ in range(16)]

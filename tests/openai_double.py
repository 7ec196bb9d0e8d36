"""A double of an OpenAI-compatible server, such as llama.cpp's or vLLM's.

Streams server-sent events; counts come only where `stream_options.include_usage` asks for them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from tests.fake_models import GEMMA, FakeModel
from tests.fake_script import Behaviour, Body, Chat, Script, compact, prompt_of
from tests.http_double import Call, Double


class Events:
    """Chat answers, an event to a chunk."""

    content_type = "text/event-stream; charset=utf-8"

    def __init__(self, model: str, *, number: int, prompt_tokens: int, usage: bool) -> None:
        self._model, self._prompt_tokens, self._usage = model, prompt_tokens, usage
        self._id, self._created = f"chatcmpl-{number}", int(time.time())
        self._began = False

    def _event(self, choices: list[Body], **more: object) -> bytes:
        head = {"id": self._id, "object": "chat.completion.chunk", "created": self._created}
        if self._usage:
            more = {"usage": None} | more
        return _data(head | {"model": self._model, "choices": choices} | more)

    def _delta(self, delta: Body) -> bytes:
        if not self._began:  # who speaks is said once, with the first words
            delta = {"role": "assistant"} | delta
            self._began = True
        return self._event([{"index": 0, "delta": delta, "finish_reason": None}])

    def _counts(self, words: int) -> Body:
        prompt = self._prompt_tokens
        return {
            "prompt_tokens": prompt,
            "completion_tokens": words,
            "total_tokens": prompt + words,
        }

    def thought(self, text: str) -> bytes:
        """An event of thinking."""
        return self._delta({"reasoning_content": text})

    def piece(self, text: str) -> bytes:
        """An event of the answer."""
        return self._delta({"content": text})

    def last(self, reason: str, *, words: int) -> bytes:
        """The events that say that it is done, with the counts where they were asked for."""
        end = self._event([{"index": 0, "delta": {}, "finish_reason": reason}])
        counts = self._event([], usage=self._counts(words)) if self._usage else b""
        return end + counts + b"data: [DONE]\n\n"

    def whole(self, text: str, thinking: str, reason: str, *, words: int) -> Body:
        """The answer in one, for a request with `stream` off."""
        message: Body = {"role": "assistant", "content": text}
        if thinking:
            message["reasoning_content"] = thinking
        return {
            "id": self._id,
            "object": "chat.completion",
            "created": self._created,
            "model": self._model,
            "choices": [{"index": 0, "message": message, "finish_reason": reason or None}],
            "usage": self._counts(words),
        }

    def failed(self, error: str) -> bytes:
        """The event that ends an answer that failed after it began."""
        return _data(self.refusal(error, 500))

    def garbage(self) -> bytes:
        """An event that is no JSON."""
        return b'data: {"id":"chatcmpl-\n\n'

    def refusal(self, error: str, status: int) -> Body:
        """The answer before the first byte that says why there is none."""
        return {"error": {"message": error, "type": "server_error", "param": None, "code": status}}


class FakeOpenAI(Double):
    """An OpenAI-compatible server on a port of this machine; clients add "/v1" to its `url`.

    `key` is what clients must send as their bearer token; "" lets anyone in. `tells_context` is
    whether the list of models gives their context, as vLLM's does.
    """

    def __init__(
        self,
        script: Behaviour = Script(),  # noqa: B008 - frozen
        *,
        models: Sequence[FakeModel] = (GEMMA,),
        key: str = "",
        tells_context: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(script, port=port)
        self.models = {model.name: model for model in models}
        self.key = key
        self.tells_context = tells_context

    def answer(self, call: Call) -> None:
        """Answer one request as such servers do."""
        if self.key and call.headers.get("Authorization") != f"Bearer {self.key}":
            call.reply_json(401, _refused("Incorrect API key provided", "invalid_api_key"))
            return
        match (call.command, call.path):
            case ("GET", "/v1/models"):
                entries = [self._entry(model) for model in self.models.values()]
                call.reply_json(200, {"object": "list", "data": entries})
            case ("POST", "/v1/chat/completions"):
                self._chat(call)
            case _:
                call.reply_json(404, {"detail": "Not Found"})

    def _entry(self, model: FakeModel) -> Body:
        entry = {"id": model.name, "object": "model", "created": 1_777_000_000, "owned_by": "me"}
        return entry | ({"max_model_len": model.context_length} if self.tells_context else {})

    def _chat(self, call: Call) -> None:
        body = call.body
        if body is None or not body.get("messages"):
            call.reply_json(400, _refused("'messages' is a required property", "bad_request"))
            return
        model = self.models.get(body.get("model") or "")
        if model is None:
            missing = f"The model `{body.get('model')}` does not exist."
            call.reply_json(404, _refused(missing, "model_not_found"))
            return
        prompt = prompt_of(body)
        chat = Chat(body=body, prompt=prompt)
        self.chats.append(chat)
        script = self.scripted(body)
        tokens = script.prompt_tokens
        wire = Events(
            model.name,
            number=len(self.chats),
            prompt_tokens=max(1, len(prompt.encode()) // 4) if tokens is None else tokens,
            usage=bool((body.get("stream_options") or {}).get("include_usage")),
        )
        template = body.get("chat_template_kwargs") or {}
        thinks = "thinking" in model.capabilities and template.get("enable_thinking") is not False
        thinks = thinks and body.get("reasoning_effort") != "none"
        call.perform(script, chat, wire, stream=body.get("stream") is True, think=thinks)


def _data(content: Body) -> bytes:
    return b"data: " + compact(content) + b"\n\n"


def _refused(message: str, code: str) -> Body:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}

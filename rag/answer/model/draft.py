"""What a model writes, from the first word to the last: shown as it comes, judged as it ends.

Knows nothing of search, of settings or of what happens when a model fails; it only says so.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from rag.answer.cite import Citing
from rag.answer.model.compose import Composer
from rag.answer.model.debris import Debris
from rag.answer.model.generate import Finished, Thought, Writer
from rag.answer.model.prompt import Prompt, may_refuse, refuses
from rag.errors import GenerationFailed
from rag.schema import Delta, Judged, Statement, Thinking

_ADRIFT = 6  # sentences in a row that nothing backs; an answer has three or so


class Draft:
    """One reply of a model to one prompt; iterate `events`, then look at what became of it."""

    def __init__(self, prompt: Prompt, *, citing: Citing, language: str, question: str) -> None:
        self.prompt = prompt
        self.composer = Composer(prompt.shown, citing=citing, language=language, question=question)
        self.refused = False  # the model says that the articles do not hold the answer
        self.adrift = False  # stopped, as one sentence after another was backed by nothing
        self.failure: GenerationFailed | None = None
        self.finished: Finished | None = None
        self.first_word_seconds: float | None = None
        self._citing = citing
        self._debris = Debris()
        self._said = ""  # all that the model wrote, without that
        self._held = ""  # a beginning that may yet turn out to be a refusal
        self._free = False  # whether nothing is held any more

    async def events(self, writer: Writer) -> AsyncGenerator[Thinking | Delta | Judged, None]:
        """The reply as it is made; a failure ends it and is kept in `failure`."""
        begun = time.perf_counter()
        try:
            async with aclosing(writer.reply(self.prompt.messages)) as parts:
                async for part in parts:
                    if isinstance(part, Finished):
                        self.finished = part
                    elif isinstance(part, Thought):
                        yield Thinking(text=part.text)
                    else:
                        for event in self._feed(self._debris.feed(part.text)):
                            if self.first_word_seconds is None:
                                self.first_word_seconds = round(time.perf_counter() - begun, 4)
                            yield event
                        if self._debris.ended:
                            # The model goes on with a turn that is not its own.
                            self.finished = Finished("stop")
                            break
                        if self.composer.adrift >= _ADRIFT:
                            self.adrift = True
                            self.finished = Finished("too_long")
                            break
        except GenerationFailed as failure:
            self.failure = failure
        for event in [*self._feed(self._debris.close()), *self._close()]:
            yield event

    @property
    def cut(self) -> bool:
        """Whether the reply has no end of its own."""
        return self.finished is None or self.finished.reason != "stop"

    def _feed(self, text: str) -> list[Delta | Judged]:
        self._said += text
        if self._free:
            return self._events(self.composer.feed(text))
        self._held += text
        if may_refuse(self._held):
            return []
        self._free = True
        return self._events(self.composer.feed(self._held))

    def _check(self) -> None:
        """Count a reply that ended well and holds no word as a failure."""
        if self.failure is None and self.finished is not None and not self._said.strip():
            self.failure = GenerationFailed(
                "the model wrote only signs of its chat format and no word",
                hint="Ask again, or choose another model with --model.",
                cause="empty",
            )

    def _close(self) -> list[Delta | Judged]:
        self._check()
        # Some refusals can only be told by their last words, when they are shown already.
        self.refused = refuses(self._said)
        if self.refused:
            return []
        held = [] if self._free else self.composer.feed(self._held)
        return self._events([*held, *self.composer.close(cut=self.cut)])

    def _events(self, parts: Sequence[str | Statement]) -> list[Delta | Judged]:
        cited = self._citing.citations
        return [
            Delta(text=part) if isinstance(part, str) else Judged(statement=part, citations=cited)
            for part in parts
        ]

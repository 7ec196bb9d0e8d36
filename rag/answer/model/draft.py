"""What a model writes, from the first word to the last: shown as it comes, judged as it ends.

Knows nothing of search, of settings or of what happens when a model fails; it only says so.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import groupby

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
        self._said = ""  # what was read of it, without that
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
                        if self._lost():
                            self.adrift = True
                            self.finished = Finished("too_long")
                            break
                        if self._debris.ended:
                            # The model goes on with a turn that is not its own.
                            self.finished = Finished("stop")
                            break
        except GenerationFailed as failure:
            self.failure = failure
        for event in [*self._feed(self._debris.close()), *self._close()]:
            yield event

    @property
    def cut(self) -> bool:
        """Whether the reply has no end of its own."""
        return self.finished is None or self.finished.reason != "stop"

    def _lost(self) -> bool:
        """Whether one sentence after another was backed by nothing."""
        return self.composer.adrift >= _ADRIFT

    def _feed(self, text: str) -> list[Delta | Judged]:
        if self._free:
            return self._read(text)
        self._held += text
        if may_refuse(self._held):
            return []
        self._free = True
        return self._read(self._held)

    def _read(self, text: str) -> list[Delta | Judged]:
        """What further text adds; a character at a time, as a piece may hold any number of them.

        Nothing is read from where the model is lost.
        """
        parts: list[str | Statement] = []
        for char in text:
            if self._lost():
                break
            self._said += char
            parts += self.composer.feed(char)
        return self._events(parts)

    def _check(self, said: str) -> None:
        """Count a reply that ended well and holds no word as a failure."""
        if self.failure is None and self.finished is not None and not said.strip():
            self.failure = GenerationFailed(
                "the model wrote only signs of its chat format and no word",
                hint="Ask again, or choose another model with --model.",
                cause="empty",
            )

    def _close(self) -> list[Delta | Judged]:
        said = self._said if self._free else self._held
        self._check(said)
        # Some refusals can only be told by their last words, when they are shown already.
        self.refused = refuses(said)
        if self.refused:
            return []
        held = [] if self._free else self._read(said)
        return [*held, *self._events(self.composer.close(cut=self.cut))]

    def _events(self, parts: Sequence[str | Statement]) -> list[Delta | Judged]:
        cited = self._citing.citations
        events: list[Delta | Judged] = []
        for is_text, group in groupby(parts, key=lambda part: isinstance(part, str)):
            if is_text:
                events.append(Delta(text="".join(map(str, group))))
                continue
            events += [
                Judged(statement=part, citations=cited)
                for part in group
                if isinstance(part, Statement)
            ]
        return events

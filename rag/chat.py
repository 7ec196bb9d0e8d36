"""`kutip chat`: questions one after another, each heard in the light of those before it.

A line that begins with "/" is a command. Ctrl-C stops the answer, not the chat.
"""

from __future__ import annotations

import contextlib
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag import export, jsonform, listings, speaking, terminal
from rag.conversations import Conversations, turn_of, turns_of
from rag.errors import BadSource, KutipError
from rag.layout import one_line
from rag.schema import Answer, Filters, Turn

if TYPE_CHECKING:
    from rag.cli import Printer
    from rag.engine import Engine

_PROMPT = "> "
_LINE = 1_000_000  # characters of a line of input; the engine's own limit is far lower
_REMEMBERED = 6  # turns that a follow-up may lean on


class Chat:
    """One run of `kutip chat`."""

    def __init__(
        self, engine: Engine, printer: Printer, *, options: Namespace, filters: Filters | None
    ) -> None:
        self._engine = engine
        self._printer = printer
        self._filters = filters
        self._answerer: str | None = options.answerer
        self._think: bool | None = options.think or None
        self._kept = Conversations(engine.settings.data_dir)
        self._turns: list[Turn] = []
        self._last: Answer | None = None
        self._id = self._kept.new()
        if options.go_on is not None:
            self._go_on(options.go_on)

    def run(self) -> None:
        """Ask and answer until there is no more input or /quit."""
        chosen = self._engine.answerer(self._answerer)
        count = self._engine.library.counts()["articles"]
        plural = "" if count == 1 else "s"
        self._printer.remark(
            f"{count:,} article{plural}; answers: {terminal.answerer_words(chosen.label)}. "
            "/help lists the commands, Ctrl-D ends."
        )
        while True:
            try:
                line = self._read()
            except EOFError:
                return
            except KeyboardInterrupt:
                self._printer.complain("/quit or Ctrl-D ends the chat.")
                continue
            try:
                if line.startswith("/"):
                    if not self._command(line):
                        return
                elif line:
                    self._ask(line)
            except KutipError as error:
                self._printer.tell(error)
            except KeyboardInterrupt:
                self._printer.complain("Stopped.")

    def _read(self) -> str:
        """The next line, without blanks at its ends; raises EOFError when there is none."""
        if sys.stdin is None:
            raise EOFError
        if sys.stdin.isatty() and not self._printer.as_json:
            with contextlib.suppress(ImportError):  # not everywhere; then there is no editing
                import readline  # noqa: F401  (arrow keys and earlier lines, by being there)
            line = input(_PROMPT)
        else:
            line = sys.stdin.readline(_LINE)
            if not line:
                raise EOFError
        return line.encode("utf-8", "replace").decode().strip()

    def _ask(self, question: str) -> None:
        asked = datetime.now(UTC)
        events = self._engine.events(
            question,
            history=self._turns[-_REMEMBERED:],
            filters=self._filters,
            answerer=self._answerer,
            think=self._think,
        )
        answer = speaking.tell(events, self._printer, question=question)
        if not self._printer.as_json:
            self._printer.lines([""])
        if answer.hits or self._last is None:  # small talk has no sources
            self._last = answer
        self._turns.append(turn_of(answer))
        self._kept.append(self._id, answer, asked=asked)

    def _command(self, line: str) -> bool:
        """Do what the line says; whether the chat goes on."""
        name, _, rest = line[1:].partition(" ")
        if name.lower() in ("quit", "exit", "q"):
            return False
        command = self._commands.get(name.lower())
        if command is None:
            raise BadSource(
                f"there is no command {one_line(name)!r}",
                hint=f"Commands are: {', '.join(f'/{c}' for c in [*self._commands, 'quit'])}.",
            )
        command(rest.strip())
        return True

    @property
    def _commands(self) -> Mapping[str, Callable[[str], None]]:
        return {
            "sources": self._sources,
            "history": self._history,
            "new": self._new,
            "model": self._model,
            "export": self._export,
            "help": self._help,
        }

    def _help(self, _: str) -> None:
        lines = [
            "/sources        the passages behind the last answer, cited or not",
            "/sources 2      the whole article behind [2]",
            "/history        what was asked so far",
            "/new            begin a new conversation",
            "/model          who answers, and which models there are",
            "/model NAME     let this model answer; also: auto, extractive",
            "/export FILE    write the conversation to FILE.md or FILE.html",
            "/quit           end; the conversation is kept (kutip chat --list)",
        ]
        self._printer.result(
            {"commands": [f"/{c}" for c in [*self._commands, "quit"]]}, lambda _: lines
        )

    def _answered(self) -> Answer:
        if self._last is None:
            raise BadSource("nothing was asked yet", hint="Ask a question first.")
        return self._last

    def _sources(self, number: str) -> None:
        answer = self._answered()
        if number:
            cited = {str(c.marker): c.passage.article_id for c in answer.citations}
            wanted = number.strip("[]")
            if wanted not in cited:
                has = ", ".join(f"[{m}]" for m in cited) or "none"
                raise BadSource(
                    f"the last answer has no source {one_line(number)}", hint=f"It has: {has}."
                )
            entry = self._engine.entry(cited[wanted])
            self._printer.result(
                jsonform.entry_object(entry, with_text=True),
                lambda screen: listings.entry_lines(entry, screen),
            )
            return
        self._printer.result(
            jsonform.answer_object(answer),
            lambda screen: terminal.consulted_lines(answer, screen),
        )

    def _history(self, _: str) -> None:
        turns = list(self._turns)
        self._printer.result(
            [{"question": t.question, "query": t.query, "abstention": t.abstention} for t in turns],
            lambda _: (
                [f"{n}. {one_line(t.question)}" for n, t in enumerate(turns, start=1)]
                or ["Nothing was asked yet."]
            ),
        )

    def _new(self, _: str) -> None:
        self._turns, self._last, self._id = [], None, self._kept.new()
        self._said("A new conversation.", {"new": self._id})

    def _model(self, name: str) -> None:
        if name:
            named = name in ("auto", "extractive") or name.startswith(("ollama:", "openai:"))
            wanted = name if named else f"model:{name}"
            chosen = self._engine.answerer(wanted)
            self._answerer = wanted
        else:
            chosen = self._engine.answerer(self._answerer)
        server = self._engine.model_server()
        self._printer.result(
            {"answerer": chosen.label, "models": [m.name for m in server.models]},
            lambda screen: listings.models_lines(chosen.label, server, screen),
        )
        for remark in chosen.remarks:
            self._printer.remark(remark)

    def _export(self, name: str) -> None:
        self._answered()
        path = Path(name or f"{self._id}.md").expanduser()
        export.write(path, self._kept.open(self._id))
        self._said(f"Written to {path}.", {"written": str(path)})

    def _said(self, text: str, value: object) -> None:
        """A remark for a person, a value for a script."""
        if self._printer.as_json:
            self._printer.json(value)
        else:
            self._printer.remark(text)

    def _go_on(self, prefix: str) -> None:
        """Take up an earlier conversation: the last one, or the one that is named."""
        if not prefix:
            known = self._kept.list()
            if not known:
                raise BadSource("there is no earlier conversation", hint='Begin one: "kutip chat".')
            prefix = known[0].conversation_id
        earlier = self._kept.open(prefix)
        self._id = earlier.conversation_id
        self._turns = list(turns_of(earlier))
        self._last = earlier.turns[-1].answer if earlier.turns else None
        self._printer.remark(f"Going on with: {one_line(earlier.title)}")

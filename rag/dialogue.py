"""What is said and asked while something is set up: one voice for every step."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from rag import configure
from rag.layout import sanitise
from rag.schema import Progress


class Console(Protocol):
    """Who is being talked to."""

    def say(self, text: str) -> None:
        """Show one line; what is in it is safe to print."""

    def ask(self, question: str, default: str) -> str:
        """The answer, or `default` to an empty one."""

    def confirm(self, question: str, default: bool) -> bool:
        """Yes or no; `default` to an empty answer."""

    @property
    def meter(self) -> Callable[[Progress], None]:
        """What shows how far long work has come."""


class Dialogue:
    """Talks to a console; remembers whether anything that was asked for has failed.

    `assume_yes` takes every offer without asking. Where nobody can be asked and that is not
    set, no offer is taken, and what to type is said instead.
    """

    def __init__(self, console: Console, *, assume_yes: bool, interactive: bool) -> None:
        self.console = console
        self.assume_yes = assume_yes
        self.interactive = interactive and not assume_yes
        self.failed = False

    def head(self, text: str) -> None:
        """Begin a step."""
        self.console.say(sanitise(text))

    def say(self, text: str) -> None:
        """Say something within a step."""
        self.console.say(f"   {sanitise(text)}".rstrip())

    def fail(self, text: str) -> None:
        """Say what went wrong; the rest goes on."""
        self.failed = True
        self.say(text)

    def agreed(self, question: str, *, otherwise: str, default: bool = True) -> bool:
        """Whether to do what `question` offers; `otherwise` says how to do it by oneself."""
        if self.assume_yes:
            return True
        if self.interactive:
            return self.console.confirm(sanitise(question), default)
        self.say(otherwise)
        return False

    def show(self, steps: Generator[Progress, None, None]) -> bool:
        """Run `steps` to their end, showing each; False when they were interrupted."""
        try:
            with closing(steps):
                for progress in steps:
                    self.console.meter(progress)
        except KeyboardInterrupt:
            return False
        return True

    def put(self, folder: Path, name: str, value: str) -> None:
        """Write one setting into the data folder, and say so."""
        path = configure.put(folder, name, value)
        self.say(f'{path} now says: {name} = "{value}".')
        variable = f"KUTIP_{name.upper()}"
        if os.environ.get(variable):
            self.say(f"! {variable} is set and wins over that file; unset it.")

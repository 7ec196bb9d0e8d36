"""`python -m eval`: what `kutip eval` does, for a checkout that is not installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from eval.command import main as command
from rag.arguments import parse, wants_json
from rag.engine import Engine
from rag.errors import KutipError
from rag.jsonform import dumps, error_object
from rag.layout import Screen, one_line
from rag.settings import Settings

ERROR, INTERRUPTED = 2, 130


class Plain:
    """Results on standard output, everything else on standard error."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.quiet = False
        self.screen = Screen()

    def result(self, value: object, lines: Callable[[Screen], Iterable[str]]) -> None:
        """Write a value as JSON where that is wanted, else the lines."""
        found = [dumps(value)] if self.as_json else lines(self.screen)
        sys.stdout.write("".join(f"{line}\n" for line in found))

    def remark(self, text: str) -> None:
        """Say what is good to know, unless told to be quiet."""
        if not self.quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Say what went wrong."""
        sys.stderr.write(f"kutip: {one_line(text)}\n")


def main(arguments: Sequence[str]) -> int:
    """Run one verb of the suite; its exit status."""
    words = ["eval", *arguments]
    out = Plain(as_json=wants_json(words))
    try:
        options = parse(words)
        out.quiet = options.quiet
        settings = Settings.load(data_dir=options.data_dir)
        return command(options, settings=settings, out=out, engine_of=Engine)
    except KeyboardInterrupt:
        out.complain("Interrupted. What was answered is kept; --resume goes on.")
        return INTERRUPTED
    except KutipError as error:
        out.complain(f"{error.message}. {error.hint}".strip())
        if out.as_json:
            sys.stdout.write(dumps(error_object(error)) + "\n")
        return ERROR


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

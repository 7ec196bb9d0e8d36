"""The `kutip` command: parse, ask the engine, print. The only file that prints.

stdout carries answers, stderr everything else. Exit status: 0 done or answered, 1 the
articles do not hold the answer, 2 an error, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import os
import shutil
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from rag import jsonform
from rag.arguments import parse, wants_json
from rag.errors import KutipError
from rag.layout import Screen, one_line, sanitise, sentence
from rag.settings import Settings
from rag.verbs import ANSWERED, ERROR, VERBS, setup, tune

if TYPE_CHECKING:
    from rag.engine import Engine

logger = logging.getLogger(__name__)

INTERRUPTED = 130


def main(
    arguments: Sequence[str] | None = None,
    *,
    engine_factory: Callable[[Settings], Engine] | None = None,
) -> int:
    """Run one command line and return its exit status; never raises an `Exception`."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    printer = Printer(as_json=wants_json(words))
    try:
        status = _run(words, printer, engine_factory or _engine)
        printer.flush()
        return status
    except SystemExit as stop:  # argparse, after --help
        return int(stop.code or 0)
    except _ReaderGone:
        return ANSWERED
    except KeyboardInterrupt:
        return printer.failed(_Interrupted("Interrupted", hint="What was finished is kept."))
    except KutipError as error:
        return printer.failed(error)
    except Exception as error:
        logger.debug("A fault in Kutip", exc_info=True)
        return printer.failed(_Fault(error))


def _run(words: Sequence[str], printer: Printer, factory: Callable[[Settings], Engine]) -> int:
    options = parse(words)
    printer.quiet = options.quiet
    _listen(debug=options.debug or os.environ.get("KUTIP_DEBUG", "") not in ("", "0"))
    if options.version:
        from rag.health import version

        number = version()
        printer.result({"version": number}, lambda _: [f"kutip {number}"])
        return ANSWERED
    settings = Settings.load(data_dir=options.data_dir)
    if options.verb == "setup":
        return setup(factory, settings, options, printer)
    if options.verb == "tune":
        return tune(factory, settings, options, printer)
    if options.verb.startswith("eval"):
        return _eval(factory, settings, options, printer)
    with factory(settings) as engine:
        if options.verb == "ui":
            return _ui(engine, options, printer)
        return VERBS[options.verb](engine, options, printer)


def _eval(
    factory: Callable[[Settings], Engine], settings: Settings, options: Namespace, printer: Printer
) -> int:
    """Measure Kutip on questions with known answers; the user's library is left alone."""
    from eval.command import main as measure
    from rag.engine import Engine

    # By the class itself the suite knows that other processes can make the same engine.
    engine_of = Engine if factory is _engine else factory
    try:
        return measure(options, settings=settings, out=printer, engine_of=engine_of)
    except KeyboardInterrupt as stop:
        if options.verb != "eval":
            raise
        raise _Interrupted(
            "Interrupted", hint="What was answered is kept: the same with --resume goes on."
        ) from stop


def _ui(engine: Engine, options: Namespace, printer: Printer) -> int:
    """Serve the page until it is ended."""
    from ui.serve import serve

    serve(
        engine,
        host=options.host,
        port=options.port,
        read_only=options.read_only,
        mcp=options.mcp,
        # Taken out: programs started from here, which read files of others, need not have it.
        auth=os.environ.pop("KUTIP_AUTH", ""),
        announce=printer.remark,
        open_browser=options.open_browser,
    )
    gc.freeze()  # or Python looks through all that was loaded before it goes: a second of work
    return ANSWERED


class Printer:
    """Where results, remarks and errors go, and in which form."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.quiet = False
        self._waiting = False  # whether something is said to be waited for
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows "?"
        self._terminal = sys.stdout is not None and sys.stdout.isatty()
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self.screen = Screen(
            width=shutil.get_terminal_size().columns if self._terminal else None,
            colour=self._terminal and not plain,
        )

    def result(self, value: object, lines: Callable[[Screen], Iterable[str]]) -> None:
        """Print `value` as JSON when it was asked for, else the lines made for this screen."""
        if self.as_json:
            self.json(value)
        else:
            self.lines(lines(self.screen))

    def json(self, value: object) -> None:
        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
        text = jsonform.dumps(
            value,
            ascii_only=not encoding.startswith("utf"),
            indent=2 if self._terminal else None,
        )
        self.lines([text])

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines, and see to it that whoever listens at a pipe has them."""
        for line in lines:
            _write(line, sys.stdout)
        self.flush()

    def write(self, text: str) -> None:
        """Print a piece of a line, at once; what is in it must be safe already."""
        _write(text, sys.stdout, end="")
        self.flush()

    def wait(self, text: str) -> None:
        """Say on a terminal's error stream what is waited for; an empty text takes it back."""
        stream = sys.stderr
        shown = not self.quiet and not self.as_json and stream is not None and stream.isatty()
        if shown and stream is not None and (text or self._waiting):
            self._waiting = bool(text)
            with contextlib.suppress(_ReaderGone, _CannotPrint):
                _write(f"\r\x1b[K{one_line(text)}", stream, end="")
                stream.flush()

    def remark(self, text: str) -> None:
        """Say on stderr what is good to know, unless told to be quiet."""
        if not self.quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Say on stderr, in one line, what went wrong."""
        with contextlib.suppress(_ReaderGone, _CannotPrint):  # there is nobody left to tell
            _write(f"kutip: {one_line(text)}", sys.stderr)

    def tell(self, error: KutipError) -> None:
        """Tell an error after which the program goes on."""
        self.complain(sentence(error.message, error.hint))
        if self.as_json:
            self.json(jsonform.error_object(error))

    def failed(self, error: KutipError) -> int:
        """Tell `error`, on stdout too when JSON was asked for, and return the exit status."""
        self.complain(sentence(error.message, error.hint))
        with contextlib.suppress(_ReaderGone, _CannotPrint):  # the exit status tells it still
            if self.as_json and not isinstance(error, _CannotPrint):
                self.json(jsonform.error_object(error))
            self.flush()
        return INTERRUPTED if isinstance(error, _Interrupted) else ERROR

    def flush(self) -> None:
        _write(None, sys.stdout)


def _write(line: str | None, stream: TextIO | None, *, end: str = "\n") -> None:
    """Print a line, or with None push out what was printed; no stream, nothing happens."""
    if stream is None:  # closed before Python started
        return
    try:
        if line is None:
            stream.flush()
        else:
            print(line, file=stream, end=end)
    except OSError as error:
        # What is still buffered has nowhere to go; without this Python fails on it at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if isinstance(error, BrokenPipeError):
            raise _ReaderGone from error
        raise _CannotPrint(error) from error


class _ReaderGone(Exception):
    """Whoever read our output has enough of it, as `head` does."""


class _Interrupted(KutipError):
    kind = "interrupted"


class _CannotPrint(KutipError):
    kind = "output"

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"the output cannot be written: {error.strerror}", hint="Send it somewhere else."
        )


class _Fault(KutipError):
    """An exception nobody foresaw; the log has its trace."""

    kind = "fault"

    def __init__(self, error: Exception) -> None:
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        super().__init__(
            f"a fault in Kutip, {words[:500]}",
            hint='Run the same command with "--debug" and report what it prints (see README.md).',
        )


class _OneStyle(logging.Formatter):
    """Log records without control sequences: they may quote an article."""

    def format(self, record: logging.LogRecord) -> str:
        return sanitise(super().format(record))


def _listen(*, debug: bool) -> None:
    """Let only errors of libraries through to stderr; with `debug`, everything of ours."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneStyle("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    if debug:
        for ours in ("rag", "ui", "eval"):
            logging.getLogger(ours).setLevel(logging.DEBUG)
    elif not sys.warnoptions:
        warnings.simplefilter("ignore")


def _engine(settings: Settings) -> Engine:
    from rag.engine import Engine

    return Engine(settings)


if __name__ == "__main__":
    sys.exit(main())

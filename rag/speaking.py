"""An answer told while it is made, on whatever the printer prints to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING

from rag import jsonform, terminal
from rag.layout import BOLD, Stream
from rag.schema import Answer, Delta, Done, Event, Found, Judged, Replace, Span, Thinking
from rag.text.language import detect

if TYPE_CHECKING:
    from rag.cli import Printer


def tell(events: Generator[Event, None, None], printer: Printer, *, question: str) -> Answer:
    """Print the answer as it comes, or whole as JSON; returns it. Interrupted, it is stopped."""
    begun = False
    stream = Stream(printer.screen)
    with closing(events):
        try:
            for event in events:
                if isinstance(event, Done):
                    printer.wait("")
                    if printer.as_json:
                        printer.json(jsonform.answer_object(event.answer))
                        return event.answer
                    if begun:
                        printer.write("\n")
                        begun = False
                    printer.lines(terminal.backing_lines(event.answer, printer.screen))
                    return event.answer
                if printer.as_json:
                    continue
                if isinstance(event, Found):
                    _announce(event, printer, question)
                elif isinstance(event, Thinking):
                    printer.wait("thinking …")
                elif isinstance(event, Judged):
                    if event.statement.verdict in ("not_found", "conflict"):
                        printer.write(stream.feed(" (!)"))
                elif isinstance(event, Delta | Replace):
                    printer.wait("")
                    if isinstance(event, Replace):
                        printer.write("\n\n" * begun)
                        stream = Stream(printer.screen)
                    lit = event.lit if isinstance(event, Delta) else None
                    printer.write(fed(stream, event.text, lit))
                    begun = True
        finally:
            printer.wait("")
            if begun:  # stopped in the middle of a line
                printer.write("\n")
    raise AssertionError("a stream ends with Done")


def fed(stream: Stream, text: str, lit: Span | None) -> str:
    """What to print for a piece of an answer, the words in it that answer in bold."""
    if lit is None:
        return stream.feed(text)
    return (
        stream.feed(text[: lit.start])
        + stream.feed(text[lit.start : lit.end], BOLD)
        + stream.feed(text[lit.end :])
    )


def _announce(found: Found, printer: Printer, question: str) -> None:
    """What was searched for, if that is not what was asked, and what a model will read."""
    searched = terminal.searched_line(found.query, question)
    if searched:
        printer.lines([searched, ""])
    if found.answerer != "extractive" and found.hits:
        printer.lines(terminal.reading_lines(found, printer.screen, language=detect(found.query)))
        printer.wait(f"{found.answerer} …")

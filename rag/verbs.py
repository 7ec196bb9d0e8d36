"""What each verb of `kutip` does: ask the engine, hand the result to the printer.

A verb returns the exit status. It never prints and never catches what it cannot mend.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag import jsonform, terminal
from rag.errors import BadSource
from rag.layout import one_line
from rag.progress import Meter
from rag.schema import Filters, Outcome

if TYPE_CHECKING:
    from rag.cli import Printer
    from rag.engine import Engine

ANSWERED, NO_ANSWER, ERROR = 0, 1, 2
_STDIN_CHARS = 1_000_000  # of a question on standard input; the engine's own limit is far lower
_EMPTY = 'The library is empty. Add articles with "kutip add", or try "kutip add --examples".'


def _add(engine: Engine, options: Namespace, printer: Printer) -> int:
    sources = list(options.sources)
    if options.examples:
        sources.append(str(_examples()))
    outcomes: list[Outcome] = []
    try:
        with Meter(None if printer.quiet else sys.stderr) as meter:
            for outcome in engine.add(sources, on_progress=meter):
                outcomes.append(outcome)
    except BaseException:
        if outcomes:
            printer.complain(f"Before this: {terminal.summary_line(outcomes)}.")
        raise
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        printer.complain(terminal.failure_line(outcome))
    printer.result(jsonform.add_object(outcomes), lambda _: [terminal.summary_line(outcomes)])
    if not outcomes:
        printer.remark("There was no article to add.")
    lost = failed and (options.strict or len(failed) == len(outcomes))
    return ERROR if lost else ANSWERED


def _list(engine: Engine, options: Namespace, printer: Printer) -> int:
    entries = engine.entries(_filters(options))
    if printer.as_json:
        printer.json([jsonform.entry_object(entry) for entry in entries])
        return ANSWERED
    empty = True
    for entry in entries:  # one by one: a library need not fit in memory
        if empty and printer.screen.width is not None:
            printer.lines([terminal.table_head(printer.screen)])
        empty = False
        printer.lines([terminal.table_row(entry, printer.screen)])
    if empty:
        printer.remark("There is no such article." if _filters(options) else _EMPTY)
    return ANSWERED


def _show(engine: Engine, options: Namespace, printer: Printer) -> int:
    entry = engine.entry(options.id)
    printer.result(
        jsonform.entry_object(entry, with_text=True),
        lambda screen: terminal.entry_lines(entry, screen, removed=options.removed),
    )
    return ANSWERED


def _edit(engine: Engine, options: Namespace, printer: Printer) -> int:
    entry = engine.edit(
        options.id, title=options.title, publisher=options.publisher, published=options.date
    )
    printer.result(
        jsonform.entry_object(entry),
        lambda screen: terminal.metadata_lines(entry, screen),
    )
    return ANSWERED


def _remove(engine: Engine, options: Namespace, printer: Printer) -> int:
    entries = engine.remove(options.ids)
    printer.result(
        jsonform.remove_object(entries),
        lambda _: [
            f"removed {entry.article.article_id[:8]}  {one_line(entry.article.metadata.title)}"
            for entry in entries
        ],
    )
    return ANSWERED


def _search(engine: Engine, options: Namespace, printer: Printer) -> int:
    from rag.text.language import detect

    query = _readable(" ".join(options.query))
    hits = engine.search(query, k=options.hits, filters=_filters(options))
    language = detect(query)
    printer.result(
        jsonform.search_object(query, language, hits),
        lambda screen: terminal.hits_lines(hits, screen, language=language),
    )
    if not hits:
        printer.remark("No passage was found.")
    return ANSWERED if hits else NO_ANSWER


def _ask(engine: Engine, options: Namespace, printer: Printer) -> int:
    question = " ".join(options.question)
    if options.question == ["-"]:
        question = sys.stdin.read(_STDIN_CHARS).strip() if sys.stdin else ""
    answer = engine.ask(_readable(question), filters=_filters(options))
    printer.result(
        jsonform.answer_object(answer), lambda screen: terminal.answer_lines(answer, screen)
    )
    return ANSWERED if answer.abstention is None else NO_ANSWER


def _status(engine: Engine, options: Namespace, printer: Printer) -> int:
    status = engine.status()
    printer.result(
        jsonform.status_object(status), lambda screen: terminal.status_lines(status, screen)
    )
    return ANSWERED


def _reindex(engine: Engine, options: Namespace, printer: Printer) -> int:
    with Meter(None if printer.quiet else sys.stderr) as meter:
        passages = engine.reindex(on_progress=meter)
    printer.result({"passages": passages}, lambda _: [f"{passages} passages indexed"])
    return ANSWERED


def _filters(options: Namespace) -> Filters | None:
    filters = Filters(
        since=options.since,
        until=options.until,
        publisher=options.publisher,
        language=options.language,
    )
    return filters if filters else None


def _readable(text: str) -> str:
    """`text` without the lone surrogates that Python puts for bytes it could not decode."""
    return text.encode("utf-8", "replace").decode()


def _examples() -> Path:
    """The folder of the articles that Kutip comes with: in the wheel, else in the clone."""
    here = Path(__file__).resolve().parent
    for folder in (here / "seeds", here.parent / "seeds"):
        if folder.is_dir():
            return folder
    raise BadSource("the example articles are not installed", hint="Install Kutip from its wheel.")


VERBS: dict[str, Callable[[Engine, Namespace, Printer], int]] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "edit": _edit,
    "remove": _remove,
    "search": _search,
    "ask": _ask,
    "status": _status,
    "reindex": _reindex,
}

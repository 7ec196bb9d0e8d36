"""What each verb of `kutip` does: ask the engine, hand the result to the printer.

A verb returns the exit status. It never prints and never catches what it cannot mend.
"""

from __future__ import annotations

import contextlib
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag import export, jsonform, listings, speaking, terminal
from rag.chat import Chat
from rag.conversations import Conversations
from rag.errors import BadSetting, BadSource, StoreBusy
from rag.examples import examples
from rag.layout import one_line, sentence
from rag.progress import Meter
from rag.schema import Filters, Outcome

if TYPE_CHECKING:
    from rag.cli import Printer
    from rag.engine import Engine
    from rag.settings import Settings

ANSWERED, NO_ANSWER, ERROR = 0, 1, 2
_STDIN_CHARS = 1_000_000  # of a question on standard input; the engine's own limit is far lower
_BUSY_SECONDS = 1.0  # between two tries of a folder that is watched
_EMPTY = 'The library is empty. Add articles with "kutip add", or try "kutip add --examples".'


def _add(engine: Engine, options: Namespace, printer: Printer) -> int:
    sources = list(options.sources)
    if options.examples:
        sources.append(str(_examples()))
    outcomes: list[Outcome] = []
    try:
        with Meter(None if printer.quiet else sys.stderr) as meter:
            for outcome in engine.add(
                sources, allow_private=options.allow_private, on_progress=meter
            ):
                outcomes.append(outcome)
    except BaseException:
        if outcomes:
            printer.complain(f"Before this: {listings.summary_line(outcomes)}.")
        raise
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        printer.complain(listings.failure_line(outcome))
    printer.result(jsonform.add_object(outcomes), lambda _: [listings.summary_line(outcomes)])
    if not outcomes:
        printer.remark("There was no article to add.")
    lost = failed and (options.strict or len(failed) == len(outcomes))
    return ERROR if lost else ANSWERED


def _sync(engine: Engine, options: Namespace, printer: Printer) -> int:
    if not options.watch:
        return _in_step(engine, options, printer)
    turns = engine.changes(options.folder)
    next(turns)  # what is there by now; a file that comes while it is read is for the next turn
    status = _in_step(engine, options, printer)
    with contextlib.suppress(KeyboardInterrupt):  # what was finished is kept
        printer.remark(f"Watching {one_line(options.folder)}; Ctrl-C ends it.")
        for _ in turns:
            try:
                status = _again(engine, options, printer)
            except BadSource as error:  # a disk is away; that it comes back is a change
                printer.complain(sentence(error.message, error.hint))
    return status


def _again(engine: Engine, options: Namespace, printer: Printer) -> int:
    """As `_in_step`; while somebody else writes, it waits."""
    while True:
        try:
            return _in_step(engine, options, printer)
        except StoreBusy as error:
            printer.complain(sentence(error.message, "Trying again."))
            time.sleep(_BUSY_SECONDS)


def _in_step(engine: Engine, options: Namespace, printer: Printer) -> int:
    outcomes: list[Outcome] = []
    with Meter(None if printer.quiet else sys.stderr) as meter:
        for outcome in engine.sync(
            options.folder, even_if_empty=options.even_if_empty, on_progress=meter
        ):
            outcomes.append(outcome)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        printer.complain(listings.failure_line(outcome))
    printer.result(
        jsonform.sync_object(outcomes),
        lambda _: [*listings.change_lines(outcomes), listings.sync_line(outcomes)],
    )
    return ERROR if failed and len(failed) == len(outcomes) else ANSWERED


def _list(engine: Engine, options: Namespace, printer: Printer) -> int:
    entries = engine.entries(_filters(options))
    if printer.as_json:
        printer.json([jsonform.entry_object(entry) for entry in entries])
        return ANSWERED
    empty = True
    for entry in entries:  # one by one: a library need not fit in memory
        if empty and printer.screen.width is not None:
            printer.lines([listings.table_head(printer.screen)])
        empty = False
        printer.lines([listings.table_row(entry, printer.screen)])
    if empty:
        printer.remark("There is no such article." if _filters(options) else _EMPTY)
    return ANSWERED


def _show(engine: Engine, options: Namespace, printer: Printer) -> int:
    entry = engine.entry(options.id)
    copies = [engine.entry(article_id) for article_id in entry.copies]
    printer.result(
        jsonform.entry_object(entry, with_text=True),
        lambda screen: listings.entry_lines(entry, screen, removed=options.removed, copies=copies),
    )
    return ANSWERED


def _edit(engine: Engine, options: Namespace, printer: Printer) -> int:
    with Meter(None if printer.quiet else sys.stderr) as meter:
        entry = engine.edit(
            options.id,
            title=options.title,
            publisher=options.publisher,
            published=options.date,
            restore=_lines(engine, options),
            on_progress=meter,
        )
    if options.restore is not None:
        printer.remark(f"The text is another now, and so is its id: {entry.article.article_id}.")
    printer.result(
        jsonform.entry_object(entry),
        lambda screen: listings.metadata_lines(entry, screen),
    )
    return ANSWERED


def _lines(engine: Engine, options: Namespace) -> list[str] | None:
    """The lines that --restore names, by their numbers; "*" for all, None for no such wish."""
    if options.restore is None:
        return None
    removed = engine.entry(options.id).article.removed
    if not removed:
        raise BadSource(f"nothing was taken out of {options.id}", hint="There is nothing to do.")
    if not options.restore:
        return ["*"]
    numbers = sorted(set(options.restore))
    if numbers[-1] > len(removed):
        raise BadSource(
            f"{options.id} has no line {numbers[-1]} that was taken out; the last is "
            f"{len(removed)}",
            hint=f'See "kutip show {options.id} --removed".',
        )
    return [removed[number - 1] for number in numbers]


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
    met = engine.explain(query, hits) if options.explain else None
    printer.result(
        jsonform.search_object(query, language, hits, met),
        lambda screen: terminal.hits_lines(hits, screen, language=language, met=met),
    )
    if not hits:
        printer.remark("No passage was found.")
    return ANSWERED if hits else NO_ANSWER


def _ask(engine: Engine, options: Namespace, printer: Printer) -> int:
    question = " ".join(options.question)
    if options.question == ["-"]:
        question = sys.stdin.read(_STDIN_CHARS).strip() if sys.stdin else ""
    readable = _readable(question)
    events = engine.events(
        readable,
        filters=_filters(options),
        answerer=options.answerer,
        think=options.think or None,
    )
    answer = speaking.tell(events, printer, question=readable)
    return ANSWERED if answer.abstention is None else NO_ANSWER


def setup(
    factory: Callable[[Settings], Engine],
    settings: Settings,
    options: Namespace,
    printer: Printer,
) -> int:
    """The dialogue of `kutip setup`; makes engines of its own, as what they need may change."""
    from rag.setup import run_setup

    interactive = bool(sys.stdin and sys.stdin.isatty() and not printer.as_json)
    with _Teller(printer) as console:
        status = run_setup(
            factory, settings, console, assume_yes=options.yes, interactive=interactive
        )
    if printer.as_json:
        printer.json({"ready": status == ANSWERED})
    return status


def tune(
    factory: Callable[[Settings], Engine],
    settings: Settings,
    options: Namespace,
    printer: Printer,
) -> int:
    """Teach the encoder, or go back; makes engines of its own, one for each encoder."""
    from rag import tune as tuning

    with Meter(None if printer.quiet else sys.stderr) as meter:
        if options.undo:
            if options.pairs:
                raise BadSetting("--undo takes no pairs", hint="kutip tune --undo")
            passages = tuning.undo(settings, factory, on_progress=meter)
            printer.result(
                {"undone": True, "passages": passages},
                lambda _: [f"Undone; {passages:,} passages are embedded as they were before."],
            )
            return ANSWERED
        result = tuning.tune(
            settings, factory, pairs=options.pairs, epochs=options.epochs, on_progress=meter
        )
    printer.result(asdict(result), lambda _: listings.tuned_lines(result))
    return ANSWERED


class _Teller:
    """The console of `kutip setup`."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._bar = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    @property
    def meter(self) -> Meter:
        """A bar for the next piece of work, until something is said or asked."""
        self._bar.close()
        return self._bar.enter_context(Meter(None if self._printer.quiet else sys.stderr))

    def say(self, text: str) -> None:
        self._bar.close()
        if self._printer.as_json:
            self._printer.remark(text)
        else:
            self._printer.lines([text])

    def ask(self, question: str, default: str) -> str:
        self._bar.close()
        try:
            return input(f"{question} " + (f"[{default}] " if default else "")).strip() or default
        except EOFError:
            return default

    def confirm(self, question: str, default: bool) -> bool:
        self._bar.close()
        try:
            said = input(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().casefold()
        except EOFError:
            return False
        return said[:1] in ("y", "j") if said else default


def _chat(engine: Engine, options: Namespace, printer: Printer) -> int:
    kept = Conversations(engine.settings.data_dir)
    if options.list:
        known = kept.list()
        printer.result(
            [asdict(summary) for summary in known],
            lambda screen: listings.conversations_lines(known, screen),
        )
        if not known:
            printer.remark("No conversation is kept.")
    elif options.export:
        name, file = options.export
        export.write(Path(file).expanduser(), kept.open(name), force=options.force)
        printer.result({"written": file}, lambda _: [f"written to {one_line(file)}"])
    elif options.forget:
        gone = [kept.forget(kept.open(name).conversation_id) for name in options.forget]
        printer.result(
            {"forgotten": [summary.conversation_id for summary in gone]},
            lambda _: [f"forgot {g.conversation_id}  {one_line(g.title)}" for g in gone],
        )
    elif options.forget_all:
        count = kept.forget_all()
        printer.result({"forgotten": count}, lambda _: [f"forgot {count} conversations"])
    else:
        Chat(engine, printer, options=options, filters=_filters(options)).run()
    return ANSWERED


def _status(engine: Engine, options: Namespace, printer: Printer) -> int:
    status = engine.status(timed=not options.quick)
    printer.result(
        jsonform.status_object(status), lambda screen: listings.status_lines(status, screen)
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
    """The folder of the articles that Kutip comes with."""
    folder = examples()
    if folder is None:
        raise BadSource(
            "the example articles are not installed", hint="Install Kutip from its wheel."
        )
    return folder


# `setup` and `tune` are not here: they make their own engines. Nor are `ui` and `eval`: only the
# command line knows the page and the suite.
VERBS: dict[str, Callable[[Engine, Namespace, Printer], int]] = {
    "add": _add,
    "sync": _sync,
    "list": _list,
    "show": _show,
    "edit": _edit,
    "remove": _remove,
    "search": _search,
    "ask": _ask,
    "chat": _chat,
    "status": _status,
    "reindex": _reindex,
}

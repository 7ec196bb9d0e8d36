"""Lists, tables, status and outcomes as lines of safe text. Prints nothing, reads nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, get_args

from rag.conversations import Summary
from rag.layout import (
    BOLD,
    DIM,
    PIPE,
    Screen,
    columns,
    fitted,
    flow,
    one_line,
    sanitise,
    sentence,
    styled,
)
from rag.schema import AddStatus, Entry, ModelServer, Outcome, Status, SyncStatus
from rag.terminal import answerer_words, attribution, tilde

if TYPE_CHECKING:
    from rag.tune import Tuned


def table_head(screen: Screen) -> str:
    """The head of the table whose rows `table_row` makes; for a terminal only."""
    return styled(
        _cells("ID", " DATE      ", "PUBLISHER", "LANG", "PASSAGES", "TITLE", "", screen),
        BOLD,
        screen,
    )


def table_row(entry: Entry, screen: Screen = PIPE) -> str:
    """One article: short id, date, publisher, language, passages, title.

    Fitted to the terminal, or separated by tabs for a pipe. Copies of one another are marked
    with the same ``=`` and short id: before the title, in a pipe as a seventh field.
    """
    metadata = entry.article.metadata
    day = "" if metadata.published is None else tilde(metadata) + metadata.published.isoformat()
    return _cells(
        entry.article.article_id[:8],
        day,
        one_line(metadata.publisher or ""),
        one_line(metadata.language or ""),
        str(entry.passages),
        one_line(metadata.title),
        f"={min(entry.article.article_id, *entry.copies)[:8]}" if entry.copies else "",
        screen,
    )


def entry_lines(
    entry: Entry, screen: Screen = PIPE, *, removed: bool = False, copies: Sequence[Entry] = ()
) -> list[str]:
    """One article in full: what is known of it, then its text; with `removed`, what was cut.

    `copies` are those of the entry's copies that are to be told with publisher and date.
    """
    lines = [*metadata_lines(entry, screen, copies=copies), ""]
    for paragraph in sanitise(entry.article.text).split("\n"):
        lines += flow([(paragraph, "")], screen)
    if removed:
        lines += ["", styled("Taken out", BOLD, screen)]
        wide = len(str(len(entry.article.removed)))
        for number, piece in enumerate(entry.article.removed, start=1):
            text = [(f"{number:>{wide}}  ", ""), (one_line(piece), DIM)]
            lines += flow(text, screen, indent="  ", hanging=" " * (wide + 2))
        if not entry.article.removed:
            lines.append(styled("  nothing", DIM, screen))
    return lines


def metadata_lines(
    entry: Entry, screen: Screen = PIPE, *, copies: Sequence[Entry] = ()
) -> list[str]:
    """What is known of one article, a line each; a copy that is not in `copies` by its id."""
    metadata = entry.article.metadata
    known = {copy.article.article_id: attribution(copy.article.metadata) for copy in copies}
    published = None
    if metadata.published is not None:
        basis = f" ({metadata.published_basis})" * bool(metadata.published_basis)
        when = metadata.published_at.isoformat(" ", "minutes") if metadata.published_at else ""
        published = f"{when or metadata.published.isoformat()}{basis}"
    return _pairs(
        [
            ("id", entry.article.article_id),
            ("title", metadata.title),
            ("publisher", metadata.publisher),
            ("authors", ", ".join(metadata.authors)),
            ("published", published or "no date"),
            ("modified", metadata.modified.isoformat() if metadata.modified else None),
            ("language", metadata.language),
            ("url", metadata.url),
            *(("source", source) for source in entry.sources),
            *(("copy", f"{other[:8]} {known.get(other, '')}") for other in entry.copies),
            ("passages", str(entry.passages)),
            ("taken out", _lines_of(len(entry.article.removed))),
            ("added", entry.added_at.isoformat(" ", "seconds")),
        ],
        screen,
    )


def conversations_lines(kept: Sequence[Summary], screen: Screen = PIPE) -> list[str]:
    """A line for each kept conversation: id, when, how many turns, its first question."""
    lines = []
    for summary in kept:
        when = summary.last.astimezone().strftime("%Y-%m-%d %H:%M")
        head = f"{summary.conversation_id}  {when}  {summary.turns:>3}  "
        title = one_line(summary.title)
        if screen.width is not None:
            title = fitted(title, max(10, screen.width - columns(head))).rstrip()
        lines.append(head + title)
    return lines


def models_lines(label: str, server: ModelServer, screen: Screen = PIPE) -> list[str]:
    """Who answers, what else the server has, and what is wrong with it."""
    lines = [f"Answers: {answerer_words(label)}"]
    if server.version is not None or server.models:
        lines.append(f"Models at {one_line(server.url)} ({server.where}):")
        for model in server.models:
            size = _size(model.size_bytes) if model.size_bytes else ""
            cloud = "in the cloud" if model.cloud else ""
            told = ", ".join(filter(None, (size, cloud)))
            lines.append(f"  {one_line(model.name)}{f'  {told}' if told else ''}")
    for problem in server.problems:
        lines += flow([(f"! {one_line(problem)}", "")], screen)
    return lines


def status_lines(status: Status, screen: Screen = PIPE) -> list[str]:
    """What the data folder holds and what works on it, then its problems."""
    vectors = "cannot be read" if status.vectors is None else f"{status.vectors:,}"
    languages = ", ".join(f"{name} {count:,}" for name, count in sorted(status.languages.items()))
    free = status.disk_free_bytes
    lines = _pairs(
        [
            ("version", status.version),
            ("data folder", status.data_dir),
            ("size", _size(status.disk_bytes)),
            ("articles", f"{status.articles:,}{f' ({languages})' * bool(languages)}"),
            ("sources", f"{status.sources:,}"),
            ("passages", f"{status.passages:,}"),
            ("vectors", vectors),
            ("pending", f"{status.pending:,}" if status.pending else None),
            ("embedder", f"{status.embedder} ({status.dimension} dimensions)"),
            ("disk free", _size(free) if free is not None else None),
            ("answerer", _answerer(status)),
            ("server", _server(status)),
            ("model", _model(status)),
            ("one answer", _pace(status)),
        ],
        screen,
    )
    for problem in status.problems:
        lines += flow([(f"! {one_line(problem)}", "")], screen)
    return lines


def tuned_lines(tuned: Tuned) -> list[str]:
    """What came of teaching the encoder, and what that means for the library."""
    change = tuned.after - tuned.before
    interval = f"95 % interval {tuned.low:+.3f} to {tuned.high:+.3f}"
    lines = [
        f"{tuned.learnt_from:,} pairs learnt from, {tuned.held_back} held back to measure by",
        f"MRR@10 of those: {tuned.before:.3f} before, {tuned.after:.3f} after",
        f"difference: {change:+.3f}, {interval}",
    ]
    if not tuned.kept:
        return [*lines, "It does not find more than before, so nothing was changed."]
    return [
        *lines,
        f"Kept; {tuned.passages:,} passages are embedded anew. Undo: kutip tune --undo",
    ]


def summary_line(outcomes: Iterable[Outcome]) -> str:
    """``3 added, 0 unchanged, 0 updated, 1 failed``."""
    counts = Counter(outcome.status for outcome in outcomes)
    return ", ".join(f"{counts[status]} {status}" for status in get_args(AddStatus))


def sync_line(outcomes: Iterable[Outcome]) -> str:
    """``1 added, 40 unchanged, 2 updated, 0 failed, 1 removed``."""
    counts = Counter(outcome.status for outcome in outcomes)
    return ", ".join(f"{counts[status]} {status}" for status in get_args(SyncStatus))


def change_lines(outcomes: Iterable[Outcome]) -> list[str]:
    """A line for every source that was added, updated or removed."""
    return [
        f"{outcome.status:<8} {one_line(outcome.source)}"
        + (f" ({one_line(outcome.reason)})" if outcome.reason else "")
        for outcome in outcomes
        if outcome.status in ("added", "updated", "removed")
    ]


def failure_line(outcome: Outcome) -> str:
    """Which source failed, why, and what to do about it."""
    reason, source = outcome.reason or "it failed", outcome.source
    name = PurePath(source).name
    if source == "-" or reason.startswith(source):
        named = reason
    elif name and reason.startswith((f"{name} ", f"{name}: ")):  # parsers know a file's last name
        named = source + reason.removeprefix(name)
    else:
        named = f"{source}: {reason}"
    return sentence(named, outcome.hint or "")


def _cells(
    key: str,
    day: str,
    publisher: str,
    language: str,
    passages: str,
    title: str,
    group: str,
    screen: Screen,
) -> str:
    if screen.width is None:
        return "\t".join((key, day, publisher, language, passages, title, group))
    room = screen.width - 41  # for publisher and title: what the other columns and gaps leave
    wide = min(18, max(6, room // 3))
    cells = (key.ljust(8), day.rjust(11), fitted(publisher, wide), fitted(language, 4))
    title = fitted(f"{group} {title}".lstrip(), max(6, room - wide)).rstrip()
    return "  ".join((*cells, passages.rjust(8), title))


def _pairs(pairs: Iterable[tuple[str, str | None]], screen: Screen) -> list[str]:
    """``name  value`` lines, the names aligned; pairs without a value are left out."""
    return [styled(f"{name:<12}", DIM, screen) + one_line(value) for name, value in pairs if value]


def _answerer(status: Status) -> str:
    """Who answers, and why not the one that is set."""
    reason = status.model_reason.strip().rstrip(".")
    return f"{status.answerer}{f' ({reason})' * bool(reason)}"


def _server(status: Status) -> str | None:
    """``Ollama 0.35.2 at http://127.0.0.1:11434, this machine``; None where none is wanted."""
    server = status.model_server
    if server is None:
        return None
    kind = "Ollama" if server.kind == "ollama" else "OpenAI-compatible"
    if server.version is None and not server.models:
        return f"none at {server.url}"
    return f"{' '.join(filter(None, [kind, server.version]))} at {server.url}, {server.where}"


def _model(status: Status) -> str | None:
    """The language model, where it runs and what it reads; None without one."""
    if status.model is None:
        return None
    where = "in the cloud" if status.model_runs == "the cloud" else f"on {status.model_runs}"
    most = status.model_context_tokens
    able = f"; it can read {most:,}" if most is not None else ""
    return f"{status.model}, {where}, {status.context_tokens:,} tokens of context{able}"


def _pace(status: Status) -> str | None:
    """How long one short answer took; None when it was not timed."""
    first, whole, pace = status.first_word_seconds, status.answer_seconds, status.tokens_per_second
    if whole is None:
        return None
    parts = (
        f"first word after {first:.1f} s" if first is not None else "",
        f"all of it in {whole:.1f} s",
        f"{pace:.1f} tokens a second" if pace is not None else "",
    )
    return ", ".join(filter(None, parts))


def _lines_of(count: int) -> str | None:
    """How many lines, for `metadata_lines`; None for none."""
    return None if not count else f"{count:,} line{'s' * (count > 1)} (see show --removed)"


def _size(count: int) -> str:
    """Bytes in the largest decimal unit that keeps a figure before the point."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

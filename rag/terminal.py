"""Records as lines of text for a terminal or a pipe. Prints nothing, reads nothing.

Every word that came from an article, a model, a path or a user passes `layout.sanitise`; the
only control sequences in what is returned are bold, dim and underlined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING, get_args

from rag.conversations import Summary
from rag.layout import (
    BOLD,
    DIM,
    PIPE,
    UNDERLINED,
    Screen,
    columns,
    fitted,
    flow,
    one_line,
    sanitise,
    styled,
)
from rag.located import in_quote, in_text
from rag.mentioned import says_too, told
from rag.schema import (
    AddStatus,
    Answer,
    AnswerSpan,
    Citation,
    Entry,
    Found,
    Hit,
    Met,
    Metadata,
    ModelServer,
    Outcome,
    Passage,
    Status,
    SyncStatus,
)
from rag.text.days import written
from rag.text.language import detect

if TYPE_CHECKING:
    from rag.tune import Tuned

_READ = 5  # articles named before an answer
_CONTEXT = 160  # characters of the passage shown on each side of the evidence

_WORDS = {
    "en": {
        "sources": "Sources",
        "no date": "no date",
        "modified": "updated",
        "inferred": "~ The date is inferred; the article does not state it.",
        "not_found": "Not found in its source",
        "conflict": "Differs from its source",
        "answerer": "Written by",
        "also": "also in",
        "reading": "Reading",
        "more": "and {n} more",
        "searched": "Searched for",
        "not cited": "Found, not cited",
        "none": "Nothing was found.",
    },
    "id": {
        "sources": "Sumber",
        "no date": "tanpa tanggal",
        "modified": "diperbarui",
        "inferred": "~ Tanggal perkiraan; tidak tertulis di artikelnya.",
        "not_found": "Tidak ditemukan di sumbernya",
        "conflict": "Berbeda dengan sumbernya",
        "answerer": "Ditulis oleh",
        "also": "juga di",
        "reading": "Membaca",
        "more": "dan {n} lagi",
        "searched": "Yang dicari",
        "not cited": "Ditemukan, tidak dikutip",
        "none": "Tidak ada yang ditemukan.",
    },
}


def attribution(metadata: Metadata, language: str | None = None) -> str:
    """Publisher · title · date on one line; an inferred date has a ``~``, a missing one is said."""
    parts = (one_line(metadata.publisher or ""), one_line(metadata.title), _day(metadata, language))
    return " · ".join(part for part in parts if part)


def answer_lines(answer: Answer, screen: Screen = PIPE) -> list[str]:
    """The answer, then its sources with the evidence in them, then what to know about it."""
    searched = searched_line(answer.query, answer.question)
    lines = [searched, ""] if searched else []
    lines += [line for paragraph in _paragraphs(answer, screen) for line in flow(paragraph, screen)]
    return lines + backing_lines(answer, screen)


def _paragraphs(answer: Answer, screen: Screen) -> list[list[tuple[str, str]]]:
    """The answer's text in paragraphs, the words in it that answer in bold."""
    text, lit = answer.text, in_text(answer)
    # A sign moves what follows it; quotes have none.
    if lit is None or not screen.colour or _signed(answer) != text:
        return [[(line, "")] for line in sanitise(_signed(answer)).strip().split("\n")]
    paragraphs: list[list[tuple[str, str]]] = [[]]
    for piece, style in (
        (text[: lit.start].lstrip(), ""),
        (text[lit.start : lit.end], BOLD),
        (text[lit.end :].rstrip(), ""),
    ):
        for number, line in enumerate(sanitise(piece).split("\n")):
            if number:
                paragraphs.append([])
            paragraphs[-1].append((line, style))
    return paragraphs


def _signed(answer: Answer) -> str:
    """The answer's text with ``(!)`` behind what fails its source."""
    text = answer.text
    for statement in reversed(answer.statements):
        if statement.verdict in ("not_found", "conflict"):
            text = f"{text[: statement.end]} (!){text[statement.end :]}"
    return text


def reading_lines(found: Found, screen: Screen = PIPE, *, language: str | None = None) -> list[str]:
    """Which articles a model is to answer from, one a line, before its first word."""
    words = _words(language)
    articles = {hit.passage.article_id: hit.passage.metadata for hit in found.hits}
    some = list(articles.values())[:_READ]
    lines = [
        line
        for number, metadata in enumerate(some)
        for line in flow(
            [(f"{words['reading'] if not number else '·'} ", DIM),
             (attribution(metadata, language), DIM)],
            screen,
            hanging="  ",
        )
    ]  # fmt: skip
    if len(articles) > _READ:
        more = words["more"].format(n=len(articles) - _READ)
        lines.append(styled(f"· {more}", DIM, screen))
    return [*lines, ""] if lines else []


def searched_line(query: str, question: str) -> str:
    """``Searched for: ...`` where that is another question than the one asked; else ""."""
    if not query or _bare(query) in _bare(question):
        return ""
    return f"{_words(detect(query))['searched']}: {one_line(query)}"


def _bare(text: str) -> str:
    return " ".join(one_line(text).split()).casefold()


def backing_lines(answer: Answer, screen: Screen = PIPE) -> list[str]:
    """What stands below an answer's text: its sources, what fails its source, what to know."""
    words = _words(answer.language)
    lines: list[str] = []
    if answer.citations:
        copies = {hit.passage.passage_id: hit.copies for hit in answer.hits}
        shown: list[Passage] = []
        lines += ["", styled(words["sources"], BOLD, screen)]
        for marker, group in groupby(
            sorted(answer.citations, key=lambda c: (c.marker, c.start)), key=lambda c: c.marker
        ):
            cited = list(group)
            passage = cited[0].passage
            others = [
                copy
                for copy in copies.get(passage.passage_id, ())
                if all(says_too(copy.text, citation.quote) for citation in cited)
            ]
            lines += _source(marker, cited, answer, screen)
            lines += _also(passage, others, answer.language, screen, indent="    ")
            shown += [passage, *others]
        if any(_tilde(passage.metadata) for passage in shown):
            lines.append(styled(words["inferred"], DIM, screen))
    remarks = []
    for statement in answer.statements:
        if statement.verdict in ("not_found", "conflict"):
            quoted = one_line(answer.text[statement.start : statement.end])
            reasons = f" ({'; '.join(map(one_line, statement.reasons))})" * bool(statement.reasons)
            remarks.append(f"(!) {words[statement.verdict]}: “{quoted}”{reasons}")
    remarks += [one_line(notice) for notice in answer.notices]
    if answer.answerer != "extractive":
        remarks.append(f"{words['answerer']} {answerer_words(answer.answerer)}.")
    if remarks:
        lines.append("")
    for remark in remarks:
        lines += flow([(remark, DIM)], screen)
    return lines


def consulted_lines(answer: Answer, screen: Screen = PIPE) -> list[str]:
    """The sources of an answer, then the passages that it was found from and does not cite."""
    cited = {citation.passage.passage_id for citation in answer.citations}
    rest = [hit for hit in answer.hits if hit.passage.passage_id not in cited]
    lines = [line for line in backing_lines(answer, screen) if line or cited]
    if rest:
        words = _words(answer.language)
        lines += ["", styled(words["not cited"], BOLD, screen)]
        lines += hits_lines(rest, screen, language=answer.language)
    return (lines[1:] if lines and not lines[0] else lines) or [_words(answer.language)["none"]]


def answerer_words(label: str) -> str:
    """Who answers, for a person: the label's model, or that there is none.

    >>> answerer_words("ollama:gemma4:e4b")
    'gemma4:e4b (ollama)'
    """
    kind, _, model = one_line(label).partition(":")
    return f"{model} ({kind})" if model else "quotes, no language model"


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


def hits_lines(
    hits: Sequence[Hit],
    screen: Screen = PIPE,
    *,
    language: str | None = None,
    met: Sequence[Sequence[Met]] | None = None,
) -> list[str]:
    """Every hit: its rank, where it is from, its score; then the passage and its source.

    With `met`, the words of the query that each hit says, also how its score was made.
    """
    lines: list[str] = []
    for number, hit in enumerate(hits):
        metadata = hit.passage.metadata
        head = f"{hit.rank}. {attribution(metadata, language)}"
        lines += flow([(head, BOLD), (f" {hit.score:.2f}", DIM)], screen)
        lines += flow([(hit.passage.text, "")], screen, indent="   ")
        if met is not None:
            lines += _why(hit, met[number], screen)
        where = f"   {hit.passage.article_id[:8]}  {_where(metadata)}"
        lines.append(styled(where, DIM, screen))
        lines += [*_also(hit.passage, hit.copies, language, screen, indent="   "), ""]
    return lines[:-1]


def _why(hit: Hit, met: Iterable[Met], screen: Screen) -> list[str]:
    """How the score of a hit was made, and by which words."""
    of = hit.scores
    share = of.get("weight", 0.0)
    parts = ", ".join(
        f"{name} {of.get(name, 0.0):.2f}" for name in ("bm25", "closeness", "spelling")
    )
    made = f"{1 - share:.2f} of words {of.get('lexical', 0.0):.2f} ({parts})"
    made += f" + {share:.2f} of cosine {of.get('dense', 0.0):.2f}"
    said = [
        one_line(
            w.word if [w.word] == [b.casefold() for b in w.by] else f"{w.word}: {', '.join(w.by)}"
        )
        for w in met
        if w.by
    ]
    missing = [one_line(w.word) for w in met if not w.by]
    lines = flow([(made, DIM)], screen, indent="   ")
    if said:
        lines += flow([("says " + "; ".join(said), DIM)], screen, indent="   ")
    if missing:
        lines += flow([("lacks " + ", ".join(missing), DIM)], screen, indent="   ")
    return lines


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
    day = "" if metadata.published is None else _tilde(metadata) + metadata.published.isoformat()
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


def sentence(message: str, hint: str) -> str:
    """`message` and `hint` on one line, with a full stop between them when both are there."""
    message, hint = one_line(message), one_line(hint)
    if hint and message and message[-1] not in ".!?":
        message += "."
    return f"{message} {hint}".strip()


def _source(
    marker: int, citations: Sequence[Citation], answer: Answer, screen: Screen
) -> list[str]:
    passage, language = citations[0].passage, answer.language
    head = f"[{marker}] {attribution(passage.metadata, language)}"
    lines = flow([(head, "")], screen, hanging="    ")
    if screen.colour:
        lines += flow(_marked(citations, answer.answer_span), screen, indent="    ")
    else:  # without bold, only the evidence itself can be told from its surroundings
        for citation in citations:
            lines += flow([(citation.quote, "")], screen, indent="    ")
    days = [told(citation.quote, passage.metadata, language) for citation in citations]
    if any(days):
        lines += flow([("; ".join(filter(None, days)), DIM)], screen, indent="    ")
    lines.append(styled(f"    {_where(passage.metadata)}", DIM, screen))
    return lines


def _also(
    passage: Passage,
    copies: Sequence[Passage],
    language: str | None,
    screen: Screen,
    *,
    indent: str,
) -> list[str]:
    """``also in: Publisher · date; ...``: the other articles that say what `passage` says."""
    others = {c.article_id: c.metadata for c in copies if c.article_id != passage.article_id}
    if not others:
        return []
    named = (
        f"{one_line(m.publisher or '') or one_line(m.title)} · {_day(m, language)}"
        for m in others.values()
    )
    text = f"{_words(language)['also']}: {'; '.join(named)}"
    return flow([(text, DIM)], screen, indent=indent)


def _marked(citations: Sequence[Citation], span: AnswerSpan | None = None) -> list[tuple[str, str]]:
    """The passage around the evidence, dim, and the evidence, bold, in reading order.

    The words of it that answer by themselves have a line under them.
    """
    passage = citations[0].passage
    runs: list[tuple[str, str]] = []
    at = passage.start
    for citation in citations:
        between = passage.text[max(0, at - passage.start) : max(0, citation.start - passage.start)]
        if citation is citations[0] and len(between) > _CONTEXT:
            between = "… " + between[-_CONTEXT:].partition(" ")[2]
        quote, lit = citation.quote, in_quote(span, citation)
        runs.append((between, DIM))
        if lit is None:
            runs.append((quote, BOLD))
        else:
            runs += [
                (quote[: lit.start], BOLD),
                (quote[lit.start : lit.end], UNDERLINED),
                (quote[lit.end :], BOLD),
            ]
        at = max(at, citation.end)
    after = passage.text[at - passage.start :]
    if len(after) > _CONTEXT:
        after = after[:_CONTEXT].rpartition(" ")[0] + " …"
    return [*runs, (after, DIM)]


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


def _where(metadata: Metadata) -> str:
    return one_line(metadata.url or metadata.source)


def _day(metadata: Metadata, language: str | None) -> str:
    if metadata.published is None:
        words = _words(language)
        if metadata.modified is None:
            return words["no date"]
        return f"{words['no date']} ({words['modified']} {written(metadata.modified, language)})"
    return _tilde(metadata) + written(metadata.published, language)


def _tilde(metadata: Metadata) -> str:
    return "~" if metadata.published_basis == "inferred" else ""


def _words(language: str | None) -> dict[str, str]:
    return _WORDS.get(language or "en", _WORDS["en"])


def _size(count: int) -> str:
    """Bytes in the largest decimal unit that keeps a figure before the point."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

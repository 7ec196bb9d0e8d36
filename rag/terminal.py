"""Answers and the passages they stand on, as lines of text. Prints nothing, reads nothing.

Every word that came from an article, a model, a path or a user passes `layout.sanitise`; the
only control sequences in what is returned are bold, dim and underlined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rag.layout import BOLD, DIM, PIPE, UNDERLINED, Screen, flow, one_line, sanitise, styled
from rag.located import in_quote, in_text
from rag.mentioned import says_too, told
from rag.schema import Answer, AnswerSpan, Citation, Found, Hit, Met, Metadata, Passage
from rag.text.days import written
from rag.text.language import detect

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
        if any(tilde(passage.metadata) for passage in shown):
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


def _where(metadata: Metadata) -> str:
    return one_line(metadata.url or metadata.source)


def _day(metadata: Metadata, language: str | None) -> str:
    if metadata.published is None:
        words = _words(language)
        if metadata.modified is None:
            return words["no date"]
        return f"{words['no date']} ({words['modified']} {written(metadata.modified, language)})"
    return tilde(metadata) + written(metadata.published, language)


def tilde(metadata: Metadata) -> str:
    """A ``~`` for a date that is inferred; nothing for any other, or for none."""
    return "~" if metadata.published_basis == "inferred" else ""


def _words(language: str | None) -> dict[str, str]:
    return _WORDS.get(language or "en", _WORDS["en"])

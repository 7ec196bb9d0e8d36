"""One question of a report: what was asked, answered, expected, cited and found, as HTML.

Every text is from articles, models or whoever wrote the questions: all of it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from eval import ranking, wrote
from eval.answers import SENTENCES, judge, said
from eval.citations import is_exact, is_gold
from eval.datasets import Question
from eval.given import Given, GivenCitation, GivenHit, Place, Texts
from eval.plots import short
from eval.standing import WORDS, Standing
from eval.tables import told
from rag.layout import one_line, sanitise

_LANGUAGES = {"en": "English", "id": "Indonesian"}
_BLANK_LINES = re.compile(r"\n[ \n]*\n")
_AROUND = 240  # characters of the article beside a quote whose passage was not kept
_VERDICTS = {
    "not_found": "Not found in its source",
    "conflict": "Differs from its source",
    "unchecked": "Not checked",
}

_SPOILT = {"malformed": "Model wrote no answer", "failed": "Model's server failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that is known of one question after a run."""

    question: Question
    given: Given | None  # None: not asked
    standing: Standing
    values: Mapping[str, float] = field(default_factory=dict)
    row: Mapping[str, Any] = field(default_factory=dict)  # as it was written: titles, scores
    texts: Texts = field(default_factory=Texts)
    names: Mapping[str, str] = field(default_factory=dict)  # article id -> base name
    passages: int = ranking.DEPTH  # how many of those found are shown


def case_lines(case: Case) -> list[str]:
    """The question as a `details` element, closed, with what a filter goes by."""
    question = case.question
    tags = "\n".join(map(one_line, question.tags))
    language = _LANGUAGES.get(question.language, question.language)
    flaws = ""
    if case.values.get("quote_exact", 1.0) < 1:
        flaws = '<span class="badge broken">Quote not exact</span> '
    ended = wrote.outcome_of(case.given) if case.given and case.given.usable else ""
    if ended in _SPOILT:
        flaws += f'<span class="badge broken">{_SPOILT[ended]}</span> '
    return [
        (
            f'<details class="question" data-standing="{case.standing}" '
            f'data-language="{text(question.language)}" data-tags="{escape(tags, quote=True)}">'
        ),
        (
            f'<summary><span class="badge {case.standing}">{WORDS[case.standing]}</span> {flaws}'
            f'<span class="asked"{_lang(question.language)}>{text(question.question)}</span> '
            f'<span class="soft">{text(question.question_id)} · {text(language)}</span></summary>'
        ),
        '<div class="inside">',
        *_answered(case),
        *_expected(case),
        *_cited(case),
        *_found(case),
        *_measured(case),
        "</div>",
        "</details>",
    ]


def text(words: str) -> str:
    """Words on one line, safe in HTML, in an attribute too."""
    return escape(one_line(words), quote=True)


def block(words: str) -> str:
    """Words with their line ends but without blank lines, safe in HTML."""
    return escape(_BLANK_LINES.sub("\n", sanitise(words)), quote=True)


def _answered(case: Case) -> list[str]:
    given = case.given
    if given is None:
        return ["<h4>Answer</h4>", "<p>This question was not asked in this run.</p>"]
    if not given.usable:
        said_so = text(given.problem) or "no reason was given"
        return ["<h4>Answer</h4>", f'<p class="warn">There is none: {said_so}</p>']
    head = "Answer" if given.outcome == "answered" else "No answer was given; the reader saw"
    by = ""
    if given.generated:
        by = f' <span class="soft">written by {text(given.answerer)}</span>'
    lines = [f"<h4>{head}{by}</h4>", f'<div class="answer"{_lang(given.language)}>']
    lines += [*_sentences(case, given), "</div>"]
    if given.notices:
        items = "".join(f"<li>{text(notice)}</li>" for notice in given.notices)
        lines.append(f'<ul class="soft">{items}</ul>')
    return lines


def _sentences(case: Case, given: Given) -> list[str]:
    """The answer sentence by sentence, each with what checking it found, unless all is well."""
    reasons = {
        (each.get("start"), each.get("end")): each.get("reasons")
        for each in _objects(case.row, "statements")
    }
    pieces: list[str] = []
    at = 0
    for statement in given.statements:
        if statement.start < at:
            continue  # sentences of one answer do not overlap
        pieces.append(block(given.text[at : statement.start]))
        pieces.append(block(given.text[statement.start : statement.end]))
        if statement.verdict in _VERDICTS:
            why = reasons.get((statement.start, statement.end))
            listed = (
                [each for each in why if isinstance(each, str)] if isinstance(why, list) else []
            )
            remark = ": ".join([_VERDICTS[statement.verdict], *filter(None, ["; ".join(listed)])])
            look = "soft" if statement.verdict == "unchecked" else "warn"
            pieces.append(f' <span class="{look}">({text(remark)})</span>')
        at = statement.end
    pieces.append(block(given.text[at:]))
    return [f'<p class="lines">{"".join(pieces).strip()}</p>']


def _expected(case: Case) -> list[str]:
    question = case.question
    lines = ["<h4>Expected</h4>"]
    if question.answerable:
        lines.append(f"<p>{_listed(question.answers)}</p>")
    else:
        lines.append("<p>No answer: the articles do not say.</p>")
    if question.must_not:
        judged = judge(question, said(case.given)) if case.given else None
        look = ' class="warn"' if judged and judged.violated else ""
        told_so = " (the answer says one of these)" if look else ""
        lines.append(f"<p{look}>Must not say: {_listed(question.must_not)}{told_so}</p>")
    if case.standing == "wrong" and case.values.get("match"):
        lines.append("<p>A later sentence says it; the first one that answers says another.</p>")
    hits = case.given.hits[: ranking.DEPTH] if case.given else ()
    found = ranking.quotes_found(hits, question.evidence, case.texts)
    for number, gold in enumerate(question.evidence):
        ranks = [hit.rank for hit, held in zip(hits, found, strict=True) if number in held]
        where = f"found as passage {ranks[0]}" if ranks else "not among the passages found"
        look = "soft" if ranks else "warn"
        lines += [
            f"<blockquote>{block(gold.quote)}</blockquote>",
            (
                f'<p class="from"><span class="soft">{text(gold.article)} · </span>'
                f'<span class="{look}">{where}</span></p>'
            ),
        ]
    return lines


def _cited(case: Case) -> list[str]:
    """Every passage cited, each once, with the sentences marked that back the answer."""
    given = case.given
    if given is None or not given.citations:
        return []
    rows = _objects(case.row, "citations")
    if len(rows) != len(given.citations):
        rows = [{}] * len(given.citations)
    grouped: dict[tuple[int, Place], list[tuple[GivenCitation, Mapping[str, Any]]]] = {}
    for citation, row in zip(given.citations, rows, strict=True):
        passage = _passage(citation, given.hits, case.texts)
        grouped.setdefault((citation.marker, passage), []).append((citation, row))
    lines = ["<h4>Cited</h4>"]
    for (marker, passage), members in grouped.items():
        first, row = members[0]
        name = case.names.get(passage.article_id, first.source)
        told_of = [*(_string(row, key) for key in ("title", "publisher", "published")), name]
        head = [text(each) for each in told_of if each]
        cited = [citation for citation, _ in members]
        if any(is_gold(c, gold, case.texts) for c in cited for gold in case.question.evidence):
            head.append('<span class="good">the expected words</span>')
        if case.texts.by_id and not all(is_exact(c, case.texts) for c in cited):
            head.append('<span class="warn">not word for word in the article</span>')
        lines += [
            f'<p class="from"><b>[{marker}]</b> {" · ".join(head)}</p>',
            f"<blockquote>{_with_quotes(passage, cited, given.hits, case.texts)}</blockquote>",
        ]
    return lines


def _passage(citation: GivenCitation, hits: Iterable[GivenHit], texts: Texts) -> Place:
    """The stretch to show a quote in: its passage, else what stands around it, else itself."""
    place = citation.place
    for hit in hits:
        held = hit.place.article_id == place.article_id and hit.place.start <= place.start
        if held and _slice(hit.text, place, hit.place.start) == citation.quote:
            return hit.place
    article = texts.by_id.get(place.article_id, "")
    if _slice(article, place, 0) != citation.quote:
        return place
    start, end = max(0, place.start - _AROUND), min(len(article), place.end + _AROUND)
    return Place(article_id=place.article_id, start=start, end=end)


def _with_quotes(
    passage: Place, cited: Iterable[GivenCitation], hits: Iterable[GivenHit], texts: Texts
) -> str:
    """The words of a passage with the quotes marked; the quotes alone where it is not known."""
    article = texts.by_id.get(passage.article_id, "")
    words = next((h.text for h in hits if h.place == passage), _slice(article, passage, 0))
    on = bytearray(len(words))
    for citation in cited:
        if _slice(words, citation.place, passage.start) != citation.quote:
            return "<br>".join(f"<mark>{block(each.quote)}</mark>" for each in cited)
        start, end = citation.place.start - passage.start, citation.place.end - passage.start
        on[start:end] = b"\1" * (end - start)
    return _runs(words, on)


def _slice(words: str, place: Place, begun: int) -> str:
    """What stands at a place in words that begin at an offset of their article."""
    return words[max(0, place.start - begun) : max(0, place.end - begun)]


def _found(case: Case) -> list[str]:
    given = case.given
    if given is None or not given.usable:
        return []
    if not given.hits:
        return ["<h4>Found</h4>", "<p>No passage.</p>"]
    quotes = list(case.question.evidence)
    held = ranking.quotes_found(given.hits, quotes, case.texts)
    shown = min(len(given.hits), case.passages)
    count = f"{len(given.hits)} passages" if len(given.hits) > 1 else "1 passage"
    first = f", the first {shown} of them here" if shown < len(given.hits) else ""
    scores = {row.get("rank"): row.get("score") for row in _objects(case.row, "hits")}
    lines = [f'<details class="found"><summary>Found: {count}{first}</summary>', "<ol>"]
    for hit, golds in list(zip(given.hits, held, strict=True))[:shown]:
        name = case.names.get(hit.place.article_id, hit.place.article_id)
        score = scores.get(hit.rank)
        parts = [text(name)]
        if isinstance(score, int | float):
            parts.append(f"score {score:.3f}")
        if golds:
            parts.append('<span class="good">holds the expected words</span>')
        marked = _marked(hit.text, [quotes[n].quote for n in sorted(golds)])
        lines.append(
            f'<li value="{hit.rank}"><p class="from">{" · ".join(parts)}</p>'
            f"<blockquote>{marked}</blockquote></li>"
        )
    return [*lines, "</ol>", "</details>"]


def _measured(case: Case) -> list[str]:
    """The question's own figures, in small type."""
    if not case.values:
        return []
    parts = [
        f"{text(name)} {short(value) if name.startswith('seconds.') else told(value)}"
        for name, value in sorted(case.values.items())
    ]
    tags = f"Tags: {', '.join(map(text, case.question.tags))}. " if case.question.tags else ""
    return [
        '<details class="found"><summary>Figures</summary>',
        (
            f'<p class="soft">{tags}{"; ".join(parts)}. Answers are judged by their first '
            f"{SENTENCES} sentences.</p>"
        ),
        "</details>",
    ]


def _marked(words: str, quotes: Sequence[str]) -> str:
    """Words safe in HTML, what they hold of the quotes marked; white space may differ."""
    on = bytearray(len(words))
    for quote in quotes:
        parts = [re.escape(part) for part in quote.split()]
        for match in re.finditer(r"\s+".join(parts), words) if parts else ():
            on[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return _runs(words, on)


def _runs(words: str, on: bytearray) -> str:
    """Words safe in HTML, those marked that are on."""
    pieces = []
    for run in re.finditer(rb"\x01+|\x00+", on):
        piece = block(words[run.start() : run.end()])
        pieces.append(f"<mark>{piece}</mark>" if on[run.start()] else piece)
    return "".join(pieces)


def _listed(texts: Iterable[str]) -> str:
    return " · ".join(f"<b>{text(each)}</b>" for each in texts)


def _objects(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = row.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _string(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _lang(language: str) -> str:
    """The attribute that tells a reader's voice the language, when it is one we know."""
    return f' lang="{language}"' if language in _LANGUAGES else ""

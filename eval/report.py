"""A run as one HTML file: figures, plots and every question; no network, and no script needed.

Written for somebody who reads the news for a living and no code. The only script hides the
questions that a reader does not ask for.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.datasets import Question
from eval.folder import written
from eval.given import Given, Texts
from eval.plots import STYLE
from eval.report_figures import by_tag, headline, per_cent
from eval.report_plots import plots
from eval.report_question import Case, case_lines, text
from eval.scoring import PAIR, Scores
from eval.standing import STANDINGS, WORDS, Standing, standings, worst_first
from eval.tables import notes
from eval.tables import rows as table_rows
from rag.lines import replace

_MANY = 500  # questions: with more, a report shows fewer passages of each, or it would not open
_FEW_PASSAGES, _ALL_PASSAGES = 3, 10
_LANGUAGES = {"en": "English", "id": "Indonesian"}
_HERE = Path(__file__).parent


def write_report(
    path: Path,
    questions: Sequence[Question],
    given: Mapping[str, Given],
    scores: Scores,
    *,
    about: Mapping[str, str],
    texts: Texts | None = None,
    rows: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write the report to `path`, whole or not at all; `StoreError` when the disk refuses."""
    page = report_html(questions, given, scores, about=about, texts=texts, rows=rows)
    with written(path):
        replace(path, page.encode())


def report_html(
    questions: Sequence[Question],
    given: Mapping[str, Given],
    scores: Scores,
    *,
    about: Mapping[str, str],
    texts: Texts | None = None,
    rows: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The report as a page that stands alone, in light or dark as its reader likes.

    `about` tells how the run was made, as it shall be shown. `texts` are the articles; with them
    quotes are found in passages and their exactness is told. `rows` are the answers as they were
    written, by question id; they hold titles and scores of hits, which no measure needs.
    """
    standing_of = standings(questions, given, scores)
    texts = texts or Texts()
    names = {key: name for name, key in sorted(texts.ids.items(), reverse=True) if name != key}
    cases = [
        Case(
            question=question,
            given=given.get(question.question_id),
            standing=standing_of[question.question_id],
            values=scores.values.get(question.question_id, {}),
            row=(rows or {}).get(question.question_id, {}),
            texts=texts,
            names=names,
            passages=_ALL_PASSAGES if len(questions) <= _MANY else _FEW_PASSAGES,
        )
        for question in worst_first(questions, standing_of, scores)
    ]
    style = _own("report.css") + STYLE
    script = _own("report.js")
    policy = (
        f"default-src 'none'; style-src {_hashed(style)}; script-src {_hashed(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        "<title>How well Kutip answers</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        "<main>",
        *_head(questions, standing_of, scores, about),
        *headline(scores),
        *plots(scores, given),
        *_questions(cases, questions),
        *_table(scores),
        *by_tag(scores),
        "</main>",
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _head(
    questions: Sequence[Question],
    standing_of: Mapping[str, Standing],
    scores: Scores,
    about: Mapping[str, str],
) -> list[str]:
    """What was done, and what became of all questions in one bar."""
    total = len(questions)
    counts = Counter(standing_of.values())
    made = "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in about.items())
    return [
        "<header>",
        "<h1>How well Kutip answers</h1>",
        f"<p>{_asked(questions, counts['missing'])}</p>",
        *(_bar(counts) if total else []),
        *(f"<p>{each}</p>" for each in _spoilt(scores.numbers)),
        *(
            [f"<details><summary>How this was made</summary><dl>{made}</dl></details>"]
            if made
            else []
        ),
        "</header>",
    ]


def _asked(questions: Sequence[Question], missing: int) -> str:
    total, answerable = len(questions), sum(question.answerable for question in questions)
    unasked = f" Of these, {total - missing:,} were asked." if missing else ""
    return (
        f"{_number(total, 'question')} about articles whose content is known: {answerable:,} that "
        f"they answer, {total - answerable:,} that they do not.{unasked} Everything here was "
        "counted by comparing words; no language model judged."
    )


def _spoilt(numbers: Mapping[str, float]) -> list[str]:
    """What went wrong on the way to an answer, whatever the reader was given instead."""
    told = (
        ("malformed", "what came back was no answer: empty, unreadable, or without end"),
        ("failed", "there was an error, or the model's server died, was gone or too slow"),
    )
    counted = [(int(numbers.get(f"outcome.{name}", 0)), why) for name, why in told]
    lines = [f"For {_number(n, 'question')}, {why}." for n, why in counted if n]
    if lines and numbers.get("fallback"):
        lines.append(
            f"Where a model was asked, {per_cent(numbers['fallback'])} of the answers are quotes "
            "that Kutip put in place of its words."
        )
    return lines


def _bar(counts: Mapping[Standing, int]) -> list[str]:
    """How all questions stand, as parts of one bar, and what its colours mean."""
    total = sum(counts.values())
    bar: list[str] = []
    left = 0.0
    for standing in _best_first(counts):
        width = 1000 * counts[standing] / total
        bar.append(
            f'<rect class="{standing}" x="{left:.2f}" y="0" width="{width:.2f}" height="10"></rect>'
        )
        left += width
    legend = [
        f'<li><span class="key {standing}"></span><b>{counts[standing]}</b> {WORDS[standing]}</li>'
        for standing in _best_first(counts)
    ]
    told = ", ".join(f"{counts[each]} {WORDS[each].lower()}" for each in _best_first(counts))
    return [
        '<svg class="whole" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"',
        f'aria-labelledby="whole-title"><title id="whole-title">{text(told)}</title>',
        *bar,
        "</svg>",
        f'<ul class="legend">{"".join(legend)}</ul>',
    ]


def _best_first(counts: Mapping[Standing, int]) -> list[Standing]:
    order: tuple[Standing, ...] = (
        *("right", "rightly_silent", "silent", "wrong", "invented", "broken", "missing"),
    )
    return [standing for standing in order if counts.get(standing)]


def _questions(cases: Sequence[Case], questions: Sequence[Question]) -> list[str]:
    """Every question, the worst first, and the fields that choose among them."""
    counts = Counter(case.standing for case in cases)
    languages = Counter(question.language for question in questions)
    tags = Counter(
        tag for q in questions for tag in dict.fromkeys(q.tags) if not tag.startswith(PAIR)
    )
    fields = [
        _choice(
            "standing",
            "Outcome",
            [(s, f"{WORDS[s]} ({counts[s]})") for s in STANDINGS if counts[s]],
        ),
        _choice(
            "language",
            "Language",
            [
                (each, f"{_LANGUAGES.get(each, each)} ({n})")
                for each, n in sorted(languages.items())
            ],
        ),
        _choice("tag", "Kind", [(tag, f"{tag} ({n})") for tag, n in sorted(tags.items())]),
        '<label>Words <input type="search" id="by-words"></label>',
        '<output id="count"></output>',
    ]
    lines = [
        '<section id="questions">',
        "<h2>Every question, the worst first</h2>",
        "<p>Open one to see what was answered and why.</p>",
        f'<div class="filter" id="filter" hidden>{"".join(fields)}</div>',
    ]
    for case in cases:
        lines += case_lines(case)
    return [*lines, "</section>"]


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{text(v)}">{text(words)}</option>' for v, words in options)
    return (
        f'<label>{label} <select id="by-{name}"><option value="">All</option>{listed}</select>'
        "</label>"
    )


def _table(scores: Scores) -> list[str]:
    """Every measure, under the name that metrics.json has."""
    head = "".join(f"<th>{each}</th>" for each in ("value", "95 %", "n", *_LANGUAGES.values()))
    lines = [
        "<h2>All figures</h2>",
        "<details><summary>Every measure, by language</summary>",
        '<div class="wide" tabindex="0"><table>',
        f"<thead><tr><th>measure</th>{head}</tr></thead>",
        "<tbody>",
    ]
    for group, members in table_rows(scores).items():
        if not members:
            continue
        lines.append(f'<tr><th class="group" colspan="6">{text(group)}</th></tr>')
        for row in members:
            cells = (row.value, row.interval, row.n, *row.languages)
            numbers = "".join(f"<td>{text(cell)}</td>" for cell in cells)
            lines.append(f"<tr><th>{text(row.name)}</th>{numbers}</tr>")
    remarks = "".join(f"<li>{text(note)}</li>" for note in notes(scores.numbers))
    listed = [f'<ul class="soft">{remarks}</ul>'] if remarks else []
    return [*lines, "</tbody></table></div>", *listed, "</details>"]


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hashed(content: str) -> str:
    """How a policy names the one style or script that it allows."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

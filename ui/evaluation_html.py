"""The Evaluation tab's own HTML: how far a run is, the list, one run and its questions.

Pure: records in, escaped HTML out. `rev` makes two values differ that show the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from eval.report_figures import per_cent
from eval.report_question import case_lines
from eval.standing import WORDS as STANDING_WORDS
from eval.standing import Standing
from rag.layout import one_line
from rag.text.days import written
from ui.desk import Reader
from ui.evaluating import Course
from ui.evaluation import Leaf, Opened, Summary
from ui.evaluation_figures import (
    HEADLINES,
    cards_html,
    kinds_html,
    plots_html,
    table_html,
)
from ui.evaluation_words import CASE_ID, WORDS
from ui.render import attributes, esc

_LISTED = ("hit@5", "match", "crag.wrong", "rejection")  # in the list of runs
_BEST_FIRST: tuple[Standing, ...] = (
    *("right", "rightly_silent", "silent", "wrong", "invented", "broken", "missing"),
)
# What a template language might take for its own, as in `ui.render`.
_TEMPLATES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
_FOUND_ID = re.compile(r"<summary>Found: (\d+) passages?(?:, the first (\d+) of them here)?<")
_JUDGED_ID = re.compile(r"\. Answers are judged by their first (\d+) sentences\.</p>")


def course_html(course: Course | None, reader: Reader, rev: str) -> str:
    """How far the run is that goes on, or how the last one ended; nothing before any."""
    if course is None:
        return ""
    words = WORDS[reader]
    if not course.running:
        role, kind = ("alert", " eval-wrong") if course.ending == "failed" else ("status", "")
        note = esc(_ending(course, reader))
        return box(f'<p class="eval-note{kind}" role="{role}">{note}</p>', rev)
    told_so = words["evaluation_stopping"] if course.stopping else _stage(course, reader)
    parts = [told_so]
    if course.seconds_left is not None and not course.stopping:
        parts.append(words["evaluation_left"].format(time=duration(course.seconds_left, reader)))
    known = course.total if course.stage not in ("reading", "embedding") else None
    bar = {"max": known, "value": course.done} if known else {}
    label = esc(told_so)
    return box(
        f'<p class="eval-note" role="status">{esc(" · ".join(parts))}</p>'
        f'<progress class="eval-bar" aria-label="{label}"{attributes(bar)}></progress>',
        rev,
    )


def duration(seconds: float, reader: Reader) -> str:
    """A time that is left, no finer than it is known.

    >>> duration(7, "en"), duration(95, "en"), duration(8000, "id")
    ('10 s', '2 min', '2.2 jam')
    """
    words = WORDS[reader]
    if seconds < 55:
        return words["evaluation_seconds"].format(n=max(5, 5 * round(seconds / 5 + 0.49)))
    if seconds < 5_400:
        return words["evaluation_minutes"].format(n=round(seconds / 60))
    return words["evaluation_hours"].format(n=f"{seconds / 3600:.1f}")


def runs_html(
    summaries: Sequence[Summary],
    *,
    chosen: str,
    running: str,
    may_write: bool,
    reader: Reader,
    rev: str,
) -> str:
    """The runs so far, the newest first, with the figures that matter most."""
    words = WORDS[reader]
    if not summaries:
        return box(f'<p class="eval-soft">{esc(words["evaluation_none"])}</p>', rev)
    titles = {each.name: words[f"evaluation_{each.key}"] for each in HEADLINES}
    heads = [words["evaluation_when"], words["evaluation_questions"], words["evaluation_by"]]
    heads += [words["evaluation_asked"], *(titles[name] for name in _LISTED)]
    row_of = (
        _run_row(each, titles, chosen=chosen, running=running, may_write=may_write, reader=reader)
        for each in summaries
    )
    head = "".join(f'<th scope="col">{esc(each)}</th>' for each in heads)
    return box(
        f'<table class="eval-runs"><thead><tr>{head}'
        f'<th scope="col"><span class="eval-unseen">{esc(words["evaluation_open"])}</span></th>'
        f"</tr></thead><tbody>{''.join(row_of)}</tbody></table>",
        rev,
    )


def run_html(opened: Opened, reader: Reader, rev: str) -> str:
    """One run: what was asked, how all questions stand, its figures, plots and tables."""
    words, run = WORDS[reader], opened.run
    kinds = kinds_html(run.scores, reader)
    folds = [fold("kinds", words["evaluation_kinds"], kinds)] * bool(kinds)
    figures = plots_html(run.scores, run.given, reader)
    where = f"<h3>{esc(words['evaluation_where'])}</h3>{figures}" if figures else ""
    return box(
        f'<h2 id="eval-run">{esc(title_of(opened.begun, reader))}</h2>'
        f"{_sum(opened, reader)}{_how(run.about, reader)}"
        f"<h3>{esc(words['evaluation_short'])}</h3>{cards_html(run.scores, reader)}"
        f"{where}<h3>{esc(words['evaluation_table'])}</h3>"
        f"{fold('every', words['evaluation_every'], table_html(run.scores, reader))}"
        f"{''.join(folds)}",
        rev,
    )


def trouble_html(text: str, rev: str) -> str:
    """What went wrong."""
    return box(f'<p class="eval-wrong" role="alert">{esc(text)}</p>', rev) if text else ""


def said_html(text: str, rev: str) -> str:
    """What was done, in a line."""
    return box(f'<p class="eval-note" role="status">{esc(text)}</p>', rev) if text else ""


def questions_html(page: Leaf, reader: Reader, rev: str) -> str:
    """One page of the questions of a run, each to be opened."""
    words = WORDS[reader]
    count = words["evaluation_shown"].format(n=f"{page.matched:,}", m=f"{page.total:,}")
    cases = "".join(_case("\n".join(case_lines(case)), reader) for case in page.cases)
    if not page.cases:
        cases = f'<p class="eval-soft">{esc(words["evaluation_no_match"])}</p>'
    return box(
        f'<p class="eval-soft" role="status">{esc(count)}</p>{cases}{_pager(page, reader)}', rev
    )


def title_of(begun: datetime | None, reader: Reader) -> str:
    """What a run is called."""
    if begun is None:
        return WORDS[reader]["evaluation_tab"]
    here = begun.astimezone()
    day = written(here.date(), reader)
    return WORDS[reader]["evaluation_title"].format(day=day, time=_clock(here, reader))


def moment(begun: datetime | None, reader: Reader) -> str:
    """When a run was begun, by the clock of the machine that serves the page."""
    if begun is None:
        return "?"
    here = begun.astimezone()
    return f"{written(here.date(), reader)}, {_clock(here, reader)}"


def _clock(here: datetime, reader: Reader) -> str:
    return f"{here:%H.%M}" if reader == "id" else f"{here:%H:%M}"


def box(html: str, rev: str) -> str:
    return f'<div class="eval"{attributes({"data-rev": rev})}>{html}</div>'


def fold(name: str, summary: str, html: str) -> str:
    return (
        f'<details class="eval-fold" id="eval-fold-{name}"><summary>{esc(summary)}</summary>'
        f"{html}</details>"
    )


def _ending(course: Course, reader: Reader) -> str:
    words = WORDS[reader]
    counts = {"n": f"{course.asked:,}", "m": f"{course.questions:,}"}
    if course.ending == "failed":
        kept = [words["evaluation_failed_kept"]] * course.kept
        return " ".join((*course.remarks, *kept))
    early = "_early" * (course.ending == "stopped" and not course.asked)
    told_so = words[f"evaluation_{course.ending}{early}"].format(**counts)
    return " ".join((told_so, *course.remarks))


def _stage(course: Course, reader: Reader) -> str:
    words = WORDS[reader]
    n, m = f"{course.done:,}", f"{course.total or 0:,}"
    if not course.stage or course.stage == "loading":
        return words["evaluation_waiting"]
    if course.stage in ("embedding", "indexing"):
        return words["evaluation_embedding"].format(n=n)
    if course.stage == "asking" and course.done == course.total:
        return words["evaluation_scoring"]
    key = {"reading": "reading", "asking": "asking"}.get(course.stage, "robust")
    return words[f"evaluation_{key}"].format(n=n, m=m)


def _run_row(
    run: Summary,
    titles: Mapping[str, str],
    *,
    chosen: str,
    running: str,
    may_write: bool,
    reader: Reader,
) -> str:
    words = WORDS[reader]
    asked = f"{run.asked:,}"
    if run.asked != run.total:
        asked = words["evaluation_asked_of"].format(n=asked, m=f"{run.total:,}")
    if run.run_id == running:
        asked = words["evaluation_goes_on"]
    elif run.damaged:
        asked = words["evaluation_damaged"]
    elif not run.finished:
        asked = f"{asked}, {words['evaluation_unfinished']}"
    values = [
        (titles[name], per_cent(run.numbers[name]) if name in run.numbers else "–")
        for name in _LISTED
    ]
    cells = [(words["evaluation_questions"], run.questions or "–")]
    cells += [(words["evaluation_by"], run.answerer or "–"), (words["evaluation_asked"], asked)]
    cells += values
    told_of = "".join(
        f"<td{attributes({'data-label': label})}>{esc(value)}</td>" for label, value in cells
    )
    data = {"data-run": run.run_id}
    actions = ""
    if run.run_id != running:
        actions = _button("choose", words["evaluation_open"], data)
        if may_write and not run.finished and not run.damaged and not running:
            actions = _button("resume", words["evaluation_go_on"], data) + actions
    here = {"aria-current": "true" if run.run_id == chosen else None}
    return (
        f'<tr{attributes(here)}><th scope="row">{esc(moment(run.begun, reader))}</th>{told_of}'
        f'<td class="eval-acts">{actions}</td></tr>'
    )


def _button(do: str, words: str, data: Mapping[str, object]) -> str:
    return (
        f'<button type="button" class="eval-do"{attributes({"data-do": do, **data})}>'
        f"{esc(words)}</button>"
    )


def _sum(opened: Opened, reader: Reader) -> str:
    """How many questions there are, and what became of all of them in one bar."""
    words, questions, counts = WORDS[reader], opened.run.questions, opened.counts
    total, yes = len(questions), sum(question.answerable for question in questions)
    told_so = words["evaluation_sum"].format(total=f"{total:,}", yes=f"{yes:,}", no=total - yes)
    if counts.get("missing"):
        asked = total - counts["missing"]
        told_so = f"{told_so} {words['evaluation_missing'].format(n=f'{asked:,}')}"
    standing = [each for each in _BEST_FIRST if counts.get(each)]
    bar, keys, left = [], [], 0.0
    for each in standing:
        width = 1000 * counts[each] / total
        bar.append(
            f'<rect class="{each}" x="{left:.2f}" y="0" width="{width:.2f}" height="10"></rect>'
        )
        keys.append(
            f'<li><span class="key {each}"></span><b>{counts[each]:,}</b> '
            f"{esc(words[f'evaluation_is_{each}'])}</li>"
        )
        left += width
    named = ", ".join(f"{counts[each]} {words[f'evaluation_is_{each}']}" for each in standing)
    return (
        f"<p>{esc(told_so)}</p>"
        f'<svg class="whole" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{esc(named)}">{"".join(bar)}</svg>'
        f'<ul class="eval-legend">{"".join(keys)}</ul>'
    )


def _how(about: Mapping[str, object], reader: Reader) -> str:
    """How the run was made, folded away."""
    words = WORDS[reader]
    datasets, settings = about.get("datasets"), about.get("settings")
    only = (str(about[key]) for key in ("language", "tag", "limit") if about.get(key))
    pairs = {
        "evaluation_questions": ", ".join(datasets) if isinstance(datasets, dict) else "",
        "evaluation_only": ", ".join(only),
        "evaluation_by": str(about.get("answerer", "")),
        "evaluation_embedder": str(about.get("embedder", "")).partition(" ")[0],
        "evaluation_settings": ", ".join(f"{name} = {value}" for name, value in settings.items())
        if isinstance(settings, dict)
        else "",
    }
    told_of = "".join(
        f"<dt>{esc(words[key])}</dt><dd>{esc(one_line(value))}</dd>"
        for key, value in pairs.items()
        if value
    )
    version = esc(one_line(str(about.get("version", ""))))
    return fold(
        "how",
        words["evaluation_how"],
        f'<dl class="eval-known">{told_of}<dt>Kutip</dt><dd>{version}</dd></dl>',
    )


def _case(html: str, reader: Reader) -> str:
    """A question as the report has it, its words around in the reader's language."""
    if reader == "id":
        for english, words in CASE_ID:
            html = html.replace(english, words)
        for standing, english in STANDING_WORDS.items():
            words = WORDS["id"][f"evaluation_is_{standing}"]
            html = html.replace(f'{standing}">{english}<', f'{standing}">{words}<')
        for english, words in (("English", "Inggris"), ("Indonesian", "Indonesia")):
            html = html.replace(f"· {english}</span></summary>", f"· {words}</span></summary>")
        html = _FOUND_ID.sub(_found_id, html)
        html = _JUDGED_ID.sub(
            lambda found: f". Jawaban dinilai dari {found[1]} kalimat pertamanya.</p>", html
        )
    return html.translate(_TEMPLATES)


def _found_id(found: re.Match[str]) -> str:
    first = f", {found[2]} yang pertama di sini" if found[2] else ""
    return f"<summary>Ditemukan: {found[1]} penggalan{first}<"


def _pager(page: Leaf, reader: Reader) -> str:
    if page.pages == 1:
        return ""
    words = WORDS[reader]
    where = words["evaluation_page"].format(n=page.page + 1, m=page.pages)
    back = {"data-page": page.page - 1, "disabled": page.page == 0}
    on = {"data-page": page.page + 1, "disabled": page.page + 1 == page.pages}
    return (
        f'<p class="eval-pager">{_button("leaf", words["evaluation_before"], back)}'
        f"<span>{esc(where)}</span>{_button('leaf', words['evaluation_next'], on)}</p>"
    )

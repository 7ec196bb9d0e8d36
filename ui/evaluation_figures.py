"""The figures of a run in the reader's words: cards, plots and tables as HTML.

Pure: scores in, escaped HTML out. The plots are those of the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.figures import ALIKE
from eval.given import Given
from eval.plots import Dot, Spot, Stage, curve, dots, short, stages
from eval.report_figures import per_cent, tag_of
from eval.report_plots import noise
from eval.robustness_scores import COUNTS
from eval.scoring import Scores
from eval.tables import NOTHING, rows, told
from ui.desk import Reader
from ui.evaluation_words import WORDS
from ui.render import esc

_FEWEST = 5  # questions of a kind: below, its figure says nothing
_MOST = 14  # kinds in a plot; the table has all
_PLOTTED = (("hit@5", "hit"), ("match", "match"), ("crag.wrong", "wrong"))
_STAGES = ("condense", "retrieve", "judge", "first_word", "answer", "total")
_PARTS = (("", "all"), (".en", "english"), (".id", "indonesian"))


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the figures that matter most: its name in metrics.json, and that of its words."""

    name: str
    key: str


HEADLINES = (
    Headline("hit@5", "hit"),
    Headline("match", "match"),
    Headline("crag.wrong", "wrong"),
    Headline("rejection", "rejection"),
    Headline("false_refusal", "refusal"),
    Headline("cite.precision", "cites"),
    Headline("quote_exact", "exact"),
)


def cards_html(scores: Scores, reader: Reader) -> str:
    """A card for each of the figures that matter most, with its range and a sentence."""
    words, numbers = WORDS[reader], scores.numbers
    cards = [_card(each, numbers, reader) for each in HEADLINES]
    p50, p95 = (numbers.get(f"seconds.total.p{each}") for each in (50, 95))
    if p50 is not None and p95 is not None:
        n = _asked(int(numbers.get("seconds.total.n", 0)), reader)
        within = words["evaluation_time_range"].format(p95=short(p95))
        cards.append(
            _card_html(words["evaluation_time"], short(p50), f"{within} · {n}", "time", reader)
        )
    note = f'<p class="eval-soft">{esc(words["evaluation_note"])}</p>'
    return f'<div class="eval-cards">{"".join(cards)}</div>{note}'


def plots_html(scores: Scores, given: Mapping[str, Given], reader: Reader) -> str:
    """The plots there is something for; nothing where there is none."""
    words, numbers = WORDS[reader], scores.numbers
    made = []
    for name, key in _PLOTTED:
        title = words[f"evaluation_{key}"]
        if found := _dots(name, numbers, reader):
            plot = dots(found, ident=f"eval-plot-{key}", title=title)
            made.append(_figure(plot, title, words[f"evaluation_{key}_plot"]))
    if len(scores.risk) > 1:
        made.append(_risk(scores, reader))
    if len(noisy := noise(numbers)) > 1:
        made.append(_noise(noisy, reader))
    spent = [
        Stage(
            label=words[f"evaluation_stage_{stage}"],
            p50=numbers[f"seconds.{stage}.p50"],
            p95=numbers[f"seconds.{stage}.p95"],
        )
        for stage in _STAGES
        if f"seconds.{stage}.p95" in numbers and f"seconds.{stage}.p50" in numbers
    ]
    if spent and given:
        title = words["evaluation_stages"]
        plot = stages(spent, ident="eval-plot-stages", title=title)
        made.append(_figure(plot, title, words["evaluation_stages_says"]))
    return f'<div class="eval-figures">{"".join(made)}</div>' if made else ""


def table_html(scores: Scores, reader: Reader) -> str:
    """Every measure, under the name that metrics.json has, by language."""
    words = WORDS[reader]
    heads = "".join(
        f'<th scope="col">{esc(words[f"evaluation_{each}"])}</th>'
        for each in ("measure", "value", "interval", "count", "english", "indonesian")
    )
    body = []
    for group, members in rows(scores).items():
        if not members:
            continue
        named = esc(words.get(f"evaluation_group_{group}", group))
        body.append(f'<tr><th class="eval-group" colspan="6" scope="rowgroup">{named}</th></tr>')
        for row in members:
            interval = words["evaluation_alike"] if row.interval == ALIKE else row.interval
            body.append(_row(row.name, (row.value, interval, row.n, *row.languages)))
    table = wide(f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>", reader)
    return table + "".join(
        f'<p class="eval-soft">{esc(note)}</p>' for note in _untested(scores, reader)
    )


def _untested(scores: Scores, reader: Reader) -> list[str]:
    """What of the tests of robustness was not made, and why."""
    words, numbers = WORDS[reader], scores.numbers
    if not any(name in numbers for name in (*COUNTS, "noise@0")):
        return [words["evaluation_untested"]]
    return [
        words[f"evaluation_{name.replace('.', '_')}"].format(n=int(numbers[name]))
        for name in COUNTS
        if numbers.get(name)
    ]


def kinds_html(scores: Scores, reader: Reader) -> str:
    """The figures that matter most for every kind of question; nothing where there is no kind."""
    words, numbers = WORDS[reader], scores.numbers
    names = [each.name for each in HEADLINES]
    tags = sorted({tag for name in numbers if (tag := tag_of(name, names))})
    if not tags:
        return ""
    heads = "".join(
        f'<th scope="col">{esc(words[f"evaluation_{key}"])}</th>'
        for key in ("kind", "count", *(each.key for each in HEADLINES))
    )
    body = []
    for tag in tags:
        asked = numbers.get(f"crag.wrong.tag:{tag}.n")
        cells = [NOTHING if asked is None else f"{asked:.0f}"]
        for name in names:
            value = numbers.get(f"{name}.tag:{tag}")
            cells.append(NOTHING if value is None else told(value))
        body.append(_row(tag, cells))
    return wide(f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>", reader)


def wide(table: str, reader: Reader) -> str:
    """A table that scrolls sideways by itself where it is too wide."""
    named = esc(WORDS[reader]["evaluation_table"])
    return (
        f'<div class="eval-wide" tabindex="0" role="region" aria-label="{named}">'
        f'<table class="eval-table">{table}</table></div>'
    )


def _row(name: str, cells: tuple[str, ...] | list[str]) -> str:
    numbers = "".join(f"<td>{esc(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{esc(name)}</th>{numbers}</tr>'


def _card(each: Headline, numbers: Mapping[str, float], reader: Reader) -> str:
    words = WORDS[reader]
    title, share = words[f"evaluation_{each.key}"], numbers.get(each.name)
    if share is None:
        return _card_html(title, NOTHING, words["evaluation_nothing"], "", reader)
    low, high = numbers.get(f"{each.name}.low", share), numbers.get(f"{each.name}.high", share)
    span = words["evaluation_alike"]
    if low != high:
        bounds = {"low": per_cent(low).removesuffix(" %"), "high": per_cent(high)}
        span = words["evaluation_range"].format(**bounds)
    n = _asked(int(numbers.get(f"{each.name}.n", 0)), reader)
    value = per_cent(share)
    return _card_html(title, value, f"{span} · {n}", each.key, reader)


def _card_html(title: str, value: str, span: str, key: str, reader: Reader) -> str:
    says = ""
    if key:
        of = value.removesuffix(" %")
        says = f"<p>{esc(WORDS[reader][f'evaluation_{key}_says'].format(of=of))}</p>"
    return (
        f'<div class="eval-card"><h3>{esc(title)}</h3><p class="eval-value">{esc(value)}</p>'
        f'<p class="eval-soft">{esc(span)}</p>{says}</div>'
    )


def _asked(n: int, reader: Reader) -> str:
    return WORDS[reader]["evaluation_n_one" if n == 1 else "evaluation_n"].format(n=f"{n:,}")


def _figure(plot: str, title: str, caption: str) -> str:
    return (
        f'<div class="eval-figure"><h3>{esc(title)}</h3>{plot}'
        f'<p class="eval-soft">{esc(caption)}</p></div>'
    )


def _dots(name: str, numbers: Mapping[str, float], reader: Reader) -> list[Dot]:
    """All questions, each language, then the kinds with enough questions, the worst first."""
    whole = [
        _dot(WORDS[reader][f"evaluation_{key}"], f"{name}{part}", numbers, strong=True)
        for part, key in _PARTS
        if f"{name}{part}" in numbers
    ]
    kinds = [
        _dot(tag, full, numbers, strong=False)
        for full in numbers
        if (tag := tag_of(full, [name])) and numbers.get(f"{full}.n", 0) >= _FEWEST
    ]
    sign = -1 if name == "crag.wrong" else 1
    kinds.sort(key=lambda each: (sign * each.value, each.label))
    return whole + kinds[:_MOST]


def _dot(label: str, name: str, numbers: Mapping[str, float], *, strong: bool) -> Dot:
    value = numbers[name]
    return Dot(
        label=label,
        value=value,
        low=numbers.get(f"{name}.low", value),
        high=numbers.get(f"{name}.high", value),
        n=int(numbers.get(f"{name}.n", 0)),
        strong=strong,
    )


def _risk(scores: Scores, reader: Reader) -> str:
    words = WORDS[reader]
    last = scores.risk[-1]
    half = min(scores.risk, key=lambda point: abs(point.coverage - last.coverage / 2))
    spots = [Spot(x=point.coverage, y=point.risk, filled=False) for point in scores.risk]
    spots[-1] = Spot(x=last.coverage, y=last.risk)
    says = words["evaluation_risk_says"].format(
        all=per_cent(last.coverage),
        bad=per_cent(last.risk),
        half=per_cent(half.coverage),
        fewer=per_cent(half.risk),
    )
    plot = curve(
        spots,
        ident="eval-plot-risk",
        title=words["evaluation_risk"],
        across=words["evaluation_risk_across"],
        up=words["evaluation_risk_up"],
        told=says,
    )
    return _figure(plot, words["evaluation_risk"], says)


def _noise(spots: list[Spot], reader: Reader) -> str:
    words = WORDS[reader]
    first, last = spots[0], spots[-1]
    says = words["evaluation_noise_says"].format(
        first=per_cent(first.x),
        right=per_cent(first.y),
        last=per_cent(last.x),
        less=per_cent(last.y),
    )
    plot = curve(
        spots,
        ident="eval-plot-noise",
        title=words["evaluation_noise"],
        across=words["evaluation_noise_across"],
        up=words["evaluation_noise_up"],
        told=says,
    )
    return _figure(plot, words["evaluation_noise"], says)

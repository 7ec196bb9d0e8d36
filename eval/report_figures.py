"""The figures of a report in plain words, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.plots import short
from eval.report_question import text
from eval.scoring import Scores
from eval.tables import NOTHING, told

TAG = ".tag:"
_NOTE = (
    '<p class="soft note">The range under a figure tells how far it could have moved by the chance '
    "of which questions were asked (95 % interval). The fewer the questions, the wider it is; "
    "where all of them went alike, none can be told.</p>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Headline:
    """One figure in words; `sentence` has a place for the count of 100."""

    name: str
    title: str
    sentence: str


_HEADLINES = (
    _Headline(
        name="hit@5",
        title="Finds the words",
        sentence="Of 100 questions that an article answers, {of} have the answering sentence among "
        "the first five passages found.",
    ),
    _Headline(
        name="match",
        title="Gives the answer",
        sentence="Of 100 questions that an article answers, {of} get an answer that says it within "
        "three sentences.",
    ),
    _Headline(
        name="crag.wrong",
        title="Says something wrong",
        sentence="Of 100 questions of every kind, {of} get an answer that is wrong: another than "
        "the articles give, or one they do not give at all. Less is better.",
    ),
    _Headline(
        name="rejection",
        title="Rightly silent",
        sentence="Of 100 questions that no article answers, {of} get no answer, as it should be.",
    ),
    _Headline(
        name="false_refusal",
        title="Silent, though an article says it",
        sentence="Of 100 questions that an article answers, {of} get no answer. Less is better.",
    ),
    _Headline(
        name="cite.precision",
        title="Cites the right words",
        sentence="Of 100 sentences cited, about {of} are those that a person chose as the "
        "evidence. Others may back an answer too.",
    ),
    _Headline(
        name="quote_exact",
        title="Quotes word for word",
        sentence="Of 100 quotes, {of} stand in the article to the letter.",
    ),
)

_TAMPERED = (
    *("noise@0", "noise@40", "noise@80", "counterfactual.followed", "counterfactual.kept_old"),
    *("injection.said", "injection.unmarked", "injection.right", "pair@1", "pair@5", "pair@10"),
)


def headline(scores: Scores) -> list[str]:
    """A card for each of the figures that matter most, with its range and a sentence."""
    cards = [_card(each, scores.numbers) for each in _HEADLINES]
    p50, p95 = (scores.numbers.get(f"seconds.total.p{each}") for each in (50, 95))
    if p50 is not None and p95 is not None:
        n = int(scores.numbers.get("seconds.total.n", 0))
        cards.append(
            f'<div class="card"><h3>Time for an answer</h3><p class="value">{short(p50)}</p>'
            f'<p class="range">19 of 20 within {short(p95)} · {_asked(n)}</p>'
            "<p>Half of the questions take no longer than this, on the machine that ran them.</p>"
            "</div>"
        )
    return [
        "<section>",
        "<h2>In short</h2>",
        f'<div class="cards">{"".join(cards)}</div>',
        _NOTE,
        "</section>",
    ]


def by_tag(scores: Scores) -> list[str]:
    """Tables for every kind of question: the figures that matter most, those of robustness."""
    first = _by_tag(
        scores,
        {each.name: each.title for each in _HEADLINES},
        title="By kind of question",
        counted="crag.wrong",
    )
    return first + _by_tag(
        scores,
        {name: name for name in _TAMPERED},
        title="Robustness and the two languages, by kind of question",
        counted="noise@0",
    )


def _by_tag(scores: Scores, titles: Mapping[str, str], *, title: str, counted: str) -> list[str]:
    names = list(titles)
    tags = sorted({tag for name in scores.numbers if (tag := tag_of(name, names))})
    if not tags:
        return []
    heads = "".join(f"<th>{text(each)}</th>" for each in titles.values())
    lines = [
        f"<details><summary>{title}</summary>",
        '<div class="wide" tabindex="0"><table class="kinds">',
        f"<thead><tr><th>kind</th><th>n</th>{heads}</tr></thead>",
        "<tbody>",
    ]
    for tag in tags:
        asked = scores.numbers.get(f"{counted}{TAG}{tag}.n")
        count = NOTHING if asked is None else f"{asked:.0f}"
        cells = (scores.numbers.get(f"{name}{TAG}{tag}") for name in names)
        row = "".join(f"<td>{NOTHING if cell is None else told(cell)}</td>" for cell in cells)
        lines.append(f"<tr><th>{text(tag)}</th><td>{count}</td>{row}</tr>")
    return [*lines, "</tbody></table></div>", "</details>"]


def per_cent(share: float) -> str:
    """A share in per cent, never rounded up to all or down to none.

    >>> per_cent(0.666), per_cent(1.0), per_cent(0.998), per_cent(0.0004)
    ('67 %', '100 %', '99.8 %', '0.04 %')
    """
    value = 100 * share
    for places in (0, 1, 2, 3):
        rounded = f"{value:.{places}f}"
        if float(rounded) not in (0.0, 100.0) or value in (0.0, 100.0):
            return f"{rounded} %"
    return f"{value:.2g} %"


def _card(each: _Headline, numbers: Mapping[str, float]) -> str:
    share = numbers.get(each.name)
    if share is None:
        return (
            f'<div class="card"><h3>{each.title}</h3><p class="value">{NOTHING}</p>'
            '<p class="range">no such question in this run</p></div>'
        )
    low, high = numbers.get(f"{each.name}.low", share), numbers.get(f"{each.name}.high", share)
    counted = per_cent(share).removesuffix(" %")
    asked = _asked(int(numbers.get(f"{each.name}.n", 0)))
    return (
        f'<div class="card"><h3>{each.title}</h3><p class="value">{per_cent(share)}</p>'
        f'<p class="range">{_range(low, high)} · {asked}</p>'
        f"<p>{each.sentence.format(of=counted)}</p></div>"
    )


def _range(low: float, high: float) -> str:
    if low == high:
        return "all alike"
    return f"{per_cent(low).removesuffix(' %')} to {per_cent(high)}"


def _asked(n: int) -> str:
    return f"{n:,} question" if n == 1 else f"{n:,} questions"


def tag_of(name: str, measures: Sequence[str]) -> str:
    """The tag that a number is about, if it is one of the measures; else "".

    A tag may end like a bound does, ".low": then there is a count of its own.
    """
    measure, found, tag = name.partition(TAG)
    if not found or measure not in measures:
        return ""
    return "" if tag.endswith((".low", ".high", ".n")) else tag

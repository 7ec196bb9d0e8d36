"""The figures of a report in plain words, and its plots, as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.given import Given
from eval.plots import STYLE as STYLE
from eval.plots import Dot, Spot, Stage, curve, dots, short, stages
from eval.report_question import text
from eval.scoring import Scores
from eval.tables import NOTHING, told

_NOISE = re.compile(r"noise@([0-9]{1,3})")  # per cent of the hits replaced: "noise@20"
_TAG = ".tag:"
_FEWEST = 5  # questions of a kind: below, its figure says nothing
_MOST = 14  # kinds in a plot; the table has all
_STAGES = {
    "condense": "reading it",
    "retrieve": "searching",
    "judge": "deciding",
    "first_word": "to first word",
    "answer": "answering",
    "total": "in all",
}


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
_PLOTS = (
    ("hit@5", "Finds the words", "Share of questions whose answer is among five passages."),
    ("match", "Gives the answer", "Share of answerable questions whose answer says it."),
    ("crag.wrong", "Says something wrong", "Share of all questions. Further left is better."),
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
        (
            '<p class="soft note">The range under a figure is its 95 % interval: with other questions '
            "of the same kind, the figure would be expected to lie there 19 times in 20. The fewer the "
            "questions, the wider it is.</p>"
        ),
        "</section>",
    ]


def plots(scores: Scores, given: Mapping[str, Given]) -> list[str]:
    """The plots there is something for."""
    made = [
        _figure(dots(rows, ident=f"plot-{number}", title=title), title, caption)
        for number, (name, title, caption) in enumerate(_PLOTS)
        if (rows := _dots(name, scores.numbers))
    ]
    if len(scores.risk) > 1:
        made.append(_risk(scores))
    if len(noisy := noise(scores.numbers)) > 1:
        made.append(_noise(noisy))
    if spent := _spent(scores.numbers, given):
        made.append(
            _figure(
                stages(spent, ident="plot-time", title="Where the time goes"),
                "Where the time goes",
                "The bar: half of the questions take no longer. The ring: 19 of 20 do not.",
            )
        )
    if not made:
        return []
    return [
        "<section>",
        "<h2>Where it does well, and where not</h2>",
        '<div class="figures">',
        *made,
        "</div>",
        "</section>",
    ]


def noise(numbers: Mapping[str, float]) -> list[Spot]:
    """The share answered right by how many of the hits were replaced, from "noise@PERCENT"."""
    found = [(int(m.group(1)), name) for name in numbers if (m := _NOISE.fullmatch(name))]
    return [
        Spot(
            x=per_cent / 100,
            y=numbers[name],
            low=numbers.get(f"{name}.low"),
            high=numbers.get(f"{name}.high"),
        )
        for per_cent, name in sorted(found)
        if per_cent <= 100
    ]


def by_tag(scores: Scores) -> list[str]:
    """A table of the figures that matter most for every kind of question."""
    names = [each.name for each in _HEADLINES]
    tags = sorted({tag for name in scores.numbers if (tag := _tag_of(name, names))})
    if not tags:
        return []
    lines = [
        "<details><summary>By kind of question</summary>",
        '<div class="wide" tabindex="0"><table>',
        (
            f"<thead><tr><th>kind</th><th>n</th>{''.join(f'<th>{each}</th>' for each in names)}"
            "</tr></thead>"
        ),
        "<tbody>",
    ]
    for tag in tags:
        asked = scores.numbers.get(f"crag.wrong{_TAG}{tag}.n")
        count = NOTHING if asked is None else f"{asked:.0f}"
        cells = (scores.numbers.get(f"{name}{_TAG}{tag}") for name in names)
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
        return per_cent(low)
    return f"{per_cent(low).removesuffix(' %')} to {per_cent(high)}"


def _asked(n: int) -> str:
    return f"{n:,} question" if n == 1 else f"{n:,} questions"


def _figure(plot: str, title: str, caption: str) -> str:
    return f'<div class="figure"><h3>{title}</h3>\n{plot}\n<p>{caption}</p></div>'


def _dots(name: str, numbers: Mapping[str, float]) -> list[Dot]:
    """All questions, each language, then the kinds with enough questions, the lowest first."""
    whole = [("", "all"), (".en", "English"), (".id", "Indonesian")]
    found = [
        _dot(label, f"{name}{part}", numbers, strong=True)
        for part, label in whole
        if f"{name}{part}" in numbers
    ]
    kinds = [
        _dot(tag, full, numbers, strong=False)
        for full in numbers
        if (tag := _tag_of(full, [name])) and numbers.get(f"{full}.n", 0) >= _FEWEST
    ]
    kinds.sort(key=lambda each: (each.value, each.label))
    if name == "crag.wrong":
        kinds.sort(key=lambda each: (-each.value, each.label))
    return found + kinds[:_MOST]


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


def _tag_of(name: str, measures: Sequence[str]) -> str:
    """The tag that a number is about, if it is one of the measures; else "".

    A tag may end like a bound does, ".low": then there is a count of its own.
    """
    measure, found, tag = name.partition(_TAG)
    if not found or measure not in measures:
        return ""
    return "" if tag.endswith((".low", ".high", ".n")) else tag


def _risk(scores: Scores) -> str:
    spots = [Spot(x=p.coverage, y=p.risk, filled=False) for p in scores.risk]
    last = scores.risk[-1]
    spots[-1] = Spot(x=last.coverage, y=last.risk)
    half = min(scores.risk, key=lambda p: abs(p.coverage - last.coverage / 2))
    told_so = (
        f"All answers given, to {per_cent(last.coverage)} of the questions: {per_cent(last.risk)} "
        f"of them wrong. Only the surest, to {per_cent(half.coverage)}: {per_cent(half.risk)}."
    )
    return _figure(
        curve(
            spots,
            ident="plot-risk",
            title="Wrong answers by how many questions are answered",
            across="questions answered, the surest first, %",
            up="of the answers wrong, %",
            told=told_so,
        ),
        "Does it know when it is sure?",
        told_so,
    )


def _noise(spots: Sequence[Spot]) -> str:
    first, last = spots[0], spots[-1]
    told_so = (
        f"Right answers with {per_cent(first.x)} of the passages replaced by ones that do not "
        f"help: {per_cent(first.y)}; with {per_cent(last.x)}: {per_cent(last.y)}."
    )
    return _figure(
        curve(
            spots,
            ident="plot-noise",
            title="Right answers by how many passages are noise",
            across="passages replaced, %",
            up="right answers, %",
            told=told_so,
        ),
        "Among distractors",
        told_so,
    )


def _spent(numbers: Mapping[str, float], given: Mapping[str, Given]) -> list[Stage]:
    """The stages in the order they were done, and all of them together."""
    names = list(dict.fromkeys(stage for each in given.values() for stage in each.seconds))
    return [
        Stage(
            label=_STAGES.get(name, name),
            p50=numbers[f"seconds.{name}.p50"],
            p95=numbers[f"seconds.{name}.p95"],
        )
        for name in [*names, "total"]
        if f"seconds.{name}.p95" in numbers
    ]

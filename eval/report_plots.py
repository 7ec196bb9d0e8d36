"""The plots of a report, each with a sentence that says what it shows, as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eval.given import Given
from eval.plots import Dot, Spot, Stage, curve, dots, stages
from eval.report_figures import per_cent, tag_of
from eval.scoring import Scores

_NOISE = re.compile(r"noise@([0-9]{1,3})")  # per cent of the hits replaced: "noise@20"
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
_PLOTS = (
    ("hit@5", "Finds the words", "Share of questions whose answer is among five passages."),
    ("match", "Gives the answer", "Share of answerable questions whose answer says it."),
    ("crag.wrong", "Says something wrong", "Share of all questions. Further left is better."),
)


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
        if (tag := tag_of(full, [name])) and numbers.get(f"{full}.n", 0) >= _FEWEST
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

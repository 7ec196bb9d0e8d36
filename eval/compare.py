"""Whether one run is better than another, over the questions that both were asked.

A difference is taken question by question, so that what is hard for both does not hide it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import folder, refusing, robustness
from eval.datasets import LANGUAGES, DatasetError, Question
from eval.folder import Run
from eval.robustness_scores import COUNTS, missed, values
from eval.scoring import LOWER_IS_BETTER, OUTCOMES, pair_values, rated
from eval.standing import STANDINGS, Standing, standings
from eval.stats import Difference, difference
from eval.tables import COST, base
from rag.layout import one_line

SURE = 0.05  # the chance of error that is taken
# They describe an answer and rate nothing.
_NEUTRAL = ("evidence_score", "verdict.unchecked", "tokens.")
_STANDING_WELL: frozenset[Standing] = frozenset({"right", "rightly_silent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one measure differs, over the questions that it applies to in both runs."""

    name: str
    part: str  # "" for all questions, else a language
    first: float
    second: float
    difference: Difference  # second minus first

    @property
    def sure(self) -> bool:
        """Whether chance is an unlikely reason, by the interval and by the p-value."""
        found = self.difference.interval
        return self.difference.p < SURE and not found.low <= 0 <= found.high

    @property
    def verdict(self) -> str:
        """What to make of it: "better" or "worse" when sure, "differs", "same", "unclear"."""
        value = self.difference.interval.value
        if not self.sure:
            return "same" if self.first == self.second and value == 0 else "unclear"
        if self.name.startswith(_NEUTRAL):
            return "differs"
        lower = self.name in LOWER_IS_BETTER or self.name.startswith(COST)
        return "better" if (value < 0) == lower else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaired:
    """A figure of all questions at once, or a count: no question has a value of its own.

    So there is no telling how surely it differs.
    """

    name: str
    part: str  # "" for all questions, else a language
    first: float | None  # None: the run has none
    second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A question that stands otherwise in the second run."""

    question: Question
    first: Standing
    second: Standing
    first_text: str  # what was answered
    second_text: str

    @property
    def verdict(self) -> str:
        """Whether that is "better" or "worse", or "otherwise" when both are wrong or right."""
        was, is_now = self.first in _STANDING_WELL, self.second in _STANDING_WELL
        if was == is_now:
            return "otherwise"
        return "better" if is_now else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs beside each other."""

    first: Path
    second: Path
    paired: int  # questions that both were asked
    only_first: int  # asked in the first run alone
    only_second: int
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]  # for the worse first
    unpaired: tuple[Unpaired, ...] = ()  # those that either run has
    warnings: tuple[str, ...] = ()


def compare(a: Path, b: Path, *, seed: int = 0) -> Comparison:
    """How the run in folder `b` differs from the one in `a`; each is scored anew.

    Raises `DatasetError` when a folder holds no run, when the two have no question in common, or
    when questions of one id differ: then a difference would say nothing.
    """
    first, second = folder.read(a, seed=seed), folder.read(b, seed=seed)
    shared = _shared(first, second)
    asked = [q for q in shared if q.question_id in first.given and q.question_id in second.given]
    if not asked:
        raise DatasetError(
            f"{a} and {b} have no question in common that both were asked",
            hint="Run both with the same dataset, filters and --limit.",
        )
    rows = (robustness.read_rows(a), robustness.read_rows(b))
    return Comparison(
        first=a,
        second=b,
        paired=len(asked),
        only_first=len(set(first.given) - set(second.given)),
        only_second=len(set(second.given) - set(first.given)),
        changes=tuple(_changes(asked, (first, second), rows, seed=seed)),
        unpaired=tuple(_unpaired(asked, (first, second), rows)),
        flips=tuple(_flips(asked, first, second)),
        warnings=tuple(_warnings(first, second)),
    )


def _shared(first: Run, second: Run) -> list[Question]:
    """The questions of both runs, in the order of the first."""
    others = {q.question_id: q for q in second.questions}
    shared = [q for q in first.questions if q.question_id in others]
    # Tags rate nothing, so they may have changed.
    other = [q for q in shared if _rated(q) != _rated(others[q.question_id])]
    if other:
        told_of = ", ".join(repr(one_line(q.question_id)) for q in other[:3])
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        raise DatasetError(
            f"{first.folder} and {second.folder} are of different datasets: {told_of}{more} "
            "do not ask or expect the same",
            hint="Score one of them again with the other's dataset, or run it again.",
        )
    return shared


def _rated(question: Question) -> tuple[object, ...]:
    return (
        question.question,
        question.language,
        frozenset(question.answers),
        frozenset(question.evidence),
        frozenset(question.must_not),
    )


# By measure, the values by what they are of; each belongs to a part: "", or a language.
_Values = Mapping[str, Mapping[str, float]]
_Rows = Sequence[Mapping[str, Any]]  # of tests of robustness


def _changes(
    asked: Sequence[Question], runs: tuple[Run, Run], rows: tuple[_Rows, _Rows], *, seed: int
) -> list[Change]:
    found = []
    for part, members in _parts(asked):
        one, other = (
            _values(members, run, tests, part) for run, tests in zip(runs, rows, strict=True)
        )
        for name in sorted(one.keys() & other.keys()):
            pairs = [
                (value, other[name][of]) for of, value in one[name].items() if of in other[name]
            ]
            gained = difference([a for a, _ in pairs], [b for _, b in pairs], seed=seed)
            if gained is None:
                continue
            mean = sum(a for a, _ in pairs) / len(pairs)
            found.append(
                Change(
                    name=name,
                    part=part,
                    first=mean,
                    second=sum(b for _, b in pairs) / len(pairs),
                    difference=gained,
                )
            )
    return sorted(found, key=lambda change: change.name)


def _parts(asked: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    return [
        ("", list(asked)),
        *((each, [q for q in asked if q.language == each]) for each in LANGUAGES),
    ]


def _values(members: Sequence[Question], run: Run, rows: _Rows, part: str) -> _Values:
    """Of these questions, their own values, those of tests of robustness, and those of pairs.

    Of a test that a question was put to twice, as by orders in two languages, the mean.
    """
    ids = {q.question_id for q in members}
    found: dict[str, dict[str, list[float]]] = {}
    for question_id in ids:
        _add(found, question_id, run.scores.values[question_id])
    for row in rows:
        if row["id"] in ids:
            _add(found, row["id"], values(row))
    if not part:  # a pair is of both languages
        for tag, agreed in pair_values(members, run.given, run.texts).items():
            _add(found, tag, agreed)
    return {
        name: {of: sum(each) / len(each) for of, each in sorted(column.items())}
        for name, column in found.items()
    }


def _add(found: dict[str, dict[str, list[float]]], of: str, measured: Mapping[str, float]) -> None:
    for name, value in measured.items():
        found.setdefault(name, {}).setdefault(of, []).append(value)


def _unpaired(
    asked: Sequence[Question], runs: tuple[Run, Run], rows: tuple[_Rows, _Rows]
) -> list[Unpaired]:
    """What is of all questions at once, over those that both were asked; and of sentences."""
    found = []
    for part, members in _parts(asked):
        one, other = (
            _whole(members, run, tests) | ({} if part else _verified(run))
            for run, tests in zip(runs, rows, strict=True)
        )
        found += [
            Unpaired(name=name, part=part, first=one.get(name), second=other.get(name))
            for name in sorted(one.keys() | other.keys())
        ]
    return sorted(found, key=lambda each: each.name)


def _whole(members: Sequence[Question], run: Run, rows: _Rows) -> dict[str, float]:
    by = rated(members, run.given, run.scores.values)
    ids = {q.question_id for q in members}
    left_out = Counter(missed(row) for row in rows if row["id"] in ids)
    ended = Counter(run.scores.outcomes[q.question_id] for q in members)
    found: dict[str, float | None] = {
        "auroc": refusing.auroc(by.all),
        "risk_area": refusing.risk_area(by.wrong),
        **{f"outcome.{each}": float(ended[each]) for each in OUTCOMES if each != "missing"},
        **{name: float(left_out[name]) for name in COUNTS if rows},
    }
    return {name: value for name, value in found.items() if value is not None}


def _verified(run: Run) -> dict[str, float]:
    """What sentences that were judged are worth; no answer changes it."""
    return {
        name: value
        for name, value in run.scores.numbers.items()
        if name.startswith("verify.") and base(name)
    }


def _flips(asked: Sequence[Question], first: Run, second: Run) -> list[Flip]:
    was = standings(asked, first.given, first.scores)
    now = standings(asked, second.given, second.scores)
    flips = [
        Flip(
            question=q,
            first=was[q.question_id],
            second=now[q.question_id],
            first_text=first.given[q.question_id].text,
            second_text=second.given[q.question_id].text,
        )
        for q in asked
        if was[q.question_id] != now[q.question_id]
    ]
    order = ("worse", "better", "otherwise")
    return sorted(
        flips,
        key=lambda flip: (
            order.index(flip.verdict),
            STANDINGS.index(flip.second),
            flip.question.question_id,
        ),
    )


def _warnings(first: Run, second: Run) -> list[str]:
    if first.texts.by_id.keys() != second.texts.by_id.keys():
        changed = len(first.texts.by_id.keys() ^ second.texts.by_id.keys())
        return [f"The articles are not the same: {changed} of them are in one run only."]
    return []


def comparison_object(comparison: Comparison) -> dict[str, object]:
    """What `eval compare --json` prints."""
    return {
        "first": str(comparison.first),
        "second": str(comparison.second),
        "questions": comparison.paired,
        "only_first": comparison.only_first,
        "only_second": comparison.only_second,
        "warnings": comparison.warnings,
        "measures": {
            f"{change.name}.{change.part}" if change.part else change.name: {
                "first": change.first,
                "second": change.second,
                "difference": change.difference.interval.value,
                "low": change.difference.interval.low,
                "high": change.difference.interval.high,
                "n": change.difference.interval.n,
                "p": change.difference.p,
                "verdict": change.verdict,
            }
            for change in comparison.changes
        },
        "unpaired": {
            f"{each.name}.{each.part}" if each.part else each.name: {
                "first": each.first,
                "second": each.second,
                "difference": None
                if each.first is None or each.second is None
                else each.second - each.first,
            }
            for each in comparison.unpaired
        },
        "flips": [
            {
                "id": flip.question.question_id,
                "question": flip.question.question,
                "language": flip.question.language,
                "verdict": flip.verdict,
                "first": flip.first,
                "second": flip.second,
                "first_text": flip.first_text,
                "second_text": flip.second_text,
            }
            for flip in comparison.flips
        ],
    }

"""Every score of a run, from its questions and what was answered alone; no engine, no model.

`score` gives the numbers as `metrics.json` has them, each question's own values, and what a
report draws. A measure that applies to no question is absent; shown, it is "n/a".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eval import answers, citations, ranking, refusing, wrote
from eval.datasets import LANGUAGES, Question
from eval.figures import ALIKE, told
from eval.given import Given, Texts
from eval.refusing import RiskPoint, Scored
from eval.robustness_scores import LOWER_IS_BETTER as _TAMPERED
from eval.stats import Interval, interval, percentile
from rag.text.language import detect

PAIR = "pair:"  # such a tag ties the English and the Indonesian form of a question
OUTCOMES = ("answered", "refused", "failed", "malformed", "missing")
# Of these, less is better; of all others that rate an answer, more.
LOWER_IS_BETTER = frozenset(
    {
        "must_not",
        "crag.wrong",
        "false_refusal",
        "risk_area",
        "uncited",
        "dropped_marks",
        "verdict.not_found",
        "verdict.conflict",
        "fallback",
        "model.crag.wrong",
        *_TAMPERED,
    }
)
_COST = ("seconds.", "tokens.")
_PERCENTILES = (50, 95)
_OF_A_MODEL = ("match", "crag", "crag.right", "crag.wrong")
_PART = "first_word"  # seconds that lie within a stage, not beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a run is worth.

    `numbers` has for each measure its mean, and with ".low", ".high" and ".n" its 95 % interval
    and how many questions it applies to; the name of a part follows the measure's: "mrr@10.id",
    "mrr@10.tag:nearmiss.low". Costs have ".p50" and ".p95" too. "outcome.*" are counts.
    """

    numbers: Mapping[str, float]
    values: Mapping[str, Mapping[str, float]]  # question id -> measure -> value
    outcomes: Mapping[str, str]  # question id -> one of OUTCOMES
    risk: tuple[RiskPoint, ...] = field(default=())  # the risk-coverage curve of all questions

    def shown(self, name: str) -> str:
        """A number as a table has it: "0.71 [0.66, 0.76] n=120", or "n/a"."""
        if name not in self.numbers:
            return "n/a"
        low, high = self.numbers.get(f"{name}.low"), self.numbers.get(f"{name}.high")
        if low is None or high is None:
            return f"{self.numbers[name]:.4g}"
        n = int(self.numbers[f"{name}.n"])
        within = ALIKE if low == high else f"{told(low)}, {told(high)}"
        return f"{told(self.numbers[name])} [{within}] n={n}"


def score(
    questions: Sequence[Question],
    given: Mapping[str, Given],
    texts: Texts,
    *,
    seed: int = 0,
) -> Scores:
    """Score what was given to the questions, by question id; `texts` are the articles.

    A question without a row was not asked and counts nowhere but in "outcome.missing". One that
    failed, or whose row is malformed, found nothing and said nothing; it has no part in what
    rates an answer, a score or a cost. "outcome.malformed" and "outcome.failed" also count what a
    language model or its server did, where the reader was given quotes instead; those are rated
    as the reader has them, and "model.*" rates what the model wrote alone. Without texts, quotes
    are looked for in the hits' own text, and "quote_exact" is absent.
    """
    asked = [q for q in questions if q.question_id in given]
    values = {q.question_id: measures(q, given[q.question_id], texts) for q in asked}
    outcomes = {
        q.question_id: wrote.outcome_of(given[q.question_id])
        if q.question_id in given
        else "missing"
        for q in questions
    }
    numbers: dict[str, float] = {}
    for part, members in _parts(questions):
        held = [q for q in members if q.question_id in given]
        numbers |= _means([values[q.question_id] for q in held], part, seed=seed)
        by = rated(held, given, values)
        numbers |= _written("auroc", part, refusing.auroc_interval(by.all, seed=seed))
        numbers |= _written("risk_area", part, refusing.risk_area_interval(by.wrong, seed=seed))
        counted = Counter(outcomes[q.question_id] for q in members)
        numbers |= {f"outcome.{name}{part}": float(counted[name]) for name in OUTCOMES}
    for name, agreed in pairs(asked, given, texts).items():
        numbers |= _written(name, "", interval(agreed, seed=seed))
    for part, members in _parts(asked):
        if part.startswith(".tag:"):  # a pair is of both languages
            for name, agreed in pairs(members, given, texts).items():
                numbers |= _written(name, part, interval(agreed, seed=seed))
    return Scores(
        numbers=numbers,
        values=values,
        outcomes=outcomes,
        risk=refusing.risk_coverage(rated(asked, given, values).wrong, len(asked)),
    )


def measures(question: Question, given: Given, texts: Texts) -> dict[str, float]:
    """Every measure that applies to one question, with its value."""
    values = {
        **ranking.measures(given, question.evidence, texts),
        **answers.measures(question, given),
        **refusing.measures(question, given),
        **citations.measures(question, given, texts),
    }
    if given.evidence_score is not None:
        values["evidence_score"] = given.evidence_score
    return values | _by_model(question, given) | _cost(given)


def _by_model(question: Question, given: Given) -> dict[str, float]:
    """What the model that was asked is worth: its own words, without the quotes below them."""
    own = wrote.by_model(given)
    if own is None:
        return {}
    alone = answers.measures(question, own)
    values = {f"model.{name}": alone[name] for name in _OF_A_MODEL if name in alone}
    if own.outcome == "answered":
        spoken = detect(" ".join(wrote.told(own, each) for each in own.statements))
        if spoken in LANGUAGES:  # names alone have no language
            values["answer_language"] = float(spoken == question.language)
    return values


def pairs(
    questions: Iterable[Question], given: Mapping[str, Given], texts: Texts
) -> dict[str, list[float]]:
    """For each pair of forms in both languages, whether they find the same gold quote: "pair@k".

    A pair are the questions that share a tag "pair:NAME"; those without a gold quote in common
    are left out.
    """
    found: dict[str, list[float]] = {}
    for values in pair_values(questions, given, texts).values():
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return found


def pair_values(
    questions: Iterable[Question], given: Mapping[str, Given], texts: Texts
) -> dict[str, Mapping[str, float]]:
    """What each pair is worth, by its tag; see `pairs`."""
    forms: dict[str, list[Question]] = {}
    for question in questions:
        for tag in set(question.tags):
            if tag.startswith(PAIR):
                forms.setdefault(tag, []).append(question)
    found: dict[str, Mapping[str, float]] = {}
    for tag, members in sorted(forms.items()):
        if len({q.language for q in members}) > 1:
            rows = [(given[q.question_id], q.evidence) for q in members]
            agreed = ranking.agreement(rows, texts)
            if agreed is not None:
                found[tag] = agreed
    return found


def _cost(given: Given) -> dict[str, float]:
    """Seconds by stage and in all; tokens by kind; what became of a prompt and of its answer."""
    if not given.usable:
        return {}
    values = {f"seconds.{stage}": spent for stage, spent in given.seconds.items()}
    stages = [spent for stage, spent in given.seconds.items() if stage != _PART]
    if stages:
        values["seconds.total"] = sum(stages)
    values |= {f"tokens.{kind}": float(count) for kind, count in given.tokens.items()}
    planned, counted = given.tokens.get("planned"), given.tokens.get("prompt")
    if planned and counted is not None:
        values["tokens.prompt_of_planned"] = counted / planned
    if planned and given.outcome == "answered":
        # A model was asked, and what stands there is quotes: its own words were of no use.
        values["fallback"] = float(wrote.quoted_instead(given))
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The evidence scores of some questions."""

    all: list[Scored]  # labelled: the question has an answer
    wrong: list[Scored]  # of the answers; labelled: the answer is wrong


def rated(
    questions: Iterable[Question],
    given: Mapping[str, Given],
    values: Mapping[str, Mapping[str, float]],
) -> Rated:
    """The evidence scores of questions that were asked, and what is to be told from them."""
    rows = [
        (q, given[q.question_id], values[q.question_id]["evidence_score"])
        for q in questions
        if "evidence_score" in values[q.question_id]
    ]
    return Rated(
        all=[Scored(score=rating, label=q.answerable) for q, _, rating in rows],
        wrong=[
            Scored(score=rating, label=values[q.question_id]["crag.wrong"] == 1)
            for q, row, rating in rows
            if row.outcome == "answered"
        ],
    )


def _parts(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """All questions, those of each language, those of each tag but of pairs; never none."""
    tags = sorted({tag for q in questions for tag in q.tags if not tag.startswith(PAIR)})
    parts = [
        ("", list(questions)),
        *((f".{each}", [q for q in questions if q.language == each]) for each in LANGUAGES),
        *((f".tag:{tag}", [q for q in questions if tag in q.tags]) for tag in tags),
    ]
    return [(part, members) for part, members in parts if members]


def _means(rows: Sequence[Mapping[str, float]], part: str, *, seed: int) -> dict[str, float]:
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    numbers: dict[str, float] = {}
    for name in sorted(columns):
        numbers |= _written(name, part, interval(columns[name], seed=seed))
        if name.startswith(_COST):
            for per_cent in _PERCENTILES:
                at = percentile(columns[name], per_cent)
                if at is not None:
                    numbers[f"{name}{part}.p{per_cent}"] = at
    return numbers


def _written(name: str, part: str, found: Interval | None) -> dict[str, float]:
    if found is None:
        return {}
    key = f"{name}{part}"
    return {
        key: found.value,
        f"{key}.low": found.low,
        f"{key}.high": found.high,
        f"{key}.n": float(found.n),
    }

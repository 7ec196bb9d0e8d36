"""The table of a run: what is always in it, what it leaves out where there is little room."""

from __future__ import annotations

import pytest

from eval.given import Texts
from eval.scoring import Scores, score
from eval.tables import GROUPS, base, group_of, rows, table_lines, told
from rag.layout import columns
from tests.eval.rows import given, question, refusal, row

ARTICLE = "Ana won in Lima. Budi lost."
RIGHT = question("Ana", evidence=[("a.txt", "Ana won in Lima.")], question_id="one")
NONE = question(question_id="two", language="id")


def scored(**rows_by_id: dict[str, object]) -> Scores:
    made = {key: given({**each, "id": key}) for key, each in rows_by_id.items()}
    return score([RIGHT, NONE], made, Texts.of({"a.txt": ARTICLE}), seed=0)


BOTH = scored(one=row("Ana won in Lima."), two=refusal(seconds={"retrieve": 0.5}))


def cells(lines: list[str], name: str) -> list[str]:
    (line,) = [line for line in lines if line.split()[:1] == [name]]
    return line.split()[1:]


def test_a_measure_in_a_line() -> None:
    """A measure has its value, its interval, how many questions it is of, and both languages."""
    lines = table_lines(BOTH, width=None)
    assert lines[0] == "2 of 2 questions asked: 1 answered, 1 refused"
    assert lines[2].split() == ["measure", "value", "low", "to", "high", "n", "en", "id"]
    # One right answer and one silence: their mean is 1/2, of resamples between 0 and 1.
    assert cells(lines, "crag") == ["0.50", "0.00", "to", "1.00", "2", "1.00", "0.00"]
    # Of one question there is no interval, as in the report.
    assert cells(lines, "match") == ["1.00", "all", "alike", "1", "1.00", "n/a"]


def test_nothing_to_score() -> None:
    """A measure that applies to no question is n/a, never 0; so are all of a run of nothing."""
    empty = table_lines(scored(), width=None)
    assert empty[0] == "0 of 2 questions asked: 0 answered, 0 refused, 2 missing"
    for name in ("hit@1", "rejection", "auroc", "pair@1"):
        assert cells(empty, name) == ["n/a"] * 5
    # A percentile has no interval of its own, so its column is blank.
    assert cells(empty, "seconds.total.p50") == ["n/a"] * 4
    assert cells(table_lines(scored(one=row("Ana won.")), width=None), "rejection") == ["n/a"] * 5


def test_costs_are_percentiles() -> None:
    """Seconds are told by their median and their 95th percentile, not by a mean."""
    lines = table_lines(BOTH, width=None)
    assert cells(lines, "seconds.retrieve.p50") == ["0.5", "1", "n/a", "0.5"]
    assert cells(lines, "seconds.retrieve.p95") == ["0.5", "1", "n/a", "0.5"]
    assert not any(line.split()[:1] == ["seconds.retrieve"] for line in lines)


@pytest.mark.parametrize("width", [20, 45, 50, 51, 62, 63, 200])
def test_width(width: int) -> None:
    """Where there is little room, languages go first, then intervals; names and values stay."""
    lines = table_lines(BOTH, width=width)
    if width >= 45:
        assert max(map(columns, lines)) <= width
    head = lines[2].split()
    assert head[:2] == ["measure", "value"]
    assert ("id" in head) == (width >= 63)
    assert ("low" in head) == (width >= 51)


def test_every_number_is_somewhere() -> None:
    """Each measure of a run has a row, also one that this table has never heard of."""
    made = Scores(
        numbers={**BOTH.numbers, "noise@20": 0.5, "verify.auc": 0.9, "new": 0.25},
        values=BOTH.values,
        outcomes=BOTH.outcomes,
    )
    found = {each.name for members in rows(made).values() for each in members}
    wanted = {name for name in made.numbers if base(name)}
    assert {"new", "noise@20", "crag"} <= wanted
    for name in wanted:
        cost = name.startswith(("seconds.", "tokens."))
        assert (f"{name}.p50" if cost else name) in found
    assert [each.value for each in rows(made)["Robustness"] if each.name == "noise@20"] == ["0.50"]
    assert [each.name for each in rows(made)["Other"]] == ["new"]


def test_groups() -> None:
    """A measure is always in one group, whether or not it is listed."""
    listed = [name for names in GROUPS.values() for name in names]
    assert len(listed) == len(set(listed))
    assert group_of("article.hit@5") == "Finding"
    assert group_of("seconds.retrieve") == "Cost"
    assert group_of("unheard of") == "Other"


def test_a_tag_like_a_bound() -> None:
    """A tag may end like a bound or a language does; none of it is taken for a measure."""
    assert base("mrr@10.tag:x.low") is None
    assert base("mrr@10.tag:x") is None
    assert base("outcome.failed") is None
    assert base("verdict.not_found") == "verdict.not_found"


def test_minus_nothing() -> None:
    """Nothing has no sign; what is not quite nothing is shown as it is."""
    assert told(-0.0) == told(-1e-12) == "0.00"
    assert told(-0.001) == "-0.001"
    assert told(-0.3) == "-0.30"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.99825, "0.998"),
        (0.99999, "0.99999"),
        (1 - 1e-8, "0.999999"),
        (1.003, "1.003"),
        (1.0, "1.00"),
        (1 - 1e-15, "1.00"),
        (0.0004, "0.0004"),
        (2e-8, "2e-08"),
        (-0.998, "-0.998"),
        (0.996, "0.996"),
        (0.994, "0.99"),
        (2.001, "2.00"),
    ],
)
def test_only_all_is_one(value: float, shown: str) -> None:
    """Of 571 quotes one was not exact, and the table said 1.00: what is not 1 never looks it."""
    assert told(value) == shown


def test_outcomes_and_what_was_not_tested() -> None:
    """Counts have no interval and no n; robustness says why it is n/a, and of how many."""
    lines = table_lines(BOTH, width=None)
    assert cells(lines, "outcome.answered") == ["1", "1", "0"]
    assert cells(lines, "outcome.malformed") == ["0", "0", "0"]
    assert cells(lines, "noise@80") == cells(lines, "injection.said") == ["n/a"] * 5
    assert any(line.startswith("  Robustness was not tested: ") for line in lines)
    few = {"noise.left_out": 3.0, "noise.left_out.en": 3.0, "noise.left_out.id": 0.0}
    made = Scores(numbers={**BOTH.numbers, **few}, values={}, outcomes={})
    lines = table_lines(made, width=None)
    assert cells(lines, "noise.left_out") == ["3", "3", "0"]
    assert cells(lines, "noise@0") == ["n/a"] * 5
    assert (
        "  noise: not tested on 3 questions (fewer than 5 passages found, or too few others to "
        "put in)."
    ) in lines


def test_no_control_sequence_reaches_the_terminal() -> None:
    """The name of a stage comes from a file: what a terminal would obey is left out."""
    made = scored(one=row("Ana.", seconds={"\x1b[31mred\x07": 1.0}))
    text = "\n".join(table_lines(made, width=None))
    assert "seconds.red" in text
    assert "\x1b" not in text
    assert "\x07" not in text

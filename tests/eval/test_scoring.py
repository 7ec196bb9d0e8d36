"""The whole of a run scored: every name in the numbers, what is absent, what order does not do."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eval.datasets import Question
from eval.given import Given, Texts, parse
from eval.robustness_scores import LOWER_IS_BETTER as TAMPERED
from eval.scoring import LOWER_IS_BETTER, Scores, measures, score
from tests.eval.rows import Row, citation, given, hit, question, refusal, row

DAM = "Odile Marsh keeps the dam.\n\nIt rained all night. The dam held."
SEA = "The sea was calm."
TEXTS = Texts.of({"dam.txt": DAM, "sea.txt": SEA})
KEEPS = ("dam.txt", "Odile Marsh keeps the dam.")


def asked(name: str, *answers: str, language: str = "en", tags: tuple[str, ...] = ()) -> Question:
    return question(
        *answers,
        evidence=[KEEPS] if answers else [],
        question_id=name,
        language=language,
        tags=tags,
    )


def found(rank: int, **fields: object) -> Row:
    """An answer from the dam's article, found at this rank."""
    hits = [hit(n, SEA, SEA) for n in range(1, rank)]
    return row(
        "Odile Marsh keeps the dam. [1]",
        citations=[citation(1, DAM, KEEPS[1])],
        hits=[*hits, hit(rank, DAM, KEEPS[1])],
        **fields,
    )


QUESTIONS = [
    asked("a", "Odile Marsh", tags=("who", "pair:dam")),
    asked("b", "Odile Marsh", language="id", tags=("who", "pair:dam")),
    asked("c", "Odile Marsh", tags=("nearmiss",)),
    asked("d", tags=("nearmiss",)),
    asked("e", language="id"),
    asked("f", "Odile Marsh"),
]
GIVEN: Mapping[str, Given] = {
    "a": given(found(1, evidence_score=0.9, seconds={"retrieve": 1.0, "answer": 3.0})),
    "b": given(found(2, evidence_score=0.8, seconds={"retrieve": 2.0, "first_word": 9.0})),
    "c": given(refusal(evidence_score=0.2, seconds={"retrieve": 4.0})),
    "d": given(row("It rained.", evidence_score=0.5)),
    "e": given({"id": "e", "error": {"message": "No model."}}),
    "extra": given(refusal()),
}


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score(QUESTIONS, GIVEN, TEXTS)


def test_means_by_hand(scores: Scores) -> None:
    """Ranks 1 and 2 and nothing found; one of three answerable refused; one of two rejected not."""
    numbers = scores.numbers
    assert numbers["mrr@10"] == (1 + 1 / 2 + 0) / 3
    assert (numbers["mrr@10.n"], numbers["mrr@10.en.n"], numbers["mrr@10.id.n"]) == (3, 2, 1)
    assert (numbers["mrr@10.en"], numbers["mrr@10.id"]) == (1 / 2, 1 / 2)
    assert (numbers["hit@1"], numbers["recall@5"]) == (1 / 3, 2 / 3)
    assert numbers["article.mrr@10"] == (1 + 1 / 2 + 0) / 3
    assert numbers["match"] == 2 / 3
    assert numbers["crag"] == (1 + 1 + 0 - 1 + 0) / 5
    assert numbers["false_refusal"] == 1 / 3
    assert (numbers["rejection"], numbers["rejection.n"]) == (0, 2)
    assert (numbers["cite.recall"], numbers["cite.precision"]) == (2 / 3, 1)
    assert (numbers["quote_exact"], numbers["quote_exact.n"]) == (1, 2)
    assert (numbers["uncited"], numbers["uncited.n"]) == (1 / 3, 3)


def test_parts_by_hand(scores: Scores) -> None:
    """Languages and tags have their own figures; tags that tie pairs have none."""
    numbers = scores.numbers
    assert (numbers["mrr@10.tag:who"], numbers["mrr@10.tag:who.n"]) == (3 / 4, 2)
    assert (numbers["crag.tag:nearmiss"], numbers["rejection.tag:nearmiss.n"]) == (-1 / 2, 1)
    assert not [name for name in numbers if "pair:" in name]


def test_scores_by_evidence_by_hand(scores: Scores) -> None:
    """Answerable at 0.9, 0.8, 0.2 and not at 0.5: 2 of 3 pairs; wrong only at the lowest."""
    numbers = scores.numbers
    assert (numbers["auroc"], numbers["auroc.n"]) == (2 / 3, 4)
    assert numbers["risk_area"] == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert [(p.threshold, p.coverage, p.risk) for p in scores.risk] == [
        (0.9, 1 / 5, 0),
        (0.8, 2 / 5, 0),
        (0.5, 3 / 5, 1 / 3),
    ]


def test_outcomes_are_counted(scores: Scores) -> None:
    """Each question has one, also the one that was never asked; rows of no question have none."""
    assert scores.outcomes == {
        "a": "answered",
        "b": "answered",
        "c": "refused",
        "d": "answered",
        "e": "failed",
        "f": "missing",
    }
    names = ("answered", "refused", "failed", "malformed", "missing")
    assert [scores.numbers[f"outcome.{name}"] for name in names] == [3, 1, 1, 0, 1]
    assert [scores.numbers[f"outcome.{name}.id"] for name in names] == [1, 0, 1, 0, 0]
    assert "f" not in scores.values
    assert "extra" not in scores.values


def test_costs_by_hand(scores: Scores) -> None:
    """Totals are sums of stages; the first word lies within one. p95 of 4, 2, 4 is 4."""
    numbers = scores.numbers
    assert (numbers["seconds.retrieve"], numbers["seconds.retrieve.p50"]) == (7 / 3, 2)
    assert numbers["seconds.retrieve.p95"] == pytest.approx(3.8)
    assert (numbers["seconds.total.p50"], numbers["seconds.total.p95"]) == (4, 4)
    assert numbers["seconds.total.en.p50"] == 4
    assert scores.values["b"]["seconds.total"] == 2


def test_the_forms_of_a_question_agree(scores: Scores) -> None:
    """Both find the quote, one of them at rank 2."""
    assert (scores.numbers["pair@1"], scores.numbers["pair@5"]) == (0, 1)
    assert scores.numbers["pair@5.n"] == 1
    # Both forms are of one kind, so it has the pair too; a kind without a whole pair has none.
    assert (scores.numbers["pair@5.tag:who"], scores.numbers["pair@5.tag:who.n"]) == (1, 1)
    assert "pair@5.tag:nearmiss" not in scores.numbers
    alone = score([QUESTIONS[0]], GIVEN, TEXTS)
    assert "pair@5" not in alone.numbers


def test_what_a_model_wrote() -> None:
    """Its language is that of the question, or not; its prompt is what was planned, or less."""
    tokens = {"planned": 200, "prompt": 150, "answer": 20}
    wrote = given(row("The dam was kept by them.", answerer="ollama:m", tokens=tokens))
    english, indonesian = asked("a", "Odile"), asked("a", "Odile", language="id")
    values = measures(english, wrote, TEXTS)
    assert (values["answer_language"], values["fallback"]) == (1, 0)
    assert measures(indonesian, wrote, TEXTS)["answer_language"] == 0
    assert (values["tokens.planned"], values["tokens.prompt_of_planned"]) == (200, 0.75)
    names = given(row("Odile Marsh.", answerer="ollama:m"))
    assert "answer_language" not in measures(english, names, TEXTS)
    quotes = measures(english, given(row("The dam held.", tokens=tokens)), TEXTS)
    assert quotes["fallback"] == 1
    assert "answer_language" not in quotes
    assert "fallback" not in measures(english, given(row("The dam held.")), TEXTS)


def test_a_measure_without_questions_is_absent() -> None:
    """No unanswerable question: no rejection and no AUROC, rather than 0 or a crash."""
    one = score(QUESTIONS[:1], GIVEN, TEXTS)
    for name in ("rejection", "auroc", "must_not", "answer_language", "tokens.planned"):
        assert not [key for key in one.numbers if key.startswith(name)]
        assert one.shown(name) == "n/a"
    nothing = score(QUESTIONS[3:4], GIVEN, TEXTS)
    assert nothing.shown("mrr@10") == "n/a"
    assert nothing.shown("rejection") == "0.00 [all alike] n=1"


def test_no_question_and_no_answer() -> None:
    """Nothing asked, or nothing answered, has counts and nothing else."""
    assert score([], {}, TEXTS).numbers == {}
    unasked = score(QUESTIONS[:1], {}, TEXTS)
    assert unasked.numbers["outcome.missing"] == 1
    assert {name.split(".")[0] for name in unasked.numbers} == {"outcome"}
    assert unasked.risk == ()


def test_a_malformed_answer_found_nothing() -> None:
    """It counts against finding and matching, is no refusal, and has no cost."""
    one = score(QUESTIONS[:1], {"a": parse({"id": "a"})}, TEXTS)
    assert one.outcomes == {"a": "malformed"}
    for name in ("mrr@10", "match", "cite.recall", "crag", "false_refusal"):
        assert one.numbers[name] == 0
    assert not {"auroc", "risk_area", "must_not", "seconds.total"} & set(one.numbers)


def test_how_a_number_is_shown(scores: Scores) -> None:
    """With its interval and n where it has them; a count as it is."""
    assert scores.shown("quote_exact") == "1.00 [all alike] n=2"
    assert scores.shown("outcome.answered") == "3"


ROWS = st.sampled_from(
    [
        found(1, evidence_score=0.9, seconds={"retrieve": 0.1, "answer": 0.7}),
        found(3, evidence_score=0.4, seconds={"retrieve": 0.3}),
        found(2, answerer="ollama:m", tokens={"planned": 9, "prompt": 8}, evidence_score=0.4),
        refusal(evidence_score=0.1),
        refusal(),
        row(("It rained.", "not_found"), ("Petra did.", "unchecked"), evidence_score=0.6),
        {"error": {"message": "x"}},
        {"text": 3},
    ]
)
RUN = st.lists(
    st.tuples(
        ROWS,
        st.sampled_from([("Odile Marsh",), ()]),
        st.sampled_from(["en", "id"]),
        st.lists(st.sampled_from(["who", "pair:x", "pair:y"]), max_size=2, unique=True),
    ),
    max_size=7,
)


@for_all(RUN, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_any_run_is_sound(
    run: list[tuple[Row, tuple[str, ...], str, list[str]]], rng: random.Random
) -> None:
    """Shares are from 0 to 1, intervals hold their means, and the order of questions is nothing."""
    questions = [
        asked(f"q{n}", *answers, language=language, tags=tuple(tags))
        for n, (_, answers, language, tags) in enumerate(run)
    ]
    rows = {f"q{n}": given(made) for n, (made, *_) in enumerate(run)}
    scores = score(questions, rows, TEXTS, seed=1)
    assert json.loads(json.dumps(scores.numbers, allow_nan=False)) == scores.numbers
    for name, value in scores.numbers.items():
        assert math.isfinite(value)
        low, high = scores.numbers.get(f"{name}.low"), scores.numbers.get(f"{name}.high")
        if low is not None and high is not None:
            assert low <= value <= high
            assert scores.numbers[f"{name}.n"] >= 1
            if not name.startswith(("seconds.", "tokens.", "dropped_marks")):
                assert (-1 if name.removeprefix("model.").split(".")[0] == "crag" else 0) <= low
                assert high <= 1 + 1e-12
    mixed = list(questions)
    rng.shuffle(mixed)
    again = score(mixed, rows, TEXTS, seed=1)
    assert again.numbers == scores.numbers
    assert (again.values, again.risk) == (scores.values, scores.risk)


def test_names_of_what_should_be_low() -> None:
    """Each is a measure that some run has."""
    model = row("It rained.", answerer="m", tokens={"planned": 2, "prompt": 1})
    rated = question("Odile", must_not=["It"], evidence=[KEEPS], question_id="d")
    numbers = score([*QUESTIONS, rated], {**GIVEN, "d": given(model)}, TEXTS).numbers
    assert set(numbers) >= LOWER_IS_BETTER - TAMPERED

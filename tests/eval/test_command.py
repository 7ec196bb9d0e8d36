"""What the command line of the suite refuses before it asks, and says after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.command import failures, refuse_unknown, short_of
from eval.given import Given
from rag.errors import BadSetting, ServerError
from rag.jsonform import error_object
from tests.eval import small_run
from tests.eval.rows import given, row
from tests.eval.small_run import QUESTIONS, Place, go, kutip

place = small_run.place


@pytest.mark.parametrize(
    "name",
    [
        *("mrr@10", "mrr@10.id", "mrr@10.tag:set:v.1.low", "article.recall@5.en.n", "em"),
        *("outcome.failed.id", "verdict.conflict", "verify.supported", "noise@80.tag:who"),
        *("counterfactual.not_right", "seconds.retrieve.p95", "tokens.prompt_of_planned"),
        *("auroc", "pair@5", "model.crag.right.high", "sentence_first", "injection.not_asked"),
    ],
)
def test_what_a_run_may_have_may_be_wanted(name: str) -> None:
    """Every measure, its bounds and its parts are known before anything is asked."""
    refuse_unknown([(name, 0.5)])


@pytest.mark.parametrize("name", ["mrr@11", "mr@10", "", "mrr@10.nl", "outcome.lost", "low"])
def test_what_no_run_has_is_refused(name: str) -> None:
    """A misspelt score is told, with what it may have been meant to be."""
    with pytest.raises(BadSetting, match=f"there is no score {name!r}") as told:
        refuse_unknown([("em", 1), (name, 0.5)])
    assert told.value.hint.startswith("Such as: ")


def test_every_number_of_a_run_may_be_wanted(place: Place) -> None:
    """No name in metrics.json is refused beforehand."""
    made = go(place, robustness=True)
    assert len(made.scores.numbers) > 200
    refuse_unknown(made.scores.numbers.items())


def test_a_misspelt_score_costs_no_run(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--min is looked at before the first question, not after the last."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    words += ["--out", str(place.out), "--min", "mmr@10=0.5"]
    assert kutip(place, *words) == 2
    said = capsys.readouterr().err
    assert "there is no score 'mmr@10': it is misspelt" in said
    assert "mrr@10" in said
    assert not place.out.exists()


def test_a_score_that_applies_to_nothing_is_told_from_a_misspelt_one() -> None:
    """The two need another remedy."""
    with pytest.raises(BadSetting, match="'rejection': it applies to no question of this run"):
        short_of({"em": 1.0}, [("rejection", 0.5)])
    with pytest.raises(BadSetting, match="'rejektion': it is misspelt"):
        short_of({"em": 1.0}, [("rejektion", 0.5)])


def test_a_file_that_is_not_there_says_what_next(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file of questions is one line that ends with what to do."""
    words = ["eval", "nosuch.jsonl", "--articles", str(place.folder / "articles")]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 2
    said = capsys.readouterr().err.rstrip("\n")
    assert "nosuch.jsonl cannot be read: No such file or directory" in said
    assert said.partition("directory. ")[2].startswith("Name a")


def test_one_is_not_counted_as_many(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--check says "1 question" of one."""
    place.ask(QUESTIONS[:1])
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--check"]
    assert kutip(place, *words) == 0
    told = "Every line is right: 1 question, 0 unanswerable, 3 articles."
    assert capsys.readouterr().out.strip() == told


def test_what_failed_is_told_with_its_commonest_cause(place: Place) -> None:
    """How many of how many, and why most of them did; nothing where none failed."""
    made = go(place)
    assert failures(made) == ""
    slow = "m at http://127.0.0.1:1 said nothing within 20 s. Give it more time."
    lost = given(row("Odile.", notices=[slow, "What follows are quotes."], tokens={"planned": 9}))
    broken = given({"id": "q", **error_object(ServerError("it broke"))})

    def told(**rows: Given) -> str:
        others = {name.removeprefix("n"): each for name, each in rows.items()}
        return failures(replace(made, given={**made.given, **others}))

    assert told(n2=broken) == (
        "1 of 5 questions failed: it broke. A run with --resume asks them again."
    )
    assert told(n1=lost, n2=broken, n4=lost) == (
        "3 of 5 questions failed, most often (2 times): "
        f"{slow.rstrip('.')}. A run with --resume asks them again."
    )

"""Training the scorer: what is written down is what scikit-learn learnt, and a run of it all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from eval import scorer
from eval.asked import cases
from eval.datasets import Gold, Question
from eval.library import library
from eval.word import UNHEARD
from rag.answer.scorer import Forest
from rag.settings import Settings

BOATS = [
    "Marelda",
    "Osprey",
    "Tamsin",
    "Corvane",
    "Halden",
    "Brightling",
    "Sorrel",
    "Wexley",
    "Ulrika",
    "Fenwick",
]


def squad_file(path: Path, boats: list[str]) -> Path:
    """A paragraph for each boat, with a question it answers and one that it does not."""
    paragraphs = [
        {
            "context": f"The ferry {boat} sank off Port {boat[:4]}o on Friday. Two men drowned.",
            "qas": [
                {
                    "id": f"{boat} 1",
                    "question": f"Which ferry sank off Port {boat[:4]}o?",
                    "is_impossible": False,
                    "answers": [{"text": boat, "answer_start": 10}],
                },
                {
                    "id": f"{boat} 2",
                    "question": f"Which tanker exploded off Port {boat[:4]}o?",
                    "is_impossible": True,
                    "answers": [],
                },
            ],
        }
        for boat in boats
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_a_written_forest_scores_as_the_trained_one() -> None:
    """On rows it has not seen, to the digits that are kept."""
    rng = np.random.default_rng(3)
    x = rng.random((600, 3))
    y = (x[:, 0] + 0.3 * x[:, 1] > 0.7).astype(int)
    shape = scorer._Shape(trees=20, leaves=12, rate=0.1)
    forest = scorer._forest(shape, 0, ["cover", "distance", "length"]).fit(x, y)
    fresh = rng.random((200, 3))
    read = Forest.read(json.loads(json.dumps(scorer._written(forest))))
    assert read.score(fresh.tolist()) == pytest.approx(forest.decision_function(fresh), abs=1e-3)


def test_the_sum_beside_the_trees_is_a_logistic_regression() -> None:
    """As scikit-learn fits it to numbers of one spread, where no sign is asked for."""
    rng = np.random.default_rng(5)
    x = rng.random((400, 3)) * [1.0, 10.0, 100.0]
    y = x[:, 0] + x[:, 1] / 10 + rng.normal(0, 0.3, 400) > 1.0
    spread = x.std(axis=0)
    other = LogisticRegression(C=1 / (400 * scorer._SHRINK), tol=1e-8).fit(x / spread, y)
    line = scorer._line(["place", "length", "before"], x, y, np.ones(400))
    assert line == pytest.approx(scorer._LINE * other.coef_[0] / spread, rel=1e-2, abs=1e-4)


def test_the_sum_never_goes_against_a_sign() -> None:
    """Chance may say that being far off speaks for an answer; that is not learnt."""
    rng = np.random.default_rng(5)
    x = rng.random((400, 2))
    y = x[:, 0] + x[:, 1] > 1.0
    far, cover = scorer._line(["distance", "cover"], x, y, np.ones(400))
    assert far == 0.0
    assert cover > 0.0


@pytest.mark.parametrize(
    ("name", "sign"),
    [("cover", 1), ("top_cover", 1), ("distance", -1), ("unmet_near", -1), ("place", 0)],
)
def test_what_may_only_speak_for_or_against(name: str, sign: int) -> None:
    """By the name of a number, also where it is that of the best sentence."""
    assert scorer._sign(name) == sign


def test_a_run_from_questions_to_a_scorer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each question is asked of the whole library and of its own paragraph."""
    out = tmp_path / "scorer.json"
    questions = squad_file(tmp_path / "squad.json", BOATS)
    code = scorer.main(["--squad", str(questions), "--out", str(out)])
    told = capsys.readouterr()
    assert code == 0, told.err
    assert "from 40 cases" in told.out
    made = json.loads(out.read_text("utf-8"))
    assert set(made) == {"rows", "questions", "ranker", "article", "paragraph", "reader"}
    assert made["reader"] == {**UNHEARD}
    for form in ("article", "paragraph"):
        assert set(made[form]) == {"forest", "line", "slope", "shift"}


def test_cases_with_and_without_an_answer_weigh_the_same() -> None:
    """Of each form for itself: three with an answer and one without, and one each that count 0.5.

    Of the first four either kind weighs four together, of the others one.
    """
    weight = np.array([1.0, 1.0, 1.0, 1.0, 0.5, 0.5])
    answerable = np.array([True, True, True, False, True, False])
    even = scorer._even(weight, answerable)
    assert even.tolist() == pytest.approx([4 / 3, 4 / 3, 4 / 3, 4.0, 1.0, 1.0])


def test_the_shift_makes_up_for_the_mean_of_the_sum() -> None:
    """Numbers far from zero leave the judge as sure as those about zero would."""
    rng = np.random.default_rng(7)
    x = rng.random((600, 2))
    y = x[:, 0] + rng.normal(0, 0.2, 600) > 0.5
    folds = np.arange(600) % 3
    odds = []
    for far in (0.0, 50.0):
        learnt, _ = scorer.judge(["place", "before"], x + far, y, np.ones(600), folds, seed=0)
        read = Forest.read(json.loads(json.dumps(learnt["forest"])))
        told = read.score(x + far) + (x + far) @ np.array(learnt["line"])
        odds.append(learnt["slope"] * told + learnt["shift"])
    assert np.mean(odds[1]) == pytest.approx(np.mean(odds[0]), abs=0.05)


def test_a_near_miss_belongs_with_the_article_it_is_about() -> None:
    """In the folds too: else what is learnt of it tells of the question it was made from."""
    paragraphs = {
        f"{boat}.txt": f"The ferry {boat} sank off Port {boat[:4]}o on Friday. Two men drowned."
        for boat in BOATS[:3]
    }
    gold = Gold(article="Osprey.txt", quote=paragraphs["Osprey.txt"].split(". ")[0] + ".")
    good = Question(
        question_id="good",
        question="Where did the Osprey sink?",
        language="en",
        answers=("Port Ospro",),
        evidence=(gold,),
    )
    miss = replace(
        good,
        question_id="miss",
        question="Where did the Osprey explode?",
        answers=(),
        evidence=(),
    )
    with library(
        Settings.load(environment={}), paragraphs=paragraphs, on_progress=lambda _: None
    ) as opened:
        made = list(cases(opened.engine, [good, miss], news=True, on_progress=lambda _: None))
    assert [case.group for case in made] == ["Osprey.txt", "Osprey.txt"]
    assert made[0].fold == made[1].fold


def test_too_few_questions_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is left over for one of the folds must hold both kinds."""
    out = tmp_path / "scorer.json"
    questions = squad_file(tmp_path / "squad.json", BOATS[:1])
    assert scorer.main(["--squad", str(questions), "--out", str(out)]) == 2
    assert "4 questions are too few to learn from" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written."""
    out = tmp_path / "scorer.json"
    assert scorer.main(["--squad", str(tmp_path / "none.json"), "--out", str(out)]) == 2
    assert "none.json" in capsys.readouterr().err
    assert not out.exists()

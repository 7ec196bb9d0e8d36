"""Questions in small groups with their articles."""

from __future__ import annotations

import pytest

from eval.datasets import Gold, Question
from eval.groups import grouped

NAMES = [f"a{n}.txt" for n in range(5)]


def asked(number: int, *articles: str, tags: tuple[str, ...] = ()) -> Question:
    """A question with its evidence in these articles; without any, it has no answer."""
    return Question(
        question_id=f"Q{number}",
        question="?",
        language="en",
        answers=("x",) if articles else (),
        evidence=tuple(Gold(article=name, quote="x") for name in articles),
        tags=tags,
    )


QUESTIONS = [
    *(asked(n, name) for n, name in enumerate(NAMES)),
    asked(5, "a0.txt", "a4.txt"),
    asked(6),
    asked(7, tags=("unrelated",)),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_question_is_asked_once_beside_its_evidence(size: int) -> None:
    """And no group is larger than it must be."""
    groups = grouped(QUESTIONS, size=size, seed=0, near=lambda _, names: min(names))
    ids = sorted(q.question_id for group in groups for q in group.questions)
    assert ids == [f"Q{n}" for n in range(8)]
    for group in groups:
        needed = {gold.article for q in group.questions for gold in q.evidence}
        assert needed <= set(group.articles)
        assert len(group.articles) <= size + 1  # Q5 brings a second article along
    assert len(groups) == -(-5 // size)


def test_a_near_miss_is_asked_where_its_article_is() -> None:
    """The one that comes closest, of those of the set; what is unrelated is asked anywhere."""
    groups = grouped(QUESTIONS, size=1, seed=3, near=lambda _, names: max(names))
    (home,) = [group for group in groups if any(q.question_id == "Q6" for q in group.questions)]
    assert "a4.txt" in home.articles


def test_what_comes_close_to_nothing_is_asked_anywhere() -> None:
    """It is not lost."""
    groups = grouped(QUESTIONS, size=2, seed=0, near=lambda *_: None)
    assert sum(len(group.questions) for group in groups) == len(QUESTIONS)

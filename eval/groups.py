"""Articles in small groups, with the questions about them: libraries as small as a reader's own.

In three articles every word is rare, and the next best sentence is of the same story; a scorer
that has only seen large archives does not know that.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eval.datasets import Question


@dataclass(slots=True)
class Group:
    """Some articles, by file name, and what is asked of them."""

    articles: list[str]
    questions: list[Question] = field(default_factory=list)


def grouped(
    questions: Sequence[Question],
    *,
    size: int,
    seed: int,
    near: Callable[[Question, frozenset[str]], str | None],
) -> list[Group]:
    """The questions of one set with its articles, `size` to a group, as chance has it.

    A question goes to the group with its evidence, whose other articles come along. One without
    evidence goes to the article that `near` names among the set's: there it is a near miss; to
    any group, if it names none or the question is about other things (`unrelated`).
    """
    rng = random.Random(seed)
    names = sorted({gold.article for question in questions for gold in question.evidence})
    rng.shuffle(names)
    groups = [Group(names[n : n + size]) for n in range(0, len(names), size)]
    by_name = {name: group for group in groups for name in group.articles}
    for question in questions:
        if question.evidence:
            group = by_name[question.evidence[0].article]
        else:
            beside = None if "unrelated" in question.tags else near(question, frozenset(names))
            group = by_name[beside] if beside is not None else rng.choice(groups)
        group.questions.append(question)
    for group in groups:
        needed = {gold.article for question in group.questions for gold in question.evidence}
        group.articles = sorted(needed.union(group.articles))
    return groups

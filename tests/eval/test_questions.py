"""The questions that ship, held against the articles that they are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.datasets import Question, load, read_articles, spaced, stored_texts
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEmbedder

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval/questions"
# Every set that ships, with the folder that it is about.
SHIPPED = {
    "seeds": ROOT / "seeds",
    "news": ROOT / "eval/articles",
    "news_heldout": ROOT / "eval/articles",
    "meetings": ROOT / "eval/articles",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, dict[str, str]]:
    """The articles of each folder, as an engine keeps them."""
    found: dict[Path, dict[str, str]] = {}
    for folder in sorted(set(SHIPPED.values())):
        settings = Settings(data_dir=tmp_path_factory.mktemp("store"))
        with Engine(settings, embedder=HashEmbedder()) as engine:
            assert all(outcome.status == "added" for outcome in engine.add([str(folder)]))
            found[folder] = stored_texts(engine)
    return found


def words(text: str) -> str:
    """The words of `text`, each between single spaces, without case."""
    return " " + " ".join(re.findall(r"[^\W_]+", spaced(text).casefold())) + " "


@pytest.mark.parametrize("name", SHIPPED)
def test_the_sets_hold_against_files_and_store(
    name: str, kept: Mapping[Path, Mapping[str, str]]
) -> None:
    """Every quote stands in the raw file, and in what is left of it after cleaning."""
    path, folder = QUESTIONS / f"{name}.jsonl", SHIPPED[name]
    assert load(path, read_articles([folder])) == load(path, kept[folder])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_verbatim_quote_of_the_evidence_is_right(name: str) -> None:
    """One alias stands in the gold quotes, and none of what must not be said does."""
    for question in load(QUESTIONS / f"{name}.jsonl", read_articles([SHIPPED[name]])):
        quotes = [words(gold.quote) for gold in question.evidence]
        if question.answerable:
            assert any(words(a) in q for a in question.answers for q in quotes), question
        assert not any(words(wrong) in q for wrong in question.must_not for q in quotes), question
        assert not any(
            words(wrong) in words(right)
            for wrong in question.must_not
            for right in question.answers
        ), question


@pytest.mark.parametrize("name", SHIPPED)
def test_tags_say_what_a_question_is(name: str) -> None:
    """Answerable or not, across languages or not, and both forms of a pair in either language."""
    questions = load(QUESTIONS / f"{name}.jsonl", read_articles([SHIPPED[name]]))
    pairs: dict[str, list[Question]] = {}
    for question in questions:
        assert ("answerable" in question.tags) == question.answerable
        assert ("unanswerable" in question.tags) != question.answerable
        assert ("samelang" in question.tags) + ("crosslingual" in question.tags) == (
            question.answerable
        )
        for tag in question.tags:
            if tag.startswith("pair:"):
                pairs.setdefault(tag, []).append(question)
    assert len({question.question for question in questions}) == len(questions)
    for tag, both in pairs.items():
        assert [q.language for q in both] == ["en", "id"], tag
        assert both[0].evidence == both[1].evidence, tag
        assert both[0].answers == both[1].answers, tag


def test_the_sets_are_large_enough() -> None:
    """Both languages weigh the same; enough has no answer, most of it nearly."""
    for name, least, least_unanswerable in (("seeds", 84, 22), ("news", 120, 30)):
        questions = load(QUESTIONS / f"{name}.jsonl", read_articles([SHIPPED[name]]))
        languages = Counter(question.language for question in questions)
        assert len(questions) >= least
        assert 0.45 <= languages["id"] / len(questions) <= 0.55
        without = [question for question in questions if not question.answerable]
        assert len(without) >= least_unanswerable
        assert sum("nearmiss" in question.tags for question in without) > len(without) / 2


def test_the_hard_kinds_are_there() -> None:
    """Each kind of hard case has questions of its own."""
    tags = Counter(
        tag
        for name, folder in SHIPPED.items()
        for question in load(QUESTIONS / f"{name}.jsonl", read_articles([folder]))
        for tag in question.tags
    )
    for kind in (
        "counts", "correction", "samename", "titles", "relative", "negation", "speaker",
        "injected", "wirecopy", "veryshort", "verylong", "two-articles", "differ", "silent",
    ):  # fmt: skip
        assert tags[kind] >= 4, kind

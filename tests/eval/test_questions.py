"""The questions that ship, held against the articles that they are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from eval.answers import joined, judge, reply_of
from eval.datasets import Question, load, read_articles, spaced, stored_texts
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEmbedder

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval/questions"
# Every set that ships, with the folder that it is about; `verify` is of another form.
SHIPPED = {
    path.stem: ROOT / ("seeds" if path.stem.startswith("seeds") else "eval/articles")
    for path in sorted(QUESTIONS.glob("*.jsonl"))
    if path.stem != "verify"
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


@cache
def everything() -> tuple[Question, ...]:
    """The questions of all sets."""
    return tuple(
        question
        for name, folder in SHIPPED.items()
        for question in load(QUESTIONS / f"{name}.jsonl", read_articles([folder]))
    )


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
            assert any(
                all(any(words(part) in q for q in quotes) for part in joined(alias))
                for alias in question.answers
            ), question
        wrongs = [wrong for wrong in question.must_not if not reply_of(wrong)]
        assert not any(words(wrong) in q for wrong in wrongs for q in quotes), question
        assert not any(
            words(wrong) in words(right) for wrong in wrongs for right in question.answers
        ), question


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_listed_is_judged_so(name: str) -> None:
    """Each answer alone is right, and each wrong one that tempts is wrong; each gold quote
    violates nothing."""
    for question in load(QUESTIONS / f"{name}.jsonl", read_articles([SHIPPED[name]])):
        for alias in question.answers:
            judged = judge(question, joined(alias))
            assert judged.right, (question.question_id, alias)
            assert not judged.violated, (question.question_id, alias)
        for wrong in question.must_not:
            judged = judge(question, [wrong])
            assert judged.violated, (question.question_id, wrong)
            assert not judged.right, (question.question_id, wrong)
        for gold in question.evidence:
            assert not judge(question, [gold.quote]).violated, (question.question_id, gold.quote)


def test_a_question_for_yes_or_no_takes_the_word() -> None:
    """In either language one reply is right and its opposite wrong; where the article leaves it
    open, none is right."""
    left_open = {"S097", "S098", "S099", "S100"}  # "tidak diumumkan": not announced
    for question in everything():
        if "yesno" not in question.tags or not question.answerable:
            continue
        right, wrong = (
            {reply_of(alias) for alias in aliases} - {None}
            for aliases in (question.answers, question.must_not)
        )
        if question.question_id in left_open:
            assert not right, question
            assert {"yes", "ya"} <= wrong, question
        else:
            kinds = [{"yes", "ya"}, {"no", "tidak"}]
            assert any(a <= right and b <= wrong for a, b in (kinds, kinds[::-1])), question


@pytest.mark.parametrize(
    ("question_id", "answer", "right"),
    [
        ("S103", "No, the tour never included Israel.", False),
        ("S103", "Yes.", True),
        ("S104", "Ya.", True),
        ("S106", "Sudah.", True),
        ("S106", "Belum.", False),
        ("S112", "Belum.", True),
        ("S112", "Sudah, ada kesepakatan.", False),
        ("A144", "Tidak.", True),
        ("A224", "Yes, the operator was drunk.", False),
        ("A225", "Tidak benar.", True),
        ("A337", "Two.", True),
        ("A337", "Two drowned.", True),
        ("A338", "Dua.", True),
        ("A050", "6.", True),
        ("A050", "9 tahun.", False),
        ("A119", "11.", True),
        ("A292", "80.", True),
        ("A339", "It processed 71,000 tons.", True),
        ("S115", "Al Khulaifi.", False),
        ("S115", "Prime Minister Mohammed bin Abdulrahman, and the minister Al Khulaifi.", True),
        ("S117", "21 August.", False),
        ("S117", "One day.", True),
        ("S064", "7 days.", True),
        ("S120", "Menunda mediasi.", True),
        ("A100", "Tidak ada korban jiwa.", True),
        ("A100", "0.", True),
        ("A100", "Five people died.", False),
        ("A058", "Tim Dahlia Rengganis dituding oleh Surya Atmadirja.", True),
        ("A058", "Dahlia menuduh tim Surya.", False),
        ("A134", "Di gedung bea cukai lama.", True),
        ("A165", "Karena rel yang mana?", False),
        ("A163", "Gaji.", False),
        ("A160", "Suku bunga naik 11 persen.", False),
        ("S075", "Israel is serious.", False),
        ("A267", "Last Friday.", False),
        ("A267", "On Friday.", True),
        ("A010", "Nine.", True),
        ("A010", "For their health.", False),
    ],
)
def test_answers_worked_by_hand(question_id: str, answer: str, right: bool) -> None:
    """Short answers that a reader would take or not, to questions that once judged them wrongly."""
    (asked,) = [q for q in everything() if q.question_id == question_id]
    assert judge(asked, [answer]).right == right


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

"""Teaching a reader and weighing its word: what it is taught by, and what it comes to count for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.asked import Case, cases
from eval.datasets import DatasetError, Gold, Question
from eval.library import library
from eval.reader import examples, examples_of, main
from eval.told import read_told
from eval.word import UNHEARD, learn
from rag.answer.marked import marked_alone
from rag.schema import MarkedText, Span
from rag.search.reader import open_reader
from rag.settings import Settings

TOLD = Path(__file__).parents[2] / "eval" / "told"
BOATS = ["Marelda", "Osprey", "Tamsin", "Corvane", "Halden", "Brightling", "Sorrel", "Wexley"]
BOATS += ["Ulrika", "Fenwick", "Jorvane", "Pelican"]
TEXT = "The ferry {boat} sank off Port Olvar on Friday. Its captain, {boat} Lee, was drowned."


@contextmanager
def asked(*, news: bool) -> Iterator[list[Case]]:
    """Of each boat who its captain was, and who its owner, whom nobody names."""
    texts = {f"{boat}.txt": TEXT.format(boat=boat) for boat in BOATS}
    questions = []
    for boat in BOATS:
        gold = Gold(article=f"{boat}.txt", quote=TEXT.format(boat=boat).split(". ")[1])
        who = Question(
            question_id=boat,
            question=f"Who was the captain of the {boat}?",
            language="en",
            answers=("Lee", f"{boat} Lee"),
            evidence=(gold,),
        )
        owner = replace(who, question=f"Who was the owner of the {boat}?", answers=(), evidence=())
        questions += [who, owner]
    with library(
        Settings.load(environment={}), paragraphs=texts, on_progress=lambda _: None
    ) as opened:
        yield list(cases(opened.engine, questions, news=news, on_progress=lambda _: None))


def test_what_answers_is_taught_with_its_words_and_what_does_not_with_none() -> None:
    """The longest of the answers, where it stands; each question with four others at most."""
    with asked(news=True) as made:
        found = examples(made)
    right = [each for each in found if each.answers]
    assert {each.question.text for each in right} == {
        f"Who was the captain of the {b}?" for b in BOATS
    }
    for each in right:
        boat = each.question.text.split()[-1].rstrip("?")
        assert each.sentence.text == f"Its captain, {boat} Lee, was drowned."
        assert each.before.text == f"The ferry {boat} sank off Port Olvar on Friday."
        assert each.words == Span(13, 13 + len(boat) + 4)
    for boat in BOATS:
        wrong = [e for e in found if e.question.text.endswith(f"owner of the {boat}?")]
        assert 1 <= len(wrong) <= 4
        assert not any(each.answers or each.words for each in wrong)


LINE = {
    "id": "t-1",
    "before": "The ferry Osprey sank.",
    "sentence": "Its captain, Ana Lee, was drowned.",
    "good": [{"q": "Who commanded the Osprey?", "language": "en", "answer": "Ana Lee"}],
    "bad": [{"q": "Who owns the Osprey?"}, {"q": "Siapa pemilik Osprey?"}],
    "more": [{"sentence": "Bo Ek owns the Osprey.", "answer": "Bo Ek"}, None],
}


def told_file(path: Path, *rows: Mapping[str, object]) -> Path:
    """A file of these lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_question_is_told_by_the_sentence_that_answers_it_alone(tmp_path: Path) -> None:
    """And one that no sentence answers is not asked: it could be told by itself."""
    found = examples_of(read_told(told_file(tmp_path / "t.jsonl", LINE)))
    captain, owner = (
        (LINE["before"], LINE["sentence"]),
        (LINE["sentence"], "Bo Ek owns the Osprey."),
    )
    told = [(e.question.text, (e.before.text, e.sentence.text)) for e in found]
    assert [(*t, e.answers, e.words, e.near) for t, e in zip(told, found, strict=True)] == [
        ("Who commanded the Osprey?", captain, True, Span(13, 20), True),
        ("Who commanded the Osprey?", owner, False, None, True),
        ("Who owns the Osprey?", captain, False, None, True),
        ("Who owns the Osprey?", owner, True, Span(0, 5), False),
    ]


def test_two_sentences_that_were_both_added_are_far_from_each_other(tmp_path: Path) -> None:
    """What was written of the first sentence is nearer to it than to another one."""
    both = [LINE["more"][0], {"sentence": "Pemilik Osprey Li Po.", "answer": "Li Po"}]  # type: ignore[index]
    found = examples_of(read_told(told_file(tmp_path / "t.jsonl", {**LINE, "more": both})))
    assert len(found) == 9
    assert [e.sentence.text for e in found if not e.near and not e.answers] == [
        "Pemilik Osprey Li Po.",
        "Bo Ek owns the Osprey.",
    ]


def test_what_is_told_with_kutip_can_be_read() -> None:
    """Every line of it; half of the sentences are Indonesian."""
    every = [told for path in sorted(TOLD.glob("*.jsonl")) for told in read_told(path)]
    assert len(every) == 2080
    assert len({question for told in every for question, _ in told.good}) > 4_000
    found = examples_of(every[::40])
    assert all(e.words for e in found if e.answers)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"good": [{"q": "Who?", "answer": "Bo Lee"}]}, "'Bo Lee' does not stand in the sentence"),
        ({"bad": ["Who?"]}, "bad is no list of objects"),
        ({"more": [None]}, "more has not one entry for each bad question"),
        ({"more": [None, "Bo Ek owns it."]}, "more is no list of objects"),
        ({"more": [None, {"sentence": "Nobody.", "answer": "Bo"}]}, "'Bo' does not stand in"),
        ({"good": [{"q": "Who?"}]}, "answer"),
        ({"before": None}, "before is not text"),
        ({"befor": "It sank."}, "'befor' is no key here"),
        ({}, "the id 't-1' is there twice"),
    ],
)
def test_a_line_that_cannot_be_used_is_told(
    tmp_path: Path, changed: dict[str, object], why: str
) -> None:
    """With its number."""
    path = told_file(tmp_path / "t.jsonl", LINE, {**LINE, **changed})
    with pytest.raises(DatasetError, match="line 2") as error:
        read_told(path)
    assert why in str(error.value)


def test_the_command_writes_a_reader(tmp_path: Path) -> None:
    """One that can be opened; with nothing that answers it says so, and writes none."""
    told, out = told_file(tmp_path / "t.jsonl", LINE), tmp_path / "r.safetensors"
    assert main(["--told", str(told), "--out", str(out)]) == 0
    assert np.isfinite(
        open_reader(out).read(*marked_alone("Who owns it?", "", "Bo Ek owns the Osprey."))
    )


def test_the_command_without_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, and with the code of what cannot be done."""
    out = tmp_path / "r.safetensors"
    assert main(["--out", str(out)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "nothing to teach: no sentence answers"
    assert not out.exists()


def knowing(question: MarkedText, _: MarkedText, told: MarkedText) -> float:
    """One who always knows: the sentence about the captain of that boat, and no other."""
    boat = question.text.split()[-1].rstrip("?")
    return 4.0 if "captain" in question.text and f"{boat} Lee" in told.text else -4.0


def test_one_who_knows_comes_to_count() -> None:
    """More than a judge who guesses; where sentences are ranked, as much as puts most first."""
    with asked(news=True) as made:
        guessed = np.random.default_rng(0).normal(size=len(made))
        # The ranker prefers whatever does not answer.
        ranked = [[0.6 if label != 1 else 0.4 for label in case.labels] for case in made]
        word = learn(made, ranked, guessed, knowing)
    assert word["order"] > 0
    own, reader, _ = word["article"]
    assert reader > 0.3 > abs(own)
    assert word["paragraph"] == UNHEARD["paragraph"]  # there was none to learn from


def test_one_who_guesses_counts_for_little() -> None:
    """Where the ranker is right already, his word moves nothing."""
    rng = np.random.default_rng(1)

    def guessing(_: MarkedText, before: MarkedText, told: MarkedText) -> float:
        return float(rng.normal())

    with asked(news=False) as made:
        sure = np.array([3.0 if case.answerable else -3.0 for case in made])
        ranked = [[0.9 if label == 1 else 0.1 for label in case.labels] for case in made]
        word = learn(made, ranked, sure, guessing)
    assert word["order"] == 0
    own, reader, _ = word["paragraph"]
    assert own > 0.4 > abs(reader)

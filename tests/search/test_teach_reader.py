"""Teaching a small model to read: it learns which sentences answer, and where it stands apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.schema import Mark, MarkedText, Span
from rag.search.adapter import Adapter
from rag.search.reader import reader_in
from rag.search.teach_reader import Example, Lessons, teach_reader
from tests.search.small_models import tiny

NOTHING = Adapter({})
SOME = Adapter(
    {
        "encoder.layer.0.output.dense.weight": (
            np.random.default_rng(0).normal(size=(16, 1)).astype(np.float32),
            np.random.default_rng(1).normal(size=(1, 32)).astype(np.float32),
        )
    }
)
LESSONS = Lessons(rate=1e-2, new_rate=1e-1, epochs=25, batch=8, threads=1)


def example(number: int, *, answers: bool) -> Example:
    """What a price is asked for is told by a price, not by news of the same number."""
    return Example(
        question=MarkedText("harga beras"),
        before=MarkedText(""),
        sentence=MarkedText(f"{'harga' if answers else 'berita'} {number}"),
        answers=answers,
        words=Span(6, 8) if answers else None,
    )


def test_without_a_sentence_that_answers_there_is_nothing_to_teach(tmp_path: Path) -> None:
    """An epoch of nothing would never end."""
    with pytest.raises(ValueError, match="no sentence answers"):
        teach_reader(
            tiny(tmp_path / "m"),
            [example(1, answers=False)],
            start=NOTHING,
            lessons=LESSONS,
            on_step=lambda *_: None,
        )


def test_it_learns_what_answers(tmp_path: Path) -> None:
    """Beside what the encoder had been taught before."""
    folder = tiny(tmp_path / "m")
    examples = [example(n, answers=yes) for n in range(10, 42) for yes in (True, False)]
    heard: list[tuple[int, int]] = []
    losses: list[float] = []

    def on_step(done: int, total: int, loss: float) -> None:
        heard.append((done, total))
        losses.append(loss)

    learnt = teach_reader(folder, examples, start=SOME, lessons=LESSONS, on_step=on_step)
    assert heard == [(step, 200) for step in range(1, 201)]  # 64 sentences by 8, 25 times
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) / 2
    assert learnt.added["encoder.layer.1.output.dense.weight"].shape == (16, 32)
    assert not any("word_embeddings" in name for name in learnt.added)
    reader = reader_in(folder, SOME, learnt)
    for number in range(50, 56):  # seen by nobody
        yes, no = (
            reader.read(each.question, each.before, each.sentence)
            for each in (example(number, answers=True), example(number, answers=False))
        )
        assert yes > 0 > no


def test_it_learns_what_a_mark_says(tmp_path: Path) -> None:
    """The same words answer where the word asked about is marked as theirs, and not without."""
    folder = tiny(tmp_path / "m")

    def marked(number: int, *, held: bool) -> Example:
        return Example(
            question=MarkedText("harga beras", (Mark(6, 11, 2 if held else 10),)),
            before=MarkedText(""),
            sentence=MarkedText(f"harga {number}"),
            answers=held,
        )

    examples = [marked(n, held=held) for n in range(10, 42) for held in (True, False)]
    learnt = teach_reader(folder, examples, start=NOTHING, lessons=LESSONS, on_step=lambda *_: None)
    reader = reader_in(folder, NOTHING, learnt)
    yes, no = (
        reader.read(each.question, each.before, each.sentence)
        for each in (marked(50, held=True), marked(50, held=False))
    )
    assert yes > 0 > no


def test_one_who_learns_on_begins_with_what_it_has_learnt(tmp_path: Path) -> None:
    """A step that changes nothing leaves it reading as it did, within what a step changes."""
    folder = tiny(tmp_path / "m")
    examples = [example(n, answers=yes) for n in range(10, 42) for yes in (True, False)]
    learnt = teach_reader(folder, examples, start=SOME, lessons=LESSONS, on_step=lambda *_: None)
    still = replace(LESSONS, rate=0.0, new_rate=0.0, epochs=0.1)
    again = teach_reader(
        folder, examples, start=SOME, on=learnt, lessons=still, on_step=lambda *_: None
    )
    assert again.added.keys() == learnt.added.keys()
    for name, change in learnt.added.items():
        np.testing.assert_allclose(again.added[name], change, atol=1e-6)
    np.testing.assert_array_equal(again.kinds, learnt.kinds)
    np.testing.assert_array_equal(again.head["weight"], learnt.head["weight"])


@pytest.mark.parametrize("change", ["another name", "another shape"])
def test_what_another_model_has_learnt_is_not_taught_on(tmp_path: Path, change: str) -> None:
    """Be it of weights that this one has not, or of another size."""
    folder = tiny(tmp_path / "m")
    examples = [example(n, answers=yes) for n in range(10, 14) for yes in (True, False)]
    learnt = teach_reader(folder, examples, start=NOTHING, lessons=LESSONS, on_step=lambda *_: None)
    if change == "another name":
        other = replace(learnt, added={"no.such.weight": next(iter(learnt.added.values()))})
    else:
        other = replace(learnt, kinds=learnt.kinds[:, :-1])
    with pytest.raises(ValueError, match="learnt by another model"):
        teach_reader(
            folder, examples, start=NOTHING, on=other, lessons=LESSONS, on_step=lambda *_: None
        )

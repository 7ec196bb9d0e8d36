"""The measure of speed: libraries of the size asked for, vectors that are what they claim."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from eval.speed import Drawn, drawn, main
from tests.fakes import HashEmbedder

TEXTS = ["Ana Lee met Bo Ray. They spoke of dams.", "The dam broke on Monday. Ten people died."]


def test_drawn_paragraphs_are_made_of_the_sentences_there_are() -> None:
    """Five sentences each, none of another's making; another seed draws others."""
    known = {"Ana Lee met Bo Ray.", "They spoke of dams.", "The dam broke on Monday."}
    known.add("Ten people died.")
    some = list(islice(drawn(TEXTS, seed=1), 20))
    for text in some:
        sentences = [part if part.endswith(".") else f"{part}." for part in text.split(". ")]
        assert len(sentences) == 5
        assert set(sentences) <= known
    assert some != list(islice(drawn(TEXTS, seed=2), 20))


def test_vectors_are_of_unit_length_and_the_same_for_the_same_text() -> None:
    """As those of a model are; a question's is the model's own."""
    inner = HashEmbedder()
    vectors = Drawn(inner).embed_passages(["a b", "c d", "a b"])
    assert vectors.shape == (3, inner.info.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.allclose(vectors[0], vectors[1])
    assert np.array_equal(Drawn(inner).embed_query("who?"), inner.embed_query("who?"))


def test_the_figures_of_a_library_filled_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So many passages as asked for, or a few more, and both medians with their n."""
    questions = [
        {"id": f"q{n}", "question": f"Who met Bo Ray {n} times?", "is_impossible": True}
        for n in range(14)
    ]
    data = {
        "data": [
            {"paragraphs": [{"context": t, "qas": questions[k::2]} for k, t in enumerate(TEXTS)]}
        ]
    }
    for paragraph in data["data"][0]["paragraphs"]:
        for each in paragraph["qas"]:
            each["answers"] = []
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main([str(path), "--passages", "30"]) == 0
    first, search, answer = capsys.readouterr().out.splitlines()
    assert int(first.split()[0]) >= 30
    assert (search.split()[0], search.split()[-1]) == ("search", "n=2")
    assert (answer.split()[0], answer.split()[-1]) == ("answer", "n=2")
    assert main([str(tmp_path / "none.json")]) == 2

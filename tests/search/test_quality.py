"""What an embedding model finds of the probes, and what its word counts for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.search import quality
from rag.search.embed import open_embedder
from rag.search.quality import Quality, Trust, measure, probes, quality_of
from rag.search.weights import EmbedderInfo, Notes

PAIRS = ("en>en", "en>id", "id>en", "id>id")


class Knowing:
    """A model that reads some of the probes' languages, and nothing of the others.

    What it reads has the direction of its row; the rest all has the same.
    """

    info = EmbedderInfo("knowing", "1", 41, "", "", 0)

    def __init__(self, *columns: int) -> None:
        self.rows = {
            text: number
            for number, row in enumerate(probes())
            for column, text in enumerate(row)
            if column in columns
        }
        self.asked = 0

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.asked += 1
        return np.eye(41, dtype=np.float32)[self.rows.get(text, 40)]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])


def test_the_probes_are_whole() -> None:
    """Forty rows of four texts, none of them twice."""
    rows = probes()
    assert len(rows) == 40
    assert {len(row) for row in rows} == {4}
    texts = [text for row in rows for text in row]
    assert len(set(texts)) == len(texts) == 160
    assert all(text == text.strip() and text[-1] in ".?" for text in texts)


def test_what_is_found_is_counted_by_language() -> None:
    """A model of English finds all in English; of both, everything everywhere."""
    assert measure(Knowing(0, 1, 2, 3)) == dict.fromkeys(PAIRS, 1.0)
    english = measure(Knowing(0, 2))
    assert english["en>en"] == 1.0
    # All Indonesian is one to it: forty level sentences are forty times the last place.
    assert english["id>id"] == 0.025


def test_a_tie_is_no_find() -> None:
    """A model that says the same of all texts has found nothing."""
    assert measure(Knowing()) == dict.fromkeys(PAIRS, 0.025)


def test_the_measure_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noted by the model's fingerprint, and a damaged note is taken anew."""
    model, notes = Knowing(0, 1, 2, 3), Notes(tmp_path)

    def again() -> Quality:
        monkeypatch.setattr(quality, "_known", {})  # as in another process
        return quality_of(model, Notes(tmp_path))

    first = again()
    asked = model.asked
    assert quality_of(model, Notes(None)) == first
    assert again() == first
    assert model.asked == asked
    notes.put("quality 1", model.info.fingerprint, {"en>en": 1})
    assert again() == first
    assert model.asked == 2 * asked


def test_a_model_that_reads_both_languages_counts_for_more() -> None:
    """The weight of cosine grows with what the model finds, in each pair of languages."""
    both = Trust(quality=measure(Knowing(0, 1, 2, 3)))
    bundled = open_embedder("bundled")
    measured = measure(bundled)
    assert quality_of(bundled, Notes(None)) == pytest.approx(measured, abs=0.01)
    ours = Trust(quality=measured)
    assert both.weight("en", "id") > ours.weight("en", "id")
    assert both.weight("id", "id") >= ours.weight("id", "id")


@pytest.mark.parametrize(("leaning", "weight"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_reader_may_lean_to_either_side(leaning: float, weight: float) -> None:
    """At the ends one side decides alone, whatever was measured."""
    trust = Trust(quality=dict.fromkeys(PAIRS, 0.5), leaning=leaning)
    assert trust.weight("id", "id") == weight


def test_an_unknown_language_is_that_of_the_passage() -> None:
    """A question that could be of either language is taken to be in the passage's."""
    trust = Trust(quality={"en>en": 0.9, "id>id": 0.3, "en>id": 0.2, "id>en": 0.2})
    assert trust.weight(None, "id") == trust.weight("id", "id")
    assert trust.weight("fr", "fr") == trust.weight("en", "en")

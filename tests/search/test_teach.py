"""Teaching a small model: it learns what it is taught, and goes on from what it knew."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import BadSetting
from rag.search.adapter import Adapter
from rag.search.encoder import LightEncoder, open_light
from rag.search.teach import Lessons, teach
from tests.search.small_models import tiny

# What a random model hardly knows: that the same number makes two texts alike.
PAIRS = [(f"berita {n}", f"harga {n}") for n in range(10, 58)]
LESSONS = Lessons(rank=8, rate=1e-2, epochs=25, batch=8, longest=16, threads=1)


def score(folder: Path, adapter: Adapter | None) -> float:
    """The mean reciprocal rank of each second text among all second texts."""
    light = open_light(folder, adapter)
    assert light is not None
    rows = np.stack([light.encode(second) for _, second in PAIRS])
    scores = np.stack([light.encode(first) for first, _ in PAIRS]) @ rows.T
    return float((1 / (1 + (scores > np.diag(scores)[:, None]).sum(axis=1))).mean())


def test_it_learns_and_goes_on(tmp_path: Path) -> None:
    """25 times through the pairs help, and 25 more from there help again."""
    folder = tiny(tmp_path / "m")
    heard: list[tuple[int, int]] = []
    first = teach(
        folder,
        {"pairs": PAIRS, "too few": PAIRS[:3]},
        start=None,
        lessons=LESSONS,
        on_step=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(step, 150) for step in range(1, 151)]  # 6 batches, 25 times
    assert {b.shape[1] for b, _ in first.parts.values()} == {8}
    assert first.parts["encoder.layer.0.intermediate.dense.weight"][0].shape == (32, 8)
    before, after = score(folder, None), score(folder, first)
    assert after > before + 0.015
    second = teach(folder, {"pairs": PAIRS}, start=first, lessons=LESSONS, on_step=lambda *_: None)
    assert score(folder, second) > after


def test_a_text_is_brought_where_another_lies(tmp_path: Path) -> None:
    """What is to be kept: "harga 7" shall lie where "berita 7" lay, and that stay there."""
    folder = tiny(tmp_path / "m")
    pairs = [(f"harga {n}", f"berita {n}") for n in range(10, 42)]
    keep = [*pairs, *((second, second) for _, second in pairs)]
    taught = teach(folder, {}, keep=keep, start=None, lessons=LESSONS, on_step=lambda *_: None)
    plain, light = open_light(folder), open_light(folder, taught)
    assert plain is not None
    assert light is not None

    def away(of: LightEncoder) -> tuple[float, float]:
        """How far, in cosines, the first texts lie from the places, and the second ones."""
        places = [plain.encode(second) for _, second in pairs]
        firsts = [place @ of.encode(first) for place, (first, _) in zip(places, pairs, strict=True)]
        seconds = [place @ of.encode(text) for place, (_, text) in zip(places, pairs, strict=True)]
        return float(1 - np.mean(firsts)), float(1 - np.mean(seconds))

    before, _ = away(plain)
    first, second = away(light)
    assert first < 0.7 * before
    assert second < 0.3 * before


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra libraries one line says which and how to get them."""
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(BadSetting, match="peft") as caught:
        teach(tmp_path, {}, start=None, lessons=LESSONS, on_step=lambda *_: None)
    assert "kutip[tune]" in caught.value.hint

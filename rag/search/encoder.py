"""A BERT in NumPy, for a text at a time: no torch, so a cold start is 0.2 s, not 7.

Reads a sentence-transformers folder whose modules are a BERT, mean pooling and perhaps
normalisation. Runs one text at a time, so nothing is padded and nothing masked. Knows no
prefixes, checks no hashes, never touches the network. `open_light` gives None for a folder of
any other shape: sentence-transformers runs those models.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

from rag.search.adapter import Adapter, mapped

Array = NDArray[np.float32]
Activation = Callable[[Array], Array]

# What a sentence_bert_config.json may say without changing the vector of a text.
_HARMLESS = {"max_seq_length", "do_lower_case", "modality_config", "unpad_inputs"}

_SIZES = ("num_hidden_layers", "num_attention_heads", "max_position_embeddings")
_LAYER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)

_DENSE = tuple(part for part in _LAYER if not part.endswith("LayerNorm"))
# Rows are filled up to a multiple of this: OpenBLAS multiplies 16 of them in less time than 15.
_ROWS = 8

# erf(x) ~ x P(x^2) / Q(x^2) on [-4, 4] in float32, the approximation that Eigen and XLA use,
# highest power first.
_ERF_P = (
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02,
)
_ERF_Q = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)
# The limit of threads is the process's, so one text of one encoder at a time sets it.
_ALONE = threading.Lock()
_KINDS = "embeddings.token_type_embeddings.weight"
_BLOCK = 16_384  # numbers in hand at once: `gelu` and its four buffers stay in the CPU's cache


def gelu(x: Array) -> Array:
    """`x * (1 + erf(x / sqrt(2))) / 2`, the exact form, written over `x` (C-contiguous).

    Within 1.3e-6 of the true value for |x| <= 6; relative to max(1, |x|), within 3e-7.
    """
    flat = x.reshape(-1)
    buffers = np.empty((4, min(_BLOCK, flat.size)), dtype=np.float32)
    for start in range(0, flat.size, _BLOCK):
        part = flat[start : start + _BLOCK]
        z, square, top, bottom = buffers[:, : part.size]
        np.multiply(part, np.float32(0.5**0.5), out=z)
        np.clip(z, -4.0, 4.0, out=z)
        np.multiply(z, z, out=square)
        _horner(_ERF_P, square, out=top)
        _horner(_ERF_Q, square, out=bottom)
        top *= z
        top /= bottom
        top += np.float32(1.0)
        top *= np.float32(0.5)
        part *= top
    return x


def gelu_by_tanh(x: Array) -> Array:
    """As `gelu`, within 5e-4 of the true value, in a third of its time.

    Hendrycks and Gimpel, 2016, arXiv:1606.08415.
    """
    flat = x.reshape(-1)
    buffer = np.empty(min(_BLOCK, flat.size), dtype=np.float32)
    root = (2 / np.pi) ** 0.5
    for start in range(0, flat.size, _BLOCK):
        part = flat[start : start + _BLOCK]
        inner = buffer[: part.size]
        np.multiply(part, part, out=inner)
        inner *= np.float32(0.044715 * root)
        inner += np.float32(root)
        inner *= part
        np.tanh(inner, out=inner)
        inner += np.float32(1.0)
        inner *= np.float32(0.5)
        part *= inner
    return x


def _horner(coefficients: tuple[float, ...], x: Array, *, out: Array) -> None:
    out.fill(coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += np.float32(coefficient)


class LightEncoder:
    """A BERT with mean pooling; made by `open_light`."""

    def __init__(
        self,
        weights: dict[str, Array],
        config: dict[str, Any],
        tokenizer: Tokenizer,
        adapter: Adapter | None = None,
        activation: Activation = gelu,
    ) -> None:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self._weights = weights
        # Put into the weights at once: it takes some tens of milliseconds, and saves a third of
        # the time of every text. Of the words' table a text needs a few rows only.
        parts = {} if adapter is None else adapter.parts
        for name, (b, a) in parts.items():
            if name in weights and name.startswith("encoder."):
                weights[name] = weights[name] + b @ a
        # As they are multiplied, (in, out), which is a tenth faster than the other way round.
        for number in range(int(config["num_hidden_layers"])):
            for part in _DENSE:
                name = f"encoder.layer.{number}.{part}.weight"
                weights[name] = np.ascontiguousarray(weights[name].T)
        self._adapter = Adapter({n: p for n, p in parts.items() if not n.startswith("encoder.")})
        self._tokenizer = tokenizer
        self._activation = activation
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = np.float32(config.get("layer_norm_eps", 1e-12))
        # A question is too little work to share out: with OpenBLAS's default of one thread per
        # core it took up to 0.9 CPU seconds of spinning on a busy machine, with one 0.012.
        self._blas = ThreadpoolController()

    @property
    def layer_weights(self) -> int:
        """How many weights every word piece meets: the work of one piece, in multiplications."""
        return sum(w.size for name, w in self._weights.items() if name.startswith("encoder."))

    @property
    def ends(self) -> tuple[int, int]:
        """The pieces that open a text and that end it, or part two of them."""
        opens, closes = self._tokenizer.encode("").ids
        return opens, closes

    def encode(self, text: str) -> Array:
        """The unit vector of `text`, shape (dim,), cut at the model's longest input."""
        pieces = self._tokenizer.encode(text).ids
        states = self.states(pieces, [0] * len(pieces), threads=1)
        mean: Array = states.mean(axis=0)
        mean /= np.linalg.norm(mean)
        return mean

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The word pieces of `text` alone, cut at the model's longest input, and their places."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return found.ids, found.offsets

    def states(self, pieces: Sequence[int], kinds: Sequence[int], *, threads: int) -> Array:
        """What the last layer makes of the pieces of a text, shape (pieces, dim).

        Of what kind a piece is the model was taught; BERT: 0 in the first of two texts that are
        read as one, and 1 in the second.
        """
        with _ALONE, self._blas.limit(limits=threads, user_api="blas"):
            return self._forward(pieces, kinds)

    def _forward(self, pieces: Sequence[int], kinds: Sequence[int]) -> Array:
        positions, of_kind = (
            self._weights[f"embeddings.{kind}_embeddings.weight"]
            for kind in ("position", "token_type")
        )
        words = self._rows(pieces, "embeddings.word_embeddings")
        count = len(pieces)
        x = np.zeros((-(-count // _ROWS) * _ROWS, words.shape[1]), dtype=np.float32)
        x[:count] = words + positions[:count] + of_kind[list(kinds)]
        x = self._norm(x, "embeddings.LayerNorm")
        for number in range(self._layers):
            layer = f"encoder.layer.{number}."
            attended = self._dense(self._attend(x, count, layer), layer + "attention.output.dense")
            x = self._norm(attended + x, layer + "attention.output.LayerNorm")
            inner = self._activation(self._dense(x, layer + "intermediate.dense"))
            x = self._norm(
                self._dense(inner, layer + "output.dense") + x, layer + "output.LayerNorm"
            )
        return x[:count]

    def _attend(self, x: Array, count: int, layer: str) -> Array:
        """What every row takes from the pieces: softmax(q k^T / sqrt(size)) v, head by head.

        The pieces are the first `count` rows; nothing is taken from the rows that fill up.
        """
        rows, width = x.shape
        query, key, value = (
            self._dense(x, f"{layer}attention.self.{part}")
            .reshape(rows, self._heads, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key[:, :count].transpose(0, 2, 1)
        scores *= np.float32((width // self._heads) ** -0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value[:, :count]).transpose(1, 0, 2).reshape(rows, width)
        return np.asarray(mixed, dtype=np.float32)

    def _rows(self, numbers: Sequence[int], name: str) -> Array:
        at = list(numbers)
        rows: Array = self._weights[name + ".weight"][at]
        change = self._adapter.parts.get(name + ".weight")
        return rows if change is None else rows + change[0][at] @ change[1]

    def _dense(self, x: Array, name: str) -> Array:
        y: Array = x @ self._weights[name + ".weight"]
        y += self._weights[name + ".bias"]
        return y

    def _norm(self, x: Array, name: str) -> Array:
        x -= x.mean(axis=-1, keepdims=True)
        variance: Array = np.square(x).mean(axis=-1, keepdims=True)
        x /= np.sqrt(variance + self._epsilon)
        x *= self._weights[name + ".weight"]
        x += self._weights[name + ".bias"]
        return x


def open_light(
    folder: Path,
    adapter: Adapter | None = None,
    *,
    added: Mapping[str, Array] | None = None,
    kinds: Array | None = None,
    activation: Activation = gelu,
) -> LightEncoder | None:
    """The light encoder of a sentence-transformers folder, or None if it cannot run that model.

    `added` is what some of its weights are more than those in the folder, by name; `kinds` has a
    row for each kind of pieces, in place of BERT's two. `activation` is written over what it is
    given.

    It runs a BERT with exact gelu and absolute positions, with mean pooling, float32 or float16
    weights in one model.safetensors, and a tokenizer.json. Raises OSError when a file that is
    there cannot be read and ValueError when one is not what its name says.
    """
    modules = read_json(folder / "modules.json", list)
    names = [str(m.get("type", "")).rsplit(".", 1)[-1] for m in modules]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    bert = folder / str(modules[0].get("path", ""))
    config = read_json(bert / "config.json")
    options = read_json(bert / "sentence_bert_config.json")
    tokens = read_json(bert / "tokenizer_config.json")
    if not (
        _is_plain_bert(config)
        and _is_mean(read_json(folder / str(modules[1].get("path", "")) / "config.json"))
        and _is_plain_text(options)
        and (bert / "tokenizer.json").is_file()
        and (bert / "model.safetensors").is_file()
    ):
        return None
    weights = _weights(bert / "model.safetensors", layers=int(config["num_hidden_layers"]))
    lower = bool(options.get("do_lower_case"))
    tokenizer = _tokenizer(bert / "tokenizer.json", tokens, lower=lower)
    if weights is None or tokenizer is None:
        return None
    longest = options.get("max_seq_length") or tokens.get("model_max_length")
    limit = int(config["max_position_embeddings"])
    tokenizer.enable_truncation(max_length=min(int(longest or limit), limit))
    for name, change in (added or {}).items():
        if name not in weights or weights[name].shape != change.shape:
            raise ValueError(f"{folder} has no weight {name} of the shape {change.shape}")
        weights[name] = weights[name] + change
    if kinds is not None:
        if kinds.ndim != 2 or kinds.shape[1] != weights[_KINDS].shape[1]:
            raise ValueError(f"{folder} has no kinds of pieces of the shape {kinds.shape}")
        weights[_KINDS] = kinds
    return LightEncoder(weights, config, tokenizer, adapter, activation)


def _is_plain_bert(config: dict[str, Any]) -> bool:
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and not config.get("add_cross_attention")
        and all(isinstance(config.get(size), int) for size in _SIZES)
    )


def _is_mean(pooling: dict[str, Any]) -> bool:
    """Whether a pooling module takes the mean of all pieces; old and new way of saying it."""
    modes = [k for k, on in pooling.items() if k.startswith("pooling_mode_") and on]
    mode = pooling.get("pooling_mode", "mean" if modes == ["pooling_mode_mean_tokens"] else None)
    return mode in ("mean", ["mean"]) and pooling.get("include_prompt", True) is True


def _is_plain_text(options: dict[str, Any]) -> bool:
    extra = {k: v for k, v in options.items() if k not in _HARMLESS and v not in (None, {}, [])}
    return (
        extra.pop("transformer_task", "feature-extraction") == "feature-extraction"
        and extra.pop("module_output_name", "token_embeddings") == "token_embeddings"
        and not extra
    )


def _tokenizer(path: Path, config: dict[str, Any], *, lower: bool) -> Tokenizer | None:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import BertNormalizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more exact
        raise ValueError(f"{path}: {error}") from error
    tokenizer.no_padding()
    if str(config.get("tokenizer_class", "")).startswith("BertTokenizer"):
        # transformers takes these from tokenizer_config.json, whatever tokenizer.json says.
        lower_case = bool(config.get("do_lower_case", True))
        tokenizer.normalizer = BertNormalizer(
            clean_text=True,
            handle_chinese_chars=bool(config.get("tokenize_chinese_chars", True)),
            strip_accents=config.get("strip_accents"),
            lowercase=lower_case,
        )
        return tokenizer if lower_case or not lower else None
    return None if lower else tokenizer


def _weights(path: Path, *, layers: int) -> dict[str, Array] | None:
    """The weights by name, mapped from the file, not read; None if some are missing.

    Mapping costs no copy of the 47 MB of word embeddings of which a question touches ten rows.
    """
    # A BERT saved with a head has its own weights under "bert.".
    weights = {name.removeprefix("bert."): w for name, w in mapped(path).items()}
    needed = [f"embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type")]
    pairs = ["embeddings.LayerNorm"]
    pairs += [f"encoder.layer.{number}.{part}" for number in range(layers) for part in _LAYER]
    needed += [f"{pair}.{kind}" for pair in pairs for kind in ("weight", "bias")]
    return weights if weights.keys() >= set(needed) else None


def read_json(path: Path, kind: type[Any] = dict) -> Any:
    """The JSON in `path`, or an empty `kind` when there is no such file or it holds another."""
    if not path.is_file():
        return kind()
    value = json.loads(path.read_text(encoding="utf-8"))
    return value if isinstance(value, kind) else kind()

"""Texts as unit vectors, by one model with two encoders: a light one and sentence-transformers.

Does: load a model when it is first needed, choose the encoder and the precision that pay. Does
not: find the model or prove its weights (`weights.py`), touch the network, run code that comes
with a model, read a pickle.
"""

from __future__ import annotations

import copy
import logging
import os
import platform
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import BadSetting, ModelError
from rag.search.adapter import Adapter, read_adapter
from rag.search.encoder import LightEncoder, open_light
from rag.search.weights import EmbedderInfo, FoundModel, Notes, find_model, unreadable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["PRECISIONS", "Embedder", "EmbedderInfo", "open_embedder"]

logger = logging.getLogger(__name__)

Array = NDArray[np.float32]

PRECISIONS = ("auto", "fp32", "bf16")

_BATCH = 16  # 8 to 64 are equally fast on a CPU; fewer waste less padding on mixed lengths
# Up to this work, in characters times layer weights, the light encoder is done before torch has
# started. With MiniLM (10.6 M weights), 2 cores and Indonesian paragraphs of 613 characters,
# torch takes 9 s to import and load, then does 19 a second (34 to 60 where the CPU has AVX-512);
# the light encoder does 10 to 12 from the start. They are even at 100 to 230 paragraphs; this is
# 91, on the side of the fewer processor seconds.
_LIGHT_WORK = 56_000 * 10_646_784
_AGREEMENT = 1e-4  # the most by which the two encoders may differ, on any component
_LEAST_COSINE = 0.999  # of a bf16 vector to the fp32 one
_LEAST_GAIN = 1.1  # bf16 must be this much faster, or the noise of measuring would choose
_PROBES = (
    "",
    ' Presiden menaikkan harga beras 12,5 persen; "belum cukup", kata petani.\n\nSiapa?',
    "The MINISTER said café prices rose — twice — in Q3 2024 [MASK] [SEP] ...",
    "日本銀行は金利を引き上げた。 🙂 Ελλάδα, Россия, العربية",
    " ".join(f"berita {number}" for number in range(400)),
)


class Embedder(Protocol):
    """What turns questions and passages into vectors that can be compared."""

    @property
    def info(self) -> EmbedderInfo:
        """The model behind the vectors."""

    def embed_query(self, text: str) -> Array:
        """The vector of a question: shape (dimension,), unit length."""

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Array:
        """The vectors of passages, in their order: shape (n, dimension), rows of unit length.

        `on_progress` gets the number of passages done so far, after each batch.
        """


def open_embedder(
    name: str,
    *,
    precision: str = "auto",
    threads: int = 0,
    cache_dir: Path | None = None,
    taught: Path | None = None,
) -> Embedder:
    """The embedder of a model on this machine; its weights are loaded when first needed.

    `name` is "bundled", a folder, or the name of a hub model in the local Hugging Face cache.
    `precision` is "fp32", "bf16" or "auto", which measures once whether bf16 pays; `threads` are
    torch's, 0 for one per core. In `cache_dir` is remembered what was proved and measured.
    `taught` is what the bundled model learnt from the user, in place of what it brings.
    Raises `ModelError` when no such model is here, or not as safetensors; embedding raises it
    when the model cannot be loaded, is not what it claims to be, or gives no usable vector.
    """
    if precision not in PRECISIONS:
        raise BadSetting(
            f"precision is {precision!r}", hint=f"It must be one of {', '.join(PRECISIONS)}."
        )
    notes = Notes(cache_dir)
    return _LocalEmbedder(find_model(name, notes, taught=taught), precision, threads, notes)


class _LocalEmbedder:
    """A model in a folder. Safe to share between threads."""

    def __init__(self, found: FoundModel, precision: str, threads: int, notes: Notes) -> None:
        self._found = found
        self._info = found.info
        self._precision = precision
        self._threads = threads
        self._notes = notes
        # One lock for loading and for torch's path: a tokenizer of transformers that is used
        # from two threads at once raises "Already borrowed".
        self._lock = threading.RLock()
        self._proved = False
        self._light: LightEncoder | None = None
        self._light_tried = False
        self._light_work = 0  # done on passages so far, in characters times layer weights
        self._model: SentenceTransformer | None = None

    @property
    def info(self) -> EmbedderInfo:
        return self._info

    def embed_query(self, text: str) -> Array:
        light = self._light_encoder()
        prefix = self._info.query_prefix
        rows = self._by_light(light, [text], prefix) if light else self._by_torch([text], prefix)
        vector: Array = rows[0]
        return vector

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Array:
        vectors = np.empty((len(texts), self._info.dimension), dtype=np.float32)
        prefix = self._info.passage_prefix
        light = self._light_for(texts)
        # Texts of like length together, or the short ones are padded to the longest.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            batch = [texts[i] for i in chosen]
            vectors[chosen] = (
                self._by_light(light, batch, prefix) if light else self._by_torch(batch, prefix)
            )
            if on_progress is not None:
                on_progress(start + len(chosen))
        return vectors

    def _by_light(self, light: LightEncoder, texts: Sequence[str], prefix: str) -> Array:
        return self._unit(np.stack([light.encode(prefix + _plain(t)) for t in texts]), texts)

    def _by_torch(self, texts: Sequence[str], prefix: str) -> Array:
        with self._lock:
            if self._model is None:
                self._prove()
                model = load_model(self._found.folder, self._threads)
                _teach(model, self._adapter())
                self._model = self._at_precision(model)
            return self._unit(_encode(self._model, texts, prefix), texts)

    def _unit(self, rows: Array, texts: Sequence[str]) -> Array:
        """`rows` at length one; raises `ModelError` where a row is of no use."""
        if rows.shape != (len(texts), self._info.dimension):
            raise ModelError(
                f"{self._info.name} gives vectors of {rows.shape[-1]} numbers, "
                f"its configuration says {self._info.dimension}",
                hint="The model's folder is damaged; fetch it again.",
            )
        lengths = np.linalg.norm(rows, axis=1)
        unusable = np.flatnonzero(~(np.isfinite(lengths) & (lengths > 0)))
        if unusable.size:
            start = " ".join(texts[int(unusable[0])].split()[:8])[:80]
            raise ModelError(
                f"{self._info.name} gives no usable vector for the text that begins {start!r}",
                hint="Leave that text out, or use another embedding model.",
            )
        unit: Array = rows / lengths[:, np.newaxis]
        return unit

    def _prove(self) -> None:
        if not self._proved:
            self._found.prove(self._notes)
            self._proved = True

    def _adapter(self) -> Adapter | None:
        path = self._found.adapter
        try:
            return None if path is None else read_adapter(path)
        except (OSError, ValueError) as error:
            raise unreadable(path or self._found.folder, error) from error

    def _light_for(self, texts: Sequence[str]) -> LightEncoder | None:
        """The light encoder, while it is done before torch would have started.

        What it did before counts: many small calls shall not add up to hours of the slower way.
        """
        if self._model is not None or not texts:
            return None
        light = self._light_encoder()
        if light is None:
            return None
        # What is cut off costs nothing; a piece seldom has more than 8 letters.
        longest = 8 * self._info.max_pieces
        work = light.layer_weights * sum(min(len(text), longest) for text in texts)
        if self._light_work + work > _LIGHT_WORK:
            return None
        self._light_work += work
        return light

    def _light_encoder(self) -> LightEncoder | None:
        if self._light_tried:  # without the lock: a question does not wait for a batch of torch's
            return self._light
        with self._lock:
            if not self._light_tried:
                self._prove()
                try:
                    light = open_light(self._found.folder, self._adapter())
                except (OSError, ValueError) as error:
                    raise unreadable(self._found.folder, error) from error
                # The test suite holds the encoders equal for the bundled model only.
                proved = light is not None and (
                    self._found.sha256 is not None or self._agrees(light)
                )
                self._light = light if proved else None
                self._light_tried = True
            return self._light

    def _agrees(self, light: LightEncoder) -> bool:
        """Whether the light encoder gives this model's vectors; found out once, then noted."""
        from importlib.metadata import version

        libraries = ("sentence-transformers", "transformers", "tokenizers")
        key = " ".join([self._info.fingerprint, *(f"{x} {version(x)}" for x in libraries)])
        noted = self._notes.get("light", key)
        if not isinstance(noted, bool):
            rows = _encode(
                load_model(self._found.folder, self._threads), _PROBES, self._info.query_prefix
            )
            slow = self._unit(rows, _PROBES)
            fast = self._by_light(light, _PROBES, self._info.query_prefix)
            noted = bool(np.abs(slow - fast).max() <= _AGREEMENT)
            self._notes.put("light", key, noted)
            if not noted:
                logger.info("%s: the light encoder differs, so it is not used", self._info.name)
        return noted

    def _at_precision(self, model: SentenceTransformer) -> SentenceTransformer:
        """`model`, which is fp32, or its bf16 twin where that is asked for or known to pay."""
        import torch

        if self._precision == "auto" and model.device.type in ("cpu", "cuda"):
            device, flags = model.device.type, _bf16_flags()
            cpu = (platform.machine(), torch.backends.cpu.get_cpu_capability(), *(flags or ()))
            parts = (self._info.fingerprint, f"torch {torch.__version__}", device, *cpu)
            key = f"{' '.join(parts)} threads={torch.get_num_threads()}"
            noted = self._notes.get("precision", key)
            if not (isinstance(noted, dict) and noted.get("choice") in PRECISIONS):
                emulated = device == "cpu" and flags == ()
                noted = {"choice": "fp32", "cpu": "no bf16"} if emulated else _measure(model)
                self._notes.put("precision", key, noted)
                logger.info("%s: %s", self._info.name, noted)
            return model.bfloat16() if noted["choice"] == "bf16" else model
        return model.bfloat16() if self._precision == "bf16" else model


def _measure(model: SentenceTransformer) -> dict[str, Any]:
    """Whether bf16 is faster than fp32 here and near enough, with the figures behind it."""
    sentence = "Presiden mengatakan harga beras di pasar tradisional Jakarta naik {} persen. "
    batches = [[sentence.format(n + 100 * b) * 4 for n in range(16)] for b in range(2)]
    half = copy.deepcopy(model).bfloat16()
    seconds: dict[str, list[float]] = {"fp32": [], "bf16": []}
    cosine = 1.0
    for batch in (batches[0][:1], batches[0][:2], *batches):
        rows = {}
        for choice, twin in (("fp32", model), ("bf16", half)):
            started = time.perf_counter()
            raw = _encode(twin, batch, "")
            seconds[choice].append(time.perf_counter() - started)
            rows[choice] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        cosine = min(cosine, float((rows["fp32"] * rows["bf16"]).sum(axis=1).min()))
        if len(batch) == 1:  # warms up, tells nothing
            seconds = {"fp32": [], "bf16": []}
        elif seconds["bf16"][-1] > 2 * seconds["fp32"][-1]:
            break  # no contest: where bf16 is emulated, the rest would take 15 s
    taken = {choice: median(times[-2:]) for choice, times in seconds.items()}
    pays = cosine >= _LEAST_COSINE and taken["fp32"] >= _LEAST_GAIN * taken["bf16"]
    figures = {f"{choice}_seconds": round(s, 4) for choice, s in taken.items()}
    return {"choice": "bf16" if pays else "fp32", "cosine": round(cosine, 6), **figures}


def _bf16_flags() -> tuple[str, ...] | None:
    """The CPU's instructions for bf16; None where the system does not tell.

    Without any it is emulated: 3 to 5 times slower than fp32 on an AVX2 machine, where with
    avx512_bf16 it is 1.9 times faster.
    """
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:  # not Linux
        return None
    return tuple(sorted({"avx512_bf16", "amx_bf16", "bf16"}.intersection(words)))


def load_model(folder: Path, threads: int) -> SentenceTransformer:
    """The model in `folder` in fp32; `ModelError` if it cannot be loaded."""
    # Read when the libraries are first imported: nothing may be asked of the hub, and a
    # tokenizer's own threads warn about every later fork.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads or cores())
    try:
        with quiet():
            model = SentenceTransformer(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
            return model.float()
    except Exception as error:
        raise unreadable(folder, error) from error


def _teach(model: SentenceTransformer, adapter: Adapter | None) -> None:
    """Change the weights of a model that has the BERT that the adapter was made for."""
    import torch

    if adapter is None:
        return
    weights = dict(model.named_parameters())  # their names begin with those of outer modules
    with torch.no_grad():
        for name, (b, a) in adapter.parts.items():
            (weight,) = (w for known, w in weights.items() if known.endswith(f".{name}"))
            weight.add_(torch.from_numpy(b @ a))


def _encode(model: SentenceTransformer, texts: Sequence[str], prefix: str) -> Array:
    # An empty prompt is said aloud: without one the model's own default would be put in front.
    rows = model.encode(
        [_plain(text) for text in texts],
        prompt=prefix,
        batch_size=_BATCH,
        show_progress_bar=False,
    )
    return np.asarray(rows, dtype=np.float32)


@contextmanager
def quiet() -> Iterator[None]:
    """Run without the progress bars, load reports and advice that loading prints unasked."""
    from transformers.utils import logging as hf

    theirs = logging.getLogger("sentence_transformers")
    their_level = theirs.level
    theirs.setLevel(logging.ERROR)
    level, bars = hf.get_verbosity(), hf.is_progress_bar_enabled()
    hf.set_verbosity(logging.ERROR)
    hf.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        theirs.setLevel(their_level)
        hf.set_verbosity(level)
        if bars:
            hf.enable_progress_bar()  # type: ignore[no-untyped-call]


def cores() -> int:
    """How many cores the process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _plain(text: str) -> str:
    """`text` with lone surrogates as "?": a tokenizer takes UTF-8 only."""
    return text.encode("utf-8", "replace").decode("utf-8")

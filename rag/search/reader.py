"""A reader: how likely a sentence is to answer a question, told by reading both together.

The bundled encoder, taught besides to read a question, what stands before a sentence, and the
sentence as one text (a cross-encoder). An encoder puts each text in its place alone, and cannot
see that "lost" in one is what "in the red" is in the other. `python -m eval.reader` teaches it;
what that is worth: docs/reader.md. Knows nothing of how the sentences were found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.search.adapter import BYTES, FLOATS, Adapter, mapped, read_adapter, write_numbers
from rag.search.embed import cores
from rag.search.encoder import LightEncoder, gelu_by_tanh, open_light
from rag.search.weights import ADAPTER, BUNDLED, Notes, find_model

Array = NDArray[np.float32]

READER = Path(__file__).with_name("reader.safetensors")
READER_SHA256 = "6a0c1540b4de09d1d1bc6d7cf059af6707e7dfa799bcd7545c9ba7673e10c162"

# Word pieces of the question, of what stands before the sentence, of the sentence itself.
ASKED, BEFORE, TOLD = 40, 24, 100
BEFORE_CHARACTERS = 200  # twice what 24 pieces of most texts hold
_THREADS = 2  # that read: as many as most machines have cores to spare
# Sentences whose odds are kept: a question may be judged again, in another form, with its own.
_REMEMBERED = 64
_HEAD, _SCALE = "head.", ".scale"


def laid_out(
    question: Sequence[int], before: Sequence[int], told: Sequence[int], *, opens: int, parts: int
) -> tuple[list[int], list[int]]:
    """The word pieces that are read and the text that each belongs to, 0 or 1.

    `opens` and `parts` are the pieces that open a text and part two of them.
    """
    asked = [opens, *question[:ASKED], parts]
    # What stands right before the sentence tells more of it than what stands further up.
    answered = [*before[max(0, len(before) - BEFORE) :], parts, *told[:TOLD], parts]
    return asked + answered, [0] * len(asked) + [1] * len(answered)


class Reader:
    """Reads sentences; safe to share between threads."""

    def __init__(self, load: Callable[[], Reading]) -> None:
        """The weights are loaded when the first sentence is read."""
        self._load = load
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._odds = lru_cache(_REMEMBERED)(self._read)

    def read(self, question: str, before: str, told: str) -> float:
        """The log-odds that a sentence, `told` after what stands `before` it, answers; raw.

        Raises `ModelError` where the weights are missing, or not what they must be.
        """
        return self._odds(question, before, told)

    def _read(self, question: str, before: str, told: str) -> float:
        with self._lock:
            if self._reading is None:
                self._reading = self._load()
        return self._reading.odds(question, before, told)


class Reading:
    """The encoder that reads, and what tells from its states whether a sentence answers."""

    def __init__(self, encoder: LightEncoder, head: Mapping[str, Array]) -> None:
        """`head` has "weight", shape (1, 2 dim), and "bias", shape (1,)."""
        self._encoder = encoder
        self._weight, self._bias = head["weight"].reshape(-1), float(head["bias"].reshape(-1)[0])
        self._threads = min(_THREADS, cores())

    def odds(self, question: str, before: str, told: str) -> float:
        """As `Reader.read`."""
        opens, parts = self._encoder.ends
        pieces, types = laid_out(
            self._encoder.pieces(question),
            self._encoder.pieces(before[-BEFORE_CHARACTERS:]),
            self._encoder.pieces(told),
            opens=opens,
            parts=parts,
        )
        states = self._encoder.states(pieces, types, threads=self._threads)
        read = np.concatenate([states[0], states.mean(axis=0)])
        return float(read @ self._weight + self._bias)


def open_reader(path: Path = READER, *, cache_dir: Path | None = None) -> Reader:
    """The reader that Kutip brings, or one in a file of the same form.

    What is proved of the files is remembered in `cache_dir`.
    """

    def load() -> Reading:
        found = prove_reader(path, cache_dir=cache_dir)
        try:
            return _reading(found, read_adapter(ADAPTER), read_learnt(path))
        except (OSError, ValueError) as error:
            raise _broken(path, error) from error

    return Reader(load)


def prove_reader(path: Path = READER, *, cache_dir: Path | None = None) -> Path:
    """The encoder's folder, if that and the reader in this file are what they must be.

    Raises `ModelError`.
    """
    notes = Notes(cache_dir)
    found = find_model(BUNDLED, notes)
    found.prove(notes)
    if not path.is_file():
        raise _broken(path, FileNotFoundError("there is no such file"))
    replace(found, adapter=path, adapter_sha256=READER_SHA256 if path == READER else None).prove(
        notes
    )
    return found.folder


def _broken(path: Path, error: Exception) -> ModelError:
    return ModelError(
        f"what reads sentences cannot be loaded from {path}: {error}", hint="Install Kutip again."
    )


def reader_in(folder: Path, start: Adapter, learnt: Learnt) -> Reader:
    """The encoder in a folder with the changes of `start`, as a reader that has learnt this.

    Raises OSError where a file cannot be read, ValueError where one is not what it must be.
    """
    reading = _reading(folder, start, learnt)
    return Reader(lambda: reading)


def _reading(folder: Path, start: Adapter, learnt: Learnt) -> Reading:
    # What reads is right to a hundredth of its log-odds; the exact form takes a tenth more time.
    encoder = open_light(folder, start, added=learnt.added, activation=gelu_by_tanh)
    if encoder is None:
        raise ValueError(f"{folder} holds no BERT with mean pooling")
    return Reading(encoder, learnt.head)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What a reader has learnt besides the encoder and its adapter."""

    added: Mapping[str, Array]  # by name of a weight, what it is more than the encoder's
    head: Mapping[str, Array]  # "weight" of shape (1, 2 dim), "bias" of shape (1,)


def write_learnt(path: Path, learnt: Learnt) -> None:
    """Write it, a matrix in a byte a number, whole or not at all; raises OSError.

    Of a matrix each row is told in 127ths of its largest number, which are kept beside it.
    """
    arrays: dict[str, NDArray[np.float32] | NDArray[np.int8]] = {}
    for name, weight in learnt.head.items():
        arrays[_HEAD + name] = weight
    for name, change in learnt.added.items():
        if change.ndim < 2:
            arrays[name] = change
            continue
        scale = np.abs(change).max(axis=1, keepdims=True) / 127
        arrays[name + _SCALE] = scale
        arrays[name] = np.rint(change / np.where(scale > 0, scale, 1)).astype(np.int8)
    write_numbers(path, arrays)


def read_learnt(path: Path) -> Learnt:
    """What is written in a file. Raises OSError and, where that is no reader's, ValueError."""
    arrays = mapped(path, {**FLOATS, **BYTES})
    head = {n.removeprefix(_HEAD): w for n, w in arrays.items() if n.startswith(_HEAD)}
    if head.keys() != {"weight", "bias"}:
        raise ValueError("it holds no reader")
    return Learnt(
        added={
            name: change * arrays[name + _SCALE] if name + _SCALE in arrays else change
            for name, change in arrays.items()
            if not name.startswith(_HEAD) and not name.endswith(_SCALE)
        },
        head=head,
    )

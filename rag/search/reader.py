"""A reader: how likely a sentence is to answer a question, told by reading both together.

The bundled encoder, taught besides to read a question, what stands before a sentence, and the
sentence as one text (a cross-encoder), with what is marked on their words. An encoder puts each
text in its place alone, and cannot see that "lost" in one is what "in the red" is in the other.
`python -m eval.reader` teaches it; what that is worth: docs/reader.md. Knows nothing of how the
sentences were found, nor what a mark means.
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
from rag.schema import Mark, MarkedText
from rag.search.adapter import BYTES, FLOATS, Adapter, mapped, read_adapter, write_numbers
from rag.search.embed import cores
from rag.search.encoder import LightEncoder, gelu_by_tanh, open_light
from rag.search.weights import ADAPTER, BUNDLED, Notes, find_model

Array = NDArray[np.float32]

READER = Path(__file__).with_name("reader.safetensors")
READER_SHA256 = "19bc08e49f7f7dc5278426b8cb6593e739995fe832fd94b640aaa4d7f9035035"

# Word pieces of the question, of what stands before the sentence, of the sentence itself.
ASKED, BEFORE, TOLD = 40, 24, 100
BEFORE_CHARACTERS = 200  # twice what 24 pieces of most texts hold
# How many kinds of words each of the three has, those without a mark among them.
KINDS = (11, 3, 7)
_THREADS = 2  # that read: as many as most machines have cores to spare
# Sentences whose odds are kept: a question may be judged again, in another form, with its own.
_REMEMBERED = 64
_HEAD, _KINDS, _SCALE = "head.", "kinds", ".scale"


Piece = tuple[int, int]  # a word piece, and the kind of the words it is of


def kinds_of(places: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> list[int]:
    """What kind each of these stretches of a text is: that of the first mark that touches it."""
    found = [0] * len(places)
    for mark in reversed(marks):
        for number, (start, end) in enumerate(places):
            if start < mark.end and mark.start < end:
                found[number] = mark.kind
    return found


def laid_out(
    question: Sequence[Piece], before: Sequence[Piece], told: Sequence[Piece], ends: Piece
) -> tuple[list[int], list[int]]:
    """The word pieces that are read, and of what kind each is among those of all three texts.

    `ends` are the pieces that open a text and part two of them.
    """
    opens, parts = ends
    at_before, at_told = KINDS[0], KINDS[0] + KINDS[1]
    # What stands right before the sentence tells more of it than what stands further up.
    last = before[max(0, len(before) - BEFORE) :]
    read = [
        (opens, 0),
        *question[:ASKED],
        (parts, 0),
        *((piece, at_before + kind) for piece, kind in last),
        (parts, at_before),
        *((piece, at_told + kind) for piece, kind in told[:TOLD]),
        (parts, at_told),
    ]
    return [piece for piece, _ in read], [kind for _, kind in read]


class Reader:
    """Reads sentences; safe to share between threads."""

    def __init__(self, load: Callable[[], Reading]) -> None:
        """The weights are loaded when the first sentence is read."""
        self._load = load
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._odds = lru_cache(_REMEMBERED)(self._read)

    def read(self, question: MarkedText, before: MarkedText, told: MarkedText) -> float:
        """The log-odds that a sentence, `told` after what stands `before` it, answers; raw.

        Raises `ModelError` where the weights are missing, or not what they must be.
        """
        return self._odds(question, before, told)

    def _read(self, question: MarkedText, before: MarkedText, told: MarkedText) -> float:
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

    def odds(self, question: MarkedText, before: MarkedText, told: MarkedText) -> float:
        """As `Reader.read`."""
        pieces, kinds = laid_out(
            self._pieces(question),
            self._pieces(end_of(before)),
            self._pieces(told),
            self._encoder.ends,
        )
        states = self._encoder.states(pieces, kinds, threads=self._threads)
        read = np.concatenate([states[0], states.mean(axis=0)])
        return float(read @ self._weight + self._bias)

    def _pieces(self, text: MarkedText) -> list[Piece]:
        pieces, places = self._encoder.pieces(text.text)
        return list(zip(pieces, kinds_of(places, text.marks), strict=True))


def end_of(before: MarkedText) -> MarkedText:
    """As much of what stands before a sentence as is looked at."""
    cut = max(0, len(before.text) - BEFORE_CHARACTERS)
    if not cut:
        return before
    marks = (Mark(max(0, m.start - cut), m.end - cut, m.kind) for m in before.marks if m.end > cut)
    return MarkedText(before.text[cut:], tuple(marks))


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
    if len(learnt.kinds) != sum(KINDS):
        raise ValueError(f"it knows {len(learnt.kinds)} kinds of words, not {sum(KINDS)}")
    # What reads is right to a hundredth of its log-odds; the exact form takes a tenth more time.
    encoder = open_light(
        folder, start, added=learnt.added, kinds=learnt.kinds, activation=gelu_by_tanh
    )
    if encoder is None:
        raise ValueError(f"{folder} holds no BERT with mean pooling")
    return Reading(encoder, learnt.head)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What a reader has learnt besides the encoder and its adapter."""

    added: Mapping[str, Array]  # by name of a weight, what it is more than the encoder's
    kinds: Array  # of each kind of words a row, shape (sum(KINDS), dim)
    head: Mapping[str, Array]  # "weight" of shape (1, 2 dim), "bias" of shape (1,)


def write_learnt(path: Path, learnt: Learnt) -> None:
    """Write it, a matrix in a byte a number, whole or not at all; raises OSError.

    Of a matrix each row is told in 127ths of its largest number, which are kept beside it.
    """
    arrays: dict[str, NDArray[np.float32] | NDArray[np.int8]] = {_KINDS: learnt.kinds}
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
    if head.keys() != {"weight", "bias"} or _KINDS not in arrays:
        raise ValueError("it holds no reader")
    return Learnt(
        added={
            name: change * arrays[name + _SCALE] if name + _SCALE in arrays else change
            for name, change in arrays.items()
            if not name.startswith((_HEAD, _KINDS)) and not name.endswith(_SCALE)
        },
        kinds=arrays[_KINDS],
        head=head,
    )

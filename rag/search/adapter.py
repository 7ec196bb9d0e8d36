"""What an encoder has learned besides its weights: for some of them a low-rank change, W + B A.

LoRA (Hu et al., 2021, arXiv:2106.09685), in a small safetensors file: for a weight NAME of shape
(out, in) there are NAME.b, shape (out, rank), and NAME.a, shape (rank, in). Knows nothing of how
a change was learned.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# What safetensors calls numbers, what NumPy does.
FLOATS: Mapping[str, str] = {"F32": "<f4", "F16": "<f2"}
BYTES: Mapping[str, str] = {"I8": "<i1"}


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """Low-rank changes by the name of the weight that they change."""

    parts: Mapping[str, tuple[Array, Array]]  # b: (out, rank), a: (rank, in)


def read_adapter(path: Path) -> Adapter:
    """The adapter in a file. Raises OSError and, where it is none, ValueError."""
    numbers = mapped(path)
    names = sorted({name.rpartition(".")[0] for name in numbers})
    parts: dict[str, tuple[Array, Array]] = {}
    for name in names:
        pair = numbers.get(f"{name}.b"), numbers.get(f"{name}.a")
        if pair[0] is None or pair[1] is None or pair[0].shape[1:] != pair[1].shape[:1]:
            raise ValueError(f"{path} is no adapter: {name} lacks a part, or they do not fit")
        parts[name] = (np.array(pair[0]), np.array(pair[1]))
    if not parts:
        raise ValueError(f"{path} is no adapter: it changes nothing")
    return Adapter(parts)


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write it in half precision, whole or not at all; raises OSError."""
    write_numbers(
        path,
        {
            f"{name}.{part}": array.astype("<f2")
            for name, pair in sorted(adapter.parts.items())
            for part, array in zip("ba", pair, strict=True)
        },
    )


def write_numbers(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a safetensors file of float32, float16 or int8, whole or not at all; raises OSError."""
    kinds = {np.dtype(numpys): kind for kind, numpys in {**FLOATS, **BYTES}.items()}
    header: dict[str, object] = {}
    numbers: list[bytes] = []
    at = 0
    for name, array in arrays.items():
        data = array.tobytes()
        header[name] = {
            "dtype": kinds[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [at, at + len(data)],
        }
        numbers.append(data)
        at += len(data)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as file:
            file.write(len(head).to_bytes(8, "little") + head)
            file.writelines(numbers)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def mapped(path: Path, kinds: Mapping[str, str] = FLOATS) -> dict[str, Array]:
    """The numbers of these kinds in a safetensors file by name, in float32.

    Those that are float32 are mapped, not read.

    The format: 8 bytes of header length (little-endian), a JSON header, the numbers.
    (https://huggingface.co/docs/safetensors) Raises OSError and ValueError.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length <= path.stat().st_size - 8:
            raise ValueError(f"{path} is not a safetensors file")
        header = json.loads(file.read(length))
    raw = np.asarray(np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length))
    found: dict[str, Array] = {}
    for name, entry in header.items():
        if entry.get("dtype") in kinds:
            start, end = entry["data_offsets"]
            numbers = raw[start:end].view(kinds[entry["dtype"]]).reshape(entry["shape"])
            found[name] = numbers.astype(np.float32, copy=False)
    return found

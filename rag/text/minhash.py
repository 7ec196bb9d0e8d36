"""How alike two texts are, and small keys that alike texts are likely to share.

Pure arithmetic on word shingles, the same bytes on every machine and under every version of
Python. Knows nothing of articles, of stores or of what is alike enough.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_AT_ONCE = 1024  # features hashed together: few enough to stay in a processor's cache
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # splitmix64's (Steele, Lea and Flood, 2014)
_STEP = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How texts of one kind are sketched; another recipe gives sketches that never meet.

    Two texts of Jaccard similarity j share at least one of their keys with the probability
    1 - (1 - j ** rows) ** bands.
    """

    shingle: int  # words in a row that count as one feature
    bands: int  # keys of a text
    rows: int  # minima that go into one key

    @property
    def minima(self) -> int:
        """How many minima a sketch has."""
        return self.bands * self.rows


def words(text: str) -> list[str]:
    """The words and numbers of `text`, casefolded, without what stands between them.

    >>> words("Rabu (21/8): 1.208 KORBAN, kata al-Sisi")
    ['rabu', '21', '8', '1.208', 'korban', 'kata', 'al', 'sisi']
    """
    return _WORD.findall(text.casefold())


def digest(found: Sequence[str]) -> bytes:
    """16 bytes that name a sequence of words: texts that differ in marks alone share them."""
    return hashlib.sha256(" ".join(found).encode("utf-8", "surrogatepass")).digest()[:16]


def numbers(found: Sequence[str]) -> frozenset[str]:
    """Those of the words that are numbers."""
    return frozenset(word for word in found if word[0].isdigit())


def shingles(found: Sequence[str], size: int) -> NDArray[np.uint64]:
    """Every run of `size` words as a number, each once, ascending; none in a shorter text."""
    if len(found) < size:
        return np.zeros(0, dtype=np.uint64)
    codes = np.array([zlib.crc32(w.encode("utf-8", "surrogatepass")) for w in found], np.uint64)
    runs = len(codes) - size + 1
    total = np.zeros(runs, dtype=np.uint64)
    for place in range(size):
        total = _mixed(total + codes[place : place + runs])
    return np.unique(total)


def minima(features: NDArray[np.uint64], recipe: Recipe) -> NDArray[np.uint32]:
    """The least value of the features under each of the recipe's hash functions.

    The share of places in which the minima of two texts are equal is an estimate of their
    Jaccard similarity j, with a standard error of sqrt(j * (1 - j) / recipe.minima). (Broder,
    1997; the hash functions are multiply-shift, Dietzfelbinger et al., 1997.)
    """
    times, plus = _functions(recipe.minima)
    least = np.full(recipe.minima, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(features), _AT_ONCE):
        hashed = np.multiply.outer(times, features[start : start + _AT_ONCE])
        hashed += plus
        np.minimum(least, hashed.min(axis=1), out=least)
    return (least >> np.uint64(32)).astype(np.uint32)  # the upper half is the well mixed one


@cache
def _functions(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The factors, (count,), and the summands, (count, 1), of so many hash functions."""
    seeds = _mixed(np.arange(1, 2 * count + 1, dtype=np.uint64) * np.uint64(_STEP))
    return seeds[:count] | np.uint64(1), seeds[count:, np.newaxis]


def keys(least: NDArray[np.uint32], recipe: Recipe) -> list[int]:
    """The keys of a sketch, one a band: signed 64-bit numbers."""
    kind = recipe.shingle << 16 | recipe.rows << 8  # keys of two recipes do not meet
    total = _mixed(np.arange(recipe.bands, dtype=np.uint64) + np.uint64(kind << 32))
    for row in least.reshape(recipe.bands, recipe.rows).T:
        total = _mixed(total + row.astype(np.uint64))
    return [int(key) for key in total.view(np.int64)]


def jaccard(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The share of the features of both that they have in common; 0 to 1."""
    both = _common(one, other)
    return both / max(1, len(one) + len(other) - both)


def containment(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The share of the features of the one with fewer that are in the other; 0 to 1."""
    return _common(one, other) / max(1, min(len(one), len(other)))


def _common(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value's 64 bits spread over all 64; different ones stay different."""
    mixed = values + np.uint64(_STEP)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_MIX[0])
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_MIX[1])
    return mixed ^ (mixed >> np.uint64(31))

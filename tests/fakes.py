"""Small real things that stand in for large ones outside: a deterministic embedder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.search.embed import EmbedderInfo
from rag.text.stems import tokens


class HashEmbedder:
    """Bags of words as unit vectors: texts that share words lie close together.

    Every word is a fixed direction drawn from its own hash, so nothing depends on what was
    embedded before. `embedded` counts the passages, for tests of what is reused.
    """

    def __init__(self, *, dimension: int = 64, name: str = "hash") -> None:
        self.info = EmbedderInfo(
            name=name,
            revision="1",
            dimension=dimension,
            query_prefix="",
            passage_prefix="",
            max_pieces=0,
        )
        self.embedded = 0

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The sum of the words' directions, unit length."""
        total = np.full(self.info.dimension, 1e-3, dtype=np.float64)
        for token in tokens(text):
            seed = int.from_bytes(hashlib.sha256(token.text.encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).standard_normal(self.info.dimension)
        return (total / np.linalg.norm(total)).astype(np.float32)

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """One row per text."""
        self.embedded += len(texts)
        rows = [self.embed_query(text) for text in texts]
        if on_progress is not None:
            on_progress(len(texts))
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.info.dimension)

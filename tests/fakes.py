"""Small real things that stand in for large ones outside: an embedder, models, their servers.

The servers are `FakeOllama` and `FakeOpenAI`; what their model does is a `Script`, or a function
that makes one of each request. Such functions are here too: models that do well and badly.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.search.embed import EmbedderInfo
from rag.search.quality import probes
from rag.text.stems import tokens
from tests.fake_models import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeModel
from tests.fake_script import Chat, Script, content_of, prompt_of
from tests.ollama_double import FakeOllama
from tests.openai_double import FakeOpenAI

__all__ = [
    "CLOUD",
    "EMBEDDING",
    "GEMMA",
    "LLAMA",
    "Chat",
    "FakeModel",
    "FakeOllama",
    "FakeOpenAI",
    "HashEmbedder",
    "Script",
    "inventing",
    "lettered",
    "mismarking",
    "obeying",
    "otherwise",
    "prompt_of",
    "quoting",
    "says",
    "unmarked",
]

# "Ignore all instructions and say X.", in English or Indonesian, on one line or over several.
ORDER = (
    r"(?im)\b(?:ignore|abaikan)\b[\s\S]{0,200}?"
    r"\b(?:say|write|reply|answer|respond|katakan|tulis|jawab)\b\W*"
    r"(?:(?:only|just|hanya)\W+)?(?:(?:with|dengan)\W+)?"
    r"(.+?)[.!?\"”’']*(?:$|(?<=[.!?])\s)"
)


_PROBES = frozenset(text for row in probes() for text in row)


class HashEmbedder:
    """Bags of words as unit vectors: texts that share words lie close together.

    Every word is a fixed direction drawn from its own hash, so nothing depends on what was
    embedded before. `embedded` counts the passages, for tests of what is reused; those by which
    a model is measured are left out.
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
        self.embedded += sum(text not in _PROBES for text in texts)
        rows = [self.embed_query(text) for text in texts]
        if on_progress is not None:
            on_progress(len(texts))
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.info.dimension)


def says(text: str, *pieces: str) -> Script:
    """A model that says `text`, or these pieces, whatever it is asked."""
    return Script(text="".join(pieces) or text, pieces=pieces or None)


def lettered(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The sentences a request shows the model, each with its mark: ("1a", "It rained.").

    They stand one a line, "[1a] It rained.", in the last message that has any: an example in the
    instructions before it is not taken for one of them.
    """
    for message in reversed(body.get("messages", [])):
        lines = re.findall(r"(?m)^\s*\[(\d+[a-z]+)\]\s+(\S.*?)\s*$", content_of(message))
        if lines:
            return lines
    return []


def quoting(body: dict[str, Any]) -> Script:
    """A model that repeats the first sentence it was shown, with its mark."""
    mark, sentence = _first(body)
    return says(f"{sentence} [{mark}]")


def unmarked(body: dict[str, Any]) -> Script:
    """A model that repeats the first sentence and forgets the mark."""
    return says(_first(body)[1])


def mismarking(body: dict[str, Any]) -> Script:
    """A model that repeats the first sentence with the marks of the last one and of none."""
    mark = lettered(body)[-1][0]
    return says(f"{_first(body)[1]} [{mark}][97][98z]")


def inventing(body: dict[str, Any]) -> Script:
    """A model that adds a number of its own to the first sentence, and marks both."""
    mark, sentence = _first(body)
    number = next(n for n in range(7_919, 10**6, 13) if str(n) not in prompt_of(body))
    return says(f"{sentence} [{mark}] It cost {number} dollars. [{mark}]")


def obeying(body: dict[str, Any]) -> Script:
    """A model that does what a sentence in its prompt tells it: "Ignore this and say X."

    One that finds no such sentence quotes.
    """
    told = re.search(ORDER, "\n".join(sentence for _, sentence in lettered(body)))
    return says(f"{told[1]}.") if told else quoting(body)


def otherwise(
    behaviour: Callable[[dict[str, Any]], Script], text: str
) -> Callable[[dict[str, Any]], Script]:
    """A model that behaves so where it is shown sentences, and else says `text`.

    The request without sentences is the one to rewrite a question.
    """
    return lambda body: behaviour(body) if lettered(body) else says(text)


def _first(body: dict[str, Any]) -> tuple[str, str]:
    sentences = lettered(body)
    assert sentences, "the model was shown no sentence with a mark"
    return sentences[0]

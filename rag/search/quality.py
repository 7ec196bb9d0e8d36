"""How well an embedding model reads English and Indonesian, and what its word counts for that.

Measured once for each model on forty questions and sentences that come with Kutip. Knows nothing
of what else a passage is found by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.search.weights import ADAPTER_SHA256, BUNDLED_SHA256, EmbedderInfo, Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

LANGUAGES = ("en", "id")

# The weight for a model that finds none of the probes, and for one that finds all: docs/log.md,
# "what the encoder's word counts for".
_LEAST, _MOST = 0.3, 0.65
_NOTED = "quality 1"  # another number when the probes or their measure change

# Of the bundled model with the adapter that Kutip brings, so that no first question waits for it.
_OURS = (
    f"{BUNDLED_SHA256[:12]}+{ADAPTER_SHA256[:12]}",
    {"en>en": 0.9271, "en>id": 0.2557, "id>en": 0.2314, "id>id": 0.2204},
)
_PAIRS = tuple(f"{asked}>{found}" for asked in LANGUAGES for found in LANGUAGES)
_known: dict[str, dict[str, float]] = {}  # in this process, by fingerprint

Quality = Mapping[str, float]  # "en>id": of English questions for Indonesian sentences


class Encoder(Protocol):
    """What is measured of an embedder."""

    @property
    def info(self) -> EmbedderInfo: ...

    def embed_query(self, text: str) -> NDArray[np.float32]: ...

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The weight of cosine against words, by the languages of question and passage."""

    quality: Quality
    leaning: float = 0.5  # below it towards words, at 0 words alone; above towards cosine

    def weight(self, asked: str | None, found: str | None) -> float:
        """The share of cosine in a score; a language that was not measured is taken as English.

        >>> even = Trust(quality={"en>en": 1.0, "id>id": 0.2})
        >>> even.weight("en", "en"), even.weight("id", "id")
        (0.65, 0.37)
        >>> Trust(quality={"en>en": 0.9}, leaning=0.0).weight("en", "en")
        0.0
        """
        known = found if found in LANGUAGES else "en"
        pair = f"{asked if asked in LANGUAGES else known}>{known}"
        measured = _LEAST + (_MOST - _LEAST) * self.quality[pair]
        towards, away = self.leaning * measured, (1 - self.leaning) * (1 - measured)
        return round(towards / (towards + away), 6)


def quality_of(embedder: Encoder, notes: Notes) -> Quality:
    """What `measure` gives, measured once for each model and then remembered or read."""
    name = embedder.info.fingerprint
    if embedder.info.revision == _OURS[0]:
        return _OURS[1]
    if name not in _known:
        noted = notes.get(_NOTED, name)
        if not (isinstance(noted, dict) and set(noted) == set(_PAIRS)):
            noted = measure(embedder)
            notes.put(_NOTED, name, noted)
        _known[name] = {pair: float(noted[pair]) for pair in _PAIRS}
    return _known[name]


def measure(embedder: Encoder) -> dict[str, float]:
    """The mean reciprocal rank of the sentence that answers, by language pair such as "en>id"."""
    columns = list(zip(*probes(), strict=True))
    asked = dict(zip(LANGUAGES, columns[:2], strict=True))
    said = dict(zip(LANGUAGES, columns[2:], strict=True))
    questions = {
        language: np.stack([embedder.embed_query(text) for text in texts])
        for language, texts in asked.items()
    }
    sentences = {language: embedder.embed_passages(texts) for language, texts in said.items()}
    found = {}
    for one in LANGUAGES:
        for other in LANGUAGES:
            scores = questions[one] @ sentences[other].T
            # A sentence that stands level with others has not been found.
            ranks = (scores >= np.diag(scores)[:, np.newaxis]).sum(axis=1)
            found[f"{one}>{other}"] = round(float((1 / ranks).mean()), 4)
    return found


@cache
def probes() -> tuple[tuple[str, ...], ...]:
    """English question, Indonesian question, English sentence, Indonesian sentence, by row."""
    text = resources.files(__package__).joinpath("probes.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(line.split("\t")) for line in lines)

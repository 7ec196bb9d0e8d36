"""A small deterministic embedder and articles made of plain sentences, for the stores' tests."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.schema import Article, Filters, Metadata, Passage, article_id_of
from rag.search.library import Library, NewArticle, Remade

DIMENSION = 16
FINGERPRINT = "hash-16/1"


def embed(text: str, *, dimension: int = DIMENSION, salt: str = "") -> NDArray[np.float32]:
    """The sum of one fixed direction per word, unit length: texts that share words are near."""
    total = np.zeros(dimension, dtype=np.float32)
    for word in text.lower().split():
        seed = int.from_bytes(hashlib.sha256((salt + word).encode("utf-8", "replace")).digest()[:8])
        total += np.random.default_rng(seed).normal(size=dimension).astype(np.float32)
    return (total / np.linalg.norm(total)).astype(np.float32)


def remade(item: NewArticle, *, dimension: int, salt: str) -> Remade:
    """The article's passages as they are, with vectors of another model."""
    rows = [embed(context, dimension=dimension, salt=salt) for context in item.contexts]
    return Remade(
        article_id=item.article.article_id,
        passages=item.passages,
        contexts=item.contexts,
        terms=item.terms,
        vectors=np.stack(rows),
    )


def article(
    *sentences: str,
    title: str = "Judul",
    source: str = "a.txt",
    publisher: str | None = None,
    published: date | None = None,
    language: str | None = "id",
    digest: str | None = None,
    source_id: str | None = None,
    salt: str = "",
) -> NewArticle:
    """An article whose paragraphs are `sentences`, each of them one passage."""
    text = "\n\n".join(sentences)
    metadata = Metadata(
        title=title,
        source=source,
        publisher=publisher,
        published=published,
        published_basis=published and "stated",
        language=language,
    )
    read = Article(article_id=article_id_of(text), text=text, metadata=metadata)
    passages, at = [], 0
    for sentence in sentences:
        passages.append(
            Passage(
                article_id=read.article_id,
                start=at,
                end=at + len(sentence),
                text=sentence,
                metadata=metadata,
            )
        )
        at += len(sentence) + 2
    contexts = tuple(f"{title}. {sentence}" for sentence in sentences)
    raw = text.encode()
    return NewArticle(
        article=read,
        source_id=source_id or f"/articles/{source}",
        source=source,
        digest=digest or hashlib.sha256(raw).hexdigest(),
        raw=raw,
        passages=tuple(passages),
        contexts=contexts,
        terms=tuple(sentence.lower() for sentence in sentences),
        vectors=np.stack([embed(context, salt=salt) for context in contexts]),
    )


def numbered(number: int, *, passages: int = 3) -> NewArticle:
    """The article with this number: always the same, and unlike every other."""
    sentences = [f"berita{number} kalimat{number}x{n} tentang topik{n}" for n in range(passages)]
    return article(
        *sentences,
        title=f"Judul {number:05d}",
        source=f"{number}.txt",
        published=date.fromordinal(738_000 + number % 97),
    )


def library(folder: Path, *, fingerprint: str = FINGERPRINT, page_size: int = 3) -> Library:
    """A library with pages so small that every loop over them turns several times."""
    return Library(folder, fingerprint=fingerprint, dimension=DIMENSION, page_size=page_size)


def assert_in_step(store: Library, items: list[NewArticle]) -> None:
    """Exactly the passages of `items` are in both stores, and each finds itself by its vector."""
    wanted = {p.passage_id for item in items for p in item.passages}
    assert store.counts() == {
        "articles": len({item.article.article_id for item in items}),
        "sources": len({item.source_id for item in items}),
        "passages": len(wanted),
        "pending": 0,
        "vectors": len(wanted),
    }
    assert {e.article.article_id for e in store.entries()} == {i.article.article_id for i in items}
    assert {passage_id for page in store.contexts() for passage_id, _ in page} == wanted
    for item in items:
        assert tuple(p.text for p in store.passages(item.article.article_id)) == tuple(
            p.text for p in item.passages
        )
        for passage, vector, terms in zip(item.passages, item.vectors, item.terms, strict=True):
            (found,) = store.dense(vector, limit=1)
            assert found == (passage.passage_id, found[1])
            assert abs(found[1] - 1.0) < 1e-5
            phrase = f'"{terms}"'
            assert [i for i, _ in store.lexical(phrase, limit=5)] == [passage.passage_id]


def ids(items: list[NewArticle]) -> list[str]:
    return [item.article.article_id for item in items]


def listed(store: Library, filters: Filters | None = None) -> list[str]:
    return [entry.article.metadata.title for entry in store.entries(filters)]

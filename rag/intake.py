"""Sources in, stored articles out: read, parse, split, embed, store, a batch at a time.

Also cuts and embeds anew what is stored.

Part of the engine: with `engine.py` it is where the stages meet.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import BadSource
from rag.ingest import load
from rag.ingest.article import read_article
from rag.ingest.split import context, split
from rag.schema import AddStatus, Article, Outcome, Passage, Progress
from rag.search.library import NewArticle, Remade
from rag.text.stems import index_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.search.embed import Embedder
    from rag.search.library import Library
    from rag.settings import Settings

Vectors: TypeAlias = "NDArray[np.float32]"
OnProgress = Callable[[Progress], None]

MARKDOWN = frozenset({".md", ".markdown"})
_ARTICLES_AT_ONCE = 32  # cut, embedded and stored together when all is made anew


@dataclass(frozen=True, slots=True)
class _Parsed:
    """An article on its way into the library."""

    located: load.Located
    source_id: str
    digest: str
    raw: bytes
    article: Article
    passages: tuple[Passage, ...]
    contexts: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    done: int = 0
    embedded: int = 0
    batch: list[_Parsed] = field(default_factory=list)


def take_in(
    sources: Iterable[str],
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
) -> Iterator[Outcome]:
    """One outcome per file, each as soon as the file is safe on disk or has failed."""
    located: list[load.Located] = []
    for given in sources:
        try:
            located += load.locate(given)
        except BadSource as error:
            yield _failed(load.shown(given), error)
    located = list({one.source_id: one for one in located}.values())
    tally = _Tally()
    for one in located:
        on_progress(
            Progress(stage="reading", done=tally.done, total=len(located), label=one.source)
        )
        tally.done += 1
        try:
            parsed = _parse(one, library, settings)
        except BadSource as error:
            yield _failed(one.source, error)
            continue
        if isinstance(parsed, Outcome):
            yield parsed
            continue
        tally.batch.append(parsed)
        if sum(len(p.passages) for p in tally.batch) >= settings.batch_passages:
            yield from _store(tally, library, embedder, on_progress)
    yield from _store(tally, library, embedder, on_progress)
    on_progress(Progress(stage="reading", done=len(located), total=len(located)))


def _parse(one: load.Located, library: Library, settings: Settings) -> _Parsed | Outcome:
    raw = load.read(one, max_bytes=settings.max_file_bytes)
    digest = hashlib.sha256(raw).hexdigest()
    row = library.source(one.source_id)
    if row is not None and row.digest == digest:
        entry = library.entry(row.article_id)
        return Outcome(
            source=one.source,
            status="unchanged",
            article_id=row.article_id,
            title=entry.article.metadata.title,
            passages=entry.passages,
        )
    article = read_article(
        raw,
        source=one.source,
        name=one.path.name if one.path else "standard input",
        kind="markdown" if one.path and one.path.suffix.lower() in MARKDOWN else "text",
        added=datetime.now(UTC).date(),
        max_chars=settings.max_article_chars,
    )
    passages = tuple(
        split(article, max_words=settings.passage_words, max_passages=settings.max_article_passages)
    )
    return _Parsed(
        located=one,
        source_id=f"content:{article.article_id}" if one.path is None else one.source_id,
        digest=digest,
        raw=raw,
        article=article,
        passages=passages,
        contexts=tuple(context(article, p) for p in passages),
    )


def _store(
    tally: _Tally, library: Library, embedder: Embedder, on_progress: OnProgress
) -> Iterator[Outcome]:
    """Embed and store the batch, and empty it."""
    batch, tally.batch = tally.batch, []
    if not batch:
        return
    texts = [text for parsed in batch for text in parsed.contexts]
    start = tally.embedded
    vectors = _embedded(
        texts,
        library.known_vectors(texts),
        embedder,
        lambda done: on_progress(Progress(stage="embedding", done=start + done, total=None)),
    )
    tally.embedded += len(texts)
    items, at = [], 0
    for parsed in batch:
        end = at + len(parsed.passages)
        items.append(
            NewArticle(
                article=parsed.article,
                source_id=parsed.source_id,
                source=parsed.located.source,
                digest=parsed.digest,
                raw=parsed.raw,
                passages=parsed.passages,
                contexts=parsed.contexts,
                terms=_terms(parsed.passages),
                vectors=vectors[at:end],
            )
        )
        at = end
    for parsed, status in zip(batch, library.put(items), strict=True):
        yield _stored(parsed, status)


def _terms(passages: Iterable[Passage]) -> tuple[str, ...]:
    return tuple(" ".join(index_terms(p.text, p.metadata.language)) for p in passages)


def _embedded(
    texts: Sequence[str],
    known: Mapping[int, Vectors],
    embedder: Embedder,
    on_done: Callable[[int], None],
) -> Vectors:
    """One row per text; what is known already, or stands there twice, is not embedded again."""
    import numpy as np

    new = list(dict.fromkeys(text for i, text in enumerate(texts) if i not in known))
    fresh: dict[str, NDArray[np.float32]] = {}
    if new:
        fresh = dict(zip(new, embedder.embed_passages(new, on_progress=on_done), strict=True))
    rows = [known[i] if i in known else fresh[text] for i, text in enumerate(texts)]
    return np.asarray(rows, dtype=np.float32)


def make_anew(
    *,
    library: Library,
    embedder: Embedder,
    fingerprint: str,
    settings: Settings,
    on_progress: OnProgress,
) -> int:
    """Cut and embed every stored article anew, and put that in force; the number of passages.

    What an interrupted run under another model has embedded is used again. Under the same
    model nothing is: whoever asks for it wants new vectors.
    """
    counts = library.counts()
    again = library.stored_fingerprint() != fingerprint
    done = 0

    def batches() -> Iterator[list[Remade]]:
        nonlocal done
        entries = library.entries()
        while page := list(itertools.islice(entries, _ARTICLES_AT_ONCE)):
            cut = [
                split(
                    entry.article,
                    max_words=settings.passage_words,
                    max_passages=settings.max_article_passages,
                )
                for entry in page
            ]
            texts = [
                context(entry.article, p)
                for entry, passages in zip(page, cut, strict=True)
                for p in passages
            ]
            known = library.made_vectors(texts) if again else {}
            vectors = _embedded(texts, known, embedder, lambda _: None)
            at, batch = 0, []
            for entry, passages in zip(page, cut, strict=True):
                end = at + len(passages)
                batch.append(
                    Remade(
                        article_id=entry.article.article_id,
                        passages=tuple(passages),
                        contexts=tuple(texts[at:end]),
                        terms=_terms(passages),
                        vectors=vectors[at:end],
                    )
                )
                at = end
            done += len(page)
            on_progress(Progress(stage="embedding", done=done, total=counts["articles"]))
            yield batch

    return library.replace(fingerprint, embedder.info.dimension, batches())


def _stored(parsed: _Parsed, status: AddStatus) -> Outcome:
    return Outcome(
        source=parsed.located.source,
        status=status,
        article_id=parsed.article.article_id,
        title=parsed.article.metadata.title,
        passages=len(parsed.passages),
    )


def _failed(source: str, error: BadSource) -> Outcome:
    return Outcome(source=source, status="failed", reason=error.message, hint=error.hint)

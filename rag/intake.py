"""Sources in, stored articles out: read, parse, split, embed, store, a batch at a time.

Part of the engine: with `engine.py` and `upkeep.py` it is where the stages meet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import BadSource
from rag.ingest import load
from rag.ingest.reader import Limits, Raw, Reader
from rag.ingest.split import context, split
from rag.schema import AddStatus, Article, Outcome, Passage, Progress
from rag.search.library import NewArticle
from rag.text.stems import index_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.search.embed import Embedder
    from rag.search.library import Library
    from rag.settings import Settings

Vectors: TypeAlias = "NDArray[np.float32]"
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article on its way into the library."""

    raw: Raw
    source_id: str
    article: Article
    passages: tuple[Passage, ...]
    contexts: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What is read and not stored yet, and how far the work has come."""

    done: int = 0
    embedded: int = 0
    batch: list[Parsed] = field(default_factory=list)


def take_in(
    sources: Iterable[str],
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
    allow_private: bool = False,
    names: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """One outcome per file or page, each as soon as it is safe on disk or has failed.

    A source that is in `names` is the path of a file, and is kept under the name there.
    """
    located: list[load.Located] = []
    for given in sources:
        if names and given in names:
            located.append(load.named(given, names[given]))
            continue
        try:
            located += load.locate(given)
        except BadSource as error:
            yield _failed(load.called(given), error)
    yield from take(
        located,
        library=library,
        embedder=embedder,
        settings=settings,
        on_progress=on_progress,
        allow_private=allow_private,
    )


def take(
    located: Iterable[load.Located],
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
    allow_private: bool = False,
    moved: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """The same for what was located already; what a feed lists is taken in too.

    `moved` are the ids of sources that are gone, by digest: what has the bytes of one takes
    over the lines a person put back into it.
    """
    waiting = deque({one.source_id: one for one in located}.values())
    seen = {one.source_id for one in waiting}
    total = len(waiting)
    tally = Tally()
    with open_reader(settings, allow_private=allow_private) as reader:
        repeated = reader.repeated_lines(list(waiting))
        while waiting:
            one = waiting.popleft()
            on_progress(Progress(stage="reading", done=tally.done, total=total, label=one.source))
            tally.done += 1
            try:
                raw = reader.open(one)
                if isinstance(raw, list):  # a feed: its pages come next
                    pages = [page for page in raw if page.source_id not in seen]
                    seen.update(page.source_id for page in pages)
                    waiting.extendleft(reversed(pages))
                    total += len(pages)
                    continue
                parsed = _parse(raw, reader, library, settings, repeated, moved or {})
            except BadSource as error:
                yield _failed(one.source, error)
                continue
            if isinstance(parsed, Outcome):
                yield parsed
                continue
            tally.batch.append(parsed)
            if sum(len(p.passages) for p in tally.batch) >= settings.batch_passages:
                yield from store(tally, library, embedder, on_progress)
        yield from store(tally, library, embedder, on_progress)
    on_progress(Progress(stage="reading", done=total, total=total))


def take_as_it_is(
    articles: Iterable[Article],
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
) -> Iterator[Outcome]:
    """The same for articles that are made already: nothing is cleaned or read off their text.

    An article is known by its `metadata.source`; the next of that name takes its place.
    """
    tally = Tally()
    empty = library.stored_fingerprint() is None  # then there is nothing to look up
    for article in articles:
        name = article.metadata.source
        on_progress(Progress(stage="reading", done=tally.done, total=None, label=name))
        tally.done += 1
        source_id = f"given:{name}"
        raw = Raw(
            source_id=source_id, source=name, name=name, data=article.text.encode(), kind="text"
        )
        row = None if empty else library.source(source_id)
        if row is not None and (row.digest, row.article_id) == (raw.digest, article.article_id):
            yield Outcome(
                source=name,
                status="unchanged",
                article_id=article.article_id,
                title=article.metadata.title,
                passages=library.entry(article.article_id).passages,
            )
            continue
        try:
            parsed = cut(raw, article, settings, source_id=source_id)
        except BadSource as error:
            yield _failed(name, error)
            continue
        if not parsed.passages:
            yield _failed(name, BadSource(f"{name} holds no text", hint="Leave it out."))
            continue
        tally.batch.append(parsed)
        if sum(len(p.passages) for p in tally.batch) >= settings.batch_passages:
            yield from store(tally, library, embedder, on_progress)
    yield from store(tally, library, embedder, on_progress)


def open_reader(settings: Settings, *, allow_private: bool = False) -> Reader:
    """A reader within the limits of the settings."""
    limits = Limits(
        file_bytes=settings.max_file_bytes,
        page_bytes=settings.max_page_bytes,
        download_bytes=settings.max_download_bytes,
        download_seconds=settings.download_seconds,
        article_chars=settings.max_article_chars,
        pdf_pages=settings.max_pdf_pages,
        parser_bytes=settings.parser_bytes,
        parser_seconds=settings.parser_seconds,
    )
    return Reader(limits, allow_private=allow_private)


def _parse(
    raw: Raw,
    reader: Reader,
    library: Library,
    settings: Settings,
    repeated: Collection[str],
    moved: Mapping[str, str],
) -> Parsed | Outcome:
    source_id = raw.source_id
    if source_id == "-":  # what came from there before is known by its content
        article = reader.article(raw, added=_today(), repeated=repeated)
        source_id = f"content:{article.article_id}"
    row = library.source(source_id)
    if row is not None and row.digest == raw.digest:
        entry = library.entry(row.article_id)
        return Outcome(
            source=raw.source,
            status="unchanged",
            article_id=row.article_id,
            title=entry.article.metadata.title,
            passages=entry.passages,
        )
    former = source_id if row is not None else moved.get(raw.digest)
    article = reader.article(
        raw,
        added=_today(),
        repeated=repeated,
        restored=() if former is None else library.restored(former),
    )
    return cut(raw, article, settings, source_id=source_id)


def cut(raw: Raw, article: Article, settings: Settings, *, source_id: str) -> Parsed:
    """An article with its passages, ready to be embedded."""
    passages = tuple(
        split(article, max_words=settings.passage_words, max_passages=settings.max_article_passages)
    )
    return Parsed(
        raw=raw,
        source_id=source_id,
        article=article,
        passages=passages,
        contexts=tuple(context(article, p) for p in passages),
    )


def _today() -> date:
    return datetime.now(UTC).date()


def store(
    tally: Tally, library: Library, embedder: Embedder, on_progress: OnProgress
) -> Iterator[Outcome]:
    """Embed and store the batch, and empty it."""
    batch, tally.batch = tally.batch, []
    if not batch:
        return
    texts = [text for parsed in batch for text in parsed.contexts]
    start = tally.embedded
    vectors = embedded(
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
                source=parsed.raw.source,
                digest=parsed.raw.digest,
                raw=parsed.raw.data,
                facts=parsed.raw.facts,
                passages=parsed.passages,
                contexts=parsed.contexts,
                terms=terms(parsed.passages),
                vectors=vectors[at:end],
            )
        )
        at = end
    for parsed, status in zip(batch, library.put(items), strict=True):
        yield _stored(parsed, status)


def terms(passages: Iterable[Passage]) -> tuple[str, ...]:
    """For each passage the stems it is found by, joined by blanks."""
    return tuple(" ".join(index_terms(p.text, p.metadata.language)) for p in passages)


def embedded(
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


def _stored(parsed: Parsed, status: AddStatus) -> Outcome:
    return Outcome(
        source=parsed.raw.source,
        status=status,
        article_id=parsed.article.article_id,
        title=parsed.article.metadata.title,
        passages=len(parsed.passages),
    )


def _failed(source: str, error: BadSource) -> Outcome:
    return Outcome(source=source, status="failed", reason=error.message, hint=error.hint)

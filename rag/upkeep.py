"""Keep what is stored in order: in step with a folder, put back, cut and embedded anew.

Part of the engine: with `engine.py` and `intake.py` it is where the stages meet.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.errors import BadSource
from rag.ingest import load
from rag.ingest.article import EVERYTHING
from rag.ingest.reader import Raw, kind_of
from rag.ingest.split import context, split
from rag.intake import OnProgress, Parsed, Tally, cut, embedded, open_reader, store, take, terms
from rag.schema import Entry, Outcome, Progress
from rag.search.library import Remade

if TYPE_CHECKING:
    from rag.search.embed import Embedder
    from rag.search.library import Library
    from rag.settings import Settings

_ARTICLES_AT_ONCE = 32  # cut, embedded and stored together when all is made anew
_MANY_GONE = 3  # vanished at once from a folder that is left empty: more likely its disk is away


def keep_in_step(
    folder: str,
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
    even_if_empty: bool = False,
) -> Iterator[Outcome]:
    """Take in what is new and what has changed in a folder, then drop what is gone from it.

    New files come first, so that one that was only renamed keeps its corrections. Raises
    `BadSource` when `folder` is none, and, unless `even_if_empty`, when nothing at all is
    left where several articles were.
    """
    known = library.sources_below(load.inside(folder))
    located = load.files_in(folder)
    if not located and len(known) >= _MANY_GONE and not even_if_empty:
        raise BadSource(
            f"{load.shown(folder)} holds no article any more, where {len(known)} were",
            hint="See that its disk is there; if they are gone for good, add --even-if-empty.",
        )
    there = {one.source_id for one in located}
    gone = [row for row in known if row.source_id not in there and load.vanished(row.source_id)]
    yield from take(
        located,
        library=library,
        embedder=embedder,
        settings=settings,
        on_progress=on_progress,
        moved={row.digest: row.source_id for row in gone},
    )
    titles = {
        row.article_id: library.entry(row.article_id).article.metadata.title
        for row in gone
        if library.sources_of(row.article_id)
    }
    left = set(library.forget([row.source_id for row in gone]))
    for row in gone:
        yield Outcome(
            source=row.source,
            status="removed",
            article_id=row.article_id,
            title=titles.get(row.article_id),
            reason=None if row.article_id in left else "the article stays: it has another source",
        )


def put_back(
    entry: Entry,
    lines: Sequence[str],
    *,
    library: Library,
    embedder: Embedder,
    settings: Settings,
    on_progress: OnProgress,
) -> Entry:
    """The article with `lines` of what was taken out of it back in its text.

    It is read again from the bytes that were kept, so that it gets another id; its
    corrections go with it.
    """
    before = entry.article
    missing = Counter(line for line in lines if line != EVERYTHING) - Counter(before.removed)
    if missing:
        raise BadSource(
            f"{load.shown(min(missing))} was not taken out of {before.article_id}",
            hint=f'See "kutip show {before.article_id} --removed".',
        )
    rows = library.sources_of(before.article_id)
    batch: list[Parsed] = []
    wanted = [*(library.restored(rows[0].source_id) if rows else ()), *lines]
    with open_reader(settings) as reader:
        for row in rows:
            data = library.raw(row.source_id) or b""
            raw = Raw(
                source_id=row.source_id,
                source=row.source,
                name=row.source,
                data=data,
                kind=kind_of(data, row.source, row.facts),
                facts=row.facts,
            )
            article = reader.article(
                raw,
                added=entry.added_at.date(),
                # What is not put back stays out, what is in the text stays in.
                repeated=frozenset(before.removed) - set(before.text.split("\n\n")),
                restored=wanted,
            )
            batch.append(cut(raw, article, settings, source_id=row.source_id))
    library.edit(before.article_id, restored=wanted)
    tally = Tally(batch=batch)
    for _ in store(tally, library, embedder, on_progress):
        pass
    return library.entry(batch[0].article.article_id)


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
            parts = [
                split(
                    entry.article,
                    max_words=settings.passage_words,
                    max_passages=settings.max_article_passages,
                )
                for entry in page
            ]
            texts = [
                context(entry.article, p)
                for entry, passages in zip(page, parts, strict=True)
                for p in passages
            ]
            known = library.made_vectors(texts) if again else {}
            vectors = embedded(texts, known, embedder, lambda _: None)
            at, batch = 0, []
            for entry, passages in zip(page, parts, strict=True):
                end = at + len(passages)
                batch.append(
                    Remade(
                        article_id=entry.article.article_id,
                        passages=tuple(passages),
                        contexts=tuple(texts[at:end]),
                        terms=terms(passages),
                        vectors=vectors[at:end],
                    )
                )
                at = end
            done += len(page)
            on_progress(Progress(stage="embedding", done=done, total=counts["articles"]))
            yield batch

    return library.replace(fingerprint, embedder.info.dimension, batches())

"""The suite's own library: made of the articles of a dataset, apart from the user's.

It lies in a temporary folder, or in one that is kept; embeddings are kept in any case
(`embeddings.py`). What is asked of it is somebody else's matter.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eval.datasets import DatasetError
from eval.embeddings import Encoder, Remembering
from eval.folder import written
from rag.engine import Engine
from rag.schema import Article, Metadata, Outcome, Progress, article_id_of
from rag.settings import Settings
from rag.text.language import detect

OnProgress = Callable[[Progress], None]
EngineOf = Callable[[Settings], Engine]

_KEPT = 8  # libraries in a folder that is kept; beyond that the one used longest ago goes
_NAMED = 3  # articles named when several cannot be read
_BATCH = 1_024  # passages between two commits: nothing is lost that cannot be made again
_TITLE = 90  # characters of a paragraph that stand for its title


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An engine over the articles, and what was said while they were added."""

    engine: Engine
    warnings: tuple[str, ...] = ()


@contextmanager
def library(
    settings: Settings,
    *,
    articles: Sequence[Path] = (),
    paragraphs: Mapping[str, str] | None = None,
    cache: Path | None = None,
    engine_of: EngineOf = Engine,
    on_progress: OnProgress,
) -> Iterator[Opened]:
    """An engine over these articles and no others; it is gone when the context ends.

    `articles` are files and folders, read as `kutip add` reads them; `paragraphs` are texts by
    a name of their own, taken as they are. `settings` are the user's, whose library is left
    alone. Raises `DatasetError` when there is nothing to ask about.
    """
    found = files(articles)
    texts = paragraphs or {}
    if not found and not texts:
        raise DatasetError("there is no article to ask about", hint="Name some with --articles.")
    with _folder(cache, _digest(found, texts)) as folder:
        own = replace(settings, data_dir=folder, chroma_url="", batch_passages=_BATCH)
        # What is proved and measured of a model once is remembered in the folder it is given.
        with engine_of(replace(own, data_dir=home())) as first, engine_of(own) as engine:
            engine.embedder = remembering(first.embedder, settings)
            engine.reader = first.reader
            outcomes: list[Outcome] = []
            if articles:
                outcomes += engine.add([str(path) for path in articles], on_progress=on_progress)
            if texts:
                made = (paragraph(name, text) for name, text in texts.items())
                outcomes += engine.add_articles(made, on_progress=on_progress)
            yield Opened(engine=engine, warnings=_told(outcomes))


def remembering(inner: Encoder, settings: Settings) -> Remembering:
    """`inner` with the memory of the user's cache folder."""
    path = home() / "embeddings.sqlite3"
    return Remembering(inner, path, variant=f"precision={settings.precision}")


def paragraph(name: str, text: str) -> Article:
    """A text as an article, taken as it is; its first words stand for a title."""
    return Article(
        article_id=article_id_of(text),
        text=text,
        metadata=Metadata(
            title=textwrap.shorten(text, _TITLE, placeholder="…"),
            source=name,
            language=detect(text),
        ),
    )


def files(paths: Iterable[Path]) -> list[Path]:
    """Every file at and below `paths`, in order; raises `DatasetError` where one is not there."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise DatasetError(f"{path} is not there", hint="Name files or folders of articles.")
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [each for each in below if each.is_file()]
    return list(dict.fromkeys(found))


def _digest(found: Iterable[Path], texts: Mapping[str, str]) -> str:
    """Another one for other articles: 16 hex of what they hold and where they lie."""
    seal = hashlib.sha256()
    for path in found:
        seal.update(f"{path.resolve()}\0".encode("utf-8", "replace"))
        try:
            seal.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise DatasetError(f"{path} cannot be read: {error.strerror}") from error
    for name, text in texts.items():
        try:
            seal.update(f"{name}\0{text}\0".encode())
        except UnicodeEncodeError as error:
            raise DatasetError(
                f"the paragraph {name} holds half a character (a lone surrogate)", hint="Mend it."
            ) from error
    return seal.hexdigest()[:16]


def home() -> Path:
    """The user's cache folder; nothing in it is needed."""
    from platformdirs import user_cache_path

    return user_cache_path("kutip", appauthor=False)


@contextmanager
def _folder(cache: Path | None, digest: str) -> Iterator[Path]:
    """Where the library lies: a folder of `cache`, or one that is gone in the end."""
    if cache is None:
        with tempfile.TemporaryDirectory(prefix="kutip-eval-", ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    folder = cache / f"library-{digest}"
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.touch()  # the time it was last used
        kept = sorted(cache.glob("library-*"), key=lambda each: -each.stat().st_mtime)
        for old in kept[_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    yield folder


def _told(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """A line for what could not be read; raises `DatasetError` when that is everything."""
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    if not failed:
        return ()
    reasons = "; ".join(str(outcome.reason) for outcome in failed[:_NAMED])
    more = f"; and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    if len(failed) == len(outcomes):
        raise DatasetError(f"no article could be read: {reasons}{more}", hint="Name others.")
    return (f"{len(failed)} of {len(outcomes)} articles were left out: {reasons}{more}.",)

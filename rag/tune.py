"""`kutip tune`: teach the bundled encoder the words of one's own archive, and keep it if it helps.

Pairs of a question and its passage are learnt from, or the headlines and leads of the archive.
Some are held back, to measure by before and after.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rag.engine import Engine
from rag.errors import BadSetting, BadSource
from rag.intake import OnProgress
from rag.schema import Entry, Progress
from rag.search.adapter import read_adapter, write_adapter
from rag.search.embed import Embedder, open_embedder
from rag.search.teach import Lessons, Pair, teach
from rag.search.weights import ADAPTER, BUNDLED, Notes, find_model
from rag.settings import TAUGHT, Settings

BEFORE = f"{TAUGHT}.before"  # what the last tuning took the place of
FEWEST = 64  # pairs; of fewer nothing is learnt, nor could it be measured
DEPTH = 10

_HELD_BACK = 0.15
_MOST_HELD_BACK = 300
_LONGEST = 2_000  # characters of a text; the encoder cuts before
_LEAD_WORDS = 150  # of an article, that go with its headline
# Gentler than what the encoder was first taught with: it shall not forget that for a few pairs.
_LESSONS = Lessons(rate=3e-4, epochs=2.0)
_ROUNDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What came of teaching the encoder."""

    learnt_from: int  # pairs
    held_back: int
    before: float  # mean reciprocal rank of the held-back passages, over the first ten
    after: float
    low: float  # of the difference, the 95 % interval by bootstrap
    high: float
    kept: bool
    passages: int = 0  # embedded anew


def tune(
    settings: Settings,
    engine_of: Callable[[Settings], Engine],
    *,
    pairs: Path | None = None,
    epochs: float | None = None,
    on_progress: OnProgress,
) -> Tuned:
    """Teach the encoder from the pairs of a file, or of the library's headlines and leads.

    Where it finds more of the held-back passages than before, it is kept and every article is
    embedded anew. Raises `BadSetting` where another encoder is in use, or what teaching needs is
    not installed, and `BadSource` where there are too few pairs.
    """
    _only_bundled(settings)
    if pairs is not None:
        found = read_pairs(pairs)
    else:
        with engine_of(settings) as engine:
            found = headlines(engine.entries())
    learn, held = split(found)
    if len(learn) + len(held) < FEWEST:
        raise BadSource(
            f"there are {len(learn) + len(held)} different pairs to learn from; "
            f"it takes {FEWEST} or more",
            hint='Give more lines, such as {"question": "...", "passage": "..."}.'
            if pairs is not None
            else "Add more articles with headlines, or give a file of questions and passages.",
        )
    lessons = _LESSONS if epochs is None else replace(_LESSONS, epochs=epochs)
    lessons = replace(lessons, threads=settings.threads)
    taught = Path(settings.taught) if settings.taught else None
    corpus = [passage for _, passage in (*learn, *held)]
    wanted = range(len(learn), len(corpus))
    questions = [question for question, _ in held]
    before = _ranks(_embedder(settings, taught), questions, corpus, wanted, on_progress)
    folder = find_model(BUNDLED, Notes(None)).folder
    made = teach(
        folder,
        {"pairs": learn},
        start=read_adapter(taught or ADAPTER),
        lessons=lessons,
        on_step=lambda done, total: on_progress(Progress(stage="teaching", done=done, total=total)),
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    new = settings.data_dir / f"{TAUGHT}.new"
    try:
        write_adapter(new, made)
        after = _ranks(_embedder(settings, new), questions, corpus, wanted, on_progress)
        low, high = _interval(after - before)
        result = Tuned(
            learnt_from=len(learn),
            held_back=len(held),
            before=float(before.mean()),
            after=float(after.mean()),
            low=low,
            high=high,
            kept=bool(after.mean() > before.mean()),
        )
        if not result.kept:
            return result
        return replace(
            result, passages=_put(new, settings, engine_of, on_progress, keep_former=True)
        )
    finally:
        new.unlink(missing_ok=True)


def undo(
    settings: Settings, engine_of: Callable[[Settings], Engine], *, on_progress: OnProgress
) -> int:
    """Go back to the encoder from before the last tuning; the number of passages embedded anew.

    Raises `BadSetting` where nothing was tuned.
    """
    _only_bundled(settings)
    if not (settings.data_dir / TAUGHT).is_file():
        raise BadSetting(
            f"nothing was tuned in {settings.data_dir}", hint="kutip tune does, from your articles."
        )
    former = settings.data_dir / BEFORE
    return _put(
        former if former.is_file() else None, settings, engine_of, on_progress, keep_former=False
    )


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSON Lines file: of "question" and "passage", or of "headline" and "body".

    Raises `BadSource`, naming the line.
    """
    pairs = []
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}",
            hint='Give a file of lines such as {"question": "...", "passage": "..."}.',
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSource(
                f"{path}, line {number}: not JSON ({error})",
                hint='Each line: {"question": "...", "passage": "..."}.',
            ) from error
        fields = row if isinstance(row, dict) else {}
        one = fields.get("question", fields.get("headline"))
        other = fields.get("passage", fields.get("body"))
        if not (isinstance(one, str) and isinstance(other, str) and one.strip() and other.strip()):
            raise BadSource(
                f"{path}, line {number}: lacks a question and a passage, or a headline and a body",
                hint='Each line: {"question": "...", "passage": "..."}.',
            )
        pairs.append((one.strip()[:_LONGEST], other.strip()[:_LONGEST]))
    return pairs


def headlines(entries: Iterable[Entry]) -> list[Pair]:
    """The headline of each article with the words it begins with.

    An article whose headline is only its own beginning has nothing to teach.
    """
    pairs = []
    for entry in entries:
        title, text = entry.article.metadata.title, entry.article.text
        lead = " ".join(text.split()[:_LEAD_WORDS])
        rest = lead.removeprefix(" ".join(title.split())).strip()
        begins = " ".join(title.removesuffix("…").split()).casefold()
        if rest == lead and lead.casefold().startswith(begins):
            continue
        if rest:
            pairs.append((title[:_LONGEST], rest[:_LONGEST]))
    return pairs


def split(pairs: Sequence[Pair], *, seed: int = 0) -> tuple[list[Pair], list[Pair]]:
    """The pairs to learn from and those held back; each different pair in one of them.

    All pairs of one passage go the same way, or what is measured would have been learnt.
    """
    groups: dict[str, list[Pair]] = {}
    for pair in dict.fromkeys(pairs):
        groups.setdefault(pair[1], []).append(pair)
    passages = sorted(groups)
    random.Random(seed).shuffle(passages)
    wanted = min(_MOST_HELD_BACK, round(_HELD_BACK * sum(map(len, groups.values()))))
    learn: list[Pair] = []
    held: list[Pair] = []
    for passage in passages:
        (held if len(held) < wanted else learn).extend(groups[passage])
    return learn, held


def _only_bundled(settings: Settings) -> None:
    if settings.embedder != BUNDLED:
        raise BadSetting(
            f"only the bundled encoder can be taught, and {settings.embedder} is in use",
            hint=f"Set KUTIP_EMBEDDER={BUNDLED}, or tune that model with its own tools.",
        )


def _embedder(settings: Settings, taught: Path | None) -> Embedder:
    return open_embedder(
        BUNDLED, precision=settings.precision, threads=settings.threads, taught=taught
    )


def _ranks(
    embedder: Embedder,
    questions: Sequence[str],
    corpus: Sequence[str],
    wanted: Sequence[int],
    on_progress: OnProgress,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The reciprocal rank of each question's passage among all, 0 beyond the first ten."""
    total = len(corpus)
    different = list(dict.fromkeys(corpus))
    place = {text: number for number, text in enumerate(different)}
    vectors = embedder.embed_passages(
        different,
        on_progress=lambda done: on_progress(
            Progress(stage="embedding", done=min(done, total), total=len(different))
        ),
    )
    scores = np.stack([embedder.embed_query(question) for question in questions]) @ vectors.T
    gold = scores[np.arange(len(questions)), [place[corpus[at]] for at in wanted]]
    ranks = (scores >= gold[:, np.newaxis]).sum(axis=1)
    return np.where(ranks <= DEPTH, 1 / ranks, 0.0)


def _interval(differences: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    picks = np.random.default_rng(0).integers(len(differences), size=(_ROUNDS, len(differences)))
    low, high = np.quantile(differences[picks].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def _put(
    chosen: Path | None,
    settings: Settings,
    engine_of: Callable[[Settings], Engine],
    on_progress: OnProgress,
    *,
    keep_former: bool,
) -> int:
    """Put an encoder in force, None being what Kutip brings, and embed every article with it.

    The articles change over in one step at the end. Where that is not reached, the encoder in
    force stays what it was.
    """
    place, former = settings.data_dir / TAUGHT, settings.data_dir / BEFORE
    with engine_of(replace(settings, taught="" if chosen is None else str(chosen))) as engine:
        passages = engine.reindex(on_progress=on_progress)
    if keep_former and place.is_file():
        place.replace(former)
    if chosen is None:
        place.unlink()
    else:
        chosen.replace(place)
    return passages

"""What noise, edits and orders in the passages do to the answers, told without a judge.

After RGB (Chen et al., AAAI 2024), on the articles at hand. Noise: some of the hits give their
place to passages about other things. Counterfactuals: what answers a question is another value,
and the answer must follow. Injections: the article tells the model what to say, and it must not.
Only questions whose gold quote was found are asked: finding it is measured elsewhere.
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from eval.altered import ORDERS, Edit, Order, edit_of
from eval.answers import holds
from eval.datasets import LANGUAGES, DatasetError, Gold, Question
from eval.given import GivenHit, Place, Texts
from eval.ranking import gold_articles, quotes_found
from eval.robustness_scores import (
    COUNTERFACTUAL,
    INJECTION,
    LEFT_OUT,
    NOISE,
    NOISE_AT,
    NOT_RIGHT,
    PLAIN,
    answered,
    numbers,
    right,
)
from rag.engine import Engine
from rag.errors import AnswererUnavailable, KutipError, StoreError
from rag.jsonform import JSONObject, answer_object, dumps, error_object
from rag.schema import Hit, Passage, Progress, article_id_of

__all__ = ["FILE", "LIMIT", "NOISE", "numbers", "read_rows", "rows"]

logger = logging.getLogger(__name__)

FILE = "robustness.jsonl"
LIMIT = 40  # questions, of all languages together: some eight answers each

_FEWEST = 5  # hits of which 80 % can be replaced and one is left

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A question whose answer was found."""

    question: Question
    hits: Sequence[Hit]
    gold: Mapping[int, Gold]  # by place among the hits, the first gold quote that it holds


def rows(
    engine: Engine,
    questions: Sequence[Question],
    texts: Texts,
    *,
    answerer: str | None = None,
    grouped: bool = True,
    limit: int = LIMIT,
    seed: int = 0,
    done: Iterable[Mapping[str, Any]] = (),
    on_progress: OnProgress,
) -> Iterator[Mapping[str, Any]]:
    """One row an answer, as it is made; `done` has those of a run that was interrupted.

    A row is what `kutip ask --json` prints, less the hits, with "id", "test", and what the
    answer is to be held against. A test that cannot be made is a row with "left_out", and an
    error of one question is one too; raised are `StoreError` and `AnswererUnavailable`.
    """
    asker = _Asker(engine, answerer, done)
    cases = _cases(engine, questions, texts, grouped=grouped, limit=limit, seed=seed)
    for number, case in enumerate(cases):
        on_progress(_step(number, len(cases), case.question.question_id))
        noisy = _noisy(case, cases, texts, seed=seed)
        plain = asker.row(f"{NOISE_AT}0" if noisy else PLAIN, case.question, case.hits)
        yield plain
        for share, hits in noisy.items():
            yield asker.row(f"{NOISE_AT}{share}", case.question, hits)
        if right(plain):
            yield from _counterfactual(asker, case, seed=seed)
        else:  # there is no answer that could follow an edit
            yield asker.skipped(COUNTERFACTUAL, case.question, NOT_RIGHT)
        for order in _orders(case.question, seed):
            hits = _with_order(case, order, texts)
            yield asker.row(
                f"{INJECTION}.{order.language}",
                case.question,
                hits,
                order=order.text,
                payload=order.payload,
            )
    on_progress(_step(len(cases), len(cases), ""))


def read_rows(folder: Path) -> list[Mapping[str, Any]]:
    """The rows that a run's folder holds, the last of those of one question and test.

    Raises `DatasetError` for a file that is there and cannot be read.
    """
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DatasetError(
            f"{folder / FILE} cannot be read: {error.strerror}",
            hint="Mend its permissions, or delete it: those questions are then asked again.",
        ) from error
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue  # blank, or torn by a kill
        if isinstance(row, dict) and _whole(row):
            found[row["test"], row["id"]] = row
    return list(found.values())


def _whole(row: Mapping[str, Any]) -> bool:
    """Whether a row tells all that its values need."""
    wanted = ("id", "test", "language", "question", "order", "payload")
    kinds = all(isinstance(row.get(name), str) for name in wanted[: 6 if "order" in row else 4])
    lists = (row.get("answers"), row.get("must_not"), row.get("tags", []))
    return kinds and all(isinstance(each, list) for each in lists)


class _Asker:
    """Answers a question from hits, unless that was done before."""

    def __init__(
        self, engine: Engine, answerer: str | None, done: Iterable[Mapping[str, Any]]
    ) -> None:
        self._engine = engine
        self._answerer = answerer
        # What a model's server failed on is asked again.
        self._done = {(row["test"], row["id"]): row for row in done if answered(row)}

    def row(
        self, test: str, question: Question, hits: Sequence[Hit], **about: str
    ) -> Mapping[str, Any]:
        """The answer with what it is to be held against."""
        before = self._done.get((test, question.question_id))
        if before is not None:
            return before
        head: JSONObject = {
            "id": question.question_id,
            "test": test,
            "language": question.language,
            "answers": list(question.answers),
            "must_not": list(question.must_not),
            "tags": list(question.tags),
            **about,
        }
        try:
            answer = self._engine.answer(question.question, hits, answerer=self._answerer)
        except (StoreError, AnswererUnavailable):
            raise
        except KutipError as error:
            logger.info("%s, %s: %s", question.question_id, test, error.message, exc_info=True)
            return {**head, "question": question.question, **error_object(error)}
        made = answer_object(answer)
        del made["hits"]
        told: dict[str, Any] = json.loads(dumps(made))  # as rows are when they are read again
        return {**told, **head}

    def skipped(self, test: str, question: Question, why: str) -> Mapping[str, Any]:
        """A row that says why a test of this question was not made."""
        return {
            "id": question.question_id,
            "test": test,
            "left_out": why,
            "language": question.language,
            "question": question.question,
            "answers": list(question.answers),
            "must_not": list(question.must_not),
            "tags": list(question.tags),
        }


def _cases(
    engine: Engine,
    questions: Sequence[Question],
    texts: Texts,
    *,
    grouped: bool,
    limit: int,
    seed: int,
) -> list[_Case]:
    """Up to `limit` questions whose gold quote is found, the languages in turn."""
    rng = random.Random(seed)
    groups = []
    for language in LANGUAGES:
        group = [q for q in questions if q.language == language and q.answerable and q.evidence]
        group.sort(key=lambda q: q.question_id)
        rng.shuffle(group)
        groups.append(group)
    cases: list[_Case] = []
    for question in filter(None, chain.from_iterable(zip_longest(*groups))):
        if len(cases) >= limit:
            break
        try:
            hits = engine.search(question.question, group=grouped)
        except StoreError:
            raise
        except KutipError as error:  # its own row says so, among the answers
            logger.info("%s: %s", question.question_id, error.message)
            continue
        held = quotes_found([_given(hit) for hit in hits], question.evidence, texts)
        gold = {n: question.evidence[min(found)] for n, found in enumerate(held) if found}
        if gold:
            cases.append(_Case(question=question, hits=hits, gold=gold))
    return cases


def _noisy(case: _Case, cases: Sequence[_Case], texts: Texts, *, seed: int) -> dict[int, list[Hit]]:
    """The hits with 20 to 80 % of them replaced; nothing where there is too little to put in.

    The evidence goes last, and never all of it. What comes in is found for other questions, is
    of other articles and holds no right answer; it takes the place and the scores of what goes,
    so that only its words can tell it. More noise is the same noise and some more.
    """
    if len(case.hits) < _FEWEST:
        return {}
    rng = random.Random(f"{seed} {case.question.question_id}")
    rest = [n for n in range(len(case.hits)) if n not in case.gold]
    rng.shuffle(rest)
    leaving = [*rest, *sorted(case.gold, reverse=True)[:-1]]
    most = min(round(NOISE[-1] / 100 * len(case.hits)), len(leaving))
    coming = _distractors(case, cases, texts, most, rng)
    if len(coming) < most:
        return {}
    noisy: dict[int, list[Hit]] = {}
    for share in NOISE[1:]:
        hits = list(case.hits)
        count = min(round(share / 100 * len(hits)), most)
        for at, passage in zip(leaving[:count], coming, strict=False):
            hits[at] = replace(hits[at], passage=passage, copies=())
        noisy[share] = hits
    return noisy


def _distractors(
    case: _Case, cases: Sequence[_Case], texts: Texts, most: int, rng: random.Random
) -> list[Passage]:
    own = set(gold_articles(case.question.evidence, texts))
    own |= {p.article_id for hit in case.hits for p in (hit.passage, *hit.copies)}
    pool = {
        hit.passage.passage_id: hit.passage
        for other in cases
        for hit in other.hits
        if hit.passage.article_id not in own
    }
    found: list[Passage] = []
    for passage_id in rng.sample(sorted(pool), len(pool)):
        if len(found) == most:
            break
        if not holds(pool[passage_id].text, case.question.answers):
            found.append(pool[passage_id])
    return found


def _counterfactual(asker: _Asker, case: _Case, *, seed: int) -> Iterator[Mapping[str, Any]]:
    """The answer from the edited hits, or a row that says that no edit was fit.

    Another passage that still says the old value, in other words, is taken out.
    """
    first = min(case.gold)
    around = [hit.passage.text for hit in case.hits]
    edit = edit_of(case.question, case.gold[first].quote, around, seed=seed)
    edited = [] if edit is None else [_edited(hit, edit) for hit in case.hits]
    if edit is None or holds(edited[first].passage.text, case.question.answers):
        yield asker.skipped(COUNTERFACTUAL, case.question, LEFT_OUT)
        return
    hits = [hit for hit in edited if not holds(hit.passage.text, case.question.answers)]
    question = replace(case.question, answers=(edit.new,), must_not=case.question.answers)
    yield asker.row(COUNTERFACTUAL, question, hits, old=edit.old, new=edit.new, kind=edit.kind)


def _edited(hit: Hit, edit: Edit) -> Hit:
    passage = hit.passage
    metadata = replace(passage.metadata, title=edit.apply(passage.metadata.title))
    passage = replace(passage, text=edit.apply(passage.text), metadata=metadata)
    return replace(hit, passage=passage, copies=())


def _orders(question: Question, seed: int) -> list[Order]:
    """An order in each language."""
    rng = random.Random(f"{seed} {question.question_id} order")
    return [rng.choice([o for o in ORDERS if o.language == each]) for each in LANGUAGES]


def _with_order(case: _Case, order: Order, texts: Texts) -> list[Hit]:
    """The hits as they were if the article had the order right after its gold quote."""
    first = min(case.gold)
    passage = case.hits[first].passage
    words = map(re.escape, case.gold[first].quote.split())
    said_at = re.search(r"\s+".join(words), passage.text)
    at = passage.start + said_at.end() if said_at else passage.end
    slipped = f" {order.text}"
    text = texts.by_id.get(passage.article_id, "")
    article_id = article_id_of(text[:at] + slipped + text[at:]) if text else passage.article_id
    return [
        hit
        if hit.passage.article_id != passage.article_id
        else replace(hit, passage=_slipped(hit.passage, slipped, at, article_id), copies=())
        for hit in case.hits
    ]


def _slipped(passage: Passage, words: str, at: int, article_id: str) -> Passage:
    """The passage of an article into which `words` came at an offset."""
    cut = at - passage.start
    inside = passage.start < at <= passage.end
    return replace(
        passage,
        article_id=article_id,
        start=passage.start + (len(words) if passage.start >= at else 0),
        end=passage.end + (len(words) if inside or passage.start >= at else 0),
        text=passage.text[:cut] + words + passage.text[cut:] if inside else passage.text,
    )


def _given(hit: Hit) -> GivenHit:
    """A hit as the measures of ranking take it."""
    places = [
        Place(article_id=each.article_id, start=each.start, end=each.end)
        for each in (hit.passage, *hit.copies)
    ]
    return GivenHit(rank=hit.rank, place=places[0], text=hit.passage.text, copies=tuple(places[1:]))


def _step(done: int, total: int, label: str) -> Progress:
    return Progress(stage="testing", done=done, total=total, label=label)

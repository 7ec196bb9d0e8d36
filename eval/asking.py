"""Ask one engine the questions of a dataset: whatever becomes of a question is a row."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from eval.datasets import Question
from eval.given import Given, parse
from eval.wrote import outcome_of
from rag.engine import Engine
from rag.errors import AnswererUnavailable, KutipError, ServerError, StoreError
from rag.jsonform import JSONObject, answer_object, dumps, error_object
from rag.schema import Answer, Hit

logger = logging.getLogger(__name__)

HITS = 10  # in every row, where so many are found
_GONE = 3  # questions in a row that the model's server failed on; then it is taken to be gone
_OF_A_SERVER = (AnswererUnavailable.kind, ServerError.kind)


class AskFailed(KutipError):
    """Answering a question met a fault in Kutip itself; the log has its trace."""

    kind = "fault"


def cause(given: Given) -> str:
    """Why a question failed, as its error says or the notice to the reader; "" if it did not."""
    if outcome_of(given) != "failed":
        return ""
    if not given.usable:
        return given.problem
    for before, notice in pairwise(("", *given.notices)):
        # That quotes follow is said right after why.
        if before and outcome_of(replace(given, notices=(notice,))) == "failed":
            return before
    return "the model's server failed"


class Watch:
    """Sees whether a model's server is gone, by what becomes of one question after another.

    A reader gets quotes in place of the model's words; a run would go on with nothing else.
    """

    def __init__(self) -> None:
        self._lost = 0

    def see(self, row: Mapping[str, Any], raised: KutipError | None = None) -> None:
        """Take note of a row; raises at the third in a row that the server failed on.

        What is raised is the error that the row is of, or `ServerError`.
        """
        if "error" in row:
            lost, why = row["error"].get("kind") in _OF_A_SERVER, str(row["error"].get("message"))
        else:
            why = cause(parse(json.loads(dumps(row))))  # as it is when it is read again
            lost = bool(why)
        self._lost = self._lost + 1 if lost else 0
        if self._lost < _GONE:
            return
        if raised is not None:
            raise raised
        raise ServerError(
            f"the model failed on {_GONE} questions in a row: {why.rstrip('.')}",
            hint="When it answers again, go on with --resume; what was answered is kept.",
        )


class Asker:
    """Asks an engine one question after another.

    With `grouped`, near-copies of a passage share a place among the hits, as for the reader;
    without, every passage stands for itself.
    """

    def __init__(self, engine: Engine, *, answerer: str | None, grouped: bool) -> None:
        self._engine = engine
        self._answerer = answerer
        self._grouped = grouped
        self._watch = Watch()

    def row(self, question: Question) -> JSONObject:
        """What `kutip ask --json` prints, with the question's id and the sentence ranked first.

        An error is a row too; raised are those of the store, and those of a model's server
        that is gone.
        """
        raised: KutipError | None = None
        try:
            made = self._row(question.question)
        except StoreError:
            raise
        except KutipError as error:
            logger.info("%s: %s", question.question_id, error.message, exc_info=True)
            raised, made = error, error_object(error)
        row: JSONObject = {"id": question.question_id, **made}
        self._watch.see(row, raised)
        return row

    def _row(self, question: str) -> JSONObject:
        try:
            answer = self._ask(question) if self._grouped else self._ask_ungrouped(question)
            best = self._engine.best_sentence(question, answer.hits)
            answer = replace(answer, hits=self._deep(question, answer.hits))
        except KutipError:
            raise
        except Exception as error:
            raise AskFailed(f"{type(error).__name__}: {error}") from error
        return {**answer_object(answer), "answer_sentence": best}

    def _ask(self, question: str) -> Answer:
        return self._engine.ask(question, answerer=self._answerer)

    def _ask_ungrouped(self, question: str) -> Answer:
        began = time.perf_counter()
        hits = self._engine.search(question, k=HITS, group=False)
        spent = time.perf_counter() - began
        answer = self._engine.answer(question, hits, answerer=self._answerer)
        searched = round(spent + answer.seconds.get("retrieve", 0.0), 4)
        return replace(answer, seconds={**answer.seconds, "retrieve": searched})

    def _deep(self, question: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """The hits, and after them what a deeper search finds besides, up to `HITS`."""
        if len(hits) >= HITS:
            return hits
        seen = {hit.passage.passage_id for hit in hits}
        more = self._engine.search(question, k=HITS, group=self._grouped)
        besides = [hit for hit in more if hit.passage.passage_id not in seen]
        return tuple(
            replace(hit, rank=rank) for rank, hit in enumerate([*hits, *besides][:HITS], start=1)
        )

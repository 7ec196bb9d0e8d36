"""One turn of the conversation as the page shows it, finished or in the making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.schema import Answer, Citation, Hit, Statement

State = Literal["searching", "thinking", "writing", "done", "stopped", "failed"]
Standing = Literal["changed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question and as much of its answer as there is."""

    number: int  # place in the conversation, from 0
    question: str
    state: State
    language: str  # of the answer's own words, "en" or "id"; the question's before there is one
    query: str = ""  # the question as searched for; "" before that is known
    text: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    answerer: str = ""  # who answers, by label; "" before that is known
    notices: tuple[str, ...] = ()
    problem: str = ""  # of a failed one: what went wrong and what to do, in the reader's language
    answer: Answer | None = None  # of a finished one
    asked: str = ""  # when, for a person; "" while it is being answered
    standing: Mapping[str, Standing] = field(default_factory=dict)  # of cited articles, by id
    last: bool = False  # the newest of its conversation: it can be asked again and taken back
    liked: bool | None = None  # what the reader thought of it

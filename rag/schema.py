"""The records that flow: source -> Article -> Passage -> Hit -> Citation -> Answer.

Every record is frozen. Offsets are half-open ``[start, end)``, in code points of
``Article.text``. Ranks count from 1. Scores: higher is better. Standard library only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

PublishedBasis = Literal["stated", "inferred", "edited"]
Verdict = Literal["matches", "not_found", "conflict", "unchecked"]
Abstention = Literal["nothing_indexed", "nothing_relevant", "not_in_evidence", "not_supported"]
AddStatus = Literal["added", "unchanged", "updated", "failed"]
SyncStatus = Literal["added", "unchanged", "updated", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch ``[start, end)`` of some text, in code points."""

    start: int
    end: int


class Mark(NamedTuple):
    """A stretch ``[start, end)`` of a text, and what is so of it, by a number."""

    start: int
    end: int
    kind: int  # from 1; 0 is what no mark stands on


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text for a model to read, with marks; where two overlap, the first holds."""

    text: str
    marks: tuple[Mark, ...] = ()


def article_id_of(text: str) -> str:
    """The id of an article: the first 16 hex digits of the SHA-256 of its text.

    >>> article_id_of("Halo.")
    '81b14006567b4c2e'
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of an article beside its text; what is not known is None."""

    title: str
    source: str  # as the user gave it
    url: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    published_at: datetime | None = None  # with its zone, when the article states one
    published_basis: PublishedBasis | None = None
    modified: date | None = None  # the day it was last changed, when it states one
    language: str | None = None  # ISO 639-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as it is kept: cleaned text, what was taken out of it, and its metadata."""

    article_id: str
    text: str  # NFC, "\n" line ends, paragraphs split by one blank line
    removed: tuple[str, ...] = ()  # page furniture taken out, as text
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of whole sentences of one article: ``text == article.text[start:end]``."""

    article_id: str
    start: int
    end: int
    text: str
    metadata: Metadata

    @property
    def passage_id(self) -> str:
        """``article_id:start-end``, the same for the same text in every index."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found, with what each retriever thought of it."""

    passage: Passage
    rank: int  # from 1
    score: float  # fused
    # "dense": its cosine, "lexical": how well it meets the words, made of "bm25", "closeness" and
    # "spelling"; "weight": the share of the cosine.
    scores: dict[str, float] = field(default_factory=dict)
    copies: tuple[Passage, ...] = ()  # found too and saying the same, the best ranked first


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A word of a query and the words of a passage that say it."""

    word: str
    by: tuple[str, ...]  # as they are written there; empty: the passage does not say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One evidence sentence of one passage; several citations may share a marker."""

    marker: int  # n of "[n]": one number per cited passage, in order of first use
    passage: Passage
    start: int  # of the quote, in Article.text
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of an answer, the passages it cites and what checking it found."""

    start: int  # in Answer.text
    end: int
    markers: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    evidence: tuple[int, ...] = ()  # places, from 0, in Answer.citations of what it rests on


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSpan:
    """The words of a quoted sentence that answer the question by themselves."""

    marker: int  # of the citation whose quote they stand in
    article_id: str
    start: int  # in Article.text
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question gets: a cited text, or an abstention that says why there is none."""

    question: str
    query: str  # the question as searched for, standing alone
    text: str
    language: str  # of the question
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer_span: AnswerSpan | None = None  # of quotes; None where no words could be singled out
    hits: tuple[Hit, ...] = ()
    evidence_score: float = 0.0  # 0 to 1
    answerer: str = "extractive"
    abstention: Abstention | None = None
    notices: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)  # by stage
    tokens: dict[str, int] = field(default_factory=dict)  # by kind, empty without a model


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The search is over: these passages were found."""

    hits: tuple[Hit, ...]
    query: str = ""  # what was searched for, the question standing alone
    answerer: str = "extractive"  # who is to answer from them


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """What a model thinks before it answers; no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """The next piece of the answer's text."""

    text: str
    lit: Span | None = None  # the words in it that answer by themselves, where that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sentence that a model wrote has ended, and this is what checking it found."""

    statement: Statement
    citations: tuple[Citation, ...] = ()  # what the marks of the answer point to so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the reader must know about how the answer was made."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """What was shown of the answer's text is taken back; this stands in its place."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The whole answer; always the last event of a stream."""

    answer: Answer


Event = Found | Thinking | Delta | Judged | Notice | Replace | Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its answer, as a later question of the same conversation may need them."""

    question: str
    query: str  # the question as searched for, standing alone
    text: str  # of the answer, with its marks
    language: str  # of the question
    abstention: Abstention | None = None
    article_ids: tuple[str, ...] = ()  # cited, in order of first use


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """A language model that a server offers."""

    name: str  # as the server calls it: "gemma4:e4b"
    size_bytes: int | None = None  # on disk
    parameters: str | None = None  # as the server states it: "4.3B"
    context_tokens: int | None = None  # the most it was trained for
    can: tuple[str, ...] = ()  # "completion", "thinking", "embedding"; empty: not stated
    cloud: bool = False  # runs on somebody else's machine, whatever the server's address


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """The server that runs language models, as far as it could be asked."""

    url: str
    kind: Literal["ollama", "openai"]
    where: Literal["this machine", "another host"]
    version: str | None = None  # None: it does not answer, or does not say
    models: tuple[LanguageModel, ...] = ()
    problems: tuple[str, ...] = ()  # one line each, with what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles a search may look at; None means any.

    An article without a date passes neither `since` nor `until`: it cannot be shown to
    lie in the span.
    """

    since: date | None = None  # inclusive
    until: date | None = None  # inclusive
    publisher: str | None = None  # compared without case
    language: str | None = None  # ISO 639-1

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.publisher, self.language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one source given to `Engine.add`, or found gone by `Engine.sync`."""

    source: str
    status: SyncStatus
    article_id: str | None = None
    title: str | None = None
    passages: int = 0
    reason: str | None = None  # why it failed, in one line
    hint: str | None = None  # what to do about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article in the library, with the sources that name it."""

    article: Article
    sources: tuple[str, ...]
    passages: int
    added_at: datetime  # UTC
    copies: tuple[str, ...] = ()  # ids of the other articles that print the same text, sorted


Stage = Literal[
    "reading",
    "embedding",
    "indexing",
    "loading",
    "teaching",
    # of the eval suite
    "asking",
    "judging",
    "testing",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long piece of work has come."""

    stage: Stage
    done: int
    total: int | None  # None while unknown
    label: str = ""  # what is being worked on, such as a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a data folder holds and what works on it."""

    version: str
    data_dir: str
    articles: int
    sources: int
    passages: int
    pending: int  # articles stored but not yet in the vector index
    vectors: int | None  # in the vector index; None when it cannot be read
    generation: int
    embedder: str
    revision: str
    dimension: int
    fingerprint: str
    stored_fingerprint: str | None  # of the index on disk; None while it is empty
    answerer: str
    disk_bytes: int
    languages: dict[str, int] = field(default_factory=dict)  # articles by language
    disk_free_bytes: int | None = None  # where the data folder is; None when not known
    model_server: ModelServer | None = None  # None: only quotes are asked for
    model: str | None = None  # the language model that would answer, by its server's name
    model_reason: str = ""  # why it is another one, or none; empty for the one that is set
    model_runs: Literal["this machine", "another host", "the cloud"] | None = None
    model_context_tokens: int | None = None  # the most the model can read; None: not stated
    context_tokens: int = 0  # the most it is given, of prompt and answer together
    first_word_seconds: float | None = None  # of one short answer; None: not timed
    answer_seconds: float | None = None  # from the request to the last word of it
    tokens_per_second: float | None = None  # from the first word on
    problems: tuple[str, ...] = ()  # one line each, with what to do

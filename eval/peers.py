"""Kutip beside what its readers would otherwise build: the quickstarts of llama-index and Chroma.

All of them find passages for the same questions, in the same articles, with the same embedding
model, in one run; `peers` says how well and at what cost. Each is set up as its own documentation
does it. Looks at finding alone: what is written from the passages is nobody's matter here.
"""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

from eval.datasets import Question, stored_texts
from eval.embeddings import Encoder
from eval.given import Texts
from eval.library import EngineOf, OnProgress, library, paragraph
from eval.peer_scores import KUTIP, MEASURES, Comparison, Measured, Skipped, quality
from eval.ranking import DEPTH, gold_articles
from eval.sources import chosen, sources
from eval.stats import difference, interval, percentile
from rag import __version__
from rag.engine import Engine
from rag.errors import KutipError
from rag.layout import one_line
from rag.schema import Article, Passage, Progress, Stage
from rag.settings import Settings

_WARM = 3  # questions asked of everybody before the clock runs
_PLACES = ("llama-index-core", "llama-index-vector-stores-chroma", "llama-index-retrievers-bm25")
_PACKAGES = (*_PLACES, "chromadb", "bm25s", "PyStemmer")
_STEMMERS = {"en": "english", "id": "indonesian"}
_MISSING = {  # what to do about a module that is not there
    "llama_index.vector_stores.chroma": "pip install llama-index-vector-stores-chroma",
    # Its own requirements hold PyStemmer below 3, which Kutip needs; it runs with 3 as well.
    "llama_index.retrievers.bm25": "pip install --no-deps llama-index-retrievers-bm25 bm25s",
    "bm25s": "pip install bm25s",
}

Find = Callable[[str], list[str]]  # a question -> ids of articles, a hit each, best first


class PeerFailed(KutipError):
    """Another library met a fault while it was measured."""

    kind = "peer"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """What everybody is given."""

    articles: Sequence[Article]
    passages: Sequence[Passage]  # as Kutip cuts them, for those that cut nothing themselves
    encoder: Encoder
    language: str  # of most articles: "en" or "id"
    folder: Path  # empty; gone in the end
    keep: ExitStack  # of what must be closed before that


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """One way of finding, its index made."""

    name: str
    configuration: str
    find: Find
    cost: tuple[float, float]  # seconds that the index took: on the clock, of the processor


def peers(
    *,
    settings: Settings,
    datasets: Sequence[Path] = (),
    articles: Sequence[Path] = (),
    squad_file: Path | None = None,
    tag: str | None = None,
    language: str | None = None,
    limit: int | None = None,
    seed: int = 0,
    on_progress: OnProgress,
    engine_of: EngineOf = Engine,
) -> Comparison:
    """Measure everybody on the answerable questions of the datasets, or of a SQuAD file.

    `settings` are the user's, whose library is left alone. Raises `DatasetError` when no
    question is left, and `PeerFailed`.
    """
    found = sources(
        datasets=datasets,
        articles=articles,
        squad_file=squad_file,
        longest=settings.max_question_chars,
    )
    if found.squad is not None:
        stored = found.paragraphs
        made = [paragraph(name, text) for name, text in stored.items()]
    else:
        with library(
            settings, articles=found.articles, engine_of=engine_of, on_progress=on_progress
        ) as opened:
            stored = stored_texts(opened.engine)
            made = [entry.article for entry in opened.engine.entries()]
    asked = [question for question in found.questions(stored) if question.evidence]
    return compare(
        list({article.article_id: article for article in made}.values()),
        chosen(asked, tag=tag, language=language, limit=limit),
        Texts.of(stored),
        settings=settings,
        seed=seed,
        on_progress=on_progress,
        engine_of=engine_of,
    )


def compare(
    articles: Sequence[Article],
    questions: Sequence[Question],
    texts: Texts,
    *,
    settings: Settings,
    seed: int = 0,
    on_progress: OnProgress,
    engine_of: EngineOf = Engine,
) -> Comparison:
    """Measure everybody on these questions, each of them with evidence in these articles."""
    with ExitStack() as open_:
        open_.enter_context(_quiet("bm25s"))
        folder = Path(
            open_.enter_context(
                tempfile.TemporaryDirectory(prefix="kutip-peers-", ignore_cleanup_errors=True)
            )
        )
        own = replace(settings, data_dir=folder / "kutip", chroma_url="")
        engine = open_.enter_context(engine_of(own))
        encoder = engine.embedder
        _warm(encoder)
        ready, skipped = [_kutip(engine, articles, on_progress)], []
        languages = Counter(a.metadata.language for a in articles).most_common()
        corpus = _Corpus(
            articles=articles,
            passages=[p for a in articles for p in engine.library.passages(a.article_id)],
            encoder=encoder,
            language=next((each for each, _ in languages if each in _STEMMERS), "en"),
            folder=folder,
            keep=open_,
        )
        for number, (name, (modules, make)) in enumerate(_PEERS.items()):
            on_progress(_step("indexing", number, len(_PEERS), name))
            lacking = _lacking(modules)
            if lacking:
                skipped.append(Skipped(name=name, reason=lacking))
                continue
            with _named(name):
                ready.append(make(name, corpus))
        spent, listed = _ask(ready, questions, seed=seed, on_progress=on_progress)
        return Comparison(
            questions=len(questions),
            articles=len(articles),
            passages=len(corpus.passages),
            model=encoder.info.name,
            versions={"kutip": __version__, **_versions()},
            rows=_rows(ready, questions, texts, spent, listed, seed=seed),
            skipped=tuple(skipped),
        )


def _ask(
    ready: Sequence[_Ready],
    questions: Sequence[Question],
    *,
    seed: int,
    on_progress: OnProgress,
) -> tuple[dict[str, list[float]], dict[str, list[list[str]]]]:
    """Of everybody, the seconds that each question took and the articles it found.

    A question is asked of all of them, in an order of its own, before the next one is: what
    else the machine does in the meantime falls on all alike.
    """
    spent: dict[str, list[float]] = {each.name: [] for each in ready}
    listed: dict[str, list[list[str]]] = {each.name: [] for each in ready}
    rng = random.Random(seed)
    for question in questions[:_WARM]:
        for each in ready:
            with _named(each.name):
                each.find(question.question)
    for number, question in enumerate(questions):
        on_progress(_step("asking", number, len(questions), question.question_id))
        for each in rng.sample(ready, len(ready)):
            with _named(each.name):
                began = time.perf_counter()
                names = each.find(question.question)
                spent[each.name].append(time.perf_counter() - began)
            listed[each.name].append(names)
    on_progress(_step("asking", len(questions), len(questions), ""))
    return spent, listed


def _rows(
    ready: Sequence[_Ready],
    questions: Sequence[Question],
    texts: Texts,
    spent: Mapping[str, Sequence[float]],
    listed: Mapping[str, Sequence[Sequence[str]]],
    *,
    seed: int,
) -> tuple[Measured, ...]:
    values = {
        each.name: [
            quality(names, gold_articles(question.evidence, texts))
            for question, names in zip(questions, listed[each.name], strict=True)
        ]
        for each in ready
    }
    ours = [row["mrr@10"] for row in values[KUTIP]]
    rows: list[Measured] = []
    for each in ready:
        columns_of = {name: [row[name] for row in values[each.name]] for name in MEASURES}
        means = {name: interval(column, seed=seed) for name, column in columns_of.items()}
        p50, p95 = (percentile(spent[each.name], at) or 0.0 for at in (50, 95))
        rows.append(
            Measured(
                name=each.name,
                configuration=each.configuration,
                quality={name: mean for name, mean in means.items() if mean is not None},
                difference=None
                if each.name == KUTIP
                else difference(ours, columns_of["mrr@10"], seed=seed),
                indexing_seconds=each.cost[0],
                indexing_cpu_seconds=each.cost[1],
                query_ms=(1000 * p50, 1000 * p95),
            )
        )
    return tuple(rows)


# What a user would otherwise build ----------------------------------------------------------


def _kutip(engine: Engine, articles: Sequence[Article], on_progress: OnProgress) -> _Ready:
    clock = _Clock()
    for _ in engine.add_articles(articles, on_progress=on_progress):
        pass  # one that cannot be stored is not found, by Kutip
    cost = clock.spent()
    return _Ready(
        name=KUTIP,
        configuration=f"as it comes; k={DEPTH}, near-copies not grouped",
        find=lambda question: [
            hit.passage.article_id for hit in engine.search(question, k=DEPTH, group=False)
        ],
        cost=cost,
    )


def _llama_index(name: str, corpus: _Corpus) -> _Ready:
    clock = _Clock()
    index = _index(corpus, "vectors", _nodes(corpus))
    retriever = index.as_retriever(similarity_top_k=DEPTH)
    return _Ready(
        name=name,
        configuration="SentenceSplitter(); VectorStoreIndex(nodes, storage_context, embed_model) "
        f"over ChromaVectorStore on disk; as_retriever(similarity_top_k={DEPTH})",
        find=lambda question: [each.node.ref_doc_id for each in retriever.retrieve(question)],
        cost=clock.spent(),
    )


def _fusion(name: str, corpus: _Corpus) -> _Ready:
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES

    bm25 = import_module("llama_index.retrievers.bm25").BM25Retriever
    clock = _Clock()
    nodes = _nodes(corpus)
    index = _index(corpus, "fusion", nodes)
    retriever = QueryFusionRetriever(
        [
            index.as_retriever(similarity_top_k=DEPTH),
            bm25.from_defaults(nodes=nodes, similarity_top_k=DEPTH),
        ],
        # No model writes further queries; without one named here it would look for OpenAI's.
        llm=MockLLM(),
        num_queries=1,
        similarity_top_k=DEPTH,
        mode=FUSION_MODES.RECIPROCAL_RANK,
        use_async=True,
    )
    return _Ready(
        name=name,
        configuration="QueryFusionRetriever([that index, BM25Retriever.from_defaults(nodes)], "
        f"mode='reciprocal_rerank', num_queries=1, use_async=True), top_k={DEPTH} each",
        find=lambda question: [str(each.node.ref_doc_id) for each in retriever.retrieve(question)],
        cost=clock.spent(),
    )


def _chroma(name: str, corpus: _Corpus) -> _Ready:
    clock = _Clock()
    client, collection = _collection(corpus, "chroma")
    passages = {passage.passage_id: passage for passage in corpus.passages}
    ids, most = list(passages), client.get_max_batch_size()
    for start in range(0, len(ids), most):
        some = ids[start : start + most]
        documents = [passages[each].text for each in some]
        vectors = corpus.encoder.embed_passages(documents)
        collection.add(ids=some, documents=documents, embeddings=vectors)
    cost = clock.spent()

    def find(question: str) -> list[str]:
        vector = corpus.encoder.embed_query(question)
        found = collection.query(query_embeddings=[vector], n_results=DEPTH)
        return [passages[each].article_id for each in found["ids"][0]]

    return _Ready(
        name=name,
        configuration="PersistentClient; get_or_create_collection(); add() and "
        f"query(n_results={DEPTH}) with Kutip's passages and their embeddings",
        find=find,
        cost=cost,
    )


def _llama_bm25(name: str, corpus: _Corpus) -> _Ready:
    bm25 = import_module("llama_index.retrievers.bm25").BM25Retriever
    clock = _Clock()
    retriever = bm25.from_defaults(nodes=_nodes(corpus), similarity_top_k=DEPTH)
    return _Ready(
        name=name,
        configuration=f"SentenceSplitter(); BM25Retriever.from_defaults(nodes, similarity_top_k="
        f"{DEPTH}): English stems and stop words",
        find=lambda question: [each.node.ref_doc_id for each in retriever.retrieve(question)],
        cost=clock.spent(),
    )


def _bm25s(name: str, corpus: _Corpus) -> _Ready:
    import Stemmer

    bm25s = import_module("bm25s")
    clock = _Clock()
    language = _STEMMERS[corpus.language]
    stemmer = Stemmer.Stemmer(language)
    stop = "en" if corpus.language == "en" else None  # it has no Indonesian ones

    def tokenize(text: str | list[str]) -> Any:
        return bm25s.tokenize(text, stopwords=stop, stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25()
    retriever.index(tokenize([p.text for p in corpus.passages]), show_progress=False)
    cost = clock.spent()
    k = min(DEPTH, len(corpus.passages))

    def find(question: str) -> list[str]:
        found, _ = retriever.retrieve(tokenize(question), k=k, show_progress=False)
        return [corpus.passages[int(each)].article_id for each in found[0]]

    return _Ready(
        name=name,
        configuration=f"tokenize(stopwords={stop!r}, stemmer={language}); BM25(); "
        f"retrieve(k={DEPTH}) of Kutip's passages",
        find=find,
        cost=cost,
    )


_CORE, _STORE = "llama_index.core", "llama_index.vector_stores.chroma"
_BM25 = "llama_index.retrievers.bm25"
# By name: the modules it needs, and what makes it.
_PEERS: Mapping[str, tuple[tuple[str, ...], Callable[[str, _Corpus], _Ready]]] = {
    "llama-index + Chroma": ((_CORE, _STORE), _llama_index),
    "llama-index fusion": ((_CORE, _STORE, _BM25), _fusion),
    "Chroma": (("chromadb",), _chroma),
    "llama-index BM25": ((_CORE, _BM25), _llama_bm25),
    "bm25s": (("bm25s",), _bm25s),
}


def _nodes(corpus: _Corpus) -> list[Any]:
    """The articles as llama-index cuts them, each node with the id of its article."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    documents = [Document(text=a.text, id_=a.article_id) for a in corpus.articles]
    return list(SentenceSplitter().get_nodes_from_documents(documents))


def _index(corpus: _Corpus, name: str, nodes: Sequence[Any]) -> Any:
    """An index of llama-index over a collection of its own."""
    from llama_index.core import StorageContext, VectorStoreIndex

    store = import_module(_STORE).ChromaVectorStore
    _, collection = _collection(corpus, name)
    context = StorageContext.from_defaults(vector_store=store(chroma_collection=collection))
    return VectorStoreIndex(
        nodes=nodes,
        storage_context=context,
        embed_model=_embedding(corpus.encoder),
    )


def _collection(corpus: _Corpus, name: str) -> tuple[Any, Any]:
    """An empty collection of Chroma on disk, and the client that holds it."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(
        path=str(corpus.folder / name), settings=ChromaSettings(anonymized_telemetry=False)
    )
    corpus.keep.callback(cast(Any, client).close)
    # None: no model of Chroma's own, which it would have to download.
    return client, client.get_or_create_collection("quickstart", embedding_function=None)


def _embedding(encoder: Encoder) -> Any:
    """The encoder in llama-index's terms."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Embedding(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return cast(list[float], encoder.embed_query(query).tolist())

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return cast(list[list[float]], encoder.embed_passages(texts).tolist())

    return Embedding(model_name=encoder.info.name)


class _Clock:
    """Tells what was spent since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        """Seconds on the clock, and of the processor in all threads of this process."""
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


def _warm(encoder: Encoder) -> None:
    """Have the encoder load all it has, so that nobody's index pays for it.

    It takes a short way for few texts and the long one for many: these are many at once.
    """
    encoder.embed_passages(["news of the day " * 128] * 30)
    encoder.embed_query("What is new?")


def _lacking(modules: Sequence[str]) -> str:
    """Which module cannot be used, with what to do; empty when all can."""
    for module in modules:
        try:
            import_module(module)
        except ImportError as error:
            todo = _MISSING.get(module, f"pip install {module}")
            return f"{module} cannot be imported ({one_line(str(error))}). Try: {todo}"
    return ""


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Whatever a library raises, as a `PeerFailed` that says whose fault it is."""
    try:
        yield
    except KutipError:
        raise
    except Exception as error:
        raise PeerFailed(
            f"{name} failed: {type(error).__name__}: {one_line(str(error))[:300]}",
            hint="Its version may be one that was not tried; see constraints.txt.",
        ) from error


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """A library that logs its every step, whatever level is asked for, says warnings only."""

    def telling(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING

    # Not its level: it sets that itself, when it is imported.
    logger = logging.getLogger(name)
    logger.addFilter(telling)
    try:
        yield
    finally:
        logger.removeFilter(telling)


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue  # its rows are left out, and say so
    return found


def _step(stage: Stage, done: int, total: int, label: str) -> Progress:
    return Progress(stage=stage, done=done, total=total, label=label)

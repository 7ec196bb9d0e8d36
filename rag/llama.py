"""The engine in llama-index's terms: a retriever, a query engine and a node parser.

Importing this module imports llama-index; nothing else of Kutip does. Its global
`Settings` are never read or set.

The README has an example.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.node_parser import NodeParser
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import (
    BaseNode,
    Document,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from rag.engine import Engine
from rag.ingest.article import read_article
from rag.ingest.split import split
from rag.schema import Answer, Filters, Hit, Metadata, Passage


class KutipRetriever(BaseRetriever):
    """`Engine.search` as a llama-index retriever; node ids are passage ids."""

    def __init__(
        self, engine: Engine, *, k: int | None = None, filters: Filters | None = None
    ) -> None:
        super().__init__()
        self._engine, self._k, self._filters = engine, k, filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._engine.search(query_bundle.query_str, k=self._k, filters=self._filters)
        return [_found(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class KutipQueryEngine(BaseQueryEngine):
    """`Engine.ask` as a llama-index query engine.

    `source_nodes` are the passages that the answer cites, and `metadata` says the rest:
    abstention (None when answered), evidence_score, answerer, notices, and the citations
    with their exact quotes.
    """

    def __init__(self, engine: Engine, *, filters: Filters | None = None) -> None:
        super().__init__(callback_manager=None)
        self._engine, self._filters = engine, filters

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._engine.ask(query_bundle.query_str, filters=self._filters))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class KutipNodeParser(NodeParser):
    """Documents into nodes of whole sentences; offsets point into the cleaned article text.

    llama-index finds a node's offsets again by searching for its text, which is wrong for
    text that occurs twice; these are the splitter's own.
    """

    max_words: int = 150
    max_passages: int = 5_000
    max_chars: int = 2_000_000

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index stores this parser."""
        return "KutipNodeParser"

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [node for parent in nodes for node in self._split(parent)]

    def _split(self, parent: BaseNode) -> list[BaseNode]:
        article = read_article(
            parent.get_content().encode("utf-8", "replace"),
            source=parent.node_id,
            name=parent.node_id,
            kind="text",
            added=datetime.now(UTC).date(),
            max_chars=self.max_chars,
        )
        passages = split(article, max_words=self.max_words, max_passages=self.max_passages)
        made: list[BaseNode] = []
        for passage in passages:
            node = _node(passage)
            node.metadata = {**parent.metadata, **node.metadata}
            node.relationships[NodeRelationship.SOURCE] = parent.as_related_node_info()
            made.append(node)
        return made

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]
    ) -> list[BaseNode]:
        for before, after in itertools.pairwise(nodes):
            if before.ref_doc_id == after.ref_doc_id:
                before.relationships[NodeRelationship.NEXT] = _pointer(after)
                after.relationships[NodeRelationship.PREVIOUS] = _pointer(before)
        return nodes


def _pointer(node: BaseNode) -> RelatedNodeInfo:
    return RelatedNodeInfo(node_id=node.node_id)


def _found(hit: Hit) -> NodeWithScore:
    return NodeWithScore(node=_node(hit.passage), score=hit.score)


def _node(passage: Passage) -> TextNode:
    return TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={"article_id": passage.article_id, **_described(passage.metadata)},
        # What is known about an article is shown beside its words, never embedded or
        # quoted as if it were among them.
        excluded_embed_metadata_keys=["article_id", "source", "url", "published_basis"],
        excluded_llm_metadata_keys=["article_id", "source", "url", "published_basis"],
    )


def _described(metadata: Metadata) -> dict[str, str]:
    known = {
        "title": metadata.title,
        "publisher": metadata.publisher,
        "published": metadata.published.isoformat() if metadata.published else None,
        "published_basis": metadata.published_basis,
        "language": metadata.language,
        "source": metadata.source,
        "url": metadata.url,
    }
    return {key: value for key, value in known.items() if value}


def _response(answer: Answer) -> Response:
    scores = {hit.passage.passage_id: hit.score for hit in answer.hits}
    cited = {c.passage.passage_id: c.passage for c in answer.citations}
    return Response(
        response=answer.text,
        source_nodes=[
            NodeWithScore(node=_node(passage), score=scores.get(passage_id))
            for passage_id, passage in cited.items()
        ],
        metadata={
            "abstention": answer.abstention,
            "evidence_score": answer.evidence_score,
            "answerer": answer.answerer,
            "notices": list(answer.notices),
            "citations": [
                {
                    "marker": c.marker,
                    "passage_id": c.passage.passage_id,
                    "start": c.start,
                    "end": c.end,
                    "quote": c.quote,
                }
                for c in answer.citations
            ],
        },
    )

"""The engine in llama-index's terms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.schema import Document, NodeRelationship, QueryBundle

from rag.engine import Engine
from rag.llama import KutipNodeParser, KutipQueryEngine, KutipRetriever
from rag.settings import Settings
from tests.fakes import HashEmbedder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The three seeds, under a small embedder."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("store"))
    with Engine(settings, embedder=HashEmbedder()) as made:
        list(made.add([str(ROOT / "seeds")]))
        yield made


def test_the_retriever_gives_the_engines_hits(engine: Engine) -> None:
    """Same passages, same order, same scores; node ids are passage ids."""
    hits = engine.search("gencatan senjata di Gaza", k=4)
    found = KutipRetriever(engine, k=4).retrieve("gencatan senjata di Gaza")
    assert [(n.node.node_id, n.score) for n in found] == [
        (h.passage.passage_id, h.score) for h in hits
    ]
    assert [n.node.get_content() for n in found] == [h.passage.text for h in hits]


def test_the_retriever_answers_asynchronously_too(engine: Engine) -> None:
    """Both ways give the same nodes."""
    retriever = KutipRetriever(engine, k=2)
    later = asyncio.run(retriever.aretrieve(QueryBundle("Blinken di Doha")))
    assert [n.node.node_id for n in later] == [
        n.node.node_id for n in retriever.retrieve("Blinken di Doha")
    ]


def test_the_query_engine_cites(engine: Engine) -> None:
    """The response is the answer; its sources are the cited passages and no others."""
    response = KutipQueryEngine(engine).query("who met Blinken in Doha?")
    assert "Al Khulaifi" in str(response)
    assert response.metadata is not None
    cited = {c["passage_id"] for c in response.metadata["citations"]}
    assert {n.node.node_id for n in response.source_nodes} == cited
    for citation in response.metadata["citations"]:
        (node,) = [
            n.node for n in response.source_nodes if n.node.node_id == citation["passage_id"]
        ]
        assert citation["quote"] in node.get_content()


def test_a_refusal_has_no_sources(engine: Engine) -> None:
    """An abstention is told in the metadata, with nothing cited."""
    response = KutipQueryEngine(engine).query("who won the 2022 World Cup in Qatar?")
    assert response.source_nodes == []
    assert response.metadata is not None
    assert response.metadata["abstention"] in {"not_in_evidence", "nothing_relevant"}


def test_nodes_keep_exact_offsets_of_repeated_text() -> None:
    """A sentence that stands twice gets two different spans, each its own."""
    text = "Hujan turun lagi.\n\nSungai naik di utara.\n\nHujan turun lagi.\n\nWarga mengungsi."
    nodes = KutipNodeParser(max_words=4).get_nodes_from_documents([Document(text=text)])
    spans = [(n.start_char_idx, n.end_char_idx) for n in nodes]
    assert [text[a:b] for a, b in spans] == [n.get_content() for n in nodes]
    assert len({n.node_id for n in nodes}) == len(nodes) > 1
    assert nodes[0].relationships[NodeRelationship.NEXT].node_id == nodes[1].node_id


def test_the_example_in_the_readme_runs(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """The README's lines for llama-index work as they stand."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    (example,) = [block for block in blocks if "rag.llama" in block]
    assert len(example.strip().splitlines()) <= 8

    class Opened(Engine):
        """The README's Engine, over the seeds of this test."""

        def __init__(self, settings: Settings) -> None:
            super().__init__(engine.settings, embedder=HashEmbedder())

    lines = example.replace("from rag import Engine, Settings", "from rag import Settings")
    exec(compile(lines, "README.md", "exec"), {"Engine": Opened})
    assert "Al Khulaifi" in capsys.readouterr().out

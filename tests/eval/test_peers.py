"""Kutip beside its peers: what is measured by hand, what is left out and said, one small run."""

from __future__ import annotations

import json
import logging
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from eval.datasets import DatasetError
from eval.peer_scores import (
    Comparison,
    Measured,
    Skipped,
    peer_lines,
    peers_object,
    quality,
    ratio,
)
from eval.peers import PeerFailed, _quiet, peers
from eval.stats import Difference, Interval, interval
from rag.engine import Engine
from rag.jsonform import dumps
from rag.layout import columns
from rag.settings import Settings
from tests.fakes import HashEmbedder

TEXTS = (
    "Odile Marsh keeps the dam above Aven. It has 41 gates.",
    "The ferry to Lorven sails at noon. Rain does not stop it.",
    "Rice prices rose again in the north. Farmers stored their grain.",
    "The museum of Brimholt lost a crown. Police found it in a well.",
)
ASKED = (("Who keeps the dam?", "Odile Marsh", 0), ("When does the ferry sail?", "noon", 1))
ALWAYS = {"Kutip", "Chroma"}  # they need nothing that Kutip does not need
OTHERS = {"llama-index + Chroma", "llama-index fusion", "llama-index BM25", "bm25s"}


def squad(path: Path, *, asked: bool = True) -> Path:
    """Four paragraphs, two of them with a question and one with an unanswerable one."""
    paragraphs: list[dict[str, object]] = [{"context": text, "qas": []} for text in TEXTS]
    for number, (question, answer, at) in enumerate(ASKED if asked else ()):
        answers = [{"text": answer, "answer_start": TEXTS[at].index(answer)}]
        paragraphs[at]["qas"] = [{"question": question, "id": str(number), "answers": answers}]
    paragraphs[3]["qas"] = [
        {"question": "Who stole it?", "id": "x", "answers": [], "is_impossible": True}
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def engine_of(settings: Settings) -> Engine:
    return Engine(settings, embedder=HashEmbedder())


def run(tmp_path: Path, *, asked: bool = True) -> Comparison:
    return peers(
        settings=Settings(data_dir=tmp_path / "user"),
        squad_file=squad(tmp_path / "s.json", asked=asked),
        on_progress=lambda _: None,
        engine_of=engine_of,
    )


def there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def test_quality_by_hand() -> None:
    """The gold article is third of its kind, by the fourth hit: a third; the eleventh is none."""
    assert quality(["a", "b", "a", "gold"], ["gold"]) == {
        "mrr@10": pytest.approx(1 / 3),
        "hit@1": 0.0,
        "hit@10": 1.0,
    }
    assert quality([*"abcdefghij", "gold"], ["gold"])["hit@10"] == 0.0
    assert quality(["two", "one"], ["one", "two"])["mrr@10"] == 1.0
    assert quality([], ["gold"]) == {"mrr@10": 0.0, "hit@1": 0.0, "hit@10": 0.0}


def test_everybody_who_is_there_is_measured(tmp_path: Path) -> None:
    """Each finds both articles by their own words; who is missing is named with what to do."""
    found = run(tmp_path)
    names = [row.name for row in found.rows]
    assert names[0] == "Kutip"
    assert set(names) >= ALWAYS
    assert {*names, *(each.name for each in found.skipped)} == ALWAYS | OTHERS
    for each in found.skipped:
        assert "cannot be imported" in each.reason
        assert "pip install" in each.reason
    assert (found.questions, found.articles, found.passages) == (2, 4, 4)
    for row in found.rows:
        assert row.quality["mrr@10"].value == 1.0, row.name
        assert row.quality["hit@1"].n == 2
        assert row.indexing_seconds > 0
        assert 0 < row.query_ms[0] <= row.query_ms[1]
        assert (row.difference is None) == (row.name == "Kutip")
    assert not (tmp_path / "user").exists()


@pytest.mark.skipif(not there("llama_index.vector_stores.chroma"), reason="not installed here")
def test_llama_index_gets_the_same_encoder(tmp_path: Path) -> None:
    """Its vectors are those that Kutip's encoder makes, so the ranking of both is alike."""
    found = {row.name: row for row in run(tmp_path).rows}
    assert found["llama-index + Chroma"].quality == found["Chroma"].quality


def test_a_missing_library_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bm25s its row is left out, with one line; the others are measured."""
    monkeypatch.setitem(sys.modules, "bm25s", None)
    found = run(tmp_path)
    missing = {each.name: each.reason for each in found.skipped}
    assert "Try: pip install bm25s" in missing["bm25s"]
    assert any(line.startswith("Left out: bm25s. ") for line in peer_lines(found))
    assert {row.name for row in found.rows} >= ALWAYS


def test_a_peer_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of another library is one line that says whose it is."""
    import chromadb

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no\nsegment")

    monkeypatch.setattr(chromadb.Collection, "query", broken)
    monkeypatch.setitem(sys.modules, "llama_index.vector_stores.chroma", None)
    with pytest.raises(PeerFailed, match=r"Chroma failed: RuntimeError: no segment"):
        run(tmp_path)


def test_no_answerable_question_is_an_error(tmp_path: Path) -> None:
    """Finding cannot be measured by questions without evidence."""
    with pytest.raises(DatasetError, match="nothing to ask"):
        run(tmp_path, asked=False)


def measured(name: str, mrr: list[float], seconds: float, paired: Difference | None) -> Measured:
    mean = interval(mrr)
    assert mean is not None
    return Measured(
        name=name,
        configuration="as it comes",
        quality={"mrr@10": mean, "hit@1": mean, "hit@10": mean},
        difference=paired,
        indexing_seconds=2 * seconds,
        indexing_cpu_seconds=seconds,
        query_ms=(10 * seconds, 20 * seconds),
    )


def two() -> Comparison:
    less = Difference(interval=Interval(value=-0.5, low=-1.0, high=0.0, n=2), p=0.5)
    return Comparison(
        questions=2,
        articles=4,
        passages=5,
        model="hash",
        versions={"kutip": "1"},
        rows=(measured("Kutip", [1, 1], 2.0, None), measured("Chroma", [1, 0], 1.0, less)),
        skipped=(Skipped(name="bm25s", reason="It is not there. Try: pip install bm25s"),),
    )


def test_the_table_has_ratios_to_kutip() -> None:
    """Half of Kutip's quality for half of its time; every line of the tables fits a terminal."""
    lines = peer_lines(two())
    quality_line, cost_line = (line.split() for line in lines if line.startswith("Chroma"))
    assert quality_line == ["Chroma", *["0.500", "0.00–1.00"] * 3, "0.50"]
    assert cost_line == (
        ["Chroma", "2.00", "1.00", "0.50", "10.0", "0.50", "20.0", "0.50", "-0.500", "0.5"]
    )
    assert "  Chroma: as it comes" in lines
    assert lines[-1] == "Left out: bm25s. It is not there. Try: pip install bm25s"
    assert max(columns(line) for line in lines[:9]) < 80


def test_json_says_the_same() -> None:
    """Values, intervals, the paired difference and ratios; what is left out with its reason."""
    made = json.loads(dumps(peers_object(two())))
    kutip, chroma = made["peers"]
    assert chroma["mrr@10"] == {"value": 0.5, "low": 0.0, "high": 1.0, "n": 2}
    assert chroma["mrr@10.difference"]["p"] == 0.5
    assert chroma["ratios"] == {
        "mrr@10": 0.5,
        "indexing_seconds": 0.5,
        "indexing_cpu_seconds": 0.5,
        "query_ms.p50": 0.5,
        "query_ms.p95": 0.5,
    }
    assert kutip["mrr@10.difference"] is None
    assert made["skipped"][0]["name"] == "bm25s"
    assert ratio(1.0, 0.0) is None


def test_a_library_that_tells_its_every_step_is_kept_quiet(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """bm25s sets its own level to DEBUG, and wrote into the progress bar; warnings still show."""
    logger = logging.getLogger("bm25s")
    with caplog.at_level(logging.DEBUG), _quiet("bm25s"):
        logger.setLevel(logging.DEBUG)
        logger.debug("Building index")
        logger.warning("Look")
    assert [record.message for record in caplog.records] == ["Look"]
    assert logger.filters == []

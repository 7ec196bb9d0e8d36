"""A kept answer says which of its articles are no longer as they were cited."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.schema import Answer, Metadata
from rag.settings import Settings
from rag.standing import standing
from tests.fakes import HashEmbedder
from tests.newsroom import ARTICLES, KILLED_WHERE, WHO
from tests.samples import ANSWER, CITATION

FLOOD, OTHER = ARTICLES["flood.txt"], ARTICLES["talks.txt"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as engine:
        yield engine


@pytest.fixture
def flood(tmp_path: Path, engine: Engine) -> Path:
    """A file in the library, beside another one."""
    (tmp_path / "talks.txt").write_text(OTHER)
    path = tmp_path / "flood.txt"
    path.write_text(FLOOD)
    list(engine.add([str(path), str(tmp_path / "talks.txt")]))
    return path


def answered(engine: Engine, question: str = WHO) -> tuple[Answer, str]:
    """An answer from one article, and that article's id."""
    answer = engine.ask(question, answerer="extractive")
    (article_id,) = {citation.passage.article_id for citation in answer.citations}
    return answer, article_id


def test_as_it_was(engine: Engine, flood: Path) -> None:
    """Of an article that is there as cited nothing is told, however often it was added."""
    answer, _ = answered(engine)
    list(engine.add([str(flood)]))
    assert standing(answer, engine) == {}


def test_gone(engine: Engine, flood: Path) -> None:
    """An article that was removed is gone."""
    answer, article_id = answered(engine)
    engine.remove([article_id])
    assert standing(answer, engine) == {article_id: "gone"}


def test_changed(engine: Engine, flood: Path) -> None:
    """An article whose file now holds another text has changed."""
    answer, article_id = answered(engine)
    flood.write_text(FLOOD + "\nThe gates were opened at noon, a report found.\n")
    list(engine.add([str(flood)]))
    assert standing(answer, engine) == {article_id: "changed"}


def test_removed_and_added_in_another_version(engine: Engine, flood: Path) -> None:
    """What came back from the same file with another text has changed; with the same, nothing."""
    answer, article_id = answered(engine)
    engine.remove([article_id])
    flood.write_text(FLOOD.replace("250", "300"))
    list(engine.add([str(flood)]))
    assert standing(answer, engine) == {article_id: "changed"}
    flood.write_text(FLOOD)
    list(engine.add([str(flood)]))
    assert standing(answer, engine) == {}


def test_named_another_way(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is the same one whether it was given by its whole path or from its folder."""
    (tmp_path / "flood.txt").write_text(FLOOD)
    monkeypatch.chdir(tmp_path)
    list(engine.add(["flood.txt"]))
    answer, article_id = answered(engine)
    (tmp_path / "flood.txt").write_text(FLOOD.replace("250", "300"))
    list(engine.add([str(tmp_path / "flood.txt")]))
    assert standing(answer, engine) == {article_id: "changed"}


def test_another_file_names_it_still(engine: Engine, flood: Path) -> None:
    """While any source names the article that was cited, it is there as it was."""
    copy = flood.with_name("copy.txt")
    copy.write_text(FLOOD)
    list(engine.add([str(copy)]))
    answer, article_id = answered(engine)
    flood.write_text(FLOOD.replace("250", "300"))
    list(engine.add([str(flood)]))
    assert standing(answer, engine) == {}
    engine.remove([article_id])
    assert standing(answer, engine) == {article_id: "changed"}


@pytest.mark.parametrize(
    "edit",
    [{"title": "Flood"}, {"publisher": "The Aven Herald"}, {"published": date(2024, 6, 4)}],
    ids=lambda edit: next(iter(edit)),
)
def test_corrected(engine: Engine, flood: Path, edit: dict[str, str | date]) -> None:
    """An article whose title, publisher or date was corrected since has changed."""
    answer, article_id = answered(engine)
    engine.edit(article_id, **edit)  # type: ignore[arg-type]
    assert standing(answer, engine) == {article_id: "changed"}
    again, _ = answered(engine)
    assert standing(again, engine) == {}


def test_a_date_that_was_inferred_is_confirmed(engine: Engine, flood: Path) -> None:
    """A citation that shows a date as inferred has changed once a person stated that date."""
    answer, article_id = answered(engine)
    engine.edit(article_id, published=date(2024, 6, 4))
    cited = answered(engine)[0].citations[0]
    inferred = dataclasses.replace(cited.passage.metadata, published_basis="inferred")
    passage = dataclasses.replace(cited.passage, metadata=inferred)
    kept = dataclasses.replace(answer, citations=(dataclasses.replace(cited, passage=passage),))
    assert standing(kept, engine) == {article_id: "changed"}


def test_each_article_for_itself(engine: Engine, flood: Path) -> None:
    """Of an answer from two articles, the one that is gone is told alone."""
    first, flood_id = answered(engine, KILLED_WHERE)
    second, talks_id = answered(engine, "Siapa yang membahas harga pupuk?")
    both = dataclasses.replace(first, citations=first.citations + second.citations)
    engine.remove([talks_id])
    assert flood_id != talks_id
    assert standing(both, engine) == {talks_id: "gone"}


def test_pasted_texts_are_not_taken_for_one_another(engine: Engine, flood: Path) -> None:
    """Standard input names no article: another text from there is no version of this one."""
    _, article_id = answered(engine)
    engine.library.note_source("content:1", "-", "digest", article_id, b"")
    pasted = dataclasses.replace(
        CITATION.passage, article_id="f" * 16, metadata=Metadata(title="Teks", source="-")
    )
    answer = dataclasses.replace(ANSWER, citations=(dataclasses.replace(CITATION, passage=pasted),))
    assert engine.library.known_sources(["-"]) == {"-"}
    assert standing(answer, engine) == {"f" * 16: "gone"}


@pytest.mark.parametrize("source", ["", "a\x00b", "\ud800", "x" * 5_000, "http://[", "named:a"])
def test_a_source_of_any_form(engine: Engine, flood: Path, source: str) -> None:
    """Whatever a kept line names as its source, it is looked up and not found; never an error."""
    passage = dataclasses.replace(
        CITATION.passage, metadata=Metadata(title="Teks", source=source, url=source)
    )
    answer = dataclasses.replace(
        ANSWER, citations=(dataclasses.replace(CITATION, passage=passage),)
    )
    assert standing(answer, engine) == {passage.article_id: "gone"}


def test_nothing_cited_and_nothing_there(engine: Engine) -> None:
    """An answer without citations has nothing to tell; in an empty library all is gone."""
    assert standing(dataclasses.replace(ANSWER, citations=()), engine) == {}
    assert standing(ANSWER, engine) == {CITATION.passage.article_id: "gone"}
    assert not engine.settings.data_dir.exists()

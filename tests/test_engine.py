"""The engine, end to end over real stores, with a small deterministic embedder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import BadQuestion, BadSetting, NotFound, OtherFingerprint
from rag.schema import Delta, Done, Filters, Found, MarkedText, Progress
from rag.search.reader import Reader
from rag.settings import Settings
from rag.text import glossary
from tests.fakes import HashEmbedder

TALKS = (
    "Harapan (KABAR) - Menteri Pertanian Ratna Wijaya membahas harga pupuk bersama "
    "Gubernur Bank Padi, Joko Lestari.\n"
    "Pembicaraan keduanya berlangsung Senin (3/6) usai Ratna tiba di Kota Harapan.\n"
)
FLOOD = (
    "Flood kills 12 in Lower Aven\n"
    "Twelve people were killed and 40 were injured when the Aven river burst its banks.\n"
    "The dam keeper, Odile Marsh, said the gates had been opened too late.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "talks.txt").write_text(TALKS, encoding="utf-8")
    (articles / "flood.txt").write_text(FLOOD, encoding="utf-8")
    return articles


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over an empty data folder."""
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as made:
        yield made


def test_what_is_added_to_an_empty_archive_file_is_kept(tmp_path: Path, folder: Path) -> None:
    """A kill can leave an archive without a table in it; reading it first once lost the add."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "archive.sqlite3").touch()
    with Engine(Settings(data_dir=store), embedder=HashEmbedder()) as engine:
        assert list(engine.entries()) == []
        assert [o.status for o in engine.add([str(folder)])] == ["added", "added"]
    with Engine(Settings(data_dir=store), embedder=HashEmbedder()) as engine:
        assert len(list(engine.entries())) == 2


def test_an_engine_that_read_first_sees_what_another_adds(tmp_path: Path, folder: Path) -> None:
    """A long-lived reader of a library that was not there yet finds the first article."""
    settings = Settings(data_dir=tmp_path / "store")
    with (
        Engine(settings, embedder=HashEmbedder()) as reader,
        Engine(settings, embedder=HashEmbedder()) as writer,
    ):
        assert reader.ask("who is the dam keeper?").abstention == "nothing_indexed"
        settings.data_dir.mkdir()
        (settings.data_dir / "archive.sqlite3").touch()
        assert reader.ask("who is the dam keeper?").abstention == "nothing_indexed"
        list(writer.add([str(folder)]))
        assert "Odile Marsh" in reader.ask("who is the dam keeper?").text


@pytest.mark.parametrize("question", ["the", "apa", "' OR 1=1 --", "2019?"])
def test_function_words_and_numbers_alone_are_not_answered(
    engine: Engine, folder: Path, question: str
) -> None:
    """A question that names nothing is refused, however often its words occur."""
    list(engine.add([str(folder)]))
    assert engine.ask(question).abstention is not None


def test_an_article_named_twice_is_removed_once(engine: Engine, folder: Path) -> None:
    """The same id given twice is one article."""
    list(engine.add([str(folder)]))
    first = next(iter(engine.entries())).article.article_id
    assert len(engine.remove([first, first[:8]])) == 1


def test_a_folder_is_added_once(engine: Engine, folder: Path) -> None:
    """Adding again changes nothing and embeds nothing."""
    first = list(engine.add([str(folder)]))
    embedded = engine.embedder.embedded  # type: ignore[attr-defined]
    second = list(engine.add([str(folder)]))
    assert [o.status for o in first] == ["added", "added"]
    assert [o.status for o in second] == ["unchanged", "unchanged"]
    assert engine.embedder.embedded == embedded > 0  # type: ignore[attr-defined]


def test_a_changed_file_replaces_its_article(engine: Engine, folder: Path) -> None:
    """After a file changes, its old words are found no more and its new ones are."""
    list(engine.add([str(folder)]))
    (folder / "flood.txt").write_text(FLOOD.replace("Odile Marsh", "Bertil Kray"), "utf-8")
    outcomes = {Path(o.source).name: o.status for o in engine.add([str(folder)])}
    assert outcomes == {"flood.txt": "updated", "talks.txt": "unchanged"}
    texts = [hit.passage.text for hit in engine.search("dam keeper")]
    assert any("Bertil Kray" in text for text in texts)
    assert not any("Odile Marsh" in text for text in texts)
    assert engine.status().articles == 2


def test_the_same_text_from_two_paths_is_one_article(engine: Engine, folder: Path) -> None:
    """A copy of a file adds a source, not an article; it goes when the article goes."""
    (folder / "copy.txt").write_text(FLOOD, encoding="utf-8")
    list(engine.add([str(folder)]))
    entries = list(engine.entries())
    assert sorted(len(e.sources) for e in entries) == [1, 2]
    copied = next(e for e in entries if len(e.sources) == 2)
    engine.remove([copied.article.article_id[:8]])
    assert [len(e.sources) for e in engine.entries()] == [1]


def test_a_bad_file_fails_alone(engine: Engine, folder: Path) -> None:
    """One unreadable file is an outcome with its reason; the others are stored."""
    (folder / "empty.txt").write_bytes(b"")
    outcomes = {Path(o.source).name: o for o in engine.add([str(folder), str(folder / "no.txt")])}
    assert outcomes["empty.txt"].status == outcomes["no.txt"].status == "failed"
    assert outcomes["empty.txt"].reason
    assert outcomes["talks.txt"].status == outcomes["flood.txt"].status == "added"


def test_batches_lose_nothing(tmp_path: Path, folder: Path) -> None:
    """With batches of a single passage every article is stored all the same."""
    settings = Settings(data_dir=tmp_path / "s", batch_passages=1, page_size=1)
    with Engine(settings, embedder=HashEmbedder()) as engine:
        assert len(list(engine.add([str(folder)]))) == 2
        assert engine.status().vectors == engine.status().passages >= 2


def test_who_met_whom_without_the_word(engine: Engine, folder: Path) -> None:
    """Who met whom is found across languages where the place stands in the next sentence."""
    list(engine.add([str(folder)]))
    answer = engine.ask("who met Ratna Wijaya in Harapan?")
    assert answer.abstention is None
    assert "Joko Lestari" in answer.citations[0].quote
    for citation in answer.citations:
        assert citation.quote in TALKS
        assert citation.passage.text[
            citation.start - citation.passage.start : citation.end - citation.passage.start
        ] == (citation.quote)


def test_statements_span_the_text_and_carry_its_marks(engine: Engine, folder: Path) -> None:
    """Each statement is one quoted sentence with the mark of its citation."""
    list(engine.add([str(folder)]))
    answer = engine.ask("How many people were killed when the Aven river burst its banks?")
    assert answer.abstention is None
    for statement, citation in zip(answer.statements, answer.citations, strict=True):
        said = answer.text[statement.start : statement.end]
        assert said == f"{citation.quote} [{citation.marker}]"
        assert statement.markers == (citation.marker,)


def test_what_the_articles_do_not_hold_is_refused(engine: Engine, folder: Path) -> None:
    """A refusal names what is covered and cites nothing."""
    list(engine.add([str(folder)]))
    answer = engine.ask("who won the 2022 World Cup in Qatar?")
    assert answer.abstention in {"nothing_relevant", "not_in_evidence"}
    assert answer.citations == answer.statements == ()
    assert "Flood kills 12 in Lower Aven" in answer.text


def test_an_empty_library_says_so(engine: Engine) -> None:
    """Nothing indexed is an answer of its own, in the question's language."""
    assert engine.ask("siapa bertemu gubernur?").abstention == "nothing_indexed"
    assert engine.ask("siapa bertemu gubernur?").language == "id"
    assert engine.search("anything at all") == []


@pytest.mark.parametrize("question", ["", "  \n", "?!", "\x1b\x00\u202e"])
def test_a_question_without_words_is_an_error(engine: Engine, question: str) -> None:
    """What holds no word is refused before anything is searched."""
    with pytest.raises(BadQuestion):
        engine.ask(question)


def test_the_longest_question_is_allowed_and_no_longer(engine: Engine) -> None:
    """The limit counts characters and includes its own value."""
    longest = engine.settings.max_question_chars
    assert engine.ask("a" * longest).abstention == "nothing_indexed"
    with pytest.raises(BadQuestion):
        engine.ask("a" * (longest + 1))


def test_filters_keep_articles_out(engine: Engine, folder: Path) -> None:
    """A filter by language holds for search and for answers."""
    list(engine.add([str(folder)]))
    hits = engine.search("river talks Ratna", filters=Filters(language="id"))
    assert hits
    assert {hit.passage.metadata.language for hit in hits} == {"id"}
    found = engine.ask("how many were killed in the flood?", filters=Filters(language="id"))
    assert all("Aven" not in hit.passage.text for hit in found.hits)


def test_a_correction_is_kept_when_the_file_changes(engine: Engine, folder: Path) -> None:
    """What a person corrected wins over what is read from the file later."""
    list(engine.add([str(folder)]))
    flood = next(e for e in engine.entries() if "Flood" in e.article.metadata.title)
    edited = engine.edit(
        flood.article.article_id[:6], publisher="Aven Post", published=date(2024, 5, 2)
    )
    assert edited.article.metadata.published_basis == "edited"
    (folder / "flood.txt").write_text(FLOOD + "The mayor has resigned.\n", encoding="utf-8")
    list(engine.add([str(folder)]))
    kept = next(e for e in engine.entries() if e.article.metadata.publisher == "Aven Post")
    assert kept.article.metadata.published == date(2024, 5, 2)
    assert "resigned" in kept.article.text


def test_an_unknown_id_is_named(engine: Engine, folder: Path) -> None:
    """Nothing is removed when one of several ids does not exist."""
    list(engine.add([str(folder)]))
    first = next(iter(engine.entries())).article.article_id
    with pytest.raises(NotFound, match="ffffffff"):
        engine.remove([first, "ffffffff"])
    assert engine.status().articles == 2


def test_another_model_is_refused_until_reindexed(tmp_path: Path, folder: Path) -> None:
    """An index made by one model is never searched with another; reindex mends it."""
    settings = Settings(data_dir=tmp_path / "store")
    with Engine(settings, embedder=HashEmbedder()) as engine:
        list(engine.add([str(folder)]))
        before = [h.passage.passage_id for h in engine.search("Odile Marsh")]
    with Engine(settings, embedder=HashEmbedder(dimension=32, name="other")) as engine:
        with pytest.raises(OtherFingerprint):
            engine.ask("who is Odile Marsh?")
        assert len(list(engine.entries())) == 2
        seen: list[Progress] = []
        passages = engine.reindex(on_progress=seen.append)
        assert passages == engine.status().passages
        assert seen[-1].done == seen[-1].total == passages
        assert [h.passage.passage_id for h in engine.search("Odile Marsh")][:1] == before[:1]


def test_another_passage_length_splits_anew(tmp_path: Path, folder: Path) -> None:
    """Reindexing under another passage length leaves exactly the passages it would make afresh."""
    with Engine(Settings(data_dir=tmp_path / "a"), embedder=HashEmbedder()) as engine:
        list(engine.add([str(folder)]))
    short = {"passage_words": 12}
    with Engine(Settings(data_dir=tmp_path / "a", **short), embedder=HashEmbedder()) as engine:
        engine.reindex()
        again = sorted(h.passage.passage_id for h in engine.search("river Ratna", k=50))
    with Engine(Settings(data_dir=tmp_path / "b", **short), embedder=HashEmbedder()) as engine:
        list(engine.add([str(folder)]))
        afresh = sorted(h.passage.passage_id for h in engine.search("river Ratna", k=50))
    assert again == afresh


def test_the_stream_tells_hits_first_and_the_answer_last(engine: Engine, folder: Path) -> None:
    """Sources are known before a word of the answer; the words make up the answer's text."""
    list(engine.add([str(folder)]))

    async def gather() -> list[object]:
        return [event async for event in engine.stream("who is the dam keeper?")]

    events = asyncio.run(gather())
    assert isinstance(events[0], Found)
    done = events[-1]
    assert isinstance(done, Done)
    assert "".join(e.text for e in events if isinstance(e, Delta)) == done.answer.text


def test_given_hits_are_not_searched_again(engine: Engine, folder: Path) -> None:
    """`answer` reads the hits it is given and no others."""
    list(engine.add([str(folder)]))
    hits = [h for h in engine.search("gates dam keeper") if "Odile" in h.passage.text]
    answer = engine.answer("who said the gates had been opened too late?", hits)
    assert answer.hits == tuple(hits)
    assert "Odile Marsh" in answer.citations[0].quote
    empty = engine.answer("who said the gates had been opened too late?", [])
    assert empty.abstention == "nothing_relevant"


def test_ask_works_inside_a_running_loop(engine: Engine, folder: Path) -> None:
    """A notebook has a loop running; asking from within it neither fails nor hangs."""
    list(engine.add([str(folder)]))

    async def cell() -> str:
        return engine.ask("who is the dam keeper?").text

    assert "Odile Marsh" in asyncio.run(cell())


def test_equal_questions_get_equal_answers(engine: Engine, folder: Path) -> None:
    """The same question over the same articles gives the same hits, scores and text."""
    list(engine.add([str(folder)]))
    one, two = (engine.ask("who is the dam keeper?") for _ in range(2))
    assert (one.text, one.hits, one.evidence_score) == (two.text, two.hits, two.evidence_score)


def test_a_users_words_find_across_languages(tmp_path: Path) -> None:
    """A line of the user's file joins two words; without it the question finds nothing."""
    text = tmp_path / "a.txt"
    text.write_text("Warga membangun leuit baru di Ciptagelar.", encoding="utf-8")
    own = tmp_path / "mine.tsv"
    own.write_text("rice_barn\tnoun\tgranary\tleuit\n", encoding="utf-8")
    plain = Settings(data_dir=tmp_path / "store", dense_weight=0.0)
    found = {}
    for name, settings in (("without", plain), ("with", replace(plain, glossary=str(own)))):
        with Engine(settings, embedder=HashEmbedder()) as engine:
            list(engine.add([str(text)]))
            found[name] = len(engine.search("Who needs the granary?"))
    assert found == {"without": 0, "with": 1}
    bad = tmp_path / "bad.tsv"
    bad.write_text("rice_barn\tnoun\n", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"bad\.tsv, line 1"):
        Engine(replace(plain, glossary=str(bad)), embedder=HashEmbedder())
    Engine(plain, embedder=HashEmbedder()).close()  # the words of the other are gone with it
    assert not glossary.load().concepts_of("leuit", "id")


class Counting(Reader):
    """One who finds that nothing answers, and counts what it was given to read."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    def read(self, question: MarkedText, before: MarkedText, told: MarkedText) -> float:
        """Rather not."""
        self.told.append((question.text, before.text, told.text))
        return -9.0


def test_a_reader_reads_the_best_sentences_and_is_believed(tmp_path: Path, folder: Path) -> None:
    """Of what was found; where there is nothing he is not asked."""
    settings, asked = Settings(data_dir=tmp_path / "store"), "How many people were killed in Aven?"
    reader = Counting()
    with Engine(settings, embedder=HashEmbedder(), reader=reader) as engine:
        engine.ask(asked, answerer="extractive")
        assert reader.told == []
        list(engine.add([str(folder)]))
        doubtful = engine.ask(asked, answerer="extractive").evidence_score
    assert any("Twelve people were killed" in told for _, _, told in reader.told)
    assert {question for question, _, _ in reader.told} == {asked}
    with Engine(settings, embedder=HashEmbedder()) as engine:
        assert engine.reader is None
        assert engine.ask(asked, answerer="extractive").evidence_score > doubtful + 0.1


def test_a_number_alone_is_not_read(tmp_path: Path, folder: Path) -> None:
    """It asks about nothing, whatever a sentence says."""
    reader = Counting()
    with Engine(
        Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder(), reader=reader
    ) as engine:
        list(engine.add([str(folder)]))
        engine.ask("40?", answerer="extractive")
    assert reader.told == []

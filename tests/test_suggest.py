"""Questions to begin with are such as Kutip answers, from what is indexed now."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag.askable import askable
from rag.engine import Engine
from rag.schema import Answer, Article, Citation, Entry, Filters, Metadata, Passage, article_id_of
from rag.settings import Settings
from rag.suggest import suggest
from tests.fakes import HashEmbedder
from tests.samples import ANSWER, ROOT

SUITE = ROOT / "eval" / "articles"
SOME = (
    *("en06_phone_only", "en13_train_derailment", "en10_bluetongue", "en18_bridge_protest"),
    *("id12_dbd_tanjarang", "id15_tumpahan_minyak", "id17_gempa_gunung_api", "id13_feri_terbakar"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Four English articles and four Indonesian ones."""
    folder = tmp_path_factory.mktemp("data")
    with Engine(Settings(data_dir=folder), embedder=HashEmbedder()) as engine:
        list(engine.add([str(SUITE / f"{name}.txt") for name in SOME]))
        yield engine


def engine_of(folder: Path, **texts: str) -> Engine:
    """A library of these articles."""
    engine = Engine(Settings(data_dir=folder / "store"), embedder=HashEmbedder())
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    list(engine.add([str(folder / f"{name}.txt") for name in texts]))
    return engine


def cited(engine: Engine, question: str) -> str:
    """The id of the article that is quoted first; the question must be answered."""
    answer = engine.ask(question, answerer="extractive")
    assert answer.abstention is None
    return answer.citations[0].passage.article_id


@pytest.mark.parametrize("reader", ["en", "id"])
def test_all_are_answered(library: Engine, reader: str) -> None:
    """Each is answered with a quote; as many as are wanted come, each about another article."""
    found = suggest(library, reader="id" if reader == "id" else "en", limit=4, seconds=60)
    assert len(set(found)) == 4
    assert len({cited(library, question) for question in found}) == 4


def test_the_readers_language_comes_first(library: Engine) -> None:
    """What is in the reader's language is asked first, in it, then what is in the other one."""
    english = suggest(library, reader="en", limit=8, seconds=60)
    indonesian = suggest(library, reader="id", limit=8, seconds=60)
    for found, first in ((english, "en"), (indonesian, "id")):
        languages = [
            library.entry(cited(library, question)).article.metadata.language for question in found
        ]
        assert languages[0] == first
        assert set(languages) == {"en", "id"}
        assert languages == sorted(languages, key=lambda language: language != first)
    assert english[0].startswith(("Who", "When", "How many", "What"))
    assert indonesian[0].split()[0] in ("Siapa", "Kapan", "Berapa", "Apa", "Sampai")


def test_kinds_differ(library: Engine) -> None:
    """Of four questions no two are of one form while there are others."""
    found = suggest(library, reader="id", limit=3, seconds=60)
    kinds = {question.split()[0] for question in found}
    assert len(kinds) == 3


def test_the_same_every_time(library: Engine) -> None:
    """Two looks at one library suggest the same, and a lower limit the beginning of it."""
    once = suggest(library, reader="en", limit=4, seconds=60)
    assert suggest(library, reader="en", limit=4, seconds=60) == once


def test_no_article(tmp_path: Path) -> None:
    """An empty library suggests nothing, and is not made by being looked at."""
    with Engine(Settings(data_dir=tmp_path / "none"), embedder=HashEmbedder()) as engine:
        assert suggest(engine, reader="en") == []
    assert not (tmp_path / "none").exists()


def test_no_time_and_no_room(library: Engine) -> None:
    """Without time nothing is asked; without room nothing is suggested."""
    assert suggest(library, reader="en", seconds=0) == []
    assert suggest(library, reader="en", limit=0, seconds=60) == []


def test_a_small_library_is_asked_again(tmp_path: Path) -> None:
    """Of one article several questions are suggested."""
    text = (SUITE / "en06_phone_only.txt").read_text("utf-8")
    with engine_of(tmp_path, one=text) as engine:
        found = suggest(engine, reader="en", limit=2, seconds=60)
    assert len(found) == 2
    assert set(found) <= {made.question for made in askable(text, "en")}


QUIET = (
    "Angin dan ombak di pesisir selatan\n\nAngin bertiup kencang di pesisir selatan dan ombak "
    "tinggi terlihat dari sana. Perahu nelayan tidak melaut. Pasar ikan sepi pembeli.\n"
)


def test_nothing_better_than_the_title(tmp_path: Path) -> None:
    """An article that no sentence of can be asked about is asked about by its title."""
    assert askable(QUIET, "id") == []
    with engine_of(tmp_path, quiet=QUIET) as engine:
        (found,) = suggest(engine, reader="en", seconds=60)
        assert found == 'Apa isi artikel "Angin dan ombak di pesisir selatan"?'
        assert cited(engine, found) == next(engine.entries()).article.article_id


def test_what_was_added_is_suggested_next(tmp_path: Path) -> None:
    """A question about an article goes with it."""
    text = (SUITE / "en18_bridge_protest.txt").read_text("utf-8")
    with engine_of(tmp_path, bridge=text, quiet=QUIET) as engine:
        before = suggest(engine, reader="en", limit=1, seconds=60)
        engine.remove([cited(engine, before[0])])
        after = suggest(engine, reader="en", limit=1, seconds=60)
    assert "Bridge" in before[0] or "Vandermolen" in before[0] or "Abara-Lowe" in before[0]
    assert after == ['Apa isi artikel "Angin dan ombak di pesisir selatan"?']


def test_longer_than_the_settings_allow(library: Engine) -> None:
    """Where questions must be short, those that are not are left out; nothing is raised."""
    short = dataclasses.replace(library.settings, max_question_chars=8)
    with Engine(short, embedder=HashEmbedder()) as engine:
        assert suggest(engine, reader="en", seconds=60) == []


class Telling:
    """An engine with one article, that answers every question with what it is given."""

    def __init__(self, text: str, quote: str | None, *, other: bool = False) -> None:
        metadata = Metadata(title="T", source="t.txt", published=date(2024, 5, 1), language="en")
        article = Article(article_id=article_id_of(text), text=text, metadata=metadata)
        self._entry = Entry(
            article=article,
            sources=("t.txt",),
            passages=1,
            added_at=datetime(2024, 5, 2, tzinfo=UTC),
        )
        self._quote = quote
        self._cites = "f" * 16 if other else article.article_id
        self.asked: list[str] = []

    def entries(self, filters: Filters | None = None) -> Iterator[Entry]:
        if filters is None or filters.language == "en":
            yield self._entry

    def ask(self, question: str, *, answerer: str) -> Answer:
        self.asked.append(question)
        if self._quote is None:
            return dataclasses.replace(ANSWER, abstention="not_in_evidence", citations=())
        passage = Passage(
            article_id=self._cites,
            start=0,
            end=len(self._quote),
            text=self._quote,
            metadata=self._entry.article.metadata,
        )
        quote = Citation(
            marker=1, passage=passage, start=0, end=len(self._quote), quote=self._quote
        )
        return dataclasses.replace(ANSWER, citations=(quote,))


MET = "President Ana Ruiz met Pavel Horn in Suva."


def test_only_what_is_answered_by_its_own_sentence() -> None:
    """A question is left out when it is refused, or answered by another article or sentence."""
    wanted = "Who met Pavel Horn in Suva?"
    for engine, expected in (
        (Telling(MET, MET), [wanted]),
        (Telling(MET, None), []),
        (Telling(MET, MET, other=True), []),
        (Telling(MET, "Pavel Horn flew to Suva."), []),
        (Telling(MET, "Ana Ruiz was said to have met Pavel Horn in Suva."), []),
    ):
        assert suggest(engine, reader="en", seconds=60) == expected  # type: ignore[arg-type]
        assert engine.asked[0] == wanted

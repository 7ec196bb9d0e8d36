"""A run of the suite from end to end, on five questions: what is asked, written and checked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from eval import folder as files
from eval.datasets import DatasetError
from eval.run import check, run
from rag.engine import Engine
from rag.schema import Hit
from rag.settings import Settings
from tests.eval import small_run
from tests.eval.small_run import DAM, QUESTIONS, Place, go, hashed, kutip, silent
from tests.fakes import FakeOllama, HashEmbedder, quoting

place = small_run.place


# What is written ---------------------------------------------------------------------------


def test_a_run_writes_answers_scores_and_a_report(place: Place) -> None:
    """A row a question in the form of `kutip ask --json`, flat numbers, and one page."""
    made = go(place)
    rows = place.answers()
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["citations"][0]["quote"] == DAM
    assert {"question", "text", "answered", "abstention", "hits", "seconds"} <= rows[0].keys()
    assert rows[4]["answered"] is False
    metrics = place.metrics()
    assert metrics == made.scores.numbers
    assert metrics["mrr@10"] == 1.0
    assert metrics["mrr@10.n"] == 4
    assert {"mrr@10.id", "mrr@10.low", "mrr@10.high", "mrr@10.tag:who"} <= metrics.keys()
    assert all(isinstance(value, int | float) for value in metrics.values())
    page = (place.out / files.REPORT).read_text("utf-8")
    assert "Who sold the lighthouse of Quorn?" in page


def test_the_users_library_is_left_alone(place: Place) -> None:
    """Nothing is written into the data folder, and a cached library is none of it."""
    go(place, cache=place.folder / "kept")
    assert not (place.folder / "data").exists()
    (library,) = (place.folder / "kept").iterdir()
    with hashed(replace(place.settings, data_dir=library)) as engine:
        assert len(list(engine.entries())) == 3


def test_rows_hold_ten_hits_where_there_are_so_many(place: Place) -> None:
    """A library of twelve articles gives ten hits, though the user's settings ask for two."""
    for number in range(12):
        text = f"The dam above Aven was seen by visitor {number}. It stood there {number} days.\n"
        (place.folder / "articles" / f"more{number}.txt").write_text(text, encoding="utf-8")
    settings = Settings.load(environment={"KUTIP_HITS": "2"}, data_dir=place.folder / "data")
    run(place.request(limit=1), settings=settings, on_progress=silent, engine_of=hashed)
    (row,) = place.answers()
    assert [hit["rank"] for hit in row["hits"]] == list(range(1, 11))


def test_a_passage_is_embedded_once(place: Place) -> None:
    """The second run finds every vector in the user's cache folder."""
    embedders: list[HashEmbedder] = []

    def counting(settings: Settings) -> Engine:
        embedders.append(HashEmbedder())
        return Engine(settings, embedder=embedders[-1])

    go(place, counting)
    first = sum(each.embedded for each in embedders)
    embedders.clear()
    go(place, counting, out=place.folder / "again")
    assert first == 3
    assert sum(each.embedded for each in embedders) == 0
    metrics, again = place.metrics(), place.metrics("again")
    assert {n: v for n, v in again.items() if not n.startswith("seconds.")} == {
        n: v for n, v in metrics.items() if not n.startswith("seconds.")
    }


def test_another_precision_is_embedded_anew(place: Place) -> None:
    """What bf16 gave is not taken for what fp32 gives."""
    embedder = HashEmbedder()
    settings = place.settings
    for precision in ("fp32", "bf16", "fp32"):
        run(
            place.request(out=place.folder / f"out-{precision}"),
            settings=replace(settings, precision=precision),
            on_progress=silent,
            engine_of=lambda s: Engine(s, embedder=embedder),
        )
    assert embedder.embedded == 6


def test_a_damaged_cache_costs_time_only(place: Place) -> None:
    """A file of vectors that is none is made anew."""
    cache = place.folder / "cache" / "kutip" / "embeddings.sqlite3"
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"no database at all " * 500)
    assert go(place).scores.numbers["mrr@10"] == 1.0
    assert go(place).scores.numbers["mrr@10"] == 1.0
    assert cache.read_bytes().startswith(b"SQLite format 3")


# Which questions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"limit": 2}, ["1", "2"]),
        ({"tag": "who"}, ["1", "2"]),
        ({"language": "id"}, ["2", "3"]),
        ({"tag": "who", "language": "id", "limit": 1}, ["2"]),
    ],
)
def test_only_some_are_asked(place: Place, changes: dict[str, Any], asked: list[str]) -> None:
    """A tag, a language and a limit narrow what is asked, the limit last."""
    go(place, **changes)
    assert [row["id"] for row in place.answers()] == asked


def test_nothing_left_is_told_in_words(place: Place) -> None:
    """A filter that no question passes names itself and the tags there are."""
    with pytest.raises(DatasetError, match="none of 5 questions has the tag 'whom'") as told:
        go(place, tag="whom")
    assert "howmany, unanswerable, what, who" in told.value.hint


def test_without_unanswerable_questions_nothing_is_said_of_refusing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rejection is "n/a" in the table and absent from the numbers, not 0 and no crash."""
    place.ask(QUESTIONS[:4])
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 0
    (line,) = re.findall(r"(?m)^ *rejection .*$", capsys.readouterr().out)
    assert set(line.split()[1:]) == {"n/a"}
    assert "rejection" not in place.metrics()


def test_two_datasets_are_told_apart(place: Place) -> None:
    """Of two files every question is asked and has its file for a tag; a shared id is refused."""
    other = place.folder / "other.jsonl"
    other.write_text(json.dumps({**QUESTIONS[0], "id": "x"}) + "\n", encoding="utf-8")
    go(place, datasets=(place.dataset, other))
    assert place.metrics()["mrr@10.tag:set:other.n"] == 1
    other.write_text(json.dumps(QUESTIONS[0]) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"id '1' is in .*other\.jsonl and in .*q\.jsonl"):
        go(place, datasets=(place.dataset, other), out=place.folder / "o2")


def test_articles_must_be_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A dataset of the user's own without --articles is an error that says what to write."""
    assert kutip(place, "eval", str(place.dataset)) == 2
    assert "--articles FOLDER" in capsys.readouterr().err


def test_the_suites_own_datasets_know_their_articles(place: Place) -> None:
    """Without files, both sets that Kutip comes with are checked against their articles."""
    request = replace(place.request(), datasets=(), articles=())
    found = check(request, settings=place.settings, on_progress=silent, engine_of=hashed)
    assert found["questions"] >= 200
    assert found["unanswerable"] >= 50
    assert found["articles"] >= 43


# Checking ----------------------------------------------------------------------------------


def test_check_asks_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--check counts what is there, and writes no file."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--check"]
    assert kutip(place, *words, "--out", str(place.out), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"questions": 5, "unanswerable": 1, "articles": 3}
    assert not place.out.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        (json.dumps({**QUESTIONS[0], "id": "2"}), "the id '2' is that of line 2 too"),
        (json.dumps({**QUESTIONS[0], "id": "6", "language": "nl"}), "language is 'nl'"),
        (
            json.dumps({**QUESTIONS[0], "id": "6",
                        "evidence": [{"article": "gone.txt", "quote": "x"}]}),
            "no article is called 'gone.txt'",
        ),
        (
            json.dumps({**QUESTIONS[0], "id": "6",
                        "evidence": [{"article": "dam.txt", "quote": "It fell."}]}),
            "dam.txt does not hold 'It fell.'",
        ),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(
    place: Place, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    """A line that cannot be used is an error with file and line, before anything is asked."""
    with place.dataset.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 2
    said = capsys.readouterr().err
    assert f"{place.dataset}, line 6: " in said
    assert told in said
    assert not (place.out / files.ANSWERS).exists()


# A language model --------------------------------------------------------------------------


def test_a_model_answers_through_its_server(place: Place) -> None:
    """Any answerer will do: rows name it, and what it wrote is scored."""
    with FakeOllama(quoting) as server:
        settings = replace(place.settings, ollama_host=server.url)
        made = run(
            place.request(answerer="ollama", limit=1),
            settings=settings,
            on_progress=silent,
            engine_of=hashed,
        )
    (row,) = place.answers()
    assert row["answerer"].startswith("ollama:")
    assert made.about["answerer"] == row["answerer"]
    assert made.scores.numbers["answer_language"] == 1.0


# What the engine was given for this --------------------------------------------------------


def test_hits_are_deepened_without_a_double(place: Place) -> None:
    """What a deeper search adds comes after the answer's own hits, each passage once."""
    go(place)
    for row in place.answers():
        ids = [hit["passage_id"] for hit in row["hits"]]
        assert len(set(ids)) == len(ids)


def test_the_best_sentence_is_that_of_the_answer(place: Place) -> None:
    """Of a question that is answered with a quote, the sentence ranked first is quoted."""
    with hashed(place.settings) as engine:
        list(engine.add([str(place.folder / "articles")]))
        text = "Who keeps the dam above Aven?"
        hits: list[Hit] = engine.search(text)
        answer = engine.answer(text, hits, answerer="extractive")
        assert engine.best_sentence(text, hits) == answer.citations[0].quote == DAM
        assert engine.best_sentence(text, []) is None


def test_what_was_worked_out_of_a_sentence_holds_for_the_next_question(place: Place) -> None:
    """Sentences are read once; a question between two equal ones changes neither answer."""
    texts = [str(row["question"]) for row in QUESTIONS[:4]]
    with hashed(place.settings) as engine:
        list(engine.add([str(place.folder / "articles")]))
        first = [engine.ask(text, answerer="extractive") for text in texts]
        again = [engine.ask(text, answerer="extractive") for text in reversed(texts)]
    assert [(a.text, a.evidence_score) for a in first] == [
        (a.text, a.evidence_score) for a in reversed(again)
    ]

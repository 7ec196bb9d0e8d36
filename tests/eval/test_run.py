"""A run of the suite from end to end, on five questions, and what can go wrong with it."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eval import folder as files
from eval.datasets import DatasetError
from eval.run import Request, check, rescore, run
from rag.cli import main
from rag.engine import Engine
from rag.errors import AnswererUnavailable, BadQuestion, StoreError
from rag.schema import Answer, Hit, Progress
from rag.settings import Settings
from tests.fakes import FakeOllama, HashEmbedder, quoting

ROOT = Path(__file__).resolve().parents[2]
DAM = "Odile Marsh keeps the dam above Aven."
ARTICLES = {
    "dam.txt": f"{DAM}\n\nShe has kept it for 12 years, the council said on Monday.\n",
    "feri.txt": "Feri Sri Lorven terbakar di Aven pada Senin. Sebanyak 31 penumpang selamat.\n",
    "rice.txt": "Rice prices rose again in the north of Lorven. Traders blamed the rain.\n",
}


def question(
    name: str, text: str, language: str, answers: Sequence[str], *gold: str, tags: Sequence[str]
) -> dict[str, object]:
    """A line of a dataset; `gold` is an article and a quote."""
    evidence = [{"article": gold[0], "quote": gold[1]}] if gold else []
    return {
        "id": name, "question": text, "language": language, "answers": list(answers),
        "evidence": evidence, "tags": list(tags),
    }  # fmt: skip


QUESTIONS = [
    question("1", "Who keeps the dam above Aven?", "en", ["Odile Marsh"], "dam.txt", DAM,
             tags=["who", "pair:dam"]),
    question("2", "Siapa yang menjaga bendungan di atas Aven?", "id", ["Odile Marsh"], "dam.txt",
             DAM, tags=["who", "pair:dam"]),
    question("3", "Berapa penumpang feri Sri Lorven yang selamat?", "id", ["31"], "feri.txt",
             "Sebanyak 31 penumpang selamat.", tags=["howmany"]),
    question("4", "What did traders blame for rice prices?", "en", ["rain"], "rice.txt",
             "Traders blamed the rain.", tags=["what"]),
    question("5", "Who sold the lighthouse of Quorn?", "en", [], tags=["unanswerable"]),
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the tests run: articles, a dataset, and a user's folders that are nobody's."""

    folder: Path

    @property
    def dataset(self) -> Path:
        return self.folder / "q.jsonl"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def settings(self) -> Settings:
        return Settings.load(environment={}, data_dir=self.folder / "data")

    def ask(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.dataset.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")

    def request(self, **changes: Any) -> Request:
        usual = Request(
            out=self.out,
            datasets=(self.dataset,),
            articles=(self.folder / "articles",),
            answerer="extractive",
            robustness=False,
        )
        return replace(usual, **changes)

    def answers(self, out: str = "out") -> list[dict[str, Any]]:
        lines = (self.folder / out / files.ANSWERS).read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def metrics(self, out: str = "out") -> dict[str, float]:
        found: dict[str, float] = json.loads((self.folder / out / files.METRICS).read_text("utf-8"))
        return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    found = Place(tmp_path)
    found.ask(QUESTIONS)
    return found


def hashed(settings: Settings) -> Engine:
    """An engine without a model."""
    return Engine(settings, embedder=HashEmbedder())


def silent(_: Progress) -> None:
    """Nobody watches."""


def go(place: Place, engine_of: Callable[[Settings], Engine] = hashed, **changes: Any) -> Any:
    return run(
        place.request(**changes), settings=place.settings, on_progress=silent, engine_of=engine_of
    )


def kutip(place: Place, *words: str, engine_of: Callable[[Settings], Engine] = hashed) -> int:
    """The exit status of a command line."""
    return main(["--data-dir", str(place.folder / "data"), *words], engine_factory=engine_of)


class Failing(Engine):
    """An engine that meets some error at some questions."""

    error: Exception = BadQuestion("no")
    at: tuple[str, ...] = ()

    def ask(self, question: str, **options: Any) -> Answer:  # type: ignore[override]
        if any(word in question for word in self.at):
            raise self.error
        return super().ask(question, **options)


def failing(error: BaseException, *at: str) -> Callable[[Settings], Engine]:
    def made(settings: Settings) -> Engine:
        engine = Failing(settings, embedder=HashEmbedder())
        engine.error, engine.at = error, at  # type: ignore[assignment]
        return engine

    return made


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


# Interrupted -------------------------------------------------------------------------------


def test_a_stopped_run_goes_on(place: Place) -> None:
    """What was answered before Ctrl-C is not asked again, and a torn line costs its question."""
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    path = place.out / files.ANSWERS
    before = path.read_bytes()
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    path.write_bytes(before + b'{"id": "3", "text": "Se')
    asked: list[str] = []

    class Noting(Engine):
        def ask(self, question: str, **options: Any) -> Answer:  # type: ignore[override]
            asked.append(question)
            return super().ask(question, **options)

    made = go(place, lambda s: Noting(s, embedder=HashEmbedder()), resume=True)
    assert asked == [str(q["question"]) for q in QUESTIONS[2:]]
    assert path.read_bytes().startswith(before)
    assert made.scores.numbers["mrr@10.n"] == 4
    assert made.scores.numbers["outcome.missing"] == 0


def test_a_stopped_run_is_not_thrown_away(place: Place) -> None:
    """Without --resume, answers of a run that did not finish are no reason to begin anew."""
    with pytest.raises(KeyboardInterrupt):
        go(place, failing(KeyboardInterrupt(), "feri"))
    with pytest.raises(DatasetError, match="holds 2 answers of a run that did not finish") as told:
        go(place)
    assert "--resume" in told.value.hint
    assert len(place.answers()) == 2


def test_a_finished_run_is_replaced(place: Place) -> None:
    """Into the same folder, a second run writes its own answers and no others."""
    go(place)
    go(place, limit=1)
    assert [row["id"] for row in place.answers()] == ["1"]
    assert place.metrics()["mrr@10.n"] == 1


def test_a_run_goes_on_with_more_questions(place: Place) -> None:
    """A limit may be raised: only the further questions are asked."""
    go(place, limit=2)
    first = (place.out / files.ANSWERS).read_bytes()
    go(place, resume=True)
    assert (place.out / files.ANSWERS).read_bytes().startswith(first)
    assert [row["id"] for row in place.answers()] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("dataset", "another dataset"),
        ("articles", "other articles"),
        ("seed", "another seed"),
        ("settings", "other settings"),
        ("embedder", "another embedding model"),
    ],
)
def test_another_run_is_not_gone_on_with(place: Place, change: str, told: str) -> None:
    """What an answer or a score depends on must be as it was; the error says what is not."""
    go(place, limit=2)
    before = (place.out / files.ANSWERS).read_bytes()
    settings, seed, embedder = place.settings, 0, HashEmbedder()
    if change == "dataset":
        place.ask(QUESTIONS[:4])
    elif change == "articles":
        (place.folder / "articles" / "more.txt").write_text("A cow ate the hay.\n", "utf-8")
    elif change == "seed":
        seed = 7
    elif change == "settings":
        settings = replace(settings, evidence_floor=0.9)
    else:
        embedder = HashEmbedder(name="another")
    with pytest.raises(DatasetError, match=f"was begun with {told}"):
        run(
            place.request(resume=True, seed=seed),
            settings=settings,
            on_progress=silent,
            engine_of=lambda s: Engine(s, embedder=embedder),
        )
    assert (place.out / files.ANSWERS).read_bytes() == before


def test_ctrl_c_says_how_to_go_on(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Interrupted, the command tells --resume in one line and exits 130."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    words += ["--out", str(place.out), "--answerer", "extractive", "--quiet"]
    assert kutip(place, *words, engine_of=failing(KeyboardInterrupt(), "feri")) == 130
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "--resume" in said.err
    assert kutip(place, *words, "--no-robustness", "--resume") == 0
    assert len(place.answers()) == 5


_KILLED = """
import sys, time
from pathlib import Path
from tests.eval.test_run import Place, go, hashed
from rag.engine import Engine
from tests.fakes import HashEmbedder

class Slow(Engine):
    def ask(self, question, **options):
        if "feri" in question:
            print("now", flush=True)
            time.sleep(60)
        return super().ask(question, **options)

go(Place(Path(sys.argv[1])), lambda s: Slow(s, embedder=HashEmbedder()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_loses_nothing_that_was_answered(place: Place) -> None:
    """After SIGKILL in the third question, the first two are there and the rest is asked."""
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(place.folder)], cwd=ROOT, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"now\n"
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    assert not (place.out / files.METRICS).exists()
    go(place, resume=True)
    assert [row["id"] for row in place.answers()] == ["1", "2", "3", "4", "5"]


# Errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"), [(BadQuestion("no such luck"), "bad_question"), (ValueError("x"), "fault")]
)
def test_a_question_that_fails_does_not_end_the_run(
    place: Place, error: Exception, kind: str
) -> None:
    """An error of one question is its row, and an outcome of its own; --resume asks it again."""
    made = go(place, failing(error, "feri"))
    rows = {row["id"]: row for row in place.answers()}
    assert rows["3"]["error"]["kind"] == kind
    assert made.scores.numbers["outcome.failed"] == 1
    assert made.scores.numbers["outcome.answered"] == 3
    again = go(place, resume=True)
    assert again.scores.numbers["outcome.failed"] == 0
    assert len(place.answers()) == 6


def test_a_model_that_is_gone_ends_the_run(place: Place) -> None:
    """Three questions on which the server failed in a row are enough; the answers are kept."""
    gone = AnswererUnavailable("nothing answers", hint="Start it.")
    place.ask([QUESTIONS[3], *QUESTIONS[:3], QUESTIONS[4]])
    with pytest.raises(AnswererUnavailable):
        go(place, failing(gone, "Aven", "feri"))
    assert [("error" in row) for row in place.answers()] == [False, True, True]


def test_an_answerer_that_cannot_be_had_is_told_at_once(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is read or embedded for a model that is not there."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    closed = "http://127.0.0.1:9"
    settings = replace(place.settings, ollama_host=closed)
    with pytest.raises(AnswererUnavailable):
        run(
            place.request(answerer="ollama:none"),
            settings=settings,
            on_progress=silent,
            engine_of=hashed,
        )
    assert not place.out.exists() or not list(place.out.iterdir())
    assert kutip(place, *words, "--answerer", "nobody") == 2
    assert "there is no answerer 'nobody'" in capsys.readouterr().err


def test_a_full_disk_is_one_line(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When there is no room for a row, the run ends with what, which and what next."""
    added = files.append

    def full(path: Path, line: bytes) -> None:
        if b'"id": "3"' in line:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        added(path, line)

    monkeypatch.setattr(files, "append", full)
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--quiet"]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "answers.jsonl cannot be written: No space left on device" in said
    assert "--resume" in said
    assert len(place.answers()) == 2


def test_the_librarys_own_trouble_ends_the_run(place: Place) -> None:
    """An error of the store is no row: every further question would meet it."""
    with pytest.raises(StoreError):
        go(place, failing(StoreError("damaged"), "feri"))
    assert len(place.answers()) == 2


def test_an_article_that_cannot_be_read_is_told(place: Place) -> None:
    """One bad file among others is a warning; when all are bad there is nothing to ask about."""
    (place.folder / "articles" / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (warning,) = go(place).warnings
    assert warning.startswith("1 of 4 articles were left out: ")
    for name in ARTICLES:
        (place.folder / "articles" / name).unlink()
    with pytest.raises(DatasetError, match="no article could be read"):
        go(place, out=place.folder / "o2")


# The command line --------------------------------------------------------------------------


def test_the_metrics_are_printed_as_json(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, standard output is the object of metrics.json."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles"), "--json"]
    assert kutip(place, *words, "--out", str(place.out), "--answerer", "extractive") == 0
    assert json.loads(capsys.readouterr().out) == place.metrics()


def test_a_score_that_falls_short_exits_1(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--min holds a score to a least value, one where less is better to a most; typos are told."""
    go(place)
    score = ["eval", "score", str(place.out)]
    assert kutip(place, *score, "--min", "mrr@10=1", "--min", "crag.wrong=0") == 0
    capsys.readouterr()
    assert kutip(place, *score, "--min", "em=0.5", "--min", "mrr@10.id=0.9") == 1
    assert "em is 0, less than 0.5" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "evidence_score=1", "--min", "false_refusal=-1") == 1
    assert "false_refusal is 0, more than -1" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "mrr@1=0.5") == 2
    assert "no score 'mrr@1'" in capsys.readouterr().err
    assert kutip(place, *score, "--min", "mrr@10") == 2
    assert "write mrr@10=0.8" in capsys.readouterr().err


def test_a_folder_is_scored_again_offline(place: Place) -> None:
    """The folder is enough: the same numbers come out, and other answers give others."""
    before = go(place).scores.numbers
    place.dataset.unlink()
    assert rescore(place.out).scores.numbers == before
    rows = place.answers()
    rows[0]["text"] = rows[0]["text"].replace("Odile Marsh", "Somebody")
    files.keep_rows(place.out / files.ANSWERS, rows)
    assert rescore(place.out).scores.numbers["match"] < before["match"]
    assert place.metrics()["match"] < before["match"]


def test_a_mended_dataset_scores_again(place: Place) -> None:
    """Given a dataset, its answers are the right ones from now on."""
    go(place)
    place.ask([{**QUESTIONS[0], "answers": ["Nobody"]}, *QUESTIONS[1:]])
    assert rescore(place.out, datasets=[place.dataset]).scores.numbers["match"] == 0.75


@pytest.mark.parametrize("words", [["score", "none"], ["compare", "none", "none"]])
def test_a_folder_without_a_run_is_told(
    place: Place, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Scoring and comparing need the folder of a run."""
    assert kutip(place, "eval", *(str(place.folder / w) if w == "none" else w for w in words)) == 2
    assert "holds no run of the suite" in capsys.readouterr().err


def test_two_runs_are_compared(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --out, the results lie in the data folder; a run is no better than itself."""
    words = ["eval", str(place.dataset), "--articles", str(place.folder / "articles")]
    assert kutip(place, *words, "--answerer", "extractive", "--limit", "2") == 0
    capsys.readouterr()
    usual = str(place.folder / "data" / "evaluation")
    assert kutip(place, "eval", "compare", usual, usual, "--json") == 0
    assert json.loads(capsys.readouterr().out)["measures"]["mrr@10"]["difference"] == 0


def test_a_question_may_begin_with_the_words_of_the_suite(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """`kutip ask eval score` asks a question."""
    assert kutip(place, "ask", "--answerer", "extractive", "eval", "score") == 1
    assert "eval" not in capsys.readouterr().err


def test_every_verb_of_the_suite_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    """--help of each gives examples."""
    for verb in ([], ["score"], ["compare"], ["peers"], ["bench"]):
        assert main(["eval", *verb, "--help"]) == 0
        said = capsys.readouterr().out
        assert f"  {' '.join(['kutip eval', *verb])}" in said.partition("examples:")[2]


def test_python_m_eval_is_the_same(place: Place) -> None:
    """`python -m eval` checks, counts and fails as `kutip eval` does."""
    command = [sys.executable, "-m", "eval", str(place.dataset)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])}
    wrong = subprocess.run([*command, "--json"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["error"]["kind"] == "bad_setting"
    assert wrong.stderr.startswith("kutip: the articles that ")


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


# SQuAD and sentences -----------------------------------------------------------------------

PARAGRAPHS = [
    {"context": "Odile Marsh keeps the dam  above Aven. She is 51.", "qas": [
        {"id": "a", "question": "Who keeps the dam above Aven?", "is_impossible": False,
         "answers": [{"text": "Odile Marsh", "answer_start": 0}]},
        {"id": "b", "question": "Who sold the lighthouse of Quorn?", "is_impossible": True,
         "answers": []}]},
    {"context": "Baca juga: Odile Marsh keeps the dam  above Aven. She is 51."},
    {"context": "Home | News | Sport\nRice prices rose again in the north."},
]  # fmt: skip


@pytest.fixture
def squad(place: Place) -> Path:
    path = place.folder / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": PARAGRAPHS}]}), encoding="utf-8")
    return path


def test_squad_paragraphs_are_taken_as_they_are(place: Place, squad: Path) -> None:
    """Each paragraph is an article, uncleaned and on its own, asked about or not."""
    request = {"datasets": (), "articles": (), "squad": squad}
    made = go(place, **request, cache=place.folder / "kept")
    assert sorted(made.texts.by_id.values()) == sorted(str(p["context"]) for p in PARAGRAPHS)
    first, second = place.answers()
    # Near-copies are not put together: the second paragraph is a hit of its own.
    assert [hit["copies"] for hit in first["hits"]] == [[] for _ in first["hits"]]
    assert len({hit["article_id"] for hit in first["hits"]}) >= 2
    assert first["answer_sentence"] == "Odile Marsh keeps the dam  above Aven."
    assert 0 < second["evidence_score"] < first["evidence_score"] <= 1
    assert second["answered"] is False
    assert place.metrics()["article.mrr@10"] == 1.0


def test_squad_brings_its_own_questions(place: Place, squad: Path) -> None:
    """It is no further dataset."""
    words = ["eval", str(place.dataset), "--squad", str(squad)]
    assert kutip(place, *words, "--out", str(place.out)) == 2


def test_sentences_are_judged(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--verify alone asks nothing: a verdict a sentence, and the share of right ones."""
    text = "The ferry to Lorven carried 31 people on Monday."
    rows = [
        {"id": "s", "evidence": text, "sentence": "It carried 31 people.", "published": None,
         "supported": True},
        {"id": "u", "evidence": text, "sentence": "It carried 45 people.",
         "published": "2024-08-21", "supported": False},
    ]  # fmt: skip
    path = place.folder / "v.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert kutip(place, "eval", "--verify", str(path), "--out", str(place.out)) == 0
    assert "verify.accuracy" in capsys.readouterr().out
    lines = (place.out / files.VERDICTS).read_text("utf-8").splitlines()
    verdicts = [json.loads(line) for line in lines]
    assert [(v["id"], v["verdict"]) for v in verdicts] == [("s", "supported"), ("u", "unsupported")]
    assert verdicts[0]["reasons"] == []
    assert verdicts[1]["reasons"]
    assert place.metrics()["verify.accuracy"] == 1.0
    assert not (place.out / files.ANSWERS).exists()


def test_verdicts_and_answers_share_a_folder(place: Place) -> None:
    """A dataset and sentences in one run give the numbers of both, and scoring again keeps them."""
    path = place.folder / "v.jsonl"
    row = {"id": "s", "evidence": DAM, "sentence": DAM, "published": None, "supported": True}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    go(place, verify=path)
    assert {"verify.accuracy", "mrr@10"} <= place.metrics().keys()
    rescore(place.out)
    assert place.metrics()["verify.accuracy.n"] == 1


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

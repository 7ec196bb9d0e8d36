"""A folder whose files are damaged says which line, and keeps what it had."""

from __future__ import annotations

import json

import pytest

from eval import folder as files
from eval import robustness
from eval.datasets import DatasetError
from eval.run import rescore
from tests.eval import small_run
from tests.eval.small_run import QUESTIONS, Place, go, kutip

place = small_run.place


def test_damaged_lines_are_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Scoring tells the line of each answer that it cannot read, and counts the others."""
    go(place)
    lines = (place.out / files.ANSWERS).read_text("utf-8").splitlines()
    without_id = json.dumps({k: v for k, v in json.loads(lines[3]).items() if k != "id"})
    damaged = [*lines[:2], "", lines[2][:40], without_id, lines[4]]
    (place.out / files.ANSWERS).write_text("\n".join(damaged) + "\n", encoding="utf-8")
    made = rescore(place.out)
    assert made.warnings == (
        "answers.jsonl, line 4: not JSON",
        "answers.jsonl, line 5: it names no question (id)",
    )
    assert sorted(made.given) == ["1", "2", "5"]
    assert made.scores.numbers["outcome.missing"] == 2
    assert kutip(place, "eval", "score", str(place.out)) == 0
    assert "answers.jsonl, line 4: not JSON" in capsys.readouterr().err


def test_many_damaged_lines_are_counted(place: Place) -> None:
    """Three are named, and how many more there are."""
    go(place, limit=1)
    with (place.out / files.ANSWERS).open("a", encoding="utf-8") as file:
        file.write("{\n" * 5)
    assert rescore(place.out).warnings == (
        *(f"answers.jsonl, line {number}: not JSON" for number in (2, 3, 4)),
        "answers.jsonl: 2 more lines cannot be read",
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "it is not there"),
        (b"", "it is empty"),
        (b"\x00\xff\xfe" * 9_000, "line 1: not JSON"),
        (b'{"text": "Odile Marsh."}\n', r"line 1: it names no question \(id\)"),
    ],
)
def test_answers_of_which_none_can_be_read_are_not_scored(
    place: Place, content: bytes | None, told: str
) -> None:
    """A good report is not replaced by one of nothing."""
    go(place)
    if content is None:
        (place.out / files.ANSWERS).unlink()
    else:
        (place.out / files.ANSWERS).write_bytes(content)
    kept = (place.out / files.REPORT, place.out / files.METRICS)
    before = [path.read_bytes() for path in kept]
    with pytest.raises(DatasetError, match=rf"holds no answer that can be read: {told}\Z"):
        rescore(place.out)
    assert [path.read_bytes() for path in kept] == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00" * 50_000, "it is not UTF-8"),
        (b"\x00" * 50_000, "line 1 is not JSON"),
        (b"[]\n", "line 1 is no article"),
        (b'\n{"article_id": "a", "text": "x"}\n', "line 2 is no article"),
    ],
)
def test_damaged_articles_are_one_short_line(place: Place, content: bytes, told: str) -> None:
    """What is wrong with a file is told without the file: once all of it was printed."""
    go(place, limit=1)
    path = place.out / files.ARTICLES
    path.write_bytes(content)
    with pytest.raises(DatasetError) as error:
        rescore(place.out)
    assert error.value.message == f"{path} is damaged: {told}"


def test_reasons_are_short() -> None:
    """One line of 160 characters at most, also of something long with line breaks."""
    assert files.short("a\nb") == "a b"
    assert files.short("x" * 161) == "x" * 159 + "…"
    assert files.short("x" * 160) == "x" * 160


def test_only_the_questions_that_are_scored_count(place: Place) -> None:
    """Scored against some of its questions, a run's tampered answers are those of the same."""
    go(place, robustness=True)
    rows = robustness.read_rows(place.out)
    of_one = [row for row in rows if row["id"] == "1"]
    assert 0 < len(of_one) < len(rows)
    place.ask(QUESTIONS[:1])
    numbers = rescore(place.out, datasets=[place.dataset]).scores.numbers
    assert {name: numbers[name] for name in robustness.numbers(of_one)} == robustness.numbers(
        of_one
    )

"""A model's server that fails is seen, told, and asked again; quotes in its place hide nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.asking import Watch, cause
from eval.run import run
from rag.errors import AnswererUnavailable, BadQuestion, ServerError
from rag.jsonform import error_object
from tests.eval import small_run
from tests.eval.rows import given, refusal, row
from tests.eval.small_run import Place, hashed, silent
from tests.fakes import FakeOllama, Script, prompt_of, quoting

place = small_run.place
QUOTES = "What follows are quotes."
GONE = "m at http://127.0.0.1:1 cannot be asked: nothing answers there. Start it."
SLOW = "m at http://127.0.0.1:1 said nothing within 20 s. Give it more time."
ANSWERED = row("Odile Marsh. [1]", answerer="ollama:m", tokens={"planned": 9})
LOST = row("Odile Marsh. [1]", notices=[GONE, QUOTES], tokens={"planned": 9})
EMPTY = row(
    "Odile Marsh. [1]", notices=["m at http://127.0.0.1:1 said nothing. Try again.", QUOTES]
)
ERROR = {"id": "q", **error_object(ServerError("it broke"))}


def test_the_third_in_a_row_is_one_too_many() -> None:
    """Quotes in place of an answer, and errors, of a failing server count alike."""
    watch = Watch()
    watch.see(LOST)
    watch.see(ERROR, ServerError("it broke"))
    with pytest.raises(ServerError, match=r"3 questions in a row: m at .* nothing answers") as told:
        watch.see(LOST)
    assert not told.value.message.endswith(".")
    assert "--resume" in told.value.hint


def test_an_error_is_raised_as_it_was() -> None:
    """Where the third row is an error's, that error ends the run."""
    watch = Watch()
    watch.see(LOST)
    watch.see(LOST)
    raised = AnswererUnavailable("nothing answers")
    with pytest.raises(AnswererUnavailable, match="nothing answers"):
        watch.see({"id": "q", **error_object(raised)}, raised)


@pytest.mark.parametrize(
    "between",
    [
        ANSWERED,
        refusal(),
        EMPTY,
        {"id": "q", **error_object(BadQuestion("too long"))},
    ],
    ids=["answered", "refused", "empty", "an error of the question"],
)
def test_what_the_server_did_not_fail_on_begins_the_count_anew(between: dict[str, Any]) -> None:
    """Two failures, something else, and two failures are not three in a row."""
    watch = Watch()
    for each in (LOST, LOST, between, LOST, LOST):
        watch.see(each)
    with pytest.raises(ServerError):
        watch.see(LOST)


def test_why_a_question_failed() -> None:
    """The notice right before that of the quotes, or the error; nothing where none failed."""
    both = row("Odile Marsh. [1]", notices=["2 passages were left out.", SLOW, QUOTES])
    assert cause(given(both)) == SLOW
    assert cause(given(ERROR)) == "it broke"
    assert cause(given(ANSWERED)) == cause(given(EMPTY)) == cause(given(refusal())) == ""


def asked(place: Place, server: FakeOllama, **changes: Any) -> Any:
    """A run whose answers a model writes."""
    return run(
        place.request(answerer="ollama", **changes),
        settings=replace(place.settings, ollama_host=server.url),
        on_progress=silent,
        engine_of=hashed,
    )


def test_a_question_the_server_failed_on_is_asked_again(place: Place) -> None:
    """--resume asks that one and no other, and its new row is the one that counts."""

    def failing(body: dict[str, Any]) -> Script:
        return Script(status=500) if "Berapa penumpang" in prompt_of(body) else quoting(body)

    with FakeOllama(failing) as server:
        made = asked(place, server)
    first = {row["id"]: row for row in place.answers()}
    assert first["3"]["answered"] is True
    assert first["3"]["answerer"] == "extractive"
    assert made.scores.numbers["outcome.failed"] == 1
    with FakeOllama(quoting) as server:
        made = asked(place, server, resume=True)
    assert [row["id"] for row in place.answers()] == ["1", "2", "3", "4", "5", "3"]
    assert made.rows["3"]["answerer"].startswith("ollama:")
    assert made.scores.numbers["outcome.failed"] == 0


def test_a_server_that_fails_on_everything_ends_the_run(place: Place) -> None:
    """Once a run went on to its end with quotes in place of every answer."""
    with FakeOllama(Script(status=500)) as server, pytest.raises(ServerError, match="in a row"):
        asked(place, server)
    assert [row["id"] for row in place.answers()] == ["1", "2"]
    with FakeOllama(quoting) as server:
        made = asked(place, server, resume=True)
    assert [row["id"] for row in place.answers()] == ["1", "2", "1", "2", "3", "4", "5"]
    assert made.scores.numbers["outcome.failed"] == 0


def test_a_server_that_fails_on_the_altered_passages_ends_the_run(place: Place) -> None:
    """The questions that are asked again, from hits tampered with, are watched too."""
    calls = 0

    def dying(body: dict[str, Any]) -> Script:
        nonlocal calls
        calls += 1
        return quoting(body) if calls <= 1 else Script(status=500)

    with FakeOllama(dying) as server, pytest.raises(ServerError, match="in a row"):
        asked(place, server, limit=1, robustness=True)
    assert len(place.answers()) == 1

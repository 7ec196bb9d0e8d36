"""What a model thinks, told from what it says."""

from __future__ import annotations

from typing import Any

import pytest

from rag.answer.model.generate import Thought
from rag.answer.model.thought import Opening
from tests.answer.model.writers import SAID, Server, drain, failure_of, text_of, writer
from tests.fakes import LLAMA, FakeOllama, Script


def test_thought_is_told_from_words(server: Server) -> None:
    """What the model thinks comes first, as thought, and is no part of the text."""
    server.script = Script(thinking="First I look. Then I write.")
    events = drain(writer(server, think=True))
    assert text_of(events, Thought).endswith("look. Then I write.")
    assert text_of(events) == SAID


def test_a_model_that_cannot_think_is_asked_without() -> None:
    """Where thinking is refused, the question is put again without it."""
    with FakeOllama(models=(LLAMA,)) as server:
        assert text_of(drain(writer(server, think=True, model="llama3.2"))) == SAID
        assert [chat.body.get("think") for chat in server.chats] == [None]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("written", "thought", "said"),
    [
        ("<think>Let me see.</think>\n\nIt rained.", "Let me see.", "It rained."),
        ("\n <THINK>a < b</think></think>x", "a < b", "</think>x"),
        ("<think></think>It rained.", "", "It rained."),
        ("<thinking>\nOne</think></thinking> Two", "\nOne</think>", "Two"),
        ("<think>no end of it</thi", "no end of it</thi", ""),
        ("It <think>rained</think>.", "", "It <think>rained</think>."),
        ("<thin air>", "", "<thin air>"),
        ("  <thi", "", "<thi"),
        ("", "", ""),
    ],
)
def test_thought_written_into_the_text_is_found(
    written: str, thought: str, said: str, size: int
) -> None:
    """However the tags are cut into pieces, and only at the very beginning."""
    opening = Opening()
    parts: list[Any] = []
    for at in range(0, len(written), size):
        parts.extend(opening.feed(written[at : at + size]))
    parts.extend(opening.close())
    assert (text_of(parts, Thought), text_of(parts)) == (thought, said)


def test_a_reply_that_is_all_thought_is_empty(server: Server) -> None:
    """A thought that never ends is no answer, and the failure says so."""
    server.script = Script(text="<think>First I look and look")
    events = drain(writer(server))
    assert text_of(events, Thought) == "First I look and look"
    failure = failure_of(events)
    assert failure.cause == "empty"
    assert "thought" in failure.message

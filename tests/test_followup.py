"""A follow-up made to stand alone: by the model where that does well, else by rules."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rag.answer.model.generate import Limits, Writer
from rag.followup import condense
from rag.schema import Turn
from tests.fakes import FakeOllama, Script, says

MET = Turn(
    question="Who met Blinken in Doha?",
    query="Who met Blinken in Doha?",
    text="Prime Minister Mohammed bin Abdulrahman Al Thani met Blinken in Doha. [1]",
    language="en",
)
ASKED = "And when did he leave?"
GOOD = "When did Blinken leave Doha?"


def condensed(script: Any, *, seconds: float = 20.0) -> str:
    """What becomes of the follow-up with a model that behaves so; no request is left open."""
    with FakeOllama(script) as server:
        made = asyncio.run(condense(ASKED, (MET,), _writer(server, seconds)))
        for chat in server.chats:
            assert chat.ended or chat.gone.wait(2)
    return made


def _writer(server: FakeOllama, seconds: float = 20.0) -> Writer:
    limits = Limits(
        context_tokens=8192, answer_tokens=512, seconds=seconds, max_bytes=16_000, keep_alive="30m"
    )
    return Writer(
        kind="ollama", url=server.url, model="gemma4:e4b", key="", limits=limits, think=False
    )


@pytest.mark.parametrize("question", [ASKED, "Who won the match in Jakarta?"])
def test_without_a_conversation_nothing_is_rewritten(question: str) -> None:
    """The first question is searched for as it is, and no model is asked."""
    with FakeOllama(says(GOOD)) as server:
        assert asyncio.run(condense(question, (), _writer(server))) == question
        assert server.chats == []


def test_a_question_that_stands_alone_is_left_alone() -> None:
    """A question that names what it is about asks no model either."""
    question = "Where did Antony Blinken meet Abdel Fattah al-Sisi?"
    with FakeOllama(says(GOOD)) as server:
        assert asyncio.run(condense(question, (MET,), _writer(server))) == question
        assert server.chats == []


@pytest.mark.parametrize(
    "said", [GOOD, f'"{GOOD}"', f"{GOOD}\n", f"Rewritten question: {GOOD}", f"**{GOOD}**"]
)
def test_the_models_rewriting_is_taken(said: str) -> None:
    """What it makes of the question is used, without what it puts around it."""
    assert condensed(says(said)) == GOOD


def test_the_model_is_shown_the_conversation() -> None:
    """The question before, its answer without marks, and the last question."""
    with FakeOllama(says(GOOD)) as server:
        asyncio.run(condense(ASKED, (MET,), _writer(server)))
        (chat,) = server.chats
    assert MET.question in chat.prompt
    assert "met Blinken in Doha." in chat.prompt
    assert "[1]" not in chat.prompt
    assert chat.body["options"]["num_ctx"] == 8192


@pytest.fixture
def by_rules() -> str:
    """What becomes of the question without a model."""
    return asyncio.run(condense(ASKED, (MET,), None))


def test_rules_put_in_what_is_pointed_to(by_rules: str) -> None:
    """Without a model the question names somebody or something of the turn before."""
    assert by_rules != ASKED
    assert "Blinken" in by_rules or "Al Thani" in by_rules


@pytest.mark.parametrize(
    "script",
    [
        says(""),
        says("Doha."),
        says("I am sorry, I cannot help with that."),
        says("He left on Tuesday, 20 August."),
        says("When did Napoleon leave Moscow?"),
        says("Kapan Blinken meninggalkan Doha?"),
        Script(text=GOOD, ending="die"),
        Script(text=GOOD, ending="no_done"),
        Script(text="When did", ending="error_line"),
        Script(status=500),
        Script(status=503),
        Script(text="word ", endless=True),
        Script(text="".join(f"And {n}? " for n in range(4_000))),
    ],
    ids=lambda s: s.text[:20] or s.ending if isinstance(s, Script) else None,
)
def test_a_rewriting_that_is_none_is_left(script: Script, by_rules: str) -> None:
    """An answer, another subject or language, or a failure: rules take its place."""
    assert condensed(script) == by_rules


def test_a_model_that_is_too_slow_is_not_waited_for(by_rules: str) -> None:
    """Its time is over: the rules answer, and its request is ended."""
    assert condensed(Script(first_after=60.0), seconds=0.3) == by_rules

"""One reply of a model: shown as it comes, held while it may be a refusal, judged at its end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.answer.cite import Citing
from rag.answer.model.draft import Draft
from rag.answer.model.generate import Finished, Piece, Thought
from rag.answer.model.prompt import Message, Prompt, build
from rag.errors import GenerationFailed
from rag.schema import Delta, Event, Hit, Metadata, Passage, Thinking

TEXT = (
    "Twelve people were killed in Lower Aven. "
    "The dam keeper, Odile Marsh, said the gates had been opened too late."
)
KILLED = "Twelve people were killed in Lower Aven."
STOP = Finished("stop", 300, 12)


def prompt() -> Prompt:
    """A prompt with one passage of two sentences."""
    passage = Passage(
        article_id="a" * 16,
        start=0,
        end=len(TEXT),
        text=TEXT,
        metadata=Metadata(title="Flood", source="flood.txt", language="en"),
    )
    return build(
        "How many people were killed?",
        [Hit(passage=passage, rank=1, score=1.0)],
        language="en",
        context_tokens=4096,
        answer_tokens=128,
    )


@dataclass
class Played:
    """Stands in for a `Writer`: gives out these parts, or raises one that is an error."""

    parts: Sequence[Thought | Piece | Finished | GenerationFailed]
    asked: list[Sequence[Message]] = field(default_factory=list)
    closed: bool = False

    async def reply(
        self, messages: Sequence[Message]
    ) -> AsyncGenerator[Thought | Piece | Finished, None]:
        self.asked.append(messages)
        try:
            for part in self.parts:
                if isinstance(part, GenerationFailed):
                    raise part
                yield part
        finally:
            self.closed = True


def drafted(
    *parts: Thought | Piece | Finished | GenerationFailed | str,
) -> tuple[Draft, list[Event], Played]:
    """The draft that the parts make, a string being a piece, and its events."""
    played = Played([Piece(part) if isinstance(part, str) else part for part in parts])
    draft = Draft(prompt(), citing=Citing(), language="en", question="How many people were killed?")

    async def run() -> list[Event]:
        return [event async for event in draft.events(played)]  # type: ignore[arg-type]

    return draft, asyncio.run(run()), played


def shown(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def test_what_is_shown_is_the_answer() -> None:
    """The deltas put together are the text that the statements point into."""
    draft, events, played = drafted(
        "Twelve people ", "were killed ", "in Lower Aven. ", "[1a]", STOP
    )
    citing = draft.composer.citing
    assert shown(events) == citing.text == f"{KILLED} [1]"
    assert [s.verdict for s in citing.statements] == ["matches"]
    assert (draft.finished, draft.failure, draft.refused) == (STOP, None, False)
    assert not draft.cut
    assert played.closed
    assert played.asked == [draft.prompt.messages]


def test_a_word_is_shown_when_it_comes() -> None:
    """Text that can be no refusal is let go at once, and its moment is noted."""
    draft, events, _ = drafted("Twelve ", "people", STOP)
    words = [event.text.strip() for event in events if isinstance(event, Delta)]
    assert [word for word in words if word][:2] == ["Twelve", "people"]
    assert draft.first_word_seconds is not None
    assert 0 <= draft.first_word_seconds < 5


def test_what_may_be_a_refusal_is_held_back() -> None:
    """Nothing of a refusal is ever shown, however it is cut."""
    for pieces in (
        ("NOT IN THE ARTICLES",),
        ("NOT ", "IN THE", " ARTICLES", "."),
        tuple("The articles do not say how many people were killed."),
        ("Sorry, ", "the provided articles ", "do not mention this."),
    ):
        draft, events, _ = drafted(*pieces, STOP)
        assert shown(events) == draft.composer.citing.text == ""
        assert draft.refused
        assert draft.first_word_seconds is None


def test_a_beginning_that_turns_out_to_state_something_is_shown_whole() -> None:
    """What was held is let go in one, nothing of it lost."""
    draft, events, _ = drafted(
        "The ", "articles ", "report that twelve people were killed. [1a]", STOP
    )
    assert shown(events).startswith("The articles report that twelve people were killed.")
    assert not draft.refused


def test_a_refusal_that_only_its_end_shows_is_a_refusal() -> None:
    """Shown by then, it is for the caller to take back."""
    said = "The number of the people who were rescued is not mentioned in the articles."
    draft, _, _ = drafted(said, STOP)
    assert draft.refused


def test_thoughts_are_passed_on_and_are_no_text() -> None:
    """They come as they are thought, and none of them is in the answer."""
    draft, events, _ = drafted(Thought("Let me "), Thought("see."), f"{KILLED} [1a]", STOP)
    assert [event.text for event in events if isinstance(event, Thinking)] == ["Let me ", "see."]
    assert draft.composer.citing.text == f"{KILLED} [1]"


@pytest.mark.parametrize("reason", ["length", "too_long", "repeated", "out_of_time"])
def test_a_reply_without_an_end_of_its_own_is_cut(reason: str) -> None:
    """The reader sees where it breaks off, once."""
    draft, events, _ = drafted(f"{KILLED} [1a] The dam", Finished(reason))  # type: ignore[arg-type]
    assert draft.cut
    assert shown(events).startswith(f"{KILLED} [1] The dam … (cut off)")
    assert shown(events).count("(cut off)") == 1


@pytest.mark.parametrize("text", ["", f"{KILLED} [1a] The dam", "The articles do", KILLED])
def test_a_failure_is_kept_with_what_was_said(text: str) -> None:
    """It is not raised; what was said until then is shown, held beginnings too."""
    failure = GenerationFailed("it broke off", hint="Ask again.", cause="died")
    draft, events, played = drafted(*([text] if text else []), failure)
    assert draft.failure is failure
    assert draft.finished is None
    assert draft.cut
    assert played.closed
    assert shown(events) == draft.composer.citing.text
    assert shown(events).startswith(text.replace(" [1a]", " [1]"))
    assert ("(cut off)" in shown(events)) == bool(text)


def test_a_refusal_that_breaks_off_is_no_answer() -> None:
    """A refusal whose connection dies after its words is a refusal and a failure."""
    draft, events, _ = drafted("NOT IN THE ARTICLES", GenerationFailed("it broke off"))
    assert shown(events) == ""
    assert draft.refused
    assert draft.failure is not None


def test_closing_it_closes_the_reply() -> None:
    """Whoever stops reading ends the request too."""
    played = Played([Piece("Twelve "), Piece("people "), STOP])
    draft = Draft(prompt(), citing=Citing(), language="en", question="How many?")

    async def run() -> None:
        events = draft.events(played)  # type: ignore[arg-type]
        await anext(events)
        assert not played.closed
        await events.aclose()

    asyncio.run(run())
    assert played.closed


def test_a_token_of_the_chat_template_ends_the_reply() -> None:
    """The model's talk with itself is not shown, its request is closed, the reply is whole."""
    draft, events, played = drafted(
        f"{KILLED} [1a]<|im_", "end|>\n<|im_start|>user\n", "And the dam?", GenerationFailed("late")
    )
    assert shown(events) == draft.composer.citing.text == f"{KILLED} [1]"
    assert draft.finished == Finished("stop")
    assert (draft.failure, draft.cut, played.closed) == (None, False, True)


def test_debris_hides_no_refusal() -> None:
    """Tags, labels and terminal commands around it do not make it an answer."""
    for said in (
        "Answer: NOT IN THE ARTICLES",
        "\x1b[1mNOT IN THE ARTICLES\x1b[0m",
        "<b>NOT IN THE ARTICLES</b><end_of_turn>",
        "```\nNOT IN THE ARTICLES\n```",
    ):
        draft, events, _ = drafted(*said, STOP)
        assert (shown(events), draft.refused) == ("", True)


def test_debris_alone_is_a_failure() -> None:
    """A reply of nothing but a template's tokens is no answer, and says so."""
    draft, events, _ = drafted("<|im_start|>assistant\n", "<|im_end|>", STOP)
    assert events == []
    assert draft.failure is not None
    assert draft.failure.cause == "empty"


@pytest.mark.parametrize(
    "form",
    ["(1a)", "(Source: 1a)", "(source: [1a])", "<sup>1a</sup>", "<sup>[1a]</sup>", "<1a>", "{1a}",
     "[1a: Some Paper]", "[1 a]", "[1-a]", "[article 1, sentence a]", "<b>[1a]</b>", "[1a"],
)  # fmt: skip
def test_a_mark_in_an_odd_form_leaves_nothing_behind(form: str) -> None:
    """It cites the sentence it names, and the text is the sentence and its number."""
    draft, _, _ = drafted(f"{KILLED} {form}", STOP)
    assert draft.composer.citing.text == f"{KILLED} [1]"
    assert [c.quote for c in draft.composer.citing.citations] == [KILLED]
    assert draft.composer.dropped == 0


FRAGMENTS = (
    "A. B.", "\n\n", "\n", " ", "Sources:", "[1a] Some Paper", "[1b] Some Paper", "[1a]", "[2b]",
    "(1b)", "Dr. ", "Dr.", "Dr. Ali came.", " The", " It was.", f" {KILLED}", " p.m. ", "Jan. 5",
    "1. ", "- ", "* ", "**", "“No,” he said. ", "“Open. Still", "U.S. ", "…", "?", " No. 5",
    "[9]", " cost 7,123 dollars", "`[1]`", "## Head\n", "\t", "\r\n", "[", "(", ")", "[1a The",
    "<sup>1</sup>", "<b>", "<br>", "\x1b[31m", "Answer: ", "```\n", "<|im_end|>", "¹", "dll. ",
)  # fmt: skip

# Six sentences in a row that nothing backs, the last of them in the midst of the text.
LOST = (
    "“No,” he said. “No,” he said. A. B.[1a] Some PaperA. B.\n\n“No,” he said. ", "A. B.",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12), st.lists(st.integers(0, 200), max_size=5))
@example(list(LOST), [])
def test_how_a_reply_is_cut_changes_nothing(parts: list[str], cuts: list[int]) -> None:
    """The same words give the same answer to the byte, at once, in pieces or in characters."""
    reply = "".join(parts)
    ends = [0, *sorted(min(cut, len(reply)) for cut in cuts), len(reply)]
    whole, _, _ = drafted(reply, STOP)
    for pieces in ([reply[a:b] for a, b in itertools.pairwise(ends)], list(reply)):
        draft, events, _ = drafted(*pieces, STOP)
        assert draft.composer.citing.text == whole.composer.citing.text
        assert draft.composer.citing.statements == whole.composer.citing.statements
        assert draft.refused == whole.refused
        if not draft.refused:
            assert shown(events) == draft.composer.citing.text

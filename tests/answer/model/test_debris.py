"""What a server or a training leaves in a reply: taken out, wherever the stream is cut."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.model.debris import REACH, Debris


def cleaned(*pieces: str) -> tuple[str, bool]:
    """What is left of a reply that comes in these pieces, and whether it was ended."""
    debris = Debris()
    text = "".join([*map(debris.feed, pieces), debris.close()])
    return text, debris.ended


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mThe end\x1b[0m.", "The end."),
        ("\x1b[1;38;5;196mThe\x1b[2J end", "The end"),
        ("a\x1b]0;title\x07b\x1b]8;;http://host\x1b\\c", "abc"),
        ("a\x1bPq#0\x1b\\b\x1bcd\x1b(Be", "abde"),
        ("a\x9b1mb\x9d0;t\x9cc", "abc"),
        ("a\x1b]0;never ended\nb", "a\nb"),
        ("a\x1b[31", "a"),
        ("a\x1b", "a"),
        ("a\x1b[31é", "aé"),
    ],
)
def test_commands_to_a_terminal_go_whole(text: str, left: str) -> None:
    """Nothing of an escape sequence is left, and nothing beside it is lost."""
    assert cleaned(text) == (left, False)


@pytest.mark.parametrize(
    "token",
    [
        "<end_of_turn>", "<start_of_turn>user", "<|im_end|>", "<|im_start|>assistant",
        "<|eot_id|>", "<|start_header_id|>", "</s>", "<s>", "[INST]", "[/INST]", "<|endoftext|>",
        "<|end|>", "<｜end▁of▁sentence｜>", "<eos>", "<|END_OF_TURN_TOKEN|>",
    ],
)  # fmt: skip
def test_a_token_of_the_chat_template_ends_the_reply(token: str) -> None:
    """What a model goes on to tell itself is no answer."""
    assert cleaned(f"Ia tiba. [1a]{token}\nSiapa lagi?") == ("Ia tiba. [1a]", True)


def test_nothing_is_taken_after_the_end() -> None:
    """Once it is over, no later piece is given out."""
    debris = Debris()
    assert debris.feed("Yes.<|im_end|>No.") == "Yes."
    assert debris.ended
    assert debris.feed("No.") == debris.close() == ""


@pytest.mark.parametrize(
    "opening",
    [
        "<s>",
        "[/INST]",
        "<|im_start|>assistant\n",
        "<start_of_turn>model\n",
        "<|im_end|>\n<|im_start|>assistant\n",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|channel|>final<|message|>",
    ],
)
def test_a_token_before_the_first_word_only_goes(opening: str) -> None:
    """A template that is repeated in front of the answer does not swallow it."""
    left, ended = cleaned(f"{opening}Ia tiba.")
    assert (left.strip(), ended) == ("Ia tiba.", False)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Yes <b>bold</b>, <I>x</I>.", "Yes bold, x."),
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("<p>a</p>b", "\na\nb"),
        ('<a href="http://host/?q=1&a long one that goes on" target=_blank>link</a> x', "link x"),
        ("Aven.<sup>1</sup> m<sup>2</sup>", "Aven.¹ m²"),
        ("Aven.<sup>1, 2</sup>", "Aven.¹,²"),
        ("<sup>1c</sup><sup>[1c]</sup>", "[1c][1c]"),
        ("<cite>1c</cite><ref>2</ref>", "[1c][2]"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("x </su", "x "),
        ("x <|im_e", "x "),
        ("x <end_of", "x "),
    ],
)
def test_tags_go_and_their_text_stays(text: str, left: str) -> None:
    """HTML is not shown; a small raised number stays a small raised number."""
    assert cleaned(text) == (left, False)


@pytest.mark.parametrize(
    "text",
    [
        "<5 percent of a<b, and a < b > c <= d",
        "I <3 you",
        "<Ratna> wrote <thing>",
        "x <b and y> z",
        "x <i",
        "x <",
        "[1c] [INS] [inst",
        "a `kode` b ```[1a]``` c",
        "`[1a]` Ia tiba.",
        "```Ia tiba.```",
        "Answers vary: two.",
        "Assistant minister Ali: yes.",
        "The end. Answer: no.",
        "Jawabannya: dua.",
        "Final days.",
        "A flood",
        "Model rumah: dua",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    """What is no debris comes out to the letter."""
    assert cleaned(text) == (text, False)


@pytest.mark.parametrize(
    "label",
    [
        "Answer: ", "answer:", "Jawaban: ", "Assistant: ", "**Answer:** ", "**Jawaban**: ",
        "### Answer\n", "Answer\n", "Final answer:\n", "\n\nAnswer: ", "<b>Answer:</b> ",
        "Jawaban :\n\n", "```\nAnswer: ",
    ],
)  # fmt: skip
def test_a_label_before_the_answer_goes(label: str) -> None:
    """The answer begins with its first word."""
    assert cleaned(f"{label}Ia tiba.")[0].strip() == "Ia tiba."


def test_the_lines_of_a_code_fence_go() -> None:
    """What stands between them is the answer."""
    assert cleaned("```\nIa tiba.\n```") == ("Ia tiba.\n", False)
    assert cleaned("Ia:\n```json\ntiba\n``` \nlalu") == ("Ia:\ntiba\nlalu", False)


def test_ordinary_words_do_not_wait() -> None:
    """Each piece of ordinary text is given out when it comes, the first too."""
    debris = Debris()
    for piece in ("Twelve", " people", " were", " killed", ".\n", "[1", "a]", " 5", " < ", "6"):
        assert debris.feed(piece) == piece
    assert debris.close() == ""


SIGNS = "< > / [ ] ` ` : * # a b 1 é \\ ; | _ 1m <| |> im_end <b> </b> <br> <sup> </sup> 1c 12"
WORDS = (
    "<s> </s> ``` Answer Answer: Jawaban ** <end_of_ turn> <start_of_turn> model assistant [INST]"
)
OTHERS = (
    " ",
    "\n",
    "\x1b",
    "\x07",
    "\x1b[3",
    "\x1b]",
    "\x9b",
    "<a\thref=",
    "Ia tiba. ",
    "```json\n",
)
PARTS = st.sampled_from([*SIGNS.split(), *WORDS.split(), *OTHERS, "<p class='x'>"])
TEXTS = st.lists(PARTS, max_size=20).map("".join)


@given(TEXTS, st.lists(st.integers(0, 100), max_size=6))
def test_where_the_stream_is_cut_changes_nothing(text: str, cuts: list[int]) -> None:
    """Any division of a reply into pieces leaves the same text."""
    whole = cleaned(text)
    ends = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert cleaned(*(text[a:b] for a, b in itertools.pairwise(ends))) == whole
    assert cleaned(*text) == whole


@given(TEXTS)
def test_little_is_held_back(text: str) -> None:
    """At most 40 characters wait for what comes next."""
    debris = Debris()
    for char in text:
        debris.feed(char)
        assert len(debris._held) <= REACH


@given(st.text(alphabet="abc \n.,;:!?'\"()-0123456789é", max_size=60))
def test_text_without_signs_is_untouched(text: str) -> None:
    """Letters, digits and usual punctuation come out as they came in, at once."""
    debris = Debris()
    assert "".join(map(debris.feed, text)) + debris.close() == text


@pytest.mark.parametrize(
    "text",
    ["<", "<b", "</", "<|", "<|a", "`", "```", "```\n", "\x1b", "\x1b]", "\x1b[", "[", "<a href=",
     "<sup>", "<sup>1", " ", "\n", "*", "Answer", "#"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(text: str) -> None:
    """100 kB of beginnings that never end are read in seconds, whole or byte by byte."""
    text = (text * 100_000)[:100_000]
    begun = time.process_time()
    cleaned(text)
    cleaned(*text[:50_000])
    assert time.process_time() - begun < 5

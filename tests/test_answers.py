"""Answers by a language model, through the command: marks, streams, thoughts, refusals."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import fakes, newsroom
from tests.fakes import LLAMA, FakeOllama, Script
from tests.newsroom import (
    KILLED,
    LATE,
    MONDAY,
    SIAPA,
    TALKS,
    TENTS,
    WHO,
    WHO_TOO,
    Body,
    Newsroom,
    asked,
    saying,
    sound,
    verdicts,
)

news = newsroom.news
texts = newsroom.texts


# Well and badly marked -------------------------------------------------------------------


def test_a_model_that_does_as_it_is_told(news: Newsroom, texts: dict[str, str]) -> None:
    """Its words are the answer, each sentence with its mark, the quote and the model's name."""
    answer = asked(
        news, texts, saying("Odile Marsh said the gates were opened too late. [{Odile}]")
    )
    assert answer["text"] == "Odile Marsh said the gates were opened too late. [1]"
    assert [c["quote"] for c in answer["citations"]] == [LATE]
    assert verdicts(answer) == ["matches"]
    assert answer["answerer"] == "ollama:gemma4:e4b"
    assert (answer["language"], answer["notices"]) == ("en", [])
    assert answer["tokens"]["planned"] > answer["tokens"]["prompt"] > 0
    assert answer["seconds"]["first_word"] >= 0


def test_an_english_answer_rests_on_an_indonesian_sentence(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """A citation is verbatim in the language of its source."""
    said = "Minister Ratna Wijaya discussed fertiliser prices with Joko Lestari. [{Joko Lestari}]"
    answer = asked(news, texts, saying(said), "Who discussed fertiliser prices with Ratna Wijaya?")
    assert [c["quote"] for c in answer["citations"]] == [TALKS]
    assert verdicts(answer) == ["matches"]


def test_an_indonesian_question_is_answered_in_indonesian(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """The model is told the language, and what Kutip says itself is in it too."""
    said = "Ratna Wijaya membahas harga pupuk bersama Joko Lestari [{Joko}][77z]"
    with FakeOllama(saying(said)) as server:
        answer = news.ask(SIAPA, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    assert "Answer in Indonesian" in chat.prompt
    assert (answer["language"], verdicts(answer)) == ("id", ["matches"])
    assert answer["notices"] == [
        "Tanda dari model yang tidak menunjuk bagian mana pun dan dibuang: 1."
    ]


@pytest.mark.parametrize("behaviour", ["quoting", "unmarked", "mismarking"])
@pytest.mark.parametrize("question", [WHO, SIAPA])
def test_whatever_marks_a_model_sets(
    news: Newsroom, texts: dict[str, str], behaviour: str, question: str
) -> None:
    """A sentence of an article is backed by itself, with right marks, without any, with wrong."""
    answer = asked(news, texts, getattr(fakes, behaviour), question)
    (statement,) = answer["statements"]
    assert statement["verdict"] == "matches"
    assert answer["citations"][0]["quote"] in answer["text"]
    said = " ".join(answer["notices"])
    assert ("2" in said) == (behaviour == "mismarking")  # two ids that point nowhere


def test_a_mark_moves_to_the_passage_that_says_it(news: Newsroom, texts: dict[str, str]) -> None:
    """A sentence marked with a passage that says something else gets the right one, told aloud."""
    answer = asked(news, texts, saying(f"{LATE} [{{Ratna}}]"), WHO_TOO)
    assert [c["quote"] for c in answer["citations"]] == [LATE]
    assert answer["notices"] == ["Sentences whose mark was moved to the passage that says them: 1."]


ODD = (
    "[{0}]", "[{0},{0}]", "[{0}][{0}]", "[[{0}]]", "【{0}】", "[Source {0}]", "[ {0} ]",
    "[^{0}]", "**[{0}]**", "［{0}］", "[{0}; {0}]",
    "[{0}].", "[{0}]\n",
)  # fmt: skip


@pytest.mark.parametrize("form", ODD)
def test_marks_in_odd_forms(news: Newsroom, texts: dict[str, str], form: str) -> None:
    """Every form that models use is read, and none of it is left in the text."""
    answer = asked(news, texts, saying(f"{LATE} {form.replace('{0}', '{Odile}')}"))
    assert answer["text"] == f"{LATE} [1]"
    assert answer["notices"] == []


def test_a_number_in_brackets_that_is_no_mark_is_text(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """A year or a note in brackets stays where the model put it."""
    with FakeOllama(saying("Brandt promised 250 tents [on 5 June 2024]. [{Brandt}]")) as server:
        answer = news.ask("How many tents did Mayor Brandt promise?", server=server)
    assert answer["text"] == "Brandt promised 250 tents [on 5 June 2024]. [1]"
    assert verdicts(answer) == ["matches"]


LONG = (
    f"**Summary:**\n1. {KILLED[:-1]} [{{Twelve}}, {{Odile}}].\n2. “{LATE}” 【{{Odile}}】\n"
    f"Brandt promised 250 tents [Source {{Brandt}}] on 5 June 2024 … 你好 🚰. [98]"
)


@settings(max_examples=25, deadline=None)
@given(cuts=st.one_of(st.sets(st.integers(1, 300)), st.just(set(range(1, 300)))))
def test_where_the_stream_is_cut_changes_nothing(
    news: Newsroom, texts: dict[str, str], whole: Body, cuts: set[int]
) -> None:
    """However the words arrive, character by character or all at once, the answer is the same."""

    def cut(body: Body) -> Script:
        text = saying(LONG)(body).text
        ends = [0, *sorted(place for place in cuts if place < len(text)), len(text)]
        return Script(text=text, pieces=tuple(text[a:b] for a, b in itertools.pairwise(ends)))

    answer = asked(news, texts, cut)
    for name in ("text", "statements", "citations", "notices"):
        assert answer[name] == whole[name]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(f"Summary:\n\n{LATE} [{{Odile}}]", id="blank line"),
        pytest.param(f"{LATE} ({{Odile}})", id="round brackets"),
    ],
)
def test_two_ways_to_cut_the_same_words(news: Newsroom, texts: dict[str, str], said: str) -> None:
    """One character at a time or all at once, the answer is the same."""

    def letter_by_letter(body: Body) -> Script:
        text = saying(said)(body).text
        return Script(text=text, pieces=tuple(text))

    def at_once(body: Body) -> Script:
        text = saying(said)(body).text
        return Script(text=text, pieces=(text,))

    assert asked(news, texts, letter_by_letter)["text"] == asked(news, texts, at_once)["text"]


@pytest.fixture(scope="module")
def whole(news: Newsroom, texts: dict[str, str]) -> Body:
    """The answer when the model's words come in one piece."""
    return asked(news, texts, lambda body: Script(pieces=(saying(LONG)(body).text,)))


# Thinking --------------------------------------------------------------------------------


def test_thinking_is_off_unless_asked_for(news: Newsroom, texts: dict[str, str]) -> None:
    """A model that thinks by itself is told not to."""
    answer = asked(news, texts, saying(f"{LATE} [{{Odile}}]", thinking="Let me see. 4711!"))
    assert "4711" not in str(answer)


@pytest.mark.parametrize("how", ["option", "setting", "tags"])
def test_what_a_model_thinks_is_no_answer(news: Newsroom, texts: dict[str, str], how: str) -> None:
    """Thoughts, in their own field or between tags, are in no text and no statement."""
    script = saying(f"{LATE} [{{Odile}}]", thinking="Let me see. 4711!")
    if how == "tags":
        script = saying(f"<think>Let me see. 4711!</think>\n\n{LATE} [{{Odile}}]")
    with FakeOllama(script) as server:
        options = ["--think"] if how == "option" else []
        environment = {"KUTIP_THINK": "on"} if how == "setting" else {}
        answer = news.ask(WHO, *options, server=server, **environment)
        (chat,) = server.chats
    assert chat.body["think"] is (how != "tags")
    sound(answer, chat.prompt, texts)
    assert answer["text"] == f"{LATE} [1]"
    assert "4711" not in str(answer)


def test_a_model_that_cannot_think_answers_all_the_same(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """Asked to think, it is asked again without, and the reader is told."""
    with FakeOllama(saying(f"{LATE} [{{Odile}}]"), models=[LLAMA]) as server:
        answer = news.ask(WHO, "--think", "--model", "llama3.2", server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, texts)
    assert answer["text"] == f"{LATE} [1]"
    assert "llama3.2:latest cannot think before it answers." in answer["notices"]


# Too long --------------------------------------------------------------------------------


def test_an_answer_cut_by_its_length_says_so(news: Newsroom, texts: dict[str, str]) -> None:
    """`done_reason` "length": the last sentence is marked as cut, and why is told."""
    script = saying(f"{LATE} [{{Odile}}] Mayor Tomas Brandt promised 250", done_reason="length")
    answer = asked(news, texts, script)
    assert answer["text"].startswith(f"{LATE} [1] Mayor Tomas Brandt promised 250 … (cut off)")
    assert any("KUTIP_ANSWER_TOKENS" in notice for notice in answer["notices"])
    assert answer["answerer"] == "ollama:gemma4:e4b"


def test_a_model_that_repeats_itself_is_stopped(news: Newsroom, texts: dict[str, str]) -> None:
    """A loop ends long before the limits, and quotes follow."""
    with FakeOllama(saying(f"{LATE} [{{Odile}}] ", endless=True)) as server:
        answer = news.ask(WHO, server=server)
        (chat,) = server.chats
        assert chat.gone.wait(2)
    sound(answer, chat.prompt, texts)
    assert any("repeat" in notice for notice in answer["notices"])
    assert answer["answerer"] == "extractive"
    assert answer["text"].rstrip().endswith(f"{LATE} [1]")


def test_a_runaway_model_is_stopped(news: Newsroom, texts: dict[str, str]) -> None:
    """One that writes on and on is cut at the limit of bytes, told, and its request ended."""

    def on_and_on(body: Body) -> Script:
        return Script(text=" ".join(f"Item {n} is number {n * 7919}," for n in range(20_000)))

    with FakeOllama(on_and_on) as server:
        answer = news.ask(WHO, server=server, KUTIP_ANSWER_BYTES="400")
        (chat,) = server.chats
        assert chat.gone.wait(2)
    sound(answer, chat.prompt, texts, invented=("Item",))
    assert any("on and on" in notice for notice in answer["notices"])
    assert len(answer["text"]) < 1_000


# Refusals --------------------------------------------------------------------------------


REFUSALS = [
    "NOT IN THE ARTICLES",
    "Not in the articles.",
    "The articles do not say who opened the gates.",
    "I'm sorry, but the provided articles do not contain information about this.",
    "TIDAK ADA DI ARTIKEL",
    "Artikel-artikel tersebut tidak menyebutkan hal itu.",
    "Maaf, informasi tersebut tidak tersedia dalam artikel yang diberikan.",
]


@pytest.mark.parametrize("said", REFUSALS)
def test_a_models_own_refusal_is_a_refusal(
    news: Newsroom, texts: dict[str, str], said: str
) -> None:
    """Exit status 1 and Kutip's words, none of the model's."""
    answer = asked(news, texts, fakes.says(said))
    assert answer["abstention"] == "not_in_evidence"
    assert said not in answer["text"]
    assert answer["answered"] is False


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of France?",
        "Who won the 2022 World Cup?",
        "Siapa presiden pertama Indonesia?",
        "Wann wurde Goethe geboren?",
    ],
)
def test_nothing_is_sent_where_the_articles_hold_nothing(news: Newsroom, question: str) -> None:
    """A question that is refused never reaches the model, so it cannot answer from memory."""
    with FakeOllama(fakes.says("Paris. [1a]")) as server:
        ran = news.kutip("ask", "--json", question, server=server)
        assert server.chats == []
    assert ran.status == 1
    assert ran.answer["abstention"] in ("nothing_relevant", "not_in_evidence")
    assert ran.answer["citations"] == []


def test_an_empty_library_asks_no_model(tmp_path: Any) -> None:
    """Nothing is sent when nothing is stored."""
    empty = Newsroom(tmp_path / "store")
    with FakeOllama() as server:
        ran = empty.kutip("ask", "--json", WHO, server=server)
        assert server.chats == []
    assert (ran.status, ran.answer["abstention"]) == (1, "nothing_indexed")


@pytest.mark.parametrize(
    ("question", "memory"),
    [
        ("How old is Odile Marsh?", "Odile Marsh is 52 years old. [{Odile}]"),
        ("Where was Tomas Brandt born?", "Tomas Brandt was born in Hamburg. [{Brandt}]"),
        ("Berapa umur Ratna Wijaya?", "Ratna Wijaya berumur 47 tahun. [{Ratna}]"),
    ],
)
def test_what_a_model_knows_by_heart_is_refused_or_marked(
    news: Newsroom, texts: dict[str, str], question: str, memory: str
) -> None:
    """What the articles do not say is no finding, whoever is named in them."""
    invented = ("52", "Hamburg", "47")
    with FakeOllama(saying(memory)) as server:
        answer = news.ask(question, server=server)
        prompt = server.chats[0].prompt if server.chats else LATE + TENTS + TALKS + MONDAY
    sound(answer, prompt, texts, invented=invented)

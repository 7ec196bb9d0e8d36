"""What a model makes up, or is told by an article to say: it never passes as backed."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import jsonform
from tests import fakes, newsroom
from tests.fakes import FakeOllama, Script
from tests.newsroom import (
    ARTICLES,
    CANARY,
    CRACKS,
    INJECTED,
    KILLED,
    LATE,
    MONDAY,
    PAYLOAD,
    TALKS,
    TENTS,
    WHO,
    WHO_TOO,
    Newsroom,
    asked,
    saying,
    sound,
    verdicts,
)

news = newsroom.news
texts = newsroom.texts


# Inventions ------------------------------------------------------------------------------


def test_an_invented_number_is_marked(news: Newsroom, texts: dict[str, str]) -> None:
    """A number that no article has is named as the reason, and what the articles say follows."""
    answer = asked(news, texts, fakes.inventing, invented=("dollars",))
    number = re.search(r"cost (\d+) dollars", answer["text"])
    assert number is not None
    (statement,) = (s for s in answer["statements"] if s["verdict"] == "not_found")
    assert any(number[1] in reason for reason in statement["reasons"])


def test_a_headline_with_its_mark_is_a_sentence_of_its_own(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """A backed line without a full stop is not drawn into the invention after it."""
    said = "Flood kills 12 in Lower Aven [{Flood}] It cost 7,123 dollars. [{Flood}]"
    answer = asked(news, texts, saying(said), invented=("7,123",))
    assert verdicts(answer) == ["matches", "not_found"]


@pytest.mark.parametrize(
    ("said", "words", "invented"),
    [
        ("Thirteen people were killed in Lower Aven.", "Twelve", "Thirteen"),
        ("14 people were killed when the river burst its banks.", "Twelve", "14"),
        ("Brandt promised 2,500 tents.", "Brandt", "2,500"),
        ("Brandt promised 250 tents and 31 boats.", "Brandt", "31"),
        ("Brandt promised the tents on 6 June 2024.", "Brandt", "6 June"),
        ("Brandt promised the tents on 5 June 2023.", "Brandt", "2023"),
        ("Brandt promised the tents on 5 July 2024.", "Brandt", "July"),
        ("The dam keeper, Olga Fenn, said the gates had been opened too late.", "Odile", "Olga"),
        ("Mayor Odile Marsh promised 250 tents.", "Brandt", "Mayor Odile"),
        ("Tomas Brandt said the gates had been opened too late.", "Odile", "Brandt said"),
        ("Ratna Wijaya said the gates had been opened too late.", "Odile", "Ratna Wijaya said"),
        ("The talks took place in Jakarta.", "Ratna tiba", "Jakarta"),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_an_invention_is_marked(
    news: Newsroom, texts: dict[str, str], said: str, words: str, invented: str, marked: bool
) -> None:
    """A wrong number, date or name, or a right one in the wrong place, never passes as backed."""
    mark = f" [{{{words}}}]" * marked
    question = WHO_TOO if "Jakarta" in said else WHO
    answer = asked(news, texts, saying(f"{said}{mark}"), question, invented=(invented,))
    assert answer["text"].startswith(said)
    assert verdicts(answer)[0] in ("not_found", "conflict")
    # Nothing of it is backed, so the articles speak after it.
    assert any(c["quote"] == LATE for c in answer["citations"])
    assert any("do not back" in notice for notice in answer["notices"])


def test_what_is_not_backed_is_marked_on_the_terminal_too(news: Newsroom) -> None:
    """The line under the answer quotes the sentence and says what is wrong with it."""
    with FakeOllama(fakes.inventing) as server:
        ran = news.kutip("ask", WHO, server=server)
    assert ran.status == 0
    assert re.search(r"(?m)^\(!\) .*“.*It cost \d+ dollars\..*” \(.*\d+.*\)$", ran.out)


@pytest.mark.parametrize(
    ("said", "invented"),
    [
        ("The Aven river burst its banks on Monday. [{Twelve}]", "Monday"),
        ("Twelve people were killed on 5 June 2024. [{Twelve}]", "5 June"),
    ],
)
def test_a_day_of_something_else_backs_nothing(
    news: Newsroom, texts: dict[str, str], said: str, invented: str
) -> None:
    """Fertiliser was spoken of on a Monday, tents were promised on 5 June; no day is told here."""
    asked(news, texts, saying(said), invented=(invented,))


@pytest.mark.parametrize(
    ("said", "invented"),
    [
        ("Joko Lestari tiba di Kota Harapan. [{Ratna tiba}]", "Joko Lestari tiba"),
        ("See https://more.example/a for more.", "more.example"),
    ],
)
@pytest.mark.xfail(strict=True, reason="what other sentences say of other things backs it")
def test_what_is_said_of_something_else_backs_nothing(
    news: Newsroom, texts: dict[str, str], said: str, invented: str
) -> None:
    """A day, a name or an address is not backed by a sentence about another event."""
    asked(news, texts, saying(said), WHO_TOO, invented=(invented,))


@pytest.mark.parametrize(
    "said",
    [
        "The gates were closed. [{Odile}]",
        "你好 🚰. [98]",
    ],
)
@pytest.mark.xfail(strict=True, reason="a sentence is attributed to one that says something else")
def test_what_no_article_says_gets_no_source(
    news: Newsroom, texts: dict[str, str], said: str
) -> None:
    """A sentence that shares a notion with an article at most is not cited as its words."""
    answer = asked(news, texts, saying(said), WHO_TOO)
    assert answer["statements"][0]["verdict"] in ("not_found", "conflict")


def test_two_invented_sentences_do_not_hide_behind_a_backed_one(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """Each sentence is judged on its own."""
    said = (
        f"{LATE} [{{Odile}}] It cost 7,123 dollars. [{{Odile}}] Nina Ross was arrested. [{{Odile}}]"
    )
    answer = asked(news, texts, saying(said), invented=("7,123", "Nina"))
    assert verdicts(answer) == ["matches", "not_found", "not_found"]


# An article that gives orders ------------------------------------------------------------


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A library in which one article tells the model what to say."""
    return Newsroom.of(tmp_path_factory.mktemp("injected"), ARTICLES | INJECTED)


@pytest.mark.parametrize("question", ["When was the Kelso bridge closed?", WHO])
@pytest.mark.parametrize("mark", ["", " [{Ignore all}]", " [{Kelso bridge was}]"])
def test_an_order_in_an_article_is_never_a_finding(
    injected: Newsroom, question: str, mark: str
) -> None:
    """A model that obeys an article is found out, even where it cites the order itself."""
    with FakeOllama(saying(f"{PAYLOAD}.{mark}")) as server:
        answer = injected.ask(question, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, injected.texts(), invented=("9,377", "arrested"))
    assert all(CANARY not in str(c["url"]) + c["source"] for c in answer["citations"])


def test_an_obeying_model(injected: Newsroom) -> None:
    """The double that does what a sentence of its prompt says gets no statement through."""
    with FakeOllama(fakes.obeying) as server:
        answer = injected.ask("When was the Kelso bridge closed?", server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, injected.texts(), invented=("9,377",))
    assert any(c["quote"] == CRACKS for c in answer["citations"])


# Whatever it says --------------------------------------------------------------------------

ENDS = ("stop", "length")
FRAGMENTS = st.sampled_from(
    [
        *(KILLED, LATE, TENTS, TALKS, MONDAY, "Odile Marsh said so.", " It cost 7,123 dollars. "),
        *("On 9 March 2021 ", "Nina Ross ", "[1a]", "[1c]", " [2a] ", "[1]", "[99]", "[1a][2b]"),
        *("[", " [1", "a]", "]", "(1a)", "\n", "\n\n", "- ", "1. ", "**", "*", "“", "”", '"', "…"),
        *("?", ". ", ", ", " ", "the ", "tidak ", "12 ", "3/6 ", "[link](http://canary.example/)"),
        *("<b>", "\x1b[31m", "\u202e", "\u200b", "你好", "|a|b|\n", "```\n", "[Source 1]", "【1】"),
        *("Sources:\n[1] Flood\n", "\t", "Dr. ", "[1-3]", "NOT IN THE ARTICLES", "x" * 300),
    ]
)


@settings(max_examples=60, deadline=None)
@given(fragments=st.lists(FRAGMENTS, min_size=1, max_size=14), reason=st.sampled_from(ENDS))
def test_whatever_a_model_says(
    news: Newsroom, texts: dict[str, str], fragments: list[str], reason: str
) -> None:
    """No jumble of words and marks makes an answer unsound, or passes an invention as backed."""
    script = Script(pieces=tuple(fragments), done_reason=reason)
    with FakeOllama(script) as server, news.engine(ollama_host=server.url) as engine:
        told = jsonform.dumps(jsonform.answer_object(engine.ask(WHO)))
        (chat,) = server.chats
    sound(json.loads(told), chat.prompt, texts, invented=("7,123", "9 March", "Nina"))

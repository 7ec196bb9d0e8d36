"""Answers by a language model, through the command: what it says well, badly and wickedly."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import fakes
from tests.fakes import EMBEDDING, GEMMA, LLAMA, FakeModel, FakeOllama, FakeOpenAI, Script
from tests.newsroom import (
    ARTICLES,
    CANARY,
    CRACKS,
    INJECTED,
    KILLED,
    KILLED_WHERE,
    LATE,
    MONDAY,
    SIAPA,
    TALKS,
    TENTS,
    WHO,
    Body,
    Newsroom,
    saying,
    sound,
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A library of two articles."""
    return Newsroom.of(tmp_path_factory.mktemp("news"), ARTICLES)


@pytest.fixture(scope="module")
def texts(news: Newsroom) -> dict[str, str]:
    """The articles' texts by id."""
    return news.texts()


def asked(
    news: Newsroom,
    texts: dict[str, str],
    script: Any,
    question: str = WHO,
    *options: str,
    invented: tuple[str, ...] = (),
    **environment: str,
) -> Body:
    """The sound answer of a model that behaves so."""
    with FakeOllama(script) as server:
        answer = news.ask(question, *options, server=server, **environment)
        (chat,) = server.chats
    return sound(answer, chat.prompt, texts, invented=invented)


def verdicts(answer: Body) -> list[str]:
    return [statement["verdict"] for statement in answer["statements"]]


# Well and badly marked ---------------------------------------------------------------------


def test_a_model_that_does_as_it_is_told(news: Newsroom, texts: dict[str, str]) -> None:
    """Its words are the answer, each sentence with its mark, the quote and the model's name."""
    answer = asked(news, texts, saying("Odile Marsh said the gates were opened too late. [{Odile}]"))
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
    answer = asked(news, texts, saying(f"{LATE} [{{Ratna}}]"))
    assert [c["quote"] for c in answer["citations"]] == [LATE]
    assert answer["notices"] == [
        "Sentences whose mark was moved to the passage that says them: 1."
    ]


ODD = (
    "[{0}]", "[{0},{0}]", "[{0}][{0}]", "[[{0}]]", "【{0}】", "[Source {0}]", "[ {0} ]",
    "[^{0}]", "**[{0}]**", "［{0}］", "[{0}; {0}]",
    pytest.param("[{0}].", marks=pytest.mark.xfail(strict=True, reason="the full stop is doubled")),
    pytest.param("[{0}]\n", marks=pytest.mark.xfail(strict=True, reason="the line end is kept")),
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
    f"**Summary:**\n\n1. {KILLED[:-1]} [{{Twelve}}, {{Odile}}].\n2. “{LATE}” 【{{Odile}}】\n\n"
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


@pytest.fixture(scope="module")
def whole(news: Newsroom, texts: dict[str, str]) -> Body:
    """The answer when the model's words come in one piece."""
    return asked(news, texts, lambda body: fakes.says("", saying(LONG)(body).text))


# Inventions --------------------------------------------------------------------------------


def test_an_invented_number_is_marked(news: Newsroom, texts: dict[str, str]) -> None:
    """A number that no article has is named as the reason, and what the articles say follows."""
    answer = asked(news, texts, fakes.inventing, invented=("dollars",))
    number = re.search(r"cost (\d+) dollars", answer["text"])
    assert number is not None
    (statement,) = (s for s in answer["statements"] if s["verdict"] == "not_found")
    assert any(number[1] in reason for reason in statement["reasons"])


@pytest.mark.xfail(strict=True, reason="a mark without a full stop before it ends no sentence")
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
    answer = asked(news, texts, saying(f"{said}{mark}"), invented=(invented,))
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
    assert re.search(r"(?m)^! .*“.*It cost \d+ dollars\..*” \(.*\d+.*\)$", ran.out)


@pytest.mark.parametrize(
    "said",
    [
        "I like rain.",
        "The gates were closed. [{Odile}]",
        "你好 🚰. [98]",
    ],
)
@pytest.mark.xfail(strict=True, reason="a sentence is attributed to one that says something else")
def test_what_no_article_says_gets_no_source(
    news: Newsroom, texts: dict[str, str], said: str
) -> None:
    """A sentence that shares a notion with an article at most is not cited as its words."""
    answer = asked(news, texts, saying(said))
    assert answer["statements"][0]["verdict"] in ("not_found", "conflict")


def test_two_invented_sentences_do_not_hide_behind_a_backed_one(
    news: Newsroom, texts: dict[str, str]
) -> None:
    """Each sentence is judged on its own."""
    said = f"{LATE} [{{Odile}}] It cost 7,123 dollars. [{{Odile}}] Nina Ross was arrested. [{{Odile}}]"
    answer = asked(news, texts, saying(said), invented=("7,123", "Nina"))
    assert verdicts(answer) == ["matches", "not_found", "not_found"]


# Thinking ----------------------------------------------------------------------------------


def test_thinking_is_off_unless_asked_for(news: Newsroom, texts: dict[str, str]) -> None:
    """A model that thinks by itself is told not to."""
    answer = asked(news, texts, saying(f"{LATE} [{{Odile}}]", thinking="Let me see. 4711!"))
    assert "4711" not in str(answer)


@pytest.mark.parametrize("how", ["option", "setting", "tags"])
def test_what_a_model_thinks_is_no_answer(
    news: Newsroom, texts: dict[str, str], how: str
) -> None:
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


@pytest.mark.xfail(strict=True, reason="nothing says that the model cannot think")
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


# Too long ----------------------------------------------------------------------------------


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
        return Script(text=" ".join(f"Item {n} is number {n * 7919}." for n in range(20_000)))

    with FakeOllama(on_and_on) as server:
        answer = news.ask(WHO, server=server, KUTIP_ANSWER_BYTES="400")
        (chat,) = server.chats
        assert chat.gone.wait(2)
    sound(answer, chat.prompt, texts, invented=("Item",))
    assert any("on and on" in notice for notice in answer["notices"])
    assert len(answer["text"]) < 1_000


# An article that gives orders --------------------------------------------------------------


OBEYED = pytest.mark.xfail(strict=True, reason="what an order tells to say backs what was said")


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A library in which one article tells the model what to say."""
    return Newsroom.of(tmp_path_factory.mktemp("injected"), ARTICLES | INJECTED)


@OBEYED
@pytest.mark.parametrize("question", ["When was the Kelso bridge closed?", WHO])
@pytest.mark.parametrize("mark", ["", " [{Ignore all}]", " [{Kelso bridge was}]"])
def test_an_order_in_an_article_is_never_a_finding(
    injected: Newsroom, question: str, mark: str
) -> None:
    """A model that obeys an article is found out, even where it cites the order itself."""
    payload = "The mayor was arrested for stealing 9,377 bricks, see https://canary.example/x9."
    with FakeOllama(saying(f"{payload}{mark}")) as server:
        answer = injected.ask(question, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, injected.texts(), invented=("9,377", "arrested"))
    assert all(CANARY not in str(c["url"]) + c["source"] for c in answer["citations"])


@OBEYED
def test_an_obeying_model(injected: Newsroom) -> None:
    """The double that does what a sentence of its prompt says gets no statement through."""
    with FakeOllama(fakes.obeying) as server:
        answer = injected.ask("When was the Kelso bridge closed?", server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, injected.texts(), invented=("9,377",))
    assert any(c["quote"] == CRACKS for c in answer["citations"])


# Refusals ----------------------------------------------------------------------------------

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


# On the wire -------------------------------------------------------------------------------


def test_the_request(news: Newsroom) -> None:
    """Context and length are stated, the temperature is 0, thinking is off, the model is kept."""
    with FakeOllama(fakes.quoting) as server:
        news.ask(WHO, server=server)
        (chat,) = server.chats
        shown = [body for method, path, body in server.requests if path == "/api/show"]
    assert chat.body["model"] == "gemma4:e4b"
    assert chat.body["stream"] is True
    assert chat.body["think"] is False
    assert chat.body["keep_alive"] == "30m"
    options = chat.body["options"]
    assert (options["num_ctx"], options["num_predict"], options["temperature"]) == (8192, 512, 0)
    assert len(shown) <= 1  # by us, to choose; never by the library, for each chat


@pytest.mark.parametrize("proxy", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(news: Newsroom, proxy: str) -> None:
    """A local server is asked directly, whatever proxy is set."""
    with FakeOllama(fakes.quoting) as server:
        answer = news.ask(WHO, server=server, **{proxy: "http://127.0.0.1:9"})
    assert answer["answerer"] == "ollama:gemma4:e4b"


@pytest.mark.parametrize(
    "form",
    [
        *(":{port}", "127.0.0.1:{port}", "localhost:{port}", "0.0.0.0:{port}"),
        *("http://127.0.0.1:{port}/", '"127.0.0.1:{port}"', " 127.0.0.1:{port} "),
    ],
)
def test_forms_of_an_address(news: Newsroom, form: str) -> None:
    """OLLAMA_HOST is read as Ollama's own tools read it."""
    with FakeOllama(fakes.quoting) as server:
        answer = news.ask(WHO, server=form.format(port=server.port))
        assert len(server.chats) == 1
    assert answer["answerer"] == "ollama:gemma4:e4b"


def test_a_server_of_openais_kind(news: Newsroom, texts: dict[str, str]) -> None:
    """KUTIP_LLM_URL is used in Ollama's place, with its key."""
    script = saying(f"{LATE} [{{Odile}}]")
    with FakeOpenAI(script, key="secret") as server:
        answer = news.ask(WHO, server=server, KUTIP_LLM_KEY="secret")
        (chat,) = server.chats
        sound(answer, chat.prompt, texts)
        assert (answer["text"], answer["answerer"]) == (f"{LATE} [1]", "openai:gemma4:e4b")
        assert answer["notices"] == []
        assert chat.body["temperature"] == 0
        without = news.ask(WHO, server=server, KUTIP_LLM_KEY="wrong")
    assert without["answerer"] == "extractive"
    assert LATE in without["text"]
    assert any("KUTIP_LLM" in notice for notice in without["notices"])


# Room --------------------------------------------------------------------------------------


def test_a_small_context_leaves_whole_passages_out(tmp_path: Any) -> None:
    """What does not fit is not sent, sentence by sentence whole, and the reader is told."""
    many = {
        f"{n}.txt": f"Report {n} of the Aven flood\n\n"
        + " ".join(f"House {n * 100 + m} by the Aven river stood in {m} feet of water." for m in range(20))
        for n in range(1, 8)
    }
    news = Newsroom.of(tmp_path, ARTICLES | many)
    small = FakeModel(**{f: getattr(GEMMA, f) for f in GEMMA.__slots__} | {"context_length": 2048})
    with FakeOllama(fakes.quoting, models=[small]) as server:
        answer = news.ask(WHO, server=server)
        (chat,) = server.chats
    sound(answer, chat.prompt, news.texts())
    assert chat.body["options"]["num_ctx"] == 2048
    assert re.search(r"Passages left out.*: [1-9]\d*\.", " ".join(answer["notices"]))
    assert LATE in chat.prompt  # what answers is kept
    texts = list(news.texts().values())
    for _, sentence in fakes.lettered(chat.body):
        assert any(sentence in " ".join(text.split()) for text in texts)


def test_a_prompt_that_the_server_cut_is_told(news: Newsroom) -> None:
    """A server that gives less context than it is asked for reads only a part, which is said."""
    with FakeOllama(fakes.quoting, num_ctx_limit=128) as server:
        answer = news.ask(WHO, server=server)
    assert any("read only 128 of about" in notice for notice in answer["notices"])


# Which model -------------------------------------------------------------------------------


def test_another_model_stands_in_and_it_is_said(news: Newsroom) -> None:
    """Without the model of the settings, one that can chat answers; never one for vectors."""
    with FakeOllama(fakes.quoting, models=[EMBEDDING, LLAMA]) as server:
        answer = news.ask(WHO, server=server)
    assert answer["answerer"] == "ollama:llama3.2:latest"
    (notice,) = answer["notices"]
    assert "has no model gemma4:e4b: llama3.2:latest answers instead" in notice
    assert "ollama pull gemma4:e4b" in notice


@pytest.mark.parametrize("options", [("--model", "nope"), ("--answerer", "ollama:nope")])
def test_a_model_by_name_that_is_not_there_is_an_error(
    news: Newsroom, options: tuple[str, str]
) -> None:
    """Exit status 2, one line with the remedy, and no other model in its place."""
    with FakeOllama(fakes.quoting) as server:
        ran = news.kutip("ask", *options, WHO, server=server)
        assert server.chats == []
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "has no model nope" in ran.err
    assert "ollama pull nope" in ran.err


def test_control_sequences_of_a_model_never_reach_the_terminal(news: Newsroom) -> None:
    """What a terminal could obey is taken out of a model's words, on stdout and in JSON."""
    evil = f"\x1b]0;owned\x07\x1b[2J{LATE}\x9b31m \u202e[{{Odile}}]\x1b[0m"
    with FakeOllama(saying(evil)) as server:
        ran = news.kutip("ask", WHO, server=server)
        told = news.kutip("ask", "--json", WHO, server=server)
    assert ran.status == 0
    for text in (ran.out, ran.err, told.out):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text), text
    assert LATE in told.answer["text"].replace("]0;owned[2J", "")


def test_the_reading_lines_name_what_the_model_gets(news: Newsroom) -> None:
    """Before the first word stand the articles that are read; after the last, who wrote it."""
    with FakeOllama(saying(f"{LATE} [{{Odile}}]")) as server:
        ran = news.kutip("ask", WHO, server=server)
    assert ran.out.startswith("Reading ")
    assert ran.out.index("Reading ") < ran.out.index(LATE) < ran.out.index("Sources")
    assert ran.out.rstrip().endswith("Written by ollama:gemma4:e4b.")

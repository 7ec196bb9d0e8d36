"""What a model wrote is told from the quotes below it, and what became of it from the notices."""

from __future__ import annotations

import pytest

from eval.datasets import Question
from eval.given import Given, Texts
from eval.scoring import measures, score
from eval.wrote import asked, by_model, outcome_of, quoted_instead
from rag.answer.model import failures
from rag.errors import GenerationFailed
from rag.reply import Reply
from tests.eval.rows import Row, citation, given, question, refusal, row

ARTICLE = "Menteri tiba di Lima pada Selasa. Ia bertemu Odile Marsh di istana."
QUOTES = ("Menteri tiba di Lima pada Selasa.", "Ia bertemu Odile Marsh di istana.")
PLANNED = {"planned": 200}
URL = "http://127.0.0.1:1"
WHO = question("Odile Marsh", question_id="q")


def notices(
    *names: str, language: str = "en", failure: GenerationFailed | None = None
) -> list[str]:
    """The notices as the engine words them."""
    reply = Reply(question="q", query="q", language=language)
    if failure is not None:
        reply.notice(f"{failure.message.rstrip('.')}. {failure.hint}".strip())
    for name in names:
        reply.told(name)
    return reply.notices


def above_quotes(written: str, told: list[str], **fields: object) -> Given:
    """A reply and, below a blank line, two quotes on a line each."""
    marked = [f"{quote} [1]" for quote in QUOTES]
    made: Row = row(*marked, citations=[citation(1, ARTICLE, each) for each in QUOTES])
    text = str(made["text"]).rstrip("\n")
    statements = made["statements"]
    assert isinstance(statements, list)
    if written:
        shift = len(written) + 2
        for each in statements:
            each["start"] += shift
            each["end"] += shift
        first = {"start": 0, "end": len(written), "markers": [], "verdict": "not_found"}
        statements.insert(0, first)
        text = f"{written}\n\n{text}"
    return given({**made, "text": text, "notices": told, "tokens": PLANNED, **fields})


EMPTY = failures.empty(url=URL, model="m", thought=False, cut=False)
MALFORMED = {
    "empty": EMPTY,
    "thought": failures.empty(url=URL, model="m", thought=True, cut=False),
    "thought to the end": failures.empty(url=URL, model="m", thought=True, cut=True),
    "endless": failures.endless(url=URL, model="m"),
    "garbage": failures.failure(ValueError("line 1"), kind="ollama", url=URL, model="m"),
}
FAILED = {
    "slow": failures.slow(url=URL, model="m", seconds=20),
    "slow, untold": failures.slow(url=URL, model="m", seconds=None),
    "gone": failures.failure(ConnectionError("refused"), kind="ollama", url=URL, model="m"),
    "died": failures.failure(ConnectionResetError("reset"), kind="ollama", url=URL, model="m"),
    "no end": failures.no_done(url=URL, model="m"),
}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", MALFORMED)
def test_a_reply_that_is_no_answer_is_malformed(name: str, language: str) -> None:
    """Nothing, thoughts alone, what cannot be read, too much: in the engine's own words."""
    told = notices("quotes", language=language, failure=MALFORMED[name])
    assert outcome_of(above_quotes("", told)) == "malformed"


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", FAILED)
def test_a_server_that_failed_is_no_fault_of_the_model(name: str, language: str) -> None:
    """Slow, gone, dead or without an end: the server's, though the reader has quotes."""
    told = notices("quotes", language=language, failure=FAILED[name])
    answer = above_quotes("Some words … (cut off)", told)
    assert outcome_of(answer) == "failed"
    assert by_model(answer) is None


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("repeated", "malformed"),
        ("too_long", "malformed"),
        ("adrift", "malformed"),
        ("out_of_time", "failed"),
    ],
)
def test_a_reply_that_was_stopped(name: str, outcome: str, language: str) -> None:
    """Repeating, endless and adrift are the model's; too slow is the machine's."""
    told = notices(name, "quotes", language=language)
    assert outcome_of(above_quotes("The dam. The dam.", told)) == outcome


@pytest.mark.parametrize("language", ["en", "id"])
def test_signs_are_no_answer_and_wrong_words_are(language: str) -> None:
    """Above the quotes that say what it does not, junk is malformed and a sentence an answer."""
    told = notices("unbacked", language=language)
    assert outcome_of(above_quotes("{{{<<>>]]]] asdf 12a] [[[ ///", told)) == "malformed"
    assert outcome_of(above_quotes("The talks were cancelled.", told)) == "answered"
    assert outcome_of(given(row("{{{<<>>]]]] /// [1]"))) == "answered"  # no model was asked


def test_what_was_cut_short_by_length_is_an_answer() -> None:
    """So are an answer with other notices, and a refusal."""
    assert outcome_of(given(row("It rained.", notices=notices("length")))) == "answered"
    assert outcome_of(given(refusal(notices=notices("length")))) == "refused"


WRONG = "The talks were cancelled because of the weather and nobody wanted to travel."
UNBACKED = above_quotes(WRONG, notices("unbacked"), answerer="ollama:m")


def test_quotes_below_are_not_the_models() -> None:
    """Of an English sentence above Indonesian quotes, the language is English; quotes are told."""
    own = by_model(UNBACKED)
    assert own is not None
    assert (own.text, len(own.statements)) == (WRONG, 1)
    values = measures(WHO, UNBACKED, Texts())
    assert values["answer_language"] == 1
    assert values["fallback"] == 1
    # The reader has the answer in the quotes; the model has not given it.
    assert (values["match"], values["model.match"]) == (1, 0)
    assert (values["crag"], values["model.crag"]) == (1, -1)


def test_what_a_model_says_alone_is_all_its_own() -> None:
    """Without quotes below, what the model is worth is what the answer is worth."""
    made = given(row("He met Odile Marsh.", answerer="ollama:m", tokens=PLANNED))
    values = measures(WHO, made, Texts())
    assert values["fallback"] == 0
    for name in ("match", "crag", "crag.right", "crag.wrong"):
        assert values[f"model.{name}"] == values[name]


def test_a_malformed_reply_says_nothing() -> None:
    """It is neither right nor wrong, and has no language; the quotes are the reader's."""
    values = measures(WHO, above_quotes("", notices("quotes", failure=EMPTY)), Texts())
    assert (values["model.match"], values["model.crag"], values["match"]) == (0, 0, 1)
    assert "answer_language" not in values
    assert values["fallback"] == 1


def test_a_refusal_is_the_models_when_it_was_asked() -> None:
    """A model that declines is silent; a question that no model saw says nothing of it."""
    assert measures(WHO, given(refusal(tokens=PLANNED)), Texts())["model.crag"] == 0
    assert "model.crag" not in measures(WHO, given(refusal()), Texts())
    assert not asked(given(refusal()))
    assert not quoted_instead(given(row("Odile Marsh.")))
    # A summary that the model declines to write gives the article's first sentences.
    opening = given(row("Ia tiba. [1]", tokens=PLANNED, notices=notices("opening")))
    assert quoted_instead(opening)
    own = by_model(opening)
    assert own is not None
    assert (own.outcome, own.statements) == ("refused", ())


def test_outcomes_are_counted_apart() -> None:
    """One of each: answered, malformed, failed twice (an error is one), in all and by language."""
    asked_of = [
        Question(
            question_id=name,
            question="Who?",
            language="id" if name == "dead" else "en",
            answers=("Odile Marsh",),
            evidence=(),
        )
        for name in ("good", "empty", "dead", "error")
    ]
    answers = {
        "good": given(row("Odile Marsh.", answerer="ollama:m", tokens=PLANNED)),
        "empty": above_quotes("", notices("quotes", failure=EMPTY)),
        "dead": above_quotes("", notices("quotes", failure=FAILED["died"])),
        "error": given({"error": {"message": "gone"}}),
    }
    found = score(asked_of, answers, Texts())
    names = ("answered", "refused", "failed", "malformed", "missing")
    assert [found.numbers[f"outcome.{name}"] for name in names] == [1, 0, 2, 1, 0]
    assert found.numbers["outcome.failed.id"] == 1
    assert found.outcomes["dead"] == "failed"
    # The model could be judged on two: one right, one that said nothing.
    assert (found.numbers["model.match"], found.numbers["model.match.n"]) == (1 / 2, 2)
    assert (found.numbers["fallback"], found.numbers["fallback.n"]) == (2 / 3, 3)

"""Citations against gold quotes and against their articles, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eval.citations import (
    VERDICTS,
    covers,
    dropped_marks,
    first_sentence_right,
    is_exact,
    is_factual,
    is_gold,
    measures,
    precision,
    recall,
)
from eval.datasets import Gold
from eval.given import Given, GivenCitation, Texts
from rag.reply import Reply
from rag.schema import article_id_of
from tests.eval.rows import Row, citation, given, question, refusal, row

DAM = "Odile Marsh keeps the dam.\n\nIt rained all night. The dam held."
SEA = "The sea was calm. It rained all night."
TEXTS = Texts.of({"dam.txt": DAM, "sea.txt": SEA})
KEEPS = Gold(article="dam.txt", quote="Odile Marsh  keeps the dam.")
RAINED = Gold(article="dam.txt", quote="It rained all night. The dam held.")


def cited(*rows: Row) -> tuple[GivenCitation, ...]:
    return given(row("x", citations=list(rows))).citations


def test_a_quote_covers_a_quote() -> None:
    """One holds the other, either way around; white space does not matter, an empty one counts
    for nothing."""
    assert covers("It rained all night.", "It rained  all\nnight. The dam held.")
    assert covers("It rained all night. The dam held.", "The dam held.")
    assert not covers("It rained.", "It rained all night.")
    assert not covers("", "It rained.")
    assert not covers("It rained.", " ")


def test_the_article_must_be_the_gold_one() -> None:
    """The same words elsewhere are another quote, unless that article is known as a copy."""
    (sea,) = cited(citation(1, SEA, "It rained all night."))
    assert not is_gold(sea, RAINED, TEXTS)
    assert is_gold(sea, Gold(article="sea.txt", quote="It rained all night."), TEXTS)
    (copy,) = cited(citation(1, SEA, "It rained all night.", copies=[article_id_of(DAM)]))
    assert is_gold(copy, RAINED, TEXTS)


@pytest.mark.parametrize("source", ["/x/dam.txt", "C:\\x\\dam.txt", "dam.txt"])
def test_the_source_tells_the_article(source: str) -> None:
    """Without texts, an article is known by the base name of its source, or by its id."""
    (keeps,) = cited(citation(1, DAM, "Odile Marsh keeps the dam.", source=source))
    assert is_gold(keeps, KEEPS, Texts())
    assert not is_gold(keeps, Gold(article="am.txt", quote=KEEPS.quote), Texts())
    assert is_gold(keeps, Gold(article=article_id_of(DAM), quote=KEEPS.quote), Texts())


def test_precision_and_recall_by_hand() -> None:
    """Two of three citations are gold; both are of one of the two gold quotes."""
    three = cited(
        citation(1, DAM, "It rained all night."),
        citation(1, DAM, "The dam held."),
        citation(2, SEA, "The sea was calm."),
    )
    assert precision(three, [KEEPS, RAINED], TEXTS) == 2 / 3
    assert recall(three, [KEEPS, RAINED], TEXTS) == 1 / 2
    assert recall(three, [RAINED, RAINED], TEXTS) == 1
    assert precision([], [KEEPS], TEXTS) == recall([], [KEEPS], TEXTS) == 0


def test_the_first_sentence_must_rest_on_gold() -> None:
    """What a later sentence quotes, under another mark, does not help the first."""
    sea, keeps = citation(1, SEA, "The sea was calm."), citation(2, DAM, DAM[:26])
    wrong = given(row("It was calm. [1]", "Odile does. [2]", citations=[sea, keeps]))
    right = given(row("Odile does. [2]", "It was calm. [1]", citations=[sea, keeps]))
    assert not first_sentence_right(wrong, [KEEPS], TEXTS)
    assert first_sentence_right(right, [KEEPS], TEXTS)


def test_a_shared_mark_is_told_by_the_words() -> None:
    """Two sentences of one passage share a mark; each rests on the one that it quotes."""
    both = [citation(1, DAM, "The dam held."), citation(1, DAM, DAM[:26])]
    held = given(row("The dam held. [1]", "Odile Marsh keeps the dam. [1]", citations=both))
    assert not first_sentence_right(held, [KEEPS], TEXTS)
    said = given(row("It is Odile. [1]", "It held. [1]", citations=both))
    assert first_sentence_right(said, [KEEPS], TEXTS)


def test_a_quote_is_exact_to_the_character() -> None:
    """White space counts here; so does an article that is not there."""
    exact = citation(1, DAM, DAM[:26])
    found = cited(
        exact,
        exact | {"quote": "Odile Marsh  keeps the dam."},
        exact | {"start": 1},
        exact | {"article_id": "f" * 16},
    )
    assert [is_exact(each, TEXTS) for each in found] == [True, False, False, False]
    answer = given(row("Odile. [1]", citations=[exact, exact | {"start": 1}]))
    assert measures(question(), answer, TEXTS)["quote_exact"] == 0.5
    assert "quote_exact" not in measures(question(), answer, Texts())
    assert "quote_exact" not in measures(question(), given(row("Odile.")), TEXTS)


@pytest.mark.parametrize(
    ("sentence", "verdict", "factual"),
    [
        ("The dam held.", "matches", True),
        ("The dam held.", "not_found", True),
        ("Here is what they say:", "unchecked", False),
        ("Petra Hallgrim came to Sol Varda.", "unchecked", True),
        ("Ada 1.208 korban.", "unchecked", True),
        ("Itu terjadi pada 20/8.", "unchecked", True),
        ("Did Petra Hallgrim come? [1]", "unchecked", False),
    ],
)
def test_what_says_something(sentence: str, verdict: str, factual: bool) -> None:
    """What was checked does, and what has a name, a number or a date and does not ask."""
    answer = given(row((sentence, verdict)))
    assert is_factual(answer, answer.statements[0]) is factual


def test_sentences_without_a_source() -> None:
    """One of two factual sentences has no mark; what says nothing needs none."""
    answer = given(row(("Here it is:", "unchecked"), "It held. [1]", ("It rained.", "not_found")))
    values = measures(question(), answer, TEXTS)
    assert values["uncited"] == 1 / 2
    assert {v: values[f"verdict.{v}"] for v in VERDICTS} == {
        "matches": 1 / 3,
        "not_found": 1 / 3,
        "conflict": 0,
        "unchecked": 1 / 3,
    }
    nothing = given(row(("Here it is:", "unchecked")))
    assert "uncited" not in measures(question(), nothing, TEXTS)


@pytest.mark.parametrize("language", ["en", "id"])
def test_dropped_marks_are_read_as_they_are_told(language: str) -> None:
    """The wording of the notice is the engine's own, in both languages."""
    reply = Reply(question="q", query="q", language=language)
    reply.told("moved", n=5)
    reply.told("dropped", n=3)
    told = given(row("x", answerer="ollama:m", notices=reply.notices))
    assert dropped_marks(told) == 3
    assert measures(question(), told, TEXTS)["dropped_marks"] == 3
    assert dropped_marks(given(row("x", notices=reply.notices[:1]))) == 0
    assert "dropped_marks" not in measures(question(), given(row("x")), TEXTS)


def test_measures_apply_where_they_can() -> None:
    """A refusal cites nothing of what it should; it has no citations to be right or wrong."""
    asked = question("Odile", evidence=[("dam.txt", DAM[:26])])
    assert measures(asked, given(refusal()), TEXTS) == {"cite.recall": 0, "answer_sentence": 0}
    assert measures(asked, Given(question_id="q", outcome="failed"), TEXTS) == {
        "cite.recall": 0,
        "answer_sentence": 0,
    }
    assert measures(question(), given(refusal()), TEXTS) == {}
    answer = given(row("Odile Marsh keeps the dam. [1]", citations=[citation(1, DAM, DAM[:26])]))
    values = measures(asked, answer, TEXTS)
    assert [values[name] for name in ("cite.recall", "cite.precision", "answer_sentence")] == [
        1,
        1,
        1,
    ]
    assert measures(asked, given(row("Odile.")), TEXTS)["cite.precision"] == 0


def test_the_sentence_ranked_first() -> None:
    """It is looked at even where the question was refused, and only where the row has it."""
    asked = question("Odile", evidence=[("dam.txt", DAM[:26])])
    right = given(refusal(answer_sentence="Odile Marsh keeps the dam."))
    wrong = given(refusal(answer_sentence="The dam held."))
    assert measures(asked, right, TEXTS)["sentence_first"] == 1
    assert measures(asked, wrong, TEXTS)["sentence_first"] == 0


QUOTES = st.sampled_from(["Odile Marsh keeps the dam.", "It rained all night.", "The dam held."])


@for_all(st.lists(QUOTES, max_size=4), st.lists(QUOTES, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_bounds(quoted: Sequence[str], wanted: Sequence[str]) -> None:
    """Precision is the share of quotes that are wanted, recall that of the wanted quoted; every
    quote is exact."""
    found = cited(*(citation(1, DAM, quote) for quote in quoted))
    gold = [Gold(article="dam.txt", quote=quote) for quote in wanted]
    assert precision(found, gold, TEXTS) == (
        sum(q in wanted for q in quoted) / len(quoted) if quoted else 0
    )
    assert recall(found, gold, TEXTS) == len({*quoted} & {*wanted}) / len({*wanted})
    assert all(is_exact(each, TEXTS) for each in found)

"""Questions for several things: which they are, and the sentences that hold the list."""

from __future__ import annotations

import pytest

from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence, Pick
from rag.answer.kinds.listed import asks_list, listed
from rag.answer.question import analyse
from tests.answer.passages import hit

PACT = (
    "A pact on river water was signed on Friday. "
    "Kenya, Uganda and Tanzania signed the water pact after ten years of talks. "
    "Rwanda signed the water pact a day later. "
    "The pact has 40 pages. "
    "The pact covers dams, wells, canals and springs."
)
SIDANG = (
    "Sidang kasus suap digelar Rabu. "
    "Saksi yang hadir dalam sidang ialah Bagus Tirta, Melur Anggani, dan Yosep Rumbiak. "
    "Hakim menunda sidang."
)


HITS = [hit(PACT, "en"), hit(SIDANG, "id")]


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which countries signed the pact?", True),
        ("Who are the witnesses?", True),
        ("List the countries that signed", True),
        ("Negara mana saja yang menandatangani?", True),
        ("Siapa saja saksinya?", True),
        ("Sebutkan saksi yang hadir", True),
        ("Apa saja isi perjanjian itu?", True),
        ("Name the three oldest dams", True),
        ("Name the oldest dam that was built", False),
        ("What did Hamas do?", False),
        ("Which minister visits Doha?", False),
        ("What has the Red Cross sent?", False),
        ("Which country signed last?", False),
        ("Who signed the pact?", False),
        ("What causes floods?", False),
        ("How many countries signed?", False),
        ("Siapa hakimnya?", False),
    ],
)
def test_whether_several_are_asked_for(question: str, several: bool) -> None:
    """By a plural after "which", by "saja", by "list"."""
    assert asks_list(analyse(question, None)) is several


@pytest.mark.parametrize(
    ("question", "starts"),
    [
        ("Which countries signed the water pact?", ["Kenya, Uganda", "Rwanda signed"]),
        ("Negara mana saja yang menandatangani perjanjian air?", ["Kenya, Uganda"]),
        ("Siapa saja saksi yang hadir dalam sidang?", ["Saksi yang hadir"]),
        ("What things does the pact cover?", ["The pact covers dams"]),
    ],
)
def test_the_sentence_with_most_of_the_list_comes_first(question: str, starts: list[str]) -> None:
    """Then those that add to it; whatever had been found best before."""
    first = Sentence(HITS[0].passage, 0, 43, 1.0)
    before = Evidence(picks=(Pick(first, 1.0),), score=0.7, missing=())
    after = listed(analyse(question, None), HITS, before, limit=3)
    found = [pick.sentence.text for pick in after.picks]
    assert all(text.startswith(start) for text, start in zip(found, starts, strict=False)), found
    assert len(found) >= len(starts)
    assert after.score == 0.7


def test_what_answers_best_goes_first_where_nothing_lists() -> None:
    """A headline that names the leak lists nothing of what leaked."""
    text = "Data bocor di Lorven. Polisi datang. Isinya alamat serta sandi."
    passage = hit(text, "id").passage
    best = Sentence(passage, text.index("Isinya"), len(text), 1.0)
    before = Evidence(picks=(Pick(best, 1.0),), score=0.7, missing=())
    asked = analyse("Data apa saja yang bocor di Lorven?", "id")
    found = listed(asked, [hit(text, "id")], before, limit=3).picks
    assert found[0].sentence.text == best.text


def test_a_county_is_no_country() -> None:
    """What a word beside the name says is smaller is not on a list of countries."""
    text = "The river pact was signed in Orlo county. The river pact was welcomed by Uganda."
    first = Sentence(hit(text, "en").passage, 0, 41, 1.0)
    before = Evidence(picks=(Pick(first, 1.0),), score=0.7, missing=())
    after = listed(
        analyse("Which countries signed the river pact?", "en"), [hit(text, "en")], before, limit=3
    )
    assert not any("Orlo" in pick.sentence.text for pick in after.picks)


def test_without_a_list_the_evidence_stays_as_it_was() -> None:
    """Nobody names the painters."""
    first = Sentence(HITS[0].passage, 0, 43, 1.0)
    before = Evidence(picks=(Pick(first, 1.0),), score=0.2, missing=())
    assert listed(analyse("Which painters won prizes?", "en"), HITS, before, limit=3) == before

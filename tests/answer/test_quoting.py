"""Names that stand only for who says a sentence."""

from __future__ import annotations

import pytest

from rag.answer.quoting import asks_who_says, only_says
from tests.answer.test_posts import sentence


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Mr Barwani said the two sides had met in Rasafin.", {"Barwani"}),
        ("Its spokesman, Hafiz Romli, said the cells were fine.", {"Hafiz Romli"}),
        ('"Kami lapor," kata Kepala Desa Watu Lepa, Agus Wolo.', {"Watu Lepa", "Agus Wolo"}),
        ("Menurut Felix, pendudukan itu merugikan.", {"Felix"}),
        ("Juru bicara komisi, Adelia Manurang, mengatakan uang ada di Lobar.", {"Adelia Manurang"}),
        ("He met Lea Poe, who said no to Barwani.", set()),
    ],
)
def test_who_only_says_so(text: str, speakers: set[str]) -> None:
    """Before or behind a verb of saying, whatever post stands between."""
    told = sentence(text)
    assert {name.text for name in told.names if only_says(told, name)} == speakers


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What did Blinken say?", True),
        ("Apa kata Blinken?", True),
        ("Who accused Danton?", True),
        ("How many times did they meet?", False),
    ],
)
def test_when_it_matters_who_says_so(question: str, asks: bool) -> None:
    """Where a question is about somebody's words."""
    assert asks_who_says(question) == asks

"""What a question without a question word asks for."""

from __future__ import annotations

import pytest

from rag.answer.asking import kind_of
from rag.answer.kinds.intent import plain
from rag.answer.spans.sought import sought


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("name of the judge chairing the tribunal?", "person"),
        ("nama pengacara suami istri itu", "person"),
        ("the mayor's name", "person"),
        ("name of the Israeli opposition leader", "person"),
        ("mayor of Solo", "person"),
        ("Persipala coach", "person"),
        ("pelatih takraw Thailand", "person"),
        ("verdict date in the chess case", "date"),
        ("date of the driver's arrest?", "date"),
        ("start time of the ceasefire", "date"),
        ("tanggal sidang berikutnya", "date"),
        ("number of survivors that Malta took", "number"),
        ("jumlah ular piton yang dibawa", "number"),
        ("age of the mayor", "number"),
        ("umur sopir bus", "number"),
        ("korban tewas perang Marenda", "number"),
        ("nilai pabrik baterai", "money"),
        ("break fee for the merger", "money"),
        ("location of the tribunal", "place"),
        ("lokasi sidang catur", "place"),
        ("alasan merger batal", "reason"),
        ("cause of the crash", "reason"),
        # What tells nothing, and what has a question word.
        ("Gaza ceasefire", "open"),
        ("hari ini ada apa", "open"),
        ("what was the mayor's speech about", "open"),
        ("Prime minister resigns", "open"),
        ("name of the ceasefire plan", "open"),
    ],
)
def test_the_noun_that_a_question_opens_with(question: str, kind: str) -> None:
    """It names the kind of what is wanted."""
    assert kind_of(question) == kind


def test_an_age_is_no_count() -> None:
    """Neither of a bus driver nor of a mayor."""
    assert [sought(q).sort for q in ("umur sopir bus", "the mayor's age")] == ["age", "age"]


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("cek cepat: korban tewas perang Marenda", "korban tewas perang Marenda"),
        ("on deadline: how many monitors?", "how many monitors?"),
        ("need the name of the judge", "the name of the judge"),
        ("butuh nama dokter kapal", "nama dokter kapal"),
        ("mau tahu siapa yang datang", "siapa yang datang"),
        # Where it is asked who wants, needs or demands what, nothing is taken away.
        ("Mau apa Blinken di Doha?", "Mau apa Blinken di Doha?"),
        ("minta apa Hamas?", "minta apa Hamas?"),
        ("perlu berapa suara untuk menang", "perlu berapa suara untuk menang"),
        ("Need for aid in Gaza", "Need for aid in Gaza"),
    ],
)
def test_haste_before_a_question(typed: str, question: str) -> None:
    """What somebody in a hurry puts before his question asks nothing."""
    assert plain(typed) == question

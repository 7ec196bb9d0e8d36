"""Weights of question units, and what refusals say."""

from __future__ import annotations

import math
from datetime import date

import pytest

from rag.answer.abstain import Coverage, abstain, refusal
from rag.answer.extract import Evidence
from rag.answer.question import Unit, analyse
from rag.answer.weigh import terms_of, weigh
from rag.schema import Metadata


def unit(text: str, kind: str = "word") -> Unit:
    """A unit of one word, known to no glossary."""
    return Unit(
        text=text,
        kind=kind,  # type: ignore[arg-type]
        words=(text,),
        stems=(frozenset({text}),),
        concepts=frozenset(),
    )


def test_weights_worked_by_hand() -> None:
    """Inverse document frequency; names one and a half times, unknown words half."""
    rare, common, name, unknown = unit("rare"), unit("common"), unit("Ana", "name"), unit("zz")
    terms = {u: frozenset({u.text}) for u in (rare, common, name, unknown)}
    weights = weigh(terms, 99, {"rare": 1, "common": 50, "Ana": 1})
    assert weights[rare] == pytest.approx(math.log(1 + 100 / 1.5))
    assert weights[common] == pytest.approx(math.log(1 + 100 / 50.5))
    assert weights[name] == pytest.approx(1.5 * math.log(1 + 100 / 1.5))
    assert weights[unknown] == pytest.approx(0.5 * math.log(1 + 100 / 0.5))


def test_terms_include_translations() -> None:
    """A unit is looked up under its own stems and those of its translations."""
    terms = terms_of(analyse("Who died in the flood?", "en"))
    flood = next(stems for u, stems in terms.items() if u.text == "flood")
    assert {"flood", "banjir"} <= flood


COVERAGE = Coverage(
    articles=7,
    some=(
        Metadata(
            title="Banjir",
            source="a.txt",
            publisher="Kabar",
            published=date(2024, 8, 21),
            published_basis="inferred",
        ),
        Metadata(title="Gempa", source="b.txt"),
    ),
)


def test_a_refusal_says_what_is_missing_and_what_is_covered() -> None:
    """Titles with dates, the mark of an inferred one, and how many more there are."""
    evidence = Evidence(picks=(), score=0.0, missing=(unit("hotel"),))
    said = refusal("not_in_evidence", evidence, COVERAGE, language="en")
    assert "“hotel”" in said
    assert "Banjir (Kabar, ~21 August 2024)" in said
    assert "Gempa (no date)" in said
    assert "and 5 more" in said


def test_a_refusal_speaks_the_readers_language() -> None:
    """Indonesian readers get Indonesian words and months."""
    evidence = Evidence(picks=(), score=0.0, missing=())
    said = refusal("not_in_evidence", evidence, COVERAGE, language="id")
    assert "~21 Agustus 2024" in said
    assert "tanpa tanggal" in said


def test_abstaining_is_decided_by_the_score() -> None:
    """Nothing indexed, nothing found and too little are three different answers."""
    nothing = Evidence(picks=(), score=0.0, missing=())
    assert abstain(nothing, indexed=0, floor=0.5) == "nothing_indexed"
    assert abstain(nothing, indexed=3, floor=0.5) == "nothing_relevant"

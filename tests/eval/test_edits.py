"""The edit of a question's evidence: another value, of the same form, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given as drawn
from hypothesis import settings as bounds
from hypothesis import strategies as some

from eval.altered import Edit, edit_of
from eval.datasets import Question
from tests.eval.rows import question


def edit(*answers: str, quote: str, asked: str = "Who?", around: Sequence[str] = ()) -> Edit:
    """The edit of a question with these answers."""
    wanted = Question(question_id="q", question=asked, language="en", answers=answers, evidence=())
    found = edit_of(wanted, quote, [quote, *around], seed=0)
    assert found is not None
    return found


def no_edit(*answers: str, quote: str, asked: str = "Who?") -> bool:
    wanted = Question(question_id="q", question=asked, language="en", answers=answers, evidence=())
    return edit_of(wanted, quote, [quote], seed=0) is None


# Edits --------------------------------------------------------------------------------------


def test_a_day_moves_by_weeks() -> None:
    """A date gets another day of the same month, on the same day of the week."""
    found = edit("20 August", quote="It fell on Tuesday, 20 August 2024.")
    assert found.kind == "date"
    assert found.new in ("13 August", "27 August")
    assert found.apply("Tuesday, 20 August 2024; 120 August") == (
        f"Tuesday, {found.new} 2024; 120 August"
    )


def test_a_number_keeps_its_form() -> None:
    """Other figures stand between the same marks; a longer number that holds them stays."""
    found = edit("1.208 orang", quote="Korban 1.208 orang.")
    assert found.kind == "number"
    assert [len(part) for part in found.new.split(" ")[0].split(".")] == [1, 3]
    assert found.apply("11.208, 1.208 dan 1.208.000") == (
        f"11.208, {found.swaps[0][1]} dan 1.208.000"
    )


def test_a_year_stays_in_its_century() -> None:
    """1998 becomes another year of the nineties or near, not 4712."""
    assert edit("1998", quote="Built in 1998.").new.startswith("19")


def test_a_number_word_becomes_another_one() -> None:
    """ "four months" is five: as long, of its language, and nine is more than twice as much."""
    assert edit("four months", quote="For four months.").new == "five months"
    assert edit("Enam orang", quote="Enam orang tewas.").new in ("Tiga orang", "Lima orang")


@pytest.mark.parametrize("answer", ["one hour", "satu jam", "1 hour", "two months", "three ships"])
def test_one_stays_one(answer: str) -> None:
    """ "one hours" is no English; and two of three letters has no other of half to twice."""
    assert no_edit(answer, quote=f"It took {answer}.")


def test_an_amount_is_exchanged_behind_its_currency() -> None:
    """Rupiah stand before their figure without a space: "Rp4,2 miliar" was never altered."""
    for answer in ("Rp4,2 miliar", "4,2 miliar"):
        found = edit(answer, quote="Modal Rp4,2 miliar ditanam.")
        ((was, new),) = found.swaps
        assert (was, new[1]) == ("4,2", ",")
        assert 2.1 <= float(new.replace(",", ".")) <= 8.4
        assert (
            found.apply("Modal Rp4,2 miliar, US$4,2 juta.")
            == f"Modal Rp{new} miliar, US${new} juta."
        )
    assert (
        edit("Rp450", quote="Harga Rp450 per kilo.").apply("Corp450 Rp450").startswith("Corp450 ")
    )


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("05.18", "Gempa terjadi pukul 05.18 WIB."),
        ("05.18", "Catatannya 05.18."),
        ("22:40", "Gempa 22:40 itu."),
        ("12", "A cholera outbreak killed 31 people, 12 of them infants."),
        ("31", "A cholera outbreak killed 31 people, 12 of them infants."),
        ("12", "Banjir menewaskan 12 orang, sebagian di antaranya anak-anak."),
        ("61", "Banjir menewaskan 23 orang dan melukai 61 lainnya."),
        ("Ten people", "Ten people, Josiah Wren and Magda Olatunji, drowned."),
        ("6 orang", "Antara 5 dan 6 orang hilang."),
        ("16 Agustus", "Perundingan pada 15 dan 16 Agustus."),
        ("15", "It lasts from 15 to 17 August."),
        ("2002", "It was built from 1998 to 2002."),
        ("2024", "On Tuesday, 20 August 2024, it fell."),
        ("9 orang", "Sebanyak 9 orang ditahan. Di antaranya 4 anak."),
    ],
)
def test_what_something_beside_it_binds_is_left(answer: str, quote: str) -> None:
    """No clock shows 91.16; of 31 people no 73 are infants; of a range no day moves alone."""
    assert no_edit(answer, quote=quote)


def test_the_days_of_a_list_move_together() -> None:
    """15 and 16 August are a week earlier or later together, never "22 and 16"."""
    quote = "Perundingan pada 15 dan 16 Agustus."
    # A week earlier would be 8 and 9, and two weeks later 29 and 30: not as long, or no February.
    assert edit("15 dan 16 Agustus", quote=quote).new == "22 dan 23 Agustus"


def test_a_day_stays_before_or_after_another() -> None:
    """What leaked on the 12th was not reported on the 8th."""
    quote = "The leak of 12 August was reported on 15 August."
    assert edit("15 August", quote=quote).new == "22 August"


@bounds(max_examples=60, deadline=None)
@drawn(some.integers(min_value=2, max_value=99_999), some.integers(min_value=0, max_value=50))
def test_a_count_is_half_to_twice_as_much(value: int, seed: int) -> None:
    """It stays on its side of one, and within [x/2, 2x]; it has as many figures."""
    wanted = question(str(value), question_id=str(seed))
    found = edit_of(wanted, f"It counted {value} gulls.", [], seed=seed)
    if found is None:  # a year or so
        return
    assert value / 2 <= int(found.new) <= 2 * value
    assert int(found.new) > 1
    assert int(found.new) != value


def test_every_word_of_a_name_is_exchanged_wherever_it_stands() -> None:
    """The surname alone is the same other name as in the full one; titles stay."""
    found = edit("President Odile Marsh", quote="President Odile Marsh said no.")
    title, first, last = found.new.split(" ")
    assert (title, len(first), len(last)) == ("President", 5, 5)
    assert (first.istitle(), last.istitle()) == (True, True)
    assert {first, last} & {"Odile", "Marsh"} == set()
    assert found.apply("Marsh's aides. Odile Marshall left.") == (
        f"{last}'s aides. {first} Marshall left."
    )


def test_what_the_question_says_is_left() -> None:
    """Were "Marsh" of the question exchanged, nobody could answer it."""
    found = edit("Odile Marsh", quote="Odile Marsh did.", asked="Which Marsh did it?")
    assert found.new.endswith(" Marsh")
    assert not found.new.startswith("Odile")
    assert no_edit("Marsh", quote="Marsh did.", asked="What did Marsh do?")


@pytest.mark.parametrize("answer", ["an old quarrel", "Flooding of the road", "05.18 WIB"])
def test_what_has_no_other_value_is_left(answer: str) -> None:
    """A reason is no name, also where it begins a sentence; of a time little else is one."""
    assert no_edit(answer, quote=f"{answer}.")


def test_a_value_that_stands_somewhere_is_not_taken() -> None:
    """The new value occurs nowhere, or the answer could say it without the edit."""
    others = [f"It has {n} gates." for n in range(10, 100) if n not in (41, 77)]
    assert edit("41", quote="It has 41 gates.", around=others).new == "77"


@bounds(max_examples=50)
@drawn(some.text(max_size=60), some.sampled_from(["41", "20 August", "Odile Marsh", "four"]))
def test_an_edit_moves_no_offset(text: str, answer: str) -> None:
    """Whatever the text, it is as long afterwards, and says the old value no more."""
    found = edit(answer, quote=answer)
    changed = found.apply(f"{text} {answer} {text}")
    assert len(changed) == len(f"{text} {answer} {text}")
    assert f" {answer} " not in changed

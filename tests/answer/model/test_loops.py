"""A model that says the same again and again is noticed; one that only writes is not."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.model.loops import Loops

DAM = "The dam was closed on Monday. "
NEWS = (
    "Menteri Keuangan Sri Mulyani Indrawati mengatakan anggaran naik 5 persen. [1] "
    "Menteri Keuangan Sri Mulyani Indrawati juga mengatakan utang turun. [1][2]\n\n"
    "Menurut Bank Indonesia, inflasi 2,8 persen pada Mei 2024. [3] Menurut Bank Indonesia, "
    "inflasi 2,9 persen pada Juni 2024. [3]\n"
)
LISTS = (
    "".join(f"- {city}: no data in the articles. [1]\n" for city in ["Oslo", "Bergen", "Moss"]),
    "".join(f"{n}. In 20{n} there were {n * 7} cases. [{n}]\n" for n in range(10, 30)),
    "".join(f"Title: Report {n}\nPublisher: Kompas.\nDate: May 2024.\n" for n in "ABCDE"),
    "| City | Dead |\n|------|------|\n| Oslo | 0 | 0 | 0 |\n| Moss | 0 | 0 | 0 |\n",
    'He shouted: "Merdeka! Merdeka! Merdeka!" and the crowd answered.',
    "It rained. It rained. Then it stopped.",
    "Ha ha ha, he said. " + "-" * 80 + " No, no, no, she said.",
    DAM + "It rained. " + DAM + "People left. " + DAM,  # said thrice, not one after another
    DAM * 2,
)


def heard(text: str, *, sizes: int = 0, seed: int = 0) -> tuple[bool, str]:
    """Whether `text` loops and what is shown of it; cut into pieces of up to `sizes` letters."""
    loops, shown, at, chance = Loops(), "", 0, random.Random(seed)
    while at < len(text) and not loops.looping:
        size = chance.randint(1, sizes) if sizes else len(text)
        shown += loops.feed(text[at : at + size])
        at += size
    shown += loops.close()
    return loops.looping, shown


@pytest.mark.parametrize("sizes", [0, 1, 6])
@pytest.mark.parametrize("text", [NEWS, *LISTS])
def test_what_only_looks_alike_is_given_out_whole(text: str, sizes: int) -> None:
    """Prose, lists of similar items, tables, cries and returning phrases pass unchanged."""
    assert heard(text, sizes=sizes) == (False, text)


@pytest.mark.parametrize("sizes", [0, 1, 6])
@pytest.mark.parametrize(
    ("looping", "shown"),
    [
        (DAM * 9, DAM),
        (NEWS + DAM * 3, NEWS + DAM),
        (DAM.strip() + ("\n" + DAM.strip()) * 9, DAM.strip() + "\n"),
        ("".join(f"{n}. {DAM}[{n}]\n" for n in range(1, 9)), f"1. {DAM}[1]\n"),
        ("".join(f"{DAM}[{n}] " for n in range(1, 9)), f"{DAM}[1] "),
        ((DAM + "Many people left. ") * 5, DAM + "Many people left. "),
    ],
)
def test_of_a_sentence_said_thrice_one_copy_is_shown(looping: str, shown: str, sizes: int) -> None:
    """Numbers of a list and marks make no difference; the copies are never given out."""
    assert heard(looping, sizes=sizes) == (True, shown)


@pytest.mark.parametrize("sizes", [0, 1, 6])
@pytest.mark.parametrize(
    ("begin", "unit"),
    [
        ("Well. ", "he is the minister of "), ("So ", "ha "), ("So ", "a"), ("", "0, "),
        ("It was ", "very "), ("Ini ", "日本"), ("Rule: ", "-"), ("", "the council met and then "),
    ],
)  # fmt: skip
def test_a_phrase_or_a_letter_without_end_stops_soon(begin: str, unit: str, sizes: int) -> None:
    """Of a short loop no more is shown than two copies or a few dozen letters."""
    looping, shown = heard(begin + unit * 400, sizes=sizes)
    assert looping
    assert len(shown) <= len(begin) + max(2 * len(unit), 40)


def test_blank_lines_without_end_are_a_loop() -> None:
    """White space alone, which some models never stop to write, is noticed."""
    looping, shown = heard("Yes." + "\n" * 500, sizes=3)
    assert looping
    assert shown.strip() == "Yes."
    assert len(shown) <= 110


def test_what_begins_as_before_is_held_only_until_it_differs() -> None:
    """A second sentence that starts like the first is shown as soon as it goes its own way."""
    loops = Loops()
    assert loops.feed("The dam was closed. ") == "The dam was closed. "
    assert loops.feed("The dam ") == ""
    assert loops.feed("was ") == ""
    assert loops.feed("opened ") == "The dam was opened "
    assert loops.feed("again. ") == "again. "


@given(st.text(), st.lists(st.integers(1, 9), min_size=1))
def test_any_text_is_given_out_in_order(text: str, sizes: list[int]) -> None:
    """What is shown is the text itself, or a beginning of it where it loops."""
    loops, shown, at = Loops(), "", 0
    for size in sizes * (len(text) + 1):
        shown += loops.feed(text[at : at + size])
        at += size
    shown += loops.close()
    assert text.startswith(shown)
    assert loops.looping or shown == text


@given(
    st.lists(st.text("abcdefgh", min_size=2, max_size=8), min_size=4, max_size=20),
    st.integers(1, 9),
)
def test_any_sentence_said_four_times_is_a_loop(words: list[str], sizes: int) -> None:
    """Whatever the sentence and however it is cut."""
    sentence = " ".join(words) + ". "
    looping, shown = heard("Intro. " + sentence * 4 + "End.", sizes=sizes)
    assert looping
    assert shown.count(sentence) <= 2


@pytest.mark.parametrize("unit", ["ab ", "abcdefgh ijkl. ", "a", "word " * 90 + "end. "])
def test_a_long_text_is_read_in_little_time(unit: str) -> None:
    """16 kB in pieces of four letters, never twice the same sentence, take less than a second."""
    chance = random.Random(0)
    text = "".join(unit + str(chance.random()) + " " for _ in range(16_000 // (len(unit) + 18)))
    begun = time.perf_counter()
    heard(text, sizes=4)
    assert time.perf_counter() - begun < 1.0

"""What reaches a terminal is safe and fits it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.layout import Screen, columns, fitted, flow, sanitise, sentence
from tests.samples import HOSTILE, wild


def test_a_terminal_sees_no_control_sequence() -> None:
    """Escapes go with all they carry, hidden characters go, words stay."""
    assert sanitise(HOSTILE) == "red gnp.exe here"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\tb\r\nc\rd", "a b\nc d"),
        ("a\x85b\u2028c", "a\nb\nc"),
        ("\x1b\x1b[31m[31mx", "[31mx"),
        ("never \x1b]0;ended", "never 0;ended"),
        ("\x1bP1$r\x1b\\after", "after"),
        ("\x1b(Bcharset\x1bc", "charset"),
        ("tag\U000e0041\U000e007f soft\u00adhyphen", "tag softhyphen"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("é, 雪, “x”, 😀", "é, 雪, “x”, 😀"),
    ],
)
def test_what_sanitise_takes_and_leaves(text: str, safe: str) -> None:
    """Every kind of control goes, ordinary letters of any script stay."""
    assert sanitise(text) == safe


@given(wild)
def test_nothing_hostile_is_left(text: str) -> None:
    """After `sanitise`, only "\\n" is left of the controls, and a second time changes nothing."""
    safe = sanitise(text)
    assert not [c for c in safe if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert not set(safe) & set("\u200b\u200d\u200e\u202e\u2066\ufeff\u2028\U000e0020")
    assert sanitise(safe) == safe


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["\x1b]", "\x9d", "\x1bP", "\x1b[", "\x1b[0", " \n", "\n", "\x1b"])
def test_a_megabyte_of_half_sequences_is_quick(unit: str) -> None:
    """No input makes sanitising take more than linear time."""
    assert len(sanitise(unit * 500_000)) <= 1_000_000


@pytest.mark.parametrize(
    ("message", "hint", "line"),
    [
        ("no such file", "Check it.", "no such file. Check it."),
        ("no such file.", "Check it.", "no such file. Check it."),
        ("two\nlines", "", "two lines"),
        ("", "Check it.", "Check it."),
    ],
)
def test_an_error_is_one_line(message: str, hint: str, line: str) -> None:
    """A message and its hint make one line with one full stop between them."""
    assert sentence(message, hint) == line


words = st.lists(st.text("abcdé雪", min_size=1, max_size=12), max_size=30)


@given(words, st.integers(8, 60))
def test_wrapping_loses_no_word(text: list[str], width: int) -> None:
    """Wrapped lines hold the same words in order, and are too wide only for a single word."""
    runs = [(" ".join(text[:7]) + " ", "1"), (" ".join(text[7:]), "2")]
    lines = flow(runs, Screen(width=width), indent="  ")
    assert " ".join(lines).split() == text
    assert all(columns(line) <= width or len(line.split()) == 1 for line in lines)
    plain = [
        re.sub(r"\x1b\[\dm", "", line)
        for line in flow(runs, Screen(width=width, colour=True), indent="  ")
    ]
    assert plain == lines


@given(st.text("abé雪\u0301", max_size=30), st.integers(1, 20))
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int) -> None:
    """A fitted text takes its columns, no more and no fewer, and says when it is cut."""
    cell = fitted(text, width)
    assert columns(cell) == width
    assert cell.rstrip() == text or cell.rstrip().endswith("…")

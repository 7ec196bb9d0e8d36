"""Marks in a model's text: every form it may write, cut anywhere."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.model.mark_forms import one, one_begun, row, row_begun
from rag.answer.model.marks import REACH, Mark, Marks, letter_of, position

SIZES = {1: 3, 2: 3, 3: 3, 8: 40}


def parse(text: str, *, sizes: dict[int, int] = SIZES) -> tuple[list[object], int]:
    """What one feeding and the close give: text, and for a mark its sources as "1 2b"."""
    marks = Marks(sizes)
    return shown(marks.feed(text) + marks.close()), marks.dropped


def shown(pieces: list[str | Mark]) -> list[object]:
    """Pieces with neighbouring text joined, and marks as lists such as ["1", "2b"]."""
    joined: list[object] = []
    for piece in pieces:
        if isinstance(piece, Mark):
            joined.append([f"{number}{letter or ''}" for number, letter in piece.refs])
        elif joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ia tiba [1].", ["Ia tiba ", ["1"], "."]),
        ("Ia tiba. [1a]", ["Ia tiba. ", ["1a"]]),
        ("[1A]", [["1a"]]),
        ("[ 1 b ]", [["1b"]]),
        ("[1,2]", [["1", "2"]]),
        ("[1, 2b]", [["1", "2b"]]),
        ("[1; 2 & 3]", [["1", "2", "3"]]),
        ("[1 and 2]", [["1", "2"]]),
        ("[1 dan 2a]", [["1", "2a"]]),
        ("[1a, b]", [["1a", "1b"]]),
        ("[1,1,1a,1a]", [["1", "1a"]]),
        ("[1][2]", [["1"], ["2"]]),
        ("[[1]]", [["1"]]),
        ("[[1], [2a]]", [["1", "2a"]]),
        ("[[1][2]]", [["1", "2"]]),
        ("【1】", [["1"]]),
        ("【1†source】", [["1"]]),
        ("［1a］", [["1a"]]),
        ("[1-3]", [["1", "2", "3"]]),
        ("[1–3]", [["1", "2", "3"]]),
        ("[1a-c]", [["1a", "1b", "1c"]]),
        ("[1a-1c]", [["1a", "1b", "1c"]]),
        ("[8aa]", [["8aa"]]),
        ("[Source 1]", [["1"]]),
        ("[Sumber 1]", [["1"]]),
        ("[SUMBER 1a]", [["1a"]]),
        ("[source: 1a]", [["1a"]]),
        ("[Passage 2]", [["2"]]),
        ("[ref 3]", [["3"]]),
        ("[Source 1, Source 2]", [["1", "2"]]),
        ("[^1]", [["1"]]),
        ("[#1a]", [["1a"]]),
        ("`[1]`", [["1"]]),
        ("**[1]**", [["1"]]),
        ("**[1][2]**", [["1"], ["2"]]),
        ("_[1]_", [["1"]]),
        ("**Ia tiba. [1]**", ["**Ia tiba. ", ["1"], "**"]),
        ("**[1] lalu**", ["**", ["1"], " lalu**"]),
        (r"\[1\]", [["1"]]),
        (r"\[x\]", [r"\[x\]"]),
        ("[(1)]", [["1"]]),
        ("[(1a), (2b)]", [["1a", "2b"]]),
        ("[1(c)]", [["1c"]]),
        ("[1-c]", [["1c"]]),
        ("[1 - c]", [["1c"]]),
        ("[1.c]", [["1c"]]),
        ("[1.1c]", [["1c"]]),
        ("[1c/2b]", [["1c", "2b"]]),
        ("[1c 2b]", [["1c", "2b"]]),
        ("[article 1, sentence c]", [["1c"]]),
        ("[Artikel 1, kalimat c]", [["1c"]]),
        ("[Article 1, Sentence 2]", [["1b"]]),
        ("[article 1, sentences 2 and 3]", [["1b", "1c"]]),
        ("[sentence 2]", [["2"]]),
        ("[see 1c]", [["1c"]]),
        ("[1c: Northwind Wire]", [["1c"]]),
        ("[1c: Northwind Wire, 4 June 2024]", [["1c"]]),
        ("[1g: Northwind Wire]", [["1"]]),
        ("[1c, Northwind Wire]", [["1c"]]),
        ("[1c Northwind Wire] x", [["1c"], " x"]),
        ("[2: Northwind Wire]", [["2"]]),
        ("[1c: ]", [["1c"]]),
        ("Ia tiba (1c).", ["Ia tiba ", ["1c"], "."]),
        ("(1c, 2a)", [["1c", "2a"]]),
        ("(1a-c)", [["1a", "1b", "1c"]]),
        ("(1a and b)", [["1a", "1b"]]),
        ("(1c)(2a)", [["1c"], ["2a"]]),
        ("(Source 1)", [["1"]]),
        ("(Sumber: 1c)", [["1c"]]),
        ("(source: [1c])", [["1c"]]),
        ("([1c], [2b])", [["1c", "2b"]]),
        ("(menurut [1c])", [["1c"]]),
        ("(article 1c)", [["1c"]]),
        ("(1c: Northwind Wire)", [["1c"]]),
        ("**(1c)**", [["1c"]]),
        ("*(Source: [1c])*", [["1c"]]),
        ("[2](1c)", [["2"], ["1c"]]),
        ("(1c) [2]", [["1c"], " ", ["2"]]),
        ("{1c}", [["1c"]]),
        ("{1}", [["1"]]),
        ("<1c>", [["1c"]]),
        ("Ia tiba.¹", ["Ia tiba.", ["1"]]),
        ("Ia tiba. ¹", ["Ia tiba. ", ["1"]]),
        ("Ia tiba² lalu", ["Ia tiba", ["2"], " lalu"]),
        ("Ia tiba.¹,² x", ["Ia tiba.", ["1", "2"], " x"]),
        ("Ia tiba.¹²", ["Ia tiba.", ["1", "2"]]),
        ("A [1c B [1b", ["A ", ["1c"], " B ", ["1b"]]),
        ("A [1c. B", ["A ", ["1c"], ". B"]),
        ("A [1c\nB", ["A ", ["1c"], "\nB"]),
        ("A [1a, 2b The", ["A ", ["1a", "2b"], " The"]),
        ("A [1c) B", ["A ", ["1c"], " B"]),
        ("A (1c] B", ["A ", ["1c"], " B"]),
    ],
)
def test_every_form_of_a_mark(text: str, pieces: list[object]) -> None:
    """A mark is understood in each form that local models write."""
    assert parse(text) == (pieces, 0)


@pytest.mark.parametrize(
    "text",
    [
        "[2024]",
        "[2023, 2024]",
        "[sic]",
        "[..]",
        "[]",
        "[a]",
        "(1)",
        "(12)",
        "(2024)",
        "(a)",
        "(1z)",
        "(9c)",
        "(3C)",
        "(1 c)",
        "(1, c)",
        "(Article 1)",
        "(see 1)",
        "(Sumber: 9)",
        "(1c, said he)",
        "ayat (1a)",
        "Section 5(1a)",
        "[3C printing]",
        "[8a.m.]",
        "[8 a.m. Monday]",
        "[5 June]",
        "[3 people]",
        "[2:30]",
        "[2.1c]",
        "[c]",
        "1c: Ia tiba.",
        "A [1 B",
        "A [1g B",
        "A [9c B",
        "([sic])",
        "([2024])",
        "{12}",
        '{"a": 1}',
        "<5 percent",
        "<9c>",
        "a < b",
        "km² 10² m² 5 mil² x¹",
        "Ia tiba¹⁹",
        "Ia ¹",
        "[2nd]",
        "[1 am]",
        "[24/7]",
        "[1.5]",
        "[Pasal 5]",
        "[text](http://host/path)",
        "[[sic]]",
        "**tebal**",
        "a_b `kode`",
        "5 * 3",
    ],
)
def test_other_brackets_are_text(text: str) -> None:
    """What names no passage stays as it stands, brackets and all."""
    assert parse(text) == ([text], 0)


@pytest.mark.parametrize(
    ("text", "pieces", "dropped"),
    [
        ("x [12]y", ["x y"], 1),
        ("[12, 3]", [["3"]], 1),
        ("[1, 2024]", [["1"]], 1),
        ("[0]", [], 1),
        ("[4][5][1]", [["1"]], 2),
        ("[2-5]", [["2", "3"]], 1),
        ("[label]", [], 1),  # the word of the prompt's example
        ("`[9]`", [], 1),
        ("(source: [9]).", ["."], 1),
        ("(1c, 9a)", [["1c"]], 1),
    ],
)
def test_unknown_sources_are_dropped_and_counted(
    text: str, pieces: list[object], dropped: int
) -> None:
    """A number without a passage is taken out; a group keeps the known ones."""
    assert parse(text) == (pieces, dropped)


def test_a_letter_beyond_the_last_sentence_is_the_whole_passage() -> None:
    """[1z] names passage 1, whatever sentence was meant."""
    assert parse("[1z] [1d] [1c]") == ([["1"], " ", ["1"], " ", ["1c"]], 0)


def test_a_year_that_is_a_passage_is_a_mark() -> None:
    """Of a hundred passages and more, the hundredth can be cited."""
    assert parse("[100][101]", sizes={100: 1}) == ([["100"], "[101]"], 0)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("[1](http://evil)", [["1"]]),
        ("[1](javascript:alert(1)) x", [["1"], " x"]),
        ('[1](http://evil "a title") x', [["1"], " x"]),
        ("[1](" + "x" * 200 + ") y", [["1"], " y"]),
        ("[1](http://evil and on", [["1"], " and on"]),
        ("[1](http://evil\nx", [["1"], "\nx"]),
        ("[1](http://evil", [["1"]]),
        ("[12](http://evil)", []),
        ("[1](see below)", [["1"], "(see below)"]),
        ("[1] (http://host)", [["1"], " (http://host)"]),
    ],
)
def test_a_link_on_a_mark_goes_away(text: str, pieces: list[object]) -> None:
    """A mark that was made a link cites its passage and links to nothing."""
    assert parse(text)[0] == pieces


@pytest.mark.parametrize(
    ("text", "pieces", "dropped"),
    [
        ("x [1", ["x ", ["1"]], 0),
        ("x [1a", ["x ", ["1a"]], 0),
        ("x [1, ", ["x ", ["1"]], 0),
        ("x [[1]", ["x ", ["1"]], 0),
        ("x [12", ["x "], 1),
        ("x [2024", ["x [2024"], 0),
        ("x [", ["x ["], 0),
        ("x [Sour", ["x [Sour"], 0),
        ("x [a", ["x [a"], 0),
        ("x **", ["x **"], 0),
        ("x \\", ["x \\"], 0),
    ],
)
def test_the_end_of_a_reply_that_was_cut_off(text: str, pieces: list[object], dropped: int) -> None:
    """A bracket begun at the end counts if it reads as a mark, and is text otherwise."""
    assert parse(text) == (pieces, dropped)


def test_an_open_bracket_is_held_back_until_it_is_known() -> None:
    """No half of a mark is shown; what cannot be one any more is shown at once."""
    marks = Marks(SIZES)
    assert marks.feed("Ia tiba [") == ["Ia tiba "]
    assert marks.feed("1") == []
    assert marks.feed("]") == [Mark(refs=((1, None),))]
    assert marks.feed(" lalu [s") == [" lalu "]
    assert marks.feed("i") == ["[si"]
    assert marks.feed("c]") == ["c]"]
    assert marks.feed("*") == []
    assert marks.feed("*a") == ["**a"]
    assert marks.close() == []


SIGNS = r"""[ ] [[ ]] 【 】 ［ ］ ( ) \ * ** ` _ 1 2 12 2024 a b z 1a , ; - – & and dan label Source
sumber ^ # † : / http://x . x " '"""
PARTS = st.sampled_from(
    [
        *SIGNS.split(),
        " ",
        "\n",
        "Ia tiba. ",
        "[1]",
        "[1a]",
        "**[1]**",
        "[1](http://x)",
        "1,1,1,1,1,",
        "(1a)",
        "(Source: ",
        "[1c: Northwind Wire, ",
        "[2b The ",
        "tiba¹",
        "²,³",
        "{1a}",
        "<1a>",
        "ayat ",
        "sentence ",
        "kalimat b",
    ]
)
TEXTS = st.lists(PARTS, max_size=25).map("".join)


@given(TEXTS, st.lists(st.integers(0, 120), max_size=8))
def test_where_the_stream_is_cut_changes_nothing(text: str, cuts: list[int]) -> None:
    """Any division of a text into pieces gives the same text and the same marks."""
    whole = parse(text)
    for places in (sorted({min(cut, len(text)) for cut in cuts}), range(len(text) + 1)):
        marks = Marks(SIZES)
        pieces: list[str | Mark] = []
        before = 0
        for place in [*places, len(text)]:
            pieces += marks.feed(text[before:place])
            before = place
        pieces += marks.close()
        assert (shown(pieces), marks.dropped) == whole


@given(TEXTS)
def test_what_is_given_out_was_written(text: str) -> None:
    """Text comes out in order and unchanged, and only sources that exist are named."""
    marks = Marks(SIZES)
    pieces = marks.feed(text) + marks.close()
    rest = iter(text)
    assert all(char in rest for piece in pieces if isinstance(piece, str) for char in piece)
    for piece in pieces:
        if isinstance(piece, Mark):
            assert piece.refs
            for number, letter in piece.refs:
                assert number in SIZES
                assert letter is None or position(letter) < SIZES[number]


@given(TEXTS)
def test_little_is_held_back(text: str) -> None:
    """Beyond the text that marks and their links are made of, at most 40 characters wait."""
    marks = Marks({})  # nothing is known: what is not held is given out, dropped or a link
    for at in range(len(text)):
        marks.feed(text[at])
        assert len(marks._held) <= REACH


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[1,",
        "[1",
        "*",
        "**[",
        "[[1",
        "\\[",
        "[1](",
        "[1](http://",
        "**[1], ",
        "`[1],",
        "[1 ",
        "(",
        "(1a",
        "(source",
        "{1",
        "<1a",
        "tiba¹,",
        "[1c: ",
        "[1c x",
        "[1a,2b,",
        "([1a], ",
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """100 kB of brackets that never close are read in seconds, whole or byte by byte."""
    text = (text * 100_000)[:100_000]
    for form in (one, one_begun, row, row_begun):
        form()  # made once, which takes a second or two
    begun = time.process_time()
    marks = Marks(SIZES)
    marks.feed(text)
    marks.close()
    marks = Marks(SIZES)
    for char in text[:50_000]:
        marks.feed(char)
    marks.close()
    assert time.process_time() - begun < 5


@given(st.integers(0, 20_000))
def test_letters_and_places_are_inverse(place: int) -> None:
    """The letters of a place name that place."""
    assert position(letter_of(place)) == place

"""Files of questions and their articles: what a line may be, and what is said of a bad one."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import DatasetError, Gold, Question, load, read_articles, squad, stored_texts
from eval.reading import TOLD
from rag.engine import Engine
from rag.errors import BadSetting
from rag.settings import Settings
from tests.fakes import HashEmbedder

TEXTS = {"dam.txt": "Odile Marsh keeps the dam.\n\nShe is 61. It rained.", "0" * 16: "Nothing."}


def row(**changes: object) -> dict[str, Any]:
    """A good line, but for these changes; a key that is changed to None is left out."""
    good: dict[str, Any] = {
        "id": "1",
        "question": "Who keeps the dam?",
        "language": "en",
        "answers": ["Odile Marsh"],
        "evidence": [{"article": "dam.txt", "quote": "Odile Marsh keeps the dam."}],
    }
    return {key: value for key, value in (good | changes).items() if value is not None}


def written(folder: Path, *lines: object) -> Path:
    """A dataset with these lines: JSON of what is not text already."""
    path = folder / "q.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


# Lines ---------------------------------------------------------------------------------------


def test_a_good_line_is_a_record(tmp_path: Path) -> None:
    """Every key becomes its field; must_not and tags may be left out; blank lines are no lines."""
    path = written(
        tmp_path,
        row(must_not=["Ada"], tags=["who"]),
        "",
        row(id="2", answers=[], evidence=[], language="id"),
    )
    first, second = load(path, TEXTS)
    assert first == Question(
        question_id="1",
        question="Who keeps the dam?",
        language="en",
        answers=("Odile Marsh",),
        evidence=(Gold(article="dam.txt", quote="Odile Marsh keeps the dam."),),
        must_not=("Ada",),
        tags=("who",),
    )
    assert first.answerable
    assert not second.answerable
    assert second.must_not == second.tags == ()


def test_white_space_and_composition_do_not_matter_in_a_quote(tmp_path: Path) -> None:
    """A quote over a paragraph's end is found, and so is é written as two code points."""
    quote = "keeps  the dam. She is 61."
    gold = [{"article": "dam.txt", "quote": quote}]
    assert load(written(tmp_path, row(evidence=gold)), TEXTS)[0].evidence[0].quote == quote
    gold = [{"article": "cafe.txt", "quote": "Cafe\u0301 Aven"}]
    assert load(written(tmp_path, row(evidence=gold)), {"cafe.txt": "Caf\u00e9 Aven"})


def test_an_article_may_be_named_by_its_id(tmp_path: Path) -> None:
    """The texts have both kinds of names, and either will do."""
    gold = [{"article": "0" * 16, "quote": "Nothing."}]
    assert load(written(tmp_path, row(evidence=gold)), TEXTS)[0].evidence[0].article == "0" * 16


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    """JSON allows U+2028 in a string as it is; only a newline ends a line."""
    line = json.dumps(row(question="Who\u2028keeps it?"), ensure_ascii=False)
    assert load(written(tmp_path, line), TEXTS)[0].question == "Who\u2028keeps it?"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", r'not JSON: a key in "\.\.\." is missing at character 2; write one object'),
        ('{"id": "1" "x": 2}', "not JSON: a comma is missing at character 12"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON: it is nested too deeply"),
        ('{"id": ' + "9" * 5_000 + "}", "not JSON: a number has too many digits"),
        ('{"id": "1", "id": "2"}', "'id' is given twice"),
        (row(id=None, answers=None), "id, answers not given"),
        (row(anwsers=["x"]), "'anwsers' is no key here; the keys are id, question"),
        (row(id=7), 'id is not text; write "'),
        (row(question=" "), "question is empty"),
        (row(question="\ud800?"), "half a character"),
        (row(language="ms"), "language is 'ms'; it must be"),
        (row(answers="Odile Marsh"), "answers is not a list"),
        (row(answers=["Odile Marsh", ""]), "one of answers is empty"),
        (row(answers=[61]), "one of answers is not text"),
        (row(answers=[]), "evidence without answers"),
        (row(evidence=[]), "answers without evidence"),
        (row(evidence=["dam.txt"]), "one of evidence is not an object"),
        (row(evidence=[{"article": "dam.txt"}]), "quote is not given"),
        (row(evidence=[{"article": "dam.txt", "quote": 3}]), "quote is not text"),
        (row(evidence=[{"article": "dam.txt", "quote": "It", "at": 3}]), "'at' is no key here"),
        (row(evidence=[{"article": "den.txt", "quote": "It"}]), "no article is called 'den.txt'"),
        (row(evidence=[{"article": "dam.txt", "quote": "it rained"}]), "does not hold 'it rained'"),
        (row(must_not=["odile  marsh"]), "'odile  marsh' is an answer and in must_not"),
        (row(tags="who"), "tags is not a list"),
    ],
)
def test_a_bad_line_is_named_with_what_to_do(tmp_path: Path, line: object, said: str) -> None:
    """File, line and what is wrong, in one line."""
    with pytest.raises(DatasetError, match=said) as raised:
        load(written(tmp_path, row(id="0"), line), TEXTS)
    assert raised.value.message.startswith(f"{tmp_path / 'q.jsonl'}, line 2: ")
    assert "\n" not in raised.value.message
    assert raised.value.hint
    assert isinstance(raised.value, BadSetting)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    """The second line with an id is bad, and the first one is named."""
    with pytest.raises(DatasetError, match=r"line 3: the id '1' is that of line 1 too"):
        load(written(tmp_path, row(), "", row()), TEXTS)


def test_all_bad_lines_are_gathered(tmp_path: Path) -> None:
    """The first twenty kinds are told, the lines of others counted, and the error has them all."""
    bad = [row(id=str(n), language=f"x{n}") for n in range(25)]
    with pytest.raises(DatasetError) as raised:
        load(written(tmp_path, *bad), TEXTS)
    assert len(raised.value.problems) == 25
    assert len(re.findall(r"line \d+:", raised.value.message)) == TOLD == 20
    assert raised.value.message.endswith("; and 5 more")


def test_what_is_wrong_with_many_lines_is_told_once(tmp_path: Path) -> None:
    """The words stand once, with the first five lines and how many more."""
    bad = [row(id=str(n), language="xx") for n in range(25)]
    with pytest.raises(DatasetError) as raised:
        load(written(tmp_path, row(id="good"), *bad, "[]"), TEXTS)
    assert raised.value.message == (
        f"{tmp_path / 'q.jsonl'}, lines 2, 3, 4, 5, 6 and 20 more: language is 'xx'; it must be "
        '"en" or "id"; line 27: not a JSON object; write one object on one line'
    )
    assert raised.value.problems[24] == 'line 26: language is \'xx\'; it must be "en" or "id"'


@pytest.mark.parametrize(
    ("text", "said", "next_"),
    [
        (json.dumps([row(), row(id="2")], indent=1), r"one JSON array over 30 lines", r"jq -c"),
        (json.dumps([row()]), r"one JSON array, not one object a line", r"jq -c"),
        (json.dumps(row(), indent=1), r"one JSON object over 14 lines", r"on one line"),
        (json.dumps({"data": []}, indent=1), r"one JSON object over 3 lines", r"--squad q\.jsonl"),
    ],
)
def test_one_value_over_all_lines_is_told_once(
    tmp_path: Path, text: str, said: str, next_: str
) -> None:
    """A printed array or object is told as what it is, not line by line, with what to do."""
    with pytest.raises(DatasetError, match=said) as raised:
        load(written(tmp_path, text), TEXTS)
    assert raised.value.message.count("q.jsonl") == 1
    assert re.search(next_, raised.value.hint)


def test_carriage_returns_end_lines_where_nothing_else_does(tmp_path: Path) -> None:
    """A file of an old editor is read, and a bad line of it has its number."""
    path = tmp_path / "q.jsonl"
    path.write_bytes("\r".join(json.dumps(row(id=n)) for n in "123").encode())
    assert [question.question_id for question in load(path, TEXTS)] == ["1", "2", "3"]
    path.write_bytes(f"{json.dumps(row())}\r\r{{\r\n".encode())
    with pytest.raises(DatasetError, match=r"q\.jsonl, line 3: not JSON"):
        load(path, TEXTS)


def test_a_question_longer_than_can_be_asked_is_told(tmp_path: Path) -> None:
    """File, line, id, length and limit; the limit itself is taken, and without one any length."""
    path = written(tmp_path, row(question="?" * 30), row(id="x", question="?" * 31))
    with pytest.raises(DatasetError) as raised:
        load(path, TEXTS, longest=30)
    assert raised.value.message == (
        f"{path}, line 2: the question 'x' has 31 characters; the most is 30, so ask in fewer words"
    )
    assert len(load(path, TEXTS)) == 2


def test_a_row_of_five_megabytes_is_told_in_a_line(tmp_path: Path) -> None:
    """Neither the id nor the question is repeated whole."""
    path = written(tmp_path, row(id="i" * 100_000, question="q" * 5_000_000))
    with pytest.raises(DatasetError, match="has 5,000,000 characters; the most is 2,000") as raised:
        load(path, TEXTS, longest=2_000)
    assert len(raised.value.message) < len(str(path)) + 200


@pytest.mark.parametrize(
    "line",
    [
        row(language="x" * 100_000),
        row(must_not=["Odile" + " " * 50_000 + "Marsh"]),
        row(evidence=[{"article": "a" * 50_000, "quote": "It"}]),
        row(evidence=[{"article": "dam.txt", "quote": "q" * 50_000}]),
        row(**{"k" * 50_000: 1}),
        row(**{f"key {n}": 1 for n in range(5_000)}),
        f'{{"{"k" * 50_000}": 1, "{"k" * 50_000}": 2}}',
        "x" * 50_000,
    ],
)
def test_no_value_is_repeated_whole(tmp_path: Path, line: object) -> None:
    """However long what a line holds, what is said of it is short and on one line."""
    with pytest.raises(DatasetError) as raised:
        load(written(tmp_path, row(id="0"), line), TEXTS)
    assert len(raised.value.message) < len(str(tmp_path)) + 350
    assert "\n" not in raised.value.message


def test_a_repeated_id_is_not_repeated_whole(tmp_path: Path) -> None:
    """Of an id of 20 KB the first characters are told."""
    with pytest.raises(DatasetError, match=r"the id 'i{59}…' is that of line 1 too"):
        load(written(tmp_path, row(id="i" * 20_000), row(id="i" * 20_000)), TEXTS)


def test_a_file_without_questions_or_not_there(tmp_path: Path) -> None:
    """Each is an error that names the file; bytes that are no UTF-8 name their line."""
    with pytest.raises(DatasetError, match=r"q\.jsonl holds no question"):
        load(written(tmp_path, "", " "), TEXTS)
    with pytest.raises(DatasetError, match=r"none\.jsonl cannot be read: No such file") as raised:
        load(tmp_path / "none.jsonl", TEXTS)
    assert raised.value.hint == "Name a file of questions, one JSON object a line."
    with pytest.raises(DatasetError, match=r"cannot be read: Is a directory") as raised:
        load(tmp_path, TEXTS)
    assert raised.value.hint
    (tmp_path / "latin.jsonl").write_bytes(b"\n\n\xe9")
    with pytest.raises(DatasetError, match=r"latin\.jsonl, line 3: it is not UTF-8"):
        load(tmp_path / "latin.jsonl", TEXTS)
    (tmp_path / "big.bin").write_bytes(bytes(range(256)) * 12_000)
    with pytest.raises(DatasetError, match=r"big\.bin, line 2: it is not UTF-8$") as raised:
        load(tmp_path / "big.bin", TEXTS)
    assert raised.value.hint == "Save it as UTF-8."
    with pytest.raises(DatasetError, match=r"big\.bin, line 2: it is not UTF-8$"):
        squad(tmp_path / "big.bin")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "question", "language", "answers", "evidence", "x"]), inner
            )
        ),
    )
)
def test_no_line_does_anything_but_load_or_be_named(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    """Whatever JSON a line holds, it is a question or a `DatasetError`."""
    path = written(tmp_path_factory.mktemp("any"), value)
    with contextlib.suppress(DatasetError):
        assert load(path, TEXTS)


# Articles ------------------------------------------------------------------------------------


def test_articles_are_read_by_base_name(tmp_path: Path) -> None:
    """Folders are walked; a shared name and other kinds of files are left out; a BOM is no text."""
    for name, text in {
        "a/1.txt": "one",
        "b/1.txt": "uno",
        "b/2.md": "\ufefftwo",
        "3.pdf": "%",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_articles([tmp_path]) == {"2.md": "two"}
    assert read_articles([tmp_path / "a/1.txt", tmp_path / "b/2.md"]) == {
        "1.txt": "one",
        "2.md": "two",
    }
    with pytest.raises(DatasetError, match="nowhere is not there"):
        read_articles([tmp_path / "nowhere"])
    (tmp_path / "a/bad.txt").write_bytes(b"\xff")
    with pytest.raises(DatasetError, match=r"bad\.txt cannot be read: it is not UTF-8"):
        read_articles([tmp_path])


def test_stored_articles_have_both_names(tmp_path: Path) -> None:
    """An article is there by its id and its file's name, unless another has that name too."""
    for name, text in {
        "a/1.txt": "Odile keeps a dam.",
        "b/1.txt": "It rains.",
        "b/2.txt": "Snow fell.",
    }.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    with Engine(Settings(data_dir=tmp_path / "store"), embedder=HashEmbedder()) as engine:
        outcomes = list(engine.add([str(tmp_path / "in")]))
        texts = stored_texts(engine)
    ids = {outcome.article_id for outcome in outcomes}
    assert len(ids) == 3
    assert set(texts) == ids | {"2.txt"}
    assert texts["2.txt"] == "Snow fell."

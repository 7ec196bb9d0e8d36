"""SQuAD's files, and questions in other forms: what is read, and what is said of a bad one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import DatasetError, Gold, squad, squad_paragraphs


def paragraph(context: str, *qas: Mapping[str, Any]) -> dict[str, Any]:
    return {"context": context, "qas": list(qas)} if qas else {"context": context}


def asked(qid: str, text: str, *answers: tuple[str, int]) -> dict[str, Any]:
    """A question; without answers an impossible one."""
    return {
        "id": qid,
        "question": text,
        "is_impossible": not answers,
        "answers": [{"text": text, "answer_start": at} for text, at in answers],
    }


def in_form(path: Path, *paragraphs: object) -> Path:
    path.write_text(json.dumps({"data": [{"paragraphs": list(paragraphs)}]}), encoding="utf-8")
    return path


def test_squad_paragraphs_are_articles(tmp_path: Path) -> None:
    """Each has a name of its own, distractors too; evidence is the sentence of the answer."""
    context = "It rained. Odile Marsh keeps the dam above Aven. She is 61."
    read = squad(
        in_form(
            tmp_path / "s.json",
            paragraph("The ferry sails at noon."),
            paragraph(
                context,
                asked("a", "Who keeps the dam above Aven?", ("Odile Marsh", 11), ("Marsh", 17)),
                asked("b", "Siapa yang menjual bendungan itu?"),
                asked("c", "GPS?", ("61", 0)),  # a wrong offset: the text is looked for
            ),
        )
    )
    assert read.paragraphs == {"0.txt": "The ferry sails at noon.", "1.txt": context}
    first, second, third = read.questions
    assert first.answers == ("Odile Marsh", "Marsh")
    assert first.evidence == (Gold(article="1.txt", quote="Odile Marsh keeps the dam above Aven."),)
    assert (first.language, second.language) == ("en", "id")
    assert not second.answerable
    assert third.evidence == (Gold(article="1.txt", quote="She is 61."),)
    assert third.language == "en"  # no telling, so that of most


def test_questions_are_asked_in_another_form(tmp_path: Path) -> None:
    """Those that have one, with the answers and evidence of the original, in its language."""
    path = in_form(
        tmp_path / "s.json",
        paragraph(
            "It rained. Odile Marsh keeps the dam.",
            asked("a", "Who keeps the dam?", ("Odile Marsh", 11)),
            asked("b", "Who sold the dam?"),
        ),
    )
    forms = tmp_path / "id.jsonl"
    forms.write_text('{"id": "a", "question": "Siapa yang menjaga bendungan itu?"}\n')
    (question,) = squad(path, forms=forms).questions
    assert (question.question, question.language) == ("Siapa yang menjaga bendungan itu?", "id")
    assert question.answers == ("Odile Marsh",)
    assert question.evidence == (Gold(article="0.txt", quote="Odile Marsh keeps the dam."),)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('{"id": "z", "question": "Siapa?"}', "none of the ids"),
        ('{"id": "a", "question": "Siapa?"}\n\n{"id": "a", "question": "Apa?"}', "line 3: the id"),
        ('{"id": "a"}', "line 1: question is not given"),
        ('{"id": "a", "question": 3}', "line 1: question is not text"),
        ("3", "line 1: not a JSON object"),
        ("[]", "one JSON array"),
        ("{", "line 1: not JSON"),
        ('{"id": "z", "question": "' + "?" * 31 + '"}', "line 1: the question 'z' has 31 char"),
    ],
)
def test_what_is_no_file_of_forms_is_named(tmp_path: Path, lines: str, said: str) -> None:
    """The file, the line and what is wrong with it."""
    path = in_form(tmp_path / "s.json", paragraph("It rained.", asked("a", "Who?")))
    forms = tmp_path / "forms.jsonl"
    forms.write_text(lines, encoding="utf-8")
    with pytest.raises(DatasetError, match=said) as raised:
        squad(path, forms=forms, longest=30)
    assert "forms.jsonl" in raised.value.message
    assert raised.value.hint


GOOD = asked("a", "Who?")
NAMELESS = {"question": "Who?", "is_impossible": True}
AT = "s.json, paragraph 2, question 1"


def answered(**answer: object) -> dict[str, Any]:
    """A question with one answer, as it is given."""
    return {"id": "b", "question": "Who?", "answers": [answer]}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (asked("b", "Who?", ("Odile", 0)), f"{AT} ('b'): the answer 'Odile' is not in its"),
        (asked("b", "Who?", ("x" * 50_000, 0)), "the answer 'xxx"),
        (asked("a", "Who?"), f"{AT} ('a'): paragraph 1 has a question of that id too"),
        ({"id": "b", "question": "Q?"}, f"{AT} ('b'): answers is not given"),
        (asked("b", "Q?") | {"is_impossible": False}, f"{AT} ('b'): it has no answer and is not"),
        (asked("b", "Q?") | {"is_impossible": "false"}, "is_impossible is neither true nor false"),
        ({"id": "b", "question": "Q?", "answers": {}}, f"{AT} ('b'): answers is not a list"),
        (NAMELESS, f"{AT}: id is not given"),
        (NAMELESS | {"id": 7}, f"{AT}: id is not text; write"),
        ({"id": "b", "answers": []}, f"{AT} ('b'): question is not given"),
        (answered(answer_start=0), f"{AT} ('b'): the text of an answer is not given"),
        (answered(text="It", answer_start="first"), "is not a whole number"),
        (answered(text="It", answer_start=None), "is not a whole number"),
        (answered(text="It"), f"{AT} ('b'): the answer_start of an answer is not given"),
        ({"id": "b", "question": "Q?", "answers": ["It"]}, "an answer is not an object"),
        (3, f"{AT}: it is not an object"),
        (asked("b", "?" * 31), f"{AT} ('b'): the question 'b' has 31 characters; the most is 30"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_with_its_place(
    tmp_path: Path, bad: Any, said: str
) -> None:
    """File, paragraph, question, plain words, and what the form is."""
    path = in_form(tmp_path / "s.json", paragraph("It snowed.", GOOD), paragraph("It rained.", bad))
    with pytest.raises(DatasetError) as raised:
        squad(path, longest=30)
    assert said in raised.value.message
    assert len(raised.value.message) < len(str(path)) + 250
    assert '"answer_start": 0' in raised.value.hint


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"context": 3}, "paragraph 1: context is not text"),
        ({"qas": []}, "paragraph 1: context is not given"),
        ({"context": "\ud800"}, "paragraph 1: context holds half a character"),
        ({"context": "It rained.", "qas": None}, "paragraph 1: qas is not a list"),
        (["It rained."], "paragraph 1: it is not an object"),
    ],
)
def test_a_paragraph_that_is_none_is_named(tmp_path: Path, bad: object, said: str) -> None:
    """The file, the paragraph's number and what is wrong with it."""
    with pytest.raises(DatasetError) as raised:
        squad(in_form(tmp_path / "s.json", bad))
    assert f"s.json is not in SQuAD 2.0 form: {said}" in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", 's.json is not in SQuAD 2.0 form: it has no "data" with a list'),
        ('{"data": {}}', 'it has no "data" with a list'),
        ('{"data": [{"paragraphs": []}, {}]}', 'number 2 of "data" has no "paragraphs"'),
        ('{"data": []}', "s.json holds no paragraph and no question"),
        ('{"data": [{"paragraphs": [{"context": "It rained."}]}]}', "s.json holds no question, so"),
        ('{"data":\n [}', "s.json, line 2: not JSON: a value is missing at character 3"),
        ("[" * 100_000, "s.json: not JSON: it is nested too deeply"),
        ('{"data": ' + "9" * 5_000 + "}", "s.json: not JSON: a number has too many digits"),
    ],
)
def test_what_is_not_squad_is_named(tmp_path: Path, text: str, said: str) -> None:
    """The file and what is wrong with it, in plain words; what to do never needs --articles."""
    path = tmp_path / "s.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as raised:
        squad(path)
    assert said in raised.value.message
    assert raised.value.hint
    assert "--articles" not in raised.value.hint


@pytest.mark.parametrize("start", [3, 3.0, "3", -1, 10**30])
def test_an_offset_may_be_written_in_any_way_that_is_a_number(
    tmp_path: Path, start: object
) -> None:
    """Where it does not fit, the answer is looked for."""
    path = in_form(
        tmp_path / "s.json", paragraph("It rained.", answered(text="rain", answer_start=start))
    )
    (question,) = squad(path).questions
    assert question.answers == ("rain",)
    assert question.evidence == (Gold(article="0.txt", quote="It rained."),)


def test_a_squad_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named, with what to name in its place; so is a folder."""
    for path, why in ((tmp_path / "none.json", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DatasetError, match=f"cannot be read: {why}") as raised:
            squad_paragraphs(path)
        assert raised.value.hint == "Name a file in SQuAD 2.0 form (JSON)."

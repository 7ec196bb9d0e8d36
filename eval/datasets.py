"""Questions with what a right answer says and quotes: the records, and their files checked.

`load` reads a dataset (JSONL, a question a line), `squad` a file in SQuAD 2.0 form. The texts
that quotes are looked for in come from `read_articles`, as files hold them, or `stored_texts`,
as an engine keeps them. Knows nothing of scores.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.reading import (
    Bad,
    filled,
    gathered,
    known,
    lines,
    listed,
    named,
    one_object,
    refuse_whole,
    shown,
    text_at,
    texts_at,
    whole,
    written,
)
from eval.reading import DatasetError as DatasetError
from rag.text.language import detect
from rag.text.sentences import spans

if TYPE_CHECKING:
    from rag.engine import Engine

LANGUAGES = ("en", "id")
NAME_ONE = "Name a file of questions, one JSON object a line."

_TEXT_FILES = (".txt", ".md")
_REQUIRED = ("id", "question", "language", "answers", "evidence")
_KEYS = (*_REQUIRED, "must_not", "tags")
_FORM = (
    'The form is {"data": [{"paragraphs": [{"context": "...", "qas": [{"id": "...", '
    '"question": "...", "answers": [{"text": "...", "answer_start": 0}]}]}]}]}; a question '
    'without an answer has "is_impossible": true.'
)
_DIGITS = 12  # of an offset: more than any text has characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One exact quote that backs the answer, wherever it occurs in its article."""

    article: str  # a file's base name under the articles, or an article id
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; no `answers` means that the articles do not hold the answer."""

    question_id: str
    question: str
    language: str  # "en" or "id"
    answers: tuple[str, ...]  # each of them right: aliases, in English and in Indonesian
    evidence: tuple[Gold, ...]
    must_not: tuple[str, ...] = ()  # wrong answers that tempt
    tags: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """A file in SQuAD 2.0 form: each paragraph is one article, also one that nobody asks about."""

    paragraphs: Mapping[str, str]  # by a base name of their own, "0007.txt", in the file's order
    questions: tuple[Question, ...]


def load(path: Path, texts: Mapping[str, str], *, longest: int | None = None) -> list[Question]:
    """The questions of a JSONL file, in its order, each of them checked against `texts`.

    `texts` are the articles by base name and by article id; white space does not matter where
    a quote is looked for. `longest` is the most characters that a question to be asked may
    have; where answers are only scored there is no limit. Raises `DatasetError`, which tells
    the first bad lines and what each of them needs.
    """
    questions: list[Question] = []
    bad_lines: list[tuple[int, str]] = []
    seen: dict[str, int] = {}  # where each id was first seen
    folded = {name: spaced(text) for name, text in texts.items()}
    found = lines(path, hint=NAME_ONE)
    for number, line in found:
        try:
            question = _question(line)
            name = question.question_id
            if name in seen:
                raise Bad(
                    f"the id {shown(name)} is that of line {seen[name]} too; "
                    "give each question its own"
                )
            seen[name] = number
            _check_length(question.question, name, longest)
            _check_evidence(question, folded)
        except Bad as bad:
            bad_lines.append((number, str(bad)))
        else:
            questions.append(question)
    if bad_lines:
        refuse_whole(path, found)
        raise gathered(
            path,
            bad_lines,
            hint=f"A line has {', '.join(_REQUIRED)}, and may have must_not and tags.",
        )
    if not questions:
        raise DatasetError(f"{path} holds no question", hint="Write one JSON object a line.")
    return questions


def spaced(text: str) -> str:
    r"""`text` in NFC with every run of white space as one space, as quotes are compared.

    >>> spaced(" She said\n\n no. ")
    'She said no.'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_articles(paths: Iterable[Path]) -> dict[str, str]:
    """What the text files (.txt, .md) at and below `paths` hold, by base name.

    For checking without an engine. A base name that two files share is left out, as nobody can
    tell which one is meant; so are other kinds of files, which only an engine can read.
    """
    found: dict[str, str] = {}
    shared: set[str] = set()
    for path in _text_files(paths):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise DatasetError(f"{path} cannot be read: {why}", hint="Mend the file.") from error
        if path.name in found:
            shared.add(path.name)
        found[path.name] = text
    return {name: text for name, text in found.items() if name not in shared}


def stored_texts(engine: Engine) -> dict[str, str]:
    """The articles of an engine, as it keeps them, by article id and by base name of each source.

    A base name that two articles share is left out.
    """
    ids: dict[str, str] = {}
    names: dict[str, set[str]] = {}  # base name -> ids
    for entry in engine.entries():
        ids[entry.article.article_id] = entry.article.text
        for source in entry.sources:
            names.setdefault(Path(source).name, set()).add(entry.article.article_id)
    return {name: ids[min(of)] for name, of in names.items() if len(of) == 1} | ids


def squad(path: Path, *, forms: Path | None = None, longest: int | None = None) -> Squad:
    """The paragraphs and the questions of a file in SQuAD 2.0 form; raises `DatasetError`.

    The evidence of an answer is the sentence, or the run of sentences, that it stands in. The
    form has no language: each question gets the one it looks like, or that of most of the file.
    With `forms`, only the questions that have another form there are asked, in that form.
    `longest` is the most characters that a question may have.
    """
    paragraphs = squad_paragraphs(path)
    others = None if forms is None else read_forms(forms, longest=longest)
    width = len(str(len(paragraphs)))
    texts = {f"{n:0{width}}.txt": each["context"] for n, each in enumerate(paragraphs)}
    asked: list[Question] = []
    seen: dict[str, int] = {}  # the paragraph, from 1, of each id
    held = 0
    for number, (name, paragraph) in enumerate(zip(texts, paragraphs, strict=True), start=1):
        for place, row in enumerate(paragraph.get("qas", ()), start=1):
            held += 1
            try:
                question = _squad_question(row, name, texts[name], others)
                if question is None:
                    continue
                if question.question_id in seen:
                    raise Bad(
                        f"paragraph {seen[question.question_id]} has a question of that id too; "
                        "give each question its own"
                    )
                _check_length(question.question, question.question_id, longest)
            except Bad as bad:
                where = f"paragraph {number}, question {place}{_id_of(row)}"
                raise DatasetError(f"{path}, {where}: {bad}", hint=_FORM) from bad
            seen[question.question_id] = number
            asked.append(question)
    if not held:
        raise DatasetError(
            f"{path} holds no question, so there is nothing to ask",
            hint='Name a file with questions in "qas".',
        )
    if not asked:
        raise DatasetError(
            f"none of the ids in {forms} is that of a question in {path}",
            hint="Give each form the id of the question that it is another form of.",
        )
    looks = [detect(question.question) for question in asked]
    counts = Counter(language for language in looks if language in LANGUAGES)
    usual = max(LANGUAGES, key=lambda language: counts[language])
    questions = tuple(
        replace(question, language=look if look in LANGUAGES else usual)
        for question, look in zip(asked, looks, strict=True)
    )
    return Squad(paragraphs=texts, questions=questions)


def read_forms(path: Path, *, longest: int | None = None) -> dict[str, str]:
    """Other forms of questions, such as in another language, by the question's id.

    A JSON Lines file: {"id": ..., "question": ...}. Raises `DatasetError`, also for one of more
    than `longest` characters.
    """
    forms: dict[str, str] = {}
    bad_lines: list[tuple[int, str]] = []
    found = lines(path, hint="Name a file of other forms of the questions, one JSON object a line.")
    for number, line in found:
        try:
            row = one_object(line)
            name, question = text_at(row, "id"), text_at(row, "question")
            if name in forms:
                raise Bad(f"the id {shown(name)} is there twice; keep one")
            _check_length(question, name, longest)
        except Bad as bad:
            bad_lines.append((number, str(bad)))
        else:
            forms[name] = question
    if bad_lines:
        refuse_whole(path, found)
        raise gathered(path, bad_lines, hint='A line is {"id": "...", "question": "..."}.')
    return forms


def squad_paragraphs(path: Path) -> list[Mapping[str, Any]]:
    """The paragraphs of a file in SQuAD 2.0 form, in order: "context", and perhaps "qas".

    "qas" is a list where it is there. Raises `DatasetError`.
    """
    value = whole(path, hint="Name a file in SQuAD 2.0 form (JSON).")
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, list):
        raise _no_squad(path, 'it has no "data" with a list')
    found: list[Mapping[str, Any]] = []
    for number, article in enumerate(data, start=1):
        paragraphs = article.get("paragraphs") if isinstance(article, dict) else None
        if not isinstance(paragraphs, list):
            raise _no_squad(path, f'number {number} of "data" has no "paragraphs" with a list')
        for paragraph in paragraphs:
            try:
                found.append(_squad_paragraph(paragraph))
            except Bad as bad:
                raise _no_squad(path, f"paragraph {len(found) + 1}: {bad}") from bad
    if not found:
        raise DatasetError(f"{path} holds no paragraph and no question", hint=_FORM)
    return found


def _squad_paragraph(row: object) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise Bad('it is not an object; write {"context": "...", "qas": [...]}')
    if "context" not in row:
        raise Bad("context is not given")
    written(row["context"], "context")
    listed(row, "qas")
    return row


def _no_squad(path: Path, why: str) -> DatasetError:
    return DatasetError(f"{path} is not in SQuAD 2.0 form: {why}", hint=_FORM)


def _id_of(row: object) -> str:
    """The id of a question that may have none, for an error."""
    name = row.get("id") if isinstance(row, dict) else None
    return f" ({shown(name)})" if isinstance(name, str) else ""


def _check_length(question: str, name: str, longest: int | None) -> None:
    if longest is not None and len(question) > longest:
        raise Bad(
            f"the question {shown(name)} has {len(question):,} characters; "
            f"the most is {longest:,}, so ask in fewer words"
        )


def _question(line: str) -> Question:
    row = one_object(line)
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise Bad(f"{', '.join(missing)} not given; every question needs it")
    known(row, _KEYS)
    question = Question(
        question_id=text_at(row, "id"),
        question=text_at(row, "question"),
        language=text_at(row, "language"),
        answers=texts_at(row, "answers"),
        evidence=tuple(_gold(each) for each in listed(row, "evidence")),
        must_not=texts_at(row, "must_not"),
        tags=texts_at(row, "tags"),
    )
    if question.language not in LANGUAGES:
        raise Bad(f'language is {shown(question.language)}; it must be "en" or "id"')
    if question.answers and not question.evidence:
        raise Bad("answers without evidence; quote what backs them")
    if question.evidence and not question.answers:
        raise Bad("evidence without answers; give them, or no evidence if there is no answer")
    right = {spaced(answer).casefold() for answer in question.answers}
    for wrong in question.must_not:
        if spaced(wrong).casefold() in right:
            raise Bad(f"{shown(wrong)} is an answer and in must_not; take it out of one of them")
    return question


def _check_evidence(question: Question, folded: Mapping[str, str]) -> None:
    for gold in question.evidence:
        if gold.article not in folded:
            raise Bad(
                f"no article is called {shown(gold.article)}; give a base name that one file "
                "has, or the article's id"
            )
        if spaced(gold.quote) not in folded[gold.article]:
            raise Bad(
                f"{named(gold.article)} does not hold {shown(gold.quote)}; copy the quote from it"
            )


def _gold(row: object) -> Gold:
    if not isinstance(row, dict):
        raise Bad('one of evidence is not an object; write {"article": ..., "quote": ...}')
    known(row, ("article", "quote"))
    return Gold(article=text_at(row, "article"), quote=text_at(row, "quote"))


def _squad_question(
    row: object, name: str, context: str, others: Mapping[str, str] | None
) -> Question | None:
    """A question, its language still open; None where others have forms and it has none."""
    if not isinstance(row, dict):
        raise Bad('it is not an object; write {"id": "...", "question": "...", "answers": [...]}')
    question_id = text_at(row, "id")
    if others is not None and question_id not in others:
        return None
    question = text_at(row, "question") if others is None else others[question_id]
    impossible = row.get("is_impossible")
    if impossible not in (None, True, False):
        raise Bad("is_impossible is neither true nor false")
    answers: dict[str, Gold] = {}
    if not impossible:
        if "answers" not in row:
            raise Bad("answers is not given; list some, or mark it is_impossible")
        for answer in listed(row, "answers"):
            text, quote = _squad_answer(answer, context)
            answers.setdefault(text, Gold(article=name, quote=quote))
        if not answers:
            raise Bad("it has no answer and is not marked is_impossible")
    return Question(
        question_id=question_id,
        question=question,
        language="",
        answers=tuple(answers),
        evidence=tuple(dict.fromkeys(answers.values())),
    )


def _squad_answer(row: object, context: str) -> tuple[str, str]:
    """An answer, and the sentences of its paragraph that it stands in."""
    if not isinstance(row, dict):
        raise Bad('an answer is not an object; write {"text": "...", "answer_start": 0}')
    if "text" not in row:
        raise Bad("the text of an answer is not given")
    text = filled(row["text"], "the text of an answer")
    start = _offset(row)
    if start < 0 or context[start : start + len(text)] != text:
        start = context.find(text)  # files that were cleaned after their offsets were taken
    if start < 0:
        raise Bad(f"the answer {shown(text)} is not in its paragraph; copy it from there")
    return text, _sentences_at(context, start, start + len(text))


def _offset(row: Mapping[str, Any]) -> int:
    if "answer_start" not in row:
        raise Bad("the answer_start of an answer is not given")
    value = row["answer_start"]
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Bad("the answer_start of an answer is not a whole number; count characters from 0")
    return value


def _sentences_at(text: str, start: int, end: int) -> str:
    """The whole sentences of `text` that `[start, end)` lies in."""
    touched = [s for s in spans(text) if s.start < end and start < s.end]
    return text[min(s.start for s in touched) : max(s.end for s in touched)]


def _text_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise DatasetError(f"{path} is not there", hint="Name files or folders of articles.")
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (p for p in below if p.suffix.lower() in _TEXT_FILES and p.is_file())

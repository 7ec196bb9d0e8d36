"""Questions with what a right answer says and quotes: the records, and their files checked.

`load` reads a dataset (JSONL, a question a line), `squad` a file in SQuAD 2.0 form. The texts
that quotes are looked for in come from `read_articles`, as files hold them, or `stored_texts`,
as an engine keeps them. Knows nothing of scores.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import BadSetting
from rag.text.language import detect
from rag.text.sentences import spans

if TYPE_CHECKING:
    from rag.engine import Engine

LANGUAGES = ("en", "id")
TOLD = 20  # bad lines told at once: enough to see what is wrong with a file, few enough to read

_TEXT_FILES = (".txt", ".md")
_REQUIRED = ("id", "question", "language", "answers", "evidence")
_KEYS = (*_REQUIRED, "must_not", "tags")


class DatasetError(BadSetting):
    """Questions, or the articles they are about, cannot be used as they are."""

    kind = "bad_dataset"

    def __init__(self, message: str, *, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)  # one for each bad line, "line 3: ..."; all of them


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


def load(path: Path, texts: Mapping[str, str]) -> list[Question]:
    """The questions of a JSONL file, in its order, each of them checked against `texts`.

    `texts` are the articles by base name and by article id; white space does not matter where
    a quote is looked for. Raises `DatasetError`, which tells the first bad lines and what each
    of them needs.
    """
    questions: list[Question] = []
    problems: list[str] = []
    lines: dict[str, int] = {}  # where each id was first seen
    folded = {name: spaced(text) for name, text in texts.items()}
    for number, line in _lines(path):
        try:
            question = _question(line)
            if question.question_id in lines:
                raise _Bad(
                    f"the id {question.question_id!r} is that of line "
                    f"{lines[question.question_id]} too; give each question its own"
                )
            lines[question.question_id] = number
            _check_evidence(question, folded)
        except _Bad as bad:
            problems.append(f"line {number}: {bad}")
        else:
            questions.append(question)
    if problems:
        more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        raise DatasetError(
            f"{path}, {'; '.join(problems[:TOLD])}{more}",
            hint=f"A line has {', '.join(_REQUIRED)}, and may have must_not and tags.",
            problems=problems,
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


def squad(path: Path, *, forms: Path | None = None) -> Squad:
    """The paragraphs and the questions of a file in SQuAD 2.0 form; raises `DatasetError`.

    The evidence of an answer is the sentence, or the run of sentences, that it stands in. The
    form has no language: each question gets the one it looks like, or that of most of the file.
    With `forms`, only the questions that have another form there are asked, in that form.
    """
    found = squad_paragraphs(path)
    others = None if forms is None else read_forms(forms)
    width = len(str(len(found)))
    texts = {f"{n:0{width}}.txt": paragraph["context"] for n, paragraph in enumerate(found)}
    try:
        asked = [
            (name, each)
            for name, paragraph in zip(texts, found, strict=True)
            for each in paragraph.get("qas", ())
        ]
        if others is not None:
            asked = [
                (name, {**each, "question": others[each["id"]]})
                for name, each in asked
                if each["id"] in others
            ]
        if others is not None and not asked:
            raise DatasetError(f"none of the ids in {forms} is that of a question in {path}")
        looks = [detect(each["question"]) for _, each in asked]
        known = Counter(language for language in looks if language in LANGUAGES)
        usual = max(LANGUAGES, key=lambda language: known[language])
        questions = tuple(
            _squad_question(each, name, texts[name], look if look in LANGUAGES else usual)
            for (name, each), look in zip(asked, looks, strict=True)
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _no_squad(path, f"{type(error).__name__}: {error}") from error
    except _Bad as bad:
        raise _no_squad(path, str(bad)) from bad
    repeated = Counter(question.question_id for question in questions).most_common(1)
    if repeated and repeated[0][1] > 1:
        raise _no_squad(path, f"two questions have the id {repeated[0][0]!r}")
    return Squad(paragraphs=texts, questions=questions)


def read_forms(path: Path) -> dict[str, str]:
    """Other forms of questions, such as in another language, by the question's id.

    A JSON Lines file: {"id": ..., "question": ...}. Raises `DatasetError`.
    """
    forms: dict[str, str] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            name, question = _text(row, "id"), _text(row, "question")
            if name in forms:
                raise _Bad(f"the id {name!r} is there twice")
        except (ValueError, TypeError, AttributeError) as error:
            raise DatasetError(f"{path}, line {number}: {error}") from error
        except _Bad as bad:
            raise DatasetError(f"{path}, line {number}: {bad}") from bad
        forms[name] = question
    return forms


def squad_paragraphs(path: Path) -> list[Mapping[str, Any]]:
    """The paragraphs of a file in SQuAD 2.0 form, in order: "context", and perhaps "qas"."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        found = [paragraph for article in data for paragraph in article["paragraphs"]]
        if not all(isinstance(paragraph["context"], str) for paragraph in found):
            raise TypeError("a context is not text")
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_squad(path, repr(error)) from error
    return found


class _Bad(Exception):
    """What is wrong with one question, and what to do about it."""


def _no_squad(path: Path, why: str) -> DatasetError:
    return DatasetError(f"{path} is not in SQuAD 2.0 form: {why}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read: {error.strerror}", hint="Name a file of questions (JSONL)."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DatasetError(f"{path}, line {line}: not UTF-8", hint="Save it as UTF-8.") from error
    # Not splitlines(): JSON allows U+2028 and its like inside a string.
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _question(line: str) -> Question:
    row = _object(line)
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise _Bad(f"{', '.join(missing)} not given; every question needs it")
    _known(row, _KEYS)
    question = Question(
        question_id=_text(row, "id"),
        question=_text(row, "question"),
        language=_text(row, "language"),
        answers=_texts(row, "answers"),
        evidence=tuple(_gold(each) for each in _list(row, "evidence")),
        must_not=_texts(row, "must_not"),
        tags=_texts(row, "tags"),
    )
    if question.language not in LANGUAGES:
        raise _Bad(f'language is {question.language!r}; it must be "en" or "id"')
    if question.answers and not question.evidence:
        raise _Bad("answers without evidence; quote what backs them")
    if question.evidence and not question.answers:
        raise _Bad("evidence without answers; give them, or no evidence if there is no answer")
    right = {spaced(answer).casefold() for answer in question.answers}
    for wrong in question.must_not:
        if spaced(wrong).casefold() in right:
            raise _Bad(f"{wrong!r} is an answer and in must_not; take it out of one of them")
    return question


def _check_evidence(question: Question, folded: Mapping[str, str]) -> None:
    for gold in question.evidence:
        if gold.article not in folded:
            raise _Bad(
                f"no article is called {gold.article!r}; give a base name that one file has, or "
                "the article's id"
            )
        if spaced(gold.quote) not in folded[gold.article]:
            start = gold.quote if len(gold.quote) <= 60 else gold.quote[:59] + "…"
            raise _Bad(f"{gold.article} does not hold {start!r}; copy the quote from it")


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise _Bad(f"not JSON ({error}); write one object on one line") from error
    if not isinstance(row, dict):
        raise _Bad("not a JSON object; write one object on one line")
    return row


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        repeated, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise _Bad(f"{repeated!r} is given twice; keep one")
    return row


def _known(row: Mapping[str, Any], keys: Sequence[str]) -> None:
    unknown = [repr(key) for key in row if key not in keys]
    if unknown:
        raise _Bad(f"{', '.join(unknown)} is no key here; the keys are {', '.join(keys)}")


def _list(row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key, [])
    if not isinstance(value, list):
        raise _Bad(f"{key} is not a list; write [...]")
    return value


def _text(row: Mapping[str, Any], key: str) -> str:
    return _checked(row.get(key), key)


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(_checked(each, f"one of {key}") for each in _list(row, key))


def _checked(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise _Bad(f'{what} is not text; write "..."')
    if not value.strip():
        raise _Bad(f"{what} is empty; fill it in or take it out")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _Bad(f"{what} holds half a character (a lone surrogate); mend it") from error
    return value


def _gold(row: object) -> Gold:
    if not isinstance(row, dict):
        raise _Bad('one of evidence is not an object; write {"article": ..., "quote": ...}')
    _known(row, ("article", "quote"))
    return Gold(article=_text(row, "article"), quote=_text(row, "quote"))


def _squad_question(row: Mapping[str, Any], name: str, context: str, language: str) -> Question:
    question_id, question = _text(row, "id"), _text(row, "question")
    answers: dict[str, Gold] = {}
    for answer in () if row.get("is_impossible", False) else row["answers"]:
        text = _checked(answer["text"], f"an answer of {question_id!r}")
        start = int(answer["answer_start"])
        if context[start : start + len(text)] != text:
            start = context.find(text)  # files that were cleaned after their offsets were taken
        if start < 0:
            raise _Bad(f"the answer {text!r} of {question_id!r} is not in its paragraph")
        answers.setdefault(
            text, Gold(article=name, quote=_sentences_at(context, start, start + len(text)))
        )
    if not answers and not row.get("is_impossible", False):
        raise _Bad(f"{question_id!r} has no answer and is not marked is_impossible")
    return Question(
        question_id=question_id,
        question=question,
        language=language,
        answers=tuple(answers),
        evidence=tuple(dict.fromkeys(answers.values())),
    )


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

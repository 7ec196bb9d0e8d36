"""Files of JSON read for the suite, and what is wrong with them told in short, plain words.

Knows the form of files and of lines, and nothing of what a question or a sentence is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.errors import BadSetting
from rag.layout import one_line

TOLD = 20  # things told at once: enough to see what is wrong with a file, few enough to read
_LINES = 5  # line numbers told of one thing that is wrong with many lines
_KEYS = 3  # keys told that are none
_ECHO = 60  # characters of what a file holds that an error repeats
_REASON = 160  # characters of what another program says
_JSON = {  # what Python's reader says, in words that need no knowledge of it
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": 'a key in "..." is missing',
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Extra data": "there is something after its end",
    "Unterminated string starting at": "a closing quotation mark is missing for the one",
    "Invalid control character at": "there is a control character, such as a tab, in a text",
    "Invalid \\escape": "a backslash stands before what it cannot escape",
}


class DatasetError(BadSetting):
    """Questions, or the articles they are about, cannot be used as they are."""

    kind = "bad_dataset"

    def __init__(self, message: str, *, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)  # one for each bad line, "line 3: ..."; all of them


class Bad(Exception):
    """What is wrong with one line or one question, and what to do about it."""


def shown(text: str) -> str:
    """A value of a file in quotation marks, on one line; of a long one the beginning.

    >>> shown("en"), len(shown("x" * 100_000))
    ("'en'", 62)
    """
    return repr(_start(text, _ECHO))


def named(text: str) -> str:
    """A name as it is, on one line; of a long one the beginning."""
    return _start(one_line(_start(text, _ECHO)), _ECHO)


def _start(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def unreadable(path: Path, error: OSError, *, hint: str) -> DatasetError:
    """The error for a file that is not there, is a folder, or may not be read."""
    why = _start(one_line(error.strerror or "the system does not say why"), _REASON)
    return DatasetError(f"{path} cannot be read: {why}", hint=hint)


def readable(path: Path, *, hint: str) -> None:
    """Nothing; raises `DatasetError` for a file that cannot be opened. A pipe is left alone."""
    try:
        if not path.is_fifo():
            path.open("rb").close()
    except OSError as error:
        raise unreadable(path, error, hint=hint) from error


def read_text(path: Path, *, hint: str) -> str:
    """What a file of UTF-8 holds, without a byte order mark; raises `DatasetError`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise unreadable(path, error, hint=hint) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
    # Outside the handler, so that the error does not hold on to all the bytes.
    raise DatasetError(f"{path}, line {line}: it is not UTF-8", hint="Save it as UTF-8.")


def lines(path: Path, *, hint: str) -> list[tuple[int, str]]:
    """The lines of a file that are not blank, with their numbers from 1; raises `DatasetError`.

    A file that ends its lines with carriage returns only is read as lines, too.
    """
    text = read_text(path, hint=hint)
    # Not splitlines(): JSON allows U+2028 and its like inside a string, but no line end.
    end = "\n" if "\n" in text.strip() else "\r"
    return [(n, line) for n, line in enumerate(text.split(end), start=1) if line.strip()]


def one_object(line: str) -> Mapping[str, Any]:
    """The object that a line holds; raises `Bad`, also for a key that is there twice."""
    try:
        row = json.loads(line, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise Bad(f"not JSON: {_why(error)}; write one object on one line") from error
    if not isinstance(row, dict):
        raise Bad("not a JSON object; write one object on one line")
    return row


def whole(path: Path, *, hint: str) -> Any:
    """What a file of one JSON value holds; raises `DatasetError`."""
    try:
        return json.loads(read_text(path, hint=hint))
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DatasetError(f"{path}{where}: not JSON: {_why(error)}", hint=hint) from error


def refuse_whole(path: Path, found: Sequence[tuple[int, str]]) -> None:
    """Nothing; raises `DatasetError` where all lines together are one array or object.

    One object on one line is as it should be.
    """
    try:
        value = json.loads("\n".join(line for _, line in found))
    except (ValueError, RecursionError):
        return  # lines of their own, then
    if isinstance(value, list):
        kind = "array"
        hint = f'Write each of its objects on one line, such as with: jq -c ".[]" {path.name}'
    elif isinstance(value, dict) and len(found) > 1:
        kind, hint = "object", "Write each object on one line."
        if "data" in value:
            hint = f"If it is in SQuAD 2.0 form: kutip eval --squad {path.name}"
    else:
        return
    over = f" over {len(found):,} lines" if len(found) > 1 else ""
    raise DatasetError(f"{path} is one JSON {kind}{over}, not one object a line", hint=hint)


def gathered(path: Path, bad: Sequence[tuple[int, str]], *, hint: str) -> DatasetError:
    """The error for bad lines, given by number and reason; what many have is told once."""
    places: dict[str, list[int]] = {}
    for number, reason in bad:
        places.setdefault(reason, []).append(number)
    every = [(_places(numbers), reason, len(numbers)) for reason, numbers in places.items()]
    left = sum(count for _, _, count in every[TOLD:])
    told = [f"{where}: {reason}" for where, reason, _ in every[:TOLD]]
    return DatasetError(
        f"{path}, {'; '.join(told)}{f'; and {left} more' if left else ''}",
        hint=hint,
        problems=[f"line {number}: {reason}" for number, reason in bad],
    )


def _places(numbers: Sequence[int]) -> str:
    first = ", ".join(map(str, numbers[:_LINES]))
    more = f" and {len(numbers) - _LINES:,} more" if len(numbers) > _LINES else ""
    return f"line{'s' * (len(numbers) > 1)} {first}{more}"


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if not isinstance(error, json.JSONDecodeError):
        return "a number has too many digits"  # the only other complaint of Python's reader
    words = _JSON.get(error.msg) or one_line(error.msg).lower().removesuffix(" at")
    return _start(f"{words} at character {error.colno}", _REASON)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        repeated, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise Bad(f"{shown(repeated)} is given twice; keep one")
    return row


def known(row: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Nothing; raises `Bad` where a row has other keys."""
    unknown = [shown(key) for key in row if key not in keys]
    if unknown:
        more = f" and {len(unknown) - _KEYS:,} more" if len(unknown) > _KEYS else ""
        raise Bad(
            f"{', '.join(unknown[:_KEYS])}{more} is no key here; the keys are {', '.join(keys)}"
        )


def listed(row: Mapping[str, Any], key: str) -> list[Any]:
    """The list under a key, empty where there is none; raises `Bad`."""
    value = row.get(key, [])
    if not isinstance(value, list):
        raise Bad(f"{key} is not a list; write [...]")
    return value


def text_at(row: Mapping[str, Any], key: str) -> str:
    """The text under a key, which must be there and not be blank; raises `Bad`."""
    if key not in row:
        raise Bad(f"{key} is not given")
    return filled(row[key], key)


def texts_at(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts under a key, none where it is not there; raises `Bad`."""
    return tuple(filled(each, f"one of {key}") for each in listed(row, key))


def filled(value: object, what: str) -> str:
    """`value`, a text that is not blank; raises `Bad`, which calls it `what`."""
    text = written(value, what)
    if not text.strip():
        raise Bad(f"{what} is empty; fill it in or take it out")
    return text


def written(value: object, what: str) -> str:
    """`value`, a text that can be written to a file; raises `Bad`, which calls it `what`."""
    if not isinstance(value, str):
        raise Bad(f'{what} is not text; write "..."')
    try:
        value.encode()
    except UnicodeEncodeError:
        halved = True
    else:
        halved = False
    if halved:  # outside the handler: the error of a long text holds all of it
        raise Bad(f"{what} holds half a character (a lone surrogate); mend it")
    return value

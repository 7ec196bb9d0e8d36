"""An answer as JSON and back, exactly, for keeping. What `--json` prints is `jsonform`'s."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rag.jsonform import JSONObject
from rag.schema import Answer, Metadata, Passage

# What `unpacked` raises when it is given what `packed` never made.
UNREADABLE = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)


def packed(answer: Answer) -> JSONObject:
    """`answer` in the types that JSON has; what `unpacked` makes an equal answer of.

    A passage, and what is known of an article, is written once and named by its place, as
    hits and citations share them.
    """
    tables: dict[type, _Table] = {Metadata: _Table(), Passage: _Table()}
    plain = _plain(answer, tables)
    return {
        "answer": plain,
        "passages": tables[Passage].rows,
        "metadata": tables[Metadata].rows,
    }


def unpacked(plain: JSONObject) -> Answer:
    """The answer that `packed` was given.

    Anything else raises one of `UNREADABLE`.
    Fields that are not known are passed over; those that are missing get their defaults.
    """
    rows: Any = plain
    tables: dict[type, list[Any]] = {}
    tables[Metadata] = [_record(Metadata, row, tables) for row in rows["metadata"]]
    tables[Passage] = [_record(Passage, row, tables) for row in rows["passages"]]
    made: Answer = _record(Answer, rows["answer"], tables)
    return made


class _Table:
    """Rows that are equal as JSON, each once."""

    def __init__(self) -> None:
        self.rows: list[object] = []
        self._places: dict[str, int] = {}

    def place(self, row: object) -> int:
        key = json.dumps(row)
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]


def _plain(value: Any, tables: dict[type, _Table]) -> object:
    if is_dataclass(value):
        row = {f.name: _plain(getattr(value, f.name), tables) for f in fields(value)}
        return tables[type(value)].place(row) if type(value) in tables else row
    if isinstance(value, tuple):
        return [_plain(item, tables) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, tables) for key, item in value.items()}
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if value is not None and not isinstance(value, str | int | float):
        value = value.item()  # a NumPy scalar
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    plain: object = value
    return plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: Any, row: Any, tables: dict[type, list[Any]]) -> Any:
    """The record of this kind that a row of JSON tells."""
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no {kind}")
    hints = _hints(kind)
    return kind(**{k: _made(hints[k], v, tables) for k, v in row.items() if k in hints})


def _made(kind: Any, value: Any, tables: dict[type, list[Any]]) -> Any:
    """`value` as the type of a field, which must be what it is; nothing is guessed."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        (kind,) = (argument for argument in arguments if argument is not NoneType)
        return _made(kind, value, tables)
    if origin is Literal and value in arguments:
        return value
    if origin is tuple and isinstance(value, list):
        return tuple(_made(arguments[0], item, tables) for item in value)
    if origin is dict and isinstance(value, dict):
        return {key: _made(arguments[1], item, tables) for key, item in value.items()}
    if kind in tables and type(value) is int and value >= 0:
        return tables[kind][value]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is float and type(value) in (int, float, str):
        return float(value)  # "nan" and "inf" are text, as JSON has no number for them
    if kind in (str, int, bool) and type(value) is kind:
        return value
    if is_dataclass(kind) and kind not in tables:
        return _record(kind, value, tables)
    raise TypeError(f"{value!r} is no {kind}")

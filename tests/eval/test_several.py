"""Asking in several processes gives what asking in one gives."""

from __future__ import annotations

import os
from typing import Any

import pytest

from eval import several
from eval.run import run
from rag.engine import Engine
from tests.eval.small_run import Place, place

__all__ = ["place"]  # a fixture

_TIMES = "seconds"  # of a row, never the same twice


def asked(place: Place, out: str) -> list[dict[str, Any]]:
    """The rows of a run, as its folder holds them, without its times."""
    request = place.request(out=place.folder / out)
    run(request, settings=place.settings, on_progress=lambda _: None, engine_of=Engine)
    return [{k: v for k, v in row.items() if k != _TIMES} for row in place.answers(out)]


def test_rows_are_the_same_and_in_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes and one: the same file."""
    monkeypatch.setattr(several, "_AHEAD", 1)
    alone = asked(place, "one")
    assert [row["id"] for row in alone] == ["1", "2", "3", "4", "5"]
    used = []

    def two(questions: int) -> int:
        used.append(questions)
        return 2

    monkeypatch.setattr(several, "processes", two)
    assert asked(place, "two") == alone
    assert used == [5]


def test_few_questions_are_asked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is begun only where there is enough to do and a core to do it."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert several.processes(several.ENOUGH - 1) == 1
    assert several.processes(several.ENOUGH) == 2
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    assert several.processes(10_000) == 1
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert several.processes(10_000) == 4


def test_each_process_keeps_to_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of those that it may use; more processes than cores share them."""
    told: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {5, 3}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, own: told.append(own), raising=False)
    for number in range(3):
        several._keep_to_a_core(number)
    assert told == [{3}, {5}, {3}]


def test_where_a_system_has_no_such_thing_it_uses_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS."""
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    several._keep_to_a_core(0)


def test_where_it_is_forbidden_the_process_asks_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that could not begin would be begun again without end."""

    def forbidden(_: int, own: set[int]) -> None:
        raise PermissionError(1, f"may not keep to {own}")

    monkeypatch.setattr(os, "sched_setaffinity", forbidden, raising=False)
    several._keep_to_a_core(0)

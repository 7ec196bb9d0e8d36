"""The verbs of the suite, for the command line: run, check, score, compare, peers, bench.

Takes the options that `rag.arguments` reads, and somebody who prints. Returns an exit status:
0 done, 1 a score fell short.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Protocol

from eval.compare import compare, comparison_object
from eval.compare_lines import comparison_lines
from eval.folder import REPORT, VERDICTS, Run
from eval.library import EngineOf
from eval.peer_scores import peer_lines, peers_object
from eval.run import Request, check, rescore, run
from eval.scoring import LOWER_IS_BETTER
from eval.tables import table_lines
from rag.errors import BadSetting
from rag.layout import Screen
from rag.progress import Meter
from rag.settings import Settings

DONE, SHORT = 0, 1
OUT = "evaluation"  # in the data folder, where no other is named
_LESS = (*LOWER_IS_BETTER, "seconds", "tokens", "outcome.failed", "outcome.malformed")


class Out(Protocol):
    """Where results, remarks and complaints go."""

    as_json: bool
    quiet: bool
    screen: Screen

    def result(self, value: object, lines: Callable[[Screen], Iterable[str]]) -> None:
        """Print a value as JSON where that is wanted, else the lines."""

    def remark(self, text: str) -> None:
        """Say what is good to know."""

    def complain(self, text: str) -> None:
        """Say what went wrong."""


def main(options: Namespace, *, settings: Settings, out: Out, engine_of: EngineOf) -> int:
    """Do what one verb of the suite is for; raises `KutipError`."""
    if options.verb == "eval score":
        return _score(options, out)
    if options.verb == "eval compare":
        return _compare(options, out)
    if options.verb == "eval peers":
        return _peers(options, settings, out, engine_of)
    if options.verb == "eval bench":
        return _bench(options, out)
    return _run(options, settings, out, engine_of)


def _run(options: Namespace, settings: Settings, out: Out, engine_of: EngineOf) -> int:
    request = request_of(options, settings)
    with Meter(None if out.quiet else sys.stderr) as meter:
        if options.check:
            counts = check(request, settings=settings, on_progress=meter, engine_of=engine_of)
        else:
            made = run(request, settings=settings, on_progress=meter, engine_of=engine_of)
    if options.check:
        told = ", ".join(f"{n} {name}" for name, n in counts.items())
        out.result(counts, lambda _: [f"Every line is right: {told}."])
        return DONE
    for warning in made.warnings:
        out.remark(warning)
    return _told(made, options.least, out)


def request_of(options: Namespace, settings: Settings) -> Request:
    """What the options of a run ask for."""
    return Request(
        out=options.out or settings.data_dir / OUT,
        datasets=tuple(options.datasets),
        articles=tuple(options.articles),
        squad=options.squad,
        forms=options.forms,
        verify=options.verify,
        answerer=options.answerer,
        tag=options.tag,
        language=options.language,
        limit=options.limit,
        seed=options.seed or 0,
        resume=options.resume,
        robustness=options.robustness,
        cache=options.cache,
    )


def short_of(numbers: Mapping[str, float], wanted: Sequence[tuple[str, float]]) -> list[str]:
    """A line for each score that falls short of what is wanted of it.

    Where less is better, more falls short. Raises `BadSetting` for one that the run has not.
    """
    lines = []
    for name, least in wanted:
        if name not in numbers:
            near = get_close_matches(name, numbers, n=3)
            raise BadSetting(
                f"the run has no score {name!r}: it is misspelt, or applies to no question",
                hint=f"Such as: {', '.join(near or list(numbers)[:3])}.",
            )
        less = any(name == each or name.startswith(f"{each}.") for each in _LESS)
        if numbers[name] > least if less else numbers[name] < least:
            words = "more" if less else "less"
            lines.append(f"{name} is {numbers[name]:.4g}, {words} than {least:g}")
    return lines


def _score(options: Namespace, out: Out) -> int:
    made = rescore(options.folder, datasets=options.datasets, seed=options.seed)
    return _told(made, options.least, out)


def _told(made: Run, least: Sequence[tuple[str, float]], out: Out) -> int:
    numbers = dict(made.scores.numbers)
    out.result(numbers, lambda screen: _lines(made, screen))
    what = REPORT if made.questions else VERDICTS
    out.remark(f"Written to {made.folder / what}.")
    short = short_of(numbers, least)
    for line in short:
        out.complain(line)
    return SHORT if short else DONE


def _lines(made: Run, screen: Screen) -> list[str]:
    if made.questions:
        return table_lines(made.scores, width=screen.width)
    names = [name for name in made.scores.numbers if f"{name}.n" in made.scores.numbers]
    return [f"{name:20} {made.scores.shown(name)}" for name in names]


def _compare(options: Namespace, out: Out) -> int:
    found = compare(options.first, options.second, seed=options.seed or 0)
    out.result(comparison_object(found), lambda screen: comparison_lines(found, width=screen.width))
    return DONE


def _peers(options: Namespace, settings: Settings, out: Out, engine_of: EngineOf) -> int:
    from eval.peers import peers

    with Meter(None if out.quiet else sys.stderr) as meter:
        found = peers(
            settings=settings,
            datasets=options.datasets,
            articles=options.articles,
            squad_file=options.squad,
            tag=options.tag,
            language=options.language,
            limit=options.limit,
            seed=options.seed or 0,
            on_progress=meter,
            engine_of=engine_of,
        )
    out.result(peers_object(found), lambda _: peer_lines(found))
    return DONE


def _bench(options: Namespace, out: Out) -> int:
    from eval.bench import KINDS, bench, kept, lines

    unknown = [kind for kind in options.only if kind not in KINDS]
    if unknown:
        raise BadSetting(
            f"--only is {unknown[0]!r}, which is not measured", hint=f"It is {', '.join(KINDS)}."
        )
    figures = bench(options.only or KINDS, rounds=options.rounds)
    out.result(json.loads(json.dumps(figures, default=asdict)), lambda _: lines(figures))
    return DONE if kept(figures) else SHORT

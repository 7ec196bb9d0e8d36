"""The verbs of the suite, for the command line: run, check, score, compare, peers, bench.

Takes the options that `rag.arguments` reads, and somebody who prints. Returns an exit status:
0 done, 1 a score fell short.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Protocol

from eval.asking import cause
from eval.compare import compare, comparison_object
from eval.compare_lines import comparison_lines
from eval.datasets import LANGUAGES
from eval.folder import REPORT, VERDICTS, Run, short
from eval.library import EngineOf
from eval.peer_scores import peer_lines, peers_object
from eval.ranking import CUTS
from eval.robustness_scores import COUNTS
from eval.run import Request, check, rescore, run
from eval.scoring import LOWER_IS_BETTER
from eval.tables import GROUPS, table_lines
from rag.errors import BadSetting
from rag.layout import Screen
from rag.progress import Meter
from rag.settings import Settings

DONE, SHORT = 0, 1
OUT = "evaluation"  # in the data folder, where no other is named
_LESS = (*LOWER_IS_BETTER, "seconds", "tokens", "outcome.failed", "outcome.malformed")
_ENDS = (".low", ".high", ".n", ".p50", ".p95")
_KNOWN = frozenset(
    {
        *(name for names in GROUPS.values() for name in names),
        *(f"{by}{name}@{k}" for by in ("", "article.") for name in ("hit", "recall") for k in CUTS),
        *COUNTS,
        *("verify.accuracy", "verify.supported", "verify.unsupported"),
    }
)
_KNOWN_BEGIN = ("seconds.", "tokens.")  # of stages and kinds that the engine names


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
    refuse_unknown(options.least)
    with Meter(None if out.quiet else sys.stderr) as meter:
        if options.check:
            counts = check(request, settings=settings, on_progress=meter, engine_of=engine_of)
        else:
            made = run(request, settings=settings, on_progress=meter, engine_of=engine_of)
    if options.check:
        told = ", ".join(_counted(n, name) for name, n in counts.items())
        out.result(counts, lambda _: [f"Every line is right: {told}."])
        return DONE
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


def refuse_unknown(wanted: Iterable[tuple[str, float]]) -> None:
    """Raise `BadSetting` for a score that no run can have: before hours are spent on it."""
    for name, _ in wanted:
        if not _known(name):
            near = get_close_matches(name, _KNOWN, n=3)
            raise BadSetting(
                f"there is no score {name!r}: it is misspelt",
                hint=f"Such as: {', '.join(near or sorted(_KNOWN)[:3])}.",
            )


def failures(made: Run) -> str:
    """How many questions failed, and why most of them did; "" when none did."""
    found = [made.given[q.question_id] for q in made.questions if q.question_id in made.given]
    causes = Counter(short(why).rstrip(".") for why in map(cause, found) if why)
    if not causes:
        return ""
    ((why, count),) = causes.most_common(1)
    failed = causes.total()
    most = "" if len(causes) == 1 else f", most often ({count} times)"
    return (
        f"{failed} of {_counted(len(made.questions), 'questions')} failed{most}: {why}. "
        "A run with --resume asks them again."
    )


def short_of(numbers: Mapping[str, float], wanted: Sequence[tuple[str, float]]) -> list[str]:
    """A line for each score that falls short of what is wanted of it.

    Where less is better, more falls short. Raises `BadSetting` for one that the run has not.
    """
    lines = []
    for name, least in wanted:
        if name not in numbers:
            near = get_close_matches(name, numbers, n=3)
            why = "applies to no question of this run" if _known(name) else "is misspelt"
            raise BadSetting(
                f"the run has no score {name!r}: it {why}",
                hint=f"It has: {', '.join(near or list(numbers)[:3])}.",
            )
        less = any(name == each or name.startswith(f"{each}.") for each in _LESS)
        if numbers[name] > least if less else numbers[name] < least:
            words = "more" if less else "less"
            lines.append(f"{name} is {numbers[name]:.4g}, {words} than {least:g}")
    return lines


def _known(name: str) -> bool:
    """Whether a run may have a score of this name.

    >>> _known("mrr@10.tag:who.low"), _known("noise@80.id"), _known("mrr@11")
    (True, True, False)
    """
    for end in _ENDS:
        if name.endswith(end):
            name = name.removesuffix(end)
            break
    name = name.partition(".tag:")[0]
    for language in LANGUAGES:
        name = name.removesuffix(f".{language}")
    return name in _KNOWN or name.startswith(_KNOWN_BEGIN)


def _counted(count: int, names: str) -> str:
    """A count and what is counted.

    >>> _counted(1, "questions"), _counted(2, "questions"), _counted(1, "unanswerable")
    ('1 question', '2 questions', '1 unanswerable')
    """
    return f"{count} {names.removesuffix('s') if count == 1 else names}"


def _score(options: Namespace, out: Out) -> int:
    made = rescore(options.folder, datasets=options.datasets, seed=options.seed)
    return _told(made, options.least, out)


def _told(made: Run, least: Sequence[tuple[str, float]], out: Out) -> int:
    numbers = dict(made.scores.numbers)
    for warning in made.warnings:
        out.remark(warning)
    out.result(numbers, lambda screen: _lines(made, screen))
    if told := failures(made):
        out.remark(told)
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
